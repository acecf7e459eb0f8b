//! How good can a plan be at best? A proven lower bound on its last level, by column generation.
//!
//! Routes are columns, tickets rows: the least cost of covering every ticket with fractions of routes is
//! a lower bound on every plan, and a close one where routes are short (Desrochers, Desrosiers and Solomon
//! 1992). `shape` says what is relaxed, `network` holds the routes of one kind of shift, `ng` and `label`
//! what a partial route must remember, `pricing` finds the cheapest route at given prices with the
//! help of `completion`, `master` and
//! `simplex` find prices, `generation` goes round.
//!
//! What is decided in floats are prices only. The bound is computed from rounded prices in integers and
//! holds for any prices, so no rounding of the linear program can make it wrong.

mod completion;
mod generation;
mod label;
mod master;
mod network;
mod ng;
mod pricing;
mod shape;
mod simplex;
#[cfg(test)]
mod tests;

use crate::model::{Code, Issue, Issues};
use crate::plan::Plan;
use crate::problem::Problem;
use crate::solve::Budget;
use generation::{End, Generation};
use master::Route;
use rustc_hash::FxHashMap;
use shape::Shape;
use std::ops::ControlFlow;

/// How long to look for a bound.
#[derive(Clone, Debug, Default)]
pub struct BoundOptions {
    /// When to stop; `iterations` are rounds of column generation, `stall` does not count.
    pub budget: Budget,
    /// Threads; all cores when absent. Kinds of shifts are searched beside each other.
    pub threads: Option<usize>,
}

/// A proven bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// Every plan that is no worse than the given one on each of the earlier levels has at least this on
    /// the last.
    pub last: i64,
    /// What the given plan has on the last level.
    pub value: i64,
    /// True when column generation came to its end, so that more time would not raise the bound.
    pub converged: bool,
    /// Routes that were generated.
    pub columns: usize,
    /// Rounds of column generation.
    pub rounds: u64,
    /// Seconds of wall clock.
    pub seconds: f64,
}

impl Bound {
    /// Percent by which the plan is above the bound: it is not further from the best plan than this.
    /// `None` where the bound is zero and the plan is not.
    #[must_use]
    pub fn gap_percent(&self) -> Option<f64> {
        match (self.value, self.last) {
            (value, last) if value == last => Some(0.0),
            (_, 0) => None,
            (value, last) => Some(100.0 * (value as f64 / last as f64 - 1.0)),
        }
    }
}

/// Where the proof of a bound stands.
#[derive(Clone, Debug, PartialEq)]
pub struct BoundProgress {
    /// Seconds since it started.
    pub seconds: f64,
    /// Share of the seconds that is used up, from 0 to 1.
    pub share: f64,
    /// Rounds so far.
    pub rounds: u64,
    /// Routes so far.
    pub columns: usize,
    /// What is proven so far.
    pub last: i64,
    /// What the master costs: no bound, but the bound will not rise above it with the same memory.
    pub master: f64,
}

/// Proves a lower bound on the last level of the objective, for all plans that are no worse than this one
/// on each earlier level. The plan's own routes are the first columns.
///
/// Earlier levels limit what may be left out (and shifts in use); a limit on lateness ends windows. Kept
/// are skills, regions and whatever else decides who may serve whom, all windows, service times and
/// set-ups, shift times and limits on duration, the scarcest load, and working time with the departure
/// delayed as far as it can be. Breaks, tools, parts, ranks, limits on distance and caps that span routes
/// only restrict, balance only costs: without them the bound is lower, and still one.
///
/// A round costs one search for routes of each kind of shift, which grows with the number of visits that
/// fit into a route: short ones (up to some ten visits) are a matter of seconds, long ones without windows
/// may not end at all. Then the best of what was proven by then is returned, 0 at worst. Memory is
/// O(tickets²) for each kind and O((tickets + kinds)²) for the master.
///
/// `watcher` is called once a round; `Break` stops and returns what is proven.
///
/// # Errors
/// E704 when sums could overflow, E005 for more than 4,000 tickets, E105 when the score of the plan has
/// not the levels of the problem.
pub fn bound(
    problem: &Problem,
    plan: &Plan,
    options: &BoundOptions,
    watcher: &mut dyn FnMut(&BoundProgress) -> ControlFlow<()>,
) -> Result<Bound, Issues> {
    let watch = options.budget.start();
    let threads = options.threads.unwrap_or_else(rayon::current_num_threads).max(1);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|cause| Issue::new(Code::TOO_LARGE, "threads", cause.to_string()))?;
    let shape = pool.install(|| Shape::of(problem, plan))?;
    let value = plan.score[plan.score.len() - 1];
    let mut generation = Generation::new(&shape, routes(&shape, plan), &watch, &pool);
    let goal = i128::from(value) * i128::from(shape.scale);
    let rounds_max = options.budget.iterations.unwrap_or(u64::MAX);
    let end = generation.run(goal - i128::from(shape.scale) + 1, &mut |now| {
        let progress = BoundProgress {
            seconds: watch.elapsed(),
            share: watch.share().min(1.0),
            rounds: now.rounds,
            columns: now.columns,
            last: whole(now.best, shape.scale),
            master: now.value,
        };
        watcher(&progress).is_continue() && now.rounds < rounds_max
    });
    Ok(Bound {
        last: whole(generation.best, shape.scale),
        value,
        converged: end != End::Stopped,
        columns: generation.columns,
        rounds: generation.rounds,
        seconds: watch.elapsed(),
    })
}

/// A scaled bound in units of the level, which are whole: rounded up.
fn whole(scaled: i128, scale: i64) -> i64 {
    let scale = i128::from(scale);
    i64::try_from((scaled + scale - 1).div_euclid(scale)).unwrap_or(i64::MAX)
}

/// The plan's routes as columns; what the relaxation does not know is passed over.
fn routes(shape: &Shape<'_>, plan: &Plan) -> Vec<Route> {
    let problem = shape.arena.problem;
    let tickets: FxHashMap<&str, u32> =
        problem.ticket_indexes().map(|t| (problem.ticket_id(t), t)).collect();
    let shifts: FxHashMap<String, u32> =
        problem.shift_indexes().map(|s| (problem.shift_id(s), s)).collect();
    let mut served = vec![false; problem.tickets.len()];
    let mut used = vec![0; shape.kinds.len()];
    let mut route = |route: &crate::plan::Route| {
        let kind = shape.kind_of[*shifts.get(&route.shift)? as usize] as usize;
        let (network, members) = &shape.kinds[kind];
        let mut path = Vec::new();
        for id in route.tickets() {
            let t = *tickets.get(id)?;
            path.push(network.tickets.binary_search(&t).ok()? as u16);
            if std::mem::replace(&mut served[t as usize], true) {
                return None;
            }
        }
        used[kind] += 1;
        let cost = pricing::cost_of(network, &path)?;
        (!path.is_empty() && used[kind] <= *members).then_some(Route { kind, path, cost })
    };
    plan.routes.iter().filter_map(&mut route).collect()
}
