//! What a desk stands on: a journal in a file or in memory, or nothing at all when things are only tried.

use fieldwright::dispatch::desk::{Actor, Command, Desk, Event};
use fieldwright::journal::{self, Head, Store};
use fieldwright::live::{Fault, Live};
use fieldwright::units::Instant;

/// A desk and where its events go.
pub trait Journal: Send {
    fn desk(&self) -> &Desk;
    fn advance(&mut self, now: Instant) -> Result<Vec<Event>, Fault>;
    fn apply(
        &mut self,
        now: Instant,
        actor: &Actor,
        key: &str,
        command: &Command,
    ) -> Result<Vec<Event>, Fault>;
    /// The events from this number on.
    fn events(&mut self, since: u64) -> Result<Vec<Event>, Fault>;
    fn catch_up(&mut self) -> Result<(), Fault>;
    fn verify(&mut self) -> Result<Head, Fault>;
    fn keep_snapshot(&mut self) -> Result<(), Fault>;
}

impl<S: Store + Send> Journal for Live<S> {
    fn desk(&self) -> &Desk {
        self.desk()
    }

    fn advance(&mut self, now: Instant) -> Result<Vec<Event>, Fault> {
        self.advance(now)
    }

    fn apply(
        &mut self,
        now: Instant,
        actor: &Actor,
        key: &str,
        command: &Command,
    ) -> Result<Vec<Event>, Fault> {
        self.apply(now, actor, key, command)
    }

    fn events(&mut self, since: u64) -> Result<Vec<Event>, Fault> {
        self.events(since)
    }

    fn catch_up(&mut self) -> Result<(), Fault> {
        self.catch_up()
    }

    fn verify(&mut self) -> Result<Head, Fault> {
        self.verify()
    }

    fn keep_snapshot(&mut self) -> Result<(), Fault> {
        self.keep_snapshot()
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

    /// Keeps events, but for those of a command that came again.
    fn keep(&mut self, events: &[Event]) {
        let known = self.first + self.events.len() as u64;
        self.events.extend(events.iter().filter(|event| event.seq >= known).cloned());
    }
}

impl Journal for Branch {
    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn advance(&mut self, now: Instant) -> Result<Vec<Event>, Fault> {
        let events = self.desk.advance(now);
        self.keep(&events);
        Ok(events)
    }

    fn apply(
        &mut self,
        now: Instant,
        actor: &Actor,
        key: &str,
        command: &Command,
    ) -> Result<Vec<Event>, Fault> {
        self.advance(now)?;
        let events = self.desk.apply(now, actor, key, command)?;
        self.keep(&events);
        Ok(events)
    }

    fn events(&mut self, since: u64) -> Result<Vec<Event>, Fault> {
        Ok(self.events.iter().filter(|event| event.seq >= since).cloned().collect())
    }

    fn catch_up(&mut self) -> Result<(), Fault> {
        Ok(())
    }

    fn verify(&mut self) -> Result<Head, Fault> {
        Err(no_journal())
    }

    fn keep_snapshot(&mut self) -> Result<(), Fault> {
        Err(no_journal())
    }
}

fn no_journal() -> Fault {
    journal::Error::Io("a branch has no journal".into()).into()
}
