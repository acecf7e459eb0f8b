//! What a search has found out about routes that have not changed since.
//!
//! A search asks the same ticket of the same routes again and again: after every change that was
//! not accepted the plan is the one before. A direct-mapped table remembers the answers; the stamp of
//! a route tells whether they still hold.

use super::insert::Insertion;
use super::state::State;
use crate::problem::NONE;

/// Entries of the largest table: 64 bytes each, so that it stays within the second-level cache's
/// reach.
const ENTRIES_MAX: usize = 1 << 16;

/// The table of one search.
#[derive(Debug)]
pub(super) struct Memo {
    entries: Vec<Entry>,
}

/// The best insertion of a ticket into a route of this stamp; `position` is [`NONE`] without one.
#[derive(Clone, Debug)]
struct Entry {
    t: u32,
    s: u32,
    stamp: u64,
    position: u32,
    depot: (u32, u32),
    cost: i128,
}

impl Memo {
    /// A table for this many pairs of ticket and shift, all unknown.
    pub(super) fn new(pairs: usize) -> Self {
        let unknown =
            Entry { t: NONE, s: NONE, stamp: 0, position: NONE, depot: (NONE, NONE), cost: 0 };
        Self { entries: vec![unknown; pairs.clamp(1, ENTRIES_MAX).next_power_of_two()] }
    }

    /// The same as [`State::best_insertion`].
    #[inline]
    pub(super) fn best_insertion(
        &mut self,
        state: &State<'_>,
        t: u32,
        s: u32,
    ) -> Option<Insertion> {
        let ask = state.ask(t, s);
        if !ask.keeps_caps() {
            return None;
        }
        let stamp = state.routes[s as usize].stamp;
        let mixed = (u64::from(t) << 32 | u64::from(s)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let place = (mixed >> 40) as usize & (self.entries.len() - 1);
        let entry = &mut self.entries[place];
        if (entry.t, entry.s, entry.stamp) != (t, s, stamp) {
            let found = ask.best_insertion();
            let (position, depot, cost) =
                found.map_or((NONE, None, 0), |found| (found.position, found.depot, found.cost));
            let depot = depot.unwrap_or((NONE, NONE));
            *entry = Entry { t, s, stamp, position, depot, cost };
        }
        (entry.position != NONE).then(|| Insertion {
            t,
            s,
            position: entry.position,
            depot: (entry.depot.0 != NONE).then_some(entry.depot),
            cost: entry.cost,
        })
    }
}
