//! Laws of every format: what is written is read back as it was, and no text makes a reader panic.

use crate::io::golden::{example, folder};
use crate::io::{self, ALL, File, Given, Source, native, tables};
use crate::model::{Code, Issues, Place, Shift, TravelMode, World};
use crate::plan::{Plan, Route, Stop, StopKind, Unassigned};
use crate::testworld;
use crate::units::{Instant, LIMIT, Meters, Seconds};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A random world as tables can say it.
fn tabular(seed: u64) -> World {
    let mut world = testworld::random(seed);
    (world.max_changes, world.utc_offset) = (None, Seconds::ZERO);
    world.travel = TravelMode::car(50_000);
    // The only profile then is called `car`, here and in the traffic of random worlds.
    let bare = |place: &mut Place| place.row = None;
    world.depots.iter_mut().for_each(|depot| bare(&mut depot.place));
    world.tickets.iter_mut().for_each(|ticket| bare(&mut ticket.place));
    let shifts = world.engineers.iter_mut().flat_map(|engineer| &mut engineer.shifts);
    shifts.for_each(|Shift { from, to, .. }| to.iter_mut().chain([from]).for_each(bare));
    world.resolution = 1;
    world
}

/// Coordinates of every size, for text must give back their last bit.
fn anywhere() -> impl Strategy<Value = Place> {
    (-90.0..90.0f64, -180.0..180.0f64).prop_map(|(lat, lon)| Place::at(lat, lon))
}

fn instant() -> impl Strategy<Value = Instant> {
    prop_oneof![-LIMIT..=LIMIT, 0..100_000i64, Just(Instant::CALENDAR_FROM)].prop_map(Instant)
}

fn plans() -> impl Strategy<Value = Plan> {
    let kind = prop_oneof![Just(StopKind::Visit), Just(StopKind::Break), Just(StopKind::Depot)];
    let times = (instant(), instant(), instant());
    let stop = (kind, "[a-z ,\"]{0,6}", 0..LIMIT, 0..LIMIT, times).prop_map(
        |(kind, id, travel, distance, (arrive, start, end))| Stop {
            kind,
            id: id.trim().into(),
            travel: Seconds(travel),
            distance: Meters(distance),
            arrive,
            start,
            end,
        },
    );
    let stops = prop::collection::vec(stop, 0..5);
    let route = ("[a-z]{1,4}", "[a-z/1]{1,4}", instant(), stops, 0..LIMIT, instant()).prop_map(
        |(engineer, shift, depart, stops, home, end)| Route {
            engineer,
            shift,
            depart,
            stops,
            travel_home: Seconds(home),
            distance_home: Meters(home),
            end,
        },
    );
    let left = "[a-z]{1,4}".prop_map(|ticket| Unassigned { ticket, reasons: BTreeMap::new() });
    (prop::collection::vec(route, 0..4), prop::collection::vec(left, 0..3)).prop_map(
        |(routes, unassigned)| Plan { schema: Plan::SCHEMA, routes, unassigned, score: Vec::new() },
    )
}

#[test]
fn a_world_survives_the_native_format() {
    for seed in 0..200 {
        let world = testworld::random(seed);
        let read = native::read(&Source::text(native::write_world(&world)));
        assert_eq!(read.as_ref(), Ok(&world), "seed {seed}");
    }
}

#[test]
fn a_world_survives_tables() {
    for seed in 0..200 {
        let world = tabular(seed);
        let files = tables::write_files(&world).unwrap_or_else(|issues| panic!("{seed}: {issues}"));
        let source = Source { files, ..Source::default() };
        let read = tables::read(&source).unwrap_or_else(|issues| panic!("seed {seed}: {issues}"));
        assert_eq!(read, world, "seed {seed}");
    }
}

#[test]
fn whose_a_ticket_is_and_under_which_contract_survives_tables() {
    let mut world = tabular(1);
    let ticket = &mut world.tickets[0];
    ticket.customer = Some("Smith; Sons".into());
    (ticket.contract, ticket.job) = (Some("gold".into()), Some("repair".into()));
    let files = tables::write_files(&world).expect("writes");
    let read = tables::read(&Source { files, ..Source::default() });
    assert_eq!(read.as_ref(), Ok(&world));
}

proptest! {
    #[test]
    fn coordinates_survive_to_the_last_bit(place in anywhere(), seed in 0..9u64) {
        let mut world = tabular(seed);
        world.engineers[0].shifts[0].from = place;
        let read = native::read(&Source::text(native::write_world(&world)));
        prop_assert_eq!(read.as_ref(), Ok(&world));
        let files = tables::write_files(&world).expect("writes");
        let read = tables::read(&Source { files, ..Source::default() });
        prop_assert_eq!(read.as_ref(), Ok(&world));
    }

    #[test]
    fn a_plan_survives_json_and_tables(plan in plans()) {
        let world = World::new(TravelMode::car(1));
        let json = Source::text(native::pretty(&plan));
        prop_assert_eq!(native::read_plan(&json, &world), Ok(Given::Plan(plan.clone())));
        let table = Source::text(tables::write(&world, &plan).expect("writes"));
        prop_assert_eq!(tables::read_plan(&table, &world), Ok(Given::Plan(plan)));
    }

    #[test]
    fn names_with_signs_of_their_own_are_refused_or_survive(name in "[a-z;:@|, \"\n]{0,6}") {
        let mut world = tabular(1);
        world.engineers[0].id.clone_from(&name);
        world.engineers[0].secondary = vec![name];
        if let Ok(files) = tables::write_files(&world) {
            let read = tables::read(&Source { files, ..Source::default() });
            prop_assert_eq!(read.as_ref(), Ok(&world));
        }
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in "\\PC{0,200}|[0-9 .:;\\[\\]{}\",\n-]{0,200}") {
        try_all(&text, &World::new(TravelMode::car(1)));
    }

    #[test]
    fn no_damage_to_an_example_makes_a_reader_panic(damage in damages()) {
        for format in ALL.iter().filter(|format| format.read.is_some()) {
            let mut source = example(format);
            source.text = damage.done(&source.text);
            for file in &mut source.files {
                file.text = damage.done(&file.text);
            }
            let _ = io::sniffed(&source);
            sound(format.read.expect("filtered")(&source), |_| ());
        }
    }

    #[test]
    fn no_damage_to_a_solution_makes_a_reader_panic(damage in damages()) {
        for format in ALL.iter().filter(|format| format.read.is_some()) {
            let world = format.read.expect("filtered")(&example(format)).expect("reads");
            let endings = ["json", "sol", "csv"].map(|e| format!("{}.out.{e}", format.name));
            for name in endings.iter().filter(|name| folder().join(name).exists()) {
                let mut source = Source::open(folder().join(name)).expect("opens");
                source.text = damage.done(&source.text);
                let read = format.read_plan.expect("it has a solution");
                sound(read(&source, &world), |given| {
                    let Given::Plan(plan) = given else { return };
                    // A plan that could be read can be written, whatever nonsense it says.
                    for format in ALL {
                        let _ = format.write.map(|write| write(&world, plan));
                    }
                });
            }
        }
    }
}

/// What a reader gives: something, or faults with codes and places.
fn sound<T>(result: Result<T, Issues>, use_it: impl FnOnce(&T)) {
    match result {
        Ok(value) => use_it(&value),
        Err(issues) => {
            assert!(!issues.0.is_empty(), "an error without a fault");
            for issue in &issues.0 {
                assert!(!issue.at.is_empty() && !issue.cause.is_empty(), "{issue}");
                assert!(Code::ALL.contains(&issue.code));
            }
        }
    }
}

fn try_all(text: &str, world: &World) {
    let files = ["engineers.csv", "tickets.csv", "regions.csv", "regions.geojson"];
    let files = files.map(|name| File { name: name.into(), text: text.into() }).to_vec();
    let source = Source { files, ..Source::text(text) };
    let _ = io::sniffed(&source);
    for format in ALL {
        if let Some(read) = format.read {
            sound(read(&source), |_| ());
        }
        if let Some(read) = format.read_plan {
            sound(read(&source, world), |_| ());
        }
    }
    sound(io::geojson::regions(&source), |_| ());
}

/// Something that happens to a text.
#[derive(Clone, Debug)]
enum Damage {
    Cut(usize),
    Swap(usize, usize, char),
    Word(usize, &'static str),
    Line(usize),
}

fn damages() -> impl Strategy<Value = Damage> {
    let word = prop::sample::select(vec![
        "99999999999999999999",
        "-1",
        "1e308",
        "nan",
        "0",
        "4294967296",
        "9223372036854775807",
        "null",
        "[",
        "\"",
        "2",
        "1099511627776",
        "-1099511627776",
        "ü",
    ]);
    let at = 0..4_000usize;
    prop_oneof![
        at.clone().prop_map(Damage::Cut),
        (at.clone(), 1..9usize, any::<char>()).prop_map(|(at, n, sign)| Damage::Swap(at, n, sign)),
        (at.clone(), word).prop_map(|(at, word)| Damage::Word(at, word)),
        at.prop_map(Damage::Line),
    ]
}

impl Damage {
    fn done(&self, text: &str) -> String {
        let signs = text.chars().count().max(1);
        match *self {
            Self::Cut(at) => text.chars().take(at % signs).collect(),
            Self::Swap(at, count, sign) => {
                let at = at % signs;
                let change =
                    |(index, old)| if (at..at + count).contains(&index) { sign } else { old };
                text.chars().enumerate().map(change).collect()
            }
            // One number or word of the text becomes another.
            Self::Word(at, word) => {
                let is_word = |sign: char| sign.is_alphanumeric() || ".-".contains(sign);
                let starts: Vec<usize> = text
                    .char_indices()
                    .filter(|&(index, sign)| is_word(sign) && !text[..index].ends_with(is_word))
                    .map(|(index, _)| index)
                    .collect();
                let Some(&start) = starts.get(at % starts.len().max(1)) else { return word.into() };
                let end =
                    text[start..].find(|sign| !is_word(sign)).map_or(text.len(), |n| start + n);
                format!("{}{word}{}", &text[..start], &text[end..])
            }
            Self::Line(at) => {
                let lines: Vec<&str> = text.lines().collect();
                let lost = at % lines.len().max(1);
                let kept = lines.iter().enumerate().filter(|(index, _)| *index != lost);
                kept.map(|(_, line)| format!("{line}\n")).collect()
            }
        }
    }
}

#[test]
fn a_million_lines_of_garbage_are_refused_in_a_bounded_list() {
    let text = "1 2 x\n".repeat(1_000_000);
    for format in ALL.iter().filter(|format| format.read.is_some()) {
        let files = vec![
            File { name: "engineers.csv".into(), text: text.clone() },
            File { name: "tickets.csv".into(), text: text.clone() },
        ];
        let source = Source { files, ..Source::text(text.as_str()) };
        let issues = format.read.expect("filtered")(&source).expect_err(format.name);
        assert!((1..5_000).contains(&issues.0.len()), "{}: {}", format.name, issues.0.len());
    }
}
