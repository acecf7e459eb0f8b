//! A log of several pages is read ahead and hashed by several threads: what comes out is what the plain check
//! of one event after the other says.

use super::{batch, whole};
use fieldwright::journal::{
    Appended, Batch, Envelope, Error, Head, Memory, Snapshot, Store, replay, verify,
};
use fieldwright::rng::Rng;

/// Two full pages of replay and a piece of a third.
const EVENTS: u64 = 1_100;
/// First, last and somewhere in each page.
const PLACES: [u64; 7] = [1, 300, 512, 513, 1_024, 1_025, EVENTS];

/// A log with one event changed, or that cannot be read from one event on.
struct Broken {
    inner: Memory,
    changed: u64,
    unreadable: u64,
}

impl Store for Broken {
    fn head(&mut self) -> Result<Head, Error> {
        self.inner.head()
    }

    fn append(&mut self, batch: &Batch, rng: &mut Rng) -> Result<Appended, Error> {
        self.inner.append(batch, rng)
    }

    fn page(&mut self, after: u64, limit: usize) -> Result<Vec<Envelope>, Error> {
        let mut page = self.inner.page(after, limit)?;
        if page.iter().any(|event| event.position == self.unreadable) {
            return Err(Error::Busy);
        }
        let changed = page.iter_mut().find(|event| event.position == self.changed);
        changed.into_iter().for_each(|event| event.subject.push('!'));
        Ok(page)
    }

    fn of_subject(&mut self, of: &str, after: u64, most: usize) -> Result<Vec<Envelope>, Error> {
        self.inner.of_subject(of, after, most)
    }

    fn of_key(&mut self, key: &str) -> Result<Vec<Envelope>, Error> {
        self.inner.of_key(key)
    }

    fn keep(&mut self, snapshot: &Snapshot) -> Result<(), Error> {
        self.inner.keep(snapshot)
    }

    fn snapshot(&mut self, schema: u32) -> Result<Option<Snapshot>, Error> {
        self.inner.snapshot(schema)
    }
}

fn log() -> Memory {
    let (mut store, mut rng) = (Memory::new(), Rng::new(1, 0));
    for number in 0..EVENTS / 11 {
        let subjects: Vec<String> = (0..11).map(|at| format!("T{}", number * at % 37)).collect();
        let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
        store.append(&batch(&format!("key {number}"), &subjects), &mut rng).expect("recorded");
    }
    store
}

#[test]
fn a_sound_log_comes_out_whole() {
    let mut store = log();
    let events = store.events().to_vec();
    assert_eq!(events.len() as u64, EVENTS);
    assert_eq!(whole(&mut store), events);
    let head = Head::after(&events[99]);
    assert_eq!(replay(&mut store, head).filter_map(Result::ok).collect::<Vec<_>>(), events[100..]);
}

#[test]
fn a_changed_event_is_found_where_the_plain_check_finds_it() {
    let inner = log();
    for changed in PLACES {
        let mut store = Broken { inner: inner.clone(), changed, unreadable: 0 };
        let mut found: Vec<Result<Envelope, Error>> = replay(&mut store, Head::EMPTY).collect();
        let Some(Err(Error::Corrupt(corrupt))) = found.pop() else { panic!("{changed} is missed") };
        let all = store.page(0, EVENTS as usize).expect("readable");
        assert_eq!(Err(corrupt), verify(Head::EMPTY, &all), "{changed}");
        let before: Vec<Envelope> = found.into_iter().map(|event| event.expect("sound")).collect();
        assert_eq!(before, inner.events()[..changed as usize - 1]);
    }
}

#[test]
fn what_stands_before_an_unreadable_page_comes_out_first() {
    let inner = log();
    for unreadable in PLACES {
        let mut store = Broken { inner: inner.clone(), changed: 0, unreadable };
        let mut found: Vec<Result<Envelope, Error>> = replay(&mut store, Head::EMPTY).collect();
        assert!(matches!(found.pop(), Some(Err(Error::Busy))), "{unreadable}");
        assert_eq!(found.len() as u64, (unreadable - 1) / 512 * 512, "{unreadable}");
        assert!(found.iter().all(Result::is_ok), "{unreadable}");
    }
}
