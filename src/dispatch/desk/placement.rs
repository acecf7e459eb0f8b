//! Where a ticket goes in what is left of somebody's day, and what becomes of the rest of it.
//!
//! What that day is stands in `excerpt`.

use super::case::Case;
use super::excerpt::{Excerpt, SOMEBODY};
use super::outcome::Holder;
use crate::dispatch::Candidate;
use crate::dispatch::effect::candidate;
use crate::model::Issues;
use crate::plan::{Route, StopKind};
use crate::solve::route::{Arena, Standing, timed_route};
use crate::units::{Instant, Seconds};

/// A ticket in somebody's day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placement {
    /// When, at what price, and why.
    pub(super) candidate: Candidate,
    /// How long he drives there.
    pub(super) travel: Seconds,
    /// When the work would be done.
    pub(super) end: Instant,
    /// His day with it.
    pub(super) day: Day,
    /// The visits of others that make room for it.
    pub(super) displaces: Vec<String>,
}

/// What is left of somebody's day, timed anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Day {
    /// His routes; one without stops where there were some before.
    pub(super) routes: Vec<Route>,
    /// The tickets that he cannot keep.
    pub(super) displaced: Vec<String>,
}

impl Placement {
    pub(super) fn holder(&self, against_rules: bool) -> Holder {
        Holder {
            engineer: self.candidate.engineer.clone(),
            shift: self.candidate.shift.clone(),
            against_rules,
        }
    }
}

impl<'s> Excerpt<'s> {
    /// The best place for a ticket; none where a rule stands in the way.
    pub(super) fn place(self, case: &Case, against_rules: bool) -> Option<Placement> {
        Excerpt { against_rules, ..self }.place_each(&[case]).pop().flatten()
    }

    /// The best place for each of these tickets if it alone were added. His day is built once for all of them.
    pub(super) fn place_each(self, cases: &[&Case]) -> Vec<Option<Placement>> {
        let mut day: Excerpt<'_> = Excerpt { extra: cases, ..self };
        day.without.extend(cases.iter().map(|case| case.ticket.id.as_str()));
        match day.try_each(cases) {
            Ok(placements) => placements,
            Err(_) if cases.len() <= 1 => vec![None; cases.len()],
            // One of them does not go into a world with him; the others may.
            Err(_) => cases.iter().map(|case| day.clone().place(case, day.against_rules)).collect(),
        }
    }

    fn try_each(&self, cases: &[&Case]) -> Result<Vec<Option<Placement>>, Issues> {
        let (problem, plan) = self.build()?;
        let arena = Arena::for_answers(&problem)?;
        let (standing, displaced) = Standing::of(&arena, Some(&plan));
        let first = problem.tickets.len() - cases.len();
        let place = |t| self.best_place(&arena, &standing, &displaced, t);
        Ok((first as u32..problem.tickets.len() as u32).map(place).collect())
    }

    /// Asks for the best place of a ticket in his day without one or another choice of his visits. His day is built
    /// once; those visits are in its world then, and on no route.
    pub(super) fn place_without<R>(
        self,
        case: &Case,
        ask: impl FnOnce(&dyn Fn(&[&'s str]) -> Option<Placement>) -> R,
    ) -> Result<R, Issues> {
        let (id, cases) = (case.ticket.id.as_str(), [case]);
        let day = Excerpt { extra: &cases, without: vec![id], ..self.clone() };
        let (problem, plan) = day.build()?;
        let arena = Arena::for_answers(&problem)?;
        Ok(ask(&|without| {
            let mut plan = plan.clone();
            for route in &mut plan.routes {
                route.stops.retain(|stop| !without.contains(&stop.id.as_str()));
            }
            let (standing, displaced) = Standing::of(&arena, Some(&plan));
            let day = Excerpt { without: [without, &[id]].concat(), ..day.clone() };
            let t = problem.tickets.len() as u32 - 1;
            let placement = day.best_place(&arena, &standing, &displaced, t);
            let alone = || without.iter().fold(self.clone(), |day, id| day.without(id));
            debug_assert_eq!(placement, alone().place(case, false), "without {without:?}");
            placement
        }))
    }

    /// The best place for ticket `t`.
    fn best_place(
        &self,
        arena: &Arena<'_>,
        standing: &Standing,
        displaced: &[String],
        t: u32,
    ) -> Option<Placement> {
        let problem = arena.problem;
        let question = standing.question(arena, t);
        let his = problem.shift_indexes().filter(|&s| problem.engineer_id(s) != SOMEBODY);
        let best = his
            .filter_map(|s| question.ask(s).best_insertion())
            .min_by_key(|insertion| (insertion.cost, insertion.s))?;
        let candidate = candidate(&question.ask(best.s), &best);
        let mut routes = Vec::new();
        let (mut travel, mut end) = (Seconds::ZERO, candidate.start);
        for s in problem.shift_indexes() {
            let mut stops = standing.stops(s).to_vec();
            if s == best.s {
                best.carry_out(&mut stops, arena.ticket_count());
            }
            let route = timed_route(arena, s, &stops);
            if s == best.s
                && let Some(visit) = route
                    .stops
                    .iter()
                    .find(|stop| stop.kind == StopKind::Visit && stop.id == problem.ticket_id(t))
            {
                (travel, end) = (visit.travel, visit.end);
            }
            routes.push(route);
        }
        let day = self.day(routes, displaced.to_vec());
        Some(Placement { candidate, travel, end, day, displaces: Vec::new() })
    }

    /// The rest of his day, timed; as it was where there is no shift left to time.
    pub(super) fn time(self) -> Day {
        let timed = self.build().and_then(|(problem, plan)| {
            let arena = Arena::for_answers(&problem)?;
            let (standing, displaced) = Standing::of(&arena, Some(&plan));
            let shifts = problem.shift_indexes();
            let routes = shifts.map(|s| timed_route(&arena, s, standing.stops(s))).collect();
            Ok((routes, displaced))
        });
        match timed {
            Ok((routes, displaced)) => self.day(routes, displaced),
            // No shift is left, so nothing can be kept.
            Err(_) if self.shifts().is_empty() => {
                let visits = self.member.tickets().filter(|id| !self.without.contains(id));
                let displaced = visits.map(str::to_owned).collect();
                self.day(Vec::new(), displaced)
            }
            Err(_) => self.day(Vec::new(), Vec::new()),
        }
    }

    /// Compares with the routes as they stand.
    fn day(&self, routes: Vec<Route>, displaced: Vec<String>) -> Day {
        let his = |route: &Route| route.engineer == self.member.engineer.id;
        let mut day = Day { routes: Vec::new(), displaced };
        let timed: Vec<String> = routes.iter().map(|route| route.shift.clone()).collect();
        day.routes.extend(routes.into_iter().filter(|route| {
            let old = self.member.routes.get(&route.shift);
            let is_empty = route.tickets().next().is_none();
            his(route) && old.map_or(!is_empty, |old| old != route)
        }));
        // A route whose shift is not in the excerpt has lost what is displaced.
        for (shift, old) in &self.member.routes {
            let gone = |id: &str| {
                self.without.contains(&id) || day.displaced.iter().any(|other| other == id)
            };
            if !timed.contains(shift) && old.tickets().any(gone) {
                let mut rest = old.clone();
                rest.stops.retain(|stop| stop.kind != StopKind::Visit || !gone(&stop.id));
                day.routes.push(rest);
            }
        }
        day
    }
}
