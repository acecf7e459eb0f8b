//! Branch and bound for models so small that all their choices can be weighed, where a local search
//! now and then misses the best one.
//!
//! Rows are decided one after the other. At the prices of the bound, what the decided rows cost and
//! the cheapest that the others could, less the value of all stocks and seats, is a bound of every
//! branch (Geoffrion, "Lagrangean relaxation for integer programming", 1974), in integers.

use super::answer::Best;
use super::relax::Relaxed;
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
    let mut tree = Tree::new(model, bound);
    tree.descend(0, tree.root, best);
    tree.left > 0
}

struct Tree<'m> {
    model: &'m Model,
    /// Rows in the order in which they are decided, each with its arcs and [`OUT`] by what they
    /// cost at the prices of the bound.
    rows: Vec<(usize, Vec<(i128, u32)>)>,
    /// What the rows from each place on cost at least, priced.
    rest: Vec<i128>,
    /// What is priced for nothing if all stocks and seats are left, as a cost.
    root: i128,
    scale: i128,
    room: Room,
    /// How many rows each column has.
    filled: Vec<u32>,
    taken: Vec<u32>,
    /// Choices that may still be weighed.
    left: u32,
}

impl<'m> Tree<'m> {
    fn new(model: &'m Model, bound: &Relaxed) -> Self {
        // Under balance seats are priced for fewer than a column has: those prices are left out.
        let seat = |arc: u32| match model.arcs.get(arc as usize) {
            Some(arc) if model.balance > 0 => bound.prices.columns[arc.column as usize],
            _ => 0,
        };
        let mut rows: Vec<_> = (0..model.rows())
            .map(|row| {
                let arcs = model.of_row(row).chain([OUT]);
                let priced = |arc| bound.priced(model, row, arc) - i128::from(seat(arc));
                let mut arcs: Vec<_> = arcs.map(|arc| (priced(arc), arc)).collect();
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
        let product = |(&a, b): (&i64, i64)| i128::from(a) * i128::from(b);
        let stocks = bound.stock_prices.iter().zip(model.stocks.iter().copied());
        let seats = bound.prices.columns.iter().zip(model.capacity.iter().copied().map(i64::from));
        let seats: i128 = seats.map(product).sum();
        let root = -stocks.map(product).sum::<i128>() - if model.balance > 0 { 0 } else { seats };
        Self {
            rows,
            rest,
            root,
            scale: i128::from(bound.scale),
            room: Room::of(model),
            filled: vec![0; model.capacity.len()],
            taken: vec![OUT; model.rows()],
            left: CHOICES,
            model,
        }
    }

    /// Weighs the choices of the row at this place and of all after it; those before cost `priced`.
    fn descend(&mut self, place: usize, priced: i128, best: &mut Best<'_>) {
        if place == self.rows.len() {
            best.offer(&self.taken);
            return;
        }
        let row = self.rows[place].0;
        for choice in 0..self.rows[place].1.len() {
            let (cost, arc) = self.rows[place].1[choice];
            let fullest = self.filled.iter().copied().max().unwrap_or(0);
            let balance = i128::from(self.model.balance) * i128::from(fullest) * self.scale;
            let at_least = priced + cost + self.rest[place + 1] + balance;
            // Costs are whole: what is not cheaper by one is not cheaper.
            if self.left == 0 || at_least > i128::from(best.cost - 1) * self.scale {
                return;
            }
            self.left -= 1;
            if arc == OUT {
                self.descend(place + 1, priced + cost, best);
            } else if self.room.fits(self.model, arc) {
                let column = self.model.arcs[arc as usize].column as usize;
                self.room.take(self.model, arc);
                self.filled[column] += 1;
                self.taken[row] = arc;
                self.descend(place + 1, priced + cost, best);
                self.taken[row] = OUT;
                self.filled[column] -= 1;
                self.room.give_back(self.model, arc);
            }
        }
    }
}
