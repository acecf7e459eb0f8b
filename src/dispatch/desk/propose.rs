//! A better plan for some engineers, worked out beside the desk and committed by a command.

use super::case::Phase;
use super::event::{Fact, PlanChange};
use super::refusal::Refusal;
use super::work::Work;
use crate::plan::Route;
use serde::{Deserialize, Serialize};

/// Routes that could replace those that stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The routes as they were when it was made.
    pub before: Vec<Route>,
    /// What it would change.
    pub change: PlanChange,
}

impl Work<'_> {
    /// Puts proposed routes in the place of those that stand, if these are still what they were and
    /// every visit on them is on one of the new ones.
    pub(super) fn commit(&mut self, proposal: &Proposal) -> Result<(), Refusal> {
        let Proposal { before, change } = proposal;
        for route in before.iter().chain(&change.routes) {
            let moved = || Refusal::PlanMoved { engineer: route.engineer.clone() };
            let standing = self.member(&route.engineer)?.routes.get(&route.shift);
            let was = before.iter().find(|old| old.shift == route.shift);
            if standing != was.filter(|was| was.tickets().next().is_some()) {
                return Err(moved());
            }
            let is_assigned =
                |id: &str| self.state.case(id).is_some_and(|case| case.phase == Phase::Assigned);
            if !route.tickets().all(is_assigned) {
                return Err(moved());
            }
        }
        let tickets = |routes: &[Route]| {
            let mut ids: Vec<String> =
                routes.iter().flat_map(Route::tickets).map(str::to_owned).collect();
            ids.sort_unstable();
            ids
        };
        if tickets(before) != tickets(&change.routes) {
            let engineer = before.first().map(|route| route.engineer.clone()).unwrap_or_default();
            return Err(Refusal::PlanMoved { engineer });
        }
        let change = self.change(change.routes.clone(), None);
        self.emit("", Fact::PlanChanged { change });
        Ok(())
    }
}
