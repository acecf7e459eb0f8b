//! Solutions published with the benchmark sets, replayed over our worlds: if their routes keep every
//! rule and cost what their authors say, the readers mean what the sets mean. The clock of this file is
//! its own, so that it does not lean on what it tests.

use crate::Problem;
use crate::io::{self, Given, Rounding, Source};
use crate::model::{Place, Ticket, TravelMode, World};
use crate::plan::{SequenceStop, Sequences};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Length and time of a leg, which are the same in all these sets.
fn leg(world: &World, from: &Place, to: &Place) -> i64 {
    match &world.travel {
        TravelMode::Euclid { scale, nearest } => {
            let ([a, b], [c, d]) = (from.point().expect("a point"), to.point().expect("a point"));
            let length = f64::from(*scale) * ((a - c).powi(2) + (b - d).powi(2)).sqrt();
            if *nearest { length.round() as i64 } else { length.floor() as i64 }
        }
        TravelMode::Matrix { tables } => {
            let (from, to) = (from.row.expect("a row"), to.row.expect("a row"));
            i64::from(tables[0].seconds[from as usize][to as usize])
        }
        _ => panic!("no set travels like this"),
    }
}

/// What a replay of all routes adds up to.
#[derive(Default)]
pub(super) struct Totals {
    pub distance: i64,
    pub work: i64,
    pub visited: usize,
}

/// Drives every route, asserting each hard rule on the way.
pub(super) fn replay(world: &World, sequences: &Sequences) -> Totals {
    let tickets: BTreeMap<&str, &Ticket> =
        world.tickets.iter().map(|ticket| (ticket.id.as_str(), ticket)).collect();
    let mut totals = Totals::default();
    for (shift, stops) in sequences.routes.iter().filter(|(_, stops)| !stops.is_empty()) {
        let engineer = world.engineers.iter().find(|e| e.shift_id(0) == *shift).expect("known");
        let shift = &engineer.shifts[0];
        let (mut kit, mut filled) = (engineer.van.clone(), false);
        let (mut here, mut now) = (shift.from, shift.start.0);
        // How much later he could leave, and how long he waits: see Savelsbergh, ORSA J. Computing 4.
        let (mut slack, mut waiting, mut load) = (i64::MAX, 0, 0);
        for stop in stops {
            let (id, place) = match stop {
                SequenceStop::Depot(id) => {
                    filled = true;
                    let depot = world.depots.iter().find(|depot| depot.id == *id).expect("known");
                    (None, depot.place)
                }
                SequenceStop::Ticket(id) => (Some(id), tickets[id.as_str()].place),
            };
            let length = leg(world, &here, &place);
            (totals.distance, now, here) = (totals.distance + length, now + length, place);
            let Some(ticket) = id.map(|id| tickets[id.as_str()]) else { continue };
            if let [window] = ticket.windows.as_slice() {
                let wait = (window.earliest.0 - now).max(0);
                (now, waiting) = (now + wait, waiting + wait);
                assert!(now <= window.latest.0, "{} at {now}, {window:?}", ticket.id);
                slack = slack.min(waiting + window.latest.0 - now);
            }
            now += ticket.service.0;
            load += ticket.demand.first().unwrap_or(&0);
            totals.visited += 1;
            assert!(
                ticket
                    .skills
                    .all
                    .iter()
                    .all(|n| engineer.skills.iter().any(|s| s.skill == n.skill)),
                "{} lacks a skill for {}",
                engineer.id,
                ticket.id
            );
            for group in &ticket.skills.any {
                let any = group.iter().any(|n| engineer.skills.iter().any(|s| s.skill == n.skill));
                assert!(any, "{} lacks any skill for {}", engineer.id, ticket.id);
            }
            if !filled {
                assert!(ticket.needs.tools.is_subset(&kit.tools), "{} lacks a tool", ticket.id);
                for (part, count) in &ticket.needs.parts {
                    let left = kit.parts.get_mut(part).filter(|left| **left >= *count);
                    *left.unwrap_or_else(|| panic!("{} lacks {part}", ticket.id)) -= count;
                }
            }
        }
        let home = leg(world, &here, &shift.to.expect("a round trip"));
        (totals.distance, now) = (totals.distance + home, now + home);
        assert!(now <= shift.end.0, "{} is back at {now}", engineer.id);
        let later = waiting.min(slack.min(waiting + shift.end.0 - now));
        let work = now - shift.start.0 - later;
        totals.work += work;
        assert!(
            shift.max_duration.is_none_or(|limit| work <= limit.0),
            "{} works {work}",
            engineer.id
        );
        assert!(
            shift.capacity.first().is_none_or(|most| load <= *most),
            "{} carries {load}",
            engineer.id
        );
    }
    totals
}

/// A world that can be planned, from this source.
fn world(source: &Source) -> World {
    let world = io::read(source, None).unwrap_or_else(|issues| panic!("{issues}"));
    if let Err(issues) = Problem::build(world.clone()) {
        panic!("{}: {issues}", source.name());
    }
    world
}

/// The files of a folder with this ending, in order.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder of data");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|found| found == ending));
    files.sort();
    files
}

fn sequences(path: &Path, world: &World) -> Sequences {
    let source = Source::open(path).expect("opens");
    match io::read_plan(&source, None, world).unwrap_or_else(|issues| panic!("{issues}")) {
        Given::Sequences(sequences) => sequences,
        Given::Plan(_) => panic!("solution files have no times"),
    }
}

/// The number behind `Cost` in a solution file.
fn stated(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("reads");
    let line = text.lines().rfind(|line| line.starts_with("Cost")).expect("a cost");
    line.trim_start_matches("Cost").trim_start_matches(':').trim().to_owned()
}

#[test]
fn vrplib_sets_cost_what_they_say() {
    let Some(data) = crate::testdata::dir() else { return };
    for (set, count) in [("sdvrptw", 26), ("mdvrptw", 14), ("pcvrptw", 30)] {
        let instances = files(&data.join(set), "vrp");
        assert_eq!(instances.len(), count, "{set}");
        for path in instances {
            let world = world(&Source::open(&path).expect("opens"));
            let solution = path.with_extension("sol");
            let sequences = sequences(&solution, &world);
            let totals = replay(&world, &sequences);
            let mut cost = totals.distance;
            if set == "pcvrptw" {
                let all: i64 = world.tickets.iter().map(Ticket::worth).sum();
                let served =
                    |id: &str| world.tickets.iter().find(|t| t.id == id).expect("known").worth();
                cost += 10 * (all - sequences.tickets().map(served).sum::<i64>());
            } else {
                assert_eq!(totals.visited, world.tickets.len(), "{}", path.display());
            }
            assert_eq!(cost.to_string(), stated(&solution), "{}", path.display());
        }
    }
}

#[test]
fn homberger_thousand_costs_what_the_dimacs_files_say() {
    let Some(data) = crate::testdata::dir() else { return };
    let mut seen = 0;
    for solution in files(&data.join("vrptw/sol_dimacs_gh1000"), "sol") {
        let name = solution.file_stem().expect("a name").to_owned();
        let instance = data.join("vrptw/homberger").join(name).with_extension("txt");
        if !instance.exists() {
            continue;
        }
        let world = world(&Source::open(&instance).expect("opens"));
        let totals = replay(&world, &sequences(&solution, &world));
        assert_eq!(totals.visited, 1_000);
        assert_eq!(
            io::sol::decimal(totals.distance, 10),
            stated(&solution),
            "{}",
            instance.display()
        );
        seen += 1;
    }
    assert_eq!(seen, 12);
}

#[test]
fn solomon_costs_what_sintef_says_to_the_rounding() {
    let Some(data) = crate::testdata::dir() else { return };
    let exact = io::Options { rounding: Some(Rounding::EXACT), ..io::Options::default() };
    let solutions = files(&data.join("vrptw/sol_sintef_solomon"), "txt");
    assert_eq!(solutions.len(), 49);
    for solution in solutions {
        let instance = data.join("vrptw/solomon").join(solution.file_name().expect("a name"));
        let source = Source::open(&instance).expect("opens").with(exact.clone());
        let world = world(&source);
        let totals = replay(&world, &sequences(&solution, &world));
        let stated: f64 = stated(&solution).parse().expect("a number");
        let ours = totals.distance as f64 / 10_000.0;
        assert_eq!(totals.visited, 100);
        assert!((ours - stated).abs() < 0.01, "{}: {ours} {stated}", instance.display());
    }
}

#[test]
fn real_roads_cost_what_the_challenge_says() {
    let Some(data) = crate::testdata::dir() else { return };
    let solutions = files(&data.join("euro_neurips2022/instances"), "sol");
    assert_eq!(solutions.len(), 12);
    for solution in solutions {
        let packed = solution.with_extension("txt.gz");
        let Ok(unpacked) = std::process::Command::new("gzip").arg("-dc").arg(&packed).output()
        else {
            println!("skipped: no gzip for {}", packed.display());
            return;
        };
        let text = String::from_utf8(unpacked.stdout).expect("text");
        let world = world(&Source::text(text));
        let totals = replay(&world, &sequences(&solution, &world));
        assert_eq!(totals.visited, world.tickets.len());
        assert_eq!(totals.distance.to_string(), stated(&solution), "{}", solution.display());
    }
}

/// Working time of the published routes, in minutes or whatever the unit of the set is.
fn working_time(instance: &Path, solution: Source, unserved: usize) -> f64 {
    let world = world(&Source::open(instance).expect("opens"));
    let given = io::read_plan(&solution, None, &world).unwrap_or_else(|issues| panic!("{issues}"));
    let Given::Sequences(sequences) = given else { panic!("solutions have no times") };
    let totals = replay(&world, &sequences);
    assert_eq!(totals.visited + unserved, world.tickets.len(), "{}", instance.display());
    totals.work as f64 / 10_000.0
}

#[test]
fn technicians_of_the_plane_work_as_long_as_published() {
    let Some(data) = crate::testdata::dir() else { return };
    let best = data.join("trsp_pillac/pillac-minwt.sol");
    let text = std::fs::read_to_string(&best).expect("reads");
    let mut seen = 0;
    for instance in files(&data.join("trsp_pillac/crew25"), "txt") {
        let name = instance.file_stem().expect("a name").to_string_lossy().into_owned();
        let value = text.lines().find_map(|line| line.strip_prefix(&format!("{name}=")));
        let Some(stated) = value.and_then(|value| value.parse::<f64>().ok()) else { continue };
        let ours = working_time(&instance, Source::open(&best).expect("opens"), 0);
        assert!((ours - stated).abs() < 0.02, "{name}: {ours} {stated}");
        seen += 1;
    }
    assert_eq!(seen, 29);
}

#[test]
fn technicians_on_real_roads_work_as_long_as_published() {
    let Some(data) = crate::testdata::dir() else { return };
    let folder = data.join("trsp_pillac/praxedo_real");
    let table = std::fs::read_to_string(folder.join("bks_pALNS_SC_2012.csv")).expect("reads");
    let mut seen = 0;
    for instance in files(&folder, "txt") {
        let name = instance.file_stem().expect("a name").to_string_lossy().into_owned();
        let row = table.lines().find(|line| line.starts_with(&format!("{name},")));
        let Some((row, start)) = row.and_then(|row| Some((row, row.find('<')?))) else { continue };
        let cells: Vec<&str> = row[..start].split(',').collect();
        let (unserved, stated) = (cells[4].parse().expect("a count"), cells[5].parse::<f64>());
        let ours = working_time(&instance, Source::text(&row[start..]), unserved);
        let stated = stated.expect("a number");
        assert!((ours - stated).abs() < 0.02, "{name}: {ours} {stated}");
        seen += 1;
    }
    assert_eq!(seen, 5, "R1 R3 R5 U1 U3; nothing is published for U5");
}
