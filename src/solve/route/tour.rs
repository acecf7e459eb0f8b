//! One route under search: its stops, and what its next change needs to know, cached.

use super::arena::Arena;
use super::bare::Bare;
use super::clock::{Clock, Finish, Point, reachable};
use super::levy::Levy;
use crate::problem::{NEVER, NONE, Span};
use crate::travel::Leg;

/// The route of one shift. Everything but `stops` is derived from them by [`Tour::refresh`].
#[derive(Clone, Debug)]
pub(super) struct Tour {
    /// Tickets, and depots as `ticket_count + depot`, in order.
    pub stops: Vec<u32>,
    /// `points[i]` is the state before stop `i`; one more than there are stops.
    pub points: Vec<Point>,
    /// `gaps[i]` is the place before stop `i`; the last is the one before the end.
    pub gaps: Vec<Gap>,
    /// Load in each dimension.
    pub load: Vec<i64>,
    /// Units of load beyond capacity.
    pub excess: i64,
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
    /// What one visit more costs for their number alone.
    pub one_more: i128,
    /// See [`Clock::savable`].
    pub savable: i128,
    /// The longest time between any leaving and the latest arrival after it: what takes longer
    /// does not fit.
    pub room: i64,
    /// The same without its depot stop; empty where no ticket needs tools or parts.
    pub bare: Bare,
    /// Tells this content of this route from all that it and others have had in this state.
    pub stamp: u64,
}

/// A place in a route: what decides whether a ticket fits there, and at what cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Gap {
    /// The site before it.
    pub from: u32,
    /// The site after it, or [`NONE`] before an open end.
    pub to: u32,
    /// When he is ready to leave `from`.
    pub ready: i64,
    /// When he gets to `to` as things stand, breaks aside.
    pub arrive: i64,
    /// The latest arrival at `to` from which the rest can be kept, breaks aside.
    pub latest: i64,
    /// Travel and service from the arrival at `to` to the end.
    pub ahead: i64,
    /// The longest time between leaving and the latest arrival here or at any place before.
    pub room: i64,
    /// The way from `from` to `to`; none while nobody is visited.
    pub leg: Leg,
    /// What comes from the arrival at `to` on; like `ahead` only kept where [`Arena::adds_up`].
    pub rest: Rest,
}

/// The end of a route as one piece of work, each visit in the window that it has now (Vidal,
/// Crainic, Gendreau and Prins 2013).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rest {
    /// How long it takes when begun between `earliest` and `latest`.
    pub duration: i64,
    /// Begun earlier it ends no earlier.
    pub earliest: i64,
    /// Begun later some visit leaves its window, or costs more for being late.
    pub latest: i64,
}

impl Tour {
    /// The route on which nobody is visited.
    pub(super) fn empty(arena: &Arena<'_>, s: u32) -> Self {
        let open = Clock::new(arena, s).open();
        let gap = last_gap(arena, s, &open, Leg::NONE);
        let mut empty = Self {
            stops: Vec::new(),
            points: vec![open],
            gaps: vec![gap],
            load: vec![0; arena.problem.dimensions],
            excess: 0,
            finish: None,
            cost: 0,
            ranked: 0,
            visits: 0,
            depot_at: NONE,
            pairs: 0,
            one_more: arena.count_cost(s, 1),
            savable: 0,
            room: gap.room,
            bare: Bare::default(),
            stamp: u64::from(s) + 1,
        };
        if arena.problem.has_needs {
            empty.bare.refresh(arena, s, &[]);
        }
        empty
    }

    /// Becomes a copy of another route; unlike `clone` it keeps its memory.
    pub(super) fn copy_from(&mut self, other: &Self) {
        let Self { stops, points, gaps, load, bare, .. } = other;
        self.stops.clone_from(stops);
        self.points.clone_from(points);
        self.gaps.clone_from(gaps);
        self.load.clone_from(load);
        self.bare.copy_from(bare);
        (self.finish, self.cost, self.pairs) = (other.finish, other.cost, other.pairs);
        (self.ranked, self.visits, self.excess) = (other.ranked, other.visits, other.excess);
        (self.depot_at, self.room, self.stamp) = (other.depot_at, other.room, other.stamp);
        (self.one_more, self.savable) = (other.one_more, other.savable);
    }

    /// Derives everything from the stops, of which those before `from` are where they were.
    ///
    /// # Errors
    /// The position of a stop that has to leave before the rest can be kept.
    pub(super) fn refresh(
        &mut self,
        arena: &Arena<'_>,
        s: u32,
        from: usize,
        levy: &Levy,
    ) -> Result<(), usize> {
        self.recount(arena, s);
        self.refit(arena, s, levy)?;
        self.retime(arena, s, from)?;
        if arena.problem.has_needs {
            self.bare.refresh(arena, s, &self.stops);
        }
        let clock = Clock::new(arena, s);
        let counts = arena.count_cost(s, self.visits as i64);
        self.one_more = arena.count_cost(s, self.visits as i64 + 1) - counts;
        self.savable = self.finish.as_ref().map_or(0, |finish| clock.savable(finish));
        let timed = |finish| clock.cost(finish) + self.pairs + counts;
        self.cost = self.finish.as_ref().map_or(0, timed);
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
        self.excess = arena.excess(s, self.load.iter().copied());
    }

    /// Asks the last ticket to leave while there is too much on the route, a depot stop to leave
    /// when it is not needed, and a ticket to leave when its parts are not on board.
    fn refit(&self, arena: &Arena<'_>, s: u32, levy: &Levy) -> Result<(), usize> {
        let limit = arena.problem.shifts[s as usize].max_tickets as usize;
        if self.visits > limit || (self.excess > 0 && levy.price.is_none()) {
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

    /// Times the route from this position on, and then backwards from its end.
    fn retime(&mut self, arena: &Arena<'_>, s: u32, from: usize) -> Result<(), usize> {
        let clock = Clock::new(arena, s);
        self.points.truncate(from + 1);
        self.gaps.truncate(from);
        let mut here = self.points[from];
        for (position, &stop) in self.stops.iter().enumerate().skip(from) {
            let step = clock.step(&here, stop, |_, _| {}).map_err(|_| position)?;
            let (from, to) = (here.site, step.point.site);
            let leg = arena.leg(s, from, to);
            let (ready, arrive) = (here.time, step.arrive);
            self.gaps.push(Gap { from, to, ready, arrive, leg, ..Gap::default() });
            here = step.point;
            self.points.push(here);
        }
        self.finish = match self.stops.len().checked_sub(1) {
            None => None,
            Some(last) => Some(clock.finish(&here, &self.stops).map_err(|_| last)?),
        };
        let home = match self.finish {
            None => Leg::NONE,
            Some(_) => arena.leg(s, here.site, clock.home()),
        };
        self.gaps.push(last_gap(arena, s, &here, home));
        self.look_back(&clock, from);
        Ok(())
    }

    /// Finds out for every place how long what follows can wait: all places from this position on, and
    /// those before it until nothing changes any more.
    fn look_back(&mut self, clock: &Clock<'_>, from: usize) {
        let arena = clock.arena;
        let adds_up = arena.adds_up(clock.s);
        let mut next = self.gaps[self.stops.len()];
        let mut first = 0;
        for (position, &stop) in self.stops.iter().enumerate().rev() {
            let gap = &mut self.gaps[position];
            let service = clock.service(stop) + clock.setup(stop, gap.from);
            let latest = clock.latest(stop, service + next.leg.seconds, next.latest);
            if adds_up {
                gap.ahead = next.ahead + service + next.leg.seconds;
                gap.rest = rest(arena, stop, gap.arrive, service + next.leg.seconds, &next.rest);
            } else if position < from && gap.latest == latest {
                first = position + 1;
                break;
            }
            gap.latest = latest;
            next = *gap;
        }
        let mut room = first.checked_sub(1).map_or(-NEVER, |before| self.gaps[before].room);
        for gap in &mut self.gaps[first..] {
            room = room.max(gap.latest - gap.ready);
            gap.room = room;
        }
        self.room = room;
    }
}

#[cfg(test)]
impl PartialEq for Tour {
    /// Equal in all but the stamp.
    fn eq(&self, other: &Self) -> bool {
        let parts = |tour: &Self| {
            let Self { stops, points, gaps, load, finish, cost, bare, .. } = tour.clone();
            let counts = (tour.ranked, tour.visits, tour.depot_at, tour.pairs, tour.room);
            (stops, points, gaps, load, finish, cost, bare, counts, tour.one_more, tour.savable)
        };
        parts(self) == parts(other)
    }
}

/// The place before the end of a route whose last stop is left at `last`.
fn last_gap(arena: &Arena<'_>, s: u32, last: &Point, leg: Leg) -> Gap {
    let shift = &arena.problem.shifts[s as usize];
    Gap {
        from: last.site,
        to: shift.to,
        ready: last.time,
        arrive: last.time + leg.seconds,
        latest: shift.end,
        ahead: 0,
        room: shift.end - last.time,
        leg,
        rest: Rest { duration: 0, earliest: -NEVER, latest: shift.end },
    }
}

/// The rest of a route from the arrival at a stop on; `lasts` is how long that stop and the way to
/// the next one take.
fn rest(arena: &Arena<'_>, stop: u32, arrive: i64, lasts: i64, next: &Rest) -> Rest {
    let mut window = Span { earliest: -NEVER, latest: NEVER };
    if stop < arena.ticket_count() {
        let open = reachable(arena.problem.windows(stop), arrive);
        window = *open.unwrap_or(&Span { earliest: arrive, latest: arrive });
        let start = arrive.max(window.earliest);
        window.latest = window.latest.min(arena.score.soft_latest(arena.problem, stop).max(start));
    }
    let wait = (next.earliest - lasts - window.latest).max(0);
    Rest {
        duration: lasts + wait + next.duration,
        earliest: (next.earliest - lasts).clamp(window.earliest, window.latest),
        latest: (next.latest - lasts).min(window.latest),
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
