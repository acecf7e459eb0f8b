//! A full disk, another writer who does not end, a log opened for reading: refused, nothing half done.

use super::super::{batch, whole};
use super::log_of;
use fieldwright::journal::{Batch, Error, Snapshot, Sqlite, Store};
use fieldwright::rng::Rng;
use rusqlite::Connection;
use std::time::Duration;

const SUBJECTS: [&str; 8] = ["T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8"];

fn numbered(number: usize) -> Batch {
    batch(&format!("key-{number:04}"), &SUBJECTS)
}

#[test]
fn a_full_disk_takes_a_batch_whole_or_not_at_all() {
    let (_folder, path) = log_of(0);
    let (mut store, mut rng) = (Sqlite::open(&path).expect("opens"), Rng::new(2, 0));
    store.limit_bytes(200_000).expect("limited");
    let mut recorded = 0;
    let error = loop {
        match store.append(&numbered(recorded), &mut rng) {
            Ok(_) => recorded += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::Full), "{error:?}");
    assert!(recorded > 5, "{recorded} batches fit");
    assert_eq!(whole(&mut store).len(), recorded * SUBJECTS.len());
    drop(store);

    let mut store = Sqlite::open(&path).expect("opens after a full disk");
    assert_eq!(whole(&mut store).len(), recorded * SUBJECTS.len());
    let again = store.append(&numbered(recorded), &mut rng).expect("there is room again");
    assert!(!again.repeated);
    assert_eq!(whole(&mut store).len(), (recorded + 1) * SUBJECTS.len());
}

#[test]
fn another_writer_who_does_not_end_makes_the_log_busy() {
    let (_folder, path) = log_of(1);
    let mut store = Sqlite::open(&path).expect("opens");
    store.wait_at_most(Duration::from_millis(20)).expect("set");
    let other = Connection::open(&path).expect("opens");
    other.execute_batch("BEGIN IMMEDIATE").expect("begins");
    let refused = store.append(&numbered(2), &mut Rng::new(2, 0));
    assert!(matches!(refused, Err(Error::Busy)), "{refused:?}");
    assert_eq!(whole(&mut store).len(), 1, "reading goes on");
    other.execute_batch("ROLLBACK").expect("ends");
    store.append(&numbered(2), &mut Rng::new(2, 0)).expect("recorded");
}

#[test]
fn a_log_opened_for_inspection_is_not_written_to() {
    let (_folder, path) = log_of(2);
    let mut store = Sqlite::inspect(&path).expect("opens");
    let head = store.head().expect("readable");
    let append = store.append(&numbered(3), &mut Rng::new(2, 0));
    assert!(matches!(append, Err(Error::ReadOnly)), "{append:?}");
    let keep = store.keep(&Snapshot { head, schema: 1, bytes: vec![] });
    assert!(matches!(keep, Err(Error::ReadOnly)), "{keep:?}");
    assert_eq!(whole(&mut store).len(), 2);
}
