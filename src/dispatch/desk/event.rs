//! What has happened, when and why: the only way in which the desk changes.
//!
//! Replaying events decides nothing; what was decided stands in their facts.

use super::cause::Cause;
use super::fact::Fact;
use crate::units::Instant;
use serde::{Deserialize, Serialize};

/// One thing that has happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its number on this desk, from 0, without gaps.
    pub seq: u64,
    /// When it happened.
    pub at: Instant,
    /// The id of the ticket or engineer that it is about; empty when it is about the desk.
    pub subject: String,
    /// Why it happened.
    pub cause: Cause,
    /// What happened.
    #[serde(flatten)]
    pub fact: Fact,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::desk::Actor;

    #[test]
    fn the_type_in_json_is_the_type_of_the_event_and_every_type_reads_alike() {
        let event = Event {
            seq: 3,
            at: Instant(60),
            subject: "ada".into(),
            cause: Cause::Command {
                actor: Actor::manager("max"),
                key: "k".into(),
                digest: u64::MAX - 1,
            },
            fact: Fact::DutyEnded { reason: "lunch".into() },
        };
        let mut json = serde_json::to_value(&event).expect("serializes");
        assert_eq!(json["type"], event.fact.event_type());
        assert_eq!(json["data"]["reason"], "lunch");
        assert_eq!(json["cause"]["command"]["digest"], "fffffffffffffffe");
        assert_eq!(serde_json::from_value::<Event>(json.clone()).expect("reads"), event);
        json["cause"]["command"]["digest"] = (u64::MAX - 1).into();
        assert_eq!(serde_json::from_value::<Event>(json).expect("reads as in old logs"), event);
        for name in Fact::TYPES {
            let verb =
                name.strip_prefix("aftersales.dispatch.").and_then(|n| n.strip_suffix(".v1"));
            assert!(verb.is_some_and(|verb| !verb.contains('.')), "{name}");
        }
    }
}
