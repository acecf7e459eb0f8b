//! Routes as orders of stops without times: what a solution file of a benchmark says.

use crate::plan::{Plan, Route, StopKind};
use serde::{Deserialize, Serialize};

/// The order of stops on each shift, still to be timed. Breaks are not named: whoever times the
/// routes places them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Sequences {
    /// Id of a shift and its stops in order; shifts that stay at home may be left out.
    pub routes: Vec<(String, Vec<SequenceStop>)>,
}

/// A stop whose time is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SequenceStop {
    /// Work on the ticket with this id.
    Ticket(String),
    /// Tools and parts are fetched at the depot with this id.
    Depot(String),
}

impl Sequences {
    /// The orders of a timed plan, its breaks left out.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let order = |route: &Route| {
            let stops = route.stops.iter().filter_map(|stop| match stop.kind {
                StopKind::Visit => Some(SequenceStop::Ticket(stop.id.clone())),
                StopKind::Depot => Some(SequenceStop::Depot(stop.id.clone())),
                StopKind::Break => None,
            });
            (route.shift.clone(), stops.collect())
        };
        Self { routes: plan.routes.iter().map(order).collect() }
    }

    /// The tickets on all routes, in order.
    pub fn tickets(&self) -> impl Iterator<Item = &str> {
        self.routes.iter().flat_map(|(_, stops)| stops).filter_map(|stop| match stop {
            SequenceStop::Ticket(id) => Some(id.as_str()),
            SequenceStop::Depot(_) => None,
        })
    }
}
