//! The search: several islands of ruin and recreate, which share what they find at fixed points.

use super::accept::Acceptance;
use super::arena::Arena;
use super::candidates::ShiftSet;
use super::memo::Memo;
use super::publish;
use super::recreate::{add_candidates, cheapest, shuffle_or_sort};
use super::regret;
use super::ruin;
use super::state::{Edit, State};
use super::tour::Tour;
use crate::model::Issues;
use crate::plan::{Plan, Sequences};
use crate::problem::{NONE, Problem};
use crate::rng::Rng;
use crate::solve::budget::Watch;
use crate::solve::{Budget, Progress, Watcher};
use rayon::prelude::*;

/// How to search.
#[derive(Clone, Debug)]
pub struct Options {
    /// When to stop.
    pub budget: Budget,
    /// Seed of all randomness.
    pub seed: u64,
    /// Threads; all cores when absent.
    pub threads: Option<usize>,
    /// A plan to start from; what no longer fits in it is left out and tried anew.
    pub start: Option<Plan>,
}

impl Default for Options {
    fn default() -> Self {
        Self { budget: Budget::default(), seed: 1, threads: None, start: None }
    }
}

/// A plan and how it was found.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The best plan found.
    pub plan: Plan,
    /// Ruin-and-recreate steps, over all islands.
    pub iterations: u64,
    /// Seconds of wall clock.
    pub seconds: f64,
    /// Tickets of the starting plan that could not stay where they were.
    pub displaced: Vec<String>,
}

/// Islands under an iteration budget; a number of its own, so that threads cannot change a plan.
const ISLANDS: usize = 2;
/// Points at which islands report and share; each is a barrier.
const ROUNDS: u64 = 40;
/// From this share of the budget on, islands that lag behind take over the best plan.
const SHARING_FROM: f64 = 0.6;
/// Iterations between two looks at the wall clock.
const CLOCK_EVERY: u64 = 16;
/// Of how many neighbours of a removed ticket the absent ones are tried again.
const NEAR_ABSENT: usize = 12;
/// Passes over one route in a hundred (Christiaens and Vanden Berghe 2020 pass over positions), so
/// that the search does not always fall into the same hole.
const BLINK: usize = 100;
/// Iterations of a round where only a stall limits the search.
const ROUND_DEFAULT: u64 = 2_000;

/// Plans routes: regret insertion, then ruin and recreate until the budget is used up.
///
/// `watcher` is called about forty times with the progress. Memory is linear in tickets and shifts
/// (plus 32 MiB of tabulated travel at most for each profile).
///
/// # Errors
/// E704 when the objective cannot be represented exactly.
///
/// ```
/// use fieldwright::model::{Engineer, Place, Ticket, TravelMode, World};
/// use fieldwright::solve::{Budget, route};
/// use fieldwright::units::{Instant, Seconds};
/// use fieldwright::{Problem, plan};
/// use std::ops::ControlFlow;
///
/// let mut world = World::new(TravelMode::car(36_000));
/// world.engineers.push(Engineer::new("ada", Place::at(52.52, 13.40), Instant(0), Instant(28_800)));
/// world.tickets.push(Ticket::new("T1", Place::at(52.53, 13.42), Seconds(1_800)));
/// let problem = Problem::build(world.clone())?;
/// let options = route::Options { budget: Budget::iterations(100), ..Default::default() };
/// let outcome = route::plan(&problem, &options, &mut |_| ControlFlow::Continue(()))?;
/// assert_eq!(outcome.plan.visits().count(), 1);
/// # Ok::<(), fieldwright::model::Issues>(())
/// ```
pub fn plan(
    problem: &Problem,
    options: &Options,
    watcher: &mut Watcher<'_>,
) -> Result<Outcome, Issues> {
    let watch = options.budget.start();
    let threads = options.threads.unwrap_or_else(rayon::current_num_threads).max(1);
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => {
            let arena = pool.install(|| Arena::new(problem))?;
            Ok(Search { arena: &arena, options, watch, threads, pool }.run(watcher))
        }
        Err(cause) => {
            let code = crate::model::Code::TOO_LARGE;
            Err(crate::model::Issue::new(code, "threads", cause.to_string()).into())
        }
    }
}

/// Times given orders of stops as they are, without any search. Returns the plan and the tickets
/// that could not stay where they are.
///
/// # Errors
/// E704 when the objective cannot be represented exactly.
pub fn time(problem: &Problem, orders: &Sequences) -> Result<(Plan, Vec<String>), Issues> {
    let arena = Arena::new(problem)?;
    let (state, displaced) = State::of(&arena, orders);
    Ok((publish::publish(&state), displaced))
}

struct Search<'a> {
    arena: &'a Arena<'a>,
    options: &'a Options,
    watch: Watch,
    threads: usize,
    pool: rayon::ThreadPool,
}

impl Search<'_> {
    fn run(&self, watcher: &mut Watcher<'_>) -> Outcome {
        let (mut first, displaced) = match &self.options.start {
            Some(plan) => State::of(self.arena, &Sequences::of(plan)),
            None => (State::empty(self.arena), Vec::new()),
        };
        self.pool.install(|| regret::construct(&mut first));
        let budget = &self.options.budget;
        let timed = self.watch.is_timed() && budget.iterations.is_none();
        let count = if timed { self.threads } else { ISLANDS };
        let mut islands: Vec<Island<'_>> = (0..count as u64)
            .map(|stream| Island::new(first.clone(), Rng::new(self.options.seed, stream)))
            .collect();
        drop(first);
        let each = budget.iterations.map(|all| all.div_ceil(count as u64));
        let mut reported = None;
        for round in 1.. {
            let target = each.map_or(
                if self.watch.is_timed() { u64::MAX } else { round * ROUND_DEFAULT },
                |each| each * round / ROUNDS,
            );
            let watch = &self.watch;
            self.pool.install(|| {
                islands.par_iter_mut().for_each(|island| island.run(watch, target, each, round));
            });
            let best = islands.iter().map(|island| island.best_cost).min().unwrap_or(0);
            let share = islands[0].share(watch, each);
            let progress = self.report(&islands, best, share, reported);
            reported = Some(best);
            let stalled =
                budget.stall.is_some_and(|stall| islands.iter().all(|island| island.idle >= stall));
            let is_over = stalled || share >= 1.0 || watch.is_over();
            if watcher(&progress).is_break() || is_over || self.arena.ticket_count() == 0 {
                break;
            }
            if share >= SHARING_FROM {
                share_best(&mut islands, best);
            }
        }
        self.finish(islands, displaced)
    }

    fn report(
        &self,
        islands: &[Island<'_>],
        best: i128,
        share: f64,
        reported: Option<i128>,
    ) -> Progress {
        let leader = islands.iter().find(|island| island.best_cost == best);
        Progress {
            seconds: self.watch.elapsed(),
            share: share.min(1.0),
            iterations: islands.iter().map(|island| island.iterations).sum(),
            score: self.arena.score.unpack(best),
            unassigned: leader.map_or(0, |leader| leader.best_absent),
            improved: reported.is_none_or(|reported| best < reported),
        }
    }

    fn finish(&self, islands: Vec<Island<'_>>, displaced: Vec<String>) -> Outcome {
        let iterations = islands.iter().map(|island| island.iterations).sum();
        let leader = islands.into_iter().min_by_key(|island| island.best_cost);
        let plan = leader.map_or_else(Plan::default, |mut leader| {
            leader.return_to_best();
            self.pool.install(|| {
                regret::insert_leftovers(&mut leader.state);
                publish::publish(&leader.state)
            })
        });
        Outcome { plan, iterations, seconds: self.watch.elapsed(), displaced }
    }
}

/// Islands that lag behind go on from the best plan; the first of the best gives it.
fn share_best(islands: &mut [Island<'_>], best: i128) {
    let Some(leader) = islands.iter().position(|island| island.best_cost == best) else {
        return;
    };
    let routes = islands[leader].best.clone();
    for island in islands.iter_mut().filter(|island| island.best_cost > best) {
        island.best.clone_from(&routes);
        island.best_cost = best;
        island.changed.clear();
        for s in 0..routes.len() as u32 {
            island.changed.add(s);
        }
        island.return_to_best();
    }
}

/// One search with its own randomness.
struct Island<'a> {
    state: State<'a>,
    rng: Rng,
    acceptance: Acceptance,
    best: Vec<Vec<u32>>,
    best_cost: i128,
    best_absent: usize,
    /// Shifts that differ from the best plan.
    changed: ShiftSet,
    touched: ShiftSet,
    tried: ShiftSet,
    /// Tickets that this iteration has taken out.
    removed: Vec<u32>,
    saved: Vec<(u32, Tour)>,
    memo: Memo,
    iterations: u64,
    /// Iterations since the last better plan.
    idle: u64,
}

impl<'a> Island<'a> {
    fn new(state: State<'a>, rng: Rng) -> Self {
        let shifts = state.routes.len();
        Self {
            acceptance: Acceptance::new(state.arena, state.cost()),
            best: state.routes.iter().map(|tour| tour.stops.clone()).collect(),
            best_cost: state.cost(),
            best_absent: state.absent().len(),
            changed: ShiftSet::new(shifts),
            touched: ShiftSet::new(shifts),
            tried: ShiftSet::new(shifts),
            removed: Vec::new(),
            saved: Vec::new(),
            memo: Memo::new(shifts.saturating_mul(state.shift_of.len())),
            iterations: 0,
            idle: 0,
            state,
            rng,
        }
    }

    fn share(&self, watch: &Watch, each: Option<u64>) -> f64 {
        let counted = match each {
            None => 0.0,
            Some(0) => 1.0,
            Some(each) => self.iterations as f64 / each as f64,
        };
        counted.max(watch.share())
    }

    /// Iterates up to `target` iterations or to the end of the round's share of the seconds.
    fn run(&mut self, watch: &Watch, target: u64, each: Option<u64>, round: u64) {
        let round_end = round as f64 / ROUNDS as f64;
        while self.iterations < target {
            if self.iterations.is_multiple_of(CLOCK_EVERY) {
                self.acceptance.cool(self.share(watch, each));
                if watch.is_over() || (watch.is_timed() && watch.share() >= round_end) {
                    return;
                }
            }
            self.iterate();
            self.iterations += 1;
        }
    }

    fn iterate(&mut self) {
        let before = self.state.cost();
        let mut waiting = self.ruin();
        shuffle_or_sort(&self.state, &mut waiting, &mut self.rng);
        self.recreate(&waiting);
        self.idle += 1;
        let after = self.state.cost();
        if after < self.best_cost {
            self.keep_best();
        } else if !self.acceptance.accepts(self.state.arena, before, after, &mut self.rng) {
            self.state.roll_back(&mut self.saved);
        }
        for (s, _) in self.saved.drain(..) {
            self.changed.add(s);
        }
    }

    /// Takes strings out, and returns what is to be put back: them, and absent neighbours of theirs.
    fn ruin(&mut self) -> Vec<u32> {
        let strings = ruin::strings(&self.state, &mut self.rng);
        self.touched.clear();
        self.removed.clear();
        for (s, tickets) in strings {
            self.save(s);
            self.removed.extend_from_slice(&tickets);
            self.state.apply(&Edit::Remove { s, tickets });
        }
        let mut waiting = self.removed.clone();
        let absent = self.state.absent();
        if absent.len() <= 3 * waiting.len() {
            waiting.clear();
            waiting.extend_from_slice(absent);
        } else {
            let arena = self.state.arena;
            let mut near: Vec<u32> = waiting
                .iter()
                .flat_map(|&t| arena.neighbours.of(t).iter().take(NEAR_ABSENT).copied())
                .filter(|&t| self.state.shift_of(t) == NONE)
                .chain(waiting.iter().copied())
                .collect();
            near.sort_unstable();
            near.dedup();
            waiting = near;
        }
        waiting
    }

    /// Puts tickets back one by one, each in its cheapest place. Those that were absent before can
    /// only come in where this iteration has made room.
    fn recreate(&mut self, waiting: &[u32]) {
        for &t in waiting {
            self.tried.clear();
            for &s in &self.touched.shifts {
                self.tried.add(s);
            }
            if self.removed.contains(&t) {
                add_candidates(&self.state, t, &mut self.tried);
            }
            let (state, memo, rng) = (&self.state, &mut self.memo, &mut self.rng);
            let ask = |s| {
                if rng.one_in(BLINK) { None } else { memo.best_insertion(state, t, s) }
            };
            if let Some(insertion) = cheapest(state, t, &self.tried.shifts, ask) {
                self.save(insertion.s);
                self.state.apply(&Edit::Insert(insertion));
            }
        }
    }

    /// Remembers a route before its first change in this iteration.
    fn save(&mut self, s: u32) {
        if self.touched.insert(s) {
            self.saved.push((s, self.state.routes[s as usize].clone()));
        }
    }

    fn keep_best(&mut self) {
        for (s, _) in &self.saved {
            self.changed.add(*s);
        }
        for &s in &self.changed.shifts {
            self.best[s as usize].clone_from(&self.state.routes[s as usize].stops);
        }
        self.changed.clear();
        self.saved.clear();
        self.best_cost = self.state.cost();
        self.best_absent = self.state.absent().len();
        self.idle = 0;
    }

    /// Makes the best plan the current one.
    fn return_to_best(&mut self) {
        let changed = std::mem::take(&mut self.changed.shifts);
        for &s in &changed {
            self.state.apply(&Edit::Replace { s, stops: Vec::new() });
        }
        for &s in &changed {
            self.state.apply(&Edit::Replace { s, stops: self.best[s as usize].clone() });
        }
        self.changed.clear();
        self.best_absent = self.state.absent().len();
        debug_assert_eq!(self.state.cost(), self.best_cost);
    }
}
