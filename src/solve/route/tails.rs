//! Two routes exchange their ends: 2-opt*, Potvin and Rousseau, "An Exchange Heuristic for Routeing
//! Problems with Time Windows", Journal of the Operational Research Society 46(12), 1995.
//!
//! Ruin and recreate moves strings of ten visits at most. Where routes are long it would have to take half a route
//! apart and put it together again elsewhere; an exchange of ends changes two legs.

use super::arena::Arena;
use super::parts::Part;
use super::state::State;
use super::tour::Tour;
use crate::problem::NONE;
use crate::rng::Rng;
use crate::travel::Leg;

/// Exchanges that are looked at in each iteration; most are seen at once not to pay, or not to fit.
const TRIES: usize = 20;
/// Of so many neighbours of a ticket one is to come right after it.
const NEAR: usize = 16;

/// Where two routes are cut; each goes on with what came after the cut in the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tails {
    /// A shift, and how many of its stops stay.
    pub a: (u32, usize),
    /// Another shift, and how many of its stops stay.
    pub b: (u32, usize),
}

/// How many exchanges each iteration looks at: none where a stop at a depot would have to be found anew, or
/// where it takes more than the two routes to tell what fits.
pub(super) fn tries(arena: &Arena<'_>) -> usize {
    let has_none = arena.ticket_count() == 0;
    if has_none || arena.problem.has_needs || arena.caps_routes_together() { 0 } else { TRIES }
}

/// An exchange after which a ticket is followed by a neighbour of it that another shift visits now, and
/// what its way costs more; none where it is seen at once that it would break a rule.
pub(super) fn draw(state: &State<'_>, part: &Part, rng: &mut Rng) -> Option<(Tails, i128)> {
    let arena = state.arena;
    let t = part.draw(rng)?;
    let near = arena.neighbours.of(t);
    let s = state.shift_of(t);
    if s == NONE || near.is_empty() || !part.has_shift(s) {
        return None;
    }
    let next = near[rng.below(near.len().min(NEAR))];
    let other = state.shift_of(next);
    if other == NONE || other == s || !part.has_shift(other) {
        return None;
    }
    let (one, two) = (&state.routes[s as usize], &state.routes[other as usize]);
    let a = (s, one.stops.iter().position(|&stop| stop == t)? + 1);
    let b = (other, two.stops.iter().position(|&stop| stop == next)?);
    if a.1 < one.ranked || b.1 < two.ranked {
        return None;
    }
    let (here, there) = (&one.gaps[a.1], &two.gaps[b.1]);
    let over = arena.leg(s, here.from, there.to);
    if here.ready + over.seconds > there.latest {
        return None;
    }
    let back = arena.leg(other, there.from, here.to);
    if there.ready + back.seconds > here.latest {
        return None;
    }
    let seconds = over.seconds + back.seconds - here.leg.seconds - there.leg.seconds;
    let meters = over.meters + back.meters - here.leg.meters - there.leg.meters;
    let charge = take(state, a, one, &two.stops[b.1..])? + take(state, b, two, &one.stops[a.1..])?;
    Some((Tails { a, b }, arena.way_cost(Leg { seconds, meters }) + charge))
}

/// What is charged more when a shift goes on with these tickets after so many of its stops; none where it
/// must not, times aside.
fn take(state: &State<'_>, (s, kept): (u32, usize), tour: &Tour, tail: &[u32]) -> Option<i128> {
    let (arena, problem) = (state.arena, state.arena.problem);
    let is_free = |&t: &u32| problem.tickets[t as usize].locked_to == NONE;
    let may = kept + tail.len() <= problem.shifts[s as usize].max_tickets as usize
        && tail.iter().all(|t| arena.admission.has(*t, s) && is_free(t));
    let tickets = tour.stops[..kept].iter().chain(tail);
    let charge = may.then(|| state.levy.of_tickets(arena, s, tickets)).flatten()?;
    Some(charge - state.levy.of(tour))
}
