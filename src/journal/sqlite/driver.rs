//! Rows of SQLite as events, and its error codes as ours.

use super::super::row::{self, Found, Row, columns, read, unreadable};
use super::super::{Envelope, Error, Head};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Params};

/// What an error means while `position` is read or written.
pub(super) fn failed(error: rusqlite::Error, position: u64) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Error::Full,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy,
        Some(ErrorCode::ReadOnly) => Error::ReadOnly,
        Some(
            ErrorCode::DatabaseCorrupt
            | ErrorCode::NotADatabase
            | ErrorCode::ConstraintViolation
            | ErrorCode::TypeMismatch,
        ) => unreadable(position, error.to_string()).into(),
        _ => Error::Io(Box::new(error)),
    }
}

/// What an error means where no event in particular is asked for.
pub(super) fn at_start(error: rusqlite::Error) -> Error {
    failed(error, 1)
}

impl Row for rusqlite::Row<'_> {
    fn integer(&self, column: usize) -> Result<Option<i64>, String> {
        match self.get_ref(column).map_err(|error| error.to_string())? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(integer) => Ok(Some(integer)),
            other => Err(format!("{} stands for an integer", other.data_type())),
        }
    }

    fn text(&self, column: usize) -> Result<Option<String>, String> {
        match self.get_ref(column).map_err(|error| error.to_string())? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(Some(text.to_owned())),
                Err(error) => Err(error.to_string()),
            },
            other => Err(format!("{} stands for a text", other.data_type())),
        }
    }

    fn bytes<const N: usize>(&self, column: usize) -> Result<Option<[u8; N]>, String> {
        match self.get_ref(column).map_err(|error| error.to_string())? {
            ValueRef::Null => Ok(None),
            ValueRef::Blob(bytes) => match bytes.try_into() {
                Ok(bytes) => Ok(Some(bytes)),
                Err(_) => Err(format!("{} bytes stand for {N}", bytes.len())),
            },
            other => Err(format!("{} stands for bytes", other.data_type())),
        }
    }
}

pub(super) fn events(
    connection: &Connection,
    query: &str,
    params: impl Params,
    after: u64,
) -> Found {
    let (mut events, mut position) = (Vec::new(), after + 1);
    let outcome = collect(connection, query, params, &mut events, &mut position);
    Found { events, outcome }
}

fn collect(
    connection: &Connection,
    query: &str,
    params: impl Params,
    events: &mut Vec<Envelope>,
    position: &mut u64,
) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(query).map_err(at_start)?;
    let mut rows = statement.query(params).map_err(|error| failed(error, *position))?;
    while let Some(found) = rows.next().map_err(|error| failed(error, *position))? {
        let event = read(found, *position, row::event)?;
        *position = event.position + 1;
        events.push(event);
    }
    Ok(())
}

pub(super) fn of_key(connection: &Connection, key: &str) -> Result<Vec<Envelope>, Error> {
    const OF_KEY: &str =
        concat!("SELECT ", columns!(), " FROM events WHERE idempotency_key = ?1 ORDER BY position");
    events(connection, OF_KEY, [key], 0).whole()
}

/// The place in the log that a query names, or the one before the first event.
pub(super) fn head_by(connection: &Connection, query: &str) -> Result<Head, Error> {
    let mut statement = connection.prepare_cached(query).map_err(at_start)?;
    let found = statement
        .query_row([], |found| Ok(read(found, 1, row::head)))
        .optional()
        .map_err(at_start)?;
    Ok(found.transpose()?.unwrap_or(Head::EMPTY))
}
