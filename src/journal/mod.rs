//! The journal: an append-only log of events that loses nothing and shows when it was tampered with.
//!
//! A caller puts in a [`Batch`]: what happened (type, subject, data), with one [`Header`] that says who
//! asked, when, and under which idempotency key. [`Envelope`]s come out, numbered and linked by a
//! hash chain, and durable by the time they do. To get a state back, take the last [`Snapshot`] and
//! [`replay`] what follows.
//!
//! ```
//! use fieldwright::journal::{Actor, Batch, Canonical, Draft, Error, Expect, Head, Header, Memory, Store, replay};
//! use fieldwright::{rng::Rng, units::Instant};
//!
//! let (mut store, mut rng) = (Memory::new(), Rng::new(7, 0));
//! let assign = |manager: &str, key: &str, to: &str| {
//!     let header = Header::new(Actor::new(manager, "manager"), key, Instant(0));
//!     let data = Canonical::of(&serde_json::json!({"engineer": to}))?;
//!     let draft = Draft::new("aftersales.ticket.assigned.v1", "T1", data);
//!     let untouched = Expect::Versions(vec![("T1".into(), 0)]);
//!     Ok::<_, Box<dyn std::error::Error>>(Batch::new(header, vec![draft]).expecting(untouched))
//! };
//! let first = store.append(&assign("ada", "a1", "eve")?, &mut rng)?;
//! assert_eq!((first.events[0].position, first.events[0].seq), (1, 1));
//!
//! // Another manager decided on the same, unassigned ticket.
//! let second = store.append(&assign("bob", "b1", "fay")?, &mut rng);
//! assert!(matches!(second, Err(Error::Conflict { current: 1, .. })));
//!
//! // The answer to Ada was lost on its way; she sends her request again.
//! let again = store.append(&assign("ada", "a1", "eve")?, &mut rng)?;
//! assert!(again.repeated && again.events == first.events);
//! assert_eq!(replay(&mut store, Head::EMPTY).count(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **Invariant:** the journal knows no event type, and never looks into data. **Invariant:** nothing is
//! ever changed or removed, so what may have to be erased (names, telephone numbers) must
//! stand elsewhere, and be named in events by an id that means nothing by itself.

mod batch;
mod canonical;
mod chain;
mod digest;
mod envelope;
mod error;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod row;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;
mod upcast;

#[cfg(feature = "postgres")]
pub use self::postgres::Postgres;
pub use batch::{Batch, Draft, Expect, Header, NAME_BYTES_MAX};
pub use canonical::{Canonical, DEPTH_MAX, INTEGER_MAX, NotCanonical};
pub use chain::{Head, Verifier, verify};
pub use digest::{Digest, NotADigest};
pub use envelope::{Actor, Envelope, Visibility};
pub use error::{Cause, Corrupt, Error};
pub use memory::Memory;
#[cfg(feature = "sqlite")]
pub use sqlite::Sqlite;
pub use store::{Appended, Replay, Snapshot, Store, readable_prefix, replay};
pub use upcast::{Upcaster, Upcasters};
pub use uuid::Uuid;
