//! Reads a directory of tables as a world.

use crate::io::tables::frames::Frames;
use crate::io::tables::item::{
    counted, instant, late_step, needed, owned, pause, text, window, yes,
};
use crate::io::tables::table::{Row, Table};
use crate::io::tables::{
    DEPOTS, ENGINEERS, OBJECTIVE, OUTLINES, PERSON, Part, REGIONS, SKILLS, TICKETS, TRAFFIC, TRAVEL,
};
use crate::io::text::{Faults, count, quoted, whole};
use crate::io::{Options, Source, geojson};
use crate::model::{
    Code, Criterion, Demand, Depot, Engineer, Issues, Kit, Level, Lock, Place, Profile, Region,
    Shift, Ticket, TimeOfDay, Traffic, TravelMode, Window, World,
};
use crate::units::{Cost, Meters, Seconds};
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
    fill(world, Given::Files(source))
}

/// Reads tables that stand in memory, see [`Frames`].
pub(super) fn read_frames(frames: &Frames<'_>) -> Result<World, Issues> {
    let travel = frames.travel.clone();
    let world = World::new(travel.unwrap_or_else(|| TravelMode::car(Options::SPEED)));
    fill(world, Given::Memory(frames))
}

/// At least so many rows of a long table are read by one thread at a time.
const ROWS_AT_ONCE: usize = 4_096;

/// Puts into an empty world what the tables say.
fn fill(mut world: World, given: Given<'_>) -> Result<World, Issues> {
    let mut reader = Reader { given, issues: Issues::default() };
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
    reader.issues.or(world)
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
}

impl Reader<'_> {
    /// What `read` makes of every row of a table.
    fn rows<T>(
        &mut self,
        part: &Part,
        mut read: impl FnMut(&Row, &mut Faults) -> Option<T>,
    ) -> Vec<T> {
        self.table(part, |table, faults| {
            table.rows().filter_map(|row| read(&row, faults)).collect()
        })
    }

    /// The same on all cores; the answer does not show it. Tickets are large: each is written once, in its place.
    fn rows_at_once<T: Send>(
        &mut self,
        part: &Part,
        read: impl Fn(&Row, &mut Faults) -> Option<T> + Sync,
    ) -> Vec<T> {
        let name = self.given.at(part);
        self.table(part, |table, faults| {
            let rows = (0..table.len()).into_par_iter().with_min_len(ROWS_AT_ONCE).map(|number| {
                let mut faults = Faults::new(name.as_str());
                match read(&table.row(number), &mut faults) {
                    Some(value) if faults.none() => Ok(value),
                    _ => Err(faults),
                }
            });
            let rows: Vec<Result<T, Faults>> = rows.collect();
            rows.into_iter()
                .filter_map(|row| row.map_err(|others| faults.add(others)).ok())
                .collect()
        })
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
        self.rows(&ENGINEERS, |row, faults| {
            let engineer = engineer(row, faults)?;
            let Some(&index) = known.get(&engineer.id) else {
                known.insert(engineer.id.clone(), engineers.len());
                engineers.push(engineer);
                return Some(());
            };
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

fn engineer(row: &Row, faults: &mut Faults) -> Option<Engineer> {
    let id = row.need("id", faults, text);
    let (start, end) = (row.need("start", faults, instant), row.need("end", faults, instant));
    let from = site(row, faults);
    let open = row.get("open", faults, yes).unwrap_or(false);
    let to = row.place(["end_lat", "end_lon", "end_row"], faults);
    if open && to.is_some() {
        row.fault("open", faults, (Code::SYNTAX, "an open shift has no place to end".into()));
    }
    let shift = Shift {
        id: row.get("shift", faults, text),
        breaks: row.list("breaks", faults, pause),
        max_tickets: row.count("max_tickets", faults),
        capacity: row.list("capacity", faults, whole),
        max_duration: row.whole("max_duration", faults).map(Seconds),
        max_distance: row.whole("max_distance", faults).map(Meters),
        fixed_cost: Cost(row.whole("fixed_cost", faults).unwrap_or(0)),
        overtime: row.whole("overtime", faults).map(Seconds),
        ..Shift::new(from.unwrap_or_default(), start.unwrap_or_default(), end.unwrap_or_default())
    };
    let to = if open { None } else { to.or(shift.to) };
    let mut engineer = Engineer::new(id?, from?, start?, end?);
    engineer.name = row.text("name").into_owned();
    engineer.skills = row.list("skills", faults, owned);
    engineer.region = row.get("region", faults, text);
    engineer.secondary = row.list("secondary", faults, text);
    engineer.lendable = row.get("lendable", faults, yes).unwrap_or(true);
    engineer.profile = row.get("profile", faults, text);
    engineer.service_percent = row.count("service_percent", faults).unwrap_or(100);
    engineer.worked = Seconds(row.whole("worked", faults).unwrap_or(0));
    engineer.max_tickets_per_day = row.count("max_tickets_per_day", faults);
    engineer.capacity_per_day = row.list("capacity_per_day", faults, whole);
    engineer.van = kit(row, faults);
    engineer.shifts = vec![Shift { to, ..shift }];
    Some(engineer)
}

fn ticket(row: &Row, faults: &mut Faults) -> Option<Ticket> {
    let id = row.need("id", faults, text);
    let place = site(row, faults);
    let group = |item: &str| item.split('|').map(|need| needed(need.trim())).collect();
    let ticket = Ticket {
        service: Seconds(row.whole("service", faults).unwrap_or(0)),
        setup: Seconds(row.whole("setup", faults).unwrap_or(0)),
        windows: windows(row, faults),
        preferred_windows: row.list("preferred_windows", faults, window),
        release: row.instant("release", faults),
        due: row.instant("due", faults),
        late_steps: row.list("late_steps", faults, late_step),
        priority: row.count("priority", faults).unwrap_or(0),
        value: row.whole("value", faults),
        skills: Demand {
            all: row.list("skills", faults, needed),
            any: row.list("any", faults, group),
            none: row.list("none", faults, needed),
        },
        demand: row.list("demand", faults, whole),
        region: row.get("region", faults, text),
        customer: row.get("customer", faults, text),
        contract: row.get("contract", faults, text),
        job: row.get("job", faults, text),
        preferred: row.list("preferred", faults, text),
        required: row.list("required", faults, text),
        excluded: row.list("excluded", faults, text),
        told: row.get("told", faults, text),
        needs: kit(row, faults),
        after: row.list("after", faults, text),
        lock: lock(row, faults),
        ..Ticket::new(id?, place?, Seconds(0))
    };
    Some(ticket)
}

/// Where something is, which has to be said.
fn site(row: &Row, faults: &mut Faults) -> Option<Place> {
    let columns = ["lat", "lon", "row"];
    let place = row.place(columns, faults);
    if place.is_none() && columns.iter().all(|column| row.text(column).is_empty()) {
        row.fault("lat", faults, (Code::NO_COORDINATES, "the cell is empty".into()));
    }
    place
}

/// Any number of windows in one cell, and one more in a pair of cells.
fn windows(row: &Row, faults: &mut Faults) -> Vec<Window> {
    let mut windows = row.list("windows", faults, window);
    if !row.text("earliest").is_empty() || !row.text("latest").is_empty() {
        let earliest = row.need("earliest", faults, instant);
        let latest = row.need("latest", faults, instant);
        windows.extend(earliest.zip(latest).map(Window::from));
    }
    windows
}

fn lock(row: &Row, faults: &mut Faults) -> Option<Lock> {
    let rank = row.count("lock_rank", faults);
    let start = row.instant("lock_start", faults);
    if rank.is_none() && start.is_none() && row.text("lock_shift").is_empty() {
        return None;
    }
    Some(Lock { shift: row.need("lock_shift", faults, text)?, rank, start })
}

fn region(row: &Row, faults: &mut Faults) -> Option<Region> {
    let id = row.need("id", faults, text);
    let mut cost = |column| Cost(row.whole(column, faults).unwrap_or(0));
    let (secondary_cost, borrow_cost) = (cost("secondary_cost"), cost("borrow_cost"));
    let parent = row.get("parent", faults, text);
    let borrow_cap = row.count("borrow_cap", faults);
    Some(Region { id: id?, parent, outline: Vec::new(), secondary_cost, borrow_cost, borrow_cap })
}

fn depot(row: &Row, faults: &mut Faults) -> Option<Depot> {
    let (id, place) = (row.need("id", faults, text), site(row, faults));
    let service = Seconds(row.whole("service", faults).unwrap_or(0));
    Some(Depot { id: id?, place: place?, service })
}

fn profile(row: &Row, faults: &mut Faults) -> Option<Profile> {
    let name = row.need("name", faults, text);
    let meters_per_hour = row.need("meters_per_hour", faults, count);
    let detour_percent = row.count("detour_percent", faults).unwrap_or(130);
    let fixed = Seconds(row.whole("fixed", faults).unwrap_or(0));
    Some(Profile { name: name?, meters_per_hour: meters_per_hour?, detour_percent, fixed })
}

fn speed(row: &Row, faults: &mut Faults) -> Option<(Option<String>, (TimeOfDay, u32))> {
    let time = row.need("time", faults, |text| text.parse().map_err(|fault| (Code::SYNTAX, fault)));
    let percent = row.need("percent", faults, count);
    Some((row.get("profile", faults, text), (time?, percent?)))
}

fn weight(row: &Row, faults: &mut Faults) -> Option<(u32, Criterion, i64)> {
    let level = row.need("level", faults, count);
    let criterion = row.need("criterion", faults, |name| {
        let known = Criterion::ALL.into_iter().find(|criterion| criterion.name() == name);
        known.ok_or_else(|| (Code::SYNTAX, format!("{} is no criterion", quoted(name))))
    });
    let weight = row.need("weight", faults, whole);
    Some((level?, criterion?, weight?))
}

fn kit(row: &Row, faults: &mut Faults) -> Kit {
    Kit { tools: row.list("tools", faults, text).into_iter().collect(), parts: parts(row, faults) }
}

/// Parts by name; one that is named twice has two numbers, of which neither may win.
fn parts(row: &Row, faults: &mut Faults) -> BTreeMap<String, u32> {
    let mut parts = BTreeMap::new();
    for (name, number) in row.list("parts", faults, counted) {
        if parts.insert(name.clone(), number).is_some() {
            let cause = format!("the part {} comes twice", quoted(&name));
            row.fault("parts", faults, (Code::DUPLICATE_ID, cause));
        }
    }
    parts
}
