//! Exact repair: shortest augmenting paths at reduced costs, which never become negative.
//!
//! A search seats one more row (Jonker and Volgenant, "A shortest augmenting path algorithm for
//! dense and sparse linear assignment problems", Computing 1987) or fills one seat that is priced
//! but empty; the second kind is the same search run backwards. Each one leaves all prices exact.

use super::arcs::{Arcs, Choices};
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

    /// Forgets the columns reached after the first `count`.
    fn forget_from(&mut self, count: usize) {
        for column in self.reached.drain(count..) {
            self.distance[column as usize] = FAR;
        }
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
        self.forget_from(0);
        self.done.clear();
        self.queue.clear();
    }
}

/// Where a chain of moves ends.
#[derive(Clone, Copy)]
enum End {
    /// A seat in this column: taken, or left empty when searching backwards.
    Seat(u32),
    /// This row is left out, or no longer left out when searching backwards.
    Skip(u32),
}

/// The nearest end found so far.
struct Nearest {
    distance: i64,
    end: End,
}

/// Serves or leaves out as many of the free rows as can be at unchanged prices, which where many
/// choices cost the same is most of them, and returns the others.
pub(super) fn serve_at_once(
    choices: Choices<'_>,
    state: &mut State,
    frontier: &mut Frontier,
    mut free: Vec<u32>,
) -> Vec<u32> {
    let mut waiting = Vec::new();
    free.retain(|&row| {
        let before = frontier.reached.len();
        waiting.push(row);
        let end = end_at_no_cost(choices, state, frontier, &mut waiting);
        waiting.clear();
        let Some(end) = end else {
            // What this search reached leads nowhere for the other rows either.
            return true;
        };
        frontier.forget_from(before);
        move_up(&mut state.seats, &frontier.mover, row, end);
        false
    });
    frontier.forget_from(0);
    free
}

/// An end that the waiting rows reach at no cost, not counting columns reached before.
fn end_at_no_cost(
    Choices { arcs, skip }: Choices<'_>,
    state: &State,
    frontier: &mut Frontier,
    waiting: &mut Vec<u32>,
) -> Option<End> {
    while let Some(row) = waiting.pop() {
        let value = state.value[row as usize];
        if skip[row as usize] == value {
            return Some(End::Skip(row));
        }
        for (column, cost) in arcs.row(row as usize) {
            if cost + state.price[column as usize] == value && frontier.closer(column, 0, row) {
                if state.seats.has_room(column) {
                    return Some(End::Seat(column));
                }
                waiting.extend(state.seats.sitters(column));
            }
        }
    }
    None
}

/// Serves a free row, or leaves it or another one out, whichever is cheapest. Returns how many
/// rows had to be looked on.
pub(super) fn serve(
    choices: Choices<'_>,
    state: &mut State,
    frontier: &mut Frontier,
    row: u32,
) -> usize {
    let mut looked_on = 1;
    let mut nearest = Nearest { distance: FAR, end: End::Skip(row) };
    look_on(choices, state, frontier, &mut nearest, (row, 0));
    while let Some((distance, column)) = frontier.next(nearest.distance) {
        looked_on += state.seats.sitters(column).len();
        for &sitter in state.seats.sitters(column) {
            look_on(choices, state, frontier, &mut nearest, (sitter, distance));
        }
    }
    frontier.settle(nearest.distance, 1, state);
    state.value[row as usize] += nearest.distance;
    move_up(&mut state.seats, &frontier.mover, row, nearest.end);
    looked_on
}

/// Notes where a row that can be had at `distance` could go instead.
fn look_on(
    Choices { arcs, skip }: Choices<'_>,
    state: &State,
    frontier: &mut Frontier,
    nearest: &mut Nearest,
    (row, distance): (u32, i64),
) {
    let base = distance - state.value[row as usize];
    if base + skip[row as usize] < nearest.distance {
        *nearest = Nearest { distance: base + skip[row as usize], end: End::Skip(row) };
    }
    for (column, cost) in arcs.row(row as usize) {
        let distance = base + cost + state.price[column as usize];
        if distance < nearest.distance && frontier.closer(column, distance, row) {
            if state.seats.has_room(column) {
                *nearest = Nearest { distance, end: End::Seat(column) };
            } else {
                frontier.queue.push(Reverse((distance, column)));
            }
        }
    }
}

/// Moves every row of the chain that leads from `row` to `end` one column on.
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
    let priced = |state: &State, column: u32| {
        state.price[column as usize] > 0 && state.seats.has_room(column)
    };
    let columns = 0..arcs.columns() as u32;
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
    let mut nearest = Nearest { distance: state.price[column as usize], end: End::Seat(column) };
    frontier.closer(column, 0, FREE);
    frontier.queue.push(Reverse((0, column)));
    while let Some((distance, open)) = frontier.next(nearest.distance) {
        let base = distance + state.price[open as usize];
        for (row, cost) in rows_of.row(open as usize) {
            let distance = base + cost - state.value[row as usize];
            if distance >= nearest.distance {
                continue;
            }
            let left = state.seats.column(row);
            if left == SKIPPED {
                nearest = Nearest { distance, end: End::Skip(row) };
                goal[row as usize] = open;
            } else if frontier.closer(left, distance, row) {
                goal[row as usize] = open;
                frontier.queue.push(Reverse((distance, left)));
                let kept_empty = distance + state.price[left as usize];
                if kept_empty < nearest.distance {
                    nearest = Nearest { distance: kept_empty, end: End::Seat(left) };
                }
            }
        }
    }
    frontier.settle(nearest.distance, -1, state);
    move_down(&mut state.seats, &frontier.mover, goal, column, nearest.end);
}

/// Moves every row of the chain that leads from `end` to an empty seat in `column` one goal on.
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
