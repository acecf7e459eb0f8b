//! What can go wrong with a log, so that a caller can tell a race from a full disk from a broken file.

use crate::model::Issues;
use crate::units::Instant;

/// Why a store did not do what it was asked. Nothing is half done: a batch is in the log whole, or
/// not at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Somebody else was faster: read what is new, decide again, try again.
    #[error("{} is at {current}, not at {expected}: read what is new and decide again", subject_or_log(.subject.as_deref()))]
    Conflict {
        /// The subject whose version differs, or the whole log.
        subject: Option<String>,
        /// The version that the batch was decided on.
        expected: u64,
        /// The version it has.
        current: u64,
    },
    /// The idempotency key stands for another request, or for one of another actor.
    #[error("key `{key}` was used for another request at position {position}: take a new key")]
    KeyReused {
        /// The key.
        key: String,
        /// The first event that was recorded under it.
        position: u64,
    },
    /// Time would run backwards in the log. To do: correct the clock, or wait until it has caught up.
    #[error("it is {now}, but the last event was recorded at {last}: correct the clock")]
    Clock {
        /// The time of the batch.
        now: Instant,
        /// The time of the last event.
        last: Instant,
    },
    /// The batch itself is at fault; all faults at once.
    #[error("the batch is refused\n{0}")]
    Refused(#[from] Issues),
    /// The disk is full. To do: make room; the batch can be sent again under its key.
    #[error("the disk is full; nothing was recorded")]
    Full,
    /// An event or a snapshot is not what was once recorded.
    #[error(transparent)]
    Corrupt(#[from] Corrupt),
    /// The log ends before the event that was acknowledged last, or the file before its own length.
    #[error("{}: restore a copy; what is left can be inspected", where_it_ends(*found, *head))]
    Truncated {
        /// The last position that is there (0 when the file cannot tell).
        found: u64,
        /// The last position that was acknowledged (0 when the file cannot tell).
        head: u64,
    },
    /// Tables, or an event type, of a version that this release does not know.
    #[error("{of} has version {found}; this release knows up to {known}: use a newer one")]
    Schema {
        /// What has the version.
        of: String,
        /// The version found.
        found: u32,
        /// The latest version known.
        known: u32,
    },
    /// The file or database belongs to another program.
    #[error("this is a database, but not a journal: {0}")]
    Foreign(String),
    /// Somebody else is writing, for longer than this store waits. To do: try again.
    #[error("the log is busy: try again")]
    Busy,
    /// The log was opened for inspection only.
    #[error("the log was opened for reading only")]
    ReadOnly,
    /// Anything else that the file system or the server reports. Where it befalls the commit itself
    /// (a connection that breaks), only the log knows whether the batch is in it: send it again
    /// under its key.
    #[error("the store failed: {0}")]
    Io(#[source] Box<dyn std::error::Error + Send + Sync>),
}

fn where_it_ends(found: u64, head: u64) -> String {
    match head {
        0 => "the file ends before its own length".into(),
        _ => format!("the log ends at position {found} of {head}"),
    }
}

fn subject_or_log(subject: Option<&str>) -> &str {
    subject.unwrap_or("the log")
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull {
            Self::Full
        } else {
            Self::Io(error.into())
        }
    }
}

/// The first place where a log is not what was recorded, and how that shows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("position {position}: {cause}")]
pub struct Corrupt {
    /// The event; all before it are sound.
    pub position: u64,
    /// How it shows.
    pub cause: Cause,
}

/// How it shows that an event is not what was recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// Events are missing, doubled or out of order.
    #[error("position {found} stands here")]
    Gap {
        /// The position that stands in this place.
        found: u64,
    },
    /// The event before is not the one that this one was recorded after.
    #[error("it does not follow the event before: one of the two was replaced")]
    Link,
    /// The event does not have its own hash.
    #[error("its content was changed after it was recorded")]
    Hash,
    /// The events of the subject are not numbered 1, 2, 3.
    #[error("`{subject}` has number {found} here, not {expected}")]
    Seq {
        /// The subject.
        subject: String,
        /// The number it should have.
        expected: u64,
        /// The number it has.
        found: u64,
    },
    /// Time runs backwards.
    #[error("it was recorded before the event before")]
    Time,
    /// A snapshot does not have its own hash, or is of another log. The log itself may be sound.
    #[error("the snapshot is broken: discard it and replay the log")]
    Snapshot,
    /// The store cannot read the event.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
}
