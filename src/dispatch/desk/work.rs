//! One command or one deadline being worked on: every change goes through [`Work::emit`].
//!
//! Whoever handles a command looks first and refuses where he must; from the first event on nothing
//! can fail any more.

use super::actor::Actor;
use super::case::{Case, Phase};
use super::cause::Cause;
use super::choice::urgency;
use super::event::Event;
use super::excerpt::Excerpt;
use super::fact::Fact;
use super::kept::Kept;
use super::member::Member;
use super::near::Near;
use super::outcome::{PlanChange, Return, Withdrawal};
use super::placement::Day;
use super::refusal::Refusal;
use super::state::State;
use crate::clock::Terms;
use crate::plan::{Change, ChangeKind, Plan, Route, StopKind};
use crate::units::{Instant, Seconds};

/// The desk while something happens on it.
pub(super) struct Work<'d> {
    pub(super) state: &'d mut State,
    pub(super) near: &'d mut Near,
    pub(super) terms: &'d mut Terms,
    pub(super) kept: &'d mut Kept,
    pub(super) now: Instant,
    pub(super) cause: Cause,
    pub(super) events: Vec<Event>,
    /// Who was asked as much as he may be, and has a question less now.
    pub(super) relieved: Vec<String>,
}

impl Work<'_> {
    /// Something happens.
    pub(super) fn emit(&mut self, subject: &str, fact: Fact) {
        let event = Event {
            seq: self.state.next,
            at: self.now,
            subject: subject.to_owned(),
            cause: self.cause.clone(),
            fact,
        };
        let is_full = |engineer: &&String| {
            let member = self.state.member(engineer);
            member.is_some_and(|member| member.is_asked_enough(&self.state.policy))
        };
        self.relieved.extend(event.fact.answered().filter(is_full).cloned());
        happen(self.state, self.near, self.kept, &event);
        self.events.push(event);
    }

    pub(super) fn case(&self, ticket: &str) -> Result<&Case, Refusal> {
        let unknown = || Refusal::UnknownTicket { ticket: ticket.to_owned() };
        self.state.case(ticket).ok_or_else(unknown)
    }

    pub(super) fn member(&self, engineer: &str) -> Result<&Member, Refusal> {
        let unknown = || Refusal::UnknownEngineer { engineer: engineer.to_owned() };
        self.state.member(engineer).ok_or_else(unknown)
    }

    /// The member who has a ticket.
    pub(super) fn holder(&self, case: &Case) -> Option<&Member> {
        self.look().holder(case)
    }

    /// The engineer's day as it stands.
    pub(super) fn day<'s>(&'s self, member: &'s Member) -> Excerpt<'s> {
        self.look().day(member)
    }

    /// What new routes mean for customers.
    pub(super) fn change(&self, routes: Vec<Route>, moving: Option<&str>) -> PlanChange {
        change(self.state, routes, moving)
    }

    /// The rest of the day of whoever has a ticket, without it.
    pub(super) fn without(&self, case: &Case) -> (PlanChange, Vec<String>) {
        let Some(member) = self.holder(case) else { return Default::default() };
        let mut excerpt = self.day(member).without(&case.ticket.id);
        if case.phase.is_on_site() {
            excerpt = excerpt.from(case.ticket.place, self.now);
        } else if case.phase.is_in_service()
            && let Some(place) = member.whereabouts()
        {
            excerpt = excerpt.from(*place, self.now);
        }
        let Day { routes, displaced } = excerpt.time();
        let mut change = self.change(routes, None);
        if case.phase == Phase::EnRoute {
            // His visit is on no route any more, and its customer expects him all the same.
            let (ticket, before) = (case.ticket.id.clone(), case.told.clone());
            change.calls.push(ticket.clone());
            let kind = ChangeKind::Unassigned;
            change.diff.changes.push(Change { ticket, kind, before, after: None });
        }
        (change, displaced)
    }

    /// Nobody need answer about a ticket any more.
    pub(super) fn withdraw_all(&mut self, ticket: &str, why: Withdrawal) {
        let offers = self.state.case(ticket).into_iter().flat_map(|case| &case.offers);
        let offers: Vec<_> = offers.map(|offer| (offer.id, offer.engineer.clone())).collect();
        for (offer, engineer) in offers {
            self.emit(ticket, Fact::Withdrawn { offer, engineer, why });
        }
    }

    /// Tickets that their engineer can no longer keep wait again, and are offered anew in the order of
    /// urgency. Their routes have changed already.
    pub(super) fn bring_back(&mut self, tickets: Vec<String>, why: &Return) {
        let mut waiting = Vec::new();
        for ticket in tickets {
            let Some(case) = self.state.case(&ticket) else { continue };
            let Some(engineer) = case.held_by_engineer().map(str::to_owned) else { continue };
            waiting.push((urgency(case), ticket.clone()));
            let (dispatch, promised) = self.dispatch_again(case);
            let (why, promised) = (why.clone(), promised.map(Box::new));
            let (due, warn, change) = Default::default();
            let fact = Fact::Returned { why, engineer, dispatch, promised, due, warn, change };
            self.emit(&ticket, fact);
        }
        waiting.sort();
        for (_, ticket) in waiting {
            self.next_round(&ticket);
        }
    }

    /// Who gives the command.
    pub(super) fn actor(&self) -> Option<&Actor> {
        match &self.cause {
            Cause::Command { actor, .. } => Some(actor),
            Cause::Clock => None,
        }
    }

    /// An engineer speaks for himself only.
    pub(super) fn speaks_for(&self, engineer: &str) -> Result<(), Refusal> {
        match self.actor() {
            Some(actor) if !actor.speaks_for(engineer) => {
                Err(Refusal::NotYours { actor: actor.id.clone(), engineer: engineer.to_owned() })
            }
            _ => Ok(()),
        }
    }
}

/// An event becomes part of the state, and of what is known of who is where and whose day has changed.
pub(super) fn happen(state: &mut State, near: &mut Near, kept: &mut Kept, event: &Event) {
    let holder = |state: &State| {
        let engineer = state.case(&event.subject)?.held_by_engineer()?;
        state.member(engineer).map(|member| member.number)
    };
    let before = holder(state);
    state.on(event);
    near.pass(state, event.at);
    if let Some(case) = state.case(&event.subject) {
        near.note(case);
    }
    kept.note(&event.fact);
    // Who leaves a customer is there, and who reports is where he says.
    let routes = event.fact.change().into_iter().flat_map(|change| &change.routes);
    let named = [&event.subject].into_iter().chain(routes.map(|route| &route.engineer));
    let named = named.filter_map(|id| state.member(id)).map(|member| member.number);
    let mut touched: Vec<u32> = before.into_iter().chain(holder(state)).chain(named).collect();
    touched.sort_unstable();
    touched.dedup();
    for member in touched.into_iter().map(|number| &state.members[number as usize]) {
        near.see(member);
        kept.touch(member);
    }
}

/// What new routes mean for customers, measured from what they were told last. A ticket that is
/// under way (`moving`) has not lost its visit.
pub(super) fn change(state: &State, routes: Vec<Route>, moving: Option<&str>) -> PlanChange {
    let told = told(state, &routes, moving);
    measured(told, routes, state.policy.tolerance)
}

/// What new routes mean for customers who were told of these ones.
pub(super) fn measured(told: Vec<Route>, routes: Vec<Route>, tolerance: Seconds) -> PlanChange {
    if routes.is_empty() {
        return PlanChange::default();
    }
    let before = Plan { routes: told, ..Plan::default() };
    let after = Plan { routes, ..Plan::default() };
    let diff = before.diff(&after);
    let calls = diff.calls(tolerance).map(str::to_owned).collect();
    PlanChange { routes: after.routes, diff, calls }
}

/// The routes of these shifts with the times that customers were told.
pub(super) fn told(state: &State, routes: &[Route], moving: Option<&str>) -> Vec<Route> {
    let mut told = Vec::new();
    for route in routes {
        let member = state.member(&route.engineer);
        let Some(old) = member.and_then(|member| member.routes.get(&route.shift)) else {
            continue;
        };
        let mut old = old.clone();
        old.stops.retain(|stop| stop.kind == StopKind::Visit && moving != Some(&stop.id));
        for stop in &mut old.stops {
            if let Some(told) = state.case(&stop.id).and_then(|case| case.told.as_ref()) {
                stop.start = told.start;
            }
        }
        told.push(old);
    }
    told
}
