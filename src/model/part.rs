//! Tools and spare parts: what the van carries, what a ticket uses, where more can be fetched.

use crate::model::{Place, unique};
use crate::units::Seconds;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a van carries when the shift starts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Kit {
    /// Tools; they are used, not used up.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub tools: BTreeSet<String>,
    /// Spare parts and how many of each; every ticket uses up its own.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "unique::map")]
    pub parts: BTreeMap<String, u32>,
}

/// What a ticket needs of tools and spare parts.
pub type Needs = Kit;

impl Kit {
    /// True when there is neither a tool nor a part.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tools.is_empty() && self.parts.is_empty()
    }
}

/// A place on the way where an engineer can fetch every tool and any number of parts.
///
/// After a stop here he lacks nothing for the rest of his shift.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Depot {
    /// Unique name.
    pub id: String,
    /// Where it is.
    pub place: Place,
    /// How long a stop takes.
    #[serde(default)]
    pub service: Seconds,
}
