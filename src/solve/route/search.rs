//! The search: several islands of ruin and recreate, which share what they find at fixed points.

use super::arena::Arena;
use super::best::Best;
use super::island::Island;
use super::leash::Leash;
use super::levy::{self, Levy};
use super::parts;
use super::publish;
use super::race::{self, Race};
use super::regret::{self, Entry};
use super::state::State;
use super::turns;
use crate::model::{Code, Issue, Issues};
use crate::plan::{Plan, Sequences};
use crate::problem::Problem;
use crate::rng::Rng;
use crate::solve::budget::Watch;
use crate::solve::{Budget, Progress, Watcher};

/// How to search.
#[derive(Clone, Debug)]
pub struct Options {
    /// When to stop.
    pub budget: Budget,
    /// Seed of all randomness.
    pub seed: u64,
    /// Threads, 1 to [`THREADS_MAX`]; all cores when absent.
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

/// No machine has more cores, and each thread has a search of its own: a million of them would take the memory
/// of the machine before the first step.
pub const THREADS_MAX: usize = 1_024;

/// Fewest islands under an iteration budget; a number of its own, so that threads cannot change a plan.
const ISLANDS: usize = 2;
/// Points at which islands report and share; each is a barrier.
const ROUNDS: u64 = 40;
/// From this share of the budget on, islands that lag behind take over the best plan.
const SHARING_FROM: f64 = 0.6;
/// How hot every second search is whose routes pay a toll after a race, measured by what is usual.
const HEAT_TOLLED: f64 = 1.5;
/// Most iterations between two looks at whether a search still makes headway.
const PIECE_MAX: u64 = 2_000;

/// Plans routes: regret insertion, then ruin and recreate until the budget is used up.
///
/// `watcher` is called about forty times with the progress, more often where `budget.stall` is set.
/// Memory is linear in tickets and shifts (plus 32 MiB of tabulated travel at most for each profile).
///
/// # Errors
/// E704 when the objective cannot be represented exactly; E105 for no threads or more than [`THREADS_MAX`].
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
    if let Some(threads) = options.threads.filter(|threads| !(1..=THREADS_MAX).contains(threads)) {
        let cause = format!("{threads} is not within 1 to {THREADS_MAX}");
        return Err(Issue::new(Code::OUT_OF_RANGE, "threads", cause).into());
    }
    let threads = options.threads.unwrap_or_else(rayon::current_num_threads);
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => {
            let arena = pool.install(|| Arena::new(problem))?;
            Ok(Search { arena: &arena, options, watch, threads, pool }.run(watcher))
        }
        Err(cause) => Err(Issue::new(Code::TOO_LARGE, "threads", cause.to_string()).into()),
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
        let construct = |state: &mut State<'_>, entry| {
            self.pool.install(|| regret::construct(state, entry, &self.watch));
        };
        construct(&mut first, Entry::Paying);
        let budget = &self.options.budget;
        let may_overload = levy::leads_on(self.arena);
        let count = self.count(may_overload);
        let comes_in_parts = self.comes_in_parts(count);
        let mut best = Best::of(&first);
        if self.options.start.is_none() && self.arena.score.priced {
            // A route that does not pay is closed sooner than one that would pay is opened.
            first = State::empty(self.arena);
            construct(&mut first, Entry::Everybody);
        }
        let mut islands: Vec<Island<'_>> = (0..count as u64)
            .map(|stream| Island::new(first.clone(), Rng::new(self.options.seed, stream)))
            .collect();
        islands.iter_mut().for_each(|island| island.may_overload = may_overload);
        let has_end = self.watch.is_timed() || budget.iterations.is_some();
        let trials = match (comes_in_parts, islands.iter().all(Island::could_toll)) {
            (false, _) => race::TRIALS,
            (true, false) => race::TRIALS_PARTS,
            (true, true) => race::TRIALS_TOLL,
        };
        // Large plans where tickets have a price come out worse by a race (by a third on long routes).
        let races = has_end && !(comes_in_parts && self.arena.score.priced);
        let mut race = races.then(|| Race::begin(&mut islands, Best::of(&first), trials));
        drop(first);
        let mut cooling_from = 0.0;
        let mut cuts = Rng::new(self.options.seed, count as u64);
        let each = budget.iterations.map(|all| all.div_ceil(count as u64));
        let (mut reported, mut improved_at) = (None, 0);
        let mut round = 1;
        loop {
            // A search is found to make no headway long before a round of many hours is over.
            let piece_ends = budget
                .stall
                .map_or(u64::MAX, |stall| islands[0].iterations + (stall / 4).clamp(1, PIECE_MAX));
            let round_ends = match each {
                Some(each) => each.saturating_mul(round) / ROUNDS,
                None if self.watch.is_timed() => u64::MAX,
                None => piece_ends,
            };
            let target = round_ends.min(piece_ends);
            // Only whole plans tell which heat is better.
            let is_cut = comes_in_parts && race.is_none();
            if is_cut {
                parts::cut(&mut islands, &mut cuts);
            }
            let end = round as f64 / ROUNDS as f64;
            let idle = (islands[0].iterations - improved_at) as f64;
            let stalled = budget.stall.map_or(0.0, |stall| idle / stall.max(1) as f64);
            let cooled_at = race.as_ref().map_or(1.0, |race| race.end as f64 / ROUNDS as f64);
            let course = (cooling_from, cooled_at);
            let leash = Leash { watch: &self.watch, target, each, end, course, stalled };
            self.pool.install(|| turns::run(&mut islands, self.threads, leash));
            if is_cut {
                parts::collect(&islands, &mut best);
                parts::join(&mut islands);
            } else if let Some(leader) = islands.iter().min_by_key(|island| island.best.cost)
                && leader.best.cost < best.cost
            {
                best.clone_from(&leader.best);
            }
            let share = leash.share(islands[0].iterations);
            let is_round_over = islands[0].iterations >= round_ends || self.watch.share() >= end;
            if is_round_over && self.judge(&mut race, &mut islands, round) {
                cooling_from = share;
            }
            let progress = self.report(&islands, &best, share, reported);
            reported = Some(best.cost);
            if progress.improved {
                improved_at = islands[0].iterations;
            }
            let is_stalled =
                budget.stall.is_some_and(|stall| islands[0].iterations - improved_at >= stall);
            let is_over = is_stalled || share >= 1.0 || self.watch.is_over();
            if watcher(&progress).is_break() || is_over || self.arena.ticket_count() == 0 {
                break;
            }
            if comes_in_parts && race.is_none() {
                if !is_cut {
                    // The race is just over: what is to be cut has to be one plan.
                    islands.iter_mut().for_each(|island| island.restart(&best));
                }
                islands.iter_mut().for_each(Island::begin_round);
            } else if share >= SHARING_FROM {
                islands.iter_mut().for_each(|island| island.catch_up(&best));
            }
            round += u64::from(is_round_over);
        }
        self.finish(islands, &best, displaced)
    }

    /// Judges a race at the end of a round. True when a trial was over: what comes next cools down anew.
    fn judge(&self, race: &mut Option<Race>, islands: &mut [Island<'_>], round: u64) -> bool {
        let Some(racing) = race else { return false };
        let may_toll = islands.iter().all(|island| island.may_overload && island.could_toll());
        if round == 1 && racing.call_off(islands, self.arena.problem.tickets.len(), may_toll) {
            *race = None;
            if may_toll {
                islands.iter_mut().for_each(|island| island.toll(1.0));
            }
            return false;
        }
        if racing.end != round {
            return false;
        }
        if racing.judge(islands) {
            *race = None;
            // What a toll does to some plans no short trial tells: every second search finds out on the way.
            islands.iter_mut().skip(1).step_by(2).for_each(|island| island.toll(HEAT_TOLLED));
        }
        true
    }

    /// How many searches there are: where vans can be full, several are worth more than longer ones.
    fn count(&self, may_overload: bool) -> usize {
        let (least, steps) = match (self.options.budget.iterations, self.watch.limit()) {
            (Some(all), _) => (ISLANDS, all as f64),
            (None, Some(seconds)) => (self.threads, turns::steps_in(seconds, self.threads)),
            (None, None) => (ISLANDS, 0.0),
        };
        let tickets = self.arena.problem.tickets.len();
        if may_overload { turns::count(least, tickets, steps) } else { least }
    }

    /// Whether the searches will share one plan.
    fn comes_in_parts(&self, count: usize) -> bool {
        let problem = self.arena.problem;
        count > 1
            && problem.tickets.len() >= parts::TICKETS_MIN
            && problem.shifts.len() >= 2 * count
    }

    fn report(
        &self,
        islands: &[Island<'_>],
        best: &Best,
        share: f64,
        reported: Option<i128>,
    ) -> Progress {
        Progress {
            seconds: self.watch.elapsed(),
            share: share.min(1.0),
            iterations: islands.iter().map(|island| island.iterations).sum(),
            score: self.arena.score.unpack(best.cost),
            unassigned: best.absent,
            improved: reported.is_none_or(|reported| best.cost < reported),
        }
    }

    fn finish(&self, islands: Vec<Island<'_>>, best: &Best, displaced: Vec<String>) -> Outcome {
        let iterations = islands.iter().map(|island| island.iterations).sum();
        let plan = islands.into_iter().next().map_or_else(Plan::default, |mut island| {
            island.state.charge(Levy::NONE);
            island.take_over(best.all_routes());
            debug_assert_eq!(island.state.cost(), best.cost);
            self.pool.install(|| {
                regret::insert_leftovers(&mut island.state, &self.watch);
                publish::publish(&island.state)
            })
        });
        Outcome { plan, iterations, seconds: self.watch.elapsed(), displaced }
    }
}
