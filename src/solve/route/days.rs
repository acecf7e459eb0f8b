//! What engineers do on each day, over all their shifts of it: counters beside the routes.
//!
//! Like a cap on borrowing a limit on a day spans routes, so it is asked before anything that is
//! remembered about a single one.

use crate::problem::{NONE, Problem};

/// Visits and load of every day that has a limit; nothing where none has.
#[derive(Clone, Debug, Default)]
pub(crate) struct Days {
    visits: Vec<u32>,
    /// In each dimension of each day.
    load: Vec<i64>,
}

impl Days {
    /// Days on which nobody is visited.
    pub(super) fn empty(problem: &Problem) -> Self {
        let count = problem.day_limits();
        Self { visits: vec![0; count], load: vec![0; count * problem.dimensions] }
    }

    /// Ticket `t` comes to shift `s`.
    #[inline]
    pub(super) fn join(&mut self, problem: &Problem, t: u32, s: u32) {
        if problem.day_limits() > 0 {
            self.count(problem, t, s, 1);
        }
    }

    /// Ticket `t` leaves shift `s`.
    #[inline]
    pub(super) fn leave(&mut self, problem: &Problem, t: u32, s: u32) {
        if problem.day_limits() > 0 {
            self.count(problem, t, s, -1);
        }
    }

    #[cold]
    #[inline(never)]
    fn count(&mut self, problem: &Problem, t: u32, s: u32, sign: i32) {
        let day = problem.shifts[s as usize].day;
        if day == NONE {
            return;
        }
        let visits = &mut self.visits[day as usize];
        *visits = visits.saturating_add_signed(sign);
        let load = &mut self.load[day as usize * problem.dimensions..][..problem.dimensions];
        for (load, demand) in load.iter_mut().zip(problem.demand(t)) {
            *load += i64::from(sign) * demand;
        }
    }

    /// True when the day of shift `s` has room for ticket `t`.
    #[inline]
    pub(super) fn admit(&self, problem: &Problem, t: u32, s: u32) -> bool {
        problem.day_limits() == 0 || self.has_room(problem, t, s)
    }

    #[cold]
    #[inline(never)]
    fn has_room(&self, problem: &Problem, t: u32, s: u32) -> bool {
        self.excesses(problem, t, s).all(|excess| excess <= 0)
    }

    /// The same once these tickets have come to the shift as well.
    pub(super) fn admit_after<J: Iterator<Item = u32>>(
        &self,
        problem: &Problem,
        t: u32,
        s: u32,
        joining: impl Fn() -> J,
    ) -> bool {
        let Some((day, most, capacity)) = problem.day_limit(s) else { return true };
        let visits = self.visits[day] as usize + joining().count() + 1;
        let load = &self.load[day * problem.dimensions..][..problem.dimensions];
        let fits = |(d, (load, most)): (usize, (&i64, &i64))| {
            let more: i64 = joining().map(|other| problem.demand(other)[d]).sum();
            load + more + problem.demand(t)[d] <= *most
        };
        visits <= most as usize && load.iter().zip(capacity).enumerate().all(fits)
    }

    /// By how much the day of shift `s` would be over its limits with ticket `t`: visits, then the load in
    /// each dimension. Nothing where it has none.
    pub(crate) fn excesses(&self, problem: &Problem, t: u32, s: u32) -> impl Iterator<Item = i64> {
        let limit = problem.day_limit(s);
        limit.into_iter().flat_map(move |(day, most, capacity)| {
            let load = &self.load[day * problem.dimensions..][..problem.dimensions];
            let over = load.iter().zip(problem.demand(t)).zip(capacity);
            let visits = i64::from(self.visits[day]) + 1 - i64::from(most);
            std::iter::once(visits).chain(over.map(|((load, demand), most)| load + demand - most))
        })
    }

    /// True when every day is within its limits.
    #[cfg(test)]
    pub(super) fn are_kept(&self, problem: &Problem) -> bool {
        problem.shift_indexes().filter_map(|s| problem.day_limit(s)).all(|(day, most, capacity)| {
            let load = &self.load[day * problem.dimensions..][..problem.dimensions];
            self.visits[day] <= most && load.iter().zip(capacity).all(|(load, most)| load <= most)
        })
    }
}
