//! Between a state of the search and a plan that names things: publish one, adopt the other.

use super::arena::Arena;
use super::clock::Clock;
use super::hourly;
use super::state::{Edit, State};
use crate::plan::{Plan, Route, Rule, SequenceStop, Sequences, Stop, StopKind, Unassigned};
use crate::problem::{NONE, Problem};
use crate::score::criteria::RouteFacts;
use crate::units::{Instant, Meters, Seconds};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// So many pairs of a ticket left out and a shift are looked into in full, shared out among the tickets.
const REASONS_MAX: usize = 200_000;

/// The plan of a state, timed, with the reasons for what is left out.
///
/// Departures are delayed as far as waiting allows, so nobody leaves early to wait at a door.
pub(super) fn publish(state: &State<'_>) -> Plan {
    let problem = state.arena.problem;
    let routes = problem
        .shift_indexes()
        .filter(|&s| !state.stops(s).is_empty())
        .map(|s| timed_route(state.arena, s, state.stops(s)))
        .collect();
    let mut absent = state.absent().to_vec();
    absent.sort_unstable();
    let looks = REASONS_MAX.div_ceil(absent.len().max(1));
    let unassigned = absent
        .into_par_iter()
        .map(|t| Unassigned {
            ticket: problem.ticket_id(t).to_owned(),
            reasons: reasons(state, t, looks),
        })
        .collect();
    Plan { schema: Plan::SCHEMA, routes, unassigned, score: state.arena.score.unpack(state.cost()) }
}

/// How many shifts each rule keeps ticket `t` off first; the rules on time are told apart for so many
/// shifts, each of another kind, nearest first.
fn reasons(state: &State<'_>, t: u32, looks: usize) -> BTreeMap<Rule, u32> {
    let arena = state.arena;
    let shifts = arena.problem.shift_indexes();
    let in_full = looks >= shifts.len();
    let near: FxHashSet<u32> = if in_full {
        FxHashSet::default()
    } else {
        let kinds = arena.kinds.near(t).iter().take(looks);
        kinds.flat_map(|&kind| arena.kinds.members[kind as usize].iter().take(1).copied()).collect()
    };
    let mut reasons = BTreeMap::new();
    for s in shifts {
        let ask = state.ask(t, s);
        let rule = if in_full || near.contains(&s) {
            ask.obstacle().rule
        } else if let Some(obstacle) = ask.anywhere().next() {
            obstacle.rule
        } else {
            Rule::Route
        };
        *reasons.entry(rule).or_insert(0) += 1;
    }
    reasons
}

/// The route of shift `s` over these stops, which must fit.
pub(crate) fn timed_route(arena: &Arena<'_>, s: u32, sequence: &[u32]) -> Route {
    if arena.hourly {
        return hourly::timed_route(arena, s, sequence);
    }
    let problem = arena.problem;
    let clock = Clock::new(arena, s);
    let mut stops: Vec<Stop> = Vec::with_capacity(sequence.len());
    let mut waits: Vec<i64> = Vec::with_capacity(sequence.len());
    let mut here = clock.open();
    let pause = |stops: &mut Vec<Stop>, waits: &mut Vec<i64>, from: i64, start: i64, end: i64| {
        waits.push(start - from);
        stops.push(Stop {
            kind: StopKind::Break,
            id: String::new(),
            travel: Seconds::ZERO,
            distance: Meters::ZERO,
            arrive: Instant(from),
            start: Instant(start),
            end: Instant(end),
        });
    };
    for &stop in sequence {
        let mut ready = here.time;
        let step = clock.step(&here, stop, |start, end| {
            pause(&mut stops, &mut waits, ready, start, end);
            ready = end;
        });
        let Ok(step) = step else { break };
        let leg = arena.leg(s, here.site, step.point.site);
        waits.push(step.start - step.arrive);
        stops.push(Stop {
            kind: if stop < arena.ticket_count() { StopKind::Visit } else { StopKind::Depot },
            id: stop_id(problem, stop),
            travel: Seconds(leg.seconds),
            distance: Meters(leg.meters),
            arrive: Instant(step.arrive),
            start: Instant(step.start),
            end: Instant(step.point.time),
        });
        here = step.point;
    }
    let mut ready = here.time;
    let finish = clock.close(&here, |start, end| {
        pause(&mut stops, &mut waits, ready, start, end);
        ready = end;
    });
    let home = arena.leg(s, here.site, clock.home());
    let delay = finish.map_or(0, |finish| finish.delay);
    let mut route = Route {
        engineer: problem.engineer_id(s).to_owned(),
        shift: problem.shift_id(s),
        depart: Instant(problem.shifts[s as usize].start),
        stops,
        travel_home: Seconds(home.seconds),
        distance_home: Meters(home.meters),
        end: Instant(ready + home.seconds),
    };
    delay_departure(&mut route, &waits, delay);
    route
}

/// A timed route over these stops as the criteria see it.
pub(crate) fn facts(arena: &Arena<'_>, s: u32, sequence: &[u32], route: &Route) -> RouteFacts {
    let tickets = sequence.iter().copied().filter(|&stop| stop < arena.ticket_count());
    let visits = route.stops.iter().filter(|stop| stop.kind == StopKind::Visit);
    RouteFacts {
        shift: s,
        visits: tickets.zip(visits.map(|visit| visit.start.0)).collect(),
        travel: route.travel().0,
        distance: route.distance().0,
        wait: route.stops.iter().map(|stop| (stop.start - stop.arrive).0).sum(),
        depart: route.depart.0,
        end: route.end.0,
    }
}

/// Shifts departure by `delay`; what is shifted at a stop is what earlier waiting has not absorbed.
fn delay_departure(route: &mut Route, waits: &[i64], delay: i64) {
    let mut shift = Seconds(delay);
    route.depart = route.depart + shift;
    for (stop, &wait) in route.stops.iter_mut().zip(waits) {
        stop.arrive = stop.arrive + shift;
        shift = Seconds((shift.0 - wait).max(0));
        stop.start = stop.start + shift;
        stop.end = stop.end + shift;
    }
    route.end = route.end + shift;
}

pub(super) fn stop_id(problem: &Problem, stop: u32) -> String {
    match stop.checked_sub(problem.tickets.len() as u32) {
        None => problem.ticket_id(stop).to_owned(),
        Some(depot) => problem.world().depots[depot as usize].id.clone(),
    }
}

/// True when ticket `t` is free and may go to shift `s` after these stops, as far as that does not
/// depend on load and time.
fn may_join(state: &State<'_>, t: u32, s: u32, stops: &[u32]) -> bool {
    let problem = state.arena.problem;
    let stays_within = |limit: u32, used: u32, counts: &dyn Fn(u32) -> bool| {
        let tickets = stops.iter().filter(|&&stop| stop < state.arena.ticket_count());
        let joining = tickets.filter(|&&stop| counts(stop)).count();
        used.saturating_add(joining as u32) < limit
    };
    let is_free = state.shift_of(t) == NONE && !stops.contains(&t);
    is_free
        && problem.admits(t, s)
        && problem.borrows(t, s).is_none_or(|region| {
            let (cap, used) =
                (problem.borrow_caps[region as usize], state.borrowed[region as usize]);
            stays_within(cap, used, &|stop| problem.borrows(stop, s) == Some(region))
        })
        && (!problem.is_change(t, s)
            || stays_within(problem.max_changes, state.changed, &|stop| problem.is_change(stop, s)))
        && state.days.admit_after(problem, t, s, || {
            stops.iter().copied().filter(|&stop| stop < state.arena.ticket_count())
        })
}

/// Fills an empty state from orders of stops. Returns the tickets that could not stay where they
/// are, because they are unknown by now, taken twice, or no longer fit.
pub(super) fn adopt(state: &mut State<'_>, sequences: &Sequences) -> Vec<String> {
    let problem = state.arena.problem;
    let tickets: FxHashMap<&str, u32> =
        problem.ticket_indexes().map(|t| (problem.ticket_id(t), t)).collect();
    let depots: FxHashMap<&str, u32> =
        problem.world().depots.iter().map(|depot| depot.id.as_str()).zip(0..).collect();
    let shifts: FxHashMap<String, u32> =
        problem.shift_indexes().map(|s| (problem.shift_id(s), s)).collect();
    let mut displaced = Vec::new();
    for (id, sequence) in &sequences.routes {
        let shift = shifts.get(id).copied();
        let mut stops = Vec::new();
        for stop in sequence {
            match stop {
                SequenceStop::Depot(id) => {
                    stops.extend(depots.get(id.as_str()).map(|d| d + state.arena.ticket_count()));
                }
                SequenceStop::Ticket(id) => match (tickets.get(id.as_str()), shift) {
                    (Some(&t), Some(s)) if may_join(state, t, s, &stops) => {
                        stops.push(t);
                    }
                    _ => displaced.push(id.clone()),
                },
            }
        }
        if let Some(s) = shift {
            state.apply(&Edit::Replace { s, stops: stops.clone() });
            let left = stops.iter().filter(|&&t| t < state.arena.ticket_count());
            displaced.extend(
                left.filter(|&&t| state.shift_of(t) == NONE)
                    .map(|&t| problem.ticket_id(t).to_owned()),
            );
        }
    }
    displaced
}
