//! From a proposal that may break side constraints to an answer that keeps them all.

use super::sides::{Misfit, Model, OUT};
use std::collections::BinaryHeap;

/// What is left of columns and stocks.
pub(super) struct Room {
    columns: Vec<i64>,
    stocks: Vec<i64>,
}

impl Room {
    pub fn of(model: &Model) -> Self {
        let columns = model.capacity.iter().map(|&capacity| i64::from(capacity)).collect();
        Self { columns, stocks: model.stocks.clone() }
    }

    pub fn fits(&self, model: &Model, arc: u32) -> bool {
        self.columns[model.arcs[arc as usize].column as usize] > 0
            && model.uses(arc).iter().all(|using| using.amount <= self.stocks[using.stock as usize])
    }

    /// How many rows a column has.
    pub fn seated(&self, model: &Model, column: u32) -> i64 {
        i64::from(model.capacity[column as usize]) - self.columns[column as usize]
    }

    pub fn take(&mut self, model: &Model, arc: u32) {
        self.book(model, arc, -1);
    }

    pub fn give_back(&mut self, model: &Model, arc: u32) {
        self.book(model, arc, 1);
    }

    fn book(&mut self, model: &Model, arc: u32, sign: i64) {
        self.columns[model.arcs[arc as usize].column as usize] += sign;
        for using in model.uses(arc) {
            self.stocks[using.stock as usize] += sign * using.amount;
        }
    }
}

impl Model {
    /// The baseline: arcs by cost, then row, then column, while the row is not served and nothing
    /// is used up; never one that costs more than leaving its row out. The column of each row.
    ///
    /// # Errors
    /// [`Misfit`] when numbers are out of range.
    pub fn greedy(&self) -> Result<Vec<Option<u32>>, Misfit> {
        self.validate()?;
        let arcs = (0..self.rows()).flat_map(|row| self.of_row(row).map(move |arc| (row, arc)));
        let mut order: Vec<(i64, usize, u32)> =
            arcs.map(|(row, arc)| (self.cost_of(row, arc), row, arc)).collect();
        order.retain(|&(cost, row, _)| cost <= self.skip[row]);
        order.sort_unstable();
        let mut room = Room::of(self);
        let mut taken = vec![OUT; self.rows()];
        for (_, row, arc) in order {
            if taken[row] == OUT && room.fits(self, arc) {
                room.take(self, arc);
                taken[row] = arc;
            }
        }
        Ok(self.columns(&taken))
    }
}

/// Keeps what fits of a proposal, large uses first, and places the other rows by regret: first the row
/// that loses most if its cheapest arc were gone. Rows that fit nowhere stay out. `costs` of arcs may
/// be other than the model's, for instance reduced by prices.
///
/// O(arcs · log rows), typically.
pub(super) fn repair(model: &Model, proposal: &[u32], cost: impl Fn(u32) -> i64) -> Vec<u32> {
    let mut room = Room::of(model);
    let mut taken = vec![OUT; model.rows()];
    let size = |arc: u32| model.uses(arc).iter().map(|using| using.amount).sum::<i64>();
    let mut proposed: Vec<(i64, usize, u32)> = (0..)
        .zip(proposal)
        .filter(|(_, arc)| **arc != OUT)
        .map(|(row, &arc)| (-size(arc), row, arc))
        .collect();
    proposed.sort_unstable();
    for (_, row, arc) in proposed {
        if room.fits(model, arc) {
            room.take(model, arc);
            taken[row] = arc;
        }
    }
    let choice = |row: usize, room: &Room| -> Option<(i64, u32)> {
        let fitting = model.of_row(row).filter(|&arc| room.fits(model, arc));
        let (mut best, mut second) = ((i64::MAX, OUT), i64::MAX);
        for arc in fitting {
            let here = (cost(arc), arc);
            if here < best {
                (best, second) = (here, best.0);
            } else {
                second = second.min(here.0);
            }
        }
        let instead = if second == i64::MAX { model.skip[row].max(best.0) } else { second };
        (best.1 != OUT).then(|| (instead.saturating_sub(best.0), best.1))
    };
    let waiting = (0..model.rows()).filter(|&row| taken[row] == OUT);
    let entry = |row: usize, room: &Room| choice(row, room).map(|(regret, _)| (regret, row));
    let mut queue: BinaryHeap<(i64, usize)> = waiting.filter_map(|row| entry(row, &room)).collect();
    while let Some((regret, row)) = queue.pop() {
        let Some((now, arc)) = choice(row, &room) else { continue };
        if now < regret {
            queue.push((now, row));
        } else if model.cost_of(row, arc) <= model.skip[row] {
            room.take(model, arc);
            taken[row] = arc;
        }
    }
    taken
}
