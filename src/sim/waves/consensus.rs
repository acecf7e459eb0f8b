//! Decisions by consensus over scenarios (after Lan, van Doorn, Wouda, Rijal and Bhulai, 2024): in each the
//! requests of the next wave are drawn, and one solution tells what it would send now and what then.
//!
//! What all agree on is fixed, and new scenarios are drawn; in the last round the majority decides.

use super::sample::Site;
use super::{NOW, ROUTES_SHARE, Waves, part, solve};
use crate::model::{Issues, Ticket};
use crate::plan::Plan;
use crate::problem::Problem;
use crate::rng::Rng;
use std::collections::BTreeSet;

/// Rounds of scenarios.
const ROUNDS: usize = 2;
/// Scenarios of one round.
const SCENARIOS: usize = 8;

/// What is decided so far, as indexes of open requests.
struct Decided {
    now: BTreeSet<usize>,
    later: BTreeSet<usize>,
}

impl Waves<'_> {
    /// Indexes of the open requests that go now.
    pub(super) fn consensus(&self) -> Result<BTreeSet<usize>, Issues> {
        let site = Site::of(self.site)?;
        let mut decided = Decided { now: self.must_go(), later: BTreeSet::new() };
        for round in 1..=ROUNDS {
            if decided.now.len() + decided.later.len() == self.open.len() {
                break;
            }
            let plans = self.scenarios(&site, round, &decided)?;
            let least = if round == ROUNDS { plans.len().div_ceil(2) } else { plans.len() };
            for (index, request) in self.open.iter().enumerate() {
                if decided.now.contains(&index) || decided.later.contains(&index) {
                    continue;
                }
                let sends = |plan: &&Plan| {
                    let visit = plan.visit_of(&request.ticket.id);
                    visit.is_some_and(|(route, _)| route.engineer.starts_with(NOW))
                };
                match plans.iter().filter(sends).count() {
                    votes if votes >= least => decided.now.insert(index),
                    0 => decided.later.insert(index),
                    _ => false,
                };
            }
        }
        Ok(decided.now)
    }

    /// Solves the scenarios of one round, each on one thread.
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
            let is_open = |index| !decided.now.contains(&index) && !decided.later.contains(&index);
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
