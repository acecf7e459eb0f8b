//! The desk on a journal under faults: whatever breaks, however often a command comes, and whoever else writes, the desk
//! ends where it would have ended without.

mod corrupt;
mod crashes;
mod envelopes;
mod faults;
mod full;
mod killed;
mod messages;
#[path = "../support/mod.rs"]
mod support;
mod together;
#[path = "../support/traffic.rs"]
mod traffic;

use fieldwright::dispatch::desk::{Desk, OfferPolicy, Refusal};
use fieldwright::journal::{Appended, Batch, Envelope, Error, Memory, Store};
use fieldwright::live::{Fault, Live};
use fieldwright::rng::Rng;
use fieldwright::units::Instant;
use support::{Faults, Faulty};
use traffic::{HOUR, MINUTE, PEOPLE, Step, town_of_people};

/// How many days are simulated, unless `FIELDWRIGHT_SEEDS` says otherwise: `make nightly` asks for 10,000.
const SEEDS: u64 = 200;
const STEPS: usize = 60;

fn seeds() -> u64 {
    let Ok(asked) = std::env::var("FIELDWRIGHT_SEEDS") else { return SEEDS };
    asked.parse().unwrap_or_else(|_| panic!("FIELDWRIGHT_SEEDS is `{asked}`, no number of seeds"))
}

/// Says which seed it was when anything panics.
struct Named(u64);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the day of seed {} failed", self.0);
        }
    }
}

/// What somebody does next, and how long after the last.
fn step(people: &mut Rng) -> Step {
    let most = if people.one_in(5) { 2 * HOUR } else { 5 * MINUTE };
    Step {
        wait: people.between(0, most),
        what: people.below(Step::WHATS.into()) as u8,
        ticket: people.below(Step::TICKETS),
        person: people.below(PEOPLE.len()),
        role: people.below(Step::ROLES.into()) as u8,
        amount: people.between(0, 4 * HOUR),
    }
}

/// Breaks now and then: before it has written, or after, so that nobody learns of it.
struct Breaking {
    rng: Rng,
    one_in: usize,
}

impl Breaking {
    fn breaks(&mut self) -> bool {
        self.one_in > 0 && self.rng.one_in(self.one_in)
    }
}

impl Faults for Breaking {
    fn append(
        &mut self,
        inner: &mut Memory,
        batch: &Batch,
        rng: &mut Rng,
    ) -> Result<Appended, Error> {
        if self.breaks() {
            if self.rng.one_in(2) {
                inner.append(batch, rng)?;
            }
            return Err(Error::Full);
        }
        inner.append(batch, rng)
    }

    fn page(
        &mut self,
        inner: &mut Memory,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Envelope>, Error> {
        if self.breaks() {
            return Err(Error::Busy);
        }
        inner.page(after, limit)
    }
}

/// Does it until it is done, as a caller would: the same command, under its key, after every fault.
fn insist<T>(mut attempt: impl FnMut() -> Result<T, Fault>) -> Result<T, Refusal> {
    for _ in 0..1_000 {
        match attempt() {
            Ok(done) => return Ok(done),
            Err(Fault::Refused(refusal)) => return Err(refusal),
            Err(Fault::Store(_)) => {}
            Err(fault) => panic!("{fault}"),
        }
    }
    panic!("it never works")
}

/// A process that goes on from a journal, tried until it comes up.
fn revived(journal: &Memory, luck: &mut Rng, one_in: usize) -> Live<Faulty<Breaking>> {
    loop {
        let (rng, ids) = (Rng::new(luck.next_u64(), 0), Rng::new(luck.next_u64(), 1));
        let store = Faulty { inner: journal.clone(), faults: Breaking { rng, one_in } };
        if let Ok(live) = Live::resume(store, ids) {
            return live;
        }
    }
}

/// The desk of a day on which nothing has happened yet, on an empty journal.
fn morning<S: Store>(store: S) -> Live<S> {
    let (world, policy) = (town_of_people(), OfferPolicy::default());
    Live::open(Instant(0), &world, policy, store, Rng::new(1, 0)).expect("sound")
}

/// What holds of every journal when the day is over: its chain, that replay is the state, and that every decision
/// can be made again.
fn check_journal<S: Store>(live: &mut Live<S>) {
    live.verify().expect("the chain holds");
    let log = live.events(0).expect("readable");
    assert!(Desk::replay(&log).state() == live.desk().state(), "replay is another state");
    let other = Desk::decisions(&log).find(|decision| !decision.is_same());
    assert!(other.is_none(), "{}", other.expect("one"));
}

#[test]
fn a_journal_with_events_is_resumed_and_not_begun_anew() {
    let journal = morning(Memory::new()).into_store();
    let (world, policy) = (town_of_people(), OfferPolicy::default());
    let begun = Live::open(Instant(0), &world, policy, journal, Rng::new(1, 0));
    assert!(matches!(begun, Err(Fault::NotEmpty(5))), "one event for the desk, four for engineers");
}
