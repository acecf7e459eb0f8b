//! A route without its depot stop: what has to be known to place the stop anew, together with one
//! ticket more. Derived from the stops whenever they change, like all else of a tour.

use super::arena::Arena;
use super::clock::{Clock, Point};
use super::legs::Detour;
use crate::problem::NONE;
use crate::travel::Leg;

/// The tickets of a route and what lies between them. Empty where no ticket ever needs a depot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bare {
    pub tickets: Vec<u32>,
    /// `points[i]` is the state before ticket `i`; it ends where the tickets alone cannot be kept.
    pub points: Vec<Point>,
    /// For each position, the site that comes there; at the end, where the shift ends.
    pub sites: Vec<u32>,
    /// The way from the site before each position to the one that comes there.
    pub legs: Vec<Leg>,
    /// The latest arrival at each position, breaks and set-ups aside.
    pub latest: Vec<i64>,
    /// For each position and depot, a stop there.
    pub stops: Vec<DepotStop>,
    /// Travel from start to end.
    pub travel: Leg,
    /// Service in all, set-ups aside.
    pub service: i64,
    /// The first ticket for which the van lacks something, or [`NONE`].
    pub short: u32,
    /// What is left of each kind of part before each position, were the van never restocked; it
    /// may be less than nothing.
    left: Vec<i64>,
}

impl Bare {
    /// Becomes a copy of another; unlike `clone` it keeps its memory.
    pub(super) fn copy_from(&mut self, other: &Self) {
        let Self { tickets, points, sites, legs, latest, stops, left, .. } = other;
        self.tickets.clone_from(tickets);
        self.points.clone_from(points);
        self.sites.clone_from(sites);
        self.legs.clone_from(legs);
        self.latest.clone_from(latest);
        self.stops.clone_from(stops);
        self.left.clone_from(left);
        (self.travel, self.service, self.short) = (other.travel, other.service, other.short);
    }

    /// Derives everything from the stops of a route; of the tickets at its front that are still there only what
    /// depends on those behind them.
    pub(super) fn refresh(&mut self, arena: &Arena<'_>, s: u32, stops: &[u32]) {
        let tickets = || stops.iter().copied().filter(|&stop| stop < arena.ticket_count());
        let kept = self.tickets.iter().zip(tickets()).take_while(|&(&old, new)| old == new).count();
        self.tickets.truncate(kept);
        self.tickets.extend(tickets().skip(kept));
        self.pass(arena, s, kept);
        self.look_back(arena, s);
        self.stop_anywhere(arena, s, kept);
        self.recount(arena, s, kept);
    }

    /// Goes from ticket to ticket, where `kept` of them are as before.
    fn pass(&mut self, arena: &Arena<'_>, s: u32, kept: usize) {
        let clock = Clock::new(arena, s);
        if self.points.is_empty() {
            self.points.push(clock.open());
        }
        self.sites.truncate(kept);
        self.sites.extend(self.tickets[kept..].iter().map(|&t| arena.site_of(t)));
        self.sites.push(clock.home());
        self.points.truncate(kept + 1);
        if self.points.len() == kept + 1 {
            let mut here = self.points[kept];
            for &t in &self.tickets[kept..] {
                let Ok(step) = clock.step(&here, t, |_, _| {}) else { break };
                here = step.point;
                self.points.push(here);
            }
        }
        self.legs.truncate(kept);
        let mut from = self.site_before(kept);
        for &to in &self.sites[kept..] {
            self.legs.push(arena.leg(s, from, to));
            from = to;
        }
    }

    /// Adds up, and finds out for every position how long what follows can wait.
    fn look_back(&mut self, arena: &Arena<'_>, s: u32) {
        let clock = Clock::new(arena, s);
        let sum = |sum: Leg, leg: &Leg| Leg {
            seconds: sum.seconds + leg.seconds,
            meters: sum.meters + leg.meters,
        };
        (self.travel, self.service) = (self.legs.iter().fold(Leg::NONE, sum), 0);
        self.latest.clear();
        self.latest.resize(self.sites.len(), arena.problem.shifts[s as usize].end);
        for (position, &t) in self.tickets.iter().enumerate().rev() {
            let service = clock.service(t);
            let lasts = service + self.legs[position + 1].seconds;
            self.latest[position] = clock.latest(t, lasts, self.latest[position + 1]);
            self.service += service;
        }
    }

    /// The site before the one at this position.
    pub(super) fn site_before(&self, position: usize) -> u32 {
        position.checked_sub(1).map_or(self.points[0].site, |before| self.sites[before])
    }

    /// Tries every depot in every gap; those before `kept` tickets are as before, time aside.
    fn stop_anywhere(&mut self, arena: &Arena<'_>, s: u32, kept: usize) {
        let depots = &arena.problem.depots;
        self.stops.truncate(kept * depots.len());
        for (position, &to) in self.sites.iter().enumerate().skip(kept) {
            let from = self.site_before(position);
            for depot in depots {
                let there = arena.leg(s, from, depot.site);
                let ways = Detour { there, onward: arena.leg(s, depot.site, to) };
                let cost = arena.way_cost(ways.longer_than(self.legs[position]));
                let lasts = ways.there.seconds + depot.service + ways.onward.seconds;
                self.stops.push(DepotStop { ways, cost, lasts, fits: false });
            }
        }
        let rows = self.stops.chunks_exact_mut(depots.len().max(1));
        for (position, stops) in rows.enumerate() {
            let here = self.points.get(position);
            for stop in stops {
                stop.fits = here.is_some_and(|here| {
                    let arrive = arena.delays_by(here.time + stop.lasts);
                    arrive.is_none_or(|arrive| arrive <= self.latest[position])
                });
            }
        }
    }

    /// Counts what the tickets use up; before `kept` of them it is as before.
    fn recount(&mut self, arena: &Arena<'_>, s: u32, kept: usize) {
        let problem = arena.problem;
        let kinds = problem.part_kinds;
        if self.left.is_empty() {
            self.left.extend(problem.parts_carried(s).iter().map(|&carried| i64::from(carried)));
        }
        self.left.truncate((kept + 1) * kinds);
        if self.short as usize >= kept {
            self.short = NONE;
        }
        for (position, &t) in self.tickets.iter().enumerate().skip(kept) {
            let mut is_short = !problem.carries_tools(t, s);
            for (kind, &need) in problem.parts_needed(t).iter().enumerate() {
                let left = self.left[position * kinds + kind] - i64::from(need);
                is_short |= left < 0;
                self.left.push(left);
            }
            if is_short && self.short == NONE {
                self.short = position as u32;
            }
        }
    }

    /// Where the van would first lack something with ticket `t` among the others.
    pub(super) fn stock(&self, arena: &Arena<'_>, t: u32, s: u32) -> Stock {
        let problem = arena.problem;
        let needs = problem.parts_needed(t);
        let lasts = |left: &[i64]| {
            left.iter().zip(needs).all(|(&left, &need)| left >= i64::from(need) || need == 0)
        };
        let rows = self.left.chunks_exact(problem.part_kinds.max(1));
        Stock {
            has_tools: problem.carries_tools(t, s),
            lasts: rows.take_while(|left| lasts(left)).count(),
            rows: self.left.len() / problem.part_kinds.max(1),
            short: self.short,
        }
    }
}

/// A depot stop in one gap of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DepotStop {
    pub ways: Detour,
    /// What the detour costs at least.
    pub cost: i128,
    /// How long it takes to come to what follows.
    lasts: i64,
    /// False when it does not fit there even without a ticket more.
    pub fits: bool,
}

/// How long the van's stock lasts with one ticket more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stock {
    has_tools: bool,
    /// The first position before which less is left than the ticket needs.
    lasts: usize,
    /// One more than there are tickets; none where there are no parts.
    rows: usize,
    /// The first ticket that lacks something without it, or [`NONE`].
    short: u32,
}

impl Stock {
    /// Where the van first lacks something with the ticket at this position: a position among the
    /// tickets, this one counted.
    #[inline]
    pub(super) fn first_short(&self, position: usize) -> Option<usize> {
        let others = match self.short {
            NONE => usize::MAX,
            short if (short as usize) < position => short as usize,
            short => short as usize + 1,
        };
        let own = match (self.has_tools, self.lasts < self.rows) {
            (true, false) => usize::MAX,
            (true, true) => self.lasts.max(position),
            (false, _) => position,
        };
        let first = others.min(own);
        (first != usize::MAX).then_some(first)
    }
}
