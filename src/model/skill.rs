//! Skills with levels: what an engineer owns and what a ticket asks for.

use crate::units::Instant;
use serde::{Deserialize, Serialize};

/// A skill that an engineer owns, up to a level and perhaps to a date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OwnedSkill {
    /// Name of the skill, as in the world's list of skills if it has one.
    pub skill: String,
    /// How well he masters it; higher is better, 1 is the lowest.
    #[serde(default = "one")]
    pub level: u32,
    /// The skill counts only for shifts that end no later than this (a certificate's expiry).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
}

/// One skill at a minimum level.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SkillNeed {
    /// Name of the skill.
    pub skill: String,
    /// The least level that will do.
    #[serde(default = "one")]
    pub level: u32,
}

/// What a ticket asks of the engineer's skills.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Demand {
    /// Every one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<SkillNeed>,
    /// Of each of these groups at least one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<Vec<SkillNeed>>,
    /// None of these (at that level or above).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub none: Vec<SkillNeed>,
}

impl Demand {
    /// True when nothing is asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.any.is_empty() && self.none.is_empty()
    }

    /// Every need that is named, wherever it stands.
    pub fn needs(&self) -> impl Iterator<Item = &SkillNeed> {
        self.all.iter().chain(self.any.iter().flatten()).chain(&self.none)
    }
}

impl OwnedSkill {
    /// The skill at this level, without an expiry.
    #[must_use]
    pub fn new(skill: impl Into<String>, level: u32) -> Self {
        Self { skill: skill.into(), level, until: None }
    }

    /// True when this skill satisfies `need` for work that ends at `end`.
    #[must_use]
    pub fn satisfies(&self, need: &SkillNeed, end: Instant) -> bool {
        self.skill == need.skill
            && self.level >= need.level
            && self.until.is_none_or(|until| end <= until)
    }
}

impl SkillNeed {
    /// The skill at this level or above.
    #[must_use]
    pub fn new(skill: impl Into<String>, level: u32) -> Self {
        Self { skill: skill.into(), level }
    }
}

fn one() -> u32 {
    1
}
