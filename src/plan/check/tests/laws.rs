//! Laws of the check on plans of random worlds: right ones pass, and no single number may change.

use crate::Problem;
use crate::model::World;
use crate::plan::{Law, Plan, Route, Stop, StopKind, Unassigned, check};
use crate::rng::Rng;
use crate::solve::{Budget, route};
use crate::units::{Instant, Meters, Seconds};
use crate::{testworld, units};
use std::ops::ControlFlow;

const SEEDS: u64 = 200;

/// A plan without its score: most changes of a plan would be seen by that alone.
fn planned(world: &World, seed: u64) -> Plan {
    let problem = Problem::build(world.clone()).expect("a sound world");
    let budget = Budget::iterations(20);
    let options = route::Options { budget, threads: Some(1), seed, ..Default::default() };
    let outcome = route::plan(&problem, &options, &mut |_| ControlFlow::Continue(()));
    Plan { score: Vec::new(), ..outcome.expect("scores fit").plan }
}

/// Every number of a route.
fn numbers(route: &mut Route) -> Vec<&mut i64> {
    let mut numbers = vec![
        &mut route.depart.0,
        &mut route.travel_home.0,
        &mut route.distance_home.0,
        &mut route.end.0,
    ];
    for stop in &mut route.stops {
        let Stop { travel, distance, arrive, start, end, .. } = stop;
        numbers.extend([&mut travel.0, &mut distance.0, &mut arrive.0, &mut start.0, &mut end.0]);
    }
    numbers
}

#[test]
fn any_single_number_of_a_plan_that_changes_is_noticed() {
    for seed in 0..SEEDS {
        let world = testworld::random(seed);
        let plan = planned(&world, seed);
        assert_eq!(check(&world, &plan), [], "seed {seed}");
        let mut rng = Rng::new(seed, 1);
        for index in 0..plan.routes.len() {
            let mut changed = plan.clone();
            let mut numbers = numbers(&mut changed.routes[index]);
            let chosen = rng.below(numbers.len());
            *numbers[chosen] += [-1, 1, 3_600, i64::from(u32::MAX)][rng.below(4)];
            assert_ne!(check(&world, &changed), [], "seed {seed}: {:?}", changed.routes[index]);
        }
    }
}

#[test]
fn a_ticket_that_is_moved_or_lost_is_noticed() {
    for seed in 0..SEEDS {
        let world = testworld::random(seed);
        let plan = planned(&world, seed);
        for index in 0..plan.unassigned.len() {
            let mut lost = plan.clone();
            lost.unassigned.remove(index);
            assert!(check(&world, &lost).iter().all(|found| found.law == Law::Once));
            assert_eq!(check(&world, &lost).len(), 1, "seed {seed}");
        }
        for index in 0..plan.routes.len() {
            let mut lost = plan.clone();
            lost.routes[index].stops.retain(|stop| stop.kind != StopKind::Visit);
            let gone = plan.routes[index].tickets().count();
            let found = check(&world, &lost);
            let once = found.iter().filter(|found| found.law == Law::Once).count();
            assert_eq!(once, gone, "seed {seed}");
        }
    }
}

fn nonsense(rng: &mut Rng, world: &World) -> Plan {
    let number = |rng: &mut Rng| match rng.below(20) {
        0 => i64::MAX,
        1 => i64::MIN,
        2 => units::LIMIT,
        3 => -units::LIMIT,
        _ => rng.between(-100, 40_000),
    };
    let name = |rng: &mut Rng| {
        let names = ["E0", "E0/1", "E1/1", "E9/1", "T0", "T1", "T2", "T3", "D", ""];
        names[rng.below(names.len())].to_owned()
    };
    let stop = |rng: &mut Rng| Stop {
        kind: [StopKind::Visit, StopKind::Break, StopKind::Depot][rng.below(3)],
        id: name(rng),
        travel: Seconds(number(rng)),
        distance: Meters(number(rng)),
        arrive: Instant(number(rng)),
        start: Instant(number(rng)),
        end: Instant(number(rng)),
    };
    let route = |rng: &mut Rng| Route {
        engineer: name(rng),
        shift: name(rng),
        depart: Instant(number(rng)),
        stops: (0..rng.below(3)).map(|_| stop(rng)).collect(),
        travel_home: Seconds(number(rng)),
        distance_home: Meters(number(rng)),
        end: Instant(number(rng)),
    };
    Plan {
        schema: Plan::SCHEMA,
        routes: (0..rng.below(3)).map(|_| route(rng)).collect(),
        unassigned: (0..rng.below(4))
            .map(|_| Unassigned { ticket: name(rng), reasons: Default::default() })
            .collect(),
        score: world.objective.levels.iter().map(|_| number(rng)).collect(),
    }
}

#[test]
fn nonsense_is_reported_without_a_panic() {
    for seed in 0..4_000 {
        let world = testworld::random(seed);
        let plan = nonsense(&mut Rng::new(seed, 2), &world);
        for found in check(&world, &plan) {
            assert!(!found.at.is_empty() && !found.cause.is_empty(), "seed {seed}");
        }
    }
}
