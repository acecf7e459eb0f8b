//! Construction: parallel regret insertion (Potvin and Rousseau 1993).
//!
//! All routes grow at once. Next comes the ticket that would lose most if its best place were
//! gone. Regrets are kept in a heap and renewed only when they come up and are out of date; a
//! route that has just grown is shown to the neighbours of the ticket that joined it.

use super::candidates::{NEIGHBOURS, ShiftSet};
use super::parts::Part;
use super::recreate::add_candidates;
use super::state::{Edit, State};
use crate::problem::NONE;
use crate::solve::budget::Watch;
use rayon::prelude::*;
use std::collections::BinaryHeap;

/// Shifts that one thread looks at in a row.
const LEFTOVER_BLOCK: usize = 256;

/// Pairs of ticket and shift that are looked at even when the seconds are over.
const LEFTOVERS_LOOKED: usize = 100_000;

/// How a ticket stands: larger comes first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Claim {
    /// Second best minus best cost; with one place left, what leaving it out costs.
    regret: i128,
    worth: i64,
    /// Smaller indexes first.
    ticket: std::cmp::Reverse<u32>,
    best: u32,
    /// Changes of the best shift when this was computed.
    version: u32,
}

/// Which tickets come into a first plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// Those that cost less than leaving them out.
    Paying,
    /// All that fit.
    Everybody,
}

/// What ticket `t` must cost less than, to come in.
fn at_most(state: &State<'_>, t: u32, entry: Entry) -> i128 {
    match entry {
        Entry::Paying => state.arena.score.absence_cost(state.arena.problem, t),
        Entry::Everybody => i128::MAX >> 1,
    }
}

/// Inserts every absent ticket that fits somewhere. Locked visits first, by rank.
pub(super) fn construct(state: &mut State<'_>, entry: Entry, watch: &Watch) {
    insert_locked(state);
    let shifts = state.arena.problem.shifts.len();
    let part = Part::whole(state);
    let mut versions = vec![0u32; shifts];
    let mut waiting = state.absent().to_vec();
    waiting.sort_unstable();
    let mut stakes: Vec<Stake> = {
        let state = &*state;
        (0..state.shift_of.len() as u32)
            .into_par_iter()
            .map_init(|| ShiftSet::new(shifts), |set, t| Stake::of(state, &part, entry, t, set))
            .collect()
    };
    let mut heap: BinaryHeap<Claim> =
        waiting.iter().filter_map(|&t| stakes[t as usize].claim(state, t, &versions)).collect();
    let mut set = ShiftSet::new(shifts);
    while let Some(first) = heap.pop() {
        if watch.is_over() {
            return;
        }
        let t = first.ticket.0;
        let stake = &mut stakes[t as usize];
        if state.shift_of(t) != NONE || first.best != stake.best.1 {
            continue;
        }
        if first.version != versions[first.best as usize] {
            *stake = Stake::of(state, &part, entry, t, &mut set);
            heap.extend(stake.claim(state, t, &versions));
            continue;
        }
        let absence = at_most(state, t, entry);
        let Some(insertion) = state.best_insertion_below(t, first.best, absence) else {
            continue;
        };
        let s = insertion.s;
        versions[s as usize] += 1;
        state.apply(&Edit::Insert(insertion));
        for &neighbour in state.arena.neighbours.of(t).iter().take(NEIGHBOURS) {
            if state.shift_of(neighbour) == NONE
                && let Some(found) = state.best_insertion(neighbour, s)
                && stakes[neighbour as usize].weigh(found.cost, s)
            {
                heap.extend(stakes[neighbour as usize].claim(state, neighbour, &versions));
            }
        }
    }
}

/// What an absent ticket has found so far.
#[derive(Clone, Copy, Debug)]
struct Stake {
    /// The cost of its best place and the shift, or of leaving it out and [`NONE`].
    best: (i128, u32),
    /// The cost of its second best.
    second: i128,
}

impl Stake {
    /// Looks at every shift worth trying.
    fn of(state: &State<'_>, part: &Part, entry: Entry, t: u32, set: &mut ShiftSet) -> Self {
        let absence = at_most(state, t, entry);
        let mut stake = Self { best: (absence, NONE), second: absence };
        if state.shift_of(t) != NONE {
            return stake;
        }
        set.clear();
        add_candidates(state, part, t, set);
        for &s in &set.shifts {
            if let Some(found) = state.best_insertion(t, s) {
                stake.weigh(found.cost, s);
            }
        }
        stake
    }

    /// Takes note of a place; true when it is the best by now.
    fn weigh(&mut self, cost: i128, s: u32) -> bool {
        if (cost, s) < self.best {
            // A route that has just changed takes the place of what was known of it.
            if self.best.1 != s {
                self.second = self.best.0;
            }
            self.best = (cost, s);
            return true;
        }
        if s != self.best.1 {
            self.second = self.second.min(cost);
        }
        false
    }

    fn claim(&self, state: &State<'_>, t: u32, versions: &[u32]) -> Option<Claim> {
        let (cost, best) = self.best;
        (best != NONE).then(|| Claim {
            regret: self.second - cost,
            worth: state.arena.problem.tickets[t as usize].worth,
            ticket: std::cmp::Reverse(t),
            best,
            version: versions[best as usize],
        })
    }
}

/// Inserts absent tickets wherever they fit, all shifts looked at: candidates may have missed a place.
///
/// O(absent tickets x shifts) evaluations, most of which end at a rule that costs a look-up.
pub(super) fn insert_leftovers(state: &mut State<'_>, watch: &Watch) {
    let problem = state.arena.problem;
    let mut looked = 0;
    let mut absent = state.absent().to_vec();
    absent.sort_by_key(|&t| (std::cmp::Reverse(problem.tickets[t as usize].worth), t));
    for t in absent {
        if watch.is_over() && looked >= LEFTOVERS_LOOKED {
            return;
        }
        looked += problem.shifts.len();
        let absence = state.arena.score.absence_cost(problem, t);
        let best = problem
            .shift_indexes()
            .into_par_iter()
            .with_min_len(LEFTOVER_BLOCK)
            .filter_map(|s| state.best_insertion(t, s))
            .min_by_key(|found| (found.cost, found.s));
        if let Some(insertion) = best.filter(|best| best.cost < absence) {
            state.apply(&Edit::Insert(insertion));
        }
    }
}

fn insert_locked(state: &mut State<'_>) {
    let problem = state.arena.problem;
    let mut locked: Vec<u32> = problem
        .ticket_indexes()
        .filter(|&t| problem.tickets[t as usize].locked_to != NONE && state.shift_of(t) == NONE)
        .collect();
    locked.sort_by_key(|&t| {
        let ticket = &problem.tickets[t as usize];
        (ticket.locked_to, ticket.rank, t)
    });
    for t in locked {
        let shift = problem.tickets[t as usize].locked_to;
        let absence = state.arena.score.absence_cost(problem, t);
        if let Some(insertion) = state.best_insertion_below(t, shift, absence) {
            state.apply(&Edit::Insert(insertion));
        }
    }
}
