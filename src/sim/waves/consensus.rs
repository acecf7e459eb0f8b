//! Decisions by consensus over scenarios: iterative conditional dispatch (Lan, van Doorn, Wouda, Rijal and Bhulai,
//! "An Iterative Sample Scenario Approach for the Dynamic Dispatch Waves Problem", Transportation Science, 2024).
//!
//! In each scenario the requests of the next wave are drawn, and one solution tells what it would send now and what
//! then. What enough of them agree on is fixed, new scenarios are drawn that hold to it, and so on.

use super::sample::Site;
use super::{NOW, ROUTES_SHARE, Waves, part, solve};
use crate::model::{Issues, Ticket};
use crate::plan::{Plan, StopKind};
use crate::problem::Problem;
use crate::rng::Rng;
use std::collections::{BTreeMap, BTreeSet};

/// Rounds of scenarios.
const ROUNDS: usize = 3;
/// Scenarios of one round.
const SCENARIOS: usize = 16;
/// A request goes now when at least so many scenarios of a round send it now.
const NOW_FROM: usize = SCENARIOS / 2;
/// It goes later when no more than so many send it now.
const LATER_UP_TO: usize = SCENARIOS / 5;

/// What is decided so far, as indexes of open requests.
struct Decided {
    now: BTreeSet<usize>,
    later: BTreeSet<usize>,
}

impl Decided {
    fn has(&self, index: usize) -> bool {
        self.now.contains(&index) || self.later.contains(&index)
    }
}

impl Waves<'_> {
    /// Indexes of the open requests that go now; what is undecided after the last round waits.
    pub(super) fn consensus(&self) -> Result<BTreeSet<usize>, Issues> {
        let site = Site::of(self.site)?;
        let mut decided = Decided { now: self.must_go(), later: BTreeSet::new() };
        for round in 1..=ROUNDS {
            if decided.now.len() + decided.later.len() == self.open.len() {
                break;
            }
            let votes = self.votes(&self.scenarios(&site, round, &decided)?, &decided);
            for (index, votes) in votes.into_iter().enumerate() {
                if decided.has(index) {
                    continue;
                }
                if votes >= NOW_FROM {
                    decided.now.insert(index);
                } else if votes <= LATER_UP_TO {
                    decided.later.insert(index);
                }
            }
        }
        Ok(decided.now)
    }

    /// In how many of these plans each open request goes now: with a vehicle of this wave, or on a route that
    /// waits for nobody.
    fn votes(&self, plans: &[Plan], decided: &Decided) -> Vec<usize> {
        let ids =
            self.open.iter().enumerate().map(|(index, open)| (open.ticket.id.as_str(), index));
        let index_of: BTreeMap<&str, usize> = ids.collect();
        let mut votes = vec![0; self.open.len()];
        for route in plans.iter().flat_map(|plan| &plan.routes) {
            let visits = route.stops.iter().filter(|stop| stop.kind == StopKind::Visit);
            let open: Vec<Option<usize>> =
                visits.map(|stop| index_of.get(stop.id.as_str()).copied()).collect();
            let may_leave =
                |open: &Option<usize>| open.is_some_and(|i| !decided.later.contains(&i));
            if route.engineer.starts_with(NOW) || open.iter().all(may_leave) {
                open.into_iter().flatten().for_each(|index| votes[index] += 1);
            }
        }
        votes
    }

    /// Solves the scenarios of one round, each on one thread. Not by rayon: a worker of a pool that waits for the
    /// pool of a search begins the next scenario meanwhile, and their seconds pass side by side.
    fn scenarios(
        &self,
        site: &Site<'_>,
        round: usize,
        decided: &Decided,
    ) -> Result<Vec<Plan>, Issues> {
        let threads = self.options.threads.clamp(1, SCENARIOS);
        // Seconds pass for all that run side by side, iterations are counted over all.
        let side_by_side = if self.options.budget.iterations.is_some() { 1 } else { threads };
        let share = (1.0 - ROUTES_SHARE) * side_by_side as f64 / (ROUNDS * SCENARIOS) as f64;
        let budget = part(&self.options.budget, share);
        let one = |number: usize| {
            let stream = (round * SCENARIOS + number) as u64;
            let mut rng = Rng::new(self.seed(stream), u64::from(self.wave));
            let of = |wanted: &dyn Fn(usize) -> bool| -> Vec<Ticket> {
                let open = self.open.iter().enumerate().filter(|(index, _)| wanted(*index));
                open.map(|(_, request)| request.ticket.clone()).collect()
            };
            let now = of(&|index| decided.now.contains(&index));
            let mut later = of(&|index| decided.later.contains(&index));
            let is_open = |index| !decided.has(index);
            later.extend(site.draw(self.wave + 1, &mut rng));
            let problem = Problem::build(self.world(now, of(&is_open), later))?;
            solve(&problem, &budget, self.seed(stream), 1)
        };
        let mut plans: Vec<(usize, Plan)> = Vec::with_capacity(SCENARIOS);
        std::thread::scope(|scope| {
            let start = |first: usize| {
                let one = &one;
                scope.spawn(move || {
                    let numbers = (first..SCENARIOS).step_by(threads);
                    numbers.map(|number| Ok((number, one(number)?))).collect()
                })
            };
            let workers: Vec<_> = (0..threads).map(start).collect();
            for worker in workers {
                let solved: Result<Vec<_>, Issues> =
                    worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                plans.extend(solved?);
            }
            Ok::<(), Issues>(())
        })?;
        plans.sort_by_key(|(number, _)| *number);
        Ok(plans.into_iter().map(|(_, plan)| plan).collect())
    }
}
