//! Recreate: puts tickets back one by one, each in its cheapest place, in an order of the day.

use super::candidates::ShiftSet;
use super::insert::Insertion;
use super::parts::Part;
use super::ruin;
use super::state::State;
use crate::problem::NONE;
use crate::rng::Rng;

/// In how many empty shifts a ticket is tried.
const EMPTY_TRIED: usize = 6;
/// Where vans are not filled and routes are long, so many steps come to one that opens a route.
const OPENS_ONE_IN: usize = 5;
/// Seconds on the way that a visit is taken to cost beside its work.
const WAY_USUAL: i64 = 600;
/// Resolution of worth for each second.
const DENSITY_UNIT: i128 = 1 << 20;

/// Sorts the tickets in one of several orders, drawn at random.
pub(super) fn shuffle_or_sort(state: &State<'_>, tickets: &mut [u32], rng: &mut Rng) {
    let problem = state.arena.problem;
    rng.shuffle(tickets);
    let width = |t: u32| -> i64 {
        problem.windows(t).iter().map(|window| window.latest - window.earliest).sum()
    };
    match rng.below(17) {
        0 => {}
        1 | 2 => tickets.sort_by_key(|&t| -state.arena.kinds.remoteness(t)),
        3 => tickets.sort_by_key(|&t| state.arena.kinds.remoteness(t)),
        4 | 5 => tickets.sort_by_key(|&t| width(t)),
        6 => tickets.sort_by_key(|&t| -problem.tickets[t as usize].service),
        7..11 => tickets.sort_by_key(|&t| -problem.tickets[t as usize].worth),
        // What a second of the engineer's time brings in, as for a knapsack.
        _ => tickets.sort_by_key(|&t| {
            let ticket = &problem.tickets[t as usize];
            let taken = i128::from(ticket.service + WAY_USUAL);
            -i128::from(ticket.worth) * DENSITY_UNIT / taken
        }),
    }
}

/// Collects the shifts in which ticket `t` is worth trying: beside its neighbours, and empty ones.
pub(super) fn add_candidates(state: &State<'_>, part: &Part, t: u32, set: &mut ShiftSet) {
    let arena = state.arena;
    let locked = arena.problem.tickets[t as usize].locked_to;
    if locked != NONE {
        set.add(locked);
        return;
    }
    for &neighbour in arena.neighbours.of(t) {
        let s = state.shift_of(neighbour);
        if s != NONE && !set.has(s) && arena.admission.has(t, s) {
            set.add(s);
        }
    }
    add_empty(state, part, t, set);
}

/// Collects the nearest empty shifts of different kinds.
pub(super) fn add_empty(state: &State<'_>, part: &Part, t: u32, set: &mut ShiftSet) {
    if state.used == state.in_use.len() {
        return;
    }
    let mut found = 0;
    for &kind in state.arena.kinds.near(t) {
        let members = &state.arena.kinds.members[kind as usize];
        let is_empty = |&&s: &&u32| !state.in_use[s as usize] && part.has_shift(s);
        if let Some(&s) = members.iter().find(is_empty) {
            set.add(s);
            found += 1;
            if found == EMPTY_TRIED {
                break;
            }
        }
    }
}

/// Whether the first ticket that is put back begins a route, though it would cost less elsewhere. Where routes are
/// longer than the strings that are taken out, no ticket pays a way of its own, though a dozen together might.
pub(super) fn opens(state: &State<'_>, rng: &mut Rng) -> bool {
    state.mean_visits() > ruin::STRING.1 && rng.one_in(OPENS_ONE_IN)
}

/// The cheapest insertion over these shifts that costs less than `bound`; `ask` tells the best of a shift,
/// if it costs less than a bound.
pub(super) fn cheapest(
    mut bound: i128,
    shifts: impl Iterator<Item = u32>,
    mut ask: impl FnMut(u32, i128) -> Option<Insertion>,
) -> Option<Insertion> {
    let mut best = None;
    for s in shifts {
        if let Some(found) = ask(s, bound) {
            bound = found.cost;
            best = Some(found);
        }
    }
    best
}
