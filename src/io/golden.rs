//! Replays `tests/golden`: every format reads its example as the world beside it and writes its plan as
//! the text beside it, both written by hand.

use crate::io::{self, ALL, Format, Given, Source};
use crate::model::{
    Break, Criterion, Demand, Depot, Engineer, Kit, LateStep, Lock, Objective, OwnedSkill, Place,
    Profile, Region, Shift, SkillNeed, Ticket, TimeOfDay, Traffic, TravelMode, Window, World,
};
use crate::plan::{Plan, Sequences};
use crate::units::{Cost, Instant, Meters, Seconds};
use std::path::{Path, PathBuf};

/// The folder of examples.
pub(super) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The example of a world in this format.
pub(super) fn example(format: &Format) -> Source {
    let file = format.endings.iter().map(|e| folder().join(format!("{}.in.{e}", format.name)));
    let path = file.into_iter().find(|path| path.exists()).unwrap_or(folder().join(format.name));
    Source::open(path).unwrap_or_else(|issues| panic!("{issues}"))
}

/// What is to be written for the example's plan; `None` for formats without.
fn written(format: &Format) -> Option<Source> {
    let files = format.endings.iter().map(|e| folder().join(format!("{}.out.{e}", format.name)));
    files.into_iter().find(|path| path.exists()).map(|path| Source::open(path).expect("opens"))
}

fn native<T: serde::de::DeserializeOwned>(name: &str) -> T {
    let text = std::fs::read_to_string(folder().join(name)).expect("reads");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The world of `native.in.json`, as code: it uses everything the model can say.
fn everything() -> World {
    let at = |text: &str| text.parse::<Instant>().expect("a time");
    let base = Place::at(52.52, 13.405);
    let monday = Shift {
        id: Some("monday".into()),
        start: at("2026-03-02T07:00:00Z"),
        end: at("2026-03-02T15:00:00Z"),
        overtime: Some(Seconds(3_600)),
        from: base,
        to: Some(Place::at(52.53, 13.41)),
        breaks: vec![Break {
            earliest: at("2026-03-02T11:00:00Z"),
            latest: at("2026-03-02T12:00:00Z"),
            duration: Seconds(1_800),
        }],
        max_tickets: Some(9),
        capacity: vec![10, 2],
        max_duration: Some(Seconds(28_000)),
        max_distance: Some(Meters(90_000)),
        fixed_cost: Cost(50),
    };
    let (start, end) = (at("2026-03-03T07:00:00Z"), at("2026-03-03T15:00:00Z"));
    let tuesday = Shift { to: None, ..Shift::new(base, start, end) };
    let until = Some(at("2026-12-31T00:00:00Z"));
    let kit = |pumps| Kit {
        tools: ["ladder".to_owned()].into(),
        parts: [("pump".to_owned(), pumps)].into(),
    };
    let ada = Engineer {
        name: "Ada Byron".into(),
        skills: vec![
            OwnedSkill::new("boiler", 3),
            OwnedSkill { until, ..OwnedSkill::new("gas", 1) },
        ],
        region: Some("north".into()),
        secondary: vec!["city".into()],
        lendable: false,
        profile: Some("bike".into()),
        service_percent: 80,
        worked: Seconds(90_000),
        max_tickets_per_day: Some(11),
        capacity_per_day: vec![12],
        van: kit(2),
        shifts: vec![monday, tuesday],
        ..Engineer::new("ada", base, start, end)
    };
    let lock =
        Lock { shift: "monday".into(), rank: Some(1), start: Some(at("2026-03-02T08:10:00Z")) };
    let first = Ticket {
        setup: Seconds(240),
        windows: vec![
            Window::new(at("2026-03-02T08:00:00Z"), at("2026-03-02T09:00:00Z")),
            Window::new(at("2026-03-02T09:30:00Z"), at("2026-03-02T10:30:00Z")),
        ],
        preferred_windows: vec![Window::new(
            at("2026-03-02T08:15:00Z"),
            at("2026-03-02T08:45:00Z"),
        )],
        release: Some(at("2026-03-01T21:20:00Z")),
        due: Some(at("2026-03-02T08:30:00Z")),
        late_steps: vec![
            LateStep { after: Seconds(0), cost: Cost(20) },
            LateStep { after: Seconds(1_800), cost: Cost(90) },
        ],
        priority: 4,
        value: Some(12),
        skills: Demand {
            all: vec![SkillNeed::new("boiler", 2)],
            any: vec![vec![SkillNeed::new("gas", 1), SkillNeed::new("lift", 2)]],
            none: vec![SkillNeed::new("lift", 5)],
        },
        demand: vec![3, 1],
        region: Some("north".into()),
        preferred: vec!["ada".into()],
        required: vec!["ada".into()],
        told: Some("monday".into()),
        needs: kit(1),
        lock: Some(lock),
        ..Ticket::new("T1", Place::at(52.6, 13.5), Seconds(1_800))
    };
    let second = Ticket {
        excluded: vec!["ada".into()],
        after: vec!["T1".into()],
        ..Ticket::new("T2", Place::at(52.4, 13.3), Seconds(0))
    };
    let ring = vec![[13.0, 52.5], [14.0, 52.5], [14.0, 53.0], [13.0, 52.5]];
    let north = Region {
        id: "north".into(),
        parent: Some("city".into()),
        outline: vec![vec![ring]],
        secondary_cost: Cost(100),
        borrow_cost: Cost(700),
        borrow_cap: Some(2),
    };
    let profile = |name: &str, meters_per_hour, detour_percent, fixed| Profile {
        name: name.into(),
        meters_per_hour,
        detour_percent,
        fixed: Seconds(fixed),
    };
    World {
        name: "Everything".into(),
        skills: ["boiler", "gas", "lift"].map(Into::into).into(),
        regions: vec![Region { id: "city".into(), ..Region::default() }, north],
        depots: vec![Depot {
            id: "store".into(),
            place: Place::at(52.5, 13.4),
            service: Seconds(300),
        }],
        engineers: vec![ada],
        tickets: vec![first, second],
        max_changes: Some(3),
        traffic: vec![
            Traffic { profile: None, speeds: vec![(TimeOfDay(0), 100)] },
            Traffic {
                profile: Some("car".into()),
                speeds: vec![(TimeOfDay(25_200), 60), (TimeOfDay(32_430), 100)],
            },
        ],
        utc_offset: Seconds(3_600),
        objective: Objective::of(&[
            &[(Criterion::Unserved, 1), (Criterion::Lateness, 2)],
            &[(Criterion::Travel, 1)],
        ]),
        ..World::new(TravelMode::Haversine {
            profiles: vec![profile("car", 36_000, 130, 0), profile("bike", 15_000, 110, 60)],
        })
    }
}

#[test]
fn every_format_reads_its_example() {
    for format in ALL.iter().filter(|format| format.read.is_some()) {
        let source = example(format);
        assert_eq!(io::sniffed(&source).expect("known").name, format.name);
        let found = io::read(&source, None).unwrap_or_else(|issues| panic!("{issues}"));
        let mut wanted = match format.name {
            "native" => everything(),
            name => native(&format!("{name}.world.json")),
        };
        if found.name == source.stem() {
            wanted.name = source.stem();
        }
        assert_eq!(found, wanted, "{}", format.name);
    }
}

#[test]
fn every_format_writes_its_plan_and_reads_it_back() {
    for format in ALL.iter().filter(|format| format.read.is_some() && format.write.is_some()) {
        let world = io::read(&example(format), None).expect("reads");
        let plan: Plan = native(&format!("{}.plan.json", format.name));
        let wanted = written(format).unwrap_or_else(|| panic!("{} has no plan", format.name));
        let write = format.write.expect("filtered");
        let found = write(&world, &plan).unwrap_or_else(|issues| panic!("{issues}"));
        match serde_json::from_str::<serde_json::Value>(&wanted.text) {
            Ok(wanted) => {
                assert_eq!(serde_json::from_str::<serde_json::Value>(&found).ok(), Some(wanted))
            }
            Err(_) => assert_eq!(found, wanted.text, "{}", format.name),
        }
        let given = io::read_plan(&wanted, Some(format.name), &world);
        match given.unwrap_or_else(|issues| panic!("{issues}")) {
            Given::Plan(read) => assert_eq!(read, plan, "{}", format.name),
            Given::Sequences(read) => {
                assert_eq!(used(read), used(Sequences::of(&plan)), "{}", format.name)
            }
        }
    }
}

fn used(sequences: Sequences) -> Sequences {
    let routes = sequences.routes.into_iter().filter(|(_, stops)| !stops.is_empty());
    Sequences { routes: routes.collect() }
}
