//! Solving an assignment with side constraints: exactly where none binds, else by bound and search.

use super::anneal::anneal;
use super::branch::branch;
use super::exact::Prices;
#[cfg(feature = "lp")]
use super::lp;
use super::relax::{Relaxation, Relaxed};
use super::repair::repair;
use super::sides::{Misfit, Model};
use std::time::{Duration, Instant};

/// How hard to try where side constraints bind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effort {
    /// Rounds of local search, each twice as long as the one before.
    pub rounds: u32,
    /// Steps of the lower bound; each costs about as much as an assignment without side constraints.
    pub steps: u32,
    /// Stop at about this time. With a limit an answer can depend on the machine's speed.
    pub limit: Option<Duration>,
    /// Ask the LP and MIP backend as well (feature `lp`; without it nobody is asked).
    pub backend: bool,
}

impl Default for Effort {
    /// Repeatable: three rounds, sixty steps, no clock, no backend.
    fn default() -> Self {
        Self { rounds: 3, steps: 60, limit: None, backend: false }
    }
}

impl Effort {
    /// As good as so many seconds allow, with the backend where there is one.
    ///
    /// Seconds that are not a number, or below zero, count as none.
    #[must_use]
    pub fn seconds(seconds: f64) -> Self {
        let limit = Duration::try_from_secs_f64(seconds).unwrap_or_default();
        Self { rounds: 24, steps: 2_000, limit: Some(limit), backend: true }
    }
}

/// An answer to a [`Model`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The column of each row; `None` for a row left out.
    pub column_of: Vec<Option<u32>>,
    /// The cost of all arcs taken, all rows left out, and the fullest column.
    pub cost: i64,
    /// No answer costs less; proven in integers, whatever a backend said.
    pub at_least: i64,
    /// Prices of the bound, rounded up: with them it loses no more than a fraction of a unit.
    ///
    /// Where `cost == at_least` one more seat in a column saves at most its price. With balance they
    /// hold for the largest number of rows in a column as it is.
    pub prices: Prices,
    /// What one more unit of each stock would save at most, in the same sense.
    pub stock_prices: Vec<i64>,
}

impl Answer {
    /// True when the prices prove that no better answer exists. Small models are answered at the least
    /// cost even where no prices can prove it.
    #[must_use]
    pub fn is_optimal(&self) -> bool {
        self.cost <= self.at_least
    }
}

impl Model {
    /// Finds a cheap answer and a proven lower bound.
    ///
    /// Without stocks that bind the answer is optimal, balance or not. Otherwise prices of the stocks
    /// give the bound, and the best of repaired bounds and the backend's answers is improved: by
    /// branch and bound where so few rows have so few choices that all are weighed, else by a local
    /// search. A backend's own prices are used where our assignment at them proves more. Whatever a
    /// backend says is checked from scratch; a failure or an answer that breaks a constraint counts
    /// as none.
    ///
    /// # Errors
    /// [`Misfit`] when numbers are out of range.
    pub fn solve(&self, effort: &Effort) -> Result<Answer, Misfit> {
        self.validate()?;
        let deadline = effort.limit.map(|limit| Instant::now() + limit);
        let mut relaxation = Relaxation::new(self);
        let free = relaxation.at(&vec![0; self.stocks.len()])?;
        let mut best = Best::new(self);
        if best.offer(&free.taken) <= free.at_least {
            return Ok(best.answer(&free));
        }
        best.offer(&repair(self, &free.taken, |arc| self.arcs[arc as usize].cost));
        let share = |part: f64| {
            let limit = effort.limit?;
            Some(deadline? - limit.mul_f64(1.0 - part))
        };
        #[cfg_attr(not(feature = "lp"), allow(unused_mut))]
        let mut bound = relaxation.ascend(free, effort.steps, share(0.3), |here| {
            best.offer(&repair(self, &here.taken, |arc| relaxed_cost(self, here, arc)));
            best.cost
        })?;
        #[cfg(feature = "lp")]
        if let (true, Some(limit)) = (effort.backend, effort.limit) {
            let said = lp::ask(self, &best.taken, limit.as_secs_f64() * 0.2);
            if let Some(prices) = said.stock_prices {
                let dual = relaxation.at(&relaxation.whole(&prices))?;
                if dual.at_least > bound.at_least {
                    bound = dual;
                }
            }
            for proposal in said.proposals {
                best.offer(&repair(self, &proposal, |arc| relaxed_cost(self, &bound, arc)));
            }
        }
        if branch(self, &bound, &mut best) {
            return Ok(best.answer(&bound));
        }
        let improved = anneal(self, best.taken.clone(), &bound, effort.rounds, deadline);
        best.offer(&improved);
        // The search may stop short of a row that still fits.
        best.offer(&repair(self, &best.taken, |arc| self.arcs[arc as usize].cost));
        Ok(best.answer(&bound))
    }
}

/// What an arc costs when stocks are paid for.
fn relaxed_cost(model: &Model, relaxed: &Relaxed, arc: u32) -> i64 {
    let paid = model.uses(arc).iter().map(|using| {
        i128::from(using.amount) * i128::from(relaxed.stock_prices[using.stock as usize])
    });
    let paid = paid.sum::<i128>() / i128::from(relaxed.scale);
    i64::try_from(paid + i128::from(model.arcs[arc as usize].cost)).unwrap_or(i64::MAX)
}

/// The best answer that has passed the check.
pub(super) struct Best<'m> {
    model: &'m Model,
    pub cost: i64,
    taken: Vec<u32>,
}

impl<'m> Best<'m> {
    /// Nobody anywhere.
    fn new(model: &'m Model) -> Self {
        Self { model, cost: model.skip.iter().sum(), taken: vec![super::sides::OUT; model.rows()] }
    }

    /// Takes a proposal if it is valid and better; returns the best cost.
    pub fn offer(&mut self, taken: &[u32]) -> i64 {
        if let Ok(cost) = self.model.verify(&self.model.columns(taken))
            && cost < self.cost
        {
            self.cost = cost;
            self.taken = taken.to_vec();
        }
        self.cost
    }

    fn answer(&self, bound: &Relaxed) -> Answer {
        let up = |&price: &i64| {
            price.div_euclid(bound.scale) + i64::from(price.rem_euclid(bound.scale) > 0)
        };
        let seats = bound.prices.columns.iter().zip(&self.model.capacity);
        // A column that has more room of its own than balance lets it use gains nothing by more.
        let is_short = |capacity: u32| self.model.balance == 0 || capacity <= bound.level;
        let columns =
            seats.map(|(price, &capacity)| if is_short(capacity) { up(price) } else { 0 });
        Answer {
            column_of: self.model.columns(&self.taken),
            cost: self.cost,
            at_least: bound.at_least,
            prices: Prices {
                rows: bound.prices.rows.iter().map(up).collect(),
                columns: columns.collect(),
            },
            stock_prices: bound.stock_prices.iter().map(up).collect(),
        }
    }
}
