//! The log in one SQLite file: durable when `append` returns, and readable with any SQLite tool.
//!
//! Write-ahead log with `synchronous = FULL`, so that a commit outlives the process and the power; one
//! writer at a time, from any process. Trap: a second copy of SQLite in the same process (Python's
//! `sqlite3`, DuckDB) that opens the live file drops its locks (sqlite.org, "How to corrupt"): read a
//! live log through this crate, from another process, or from a copy.

mod driver;
mod file;

use super::row::{self, columns, read, stored, unreadable};
use super::store::{Writing, append};
use super::{Appended, Batch, Envelope, Error, Head, Snapshot, Store};
use crate::rng::Rng;
use driver::{at_start, events, failed, head_by, of_key};
use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior, params};
use std::fs::File;
use std::path::Path;
use std::time::Duration;

/// How long a writer waits for another before it gives up with [`Error::Busy`].
const WAIT: Duration = Duration::from_secs(5);

/// Pages in the write-ahead log, 32 MB of them, after which they are put into the file. A page of an index
/// that changes with every batch is put there once for all of them, so more pages are less to write.
const CHECKPOINT: u32 = 8_000;

const LAST: &str = "SELECT position, hash, recorded_at FROM events ORDER BY position DESC LIMIT 1";
const HEAD: &str = "SELECT position, hash, recorded_at FROM head";

/// A log in one SQLite file (and, while it is open, two files beside it).
#[derive(Debug)]
pub struct Sqlite {
    connection: Connection,
    writable: bool,
}

impl Sqlite {
    /// Makes a new, empty log.
    ///
    /// # Errors
    /// [`Error::Io`] when there is a file of this name, whatever is in it.
    pub fn create(path: &Path) -> Result<Self, Error> {
        File::create_new(path)?.sync_all()?;
        #[cfg(unix)]
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            File::open(folder)?.sync_all()?; // else the name may not outlive the power
        }
        let connection = Connection::open(path).map_err(at_start)?;
        connection.pragma_update(None, "application_id", file::APPLICATION_ID).map_err(at_start)?;
        Self::ready(connection)
    }

    /// Opens a log to append to it. Its ends are looked at; [`replay`](super::replay) verifies all
    /// of it. A file that is not sound is refused and left as it is.
    ///
    /// # Errors
    /// [`Error::Io`] without such a file, [`Error::Truncated`], [`Error::Corrupt`],
    /// [`Error::Foreign`], [`Error::Schema`].
    pub fn open(path: &Path) -> Result<Self, Error> {
        file::must_be_whole(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(at_start)?;
        file::must_be_a_journal(&connection)?;
        let mut store = Self::ready(connection)?;
        store.ends_meet()?;
        Ok(store)
    }

    /// Opens a log to look at it, even where [`open`](Self::open) refuses: what can be read of a
    /// damaged file is [`readable_prefix`](super::readable_prefix).
    ///
    /// # Errors
    /// When not even its first page makes sense.
    pub fn inspect(path: &Path) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(at_start)?;
        // Lets SQLite read a file that is shorter than it should be.
        connection.pragma_update(None, "writable_schema", true).map_err(at_start)?;
        file::must_be_a_journal(&connection)?;
        connection.busy_timeout(WAIT).map_err(at_start)?;
        Ok(Self { connection, writable: false })
    }

    /// Limits the size of the file; beyond it a batch is refused with [`Error::Full`], as on a full
    /// disk. Holds for this connection.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn limit_bytes(&mut self, bytes: u64) -> Result<(), Error> {
        let size: i64 = self
            .connection
            .pragma_query_value(None, "page_size", |row| row.get(0))
            .map_err(at_start)?;
        let pages = (bytes / size.unsigned_abs()).clamp(1, u64::from(u32::MAX - 1));
        let limit = format!("PRAGMA max_page_count = {pages}");
        self.connection.query_row(&limit, [], |_| Ok(())).map_err(at_start)
    }

    /// How long to wait for another writer before [`Error::Busy`]; 5 s unless told.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn wait_at_most(&mut self, wait: Duration) -> Result<(), Error> {
        self.connection.busy_timeout(wait).map_err(at_start)
    }

    /// Settings of a connection that writes, and the tables in their latest version.
    fn ready(mut connection: Connection) -> Result<Self, Error> {
        connection.busy_timeout(WAIT).map_err(at_start)?;
        let mode: String = connection
            .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))
            .map_err(at_start)?;
        if mode != "wal" {
            return Err(Error::Io(format!("no write-ahead log here, only `{mode}`").into()));
        }
        connection.pragma_update(None, "synchronous", "FULL").map_err(at_start)?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT).map_err(at_start)?;
        file::migrate(&mut connection, &file::MIGRATIONS)?;
        Ok(Self { connection, writable: true })
    }

    /// The last event is the one that was acknowledged last.
    fn ends_meet(&mut self) -> Result<(), Error> {
        let end = |text| head_by(&self.connection, text);
        let (last, head) = (end(LAST)?, end(HEAD)?);
        if last.position < head.position {
            return Err(Error::Truncated { found: last.position, head: head.position });
        }
        if last != head {
            let what = "the end of the log is not the event that was acknowledged last";
            return Err(unreadable(head.position.max(1), what).into());
        }
        Ok(())
    }
}

impl Store for Sqlite {
    fn head(&mut self) -> Result<Head, Error> {
        head_by(&self.connection, HEAD)
    }

    fn append(&mut self, batch: &Batch, rng: &mut Rng) -> Result<Appended, Error> {
        if !self.writable {
            return Err(Error::ReadOnly);
        }
        let alone = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(at_start)?;
        let appended = append(&mut Alone(&alone), batch, rng)?;
        alone.commit().map_err(at_start)?;
        Ok(appended)
    }

    fn page(&mut self, after: u64, limit: usize) -> Result<Vec<Envelope>, Error> {
        const PAGE: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM events WHERE position > ?1 ORDER BY position LIMIT ?2"
        );
        let params = params![stored(after), stored(limit as u64)];
        events(&self.connection, PAGE, params, after).readable()
    }

    fn of_subject(
        &mut self,
        subject: &str,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Envelope>, Error> {
        const OF_SUBJECT: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM events WHERE subject = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3"
        );
        let params = params![subject, stored(after), stored(limit as u64)];
        events(&self.connection, OF_SUBJECT, params, 0).whole()
    }

    fn of_key(&mut self, key: &str) -> Result<Vec<Envelope>, Error> {
        of_key(&self.connection, key)
    }

    fn keep(&mut self, snapshot: &Snapshot) -> Result<(), Error> {
        if !self.writable {
            return Err(Error::ReadOnly);
        }
        snapshot.must_fit(self)?;
        const KEEP: &str = "INSERT OR REPLACE INTO snapshots \
            (schema, position, chain, recorded_at, bytes, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let Snapshot { head, schema, bytes } = snapshot;
        let (position, time) = (stored(head.position), head.recorded_at.0);
        let params = params![schema, position, head.hash.0, time, bytes, snapshot.hash().0];
        self.connection.execute(KEEP, params).map_err(at_start)?;
        Ok(())
    }

    fn snapshot(&mut self, schema: u32) -> Result<Option<Snapshot>, Error> {
        const KEPT: &str =
            "SELECT position, chain, recorded_at, hash, bytes FROM snapshots WHERE schema = ?1";
        let kept = |found: &rusqlite::Row<'_>| {
            let bytes = found.get(4)?;
            Ok(read(found, 0, |found| row::snapshot(found, schema, bytes)))
        };
        let found = self.connection.query_row(KEPT, [schema], kept).optional().map_err(at_start)?;
        let Some(kept) = found else { return Ok(None) };
        let (snapshot, hash) = kept?;
        snapshot.checked(hash).map(Some)
    }
}

/// The log inside a transaction that alone may write.
struct Alone<'c>(&'c Connection);

impl Writing for Alone<'_> {
    fn head(&mut self) -> Result<Head, Error> {
        head_by(self.0, HEAD)
    }

    fn version(&mut self, subject: &str) -> Result<u64, Error> {
        const VERSION: &str = "SELECT coalesce(max(seq), 0) FROM events WHERE subject = ?1";
        let mut statement = self.0.prepare_cached(VERSION).map_err(at_start)?;
        let version: i64 = statement.query_row([subject], |row| row.get(0)).map_err(at_start)?;
        Ok(version.unsigned_abs())
    }

    fn of_key(&mut self, key: &str) -> Result<Vec<Envelope>, Error> {
        of_key(self.0, key)
    }

    fn put(&mut self, events: &[Envelope]) -> Result<(), Error> {
        const PUT: &str = concat!(
            "INSERT INTO events (",
            columns!(),
            ") VALUES \
            (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)"
        );
        const END: &str = "INSERT OR REPLACE INTO head (one, position, hash, recorded_at) \
            VALUES (1, ?1, ?2, ?3)";
        let Some(last) = events.last() else { return Ok(()) };
        let mut put = self.0.prepare_cached(PUT).map_err(at_start)?;
        for event in events {
            put.execute(params![
                stored(event.position),
                event.id.as_bytes(),
                event.kind,
                event.subject,
                stored(event.seq),
                event.occurred_at.0,
                event.recorded_at.0,
                event.device_seq.map(stored),
                event.actor.id,
                event.actor.role,
                event.actor.on_behalf_of,
                event.key,
                event.request.0,
                event.causation.map(super::Uuid::into_bytes),
                event.correlation,
                event.visibility.word(),
                event.data.as_str(),
                event.prev_hash.0,
                event.hash.0,
            ])
            .map_err(|error| failed(error, event.position))?;
        }
        let mut end = self.0.prepare_cached(END).map_err(at_start)?;
        end.execute(params![stored(last.position), last.hash.0, last.recorded_at.0])
            .map_err(at_start)?;
        Ok(())
    }
}
