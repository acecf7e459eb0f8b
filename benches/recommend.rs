//! One ticket, 100,000 engineers: who is near and qualified, who is best and why.
//!
//! `cargo bench --bench recommend`. The city of `sim` has six trades with levels; the plain one has
//! twelve skills of which everybody has one to four, which makes every combination a class of its
//! own.
#![allow(missing_docs)] // criterion's macros write a main without any

use criterion::{Criterion, criterion_group, criterion_main};
use fieldwright::Problem;
use fieldwright::dispatch::{Dispatcher, Reach};
use fieldwright::model::{Engineer, OwnedSkill, Place, SkillNeed, Ticket, TravelMode, World};
use fieldwright::plan::{Plan, Route, Stop, StopKind};
use fieldwright::rng::Rng;
use fieldwright::sim::City;
use fieldwright::units::{Instant, Meters, Seconds};
use std::hint::black_box;

const ENGINEERS: usize = 100_000;
/// Tickets that are asked about.
const OPEN: usize = 1_000;
/// Every second engineer has so many visits already.
const VISITS: usize = 4;
const SKILLS: usize = 12;

/// A city of 60 km by 60 km in which every engineer has one to four of twelve skills, and a plan in
/// which every second one is out.
fn plain(levels: usize) -> (World, Plan) {
    let rng = &mut Rng::new(1, 0);
    let mut world = World::new(TravelMode::car(30_000));
    let mut plan = Plan::default();
    let place = |rng: &mut Rng| Place::at(52.25 + rng.unit() * 0.54, 13.0 + rng.unit() * 0.88);
    let service = |rng: &mut Rng| Seconds(rng.between(6, 12) * 300);
    for number in 0..ENGINEERS {
        let home = place(rng);
        let mut engineer =
            Engineer::new(format!("E{number}"), home, Instant(0), Instant(9 * 3_600));
        for _ in 0..1 + rng.below(4) {
            let level = 1 + rng.below(levels) as u32;
            engineer.skills.push(OwnedSkill::new(skill(rng.below(SKILLS)), level));
        }
        if number % 2 == 0 {
            let mut stops = Vec::new();
            for visit in 0..VISITS {
                let id = format!("P{number}-{visit}");
                let near = |at: Option<f64>, rng: &mut Rng| at.unwrap_or(0.0) + rng.unit() * 0.03;
                let at = Place::at(near(home.lat, rng), near(home.lon, rng));
                world.tickets.push(Ticket::new(id.clone(), at, service(rng)));
                stops.push(untimed(id));
            }
            let (engineer, shift) = (engineer.id.clone(), engineer.shift_id(0));
            plan.routes.push(Route { engineer, shift, stops, ..nobody() });
        }
        world.engineers.push(engineer);
    }
    for number in 0..OPEN {
        let mut ticket = Ticket::new(format!("T{number}"), place(rng), service(rng));
        let level = 1 + rng.below(levels) as u32;
        ticket.skills.all.push(SkillNeed::new(skill(rng.below(SKILLS)), level));
        ticket.due = Some(Instant(rng.between(2, 6) * 3_600));
        world.tickets.push(ticket);
    }
    (world, plan)
}

fn skill(number: usize) -> String {
    format!("skill {number}")
}

/// A visit whose times are to be found out.
fn untimed(id: String) -> Stop {
    Stop {
        kind: StopKind::Visit,
        id,
        travel: Seconds::ZERO,
        distance: Meters::ZERO,
        arrive: Instant(0),
        start: Instant(0),
        end: Instant(0),
    }
}

fn nobody() -> Route {
    Route {
        engineer: String::new(),
        shift: String::new(),
        depart: Instant(0),
        stops: Vec::new(),
        travel_home: Seconds::ZERO,
        distance_home: Meters::ZERO,
        end: Instant(0),
    }
}

fn bench(criterion: &mut Criterion, name: &str, world: World, plan: Option<&Plan>) {
    let open = world.tickets.len() - OPEN;
    let tickets: Vec<String> = world.tickets[open..].iter().map(|t| t.id.clone()).collect();
    let problem = Problem::build(world).expect("a sound world");
    let mut group = criterion.benchmark_group(name);
    group.sample_size(10);
    group.bench_function("build the dispatcher", |bencher| {
        bencher.iter(|| Dispatcher::new(&problem, plan));
    });
    let dispatcher = Dispatcher::new(&problem, plan).expect("scores fit");
    group.sample_size(100);
    let mut next = tickets.iter().cycle();
    let mut ticket = || next.next().expect("an endless cycle").as_str();
    group.bench_function("shortlist of 10", |bencher| {
        bencher.iter(|| black_box(dispatcher.shortlist(ticket(), 10)));
    });
    for count in [1, 3, 10] {
        group.bench_function(format!("recommend {count}, explained"), |bencher| {
            bencher.iter(|| black_box(dispatcher.recommend(ticket(), count, Reach::Near)));
        });
    }
    let engineers = &problem.world().engineers;
    let mut next = engineers.iter().step_by(997).cycle();
    group.bench_function("why not somebody", |bencher| {
        let mut engineer = || next.next().expect("an endless cycle").id.as_str();
        bencher.iter(|| black_box(dispatcher.why_not(ticket(), engineer())));
    });
    group.sample_size(10);
    group.bench_function("nobody (asks all)", |bencher| {
        bencher.iter(|| black_box(dispatcher.nobody(ticket())));
    });
    group.finish();
}

fn recommend(criterion: &mut Criterion) {
    let (world, plan) = plain(1);
    bench(criterion, "plain city, half of them out", world, Some(&plan));
    let (world, plan) = plain(3);
    bench(criterion, "the same with three levels", world, Some(&plan));
    let city = City { engineers: ENGINEERS, tickets: OPEN, ..City::default() };
    bench(criterion, "city of sim, all at home", city.world(), None);
}

criterion_group!(benches, recommend);
criterion_main!(benches);
