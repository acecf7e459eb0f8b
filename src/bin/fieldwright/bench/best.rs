//! Best known values, from the files in which the sets publish them.

use std::collections::BTreeMap;
use std::path::Path;

/// Best known value of one instance.
#[derive(Clone, Copy, Debug)]
pub enum Best {
    /// From a solution file, in the integer unit of the world.
    Scaled(f64),
    /// From a table, in the unit of the source.
    Plain(f64),
}

/// Columns that hold a best known value, most specific first.
const COLUMNS: [&str; 4] = ["bks_distance", "best_working_time_min", "bks_working_time", "bks"];

impl Best {
    /// Looks for `NAME.sol` beside the instance, then for tables in its folder and the one above.
    pub fn of(path: &Path) -> Option<Self> {
        let beside = path.with_extension("sol");
        if let Ok(text) = std::fs::read_to_string(beside) {
            let cost = text.lines().find_map(|line| line.trim().strip_prefix("Cost"))?;
            return cost.trim_start_matches([':', ' ']).trim().parse().ok().map(Best::Scaled);
        }
        let stem = path.file_stem()?.to_string_lossy().to_uppercase();
        let short = stem.split('.').next().unwrap_or(&stem).to_owned();
        let folder = path.parent()?;
        let tables = [Some(folder), folder.parent()].into_iter().flatten().flat_map(tables);
        tables
            .filter_map(|table| table.get(&stem).or_else(|| table.get(&short)).copied())
            .min_by(f64::total_cmp)
            .map(Best::Plain)
    }
}

/// The tables of best known values in a folder, instances in capitals.
fn tables(folder: &Path) -> Vec<BTreeMap<String, f64>> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let is_table = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        name.starts_with("bks") && name.ends_with(".csv")
    };
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(is_table)
        .filter_map(|path| table(&path))
        .collect()
}

fn table(path: &Path) -> Option<BTreeMap<String, f64>> {
    let mut reader = csv::Reader::from_path(path).ok()?;
    let headers = reader.headers().ok()?.clone();
    let at = |name: &str| headers.iter().position(|header| header.trim() == name);
    let value = COLUMNS.iter().find_map(|name| at(name))?;
    let name = at("instance").unwrap_or(0);
    let rows = reader.records().filter_map(|record| {
        let record = record.ok()?;
        let best = record.get(value)?.trim().parse().ok()?;
        Some((record.get(name)?.trim().to_uppercase(), best))
    });
    Some(rows.collect())
}
