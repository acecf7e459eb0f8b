//! The desk on a journal: nothing is answered before it is written, and a crash loses nothing.
//!
//! A [`Live`] holds a [`Desk`] and the [`Store`] that its events go to. Each call deals with what is due, does
//! what is asked, and records the events of both before it returns them. If the store fails, the desk is
//! made anew from what the store holds: what was not written has not happened, and the caller sends the
//! command again under its key.
//!
//! Several processes may serve one journal. Each batch is recorded only if nothing else was since; who
//! comes second catches up, gets [`journal::Error::Conflict`], and asks again.
//!
//! ```
//! use fieldwright::dispatch::desk::{Act, Actor, Command, OfferPolicy};
//! use fieldwright::journal::Memory;
//! use fieldwright::live::Live;
//! use fieldwright::model::{Engineer, Place, Ticket, TravelMode, World};
//! use fieldwright::rng::Rng;
//! use fieldwright::units::{Instant, Seconds};
//!
//! let mut world = World::new(TravelMode::car(36_000));
//! world.engineers.push(Engineer::new("ada", Place::at(52.5, 13.4), Instant(0), Instant(36_000)));
//! let mut live = Live::open(Instant(0), &world, OfferPolicy::default(), Memory::new(), Rng::new(1, 0))?;
//! let leak = Ticket::new("leak", Place::at(52.51, 13.42), Seconds(3_600));
//! live.apply(Instant(0), &Actor::support("sue"), "1", &Command::open(leak))?;
//!
//! // The process dies; another one goes on from the journal.
//! let store = live.into_store();
//! let live = Live::resume(store, Rng::new(1, 1))?;
//! assert_eq!(live.desk().state().case("leak").expect("opened").offers[0].engineer, "ada");
//! assert_eq!(live.next_deadline(), Some(Instant(1_800)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::dispatch::desk::{
    Actor, Cause, Command, Desk, Event, Forecast, OfferPolicy, Refusal, State,
};
use crate::journal::{
    self, Batch, Canonical, Draft, Envelope, Expect, Head, Header, Snapshot, Store,
};
use crate::model::{Agreement, Issues, World};
use crate::rng::Rng;
use crate::units::Instant;
use rayon::prelude::*;

/// Version of the form in which a state is kept as a snapshot.
const SCHEMA: u32 = 4;
/// Events that are read at a time.
const PAGE: usize = 512;
/// The subject of events about the desk itself.
const DESK: &str = "desk";

/// Why something was not done. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The desk refuses the command.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The world or the policy is at fault.
    #[error(transparent)]
    Input(#[from] Issues),
    /// The store failed, or somebody else has written meanwhile. To do: send the command again under its key.
    #[error(transparent)]
    Store(#[from] journal::Error),
    /// The journal to begin has events already. To do: resume it.
    #[error("the journal has {0} events already: resume it")]
    NotEmpty(u64),
    /// An event of the journal is none of a desk, or of one that this release does not know.
    #[error("position {position}: {cause}")]
    Unreadable {
        /// Which event.
        position: u64,
        /// What is wrong with it.
        cause: String,
    },
}

/// A desk whose events are on a journal.
#[derive(Debug)]
pub struct Live<S> {
    desk: Desk,
    store: S,
    rng: Rng,
    /// The last event that the desk knows.
    head: Head,
    /// The store has failed, so that the desk may be ahead of it.
    is_doubtful: bool,
}

impl<S: Store> Live<S> {
    /// Opens a desk on an empty journal. `rng` makes the ids of events.
    ///
    /// # Errors
    /// Every fault of world and policy; a journal that is not empty; a store that fails.
    pub fn open(
        now: Instant,
        world: &World,
        policy: OfferPolicy,
        store: S,
        rng: Rng,
    ) -> Result<Self, Fault> {
        Self::open_under(now, world, policy, Agreement::default(), store, rng)
    }

    /// Opens a desk that promises what an agreement says.
    ///
    /// # Errors
    /// Those of [`Live::open`], and every fault of the agreement.
    pub fn open_under(
        now: Instant,
        world: &World,
        policy: OfferPolicy,
        agreement: Agreement,
        mut store: S,
        rng: Rng,
    ) -> Result<Self, Fault> {
        let head = store.head()?;
        if head != Head::EMPTY {
            return Err(Fault::NotEmpty(head.position));
        }
        let (desk, events) = Desk::open_under(now, world, policy, agreement)?;
        let mut live = Self { desk, store, rng, head, is_doubtful: false };
        live.record(now, &events)?;
        Ok(live)
    }

    /// Goes on from a journal: its last snapshot and what follows, or all of it.
    ///
    /// # Errors
    /// A journal that cannot be read or does not verify, and events that are none of a desk.
    pub fn resume(mut store: S, rng: Rng) -> Result<Self, Fault> {
        let (desk, head) = read(&mut store)?;
        Ok(Self { desk, store, rng, head, is_doubtful: false })
    }

    /// The desk as it is now.
    #[must_use]
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// When [`advance`](Self::advance) has something to do.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Instant> {
        self.desk.next_deadline()
    }

    /// Gives the store back.
    #[must_use]
    pub fn into_store(self) -> S {
        self.store
    }

    /// Deals with every deadline up to now, records what follows, and returns it.
    ///
    /// # Errors
    /// A store that fails.
    pub fn advance(&mut self, now: Instant) -> Result<Vec<Event>, Fault> {
        self.make_sure()?;
        let events = self.desk.advance(now);
        self.record(now, &events)?;
        Ok(events)
    }

    /// Deals with what is due, does what somebody asks for, deals with what is due at once through that (who said
    /// no is answered, and the next one asked), records all of it, and returns the events of the command; those of a
    /// command that was done before come back as they were.
    ///
    /// # Errors
    /// A refusal, or a store that fails.
    pub fn apply(
        &mut self,
        now: Instant,
        actor: &Actor,
        key: &str,
        command: &Command,
    ) -> Result<Vec<Event>, Fault> {
        self.advance(now)?;
        let events = self.desk.apply(now, actor, key, command)?;
        self.record(now, &events)?;
        self.advance(now)?;
        Ok(events)
    }

    /// What becomes of every promise that runs, the worst first: that of the [desk](Desk::forecast), once what others
    /// have written is taken in.
    ///
    /// ```
    /// use fieldwright::dispatch::desk::{Actor, Command, OfferPolicy, Risk};
    /// use fieldwright::journal::Memory;
    /// use fieldwright::live::Live;
    /// use fieldwright::model::{Engineer, Place, Ticket, TravelMode, World};
    /// use fieldwright::rng::Rng;
    /// use fieldwright::units::{Instant, Seconds};
    ///
    /// let mut world = World::new(TravelMode::car(36_000));
    /// world.engineers.push(Engineer::new("ada", Place::at(52.5, 13.4), Instant(0), Instant(36_000)));
    /// let mut live = Live::open(Instant(0), &world, OfferPolicy::default(), Memory::new(), Rng::new(1, 0))?;
    /// let mut leak = Ticket::new("leak", Place::at(52.51, 13.42), Seconds(3_600));
    /// leak.due = Some(Instant(7_200));
    /// live.apply(Instant(0), &Actor::support("sue"), "1", &Command::open(leak))?;
    /// let forecast = live.forecast(Instant(0))?;
    /// assert_eq!((forecast[0].due, forecast[0].risk), (Instant(7_200), Risk::Unplanned));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A store that fails, or events that are none of a desk.
    pub fn forecast(&mut self, now: Instant) -> Result<Vec<Forecast>, Fault> {
        self.catch_up()?;
        Ok(self.desk.forecast(now))
    }

    /// Takes in what others have written since. Linear in the state where somebody has, constant otherwise.
    ///
    /// # Errors
    /// A store that fails, or events that are none of a desk.
    pub fn catch_up(&mut self) -> Result<(), Fault> {
        self.make_sure()?;
        if self.store.head()? != self.head {
            let state = self.desk.state().clone();
            (self.desk, self.head) = follow(&mut self.store, state, self.head)?;
        }
        Ok(())
    }

    /// The events from this number on, as they stand in the journal.
    ///
    /// # Errors
    /// A store that fails, or events that are none of a desk.
    pub fn events(&mut self, since: u64) -> Result<Vec<Event>, Fault> {
        let mut events = Vec::new();
        // The positions of a journal begin at 1, the numbers of events at 0.
        let mut after = since;
        loop {
            let page = self.store.page(after, PAGE)?;
            let Some(last) = page.last() else { return Ok(events) };
            after = last.position;
            for envelope in &page {
                events.push(event(envelope)?);
            }
        }
    }

    /// Verifies the hash chain from its first event to its last, and says where it ends: who keeps that
    /// elsewhere sees later whether a tail was cut off.
    ///
    /// # Errors
    /// The first event that is not what was recorded.
    pub fn verify(&mut self) -> Result<Head, Fault> {
        let mut replay = journal::replay(&mut self.store, Head::EMPTY);
        replay.by_ref().try_for_each(|envelope| envelope.map(drop))?;
        Ok(replay.head())
    }

    /// Keeps the state beside the log, so that the next start need not replay all of it.
    ///
    /// # Errors
    /// A store that fails.
    pub fn keep_snapshot(&mut self) -> Result<(), Fault> {
        self.make_sure()?;
        let bytes = serde_json::to_vec(self.desk.state()).map_err(unwritable)?;
        self.store.keep(&Snapshot { head: self.head, schema: SCHEMA, bytes })?;
        Ok(())
    }

    /// Makes the desk anew where the store has failed and it may know what was never written.
    fn make_sure(&mut self) -> Result<(), Fault> {
        if self.is_doubtful {
            (self.desk, self.head) = read(&mut self.store)?;
            self.is_doubtful = false;
        }
        Ok(())
    }

    /// Records events, but for those that are recorded already.
    fn record(&mut self, now: Instant, events: &[Event]) -> Result<(), Fault> {
        let fresh = events.partition_point(|event| event.seq < self.head.position);
        let events = &events[fresh..];
        let Some(first) = events.first() else {
            return Ok(());
        };
        let done = batch(now, first, events).and_then(|batch| {
            self.store.append(&batch.expecting(Expect::Head(self.head.position)), &mut self.rng)
        });
        match done {
            Ok(appended) => {
                self.head = appended.events.last().map_or(self.head, Head::after);
                Ok(())
            }
            Err(error) => {
                self.is_doubtful = true;
                // What it finds out now it need not find out later; if it cannot, the next call tries again.
                let _ = self.make_sure();
                Err(error.into())
            }
        }
    }
}

/// What happened in one go, for the journal.
fn batch(now: Instant, first: &Event, events: &[Event]) -> Result<Batch, journal::Error> {
    let (actor, key) = match &first.cause {
        Cause::Command { actor, key, .. } => {
            (journal::Actor::new(&actor.id, actor.role.to_string()), format!("command {key}"))
        }
        Cause::Clock => (journal::Actor::new(DESK, "system"), format!("event {}", first.seq)),
    };
    let drafts = events.iter().map(draft).collect::<Result<_, _>>()?;
    Ok(Batch::new(Header::new(actor, key, now), drafts))
}

/// An event as the journal takes it. One with a number that canonical JSON does not have, such as a score of 2^53,
/// goes as a text, which was once the form of all.
fn draft(event: &Event) -> Result<Draft, journal::Error> {
    let data = match Canonical::of(event) {
        Ok(data) => data,
        Err(_) => {
            let text = serde_json::to_string(event).map_err(unwritable)?;
            Canonical::of(&text).map_err(unwritable)?
        }
    };
    let subject = if event.subject.is_empty() { DESK } else { &event.subject };
    let draft = Draft::new(event.fact.event_type(), subject, data);
    Ok(Draft { occurred_at: Some(event.at), ..draft })
}

/// What a state or an event cannot be written for.
fn unwritable(error: impl std::error::Error + Send + Sync + 'static) -> journal::Error {
    journal::Error::Io(error.into())
}

/// The desk of a journal, and its last event.
fn read(store: &mut impl Store) -> Result<(Desk, Head), Fault> {
    let (state, head) = match store.snapshot(SCHEMA) {
        Ok(Some(kept)) => match serde_json::from_slice(&kept.bytes) {
            Ok(state) => (state, kept.head),
            Err(_) => (State::default(), Head::EMPTY),
        },
        // A snapshot saves time and is worth no more: without it the log is read from its start.
        Ok(None) | Err(journal::Error::Corrupt(_)) => (State::default(), Head::EMPTY),
        Err(error) => return Err(error.into()),
    };
    follow(store, state, head)
}

/// The desk of a state and of what the journal says after it, and the last event.
fn follow(store: &mut impl Store, mut state: State, head: Head) -> Result<(Desk, Head), Fault> {
    let mut replay = journal::replay(store, head);
    loop {
        let page: Vec<Result<Envelope, journal::Error>> = replay.by_ref().take(PAGE).collect();
        if page.is_empty() {
            break;
        }
        // Each event is read by itself; only folding them has an order.
        let events: Vec<Result<Event, Fault>> =
            page.into_par_iter().map(|envelope| event(&envelope?)).collect();
        for event in events {
            state.on(&event?);
        }
    }
    let head = replay.head();
    Ok((Desk::resume(state), head))
}

fn event(envelope: &Envelope) -> Result<Event, Fault> {
    let event = if envelope.data.as_str().starts_with('"') {
        envelope.data.read().and_then(|text: String| serde_json::from_str(&text))
    } else {
        envelope.data.read()
    };
    event.map_err(|error| {
        let (position, cause) = (envelope.position, error.to_string());
        Fault::Unreadable { position, cause }
    })
}
