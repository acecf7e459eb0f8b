//! The desk on a journal under faults: whatever breaks, and however often a command comes, the desk ends
//! where it would have ended without.

mod support;

use fieldwright::dispatch::desk::{Act, Actor, Command, Desk, Event, OfferPolicy, Phase};
use fieldwright::journal::{self, Appended, Batch, Envelope, Error, Head, Memory, Store, verify};
use fieldwright::live::{Fault, Live};
use fieldwright::model::{Engineer, Place, Ticket, TravelMode, World};
use fieldwright::rng::Rng;
use fieldwright::units::{Instant, Seconds};
use support::{Faults, Faulty};

/// How many days are simulated, unless `FIELDWRIGHT_SEEDS` says otherwise: `make nightly` asks for 10,000.
const SEEDS: u64 = 200;
const STEPS: usize = 40;

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

fn town() -> World {
    let mut world = World::new(TravelMode::car(36_000));
    for (id, lat) in [("ada", 52.52), ("bob", 52.50), ("cem", 52.44)] {
        let home = Place::at(lat, 13.40);
        world.engineers.push(Engineer::new(id, home, Instant(0), Instant(36_000)));
    }
    world
}

/// What somebody does next, which depends on nothing but the desk and luck.
fn next(desk: &Desk, step: usize, rng: &mut Rng) -> (Actor, Command) {
    let pick = rng.below(3);
    let offered = desk.state().cases().iter().find(|case| !case.offers.is_empty());
    match offered {
        Some(case) if pick > 0 => {
            let (offer, epoch) = (&case.offers[0], case.epoch);
            let act = match pick {
                1 => Act::Accept { offer: offer.id, epoch },
                _ => Act::Decline { offer: offer.id, reason: "too far".into() },
            };
            (Actor::engineer(&offer.engineer), Command::on(&case.ticket.id, act))
        }
        _ => {
            let place = Place::at(52.4 + rng.unit() * 0.2, 13.3 + rng.unit() * 0.2);
            let ticket = Ticket::new(format!("T{step}"), place, Seconds(1_200));
            (Actor::support("sue"), Command::open(ticket))
        }
    }
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

/// Does it until it is done, as a caller would: the same command, under its key, after every fault.
fn insist<T>(mut attempt: impl FnMut() -> Result<T, Fault>) -> T {
    for _ in 0..1_000 {
        match attempt() {
            Ok(done) => return done,
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

/// The journal of a day on which nothing has happened yet.
fn morning() -> Memory {
    let (policy, ids) = (OfferPolicy::default(), Rng::new(1, 0));
    let opened = Live::open(Instant(0), &town(), policy, Memory::new(), ids);
    opened.expect("sound").into_store()
}

/// A day of one seed on a store that breaks once in so many calls; 0 is never. The desk at its end, its
/// journal, and every answer.
fn day(seed: u64, one_in: usize) -> (Desk, Memory, Vec<Vec<Event>>) {
    let (mut people, mut luck) = (Rng::new(seed, 0), Rng::new(seed, 1));
    let mut live = revived(&morning(), &mut luck, one_in);
    let (mut now, mut answers) = (Instant(0), Vec::new());
    for step in 0..STEPS {
        now = Instant(now.0 + people.between(0, 900));
        insist(|| live.advance(now));
        let (actor, command) = next(live.desk(), step, &mut people);
        let key = step.to_string();
        let answer = insist(|| live.apply(now, &actor, &key, &command));
        if one_in > 0 {
            if luck.one_in(4) {
                // The answer was lost on its way, so it is asked for again.
                let again = insist(|| live.apply(now, &actor, &key, &command));
                assert_eq!(again, answer, "seed {seed}");
            }
            if luck.one_in(5) {
                insist(|| live.keep_snapshot());
            }
            if luck.one_in(4) {
                let journal = live.into_store().inner;
                live = revived(&journal, &mut luck, one_in);
            }
        }
        answers.push(answer);
    }
    (live.desk().clone(), live.into_store().inner, answers)
}

fn seeds() -> u64 {
    let Ok(asked) = std::env::var("FIELDWRIGHT_SEEDS") else { return SEEDS };
    asked.parse().unwrap_or_else(|_| panic!("FIELDWRIGHT_SEEDS is `{asked}`, no number of seeds"))
}

/// Every failure names its seed. A panic inside of a day does so, too.
#[test]
fn faults_crashes_and_repeats_change_nothing() {
    let (seeds, mut assigned) = (seeds(), 0);
    for seed in 0..seeds {
        let _named = Named(seed);
        let (calm, _, expected) = day(seed, 0);
        let (desk, store, answers) = day(seed, 4);
        assert_eq!(answers, expected, "seed {seed}");
        assert!(desk.state() == calm.state(), "seed {seed}");
        verify(Head::EMPTY, store.events()).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let mut resumed = Live::resume(store, Rng::new(seed, 7)).expect("readable");
        assert!(resumed.desk().state() == calm.state(), "seed {seed}");
        let log = resumed.events(0).expect("readable");
        let other = Desk::decisions(&log).find(|decision| !decision.is_same());
        assert!(other.is_none(), "seed {seed}: {}", other.expect("one"));
        assigned +=
            calm.state().cases().iter().filter(|case| case.phase == Phase::Assigned).count();
    }
    assert!(assigned > seeds as usize, "only {assigned} tickets were taken");
}

/// Two processes on one journal, and the folder that its file is in.
fn two_processes() -> (tempfile::TempDir, Live<journal::Sqlite>, Live<journal::Sqlite>) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("desk.db");
    let store = journal::Sqlite::create(&file).expect("a new file");
    let policy = OfferPolicy::default();
    let one = Live::open(Instant(0), &town(), policy, store, Rng::new(1, 0)).expect("sound");
    let again = journal::Sqlite::open(&file).expect("the same file");
    let two = Live::resume(again, Rng::new(1, 1)).expect("readable");
    (folder, one, two)
}

#[test]
fn of_two_processes_on_one_journal_the_second_is_told_and_catches_up() {
    let (_folder, mut one, mut two) = two_processes();
    let open = |id: &str| Command::open(Ticket::new(id, Place::at(52.5, 13.4), Seconds(600)));
    let sue = Actor::support("sue");
    one.apply(Instant(0), &sue, "1", &open("leak")).expect("taken");
    let late = two.apply(Instant(0), &sue, "2", &open("noise"));
    assert!(matches!(late, Err(Fault::Store(Error::Conflict { .. }))), "{late:?}");
    assert!(two.desk().state() == one.desk().state());
    two.apply(Instant(0), &sue, "2", &open("noise")).expect("taken");
    assert!(two.desk().state().case("noise").is_some());

    // Who only reads asks for what is new.
    assert!(one.desk().state().case("noise").is_none());
    one.catch_up().expect("readable");
    assert!(one.desk().state() == two.desk().state());
    let all = one.events(0).expect("readable");
    assert!(Desk::replay(&all).state() == one.desk().state());
    assert_eq!(one.events(5).expect("readable"), all[5..]);
    assert_eq!(one.verify().expect("sound").position, all.len() as u64);
}

#[test]
fn a_forecast_knows_what_another_process_has_written() {
    let (_folder, mut one, mut two) = two_processes();
    let due = Some(Instant(7_200));
    let leak = Ticket { due, ..Ticket::new("leak", Place::at(52.5, 13.4), Seconds(600)) };
    one.apply(Instant(0), &Actor::support("sue"), "1", &Command::open(leak)).expect("taken");
    let forecast = two.forecast(Instant(0)).expect("readable");
    assert_eq!(forecast.iter().map(|it| it.due).collect::<Vec<_>>(), [Instant(7_200)]);
    assert_eq!(forecast, one.desk().forecast(Instant(0)));
}

#[test]
fn a_journal_with_events_is_resumed_and_not_begun_anew() {
    let begun = Live::open(Instant(0), &town(), OfferPolicy::default(), morning(), Rng::new(1, 0));
    assert!(
        matches!(begun, Err(Fault::NotEmpty(4))),
        "one event for the desk, three for engineers"
    );
}
