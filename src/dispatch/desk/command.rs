//! What can be asked of the desk.

use super::policy::OfferPolicy;
use super::propose::Proposal;
use crate::model::{Agreement, Engineer, Place, Ticket, Window};
use crate::units::Instant;
use serde::{Deserialize, Serialize};

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// A new ticket. In [`Mode::Auto`] the first engineer is asked at once.
    Open {
        /// What is to be done where; `due` is the arrival that was promised, where no commitment of the
        /// agreement says.
        ticket: Box<Ticket>,
        /// Who chooses the engineer.
        #[serde(default)]
        mode: Mode,
        /// When the customer asked, if that was before now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        requested: Option<Instant>,
    },
    /// Somebody joins, or his shifts and skills become others.
    Enrol {
        /// All about him.
        engineer: Box<Engineer>,
    },
    /// Other rules for offers from now on.
    SetPolicy {
        /// The rules.
        policy: Box<OfferPolicy>,
    },
    /// Other promises to tickets from now on. What was promised before stays so.
    SetAgreement {
        /// All of them, with every calendar that clocks still count on.
        agreement: Box<Agreement>,
    },
    /// Routes as [`Desk::propose`](super::Desk::propose) proposed them.
    CommitPlan {
        /// What was proposed.
        proposal: Box<Proposal>,
    },
    /// Something about one ticket.
    Ticket {
        /// Its id.
        ticket: String,
        /// The version of the ticket that this answers to; any when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<u64>,
        /// What.
        act: Act,
    },
    /// Something about one engineer.
    Engineer {
        /// His id.
        engineer: String,
        /// What.
        act: Duty,
    },
}

/// Who chooses the engineer of a ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The desk offers it to one after the other.
    #[default]
    Auto,
    /// The desk lists the best, somebody of the house picks.
    Recommend,
}

/// What can be done about a ticket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "reasons are free text, the other fields say it in their types")]
pub enum Act {
    /// The facts are others: all of the ticket but its id. Not once somebody is on the way. What was declared an
    /// emergency stays one, with its deadline.
    Triage { ticket: Box<Ticket> },
    /// It is the same as another one, which takes over its request.
    Merge { into: String },
    /// Nothing happens until it is resumed, by itself at `review`. The reason is the cause by which promises
    /// say whether they stop for it; those of the house itself stop for any.
    Hold { reason: String, review: Instant },
    /// It goes on.
    Resume,
    /// Nobody comes any more.
    Cancel { reason: String },
    /// A ticket that was done or cancelled starts anew, with timers of its own.
    Reopen { reason: String, due: Option<Instant> },
    /// The desk asks one engineer after the other, from now on.
    Offer,
    /// The desk lists the best, and asks nobody by itself any more.
    Recommend,
    /// This engineer is asked.
    OfferTo { engineer: String },
    /// He takes it. `offer` and `epoch` say which question he answers.
    Accept { offer: u64, epoch: u32 },
    /// He does not. The next one is asked by [`Desk::advance`](super::Desk::advance), which is due at once then.
    Decline { offer: u64, reason: String },
    /// He would, but to start within this window. Others who are asked may still accept while the customer thinks, and
    /// none of them proposes yet another time.
    CounterOffer { offer: u64, window: Window },
    /// What the customer says to the other time.
    Consent { agreed: bool },
    /// He gives back what he accepted.
    Release { reason: String },
    /// This engineer has it, whatever was before, and even against a rule. Needs the version.
    Assign { engineer: String, reason: String },
    /// Before everything else, day or night; `due` replaces the promise.
    Emergency { due: Instant },
    /// He sets out.
    Depart,
    /// He is at the door.
    Arrive,
    /// He works, for the first time or again.
    Start,
    /// He stops for a while.
    Pause { reason: String },
    /// It takes until then.
    Overrun { until: Instant },
    /// The work is done.
    Finish,
    /// It cannot be done today by him.
    CannotComplete { reason: String },
    /// Nobody opens the door.
    CustomerAbsent,
}

/// What can be said about an engineer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "reasons are free text, the other fields say it in their types")]
pub enum Duty {
    /// He may be asked, and is well.
    OnDuty,
    /// He is not asked. What he has he keeps.
    OffDuty { reason: String },
    /// From this moment on he does nothing; what he would not be done with by then comes back, but for a visit that he
    /// has begun, or is on the way to and begins before.
    Ill { from: Instant, reason: String },
    /// Where he is.
    ReportPosition { place: Place },
}

impl Command {
    /// Something about a ticket, whatever its version.
    #[must_use]
    pub fn on(ticket: impl Into<String>, act: Act) -> Self {
        Self::Ticket { ticket: ticket.into(), version: None, act }
    }

    /// Something about a ticket that is still as it was in this version.
    #[must_use]
    pub fn on_version(ticket: impl Into<String>, version: u64, act: Act) -> Self {
        Self::Ticket { ticket: ticket.into(), version: Some(version), act }
    }

    /// Something about an engineer.
    #[must_use]
    pub fn of(engineer: impl Into<String>, act: Duty) -> Self {
        Self::Engineer { engineer: engineer.into(), act }
    }

    /// A new ticket for which the desk asks by itself.
    #[must_use]
    pub fn open(ticket: Ticket) -> Self {
        Self::Open { ticket: Box::new(ticket), mode: Mode::Auto, requested: None }
    }

    /// Its name in JSON and in the table of [`RIGHTS`](super::RIGHTS).
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::Enrol { .. } => "enrol",
            Self::SetPolicy { .. } => "set_policy",
            Self::SetAgreement { .. } => "set_agreement",
            Self::CommitPlan { .. } => "commit_plan",
            Self::Ticket { act, .. } => act.name(),
            Self::Engineer { act, .. } => act.name(),
        }
    }

    /// The moment that a command names, if it names one.
    pub(super) fn moment(&self) -> Option<Instant> {
        match self {
            Self::Open { requested, .. } => *requested,
            Self::Ticket { act: Act::Hold { review, .. }, .. } => Some(*review),
            Self::Ticket { act: Act::Overrun { until }, .. } => Some(*until),
            Self::Ticket { act: Act::Emergency { due }, .. } => Some(*due),
            Self::Ticket { act: Act::Reopen { due, .. }, .. } => *due,
            Self::Engineer { act: Duty::Ill { from, .. }, .. } => Some(*from),
            _ => None,
        }
    }
}

impl Act {
    const fn name(&self) -> &'static str {
        match self {
            Self::Triage { .. } => "triage",
            Self::Merge { .. } => "merge",
            Self::Hold { .. } => "hold",
            Self::Resume => "resume",
            Self::Cancel { .. } => "cancel",
            Self::Reopen { .. } => "reopen",
            Self::Offer => "offer",
            Self::Recommend => "recommend",
            Self::OfferTo { .. } => "offer_to",
            Self::Accept { .. } => "accept",
            Self::Decline { .. } => "decline",
            Self::CounterOffer { .. } => "counter_offer",
            Self::Consent { .. } => "consent",
            Self::Release { .. } => "release",
            Self::Assign { .. } => "assign",
            Self::Emergency { .. } => "emergency",
            Self::Depart => "depart",
            Self::Arrive => "arrive",
            Self::Start => "start",
            Self::Pause { .. } => "pause",
            Self::Overrun { .. } => "overrun",
            Self::Finish => "finish",
            Self::CannotComplete { .. } => "cannot_complete",
            Self::CustomerAbsent => "customer_absent",
        }
    }
}

impl Duty {
    const fn name(&self) -> &'static str {
        match self {
            Self::OnDuty => "on_duty",
            Self::OffDuty { .. } => "off_duty",
            Self::Ill { .. } => "ill",
            Self::ReportPosition { .. } => "report_position",
        }
    }
}
