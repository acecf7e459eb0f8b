//! Why a ticket is not on a shift: the first rule that fails, by how much, and what would help.

use super::clock::{Clock, reachable};
use super::state::State;
use super::tour::first_short;
use crate::plan::Rule;
use crate::problem::NEVER;
use serde::Serialize;

/// What stands between a ticket and a shift, given the rest of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Obstacle {
    /// The first rule that fails; [`Rule::Fits`] when none does.
    pub rule: Rule,
    /// By how much: seconds, metres, visits, units of load, or levels of skill, as the rule has it.
    /// Zero where more or less does not apply.
    pub excess: i64,
}

impl State<'_> {
    /// The first rule that keeps ticket `t` off shift `s`, in the order of [`Rule`], and by how much
    /// at the least bad position.
    ///
    /// O(stops²) at worst; meant for answers to people, not for the inner loop.
    #[must_use]
    pub fn obstacle(&self, t: u32, s: u32) -> Obstacle {
        let problem = self.arena.problem;
        if let Some(rule) = problem.barrier(t, s) {
            return Obstacle { rule, excess: 0 };
        }
        if let Some(region) = problem.borrows(t, s)
            && self.borrowed[region as usize] >= problem.borrow_caps[region as usize]
        {
            return Obstacle { rule: Rule::BorrowCap, excess: 1 };
        }
        let tour = &self.routes[s as usize];
        if tour.visits >= problem.shifts[s as usize].max_tickets as usize {
            return Obstacle { rule: Rule::MaxTickets, excess: 1 };
        }
        let over = tour
            .load
            .iter()
            .zip(problem.demand(t))
            .zip(problem.capacity(s))
            .map(|((load, demand), capacity)| load + demand - capacity)
            .max();
        if let Some(excess) = over.filter(|&excess| excess > 0) {
            return Obstacle { rule: Rule::Capacity, excess };
        }
        if self.best_insertion(t, s, None).is_some() {
            return Obstacle { rule: Rule::Fits, excess: 0 };
        }
        let unfetchable = problem.depots.is_empty()
            && first_short(self.arena, s, tour.stops.iter().copied().chain([t])).is_some();
        if unfetchable {
            return Obstacle { rule: Rule::Parts, excess: 0 };
        }
        let (low, high) = self.open_positions(t, s);
        (low..=high)
            .map(|position| self.obstacle_at(t, s, position))
            .min_by_key(|obstacle| (obstacle.excess, obstacle.rule))
            .unwrap_or(Obstacle { rule: Rule::Lock, excess: 0 })
    }

    /// What fails when the ticket takes this position, all rules on time and length tried in order.
    fn obstacle_at(&self, t: u32, s: u32, position: usize) -> Obstacle {
        let problem = self.arena.problem;
        let tour = &self.routes[s as usize];
        let clock = Clock::new(self.arena, s);
        let site = problem.tickets[t as usize].site;
        let before = &tour.points[position];
        let arrive = before.time + self.arena.leg(s, before.site, site).seconds;
        let closes = problem.windows(t).last().map_or(-NEVER, |window| window.latest);
        let Some(window) = reachable(problem.windows(t), arrive) else {
            return Obstacle { rule: Rule::Window, excess: arrive - closes };
        };
        let leave = arrive.max(window.earliest) + problem.service(t, s);
        let next = tour.stops.get(position).map_or(clock.home(), |&stop| self.arena.site_of(stop));
        let onward = leave + self.arena.leg(s, site, next).seconds;
        if onward > tour.latest[position] {
            return Obstacle { rule: Rule::ShiftEnd, excess: onward - tour.latest[position] };
        }
        let mut here = *before;
        for &stop in [t].iter().chain(&tour.stops[position..]) {
            match clock.step(&here, stop, |_, _| {}) {
                Ok(step) => here = step.point,
                Err(rule) => return Obstacle { rule, excess: 0 },
            }
        }
        match clock.close(&here, |_, _| {}) {
            Err(rule) => Obstacle { rule, excess: 0 },
            Ok(_) if problem.has_needs => Obstacle { rule: Rule::Parts, excess: 0 },
            Ok(_) => Obstacle { rule: Rule::Fits, excess: 0 },
        }
    }
}
