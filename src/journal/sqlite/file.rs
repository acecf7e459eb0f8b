//! Whether a file is a journal, whole, and of a version that this release knows.

use super::super::row::unreadable;
use super::Error;
use super::driver::at_start;
use rusqlite::{Connection, TransactionBehavior};
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
    version(connection, &MIGRATIONS).map(|_| ())
}

/// Takes the steps that the tables have still ahead of them: all or none.
pub(super) fn migrate(connection: &mut Connection, steps: &[&str]) -> Result<(), Error> {
    let alone =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(at_start)?;
    let version = version(&alone, steps)?;
    for (step, to) in steps.iter().zip(1..).skip(version as usize) {
        alone.execute_batch(step).map_err(at_start)?;
        alone.pragma_update(None, "user_version", to).map_err(at_start)?;
    }
    alone.commit().map_err(at_start)
}

/// The version of the tables, 0 before there are any; no later than these steps lead to.
fn version(connection: &Connection, steps: &[&str]) -> Result<u32, Error> {
    let known = steps.len() as u32;
    let found =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(at_start)?;
    if found > known {
        return Err(Error::Schema { of: "the file".into(), found, known });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps of a release to come: one more, and one that does not get to its end.
    const NOTES: [&str; 2] = [MIGRATIONS[0], "ALTER TABLE events ADD COLUMN note TEXT"];
    const BROKEN: [&str; 2] =
        [MIGRATIONS[0], "ALTER TABLE events ADD COLUMN note TEXT; DROP TABLE there_is_none"];

    /// The log of version 1, which has six events.
    fn version_1() -> (tempfile::TempDir, Connection) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("log");
        let log = include_bytes!("../../../tests/golden/journal/v1.sqlite");
        fs::write(&path, log).expect("a copy");
        let connection = Connection::open(path).expect("opens");
        (folder, connection)
    }

    /// The version of the file, how many events it has, and whether they have room for a note.
    fn look(file: &Connection) -> (u32, u32, bool) {
        let number = |text: &str| file.query_row(text, [], |row| row.get(0)).expect("a number");
        let notes = "SELECT count(*) FROM pragma_table_info('events') WHERE name = 'note'";
        (number("PRAGMA user_version"), number("SELECT count(*) FROM events"), number(notes) == 1)
    }

    #[test]
    fn an_older_file_takes_the_steps_it_lacks_once_and_keeps_its_events() {
        let (_folder, mut file) = version_1();
        migrate(&mut file, &MIGRATIONS).expect("nothing to do");
        assert_eq!(look(&file), (1, 6, false));
        for _ in 0..2 {
            migrate(&mut file, &NOTES).expect("raised");
            assert_eq!(look(&file), (2, 6, true));
        }
    }

    #[test]
    fn a_release_that_knows_fewer_steps_leaves_the_file_alone() {
        let (_folder, mut file) = version_1();
        migrate(&mut file, &NOTES).expect("raised");
        let refused = migrate(&mut file, &MIGRATIONS);
        assert!(matches!(refused, Err(Error::Schema { found: 2, known: 1, .. })), "{refused:?}");
        assert_eq!(look(&file), (2, 6, true));
    }

    #[test]
    fn a_step_that_fails_half_way_has_changed_nothing() {
        let (_folder, mut file) = version_1();
        assert!(migrate(&mut file, &BROKEN).is_err());
        assert_eq!(look(&file), (1, 6, false));
        migrate(&mut file, &NOTES).expect("raised");
    }
}
