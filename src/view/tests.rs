//! Laws of every view, and the text of a tiny plan.

use super::*;
use crate::model::{
    Break, Demand, Depot, Engineer, Place, Region, SkillNeed, Ticket, TravelMode, TravelTable,
    Window,
};
use crate::plan::{Route, Rule, Stop, StopKind, Unassigned};
use crate::testworld;
use crate::units::{Instant, Meters, Seconds};
use crate::{Problem, solve};
use std::ops::ControlFlow;

/// 2026-03-02T00:00:00Z, a Monday.
const MONDAY: i64 = 1_772_409_600;

fn stop(kind: StopKind, id: &str, way: (i64, i64), [arrive, start, end]: [i64; 3]) -> Stop {
    Stop {
        kind,
        id: id.into(),
        travel: Seconds(60 * way.0),
        distance: Meters(way.1),
        arrive: Instant(MONDAY + 60 * arrive),
        start: Instant(MONDAY + 60 * start),
        end: Instant(MONDAY + 60 * end),
    }
}

/// `ada` works from 8:00 to 12:00, visits T1 (10 min late), has a break, fetches parts, visits T2;
/// `bob` stays at home; T3 asks for what neither has.
fn tiny() -> (World, Plan) {
    let mut world = World::new(TravelMode::car(36_000));
    world.name = "Kiel".into();
    let base = Place::at(54.32, 10.13);
    let (eight, noon) = (Instant(MONDAY + 8 * 3_600), Instant(MONDAY + 12 * 3_600));
    world.engineers =
        ["ada", "bob"].map(|id| Engineer::new(id, base, eight, noon)).into_iter().collect();
    world.engineers[0].name = "Ada Lovelace".into();
    let latest = Instant(MONDAY + 9 * 3_600);
    let pause = Break { earliest: eight, latest, duration: Seconds(600) };
    world.engineers[0].shifts[0].breaks.push(pause);
    let outline =
        vec![vec![vec![[10.0, 54.2], [10.3, 54.2], [10.3, 54.4], [10.0, 54.4], [10.0, 54.2]]]];
    world.regions.push(Region { id: "bay".into(), outline, ..Region::default() });
    let ticket = |id: &str, lat, lon| Ticket::new(id, Place::at(lat, lon), Seconds(1_800));
    world.tickets =
        vec![ticket("T1", 54.33, 10.15), ticket("T2", 54.35, 10.10), ticket("T3", 54.30, 10.20)];
    world.tickets[0].due = Some(Instant(MONDAY + 8 * 3_600 + 600));
    world.tickets[1].windows = vec![Window::new(eight, noon)];
    world.tickets[2].priority = 5;
    world.tickets[2].skills =
        Demand { all: vec![SkillNeed::new("boiler", 3)], ..Demand::default() };
    world.depots.push(Depot { id: "store".into(), place: base, service: Seconds(120) });
    let route = Route {
        engineer: "ada".into(),
        shift: "ada/1".into(),
        depart: eight,
        stops: vec![
            stop(StopKind::Visit, "T1", (20, 12_000), [500, 500, 530]),
            stop(StopKind::Break, "", (0, 0), [530, 530, 540]),
            stop(StopKind::Depot, "store", (10, 6_000), [550, 550, 552]),
            stop(StopKind::Visit, "T2", (18, 10_800), [570, 600, 630]),
        ],
        travel_home: Seconds(1_200),
        distance_home: Meters(12_060),
        end: Instant(MONDAY + 60 * 650),
    };
    let unassigned =
        vec![Unassigned { ticket: "T3".into(), reasons: [(Rule::Skill, 2)].into_iter().collect() }];
    let plan = Plan { schema: Plan::SCHEMA, routes: vec![route], unassigned, score: vec![6, 600] };
    (world, plan)
}

#[test]
fn the_text_of_a_tiny_plan() {
    // Travel 20 + 10 + 18 + 20 = 68 min, work 30 + 2 + 30 = 62 min: 130 of 240 min are 54 %, and
    // 27 % of the 480 min of both shifts. Waiting: 30 min before T2. 40.86 km rounds to 40.9.
    let expected = "\
Plan of Kiel: 2 of 3 tickets served
Monday, 2 March 2026, 08:00–10:50 UTC

engineer      visits  late    out   back  travel    km  busy
Ada Lovelace       2     1  08:00  10:50    1:08  40.9  █████·····  54 %

not served    1
late          1, by 10 min in all
engineers out 1 of 2
busy          27 % of all shifts
work          1:02 h
travel        1:08 h, 40.9 km
waiting       0:30 h
score         6 / 600  (lower is better)

not served
  T3  priority 5: all 2 engineers lack boiler level 3
";
    let (world, plan) = tiny();
    assert_eq!(text(&world, &plan), expected);
}

#[test]
fn colours_add_escapes_and_nothing_else() {
    let (world, plan) = tiny();
    let coloured = text_with(&world, &plan, TextOptions { colour: true });
    assert!(coloured.contains("\u{1b}[31mT3\u{1b}[0m"));
    let plain = ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[31m"]
        .iter()
        .fold(coloured, |text, escape| text.replace(escape, ""));
    assert_eq!(plain, text(&world, &plan));
}

#[test]
fn a_second_shift_brings_the_column_of_shifts() {
    let (mut world, mut plan) = tiny();
    let mut tuesday = world.engineers[0].shifts[0].clone();
    (tuesday.start, tuesday.end) = (tuesday.start + Seconds(86_400), tuesday.end + Seconds(86_400));
    world.engineers[0].shifts.push(tuesday.clone());
    let mut second = plan.routes[0].clone();
    (second.shift, second.stops) = ("ada/2".into(), Vec::new());
    (second.depart, second.end) = (tuesday.start, tuesday.end);
    plan.routes.push(second);
    let text = text(&world, &plan);
    assert!(text.contains("engineer      shift  visits"), "{text}");
    assert!(text.contains("ada/2"), "{text}");
    assert!(text.contains("3 Mar 08:00  3 Mar 12:00"), "{text}");
}

#[test]
fn the_page_says_who_goes_where_and_what_is_left_out() {
    let (world, plan) = tiny();
    let page = html(&world, &plan);
    for part in [
        "Plan of Kiel",
        "Ada Lovelace",
        "T1\nAda Lovelace\nwork 08:20–08:50 (30 min)\narrives 08:20\n20 min and 12.0 km on the way\n",
        "\ndue 08:10, 10 min late",
        "may start 08:00–12:00",
        "all 2 engineers lack boiler level 3",
        "2 engineers start here",
        "Depot store",
        "<title>bay</title>",
    ] {
        assert!(page.contains(part), "`{part}` is missing");
    }
    assert_eq!(page.matches("class=\"job").count(), 2);
    assert_eq!(page.matches("class=\"cross").count(), 1);
}

#[test]
fn names_are_text_and_never_markup() {
    const EVIL: &str = "</title></script><script>alert('x')</script>\"&\u{1b}";
    let (mut world, mut plan) = tiny();
    world.name = EVIL.into();
    world.engineers[0].name = EVIL.into();
    world.engineers[1].id = EVIL.into();
    world.regions[0].id = EVIL.into();
    world.depots[0].id = EVIL.into();
    plan.routes[0].stops[2].id = EVIL.into();
    for (ticket, visit) in [(0, 0), (1, 3)] {
        world.tickets[ticket].id = format!("{EVIL}{ticket}");
        plan.routes[0].stops[visit].id = world.tickets[ticket].id.clone();
    }
    world.tickets[2].id = EVIL.into();
    plan.unassigned[0].ticket = EVIL.into();
    world.tickets[2].skills.all[0].skill = EVIL.into();
    for view in ALL {
        let drawn = (view.render)(&world, &plan);
        assert!(!drawn.contains('\u{1b}'), "{}", view.name);
        if view.name != "text" {
            let own = usize::from(view.name == "html");
            assert_eq!(drawn.matches("<script").count(), own, "{}", view.name);
            assert!(!drawn.contains("alert('x')"), "{}", view.name);
            check_tags(&drawn);
        }
    }
}

#[test]
fn everything_is_well_formed_and_the_same_twice() {
    for seed in 0..60 {
        let world = testworld::random(seed);
        let Ok(problem) = Problem::build(world.clone()) else { continue };
        let options = solve::route::Options {
            budget: solve::Budget::iterations(20),
            threads: Some(1),
            ..Default::default()
        };
        let mut go_on = |_: &solve::Progress| ControlFlow::Continue(());
        let plan = solve::route::plan(&problem, &options, &mut go_on).expect("a plan").plan;
        for view in ALL {
            let drawn = (view.render)(&world, &plan);
            assert_eq!(drawn, (view.render)(&world, &plan), "seed {seed}, {}", view.name);
            if view.name != "text" {
                check_tags(&drawn);
                assert!(!drawn.contains("NaN") && !drawn.contains("inf"), "seed {seed}");
            }
        }
        let jobs = html(&world, &plan).matches("class=\"job").count();
        assert_eq!(jobs, plan.visits().count(), "seed {seed}");
    }
}

#[test]
fn the_page_needs_nothing_from_elsewhere() {
    let (world, plan) = tiny();
    let page = html(&world, &plan).replace("http://www.w3.org/2000/svg", "");
    for address in ["http", "src=", "href=", "@import", "fetch(", "XMLHttpRequest"] {
        assert!(!page.contains(address), "{address}");
    }
    assert_eq!(page.matches("url(").count(), page.matches("url(#hatch)").count());
}

#[test]
fn empty_plans_and_empty_worlds_are_drawn() {
    let (world, _) = tiny();
    let nothing = World::new(TravelMode::car(36_000));
    for world in [&world, &nothing] {
        for view in ALL {
            let drawn = (view.render)(world, &Plan::default());
            assert!(!drawn.is_empty());
            if view.name != "text" {
                check_tags(&drawn);
            }
        }
    }
    let (silent, empty) = (html(&world, &Plan::default()), html(&nothing, &Plan::default()));
    assert!(silent.contains("3 tickets that the plan does not mention"));
    assert!(empty.contains("Every ticket is on a route."));
}

#[test]
fn a_world_without_coordinates_has_no_map_and_says_why() {
    let (mut world, plan) = tiny();
    let table = TravelTable { name: "car".into(), seconds: vec![vec![0]], meters: None };
    world.travel = TravelMode::Matrix { tables: vec![table] };
    for shift in world.engineers.iter_mut().flat_map(|engineer| &mut engineer.shifts) {
        (shift.from, shift.to) = (Place::row(0), Some(Place::row(0)));
    }
    world.tickets.iter_mut().for_each(|ticket| ticket.place = Place::row(0));
    world.depots.clear();
    let page = html(&world, &plan);
    assert!(!page.contains("<svg class=\"map") && page.contains(map::ABSENCE));
    assert!(page.contains("<svg class=\"gantt\""));
    let alone = map_svg(&world, &plan);
    check_tags(&alone);
    assert!(alone.contains(map::ABSENCE));
}

#[test]
fn what_the_world_does_not_know_is_written_but_not_drawn() {
    let (_, plan) = tiny();
    let mut world = World::new(TravelMode::car(36_000));
    world.tickets.push(Ticket::new("T9", Place::at(54.0, 10.0), Seconds(60)));
    let page = html(&world, &plan);
    check_tags(&page);
    assert!(page.contains("not in this world") && !page.contains("class=\"dot"));
    assert!(text(&world, &plan).contains("ada"));
}

#[test]
fn twenty_thousand_tickets_stay_below_fifteen_megabytes() {
    let (mut world, mut plan) = tiny();
    let (engineer, ticket) = (world.engineers[0].clone(), world.tickets[1].clone());
    let (route, visit) = (plan.routes[0].clone(), plan.routes[0].stops[3].clone());
    (world.engineers, world.tickets, plan.routes) = Default::default();
    for e in 0..2_000 {
        let id = format!("engineer {e}");
        let stops = (0..10).map(|n| Stop { id: format!("T{e:05}-{n}"), ..visit.clone() });
        let shift = format!("{id}/1");
        plan.routes.push(Route {
            engineer: id.clone(),
            shift,
            stops: stops.collect(),
            ..route.clone()
        });
        world.engineers.push(Engineer { id, ..engineer.clone() });
    }
    let ids = plan.visits().map(|(_, stop)| stop.id.clone());
    world.tickets = ids
        .enumerate()
        .map(|(n, id)| {
            let place = Place::at(54.0 + (n / 200) as f64 * 0.004, 10.0 + (n % 200) as f64 * 0.004);
            Ticket { id, place, ..ticket.clone() }
        })
        .collect();
    let page = html(&world, &plan);
    assert_eq!(page.matches("class=\"job").count(), 20_000);
    assert!(page.len() < 15_000_000, "{} bytes", page.len());
}

/// Every tag that opens closes, in order, and every attribute is quoted. Enough of a parser for
/// markup of our own hand: scripts and styles are skipped, void elements known.
fn check_tags(markup: &str) {
    const VOID: [&str; 1] = ["meta"];
    let mut open: Vec<&str> = Vec::new();
    let mut rest = markup.trim_start_matches("<!DOCTYPE html>");
    while let Some(start) = rest.find('<') {
        let text = &rest[..start];
        let is_raw = open.last().is_some_and(|tag| ["script", "style"].contains(tag));
        assert!(is_raw || !text.contains('>'), "a stray > in `{text}`");
        rest = &rest[start + 1..];
        if is_raw && !rest.starts_with('/') {
            continue;
        }
        let end = rest.find('>').expect("a tag that ends");
        let tag = &rest[..end];
        rest = &rest[end + 1..];
        assert!(tag.matches('"').count().is_multiple_of(2), "unbalanced quotes in <{tag}>");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "</{name}> closes something else");
        } else if !tag.ends_with('/') {
            let name = tag.split_whitespace().next().expect("a name");
            if !VOID.contains(&name) {
                open.push(name);
            }
        }
    }
    assert!(open.is_empty(), "never closed: {open:?}");
}
