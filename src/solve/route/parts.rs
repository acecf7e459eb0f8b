//! Large plans in parts: each thread searches its own routes, and the parts are cut anew each round.
//!
//! Ruin and recreate is local: what happens in one quarter of a city hardly depends on another. So
//! searches that share one plan get through it in half the time that searches with a plan each need.

use super::island::{Best, Island};
use super::state::State;
use crate::problem::NONE;
use crate::rng::Rng;

/// Tickets from which a plan is searched in parts.
pub(super) const TICKETS_MIN: usize = 400;

/// The routes and the absent tickets that one search may change.
#[derive(Clone, Debug)]
pub(super) struct Part {
    shifts: Vec<bool>,
    tickets: Vec<bool>,
}

impl Part {
    /// Everything.
    pub(super) fn whole(state: &State<'_>) -> Self {
        Self { shifts: vec![true; state.routes.len()], tickets: vec![true; state.shift_of.len()] }
    }

    /// Is the route of shift `s` in it?
    #[inline]
    pub(super) fn has_shift(&self, s: u32) -> bool {
        self.shifts[s as usize]
    }

    /// Is ticket `t` in it?
    #[inline]
    pub(super) fn has_ticket(&self, t: u32) -> bool {
        self.tickets[t as usize]
    }
}

/// Cuts a plan into as many parts as there are searches, by how much nearer each route is to one
/// of two tickets drawn at random than to the other.
pub(super) fn cut(islands: &mut [Island<'_>], rng: &mut Rng) {
    let count = islands.len();
    let state = &islands[0].state;
    let problem = state.arena.problem;
    let site = |t: u32| problem.tickets[t as usize].site;
    let tickets = problem.tickets.len();
    let (a, b) = (site(rng.below(tickets) as u32), site(rng.below(tickets) as u32));
    let side =
        |x: u32| state.arena.legs.leg(0, x, a).seconds - state.arena.legs.leg(0, x, b).seconds;
    let middle = |s: u32| match state.stops(s) {
        [] => problem.shifts[s as usize].from,
        stops => state.arena.site_of(stops[stops.len() / 2]),
    };
    let mut order: Vec<(i64, u32)> =
        problem.shift_indexes().map(|s| (side(middle(s)), s)).collect();
    order.sort_unstable();
    let mut part_of_shift = vec![0; order.len()];
    for (rank, &(_, s)) in order.iter().enumerate() {
        part_of_shift[s as usize] = rank * count / order.len();
    }
    let borders: Vec<i64> =
        (1..count).map(|part| order[(part * order.len()).div_ceil(count)].0).collect();
    let part_of_ticket: Vec<usize> = problem
        .ticket_indexes()
        .map(|t| match state.shift_of(t) {
            NONE => borders.partition_point(|&border| border <= side(site(t))),
            s => part_of_shift[s as usize],
        })
        .collect();
    for (number, island) in islands.iter_mut().enumerate() {
        island.part.shifts = part_of_shift.iter().map(|&part| part == number).collect();
        island.part.tickets = part_of_ticket.iter().map(|&part| part == number).collect();
    }
}

/// Puts the best that each search has found in its part together; they all started from one plan.
pub(super) fn collect(islands: &[Island<'_>], best: &mut Best) {
    let (mut cost, mut absent) = islands[0].start;
    for island in islands {
        cost += island.best.cost - island.start.0;
        absent = absent + island.best.absent - island.start.1;
    }
    if cost >= best.cost {
        return;
    }
    (best.cost, best.absent) = (cost, absent);
    for island in islands {
        for (s, stops) in island.best.all_routes().filter(|&(s, _)| island.part.has_shift(s)) {
            best.routes[s as usize].clear();
            best.routes[s as usize].extend_from_slice(stops);
        }
    }
}

/// Brings what each search has changed in its part to all others.
pub(super) fn join(islands: &mut [Island<'_>]) {
    for giver in 0..islands.len() {
        let moved = islands[giver].moved.shifts.clone();
        let routes: Vec<(u32, Vec<u32>)> = moved
            .into_iter()
            .filter(|&s| islands[giver].part.has_shift(s))
            .map(|s| (s, islands[giver].state.stops(s).to_vec()))
            .collect();
        for taker in (0..islands.len()).filter(|&taker| taker != giver) {
            let routes = routes.iter().map(|(s, stops)| (*s, stops.as_slice()));
            islands[taker].take_over(routes);
        }
    }
}
