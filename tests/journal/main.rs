//! The journal loses nothing: one suite of rules for every store, races, crashes, damage, old logs.

mod golden;
mod laws;
mod pages;
#[cfg(all(unix, feature = "postgres"))]
mod postgres;
mod races;
mod rules;
#[cfg(all(unix, feature = "postgres"))]
mod server;
#[cfg(feature = "sqlite")]
mod sqlite;
#[path = "../support/mod.rs"]
mod support;

use fieldwright::journal::{
    Actor, Batch, Canonical, Draft, Envelope, Error, Head, Header, Memory, Store, replay,
};
use fieldwright::units::Instant;
use serde_json::{Value, json};

/// A batch of one event for each of these subjects, by Ada, at second 100.
fn batch(key: &str, subjects: &[&str]) -> Batch {
    batch_by("ada", key, 100, subjects)
}

fn batch_by(actor: &str, key: &str, now: i64, subjects: &[&str]) -> Batch {
    let draft = |subject: &&str| opened(subject, &json!({"by": key}));
    let header = Header::new(Actor::new(actor, "manager"), key, Instant(now));
    Batch::new(header, subjects.iter().map(draft).collect())
}

fn opened(subject: &str, data: &Value) -> Draft {
    Draft::new("aftersales.ticket.opened.v1", subject, Canonical::of(data).expect("canonical"))
}

/// The whole log, verified on the way.
#[track_caller]
fn whole(store: &mut dyn Store) -> Vec<Envelope> {
    let events: Result<Vec<Envelope>, Error> = replay(store, Head::EMPTY).collect();
    events.expect("the log is sound")
}

#[test]
fn a_log_in_memory_keeps_every_rule() {
    rules::hold(&mut || Box::new(Memory::new()));
}
