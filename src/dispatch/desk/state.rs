//! The state of the desk: a fold of its events.

use super::agenda::Agenda;
use super::case::{Case, Phase};
use super::cause::Cause;
use super::event::Event;
use super::fact::Fact;
use super::lent::Lent;
use super::member::{Current, Member};
use super::outcome::{Manner, PlanChange};
use super::policy::OfferPolicy;
use super::timer::TimerKind;
use crate::model::{Agreement, Engineer, TravelMode, World};
use crate::plan::{Appointment, StopKind};
use crate::units::Instant;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Everything that the desk knows. The same events give the same state, to the last bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    pub(super) world: World,
    pub(super) policy: OfferPolicy,
    /// What is promised to whom.
    #[serde(default)]
    pub(super) agreement: Agreement,
    /// The number of the next event.
    pub(super) next: u64,
    /// When the last event happened.
    pub(super) now: Instant,
    pub(super) cases: Vec<Case>,
    pub(super) members: Vec<Member>,
    tickets: FxHashMap<String, u32>,
    engineers: FxHashMap<String, u32>,
    /// How many offers were ever made.
    pub(super) offers: u64,
    /// The first deadline of each ticket, by number: no other can be the first of all.
    deadlines: Agenda,
    keys: FxHashMap<String, Remembered>,
    key_order: VecDeque<(Instant, String)>,
    /// Who is borrowed for regions that have a cap.
    pub(super) lent: Lent,
}

/// A deadline: when, of which ticket, of what kind.
pub(super) type Deadline = (Instant, u32, DeadlineKind);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum DeadlineKind {
    Offer(u64),
    Timer(TimerKind),
    Warning(TimerKind),
    Reminder(u64),
}

/// What a command under a key brought about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Remembered {
    pub(super) digest: u64,
    pub(super) events: Vec<Event>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            world: World::new(TravelMode::car(0)),
            policy: OfferPolicy::default(),
            agreement: Agreement::default(),
            next: 0,
            now: Instant(i64::MIN),
            cases: Vec::new(),
            members: Vec::new(),
            tickets: FxHashMap::default(),
            engineers: FxHashMap::default(),
            offers: 0,
            deadlines: Agenda::default(),
            keys: FxHashMap::default(),
            key_order: VecDeque::new(),
            lent: Lent::default(),
        }
    }
}

impl State {
    /// The ticket with this id.
    #[must_use]
    pub fn case(&self, ticket: &str) -> Option<&Case> {
        self.tickets.get(ticket).map(|&number| &self.cases[number as usize])
    }

    /// Every ticket, in the order in which they were opened.
    #[must_use]
    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    /// The engineer with this id.
    #[must_use]
    pub fn member(&self, engineer: &str) -> Option<&Member> {
        self.engineers.get(engineer).map(|&number| &self.members[number as usize])
    }

    /// Every engineer, in the order in which they were enrolled.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The rules for offers.
    #[must_use]
    pub fn policy(&self) -> &OfferPolicy {
        &self.policy
    }

    /// What is promised to whom.
    #[must_use]
    pub fn agreement(&self) -> &Agreement {
        &self.agreement
    }

    /// The number of the next event.
    #[must_use]
    pub fn next_seq(&self) -> u64 {
        self.next
    }

    /// When something has to be done without a command.
    pub(super) fn next_deadline(&self) -> Option<Instant> {
        self.deadlines.first().map(|(due, _)| due)
    }

    /// What has to be done then; several things at one moment in the order of tickets and kinds.
    pub(super) fn first_deadline(&self) -> Option<Deadline> {
        let (_, number) = self.deadlines.first()?;
        deadlines(self.cases.get(number as usize)?).min()
    }

    /// How many deadlines are ahead. O(tickets).
    #[must_use]
    pub fn deadlines(&self) -> usize {
        self.cases.iter().flat_map(deadlines).count()
    }

    pub(super) fn remembered(&self, key: &str) -> Option<&Remembered> {
        self.keys.get(key)
    }

    /// Folds an event. Events that no desk would have written are folded as far as they make sense.
    pub fn on(&mut self, event: &Event) {
        self.next = event.seq + 1;
        self.now = event.at;
        self.remember(event);
        match &event.fact {
            Fact::DeskOpened { world, policy, agreement } => {
                self.world = (**world).clone();
                self.lent = Lent::of(world);
                self.agreement = (**agreement).clone();
                self.policy = (**policy).clone();
            }
            Fact::AgreementSet { agreement } => self.agreement = (**agreement).clone(),
            Fact::PolicySet { policy } => self.policy = (**policy).clone(),
            Fact::EngineerEnrolled { engineer, .. } => self.enrol(engineer),
            Fact::Opened { ticket, mode, requested, .. } => {
                let number = self.cases.len() as u32;
                self.tickets.insert(ticket.id.clone(), number);
                self.cases.push(Case::new(number, (**ticket).clone(), *mode, *requested));
                self.on_case(event);
            }
            Fact::PlanChanged { .. } => {}
            Fact::DutyBegun
            | Fact::DutyEnded { .. }
            | Fact::EngineerFellIll { .. }
            | Fact::PositionReported { .. } => self.on_duty(event),
            _ => self.on_case(event),
        }
        if let Some(change) = event.fact.change() {
            self.replan(change);
            change.calls.iter().for_each(|ticket| self.note_deadline(ticket));
        }
        self.note_deadline(&event.subject);
        self.note_lent(event);
    }

    fn enrol(&mut self, engineer: &Engineer) {
        match self.engineers.get(&engineer.id) {
            Some(&number) => self.members[number as usize].engineer = engineer.clone(),
            None => {
                let number = self.members.len() as u32;
                self.engineers.insert(engineer.id.clone(), number);
                self.members.push(Member::new(number, engineer.clone()));
            }
        }
    }

    fn on_duty(&mut self, event: &Event) {
        let Some(member) = self.member_mut(&event.subject) else { return };
        match &event.fact {
            Fact::DutyBegun => {
                member.on_duty = true;
                member.ill_from = None;
            }
            Fact::DutyEnded { .. } => member.on_duty = false,
            Fact::EngineerFellIll { from, .. } => member.ill_from = Some(*from),
            Fact::PositionReported { place } => member.position = Some(*place),
            _ => {}
        }
    }

    /// An event about a ticket: the ticket first, then whoever has or had to do with it.
    fn on_case(&mut self, event: &Event) {
        let Some(&number) = self.tickets.get(&event.subject) else { return };
        let case = &self.cases[number as usize];
        let (old_phase, place) = (case.phase, case.ticket.place);
        let visited = case.holder.clone().filter(|_| old_phase.is_in_service());
        self.cases[number as usize].on(event);
        if !self.cases[number as usize].phase.is_in_service()
            && let Some(member) = visited.and_then(|visitor| self.member_mut(&visitor.engineer))
        {
            member.current = None;
            if old_phase.is_on_site() {
                member.position = Some(place);
            }
        }
        self.on_answer(event);
        let until = match &event.fact {
            Fact::Departed { until, .. }
            | Fact::Arrived { until, .. }
            | Fact::WorkStarted { until, .. }
            | Fact::Overran { until, .. } => *until,
            _ => return,
        };
        if let Some(holder) = self.cases[number as usize].holder.clone()
            && let Some(member) = self.member_mut(&holder.engineer)
        {
            if old_phase == Phase::Assigned {
                *member.begun.entry(holder.shift.clone()).or_insert(0) += 1;
            }
            let ticket = event.subject.clone();
            member.current = Some(Current { ticket, shift: holder.shift, until });
        }
    }

    /// What an event about a ticket says about the engineers who are asked.
    fn on_answer(&mut self, event: &Event) {
        if let Fact::Offered { offers, .. } = &event.fact {
            for offer in offers {
                self.offers = self.offers.max(offer.id + 1);
                if let Some(member) = self.member_mut(&offer.engineer) {
                    member.offers.insert(event.subject.clone());
                }
            }
        }
        let Some(engineer) = event.fact.answered() else { return };
        let Some(member) = self.member_mut(engineer) else { return };
        member.offers.remove(&event.subject);
        match &event.fact {
            Fact::Accepted { manner, .. } => {
                // Who says yes too late was counted when the offer lapsed.
                member.asked += u32::from(*manner != Manner::Late);
                member.accepted += u32::from(*manner != Manner::Silent);
                member.last_assigned = Some(event.at);
            }
            Fact::Assigned { window, .. } => {
                // Who proposed another time was counted then, and the customer has agreed to it.
                member.accepted += u32::from(window.is_some());
                member.last_assigned = Some(event.at);
            }
            Fact::Withdrawn { .. } => {}
            _ => member.asked += 1,
        }
    }

    /// Puts new routes in the place of old ones, and notes what customers are told.
    fn replan(&mut self, change: &PlanChange) {
        for route in &change.routes {
            let has_visits = route.tickets().next().is_some();
            if let Some(member) = self.member_mut(&route.engineer) {
                if has_visits {
                    member.routes.insert(route.shift.clone(), route.clone());
                } else {
                    member.routes.remove(&route.shift);
                }
            }
        }
        for route in &change.routes {
            for ticket in route.tickets() {
                self.hand_over(ticket, &route.engineer, &route.shift);
            }
        }
        let tolerance = self.policy.tolerance;
        for ticket in &change.calls {
            let Some(&number) = self.tickets.get(ticket) else { continue };
            let told = change.appointment(ticket);
            let case = &mut self.cases[number as usize];
            match &told {
                Some(told) if case.phase == Phase::Assigned => {
                    case.timers.start(TimerKind::Appointment, told.start + tolerance);
                }
                _ => case.timers.drop(TimerKind::Appointment),
            }
            case.told = told;
        }
    }

    /// A ticket that has got onto somebody else's route is his: whoever saw it with the other one has not seen this.
    fn hand_over(&mut self, ticket: &str, engineer: &str, shift: &str) {
        let Some(&number) = self.tickets.get(ticket) else { return };
        let case = &mut self.cases[number as usize];
        if let Some(holder) = &mut case.holder
            && holder.shift != shift
        {
            engineer.clone_into(&mut holder.engineer);
            shift.clone_into(&mut holder.shift);
            case.version += 1;
        }
    }

    /// Notes the first deadline of a ticket that may have changed.
    fn note_deadline(&mut self, ticket: &str) {
        if let Some(&number) = self.tickets.get(ticket) {
            let all = deadlines(&self.cases[number as usize]);
            self.deadlines.set(number, all.map(|(due, ..)| due).min());
        }
    }

    fn member_mut(&mut self, engineer: &str) -> Option<&mut Member> {
        let number = *self.engineers.get(engineer)?;
        self.members.get_mut(number as usize)
    }

    /// Keeps what a command brought about, for as long as the policy says.
    fn remember(&mut self, event: &Event) {
        while let Some((at, key)) = self.key_order.front()
            && event.at.0.saturating_sub(at.0) > self.policy.remember_keys.0
        {
            self.keys.remove(key);
            self.key_order.pop_front();
        }
        if let Cause::Command { key, digest, .. } = &event.cause {
            if let Some(known) = self.keys.get_mut(key) {
                known.events.push(event.clone());
                return;
            }
            let remembered = Remembered { digest: *digest, events: vec![event.clone()] };
            self.keys.insert(key.clone(), remembered);
            self.key_order.push_back((event.at, key.clone()));
        }
    }
}

/// The deadlines of a ticket that are still ahead.
fn deadlines(case: &Case) -> impl Iterator<Item = Deadline> + '_ {
    let timers = case.timers.ahead();
    let timers = timers.flat_map(|(kind, timer)| {
        let warning = timer.warn.first().map(|&moment| (moment, DeadlineKind::Warning(kind)));
        warning.into_iter().chain([(timer.due, DeadlineKind::Timer(kind))])
    });
    let offers = case.offers.iter().flat_map(|offer| {
        let reminder = offer.warn.first().map(|&moment| (moment, DeadlineKind::Reminder(offer.id)));
        reminder.into_iter().chain([(offer.expires, DeadlineKind::Offer(offer.id))])
    });
    timers.chain(offers).map(|(at, kind)| (at, case.number, kind))
}

impl PlanChange {
    /// When whom this ticket is to be visited by now.
    pub(super) fn appointment(&self, ticket: &str) -> Option<Appointment> {
        self.routes.iter().find_map(|route| {
            let mut visits = route.stops.iter().filter(|stop| stop.kind == StopKind::Visit);
            let visit = visits.find(|stop| stop.id == ticket)?;
            let (engineer, shift) = (route.engineer.clone(), route.shift.clone());
            Some(Appointment { engineer, shift, start: visit.start })
        })
    }
}
