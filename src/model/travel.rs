//! How engineers travel: by what rule, at what speed. Pure description; `crate::travel` computes.

use crate::units::{Meters, Seconds};
use serde::{Deserialize, Serialize};

/// Where travel times and distances come from, for all engineers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum TravelMode {
    /// Great-circle distance, stretched and driven at each profile's speed.
    Haversine {
        /// One entry for each way to travel; the first is the default.
        profiles: Vec<Profile>,
    },
    /// Straight lines on a plane: one unit of length takes one unit of time.
    Euclid {
        /// Multiplier before rounding (10 keeps one decimal place of the source).
        #[serde(default = "one")]
        scale: u32,
        /// Round to the nearest unit; otherwise down.
        #[serde(default)]
        nearest: bool,
    },
    /// Given tables, one for each profile.
    Matrix {
        /// One table for each way to travel; the first is the default.
        tables: Vec<TravelTable>,
    },
    /// A road network, driven at the speed of its arcs.
    Road(Road),
}

/// One way to travel over great-circle distances.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name that engineers refer to.
    pub name: String,
    /// Average speed in metres per hour (36 km/h = 36,000).
    pub meters_per_hour: u32,
    /// Length of real ways in percent of the great circle (130 is usual in cities).
    #[serde(default = "hundred_and_thirty")]
    pub detour_percent: u32,
    /// Added to every trip between different places (parking, walking to the door).
    #[serde(default)]
    pub fixed: Seconds,
}

/// A square matrix of travel times and, if they differ in kind, distances.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TravelTable {
    /// Name that engineers refer to.
    pub name: String,
    /// `seconds[from][to]`; need not be symmetric.
    pub seconds: Vec<Vec<u32>>,
    /// `meters[from][to]`; the same as the seconds when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meters: Option<Vec<Vec<u32>>>,
}

/// A directed road network with positions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Road {
    /// Crossings; arcs refer to them by their position in this list.
    pub nodes: Vec<RoadNode>,
    /// One-way connections; a two-way street is two arcs.
    pub arcs: Vec<Arc>,
    /// A place farther than this from every crossing is an error.
    #[serde(default = "two_kilometers")]
    pub snap_limit: Meters,
}

/// A crossing of the road network.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RoadNode {
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
}

/// A one-way connection between two crossings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Arc {
    /// Index of the crossing it leaves.
    pub from: u32,
    /// Index of the crossing it reaches.
    pub to: u32,
    /// Driving time in milliseconds: streets are short, and whole seconds would add up wrongly.
    pub milliseconds: u32,
    /// Length.
    pub meters: Meters,
}

impl TravelMode {
    /// Great circles at this speed, a detour of 30 percent, one profile named `car`.
    #[must_use]
    pub fn car(meters_per_hour: u32) -> Self {
        Self::Haversine {
            profiles: vec![Profile {
                name: "car".into(),
                meters_per_hour,
                detour_percent: hundred_and_thirty(),
                fixed: Seconds::ZERO,
            }],
        }
    }

    /// The names that engineers may refer to, the default first; empty where there is one way only.
    #[must_use]
    pub fn profile_names(&self) -> Vec<&str> {
        match self {
            Self::Haversine { profiles } => profiles.iter().map(|p| p.name.as_str()).collect(),
            Self::Matrix { tables } => tables.iter().map(|t| t.name.as_str()).collect(),
            Self::Euclid { .. } | Self::Road(_) => Vec::new(),
        }
    }
}

fn one() -> u32 {
    1
}

fn hundred_and_thirty() -> u32 {
    130
}

fn two_kilometers() -> Meters {
    Meters(2_000)
}
