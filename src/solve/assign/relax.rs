//! Lower bounds: stocks are priced instead of limited, and what is left is solved exactly.
//!
//! For any prices of the stocks the cheapest priced assignment, less the value of all stocks,
//! costs no more than any answer that keeps to them (Geoffrion, "Lagrangean relaxation for integer
//! programming", 1974). Prices rise where a stock is overdrawn and fall where it is not (subgradient steps of
//! Polyak's length; Held, Wolfe and Crowder 1974). All of it is integer arithmetic, so a bound is
//! a proof; at the best prices it equals the LP relaxation, because the assignment alone always has an
//! integral optimum.

use super::arcs::{Arcs, Instance};
use super::exact::{Matching, Prices, solve};
use super::sides::{Misfit, Model, OUT};
use crate::units::LIMIT;
use std::time::Instant;

/// Costs are multiplied by up to this, so that a price can be a fraction of a unit.
const FINE: i64 = 1 << 10;
/// Steps in the wrong direction until they are halved.
const PATIENCE: u32 = 4;

/// The best priced assignment found.
#[derive(Clone, Debug)]
pub(super) struct Relaxed {
    /// The arcs it takes; they may overdraw stocks.
    pub taken: Vec<u32>,
    /// No answer costs less.
    pub at_least: i64,
    /// What rows, columns and stocks are worth, in units of `1 / scale` of the costs.
    pub prices: Prices,
    /// See `prices`.
    pub stock_prices: Vec<i64>,
    /// See `prices`.
    pub scale: i64,
    /// How many rows a column takes for the sake of balance.
    pub level: u32,
}

impl Relaxed {
    /// What a row costs on an arc, or left out, with all it uses paid for, in units of `1 / scale`.
    pub fn priced(&self, model: &Model, row: usize, arc: u32) -> i128 {
        let cost = i128::from(model.cost_of(row, arc)) * i128::from(self.scale);
        if arc == OUT {
            return cost;
        }
        let seat = self.prices.columns[model.arcs[arc as usize].column as usize];
        let uses = model.uses(arc).iter();
        let paid = uses.map(|using| {
            i128::from(using.amount) * i128::from(self.stock_prices[using.stock as usize])
        });
        cost + i128::from(seat) + paid.sum::<i128>()
    }
}

/// A priced assignment under way.
pub(super) struct Relaxation<'m> {
    model: &'m Model,
    scale: i64,
    skip: Vec<i64>,
    /// Mean amount in which each stock is used: its natural unit.
    units: Vec<i64>,
    warm: Option<Prices>,
}

impl<'m> Relaxation<'m> {
    /// Prepares a model that is valid.
    pub fn new(model: &'m Model) -> Self {
        let scale = fine_scale(model);
        let (mut sum, mut count) = (vec![0i128; model.stocks.len()], vec![0; model.stocks.len()]);
        for using in (0..model.arcs.len() as u32).flat_map(|arc| model.uses(arc)) {
            sum[using.stock as usize] += i128::from(using.amount);
            count[using.stock as usize] += 1;
        }
        let units = sum.iter().zip(count).map(|(sum, count)| (sum / count.max(1)).max(1) as i64);
        let skip = model.skip.iter().map(|skip| skip * scale).collect();
        Self { model, scale, skip, units: units.collect(), warm: None }
    }

    /// Prices in units of the costs as those that [`Self::at`] takes. Any whole numbers give a valid
    /// bound, so what rounding loses is only its tightness.
    #[cfg(feature = "lp")]
    pub fn whole(&self, stock_prices: &[f64]) -> Vec<i64> {
        let whole = |price: &f64| (price * self.scale as f64).round().clamp(0.0, LIMIT as f64);
        stock_prices.iter().map(|price| whole(price) as i64).collect()
    }

    /// The cheapest assignment when stocks have these prices.
    pub fn at(&mut self, stock_prices: &[i64]) -> Result<Relaxed, Misfit> {
        let model = self.model;
        let priced = |arc: u32| {
            let uses = model.uses(arc).iter();
            let paid = uses.map(|using| {
                i128::from(using.amount) * i128::from(stock_prices[using.stock as usize])
            });
            let cost = i128::from(model.arcs[arc as usize].cost * self.scale) + paid.sum::<i128>();
            cost.min(i128::from(LIMIT)) as i64
        };
        let instance = model.instance(priced, self.skip.clone(), model.capacity.clone())?;
        let (matching, level) = self.balanced(&instance)?;
        let sold: i128 = stock_prices.iter().zip(&model.stocks).map(product).sum();
        let balance = i128::from(model.balance) * i128::from(level) * i128::from(self.scale);
        let total = i128::from(matching.cost) + balance - sold;
        let scale = i128::from(self.scale);
        let at_least = total.div_euclid(scale) + i128::from(total.rem_euclid(scale) > 0);
        let arc = |(row, column): (usize, &Option<u32>)| {
            column.and_then(|column| model.arc_to(row, column)).unwrap_or(OUT)
        };
        self.warm = Some(matching.prices.clone());
        Ok(Relaxed {
            taken: matching.column_of.iter().enumerate().map(arc).collect(),
            at_least: at_least.clamp(i64::MIN.into(), i64::MAX.into()) as i64,
            prices: matching.prices,
            stock_prices: stock_prices.to_vec(),
            scale: self.scale,
            level,
        })
    }

    /// The cheapest assignment with the fullest column paid for, and how full it may be.
    ///
    /// The cost of an assignment is convex in the room that all columns have at most, so the
    /// first level from which one more no longer pays is the best.
    fn balanced(&self, instance: &Instance) -> Result<(Matching, u32), Misfit> {
        let solved = |level: u32| -> Result<Matching, Misfit> {
            let capacity = instance.capacity().iter().map(|&capacity| capacity.min(level));
            let (arcs, skip) = (instance.arcs().clone(), instance.skip().to_vec());
            let levelled = Instance::new(arcs, capacity.collect(), skip)?;
            Ok(solve(&levelled, self.warm.as_ref()))
        };
        let free = solve(instance, self.warm.as_ref());
        let mut high = fullest(instance.arcs(), &free);
        if self.model.balance == 0 {
            return Ok((free, high));
        }
        let step = i128::from(self.model.balance) * i128::from(self.scale);
        let mut low = 0;
        while low < high {
            let middle = (low + high) / 2;
            let saved = i128::from(solved(middle)?.cost) - i128::from(solved(middle + 1)?.cost);
            if saved <= step { high = middle } else { low = middle + 1 }
        }
        Ok((solved(low)?, low))
    }

    /// Raises the bound from `start`, towards the cost `target` of a known answer, in at most so
    /// many rounds; `visit` sees every priced assignment.
    pub fn ascend(
        &mut self,
        start: Relaxed,
        rounds: u32,
        deadline: Option<Instant>,
        mut target: impl FnMut(&Relaxed) -> i64,
    ) -> Result<Relaxed, Misfit> {
        let (mut here, mut best) = (start.clone(), start);
        let (mut halvings, mut failures) = (0, 0);
        for _ in 0..rounds {
            let aim = target(&here);
            let is_late = deadline.is_some_and(|deadline| Instant::now() >= deadline);
            let Some(prices) = self.step(&here, aim, halvings).filter(|_| !is_late) else { break };
            here = self.at(&prices)?;
            if here.at_least > best.at_least {
                best = here.clone();
                failures = 0;
            } else {
                failures += 1;
                if failures == PATIENCE {
                    (halvings, failures) = (halvings + 1, 0);
                    here = best.clone();
                }
            }
        }
        Ok(best)
    }

    /// Prices one step on; `None` where they would not change or there is nothing to gain.
    fn step(&self, here: &Relaxed, aim: i64, halvings: u32) -> Option<Vec<i64>> {
        let model = self.model;
        let mut over: Vec<i64> = model.stocks.iter().map(|stock| -stock).collect();
        for &arc in here.taken.iter().filter(|&&arc| arc != OUT) {
            for using in model.uses(arc) {
                over[using.stock as usize] += using.amount;
            }
        }
        // In natural units, in thousandths.
        let slope = |stock: usize| {
            let over = i128::from(over[stock]);
            let is_floor = over < 0 && here.stock_prices[stock] == 0;
            if is_floor { 0 } else { over * 1_000 / i128::from(self.units[stock]) }
        };
        let slopes: Vec<i128> = (0..over.len()).map(slope).collect();
        let norm = slopes
            .iter()
            .fold(0i128, |sum, slope| sum.saturating_add(slope.saturating_mul(*slope)));
        let gap = i128::from(aim) - i128::from(here.at_least);
        if norm == 0 || gap <= 0 {
            return None;
        }
        let dearest = model.arcs.iter().map(|arc| arc.cost.abs()).max().unwrap_or(0) + 1;
        let most = i128::from(dearest) * i128::from(self.scale);
        let reach = (gap * i128::from(self.scale)) >> halvings.min(60);
        let moved = slopes.iter().zip(&self.units).zip(&here.stock_prices).map(
            |((slope, unit), &price)| {
                let length = reach.saturating_mul(1_000).saturating_mul(*slope) / norm;
                let change = length.clamp(-most, most) / i128::from(*unit);
                (i128::from(price) + change).clamp(0, i128::from(LIMIT)) as i64
            },
        );
        let moved: Vec<i64> = moved.collect();
        (moved != here.stock_prices).then_some(moved)
    }
}

pub(super) fn product((a, b): (&i64, &i64)) -> i128 {
    i128::from(*a) * i128::from(*b)
}

/// How many rows the fullest column has.
fn fullest(arcs: &Arcs, matching: &Matching) -> u32 {
    let mut count = vec![0; arcs.columns()];
    for &column in matching.column_of.iter().flatten() {
        count[column as usize] += 1;
    }
    count.into_iter().max().unwrap_or(0)
}

/// The largest power of two, up to [`FINE`], by which all costs can be multiplied and still leave
/// room for prices.
fn fine_scale(model: &Model) -> i64 {
    let dearest = model.arcs.iter().map(|arc| arc.cost.abs()).max().unwrap_or(0);
    let fits = |scale: i64| {
        let skips = model
            .skip
            .iter()
            .map(|&skip| (i128::from(skip) * i128::from(scale)).abs().max(i128::from(LIMIT)));
        i128::from(dearest) * i128::from(scale) * 8 <= i128::from(LIMIT)
            && skips.sum::<i128>() <= i128::from(Instance::TOTAL)
    };
    let mut scale = FINE;
    while scale > 1 && !fits(scale) {
        scale /= 2;
    }
    scale
}
