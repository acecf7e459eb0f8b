//! A day that is played as it comes: what has been begun is past, the rest is planned anew with every
//! ticket that is reported.
//!
//! Nobody is called back: whoever has left for a stop goes there, does the work, and only then is free
//! again. Where he waits before he leaves is a [`Leave`]. A ticket is accepted for good as soon as a
//! plan has room for it beside everything that was accepted before, and refused for good when none was
//! found within the budget of that moment. So the day behaves as the dynamic problem of Pillac, Guéret
//! and Medaglia (2012), where technicians on their way are not diverted either.

mod ahead;
#[cfg(test)]
mod tests;
mod timing;
mod trail;

pub use timing::Leave;
pub use trail::{Leg, Trail};

use crate::model::{Issues, Ticket, World};
use crate::plan::{Plan, StopKind, Unassigned};
use crate::problem::Problem;
use crate::solve::{Budget, route};
use crate::units::Instant;
use rustc_hash::FxHashSet;
use std::ops::ControlFlow;

/// How a day is planned.
#[derive(Clone, Debug)]
pub struct Options {
    /// For the plan before the day begins.
    pub first: Budget,
    /// For each plan after that.
    pub each: Budget,
    /// Seed of all randomness.
    pub seed: u64,
    /// Threads; all cores when absent.
    pub threads: Option<usize>,
    /// When engineers leave.
    pub leave: Leave,
}

/// A day under way.
#[derive(Clone, Debug)]
pub struct Day {
    /// Engineers, travel, what is wanted; and the tickets reported so far.
    world: World,
    options: Options,
    /// What each engineer has begun.
    trails: Vec<Trail>,
    /// Accepted tickets that nobody has left for.
    waiting: Vec<Ticket>,
    /// Where they stand in the plan.
    ahead: Plan,
    refused: Vec<String>,
    /// How many plans were made.
    plans: u64,
}

impl Day {
    /// Plans the tickets that are known before the day begins: those of this world. What no plan has
    /// room for is refused.
    ///
    /// # Errors
    /// What [`Problem::build`] finds, and `E003` for worlds with limits that count what is past: several
    /// shifts, breaks, capacities, longest routes and the like.
    pub fn begin(mut world: World, options: Options) -> Result<Self, Issues> {
        ahead::supports(&world)?;
        let known = std::mem::take(&mut world.tickets);
        let trails = world.engineers.iter().map(Trail::at_home).collect();
        let mut day = Self {
            world,
            options,
            trails,
            waiting: Vec::new(),
            ahead: Plan::default(),
            refused: Vec::new(),
            plans: 0,
        };
        let start = day.world.engineers.iter().map(|engineer| engineer.shifts[0].start).min();
        day.plan(start.unwrap_or(Instant(0)), known)?;
        Ok(day)
    }

    /// Tickets are reported: everything up to this moment has happened, then they are planned. Returns the
    /// ids of those that are refused.
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    pub fn report(&mut self, now: Instant, tickets: Vec<Ticket>) -> Result<Vec<String>, Issues> {
        self.advance(now);
        self.plan(now, tickets)
    }

    /// What has happened so far.
    #[must_use]
    pub fn trails(&self) -> &[Trail] {
        &self.trails
    }

    /// Ids of the tickets that were refused.
    #[must_use]
    pub fn refused(&self) -> &[String] {
        &self.refused
    }

    /// Lets the rest of the day pass. Returns the whole world, in which no ticket may start before it was
    /// reported, and what was done in it.
    ///
    /// # Errors
    /// Those of travel between places of the world.
    pub fn finish(mut self) -> Result<(World, Plan), Issues> {
        self.advance(Instant(i64::MAX));
        let routes = trail::routes(&self.world, &self.trails)?;
        let unassigned = self.refused.iter().map(|ticket| Unassigned {
            ticket: ticket.clone(),
            reasons: std::collections::BTreeMap::new(),
        });
        let unassigned = unassigned.collect();
        let plan = Plan { schema: Plan::SCHEMA, routes, unassigned, score: Vec::new() };
        Ok((self.world, plan))
    }

    /// Lets everybody leave who leaves up to this moment.
    fn advance(&mut self, now: Instant) {
        for (engineer, trail) in self.world.engineers.iter().zip(&mut self.trails) {
            let route = self.ahead.routes.iter_mut().find(|route| route.engineer == engineer.id);
            let mut gone = 0;
            for stop in route.iter().flat_map(|route| &route.stops) {
                let visit = (stop.kind == StopKind::Visit).then_some(&stop.id);
                let at = self.waiting.iter().position(|ticket| Some(&ticket.id) == visit);
                let ticket = at.map(|at| &self.waiting[at]);
                let left = self.options.leave.at(trail.free, stop.travel, ticket);
                if left > now {
                    break;
                }
                trail.go(left, stop, ticket, &self.world.depots);
                at.map(|at| self.waiting.remove(at));
                gone += 1;
            }
            if let Some(route) = route {
                route.stops.drain(..gone);
            }
            // Who has not left by now leaves no earlier.
            trail.free = trail.free.max(now.min(engineer.shifts[0].latest_end()));
        }
        self.ahead.routes.retain(|route| !route.stops.is_empty());
    }

    /// Plans what is waiting and, if there is room, these tickets.
    fn plan(&mut self, now: Instant, tickets: Vec<Ticket>) -> Result<Vec<String>, Issues> {
        let (late, mut new): (Vec<Ticket>, Vec<Ticket>) =
            tickets.into_iter().partition(|ticket| ahead::is_too_late(ticket, now));
        let mut refused: Vec<String> = late.iter().map(|ticket| ticket.id.clone()).collect();
        self.world.tickets.extend(late);
        for ticket in &mut new {
            ticket.release = Some(ticket.release.map_or(now, |release| release.max(now)));
        }
        self.world.tickets.extend(new.iter().cloned());
        let world = ahead::world(&self.world, &self.trails, now, &self.waiting, &new);
        if world.engineers.is_empty() {
            refused.extend(new.into_iter().map(|ticket| ticket.id));
            self.refused.extend(refused.iter().cloned());
            return Ok(refused);
        }
        let problem = Problem::build(world)?;
        let budget = if self.plans == 0 { &self.options.first } else { &self.options.each };
        let options = route::Options {
            budget: budget.clone(),
            seed: self.options.seed.wrapping_add(self.plans),
            threads: self.options.threads,
            start: (self.plans > 0).then(|| self.ahead.clone()),
        };
        self.plans += 1;
        let outcome = route::plan(&problem, &options, &mut |_| ControlFlow::Continue(()))?;
        let left: FxHashSet<&str> =
            outcome.plan.unassigned.iter().map(|entry| entry.ticket.as_str()).collect();
        // The search starts from a plan that keeps every promise, so it ends with one; were it not so,
        // the plan that is there would stand.
        let keeps_promises = self.waiting.iter().all(|ticket| !left.contains(ticket.id.as_str()));
        for ticket in new {
            if keeps_promises && !left.contains(ticket.id.as_str()) {
                self.waiting.push(ticket);
            } else {
                refused.push(ticket.id);
            }
        }
        if keeps_promises {
            self.ahead = outcome.plan;
        }
        self.refused.extend(refused.iter().cloned());
        Ok(refused)
    }
}
