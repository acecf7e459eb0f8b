//! Levels folded into one integer, as the numeric solvers need it, and unfolded for people.

use super::arcs::Instance;
use super::arcs_of::{Levels, Pairing};
use crate::model::{Code, Issue, Issues};
use crate::problem::Problem;
use crate::units::LIMIT;

/// How levels become one cost.
///
/// One unit on a level counts 1 + the largest difference that any two pairs show on all later
/// levels together; the last level counts 1. So of two *pairs* the one that is better on the
/// first level in which they differ always costs less. Of two *assignments* that need not hold:
/// many small differences on a later level can outweigh one unit on an earlier one.
///
/// Leaving out a ticket costs its worth times `out`, which is above what all pairs and balance
/// together can cost, so that no worth is given away for any gain in pairs; where such a number would not fit 64
/// bits it is as large as fits, at least twice the dearest pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fold {
    factors: Levels,
    /// The cost of one unit of worth left out.
    out: i64,
}

impl Fold {
    /// Finds the factors for these pairs, ticket by ticket.
    ///
    /// # Errors
    /// E704 where a pair would cost more than the solvers take.
    pub fn of(problem: &Problem, pairings: &[Vec<Pairing>], balance: i64) -> Result<Self, Issues> {
        let mut factors = Levels::default();
        let mut factor = 1;
        for level in (0..factors.len()).rev() {
            factors[level] = factor;
            let costs = pairings.iter().flatten().map(|pairing| cost(&factors, level, pairing));
            let (low, high) =
                costs.fold((i128::MAX, 0), |(low, high), cost| (low.min(cost), high.max(cost)));
            if high > i128::from(LIMIT) {
                return Err(too_dear(format!("a pair costs {high}, more than {LIMIT}")));
            }
            factor = (high - low).max(0) as i64 + 1;
        }
        let mut fold = Self { factors, out: 0 };
        fold.out = fold.cost_of_worth(problem, pairings, balance)?;
        Ok(fold)
    }

    fn cost_of_worth(
        &self,
        problem: &Problem,
        pairings: &[Vec<Pairing>],
        balance: i64,
    ) -> Result<i64, Issues> {
        let dearest = |row: &Vec<Pairing>| row.iter().map(|pairing| self.pair(pairing)).max();
        let rows = pairings.iter().filter_map(dearest);
        // No shift can have more tickets than there are, so balance costs no more than this.
        let spread = i128::from(balance) * pairings.len() as i128;
        let all: i128 = rows.clone().map(i128::from).sum::<i128>() + spread + 1;
        let least = 2 * (i128::from(rows.max().unwrap_or(0)) + 1);
        let worth: i128 = problem.tickets.iter().map(|ticket| i128::from(ticket.worth)).sum();
        let room = i128::from(Instance::TOTAL) - pairings.len() as i128 * i128::from(LIMIT);
        let most = room / worth.max(1);
        if most < least {
            let cause = format!(
                "leaving out a ticket has to cost {least} for each unit of its worth; {most} fit"
            );
            return Err(too_dear(cause));
        }
        Ok(all.clamp(least, most) as i64)
    }

    /// The cost of a pair.
    pub fn pair(&self, pairing: &Pairing) -> i64 {
        cost(&self.factors, 0, pairing) as i64
    }

    /// The cost of leaving out a ticket of this worth.
    pub fn absence(&self, worth: i64) -> i64 {
        self.out * worth
    }

    /// A cost as worth left out, and the rest level by level, each as much as goes into it.
    pub fn unfold(&self, cost: i64, levels: usize) -> (i64, Vec<i64>) {
        let (worth, mut rest) = (cost / self.out, cost % self.out);
        let level = |&factor: &i64| {
            let whole = rest / factor;
            rest %= factor;
            whole
        };
        (worth, self.factors[..levels].iter().map(level).collect())
    }
}

/// The cost of a pair on the levels from `from` on.
fn cost(factors: &Levels, from: usize, pairing: &Pairing) -> i128 {
    let parts = factors.iter().zip(&pairing.levels).skip(from);
    parts.map(|(&factor, &points)| i128::from(factor) * i128::from(points)).sum()
}

fn too_dear(cause: String) -> Issues {
    Issue::new(Code::OVERFLOW, "objective", cause).into()
}
