//! Exact repair: shortest augmenting paths at reduced costs, which never become negative.
//!
//! A search seats one more row (Jonker and Volgenant, "A shortest augmenting path algorithm for
//! dense and sparse linear assignment problems", Computing 1987) or fills one seat that is priced
//! but empty; the second kind is the same search run backwards. Each one leaves all prices exact.

use super::arcs::Arcs;
use super::seats::{FREE, SKIPPED, Seats};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

const FAR: i64 = i64::MAX;

/// Prices, row values and seats in the making.
pub(super) struct State {
    /// What a seat of each column is worth; 0 where room is left once all is done.
    pub price: Vec<i64>,
    /// What serving each row costs at these prices: never above any of its choices.
    pub value: Vec<i64>,
    /// Who sits where.
    pub seats: Seats,
}

/// Columns reached by a search, nearest first.
pub(super) struct Frontier {
    distance: Vec<i64>,
    /// The row that moves in the step by which each column was reached.
    mover: Vec<u32>,
    reached: Vec<u32>,
    done: Vec<u32>,
    queue: BinaryHeap<Reverse<(i64, u32)>>,
}

impl Frontier {
    pub fn new(columns: usize) -> Self {
        Self {
            distance: vec![FAR; columns],
            mover: vec![FREE; columns],
            reached: Vec::new(),
            done: Vec::new(),
            queue: BinaryHeap::new(),
        }
    }

    /// Notes a way to a column if it is shorter than those known.
    #[inline]
    fn closer(&mut self, column: u32, distance: i64, mover: u32) -> bool {
        let known = &mut self.distance[column as usize];
        if distance >= *known {
            return false;
        }
        if *known == FAR {
            self.reached.push(column);
        }
        *known = distance;
        self.mover[column as usize] = mover;
        true
    }

    /// The nearest column not yet done, if it is nearer than `limit`.
    fn next(&mut self, limit: i64) -> Option<(i64, u32)> {
        while let Some(Reverse((distance, column))) = self.queue.pop() {
            if distance >= limit {
                break;
            }
            if distance == self.distance[column as usize] {
                self.done.push(column);
                return Some((distance, column));
            }
        }
        None
    }

    /// Shifts prices and the values of the sitters of all columns done by what each lies nearer
    /// than `end`, and forgets the search.
    fn settle(&mut self, end: i64, sign: i64, state: &mut State) {
        for &column in &self.done {
            let shift = sign * (end - self.distance[column as usize]);
            state.price[column as usize] += shift;
            for &row in state.seats.sitters(column) {
                state.value[row as usize] += shift;
            }
        }
        for &column in &self.reached {
            self.distance[column as usize] = FAR;
        }
        self.reached.clear();
        self.done.clear();
        self.queue.clear();
    }
}

enum End {
    /// A seat in this column: taken, or left empty when searching backwards.
    Seat(u32),
    /// This row is left out, or no longer left out when searching backwards.
    Skip(u32),
}

/// Serves a free row, or leaves it or another one out, whichever is cheapest.
pub(super) fn serve(
    arcs: &Arcs,
    skip: &[i64],
    state: &mut State,
    frontier: &mut Frontier,
    row: u32,
) {
    let State { price, value, seats } = state;
    let mut nearest = FAR;
    let mut end = End::Skip(row);
    let mut expand = |row: u32, distance: i64, frontier: &mut Frontier, nearest: &mut i64| {
        let base = distance - value[row as usize];
        if base + skip[row as usize] < *nearest {
            *nearest = base + skip[row as usize];
            end = End::Skip(row);
        }
        for (column, cost) in arcs.row(row as usize) {
            let distance = base + cost + price[column as usize];
            if distance < *nearest && frontier.closer(column, distance, row) {
                if seats.has_room(column) {
                    *nearest = distance;
                    end = End::Seat(column);
                } else {
                    frontier.queue.push(Reverse((distance, column)));
                }
            }
        }
    };
    expand(row, 0, frontier, &mut nearest);
    while let Some((distance, column)) = frontier.next(nearest) {
        for &sitter in seats.sitters(column) {
            expand(sitter, distance, frontier, &mut nearest);
        }
    }
    frontier.settle(nearest, 1, state);
    state.value[row as usize] += nearest;
    move_up(&mut state.seats, &frontier.mover, row, end);
}

fn move_up(seats: &mut Seats, mover: &[u32], row: u32, end: End) {
    let mut open = match end {
        End::Seat(column) => column,
        End::Skip(last) if last == row => return seats.skip(row),
        End::Skip(last) => {
            let column = seats.column(last);
            seats.rise(last);
            seats.skip(last);
            column
        }
    };
    loop {
        let next = mover[open as usize];
        if next == row {
            return seats.sit(row, open);
        }
        let left = seats.column(next);
        seats.rise(next);
        seats.sit(next, open);
        open = left;
    }
}

/// Makes every empty seat free of charge: fills it while that pays, then lowers its price to 0.
/// Expects no free row.
pub(super) fn clear_market(arcs: &Arcs, state: &mut State, frontier: &mut Frontier) {
    let columns = 0..arcs.columns() as u32;
    let priced = |state: &State, column: u32| {
        state.price[column as usize] > 0 && state.seats.has_room(column)
    };
    if !columns.clone().any(|column| priced(state, column)) {
        return;
    }
    let rows_of = arcs.transposed();
    let mut goal = vec![0; arcs.rows()];
    for column in columns {
        while priced(state, column) {
            fill(&rows_of, state, frontier, &mut goal, column);
        }
    }
}

/// Fills one empty seat of a column, or moves it along to where it is cheapest to keep empty.
/// `goal` is scratch: the column each moving row moves to.
fn fill(rows_of: &Arcs, state: &mut State, frontier: &mut Frontier, goal: &mut [u32], column: u32) {
    let State { price, value, seats } = state;
    let mut nearest = price[column as usize];
    let mut end = End::Seat(column);
    frontier.closer(column, 0, FREE);
    frontier.queue.push(Reverse((0, column)));
    while let Some((distance, open)) = frontier.next(nearest) {
        for (row, cost) in rows_of.row(open as usize) {
            let distance = distance + cost + price[open as usize] - value[row as usize];
            if distance >= nearest {
                continue;
            }
            let left = seats.column(row);
            if left == SKIPPED {
                (nearest, end) = (distance, End::Skip(row));
                goal[row as usize] = open;
            } else if frontier.closer(left, distance, row) {
                goal[row as usize] = open;
                frontier.queue.push(Reverse((distance, left)));
                if distance + price[left as usize] < nearest {
                    (nearest, end) = (distance + price[left as usize], End::Seat(left));
                }
            }
        }
    }
    frontier.settle(nearest, -1, state);
    move_down(&mut state.seats, &frontier.mover, goal, column, end);
}

fn move_down(seats: &mut Seats, mover: &[u32], goal: &[u32], column: u32, end: End) {
    let mut standing = match end {
        End::Seat(open) if open == column => return,
        End::Seat(open) => {
            let row = mover[open as usize];
            seats.rise(row);
            row
        }
        End::Skip(row) => {
            seats.unskip(row);
            row
        }
    };
    while goal[standing as usize] != column {
        let open = goal[standing as usize];
        let next = mover[open as usize];
        seats.rise(next);
        seats.sit(standing, open);
        standing = next;
    }
    seats.sit(standing, column);
}
