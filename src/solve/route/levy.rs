//! What a search charges itself beyond the objective: load beyond what a van holds, and routes.
//!
//! A route is closed in many steps, each of which costs. Where the depot is far away, a search that pays for these as for
//! any other ends with a route too many, and is three percent off. So for a while routes pay a toll, less the fewer visits
//! they have: what leaves a short route for a long one pays, until the short one is gone.
//!
//! Where vans are full, the plans that fit are islands, and the way from one to the next leads over plans
//! that do not fit (Gendreau, Hertz and Laporte, Management Science 40(10), 1994). So a search may pass
//! through them at a price, which it raises while too few plans fit and lowers while too many do. No such plan
//! is ever an answer: only plans without overload count as found.

use super::arena::Arena;
use super::parts::TICKETS_MIN;
use super::state::State;
use super::tour::Tour;
use crate::problem::{NEVER, NONE, Problem};

/// Iterations after which charges are set anew.
pub(super) const EVERY: u64 = 128;
/// Units of overload in a mean demand.
const UNITS: i64 = 1 << 10;
/// By what price and toll are divided: a unit of either can cost less than a unit of cost.
const UNIT_BITS: u32 = 10;
/// The highest price: costs stay within their type.
const PRICE_MAX: i128 = 1 << 64;
/// Percent by which the price is raised or lowered at a time. With 1 or 3 percent it changes too slowly to
/// drive the search back and forth over the border.
const STEP: i128 = 20;
/// How many mean ways the toll begins with, and the share of the way at which it is gone.
const TOLL: (f64, f64) = (1.0, 0.5);
/// The same for plans that are searched in parts: there are more routes to close, and less time for each.
const TOLL_PARTS: (f64, f64) = (3.0, 0.25);
/// The most visits on a mean route of plans all of whose searches may pay a toll. Longer routes are few, hard to close,
/// and once closed they do not open again: with forty visits on a route a toll costs up to three percent.
const SHORT: usize = 20;

/// Percent to which vans are filled where a toll pays. Where they are emptier (43 and 51 percent, Homberger R2 and RC2)
/// the toll closes routes that nothing opens again, for five percent of the cost.
const FILLED: i128 = 60;

/// The charges of a search at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Levy {
    /// Packed cost of so many units of overload as make a mean demand; none where a van must never be overloaded.
    pub price: Option<i128>,
    /// What a route of a mean length or more pays, divided by the square of that length; in the units of the price.
    pub toll: i128,
    /// Visits on a mean route.
    pub mean: i64,
}

impl Levy {
    /// No charges and no overload: the rules of an answer.
    pub(super) const NONE: Self = Self { price: None, toll: 0, mean: 1 };

    /// What is charged for this route.
    #[inline]
    pub(super) fn of(&self, tour: &Tour) -> i128 {
        self.charge(tour.visits, tour.excess)
    }

    /// What is charged more once ticket `t` is on this route of shift `s`; none where it must not be.
    #[inline]
    pub(super) fn rise(&self, arena: &Arena<'_>, tour: &Tour, t: u32, s: u32) -> Option<i128> {
        let loads = tour.load.iter().zip(arena.problem.demand(t)).map(|(load, more)| load + more);
        let charge = self.allowed(tour.visits + 1, arena.excess(s, loads))?;
        Some(charge - self.of(tour))
    }

    /// What is charged for a route of shift `s` with these tickets; none where they must not be on one.
    pub(super) fn of_tickets<'t>(
        &self,
        arena: &Arena<'_>,
        s: u32,
        tickets: impl Iterator<Item = &'t u32> + Clone,
    ) -> Option<i128> {
        let problem = arena.problem;
        let load = |d: usize| tickets.clone().map(|&t| problem.demand(t)[d]).sum::<i64>();
        let excess = arena.excess(s, (0..problem.dimensions).map(load));
        self.allowed(tickets.clone().count(), excess)
    }

    #[inline]
    fn allowed(&self, visits: usize, excess: i64) -> Option<i128> {
        (excess == 0 || self.price.is_some()).then(|| self.charge(visits, excess))
    }

    #[inline]
    fn charge(&self, visits: usize, excess: i64) -> i128 {
        if self.toll == 0 && excess == 0 {
            return 0;
        }
        let missing = (self.mean - visits as i64).max(0);
        let toll = self.toll * i128::from(self.mean * self.mean - missing * missing);
        let price = self.price.map_or(0, |price| price * i128::from(excess));
        (toll >> UNIT_BITS) + (price >> UNIT_BITS)
    }

    /// The charges to go on with, where routes pay a toll of so many mean ways and `fitting` of the last [`EVERY`]
    /// plans had no overload; none where a van must not be overloaded.
    pub(super) fn next(self, state: &State<'_>, fitting: Option<u64>, toll: f64) -> Self {
        let mean = state.mean_visits().max(1) as i64;
        let way = if toll > 0.0 { ways(state) } else { 0 };
        let toll = toll * way as f64 * f64::from(1 << UNIT_BITS) / (mean * mean) as f64;
        Self {
            price: fitting.map(|fitting| self.next_price(state, fitting)),
            toll: toll as i128,
            mean,
        }
    }

    fn next_price(self, state: &State<'_>, fitting: u64) -> i128 {
        let cost = state.arena.score.unpack(state.cost()).last().copied().unwrap_or(0);
        let price = match self.price {
            None => i128::from(cost) / state.shift_of.len().max(1) as i128 + 1,
            Some(price) if fitting < EVERY / 2 => price * (100 + STEP) / 100 + 1,
            Some(price) => price * (100 - STEP) / 100,
        };
        price.clamp(1, PRICE_MAX)
    }
}

/// How many mean ways a route pays in a search that has come so far, from 0 to 1.
pub(super) fn toll(state: &State<'_>, way: f64) -> f64 {
    let is_large = state.shift_of.len() >= TICKETS_MIN;
    let (begins, ends) = if is_large { TOLL_PARTS } else { TOLL };
    begins * (1.0 - way / ends).max(0.0)
}

/// Packed cost of the mean way from where a shift begins to one of its visits, and from there to where it ends.
fn ways(state: &State<'_>) -> i128 {
    let arena = state.arena;
    let visits = (0..).zip(&state.shift_of).filter(|&(_, &s)| s != NONE);
    let (mut sum, mut count) = (0, 0);
    for (t, &s) in visits {
        let shift = &arena.problem.shifts[s as usize];
        let site = arena.site_of(t);
        sum += arena.way_cost(arena.leg(s, shift.from, site));
        sum += arena.way_cost(arena.leg(s, site, shift.to));
        count += 1;
    }
    sum / i128::max(count, 1)
}

/// Whether routes are so short that a toll mostly helps.
pub(super) fn has_short_routes(state: &State<'_>) -> bool {
    state.mean_visits() <= SHORT
}

/// Whether vans are filled to [`FILLED`] on the mean, in some dimension: then it is what they hold that keeps routes
/// from being fewer.
pub(super) fn fills_vans(state: &State<'_>) -> bool {
    let problem = state.arena.problem;
    (0..problem.dimensions).any(|d| {
        let used = problem.shift_indexes().filter(|&s| state.in_use[s as usize]);
        let (loads, holds) = used.fold((0, 0), |(loads, holds), s| {
            let (load, hold) = (state.routes[s as usize].load[d], problem.capacity(s)[d]);
            (loads + i128::from(load), holds + i128::from(hold))
        });
        loads > 0 && 100 * loads >= FILLED * holds
    })
}

/// Whether overload leads anywhere: there are vans that can be full, no ticket is left out for its price, and the
/// plan is not one that is searched in parts, where in seconds it leads away from what fits.
pub(super) fn leads_on(arena: &Arena<'_>) -> bool {
    let problem = arena.problem;
    let can_be_full = |s| problem.capacity(s).iter().any(|&holds| holds < NEVER);
    let is_large = problem.tickets.len() >= TICKETS_MIN;
    !is_large && !arena.score.priced && problem.shift_indexes().any(can_be_full)
}

/// How many units of overload a unit of load is, in each dimension: they are as far apart as kilograms
/// and litres.
pub(super) fn weights(problem: &Problem) -> Vec<i64> {
    let total = |d: usize| problem.ticket_indexes().map(|t| problem.demand(t)[d]).sum::<i64>();
    let units = UNITS * problem.tickets.len() as i64;
    (0..problem.dimensions).map(|d| units.checked_div(total(d)).unwrap_or(0).max(1)).collect()
}
