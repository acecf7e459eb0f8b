//! A fast approximate start: rows bid for columns, and the bids become the first prices.
//!
//! Forward auction with scaling (Bertsekas, "The auction algorithm", Annals of OR 1988) in which a
//! column with several seats sells them to the highest bids (Bertsekas and Castañon 1989). Nothing
//! here has to be right for the answer to be right: [`super::paths`] repairs whatever is left.

use super::arcs::{Arcs, Choices};
use super::paths::State;
use super::seats::{FREE, SKIPPED, Seats};

/// The first phase was too timid when more than one row in this many left only because of that.
const FEW: usize = 50;
/// Each scaling phase bids this many times finer than the one before.
const FINER: i64 = 8;
/// The last phase bids in steps of the spread of the costs divided by this.
const FINEST: i64 = 1_000;
/// Bids per row in one phase before it is cut short: a war over too few seats ends here.
const PATIENCE: usize = 30;
/// Rows are first left out at this many spreads of the costs above the dearest arc.
const TIMID: i64 = 8;

/// Bids of rows for seats at prices that only rise.
struct Auction<'a> {
    choices: Choices<'a>,
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

/// Bids without steps, whatever prices and seats were before. That keeps every choice a cheapest
/// one, and where there is room enough it leaves few rows free.
pub(super) fn bid_plainly(choices: Choices<'_>, state: &mut State) {
    let mut auction = Auction::new(choices, state);
    auction.price.fill(0);
    auction.sell(0, 2);
}

/// True when costs differ by enough steps for phases; with few different costs most choices tie,
/// and the searches are faster.
pub(super) fn has_scale(arcs: &Arcs) -> bool {
    let (low, high) = arcs.cost_range();
    high - low >= 4 * FINER
}

/// Phases of ever finer bids. Steps must be in proportion to the prices at which the auction ends,
/// and those are unknown: a few times the spread of the costs where all rows find a seat, the
/// cost of leaving a row out where seats are short. So rows first leave at a moderate cost, and
/// only where many do is the first phase repeated with a larger one.
pub(super) fn bid_in_phases(choices: Choices<'_>, state: &mut State) {
    let Choices { arcs, skip } = choices;
    let (low, high) = arcs.cost_range();
    let dearest = skip.iter().copied().max().unwrap_or(0);
    let mut margin = TIMID * (high - low).max(1);
    loop {
        let leave = high.saturating_add(margin).min(dearest);
        let capped: Vec<i64> = skip.iter().map(|&skip| skip.min(leave)).collect();
        let mut auction = Auction::new(Choices { arcs, skip: &capped }, state);
        let step = ((leave - low) / FINER).max(1);
        auction.price.fill(0);
        auction.sell(step, PATIENCE);
        let left = |row: &usize| auction.seats.column(*row as u32) == SKIPPED && skip[*row] > leave;
        if (0..arcs.rows()).filter(left).count() <= arcs.rows() / FEW {
            return auction.refine(step, ((high - low) / FINEST).max(1));
        }
        margin = margin.saturating_mul(64);
    }
}

impl<'a> Auction<'a> {
    fn new(choices: Choices<'a>, state: &'a mut State) -> Self {
        let bid = vec![0; choices.arcs.rows()];
        Self { choices, bid, price: &mut state.price, seats: &mut state.seats }
    }

    /// Phases after one with `step`, down to one with `last`.
    fn refine(&mut self, mut step: i64, last: i64) {
        while step > last {
            // A phase overshoots by a few of its steps, and prices that stayed too high would
            // keep seats empty that are worth taking.
            for price in self.price.iter_mut() {
                *price = (*price - 2 * step).max(0);
            }
            step = (step / FINER).max(last);
            self.sell(step, PATIENCE);
        }
    }

    /// Sells all seats anew at prices that start where they are: free rows bid, each at least
    /// `step` above the price, until none is free or `patience` bids per row are made.
    fn sell(&mut self, step: i64, patience: usize) {
        self.seats.clear();
        let rows = self.choices.arcs.rows();
        let mut waiting: Vec<u32> = (0..rows as u32).rev().collect();
        for _ in 0..patience * rows {
            let Some(row) = waiting.pop() else { break };
            let View { column, best, second } = self.view(row as usize);
            let Some(column) = column else {
                self.seats.skip(row);
                continue;
            };
            let bid = self.price[column as usize] + (second - best) + step;
            if !self.seats.has_room(column) {
                if bid <= self.price[column as usize] {
                    continue;
                }
                let Some(&outbid) = self.seats.sitters(column).first() else {
                    // A column without seats is dear enough once nobody wants it.
                    self.price[column as usize] = bid;
                    waiting.push(row);
                    continue;
                };
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
    }

    fn view(&self, row: usize) -> View {
        let (mut at, mut best, mut second) = (FREE, self.choices.skip[row], i64::MAX);
        for (column, cost) in self.choices.arcs.row(row) {
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
