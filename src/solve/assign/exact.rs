//! The exact solver: an auction for a start, shortest paths for the rest, prices as the proof.

use super::arcs::{Choices, Instance};
use super::auction::{bid_in_phases, bid_plainly, has_scale};
use super::narrow::Narrow;
use super::paths::{Frontier, State, clear_market, serve, serve_at_once};
use super::seats::{FREE, SKIPPED, Seats};

/// The longer start pays at once when more than one row in this many has no seat after the short
/// one ...
const FEW: usize = 10;
/// ... or later, when the searches have looked on every row this many times on average.
const PATIENCE: usize = 8;

/// Dual prices of an assignment: the proof that it is optimal, and a start for the next one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prices {
    /// What each row adds to the cost at the margin: never above its skip cost.
    pub rows: Vec<i64>,
    /// What one more seat in each column would save: never negative, 0 where a seat is empty.
    pub columns: Vec<i64>,
}

/// An assignment of least cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matching {
    /// The column of each row; `None` for a row left out.
    pub column_of: Vec<Option<u32>>,
    /// The cost of all arcs taken and all rows left out.
    pub cost: i64,
    /// Prices at which nobody would rather sit elsewhere; see [`prove`](super::prove).
    pub prices: Prices,
}

/// Finds an assignment of least total cost: every row goes to one of its columns or is left out,
/// and no column takes more rows than it has room for.
///
/// `warm` may hold the prices of an earlier, similar instance (only the columns' are used; missing
/// ones count as 0). They change the time taken, and which of several equally cheap answers is
/// found, but never the cost. The same input always gives the same answer.
///
/// Usually a little more than linear in the number of arcs; at worst one search over all arcs for
/// every row and seat, O((rows + seats) · arcs · log columns).
#[must_use]
pub fn solve(instance: &Instance, warm: Option<&Prices>) -> Matching {
    let (arcs, skip) = (instance.arcs(), instance.skip());
    let mut state = State {
        price: vec![0; arcs.columns()],
        value: vec![0; arcs.rows()],
        seats: Seats::new(arcs.rows(), instance.capacity(), &arcs.degrees()),
    };
    if let Some(prices) = warm {
        state.price = plausible(prices, instance);
    }
    let mut frontier = Frontier::new(arcs.columns());
    let mut narrow = Narrow::new(arcs, &state.price);
    let mut start_over = warm.is_none();
    loop {
        let within = narrow.as_ref().map_or(arcs, Narrow::arcs);
        optimize(Choices { arcs: within, skip }, &mut state, &mut frontier, start_over);
        let Some(narrow) = &mut narrow else { break };
        let lacking = narrow.widen(&state.price, &state.value);
        if lacking == 0 {
            break;
        }
        // Prices of a world that was so much too small are a worse start than none.
        start_over = 2 * lacking > arcs.rows();
    }
    matching(instance, state)
}

/// Brings prices and seats to an optimum over these choices, from where they are or afresh.
fn optimize(choices: Choices<'_>, state: &mut State, frontier: &mut Frontier, afresh: bool) {
    let rows = choices.arcs.rows();
    if afresh {
        bid_plainly(choices, state);
    }
    let free = free_rows(choices, state, frontier);
    let patience = if has_scale(choices.arcs) { PATIENCE * rows } else { usize::MAX };
    let hard = afresh && free.len() > rows / FEW && patience < usize::MAX;
    if hard || !serve_all(choices, state, frontier, free, patience) {
        bid_in_phases(choices, state);
        let free = free_rows(choices, state, frontier);
        serve_all(choices, state, frontier, free, usize::MAX);
    }
    clear_market(choices.arcs, state, frontier);
}

/// Serves the free rows one after the other while fewer than `patience` rows were looked on.
/// False when that was not enough.
fn serve_all(
    choices: Choices<'_>,
    state: &mut State,
    frontier: &mut Frontier,
    free: Vec<u32>,
    patience: usize,
) -> bool {
    let mut looked_on = 0;
    for row in free {
        if looked_on > patience {
            return false;
        }
        looked_on += serve(choices, state, frontier, row);
    }
    true
}

/// Prices from elsewhere, cut to what an optimum could have.
fn plausible(prices: &Prices, instance: &Instance) -> Vec<i64> {
    let (low, _) = instance.arcs().cost_range();
    let most = (instance.skip().iter().copied().max().unwrap_or(0) - low).max(0);
    let columns = instance.arcs().columns();
    let known = prices.columns.iter().copied().chain(std::iter::repeat(0)).take(columns);
    known.map(|price| price.clamp(0, most)).collect()
}

/// Sets the value of every row to its cheapest choice, lets only rows sit that sit on one, seats
/// what others can be at these prices, and returns the rest.
fn free_rows(choices: Choices<'_>, state: &mut State, frontier: &mut Frontier) -> Vec<u32> {
    let Choices { arcs, skip } = choices;
    let State { price, value, seats } = state;
    let mut free = Vec::new();
    for row in 0..arcs.rows() as u32 {
        let total = |(column, cost): (u32, i64)| (column, cost + price[column as usize]);
        let totals = arcs.row(row as usize).map(total);
        let skip = skip[row as usize];
        let best = totals.clone().fold(skip, |best, (_, total)| best.min(total));
        value[row as usize] = best;
        match seats.column(row) {
            FREE => free.push(row),
            SKIPPED if skip == best => {}
            SKIPPED => {
                seats.unskip(row);
                free.push(row);
            }
            held if totals.clone().any(|choice| choice == (held, best)) => {}
            _ => {
                seats.rise(row);
                free.push(row);
            }
        }
    }
    serve_at_once(choices, state, frontier, free)
}

fn matching(instance: &Instance, state: State) -> Matching {
    let column_of = |row| Some(state.seats.column(row)).filter(|&column| column != SKIPPED);
    let column_of: Vec<_> = (0..instance.arcs().rows() as u32).map(column_of).collect();
    let cost = (0..).zip(&column_of).map(|(row, column)| cost_of(instance, row, *column));
    Matching {
        cost: cost.sum(),
        column_of,
        prices: Prices { rows: state.value, columns: state.price },
    }
}

/// What a row costs in a column it has an arc to, or left out.
pub(super) fn cost_of(instance: &Instance, row: usize, column: Option<u32>) -> i64 {
    let arcs = instance.arcs().row(row);
    let to = |column| arcs.filter(move |arc| arc.0 == column).map(|arc| arc.1).min();
    column.and_then(to).unwrap_or(instance.skip()[row])
}
