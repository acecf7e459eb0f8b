//! What every search on one problem reads and none changes.

use super::admission::Admission;
use super::candidates::{self, Neighbours, ShiftKinds};
use super::legs::Legs;
use super::levy;
use crate::model::{Criterion, Issues};
use crate::problem::{NEVER, NONE, Problem};
use crate::score::Model;
use crate::travel::Leg;
use std::ops::Deref;

/// A problem prepared for route search: compiled objective, travel, neighbours.
///
/// Building it takes O(n log n) for places with coordinates and O(n²) for given matrices.
#[derive(Debug)]
pub struct Arena<'p> {
    /// The problem.
    pub problem: &'p Problem,
    /// Its objective, compiled.
    pub score: Model,
    pub(super) legs: Legs<'p>,
    /// Tickets near each ticket.
    pub(super) neighbours: ForSearch<Neighbours>,
    /// Tickets that go well right before or after each ticket: near in place and in time.
    pub(super) companions: ForSearch<Neighbours>,
    pub(super) admission: Admission<'p>,
    pub(super) kinds: ForSearch<ShiftKinds>,
    /// True when travel takes longer at some hours than at others.
    pub(super) hourly: bool,
    second_weight: i128,
    meter_weight: i128,
    /// True when no way through a third place is shorter than the straight one, rounding aside.
    is_metric: bool,
    /// See [`levy::weights`].
    overload_weights: Vec<i64>,
}

/// Seconds that rounding can make of a detour of two stops at most.
const ROUNDED_AWAY: i64 = 4;

impl<'p> Arena<'p> {
    /// Prepares a problem.
    ///
    /// # Errors
    /// E704 when the objective cannot be represented exactly.
    pub fn new(problem: &'p Problem) -> Result<Self, Issues> {
        let arena = Self::for_answers(problem)?;
        let kinds = ShiftKinds::of(problem, &arena.legs);
        let (neighbours, companions) = candidates::neighbours(problem, &arena.legs, &kinds);
        Ok(Self {
            neighbours: ForSearch(Some(neighbours)),
            companions: ForSearch(Some(companions)),
            admission: Admission::of(problem),
            kinds: ForSearch(Some(kinds)),
            ..arena
        })
    }

    /// Prepares a problem for questions about single tickets, in time linear in it: what only a
    /// search reads is left out, and a search on it would panic.
    ///
    /// # Errors
    /// E704 when the objective cannot be represented exactly.
    pub(crate) fn for_answers(problem: &'p Problem) -> Result<Self, Issues> {
        let score = Model::compile(problem)?;
        let legs = Legs::of(problem);
        Ok(Self {
            neighbours: ForSearch(None),
            companions: ForSearch(None),
            admission: Admission::without_bits(problem),
            kinds: ForSearch(None),
            hourly: problem.travel.is_hourly(),
            second_weight: score.weight(Criterion::Travel),
            meter_weight: score.weight(Criterion::Distance),
            overload_weights: levy::weights(problem),
            is_metric: candidates::is_plane(problem).is_some() && !problem.travel.is_hourly(),
            problem,
            score,
            legs,
        })
    }

    /// How many tickets there are; stops from here on are depots.
    #[must_use]
    #[inline]
    pub fn ticket_count(&self) -> u32 {
        self.problem.tickets.len() as u32
    }

    /// The site of a stop, be it a ticket or a depot.
    #[inline]
    pub(super) fn site_of(&self, stop: u32) -> u32 {
        match stop.checked_sub(self.ticket_count()) {
            None => self.problem.tickets[stop as usize].site,
            Some(depot) => self.problem.depots[depot as usize].site,
        }
    }

    /// Travel of shift `s` between two sites that starts at this moment.
    #[inline(always)]
    pub(super) fn leg_at(&self, s: u32, from: u32, to: u32, depart: i64) -> Leg {
        if self.hourly {
            return self.leg_by_hour(s, from, to, depart);
        }
        self.leg(s, from, to)
    }

    /// Out of line, so that the clock stays small where nobody asks for the hour.
    #[cold]
    #[inline(never)]
    fn leg_by_hour(&self, s: u32, from: u32, to: u32, depart: i64) -> Leg {
        if to == NONE {
            return Leg::NONE;
        }
        let profile = self.problem.shifts[s as usize].profile;
        self.problem.travel.leg_at(profile, from, to, depart)
    }

    /// The latest start of a trip of shift `s` that ends by this moment.
    pub(super) fn latest_departure(&self, s: u32, from: u32, to: u32, arrive: i64) -> i64 {
        if to == NONE {
            return arrive;
        }
        let profile = self.problem.shifts[s as usize].profile;
        self.problem.travel.latest_departure(profile, from, to, arrive)
    }

    /// Travel of shift `s` between two sites, as fast as at any hour.
    #[inline]
    pub(crate) fn leg(&self, s: u32, from: u32, to: u32) -> Leg {
        self.legs.leg(self.problem.shifts[s as usize].profile, from, to)
    }

    /// Travel of shift `s` between two sites at normal speed, which is not the fastest where the hour
    /// matters.
    #[inline]
    pub(crate) fn usual_leg(&self, s: u32, from: u32, to: u32) -> Leg {
        if self.hourly && to != NONE {
            return self.problem.travel.leg(self.problem.shifts[s as usize].profile, from, to);
        }
        self.leg(s, from, to)
    }

    /// Cost of so much travel.
    #[inline]
    pub(super) fn travel_cost(&self, seconds: i64, meters: i64) -> i128 {
        self.second_weight * i128::from(seconds) + self.meter_weight * i128::from(meters)
    }

    /// Cost of so much way, the working time that it takes included.
    #[inline]
    pub(super) fn way_cost(&self, way: Leg) -> i128 {
        self.travel_cost(way.seconds, way.meters)
            + self.score.weight(Criterion::Work) * i128::from(way.seconds)
    }

    /// What is left of a moment if stops on the way can only delay it: a little less, for rounding.
    /// `None` where a way through a third place can be shorter than the straight one.
    #[inline]
    pub(super) fn delays_by(&self, moment: i64) -> Option<i64> {
        self.is_metric.then_some(moment - ROUNDED_AWAY)
    }

    /// Whether something is capped over several routes: what a region borrows, changes, an engineer's day.
    pub(super) fn caps_routes_together(&self) -> bool {
        self.problem.borrow_caps.iter().any(|&cap| 0 < cap && cap < u32::MAX)
            || self.problem.max_changes < u32::MAX
            || self.problem.day_limits() > 0
    }

    /// By how many units these loads, one for each dimension, are more than shift `s` can carry.
    #[inline]
    pub(super) fn excess(&self, s: u32, loads: impl Iterator<Item = i64>) -> i64 {
        let weighed = loads.zip(self.problem.capacity(s)).zip(&self.overload_weights);
        weighed.map(|((load, capacity), weight)| (load - capacity).max(0) * weight).sum()
    }

    /// Whether what follows on a route of shift `s` is to be known as a sum of times: for the cost of time, a
    /// longest duration or breaks.
    #[inline]
    pub(super) fn adds_up(&self, s: u32) -> bool {
        self.score.timed
            || self.problem.shifts[s as usize].max_duration < NEVER
            || !self.problem.breaks(s).is_empty()
    }

    /// What a shift costs by its number of visits: fixed cost, use, load.
    #[inline]
    pub(super) fn count_cost(&self, s: u32, visits: i64) -> i128 {
        if visits == 0 {
            return 0;
        }
        let fixed = self.problem.shifts[s as usize].fixed_cost;
        self.score.weight(Criterion::Shifts)
            + self.score.weight(Criterion::Fixed) * i128::from(fixed)
            + self.score.weight(Criterion::Load) * i128::from(visits * (visits - 1) / 2)
    }
}

/// Something that only searches read.
#[derive(Debug)]
pub(super) struct ForSearch<T>(Option<T>);

impl<T> Deref for ForSearch<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        self.0.as_ref().expect("searches run on an arena made for them")
    }
}
