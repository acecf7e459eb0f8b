//! The account of a clock: what was counted, what was not, and why.

use super::hours::Stretch;
use super::reading::Held;
use crate::units::{Instant, Seconds};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Intervals without a gap between them, in order. What is counted sums up to what has elapsed.
///
/// Its `Display` is a line for each interval: from, to, length, reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ledger {
    /// One entry for each stretch of time that has one reason.
    pub entries: Vec<Entry>,
}

/// A half-open interval that was counted or skipped as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// From this moment on.
    pub from: Instant,
    /// Until this moment.
    pub to: Instant,
    /// What it was.
    pub why: Why,
}

/// Why an interval was counted or not. Closed hours are never charged to a pause: what stands under
/// [`Why::Paused`] is by how much the pauses moved the deadline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Counted: business was open.
    Open,
    /// Counted, though work was held up: this clock does not stop for that.
    RunsThrough {
        /// Cause of the pause.
        cause: String,
    },
    /// Skipped: business was closed.
    Closed,
    /// Skipped: business was closed on a special day.
    SpecialDay {
        /// What day it was.
        name: String,
    },
    /// Skipped: a pause stopped the clock while business was open.
    Paused {
        /// Cause of the pause.
        cause: String,
    },
}

impl Why {
    /// Whether the clock ran.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        matches!(self, Self::Open | Self::RunsThrough { .. })
    }
}

impl Entry {
    /// How long it is, on the clock on the wall.
    #[must_use]
    pub fn length(&self) -> Seconds {
        self.to - self.from
    }
}

impl Ledger {
    /// The sum of what was counted.
    #[must_use]
    pub fn counted(&self) -> Seconds {
        let counted = self.entries.iter().filter(|entry| entry.why.is_counted());
        counted.map(Entry::length).sum()
    }

    /// Lays pauses over stretches of the calendar; both are in order and do not overlap among themselves.
    pub(super) fn of(stretches: Vec<Stretch>, held: &[Held], through: &[Held]) -> Self {
        let mut ledger = Self::default();
        for stretch in stretches {
            let Stretch { from, to, open, day } = stretch;
            if !open {
                let why = day.map_or(Why::Closed, |name| Why::SpecialDay { name: name.into() });
                ledger.add(from, to, why);
                continue;
            }
            ledger.lay(from, to, held, |ledger, from, to, stopped| match stopped {
                Some(cause) => ledger.add(from, to, Why::Paused { cause: cause.into() }),
                None => ledger.lay(from, to, through, |ledger, from, to, cause| {
                    let through = |cause: &str| Why::RunsThrough { cause: cause.into() };
                    ledger.add(from, to, cause.map_or(Why::Open, through));
                }),
            });
        }
        ledger
    }

    /// Cuts an interval where pauses begin and end, and hands over each piece with the cause, if any.
    fn lay(
        &mut self,
        from: Instant,
        to: Instant,
        pauses: &[Held],
        mut piece: impl FnMut(&mut Self, Instant, Instant, Option<&str>),
    ) {
        let mut at = from;
        let first = pauses.partition_point(|pause| pause.end() <= from);
        for pause in pauses[first..].iter().take_while(|pause| pause.from < to) {
            let (start, end) = (pause.from.max(at), pause.end().min(to));
            if at < start {
                piece(self, at, start, None);
            }
            piece(self, start, end, Some(pause.cause));
            at = end;
        }
        if at < to {
            piece(self, at, to, None);
        }
    }

    fn add(&mut self, from: Instant, to: Instant, why: Why) {
        match self.entries.last_mut() {
            Some(last) if last.why == why => last.to = to,
            _ => self.entries.push(Entry { from, to, why }),
        }
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for entry in &self.entries {
            let sign = if entry.why.is_counted() { '+' } else { ' ' };
            writeln!(f, "{} {} {sign}{}, {}", entry.from, entry.to, entry.length(), entry.why)?;
        }
        Ok(())
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open => f.write_str("open"),
            Self::RunsThrough { cause } => write!(f, "open; does not stop for {cause}"),
            Self::Closed => f.write_str("closed"),
            Self::SpecialDay { name } => write!(f, "closed: {name}"),
            Self::Paused { cause } => write!(f, "paused: {cause}"),
        }
    }
}
