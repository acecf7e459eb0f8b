//! Branch and bound for models so small that all their choices can be weighed, where a local search
//! now and then misses the best one.
//!
//! Rows are decided one after the other. At the prices of the bound, what the decided rows cost and
//! the cheapest that the others could, less the value of all stocks and seats, is a bound of every
//! branch (Geoffrion, "Lagrangean relaxation for integer programming", 1974), in integers.

use super::answer::Best;
use super::relax::{Relaxed, product};
use super::repair::Room;
use super::sides::{Model, OUT};

/// Rows with which a model is small.
const ROWS: usize = 64;
/// Choices weighed before the tree is given up.
const CHOICES: u32 = 1 << 16;

/// Offers the best answers of the tree. True when the whole tree was weighed, so that there is no
/// better one.
///
/// At most [`CHOICES`] steps, each over the arcs of one row.
pub(super) fn branch(model: &Model, bound: &Relaxed, best: &mut Best<'_>) -> bool {
    if model.rows() > ROWS {
        return false;
    }
    let (mut tree, decided) = Tree::new(model, bound);
    tree.descend(0, decided, best);
    tree.left > 0
}

struct Tree<'m> {
    model: &'m Model,
    /// Rows in the order in which they are decided, each with its arcs and [`OUT`] by what they
    /// cost at the prices of the bound.
    rows: Vec<(usize, Vec<(i128, u32)>)>,
    /// What the rows from each place on cost at least, priced.
    rest: Vec<i128>,
    scale: i128,
    room: Room,
    taken: Vec<u32>,
    /// Choices that may still be weighed.
    left: u32,
}

/// What the rows decided so far come to.
#[derive(Clone, Copy)]
struct Decided {
    /// Their cost at the prices of the bound, less the value of all stocks and seats.
    priced: i128,
    cost: i64,
    /// How many of them the fullest column has.
    fullest: i64,
}

impl<'m> Tree<'m> {
    /// The tree before its first choice, and what is decided there: nothing.
    fn new(model: &'m Model, bound: &Relaxed) -> (Self, Decided) {
        let mut bound = bound.clone();
        if model.balance > 0 {
            // Seats are priced for fewer than a column has.
            bound.prices.columns.fill(0);
        }
        let mut rows: Vec<_> = (0..model.rows())
            .map(|row| {
                let arcs = model.of_row(row).chain([OUT]);
                let mut arcs: Vec<_> =
                    arcs.map(|arc| (bound.priced(model, row, arc), arc)).collect();
                arcs.sort_unstable();
                (row, arcs)
            })
            .collect();
        let regret = |arcs: &[(i128, u32)]| arcs.get(1).map_or(i128::MAX, |arc| arc.0 - arcs[0].0);
        rows.sort_by_key(|(row, arcs)| (std::cmp::Reverse(regret(arcs)), *row));
        let mut rest = vec![0; rows.len() + 1];
        for (place, (_, arcs)) in rows.iter().enumerate().rev() {
            rest[place] = rest[place + 1] + arcs[0].0;
        }
        let seats: Vec<i64> = model.capacity.iter().copied().map(i64::from).collect();
        let stocks = bound.stock_prices.iter().zip(&model.stocks);
        let value: i128 = bound.prices.columns.iter().zip(&seats).chain(stocks).map(product).sum();
        let tree = Self {
            rows,
            rest,
            scale: i128::from(bound.scale),
            room: Room::of(model),
            taken: vec![OUT; model.rows()],
            left: CHOICES,
            model,
        };
        (tree, Decided { priced: -value, cost: 0, fullest: 0 })
    }

    /// Weighs the choices of the row at this place and of all after it.
    fn descend(&mut self, place: usize, decided: Decided, best: &mut Best<'_>) {
        let model = self.model;
        let balance = model.balance * decided.fullest;
        if place == self.rows.len() {
            if decided.cost + balance < best.cost {
                best.offer(&self.taken);
            }
            return;
        }
        let row = self.rows[place].0;
        let to_come = self.rest[place + 1] + i128::from(balance) * self.scale;
        for choice in 0..self.rows[place].1.len() {
            let (priced, arc) = self.rows[place].1[choice];
            let priced = decided.priced + priced;
            // Costs are whole: what is not cheaper by one is not cheaper.
            if self.left == 0 || priced + to_come > i128::from(best.cost - 1) * self.scale {
                return;
            }
            self.left -= 1;
            let cost = decided.cost + model.cost_of(row, arc);
            if arc == OUT {
                self.descend(place + 1, Decided { priced, cost, ..decided }, best);
            } else if self.room.fits(model, arc) {
                self.room.take(model, arc);
                self.taken[row] = arc;
                let here = self.room.seated(model, model.arcs[arc as usize].column);
                let fullest = decided.fullest.max(here);
                self.descend(place + 1, Decided { priced, cost, fullest }, best);
                self.taken[row] = OUT;
                self.room.give_back(model, arc);
            }
        }
    }
}
