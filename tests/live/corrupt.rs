//! A journal that is not what was written: the desk names the event, keeps its hands off, and serves what is sound.

use super::morning;
use super::traffic::job;
use fieldwright::dispatch::desk::{Actor, Command, Desk, Event};
use fieldwright::journal::{
    Batch, Error, Expect, Head, Header, Memory, Sqlite, Store, readable_prefix,
};
use fieldwright::live::{Fault, Live};
use fieldwright::rng::Rng;
use fieldwright::units::Instant;
use std::path::{Path, PathBuf};

/// A file with a leak that somebody was asked about, and the folder that it is in.
fn file_with_a_leak() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("desk.db");
    let mut live = morning(Sqlite::create(&file).expect("a new file"));
    let (sue, leak) = (Actor::support("sue"), Command::open(job("leak", 1.0)));
    live.apply(Instant(0), &sue, "1", &leak).expect("taken");
    live.keep_snapshot().expect("kept");
    (folder, file)
}

fn change(file: &Path, statement: &str) {
    let other = rusqlite::Connection::open(file).expect("opens");
    assert!(other.execute(statement, []).expect("runs") > 0, "nothing has changed");
}

fn resumed(file: &Path) -> Result<Live<Sqlite>, Fault> {
    Live::resume(Sqlite::open(file).expect("opens"), Rng::new(1, 1))
}

#[test]
fn an_event_that_was_tampered_with_is_named_and_those_before_it_can_be_read() {
    let (_folder, file) = file_with_a_leak();
    change(&file, "DELETE FROM snapshots");
    change(&file, "UPDATE events SET data = replace(data, 'leak', 'lake') WHERE position = 6");
    let Err(Fault::Store(Error::Corrupt(corrupt))) = resumed(&file) else { panic!("it is taken") };
    assert_eq!(corrupt.position, 6);

    let mut store = Sqlite::inspect(&file).expect("opens");
    let (prefix, error) = readable_prefix(&mut store);
    assert!(matches!(error, Some(Error::Corrupt(it)) if it.position == 6));
    let events: Vec<Event> = prefix.iter().map(|it| it.data.read().expect("an event")).collect();
    let desk = Desk::replay(&events);
    assert_eq!((desk.state().members().len(), desk.state().cases().len()), (4, 0));
    assert_eq!(store.head().expect("readable").position, 7, "nothing was taken away");
}

#[test]
fn a_snapshot_that_was_tampered_with_is_passed_over() {
    let (_folder, file) = file_with_a_leak();
    let sound = resumed(&file).expect("readable").desk().state().clone();
    change(&file, "UPDATE snapshots SET bytes = zeroblob(9)");
    assert!(*resumed(&file).expect("the log is sound").desk().state() == sound);
}

#[test]
fn a_log_whose_end_was_cut_off_is_not_written_on() {
    let (_folder, file) = file_with_a_leak();
    change(&file, "DELETE FROM snapshots");
    change(&file, "DELETE FROM events WHERE position = 7");
    let cut = Sqlite::open(&file);
    assert!(matches!(cut, Err(Error::Truncated { found: 6, head: 7 })), "{:?}", cut.err());
}

#[test]
fn an_event_of_a_newer_release_is_not_read_as_one_of_ours() {
    let mut store = morning(Memory::new()).into_store();
    let mut later = store.page(4, 1).expect("readable").remove(0);
    later.kind = later.kind.replace(".v1", ".v2");
    let header = Header::new(later.actor.clone(), "later", Instant(0));
    let draft = fieldwright::journal::Draft::new(later.kind, later.subject, later.data);
    let batch = Batch::new(header, vec![draft]).expecting(Expect::Head(5));
    store.append(&batch, &mut Rng::new(2, 0)).expect("a journal takes any event");
    assert_ne!(store.head().expect("readable"), Head::EMPTY);
    let Err(Fault::Unreadable { position, cause }) = Live::resume(store, Rng::new(1, 1)) else {
        panic!("it is taken")
    };
    assert_eq!(position, 6);
    assert!(cause.contains("engineer_enrolled.v2"), "{cause}");
}
