//! A piece of the live world: one engineer with what is left of his day, and perhaps one ticket more.
//!
//! It is built into a small [`Problem`] and asked (`placement`) by the same clock and insertion that plan routes;
//! the desk has none of its own. What is done is not in it, and what is under way is where
//! and when his day goes on, so neither can move.

use super::case::Case;
use super::member::Member;
use super::state::State;
use super::told::hold;
use crate::model::{Engineer, Issues, Place, Region, Shift, Ticket, TravelMode, Window, World};
use crate::plan::{Plan, Route};
use crate::problem::Problem;
use crate::units::{Instant, Seconds};

/// A shift in which a rule was overridden may end so much later.
const OVERRIDDEN: Seconds = Seconds(7 * 86_400);
/// Stands for all engineers that a ticket prefers to the one who is asked.
pub(super) const SOMEBODY: &str = "\u{0}somebody preferred";

/// What is to be worked out.
#[derive(Clone)]
pub(super) struct Excerpt<'s> {
    pub(super) state: &'s State,
    pub(super) member: &'s Member,
    /// When he is free to go on.
    pub(super) at: Instant,
    /// Where, if that is known.
    pub(super) from: Option<Place>,
    /// Tickets on his routes that are to be left out.
    pub(super) without: Vec<&'s str>,
    /// Tickets to be asked about, each as if it alone were added.
    pub(super) extra: &'s [&'s Case],
    /// Whether they are to be added against the rules.
    pub(super) against_rules: bool,
    /// True when what he has is left out, too.
    pub(super) alone: bool,
    /// When work on these tickets may start, beside what they say themselves.
    pub(super) times: Vec<(&'s str, Window)>,
    /// For a ticket that is no emergency at most so many customers may be called who were told a time; any number, and
    /// also if it need not be, when absent.
    pub(super) calls: Option<u32>,
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
            times: Vec::new(),
            calls: state.policy.calls,
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

    /// The same where at most so many customers may be called.
    pub(super) fn calling(self, calls: Option<u32>) -> Self {
        Self { calls, ..self }
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

    /// His day as a problem of its own, and his routes as a plan of it.
    pub(super) fn build(&self) -> Result<(Problem, Plan), Issues> {
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
        if !self.state.lent.is_unlimited() {
            let his = member.tickets().filter_map(|id| self.state.case(id));
            let is_anothers =
                |case: &&Case| case.held_by_engineer() != Some(member.engineer.id.as_str());
            let others = self.extra.iter().copied().filter(is_anothers);
            self.state.give_back(world, his.chain(others));
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
    pub(super) fn shifts(&self) -> Vec<Shift> {
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

    /// A ticket as far as it concerns him, at the times that it may have.
    fn ticket(&self, case: &Case, against_rules: bool, shifts: &[Shift]) -> Ticket {
        let mut ticket = self.whenever(case, against_rules, shifts);
        if let Some((_, times)) = self.times.iter().find(|(id, _)| *id == ticket.id) {
            // What a customer was told before his windows changed no longer counts.
            hold(&mut ticket, *times);
        }
        ticket
    }

    fn whenever(&self, case: &Case, against_rules: bool, shifts: &[Shift]) -> Ticket {
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

impl State {
    /// The world without its people, tickets and outlines: what every excerpt begins with. What is borrowed as things
    /// stand is taken off its caps.
    pub(super) fn frame(&self) -> World {
        let World { schema, resolution, max_changes, utc_offset, .. } = self.world;
        let region = |region: &Region| Region {
            id: region.id.clone(),
            parent: region.parent.clone(),
            outline: Vec::new(),
            borrow_cap: region
                .borrow_cap
                .map(|cap| cap.saturating_sub(self.lent.count(&region.id))),
            ..*region
        };
        World {
            schema,
            name: String::new(),
            resolution,
            skills: Vec::new(),
            regions: self.world.regions.iter().map(region).collect(),
            depots: self.world.depots.clone(),
            engineers: Vec::new(),
            tickets: Vec::new(),
            max_changes,
            travel: self.world.travel.clone(),
            traffic: self.world.traffic.clone(),
            utc_offset,
            objective: self.world.objective.clone(),
        }
    }
}

/// True when there are ways from a place in a world.
pub(super) fn is_reachable(world: &World, place: &Place) -> bool {
    match &world.travel {
        TravelMode::Matrix { .. } => place.row.is_some(),
        _ => place.point().is_some(),
    }
}
