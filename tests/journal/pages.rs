//! A log of several pages is read ahead and hashed by several threads: what comes out is what the plain check
//! of one event after the other says.

use super::support::{Faults, Faulty};
use super::{batch, whole};
use fieldwright::journal::{Envelope, Error, Head, Memory, Store, replay, verify};
use fieldwright::rng::Rng;

/// Two full pages of replay and a piece of a third.
const EVENTS: u64 = 1_100;
/// First, last and somewhere in each page.
const PLACES: [u64; 7] = [1, 300, 512, 513, 1_024, 1_025, EVENTS];

/// One event is changed, or cannot be read, nor what stands with it on a page.
struct Broken {
    changed: u64,
    unreadable: u64,
}

impl Faults for Broken {
    fn page(
        &mut self,
        inner: &mut Memory,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Envelope>, Error> {
        let mut page = inner.page(after, limit)?;
        if page.iter().any(|event| event.position == self.unreadable) {
            return Err(Error::Busy);
        }
        let changed = page.iter_mut().find(|event| event.position == self.changed);
        changed.into_iter().for_each(|event| event.subject.push('!'));
        Ok(page)
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
        let faults = Broken { changed, unreadable: 0 };
        let mut store = Faulty { inner: inner.clone(), faults };
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
        let faults = Broken { changed: 0, unreadable };
        let mut store = Faulty { inner: inner.clone(), faults };
        let mut found: Vec<Result<Envelope, Error>> = replay(&mut store, Head::EMPTY).collect();
        assert!(matches!(found.pop(), Some(Err(Error::Busy))), "{unreadable}");
        assert_eq!(found.len() as u64, (unreadable - 1) / 512 * 512, "{unreadable}");
        assert!(found.iter().all(Result::is_ok), "{unreadable}");
    }
}
