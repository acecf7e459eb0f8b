//! A log in memory: for tests, simulation and throw-away desks. It loses everything with the process.

use super::store::{Writing, append};
use super::{Appended, Batch, Envelope, Error, Head, Snapshot, Store};
use crate::rng::Rng;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::ops::Range;

/// A log in memory. Look-ups take constant time, and a page time linear in its length.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    events: Vec<Envelope>,
    /// The indexes of each subject's events.
    subjects: FxHashMap<String, Vec<usize>>,
    /// The indexes of the batch under each key.
    keys: FxHashMap<String, Range<usize>>,
    snapshots: BTreeMap<u32, Snapshot>,
}

impl Memory {
    /// An empty log.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// All events.
    #[must_use]
    pub fn events(&self) -> &[Envelope] {
        &self.events
    }
}

impl Writing for Memory {
    fn head(&mut self) -> Result<Head, Error> {
        Ok(self.events.last().map_or(Head::EMPTY, Head::after))
    }

    fn version(&mut self, subject: &str) -> Result<u64, Error> {
        Ok(self.subjects.get(subject).map_or(0, |events| events.len() as u64))
    }

    fn of_key(&mut self, key: &str) -> Result<Vec<Envelope>, Error> {
        let range = self.keys.get(key).cloned().unwrap_or_default();
        Ok(self.events[range].to_vec())
    }

    fn put(&mut self, events: &[Envelope]) -> Result<(), Error> {
        let from = self.events.len();
        for (event, index) in events.iter().zip(from..) {
            self.subjects.entry(event.subject.clone()).or_default().push(index);
            self.keys.entry(event.key.clone()).or_insert(from..from + events.len());
        }
        self.events.extend_from_slice(events);
        Ok(())
    }
}

impl Store for Memory {
    fn head(&mut self) -> Result<Head, Error> {
        Writing::head(self)
    }

    fn append(&mut self, batch: &Batch, rng: &mut Rng) -> Result<Appended, Error> {
        append(self, batch, rng)
    }

    fn page(&mut self, after: u64, limit: usize) -> Result<Vec<Envelope>, Error> {
        let from = usize::try_from(after).map_or(self.events.len(), |at| at.min(self.events.len()));
        let to = from.saturating_add(limit).min(self.events.len());
        Ok(self.events[from..to].to_vec())
    }

    fn of_subject(
        &mut self,
        subject: &str,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Envelope>, Error> {
        let indexes = self.subjects.get(subject).map_or(&[][..], Vec::as_slice);
        let events = indexes.iter().map(|&index| &self.events[index]);
        Ok(events.filter(|event| event.seq > after).take(limit).cloned().collect())
    }

    fn of_key(&mut self, key: &str) -> Result<Vec<Envelope>, Error> {
        Writing::of_key(self, key)
    }

    fn keep(&mut self, snapshot: &Snapshot) -> Result<(), Error> {
        snapshot.must_fit(self)?;
        self.snapshots.insert(snapshot.schema, snapshot.clone());
        Ok(())
    }

    fn snapshot(&mut self, schema: u32) -> Result<Option<Snapshot>, Error> {
        Ok(self.snapshots.get(&schema).cloned())
    }
}
