//! A plan at rest: its routes without a search around them, to be asked about single tickets.
//!
//! Unlike a [`State`] it borrows nothing, so whoever owns an arena can own this beside it.

use super::arena::Arena;
use super::ask::Ask;
use super::days::Days;
use super::levy::Levy;
use super::state::State;
use super::tour::Tour;
use crate::plan::{Plan, Sequences};
use crate::problem::NONE;

/// All routes of a plan.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    tours: Vec<Tour>,
    /// For each ticket its shift, or [`NONE`].
    shift_of: Vec<u32>,
    /// For each region how many visits are borrowed.
    borrowed: Vec<u32>,
    /// How many visits are changes of what was told.
    changed: u32,
    /// What engineers have on their days.
    days: Days,
}

impl Standing {
    /// The routes of a plan, timed anew, and the tickets that could not stay where they were.
    pub(crate) fn of(arena: &Arena<'_>, plan: Option<&Plan>) -> (Self, Vec<String>) {
        let orders = plan.map(Sequences::of).unwrap_or_default();
        let (state, displaced) = State::of(arena, &orders);
        let State { routes: tours, shift_of, borrowed, changed, days, .. } = state;
        (Self { tours, shift_of, borrowed, changed, days }, displaced)
    }

    /// The shift that visits ticket `t`, or [`NONE`].
    pub(crate) fn shift_of(&self, t: u32) -> u32 {
        self.shift_of[t as usize]
    }

    /// The stops of shift `s`: tickets, and depots as `ticket_count + depot`.
    pub(crate) fn stops(&self, s: u32) -> &[u32] {
        &self.tours[s as usize].stops
    }

    /// Prepares to ask where ticket `t` could go. A ticket that is on a route is taken off it first,
    /// and with it whatever that route can then no longer keep (a shorter way can take longer where
    /// travel breaks the triangle inequality).
    pub(crate) fn question<'x>(&'x self, arena: &'x Arena<'x>, t: u32) -> Question<'x> {
        let problem = arena.problem;
        let region = problem.tickets[t as usize].region;
        let mut borrowed = if region == NONE { 0 } else { self.borrowed[region as usize] };
        let s = self.shift_of(t);
        let changed = self.changed - u32::from(s != NONE && problem.is_change(t, s));
        let lifted = (s != NONE).then(|| {
            borrowed -= u32::from(problem.borrows(t, s).is_some());
            let (mut tour, mut days) = (self.tours[s as usize].clone(), self.days.clone());
            tour.stops.retain(|&stop| stop != t);
            days.leave(problem, t, s);
            while let Err(position) = tour.refresh(arena, s, 0, &Levy::NONE) {
                let stop = tour.stops.remove(position);
                if stop < arena.ticket_count() {
                    days.leave(problem, stop, s);
                }
            }
            (s, tour, days)
        });
        Question { standing: self, arena, t, lifted, borrowed, changed }
    }
}

/// Where could one ticket go?
#[derive(Clone, Debug)]
pub(crate) struct Question<'x> {
    pub(crate) arena: &'x Arena<'x>,
    pub(crate) t: u32,
    standing: &'x Standing,
    /// The shift that has the ticket, with its route and all days as they would be without.
    lifted: Option<(u32, Tour, Days)>,
    borrowed: u32,
    changed: u32,
}

impl Question<'_> {
    /// Asks shift `s`.
    pub(crate) fn ask(&self, s: u32) -> Ask<'_> {
        let tour = match &self.lifted {
            Some((holder, tour, _)) if *holder == s => tour,
            _ => &self.standing.tours[s as usize],
        };
        let (borrowed, changed) = (self.borrowed, self.changed);
        let days = self.lifted.as_ref().map_or(&self.standing.days, |(.., days)| days);
        Ask { arena: self.arena, tour, t: self.t, s, borrowed, changed, days, levy: &Levy::NONE }
    }
}
