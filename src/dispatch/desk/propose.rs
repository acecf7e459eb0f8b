//! A better plan for some engineers, worked out beside the desk and committed by a command.

use super::Desk;
use super::case::{Case, Phase};
use super::cause::as_digits;
use super::excerpt::Excerpt;
use super::fact::Fact;
use super::found::{Finder, Found};
use super::member::Member;
use super::outcome::PlanChange;
use super::refusal::Refusal;
use super::state::State;
use super::told::{around, hold};
use super::work::{Work, measured, told};
use crate::model::{Code, Issue, Issues, World};
use crate::plan::{Plan, Route, Sequences, StopKind};
use crate::problem::Problem;
use crate::solve::{Budget, route};
use crate::units::{Instant, Seconds};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;

/// Routes that could replace those that stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The routes as they were when it was made.
    pub before: Vec<Route>,
    /// What it would change.
    pub change: PlanChange,
    /// How it was found; nothing for one that somebody has made himself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Box<Found>>,
}

/// How long to look for a proposal, and how much it may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// Steps of ruin and recreate. A few thousand for a handful of engineers take some milliseconds.
    pub iterations: u64,
    /// Seed of all randomness.
    #[serde(with = "as_digits")]
    pub seed: u64,
    /// At most so many visits go to another shift than their customers were told.
    pub moves: u32,
}

impl Proposal {
    /// What these routes would change in those that stand. Routes that keep their stops in order are
    /// left out: they need not stand still until it is committed.
    pub(super) fn of(
        told: &[Route],
        mut before: Vec<Route>,
        mut after: Vec<Route>,
        tolerance: Seconds,
        found: Found,
    ) -> Self {
        let is_kept = |route: &Route| after.iter().any(|other| other.shift == route.shift);
        let emptied: Vec<Route> = before.iter().filter(|route| !is_kept(route)).cloned().collect();
        after.extend(emptied.into_iter().map(|route| Route { stops: Vec::new(), ..route }));
        let old = |shift: &str| before.iter().find(|route| route.shift == shift).map(order);
        after.retain(|route| old(&route.shift).unwrap_or_default() != order(route));
        before.retain(|route| after.iter().any(|other| other.shift == route.shift));
        let told = |route: &Route| told.iter().find(|old| old.shift == route.shift).cloned();
        let told = after.iter().filter_map(told).collect();
        let change = measured(told, after, tolerance);
        Self { before, change, found: Some(Box::new(found)) }
    }
}

/// What is on a route, in order, without its breaks.
fn order(route: &Route) -> Vec<(StopKind, &str)> {
    let stops = route.stops.iter().filter(|stop| stop.kind != StopKind::Break);
    stops.map(|stop| (stop.kind, stop.id.as_str())).collect()
}

impl Work<'_> {
    /// Puts proposed routes in the place of those that stand, timed anew from now, if all that they were
    /// made from still holds and nobody else has to be called for them.
    pub(super) fn commit(&mut self, proposal: &Proposal) -> Result<(), Refusal> {
        let fact = self.committed(proposal)?;
        self.emit("", fact);
        Ok(())
    }

    /// What is written down of it.
    pub(super) fn committed(&self, proposal: &Proposal) -> Result<Fact, Refusal> {
        self.still_stands(proposal)?;
        let routes = self.timed_as_told(proposal)?;
        let (change, found) = (self.change(routes, None), proposal.found.clone());
        Ok(Fact::PlanChanged { change, found })
    }

    /// The routes are what they were, every visit on them is on one of the new ones, and nobody gets more who
    /// may not.
    fn still_stands(&self, proposal: &Proposal) -> Result<(), Refusal> {
        let Proposal { before, change: PlanChange { routes: after, .. }, .. } = proposal;
        for route in before.iter().chain(after) {
            let standing = self.member(&route.engineer)?.routes.get(&route.shift);
            let was = before.iter().find(|old| old.shift == route.shift);
            if standing != was.filter(|was| was.tickets().next().is_some()) {
                return Err(moved(route));
            }
        }
        for route in after {
            let may_get_more = self.member(&route.engineer)?.may_get_more(self.now);
            let may_have = |id: &str| {
                let case = self.state.case(id).filter(|case| case.phase == Phase::Assigned);
                let holder = case.and_then(Case::held_by_engineer);
                holder.is_some_and(|holder| may_get_more || holder == route.engineer)
            };
            if !route.tickets().all(may_have) {
                return Err(moved(route));
            }
        }
        let tickets = |routes: &[Route]| {
            let mut ids: Vec<String> =
                routes.iter().flat_map(Route::tickets).map(str::to_owned).collect();
            ids.sort_unstable();
            ids
        };
        match before.first().or(after.first()) {
            Some(route) if tickets(before) != tickets(after) => Err(moved(route)),
            _ => Ok(()),
        }
    }

    /// The proposed routes as they are from now on, by the rules as they are now. Who need not be called is visited
    /// as he was told, the others as proposed, within the tolerance.
    fn timed_as_told(&self, proposal: &Proposal) -> Result<Vec<Route>, Refusal> {
        let PlanChange { routes: after, calls, .. } = &proposal.change;
        let mut members: Vec<&Member> = Vec::new();
        for route in after {
            let member = self.member(&route.engineer)?;
            if !members.iter().any(|known| known.number == member.number) {
                members.push(member);
            }
        }
        let Some(first) = after.first() else { return Ok(Vec::new()) };
        let (mut world, mut plan) = self.state.joint(&members, self.now);
        world.max_changes = None;
        plan.routes.retain(|route| !after.iter().any(|new| new.shift == route.shift));
        plan.routes.extend(after.iter().cloned());
        for ticket in &mut world.tickets {
            let Some(proposed) = proposal.change.appointment(&ticket.id) else { continue };
            let told = self.state.case(&ticket.id).and_then(|case| case.told.as_ref());
            let told = told.filter(|_| !calls.contains(&ticket.id));
            let times = around(told.unwrap_or(&proposed).start, self.state.policy.tolerance);
            if !hold(ticket, times) {
                return Err(moved(first));
            }
        }
        let problem = Problem::build(world).map_err(|_| moved(first))?;
        let (timed, _) = route::time(&problem, &Sequences::of(&plan))?;
        let timed = after.iter().map(|new| {
            let found = timed.routes.iter().find(|route| route.shift == new.shift);
            match found {
                Some(found) if order(found) == order(new) => Ok(found.clone()),
                None if order(new).is_empty() => Ok(Route { stops: Vec::new(), ..new.clone() }),
                _ => Err(moved(new)),
            }
        });
        timed.collect()
    }
}

fn moved(route: &Route) -> Refusal {
    Refusal::PlanMoved { engineer: route.engineer.clone() }
}

impl Desk {
    /// Looks for better routes for these engineers, without changing anything: give the proposal back
    /// with [`Command::CommitPlan`](super::Command::CommitPlan), or drop it.
    ///
    /// The same state, seed and number of iterations give the same proposal. At most `moves`
    /// visits go to another shift than their customers were told; what is under way stays. Who is off duty, or has
    /// a question open, gets nothing that he does not have.
    ///
    /// [`slice`](Self::slice) chooses the engineers itself, and keeps to what customers were told.
    ///
    /// # Errors
    /// E505 for an unknown engineer, E704 when the objective cannot be represented exactly.
    pub fn propose(
        &self,
        now: Instant,
        engineers: &[&str],
        search: Search,
    ) -> Result<Proposal, Issues> {
        let member = |id: &&str| {
            let unknown = || Issue::new(Code::UNKNOWN_ENGINEER, "engineers", format!("`{id}`"));
            self.state.member(id).ok_or_else(unknown)
        };
        let members = engineers.iter().map(member).collect::<Result<Vec<&Member>, Issue>>()?;
        let (mut world, start) = self.state.joint(&members, now);
        world.max_changes = Some(search.moves);
        let problem = Problem::build(world)?;
        let (before, (standing, _)) =
            (start.routes.clone(), route::time(&problem, &Sequences::of(&start))?);
        let budget = Budget::iterations(search.iterations);
        let (seed, threads) = (search.seed, Some(1));
        let options = route::Options { budget, seed, threads, start: Some(start) };
        let found = route::plan(&problem, &options, &mut |_| ControlFlow::Continue(()))?;
        if !found.plan.unassigned.is_empty() {
            return Ok(Proposal::default());
        }
        let engineers = engineers.iter().map(|&id| id.to_owned()).collect();
        let source = Found {
            seq: self.state.next,
            at: now,
            by: Finder::Search { engineers, search }.within_reach(),
            before: standing.score,
            after: found.plan.score,
        };
        let told = told(&self.state, &before, None);
        let tolerance = self.state.policy.tolerance;
        Ok(Proposal::of(&told, before, found.plan.routes, tolerance, source))
    }
}

impl State {
    /// These engineers with what is left of their days as one world, and their routes as a plan of it.
    pub(super) fn joint(&self, members: &[&Member], now: Instant) -> (World, Plan) {
        let (mut world, mut plan) = (self.frame(), Plan::default());
        for member in members {
            Excerpt::of(self, member, now).join(&mut world, &mut plan);
        }
        self.name_all(&mut world, now);
        plan.tell(&mut world);
        (world, plan)
    }

    /// Whom tickets name among all these engineers. Who refused one, or may get nothing more now, does not get it.
    fn name_all(&self, world: &mut World, now: Instant) {
        let known: Vec<String> = world.engineers.iter().map(|e| e.id.clone()).collect();
        let is_full = |id: &str| self.member(id).is_some_and(|member| !member.may_get_more(now));
        let full: Vec<bool> = known.iter().map(|id| is_full(id)).collect();
        let of = |names: &[String]| -> Vec<String> {
            names.iter().filter(|id| known.contains(id)).cloned().collect()
        };
        for ticket in &mut world.tickets {
            let Some(case) = self.case(&ticket.id) else { continue };
            let Some(holder) = &case.holder else { continue };
            if holder.against_rules {
                // What was decided over the rules stays where it was put.
                ticket.required = vec![holder.engineer.clone()];
                continue;
            }
            ticket.required = of(&case.ticket.required);
            ticket.excluded = of(&case.ticket.excluded);
            let barred = known.iter().zip(&full).filter(|(id, is_full)| {
                **id != holder.engineer && (**is_full || case.refusals.contains_key(*id))
            });
            ticket.excluded.extend(barred.map(|(id, _)| id.clone()));
            ticket.excluded.retain(|id| !ticket.required.contains(id));
            ticket.excluded.sort_unstable();
            ticket.excluded.dedup();
            let preferred = of(&case.ticket.preferred);
            if !preferred.is_empty() {
                ticket.preferred = preferred;
                ticket.preferred.retain(|id| !ticket.excluded.contains(id));
            }
        }
    }
}
