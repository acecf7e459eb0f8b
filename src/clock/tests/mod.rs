//! Tests of the clocks. Expected instants are worked out by hand, with a twin that walks minute by minute.

mod cases;
mod choice;
mod faults;
mod laws;
mod twin;

use super::{Clock, Hours};
use crate::model::{Calendar, ClockKind, Date, LocalWindow, Promise, Weekday};
use crate::units::{Instant, Seconds};

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;

fn at(text: &str) -> Instant {
    text.parse().expect("a time")
}

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

fn hours(calendar: &Calendar) -> Hours {
    Hours::compile(calendar).expect("a sound calendar")
}

/// Monday to Friday, eight to five, in Berlin.
fn office() -> Calendar {
    Calendar::new("office", "Europe/Berlin").open(&Weekday::WORKING, &[LocalWindow::hours(8, 17)])
}

/// Every day of the week alike.
fn daily(zone: &str, windows: &[LocalWindow]) -> Hours {
    hours(&Calendar::new("daily", zone).open(&Weekday::ALL, windows))
}

/// A clock of so many hours that stops for `parts` and for `customer`.
fn clock(target: i64, started_at: Instant) -> Clock {
    let mut promise = Promise::new(ClockKind::Resolution, Seconds(target * HOUR));
    promise.stops_for = vec!["parts".into(), "customer".into()];
    Clock::start("promised", promise, started_at)
}
