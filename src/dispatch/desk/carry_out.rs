//! From a command to whoever carries it out: whose ticket it is first, then the version, the phase and the reason.

use super::actor::may;
use super::case::{Case, EMERGENCY};
use super::command::{Act, Command, Mode};
use super::fact::Fact;
use super::refusal::Refusal;
use super::work::Work;
use crate::model::Ticket;

impl Work<'_> {
    pub(super) fn command(&mut self, command: &Command) -> Result<(), Refusal> {
        match command {
            Command::Open { ticket, mode, requested } => {
                self.check_say(ticket)?;
                self.check_urgency(ticket.priority)?;
                self.open(ticket, *mode, *requested)
            }
            Command::Enrol { engineer } => self.enrol(engineer),
            Command::SetPolicy { policy } => {
                policy.validate()?;
                self.emit("", Fact::PolicySet { policy: policy.clone() });
                Ok(())
            }
            Command::SetAgreement { agreement } => self.set_agreement(agreement),
            Command::CommitPlan { proposal } => self.commit(proposal),
            Command::Engineer { engineer, act } => self.duty(engineer, act),
            Command::Ticket { ticket, version, act } => {
                let case = self.resolve(ticket)?;
                self.check_say(&case.ticket)?;
                match act {
                    Act::Triage { ticket } if ticket.priority > case.ticket.priority => {
                        self.check_urgency(ticket.priority)?;
                    }
                    Act::Reopen { .. } => self.check_urgency(case.ticket.priority)?,
                    _ => {}
                }
                if let Some(expected) = *version
                    && (expected != case.version || case.ticket.id != *ticket)
                {
                    return Err(conflict(case, expected));
                }
                self.fits_phase(case, act, command.name())?;
                check_reason(act, command.name())?;
                let id = case.ticket.id.clone();
                self.act(&id, *version, act)
            }
        }
    }

    /// A customer has a say about his own tickets only.
    fn check_say(&self, ticket: &Ticket) -> Result<(), Refusal> {
        match self.actor() {
            Some(actor) if !actor.has_a_say_in(ticket) => {
                let (actor, ticket) = (actor.id.clone(), ticket.id.clone());
                Err(Refusal::NotYourTicket { actor, ticket })
            }
            _ => Ok(()),
        }
    }

    /// Who may not declare an emergency makes none by a priority.
    fn check_urgency(&self, priority: u32) -> Result<(), Refusal> {
        const NAME: &str = "emergency";
        match self.actor() {
            Some(actor) if priority >= EMERGENCY && !may(actor.role, NAME) => {
                Err(Refusal::WrongRole { role: actor.role, command: NAME })
            }
            _ => Ok(()),
        }
    }

    fn act(&mut self, id: &str, version: Option<u64>, act: &Act) -> Result<(), Refusal> {
        match act {
            Act::Triage { ticket } => self.triage(id, ticket),
            Act::Merge { into } => self.merge(id, into),
            Act::Hold { reason, review } => self.hold(id, reason.clone(), *review),
            Act::Resume => {
                self.resume(id);
                self.next_round(id);
                Ok(())
            }
            Act::Cancel { reason } => {
                let reason = reason.clone();
                self.take_off(id, |change| Fact::Cancelled { reason, change })
            }
            Act::Reopen { reason, due } => self.reopen(id, reason.clone(), *due),
            Act::Offer => {
                self.set_mode(id, Mode::Auto);
                Ok(())
            }
            Act::Recommend => {
                self.set_mode(id, Mode::Recommend);
                Ok(())
            }
            Act::OfferTo { engineer } => self.offer_to(id, engineer),
            Act::Accept { offer, epoch } => self.accept(id, *offer, *epoch),
            Act::Decline { offer, reason } => self.decline(id, *offer, reason.clone()),
            Act::CounterOffer { offer, window } => self.counter_offer(id, *offer, *window),
            Act::Consent { agreed } => self.consent(id, *agreed),
            Act::Release { reason } => self.release(id, reason.clone()),
            Act::Assign { engineer, reason } => match version {
                None => Err(Refusal::NoVersion { ticket: id.to_owned() }),
                Some(_) => self.assign(id, engineer, reason.clone()),
            },
            Act::Emergency { due } => self.emergency(id, *due),
            Act::Depart
            | Act::Arrive
            | Act::Start
            | Act::Pause { .. }
            | Act::Overrun { .. }
            | Act::Finish
            | Act::CannotComplete { .. }
            | Act::CustomerAbsent => self.visit(id, act),
        }
    }
}

fn conflict(case: &Case, expected: u64) -> Refusal {
    Refusal::Conflict {
        ticket: case.ticket.id.clone(),
        expected,
        version: case.version,
        phase: case.phase,
        holder: case.held_by_engineer().map(str::to_owned),
    }
}

/// Who overrides, cancels, gives back or declines says why.
fn check_reason(act: &Act, name: &'static str) -> Result<(), Refusal> {
    let reason = match act {
        Act::Hold { reason, .. }
        | Act::Cancel { reason }
        | Act::Reopen { reason, .. }
        | Act::Decline { reason, .. }
        | Act::Release { reason }
        | Act::Assign { reason, .. }
        | Act::Pause { reason }
        | Act::CannotComplete { reason } => reason,
        _ => return Ok(()),
    };
    if reason.trim().is_empty() { Err(Refusal::NoReason { command: name }) } else { Ok(()) }
}
