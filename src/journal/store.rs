//! What every store can do, and the one set of rules by which all of them take in a batch.

use super::{Batch, Cause, Corrupt, Digest, Envelope, Error, Expect, Head, Verifier};
use crate::rng::Rng;
use rayon::prelude::*;
use std::iter::Zip;
use std::vec::IntoIter;

/// A log of events and the snapshots that shorten its replay.
///
/// A store is one connection: it is used by one thread at a time, and others open their own. Only
/// [`Memory`](super::Memory) has no others.
pub trait Store {
    /// The end of the log.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn head(&mut self) -> Result<Head, Error>;

    /// Records a batch, whole and for good, before it returns; or nothing of it.
    ///
    /// A batch whose key is in the log with the same request and actor is not recorded again: the
    /// first result comes back, whatever happened since. `rng` makes the ids.
    ///
    /// # Errors
    /// In this order: [`Error::Refused`], [`Error::KeyReused`], [`Error::Conflict`], [`Error::Clock`];
    /// and whatever can befall a disk.
    fn append(&mut self, batch: &Batch, rng: &mut Rng) -> Result<Appended, Error>;

    /// At most `limit` events after a position, in order, as they are stored: nothing is verified
    /// (see [`replay`] for that). Fewer than `limit` mean nothing unless there are none.
    ///
    /// # Errors
    /// When the first of them cannot be read.
    fn page(&mut self, after: u64, limit: usize) -> Result<Vec<Envelope>, Error>;

    /// At most `limit` events of one subject with numbers above `after`, in order.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn of_subject(
        &mut self,
        subject: &str,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Envelope>, Error>;

    /// The events recorded under an idempotency key; none if there are none.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn of_key(&mut self, key: &str) -> Result<Vec<Envelope>, Error>;

    /// Keeps a snapshot in place of the one with the same schema.
    ///
    /// # Errors
    /// [`Cause::Snapshot`] when it does not belong to this log.
    fn keep(&mut self, snapshot: &Snapshot) -> Result<(), Error>;

    /// The snapshot with this schema. Others, of older or newer programs, are none of its business.
    ///
    /// # Errors
    /// [`Cause::Snapshot`] when it is not what was kept; the log can still be replayed from its start.
    fn snapshot(&mut self, schema: u32) -> Result<Option<Snapshot>, Error>;
}

/// A store that is only known when the program runs.
impl<S: Store + ?Sized> Store for Box<S> {
    fn head(&mut self) -> Result<Head, Error> {
        (**self).head()
    }

    fn append(&mut self, batch: &Batch, rng: &mut Rng) -> Result<Appended, Error> {
        (**self).append(batch, rng)
    }

    fn page(&mut self, after: u64, limit: usize) -> Result<Vec<Envelope>, Error> {
        (**self).page(after, limit)
    }

    fn of_subject(
        &mut self,
        subject: &str,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Envelope>, Error> {
        (**self).of_subject(subject, after, limit)
    }

    fn of_key(&mut self, key: &str) -> Result<Vec<Envelope>, Error> {
        (**self).of_key(key)
    }

    fn keep(&mut self, snapshot: &Snapshot) -> Result<(), Error> {
        (**self).keep(snapshot)
    }

    fn snapshot(&mut self, schema: u32) -> Result<Option<Snapshot>, Error> {
        (**self).snapshot(schema)
    }
}

/// What became of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The events as they stand in the log.
    pub events: Vec<Envelope>,
    /// Whether they stood there before.
    pub repeated: bool,
}

/// A state as it was after some event, in a form that the log knows nothing of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The last event that is in it. [`replay`] the rest from here.
    pub head: Head,
    /// Version of the form of `bytes`.
    pub schema: u32,
    /// The state.
    pub bytes: Vec<u8>,
}

impl Snapshot {
    /// The hash that a store keeps beside it.
    #[must_use]
    pub fn hash(&self) -> Digest {
        let Head { position, hash, recorded_at } = self.head;
        let mut whole = Vec::with_capacity(self.bytes.len() + 52);
        whole.extend(position.to_be_bytes());
        whole.extend(hash.0);
        whole.extend(recorded_at.0.to_be_bytes());
        whole.extend(self.schema.to_be_bytes());
        whole.extend(&self.bytes);
        Digest::of(&whole)
    }

    /// The snapshot, if it has this hash.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) fn checked(self, hash: Digest) -> Result<Self, Error> {
        if self.hash() == hash { Ok(self) } else { Err(self.broken()) }
    }

    pub(crate) fn broken(&self) -> Error {
        Corrupt { position: self.head.position, cause: Cause::Snapshot }.into()
    }

    /// Refuses a snapshot of another log.
    pub(crate) fn must_fit(&self, store: &mut (impl Store + ?Sized)) -> Result<(), Error> {
        let at = match self.head.position {
            0 => Head::EMPTY,
            position => store.page(position - 1, 1)?.first().map_or(Head::EMPTY, Head::after),
        };
        if at == self.head { Ok(()) } else { Err(self.broken()) }
    }
}

/// What a store offers while it alone may write.
pub(crate) trait Writing {
    /// The end of the log.
    fn head(&mut self) -> Result<Head, Error>;
    /// How many events a subject has.
    fn version(&mut self, subject: &str) -> Result<u64, Error>;
    /// The events under a key.
    fn of_key(&mut self, key: &str) -> Result<Vec<Envelope>, Error>;
    /// Puts events at the end. Undone as a whole if it fails.
    fn put(&mut self, events: &[Envelope]) -> Result<(), Error>;
}

/// The rules of [`Store::append`]. Head first: on a server, that is where writers queue.
pub(crate) fn append(
    log: &mut impl Writing,
    batch: &Batch,
    rng: &mut Rng,
) -> Result<Appended, Error> {
    batch.validate()?;
    let head = log.head()?;
    let header = &batch.header;
    let before = log.of_key(&header.key)?;
    if let Some(first) = before.first() {
        if first.request == batch.request() && first.actor == header.actor {
            return Ok(Appended { events: before, repeated: true });
        }
        return Err(Error::KeyReused { key: header.key.clone(), position: first.position });
    }
    expected(log, head, &batch.expect)?;
    if header.now < head.recorded_at {
        return Err(Error::Clock { now: header.now, last: head.recorded_at });
    }
    let events = batch.seal(head, rng, |subject| log.version(subject))?;
    log.put(&events)?;
    Ok(Appended { events, repeated: false })
}

fn expected(log: &mut impl Writing, head: Head, expect: &Expect) -> Result<(), Error> {
    match expect {
        Expect::Anything => {}
        Expect::Head(expected) if *expected == head.position => {}
        Expect::Head(expected) => {
            let (subject, expected, current) = (None, *expected, head.position);
            return Err(Error::Conflict { subject, expected, current });
        }
        Expect::Versions(versions) => {
            for (subject, expected) in versions {
                let current = log.version(subject)?;
                if current != *expected {
                    let (subject, expected) = (Some(subject.clone()), *expected);
                    return Err(Error::Conflict { subject, expected, current });
                }
            }
        }
    }
    Ok(())
}

/// Events of a page during replay: large enough that asking costs nothing, small enough for a cache.
const PAGE: usize = 512;

/// Every event after `head`, verified on the way; ends after the first error.
///
/// While one page is hashed, on the threads of the current rayon pool, the next one is read. Memory is two
/// pages and one number for each subject. Where the log was cut off after the
/// last event that the store acknowledged, the last item is [`Error::Truncated`].
pub fn replay(store: &mut dyn Store, head: Head) -> Replay<'_> {
    let page = Vec::new().into_iter().zip(Vec::new());
    Replay { store, verifier: Verifier::new(head), page, ahead: None, over: false }
}

/// The iterator of [`replay`].
pub struct Replay<'s> {
    store: &'s mut dyn Store,
    verifier: Verifier,
    /// Events with the hashes that they should have.
    page: Zip<IntoIter<Envelope>, IntoIter<Digest>>,
    /// What was read after that page, if it is known.
    ahead: Option<Result<Vec<Envelope>, Error>>,
    over: bool,
}

impl Replay<'_> {
    /// The place after the last event that came out.
    #[must_use]
    pub fn head(&self) -> Head {
        self.verifier.head()
    }

    fn step(&mut self) -> Result<Option<Envelope>, Error> {
        if self.page.len() == 0 {
            self.turn()?;
        }
        let Some((event, hash)) = self.page.next() else { return self.end() };
        self.verifier.check_hashed(&event, hash)?;
        Ok(Some(event))
    }

    /// Turns to the next page. A page that is not full will hardly have another after it.
    fn turn(&mut self) -> Result<(), Error> {
        let Self { store, verifier, ahead, .. } = self;
        let mut read = |after| store.page(after, PAGE);
        let events = match ahead.take() {
            Some(known) => known?,
            None => read(verifier.head().position)?,
        };
        let hash = |scratch: &mut String, event: &Envelope| event.hash_into(scratch);
        let mut hashes = Vec::new();
        if let Some(last) = events.last().filter(|_| events.len() == PAGE) {
            rayon::in_place_scope(|scope| {
                let hashes = &mut hashes;
                let events = &events;
                scope.spawn(move |_| {
                    *hashes = events.par_iter().map_init(String::new, hash).collect();
                });
                *ahead = Some(read(last.position));
            });
        } else {
            let mut scratch = String::new();
            hashes.extend(events.iter().map(|event| hash(&mut scratch, event)));
        }
        self.page = events.into_iter().zip(hashes);
        Ok(())
    }

    /// There is nothing more: rightly so, or because somebody is appending right now, or because
    /// the tail is lost.
    fn end(&mut self) -> Result<Option<Envelope>, Error> {
        let (head, found) = (self.store.head()?, self.head());
        if head == found {
            return Ok(None);
        }
        let mut late = self.store.page(found.position, 1)?;
        let Some(event) = late.pop() else {
            return Err(Error::Truncated { found: found.position, head: head.position });
        };
        self.verifier.check(&event)?;
        Ok(Some(event))
    }
}

impl Iterator for Replay<'_> {
    type Item = Result<Envelope, Error>;
    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let next = self.step().transpose();
        self.over = !matches!(next, Some(Ok(_)));
        next
    }
}

/// The events up to the first that is not sound, and what is wrong with that one.
#[must_use]
pub fn readable_prefix(store: &mut dyn Store) -> (Vec<Envelope>, Option<Error>) {
    let mut events = Vec::new();
    for event in replay(store, Head::EMPTY) {
        match event {
            Ok(event) => events.push(event),
            Err(error) => return (events, Some(error)),
        }
    }
    (events, None)
}
