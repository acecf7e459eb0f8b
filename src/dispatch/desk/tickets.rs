//! Commands about a ticket as such: open, triage, merge, hold, resume, cancel, reopen, emergency.

use super::case::{Case, EMERGENCY, Phase};
use super::choice::Ranked;
use super::command::{Act, Mode};
use super::fact::Fact;
use super::outcome::{Offer, PlanChange, Return, Withdrawal};
use super::placement::Placement;
use super::promise::{Due, Promised};
use super::refusal::Refusal;
use super::timer::TimerKind;
use super::work::Work;
use crate::model::{ClockKind, Engineer, Issue, Ticket};
use crate::problem::Problem;
use crate::units::Instant;

impl Work<'_> {
    pub(super) fn open(
        &mut self,
        ticket: &Ticket,
        mode: Mode,
        requested: Option<Instant>,
    ) -> Result<(), Refusal> {
        let id = ticket.id.clone();
        if self.state.case(&id).is_some() {
            return Err(Refusal::TicketExists { ticket: id });
        }
        let requested = requested.unwrap_or(self.now);
        if requested > self.now {
            return Err(Refusal::BadMoment { moment: requested, now: self.now });
        }
        let ticket = Box::new(self.checked(ticket)?);
        let due = self.due(&ticket, requested)?;
        self.emit(&id, Fact::Opened { ticket, mode, requested, due });
        self.next_round(&id);
        Ok(())
    }

    /// A ticket without faults, its region found.
    pub(super) fn checked(&self, ticket: &Ticket) -> Result<Ticket, Refusal> {
        let mut ticket = Ticket { told: None, ..ticket.clone() };
        let mut world = self.state.frame();
        world.skills.clone_from(&self.state.world.skills);
        let stand_in = |id: &str| Engineer::new(id, ticket.place, Instant(0), Instant(1));
        let lists = ticket.preferred.iter().chain(&ticket.required).chain(&ticket.excluded);
        let mut named: Vec<&String> = lists.filter(|id| self.state.member(id).is_some()).collect();
        named.sort_unstable();
        named.dedup();
        world.engineers.extend(named.into_iter().map(|id| stand_in(id)));
        if let Some(lock) = &ticket.lock {
            let has = |engineer: &Engineer| {
                (0..engineer.shifts.len()).any(|number| engineer.shift_id(number) == lock.shift)
            };
            let owner = self.state.members.iter().find(|member| has(&member.engineer));
            if let Some(owner) = owner {
                let id = owner.engineer.id.as_str();
                if !world.engineers.iter().any(|known| known.id == id) {
                    world.engineers.push(stand_in(id));
                }
                let known = world.engineers.iter_mut().filter(|known| known.id == id);
                known.for_each(|known| known.shifts[0].id = Some(lock.shift.clone()));
            }
        }
        if world.engineers.is_empty() {
            world.engineers.push(stand_in("nobody"));
        }
        world.tickets.push(ticket.clone());
        // Those who stand in stand where the ticket is: a fault of its place is the ticket's.
        let own = |issue: &Issue| issue.at.starts_with("tickets");
        Problem::build(world).map_err(|mut issues| {
            if issues.0.iter().any(own) {
                issues.0.retain(own);
            }
            issues
        })?;
        if ticket.region.is_none() {
            ticket.region = self.near.region(self.state, &ticket);
        }
        Ok(ticket)
    }

    pub(super) fn triage(&mut self, id: &str, ticket: &Ticket) -> Result<(), Refusal> {
        let case = self.case(id)?;
        if ticket.id != id {
            return Err(Refusal::UnknownTicket { ticket: ticket.id.clone() });
        }
        let mut ticket = Box::new(self.checked(ticket)?);
        if case.declared_emergency {
            // Who corrects something else may not have heard of it.
            (ticket.priority, ticket.due) = (ticket.priority.max(EMERGENCY), case.ticket.due);
        }
        let due = self.due_again(case, &ticket, case.requested)?;
        self.withdraw_all(id, Withdrawal::Changed);
        self.emit(id, Fact::Triaged { ticket, due });
        self.go_on(id);
        Ok(())
    }

    /// What comes next for a ticket that has changed.
    fn go_on(&mut self, id: &str) {
        match self.state.case(id).map(|case| case.phase) {
            Some(Phase::Assigned) => self.place_again(id),
            _ => self.next_round(id),
        }
    }

    /// What comes next for a ticket that may be due earlier than it was before. Offers that end while their engineer can
    /// still be there in time stand, as a round would make them anew no other; where one of them would not, all are
    /// made anew by what time is left.
    fn hurry(&mut self, id: &str, before: Option<Instant>) {
        let Some(case) = self.state.case(id) else { return };
        let is_earlier = |due: Instant| before.is_none_or(|before| due < before);
        if !case.arrival_due().is_some_and(is_earlier) {
            return;
        }
        let look = self.look();
        let ends_in_time = |offer: &Offer| {
            let member = self.state.member(&offer.engineer)?;
            let placement = look.fit_offer(case, member, offer)?;
            let ranked = Ranked::new(&self.state.policy, self.now, case, member, &placement);
            ranked.latest_accept.map(|latest| offer.expires <= latest)
        };
        if !case.offers.iter().all(|offer| ends_in_time(offer) == Some(true)) {
            self.withdraw_all(id, Withdrawal::Changed);
        }
        self.go_on(id);
    }

    /// The best place for a ticket that has changed in the day of its engineer; none for an emergency that he would be
    /// late for and somebody else would not.
    pub(super) fn placed_again(&self, id: &str) -> Option<Placement> {
        let case = self.state.case(id)?;
        let holder = case.holder.as_ref()?;
        let mut placement =
            self.holder(case).and_then(|member| self.day(member).place(case, holder.against_rules));
        let is_late = |placed: &Placement| !case.is_in_time(placed.candidate.arrive);
        if case.is_emergency() && placement.as_ref().is_some_and(is_late) {
            let look = self.look();
            let survey = look.survey(case, look.answer_by(case, self.now));
            match survey.choice.ranked.iter().find(|ranked| case.is_in_time(ranked.arrive)) {
                Some(best) if best.engineer != holder.engineer => placement = None,
                Some(_) => {
                    let his = look.holder(case).and_then(|member| look.fit(case, member));
                    placement = his.or(placement);
                }
                None => {}
            }
        }
        placement
    }

    /// Puts a ticket that has changed there, or offers it anew.
    fn place_again(&mut self, id: &str) {
        match self.placed_again(id) {
            Some(placement) => {
                let displaces = placement.displaces;
                let change = self.change(placement.day.routes, None);
                if !change.is_empty() {
                    self.emit("", Fact::PlanChanged { change, found: None });
                }
                self.bring_back(placement.day.displaced, &Return::NoLongerFits);
                self.push_out(displaces, id);
            }
            None => self.give_back(id, Return::NoLongerFits),
        }
    }

    /// Takes a ticket from its engineer and offers it anew.
    pub(super) fn give_back(&mut self, id: &str, why: Return) {
        let Some(case) = self.state.case(id) else { return };
        let Some(engineer) = case.held_by_engineer().map(str::to_owned) else { return };
        let (change, displaced) = self.without(case);
        let (dispatch, promised) = self.dispatch_again(case);
        let promised = promised.map(Box::new);
        let [due, warn] = self.resumed(case);
        self.emit(id, Fact::Returned { why, engineer, dispatch, promised, due, warn, change });
        self.bring_back(displaced, &Return::NoLongerFits);
        self.next_round(id);
    }

    pub(super) fn merge(&mut self, id: &str, into: &str) -> Result<(), Refusal> {
        let target = self.resolve(into)?;
        if target.ticket.id == id {
            return Err(Refusal::MergeCycle { ticket: id.to_owned(), into: into.to_owned() });
        }
        if target.phase.is_over() {
            let (ticket, phase) = (target.ticket.id.clone(), target.phase);
            return Err(Refusal::WrongPhase { ticket, phase, command: "merge" });
        }
        let case = self.case(id)?;
        let into = target.ticket.id.clone();
        let requested = case.requested.min(target.requested);
        let due = self.due_merged(case, target, requested)?;
        let before = target.arrival_due();
        let is_declared = case.declared_emergency
            && !case.was_visited()
            && !target.declared_emergency
            && !target.phase.is_in_service();
        let (change, displaced) = self.without(case);
        let freed = case.held_by_engineer().map(str::to_owned);
        self.withdraw_all(id, Withdrawal::Stopped);
        self.emit(id, Fact::Merged { into: into.clone(), change });
        let from = id.to_owned();
        self.emit(&into, Fact::MergeReceived { from, requested, due });
        self.bring_back(displaced, &Return::NoLongerFits);
        match self.state.case(&into).and_then(Case::arrival_due) {
            Some(arrival) if is_declared => self.declare(&into, arrival),
            _ => self.hurry(&into, before),
        }
        freed.into_iter().for_each(|engineer| self.retry(&engineer));
        Ok(())
    }

    /// The ticket that speaks for this one: itself, or what it was merged into.
    pub(super) fn resolve(&self, id: &str) -> Result<&Case, Refusal> {
        let mut case = self.case(id)?;
        // Merging refuses circles, so no chain is longer than there are tickets.
        for _ in 0..self.state.cases.len() {
            let Some(into) = &case.merged_into else { break };
            case = self.case(into)?;
        }
        Ok(case)
    }

    pub(super) fn hold(
        &mut self,
        id: &str,
        reason: String,
        review: Instant,
    ) -> Result<(), Refusal> {
        if review <= self.now {
            return Err(Refusal::BadMoment { moment: review, now: self.now });
        }
        self.speaks_for(self.case(id)?.held_by_engineer().unwrap_or_default())?;
        self.take_off(id, |change| Fact::Held { reason, review, change })
    }

    /// Nobody is to do it any more, or for now, as the event says. Whoever had it is free for others.
    pub(super) fn take_off(
        &mut self,
        id: &str,
        fact: impl FnOnce(PlanChange) -> Fact,
    ) -> Result<(), Refusal> {
        let case = self.case(id)?;
        let (change, displaced) = self.without(case);
        let freed = case.held_by_engineer().map(str::to_owned);
        self.withdraw_all(id, Withdrawal::Stopped);
        self.emit(id, fact(change));
        self.bring_back(displaced, &Return::NoLongerFits);
        freed.into_iter().for_each(|engineer| self.retry(&engineer));
        Ok(())
    }

    pub(super) fn resume(&mut self, id: &str) {
        let Some(case) = self.state.case(id) else { return };
        let [due, warn] = self.resumed(case);
        self.emit(id, Fact::Resumed { due, warn });
    }

    /// The ticket as it will be once it goes on.
    pub(super) fn awake(&self, case: &Case) -> Case {
        let mut awake = case.clone();
        if case.phase == Phase::OnHold {
            let [due, warn] = self.resumed(case);
            awake.resume(&due, &warn, self.now);
        }
        awake
    }

    pub(super) fn reopen(
        &mut self,
        id: &str,
        reason: String,
        arrival: Option<Instant>,
    ) -> Result<(), Refusal> {
        let anew = Ticket { due: arrival, ..self.case(id)?.ticket.clone() };
        let due = self.due(&anew, self.now)?;
        self.emit(id, Fact::Reopened { reason, due });
        self.next_round(id);
        Ok(())
    }

    pub(super) fn emergency(&mut self, id: &str, arrival: Instant) -> Result<(), Refusal> {
        if arrival <= self.now {
            return Err(Refusal::BadMoment { moment: arrival, now: self.now });
        }
        self.declare(id, arrival);
        Ok(())
    }

    /// It comes before everything else from now on.
    fn declare(&mut self, id: &str, arrival: Instant) {
        let Some(case) = self.state.case(id) else { return };
        let phase = case.phase;
        let priority = case.ticket.priority.max(EMERGENCY);
        let dispatch = self.now + self.state.policy.dispatch;
        self.withdraw_all(id, Withdrawal::Changed);
        self.withdraw_proposal(id, Withdrawal::Changed);
        if phase == Phase::OnHold {
            self.resume(id);
        }
        let case = self.state.case(id);
        let resolution = case.and_then(|case| case.timers.get(TimerKind::Resolution));
        let resolution = resolution.map(|timer| timer.due);
        let again = case.filter(|case| case.was_visited());
        let again = again.map(|_| Promised::of_the_house(ClockKind::Arrival, self.now, arrival));
        let promised = again.into_iter().collect();
        let due = Due { dispatch, arrival: Some(arrival), resolution, promised };
        self.emit(id, Fact::EmergencyDeclared { priority, due });
        self.go_on(id);
    }

    /// Who chooses from now on.
    pub(super) fn set_mode(&mut self, id: &str, mode: Mode) {
        self.withdraw_proposal(id, Withdrawal::Changed);
        self.emit(id, Fact::ModeSet { mode });
        self.next_round(id);
    }

    /// Refuses what cannot be done as the ticket stands.
    pub(super) fn fits_phase(
        &self,
        case: &Case,
        act: &Act,
        name: &'static str,
    ) -> Result<(), Refusal> {
        use Phase::{Arrived, Assigned, Awaiting, EnRoute, Offered, OnHold, Paused, Working};
        let phases: &[Phase] = match act {
            Act::Triage { .. } | Act::Emergency { .. } => &[Awaiting, Offered, Assigned, OnHold],
            Act::Merge { .. } => &[Awaiting, Offered, Assigned, OnHold],
            Act::Hold { .. } => &[Awaiting, Offered, Assigned],
            Act::Resume => &[OnHold],
            Act::Cancel { .. } => {
                &[Awaiting, Offered, Assigned, EnRoute, Arrived, Working, Paused, OnHold]
            }
            Act::Reopen { .. } => &[Phase::Done, Phase::Cancelled],
            Act::Offer | Act::Recommend => &[Awaiting],
            Act::OfferTo { .. } | Act::Consent { .. } => &[Awaiting, Offered],
            // Answers to offers say themselves whether they still count.
            Act::Accept { .. } | Act::Decline { .. } | Act::CounterOffer { .. } => return Ok(()),
            Act::Assign { .. } => &[Awaiting, Offered, Assigned, EnRoute, OnHold],
            Act::Release { .. } | Act::Depart => &[Assigned],
            Act::Arrive => &[EnRoute],
            Act::Start => &[Arrived, Paused],
            Act::Pause { .. } | Act::Finish => &[Working],
            Act::Overrun { .. } => &[EnRoute, Arrived, Working],
            Act::CannotComplete { .. } => &[EnRoute, Arrived, Working, Paused],
            Act::CustomerAbsent => &[Arrived],
        };
        if phases.contains(&case.phase) {
            return Ok(());
        }
        let (ticket, phase) = (case.ticket.id.clone(), case.phase);
        Err(Refusal::WrongPhase { ticket, phase, command: name })
    }
}
