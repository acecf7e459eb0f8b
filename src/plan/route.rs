//! One shift's stops, in order, with their times.

use crate::units::{Instant, Meters, Seconds};
use serde::{Deserialize, Serialize};

/// What one engineer does in one shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Id of the engineer.
    pub engineer: String,
    /// Id of the shift.
    pub shift: String,
    /// When he leaves.
    pub depart: Instant,
    /// Visits, breaks and depot stops in the order of time.
    pub stops: Vec<Stop>,
    /// Travel from the last stop to the end of the shift; zero where the route is open.
    #[serde(default)]
    pub travel_home: Seconds,
    /// Length of that way.
    #[serde(default)]
    pub distance_home: Meters,
    /// When he is done and back.
    pub end: Instant,
}

/// What a stop is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StopKind {
    /// Work on a ticket.
    Visit,
    /// A break, taken where he stands.
    Break,
    /// Tools and parts are fetched at a depot.
    Depot,
}

/// One stop of a route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Stop {
    /// What it is for.
    pub kind: StopKind,
    /// Id of the ticket or of the depot; empty for a break.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Travel time from the stop before (zero for a break).
    pub travel: Seconds,
    /// Length of that way.
    pub distance: Meters,
    /// When he gets there.
    pub arrive: Instant,
    /// When the work or the break starts; he waits until then.
    pub start: Instant,
    /// When it is over.
    pub end: Instant,
}

impl Route {
    /// Seconds from departure to return.
    #[must_use]
    pub fn duration(&self) -> Seconds {
        self.end - self.depart
    }

    /// Seconds of travel, the way home included.
    #[must_use]
    pub fn travel(&self) -> Seconds {
        self.stops.iter().map(|stop| stop.travel).sum::<Seconds>() + self.travel_home
    }

    /// Metres of travel, the way home included.
    #[must_use]
    pub fn distance(&self) -> Meters {
        self.stops.iter().map(|stop| stop.distance).sum::<Meters>() + self.distance_home
    }

    /// The tickets, in order.
    pub fn tickets(&self) -> impl Iterator<Item = &str> {
        self.stops.iter().filter(|stop| stop.kind == StopKind::Visit).map(|stop| stop.id.as_str())
    }
}
