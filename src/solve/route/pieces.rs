//! Two routes exchange pieces of themselves: their ends, as in 2-opt* (Potvin and Rousseau, "An Exchange Heuristic for
//! Routeing Problems with Time Windows", Journal of the Operational Research Society 46(12), 1995), or a few visits
//! of each, as in the CROSS exchange (Taillard, Badeau, Gendreau, Guertin and Potvin, "A Tabu Search Heuristic for
//! the Vehicle Routing Problem with Soft Time Windows", Transportation Science 31(2), 1997).
//!
//! Ruin and recreate moves strings of ten visits at most. Where routes are long it would have to take half a route
//! apart and put it together again elsewhere; an exchange of ends changes two legs. Where vans are full nothing
//! comes in before something else has left, and an exchange of a few visits does both at once.

use super::arena::Arena;
use super::clock::Clock;
use super::parts::Part;
use super::state::State;
use super::tour::Tour;
use crate::problem::NONE;
use crate::rng::Rng;
use crate::travel::Leg;

/// Exchanges of ends that are looked at in each iteration; most are seen at once not to pay, or not to fit.
const TRIES: usize = 20;
/// Of so many neighbours of a ticket one is to come right after it.
const NEAR: usize = 16;
/// How many of them are drawn at most, until one could change places with it.
const DRAWN: usize = 4;
/// The longest piece from the middle of a route.
const LONGEST: usize = 3;

/// Which pieces two routes exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// All that comes after a cut.
    Ends,
    /// A few visits of each.
    Middles,
}

/// A piece of the route of shift `s`: its stops from `from` to before `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The shift.
    pub s: u32,
    /// Position of the first stop of the piece.
    pub from: usize,
    /// Position of the first stop after it.
    pub to: usize,
}

impl Piece {
    fn of<'t>(&self, tour: &'t Tour) -> &'t [u32] {
        &tour.stops[self.from..self.to]
    }
}

/// Two pieces of two routes; each takes the place of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// A piece, which may be empty.
    pub a: Piece,
    /// A piece of another route.
    pub b: Piece,
}

/// How many exchanges each iteration looks at: none where a stop at a depot would have to be found anew, or
/// where it takes more than the two routes to tell what fits.
pub(super) fn tries(arena: &Arena<'_>) -> usize {
    let has_none = arena.ticket_count() == 0;
    if has_none || arena.problem.has_needs || arena.caps_routes_together() { 0 } else { TRIES }
}

/// An exchange after which a ticket is followed by a neighbour of it that another shift visits now, if by its way
/// and load it `pays`; none where it is seen at once that it would break a rule.
pub(super) fn draw(
    state: &State<'_>,
    part: &Part,
    rng: &mut Rng,
    cut: Cut,
    pays: impl Fn(i128) -> bool,
) -> Option<Exchange> {
    let arena = state.arena;
    let t = part.draw(rng)?;
    let near = arena.neighbours.of(t);
    let s = state.shift_of(t);
    if s == NONE || near.is_empty() || !part.has_shift(s) {
        return None;
    }
    let next = (0..DRAWN)
        .map(|_| near[rng.below(near.len().min(NEAR))])
        .find(|&next| state.may_swap(t, next))?;
    let other = state.shift_of(next);
    if other == NONE || other == s || !part.has_shift(other) {
        return None;
    }
    let (one, two) = (&state.routes[s as usize], &state.routes[other as usize]);
    let after = one.stops.iter().position(|&stop| stop == t)? + 1;
    let at = two.stops.iter().position(|&stop| stop == next)?;
    if after < one.ranked || at < two.ranked {
        return None;
    }
    let mut a = Piece { s, from: after, to: one.stops.len() };
    let mut b = Piece { s: other, from: at, to: two.stops.len() };
    if cut == Cut::Middles {
        a.to = a.to.min(after + rng.below(LONGEST + 1));
        b.to = b.to.min(at + 1 + rng.below(LONGEST));
    }
    // An exchange of ends is timed in O(1), which comes before its charges; a walk comes after them.
    if cut == Cut::Ends && !(meets(arena, a, one, b, two) && meets(arena, b, two, a, one)) {
        return None;
    }
    let way = [ways(arena, a, one, b.of(two)), ways(arena, b, two, a.of(one))];
    let seconds = way[0].seconds + way[1].seconds;
    let meters = way[0].meters + way[1].meters;
    let counts = counts(arena, a, one, b) + counts(arena, b, two, a);
    let freed = state.levy.of(one) + state.levy.of(two);
    let least = arena.way_cost(Leg { seconds, meters }) + counts - freed;
    // What is charged then is nothing at least; to tell, all of both routes is walked through.
    if !pays(least) {
        return None;
    }
    let charge = charge(state, a, one, b.of(two))? + charge(state, b, two, a.of(one))?;
    if !pays(least + charge) {
        return None;
    }
    let is_in_time =
        cut == Cut::Ends || (fits(arena, a, one, b.of(two)) && fits(arena, b, two, a.of(one)));
    is_in_time.then_some(Exchange { a, b })
}

/// How much longer the way of a shift is with these stops instead of the piece, ways within pieces aside.
fn ways(arena: &Arena<'_>, piece: Piece, tour: &Tour, instead: &[u32]) -> Leg {
    let (here, there) = (&tour.gaps[piece.from], &tour.gaps[piece.to]);
    let mut way = Leg { seconds: -here.leg.seconds, meters: -here.leg.meters };
    let mut add = |leg: Leg, sign: i64| {
        way.seconds += sign * leg.seconds;
        way.meters += sign * leg.meters;
    };
    if piece.from < piece.to {
        add(there.leg, -1);
    }
    match (instead.first(), instead.last()) {
        (Some(&first), Some(&last)) => {
            add(arena.leg(piece.s, here.from, arena.site_of(first)), 1);
            add(arena.leg(piece.s, arena.site_of(last), there.to), 1);
        }
        _ if piece.to - piece.from == tour.stops.len() => {}
        _ => add(arena.leg(piece.s, here.from, there.to), 1),
    }
    way
}

/// Does the end of another route come in time after the start of this one?
fn meets(arena: &Arena<'_>, piece: Piece, tour: &Tour, other: Piece, end: &Tour) -> bool {
    let (here, there) = (&tour.gaps[piece.from], &end.gaps[other.from]);
    other.from == other.to
        || here.ready + arena.leg(piece.s, here.from, there.to).seconds <= there.latest
}

/// Are these stops instead of the piece, and what comes after it, in time?
fn fits(arena: &Arena<'_>, piece: Piece, tour: &Tour, instead: &[u32]) -> bool {
    let clock = Clock::new(arena, piece.s);
    let mut here = tour.points[piece.from];
    for &stop in instead {
        match clock.step(&here, stop, |_, _| {}) {
            Ok(step) => here = step.point,
            Err(_) => return false,
        }
    }
    let next = &tour.gaps[piece.to];
    here.time + arena.leg(piece.s, here.site, next.to).seconds <= next.latest
}

/// What the number of visits costs more when a shift has the other piece instead.
fn counts(arena: &Arena<'_>, piece: Piece, tour: &Tour, other: Piece) -> i128 {
    let visits = tour.stops.len() as i64;
    let more = (other.to - other.from) as i64 - (piece.to - piece.from) as i64;
    if more == 0 {
        return 0;
    }
    arena.count_cost(piece.s, visits + more) - arena.count_cost(piece.s, visits)
}

/// What is charged for a shift that has these tickets instead of the piece; none where it must not, times aside.
fn charge(state: &State<'_>, piece: Piece, tour: &Tour, instead: &[u32]) -> Option<i128> {
    let (arena, problem) = (state.arena, state.arena.problem);
    let visits = tour.stops.len() - (piece.to - piece.from) + instead.len();
    let is_free = |&t: &u32| problem.tickets[t as usize].locked_to == NONE;
    let may = visits <= problem.shifts[piece.s as usize].max_tickets as usize
        && instead.iter().all(|t| arena.admission.has(*t, piece.s) && is_free(t));
    let tickets = tour.stops[..piece.from].iter().chain(instead).chain(&tour.stops[piece.to..]);
    may.then(|| state.levy.of_tickets(arena, piece.s, tickets)).flatten()
}
