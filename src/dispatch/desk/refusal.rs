//! Why a command is refused. Nothing has changed then.

use super::actor::Role;
use super::case::Phase;
use crate::model::Issues;
use crate::units::Instant;
use serde::Serialize;
use std::fmt;

/// Why a command is refused: a stable code, the cause, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "refusal", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are ids and what they are named after")]
pub enum Refusal {
    /// D101: this role may not give this command.
    WrongRole { role: Role, command: &'static str },
    /// D102: an engineer speaks for somebody else.
    NotYours { actor: String, engineer: String },
    /// D103: a customer speaks about a ticket that names another one.
    NotYourTicket { actor: String, ticket: String },
    /// D201: time runs backwards.
    TimeRunsBack { last: Instant, now: Instant },
    /// D202: a deadline has passed that `advance` was not called for.
    DeadlinePassed { due: Instant, now: Instant },
    /// D203: a moment is out of range, or on the wrong side of now.
    BadMoment { moment: Instant, now: Instant },
    /// D301: the same key came with another command.
    KeyReused { key: String },
    /// D302: the key is empty.
    NoKey,
    /// D303: the ticket has changed since it was looked at.
    Conflict { ticket: String, expected: u64, version: u64, phase: Phase, holder: Option<String> },
    /// D304: who assigns must say which version of the ticket he has seen.
    NoVersion { ticket: String },
    /// D305: routes have changed since the proposal was made.
    PlanMoved { engineer: String },
    /// D401: there is no such ticket.
    UnknownTicket { ticket: String },
    /// D402: there is no such engineer.
    UnknownEngineer { engineer: String },
    /// D403: there is such a ticket already.
    TicketExists { ticket: String },
    /// D404: this ticket was never offered under this number, or not in this round.
    UnknownOffer { ticket: String, offer: u64 },
    /// D405: the offer waits for an answer, and this one names another round.
    WrongEpoch { ticket: String, offer: u64, epoch: u32 },
    /// D501: that cannot be done as the ticket stands.
    WrongPhase { ticket: String, phase: Phase, command: &'static str },
    /// D502: the offer is over.
    OfferOver { offer: u64, holder: Option<String> },
    /// D503: the engineer is elsewhere.
    Busy { engineer: String, ticket: String },
    /// D504: the engineer is not on duty.
    OffDuty { engineer: String },
    /// D505: the engineer cannot take it.
    DoesNotFit { engineer: String, ticket: String },
    /// D506: the tickets would be merged in a circle.
    MergeCycle { ticket: String, into: String },
    /// D507: a reason is needed.
    NoReason { command: &'static str },
    /// D508: nobody has proposed another time.
    NoProposal { ticket: String },
    /// D601: what was given has faults.
    Input(Issues),
}

impl Refusal {
    /// Its number; it never changes its meaning.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WrongRole { .. } => "D101",
            Self::NotYours { .. } => "D102",
            Self::NotYourTicket { .. } => "D103",
            Self::TimeRunsBack { .. } => "D201",
            Self::DeadlinePassed { .. } => "D202",
            Self::BadMoment { .. } => "D203",
            Self::KeyReused { .. } => "D301",
            Self::NoKey => "D302",
            Self::Conflict { .. } => "D303",
            Self::NoVersion { .. } => "D304",
            Self::PlanMoved { .. } => "D305",
            Self::UnknownTicket { .. } => "D401",
            Self::UnknownEngineer { .. } => "D402",
            Self::TicketExists { .. } => "D403",
            Self::UnknownOffer { .. } => "D404",
            Self::WrongEpoch { .. } => "D405",
            Self::WrongPhase { .. } => "D501",
            Self::OfferOver { .. } => "D502",
            Self::Busy { .. } => "D503",
            Self::OffDuty { .. } => "D504",
            Self::DoesNotFit { .. } => "D505",
            Self::MergeCycle { .. } => "D506",
            Self::NoReason { .. } => "D507",
            Self::NoProposal { .. } => "D508",
            Self::Input(_) => "D601",
        }
    }

    /// What to do about it.
    #[must_use]
    pub const fn action(&self) -> &'static str {
        match self {
            Self::WrongRole { .. } => "let somebody do it whose role the table of rights names",
            Self::NotYours { .. } => "act under the engineer's own id, or as support or manager",
            Self::NotYourTicket { .. } => {
                "act under the id of the customer it names, or as support or manager"
            }
            Self::TimeRunsBack { .. } => "correct the clock; give moments in order",
            Self::DeadlinePassed { .. } => "call `advance` with this moment first",
            Self::BadMoment { .. } => "give a moment after now and within 34,000 years of 1970",
            Self::KeyReused { .. } | Self::NoKey => "make a new key for each new command",
            Self::Conflict { .. } => "look at the ticket as it is now and decide anew",
            Self::NoVersion { .. } => "send the version of the ticket that was looked at",
            Self::PlanMoved { .. } => "ask for a new proposal",
            Self::UnknownTicket { .. } | Self::UnknownEngineer { .. } => "correct the id",
            Self::TicketExists { .. } => "choose another id, or triage the one there is",
            Self::UnknownOffer { .. } => "answer the offer that was sent last",
            Self::WrongEpoch { .. } => "answer with the epoch of the ticket as it is now",
            Self::WrongPhase { .. } => "look at the ticket as it is now",
            Self::OfferOver { .. } => "nothing; the ticket has gone on without this answer",
            Self::Busy { .. } => "finish the visit that he is on first",
            Self::OffDuty { .. } => "put him on duty, or choose somebody else",
            Self::DoesNotFit { .. } => "choose somebody else, or assign it to him with a reason",
            Self::MergeCycle { .. } => "merge into a ticket that was not merged into this one",
            Self::NoReason { .. } => "say why; it is recorded",
            Self::NoProposal { .. } => "offer the ticket; an engineer may propose a time",
            Self::Input(_) => "correct the places that are named",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.code())?;
        match self {
            Self::WrongRole { role, command } => write!(f, "{role} may not `{command}`"),
            Self::NotYours { actor, engineer } => write!(f, "{actor} cannot speak for {engineer}"),
            Self::NotYourTicket { actor, ticket } => {
                write!(f, "{actor} has no say about {ticket}, which is another customer's")
            }
            Self::TimeRunsBack { last, now } => write!(f, "it is {now}, and was {last} before"),
            Self::DeadlinePassed { due, now } => write!(f, "it is {now}, a deadline was at {due}"),
            Self::BadMoment { moment, now } => write!(f, "{moment} does not do when it is {now}"),
            Self::KeyReused { key } => write!(f, "key `{key}` came with another command before"),
            Self::NoKey => write!(f, "the key is empty"),
            Self::Conflict { ticket, expected, version, phase, holder } => {
                write!(f, "{ticket} is {phase} in version {version}, not {expected}")?;
                holder.iter().try_for_each(|holder| write!(f, ", and {holder} has it"))
            }
            Self::NoVersion { ticket } => write!(f, "no version of {ticket} was given"),
            Self::PlanMoved { engineer } => write!(f, "the day of {engineer} is another by now"),
            Self::UnknownTicket { ticket } => write!(f, "no ticket has the id `{ticket}`"),
            Self::UnknownEngineer { engineer } => write!(f, "no engineer has the id `{engineer}`"),
            Self::TicketExists { ticket } => write!(f, "there is a ticket `{ticket}` already"),
            Self::UnknownOffer { ticket, offer } => {
                write!(f, "{ticket} was not offered as number {offer} in this round")
            }
            Self::WrongEpoch { ticket, offer, epoch } => {
                write!(f, "offer {offer} of {ticket} is open in round {epoch} and in no other")
            }
            Self::WrongPhase { ticket, phase, command } => {
                write!(f, "`{command}` cannot be done, {ticket} is {phase}")
            }
            Self::OfferOver { offer, holder: Some(holder) } => {
                write!(f, "offer {offer} is over, {holder} has the ticket")
            }
            Self::OfferOver { offer, holder: None } => write!(f, "offer {offer} is over"),
            Self::Busy { engineer, ticket } => write!(f, "{engineer} is on {ticket}"),
            Self::OffDuty { engineer } => write!(f, "{engineer} is not on duty"),
            Self::DoesNotFit { engineer, ticket } => write!(f, "{engineer} cannot take {ticket}"),
            Self::MergeCycle { ticket, into } => {
                write!(f, "{into} was itself merged into {ticket}, or is the same")
            }
            Self::NoReason { command } => write!(f, "`{command}` came without a reason"),
            Self::NoProposal { ticket } => write!(f, "nobody proposed another time for {ticket}"),
            Self::Input(issues) => write!(f, "{issues}"),
        }?;
        write!(f, " (to do: {})", self.action())
    }
}

impl std::error::Error for Refusal {}

impl From<Issues> for Refusal {
    fn from(issues: Issues) -> Self {
        Self::Input(issues)
    }
}
