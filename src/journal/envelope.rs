//! One event as it stands in the log: who, what, when, why, and its link in the hash chain.
//!
//! What happened (`data`) is canonical JSON that the journal never looks into.

use super::canonical::write_string;
use super::{Canonical, Digest, NotCanonical};
use crate::units::Instant;
use serde::Deserialize;
use serde_json::Value;
use std::fmt::Write;
use uuid::Uuid;

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// Id of the person or the system.
    pub id: String,
    /// In which role, for instance `manager`; the journal knows none.
    pub role: String,
    /// For whom, where a call centre clerk speaks for a customer.
    #[serde(default)]
    pub on_behalf_of: Option<String>,
}

impl Actor {
    /// Somebody acting for himself.
    #[must_use]
    pub fn new(id: impl Into<String>, role: impl Into<String>) -> Self {
        Self { id: id.into(), role: role.into(), on_behalf_of: None }
    }
}

/// Who may see an event. Nothing is shown to the customer unless it says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// The company only.
    #[default]
    Internal,
    /// The customer too.
    Customer,
}

impl Visibility {
    /// The word in JSON and in the tables of a store.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Customer => "customer",
        }
    }

    /// The visibility of this word.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) fn of_word(word: &str) -> Option<Self> {
        [Self::Internal, Self::Customer].into_iter().find(|one| one.word() == word)
    }
}

/// One event of the log. Made by a store from a [`Draft`](super::Draft), never changed afterwards:
/// a correction is another event.
///
/// Its canonical JSON has the field names of this struct, except `type` for `kind` and
/// `idempotency_key` for `key`; what is absent is left out, times are whole seconds since the Unix
/// epoch. `hash` is the SHA-256 of that JSON without the member `hash` itself, which
/// holds the hash of the event before as `prev_hash`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// UUIDv7 from the second of recording and the caller's random stream.
    pub id: Uuid,
    /// `aftersales.<aggregate>.<past verb>.v<version>`.
    pub kind: String,
    /// The aggregate that it happened to, for instance the id of a ticket.
    pub subject: String,
    /// Number among the events of its subject, from 1.
    pub seq: u64,
    /// Number among all events of the log, from 1, without gaps.
    pub position: u64,
    /// When it happened, by the clock of whoever saw it.
    pub occurred_at: Instant,
    /// When it came into the log; never earlier than the event before.
    pub recorded_at: Instant,
    /// Number among the events of a device that works offline.
    pub device_seq: Option<u64>,
    /// Who did it.
    pub actor: Actor,
    /// The key under which the whole batch can be sent again without effect.
    pub key: String,
    /// What the batch was asked for by; another request under the same key is an error.
    pub request: Digest,
    /// The event that caused this one.
    pub causation: Option<Uuid>,
    /// The story that this event belongs to.
    pub correlation: Option<String>,
    /// Who may see it.
    pub visibility: Visibility,
    /// What happened.
    pub data: Canonical,
    /// Hash of the event before, [`Digest::GENESIS`] for the first.
    pub prev_hash: Digest,
    /// Hash of all of the above.
    pub hash: Digest,
}

/// An envelope as a line of JSON is read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    subject: String,
    seq: u64,
    position: u64,
    occurred_at: i64,
    recorded_at: i64,
    device_seq: Option<u64>,
    actor: Actor,
    idempotency_key: String,
    request: String,
    causation: Option<String>,
    correlation: Option<String>,
    #[serde(default)]
    visibility: Visibility,
    data: Value,
    prev_hash: String,
    hash: String,
}

impl Envelope {
    /// The canonical JSON of the event in one line, hash included.
    #[must_use]
    pub fn to_line(&self) -> String {
        let mut text = String::new();
        self.write(true, &mut text);
        text
    }

    /// Reads back what [`to_line`](Self::to_line) wrote. The hash is taken as it stands:
    /// [`verify`](super::verify) tells whether it is right.
    ///
    /// # Errors
    /// When the line is not the canonical JSON of an event.
    pub fn from_line(line: &str) -> Result<Self, NotCanonical> {
        let json = |error: String| NotCanonical::Json(error);
        let read: Line = serde_json::from_str(line).map_err(|error| json(error.to_string()))?;
        let uuid =
            |text: String| text.parse().map_err(|error: uuid::Error| json(error.to_string()));
        let digest =
            |text: String| text.parse().map_err(|error: super::NotADigest| json(error.to_string()));
        let event = Self {
            id: uuid(read.id)?,
            kind: read.kind,
            subject: read.subject,
            seq: read.seq,
            position: read.position,
            occurred_at: Instant(read.occurred_at),
            recorded_at: Instant(read.recorded_at),
            device_seq: read.device_seq,
            actor: read.actor,
            key: read.idempotency_key,
            request: digest(read.request)?,
            causation: read.causation.map(uuid).transpose()?,
            correlation: read.correlation,
            visibility: read.visibility,
            data: Canonical::of(&read.data)?,
            prev_hash: digest(read.prev_hash)?,
            hash: digest(read.hash)?,
        };
        if event.to_line() == line { Ok(event) } else { Err(NotCanonical::Form) }
    }

    /// The hash that the event should have. `scratch` is overwritten; one buffer for a whole log
    /// saves an allocation for each event.
    #[must_use]
    pub fn hash_into(&self, scratch: &mut String) -> Digest {
        scratch.clear();
        self.write(false, scratch);
        Digest::of(scratch.as_bytes())
    }

    /// The members in canonical order: this list is sorted by hand, and a test holds it to
    /// [`Canonical`].
    fn write(&self, with_hash: bool, out: &mut String) {
        out.push_str("{\"actor\":{\"id\":");
        write_string(&self.actor.id, out);
        if let Some(other) = &self.actor.on_behalf_of {
            member(",\"on_behalf_of\":", other, out);
        }
        member(",\"role\":", &self.actor.role, out);
        out.push('}');
        if let Some(cause) = self.causation {
            uuid(",\"causation\":\"", cause, out);
        }
        if let Some(story) = &self.correlation {
            member(",\"correlation\":", story, out);
        }
        out.push_str(",\"data\":");
        out.push_str(self.data.as_str());
        if let Some(number) = self.device_seq {
            integer(",\"device_seq\":", number, out);
        }
        if with_hash {
            digest(",\"hash\":\"", &self.hash, out);
        }
        uuid(",\"id\":\"", self.id, out);
        member(",\"idempotency_key\":", &self.key, out);
        integer(",\"occurred_at\":", self.occurred_at.0, out);
        integer(",\"position\":", self.position, out);
        digest(",\"prev_hash\":\"", &self.prev_hash, out);
        integer(",\"recorded_at\":", self.recorded_at.0, out);
        digest(",\"request\":\"", &self.request, out);
        integer(",\"seq\":", self.seq, out);
        member(",\"subject\":", &self.subject, out);
        member(",\"type\":", &self.kind, out);
        member(",\"visibility\":", self.visibility.word(), out);
        out.push('}');
    }
}

fn member(name: &str, value: &str, out: &mut String) {
    out.push_str(name);
    write_string(value, out);
}

fn integer(name: &str, value: impl std::fmt::Display, out: &mut String) {
    // Writing into a String cannot fail.
    let _ = write!(out, "{name}{value}");
}

fn uuid(name: &str, value: Uuid, out: &mut String) {
    out.push_str(name);
    out.push_str(value.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
    out.push('"');
}

fn digest(name: &str, value: &Digest, out: &mut String) {
    out.push_str(name);
    value.write(out);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Envelope {
        Envelope {
            id: Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001),
            kind: "aftersales.offer.accepted.v1".into(),
            subject: "offer \"7\"\n".into(),
            seq: 2,
            position: 9,
            occurred_at: Instant(-5),
            recorded_at: Instant(1_772_438_400),
            device_seq: Some(41),
            actor: Actor { on_behalf_of: Some("ada".into()), ..Actor::new("desk", "clerk") },
            key: "k".into(),
            request: Digest([7; 32]),
            causation: Some(Uuid::from_u128(1)),
            correlation: Some("T1".into()),
            visibility: Visibility::Customer,
            data: Canonical::of(&serde_json::json!({"z": [1], "a": null})).expect("canonical"),
            prev_hash: Digest([8; 32]),
            hash: Digest([9; 32]),
        }
    }

    fn bare() -> Envelope {
        let actor = Actor::new("desk", "clerk");
        let (device_seq, causation, correlation) = (None, None, None);
        Envelope { device_seq, causation, correlation, actor, ..full() }
    }

    #[test]
    fn the_line_of_an_event_is_canonical_json_and_reads_back() {
        for event in [full(), bare()] {
            let line = event.to_line();
            assert!(Canonical::from_text(&line).is_ok(), "{line}");
            assert_eq!(Envelope::from_line(&line), Ok(event));
        }
    }

    #[test]
    fn every_field_counts_for_the_hash() {
        let base = full();
        let hash = |event: &Envelope| event.hash_into(&mut String::new());
        let changes: [fn(&mut Envelope); 17] = [
            |event| event.id = Uuid::from_u128(2),
            |event| event.kind.push('0'),
            |event| event.subject.push('0'),
            |event| event.seq += 1,
            |event| event.position += 1,
            |event| event.occurred_at.0 += 1,
            |event| event.recorded_at.0 += 1,
            |event| event.device_seq = None,
            |event| event.actor.id.push('0'),
            |event| event.actor.role.push('0'),
            |event| event.actor.on_behalf_of = None,
            |event| event.key.push('0'),
            |event| event.request = Digest([1; 32]),
            |event| event.causation = None,
            |event| event.correlation = None,
            |event| event.visibility = Visibility::Internal,
            |event| event.prev_hash = Digest([1; 32]),
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let mut changed = base.clone();
            change(&mut changed);
            assert_ne!(hash(&changed), hash(&base), "change {number}");
        }
        let data = Canonical::of(&0).expect("canonical");
        assert_ne!(hash(&Envelope { data, ..base.clone() }), hash(&base));
        assert_eq!(hash(&Envelope { hash: Digest([1; 32]), ..base.clone() }), hash(&base));
    }

    #[test]
    fn a_line_with_one_member_more_or_twice_is_refused() {
        let line = bare().to_line();
        for (from, to) in
            [("\"seq\":2", "\"seq\":2,\"so\":1"), ("\"seq\":2", "\"seq\":2,\"seq\":2"), (",", ", ")]
        {
            assert!(Envelope::from_line(&line.replacen(from, to, 1)).is_err(), "{to}");
        }
    }
}
