//! Whether a file is a journal, whole, and of a version that this release knows.

use super::super::row::unreadable;
use super::Error;
use super::driver::at_start;
use rusqlite::Connection;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

/// Marks the file as a journal, for this crate and for `file(1)`: the letters FWJL.
pub(super) const APPLICATION_ID: i64 = 0x4657_4a4c;

/// One step for each version of the tables, from an empty file on.
pub(super) const MIGRATIONS: [&str; 1] = [include_str!("../tables/sqlite.1.sql")];

/// The header of an SQLite file (sqlite.org, "Database File Format", section 1.3).
const HEADER_BYTES: usize = 100;

/// Refuses a file that is shorter than its own header says. An empty file is one too: opened
/// like any other, SQLite would take it for a new log.
pub(super) fn must_be_whole(path: &Path) -> Result<(), Error> {
    let mut header = [0; HEADER_BYTES];
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    if length < HEADER_BYTES as u64 {
        return Err(Error::Truncated { found: 0, head: 0 });
    }
    file.read_exact(&mut header)?;
    if !header.starts_with(b"SQLite format 3\0") {
        return Err(unreadable(1, "the file does not begin as an SQLite file does").into());
    }
    // Pages that are still in the write-ahead log are not missing.
    let mut beside = path.as_os_str().to_owned();
    beside.push("-wal");
    let waiting = fs::metadata(&beside).is_ok_and(|log| log.len() > 0);
    if !waiting && length < expected_length(&header) {
        return Err(Error::Truncated { found: 0, head: 0 });
    }
    Ok(())
}

/// Page size times pages, as the header tells; 0 where it does not.
fn expected_length(header: &[u8; HEADER_BYTES]) -> u64 {
    let word = |at: usize| {
        u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
    };
    let page = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    let (change, pages, valid_for) = (word(24), word(28), word(92));
    if change == valid_for { page * u64::from(pages) } else { 0 }
}

pub(super) fn must_be_a_journal(connection: &Connection) -> Result<(), Error> {
    let id: i64 = connection
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .map_err(at_start)?;
    if id != APPLICATION_ID {
        return Err(Error::Foreign(format!("its application id is {id}")));
    }
    version(connection).map(|_| ())
}

/// The version of the tables, 0 before there are any.
pub(super) fn version(connection: &Connection) -> Result<u32, Error> {
    let known = MIGRATIONS.len() as u32;
    let found =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(at_start)?;
    if found > known {
        return Err(Error::Schema { of: "the file".into(), found, known });
    }
    Ok(found)
}
