//! Laws on random worlds, and small cases with one reason each.

mod answers;
mod laws;
mod remedies;

use crate::model::{Break, Ticket, Window, World};
use crate::plan::Plan;
use crate::problem::Problem;
use crate::rng::Rng;
use crate::solve::{Budget, route};
use crate::testworld;
use crate::units::{Instant, Seconds};
use std::ops::ControlFlow;

/// A random world, made narrower: short windows, locked starts, second breaks.
fn world(seed: u64) -> World {
    let mut world = testworld::random(seed);
    let rng = &mut Rng::new(seed, 7);
    for ticket in &mut world.tickets {
        if let Some(lock) = ticket.lock.as_mut().filter(|_| rng.one_in(2)) {
            lock.start = Some(Instant(rng.between(1, 14) * 1_800));
        }
        if rng.one_in(4)
            && let Some(window) = ticket.windows.first_mut()
        {
            window.latest = window.earliest + Seconds(300);
        }
        let Ticket { windows, preferred_windows, .. } = ticket;
        preferred_windows.retain(|wanted| {
            let meets = |w: &Window| w.earliest <= wanted.latest && wanted.earliest <= w.latest;
            windows.is_empty() || windows.iter().any(meets)
        });
    }
    for engineer in &mut world.engineers {
        // Far enough off for any longer first shift that an answer proposes.
        if let [first, second] = engineer.shifts.as_mut_slice() {
            let length = second.end - second.start;
            second.start = second.start.max(first.latest_end() + Seconds(115_200));
            second.end = second.start + length;
        }
        let shift = &mut engineer.shifts[0];
        if let Some(first) = shift.breaks.first().copied()
            && rng.one_in(2)
        {
            let earliest = first.earliest + first.duration;
            let second =
                Break { earliest, latest: earliest + Seconds(600), duration: Seconds(900) };
            shift.breaks.push(second);
        }
    }
    world
}

fn problem(seed: u64) -> Problem {
    Problem::build(world(seed)).unwrap_or_else(|issues| panic!("seed {seed}: {issues}"))
}

/// A plan that a short search finds.
fn plan(problem: &Problem, seed: u64) -> Plan {
    let budget = Budget::iterations(20);
    let options = route::Options { budget, seed, threads: Some(1), start: None };
    let outcome = route::plan(problem, &options, &mut |_| ControlFlow::Continue(()));
    outcome.expect("scores fit").plan
}
