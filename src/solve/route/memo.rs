//! What a search has found out about routes that have not changed since.
//!
//! A search asks the same ticket of the same routes again and again: after every change that was
//! not accepted the plan is the one before. A direct-mapped table remembers the answers; the stamp of
//! a route tells whether they still hold.

use super::insert::Insertion;
use super::state::State;
use crate::problem::NONE;

/// Entries of the largest table: 48 bytes each, so that it stays within the second-level cache's
/// reach.
const ENTRIES_MAX: usize = 1 << 16;
/// Entries of one ticket at most; they stand side by side.
const SHIFTS_MAX: usize = 1 << 7;

/// The table of one search.
#[derive(Debug)]
pub(super) struct Memo {
    entries: Vec<Entry>,
    /// Tickets that have rows of their own, less one, and entries in a row, less one; both with all bits set.
    tickets: usize,
    shifts: usize,
}

/// The best insertion of a ticket into the route of this stamp. Where `position` is [`NONE`] there is
/// none that costs less than `cost`.
#[derive(Clone, Debug)]
struct Entry {
    stamp: u64,
    cost: i128,
    t: u32,
    position: u32,
    depot: (u32, u32),
}

impl Memo {
    /// A table for so many tickets and shifts, all unknown.
    pub(super) fn new(tickets: usize, shifts: usize) -> Self {
        let shifts = shifts.next_power_of_two().min(SHIFTS_MAX);
        let tickets = tickets.next_power_of_two().min(ENTRIES_MAX / shifts);
        let unknown = Entry { stamp: 0, cost: 0, t: NONE, position: NONE, depot: (NONE, NONE) };
        Self { entries: vec![unknown; tickets * shifts], tickets: tickets - 1, shifts: shifts - 1 }
    }

    /// The same as [`State::best_insertion_below`].
    #[inline]
    pub(super) fn best_insertion_below(
        &mut self,
        state: &State<'_>,
        t: u32,
        s: u32,
        bound: i128,
    ) -> Option<Insertion> {
        let ask = state.ask(t, s);
        if !ask.keeps_caps() {
            return None;
        }
        let rise = ask.levy.rise(ask.arena, ask.tour, t, s)?;
        let bound = bound - rise;
        let stamp = state.routes[s as usize].stamp;
        let row = (t as usize & self.tickets) * (self.shifts + 1);
        let entry = &mut self.entries[row + (s as usize & self.shifts)];
        let is_known = (entry.t, entry.stamp) == (t, stamp);
        if !is_known || (entry.position == NONE && entry.cost < bound) {
            let (position, depot, cost) = match ask.best_place_below(bound) {
                Some(found) => (found.position, found.depot, found.cost),
                None => (NONE, None, bound),
            };
            *entry = Entry { stamp, cost, t, position, depot: depot.unwrap_or((NONE, NONE)) };
        }
        (entry.position != NONE && entry.cost < bound).then(|| Insertion {
            t,
            s,
            position: entry.position,
            depot: (entry.depot.0 != NONE).then_some(entry.depot),
            cost: entry.cost + rise,
        })
    }
}
