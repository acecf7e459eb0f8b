//! Best known values, from the files in which the sets publish them.

use super::sets::Known;
use std::path::{Path, PathBuf};

/// Best known value of one instance.
#[derive(Clone, Debug)]
enum Best {
    /// Of the last level, in the integer unit of the world.
    Scaled(f64),
    /// Of the last levels, in the unit of the source.
    Plain(Vec<f64>),
}

/// Columns that hold best known values where no set says which, most specific first.
const COLUMNS: &[&[&str]] = &[
    &["bks_distance"],
    &["best_unserved", "best_working_time_min"],
    &["bks_working_time"],
    &["bks"],
];

/// The best known value of each level of an instance, in the unit of the source. What is published
/// are the last levels; on those before, nothing is missed.
///
/// `resolution` is what the integers of the last level are divided by.
pub fn of(
    known: Known,
    path: &Path,
    stem: &str,
    levels: usize,
    resolution: f64,
) -> Option<Vec<f64>> {
    let values = match find(known, path, stem)? {
        Best::Scaled(value) => vec![value / resolution],
        Best::Plain(values) => values,
    };
    let first = levels.checked_sub(values.len())?;
    Some(std::iter::repeat_n(0.0, first).chain(values).collect())
}

fn find(known: Known, path: &Path, stem: &str) -> Option<Best> {
    match known {
        Known::Nowhere => None,
        Known::Beside => beside(path, stem),
        Known::Tables { start, columns } => in_tables(path, stem, start, columns),
        Known::Anywhere => beside(path, stem).or_else(|| in_tables(path, stem, "bks", COLUMNS)),
    }
}

fn beside(path: &Path, stem: &str) -> Option<Best> {
    let text = std::fs::read_to_string(path.with_file_name(format!("{stem}.sol"))).ok()?;
    let cost = text.lines().find_map(|line| line.trim().strip_prefix("Cost"))?;
    cost.trim_start_matches([':', ' ']).trim().parse().ok().map(Best::Scaled)
}

/// The least that the tables say, of this folder and the one above.
fn in_tables(path: &Path, stem: &str, start: &str, columns: &[&[&str]]) -> Option<Best> {
    let folder = path.parent()?;
    let short = stem.split('.').next().unwrap_or(stem);
    let folders = [Some(folder), folder.parent()].into_iter().flatten();
    let tables = folders.flat_map(|folder| tables(folder, start));
    let values = tables.filter_map(|table| {
        let rows = rows(&table, columns)?;
        let of = |name: &str| rows.iter().find(|(row, _)| row.eq_ignore_ascii_case(name));
        of(stem).or_else(|| of(short)).map(|(_, values)| values.clone())
    });
    let least = values.min_by(|a, b| {
        let differing = a.iter().zip(b).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne());
        differing.unwrap_or(std::cmp::Ordering::Equal)
    });
    least.map(Best::Plain)
}

/// The tables of a folder whose names begin so.
fn tables(folder: &Path, start: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let start = start.to_lowercase();
    let is_table = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        name.starts_with(&start) && name.ends_with(".csv")
    };
    entries.filter_map(|entry| Some(entry.ok()?.path())).filter(is_table).collect()
}

/// Instances and values of a table, from the first choice of columns that it has.
fn rows(path: &Path, columns: &[&[&str]]) -> Option<Vec<(String, Vec<f64>)>> {
    let mut reader = csv::Reader::from_path(path).ok()?;
    let headers = reader.headers().ok()?.clone();
    let at = |name: &str| headers.iter().position(|header| header.trim() == name);
    let choice = |names: &&[&str]| names.iter().map(|name| at(name)).collect::<Option<Vec<_>>>();
    let columns = columns.iter().find_map(choice)?;
    let name = at("instance").unwrap_or(0);
    let rows = reader.records().filter_map(|record| {
        let record = record.ok()?;
        let value = |column: &usize| record.get(*column)?.trim().parse().ok();
        let values = columns.iter().map(value).collect::<Option<Vec<f64>>>()?;
        Some((record.get(name)?.trim().to_owned(), values))
    });
    Some(rows.collect())
}

/// These columns of the row of a published table in which the keys stand; none where there is no such
/// table, row, column or number.
pub fn published<const N: usize>(
    table: &Path,
    keys: &[(&str, &str)],
    columns: [&str; N],
) -> [Option<f64>; N] {
    let row = || {
        let mut reader = csv::Reader::from_path(table).ok()?;
        let headers = reader.headers().ok()?.clone();
        let at = |column: &str| headers.iter().position(|header| header == column);
        let keys: Vec<(Option<usize>, &str)> =
            keys.iter().map(|&(column, key)| (at(column), key)).collect();
        let mut rows = reader.records().filter_map(Result::ok);
        let row = rows.find(|row| {
            keys.iter().all(|&(column, key)| column.and_then(|at| row.get(at)) == Some(key))
        })?;
        Some(columns.map(|column| row.get(at(column)?)?.trim().parse().ok()))
    };
    row().unwrap_or([None; N])
}
