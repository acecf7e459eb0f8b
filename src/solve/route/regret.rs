//! Construction: parallel regret insertion (Potvin and Rousseau 1993).
//!
//! All routes grow at once. Next comes the ticket that would lose most if its best place were
//! gone. Regrets are kept in a heap and renewed only when they come up and are out of date, or
//! when a neighbour has just opened a new place.

use super::candidates::ShiftSet;
use super::recreate::{add_candidates, cheapest};
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

/// Inserts every absent ticket that fits somewhere. Locked visits first, by rank.
pub(super) fn construct(state: &mut State<'_>, watch: &Watch) {
    insert_locked(state);
    let mut versions = vec![0u32; state.arena.problem.shifts.len()];
    let mut heap: BinaryHeap<Claim> = {
        let (state, versions) = (&*state, &versions);
        let mut waiting = state.absent().to_vec();
        waiting.sort_unstable();
        waiting
            .into_par_iter()
            .map_init(|| ShiftSet::new(versions.len()), |set, t| claim(state, t, set, versions))
            .flatten_iter()
            .collect::<Vec<_>>()
            .into()
    };
    let mut set = ShiftSet::new(versions.len());
    while let Some(first) = heap.pop() {
        if watch.is_over() {
            return;
        }
        let t = first.ticket.0;
        if state.shift_of(t) != NONE {
            continue;
        }
        if first.version != versions[first.best as usize] {
            heap.extend(claim(state, t, &mut set, &versions));
            continue;
        }
        set.clear();
        set.add(first.best);
        let Some(insertion) = cheapest(state, t, &set.shifts, |s| state.best_insertion(t, s))
        else {
            continue;
        };
        versions[insertion.s as usize] += 1;
        state.apply(&Edit::Insert(insertion));
        for &neighbour in state.arena.neighbours.of(t) {
            if state.shift_of(neighbour) == NONE {
                heap.extend(claim(state, neighbour, &mut set, &versions));
            }
        }
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
        if let Some(insertion) = cheapest(state, t, &[shift], |s| state.best_insertion(t, s)) {
            state.apply(&Edit::Insert(insertion));
        }
    }
}

fn claim(state: &State<'_>, t: u32, set: &mut ShiftSet, versions: &[u32]) -> Option<Claim> {
    let problem = state.arena.problem;
    set.clear();
    add_candidates(state, t, set);
    let absence = state.arena.score.absence_cost(problem, t);
    let (mut best, mut second) = ((absence, NONE), absence);
    for &s in &set.shifts {
        if let Some(found) = state.best_insertion(t, s) {
            if (found.cost, s) < best {
                second = best.0;
                best = (found.cost, s);
            } else {
                second = second.min(found.cost);
            }
        }
    }
    (best.1 != NONE).then(|| Claim {
        regret: second - best.0,
        worth: problem.tickets[t as usize].worth,
        ticket: std::cmp::Reverse(t),
        best: best.1,
        version: versions[best.1 as usize],
    })
}
