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
        let stamp = state.routes[s as usize].stamp;
        let at = self.at(t, s);
        let entry = &mut self.entries[at];
        let is_known = (entry.t, entry.stamp) == (t, stamp);
        // No charge makes it cheaper.
        if is_known && entry.cost >= bound {
            return None;
        }
        let ask = state.ask(t, s);
        if !ask.keeps_caps() {
            return None;
        }
        let rise = ask.levy.rise(ask.arena, ask.tour, t, s)?;
        let bound = bound - rise;
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

#[cfg(test)]
mod tests {
    use crate::problem::Problem;
    use crate::solve::route::{Arena, Edit, State};
    use crate::testworld;

    #[test]
    fn what_was_known_holds_again_only_when_the_order_of_stops_is_the_same() {
        let mut recognised = 0;
        for seed in 0..60 {
            let problem = Problem::build(testworld::random(seed)).expect("sound");
            let arena = Arena::new(&problem).expect("scores fit");
            let mut state = State::empty(&arena);
            for t in problem.ticket_indexes() {
                let ways = problem.shift_indexes().filter_map(|s| state.best_insertion(t, s));
                let Some(insertion) = ways.min_by_key(|insertion| insertion.cost) else { continue };
                let s = insertion.s;
                let before = state.routes[s as usize].clone();
                state.apply(&Edit::Insert(insertion));
                assert!(!state.recognise(s, &before), "seed {seed}: ticket {t} is new");
                assert_ne!(state.routes[s as usize].stamp, before.stamp, "seed {seed}");
                let with = state.routes[s as usize].clone();
                state.apply(&Edit::Remove { s, tickets: vec![t] });
                state.apply(&Edit::Replace { s, stops: with.stops.clone() });
                assert_ne!(state.routes[s as usize].stamp, with.stamp, "seed {seed}");
                assert!(state.recognise(s, &with), "seed {seed}: ticket {t} is where it was");
                assert!(state.routes[s as usize] == with, "seed {seed}");
                assert_eq!(state.routes[s as usize].stamp, with.stamp, "seed {seed}");
                recognised += 1;
            }
        }
        assert!(recognised > 100, "{recognised}");
    }
}
