//! Decisions by consensus over scenarios (after Lan, van Doorn, Wouda, Rijal and Bhulai, 2024): in each the
//! requests of the next wave are drawn, and one solution tells what it would send now and what then.
//!
//! What nearly all agree on is fixed, and new scenarios are drawn; in the last round the majority decides.

use super::sample::Site;
use super::{LATER, NOW, Waves, part, solve};
use crate::model::Issues;
use crate::plan::Plan;
use crate::problem::Problem;
use crate::rng::Rng;
use std::collections::BTreeSet;

/// Rounds of scenarios.
const ROUNDS: usize = 2;
/// Scenarios of one round.
const SCENARIOS: usize = 8;
/// The share of the budget that is left for the routes of what goes.
pub(super) const LAST_SHARE: f64 = 0.2;
/// From this share of scenarios on a request is sent now, or up to one less it, left for later.
const AGREED: f64 = 0.9;

impl Waves<'_> {
    /// Indexes of the open requests that go now.
    pub(super) fn consensus(&self) -> Result<BTreeSet<usize>, Issues> {
        let site = Site::of(self.site)?;
        let mut now = self.must_go();
        let mut later = BTreeSet::new();
        let env = |k: &str, d: f64| std::env::var(k).ok().and_then(|v| v.parse().ok()).unwrap_or(d);
        let rounds = env("ROUNDS", ROUNDS as f64) as usize;
        for round in 1..=rounds {
            if now.len() + later.len() == self.open.len() {
                break;
            }
            let plans = self.scenarios(&site, round, rounds, &now, &later)?;
            let is_last = round == rounds;
            let agreed = env("AGREED", AGREED);
            for index in 0..self.open.len() {
                if now.contains(&index) || later.contains(&index) {
                    continue;
                }
                let id = &self.open[index].ticket.id;
                let sends = |plan: &&Plan| {
                    plan.visit_of(id).is_some_and(|(route, _)| route.engineer.starts_with(NOW))
                };
                let share = plans.iter().filter(sends).count() as f64 / plans.len().max(1) as f64;
                let least = if is_last { env("LEAST", 0.5) } else { agreed };
                if share >= least {
                    now.insert(index);
                } else if share <= 1.0 - agreed {
                    later.insert(index);
                }
            }
        }
        Ok(now)
    }

    /// Solves the scenarios of one round, each on one thread.
    fn scenarios(
        &self,
        site: &Site<'_>,
        round: usize,
        rounds: usize,
        now: &BTreeSet<usize>,
        later: &BTreeSet<usize>,
    ) -> Result<Vec<Plan>, Issues> {
        let threads = self.options.threads.max(1);
        let env = |k: &str, d: f64| std::env::var(k).ok().and_then(|v| v.parse().ok()).unwrap_or(d);
        let scenarios = env("SCENARIOS", SCENARIOS as f64) as usize;
        // In seconds those that run side by side share nothing; in iterations the count is for all.
        let side_by_side = if self.options.budget.seconds.is_some() { threads } else { 1 };
        let each = (1.0 - LAST_SHARE) * side_by_side as f64 / (rounds * scenarios) as f64;
        let budget = part(&self.options.budget, each);
        let one = |number: usize| {
            let stream = (round * scenarios + number) as u64;
            let mut rng = Rng::new(self.seed(stream), u64::from(self.wave));
            let drawn = site.draw(self.wave + 1, &mut rng);
            let of = |wanted: &dyn Fn(usize) -> bool| {
                let indexes = (0..self.open.len()).filter(|&index| wanted(index));
                indexes.map(|index| self.open[index].ticket.clone()).collect::<Vec<_>>()
            };
            let fixed = of(&|index| now.contains(&index));
            let either = of(&|index| !now.contains(&index) && !later.contains(&index));
            let mut then = of(&|index| later.contains(&index));
            then.extend(drawn);
            let mut world = self.world(fixed, either, then);
            let (n, l) = (env("FIXNOW", 0.0) as i64, env("FIXLATER", 0.0) as i64);
            for e in &mut world.engineers {
                e.shifts[0].fixed_cost =
                    crate::units::Cost(if e.id.starts_with(LATER) { l } else { n });
            }
            if n + l > 0 {
                world
                    .objective
                    .levels
                    .push([(crate::model::Criterion::Fixed, 1)].into_iter().collect());
            }
            let problem = Problem::build(world)?;
            solve(&problem, &budget, self.seed(stream), 1)
        };
        let solved: Vec<Result<Vec<(usize, Plan)>, Issues>> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads)
                .map(|first| {
                    let one = &one;
                    scope.spawn(move || {
                        let numbers = (first..scenarios).step_by(threads);
                        numbers.map(|number| Ok((number, one(number)?))).collect()
                    })
                })
                .collect();
            workers.into_iter().filter_map(|worker| worker.join().ok()).collect()
        });
        let mut plans = solved.into_iter().collect::<Result<Vec<_>, _>>()?.concat();
        plans.sort_by_key(|(number, _)| *number);
        Ok(plans.into_iter().map(|(_, plan)| plan).collect())
    }
}
