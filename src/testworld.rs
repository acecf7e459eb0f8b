//! Small random worlds that use everything the model can say; a test names the seed that failed.

use crate::model::{
    Break, Criterion, Depot, Engineer, LateStep, Lock, Objective, OwnedSkill, Place, Region,
    SkillNeed, Ticket, TimeOfDay, Traffic, TravelMode, TravelTable, Window, World,
};
use crate::rng::Rng;
use crate::units::{Cost, Instant, Meters, Seconds};

const SKILLS: [&str; 4] = ["boiler", "gas", "heat pump", "lift"];
const DAY: i64 = 8 * 3_600;

/// A sound world of a few engineers and up to a dozen tickets, all of it drawn from the seed.
pub(crate) fn random(seed: u64) -> World {
    let rng = &mut Rng::new(seed, 99);
    let mut world = World::new(travel(rng));
    let presets = Objective::presets();
    world.objective = presets[rng.below(presets.len())].2.clone();
    let least = world.objective.levels.last_mut().expect("a preset has levels");
    for criterion in
        [Criterion::Overtime, Criterion::Changes, Criterion::OffWindow, Criterion::Balance]
    {
        if rng.one_in(3) {
            least.insert(criterion, rng.between(1, 20));
        }
    }
    world.regions = regions(rng);
    if rng.one_in(2) {
        world.depots.push(Depot { id: "D".into(), place: place(rng), service: Seconds(120) });
    }
    for number in 0..1 + rng.below(4) {
        world.engineers.push(engineer(rng, number, &world.regions));
    }
    for number in 0..rng.below(13) {
        let ticket = ticket(rng, number, &world);
        world.tickets.push(ticket);
    }
    if rng.one_in(3) {
        add_setups(rng, &mut world);
    }
    if rng.one_in(3) {
        tell(rng, &mut world);
    }
    if rng.one_in(3) {
        prefer(rng, &mut world);
    }
    if rng.one_in(3) {
        slow_down(rng, &mut world);
    }
    world
}

/// A town of so many tickets, each for one of the first `trades` of four trades, and of ten engineers who have one each.
pub(crate) fn trades(tickets: usize, trades: usize) -> World {
    let rng = &mut Rng::new(1, 98);
    let mut world = World::new(TravelMode::car(36_000));
    for number in 0..10 {
        let mut engineer =
            Engineer::new(format!("E{number}"), Place::at(52.5, 13.4), Instant(0), Instant(DAY));
        engineer.skills.push(OwnedSkill::new(SKILLS[number % trades], 1));
        world.engineers.push(engineer);
    }
    for number in 0..tickets {
        let at = Place::at(
            52.4 + rng.below(2_000) as f64 / 10_000.0,
            13.2 + rng.below(4_000) as f64 / 10_000.0,
        );
        let mut ticket = Ticket::new(format!("T{number}"), at, Seconds(600));
        ticket.skills.all = vec![SkillNeed::new(SKILLS[rng.below(trades)], 1)];
        world.tickets.push(ticket);
    }
    world
}

/// Customers who have been told a shift, often with a limit on changes.
fn tell(rng: &mut Rng, world: &mut World) {
    for ticket in &mut world.tickets {
        let engineer = &world.engineers[rng.below(world.engineers.len())];
        ticket.told = (!rng.one_in(4)).then(|| engineer.shift_id(0));
    }
    world.max_changes = (!rng.one_in(3)).then(|| rng.below(4) as u32);
}

/// Customers who would rather have it at some times than at others, all of them possible.
fn prefer(rng: &mut Rng, world: &mut World) {
    for ticket in &mut world.tickets {
        ticket.preferred_windows = (0..rng.below(3))
            .map(|_| {
                let earliest = Instant(rng.between(0, 30) * 900);
                Window { earliest, latest: earliest + Seconds(rng.between(0, 6) * 900) }
            })
            .filter(|wanted| {
                let meets = |w: &Window| w.earliest <= wanted.latest && wanted.earliest <= w.latest;
                ticket.windows.is_empty() || ticket.windows.iter().any(meets)
            })
            .collect();
    }
}

/// Speeds that change with the hour, for all profiles or for some.
fn slow_down(rng: &mut Rng, world: &mut World) {
    world.utc_offset = Seconds(rng.between(-4, 4) * 1_800);
    let name = world.travel.profile_names().first().map(ToString::to_string);
    if rng.one_in(2) {
        world.traffic.push(Traffic { profile: None, speeds: speeds(rng) });
    }
    if world.traffic.is_empty() || (name.is_some() && rng.one_in(2)) {
        world.traffic.push(Traffic { profile: name, speeds: speeds(rng) });
    }
}

/// Some speeds of a day, most of them changing while engineers are out.
pub(crate) fn speeds(rng: &mut Rng) -> Vec<(TimeOfDay, u32)> {
    let mut times: Vec<u32> = (0..1 + rng.below(6)).map(|_| rng.below(20) as u32 * 1_800).collect();
    times.sort_unstable();
    times.dedup();
    times.into_iter().map(|time| (TimeOfDay(time), 30 + rng.below(170) as u32)).collect()
}

/// Set-ups, and tickets that share their places with others, with shifts and with depots.
fn add_setups(rng: &mut Rng, world: &mut World) {
    let mut places: Vec<Place> = world.tickets.iter().map(|ticket| ticket.place).collect();
    places.truncate(3);
    places.push(world.engineers[0].shifts[0].from);
    places.extend(world.depots.first().map(|depot| depot.place));
    for ticket in &mut world.tickets {
        ticket.setup = Seconds(rng.between(0, 3) * 400);
        if rng.one_in(2) {
            ticket.place = places[rng.below(places.len())];
        }
    }
}

fn travel(rng: &mut Rng) -> TravelMode {
    match rng.below(3) {
        0 => TravelMode::Euclid { scale: 100, nearest: true },
        1 => TravelMode::car(36_000),
        _ => {
            let mut table = || -> Vec<Vec<u32>> {
                let cell = |from: u32, to: u32, rng: &mut Rng| {
                    if from == to { 0 } else { 60 + rng.below(1_200) as u32 }
                };
                (0..8).map(|from| (0..8).map(|to| cell(from, to, rng)).collect()).collect()
            };
            let (seconds, meters) = (table(), Some(table()));
            TravelMode::Matrix { tables: vec![TravelTable { name: "car".into(), seconds, meters }] }
        }
    }
}

fn place(rng: &mut Rng) -> Place {
    let (x, y) = (rng.unit() * 0.1, rng.unit() * 0.1);
    Place::at(50.0 + y, 8.0 + x).in_row(rng.below(8) as u32)
}

fn regions(rng: &mut Rng) -> Vec<Region> {
    if rng.one_in(3) {
        return Vec::new();
    }
    let region = |id: &str, parent: Option<&str>| Region {
        id: id.into(),
        parent: parent.map(Into::into),
        secondary_cost: Cost(100),
        borrow_cost: Cost(700),
        ..Region::default()
    };
    let mut regions =
        vec![region("city", None), region("north", Some("city")), region("south", None)];
    let side = |low: f64, high: f64| {
        vec![vec![vec![[7.9, low], [8.2, low], [8.2, high], [7.9, high], [7.9, low]]]]
    };
    regions[1].outline = side(50.05, 50.2);
    regions[2].outline = side(49.9, 50.05);
    regions[2].borrow_cap = Some(rng.below(3) as u32);
    regions
}

fn engineer(rng: &mut Rng, number: usize, regions: &[Region]) -> Engineer {
    let start = Instant(rng.between(0, 2) * 1_800);
    let mut engineer = Engineer::new(
        format!("E{number}"),
        place(rng),
        start,
        Instant(DAY - rng.between(0, 7_200)),
    );
    for skill in SKILLS {
        if !rng.one_in(3) {
            let until = rng.one_in(5).then(|| Instant(rng.between(0, 2 * DAY)));
            let level = 1 + rng.below(3) as u32;
            engineer.skills.push(OwnedSkill { until, ..OwnedSkill::new(skill, level) });
        }
    }
    if !regions.is_empty() {
        engineer.region = Some(regions[rng.below(regions.len())].id.clone());
        engineer.secondary = vec![regions[rng.below(regions.len())].id.clone()];
        engineer.lendable = !rng.one_in(3);
    }
    engineer.service_percent = [80, 100, 100, 133][rng.below(4)];
    engineer.worked = Seconds(rng.between(0, 4) * 9_000);
    engineer.max_tickets_per_day = rng.one_in(4).then(|| 1 + rng.below(4) as u32);
    engineer.capacity_per_day = if rng.one_in(4) { vec![rng.between(2, 6)] } else { Vec::new() };
    engineer.van.tools =
        SKILLS[..2].iter().filter(|_| rng.one_in(2)).map(|t| (*t).into()).collect();
    engineer.van.parts = [("board".to_owned(), rng.below(3) as u32)].into();
    let shift = &mut engineer.shifts[0];
    if rng.one_in(3) {
        shift.to = None;
    }
    shift.max_tickets = rng.one_in(3).then(|| 1 + rng.below(4) as u32);
    shift.capacity = if rng.one_in(2) { vec![6] } else { Vec::new() };
    shift.max_duration = rng.one_in(4).then(|| Seconds(rng.between(3, 7) * 3_600));
    shift.max_distance = rng.one_in(4).then_some(Meters(40_000));
    shift.fixed_cost = Cost(rng.between(0, 500));
    shift.overtime = rng.one_in(3).then(|| Seconds(rng.between(0, 4) * 1_200));
    if rng.one_in(2) {
        let earliest = Instant(rng.between(8, 12) * 1_200);
        let latest = earliest + Seconds(rng.between(0, 3) * 1_200);
        shift.breaks.push(Break { earliest, latest, duration: Seconds(1_200) });
    }
    if rng.one_in(3) {
        let mut second = shift.clone();
        // On the same day or, in most places, on a later one.
        let pause = if rng.one_in(2) { 1_800 } else { 4 * DAY };
        let morning = shift.latest_end() + Seconds(pause);
        (second.start, second.end) = (morning, morning + Seconds(DAY));
        second.breaks.clear();
        engineer.shifts.push(second);
    }
    engineer
}

fn ticket(rng: &mut Rng, number: usize, world: &World) -> Ticket {
    let mut ticket =
        Ticket::new(format!("T{number}"), place(rng), Seconds(rng.between(1, 6) * 600));
    for _ in 0..rng.below(3) {
        let earliest = Instant(rng.between(0, 12) * 1_800);
        let latest = earliest + Seconds(rng.between(0, 6) * 1_800);
        ticket.windows.push(Window { earliest, latest });
    }
    if rng.one_in(2) {
        ticket.due = Some(Instant(rng.between(1, 16) * 1_800));
        for _ in 0..rng.below(3) {
            let after = Seconds(rng.between(0, 6) * 900);
            ticket.late_steps.push(LateStep { after, cost: Cost(rng.between(0, 5_000)) });
        }
    }
    ticket.priority = rng.below(4) as u32 * 20;
    let mut need = || SkillNeed::new(SKILLS[rng.below(4)], 1 + rng.below(2) as u32);
    match number % 4 {
        0 => ticket.skills.all = vec![need()],
        1 => ticket.skills.any = vec![vec![need(), need()]],
        2 => ticket.skills.none = vec![need()],
        _ => {}
    }
    ticket.demand = vec![rng.between(0, 3)];
    let someone = world.engineers[rng.below(world.engineers.len())].id.clone();
    match rng.below(8) {
        0 => ticket.preferred.push(someone),
        1 => ticket.required.push(someone),
        2 => ticket.excluded.push(someone),
        3 => ticket.lock = Some(lock(rng, number, &world.engineers[0])),
        _ => {}
    }
    if rng.one_in(4) {
        ticket.needs.parts = [("board".to_owned(), 1)].into();
    }
    if rng.one_in(6) {
        ticket.needs.tools = [SKILLS[0].to_owned()].into();
    }
    ticket
}

fn lock(rng: &mut Rng, number: usize, engineer: &Engineer) -> Lock {
    let rank = rng.one_in(2).then_some(number as u32 + 1);
    Lock { shift: engineer.shift_id(0), rank, start: None }
}
