//! Business clocks: how much of what was promised is used up, when it is due, when to warn, and why.
//!
//! A [`Calendar`](crate::model::Calendar) says when business is open; [`Hours`] is a calendar that can
//! count. A [`Commitment`](crate::model::Commitment) promises something to some tickets; [`Terms`] are
//! calendars and commitments that passed their checks, and start a [`Clock`] for a ticket. A clock is a plain
//! value that takes down pauses and the end. Laid beside its hours, it is a [`Reading`] that answers.
//!
//! ```text
//! model::Agreement --compile--> Terms --start(kind, facts, at)--> Clock   pause, resume, record, stop
//!                                 |                                 |
//!                                 +-----------read(&clock)----------+--> Reading   elapsed, deadline, state,
//!                                                                                  warnings, ledger
//! ```
//!
//! Three rules carry everything:
//! * Time is counted on the line of instants. Only the edges of windows are local times, and one of those
//!   stands for the first instant at which the wall shows it or a later time: in the gap of a change of clocks
//!   that is the end of the gap, in an overlap the first of the two.
//! * Intervals are half-open, so that `elapsed(a, b) + elapsed(b, c) == elapsed(a, c)`.
//! * A deadline is the first instant at which the target has been counted. Until then, that instant
//!   included, the promise is kept.
//!
//! Nothing here knows what time it is now; every question brings its moment along. The time zones are
//! those bundled with the crate, so a journal gives the same deadlines on every machine; new rules of a
//! zone come with a new version of the dependency.
//!
//! ```
//! use fieldwright::clock::{Facts, State, Terms};
//! use fieldwright::model::{Agreement, ClockKind};
//! use fieldwright::units::Instant;
//!
//! let agreement: Agreement = serde_json::from_str(r#"{
//!     "calendars": [{"id": "office", "zone": "Europe/Berlin", "week": [
//!         {"days": ["mon", "tue", "wed", "thu", "fri"], "windows": [["08:00", "17:00"]]}]}],
//!     "commitments": [{"id": "standard", "promise": {
//!         "clock": "arrival", "within": 14400, "calendar": "office",
//!         "stops_for": ["customer_absent"], "warn": [{"before": 3600}]}}]
//! }"#)?;
//! let terms = Terms::compile(&agreement)?;
//! let at = |text: &str| text.parse::<Instant>();
//!
//! let tuesday = at("2026-03-03T15:00:00+01:00")?;
//! let mut clock = terms.start(ClockKind::Arrival, &Facts::default(), tuesday)?.expect("promised");
//! assert_eq!(terms.read(&clock)?.deadline()?, Some(at("2026-03-04T10:00:00+01:00")?));
//!
//! // The customer is away from 16:00 until nine the next day: that moves the deadline by two open hours.
//! clock.pause(at("2026-03-03T16:00:00+01:00")?, "customer_absent")?;
//! clock.resume(at("2026-03-04T09:00:00+01:00")?, "customer_absent")?;
//! clock.stop(at("2026-03-04T11:30:00+01:00")?)?;
//! let reading = terms.read(&clock)?;
//! assert_eq!(reading.deadline()?, Some(at("2026-03-04T12:00:00+01:00")?));
//! assert_eq!(reading.warnings()?, [at("2026-03-04T11:00:00+01:00")?]);
//! assert_eq!(reading.state(at("2026-03-05T08:00:00+01:00")?)?, State::Met);
//! assert_eq!(reading.ledger(at("2026-03-04T11:30:00+01:00")?)?.to_string(), "\
//! 2026-03-03T14:00:00Z 2026-03-03T15:00:00Z +3600 s, open
//! 2026-03-03T15:00:00Z 2026-03-03T16:00:00Z  3600 s, paused: customer_absent
//! 2026-03-03T16:00:00Z 2026-03-04T07:00:00Z  54000 s, closed
//! 2026-03-04T07:00:00Z 2026-03-04T08:00:00Z  3600 s, paused: customer_absent
//! 2026-03-04T08:00:00Z 2026-03-04T10:30:00Z +9000 s, open
//! ");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod check;
mod dates;
mod error;
mod hours;
mod ledger;
mod reading;
mod running;
mod terms;
#[cfg(test)]
mod tests;
mod zone;

pub use error::ClockError;
pub use hours::Hours;
pub use ledger::{Entry, Ledger, Why};
pub use reading::{Reading, State};
pub use running::{Clock, Pause};
pub use terms::{Facts, Terms};
