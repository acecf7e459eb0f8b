//! The ids of a world, for readers of orders without times: each shift once, each ticket once.

use crate::io::text::{Fault, quoted};
use crate::model::{Code, World};
use crate::plan::SequenceStop;
use rustc_hash::{FxHashMap, FxHashSet};

/// Ids that a solution may name, and those that it has named.
pub(super) struct Known<'a> {
    shifts: FxHashMap<&'a str, String>,
    tickets: FxHashSet<&'a str>,
    depots: FxHashSet<&'a str>,
    used: FxHashSet<String>,
}

impl<'a> Known<'a> {
    /// Everything that `world` names, nothing used yet.
    pub fn of(world: &'a World) -> Self {
        Self {
            shifts: world.engineers.iter().map(|e| (e.id.as_str(), e.shift_id(0))).collect(),
            tickets: world.tickets.iter().map(|ticket| ticket.id.as_str()).collect(),
            depots: world.depots.iter().map(|depot| depot.id.as_str()).collect(),
            used: FxHashSet::default(),
        }
    }

    /// The id of the engineer's only shift, the first time that it is asked for.
    pub fn shift(&mut self, engineer: &str) -> Result<String, Fault> {
        let shift = self.shifts.get(engineer).ok_or_else(|| {
            (Code::UNKNOWN_ENGINEER, format!("there is no engineer {}", quoted(engineer)))
        })?;
        if !self.used.insert(format!("route {engineer}")) {
            return Err((Code::DUPLICATE_ID, format!("a second route of {}", quoted(engineer))));
        }
        Ok(shift.clone())
    }

    /// A stop at this ticket, the first time that it is asked for.
    pub fn ticket(&mut self, id: &str) -> Result<SequenceStop, Fault> {
        if !self.tickets.contains(id) {
            return Err((Code::UNKNOWN_TICKET, format!("there is no ticket {}", quoted(id))));
        }
        if !self.used.insert(format!("visit {id}")) {
            return Err((Code::DUPLICATE_ID, format!("{} is visited twice", quoted(id))));
        }
        Ok(SequenceStop::Ticket(id.into()))
    }

    /// A stop at this depot, as often as wanted.
    pub fn depot(&self, id: &str) -> Result<SequenceStop, Fault> {
        match self.depots.contains(id) {
            true => Ok(SequenceStop::Depot(id.into())),
            false => Err((Code::UNKNOWN_TICKET, format!("there is no depot {}", quoted(id)))),
        }
    }
}
