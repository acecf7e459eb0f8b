//! How the events of a desk stand in a journal.

use super::Fault;
use crate::dispatch::desk::{Actor, Cause, Event, Fact, Role};
use crate::journal::{self, Batch, Canonical, Digest, Draft, Envelope, Header};
use crate::units::Instant;
use uuid::Uuid;

/// The subject of events about the desk itself.
const DESK: &str = "desk";

/// What happened in one go, for the journal.
pub(super) fn batch(
    now: Instant,
    first: &Event,
    events: &[Event],
    because: Option<Uuid>,
) -> Result<Batch, journal::Error> {
    let header = match &first.cause {
        Cause::Command { actor, key, digest } => {
            let by = journal::Actor {
                on_behalf_of: on_behalf_of(actor, first).map(str::to_owned),
                ..journal::Actor::new(&actor.id, actor.role.to_string())
            };
            let request = Some(Digest::of(&digest.to_be_bytes()));
            Header { request, ..Header::new(by, format!("command {key}"), now) }
        }
        Cause::Clock => {
            let by = journal::Actor::new(DESK, "system");
            Header::new(by, format!("event {}", first.seq), now)
        }
    };
    let story = (!first.subject.is_empty()).then(|| first.subject.clone());
    let header = Header { causation: because, correlation: story, ..header };
    let drafts = events.iter().map(draft).collect::<Result<_, _>>()?;
    Ok(Batch::new(header, drafts))
}

/// For whom somebody of the house speaks: the engineer who would have said it himself.
fn on_behalf_of<'e>(actor: &Actor, event: &'e Event) -> Option<&'e str> {
    match &event.fact {
        _ if actor.role == Role::Engineer => None,
        Fact::Accepted { holder, .. } => Some(&holder.engineer),
        Fact::Declined { engineer, .. } | Fact::CounterOffered { engineer, .. } => Some(engineer),
        Fact::DutyBegun | Fact::DutyEnded { .. } | Fact::EngineerFellIll { .. } => {
            Some(&event.subject)
        }
        _ => None,
    }
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
pub(super) fn unwritable(error: impl std::error::Error + Send + Sync + 'static) -> journal::Error {
    journal::Error::Io(error.into())
}

/// The event that stands there.
pub(super) fn event(envelope: &Envelope) -> Result<Event, Fault> {
    let event = if envelope.data.as_str().starts_with('"') {
        envelope.data.read().and_then(|text: String| serde_json::from_str(&text))
    } else {
        envelope.data.read()
    };
    let unreadable = |cause| Fault::Unreadable { position: envelope.position, cause };
    let event: Event = event.map_err(|error| unreadable(error.to_string()))?;
    let known = event.fact.event_type();
    if envelope.kind != known {
        return Err(unreadable(format!("it is a `{}`, and reads as a `{known}`", envelope.kind)));
    }
    Ok(event)
}
