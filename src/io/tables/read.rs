//! Reads a directory of tables as a world.

use crate::io::tables::frames::Frames;
use crate::io::tables::item::text;
use crate::io::tables::rows::{depot, engineer, profile, region, speed, ticket, weight};
use crate::io::tables::table::{Row, Table};
use crate::io::tables::{
    DEPOTS, ENGINEERS, OBJECTIVE, OUTLINES, PERSON, Part, REGIONS, SKILLS, TICKETS, TRAFFIC, TRAVEL,
};
use crate::io::text::{Faults, quoted};
use crate::io::{Options, Source, geojson};
use crate::model::{Code, Engineer, Issues, Level, Region, Traffic, TravelMode, World};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::path::Path;

/// Reads a world.
///
/// # Errors
/// `E001` for cells and rows that are not as their column wants them, `E003` for columns that are not
/// known, `E004` when there is no table of engineers or tickets, `E105` for numbers too large. All at
/// once, each with file, line and column.
pub fn read(source: &Source) -> Result<World, Issues> {
    let mut world = World::new(TravelMode::car(source.options.speed()));
    let name = folder(source).and_then(Path::file_name);
    world.name = name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut reader = Reader::new(Given::Files(source));
    fill(&mut world, &mut reader);
    reader.issues.or(world)
}

/// Reads tables that stand in memory, see [`Frames`].
pub(super) fn read_frames(frames: &Frames<'_>) -> Result<World, Issues> {
    let mut world = empty(frames);
    let mut reader = Reader::new(Given::Memory(frames));
    fill(&mut world, &mut reader);
    reader.issues.or(world)
}

/// What the rows that can be read make of a world, all faults, and where the rows are.
pub(super) fn read_in_part(frames: &Frames<'_>) -> (World, Issues, Kept) {
    let mut world = empty(frames);
    let mut reader = Reader::new(Given::Memory(frames));
    fill(&mut world, &mut reader);
    (world, reader.issues, reader.kept)
}

fn empty(frames: &Frames<'_>) -> World {
    let travel = frames.travel.clone();
    World::new(travel.unwrap_or_else(|| TravelMode::car(Options::SPEED)))
}

/// The rows of what was read; others may have had faults.
#[derive(Default)]
pub(super) struct Kept {
    /// By the name of the table.
    pub rows: FxHashMap<&'static str, Vec<usize>>,
    /// By engineer and shift.
    pub shifts: Vec<Vec<usize>>,
}

/// At least so many rows of a long table are read by one thread at a time.
const ROWS_AT_ONCE: usize = 4_096;

/// Puts into an empty world what the tables say.
fn fill(world: &mut World, reader: &mut Reader<'_>) {
    world.skills = reader.rows(&SKILLS, |row, faults| row.need("skill", faults, text));
    world.regions = reader.rows(&REGIONS, region);
    reader.outlines(&mut world.regions);
    world.depots = reader.rows(&DEPOTS, depot);
    world.engineers = reader.engineers();
    world.tickets = reader.rows_at_once(&TICKETS, ticket);
    let profiles = reader.rows(&TRAVEL, profile);
    if !profiles.is_empty() {
        world.travel = TravelMode::Haversine { profiles };
    }
    for (profile, speed) in reader.rows(&TRAFFIC, speed) {
        match world.traffic.iter_mut().find(|traffic| traffic.profile == profile) {
            Some(traffic) => traffic.speeds.push(speed),
            None => world.traffic.push(Traffic { profile, speeds: vec![speed] }),
        }
    }
    let mut levels: BTreeMap<u32, Level> = BTreeMap::new();
    reader.rows(&OBJECTIVE, |row, faults| {
        let (level, criterion, weight) = weight(row, faults)?;
        if levels.entry(level).or_default().insert(criterion, weight).is_some() {
            let cause = format!("`{}` has a weight on level {level} already", criterion.name());
            row.fault("criterion", faults, (Code::DUPLICATE_ID, cause));
        }
        Some(())
    });
    if !levels.is_empty() {
        world.objective.levels = levels.into_values().collect();
    }
}

/// The directory: named itself, or by its table of engineers.
fn folder(source: &Source) -> Option<&Path> {
    let path = source.path.as_deref()?;
    if path.ends_with(ENGINEERS.file) { path.parent() } else { Some(path) }
}

/// What faults call a table.
pub(super) fn at(source: &Source, name: &str) -> String {
    let path = folder(source).map(|folder| folder.join(name).display().to_string());
    path.unwrap_or_else(|| name.into())
}

/// Where the tables are.
#[derive(Clone, Copy)]
enum Given<'a> {
    Files(&'a Source),
    Memory(&'a Frames<'a>),
}

impl<'a> Given<'a> {
    /// What faults call a table.
    fn at(self, part: &Part) -> String {
        match self {
            Self::Files(source) => at(source, part.file),
            Self::Memory(_) => part.name().into(),
        }
    }

    fn table(self, part: &Part, faults: &mut Faults) -> Option<Table<'a>> {
        match self {
            Self::Files(source) => {
                let file = source.files.iter().find(|file| file.name == part.file)?;
                Some(Table::of(file, part.needed, part.known, faults))
            }
            Self::Memory(frames) => {
                let frame = frames.tables.iter().find(|frame| frame.name == part.name())?;
                let needed: Vec<&str> = frames.needed(part).collect();
                let known: Vec<&str> =
                    part.columns().filter(|column| !needed.contains(column)).collect();
                Some(Table::in_memory(*frame, &needed, &known, faults))
            }
        }
    }

    /// The outlines of regions as a file.
    fn outlines(self) -> Option<Source> {
        match self {
            Self::Files(source) => {
                let file = source.files.iter().find(|file| file.name == OUTLINES)?;
                Some(Source {
                    path: Some(at(source, OUTLINES).into()),
                    text: file.text.clone(),
                    options: source.options.clone(),
                    ..Source::default()
                })
            }
            Self::Memory(frames) => {
                let path = Some("regions".into());
                Some(Source { path, ..Source::text(frames.outlines?) })
            }
        }
    }
}

struct Reader<'a> {
    given: Given<'a>,
    issues: Issues,
    kept: Kept,
}

impl<'a> Reader<'a> {
    fn new(given: Given<'a>) -> Self {
        Self { given, issues: Issues::default(), kept: Kept::default() }
    }

    /// What `read` makes of every row of a table.
    fn rows<T>(
        &mut self,
        part: &Part,
        mut read: impl FnMut(&Row, &mut Faults) -> Option<T>,
    ) -> Vec<T> {
        let mut kept = Vec::new();
        let found = self.table(part, |table, faults| {
            let read = |row: Row<'_>| {
                let value = read(&row, faults)?;
                kept.push(row.line() as usize);
                Some(value)
            };
            table.rows().filter_map(read).collect()
        });
        self.kept.rows.insert(part.name(), kept);
        found
    }

    /// The same on all cores; the answer does not show it. Tickets are large: each is written once, in its place.
    fn rows_at_once<T: Send>(
        &mut self,
        part: &Part,
        read: impl Fn(&Row, &mut Faults) -> Option<T> + Sync,
    ) -> Vec<T> {
        let name = self.given.at(part);
        let mut kept = Vec::new();
        let found = self.table(part, |table, faults| {
            let rows = (0..table.len()).into_par_iter().with_min_len(ROWS_AT_ONCE).map(|number| {
                let mut faults = Faults::new(name.as_str());
                match read(&table.row(number), &mut faults) {
                    Some(value) if faults.none() => Ok(value),
                    _ => Err(faults),
                }
            });
            let rows: Vec<Result<T, Faults>> = rows.collect();
            kept.extend((0..rows.len()).filter(|&number| rows[number].is_ok()));
            rows.into_iter()
                .filter_map(|row| row.map_err(|others| faults.add(others)).ok())
                .collect()
        });
        self.kept.rows.insert(part.name(), kept);
        found
    }

    /// What `read` makes of a whole table; nothing where there is none.
    fn table<T>(
        &mut self,
        part: &Part,
        read: impl FnOnce(&Table<'_>, &mut Faults) -> Vec<T>,
    ) -> Vec<T> {
        let mut faults = Faults::new(self.given.at(part));
        let mut found = Vec::new();
        match self.given.table(part, &mut faults) {
            Some(table) if faults.none() => found = read(&table, &mut faults),
            None if part.required => faults.whole(Code::UNREADABLE, "there is no such table"),
            Some(_) | None => {}
        }
        self.issues.0.extend(faults.into_issues().0);
        found
    }

    /// Shifts, one in each row; rows of one id belong to one engineer.
    fn engineers(&mut self) -> Vec<Engineer> {
        let mut engineers: Vec<Engineer> = Vec::new();
        let mut known: FxHashMap<String, usize> = FxHashMap::default();
        let mut shifts: Vec<Vec<usize>> = Vec::new();
        self.rows(&ENGINEERS, |row, faults| {
            let engineer = engineer(row, faults)?;
            let Some(&index) = known.get(&engineer.id) else {
                known.insert(engineer.id.clone(), engineers.len());
                engineers.push(engineer);
                shifts.push(vec![row.line() as usize]);
                return Some(());
            };
            shifts[index].push(row.line() as usize);
            let first = &mut engineers[index];
            let same = Engineer { shifts: first.shifts.clone(), ..engineer.clone() } == *first;
            let bare = PERSON.iter().all(|column| row.text(column).is_empty());
            if !same && !bare {
                let cause = format!("{} is another in his first row", quoted(&engineer.id));
                row.fault("id", faults, (Code::SYNTAX, cause));
            }
            if engineer.shifts.iter().any(|shift| first.shifts.contains(shift)) {
                let cause = format!("{} has this very shift already", quoted(&engineer.id));
                row.fault("id", faults, (Code::DUPLICATE_ID, cause));
            }
            first.shifts.extend(engineer.shifts);
            Some(())
        });
        self.kept.shifts = shifts;
        engineers
    }

    /// Gives regions their outlines; an outline of no known region is a region of its own.
    fn outlines(&mut self, regions: &mut Vec<Region>) {
        let Some(source) = self.given.outlines() else { return };
        match geojson::regions(&source) {
            Ok(found) => {
                for outline in found {
                    match regions.iter_mut().find(|region| region.id == outline.id) {
                        Some(region) => region.outline = outline.outline,
                        None => regions.push(outline),
                    }
                }
            }
            Err(issues) => self.issues.0.extend(issues.0),
        }
    }
}
