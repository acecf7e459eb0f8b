//! What it would mean to give a ticket to a shift: times, costs by criterion, and who is moved.

use crate::plan::StopKind;
use crate::problem::Problem;
use crate::score::criteria::{RouteFacts, measure};
use crate::score::{Explanation, Tally};
use crate::solve::route::{Ask, Insertion, facts, timed_route};
use crate::units::{Instant, Seconds};
use serde::Serialize;

/// An engineer who can take the ticket, at the best place in his route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// Id of the engineer.
    pub engineer: String,
    /// Id of his shift.
    pub shift: String,
    /// How many visits come before it.
    pub position: usize,
    /// Id of the depot where he would have to fetch tools or parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depot: Option<String>,
    /// When he would get there.
    pub arrive: Instant,
    /// When work would start.
    pub start: Instant,
    /// Visits on his route that would start at another time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<Moved>,
    /// What his route would cost more, by level and by criterion. The worth of serving the ticket at
    /// all, which is the same for everybody, is not in it.
    pub explanation: Explanation,
}

impl Candidate {
    /// What his route would cost more on each level, most important first; lower is better.
    #[must_use]
    pub fn score(&self) -> &[i64] {
        &self.explanation.score
    }
}

/// A visit that would start at another time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Id of the ticket.
    pub ticket: String,
    /// By how much later; earlier when negative.
    pub by: Seconds,
}

/// Works out an insertion to the last criterion, in O(stops).
pub(super) fn candidate(ask: &Ask<'_>, insertion: &Insertion) -> Candidate {
    let (arena, problem, s) = (ask.arena, ask.arena.problem, ask.s);
    let mut stops = ask.stops().to_vec();
    insertion.carry_out(&mut stops, arena.ticket_count());
    let [(_, old), (after, new)] = [ask.stops(), &stops].map(|stops| {
        let route = timed_route(arena, s, stops);
        let facts = facts(arena, s, stops, &route);
        (route, facts)
    });
    let mut gained: Tally = measure(problem, &new);
    for (gained, had) in gained.iter_mut().zip(measure(problem, &old)) {
        *gained -= had;
    }
    debug_assert_eq!(arena.score.fold(&gained), insertion.cost, "{insertion:?}");
    let position = new.visits.iter().position(|&(t, _)| t == ask.t).unwrap_or(0);
    let visit = after.stops.iter().filter(|stop| stop.kind == StopKind::Visit).nth(position);
    Candidate {
        engineer: problem.engineer_id(s).to_owned(),
        shift: problem.shift_id(s),
        position,
        depot: insertion.depot.map(|(depot, _)| problem.world().depots[depot as usize].id.clone()),
        arrive: visit.map_or(after.depart, |visit| visit.arrive),
        start: visit.map_or(after.depart, |visit| visit.start),
        moved: moved(problem, &old, &new, position),
        explanation: Explanation::of(&arena.score, &gained),
    }
}

/// The other visits that start at another time; they keep their order.
fn moved(problem: &Problem, old: &RouteFacts, new: &RouteFacts, position: usize) -> Vec<Moved> {
    let others = new.visits.iter().enumerate().filter(|&(at, _)| at != position);
    others
        .zip(&old.visits)
        .filter(|((_, after), before)| after.1 != before.1)
        .map(|((_, after), before)| Moved {
            ticket: problem.ticket_id(after.0).to_owned(),
            by: Seconds(after.1 - before.1),
        })
        .collect()
}
