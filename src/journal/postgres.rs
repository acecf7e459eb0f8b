//! The log on a PostgreSQL server, where several processes work on one desk.
//!
//! Writers queue on one row, so that positions have no gaps and the chain has one end; unique indexes
//! on position and on (subject, seq) hold even against a writer that does not queue.
//! Several desks in one database live in schemas of their own: give each connection its `search_path`.

use super::row::{self, Found, Row, columns, read, stored, unreadable};
use super::store::{Writing, append};
use super::{Appended, Batch, Envelope, Error, Head, Snapshot, Store};
use crate::rng::Rng;
use postgres::error::SqlState;
use postgres::types::ToSql;
use postgres::{Client, NoTls, Transaction};

/// One step for each version of the tables, from an empty schema on. Each writes down its own number.
const MIGRATIONS: [&str; 1] = [include_str!("tables/postgres.1.sql")];

/// The lock under which tables are made, so that two processes do not both make them ("FWJL").
const MIGRATION_LOCK: i64 = 0x4657_4a4c;

/// Durable commits whatever the server is set to, 5 s of patience with other writers, and each
/// statement sees what was committed before it: who has queued must see what he queued for.
const SETTINGS: &str = "SET synchronous_commit = on; SET lock_timeout = '5s'; \
    SET default_transaction_isolation = 'read committed'";

const HEAD: &str = "SELECT position, hash, recorded_at FROM journal_head";

/// A log on a PostgreSQL server (tested with version 15).
pub struct Postgres {
    client: Client,
}

impl Postgres {
    /// Connects without encryption, and makes the tables where there are none. `server` is a
    /// connection string such as `host=/run/postgresql dbname=desk`.
    ///
    /// # Errors
    /// [`Error::Io`] without such a server, [`Error::Schema`] when a newer release has been there,
    /// [`Error::Truncated`] when the last event is missing.
    pub fn connect(server: &str) -> Result<Self, Error> {
        Self::on(Client::connect(server, NoTls).map_err(failed)?)
    }

    /// The log behind a connection that the caller made, for instance with TLS.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub fn on(mut client: Client) -> Result<Self, Error> {
        client.batch_execute(SETTINGS).map_err(failed)?;
        migrate(&mut client)?;
        let mut store = Self { client };
        let (head, last) = (store.head()?, store.last()?);
        if last < head.position {
            return Err(Error::Truncated { found: last, head: head.position });
        }
        Ok(store)
    }

    fn last(&mut self) -> Result<u64, Error> {
        const LAST: &str = "SELECT coalesce(max(position), 0) FROM journal_events";
        let last: i64 = self.client.query_one(LAST, &[]).map_err(failed)?.get(0);
        Ok(last.unsigned_abs())
    }
}

fn migrate(client: &mut Client) -> Result<(), Error> {
    let known = MIGRATIONS.len() as u32;
    let mut alone = client.transaction().map_err(failed)?;
    alone.execute("SELECT pg_advisory_xact_lock($1)", &[&MIGRATION_LOCK]).map_err(failed)?;
    let there = "SELECT to_regclass('journal_version') IS NOT NULL";
    let there: bool = alone.query_one(there, &[]).map_err(failed)?.get(0);
    let found = if there {
        let version = "SELECT version FROM journal_version";
        let version: i32 = alone.query_one(version, &[]).map_err(failed)?.get(0);
        version.unsigned_abs()
    } else {
        0
    };
    if found > known {
        return Err(Error::Schema { of: "the database".into(), found, known });
    }
    for step in &MIGRATIONS[found as usize..] {
        alone.batch_execute(step).map_err(failed)?;
    }
    alone.commit().map_err(failed)
}

impl Store for Postgres {
    fn head(&mut self) -> Result<Head, Error> {
        let found = self.client.query_one(HEAD, &[]).map_err(failed)?;
        Ok(read(&found, 1, row::head)?)
    }

    fn append(&mut self, batch: &Batch, rng: &mut Rng) -> Result<Appended, Error> {
        let mut alone = Alone(self.client.transaction().map_err(failed)?);
        let appended = append(&mut alone, batch, rng)?;
        alone.0.commit().map_err(failed)?;
        Ok(appended)
    }

    fn page(&mut self, after: u64, limit: usize) -> Result<Vec<Envelope>, Error> {
        const PAGE: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM journal_events WHERE position > $1 ORDER BY position LIMIT $2"
        );
        let rows = self.client.query(PAGE, &[&stored(after), &stored(limit as u64)]);
        events(&rows.map_err(failed)?, after).readable()
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
            " FROM journal_events WHERE subject = $1 AND seq > $2 ORDER BY seq LIMIT $3"
        );
        let params: [&(dyn ToSql + Sync); 3] = [&subject, &stored(after), &stored(limit as u64)];
        events(&self.client.query(OF_SUBJECT, &params).map_err(failed)?, 0).whole()
    }

    fn of_key(&mut self, key: &str) -> Result<Vec<Envelope>, Error> {
        let mut reading = Alone(self.client.transaction().map_err(failed)?);
        reading.of_key(key)
    }

    fn keep(&mut self, snapshot: &Snapshot) -> Result<(), Error> {
        snapshot.must_fit(self)?;
        const KEEP: &str = "INSERT INTO journal_snapshots \
            (schema, position, chain, recorded_at, bytes, hash) VALUES ($1, $2, $3, $4, $5, $6) \
            ON CONFLICT (schema) DO UPDATE SET position = $2, chain = $3, recorded_at = $4, \
            bytes = $5, hash = $6";
        let Snapshot { head, schema, bytes } = snapshot;
        let (position, hash) = (stored(head.position), snapshot.hash());
        let params: [&(dyn ToSql + Sync); 6] = [
            &i64::from(*schema),
            &position,
            &&head.hash.0[..],
            &head.recorded_at.0,
            bytes,
            &&hash.0[..],
        ];
        self.client.execute(KEEP, &params).map_err(failed)?;
        Ok(())
    }

    fn snapshot(&mut self, schema: u32) -> Result<Option<Snapshot>, Error> {
        const KEPT: &str = "SELECT position, chain, recorded_at, hash, bytes \
            FROM journal_snapshots WHERE schema = $1";
        let found = self.client.query_opt(KEPT, &[&i64::from(schema)]).map_err(failed)?;
        let Some(found) = found else { return Ok(None) };
        let bytes = found.try_get(4).map_err(failed)?;
        let (snapshot, hash) = read(&found, 0, |found| row::snapshot(found, schema, bytes))?;
        snapshot.checked(hash).map(Some)
    }
}

/// The log inside a transaction; from [`Writing::head`] on it alone may write.
struct Alone<'c>(Transaction<'c>);

impl Writing for Alone<'_> {
    fn head(&mut self) -> Result<Head, Error> {
        const QUEUE: &str = "SELECT position, hash, recorded_at FROM journal_head FOR UPDATE";
        let found = self.0.query_one(QUEUE, &[]).map_err(failed)?;
        Ok(read(&found, 1, row::head)?)
    }

    fn version(&mut self, subject: &str) -> Result<u64, Error> {
        const VERSION: &str = "SELECT coalesce(max(seq), 0) FROM journal_events WHERE subject = $1";
        let version: i64 = self.0.query_one(VERSION, &[&subject]).map_err(failed)?.get(0);
        Ok(version.unsigned_abs())
    }

    fn of_key(&mut self, key: &str) -> Result<Vec<Envelope>, Error> {
        const OF_KEY: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM journal_events WHERE idempotency_key = $1 ORDER BY position"
        );
        events(&self.0.query(OF_KEY, &[&key]).map_err(failed)?, 0).whole()
    }

    fn put(&mut self, events: &[Envelope]) -> Result<(), Error> {
        const PUT: &str = concat!(
            "INSERT INTO journal_events (",
            columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
            $18, $19)"
        );
        const END: &str = "UPDATE journal_head SET position = $1, hash = $2, recorded_at = $3";
        let Some(last) = events.last() else { return Ok(()) };
        let put = self.0.prepare(PUT).map_err(failed)?;
        for event in events {
            let params: [&(dyn ToSql + Sync); 19] = [
                &stored(event.position),
                &&event.id.as_bytes()[..],
                &event.kind,
                &event.subject,
                &stored(event.seq),
                &event.occurred_at.0,
                &event.recorded_at.0,
                &event.device_seq.map(stored),
                &event.actor.id,
                &event.actor.role,
                &event.actor.on_behalf_of,
                &event.key,
                &&event.request.0[..],
                &event.causation.as_ref().map(|cause| &cause.as_bytes()[..]),
                &event.correlation,
                &event.visibility.word(),
                &event.data.as_str(),
                &&event.prev_hash.0[..],
                &&event.hash.0[..],
            ];
            self.0.execute(&put, &params).map_err(failed)?;
        }
        let params: [&(dyn ToSql + Sync); 3] =
            [&stored(last.position), &&last.hash.0[..], &last.recorded_at.0];
        self.0.execute(END, &params).map_err(failed)?;
        Ok(())
    }
}

fn events(rows: &[postgres::Row], after: u64) -> Found {
    let mut events: Vec<Envelope> = Vec::with_capacity(rows.len());
    for found in rows {
        let due = events.last().map_or(after, |event| event.position) + 1;
        match read(found, due, row::event) {
            Ok(event) => events.push(event),
            Err(corrupt) => return Found { events, outcome: Err(corrupt.into()) },
        }
    }
    Found { events, outcome: Ok(()) }
}

/// What an error of the server means. A unique index that is hit means that somebody wrote without
/// queuing: for us that is one more race lost.
fn failed(error: postgres::Error) -> Error {
    match error.code() {
        Some(&SqlState::DISK_FULL) => Error::Full,
        Some(
            &SqlState::UNIQUE_VIOLATION
            | &SqlState::LOCK_NOT_AVAILABLE
            | &SqlState::T_R_DEADLOCK_DETECTED
            | &SqlState::T_R_SERIALIZATION_FAILURE,
        ) => Error::Busy,
        Some(&SqlState::READ_ONLY_SQL_TRANSACTION) => Error::ReadOnly,
        Some(&SqlState::DATA_CORRUPTED | &SqlState::INDEX_CORRUPTED) => {
            unreadable(1, error.to_string()).into()
        }
        _ => Error::Io(Box::new(error)),
    }
}

impl Row for postgres::Row {
    fn integer(&self, column: usize) -> Result<Option<i64>, String> {
        self.try_get(column).map_err(|error| error.to_string())
    }

    fn text(&self, column: usize) -> Result<Option<String>, String> {
        self.try_get(column).map_err(|error| error.to_string())
    }

    fn bytes<const N: usize>(&self, column: usize) -> Result<Option<[u8; N]>, String> {
        let bytes: Option<&[u8]> = self.try_get(column).map_err(|error| error.to_string())?;
        let exact = |bytes: &[u8]| {
            bytes.try_into().map_err(|_| format!("{} bytes stand for {N}", bytes.len()))
        };
        bytes.map(exact).transpose()
    }
}
