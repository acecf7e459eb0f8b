//! What happens when a deadline passes.

use super::case::{Case, Owner, Phase};
use super::command::Mode;
use super::fact::Fact;
use super::outcome::{Escalation, Manner, Offer, Withdrawal};
use super::policy::OnTimeout;
use super::state::{Deadline, DeadlineKind};
use super::timer::TimerKind;
use super::work::Work;

impl Work<'_> {
    /// Deals with one deadline, after which it is no longer ahead.
    pub(super) fn fire(&mut self, deadline: Deadline) {
        let (due, number, kind) = deadline;
        let Some(case) = self.state.cases.get(number as usize) else { return };
        let id = case.ticket.id.clone();
        match kind {
            DeadlineKind::Offer(offer) => {
                let offer = case.offers.iter().find(|live| live.id == offer).cloned();
                offer.into_iter().for_each(|offer| self.lapse(&id, &offer));
            }
            DeadlineKind::Timer(TimerKind::Consent) => {
                self.drop_proposal(&id);
                self.next_round(&id);
            }
            DeadlineKind::Timer(TimerKind::Quiet | TimerKind::Redispatch) => self.next_round(&id),
            DeadlineKind::Timer(TimerKind::Review) => {
                self.resume(&id);
                self.next_round(&id);
            }
            DeadlineKind::Reminder(offer) => {
                let Some(of) = case.offers.iter().find(|live| live.id == offer) else { return };
                let (engineer, expires) = (of.engineer.clone(), of.expires);
                self.emit(&id, Fact::Reminded { offer, engineer, moment: due, expires });
            }
            DeadlineKind::Warning(timer) => {
                let Some(of) = case.timers.get(timer) else { return };
                let moment = due;
                let (due, whom) = (of.due, whom_to_warn(case));
                self.emit(&id, Fact::Warned { timer, moment, due, whom });
            }
            DeadlineKind::Timer(timer) => {
                let why = reproach(case, timer);
                let rings = timer == TimerKind::Attention && why.is_none();
                let again = rings.then_some(self.now + self.state.policy.attention);
                self.emit(&id, Fact::Breached { timer, due, again });
                why.into_iter().for_each(|why| self.escalate(&id, why));
            }
        }
    }

    /// Nobody has answered in time.
    fn lapse(&mut self, id: &str, offer: &Offer) {
        let Some(case) = self.state.case(id) else { return };
        if case.phase != Phase::Offered {
            self.withdraw(id, offer, Withdrawal::Taken);
            return;
        }
        let on_timeout = self.state.policy.on_timeout;
        // Offers stand in the order in which engineers were ranked.
        let is_best = case.offers.first().is_some_and(|best| best.id == offer.id);
        if on_timeout == OnTimeout::AutoAccept && is_best {
            // It cannot be refused: the offer is live, and it has been withdrawn if it no longer fits.
            let _ = self.take(id, offer, Manner::Silent);
            return;
        }
        let engineer = offer.engineer.clone();
        self.emit(id, Fact::Expired { offer: offer.id, engineer });
        let is_last = self
            .state
            .case(id)
            .is_some_and(|case| case.phase == Phase::Awaiting && case.proposal.is_none());
        match on_timeout {
            OnTimeout::Escalate if is_last => self.escalate(id, Escalation::Unanswered),
            _ => self.next_round(id),
        }
    }
}

/// Who can still do something: where that is the desk itself, a manager.
fn whom_to_warn(case: &Case) -> Owner {
    match case.owner() {
        None | Some(Owner::System) => Owner::Manager,
        Some(owner) => owner,
    }
}

/// Why a manager is called when a timer runs out, if he has not been.
fn reproach(case: &Case, timer: TimerKind) -> Option<Escalation> {
    if case.escalated.is_some() {
        return None;
    }
    let is_waiting = case.phase == Phase::Awaiting;
    let is_coming = matches!(case.phase, Phase::Assigned | Phase::EnRoute);
    match timer {
        TimerKind::Dispatch if is_waiting => Some(Escalation::DispatchClock),
        TimerKind::Attention if is_waiting && case.mode == Mode::Recommend => {
            Some(Escalation::Unattended)
        }
        TimerKind::Appointment | TimerKind::Arrival | TimerKind::Visit if is_coming => {
            Some(Escalation::NotThere)
        }
        TimerKind::Visit | TimerKind::Pause => Some(Escalation::NotDone),
        _ => None,
    }
}
