//! A piece of the live world: one engineer with what is left of his day, and perhaps one ticket more.
//!
//! It is built into a small [`Problem`] and asked by the same clock and insertion that plan routes;
//! the desk has none of its own. What is done is not in it, and what is under way is where
//! and when his day goes on, so neither can move.

use super::case::Case;
use super::member::Member;
use super::outcome::Holder;
use super::state::State;
use crate::dispatch::Candidate;
use crate::dispatch::effect::candidate;
use crate::model::{Engineer, Issues, Place, Shift, Ticket, TravelMode, World};
use crate::plan::{Plan, Route, StopKind};
use crate::problem::Problem;
use crate::solve::route::{Arena, Standing, timed_route};
use crate::units::{Instant, Seconds};

/// A shift in which a rule was overridden may end so much later.
const OVERRIDDEN: Seconds = Seconds(7 * 86_400);
/// Stands for all engineers that a ticket prefers to the one who is asked.
const SOMEBODY: &str = "\u{0}somebody preferred";

/// What is to be worked out.
#[derive(Clone)]
pub(super) struct Excerpt<'s> {
    state: &'s State,
    member: &'s Member,
    /// When he is free to go on.
    at: Instant,
    /// Where, if that is known.
    from: Option<Place>,
    /// Tickets on his routes that are to be left out.
    without: Vec<&'s str>,
    /// Tickets to be asked about, each as if it alone were added.
    extra: &'s [&'s Case],
    /// Whether they are to be added against the rules.
    against_rules: bool,
    /// True when what he has is left out, too.
    alone: bool,
}

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
    /// The rest of his day as it stands: from where he is, or where and when he should be done.
    pub(super) fn of(state: &'s State, member: &'s Member, now: Instant) -> Self {
        let current = member.current.as_ref();
        let place = current.and_then(|current| state.case(&current.ticket));
        Self {
            state,
            member,
            at: current.map_or(now, |current| current.until.max(now)),
            from: place.map(|case| case.ticket.place).or(member.position),
            without: Vec::new(),
            extra: &[],
            against_rules: false,
            alone: false,
        }
    }

    /// The same if he went on from there and then.
    pub(super) fn from(self, place: Place, at: Instant) -> Self {
        Self { from: Some(place), at, ..self }
    }

    /// The same without this ticket.
    pub(super) fn without(mut self, ticket: &'s str) -> Self {
        self.without.push(ticket);
        self
    }

    /// The same with nothing to do.
    pub(super) fn alone(self) -> Self {
        Self { alone: true, ..self }
    }

    /// Whose day it is.
    pub(super) fn member(&self) -> &'s Member {
        self.member
    }

    /// When he is free to go on.
    pub(super) fn at(&self) -> Instant {
        self.at
    }

    /// True when it is the same day for one who is free only now as for one who was at an earlier moment: none of
    /// his shifts is under way.
    pub(super) fn is_as_from(&self, earlier: Instant) -> bool {
        let is_over_or_ahead =
            |shift: &Shift| shift.start > self.at || shift.latest_end() <= earlier;
        self.at == earlier
            || (earlier < self.at
                && self.member.engineer.shifts.iter().all(is_over_or_ahead)
                && !self.is_behind())
    }

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

    fn build(&self) -> Result<(Problem, Plan), Issues> {
        let mut world = self.state.frame();
        let mut plan = Plan::default();
        self.join(&mut world, &mut plan);
        Ok((Problem::build(world)?, plan))
    }

    /// Puts him and his tickets into a world, and his routes into a plan of it.
    pub(super) fn join(&self, world: &mut World, plan: &mut Plan) {
        let member = self.member;
        let mut engineer = Engineer { shifts: self.shifts(), ..member.engineer.clone() };
        if let Some(limit) = &mut engineer.max_tickets_per_day {
            let begun = engineer.shifts.iter().map(|shift| self.begun(shift.id.as_deref()));
            *limit = limit.saturating_sub(begun.sum());
        }
        let first = world.tickets.len();
        for (shift, route) in &member.routes {
            let is_known =
                engineer.shifts.iter().any(|known| known.id.as_deref() == Some(shift.as_str()));
            if self.alone || (!is_known && !self.is_over(shift)) {
                continue;
            }
            let mut route = route.clone();
            route.stops.retain(|stop| !self.without.contains(&stop.id.as_str()));
            for id in route.tickets() {
                if let Some(case) = self.state.case(id) {
                    let against = case.holder.as_ref().is_some_and(|holder| holder.against_rules);
                    world.tickets.push(self.ticket(case, against, &engineer.shifts));
                }
            }
            plan.routes.push(route);
        }
        for case in self.extra {
            world.tickets.push(self.ticket(case, self.against_rules, &engineer.shifts));
        }
        let Some(shift) = engineer.shifts.first() else { return };
        let is_wanted = |ticket: &Ticket| ticket.preferred.iter().any(|id| id == SOMEBODY);
        if world.tickets[first..].iter().any(is_wanted)
            && !world.engineers.iter().any(|known| known.id == SOMEBODY)
        {
            let mut somebody = Engineer::new(SOMEBODY, shift.from, shift.start, shift.start);
            somebody.profile.clone_from(&engineer.profile);
            world.engineers.push(somebody);
        }
        world.engineers.push(engineer);
    }

    /// True when one of his routes has outlived its shift.
    pub(super) fn is_behind(&self) -> bool {
        self.member.routes.keys().any(|shift| self.is_over(shift))
    }

    /// True when his route on this shift has outlived the shift.
    fn is_over(&self, id: &str) -> bool {
        let engineer = &self.member.engineer;
        let mut shifts = (0..).zip(&engineer.shifts);
        let shift = shifts.find(|(number, _)| engineer.shift_id(*number) == id);
        shift.is_none_or(|(_, shift)| {
            shift.latest_end() <= self.at || self.member.is_ill(shift.start)
        })
    }

    fn begun(&self, shift: Option<&str>) -> u32 {
        shift.and_then(|id| self.member.begun.get(id)).copied().unwrap_or(0)
    }

    /// His shifts from when he is free; only the one where a rule is overridden, if there is one.
    fn shifts(&self) -> Vec<Shift> {
        let engineer = &self.member.engineer;
        let numbered = (0..).zip(&engineer.shifts).map(|(number, shift)| {
            let id = Some(engineer.shift_id(number));
            Shift { id, ..shift.clone() }
        });
        let all: Vec<Shift> = numbered.collect();
        let overridden = self.overridden(&all);
        if let Some(mut shift) = overridden {
            shift.start = shift.start.max(self.at);
            shift.end = shift.end.max(shift.start) + OVERRIDDEN;
            (shift.overtime, shift.max_tickets, shift.max_duration) = (None, None, None);
            (shift.max_distance, shift.breaks, shift.capacity) = (None, Vec::new(), Vec::new());
            self.depart_from(&mut shift);
            return vec![shift];
        }
        all.into_iter().filter_map(|shift| self.rest_of(shift)).collect()
    }

    /// The shift that has, or is to have, a visit against the rules.
    fn overridden(&self, all: &[Shift]) -> Option<Shift> {
        let holds = |shift: &&Shift| {
            let route = shift.id.as_ref().and_then(|id| self.member.routes.get(id));
            route.into_iter().flat_map(Route::tickets).any(|id| {
                let holder = self.state.case(id).and_then(|case| case.holder.as_ref());
                !self.without.contains(&id) && holder.is_some_and(|holder| holder.against_rules)
            })
        };
        let kept = if self.alone { None } else { all.iter().find(holds) };
        let wanted = self
            .against_rules
            .then(|| all.iter().find(|shift| shift.latest_end() > self.at).or_else(|| all.last()));
        kept.or(wanted.flatten()).cloned()
    }

    /// What is left of a shift.
    fn rest_of(&self, mut shift: Shift) -> Option<Shift> {
        let begun = self.begun(shift.id.as_deref());
        if let Some(from) = self.member.ill_from
            && from < shift.latest_end()
        {
            shift.end = shift.end.min(from);
            shift.overtime = None;
            // The way home is no longer the desk's.
            shift.to = None;
        }
        shift.max_tickets = shift.max_tickets.map(|limit| limit.saturating_sub(begun));
        if shift.start <= self.at {
            shift.start = self.at;
            self.depart_from(&mut shift);
        }
        if shift.latest_end() <= shift.start {
            return None;
        }
        if shift.end < shift.start {
            let end = shift.latest_end();
            (shift.end, shift.overtime) = (shift.start, Some(end - shift.start));
        }
        let (start, end) = (shift.start, shift.latest_end());
        shift.breaks.retain(|pause| pause.latest >= start && pause.latest + pause.duration <= end);
        for pause in &mut shift.breaks {
            pause.earliest = pause.earliest.max(start);
        }
        Some(shift)
    }

    /// He leaves from where he is, if that can be travelled from.
    fn depart_from(&self, shift: &mut Shift) {
        if let Some(place) = self.from.filter(|place| is_reachable(&self.state.world, place)) {
            shift.from = place;
        }
    }

    /// A ticket as far as it concerns him.
    fn ticket(&self, case: &Case, against_rules: bool, shifts: &[Shift]) -> Ticket {
        let (me, ticket) = (&self.member.engineer.id, &case.ticket);
        if against_rules {
            let plain = Ticket::new(ticket.id.clone(), ticket.place, ticket.service);
            return Ticket { setup: ticket.setup, priority: ticket.priority, ..plain };
        }
        let mut ticket = ticket.clone();
        ticket.told = None;
        ticket.due = case.arrival_due();
        ticket.lock = ticket
            .lock
            .filter(|lock| shifts.iter().any(|shift| shift.id.as_ref() == Some(&lock.shift)));
        ticket.required.retain(|id| id == me);
        ticket.excluded.retain(|id| id == me);
        if !ticket.preferred.is_empty() {
            let is_mine = ticket.preferred.contains(me);
            ticket.preferred = vec![if is_mine { me.clone() } else { SOMEBODY.to_owned() }];
        }
        ticket
    }
}

/// True when there are ways from a place in a world.
pub(super) fn is_reachable(world: &World, place: &Place) -> bool {
    match &world.travel {
        TravelMode::Matrix { .. } => place.row.is_some(),
        _ => place.point().is_some(),
    }
}
