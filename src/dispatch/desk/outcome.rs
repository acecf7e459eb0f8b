//! What events say in detail: offers, holders, reasons, and what becomes of the plan.

use crate::plan::{Diff, Route};
use crate::units::Instant;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A question to one engineer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Its number on this desk.
    pub id: u64,
    /// Who is asked.
    pub engineer: String,
    /// For which of his shifts.
    pub shift: String,
    /// When work would start.
    pub start: Instant,
    /// When he was asked.
    pub sent: Instant,
    /// When the answer comes too late.
    pub expires: Instant,
    /// When to remind him that he must answer, in order; what he was reminded at is gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warn: Vec<Instant>,
    /// The visits of his that go back to wait when he takes this emergency.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub displaces: Vec<String>,
}

/// Who has a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The engineer.
    pub engineer: String,
    /// His shift.
    pub shift: String,
    /// True when a manager gave it to him against a rule (skills, windows, limits).
    #[serde(default)]
    pub against_rules: bool,
}

/// What happens to the live plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanChange {
    /// The routes that are others now, from here on: what is done or under way is no longer on them.
    pub routes: Vec<Route>,
    /// What that means for each visit, measured from what its customer was told last.
    pub diff: Diff,
    /// The tickets whose customers must be called, and are taken to be told by that.
    pub calls: Vec<String>,
}

/// How an offer came to be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Manner {
    /// He said yes in time.
    InTime,
    /// He said yes too late, and nobody had it.
    Late,
    /// He said nothing, and by the rules that is a yes.
    Silent,
}

/// Why a manager must act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Escalation {
    /// Nobody can take it, or nobody is left who has not been asked.
    Nobody,
    /// Nobody can be there in time any more.
    TooLate,
    /// There is less time left than a round takes, and the rules say not to ask several.
    ShortOfTime,
    /// Nobody answered, and the rules say not to ask the next one.
    Unanswered,
    /// Nobody was asked before the dispatch timer ran out.
    DispatchClock,
    /// Whoever should have picked from the list did not.
    Unattended,
    /// Whoever has it is not at the door, though the customer was told or promised that he would be.
    NotThere,
    /// Whoever is at the customer's should have done it by now.
    NotDone,
}

/// Why an engineer need not answer any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Withdrawal {
    /// Somebody else has it.
    Taken,
    /// It has become another job.
    Changed,
    /// It rests, is cancelled or merged.
    Stopped,
    /// The engineer is off duty or ill.
    OffDuty,
    /// His route has no room for it any more.
    NoLongerFits,
}

/// Why a ticket waits for an engineer again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Return {
    /// He gave it back.
    Released(String),
    /// He cannot come.
    Ill,
    /// It does not fit into what is left of his day.
    NoLongerFits,
    /// He was there and could not do it.
    CouldNotComplete(String),
    /// This emergency has taken its place.
    Displaced(String),
}

impl fmt::Display for Manner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InTime => "in time",
            Self::Late => "late",
            Self::Silent => "by silence",
        })
    }
}

impl fmt::Display for Escalation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nobody => "as nobody can take it who has not been asked",
            Self::TooLate => "as nobody can be there in time",
            Self::ShortOfTime => "as there is no time for a round of offers",
            Self::Unanswered => "as nobody answered",
            Self::DispatchClock => "as nobody was asked in time",
            Self::Unattended => "as nobody picked from the list",
            Self::NotThere => "as the engineer is not at the door",
            Self::NotDone => "as the work is not done",
        })
    }
}

impl PlanChange {
    /// True when every route stays as it is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.routes.is_empty()
    }
}
