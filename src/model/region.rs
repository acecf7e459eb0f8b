//! Regions: who is at home where, and what it costs to borrow somebody from elsewhere.

use super::Engineer;
use crate::units::Cost;
use serde::{Deserialize, Serialize};

/// A part of the territory, named, with an outline, or both.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Unique name.
    pub id: String,
    /// The region that contains this one. Who is at home in it is at home here too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Outline as in GeoJSON: polygons, each an outer ring and its holes, each ring a closed list
    /// of `[lon, lat]`. Tickets that name no region belong to the smallest outline around them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outline: Vec<Vec<Vec<[f64; 2]>>>,
    /// Cost of a visit here by an engineer who has this region as a secondary one.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub secondary_cost: Cost,
    /// Cost of a visit here by an engineer who has this region neither as home nor as secondary.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub borrow_cost: Cost,
    /// At most so many such borrowed visits in one plan; no cap when absent, none at all when 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub borrow_cap: Option<u32>,
}

fn is_zero(cost: &Cost) -> bool {
    *cost == Cost::ZERO
}

/// How a visit's region stands to its engineer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegionFit {
    /// The region is his home, or the ticket or the engineer is bound to none.
    Home,
    /// One of his secondary regions.
    Secondary,
    /// Neither: he would be borrowed.
    Borrowed,
    /// Neither, and he may not be borrowed.
    Never,
}

impl RegionFit {
    /// How a region stands to an engineer, given the names of the [regions around it](Region::chain).
    #[must_use]
    pub fn of(chain: &[&str], engineer: &Engineer) -> Self {
        Self::of_homes(chain, engineer.region.as_ref(), &engineer.secondary, engineer.lendable)
    }

    pub(crate) fn of_homes(
        chain: &[&str],
        home: Option<&String>,
        secondary: &[String],
        lendable: bool,
    ) -> Self {
        let within = |name: &String| chain.contains(&name.as_str());
        if home.is_none_or(within) {
            Self::Home
        } else if secondary.iter().any(within) {
            Self::Secondary
        } else if lendable {
            Self::Borrowed
        } else {
            Self::Never
        }
    }
}

impl Region {
    /// The names of a region and of those around it, the smallest first.
    #[must_use]
    pub fn chain<'r>(regions: &'r [Self], id: &'r str) -> Vec<&'r str> {
        let parent = |id: &&'r str| {
            let region = regions.iter().find(|region| region.id == *id)?;
            region.parent.as_deref()
        };
        // Worlds with circles are refused; nobody should hang on one.
        std::iter::successors(Some(id), parent).take(regions.len().max(1)).collect()
    }
}
