//! An event as a row of a table: the same columns in every SQL store.

use super::{
    Actor, Canonical, Cause, Corrupt, Digest, Envelope, Error, Head, Snapshot, Visibility,
};
use crate::units::Instant;
use uuid::Uuid;

/// The columns of an event, in the order in which [`event`] reads them.
macro_rules! columns {
    () => {
        "position, id, type, subject, seq, occurred_at, recorded_at, device_seq, actor, role, \
         on_behalf_of, idempotency_key, request, causation, correlation, visibility, data, \
         prev_hash, hash"
    };
}
pub(super) use columns;

/// What a row of a driver can be asked for, by column; the error says what stands there instead.
pub(super) trait Row {
    fn integer(&self, column: usize) -> Result<Option<i64>, String>;
    fn text(&self, column: usize) -> Result<Option<String>, String>;
    fn bytes<const N: usize>(&self, column: usize) -> Result<Option<[u8; N]>, String>;
}

fn some<T>(cell: Result<Option<T>, String>) -> Result<T, String> {
    cell?.ok_or_else(|| "a column is empty".into())
}

/// Counts are validated to be below 2^53, and page limits may be cut there as well.
pub(super) fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The events of a query up to the first that cannot be read, and what is wrong with that one.
pub(super) struct Found {
    pub(super) events: Vec<Envelope>,
    pub(super) outcome: Result<(), Error>,
}

impl Found {
    /// All of them, or what is wrong.
    pub(super) fn whole(self) -> Result<Vec<Envelope>, Error> {
        self.outcome.map(|()| self.events)
    }

    /// What stands before a broken place can be had; the place itself is met by the next page.
    pub(super) fn readable(self) -> Result<Vec<Envelope>, Error> {
        if self.events.is_empty() { self.whole() } else { Ok(self.events) }
    }
}

/// Positions and numbers are never negative.
fn count(cell: i64) -> Result<u64, String> {
    u64::try_from(cell).map_err(|_| format!("{cell} is not a count"))
}

/// What a row is read as where `position` is due.
pub(super) fn read<R: Row, T>(
    row: &R,
    position: u64,
    with: impl FnOnce(&R) -> Result<T, String>,
) -> Result<T, Corrupt> {
    with(row).map_err(|what| unreadable(position, what))
}

pub(super) fn unreadable(position: u64, what: impl Into<String>) -> Corrupt {
    Corrupt { position, cause: Cause::Unreadable(what.into()) }
}

/// The event in a row of `columns!()`.
pub(super) fn event(row: &impl Row) -> Result<Envelope, String> {
    let word = some(row.text(15))?;
    Ok(Envelope {
        position: count(some(row.integer(0))?)?,
        id: Uuid::from_bytes(some(row.bytes(1))?),
        kind: some(row.text(2))?,
        subject: some(row.text(3))?,
        seq: count(some(row.integer(4))?)?,
        occurred_at: Instant(some(row.integer(5))?),
        recorded_at: Instant(some(row.integer(6))?),
        device_seq: row.integer(7)?.map(count).transpose()?,
        actor: Actor {
            id: some(row.text(8))?,
            role: some(row.text(9))?,
            on_behalf_of: row.text(10)?,
        },
        key: some(row.text(11))?,
        request: Digest(some(row.bytes(12))?),
        causation: row.bytes(13)?.map(Uuid::from_bytes),
        correlation: row.text(14)?,
        visibility: Visibility::of_word(&word).ok_or_else(|| format!("visibility `{word}`"))?,
        data: Canonical::trusted(some(row.text(16))?),
        prev_hash: Digest(some(row.bytes(17))?),
        hash: Digest(some(row.bytes(18))?),
    })
}

/// The end of the log in a row of position, hash, recorded_at.
pub(super) fn head(row: &impl Row) -> Result<Head, String> {
    Ok(Head {
        position: count(some(row.integer(0))?)?,
        hash: Digest(some(row.bytes(1))?),
        recorded_at: Instant(some(row.integer(2))?),
    })
}

/// The snapshot in a row of position, chain, recorded_at, hash, with the bytes read apart; and the
/// hash that it should have.
pub(super) fn snapshot(
    row: &impl Row,
    schema: u32,
    bytes: Vec<u8>,
) -> Result<(Snapshot, Digest), String> {
    Ok((Snapshot { head: head(row)?, schema, bytes }, Digest(some(row.bytes(3))?)))
}
