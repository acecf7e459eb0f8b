//! Laws of what a search charges itself, on random worlds and on one where it pays to be full.

use super::island::Island;
use super::leash::Leash;
use super::levy::Levy;
use super::recreate::opens;
use super::tests::{brute_force, change_something, full, walk_insertions};
use super::{Arena, Edit, Insertion, State};
use crate::model::{Engineer, Place, Ticket, TravelMode, World};
use crate::plan::check;
use crate::problem::Problem;
use crate::rng::Rng;
use crate::solve::{Budget, route};
use crate::testworld;
use crate::units::{Instant, Seconds};
use std::ops::ControlFlow;

const SEEDS: u64 = 300;

/// Charges that luck draws, a ban on overload among them.
pub(super) fn drawn(rng: &mut Rng) -> Levy {
    let price = (!rng.one_in(4)).then(|| rng.below(1 << 20) as i128);
    Levy { price, toll: rng.below(1 << 20) as i128, mean: 1 + rng.below(4) as i64 }
}

/// The slow truth: what is charged for the routes as they stand, each load added up anew.
fn charges(state: &State<'_>) -> i128 {
    let problem = state.arena.problem;
    let weights = super::levy::weights(problem);
    let mut sum = 0;
    for s in problem.shift_indexes() {
        let tickets: Vec<u32> = state.stops(s).to_vec();
        let tickets = tickets.iter().filter(|&&stop| stop < state.arena.ticket_count());
        let (mean, visits) = (state.levy.mean, tickets.clone().count() as i64);
        // 1 - (1 - x)^2 of a mean route's toll, where x is the share of a mean route.
        let paid = if visits < mean { 2 * mean * visits - visits * visits } else { mean * mean };
        sum += state.levy.toll * i128::from(paid) / 1024;
        let mut units = 0;
        for (d, (&holds, &weight)) in problem.capacity(s).iter().zip(&weights).enumerate() {
            let load: i64 = tickets.clone().map(|&t| problem.demand(t)[d]).sum();
            units += if load > holds { (load - holds) * weight } else { 0 };
        }
        sum += state.levy.price.unwrap_or(0) * i128::from(units) / 1024;
    }
    sum
}

#[test]
fn every_change_costs_the_difference_of_full_costs_and_charges() {
    let mut overloaded = 0;
    for seed in 0..SEEDS {
        let mut world = testworld::random(seed);
        let shifts = world.engineers.iter_mut().flat_map(|engineer| &mut engineer.shifts);
        shifts.for_each(|shift| shift.capacity = vec![2]);
        let problem = Problem::build(world).expect("sound");
        let arena = Arena::new(&problem).expect("scores fit");
        let mut state = State::empty(&arena);
        let mut rng = Rng::new(seed, 0);
        for _ in 0..40 {
            if rng.one_in(4) {
                state.charge(drawn(&mut rng));
            }
            let before = full(&state) + charges(&state);
            let Some((s, gained)) = change_something(&mut state, &mut rng) else {
                continue;
            };
            let after = full(&state) + charges(&state);
            assert_eq!(state.charged(), after, "seed {seed}");
            assert_eq!(gained, after - before, "seed {seed}");
            let tour = &state.routes[s as usize];
            let tickets = tour.stops.iter().filter(|&&stop| stop < arena.ticket_count());
            let allowed = tour.excess == 0 || state.levy.price.is_some();
            let expected = allowed.then(|| state.levy.of(tour));
            assert_eq!(state.levy.of_tickets(&arena, s, tickets), expected, "seed {seed}");
            overloaded += usize::from(state.excess > 0);
        }
    }
    assert!(overloaded > 100, "only {overloaded} plans with overload");
}

#[test]
fn the_best_insertion_is_the_best_of_all_sequences_with_charges() {
    walk_insertions(drawn, |state, t, s, found: Option<&Insertion>, seed| {
        let absence = state.arena.score.absence_cost(state.arena.problem, t);
        let gained = found.map(|found| found.cost - absence);
        let expected = brute_force(state, t, s);
        assert_eq!(gained, expected, "seed {seed}, ticket {t}, shift {s}");
    });
}

/// Tickets an hour of travel away, all next door to each other, with these demands, and a van for each that
/// holds ten.
fn far_out(demands: impl Iterator<Item = i64>) -> World {
    let mut world = World::new(TravelMode::car(36_000));
    for (number, demand) in demands.enumerate() {
        let home = Place::at(52.5, 13.4);
        let mut van = Engineer::new(format!("van {number}"), home, Instant(0), Instant(36_000));
        van.shifts[0].capacity = vec![10];
        world.engineers.push(van);
        let place = Place::at(52.8 + 0.0001 * number as f64, 13.4);
        let mut ticket = Ticket::new(format!("T{number}"), place, Seconds(60));
        ticket.demand = vec![demand];
        world.tickets.push(ticket);
    }
    world
}

/// How many vans a plan of so many iterations uses.
fn vans_used(world: World, iterations: u64) -> usize {
    let problem = Problem::build(world).expect("sound");
    let options = route::Options { budget: Budget::iterations(iterations), ..Default::default() };
    let outcome = route::plan(&problem, &options, &mut |_| ControlFlow::Continue(()));
    let plan = outcome.expect("scores fit").plan;
    assert_eq!(check(problem.world(), &plan), []);
    assert_eq!(plan.unassigned, []);
    plan.routes.iter().filter(|route| !route.stops.is_empty()).count()
}

#[test]
fn full_vans_are_packed_to_the_brim() {
    // Twelve vans full of 5 + 3 + 2 and nothing left: there is no thirteenth trip.
    assert_eq!(vans_used(far_out([5, 3, 2].into_iter().cycle().take(36)), 6_000), 12);
}

#[test]
fn a_large_plan_in_parts_is_never_overloaded() {
    // 420 tickets are searched in two parts.
    let used = vans_used(far_out([4, 3, 3].into_iter().cycle().take(420)), 2_000);
    assert!(used >= 140, "the demands fill 140 vans, {used} are used");
}

#[test]
fn where_no_van_may_be_overloaded_routes_pay_a_toll_all_the_same() {
    let problem = Problem::build(far_out([10, 10].into_iter())).expect("sound");
    let arena = Arena::new(&problem).expect("scores fit");
    let mut state = State::empty(&arena);
    state.apply(&Edit::Replace { s: 0, stops: vec![0] });
    for (fitting, may_overload) in [(None, false), (Some(0), true)] {
        state.charge(Levy::NONE.next(&state, fitting, 1.0));
        assert!(state.charged() > state.cost());
        assert_eq!(state.best_insertion(1, 0).is_some(), may_overload);
    }
}

#[test]
fn a_search_whose_trial_is_broken_off_pays_no_toll_any_more() {
    let problem = Problem::build(far_out([10, 10].into_iter())).expect("sound");
    let arena = Arena::new(&problem).expect("scores fit");
    let mut state = State::empty(&arena);
    for s in 0..2 {
        state.apply(&Edit::Replace { s, stops: vec![s] });
    }
    state.charge(Levy::NONE.next(&state, None, 1.0));
    let mut island = Island::new(state, Rng::new(1, 0));
    let watch = Budget::iterations(1).start();
    let course = (0.0, 1.0);
    island.run(Leash { watch: &watch, target: 1, each: Some(1), end: 1.0, course, stalled: 0.0 });
    assert_eq!(island.state.charged(), island.state.cost());
}

#[test]
fn the_toll_of_a_large_plan_is_higher_and_gone_sooner() {
    for (tickets, tolls) in [(36, [1.0, 0.5, 0.0]), (400, [3.0, 0.0, 0.0])] {
        let problem = Problem::build(far_out(std::iter::repeat_n(1, tickets))).expect("sound");
        let arena = Arena::new(&problem).expect("scores fit");
        let state = State::empty(&arena);
        assert_eq!([0.0, 0.25, 0.5].map(|way| super::levy::toll(&state, way)), tolls);
    }
}

/// Whether vans are filled that visit each of these tickets on a route of its own, or all on one.
fn fills_vans(world: &World, together: bool) -> bool {
    let problem = Problem::build(world.clone()).expect("sound");
    let arena = Arena::new(&problem).expect("scores fit");
    let mut state = State::empty(&arena);
    for t in problem.ticket_indexes() {
        let s = if together { 0 } else { t };
        let stops = [state.stops(s), &[t]].concat();
        state.apply(&Edit::Replace { s, stops });
    }
    assert!(state.absent().is_empty());
    super::levy::fills_vans(&state)
}

#[test]
fn vans_are_filled_from_six_tenths_on() {
    assert!(fills_vans(&far_out([6, 6].into_iter()), false));
    assert!(fills_vans(&far_out([4, 8].into_iter()), false));
    assert!(!fills_vans(&far_out([4, 7].into_iter()), false));
}

#[test]
fn only_vans_that_go_anywhere_count_as_filled() {
    assert!(!fills_vans(&far_out([3, 3].into_iter()), false));
    assert!(fills_vans(&far_out([3, 3].into_iter()), true));
}

#[test]
fn vans_that_hold_anything_are_never_filled() {
    let mut boundless = far_out([6, 6].into_iter());
    boundless.engineers.iter_mut().for_each(|van| van.shifts[0].capacity.clear());
    assert!(!fills_vans(&boundless, true));
    boundless.tickets.iter_mut().for_each(|ticket| ticket.demand.clear());
    assert!(!fills_vans(&boundless, true));
}

#[test]
fn a_route_is_opened_only_where_routes_are_long() {
    let problem = Problem::build(far_out(std::iter::repeat_n(0, 11))).expect("sound");
    let arena = Arena::new(&problem).expect("scores fit");
    let mut rng = Rng::new(1, 0);
    let mut opened = |visits: u32| {
        let mut state = State::empty(&arena);
        state.apply(&Edit::Replace { s: 0, stops: (0..visits).collect() });
        (0..1_000).filter(|_| opens(&state, &mut rng)).count()
    };
    assert_eq!(opened(10), 0);
    let often = opened(11);
    assert!((150..250).contains(&often), "{often} of 1,000");
}
