//! One ticket asked of one shift: all that the answer depends on, without the rest of the plan.

use super::arena::Arena;
use super::days::Days;
use super::levy::Levy;
use super::state::State;
use super::tour::Tour;
use crate::problem::NONE;

/// May ticket `t`, which is on no route, go to shift `s`?
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask<'x> {
    pub(crate) arena: &'x Arena<'x>,
    /// The route of the shift as it stands.
    pub(super) tour: &'x Tour,
    pub(crate) t: u32,
    pub(crate) s: u32,
    /// How many visits the ticket's region has borrowed.
    pub(crate) borrowed: u32,
    /// How many visits are changes of what was told.
    pub(crate) changed: u32,
    /// What engineers have on their days.
    pub(super) days: &'x Days,
    /// What the search charges itself.
    pub(super) levy: &'x Levy,
}

impl State<'_> {
    #[inline]
    pub(super) fn ask(&self, t: u32, s: u32) -> Ask<'_> {
        let region = self.arena.problem.tickets[t as usize].region;
        let borrowed = if region == NONE { 0 } else { self.borrowed[region as usize] };
        let changed = self.changed;
        let (arena, tour) = (self.arena, &self.routes[s as usize]);
        Ask { arena, tour, t, s, borrowed, changed, days: &self.days, levy: &self.levy }
    }
}

impl Ask<'_> {
    /// The stops of the shift as they stand: tickets, and depots as `ticket_count + depot`.
    pub(crate) fn stops(&self) -> &[u32] {
        &self.tour.stops
    }

    /// True when what spans routes leaves room: visits that its region may still borrow, changes of what
    /// customers were told, and the engineer's day.
    #[inline]
    pub(super) fn keeps_caps(&self) -> bool {
        let problem = self.arena.problem;
        let may_borrow = problem
            .borrows(self.t, self.s)
            .is_none_or(|region| self.borrowed < problem.borrow_caps[region as usize]);
        may_borrow
            && (self.changed < problem.max_changes || !problem.is_change(self.t, self.s))
            && self.days.admit(problem, self.t, self.s)
    }

    /// By how much the engineer's day would be over its limits: visits, then load in each dimension.
    pub(crate) fn day_excesses(&self) -> impl Iterator<Item = i64> {
        self.days.excesses(self.arena.problem, self.t, self.s)
    }

    /// The first position that the ticket may take in the route, and the last.
    pub(super) fn open_positions(&self) -> (usize, usize) {
        let (tour, problem) = (self.tour, self.arena.problem);
        let rank = problem.tickets[self.t as usize].rank;
        if rank == NONE {
            return (tour.ranked, tour.stops.len());
        }
        let rank_of = |stop: &u32| problem.tickets.get(*stop as usize).map(|ticket| ticket.rank);
        let after = |stop: &u32| rank_of(stop).is_some_and(|other| other < rank);
        let before = |stop: &u32| rank_of(stop).is_some_and(|other| other > rank);
        let low = tour.stops.iter().rposition(after).map_or(0, |last| last + 1);
        let high = tour.stops.iter().position(before).unwrap_or(tour.stops.len());
        (low, high)
    }
}
