//! The hash chain: each event holds the hash of the one before, so nothing can be changed, removed
//! or put in between unseen. Only a whole tail can be cut off unseen: whoever keeps a [`Head`]
//! elsewhere sees that too.

use super::{Cause, Corrupt, Digest, Envelope};
use crate::units::Instant;
use rustc_hash::FxHashMap;
use std::borrow::Borrow;

/// The end of a log, or any place in it after which a tail may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Position of the last event, 0 before the first.
    pub position: u64,
    /// Its hash, [`Digest::GENESIS`] before the first.
    pub hash: Digest,
    /// When it was recorded.
    pub recorded_at: Instant,
}

impl Head {
    /// The place before the first event.
    pub const EMPTY: Self =
        Self { position: 0, hash: Digest::GENESIS, recorded_at: Instant(i64::MIN) };

    /// The place after this event.
    #[must_use]
    pub fn after(event: &Envelope) -> Self {
        Self { position: event.position, hash: event.hash, recorded_at: event.recorded_at }
    }
}

/// Checks events one after the other, in constant time and memory for each, apart from one
/// number for each subject.
#[derive(Clone, Debug)]
pub struct Verifier {
    head: Head,
    from_the_start: bool,
    seqs: FxHashMap<String, u64>,
    scratch: String,
}

impl Verifier {
    /// Ready for the events after `head`. A subject's number is taken on trust where it is first
    /// met, unless the check starts at [`Head::EMPTY`].
    #[must_use]
    pub fn new(head: Head) -> Self {
        let from_the_start = head.position == 0;
        Self { head, from_the_start, seqs: FxHashMap::default(), scratch: String::new() }
    }

    /// The place after the last sound event.
    #[must_use]
    pub fn head(&self) -> Head {
        self.head
    }

    /// Takes the next event.
    ///
    /// # Errors
    /// How the event breaks the log; the verifier then stands where it stood.
    pub fn check(&mut self, event: &Envelope) -> Result<(), Corrupt> {
        let hash = event.hash_into(&mut self.scratch);
        self.check_hashed(event, hash)
    }

    /// The same where somebody has worked out already which hash the event should have.
    pub(super) fn check_hashed(&mut self, event: &Envelope, hash: Digest) -> Result<(), Corrupt> {
        let position = self.head.position + 1;
        self.cause(event, hash).map_or(Ok(()), |cause| Err(Corrupt { position, cause }))?;
        self.head = Head::after(event);
        Ok(())
    }

    fn cause(&mut self, event: &Envelope, hash: Digest) -> Option<Cause> {
        if event.position != self.head.position + 1 {
            return Some(Cause::Gap { found: event.position });
        }
        if event.prev_hash != self.head.hash {
            return Some(Cause::Link);
        }
        if event.hash != hash {
            return Some(Cause::Hash);
        }
        if event.recorded_at < self.head.recorded_at {
            return Some(Cause::Time);
        }
        self.number(event)
    }

    fn number(&mut self, event: &Envelope) -> Option<Cause> {
        let wrong =
            |expected| Cause::Seq { subject: event.subject.clone(), expected, found: event.seq };
        match self.seqs.get_mut(&event.subject) {
            Some(last) if *last + 1 == event.seq => *last = event.seq,
            Some(last) => return Some(wrong(*last + 1)),
            None if self.from_the_start && event.seq != 1 => return Some(wrong(1)),
            None => {
                self.seqs.insert(event.subject.clone(), event.seq);
            }
        }
        None
    }
}

/// Checks the events that follow `head` and returns the place after the last.
///
/// ```
/// use fieldwright::journal::{Actor, Batch, Canonical, Cause, Draft, Head, Header, Memory, Store, verify};
/// use fieldwright::{rng::Rng, units::Instant};
///
/// let mut store = Memory::new();
/// let header = Header::new(Actor::new("ada", "manager"), "key 1", Instant(0));
/// let data = Canonical::of(&serde_json::json!({"to": "bob"}))?;
/// let draft = Draft::new("aftersales.ticket.assigned.v1", "T1", data);
/// let mut events = store.append(&Batch::new(header, vec![draft]), &mut Rng::new(1, 0))?.events;
/// assert!(verify(Head::EMPTY, &events).is_ok());
///
/// events[0].data = Canonical::of(&serde_json::json!({"to": "cem"}))?;
/// let broken = verify(Head::EMPTY, &events).expect_err("changed");
/// assert_eq!((broken.position, broken.cause), (1, Cause::Hash));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The first event that breaks the log, and how.
pub fn verify<E: Borrow<Envelope>>(
    head: Head,
    events: impl IntoIterator<Item = E>,
) -> Result<Head, Corrupt> {
    let mut verifier = Verifier::new(head);
    for event in events {
        verifier.check(event.borrow())?;
    }
    Ok(verifier.head())
}
