//! A fast approximate start: rows bid for columns, and the bids become the first prices.
//!
//! Forward auction with scaling (Bertsekas, "The auction algorithm", Annals of OR 1988) in which a
//! column with several seats sells them to the highest bids (Bertsekas and Castañon 1989). Nothing
//! here has to be right for the answer to be right: [`super::paths`] repairs whatever is left.

use super::arcs::Arcs;
use super::paths::State;
use super::seats::{FREE, SKIPPED, Seats};

/// Fewer free rows than one in this many are left to the exact searches.
const FEW: usize = 50;
/// Each scaling phase bids this many times finer than the one before.
const FINER: i64 = 8;
/// The last phase bids in steps of the spread of the costs divided by this.
const FINEST: i64 = 1_000;
/// Bids per row in one phase before it is cut short: a war over too few seats ends here.
const PATIENCE: usize = 30;
/// Rows are first left out at this many spreads above the dearest arc; see [`scale`].
const RELUCTANCE: i64 = 8;

/// Bids of rows for seats at prices that only rise.
struct Auction<'a> {
    arcs: &'a Arcs,
    skip: &'a [i64],
    /// The bid at which each seated row still holds its seat without regret.
    bid: Vec<i64>,
    price: &'a mut [i64],
    seats: &'a mut Seats,
}

/// What a row sees: its best choice, what that costs at present prices, and the second best.
struct View {
    column: Option<u32>,
    best: i64,
    second: i64,
}

/// Sets prices and seats near an optimum, whatever they were before.
pub(super) fn auction(arcs: &Arcs, skip: &[i64], state: &mut State) {
    let rows = arcs.rows();
    let State { price, seats, .. } = state;
    price.fill(0);
    seats.clear();
    // Where there is room enough, bidding without steps is exact already and nearly done.
    let mut plain = Auction { arcs, skip, bid: vec![0; rows], price, seats };
    let free = plain.run(0, 2 * rows);
    if free * FEW > rows {
        scale(arcs, skip, price, seats);
    }
}

/// Phases of ever finer bids. Steps must be in proportion to the prices at which the auction ends,
/// and those are unknown: a few times the spread of the costs where all rows find a seat, the
/// cost of leaving a row out where seats are short. So rows first leave at a moderate cost, and
/// only where many do is the first phase repeated with a larger one.
fn scale(arcs: &Arcs, skip: &[i64], price: &mut [i64], seats: &mut Seats) {
    let (low, high) = arcs.cost_range();
    let dearest = skip.iter().copied().max().unwrap_or(0);
    let mut margin = RELUCTANCE * (high - low).max(1);
    loop {
        let leave = high.saturating_add(margin).min(dearest);
        let capped: Vec<i64> = skip.iter().map(|&skip| skip.min(leave)).collect();
        let mut bids = Auction { arcs, skip: &capped, bid: vec![0; arcs.rows()], price, seats };
        let mut step = ((leave - low) / FINER).max(1);
        bids.price.fill(0);
        bids.phase(step);
        let left = |row: &usize| bids.seats.column(*row as u32) == SKIPPED && skip[*row] > leave;
        if (0..arcs.rows()).filter(left).count() * FEW > arcs.rows() {
            margin = margin.saturating_mul(64);
            continue;
        }
        let last = ((high - low) / FINEST).max(1);
        while step > last {
            // A phase overshoots by a few of its steps, and prices that stayed too high would
            // keep seats empty that are worth taking.
            for price in bids.price.iter_mut() {
                *price = (*price - 2 * step).max(0);
            }
            step = (step / FINER).max(last);
            bids.phase(step);
        }
        return;
    }
}

impl Auction<'_> {
    /// Sells all seats anew.
    fn phase(&mut self, step: i64) {
        self.seats.clear();
        self.run(step, PATIENCE * self.arcs.rows());
    }

    /// Lets all free rows bid, each at least `step` above the price, until none is free or
    /// `patience` bids are made. Returns how many stay free.
    fn run(&mut self, step: i64, patience: usize) -> usize {
        let mut waiting: Vec<u32> = (0..self.arcs.rows() as u32)
            .rev()
            .filter(|&row| self.seats.column(row) == FREE)
            .collect();
        let mut stuck = 0;
        for _ in 0..patience {
            let Some(row) = waiting.pop() else { break };
            let view = self.view(row as usize);
            let Some(column) = view.column else {
                self.seats.skip(row);
                continue;
            };
            let bid = self.price[column as usize] + (view.second - view.best) + step;
            if !self.seats.has_room(column) {
                if bid <= self.price[column as usize] {
                    stuck += 1;
                    continue;
                }
                let outbid = self.seats.sitters(column)[0];
                self.seats.rise(outbid);
                self.sink(column);
                waiting.push(outbid);
            }
            self.bid[row as usize] = bid;
            self.seats.sit(row, column);
            self.float(column);
            if !self.seats.has_room(column) {
                let lowest = self.bid[self.seats.sitters(column)[0] as usize];
                self.price[column as usize] = lowest.max(self.price[column as usize]);
            }
        }
        waiting.len() + stuck
    }

    fn view(&self, row: usize) -> View {
        let (mut at, mut best, mut second) = (FREE, self.skip[row], i64::MAX);
        for (column, cost) in self.arcs.row(row) {
            let total = cost + self.price[column as usize];
            // Without branches: they would be guessed wrong too often in this, the hottest loop.
            second = second.min(total.max(best));
            at = if total < best { column } else { at };
            best = best.min(total);
        }
        View { column: (at != FREE).then_some(at), best, second }
    }

    /// The sitters of a column are a heap, lowest bid first: moves the last one up to its place.
    fn float(&mut self, column: u32) {
        let mut at = self.seats.sitters(column).len() - 1;
        while at > 0 {
            let sitters = self.seats.sitters(column);
            let above = (at - 1) / 2;
            if self.bid[sitters[above] as usize] <= self.bid[sitters[at] as usize] {
                break;
            }
            self.seats.swap(column, at, above);
            at = above;
        }
    }

    /// Moves the first sitter of a column down to its place in the heap.
    fn sink(&mut self, column: u32) {
        let mut at = 0;
        loop {
            let sitters = self.seats.sitters(column);
            let bid =
                |place: usize| sitters.get(place).map_or(i64::MAX, |&row| self.bid[row as usize]);
            let below = if bid(2 * at + 1) <= bid(2 * at + 2) { 2 * at + 1 } else { 2 * at + 2 };
            if below >= sitters.len() || bid(at) <= bid(below) {
                break;
            }
            self.seats.swap(column, at, below);
            at = below;
        }
    }
}
