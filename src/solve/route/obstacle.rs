//! Why a ticket is not on a shift: the rules that fail, in their order, and by how much.
//!
//! The order of the other visits is taken as it stands. Some rules fail wherever the new visit would
//! be placed. The others are decided at the place that is best in the order of the rules: the least
//! trouble with windows, among such places the least overtime, and so on. So a rule is the first to
//! fail exactly when there are places that keep all earlier rules and none of these keeps it too,
//! and the excess is the least that has to be granted.

use super::ask::Ask;
use super::clock::{Clock, Forgiving};
use super::state::State;
use super::tour::first_short;
use crate::model::RegionFit;
use crate::plan::Rule;
use crate::problem::NONE;
use serde::Serialize;

/// What stands between a ticket and a shift, given the rest of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Obstacle {
    /// The first rule that fails; [`Rule::Fits`] when none does.
    pub rule: Rule,
    /// By how much at the least: seconds, metres, visits or units of load, as the rule has it. Zero
    /// where more or less does not apply.
    pub excess: i64,
}

/// The rules that do not depend on where in the route the visit stands.
const ANYWHERE: [Rule; 9] = [
    Rule::Skill,
    Rule::Engineer,
    Rule::Region,
    Rule::BorrowCap,
    Rule::Changes,
    Rule::Lock,
    Rule::MaxTickets,
    Rule::Capacity,
    Rule::DayLimit,
];

impl State<'_> {
    /// The first rule that keeps ticket `t` off shift `s`, in the order of [`Rule`], and by how much
    /// at the least bad position.
    ///
    /// O(stops²), and O(depots stops³) where parts are to be fetched; meant for answers to people,
    /// not for the inner loop.
    #[must_use]
    pub fn obstacle(&self, t: u32, s: u32) -> Obstacle {
        self.ask(t, s).obstacle()
    }
}

impl Ask<'_> {
    /// See [`State::obstacle`].
    pub(crate) fn obstacle(&self) -> Obstacle {
        self.anywhere()
            .next()
            .or_else(|| self.misfit().obstacles().next())
            .unwrap_or(Obstacle { rule: Rule::Fits, excess: 0 })
    }

    /// The rules that fail wherever the visit stands.
    pub(crate) fn anywhere(&self) -> impl Iterator<Item = Obstacle> {
        ANYWHERE
            .into_iter()
            .filter_map(|rule| self.fails(rule).map(|excess| Obstacle { rule, excess }))
    }

    /// By how much a rule that does not depend on the position fails.
    fn fails(&self, rule: Rule) -> Option<i64> {
        let Self { arena, tour, t, s, borrowed, changed, .. } = *self;
        let problem = arena.problem;
        let plainly = |fails: bool| fails.then_some(0);
        match rule {
            Rule::Skill => plainly(problem.skill_surplus(t, s).is_none()),
            Rule::Engineer => plainly(!problem.lists_admit(t, s)),
            Rule::Region => plainly(problem.region_fit(t, s).0 == RegionFit::Never),
            Rule::BorrowCap => {
                if problem.region_fit(t, s).0 < RegionFit::Borrowed {
                    return None;
                }
                let cap = problem.borrow_caps[problem.tickets[t as usize].region as usize];
                above_zero(i64::from(borrowed) + 1 - i64::from(cap))
            }
            Rule::Changes if problem.is_change(t, s) => {
                above_zero(i64::from(changed) + 1 - i64::from(problem.max_changes))
            }
            Rule::Lock => plainly(self.is_locked_out()),
            Rule::MaxTickets => {
                let limit = problem.shifts[s as usize].max_tickets;
                above_zero(tour.visits as i64 + 1 - i64::from(limit))
            }
            Rule::Capacity => self.overload().max().and_then(above_zero),
            Rule::DayLimit => self.day_excesses().max().and_then(above_zero),
            _ => None,
        }
    }

    /// The load beyond the capacity in each dimension, were the ticket on board.
    pub(crate) fn overload(&self) -> impl Iterator<Item = i64> {
        let problem = self.arena.problem;
        let demand = problem.demand(self.t).iter().zip(problem.capacity(self.s));
        self.tour.load.iter().zip(demand).map(|(load, (demand, capacity))| load + demand - capacity)
    }

    /// True when the lock wants another shift, a rank that the route does not keep, or a start that
    /// none of the ticket's windows allows.
    fn is_locked_out(&self) -> bool {
        let problem = self.arena.problem;
        let locked_to = problem.tickets[self.t as usize].locked_to;
        let (low, high) = self.open_positions();
        (locked_to != NONE && locked_to != self.s)
            || low > high
            || problem.windows(self.t).is_empty()
    }

    /// The ticket at its least bad place, as if the rules that fail anywhere were out of the way.
    /// What the van lacks is fetched on the way where there is a depot.
    pub(crate) fn misfit(&self) -> Misfit {
        if !self.is_short() {
            return self.least(|positions| self.carrying(positions));
        }
        if self.arena.problem.depots.is_empty() {
            return self.stocked();
        }
        self.least(|positions| self.fetching(positions))
    }

    /// The same as if the van started with all that the route needs.
    pub(crate) fn stocked(&self) -> Misfit {
        let least = self.least(|positions| self.carrying(positions));
        Misfit { lacks_parts: true, ..least }
    }

    /// True when the van does not carry all that the route needs with the ticket on it.
    pub(crate) fn is_short(&self) -> bool {
        let stops = self.tour.stops.iter().copied().chain([self.t]);
        self.arena.problem.has_needs && first_short(self.arena, self.s, stops).is_some()
    }

    /// The least bad of these sequences of stops, given the positions open to the ticket.
    fn least<S: Iterator<Item = Vec<u32>>>(
        &self,
        sequences: impl FnOnce((usize, usize)) -> S,
    ) -> Misfit {
        let problem = self.arena.problem;
        let (windows, positions) = if self.is_locked_out() {
            (problem.windows_unlocked(self.t), (self.tour.ranked, self.tour.stops.len()))
        } else {
            (problem.windows(self.t).to_vec(), self.open_positions())
        };
        let manner = Forgiving { t: self.t, windows: &windows };
        let clock = Clock::with(self.arena, self.s, manner);
        let walks = sequences(positions).map(|stops| self.walk(&clock, stops));
        walks.min_by_key(Misfit::key).expect("a ticket can stand at the end of a route")
    }

    /// The sequences of tickets with this one between these positions, without a depot stop.
    fn carrying(&self, (low, high): (usize, usize)) -> impl Iterator<Item = Vec<u32>> {
        let is_ticket = |stop: &u32| *stop < self.arena.ticket_count();
        let stops = &self.tour.stops;
        let before =
            |position: usize| stops[..position].iter().filter(|stop| is_ticket(stop)).count();
        let tickets: Vec<u32> = stops.iter().copied().filter(is_ticket).collect();
        (before(low)..=before(high)).map(move |position| with(&tickets, position, self.t))
    }

    /// The same with a depot stop before anything runs short.
    fn fetching(&self, positions: (usize, usize)) -> impl Iterator<Item = Vec<u32>> {
        let first = self.arena.ticket_count();
        let depots = first..first + self.arena.problem.depots.len() as u32;
        self.carrying(positions).flat_map(move |tickets| {
            let short = first_short(self.arena, self.s, tickets.iter().copied());
            let ranks = 0..short.map_or(0, |short| short + 1);
            let depots = depots.clone();
            ranks.flat_map(move |rank| {
                depots.clone().map(|depot| with(&tickets, rank, depot)).collect::<Vec<_>>()
            })
        })
    }

    /// How the shift would pass with these stops.
    fn walk(&self, clock: &Clock<'_, Forgiving<'_>>, stops: Vec<u32>) -> Misfit {
        let breaks = self.arena.problem.breaks(self.s);
        let (mut late, mut overdue, mut taken) = (Vec::new(), Vec::new(), 0);
        let mut on_break = |start: i64, _: i64| {
            if start > breaks[taken].latest {
                overdue.push((taken as u32, start - breaks[taken].latest));
            }
            taken += 1;
        };
        let mut here = clock.open();
        for &stop in &stops {
            let step = clock.step(&here, stop, &mut on_break).expect("it forgives");
            if step.late > 0 {
                late.push(Late { t: stop, arrive: step.arrive, by: step.late });
            }
            here = step.point;
        }
        let mut finish = clock.close(&here, &mut on_break).expect("it forgives");
        if self.arena.hourly {
            finish = clock.finish(&here, &stops).expect("it forgives");
        }
        let beyond = clock.excesses(&finish).map(|(_, excess)| excess.max(0));
        Misfit { stops, lacks_parts: false, late, overdue, beyond }
    }
}

/// A route with one ticket more, timed as if everything in its way were granted.
#[derive(Clone, Debug)]
pub(crate) struct Misfit {
    /// The stops, the ticket among them.
    pub(crate) stops: Vec<u32>,
    /// The van would have to start with more tools or parts, for fetching them does not fit.
    pub(crate) lacks_parts: bool,
    /// Visits that start after their last window.
    pub(crate) late: Vec<Late>,
    /// Breaks that start after their window: which, and by how many seconds.
    pub(crate) overdue: Vec<(u32, i64)>,
    /// Seconds beyond the end of the shift, seconds beyond the longest duration, metres beyond the
    /// longest way.
    pub(crate) beyond: [i64; 3],
}

/// A visit that starts on arrival, after its last window.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Late {
    /// The ticket.
    pub(crate) t: u32,
    /// When he gets there.
    pub(crate) arrive: i64,
    /// Seconds since its last window closed.
    pub(crate) by: i64,
}

impl Misfit {
    /// What has to be granted, in the order of the rules.
    fn key(&self) -> [i64; 5] {
        let [shift_end, duration, distance] = self.beyond;
        let late = self.late.iter().map(|late| late.by).sum();
        let overdue = self.overdue.iter().map(|(_, by)| by).sum();
        [late, shift_end, overdue, duration, distance]
    }

    /// The rules that fail here, in their order.
    pub(crate) fn obstacles(&self) -> impl Iterator<Item = Obstacle> {
        let timed =
            [Rule::Window, Rule::ShiftEnd, Rule::Break, Rule::MaxDuration, Rule::MaxDistance]
                .into_iter()
                .zip(self.key())
                .filter(|&(_, excess)| excess > 0);
        let parts = self.lacks_parts.then_some((Rule::Parts, 0));
        parts.into_iter().chain(timed).map(|(rule, excess)| Obstacle { rule, excess })
    }
}

fn above_zero(excess: i64) -> Option<i64> {
    (excess > 0).then_some(excess)
}

/// These stops and one more.
fn with(stops: &[u32], position: usize, stop: u32) -> Vec<u32> {
    let mut all = Vec::with_capacity(stops.len() + 1);
    all.extend_from_slice(&stops[..position]);
    all.push(stop);
    all.extend_from_slice(&stops[position..]);
    all
}
