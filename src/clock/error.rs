//! What can be wrong with a question to a clock, or with what is said to one.

use crate::model::ClockKind;
use crate::units::{Instant, Seconds};

/// Why a clock does not answer, or refuses a change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// A moment outside the years 1 to 9998, or a span of more than a century.
    #[error(
        "{at} is out of reach: ask about a span of at most a century, within the years 1 to 9998"
    )]
    Horizon {
        /// The moment.
        at: Instant,
    },
    /// The calendar does not hold that much time within a century.
    #[error(
        "within a century of {from} the calendar is not open for {length}: give it hours, or a smaller target"
    )]
    TooFewHours {
        /// Counted from here.
        from: Instant,
        /// This much.
        length: Seconds,
    },
    /// A length below zero.
    #[error("a length of {length} cannot be counted: give zero or more")]
    Negative {
        /// The length.
        length: Seconds,
    },
    /// Something is said to have happened before the clock started.
    #[error("{at} is before the clock started at {started_at}: correct the time")]
    BeforeStart {
        /// When it is said to have happened.
        at: Instant,
        /// When the clock started.
        started_at: Instant,
    },
    /// The clock has stopped for good.
    #[error("the clock stopped at {stopped_at}: start a new one")]
    Stopped {
        /// When that was.
        stopped_at: Instant,
    },
    /// A pause that ends before it begins.
    #[error("a pause from {from} cannot end at {to}: correct one of the two")]
    PauseTimes {
        /// Its beginning.
        from: Instant,
        /// Its end.
        to: Instant,
    },
    /// A pause for this cause goes on already.
    #[error("it is paused for `{cause}` since {since}: resume first, or name another cause")]
    AlreadyPaused {
        /// The cause.
        cause: String,
        /// Since when.
        since: Instant,
    },
    /// No pause for this cause goes on.
    #[error("it is not paused for `{cause}`: name the cause of a pause that goes on")]
    NotPaused {
        /// The cause.
        cause: String,
    },
    /// The clock counts on a calendar that is not there.
    #[error(
        "no calendar has the name `{name}`: describe it, also when only old clocks still need it"
    )]
    UnknownCalendar {
        /// The name.
        name: String,
    },
    /// Several commitments fit, and none of them is more specific than the others.
    #[error(
        "`{first}` and `{second}` both promise {kind}, and neither is more specific: \
         describe a commitment that asks for both, or remove one"
    )]
    Tie {
        /// Of which clock.
        kind: ClockKind,
        /// The id of one commitment.
        first: String,
        /// The id of another.
        second: String,
    },
}
