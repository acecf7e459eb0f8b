//! What a desk stands on: a journal in a file or in memory, or nothing at all when things are only tried.

use fieldwright::dispatch::desk::{Actor, Command, Desk, Event};
use fieldwright::journal::{self, Head, Store};
use fieldwright::live::{Fault, Live};
use fieldwright::units::Instant;

/// A desk and where its events go.
pub enum Ground {
    Journal(Live<Box<dyn Store + Send>>),
    Branch(Branch),
}

impl Ground {
    pub fn desk(&self) -> &Desk {
        match self {
            Self::Journal(live) => live.desk(),
            Self::Branch(branch) => &branch.desk,
        }
    }

    pub fn advance(&mut self, now: Instant) -> Result<Vec<Event>, Fault> {
        match self {
            Self::Journal(live) => live.advance(now),
            Self::Branch(branch) => Ok(branch.advance(now)),
        }
    }

    pub fn apply(
        &mut self,
        now: Instant,
        actor: &Actor,
        key: &str,
        command: &Command,
    ) -> Result<Vec<Event>, Fault> {
        match self {
            Self::Journal(live) => live.apply(now, actor, key, command),
            Self::Branch(branch) => branch.apply(now, actor, key, command),
        }
    }

    /// The events from this number on.
    pub fn events(&mut self, since: u64) -> Result<Vec<Event>, Fault> {
        match self {
            Self::Journal(live) => live.events(since),
            Self::Branch(branch) => Ok(branch.events(since)),
        }
    }

    /// Takes in what others have written; nobody else writes on a branch.
    pub fn catch_up(&mut self) -> Result<(), Fault> {
        match self {
            Self::Journal(live) => live.catch_up(),
            Self::Branch(_) => Ok(()),
        }
    }

    pub fn verify(&mut self) -> Result<Head, Fault> {
        match self {
            Self::Journal(live) => live.verify(),
            Self::Branch(_) => Err(no_journal()),
        }
    }

    pub fn keep_snapshot(&mut self) -> Result<(), Fault> {
        match self {
            Self::Journal(live) => live.keep_snapshot(),
            Self::Branch(_) => Err(no_journal()),
        }
    }
}

/// A copy of a desk, and what has happened to it since.
pub struct Branch {
    desk: Desk,
    first: u64,
    events: Vec<Event>,
}

impl Branch {
    pub fn of(desk: &Desk) -> Self {
        Self { desk: desk.branch(), first: desk.state().next_seq(), events: Vec::new() }
    }

    /// The number of the first event that is its own.
    pub fn first(&self) -> u64 {
        self.first
    }

    fn advance(&mut self, now: Instant) -> Vec<Event> {
        let events = self.desk.advance(now);
        self.keep(&events);
        events
    }

    fn apply(
        &mut self,
        now: Instant,
        actor: &Actor,
        key: &str,
        command: &Command,
    ) -> Result<Vec<Event>, Fault> {
        self.advance(now);
        let events = self.desk.apply(now, actor, key, command)?;
        self.keep(&events);
        self.advance(now);
        Ok(events)
    }

    fn events(&self, since: u64) -> Vec<Event> {
        self.events.iter().filter(|event| event.seq >= since).cloned().collect()
    }

    /// Keeps events, but for those of a command that came again.
    fn keep(&mut self, events: &[Event]) {
        let known = self.first + self.events.len() as u64;
        self.events.extend(events.iter().filter(|event| event.seq >= known).cloned());
    }
}

fn no_journal() -> Fault {
    journal::Error::Io("a branch has no journal".into()).into()
}
