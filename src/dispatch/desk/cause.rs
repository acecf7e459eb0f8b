//! Why something happened, and how a command that comes again is told from another one.

use super::actor::Actor;
use super::command::Command;
use serde::{Deserialize, Serialize};

/// Why something happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Somebody gave a command.
    Command {
        /// Who.
        actor: Actor,
        /// Its idempotency key.
        key: String,
        /// A digest of actor and command, to tell another command under the same key.
        #[serde(with = "as_digits")]
        digest: u64,
    },
    /// Time has passed.
    Clock,
}

/// FNV-1a over the JSON of who asks for what: it stands in the journal, so it must never change.
pub(super) fn digest(actor: &Actor, command: &Command) -> u64 {
    let bytes = serde_json::to_vec(&(actor, command)).unwrap_or_default();
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// A digest, or a seed, in JSON: 16 hexadecimal digits, since not every reader holds such a number. Old logs have the number.
pub(super) mod as_digits {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Digits(String),
        Number(u64),
    }

    pub(in super::super) fn serialize<S: Serializer>(
        digest: &u64,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{digest:016x}"))
    }

    pub(in super::super) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<u64, D::Error> {
        match Written::deserialize(from)? {
            Written::Digits(digits) => u64::from_str_radix(&digits, 16).map_err(D::Error::custom),
            Written::Number(number) => Ok(number),
        }
    }
}
