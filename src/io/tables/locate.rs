//! Where the rows of a directory of tables stand, for faults that are found after reading.

use crate::io::tables::read::at;
use crate::io::tables::table::Table;
use crate::io::tables::{ENGINEERS, LISTS, Part, TRAFFIC};
use crate::io::text::Faults;
use crate::io::{Place, Source};
use rustc_hash::FxHashMap;

/// Where the things of a world stand.
pub(super) fn locate(source: &Source) -> Box<Place> {
    let mut places: FxHashMap<String, String> = FxHashMap::default();
    for (list, part) in LISTS {
        for (index, (line, _)) in rows(source, part, "id").into_iter().enumerate() {
            let place = format!("{}:{line}", at(source, part.file));
            places.insert(format!("{list}[{index}]"), place);
        }
    }
    let mut engineers: Vec<(String, usize)> = Vec::new();
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    for (line, id) in rows(source, &ENGINEERS, "id") {
        let e = *known.entry(id.clone()).or_insert(engineers.len());
        if e == engineers.len() {
            engineers.push((id, 0));
        }
        let place = format!("{}:{line}", at(source, ENGINEERS.file));
        let s = engineers[e].1;
        places.insert(format!("engineers[{e}].shifts[{s}]"), place.clone());
        places.entry(format!("engineers[{e}]")).or_insert(place);
        engineers[e].1 += 1;
    }
    let mut profiles: Vec<(String, usize)> = Vec::new();
    for (line, profile) in rows(source, &TRAFFIC, "profile") {
        let known = profiles.iter().position(|(name, _)| *name == profile);
        let n = known.unwrap_or_else(|| {
            profiles.push((profile, 0));
            profiles.len() - 1
        });
        let place = format!("{}:{line}", at(source, TRAFFIC.file));
        places.insert(format!("traffic[{n}].speeds[{}]", profiles[n].1), place.clone());
        places.entry(format!("traffic[{n}]")).or_insert(place);
        profiles[n].1 += 1;
    }
    Box::new(move |path| {
        let ends = path.char_indices().rev().filter(|(_, sign)| *sign == ']');
        let place = ends.map(|(end, _)| &path[..=end]).find_map(|outer| places.get(outer))?;
        Some(format!("{place}: {path}"))
    })
}

/// The line of every row of a table, and what it says in this column.
fn rows(source: &Source, part: &Part, column: &str) -> Vec<(u64, String)> {
    let Some(file) = source.files.iter().find(|file| file.name == part.file) else {
        return Vec::new();
    };
    let table = Table::of(file, part.needed, part.known, &mut Faults::new(""));
    table.rows().map(|row| (row.line(), row.text(column).into_owned())).collect()
}
