//! A store in memory that goes wrong where a test says so, and is sound in all else.

use fieldwright::journal::{Appended, Batch, Envelope, Error, Head, Memory, Snapshot, Store};
use fieldwright::rng::Rng;

/// What goes wrong; by default nothing does.
pub trait Faults {
    fn append(
        &mut self,
        inner: &mut Memory,
        batch: &Batch,
        rng: &mut Rng,
    ) -> Result<Appended, Error> {
        inner.append(batch, rng)
    }

    fn page(
        &mut self,
        inner: &mut Memory,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Envelope>, Error> {
        inner.page(after, limit)
    }
}

/// The store with its faults.
pub struct Faulty<F> {
    pub inner: Memory,
    pub faults: F,
}

impl<F: Faults> Store for Faulty<F> {
    fn head(&mut self) -> Result<Head, Error> {
        self.inner.head()
    }

    fn append(&mut self, batch: &Batch, rng: &mut Rng) -> Result<Appended, Error> {
        self.faults.append(&mut self.inner, batch, rng)
    }

    fn page(&mut self, after: u64, limit: usize) -> Result<Vec<Envelope>, Error> {
        self.faults.page(&mut self.inner, after, limit)
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
