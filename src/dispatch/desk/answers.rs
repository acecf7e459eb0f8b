//! What comes of an offer: yes, no, another time; and what a manager decides over all of it.

use super::case::{Case, Phase};
use super::choice::{Choice, Order};
use super::fact::Fact;
use super::member::Member;
use super::outcome::{Holder, Manner, Offer, PlanChange, Return, Withdrawal};
use super::placement::{Day, Placement};
use super::policy::LateAccept;
use super::refusal::Refusal;
use super::work::Work;
use crate::model::Window;
use crate::units::{Instant, Seconds};

/// A ticket in somebody's hands, and what that means for everybody else.
pub(super) struct Given {
    holder: Holder,
    instead_of: Option<String>,
    window: Option<Window>,
    choice: Choice,
    change: PlanChange,
    displaced: Vec<String>,
    displaces: Vec<String>,
}

impl Given {
    /// What is written down of it.
    pub(super) fn fact(&self, reason: String) -> Fact {
        let Self { holder, instead_of, window, choice, change, .. } = self;
        Fact::Assigned {
            holder: holder.clone(),
            instead_of: instead_of.clone(),
            reason,
            window: *window,
            choice: choice.clone(),
            change: change.clone(),
        }
    }
}

impl Work<'_> {
    /// The offer of this number that still waits, answered by whom it went to.
    fn live_offer(&self, case: &Case, id: u64) -> Result<Offer, Refusal> {
        let Some(offer) = case.offers.iter().find(|offer| offer.id == id) else {
            return Err(self.no_offer(case, id));
        };
        self.speaks_for(&offer.engineer)?;
        Ok(offer.clone())
    }

    fn no_offer(&self, case: &Case, offer: u64) -> Refusal {
        if offer < self.state.offers {
            let holder = case.held_by_engineer().map(str::to_owned);
            return Refusal::OfferOver { offer, holder };
        }
        Refusal::UnknownOffer { ticket: case.ticket.id.clone(), offer }
    }

    pub(super) fn accept(&mut self, id: &str, offer: u64, epoch: u32) -> Result<(), Refusal> {
        let case = self.case(id)?;
        if epoch != case.epoch {
            self.live_offer(case, offer)?;
            let ticket = id.to_owned();
            return Err(Refusal::WrongEpoch { ticket, offer, epoch: case.epoch });
        }
        let late = case.lapsed.iter().find(|lapsed| lapsed.id == offer);
        let (offer, manner) = match late {
            Some(late) => (self.late_offer(case, late)?, Manner::Late),
            None => (self.live_offer(case, offer)?, Manner::InTime),
        };
        self.take(id, &offer, manner)
    }

    /// Whether a yes that comes too late still counts: only while nobody has the ticket, or is asked.
    fn late_offer(&self, case: &Case, offer: &Offer) -> Result<Offer, Refusal> {
        self.speaks_for(&offer.engineer)?;
        let is_free = case.phase == Phase::Awaiting && case.proposal.is_none();
        match self.state.policy.late_accept {
            LateAccept::WhileNobodyHolds if is_free => Ok(offer.clone()),
            _ => Err(self.no_offer(case, offer.id)),
        }
    }

    /// Gives a ticket to the one who accepted it, if it still fits into his day.
    pub(super) fn take(&mut self, id: &str, offer: &Offer, manner: Manner) -> Result<(), Refusal> {
        let case = self.case(id)?;
        let member = self.member(&offer.engineer)?;
        match self.look().fit_offer(case, member, offer) {
            Some(placement) => {
                let fact = self.accepted(&placement, offer, manner);
                let Placement { day, displaces, .. } = &*placement;
                let (displaced, displaces) = (day.displaced.clone(), displaces.clone());
                self.emit(id, fact);
                self.withdraw_all(id, Withdrawal::Taken);
                self.bring_back(displaced, &Return::NoLongerFits);
                self.push_out(displaces, id);
            }
            None if manner == Manner::Late => return Err(self.no_offer(case, offer.id)),
            None => self.withdraw(id, offer, Withdrawal::NoLongerFits),
        }
        Ok(())
    }

    /// He has it, in this place of his day.
    pub(super) fn accepted(&self, placement: &Placement, offer: &Offer, manner: Manner) -> Fact {
        let (holder, offer) = (placement.holder(false), offer.id);
        let change = self.change(placement.day.routes.clone(), None);
        Fact::Accepted { offer, holder, manner, change }
    }

    /// Takes a question back; without any other the next round begins.
    pub(super) fn withdraw(&mut self, id: &str, offer: &Offer, why: Withdrawal) {
        let (number, engineer) = (offer.id, offer.engineer.clone());
        self.emit(id, Fact::Withdrawn { offer: number, engineer, why });
        self.next_round(id);
    }

    /// He does not take it. The next one is asked by a deadline that is due at once, so that whoever says no need not
    /// wait until somebody else is found.
    pub(super) fn decline(&mut self, id: &str, offer: u64, reason: String) -> Result<(), Refusal> {
        let engineer = self.live_offer(self.case(id)?, offer)?.engineer;
        self.emit(id, Fact::Declined { offer, engineer, reason });
        Ok(())
    }

    pub(super) fn counter_offer(
        &mut self,
        id: &str,
        offer: u64,
        window: Window,
    ) -> Result<(), Refusal> {
        let case = self.case(id)?;
        let engineer = self.live_offer(case, offer)?.engineer;
        if window.latest <= self.now || window.latest < window.earliest {
            return Err(Refusal::BadMoment { moment: window.latest, now: self.now });
        }
        if case.proposal.is_some() {
            let (ticket, phase) = (id.to_owned(), case.phase);
            return Err(Refusal::WrongPhase { ticket, phase, command: "counter_offer" });
        }
        self.checked(&case.at_another_time(window).ticket)?;
        let by = self.consent_by(case, &engineer);
        self.emit(id, Fact::CounterOffered { offer, engineer, window, by });
        Ok(())
    }

    /// When the customer must have said whether another time suits. Of the time until the last of the others must
    /// have accepted, half is for asking them.
    fn consent_by(&self, case: &Case, engineer: &str) -> Instant {
        let by = self.now + self.state.policy.expiry;
        if case.arrival_due().is_none() {
            return by;
        }
        let look = self.look();
        let ranked = look.survey(case, look.answer_by(case, self.now)).choice.ranked;
        let others = ranked.iter().filter(|ranked| ranked.engineer != engineer);
        let left = others.filter_map(|ranked| ranked.latest_accept).max().map(|it| it - self.now);
        let half = left.filter(|&left| left > Seconds::ZERO).map(|left| Seconds(1.max(left.0 / 2)));
        half.map_or(by, |half| by.min(self.now + half))
    }

    /// What the customer says to another time.
    pub(super) fn consent(&mut self, id: &str, agreed: bool) -> Result<(), Refusal> {
        let case = self.case(id)?;
        let Some((engineer, window)) = case.proposal.clone() else {
            return Err(Refusal::NoProposal { ticket: id.to_owned() });
        };
        let member = self.member(&engineer)?;
        let given = agreed.then(|| self.given(case, member, Some(window))).flatten();
        match given {
            Some(given) => {
                self.assign_to(id, given, "the customer agreed to another time".to_owned());
            }
            None => {
                match agreed {
                    true => self.withdraw_proposal(id, Withdrawal::NoLongerFits),
                    false => self.drop_proposal(id),
                }
                self.next_round(id);
            }
        }
        Ok(())
    }

    /// The customer does not want the other time, or does not answer.
    pub(super) fn drop_proposal(&mut self, id: &str) {
        if self.state.case(id).is_some_and(|case| case.proposal.is_some()) {
            self.emit(id, Fact::CounterOfferRefused);
        }
    }

    /// Nobody waits for the customer's answer any more. Whoever proposed another time has refused nothing.
    pub(super) fn withdraw_proposal(&mut self, id: &str, why: Withdrawal) {
        if self.state.case(id).is_some_and(|case| case.proposal.is_some()) {
            self.emit(id, Fact::CounterOfferWithdrawn { why });
        }
    }

    pub(super) fn offer_to(&mut self, id: &str, engineer: &str) -> Result<(), Refusal> {
        let (case, member) = (self.case(id)?, self.member(engineer)?);
        if !member.on_duty || member.is_ill(self.now) {
            return Err(Refusal::OffDuty { engineer: engineer.to_owned() });
        }
        let placement = self.look().fit(case, member);
        let placement = placement.ok_or_else(|| self.does_not_fit(id, engineer))?;
        let fact = self.named(case, member, &placement);
        self.withdraw_all(id, Withdrawal::Changed);
        self.withdraw_proposal(id, Withdrawal::Changed);
        self.emit(id, fact);
        Ok(())
    }

    fn does_not_fit(&self, id: &str, engineer: &str) -> Refusal {
        Refusal::DoesNotFit { engineer: engineer.to_owned(), ticket: id.to_owned() }
    }

    /// Somebody has it because a manager says so; against the rules where nothing else goes.
    pub(super) fn assign(
        &mut self,
        id: &str,
        engineer: &str,
        reason: String,
    ) -> Result<(), Refusal> {
        let (case, member) = (self.case(id)?, self.member(engineer)?);
        if case.phase == Phase::EnRoute && case.held_by_engineer() == Some(engineer) {
            let (ticket, phase) = (id.to_owned(), case.phase);
            return Err(Refusal::WrongPhase { ticket, phase, command: "assign" });
        }
        let given = self.given(case, member, None);
        let given = given.ok_or_else(|| self.does_not_fit(id, engineer))?;
        if case.phase == Phase::OnHold {
            self.resume(id);
        }
        self.assign_to(id, given, reason);
        Ok(())
    }

    /// What it means to give somebody a ticket: by the rules, or against them where nothing else goes; at the other
    /// time that its customer agreed to, if there is one. Nothing where it cannot be done at all.
    pub(super) fn given(
        &self,
        case: &Case,
        member: &Member,
        window: Option<Window>,
    ) -> Option<Given> {
        let mut case = self.awake(case);
        let placement = match window {
            Some(window) => {
                case = case.at_another_time(window);
                self.day(member).place(&case, false)
            }
            None => self.look().fit(&case, member),
        };
        let against_rules = placement.is_none() && window.is_none();
        let placement =
            if against_rules { self.day(member).place(&case, true) } else { placement }?;
        let look = self.look();
        let survey = look.survey(&case, look.answer_by(&case, self.now));
        let mut choice = survey.choice.short(self.state.policy.alternatives);
        choice.order = Order::Named;
        let holder = placement.holder(against_rules);
        let instead_of = case.held_by_engineer().map(str::to_owned);
        let Day { mut routes, mut displaced } = placement.day;
        if instead_of.as_ref().is_some_and(|before| *before != holder.engineer) {
            let (change, lost) = self.without(&case);
            routes.extend(change.routes);
            displaced.extend(lost);
        }
        let (change, displaces) = (self.change(routes, None), placement.displaces);
        Some(Given { holder, instead_of, window, choice, change, displaced, displaces })
    }

    fn assign_to(&mut self, id: &str, given: Given, reason: String) {
        self.withdraw_all(id, Withdrawal::Taken);
        self.emit(id, given.fact(reason));
        self.bring_back(given.displaced, &Return::NoLongerFits);
        self.push_out(given.displaces, id);
        given.instead_of.into_iter().for_each(|before| self.retry(&before));
    }

    pub(super) fn release(&mut self, id: &str, reason: String) -> Result<(), Refusal> {
        let case = self.case(id)?;
        let engineer = case.held_by_engineer().unwrap_or_default().to_owned();
        self.speaks_for(&engineer)?;
        self.give_back(id, Return::Released(reason));
        self.retry(&engineer);
        Ok(())
    }
}
