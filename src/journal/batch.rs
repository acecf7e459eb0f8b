//! What goes into a log: a few events that belong together, with one header for all of them.

use super::canonical::INTEGER_MAX;
use super::{Actor, Canonical, Digest, Envelope, Head, Visibility};
use crate::model::{Code, Issues};
use crate::rng::Rng;
use crate::units::Instant;
use rustc_hash::FxHashMap;
use uuid::Uuid;

/// Longest id, key or type, in bytes: room for any id, and no room for a document.
pub const NAME_BYTES_MAX: usize = 200;

/// What all events of a batch share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Who did it.
    pub actor: Actor,
    /// Made by the caller, new for each request; the batch can be sent again under it.
    pub key: String,
    /// Time of recording.
    pub now: Instant,
    /// The hash of what was asked for, where the caller has it. Otherwise the events themselves
    /// stand for the request, which is too strict where a decision, made again later, comes out
    /// otherwise.
    pub request: Option<Digest>,
    /// The event that caused these.
    pub causation: Option<Uuid>,
    /// The story that these belong to.
    pub correlation: Option<String>,
}

impl Header {
    /// A header without optional parts.
    #[must_use]
    pub fn new(actor: Actor, key: impl Into<String>, now: Instant) -> Self {
        Self { actor, key: key.into(), now, request: None, causation: None, correlation: None }
    }
}

/// An event before it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// `aftersales.<aggregate>.<past verb>.v<version>`.
    pub kind: String,
    /// The aggregate that it happened to.
    pub subject: String,
    /// What happened.
    pub data: Canonical,
    /// When it happened, if that is not the time of recording.
    pub occurred_at: Option<Instant>,
    /// Number among the events of a device that works offline.
    pub device_seq: Option<u64>,
    /// Who may see it.
    pub visibility: Visibility,
}

impl Draft {
    /// An internal event that happens now.
    #[must_use]
    pub fn new(kind: impl Into<String>, subject: impl Into<String>, data: Canonical) -> Self {
        Self {
            kind: kind.into(),
            subject: subject.into(),
            data,
            occurred_at: None,
            device_seq: None,
            visibility: Visibility::default(),
        }
    }
}

/// On what a batch was decided. If that is not so any more, it is not recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Expect {
    /// It holds whatever happened meanwhile.
    #[default]
    Anything,
    /// Nothing at all was recorded after this position.
    Head(u64),
    /// Each of these subjects has this many events.
    Versions(Vec<(String, u64)>),
}

/// Events that are recorded together or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// What they share.
    pub header: Header,
    /// The events, in order; at least one.
    pub drafts: Vec<Draft>,
    /// On what they were decided.
    pub expect: Expect,
}

impl Batch {
    /// A batch that holds whatever happened meanwhile.
    #[must_use]
    pub fn new(header: Header, drafts: Vec<Draft>) -> Self {
        Self { header, drafts, expect: Expect::Anything }
    }

    /// The same batch, only as long as this holds.
    #[must_use]
    pub fn expecting(self, expect: Expect) -> Self {
        Self { expect, ..self }
    }

    /// The hash by which a repeated request is known again.
    #[must_use]
    pub fn request(&self) -> Digest {
        self.header.request.unwrap_or_else(|| {
            let mut text = String::new();
            for draft in &self.drafts {
                // None of the three holds a line feed: names are checked, JSON escapes it.
                text.extend([&draft.kind, "\n", &draft.subject, "\n", draft.data.as_str(), "\n"]);
            }
            Digest::of(text.as_bytes())
        })
    }

    /// Every fault of the batch.
    pub(crate) fn validate(&self) -> Result<(), Issues> {
        let mut issues = Issues::default();
        let Header { actor, key, now, correlation, .. } = &self.header;
        if self.drafts.is_empty() {
            issues.add(Code::EMPTY_BATCH, "events", "there are 0 events");
        }
        name(&mut issues, "actor.id", &actor.id);
        name(&mut issues, "actor.role", &actor.role);
        if let Some(other) = &actor.on_behalf_of {
            name(&mut issues, "actor.on_behalf_of", other);
        }
        name(&mut issues, "idempotency_key", key);
        if let Some(story) = correlation {
            name(&mut issues, "correlation", story);
        }
        integer(&mut issues, "recorded_at", now.0.unsigned_abs());
        for (at, draft) in self.drafts.iter().enumerate() {
            let field = |name| format!("events[{at}].{name}");
            if !is_kind(&draft.kind) {
                issues.add(Code::EVENT_TYPE, field("type"), format!("`{}`", draft.kind));
            }
            name(&mut issues, &field("subject"), &draft.subject);
            let occurred = draft.occurred_at.map_or(0, |time| time.0.unsigned_abs());
            integer(&mut issues, &field("occurred_at"), occurred);
            integer(&mut issues, &field("device_seq"), draft.device_seq.unwrap_or(0));
        }
        issues.or(())
    }

    /// The events as they follow `head`; `version` tells how many events a subject has in the log.
    pub(crate) fn seal<E>(
        &self,
        mut head: Head,
        rng: &mut Rng,
        mut version: impl FnMut(&str) -> Result<u64, E>,
    ) -> Result<Vec<Envelope>, E> {
        let Header { actor, key, now, causation, correlation, .. } = &self.header;
        let request = self.request();
        let mut events = Vec::with_capacity(self.drafts.len());
        let mut seqs: FxHashMap<&str, u64> = FxHashMap::default();
        let mut scratch = String::new();
        for draft in &self.drafts {
            let seq = match seqs.get(draft.subject.as_str()) {
                Some(last) => last + 1,
                None => version(&draft.subject)? + 1,
            };
            seqs.insert(&draft.subject, seq);
            let mut event = Envelope {
                id: id(*now, rng),
                kind: draft.kind.clone(),
                subject: draft.subject.clone(),
                seq,
                position: head.position + 1,
                occurred_at: draft.occurred_at.unwrap_or(*now),
                recorded_at: *now,
                device_seq: draft.device_seq,
                actor: actor.clone(),
                key: key.clone(),
                request,
                causation: *causation,
                correlation: correlation.clone(),
                visibility: draft.visibility,
                data: draft.data.clone(),
                prev_hash: head.hash,
                hash: Digest::GENESIS,
            };
            event.hash = event.hash_into(&mut scratch);
            head = Head::after(&event);
            events.push(event);
        }
        Ok(events)
    }
}

/// A UUIDv7 (RFC 9562, section 5.7): the milliseconds of `now`, then 74 random bits.
fn id(now: Instant, rng: &mut Rng) -> Uuid {
    let millis = now.0.max(0).unsigned_abs().saturating_mul(1_000);
    let mut random = [0; 10];
    random[..8].copy_from_slice(&rng.next_u64().to_be_bytes());
    random[8..].copy_from_slice(&rng.next_u64().to_be_bytes()[..2]);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// Names are compared, indexed and printed: not empty, short, and without control characters,
/// which PostgreSQL would refuse in part.
fn name(issues: &mut Issues, at: &str, text: &str) {
    if text.is_empty() || text.len() > NAME_BYTES_MAX || text.chars().any(char::is_control) {
        issues.add(Code::EVENT_NAME, at, format!("{:?}", text.get(..40).unwrap_or(text)));
    }
}

fn integer(issues: &mut Issues, at: &str, magnitude: u64) {
    if magnitude > INTEGER_MAX {
        issues.add(Code::OUT_OF_RANGE, at, format!("{magnitude} is beyond 2^53 - 1"));
    }
}

/// `aftersales.<aggregate>.<past verb>.v<version>` with small letters and underscores.
fn is_kind(text: &str) -> bool {
    let word = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_lowercase())
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    let mut parts = text.split('.');
    parts.next() == Some("aftersales")
        && parts.next().is_some_and(word)
        && parts.next().is_some_and(word)
        && parts.next().is_some_and(|version| super::upcast::version(version).is_some())
        && parts.next().is_none()
        && text.len() <= NAME_BYTES_MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_names_an_aggregate_a_past_verb_and_a_version() {
        for good in ["aftersales.ticket.opened.v1", "aftersales.part_line.left_with_customer.v12"] {
            assert!(is_kind(good), "{good}");
        }
        for bad in [
            "",
            "ticket.opened.v1",
            "aftersales.ticket.opened",
            "aftersales.ticket.opened.v0",
            "aftersales.ticket.opened.v01",
            "aftersales.ticket.opened.1",
            "aftersales.Ticket.opened.v1",
            "aftersales..opened.v1",
            "aftersales.ticket.opened.v1.more",
        ] {
            assert!(!is_kind(bad), "{bad}");
        }
    }

    #[test]
    fn an_id_is_a_uuid_of_version_7_that_tells_its_second() {
        let (seconds, _) = id(Instant(1_772_438_400), &mut Rng::new(1, 0))
            .get_timestamp()
            .expect("version 7")
            .to_unix();
        assert_eq!(seconds, 1_772_438_400);
        assert_ne!(id(Instant(0), &mut Rng::new(1, 0)), id(Instant(0), &mut Rng::new(1, 1)));
    }

    #[test]
    fn every_fault_of_a_batch_is_told_at_once() {
        let mut header =
            Header::new(Actor::new("", "manager\n"), "k".repeat(201), Instant(i64::MIN));
        header.correlation = Some(String::new());
        let mut draft = Draft::new("opened", "\u{0}", Canonical::of(&1).expect("canonical"));
        draft.device_seq = Some(u64::MAX);
        let Issues(issues) = Batch::new(header, vec![draft]).validate().expect_err("faults");
        let places: Vec<&str> = issues.iter().map(|issue| issue.at.as_str()).collect();
        let expected = [
            "actor.id",
            "actor.role",
            "idempotency_key",
            "correlation",
            "recorded_at",
            "events[0].type",
            "events[0].subject",
            "events[0].device_seq",
        ];
        assert_eq!(places, expected);
    }
}
