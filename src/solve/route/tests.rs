//! Laws of the search state, on random worlds that use the whole model.

use super::levy::Levy;
use super::levy_tests::drawn;
use super::pieces::Cut;
use super::{Arena, Edit, Insertion, State};
use crate::model::{Criterion, Needs, Objective, TimeOfDay, Traffic, World};
use crate::problem::{NONE, Problem};
use crate::rng::Rng;
use crate::score::Tally;
use crate::score::criteria::{RouteFacts, measure};
use crate::solve::{Budget, route};
use crate::testworld;
use std::ops::ControlFlow;

const SEEDS: u64 = 300;

fn problem(seed: u64) -> Problem {
    match Problem::build(testworld::random(seed)) {
        Ok(problem) => problem,
        Err(issues) => panic!("seed {seed}: {issues}"),
    }
}

/// The slow truth: measures of a state, from the routes it publishes.
pub(super) fn full(state: &State<'_>) -> i128 {
    let problem = state.arena.problem;
    let plan = super::publish::publish(state);
    let shift_of = |id: &str| {
        problem.shift_indexes().find(|&s| problem.shift_id(s) == id).expect("a known shift")
    };
    let ticket_of = |id: &str| {
        problem.ticket_indexes().find(|&t| problem.ticket_id(t) == id).expect("a known ticket")
    };
    let mut tally = Tally::default();
    for route in &plan.routes {
        let facts = RouteFacts {
            shift: shift_of(&route.shift),
            visits: route
                .stops
                .iter()
                .filter(|stop| stop.kind == crate::plan::StopKind::Visit)
                .map(|stop| (ticket_of(&stop.id), stop.start.0))
                .collect(),
            travel: route.travel().0,
            distance: route.distance().0,
            wait: route.stops.iter().map(|stop| (stop.start - stop.arrive).0).sum(),
            depart: route.depart.0,
            end: route.end.0,
        };
        for (sum, value) in tally.iter_mut().zip(measure(problem, &facts)) {
            *sum += value;
        }
    }
    tally[Criterion::Unserved as usize] =
        state.absent().iter().map(|&t| problem.tickets[t as usize].worth).sum();
    state.arena.score.fold(&tally)
}

/// Takes a ticket out, or puts one that is absent where it fits on some shift. Returns the shift and what the change
/// has cost; nothing where it does not fit.
pub(super) fn change_something(state: &mut State<'_>, rng: &mut Rng) -> Option<(u32, i128)> {
    let problem = state.arena.problem;
    if problem.tickets.is_empty() {
        return None;
    }
    let t = rng.below(problem.tickets.len()) as u32;
    let holder = state.shift_of(t);
    if holder != NONE {
        return Some((holder, state.apply(&Edit::Remove { s: holder, tickets: vec![t] })));
    }
    let s = rng.below(problem.shifts.len()) as u32;
    let insertion = state.best_insertion(t, s)?;
    Some((s, state.apply(&Edit::Insert(insertion))))
}

#[test]
fn the_cost_of_every_change_is_the_difference_of_full_costs() {
    for seed in 0..SEEDS {
        let problem = problem(seed);
        let arena = Arena::new(&problem).expect("scores fit");
        let mut state = State::empty(&arena);
        let mut rng = Rng::new(seed, 0);
        let mut cost = full(&state);
        for _ in 0..40 {
            let Some((_, gained)) = change_something(&mut state, &mut rng) else {
                continue;
            };
            let after = full(&state);
            assert_eq!(state.cost(), after, "seed {seed}");
            assert_eq!(gained, after - cost, "seed {seed}");
            cost = after;
        }
    }
}

/// Puts every ticket on some route where it fits, as luck has it.
fn scattered<'a>(arena: &'a Arena<'a>, rng: &mut Rng) -> State<'a> {
    let mut state = State::empty(arena);
    for t in arena.problem.ticket_indexes() {
        let s = rng.below(arena.problem.shifts.len()) as u32;
        if let Some(insertion) = state.best_insertion(t, s) {
            state.apply(&Edit::Insert(insertion));
        }
    }
    state
}

#[test]
fn what_a_route_caches_is_what_it_would_derive_anew() {
    for seed in 0..SEEDS {
        let problem = problem(seed);
        let arena = Arena::new(&problem).expect("scores fit");
        let mut rng = Rng::new(seed, 2);
        let mut state = scattered(&arena, &mut rng);
        for t in problem.ticket_indexes() {
            for s in problem.shift_indexes() {
                let tour = &state.routes[s as usize];
                let mut anew = super::tour::Tour::empty(&arena, s);
                anew.stops.clone_from(&tour.stops);
                assert_eq!(anew.refresh(&arena, s, 0, &Levy::NONE), Ok(()), "seed {seed}");
                assert!(&anew == tour, "seed {seed}: {tour:?} instead of {anew:?}");
            }
            if state.shift_of(t) != NONE {
                let s = state.shift_of(t);
                state.apply(&Edit::Remove { s, tickets: vec![t] });
            }
        }
    }
}

/// A random world without depots and without caps over several routes.
fn each_route_for_itself(seed: u64) -> World {
    let mut world = testworld::random(seed);
    world.max_changes = None;
    world.regions.iter_mut().for_each(|region| region.borrow_cap = None);
    for engineer in &mut world.engineers {
        engineer.max_tickets_per_day = None;
        engineer.capacity_per_day.clear();
    }
    for ticket in &mut world.tickets {
        ticket.needs = Needs::default();
    }
    world
}

#[test]
fn an_exchange_of_pieces_costs_the_difference_of_full_costs_and_loses_nobody() {
    let (mut ends, mut middles) = (0, 0);
    for seed in 0..SEEDS {
        let problem = Problem::build(each_route_for_itself(seed)).expect("sound");
        let arena = Arena::new(&problem).expect("scores fit");
        if super::pieces::tries(&arena) == 0 {
            assert!(problem.tickets.is_empty(), "seed {seed}");
            continue;
        }
        let mut rng = Rng::new(seed, 3);
        let mut state = scattered(&arena, &mut rng);
        let part = super::parts::Part::whole(&state);
        for cut in [Cut::Ends, Cut::Middles].repeat(200) {
            let drawn = super::pieces::draw(&state, &part, &mut rng, cut, |_| true);
            let Some(exchange) = drawn else { continue };
            let [a, b] = [exchange.a, exchange.b];
            let (before, absent) = (full(&state), state.absent().len());
            let [one, two] = [a, b].map(|piece| state.stops(piece.s).to_vec());
            let gained = state.apply(&Edit::Exchange(exchange));
            assert_eq!(gained, full(&state) - before, "seed {seed}");
            let plan = super::publish::publish(&state);
            assert_eq!(crate::plan::check(problem.world(), &plan), [], "seed {seed}");
            if state.absent().len() == absent {
                let (from_one, from_two) = (&one[a.from..a.to], &two[b.from..b.to]);
                let first = [&one[..a.from], from_two, &one[a.to..]].concat();
                let second = [&two[..b.from], from_one, &two[b.to..]].concat();
                assert_eq!([state.stops(a.s), state.stops(b.s)], [&first[..], &second[..]]);
                *if cut == Cut::Ends { &mut ends } else { &mut middles } += 1;
            }
        }
    }
    assert!(ends > 100 && middles > 100, "only {ends} exchanges of ends, {middles} of others");
}

#[test]
fn what_an_exchange_promises_is_what_it_costs_where_only_travel_counts() {
    let mut kept = 0;
    for seed in 0..SEEDS {
        let mut world = each_route_for_itself(seed);
        world.objective = Objective::of(&[&[(Criterion::Travel, 1)]]);
        world.engineers.iter_mut().for_each(|engineer| engineer.profile = None);
        let problem = Problem::build(world).expect("sound");
        let arena = Arena::new(&problem).expect("scores fit");
        if arena.hourly {
            continue;
        }
        let mut rng = Rng::new(seed, 3);
        let mut state = scattered(&arena, &mut rng);
        let part = super::parts::Part::whole(&state);
        for cut in [Cut::Ends, Cut::Middles].repeat(100) {
            let promised = std::cell::Cell::new(0);
            let notes = |more| {
                promised.set(more);
                true
            };
            let Some(exchange) = super::pieces::draw(&state, &part, &mut rng, cut, notes) else {
                continue;
            };
            let absent = state.absent().len();
            let gained = state.apply(&Edit::Exchange(exchange));
            if state.absent().len() == absent {
                kept += 1;
                assert_eq!(gained, promised.get(), "seed {seed}");
            }
        }
    }
    assert!(kept > 100, "only {kept} exchanges");
}

/// The brute-force twin of `best_insertion`: tries every sequence and times it from scratch.
pub(super) fn brute_force(state: &State<'_>, t: u32, s: u32) -> Option<i128> {
    let count = state.arena.ticket_count();
    let tickets: Vec<u32> = state.stops(s).iter().copied().filter(|&stop| stop < count).collect();
    let mut best = None;
    for position in 0..=tickets.len() {
        let mut with = tickets.clone();
        with.insert(position, t);
        let depots = 0..state.arena.problem.depots.len() as u32;
        let fetches = depots.flat_map(|depot| (0..with.len()).map(move |at| Some((depot, at))));
        for fetch in std::iter::once(None).chain(fetches.collect::<Vec<_>>()) {
            let mut sequence = with.clone();
            if let Some((depot, at)) = fetch {
                sequence.insert(at, count + depot);
            }
            let mut trial = state.clone();
            trial.apply(&Edit::Replace { s, stops: sequence.clone() });
            let ranks = sequence.iter().filter(|&&stop| stop < count);
            let ranks: Vec<u32> =
                ranks.map(|&stop| state.arena.problem.tickets[stop as usize].rank).collect();
            let kept = trial.stops(s) == sequence && ranks.is_sorted();
            if kept && state.arena.problem.admits(t, s) && within_caps(&trial) {
                let gained = trial.charged() - state.charged();
                best = Some(best.map_or(gained, |best: i128| best.min(gained)));
            }
        }
    }
    best
}

pub(super) fn within_caps(state: &State<'_>) -> bool {
    let problem = state.arena.problem;
    state.changed <= problem.max_changes
        && state.days.are_kept(problem)
        && state.borrowed.iter().zip(&problem.borrow_caps).all(|(used, cap)| used <= cap)
}

/// Inserts ticket after ticket where it first fits, at charges that are drawn for each, and shows `look` what was found for each shift.
pub(super) fn walk_insertions(
    charges: impl Fn(&mut Rng) -> Levy,
    look: impl Fn(&State<'_>, u32, u32, Option<&Insertion>, u64),
) {
    for seed in 0..SEEDS {
        let problem = problem(seed);
        let arena = Arena::new(&problem).expect("scores fit");
        let mut state = State::empty(&arena);
        let mut rng = Rng::new(seed, 4);
        for t in problem.ticket_indexes() {
            state.charge(charges(&mut rng));
            let mut best = None;
            for s in problem.shift_indexes() {
                let found = state.best_insertion(t, s);
                look(&state, t, s, found.as_ref(), seed);
                best = best.or(found);
            }
            if let Some(insertion) = best {
                state.apply(&Edit::Insert(insertion));
            }
        }
    }
}

#[test]
fn the_best_insertion_is_the_best_of_all_sequences() {
    walk_insertions(
        |_| Levy::NONE,
        |state, t, s, found, seed| {
            let absence = state.arena.score.absence_cost(state.arena.problem, t);
            let gained = found.map(|found| found.cost - absence);
            assert_eq!(gained, brute_force(state, t, s), "seed {seed}, ticket {t}, shift {s}");
        },
    );
}

#[test]
fn nothing_stands_in_the_way_exactly_where_a_ticket_can_be_inserted() {
    walk_insertions(
        |_| Levy::NONE,
        |state, t, s, found, seed| {
            let obstacle = state.obstacle(t, s);
            let fits = obstacle.rule == crate::plan::Rule::Fits;
            assert_eq!(fits, found.is_some(), "seed {seed}, {t} on {s}: {obstacle:?}");
        },
    );
}

fn planned(problem: &Problem, seed: u64, threads: usize) -> crate::plan::Plan {
    let budget = Budget::iterations(300);
    let options = route::Options { budget, seed, threads: Some(threads), start: None };
    let outcome = route::plan(problem, &options, &mut |_| ControlFlow::Continue(()));
    outcome.expect("scores fit").plan
}

#[test]
fn the_same_seed_gives_the_same_plan_on_any_number_of_threads() {
    for seed in 0..10 {
        let problem = problem(seed);
        let plan = planned(&problem, seed, 1);
        for threads in [2, 5] {
            assert_eq!(plan, planned(&problem, seed, threads), "seed {seed}, {threads} threads");
        }
    }
}

#[test]
fn traffic_at_normal_speed_changes_nothing() {
    for seed in 0..100 {
        let mut world = testworld::random(seed);
        world.traffic.clear();
        let without = planned(&Problem::build(world.clone()).expect("sound"), seed, 1);
        world.traffic = vec![Traffic { profile: None, speeds: vec![(TimeOfDay(0), 100)] }];
        let with = planned(&Problem::build(world).expect("sound"), seed, 1);
        assert_eq!(with, without, "seed {seed}");
    }
}

#[test]
fn what_is_remembered_is_what_would_be_found() {
    for seed in 0..SEEDS {
        let problem = problem(seed);
        let arena = Arena::new(&problem).expect("scores fit");
        let mut state = State::empty(&arena);
        let mut rng = Rng::new(seed, 1);
        // Few entries, so that pairs push each other out.
        let mut memo = super::memo::Memo::new(4, 2, true);
        for _ in 0..60 {
            if problem.tickets.is_empty() {
                break;
            }
            let t = rng.below(problem.tickets.len()) as u32;
            let s = rng.below(problem.shifts.len()) as u32;
            if state.shift_of(t) != NONE {
                let s = state.shift_of(t);
                state.apply(&Edit::Remove { s, tickets: vec![t] });
                continue;
            }
            if rng.one_in(4) {
                state.charge(drawn(&mut rng));
            }
            let best = state.best_insertion(t, s);
            let cost = best.as_ref().map_or(0, |best| best.cost);
            let bound = [cost, cost + 1, cost - 1, i128::MAX][rng.below(4)];
            let found = memo.best_insertion_below(&state, t, s, bound);
            let expected = best.filter(|best| best.cost < bound);
            assert_eq!(found, expected, "seed {seed}, ticket {t}, shift {s}, below {bound}");
            if let Some(insertion) = found.filter(|_| rng.one_in(2)) {
                state.apply(&Edit::Insert(insertion));
            }
        }
    }
}

#[test]
fn the_independent_checker_accepts_every_plan() {
    for seed in 0..SEEDS {
        let problem = problem(seed);
        let plan = planned(&problem, seed, 2);
        let violations = crate::plan::check(problem.world(), &plan);
        assert!(violations.is_empty(), "seed {seed}: {violations:#?}");
    }
}

#[test]
fn no_ticket_is_left_out_that_still_fits() {
    for seed in 0..SEEDS {
        let problem = problem(seed);
        for left in &planned(&problem, seed, 2).unassigned {
            assert!(!left.reasons.contains_key(&crate::plan::Rule::Fits), "seed {seed}: {left:?}");
        }
    }
}

#[test]
fn a_plan_is_a_warm_start_that_never_gets_worse() {
    for seed in 0..40 {
        let problem = problem(seed);
        let start = planned(&problem, seed, 2);
        let options = route::Options {
            budget: Budget::iterations(20),
            seed: seed + 1,
            threads: Some(1),
            start: Some(start.clone()),
        };
        let outcome = route::plan(&problem, &options, &mut |_| ControlFlow::Continue(()));
        let outcome = outcome.expect("scores fit");
        assert_eq!(outcome.displaced, Vec::<String>::new(), "seed {seed}");
        assert!(outcome.plan.score <= start.score, "seed {seed}");
    }
}

#[test]
fn a_watcher_can_stop_a_search() {
    let problem = problem(1);
    let options = route::Options { budget: Budget::iterations(1_000_000), ..Default::default() };
    let outcome = route::plan(&problem, &options, &mut |_| ControlFlow::Break(()));
    assert!(outcome.expect("scores fit").iterations < 1_000_000);
}
