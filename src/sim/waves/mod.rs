//! The dynamic dispatch waves problem of the EURO meets NeurIPS 2022 competition: every hour the requests
//! known so far are looked at, and some of them dispatched on routes that leave an hour later.
//!
//! Any number of equal vehicles stand at one depot. A request that is not dispatched may go with a later
//! wave, together with what is not known yet, up to the last wave from which it can be served.

mod consensus;
mod sample;
#[cfg(test)]
mod tests;

use crate::model::{Criterion, Issues, Objective, OwnedSkill, SkillNeed, Ticket, World};
use crate::plan::Plan;
use crate::problem::Problem;
use crate::solve::{Budget, route};
use crate::units::{Instant, Seconds};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// From the beginning of one wave to that of the next, and from a decision to the departure.
pub const HOUR: i64 = 3_600;

/// Something to be delivered.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// What, where and when.
    pub ticket: Ticket,
    /// The wave in which it becomes known.
    pub revealed: u32,
    /// The last wave from which it can be served.
    pub last: u32,
}

/// How it is decided what goes now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// All that is known.
    Greedy,
    /// What could not be served by a later wave.
    Lazy,
    /// What most scenarios, in which requests of the next wave are drawn, would send now.
    Consensus,
}

/// How waves are planned.
#[derive(Clone, Debug)]
pub struct Options {
    /// How it is decided what goes.
    pub policy: Policy,
    /// For each wave.
    pub budget: Budget,
    /// Seed of all randomness.
    pub seed: u64,
    /// Threads.
    pub threads: usize,
}

/// A day of waves, one after the other.
#[derive(Clone, Debug)]
pub struct Waves<'w> {
    /// The customers and one vehicle, with its capacity and hours.
    site: &'w World,
    /// The wave that is up next.
    wave: u32,
    /// The wave that is the last.
    end: u32,
    open: Vec<Request>,
    options: Options,
}

/// The routes of one wave, and the world that they are planned in.
#[derive(Clone, Debug)]
pub struct Dispatch {
    /// The requests that go, and vehicles that leave no earlier than this wave does.
    pub world: World,
    /// Their routes.
    pub plan: Plan,
}

impl<'w> Waves<'w> {
    /// A day from the wave `start` to the wave `end`, at the site of a static problem, whose first engineer
    /// stands for every vehicle.
    #[must_use]
    pub fn new(site: &'w World, start: u32, end: u32, options: Options) -> Self {
        Self { site, wave: start, end, open: Vec::new(), options }
    }

    /// Requests that wait for a later wave.
    #[must_use]
    pub fn open(&self) -> &[Request] {
        &self.open
    }

    /// Decides on the wave that is up, in which these requests become known; `None` when the day is over.
    ///
    /// # Errors
    /// What [`Problem::build`] finds.
    pub fn dispatch(&mut self, known: Vec<Request>) -> Result<Option<Dispatch>, Issues> {
        if self.wave > self.end {
            return Ok(None);
        }
        self.open.extend(known);
        let goes: BTreeSet<usize> = match self.options.policy {
            Policy::Lazy if self.wave < self.end => self.must_go(),
            Policy::Consensus if self.wave < self.end => self.consensus()?,
            Policy::Greedy | Policy::Lazy | Policy::Consensus => (0..self.open.len()).collect(),
        };
        let (going, open): (Vec<_>, Vec<_>) = std::mem::take(&mut self.open)
            .into_iter()
            .enumerate()
            .partition(|(index, _)| goes.contains(index));
        self.open = open.into_iter().map(|(_, request)| request).collect();
        let tickets: Vec<Ticket> = going.into_iter().map(|(_, request)| request.ticket).collect();
        let world = self.world(tickets, Vec::new(), Vec::new());
        let problem = Problem::build(world)?;
        let threads = self.options.threads;
        let share = if self.wave < self.end { ROUTES_SHARE } else { 1.0 };
        let budget = part(&self.options.budget, share);
        let plan = solve(&problem, &budget, self.seed(0), threads)?;
        self.wave += 1;
        Ok(Some(Dispatch { world: problem.world().clone(), plan }))
    }

    /// Indexes of the open requests that no later wave could serve.
    fn must_go(&self) -> BTreeSet<usize> {
        (0..self.open.len()).filter(|&index| self.open[index].last <= self.wave).collect()
    }

    fn seed(&self, stream: u64) -> u64 {
        self.options.seed ^ (u64::from(self.wave) << 32) ^ (stream << 40)
    }

    /// The world of this wave and, where anything may or must go later, of the next one.
    fn world(&self, now: Vec<Ticket>, either: Vec<Ticket>, later: Vec<Ticket>) -> World {
        let mut world = World { tickets: Vec::new(), engineers: Vec::new(), ..self.site.clone() };
        world.objective = Objective::of(&[&[(Criterion::Unserved, 1)], &[(Criterion::Travel, 1)]]);
        let one = |skill: &str, ticket: Ticket| {
            let mut ticket = ticket;
            ticket.skills.all.push(SkillNeed::new(skill, 1));
            ticket
        };
        let (sooner, after) = (now.len() + either.len(), either.len() + later.len());
        world.tickets.extend(now.into_iter().map(|ticket| one(NOW, ticket)));
        world.tickets.extend(either);
        world.tickets.extend(later.into_iter().map(|ticket| one(LATER, ticket)));
        for (skill, count, wave) in [(NOW, sooner.max(1), self.wave), (LATER, after, self.wave + 1)]
        {
            for number in 1..=count {
                let Some(mut vehicle) = self.site.engineers.first().cloned() else { break };
                vehicle.id = format!("{skill} {number}");
                vehicle.skills = vec![OwnedSkill::new(skill, 1)];
                vehicle.shifts[0].start = departure(wave).max(vehicle.shifts[0].start);
                world.engineers.push(vehicle);
            }
        }
        world
    }
}

/// The share of a budget that is for the routes of what goes, in all waves but the last, under every policy:
/// so policies differ in nothing but what goes.
const ROUTES_SHARE: f64 = 0.5;

/// What vehicles of this wave have, and those of the next have not.
const NOW: &str = "now";
/// The other way round.
const LATER: &str = "later";

/// When the vehicles of a wave leave at the earliest.
#[must_use]
pub fn departure(wave: u32) -> Instant {
    Instant(HOUR * (i64::from(wave) + 1))
}

/// So much of a budget.
fn part(budget: &Budget, share: f64) -> Budget {
    Budget {
        seconds: budget.seconds.map(|seconds| seconds * share),
        iterations: budget.iterations.map(|iterations| (iterations as f64 * share) as u64),
        ..budget.clone()
    }
}

fn solve(problem: &Problem, budget: &Budget, seed: u64, threads: usize) -> Result<Plan, Issues> {
    let options =
        route::Options { budget: budget.clone(), seed, threads: Some(threads), start: None };
    Ok(route::plan(problem, &options, &mut |_| ControlFlow::Continue(()))?.plan)
}

/// The way of all routes together.
#[must_use]
pub fn driving(plan: &Plan) -> Seconds {
    plan.routes.iter().map(crate::plan::Route::travel).sum()
}
