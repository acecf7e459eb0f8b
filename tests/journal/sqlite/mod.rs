//! The log in a file: the rules and races of every store, then crashes and damage.

mod crash;
mod damage;
mod limits;

use super::{batch, races, rules};
use fieldwright::journal::{Sqlite, Store};
use fieldwright::rng::Rng;
use rusqlite::Connection;
use std::path::PathBuf;
use tempfile::TempDir;

/// A log of `count` events in a folder of its own, closed.
fn log_of(count: u64) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log");
    let (mut store, mut rng) = (Sqlite::create(&path).expect("new"), Rng::new(2, 0));
    for number in 1..=count {
        let key = format!("key-{number:04}");
        store.append(&batch(&key, &["T1"]), &mut rng).expect("recorded");
    }
    (folder, path)
}

#[test]
fn a_log_in_a_file_keeps_every_rule() {
    let mut folders = Vec::new();
    rules::hold(&mut || {
        let (folder, path) = log_of(0);
        folders.push(folder);
        Box::new(Sqlite::open(&path).expect("opens"))
    });
}

#[test]
fn of_two_managers_on_one_file_one_wins() {
    let (_folder, path) = log_of(0);
    races::one_of_two_managers_wins(&|| Box::new(Sqlite::open(&path).expect("opens")));
}

#[test]
fn what_was_recorded_is_there_when_the_file_is_opened_again() {
    let (_folder, path) = log_of(3);
    let mut store = Sqlite::open(&path).expect("opens");
    assert_eq!(super::whole(&mut store).len(), 3);
    store.append(&batch("key-0004", &["T1"]), &mut Rng::new(2, 1)).expect("recorded");
    drop(store);
    let mut reading = Sqlite::inspect(&path).expect("opens");
    assert_eq!(reading.of_subject("T1", 3, 9).expect("readable").len(), 1);
}

#[test]
fn a_file_whose_tables_were_never_made_gets_them_when_it_is_opened() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log");
    // The mark of a journal (FWJL) and version 0: the process that made it went no further.
    let marked = "PRAGMA application_id = 1180125772";
    Connection::open(&path).and_then(|file| file.execute_batch(marked)).expect("made");
    let mut store = Sqlite::open(&path).expect("opens");
    assert!(super::whole(&mut store).is_empty());
    store.append(&batch("key-0001", &["T1"]), &mut Rng::new(2, 0)).expect("recorded");
    drop(store);
    let file = Connection::open(&path).expect("opens");
    let version: u32 =
        file.pragma_query_value(None, "user_version", |row| row.get(0)).expect("a number");
    assert_eq!(version, 1);
}
