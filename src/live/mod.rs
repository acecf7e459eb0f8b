//! The desk on a journal: nothing is answered before it is written, and a crash loses nothing.
//!
//! A [`Live`] holds a [`Desk`] and the [`Store`] that its events go to. Each call deals with what is due, does
//! what is asked, and records the events of both before it returns them. If the store fails, the desk is
//! made anew from what the store holds: what was not written has not happened, and the caller sends the
//! command again under its key.
//!
//! Several processes may serve one journal. Each call begins with what others have written, and a batch is
//! recorded only if nothing else was since: who comes second catches up and decides anew. So a refusal is never
//! for what was true a moment ago, and of two commands that name a version one is told who has the ticket.
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

mod written;

use crate::dispatch::desk::{Actor, Command, Desk, Event, Forecast, OfferPolicy, Refusal, State};
use crate::journal::{self, Envelope, Expect, Head, Snapshot, Store};
use crate::model::{Agreement, Issues, World};
use crate::rng::Rng;
use crate::units::Instant;
use rayon::prelude::*;
use uuid::Uuid;
use written::{batch, event, unwritable};

/// Version of the form in which a state is kept as a snapshot.
const SCHEMA: u32 = 5;
/// Events that are read at a time.
const PAGE: usize = 512;
/// How often a call is tried while others are faster. Each time one of them has come further.
const RACES: usize = 16;

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
    /// The store failed, or others were faster time and again. To do: send the command again under its key.
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
        live.record(now, events, None)?;
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

    /// Deals with every deadline up to now, records what follows, and returns it. What another process has dealt with
    /// is not due any more. Like that of the [desk](Desk::advance) it does nothing at a moment before the last
    /// event, or out of reach.
    ///
    /// # Errors
    /// A store that fails.
    pub fn advance(&mut self, now: Instant) -> Result<Vec<Event>, Fault> {
        self.insist(|live| live.pass(now, None))
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
        self.insist(|live| {
            live.pass(now, None)?;
            let events = live.desk.apply(now, actor, key, command)?;
            let (events, last) = live.record(now, events, None)?;
            live.pass(now, last)?;
            Ok(events)
        })
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

    /// Takes in what others have written since; constant where nobody has.
    ///
    /// # Errors
    /// A store that fails, or events that are none of a desk.
    pub fn catch_up(&mut self) -> Result<(), Fault> {
        self.make_sure()?;
        let Self { desk, store, head, .. } = self;
        if store.head()? != *head {
            follow(store, head, |event| desk.take_in(event))?;
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

    /// Tries something on what is true by now, and again where somebody else has written meanwhile.
    fn insist<T>(&mut self, attempt: impl Fn(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        let mut races = 0;
        loop {
            self.catch_up()?;
            let fault = match attempt(self) {
                Ok(done) => return Ok(done),
                Err(fault) => fault,
            };
            races += 1;
            if races == RACES || !self.is_outrun(&fault) {
                // What it finds out now it need not find out later; if it cannot, the next call tries again.
                let _ = self.make_sure();
                return Err(fault);
            }
        }
    }

    /// Whether something failed that might not have, had it been known what others have written.
    fn is_outrun(&mut self, fault: &Fault) -> bool {
        let depends = match fault {
            Fault::Refused(_) => true,
            Fault::Store(error) => {
                matches!(error, journal::Error::Conflict { .. } | journal::Error::KeyReused { .. })
            }
            _ => false,
        };
        depends && self.store.head().is_ok_and(|head| head != self.head)
    }

    /// Deals with every deadline up to now, because of this event or of the clock alone.
    fn pass(&mut self, now: Instant, because: Option<Uuid>) -> Result<Vec<Event>, Fault> {
        let events = self.desk.advance(now);
        Ok(self.record(now, events, because)?.0)
    }

    /// Records events, but for those that are recorded already. Returns them as they stand in the journal, and the
    /// last that was new there.
    fn record(
        &mut self,
        now: Instant,
        events: Vec<Event>,
        because: Option<Uuid>,
    ) -> Result<(Vec<Event>, Option<Uuid>), Fault> {
        let fresh = events.partition_point(|event| event.seq < self.head.position);
        let Some(first) = events.get(fresh) else {
            return Ok((events, None));
        };
        let done = batch(now, first, &events[fresh..], because).and_then(|batch| {
            self.store.append(&batch.expecting(Expect::Head(self.head.position)), &mut self.rng)
        });
        let appended = match done {
            Ok(appended) => appended,
            Err(error) => {
                self.is_doubtful = true;
                return Err(error.into());
            }
        };
        if appended.repeated {
            // It was done before, perhaps by another process and otherwise: what stands there counts.
            self.is_doubtful = true;
            self.make_sure()?;
            return Ok((appended.events.iter().map(event).collect::<Result<_, _>>()?, None));
        }
        self.head = appended.events.last().map_or(self.head, Head::after);
        Ok((events, appended.events.last().map(|last| last.id)))
    }
}

/// The desk of a journal, and its last event.
fn read(store: &mut impl Store) -> Result<(Desk, Head), Fault> {
    let (mut state, mut head) = match store.snapshot(SCHEMA) {
        Ok(Some(kept)) => match serde_json::from_slice(&kept.bytes) {
            Ok(state) => (state, kept.head),
            Err(_) => (State::default(), Head::EMPTY),
        },
        // A snapshot saves time and is worth no more: without it the log is read from its start.
        Ok(None) | Err(journal::Error::Corrupt(_)) => (State::default(), Head::EMPTY),
        Err(error) => return Err(error.into()),
    };
    follow(store, &mut head, |event| state.on(event))?;
    Ok((Desk::resume(state), head))
}

/// Hands on what the journal says after an event, which moves on with it. Of a page that is not sound nothing.
fn follow(
    store: &mut impl Store,
    head: &mut Head,
    mut take: impl FnMut(&Event),
) -> Result<(), Fault> {
    let mut replay = journal::replay(store, *head);
    loop {
        let page: Vec<Result<Envelope, journal::Error>> = replay.by_ref().take(PAGE).collect();
        if page.is_empty() {
            return Ok(());
        }
        // Each event is read by itself; only folding them has an order.
        let events: Result<Vec<Event>, Fault> =
            page.into_par_iter().map(|envelope| event(&envelope?)).collect();
        events?.iter().for_each(&mut take);
        *head = replay.head();
    }
}
