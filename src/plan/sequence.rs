//! The bare order of stops of one shift, without times: what benchmark solution files hold.

use crate::plan::{Route, StopKind};

/// One shift's stops in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// Id of the shift.
    pub shift: String,
    /// Its stops; breaks are not listed, the clock places them.
    pub stops: Vec<SequenceStop>,
}

/// A stop of a sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SequenceStop {
    /// Work on the ticket with this id.
    Ticket(String),
    /// Tools and parts are fetched at the depot with this id.
    Depot(String),
}

impl Sequence {
    /// The order of a timed route.
    #[must_use]
    pub fn of(route: &Route) -> Self {
        let stops = route.stops.iter().filter_map(|stop| match stop.kind {
            StopKind::Visit => Some(SequenceStop::Ticket(stop.id.clone())),
            StopKind::Depot => Some(SequenceStop::Depot(stop.id.clone())),
            StopKind::Break => None,
        });
        Self { shift: route.shift.clone(), stops: stops.collect() }
    }
}
