//! A plan under search: routes as sequences with their timing cached. `apply` is the only door.

use super::arena::Arena;
use super::clock::Finish;
use super::days::Days;
use super::insert::Insertion;
use super::levy::Levy;
use super::parts::Kept;
use super::pieces::{Exchange, Piece};
use super::publish;
use super::tour::Tour;
use crate::plan::Sequences;
use crate::problem::NONE;

/// A change of a state.
#[derive(Clone, Debug)]
pub enum Edit {
    /// A ticket comes into a route.
    Insert(Insertion),
    /// These tickets leave the route of this shift.
    Remove {
        /// The shift.
        s: u32,
        /// The tickets.
        tickets: Vec<u32>,
    },
    /// The route of this shift becomes this sequence of stops.
    Replace {
        /// The shift.
        s: u32,
        /// Tickets, and depots as `ticket_count + depot`.
        stops: Vec<u32>,
    },
    /// Two routes exchange pieces; no depot stop is in them.
    Exchange(Exchange),
}

/// All routes of a plan, and which tickets are on none.
#[derive(Clone, Debug)]
pub struct State<'a> {
    /// What it is a state of.
    pub arena: &'a Arena<'a>,
    pub(super) routes: Vec<Tour>,
    /// For each ticket its shift, or [`NONE`].
    pub(super) shift_of: Vec<u32>,
    /// For each region how many visits are borrowed.
    pub(super) borrowed: Vec<u32>,
    /// How many visits are changes of what was told.
    pub(super) changed: u32,
    /// What engineers have on their days, where these have limits.
    pub(super) days: Days,
    cost: i128,
    /// What the search charges itself, and what that comes to.
    pub(super) levy: Levy,
    levied: i128,
    /// Units of load beyond capacity, over all routes.
    pub(super) excess: i64,
    /// For each shift whether it visits anybody.
    pub(super) in_use: Vec<bool>,
    /// How many shifts visit somebody.
    pub(super) used: usize,
    absent: Vec<u32>,
    absent_at: Vec<u32>,
    /// The stamp of the route that changed last.
    stamp: u64,
}

impl<'a> State<'a> {
    /// The state in which nobody goes anywhere.
    #[must_use]
    pub fn empty(arena: &'a Arena<'a>) -> Self {
        let problem = arena.problem;
        let routes = problem.shift_indexes().map(|s| Tour::empty(arena, s)).collect();
        let count = arena.ticket_count();
        Self {
            arena,
            routes,
            shift_of: vec![NONE; count as usize],
            borrowed: vec![0; problem.borrow_caps.len()],
            changed: 0,
            days: Days::empty(problem),
            cost: (0..count).map(|t| arena.score.absence_cost(problem, t)).sum(),
            levy: Levy::NONE,
            levied: 0,
            excess: 0,
            in_use: vec![false; problem.shifts.len()],
            used: 0,
            absent: (0..count).collect(),
            absent_at: (0..count).collect(),
            stamp: problem.shifts.len() as u64,
        }
    }

    /// The state with these orders of stops, and the tickets that could not stay where they are:
    /// unknown by now, taken twice, or no longer fitting.
    #[must_use]
    pub fn of(arena: &'a Arena<'a>, orders: &Sequences) -> (Self, Vec<String>) {
        let mut state = Self::empty(arena);
        let displaced = publish::adopt(&mut state, orders);
        (state, displaced)
    }

    /// Packed cost of the whole plan.
    #[must_use]
    #[inline]
    pub fn cost(&self) -> i128 {
        self.cost
    }

    /// Packed cost with what the search charges itself.
    #[inline]
    pub(super) fn charged(&self) -> i128 {
        self.cost + self.levied
    }

    /// From now on the search charges itself so much.
    pub(super) fn charge(&mut self, levy: Levy) {
        self.levy = levy;
        self.levied = self.routes.iter().map(|tour| levy.of(tour)).sum();
    }

    /// The tickets on no route, in no particular order.
    #[must_use]
    #[inline]
    pub fn absent(&self) -> &[u32] {
        &self.absent
    }

    /// The shift that visits ticket `t`, or [`NONE`].
    #[must_use]
    #[inline]
    pub fn shift_of(&self, t: u32) -> u32 {
        self.shift_of[t as usize]
    }

    /// Whether two tickets could change places, times aside; one that is absent has none to be fit for.
    pub(super) fn may_swap(&self, a: u32, b: u32) -> bool {
        let fits = |t, s| s == NONE || self.arena.admission.has(t, s);
        fits(a, self.shift_of(b)) && fits(b, self.shift_of(a))
    }

    /// The stops of shift `s`: tickets, and depots as `ticket_count + depot`.
    #[must_use]
    #[inline]
    pub fn stops(&self, s: u32) -> &[u32] {
        &self.routes[s as usize].stops
    }

    /// The whole route of shift `s`, timed, if it is used.
    #[must_use]
    pub fn finish(&self, s: u32) -> Option<&Finish> {
        self.routes[s as usize].finish.as_ref()
    }

    /// Visits on a mean route.
    pub(super) fn mean_visits(&self) -> usize {
        (self.shift_of.len() - self.absent.len()) / self.used.max(1)
    }

    /// Makes a change and returns the cost it adds, with what the search charges itself.
    ///
    /// A removal can make a later stop late where travel breaks the triangle inequality, and a
    /// replacement may not fit at all; stops that cannot be kept leave the route as well.
    pub fn apply(&mut self, edit: &Edit) -> i128 {
        let before = self.charged();
        match edit {
            Edit::Insert(insertion) => {
                let stops = &mut self.routes[insertion.s as usize].stops;
                insertion.carry_out(stops, self.arena.ticket_count());
                self.join(insertion.t, insertion.s);
                let from = insertion.depot.map_or(insertion.position, |_| 0);
                self.refresh(insertion.s, from as usize);
                debug_assert_eq!(
                    self.charged() - before,
                    insertion.cost - self.arena.score.absence_cost(self.arena.problem, insertion.t),
                    "promised and real cost of {insertion:?}"
                );
            }
            Edit::Remove { s, tickets } => {
                let stops = &mut self.routes[*s as usize].stops;
                let from = stops.iter().position(|stop| tickets.contains(stop)).unwrap_or(0);
                stops.retain(|stop| !tickets.contains(stop));
                for &t in tickets {
                    self.leave(t, *s);
                }
                self.refresh(*s, from);
            }
            Edit::Replace { s, stops } => {
                let old = std::mem::replace(&mut self.routes[*s as usize].stops, stops.clone());
                for &t in old.iter().filter(|&&stop| stop < self.arena.ticket_count()) {
                    self.leave(t, *s);
                }
                for &t in stops.iter().filter(|&&stop| stop < self.arena.ticket_count()) {
                    self.join(t, *s);
                }
                self.refresh(*s, 0);
            }
            Edit::Exchange(Exchange { a, b }) => {
                let pieces = [a, b].map(|&Piece { s, from, to }| {
                    let piece = self.routes[s as usize].stops[from..to].to_vec();
                    piece.iter().for_each(|&t| self.leave(t, s));
                    piece
                });
                for (piece, &Piece { s, from, to }) in pieces.iter().rev().zip([a, b]) {
                    piece.iter().for_each(|&t| self.join(t, s));
                    self.routes[s as usize].stops.splice(from..to, piece.iter().copied());
                    self.refresh(s, from);
                }
            }
        }
        self.charged() - before
    }

    /// Counts as used up what is kept for others of what is capped over all routes.
    pub(super) fn reserve(&mut self, kept: &Kept) {
        self.borrowed.iter_mut().zip(&kept.borrowed).for_each(|(used, kept)| *used += kept);
        self.changed += kept.changed;
    }

    /// Undoes [`State::reserve`].
    pub(super) fn release(&mut self, kept: &Kept) {
        self.borrowed.iter_mut().zip(&kept.borrowed).for_each(|(used, kept)| *used -= kept);
        self.changed -= kept.changed;
    }

    /// Undoes changes: puts back routes as they were saved, one for each shift that changed since.
    /// What they replace goes to `spare`.
    pub(super) fn roll_back(&mut self, saved: &mut Vec<(u32, Tour)>, spare: &mut Vec<Tour>) {
        for &(s, _) in saved.iter() {
            self.discount(s);
            let stops = std::mem::take(&mut self.routes[s as usize].stops);
            for &t in stops.iter().filter(|&&stop| stop < self.arena.ticket_count()) {
                self.leave(t, s);
            }
            self.routes[s as usize].stops = stops;
        }
        for (s, tour) in saved.drain(..) {
            for &t in tour.stops.iter().filter(|&&stop| stop < self.arena.ticket_count()) {
                self.join(t, s);
            }
            spare.push(std::mem::replace(&mut self.routes[s as usize], tour));
            self.count(s);
            self.note_use(s);
        }
    }

    /// Whether the route of shift `s` is the same as it was before; then what was known about it holds again.
    pub(super) fn recognise(&mut self, s: u32, before: &Tour) -> bool {
        let now = &mut self.routes[s as usize];
        let is_same = now.stops == before.stops;
        if is_same {
            now.stamp = before.stamp;
        }
        is_same
    }

    /// Brings everything that is cached about a route up to date, of which the stops before `from` are as
    /// they were; what cannot be kept leaves it.
    fn refresh(&mut self, s: u32, mut from: usize) {
        let arena = self.arena;
        self.discount(s);
        let levy = self.levy;
        while let Err(position) = self.routes[s as usize].refresh(arena, s, from, &levy) {
            from = from.min(position);
            let stop = self.routes[s as usize].stops.remove(position);
            if stop < arena.ticket_count() {
                self.leave(stop, s);
            }
        }
        self.count(s);
        self.stamp += 1;
        self.routes[s as usize].stamp = self.stamp;
        self.note_use(s);
    }

    /// Takes the cost of a route into the sums.
    fn count(&mut self, s: u32) {
        let tour = &self.routes[s as usize];
        self.cost += tour.cost;
        self.levied += self.levy.of(tour);
        self.excess += tour.excess;
    }

    /// Takes the cost of a route out of the sums.
    fn discount(&mut self, s: u32) {
        let tour = &self.routes[s as usize];
        self.cost -= tour.cost;
        self.levied -= self.levy.of(tour);
        self.excess -= tour.excess;
    }

    fn note_use(&mut self, s: u32) {
        let is_used = self.routes[s as usize].visits > 0;
        let was_used = std::mem::replace(&mut self.in_use[s as usize], is_used);
        self.used = self.used + usize::from(is_used) - usize::from(was_used);
    }

    fn leave(&mut self, t: u32, s: u32) {
        debug_assert_eq!(self.shift_of[t as usize], s, "ticket {t} is not on shift {s}");
        let problem = self.arena.problem;
        self.shift_of[t as usize] = NONE;
        self.absent_at[t as usize] = self.absent.len() as u32;
        self.absent.push(t);
        self.cost += self.arena.score.absence_cost(problem, t);
        if let Some(region) = problem.borrows(t, s) {
            self.borrowed[region as usize] -= 1;
        }
        self.changed -= u32::from(problem.is_change(t, s));
        self.days.leave(problem, t, s);
    }

    fn join(&mut self, t: u32, s: u32) {
        debug_assert_eq!(self.shift_of[t as usize], NONE, "ticket {t} is on two routes");
        let problem = self.arena.problem;
        self.shift_of[t as usize] = s;
        let at = self.absent_at[t as usize] as usize;
        self.absent.swap_remove(at);
        if let Some(&moved) = self.absent.get(at) {
            self.absent_at[moved as usize] = at as u32;
        }
        self.cost -= self.arena.score.absence_cost(problem, t);
        if let Some(region) = problem.borrows(t, s) {
            self.borrowed[region as usize] += 1;
        }
        self.changed += u32::from(problem.is_change(t, s));
        self.days.join(problem, t, s);
    }
}
