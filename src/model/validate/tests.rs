//! One fault in an otherwise sound world is one issue, with its code, at its path.

use crate::model::{
    Arc, Break, Code, Criterion, Depot, Engineer, LateStep, Lock, Objective, OwnedSkill, Place,
    Profile, Region, Road, RoadNode, Shift, SkillNeed, Ticket, TimeOfDay, Traffic, TravelMode,
    TravelTable, Window, World,
};
use crate::units::{Cost, Instant, LIMIT, Meters, Seconds};
use std::collections::BTreeSet;

const HOUR: i64 = 3_600;

/// A square ring of this half-width around the point.
fn square(lon: f64, lat: f64, half: f64) -> Vec<[f64; 2]> {
    let corner = |x: f64, y: f64| [lon + x * half, lat + y * half];
    vec![corner(-1., -1.), corner(1., -1.), corner(1., 1.), corner(-1., 1.), corner(-1., -1.)]
}

/// Two engineers, two tickets, two regions, a depot; every kind of reference once, all of it sound.
fn sound() -> World {
    let mut world = World::new(TravelMode::car(36_000));
    world.skills = vec!["gas".into(), "power".into()];
    let city = Region { id: "city".into(), ..Region::default() };
    let inner = Region {
        id: "inner".into(),
        parent: Some("city".into()),
        outline: vec![vec![square(13.4, 52.5, 0.5), square(13.4, 52.5, 0.1)]],
        borrow_cap: Some(1),
        ..Region::default()
    };
    world.regions = vec![city, inner];
    let place = Place::at(52.5, 13.4);
    world.depots = vec![Depot { id: "store".into(), place, service: Seconds(300) }];

    let mut ada = Engineer::new("ada", place, Instant(8 * HOUR), Instant(16 * HOUR));
    ada.skills = vec![OwnedSkill { until: Some(Instant(99 * HOUR)), ..OwnedSkill::new("gas", 2) }];
    ada.region = Some("city".into());
    ada.secondary = vec!["inner".into()];
    ada.profile = Some("car".into());
    let noon = Instant(12 * HOUR);
    ada.shifts[0].breaks = vec![Break { earliest: noon, latest: noon, duration: Seconds(1_800) }];
    ada.shifts[0].capacity = vec![5];
    let bob = Engineer::new("bob", place, Instant(8 * HOUR), Instant(16 * HOUR));
    world.engineers = vec![ada, bob];

    let mut first = Ticket::new("T1", place, Seconds(HOUR));
    first.windows = vec![Window::new(Instant(9 * HOUR), Instant(11 * HOUR))];
    first.release = Some(Instant(8 * HOUR));
    first.due = Some(Instant(10 * HOUR));
    first.demand = vec![1];
    first.region = Some("inner".into());
    first.skills.all = vec![SkillNeed::new("gas", 1)];
    first.skills.any = vec![vec![SkillNeed::new("gas", 1), SkillNeed::new("power", 1)]];
    first.skills.none = vec![SkillNeed::new("power", 3)];
    first.preferred = vec!["ada".into()];
    first.required = vec!["ada".into()];
    first.excluded = vec!["bob".into()];
    first.lock = Some(Lock { shift: "ada/1".into(), rank: Some(1), start: None });
    let mut second = Ticket::new("T2", Place::at(52.6, 13.5), Seconds(0));
    second.lock = Some(Lock { shift: "ada/1".into(), rank: Some(2), start: Some(noon) });
    world.tickets = vec![first, second];
    world
}

/// A sound world that travels in another way: all places in row 0, without coordinates.
fn by_matrix(world: &mut World) -> &mut Vec<TravelTable> {
    let table = TravelTable { name: "car".into(), seconds: vec![vec![0]], meters: None };
    travel_by(world, TravelMode::Matrix { tables: vec![table] }, Place::row(0));
    match &mut world.travel {
        TravelMode::Matrix { tables } => tables,
        _ => unreachable!(),
    }
}

fn by_road(world: &mut World) -> &mut Road {
    let node = RoadNode { lat: 52.5, lon: 13.4 };
    let arc = Arc { from: 0, to: 0, milliseconds: 1, meters: Meters(1) };
    let road = Road { nodes: vec![node], arcs: vec![arc], snap_limit: Meters(100) };
    travel_by(world, TravelMode::Road(road), Place::at(52.5, 13.4));
    world.engineers[0].profile = None;
    match &mut world.travel {
        TravelMode::Road(road) => road,
        _ => unreachable!(),
    }
}

fn by_plane(world: &mut World, scale: u32) -> &mut World {
    travel_by(world, TravelMode::Euclid { scale, nearest: false }, Place::xy(5e8, 0.0));
    world.engineers[0].profile = None;
    world
}

fn travel_by(world: &mut World, travel: TravelMode, place: Place) {
    world.travel = travel;
    world.depots.iter_mut().for_each(|depot| depot.place = place);
    world.tickets.iter_mut().for_each(|ticket| ticket.place = place);
    for shift in world.engineers.iter_mut().flat_map(|engineer| &mut engineer.shifts) {
        (shift.from, shift.to) = (place, Some(place));
    }
}

fn profiles(world: &mut World) -> &mut Vec<Profile> {
    match &mut world.travel {
        TravelMode::Haversine { profiles } => profiles,
        _ => unreachable!(),
    }
}

fn shift(world: &mut World) -> &mut Shift {
    &mut world.engineers[0].shifts[0]
}

fn lock(world: &mut World, ticket: usize) -> &mut Lock {
    world.tickets[ticket].lock.as_mut().expect("the fixture has one")
}

fn ring(world: &mut World, number: usize) -> &mut Vec<[f64; 2]> {
    &mut world.regions[1].outline[0][number]
}

/// The same shift a day later.
fn later(shift: &mut Shift) {
    let day = Seconds(24 * HOUR);
    (shift.start, shift.end) = (shift.start + day, shift.end + day);
    for pause in &mut shift.breaks {
        (pause.earliest, pause.latest) = (pause.earliest + day, pause.latest + day);
    }
}

/// Traffic with these speeds.
fn traffic(speeds: &[(u32, u32)]) -> Traffic {
    let speeds = speeds.iter().map(|&(time, percent)| (TimeOfDay(time), percent));
    Traffic { profile: None, speeds: speeds.collect() }
}

/// What to break, and the one issue that comes of it.
type Case = (Code, &'static str, fn(&mut World));

/// At least one case for every code that a world alone can show.
#[rustfmt::skip]
const CASES: &[Case] = &[
    (Code::SCHEMA_VERSION, "schema", |w| w.schema = 2),
    (Code::EMPTY_WORLD, "engineers", |w| { w.engineers.clear(); w.tickets.clear(); }),

    (Code::DUPLICATE_ID, "tickets[1].id", |w| w.tickets[1].id = "T1".into()),
    (Code::DUPLICATE_ID, "engineers[1].id", |w| { w.engineers[1].id = "ada".into(); w.tickets[0].excluded.clear(); }),
    (Code::DUPLICATE_ID, "regions[2].id", |w| { let twin = w.regions[1].clone(); w.regions.push(twin); }),
    (Code::DUPLICATE_ID, "depots[1].id", |w| { let twin = w.depots[0].clone(); w.depots.push(twin); }),
    (Code::DUPLICATE_ID, "engineers[1].shifts[0].id", |w| w.engineers[1].shifts[0].id = Some("ada/1".into())),
    (Code::DUPLICATE_ID, "engineers[0].shifts[1].id", |w| { let mut twin = shift(w).clone(); twin.id = Some("ada/1".into()); later(&mut twin); w.engineers[0].shifts.push(twin); }),
    (Code::DUPLICATE_ID, "travel.profiles[1].name", |w| { let twin = profiles(w)[0].clone(); profiles(w).push(twin); }),
    (Code::DUPLICATE_ID, "travel.tables[1].name", |w| { let twin = by_matrix(w)[0].clone(); by_matrix(w).push(twin); }),

    (Code::EMPTY_ID, "tickets[1].id", |w| w.tickets[1].id.clear()),
    (Code::EMPTY_ID, "engineers[1].id", |w| { w.engineers[1].id.clear(); w.tickets[0].excluded.clear(); }),
    (Code::EMPTY_ID, "engineers[1].shifts[0].id", |w| w.engineers[1].shifts[0].id = Some(String::new())),
    (Code::EMPTY_ID, "regions[2].id", |w| w.regions.push(Region::default())),
    (Code::EMPTY_ID, "depots[0].id", |w| w.depots[0].id.clear()),
    (Code::EMPTY_ID, "skills[2]", |w| w.skills.push(String::new())),

    (Code::OUT_OF_RANGE, "resolution", |w| w.resolution = 0),
    (Code::OUT_OF_RANGE, "engineers[1].service_percent", |w| w.engineers[1].service_percent = 10_001),
    (Code::OUT_OF_RANGE, "engineers[0].skills[0].until", |w| w.engineers[0].skills[0].until = Some(Instant(LIMIT + 1))),
    (Code::OUT_OF_RANGE, "engineers[1].shifts[0].start", |w| w.engineers[1].shifts[0].start = Instant(-LIMIT - 1)),
    (Code::OUT_OF_RANGE, "engineers[1].shifts[0].end", |w| w.engineers[1].shifts[0].end = Instant(i64::MAX)),
    (Code::OUT_OF_RANGE, "engineers[1].shifts[0].overtime", |w| w.engineers[1].shifts[0].overtime = Some(Seconds(LIMIT))),
    (Code::OUT_OF_RANGE, "engineers[0].shifts[0].breaks[0].earliest", |w| shift(w).breaks[0].earliest = Instant(i64::MIN)),
    (Code::OUT_OF_RANGE, "engineers[0].shifts[0].breaks[0].latest", |w| shift(w).breaks[0].latest = Instant(i64::MAX)),
    (Code::OUT_OF_RANGE, "tickets[0].service", |w| w.tickets[0].service = Seconds(LIMIT + 1)),
    (Code::OUT_OF_RANGE, "tickets[0].windows[0]", |w| w.tickets[0].windows[0].latest = Instant(LIMIT + 1)),
    (Code::OUT_OF_RANGE, "tickets[0].due", |w| w.tickets[0].due = Some(Instant(LIMIT + 1))),
    (Code::OUT_OF_RANGE, "tickets[0].release", |w| w.tickets[0].release = Some(Instant(-LIMIT - 1))),
    (Code::OUT_OF_RANGE, "tickets[0].value", |w| w.tickets[0].value = Some(i64::MAX)),
    (Code::OUT_OF_RANGE, "tickets[0].lock.rank", |w| lock(w, 0).rank = Some(0)),
    (Code::OUT_OF_RANGE, "tickets[1].lock.start", |w| lock(w, 1).start = Some(Instant(i64::MAX))),
    (Code::OUT_OF_RANGE, "tickets[1].place", |w| by_plane(w, 1).tickets[1].place = Place::xy(1.1e9, 0.0)),
    (Code::OUT_OF_RANGE, "tickets[1].place", |w| by_plane(w, 500).tickets[1].place = Place::xy(-6e8, 0.0)),
    (Code::OUT_OF_RANGE, "tickets[1].place", |w| by_plane(w, 1).tickets[1].place = Place::xy(0.0, f64::NAN)),
    (Code::OUT_OF_RANGE, "engineers[0].skills[0]", |w| w.engineers[0].skills[0].level = u32::MAX),
    (Code::OUT_OF_RANGE, "travel.arcs[0].meters", |w| by_road(w).arcs[0].meters = Meters(1 << 32)),
    (Code::OUT_OF_RANGE, "travel.scale", |w| { by_plane(w, 0); }),
    (Code::OUT_OF_RANGE, "travel.profiles[0].detour_percent", |w| profiles(w)[0].detour_percent = 0),
    (Code::OUT_OF_RANGE, "utc_offset", |w| w.utc_offset = Seconds(86_401)),
    (Code::OUT_OF_RANGE, "traffic[0].speeds[1]", |w| w.traffic = vec![traffic(&[(0, 100), (9, 0)])]),
    (Code::SPEEDS, "traffic[0].speeds", |w| w.traffic = vec![traffic(&[])]),
    (Code::SPEEDS, "traffic[0].speeds", |w| w.traffic = vec![traffic(&[(9, 50), (9, 60)])]),
    (Code::SPEEDS, "traffic[0].speeds", |w| w.traffic = vec![traffic(&[(86_400, 50)])]),
    (Code::UNKNOWN_PROFILE, "traffic[0].profile", |w| w.traffic = vec![Traffic { profile: Some("boat".into()), ..traffic(&[(0, 50)]) }]),
    (Code::DUPLICATE_ID, "traffic[1].profile", |w| w.traffic = vec![traffic(&[(0, 50)]), traffic(&[(0, 60)])]),
    (Code::TOO_LARGE, "travel.profiles", |w| {
        let named = |n: usize| Profile { name: n.to_string(), ..profiles(&mut sound())[0].clone() };
        profiles(w).extend((0..256).map(named));
    }),

    (Code::UNKNOWN_SKILL, "engineers[0].skills[0]", |w| w.engineers[0].skills[0].skill = "gsa".into()),
    (Code::UNKNOWN_SKILL, "tickets[1].skills.all[0]", |w| w.tickets[1].skills.all = vec![SkillNeed::new("gsa", 1)]),
    (Code::UNKNOWN_SKILL, "tickets[0].skills.any[0][1]", |w| w.tickets[0].skills.any[0][1].skill = "gsa".into()),
    (Code::UNKNOWN_SKILL, "tickets[0].skills.none[0]", |w| w.tickets[0].skills.none[0].skill = "gsa".into()),
    (Code::SKILL_LEVEL, "engineers[0].skills[0]", |w| w.engineers[0].skills[0].level = 0),
    (Code::SKILL_LEVEL, "tickets[0].skills.all[0]", |w| w.tickets[0].skills.all[0].level = 0),
    (Code::CONTRADICTING_SKILLS, "tickets[0].skills.all[0]", |w| w.tickets[0].skills.all[0] = SkillNeed::new("power", 3)),
    (Code::CONTRADICTING_SKILLS, "tickets[0].skills.any[0]", |w| w.tickets[0].skills.any[0] = vec![SkillNeed::new("power", 4)]),
    (Code::EMPTY_GROUP, "tickets[0].skills.any[1]", |w| w.tickets[0].skills.any.push(Vec::new())),

    (Code::UNKNOWN_REGION, "engineers[0].region", |w| w.engineers[0].region = Some("sea".into())),
    (Code::UNKNOWN_REGION, "engineers[0].secondary[1]", |w| w.engineers[0].secondary.push("sea".into())),
    (Code::UNKNOWN_REGION, "tickets[0].region", |w| w.tickets[0].region = Some("sea".into())),
    (Code::UNKNOWN_REGION, "regions[0].parent", |w| w.regions[0].parent = Some("sea".into())),
    (Code::OUTLINE, "regions[1].outline[1]", |w| w.regions[1].outline.push(Vec::new())),
    (Code::OUTLINE, "regions[1].outline[0][1]", |w| { ring(w, 1).truncate(3); }),
    (Code::OUTLINE, "regions[1].outline[0][0]", |w| { ring(w, 0).pop(); }),
    (Code::OUTLINE, "regions[1].outline[0][0]", |w| ring(w, 0)[1] = [f64::NAN, 52.0]),
    (Code::OUTLINE, "regions[1].outline[0][0]", |w| ring(w, 0)[1] = [181.0, 52.0]),
    (Code::OUTLINE, "regions[1].outline[0][0]", |w| ring(w, 0).swap(1, 2)),
    (Code::OUTLINE, "regions[1].outline[0][1]", |w| *ring(w, 1) = vec![[13.3, 52.5], [13.4, 52.5], [13.5, 52.5], [13.3, 52.5]]),
    (Code::OUTLINE, "regions[1].outline[0]", |w| *ring(w, 1) = square(14.4, 52.5, 0.1)),
    (Code::REGION_CYCLE, "regions[0].parent", |w| w.regions[0].parent = Some("inner".into())),
    (Code::REGION_CYCLE, "regions[0].parent", |w| w.regions[0].parent = Some("city".into())),
    (Code::COORDINATES, "tickets[0].place", |w| w.tickets[0].place = Place::at(f64::NAN, 13.4)),
    (Code::COORDINATES, "depots[0].place", |w| w.depots[0].place = Place::at(f64::INFINITY, 13.4)),
    (Code::COORDINATES, "engineers[0].shifts[0].from", |w| shift(w).from = Place::at(91.0, 13.4)),
    (Code::COORDINATES, "engineers[0].shifts[0].to", |w| shift(w).to = Some(Place::at(0.0, -180.5))),
    (Code::COORDINATES, "travel.nodes[0]", |w| by_road(w).nodes[0].lat = 91.0),
    (Code::COORDINATES, "tickets[0].place", |w| { by_matrix(w); w.tickets[0].place = Place::at(91.0, 0.0).in_row(0); }),
    (Code::NO_COORDINATES, "tickets[0].place", |w| w.tickets[0].place = Place::row(7)),
    (Code::NO_COORDINATES, "tickets[0].place", |w| w.tickets[0].place.lat = None),
    (Code::NO_COORDINATES, "tickets[0].place", |w| { by_matrix(w); w.tickets[0].place.lon = Some(13.4); }),
    (Code::NO_ROW, "tickets[0].place", |w| { by_matrix(w); w.tickets[0].place = Place::at(52.5, 13.4); }),
    (Code::ROW, "tickets[0].place.row", |w| { by_matrix(w); w.tickets[0].place = Place::row(1); }),

    (Code::SHIFT_TIMES, "engineers[0].shifts[0]", |w| shift(w).end = Instant(0)),
    (Code::BREAK_TIMES, "engineers[0].shifts[0].breaks[0]", |w| shift(w).breaks[0].latest = Instant(11 * HOUR)),
    (Code::BREAK_TIMES, "engineers[0].shifts[0].breaks[0]", |w| shift(w).breaks[0].duration = Seconds(4 * HOUR + 1)),
    (Code::BREAK_TIMES, "engineers[0].shifts[0].breaks[0]", |w| { let b = &mut shift(w).breaks[0]; b.earliest = Instant(6 * HOUR); b.latest = Instant(7 * HOUR); }),
    (Code::NO_SHIFT, "engineers[1].shifts", |w| w.engineers[1].shifts.clear()),
    (Code::SHIFT_OVERLAP, "engineers[1].shifts[1]", |w| { let twin = w.engineers[1].shifts[0].clone(); w.engineers[1].shifts.push(twin); }),
    (Code::SHIFT_OVERLAP, "engineers[1].shifts[1]", |w| { let mut twin = w.engineers[1].shifts[0].clone(); later(&mut twin); w.engineers[1].shifts[0].overtime = Some(Seconds(HOUR * 17)); w.engineers[1].shifts.push(twin); }),
    (Code::COORDINATES, "tickets[1].place", |w| w.tickets[1].place = Place::at(13.5, 52.6)),

    (Code::WINDOW_TIMES, "tickets[0].windows[0]", |w| w.tickets[0].windows[0].latest = Instant(9 * HOUR - 1)),
    (Code::WINDOW_RELEASE, "tickets[0].windows", |w| { w.tickets[0].release = Some(Instant(11 * HOUR + 1)); w.tickets[0].due = None; }),
    (Code::WINDOW_TIMES, "tickets[0].preferred_windows[0]", |w| w.tickets[0].preferred_windows = vec![Window::new(Instant(10 * HOUR), Instant(10 * HOUR - 1))]),
    (Code::OUT_OF_RANGE, "tickets[1].preferred_windows[0]", |w| w.tickets[1].preferred_windows = vec![Window::new(Instant(0), Instant(LIMIT + 1))]),
    (Code::PREFERRED_WINDOW, "tickets[0].preferred_windows[1]", |w| w.tickets[0].preferred_windows = vec![Window::new(Instant(0), Instant(9 * HOUR)), Window::new(Instant(11 * HOUR + 1), Instant(12 * HOUR))]),
    (Code::PREFERRED_WINDOW, "tickets[1].preferred_windows[0]", |w| { w.tickets[1].release = Some(Instant(9 * HOUR)); w.tickets[1].preferred_windows = vec![Window::new(Instant(0), Instant(9 * HOUR - 1))]; }),
    (Code::NEGATIVE, "tickets[0].service", |w| w.tickets[0].service = Seconds(-1)),
    (Code::NEGATIVE, "tickets[0].setup", |w| w.tickets[0].setup = Seconds(-1)),
    (Code::NEGATIVE, "tickets[0].late_steps[0].after", |w| w.tickets[0].late_steps = vec![LateStep { after: Seconds(-1), cost: Cost(1) }]),
    (Code::NEGATIVE, "tickets[0].late_steps[0].cost", |w| w.tickets[0].late_steps = vec![LateStep { after: Seconds(0), cost: Cost(-1) }]),
    (Code::NEGATIVE, "tickets[0].demand[0]", |w| w.tickets[0].demand[0] = -1),
    (Code::NEGATIVE, "tickets[0].value", |w| w.tickets[0].value = Some(i64::MIN)),
    (Code::NEGATIVE, "engineers[1].capacity_per_day[1]", |w| w.engineers[1].capacity_per_day = vec![0, -1]),
    (Code::NEGATIVE, "engineers[0].shifts[0].capacity[0]", |w| shift(w).capacity[0] = -1),
    (Code::NEGATIVE, "engineers[0].shifts[0].breaks[0].duration", |w| shift(w).breaks[0].duration = Seconds(-1)),
    (Code::NEGATIVE, "engineers[0].shifts[0].overtime", |w| shift(w).overtime = Some(Seconds(-1))),
    (Code::NEGATIVE, "engineers[0].shifts[0].max_duration", |w| shift(w).max_duration = Some(Seconds(-1))),
    (Code::NEGATIVE, "engineers[0].shifts[0].max_distance", |w| shift(w).max_distance = Some(Meters(-1))),
    (Code::NEGATIVE, "engineers[0].shifts[0].fixed_cost", |w| shift(w).fixed_cost = Cost(-1)),
    (Code::NEGATIVE, "engineers[0].worked", |w| w.engineers[0].worked = Seconds(-1)),
    (Code::NEGATIVE, "regions[0].secondary_cost", |w| w.regions[0].secondary_cost = Cost(-1)),
    (Code::NEGATIVE, "regions[0].borrow_cost", |w| w.regions[0].borrow_cost = Cost(-1)),
    (Code::NEGATIVE, "depots[0].service", |w| w.depots[0].service = Seconds(-1)),
    (Code::NEGATIVE, "travel.profiles[0].fixed", |w| profiles(w)[0].fixed = Seconds(-1)),
    (Code::NEGATIVE, "travel.arcs[0].meters", |w| by_road(w).arcs[0].meters = Meters(-1)),
    (Code::NEGATIVE, "travel.snap_limit", |w| by_road(w).snap_limit = Meters(-1)),
    (Code::DUE_RELEASE, "tickets[0].due", |w| w.tickets[0].due = Some(Instant(8 * HOUR - 1))),
    (Code::UNKNOWN_ENGINEER, "tickets[0].preferred[1]", |w| w.tickets[0].preferred.push("eve".into())),
    (Code::UNKNOWN_ENGINEER, "tickets[0].required[1]", |w| w.tickets[0].required.push("eve".into())),
    (Code::UNKNOWN_ENGINEER, "tickets[0].excluded[1]", |w| w.tickets[0].excluded.push("eve".into())),
    (Code::CONTRADICTING_ENGINEERS, "tickets[0].preferred[1]", |w| w.tickets[0].preferred.push("bob".into())),
    (Code::CONTRADICTING_ENGINEERS, "tickets[0].required[1]", |w| w.tickets[0].required.push("bob".into())),
    (Code::UNKNOWN_SHIFT, "tickets[0].lock.shift", |w| lock(w, 0).shift = "ada/2".into()),
    (Code::UNKNOWN_SHIFT, "tickets[0].told", |w| w.tickets[0].told = Some("ada/2".into())),
    (Code::UNKNOWN_TICKET, "tickets[1].after[0]", |w| w.tickets[1].after = vec!["T3".into()]),
    (Code::PRECEDENCE_CYCLE, "tickets[1].after", |w| w.tickets[1].after = vec!["T2".into()]),
    (Code::PRECEDENCE_CYCLE, "tickets[0].after", |w| { w.tickets[0].after = vec!["T2".into()]; w.tickets[1].after = vec!["T1".into()]; }),
    (Code::PRECEDENCE, "tickets[1].after", |w| w.tickets[1].after = vec!["T1".into()]),
    (Code::LOCK_RANK, "tickets[1].lock.rank", |w| lock(w, 1).rank = Some(1)),
    (Code::LATE_STEPS, "tickets[1].late_steps", |w| { w.tickets[1].due = None; w.tickets[1].late_steps = vec![LateStep { after: Seconds(0), cost: Cost(1) }]; }),
    (Code::LOCK_ENGINEER, "tickets[0].lock.shift", |w| { lock(w, 0).shift = "bob/1".into(); w.tickets[0].required.clear(); }),
    (Code::LOCK_ENGINEER, "tickets[1].lock.shift", |w| w.tickets[1].required = vec!["bob".into()]),

    (Code::NO_PROFILE, "travel.profiles", |w| { profiles(w).clear(); w.engineers[0].profile = None; }),
    (Code::NO_PROFILE, "travel.tables", |w| { by_matrix(w).clear(); w.engineers[0].profile = None; }),
    (Code::NO_PROFILE, "travel.nodes", |w| { by_road(w).nodes.clear(); by_road_without_arcs(w); }),
    (Code::UNKNOWN_PROFILE, "engineers[0].profile", |w| w.engineers[0].profile = Some("bike".into())),
    (Code::UNKNOWN_PROFILE, "engineers[0].profile", |w| by_plane(w, 1).engineers[0].profile = Some("car".into())),
    (Code::MATRIX_SHAPE, "travel.tables[0].seconds[0]", |w| by_matrix(w)[0].seconds[0].push(0)),
    (Code::MATRIX_SHAPE, "travel.tables[0].meters", |w| by_matrix(w)[0].meters = Some(Vec::new())),
    (Code::MATRIX_SHAPE, "travel.tables[1].seconds", |w| {
        by_matrix(w).push(TravelTable { name: "van".into(), seconds: vec![vec![0; 2]; 2], meters: None });
    }),
    (Code::SPEED, "travel.profiles[0].meters_per_hour", |w| profiles(w)[0].meters_per_hour = 0),
    (Code::ROAD_ARC, "travel.arcs[0].from", |w| by_road(w).arcs[0].from = 1),
    (Code::ROAD_ARC, "travel.arcs[0].to", |w| by_road(w).arcs[0].to = u32::MAX),

    (Code::EMPTY_OBJECTIVE, "objective", |w| w.objective.levels.clear()),
    (Code::EMPTY_OBJECTIVE, "objective", |w| w.objective = Objective::of(&[&[(Criterion::Travel, 0)]])),
    (Code::OBJECTIVE_LEVELS, "objective", |w| w.objective = Objective::of(&[[(Criterion::Travel, 1)].as_slice(); 7])),
    (Code::WEIGHT, "objective[0].unserved", |w| w.objective = Objective::of(&[&[(Criterion::Unserved, -1)]])),
    (Code::WEIGHT, "objective[1].travel", |w| w.objective = Objective::of(&[&[], &[(Criterion::Travel, 1_000_000_001)]])),
];

/// Codes from 100 on that only building a problem, or a plan beside it, can show. Those from 801 on belong
/// to agreements and are tested in `clock`.
const NOT_SEEN_IN_A_WORLD: [Code; 4] =
    [Code::OFF_ROAD, Code::UNREACHABLE, Code::OVERFLOW, Code::OTHER_PLAN];

fn by_road_without_arcs(world: &mut World) {
    if let TravelMode::Road(road) = &mut world.travel {
        road.arcs.clear();
        road.nodes.clear();
    }
}

#[test]
fn a_sound_world_has_no_fault_by_any_way_to_travel() {
    assert_eq!(sound().validate(), Ok(()));
    let ways: [fn(&mut World); 4] = [
        |world| _ = by_matrix(world),
        |world| _ = by_road(world),
        |world| _ = by_plane(world, 1),
        |world| _ = by_plane(world, 500),
    ];
    for way in ways {
        let mut world = sound();
        way(&mut world);
        assert_eq!(world.validate(), Ok(()), "{:?}", world.travel);
    }
}

#[test]
fn one_broken_thing_is_one_issue_with_its_code_at_its_path() {
    for (number, (code, at, break_it)) in CASES.iter().enumerate() {
        let mut world = sound();
        break_it(&mut world);
        let faults = world.validate().expect_err(&format!("case {number}: {code} at {at}"));
        let found: Vec<(Code, &str)> =
            faults.0.iter().map(|issue| (issue.code, issue.at.as_str())).collect();
        assert_eq!(found, [(*code, *at)], "case {number}: {faults}");
        assert!(!faults.0[0].cause.is_empty());
    }
}

#[test]
fn every_code_that_a_world_can_show_has_a_case() {
    let numbers = |codes: &mut dyn Iterator<Item = Code>| -> BTreeSet<u16> {
        codes.map(|code| code.number).filter(|number| (100..801).contains(number)).collect()
    };
    let mut tested = numbers(&mut CASES.iter().map(|(code, ..)| *code));
    tested.extend(numbers(&mut NOT_SEEN_IN_A_WORLD.into_iter()));
    assert_eq!(tested, numbers(&mut Code::ALL.iter().copied()));
}

/// A path leads through the world's own JSON, so that an editor can jump to it.
#[test]
fn every_path_leads_to_a_value_in_the_json() {
    for (code, at, break_it) in CASES {
        let mut world = sound();
        break_it(&mut world);
        let json = serde_json::to_value(&world).expect("serializes");
        let keys: Vec<&str> = at.split(['.', '[', ']']).filter(|key| !key.is_empty()).collect();
        let mut value = &json;
        for (depth, key) in keys.iter().enumerate() {
            let next = match key.parse::<usize>() {
                Ok(index) => value.get(index),
                Err(_) => value.get(key),
            };
            // What is missing or empty is left out of the JSON: then its holder has to be there.
            let Some(next) = next else {
                assert_eq!(depth + 1, keys.len(), "{code} at {at}: nothing under `{key}`");
                break;
            };
            value = next;
        }
    }
}

#[test]
fn ten_faults_are_ten_issues() {
    let mut world = sound();
    world.schema = 7;
    world.resolution = 0;
    world.regions[0].id.clear();
    world.regions[1].parent = None;
    world.engineers[0].region = None;
    world.engineers[1].shifts.clear();
    world.tickets[0].service = Seconds(-5);
    world.tickets[0].due = Some(Instant(0));
    world.tickets[1].place = Place::at(152.6, 13.5);
    world.tickets[1].after = vec!["T9".into()];
    profiles(&mut world)[0].meters_per_hour = 0;
    world.objective.levels.clear();
    let faults = world.validate().expect_err("ten faults");
    assert_eq!(faults.0.len(), 10, "{faults}");
}

#[test]
fn causes_name_the_values() {
    let cause_of = |break_it: fn(&mut World)| {
        let mut world = sound();
        break_it(&mut world);
        world.validate().expect_err("broken").0[0].cause.clone()
    };
    assert_eq!(
        cause_of(|w| w.tickets[0].place = Place::at(113.4, 52.5)),
        "latitude 113.4, longitude 52.5; they look swapped"
    );
    assert_eq!(
        cause_of(|w| w.engineers[1].service_percent = 10_001),
        "service_percent is 10001, not within 0 to 10000"
    );
    assert_eq!(cause_of(|w| w.tickets[1].id = "T1".into()), "`T1` is already the id of tickets[0]");
    assert_eq!(
        cause_of(|w| w.engineers[1].shifts[0].id = Some("ada/1".into())),
        "`ada/1` is already the id of engineers[0].shifts[0]"
    );
    assert_eq!(
        cause_of(|w| w.tickets[0].skills.all[0] = SkillNeed::new("power", 4)),
        "`power` is asked for at level 4, ruled out from 3"
    );
}

/// A recursive search for circles would leave the stack of a thread.
#[test]
fn a_long_chain_of_tickets_does_not_exhaust_the_stack() {
    let mut world = sound();
    let chain = (0..200_000).map(|t| {
        let mut ticket = Ticket::new(t.to_string(), Place::at(0.0, 0.0), Seconds(0));
        ticket.after = vec![(t + 1).to_string()];
        ticket
    });
    world.tickets = chain.collect();
    world.tickets[199_999].after.clear();
    let faults = world.validate().expect_err("order cannot be planned");
    assert_eq!(faults.0.len(), 199_999);
    assert!(faults.0.iter().all(|issue| issue.code == Code::PRECEDENCE));
}

#[test]
fn faults_of_many_tickets_come_in_the_order_of_the_tickets() {
    let mut world = sound();
    let place = world.tickets[1].place;
    world.tickets = (0..20_000).map(|n| Ticket::new(format!("T{n}"), place, Seconds(60))).collect();
    let wrong = [19_999, 4_096, 3, 12_000, 4_095];
    for t in wrong {
        world.tickets[t].service = Seconds(-1);
    }
    let told = world.validate().expect_err("negative").0.into_iter().map(|issue| issue.at);
    let expected = [3, 4_095, 4_096, 12_000, 19_999].map(|t| format!("tickets[{t}].service"));
    assert_eq!(told.collect::<Vec<_>>(), expected);
}
