//! What has been promised to whom: commitments and the calendars they are counted on.

use crate::model::Calendar;
use crate::units::Seconds;
use serde::{Deserialize, Serialize};

/// Everything that was promised, as plain data: calendars, and commitments that count on them.
///
/// [`Agreement::validate`] finds every fault of it;
/// [`Terms::compile`](crate::clock::Terms::compile) makes it ready for use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// The calendars, by name. Clocks remember the name, so a calendar that changes while clocks run on it
    /// should come in under a new one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calendars: Vec<Calendar>,
    /// The commitments, in any order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commitments: Vec<Commitment>,
}

/// Which step of a ticket a clock watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    /// From the request until an engineer has been asked.
    Dispatch,
    /// From the question until the engineer accepts.
    Acceptance,
    /// From the request until an engineer is there.
    Arrival,
    /// From the request until it works again.
    Resolution,
    /// From the closure until the customer has been asked how it was.
    FollowUp,
}

/// One promise, and the tickets it is made for.
///
/// ```
/// use fieldwright::model::{ClockKind, Commitment};
/// let gold: Commitment = serde_json::from_str(r#"{
///     "id": "gold-arrival",
///     "for": {"contract": "gold", "priority": 3},
///     "promise": {"clock": "arrival", "within": 14400, "calendar": "office",
///                 "stops_for": ["customer_absent"], "warn": [{"percent": 75}, {"before": 1800}]}
/// }"#).unwrap();
/// assert_eq!(gold.promise.clock, ClockKind::Arrival);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// Unique name.
    pub id: String,
    /// The tickets it is made for; all of them when absent.
    #[serde(rename = "for", default, skip_serializing_if = "Selector::is_empty")]
    pub selector: Selector,
    /// What is promised.
    pub promise: Promise,
}

/// Tickets, by what has to be true of them. What is absent is not asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Selector {
    /// Under this contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// Of this customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// In this region, or in one that it contains.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Of this type of job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// Of exactly this priority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<u32>,
}

/// What a clock counts and when it is due. A running [`Clock`](crate::clock::Clock) carries its own copy, so
/// that later changes of the agreement do not move what was promised before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// The step it is about.
    pub clock: ClockKind,
    /// The target, in counted seconds.
    pub within: Seconds,
    /// Name of the calendar it is counted on; day and night when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// The causes of a pause that stop it; it runs on through any other. [`Promise::ANY_CAUSE`] is every one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stops_for: Vec<String>,
    /// When to warn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warn: Vec<Warn>,
}

/// A moment at which to warn, in counted time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Warn {
    /// When this share of the target is used up, from 1 to 99; rounded to an earlier second.
    Percent(u8),
    /// When this much of it is left.
    Before(Seconds),
}

impl std::fmt::Display for ClockKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Dispatch => "dispatch",
            Self::Acceptance => "acceptance",
            Self::Arrival => "arrival",
            Self::Resolution => "resolution",
            Self::FollowUp => "follow-up",
        })
    }
}

impl Agreement {
    /// Whether nothing is promised, and no calendar described.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Selector {
    /// Whether it takes every ticket.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Promise {
    /// Among the causes that stop a clock, it stands for all of them.
    pub const ANY_CAUSE: &str = "*";

    /// To be there within this much time, counted day and night, with no pauses and no warnings.
    #[must_use]
    pub fn new(clock: ClockKind, within: Seconds) -> Self {
        Self { clock, within, calendar: None, stops_for: Vec::new(), warn: Vec::new() }
    }
}

impl Warn {
    /// How much counted time is left of a target when it is time to warn.
    #[must_use]
    pub fn left_of(self, within: Seconds) -> Seconds {
        match self {
            Self::Percent(share) => {
                let used = i128::from(within.0) * i128::from(share.min(100)) / 100;
                Seconds(i64::try_from(i128::from(within.0) - used).unwrap_or(0))
            }
            Self::Before(left) => left,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_a_target_is_rounded_to_the_earlier_second() {
        // 75 percent of 10 s are 7.5 s: warned after 7 s, when 3 s are left.
        assert_eq!(Warn::Percent(75).left_of(Seconds(10)), Seconds(3));
        assert_eq!(Warn::Before(Seconds(4)).left_of(Seconds(10)), Seconds(4));
    }
}
