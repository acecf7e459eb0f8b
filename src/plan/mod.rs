//! Plans: who goes where and when, what stays undone and why; differences, figures, and the
//! independent check.

mod check;
mod diff;
mod figures;
mod route;
mod sequences;
mod unassigned;

pub use check::{Law, Violation, check};
pub use diff::{Appointment, Change, ChangeKind, Diff};
pub use figures::{Effort, EngineerFigures, Figures, RegionFigures};
pub use route::{Route, Stop, StopKind};
pub use sequences::{SequenceStop, Sequences};
pub use unassigned::{Rule, Unassigned};

use crate::model::World;
use crate::units::Instant;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// All routes, and every ticket that is on none of them.
///
/// A plan names engineers, shifts and tickets by their ids, so it can be stored, read by people,
/// and checked against its world ([`check`](crate::plan::check())) long after it was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Version of this format.
    pub schema: u32,
    /// One route for each shift that is used, in the order of the world's shifts.
    pub routes: Vec<Route>,
    /// The tickets that nobody visits, with the reasons.
    #[serde(default)]
    pub unassigned: Vec<Unassigned>,
    /// What the plan scores on each level of the objective, most important first; lower is better.
    #[serde(default)]
    pub score: Vec<i64>,
}

impl Plan {
    /// The version of the format that this crate writes and reads.
    pub const SCHEMA: u32 = 1;

    /// Every visit with its route, in order.
    pub fn visits(&self) -> impl Iterator<Item = (&Route, &Stop)> {
        self.routes.iter().flat_map(|route| {
            route.stops.iter().filter(|stop| stop.kind == StopKind::Visit).map(move |s| (route, s))
        })
    }

    /// The route and the stop that serve this ticket.
    #[must_use]
    pub fn visit_of(&self, ticket: &str) -> Option<(&Route, &Stop)> {
        self.visits().find(|(_, stop)| stop.id == ticket)
    }

    /// Writes into a world what this plan has told the customers: the shift of each visit.
    ///
    /// What is planned next can then be held to it, by the criterion `changes` or by `max_changes`.
    pub fn tell(&self, world: &mut World) {
        let shifts: FxHashMap<&str, &str> =
            self.visits().map(|(route, stop)| (stop.id.as_str(), route.shift.as_str())).collect();
        for ticket in &mut world.tickets {
            ticket.told = shifts.get(ticket.id.as_str()).map(|&shift| shift.to_owned());
        }
    }

    /// When the first engineer leaves and when the last one is done.
    #[must_use]
    pub fn span(&self) -> Option<(Instant, Instant)> {
        let first = self.routes.iter().map(|route| route.depart).min()?;
        let last = self.routes.iter().map(|route| route.end).max()?;
        Some((first, last))
    }
}
