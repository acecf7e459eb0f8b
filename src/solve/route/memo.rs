//! What a search has found out about routes that have not changed since.
//!
//! A search asks the same ticket of the same routes again and again: after every change that was
//! not accepted the plan is the one before. A direct-mapped table remembers the answers; the stamp of
//! a route tells whether they still hold.

use super::insert::Insertion;
use super::state::State;
use crate::problem::NONE;
use std::hint::black_box;

/// Entries of the largest table: 32 bytes each, so that it stays within the third-level cache.
const ENTRIES_MAX: usize = 1 << 16;
/// Entries of one ticket at most; they stand side by side.
const SHIFTS_MAX: usize = 1 << 7;

/// The table of one search.
#[derive(Debug)]
pub(super) struct Memo {
    entries: Vec<Entry>,
    /// For each entry the depot stop that comes with it; empty where no ticket needs one.
    depots: Vec<(u32, u32)>,
    /// Tickets that have rows of their own, and entries in a row.
    tickets: usize,
    shifts: usize,
}

/// The best insertion of a ticket into the route of this stamp. Where `position` is [`NONE`] there is
/// none that costs less than `cost`.
#[derive(Clone, Debug)]
struct Entry {
    cost: i128,
    stamp: u64,
    t: u32,
    position: u32,
}

impl Memo {
    /// A table for so many tickets and shifts, all unknown.
    pub(super) fn new(tickets: usize, shifts: usize, fetches: bool) -> Self {
        let shifts = shifts.clamp(1, SHIFTS_MAX);
        let tickets = tickets.clamp(1, ENTRIES_MAX / shifts);
        let count = tickets * shifts;
        let unknown = Entry { stamp: 0, cost: 0, t: NONE, position: NONE };
        Self {
            entries: vec![unknown; count],
            depots: vec![(NONE, NONE); if fetches { count } else { 0 }],
            tickets,
            shifts,
        }
    }

    /// Where the answer for this ticket and shift is, if there is one.
    #[inline]
    fn at(&self, t: u32, s: u32) -> usize {
        // A division only for those that share a row or a column with others.
        let within = |index: u32, count: usize| match index as usize {
            own if own < count => own,
            shared => shared % count,
        };
        within(t, self.tickets) * self.shifts + within(s, self.shifts)
    }

    /// Looks at the entries of one ticket for these shifts, all at once: their ways from memory overlap, where
    /// one answer after the other would wait for each.
    #[inline]
    pub(super) fn look_up(&self, t: u32, shifts: &[u32]) {
        black_box(shifts.iter().fold(0, |sum, &s| sum ^ self.entries[self.at(t, s)].t));
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
        let at = self.at(t, s);
        let entry = &mut self.entries[at];
        let is_known = (entry.t, entry.stamp) == (t, stamp);
        if !is_known || (entry.position == NONE && entry.cost < bound) {
            let (position, depot, cost) = match ask.best_place_below(bound) {
                Some(found) => (found.position, found.depot, found.cost),
                None => (NONE, None, bound),
            };
            *entry = Entry { stamp, cost, t, position };
            if let Some(known) = self.depots.get_mut(at) {
                *known = depot.unwrap_or((NONE, NONE));
            }
        }
        (entry.position != NONE && entry.cost < bound).then(|| Insertion {
            t,
            s,
            position: entry.position,
            depot: self.depots.get(at).copied().filter(|&(depot, _)| depot != NONE),
            cost: entry.cost + rise,
        })
    }
}
