//! Damaged files: told from sound ones, never written to, and read as far as they go.

use super::super::{batch, whole};
use super::log_of;
use fieldwright::journal::{
    Cause, Corrupt, Envelope, Error, Head, Snapshot, Sqlite, Store, readable_prefix,
};
use fieldwright::rng::Rng;
use rusqlite::Connection;
use std::fs;
use std::path::Path;

/// The file must be refused, and be left as it is.
#[track_caller]
fn refused(path: &Path) -> Error {
    let before = fs::read(path).expect("readable");
    let Err(error) = Sqlite::open(path) else { panic!("it opened") };
    assert!(fs::read(path).expect("readable") == before, "the file was written to");
    error
}

fn damage(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).expect("readable");
    change(&mut bytes);
    fs::write(path, bytes).expect("writable");
}

fn place_of(bytes: &[u8], text: &str) -> usize {
    bytes.windows(text.len()).position(|window| window == text.as_bytes()).expect("it is there")
}

/// What is readable of a log that `change` was made to by other means, and what is wrong.
fn after_sql(change: &str) -> (Vec<Envelope>, Option<Error>) {
    let (_folder, path) = log_of(9);
    Connection::open(&path).and_then(|file| file.execute_batch(change)).expect("changed");
    readable_prefix(&mut Sqlite::open(&path).expect("its ends are sound"))
}

#[track_caller]
fn breaks_at(position: u64, cause: &Cause, (events, end): (Vec<Envelope>, Option<Error>)) {
    assert_eq!(events.len() as u64, position - 1, "{end:?}");
    let Some(Error::Corrupt(corrupt)) = end else { panic!("{end:?}") };
    assert_eq!(corrupt, Corrupt { position, cause: cause.clone() });
}

#[test]
fn a_byte_that_changed_in_one_event_is_found_in_that_event() {
    let (_folder, path) = log_of(60);
    let sound = whole(&mut Sqlite::open(&path).expect("opens"));
    damage(&path, |bytes| {
        let data = sound[36].data.as_str();
        let at = place_of(bytes, data) + data.len() - 3;
        assert_eq!(bytes[at], b'7');
        bytes[at] = b'8';
    });
    let prefix = readable_prefix(&mut Sqlite::open(&path).expect("its ends are sound"));
    assert_eq!(prefix.0, sound[..36]);
    breaks_at(37, &Cause::Hash, prefix);
}

#[test]
fn a_removed_event_leaves_a_gap() {
    breaks_at(5, &Cause::Gap { found: 6 }, after_sql("DELETE FROM events WHERE position = 5"));
}

#[test]
fn an_event_replaced_with_a_hash_to_match_is_found_in_the_next() {
    let (_folder, path) = log_of(9);
    let mut event = whole(&mut Sqlite::open(&path).expect("opens")).remove(4);
    event.actor.id = "mallory".into();
    event.hash = event.hash_into(&mut String::new());
    let change = "UPDATE events SET actor = ?1, hash = ?2 WHERE position = 5";
    let file = Connection::open(&path).expect("opens");
    file.execute(change, rusqlite::params![event.actor.id, event.hash.0]).expect("changed");
    breaks_at(6, &Cause::Link, readable_prefix(&mut Sqlite::open(&path).expect("opens")));
}

#[test]
fn a_column_of_nonsense_is_unreadable_and_not_a_panic() {
    for change in [
        "UPDATE events SET visibility = 'everybody' WHERE position = 3",
        "UPDATE events SET hash = x'00' WHERE position = 3",
        "UPDATE events SET seq = -1 WHERE position = 3",
        "UPDATE events SET data = CAST(x'22ff22' AS TEXT) WHERE position = 3",
    ] {
        let (events, end) = after_sql(change);
        assert_eq!(events.len(), 2, "{change}");
        let unreadable = |cause: &Cause| matches!(cause, Cause::Unreadable(_));
        let Some(Error::Corrupt(Corrupt { position: 3, cause })) = end else { panic!("{end:?}") };
        assert!(unreadable(&cause), "{change}: {cause}");
    }
}

#[test]
fn a_log_without_its_last_events_is_truncated() {
    let (_folder, path) = log_of(9);
    let cut = "DELETE FROM events WHERE position > 7";
    Connection::open(&path).and_then(|file| file.execute_batch(cut)).expect("changed");
    let error = refused(&path);
    assert!(matches!(error, Error::Truncated { found: 7, head: 9 }), "{error}");
    let (events, end) = readable_prefix(&mut Sqlite::inspect(&path).expect("opens"));
    assert_eq!(events.len(), 7);
    assert!(matches!(end, Some(Error::Truncated { found: 7, head: 9 })), "{end:?}");
}

#[test]
fn a_file_cut_short_is_refused_and_read_as_far_as_it_goes() {
    let (_folder, path) = log_of(300);
    let sound = whole(&mut Sqlite::open(&path).expect("opens"));
    damage(&path, |bytes| bytes.truncate(bytes.len() / 2));
    let error = refused(&path);
    assert!(matches!(error, Error::Truncated { .. }), "{error}");
    let (events, end) = readable_prefix(&mut Sqlite::inspect(&path).expect("opens"));
    assert!((100..200).contains(&events.len()), "about half: {}", events.len());
    assert_eq!(events, sound[..events.len()]);
    let expected = events.len() as u64 + 1;
    let Some(Error::Corrupt(Corrupt { position, .. })) = end else { panic!("{end:?}") };
    assert_eq!(position, expected);
}

#[test]
fn an_emptied_file_is_not_taken_for_a_new_log() {
    let (_folder, path) = log_of(3);
    damage(&path, Vec::clear);
    let error = refused(&path);
    assert!(matches!(error, Error::Truncated { .. }), "{error}");
    assert!(error.to_string().starts_with("the file ends before its own length"), "{error}");
    assert!(matches!(Sqlite::create(&path), Err(Error::Io(_))), "nor overwritten");
}

#[test]
fn a_file_of_something_else_is_refused() {
    let (folder, path) = log_of(3);
    damage(&path, |bytes| bytes[..16].fill(b'x'));
    assert!(matches!(refused(&path), Error::Corrupt(_)));
    let other = folder.path().join("other");
    let tables = Connection::open(&other).and_then(|file| file.execute_batch("CREATE TABLE t (x)"));
    tables.expect("made");
    assert!(matches!(refused(&other), Error::Foreign(_)));
    let absent = Sqlite::open(&folder.path().join("absent"));
    assert!(matches!(absent, Err(Error::Io(_))), "{absent:?}");
}

#[test]
fn a_file_of_a_newer_release_is_refused() {
    let (_folder, path) = log_of(3);
    let newer = "PRAGMA user_version = 2";
    Connection::open(&path).and_then(|file| file.execute_batch(newer)).expect("changed");
    let error = refused(&path);
    assert!(matches!(error, Error::Schema { found: 2, known: 1, .. }), "{error}");
}

#[test]
fn a_damaged_snapshot_is_told_from_a_damaged_log() {
    let (_folder, path) = log_of(3);
    let mut store = Sqlite::open(&path).expect("opens");
    let head = store.head().expect("readable");
    store.keep(&Snapshot { head, schema: 1, bytes: b"the state".to_vec() }).expect("kept");
    drop(store);
    damage(&path, |bytes| {
        let at = place_of(bytes, "the state");
        bytes[at] = b'T';
    });
    let mut store = Sqlite::open(&path).expect("the log is sound");
    let broken = store.snapshot(1);
    let Err(Error::Corrupt(Corrupt { position: 3, cause: Cause::Snapshot })) = broken else {
        panic!("{broken:?}")
    };
    assert_eq!(whole(&mut store).len(), 3);
    assert_ne!(head, Head::EMPTY);
    store.append(&batch("key-0004", &["T1"]), &mut Rng::new(2, 1)).expect("recorded");
}
