//! Laws of remedies: what is told to change makes the ticket fit, and less would not.

use super::{plan, problem};
use crate::dispatch::{Change, Dispatcher, WhyNot};
use crate::model::World;
use crate::plan::{Plan, Rule, SequenceStop, Sequences};
use crate::problem::Problem;
use crate::solve::route::time;
use crate::units::{Instant, Meters, Seconds};
use proptest::prelude::*;

/// The world with these changes, made dense.
fn changed<'c>(
    world: &World,
    changes: impl IntoIterator<Item = &'c Change>,
    why: &WhyNot,
) -> Problem {
    let mut world = world.clone();
    for change in changes {
        change.apply(&mut world).expect("it changes what is there");
    }
    Problem::build(world).unwrap_or_else(|issues| panic!("{issues}\n{why}"))
}

/// The same question about the same plan; `None` where its route is no longer whole.
fn asked_again(problem: &Problem, plan: &Plan, why: &WhyNot) -> Option<WhyNot> {
    let dispatcher = Dispatcher::new(problem, Some(plan)).expect("scores fit");
    let mut route = plan.routes.iter().filter(|route| route.shift == why.shift);
    let is_whole = route.all(|route| {
        let mut others = route.tickets().filter(|id| *id != why.ticket);
        others.all(|id| !dispatcher.displaced().iter().any(|displaced| displaced == id))
    });
    is_whole.then(|| dispatcher.why_not_shift(&why.ticket, &why.shift).expect("known"))
}

/// True when the stops of the misfit can now be kept, beside all other routes.
fn is_kept(problem: &Problem, plan: &Plan, why: &WhyNot, stops: &[u32]) -> bool {
    let world = problem.world();
    let named = |&stop: &u32| match world.tickets.get(stop as usize) {
        Some(ticket) => SequenceStop::Ticket(ticket.id.clone()),
        None => SequenceStop::Depot(world.depots[stop as usize - world.tickets.len()].id.clone()),
    };
    let mut orders = Sequences::of(plan);
    for (_, stops) in &mut orders.routes {
        stops.retain(|stop| *stop != SequenceStop::Ticket(why.ticket.clone()));
    }
    orders.routes.retain(|(shift, _)| *shift != why.shift);
    orders.routes.push((why.shift.clone(), stops.iter().map(named).collect()));
    let (_, displaced) = time(problem, &orders).expect("scores fit");
    stops.iter().all(|stop| match named(stop) {
        SequenceStop::Ticket(id) => !displaced.contains(&id),
        SequenceStop::Depot(_) => true,
    })
}

/// Says what came of it.
fn shown(again: &Option<WhyNot>) -> String {
    again.as_ref().map_or("the route breaks up".into(), WhyNot::to_string)
}

/// One second or metre less of a change; `None` where there is no less.
fn less(change: &Change) -> Option<Change> {
    let (second, meter) = (Seconds(1), Meters(1));
    Some(match change.clone() {
        Change::WidenWindow { ticket, seconds, until } => {
            let until = Instant(until.0 - 1);
            Change::WidenWindow { ticket, seconds: seconds - second, until }
        }
        Change::MoveStart { ticket, seconds } => {
            Change::MoveStart { ticket, seconds: seconds - second }
        }
        Change::ExtendShift { shift, seconds } => {
            Change::ExtendShift { shift, seconds: seconds - second }
        }
        Change::RaiseMaxDuration { shift, seconds } => {
            Change::RaiseMaxDuration { shift, seconds: seconds - second }
        }
        Change::RaiseMaxDistance { shift, meters } => {
            Change::RaiseMaxDistance { shift, meters: meters - meter }
        }
        _ => return None,
    })
}

/// Every question of a seed to which the answer is no.
fn misses(problem: &Problem, plan: &Plan) -> Vec<WhyNot> {
    let dispatcher = Dispatcher::new(problem, Some(plan)).expect("scores fit");
    let mut misses = Vec::new();
    for ticket in &problem.world().tickets {
        for engineer in &problem.world().engineers {
            let answers = dispatcher.why_not(&ticket.id, &engineer.id).expect("known");
            misses.extend(answers.into_iter().filter(|why| why.rule != Rule::Fits));
        }
    }
    misses
}

fn check_all_changes_make_it_fit(seed: u64) {
    let problem = problem(seed);
    let plan = plan(&problem, seed);
    let dispatcher = Dispatcher::new(&problem, Some(&plan)).expect("scores fit");
    for why in misses(&problem, &plan) {
        let question = dispatcher.question(dispatcher.ticket(&why.ticket).expect("known"));
        let ask = question.ask(dispatcher.shift(&why.shift).expect("known"));
        let after = changed(problem.world(), why.changes(), &why);
        assert!(is_kept(&after, &plan, &why, &ask.misfit().stops), "seed {seed}\n{why}");
        if let Some(stocked) = &why.stocked {
            let changes = stocked.iter().flat_map(|hurdle| &hurdle.changes);
            let after = changed(problem.world(), changes, &why);
            assert!(is_kept(&after, &plan, &why, &ask.stocked().stops), "seed {seed}\n{why}");
        }
        // A locked start that moves makes room for the ticket, and may tear the route without it.
        let moves = why.changes().any(|change| matches!(change, Change::MoveStart { .. }));
        let again = asked_again(&after, &plan, &why);
        let fits = again.as_ref().map_or(moves, |again| again.rule == Rule::Fits);
        assert!(fits, "seed {seed}\n{why}\nbut then\n{}", shown(&again));
    }
}

fn check_each_hurdle_is_cleared_by_its_changes(seed: u64) {
    let problem = problem(seed);
    let plan = plan(&problem, seed);
    for why in misses(&problem, &plan) {
        assert!(why.hurdles.is_sorted_by(|a, b| a.rule < b.rule), "seed {seed}\n{why}");
        let first = &why.hurdles[0];
        let again = asked_again(&changed(problem.world(), &first.changes, &why), &plan, &why);
        let is_cleared = again.as_ref().is_none_or(|again| again.rule > first.rule);
        assert!(is_cleared, "seed {seed}\n{why}\nbut then\n{}", shown(&again));
    }
}

fn check_less_would_not_do(seed: u64) {
    let problem = problem(seed);
    let plan = plan(&problem, seed);
    for why in misses(&problem, &plan) {
        let shift = problem.shift_indexes().find(|&s| problem.shift_id(s) == why.shift);
        if !problem.breaks(shift.expect("known")).is_empty() {
            continue;
        }
        let changes: Vec<Change> = why.changes().cloned().collect();
        for reduced in 0..why.hurdles[0].changes.len() {
            let Some(smaller) = less(&changes[reduced]) else { continue };
            let mut changes = changes.clone();
            changes[reduced] = smaller;
            let again = asked_again(&changed(problem.world(), &changes, &why), &plan, &why);
            let fits = again.is_some_and(|again| again.rule == Rule::Fits);
            assert!(!fits, "seed {seed}\n{why}\nbut less would do");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn all_changes_together_make_it_fit(seed in 0u64..1 << 40) {
        check_all_changes_make_it_fit(seed);
    }

    #[test]
    fn the_first_changes_clear_the_first_hurdle(seed in 0u64..1 << 40) {
        check_each_hurdle_is_cleared_by_its_changes(seed);
    }

    #[test]
    fn one_second_less_would_not_do(seed in 0u64..1 << 40) {
        check_less_would_not_do(seed);
    }
}
