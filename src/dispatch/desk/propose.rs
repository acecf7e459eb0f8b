//! A better plan for some engineers, worked out beside the desk and committed by a command.

use super::Desk;
use super::case::Phase;
use super::event::Fact;
use super::excerpt::Excerpt;
use super::outcome::PlanChange;
use super::refusal::Refusal;
use super::work::{Work, change};
use crate::model::{Code, Issue, Issues, World};
use crate::plan::{Plan, Route};
use crate::problem::Problem;
use crate::solve::{Budget, route};
use crate::units::Instant;
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;

/// Routes that could replace those that stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The routes as they were when it was made.
    pub before: Vec<Route>,
    /// What it would change.
    pub change: PlanChange,
}

/// How long to look for a proposal, and how much it may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Search {
    /// Steps of ruin and recreate. A few thousand for a handful of engineers take some milliseconds.
    pub iterations: u64,
    /// Seed of all randomness.
    pub seed: u64,
    /// At most so many visits go to another shift than their customers were told.
    pub moves: u32,
}

impl Work<'_> {
    /// Puts proposed routes in the place of those that stand, if these are still what they were and
    /// every visit on them is on one of the new ones.
    pub(super) fn commit(&mut self, proposal: &Proposal) -> Result<(), Refusal> {
        let Proposal { before, change: PlanChange { routes: after, .. } } = proposal;
        for route in before.iter().chain(after) {
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
        if tickets(before) != tickets(after) {
            let engineer = before.first().map(|route| route.engineer.clone()).unwrap_or_default();
            return Err(Refusal::PlanMoved { engineer });
        }
        let change = change(self.state, after.clone(), None);
        self.emit("", Fact::PlanChanged { change });
        Ok(())
    }
}

impl Desk {
    /// Looks for better routes for these engineers, without changing anything: give the proposal back
    /// with [`Command::CommitPlan`](super::Command::CommitPlan), or drop it.
    ///
    /// The same state, seed and number of iterations give the same proposal. At most `moves`
    /// visits go to another shift than their customers were told; what is under way stays.
    ///
    /// # Errors
    /// E505 for an unknown engineer, E704 when the objective cannot be represented exactly.
    pub fn propose(
        &self,
        now: Instant,
        engineers: &[&str],
        search: Search,
    ) -> Result<Proposal, Issues> {
        let mut world = self.state.frame();
        world.max_changes = Some(search.moves);
        let mut start = Plan::default();
        for id in engineers {
            let unknown = || Issue::new(Code::UNKNOWN_ENGINEER, "engineers", format!("`{id}`"));
            let member = self.state.member(id).ok_or_else(unknown)?;
            Excerpt::of(&self.state, member, now).join(&mut world, &mut start);
        }
        self.name_all(&mut world);
        start.tell(&mut world);
        let problem = Problem::build(world)?;
        let before = start.routes.clone();
        let budget = Budget::iterations(search.iterations);
        let (seed, threads) = (search.seed, Some(1));
        let options = route::Options { budget, seed, threads, start: Some(start) };
        let found = route::plan(&problem, &options, &mut |_| ControlFlow::Continue(()))?;
        Ok(self.proposal(before, found.plan.routes))
    }

    /// Whom tickets name among all these engineers; who refused one does not get it.
    fn name_all(&self, world: &mut World) {
        let known: Vec<String> = world.engineers.iter().map(|e| e.id.clone()).collect();
        let of = |names: &[String]| -> Vec<String> {
            names.iter().filter(|id| known.contains(id)).cloned().collect()
        };
        for ticket in &mut world.tickets {
            let Some(case) = self.state.case(&ticket.id) else { continue };
            let Some(holder) = &case.holder else { continue };
            if holder.against_rules {
                // What was decided over the rules stays where it was put.
                ticket.required = vec![holder.engineer.clone()];
                continue;
            }
            ticket.required = of(&case.ticket.required);
            ticket.excluded = of(&case.ticket.excluded);
            let refused = known
                .iter()
                .filter(|id| case.refusals.contains_key(*id) && **id != holder.engineer);
            ticket.excluded.extend(refused.cloned());
            ticket.excluded.retain(|id| !ticket.required.contains(id));
            let preferred = of(&case.ticket.preferred);
            if !preferred.is_empty() {
                ticket.preferred = preferred;
                ticket.preferred.retain(|id| !ticket.excluded.contains(id));
            }
        }
    }

    /// What is proposed: nothing where a visit would be lost.
    fn proposal(&self, before: Vec<Route>, mut after: Vec<Route>) -> Proposal {
        let count = |routes: &[Route]| routes.iter().flat_map(Route::tickets).count();
        if count(&before) != count(&after) {
            return Proposal::default();
        }
        let is_kept = |route: &Route| after.iter().any(|other| other.shift == route.shift);
        let emptied: Vec<Route> = before.iter().filter(|route| !is_kept(route)).cloned().collect();
        after.extend(emptied.into_iter().map(|route| Route { stops: Vec::new(), ..route }));
        let change = change(&self.state, after, None);
        Proposal { before, change }
    }
}
