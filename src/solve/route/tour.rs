//! One route under search: its stops, and what its next change needs to know, cached.

use super::arena::Arena;
use super::clock::{Clock, Finish, Point};
use crate::problem::NONE;

/// The route of one shift. Everything but `stops` is derived from them by [`Tour::refresh`].
#[derive(Clone, Debug)]
pub(super) struct Tour {
    /// Tickets, and depots as `ticket_count + depot`, in order.
    pub stops: Vec<u32>,
    /// `points[i]` is the state before stop `i`; one more than there are stops.
    pub points: Vec<Point>,
    /// `latest[i]` is the latest arrival at stop `i`, breaks aside; the last entry is for the end.
    pub latest: Vec<i64>,
    /// `ahead[i]` is the travel and service from the arrival at stop `i` to the end.
    pub ahead: Vec<i64>,
    /// Load in each dimension.
    pub load: Vec<i64>,
    /// The whole of it, timed; `None` while nobody is visited.
    pub finish: Option<Finish>,
    /// Packed cost.
    pub cost: i128,
    /// How many stops at the front may not move.
    pub ranked: usize,
    /// How many stops are tickets.
    pub visits: usize,
    /// Position of the depot stop, or [`NONE`].
    pub depot_at: u32,
    /// Cost of its pairs of ticket and engineer.
    pub pairs: i128,
}

impl Tour {
    /// The route on which nobody is visited.
    pub(super) fn empty(arena: &Arena<'_>, s: u32) -> Self {
        Self {
            stops: Vec::new(),
            points: vec![Clock::new(arena, s).open()],
            latest: vec![arena.problem.shifts[s as usize].end],
            ahead: vec![0],
            load: vec![0; arena.problem.dimensions],
            finish: None,
            cost: 0,
            ranked: 0,
            visits: 0,
            depot_at: NONE,
            pairs: 0,
        }
    }

    /// Derives everything from the stops.
    ///
    /// # Errors
    /// The position of a stop that has to leave before the rest can be kept.
    pub(super) fn refresh(&mut self, arena: &Arena<'_>, s: u32) -> Result<(), usize> {
        self.recount(arena, s);
        self.refit(arena, s)?;
        self.retime(arena, s)?;
        self.cost = match &self.finish {
            None => 0,
            Some(finish) => {
                Clock::new(arena, s).cost(finish)
                    + self.pairs
                    + arena.count_cost(s, self.visits as i64)
            }
        };
        Ok(())
    }

    /// Counts what does not depend on time.
    fn recount(&mut self, arena: &Arena<'_>, s: u32) {
        let problem = arena.problem;
        self.load.fill(0);
        (self.ranked, self.visits, self.depot_at, self.pairs) = (0, 0, NONE, 0);
        for (position, &stop) in self.stops.iter().enumerate() {
            if stop >= arena.ticket_count() {
                self.depot_at = position as u32;
                continue;
            }
            self.visits += 1;
            self.pairs += arena.score.pair_cost(problem, stop, s);
            if problem.tickets[stop as usize].rank != NONE {
                self.ranked = position + 1;
            }
            for (load, demand) in self.load.iter_mut().zip(problem.demand(stop)) {
                *load += demand;
            }
        }
    }

    /// Asks the last ticket to leave while there is too much on the route, a depot stop to leave
    /// when it is not needed, and a ticket to leave when its parts are not on board.
    fn refit(&self, arena: &Arena<'_>, s: u32) -> Result<(), usize> {
        let limit = arena.problem.shifts[s as usize].max_tickets as usize;
        let is_full = |(load, capacity): (&i64, &i64)| load > capacity;
        if self.visits > limit || self.load.iter().zip(arena.problem.capacity(s)).any(is_full) {
            let last = self.stops.iter().rposition(|&stop| stop < arena.ticket_count());
            return Err(last.unwrap_or(0));
        }
        if !arena.problem.has_needs && self.depot_at == NONE {
            return Ok(());
        }
        let first_short = first_short(arena, s, self.stops.iter().copied());
        match (first_short, self.depot_at) {
            (None, NONE) => Ok(()),
            (None, depot) => Err(depot as usize),
            (Some(short), depot) if depot == NONE || short < depot as usize => Err(short),
            (Some(_), _) => Ok(()),
        }
    }

    /// Times the route forwards and backwards.
    fn retime(&mut self, arena: &Arena<'_>, s: u32) -> Result<(), usize> {
        let clock = Clock::new(arena, s);
        self.points.clear();
        self.points.push(clock.open());
        for (position, &stop) in self.stops.iter().enumerate() {
            let step = clock.step(&self.points[position], stop, |_, _| {}).map_err(|_| position)?;
            self.points.push(step.point);
        }
        self.finish = match self.stops.len().checked_sub(1) {
            None => None,
            Some(last) => Some(clock.close(&self.points[last + 1], |_, _| {}).map_err(|_| last)?),
        };
        self.latest.resize(self.stops.len() + 1, 0);
        self.ahead.resize(self.stops.len() + 1, 0);
        let (mut next, mut latest) = (clock.home(), arena.problem.shifts[s as usize].end);
        self.latest[self.stops.len()] = latest;
        self.ahead[self.stops.len()] = 0;
        for (position, &stop) in self.stops.iter().enumerate().rev() {
            let site = arena.site_of(stop);
            self.ahead[position] =
                self.ahead[position + 1] + clock.service(stop) + arena.leg(s, site, next).seconds;
            latest = clock.latest(stop, next, latest);
            self.latest[position] = latest;
            next = site;
        }
        Ok(())
    }
}

/// The first position at which the van lacks a tool or a part, were it never restocked.
pub(super) fn first_short(
    arena: &Arena<'_>,
    s: u32,
    stops: impl Iterator<Item = u32>,
) -> Option<usize> {
    let problem = arena.problem;
    let mut left: Vec<u32> = problem.parts_carried(s).to_vec();
    for (position, stop) in stops.enumerate() {
        if stop >= arena.ticket_count() {
            continue;
        }
        if !problem.carries_tools(stop, s) {
            return Some(position);
        }
        for (stock, &need) in left.iter_mut().zip(problem.parts_needed(stop)) {
            *stock = match stock.checked_sub(need) {
                Some(rest) => rest,
                None => return Some(position),
            };
        }
    }
    None
}
