//! The whole of what a caller describes, as plain data.

use crate::model::{Depot, Engineer, Objective, Region, Ticket, TimeOfDay, Traffic, TravelMode};
use crate::units::{Instant, Seconds};
use serde::{Deserialize, Serialize};

/// Engineers, tickets, regions, ways to travel and what is wanted.
///
/// ```
/// use fieldwright::Problem;
/// use fieldwright::model::{Engineer, Place, Ticket, TravelMode, World};
/// use fieldwright::units::{Instant, Seconds};
///
/// let mut world = World::new(TravelMode::car(36_000));
/// world.engineers.push(Engineer::new("ada", Place::at(52.52, 13.40), Instant(0), Instant(28_800)));
/// world.tickets.push(Ticket::new("T1", Place::at(52.53, 13.42), Seconds(1_800)));
/// let problem = Problem::build(world).expect("a sound world");
/// assert_eq!(problem.tickets.len(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct World {
    /// Version of this format; this crate reads [`World::SCHEMA`].
    pub schema: u32,
    /// What to call it in reports.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// How many units of time and length here make one of the source: 1 in seconds and metres, more
    /// where a benchmark with real-valued distances was scaled to integers.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub resolution: u32,
    /// The skills that exist; a skill outside the list is an error. Any name goes when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
    /// Regions, if the territory is divided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<Region>,
    /// Places where tools and parts are fetched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depots: Vec<Depot>,
    /// Who can go.
    pub engineers: Vec<Engineer>,
    /// What is to be done.
    pub tickets: Vec<Ticket>,
    /// At most so many tickets are visited by another shift than they were `told`; any number when
    /// absent. Kept by route planning, by answers on a plan and by one-shot assignment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_changes: Option<u32>,
    /// How they travel.
    pub travel: TravelMode,
    /// How fast that is at which time of day; at every time alike when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub traffic: Vec<Traffic>,
    /// By how many seconds local time is ahead of UTC (3600 in Berlin in winter): where days begin and
    /// what the time of day is. One offset for all; a plan over a change of clocks keeps that of its first day.
    #[serde(default, skip_serializing_if = "is_no_time")]
    pub utc_offset: Seconds,
    /// What is wanted, most important first.
    #[serde(default)]
    pub objective: Objective,
}

impl World {
    /// The version of the format that this crate writes and reads.
    pub const SCHEMA: u32 = 1;

    /// An empty world with this way to travel and the dispatcher's objective.
    #[must_use]
    pub fn new(travel: TravelMode) -> Self {
        Self {
            schema: Self::SCHEMA,
            name: String::new(),
            resolution: 1,
            skills: Vec::new(),
            regions: Vec::new(),
            depots: Vec::new(),
            engineers: Vec::new(),
            tickets: Vec::new(),
            max_changes: None,
            travel,
            traffic: Vec::new(),
            utc_offset: Seconds::ZERO,
            objective: Objective::default(),
        }
    }

    /// The number of the local day on which a moment lies.
    pub(crate) fn local_day(&self, moment: Instant) -> i64 {
        let local = moment.0 + self.utc_offset.0 * i64::from(self.resolution);
        local.div_euclid(i64::from(TimeOfDay::DAY) * i64::from(self.resolution))
    }
}

fn is_no_time(length: &Seconds) -> bool {
    *length == Seconds::ZERO
}

fn one() -> u32 {
    1
}

fn is_one(value: &u32) -> bool {
    *value == 1
}
