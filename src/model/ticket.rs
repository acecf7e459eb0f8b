//! Tickets: what a customer needs, where, when, and how much it matters.

use crate::model::{Demand, Needs, Place};
use crate::units::{Cost, Instant, Seconds};
use serde::{Deserialize, Serialize};

/// One job at one customer's place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    /// Unique name.
    pub id: String,
    /// Where the customer is.
    pub place: Place,
    /// Working time on site, for an engineer at 100 percent.
    #[serde(default)]
    pub service: Seconds,
    /// Time on top for whoever comes from another place; of several visits in a row at one place only
    /// the first takes it. The same for every engineer.
    #[serde(default, skip_serializing_if = "is_no_time")]
    pub setup: Seconds,
    /// Work may start only within one of these; at any time when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<Window>,
    /// When the customer would rather have it, within `windows` (E514 where none of them allows it). Whoever
    /// comes before one of these, or between two, waits for the next; after the last he starts at once, and
    /// the seconds since it closed count as `off_window`. So only its end is soft: where nobody can wait that
    /// long the ticket is left out. A locked start stands, whatever is preferred.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preferred_windows: Vec<Window>,
    /// Work may not start before this (parts on order, request not yet made).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Instant>,
    /// Work is promised to start by this; later is allowed and counts as lateness.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Instant>,
    /// What starting later than `due` costs on top of the lateness, step by step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub late_steps: Vec<LateStep>,
    /// How much it matters; higher is more. An unserved ticket counts `1 + priority`.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub priority: u32,
    /// What leaving it unserved costs, when that is not `1 + priority`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<i64>,
    /// Skills the engineer must have.
    #[serde(default, skip_serializing_if = "Demand::is_empty")]
    pub skills: Demand,
    /// Load in each dimension of the shifts' `capacity`; zero where shorter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub demand: Vec<i64>,
    /// Name of its region; found from the outlines when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Whose it is. Like `contract` and `job` it tells which commitments of an
    /// [`Agreement`](crate::model::Agreement) are meant; no plan depends on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// The contract that it falls under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// The type of job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// Engineers the customer would rather see; anybody else costs one `preference`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preferred: Vec<String>,
    /// Only these engineers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required: Vec<String>,
    /// Never these engineers (refused, banned, declined).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<String>,
    /// Name of the shift that the customer has been told; a visit by another one is a change. Unlike a
    /// lock it holds nothing fast: changes cost `changes`, and the world's `max_changes` limits them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<String>,
    /// Tools and spare parts the work needs.
    #[serde(default, skip_serializing_if = "Needs::is_empty")]
    pub needs: Needs,
    /// Tickets that must be finished before this one starts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
    /// What may no longer move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock: Option<Lock>,
}

/// Closed interval in which the work may start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(from = "(Instant, Instant)", into = "(Instant, Instant)")]
pub struct Window {
    /// No earlier than this.
    pub earliest: Instant,
    /// No later than this.
    pub latest: Instant,
}

/// A penalty for coming too late: once work starts more than `after` past the due time, `cost` is added
/// to the criterion `penalty`. In the presets, which weigh both alike, a cost of 60 is as bad as a
/// minute of lateness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LateStep {
    /// So much later than due is still without this penalty.
    #[serde(default)]
    pub after: Seconds,
    /// What a later start costs more.
    pub cost: Cost,
}

/// What has been promised and may not move: the shift, and on top its place in the order or its start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// Name of the shift that keeps the visit.
    pub shift: String,
    /// Its rank (from 1) among the visits that open the route in a fixed order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<u32>,
    /// The work starts at exactly this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Instant>,
}

impl Ticket {
    /// A ticket at a place with its service time; everything else is open.
    #[must_use]
    pub fn new(id: impl Into<String>, place: Place, service: Seconds) -> Self {
        Self {
            id: id.into(),
            place,
            service,
            setup: Seconds::ZERO,
            windows: Vec::new(),
            preferred_windows: Vec::new(),
            release: None,
            due: None,
            late_steps: Vec::new(),
            priority: 0,
            value: None,
            skills: Demand::default(),
            demand: Vec::new(),
            region: None,
            customer: None,
            contract: None,
            job: None,
            preferred: Vec::new(),
            required: Vec::new(),
            excluded: Vec::new(),
            told: None,
            needs: Needs::default(),
            after: Vec::new(),
            lock: None,
        }
    }

    /// What leaving it unserved costs, in units of the criterion `unserved`.
    #[must_use]
    pub fn worth(&self) -> i64 {
        self.value.unwrap_or(1 + i64::from(self.priority))
    }
}

impl Window {
    /// From `earliest` to `latest`, both included.
    #[must_use]
    pub fn new(earliest: impl Into<Instant>, latest: impl Into<Instant>) -> Self {
        Self { earliest: earliest.into(), latest: latest.into() }
    }
}

impl From<(Instant, Instant)> for Window {
    fn from((earliest, latest): (Instant, Instant)) -> Self {
        Self { earliest, latest }
    }
}

impl From<Window> for (Instant, Instant) {
    fn from(window: Window) -> Self {
        (window.earliest, window.latest)
    }
}

fn is_no_time(length: &Seconds) -> bool {
    *length == Seconds::ZERO
}

fn is_zero(value: &u32) -> bool {
    *value == 0
}
