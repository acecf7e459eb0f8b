//! Engineers, their working windows and their breaks.

use crate::model::{Kit, OwnedSkill, Place};
use crate::units::{Cost, Instant, Meters, Seconds};
use serde::{Deserialize, Serialize};

/// Somebody who visits customers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Engineer {
    /// Unique name.
    pub id: String,
    /// What people call him.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What he can do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<OwnedSkill>,
    /// His home region. Without one he is at home everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Regions he also serves, at their secondary cost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secondary: Vec<String>,
    /// May he be lent to other regions, at their borrowing cost?
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub lendable: bool,
    /// His working windows; one shift is one route.
    pub shifts: Vec<Shift>,
    /// Name of his travel profile; the first one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// His service times in percent of the ticket's (80 = a fifth faster), rounded up to seconds.
    #[serde(default = "hundred", skip_serializing_if = "is_hundred")]
    pub service_percent: u32,
    /// How long he has worked on earlier days: what the criterion `balance` remembers. It counts for each
    /// of his shifts on its own.
    #[serde(default, skip_serializing_if = "is_no_time")]
    pub worked: Seconds,
    /// At most so many visits over all his shifts that start on one day (local, by the world's `utc_offset`).
    /// Like `capacity_per_day` kept by route planning and by answers on a plan, not by one-shot assignment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tickets_per_day: Option<u32>,
    /// At most so much load in each dimension over all his shifts that start on one day; unlimited where
    /// shorter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capacity_per_day: Vec<i64>,
    /// Tools and spare parts on his van at the start of each shift.
    #[serde(default, skip_serializing_if = "Kit::is_empty")]
    pub van: Kit,
}

/// One working window of one engineer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// Unique name; `<engineer>/<number>` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// He leaves no earlier than this.
    pub start: Instant,
    /// He is done (and back, when there is a place to be back at) no later than this, overtime aside.
    pub end: Instant,
    /// By how much he may be done later than `end`, at the cost of the criterion `overtime`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overtime: Option<Seconds>,
    /// Where he starts.
    pub from: Place,
    /// Where he ends; the route stays open at its last visit when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Place>,
    /// Breaks, all of which he takes if he works at all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breaks: Vec<Break>,
    /// At most so many visits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tickets: Option<u32>,
    /// Capacity in every dimension of the tickets' `demand`; unlimited where shorter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capacity: Vec<i64>,
    /// At most so long from departure to return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_duration: Option<Seconds>,
    /// At most so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_distance: Option<Meters>,
    /// Cost of using the shift at all.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub fixed_cost: Cost,
}

/// A pause of given length that starts within a window (`earliest == latest` for a fixed one).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Break {
    /// It starts no earlier than this.
    pub earliest: Instant,
    /// It starts no later than this.
    pub latest: Instant,
    /// How long it is.
    pub duration: Seconds,
}

impl Engineer {
    /// An engineer with one shift that starts and ends at `base`, and no skills yet.
    #[must_use]
    pub fn new(id: impl Into<String>, base: Place, start: Instant, end: Instant) -> Self {
        Self {
            id: id.into(),
            name: String::new(),
            skills: Vec::new(),
            region: None,
            secondary: Vec::new(),
            lendable: true,
            shifts: vec![Shift::new(base, start, end)],
            profile: None,
            service_percent: 100,
            worked: Seconds::ZERO,
            max_tickets_per_day: None,
            capacity_per_day: Vec::new(),
            van: Kit::default(),
        }
    }

    /// The name of his shift number `number` (from 0).
    #[must_use]
    pub fn shift_id(&self, number: usize) -> String {
        match self.shifts.get(number).and_then(|shift| shift.id.clone()) {
            Some(id) => id,
            None => format!("{}/{}", self.id, number + 1),
        }
    }
}

impl Shift {
    /// A shift that starts and ends at `base`, without breaks and without limits.
    #[must_use]
    pub fn new(base: Place, start: Instant, end: Instant) -> Self {
        Self {
            id: None,
            start,
            end,
            overtime: None,
            from: base,
            to: Some(base),
            breaks: Vec::new(),
            max_tickets: None,
            capacity: Vec::new(),
            max_duration: None,
            max_distance: None,
            fixed_cost: Cost::ZERO,
        }
    }

    /// When he is done at the very latest, with all the overtime that is allowed.
    #[must_use]
    pub fn latest_end(&self) -> Instant {
        let overtime = self.overtime.unwrap_or_default();
        Instant(self.end.0.saturating_add(overtime.0))
    }
}

fn yes() -> bool {
    true
}

fn is_true(value: &bool) -> bool {
    *value
}

fn hundred() -> u32 {
    100
}

fn is_hundred(value: &u32) -> bool {
    *value == 100
}

fn is_no_time(length: &Seconds) -> bool {
    *length == Seconds::ZERO
}

fn is_zero(cost: &Cost) -> bool {
    *cost == Cost::ZERO
}
