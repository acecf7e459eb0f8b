//! The routes of one kind of shift as paths in a network: tickets, windows, arcs with times and costs.
//!
//! Times count from the start of the shift; costs are scaled. Left out, since it only restricts or only
//! costs: breaks, tools and parts, limits on distance, ranks, caps that span routes, balance. A stop at a
//! depot on the way is allowed for by taking the shorter of the way straight on and the way through it.

use super::super::arena::Arena;
use super::shape::Weigh;
use crate::model::Criterion;
use crate::problem::{NEVER, Problem};
use std::ops::Range;

/// From one ticket to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arc {
    /// The next ticket.
    pub to: u16,
    /// Travel in seconds.
    pub time: i64,
    /// Work there, set-up included.
    pub stay: i64,
    /// Everything that does not depend on when.
    pub cost: i64,
}

/// When work on a ticket may start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub earliest: i64,
    pub latest: i64,
}

/// What starting at some moment costs.
#[derive(Clone, Debug, Default)]
pub(super) struct Late {
    due: i64,
    each: i64,
    soft: i64,
    comfort: i64,
    short: i64,
    steps: Vec<(i64, i64)>,
}

impl Late {
    fn cost(&self, start: i64) -> i64 {
        let steps = self.steps.iter().filter(|&&(latest, _)| start > latest);
        self.each * (start - self.due).max(0)
            + self.short * (start - self.soft).clamp(0, self.comfort)
            + steps.map(|&(_, cost)| cost).sum::<i64>()
    }
}

/// The network of one kind.
#[derive(Debug)]
pub(super) struct Network {
    /// The ticket of each node; the last node, without one, is the start.
    pub tickets: Vec<u32>,
    /// Ways on from each node, the start last.
    pub arcs: Vec<Vec<Arc>>,
    /// The way home from each node: seconds and cost.
    pub home: Vec<(i64, i64)>,
    windows: Vec<Window>,
    ranges: Vec<Range<usize>>,
    /// The earliest completion of each node.
    first: Vec<i64>,
    late: Vec<Late>,
    has_late: bool,
    /// Load of each node in the resource that is scarcest, and how much there is of it.
    pub load: Vec<i64>,
    pub capacity: i64,
    /// He is back no later.
    pub horizon: i64,
    /// At most so long from departure to return; [`NEVER`] where that cannot bind.
    pub duration_max: i64,
    /// What a second of work costs.
    pub second: i64,
    /// What going at all costs.
    pub fixed: i64,
    regular: i64,
    overtime: i64,
}

impl Network {
    /// The network of these shifts, which are all alike. `latest` is the latest start of each ticket,
    /// `visits` how many a route is expected to have.
    pub(super) fn of(
        arena: &Arena<'_>,
        members: &[u32],
        weigh: Weigh<'_>,
        scale: i64,
        latest: &[i64],
        visits: i64,
    ) -> Self {
        let maker = Maker { arena, s: members[0], weigh, scale };
        maker.network(members, latest, visits)
    }

    /// How many tickets it has.
    pub(super) fn len(&self) -> usize {
        self.tickets.len()
    }

    /// When work at a node may start.
    #[inline]
    pub(super) fn windows(&self, node: usize) -> &[Window] {
        &self.windows[self.ranges[node].clone()]
    }

    /// When he can be ready to leave a node at the earliest.
    #[inline]
    pub(super) fn ready_first(&self, node: usize) -> i64 {
        self.first.get(node).copied().unwrap_or(0)
    }

    /// What starting at a node at some moment costs at least.
    #[inline]
    pub(super) fn late(&self, node: usize, start: i64) -> i64 {
        if self.has_late { self.late[node].cost(start) } else { 0 }
    }

    /// What being back costs for being late.
    #[inline]
    pub(super) fn overtime(&self, end: i64) -> i64 {
        self.overtime * (end - self.regular).max(0)
    }
}

/// What a network is made from.
struct Maker<'a> {
    arena: &'a Arena<'a>,
    s: u32,
    weigh: Weigh<'a>,
    scale: i64,
}

/// Travel between two sites, a stop at a depot allowed for: seconds until there, seconds of travel alone
/// and metres, each the least there is.
struct Way {
    time: i64,
    travel: i64,
    meters: i64,
}

impl Maker<'_> {
    fn problem(&self) -> &Problem {
        self.arena.problem
    }

    fn weight(&self, criterion: Criterion) -> i64 {
        (self.weigh)(criterion) * self.scale
    }

    /// Waiting is what is left of work when travel and service are taken off, unless there are breaks,
    /// stops at depots or slower hours: then it is not counted.
    fn wait_weight(&self) -> i64 {
        let is_plain = self.problem().breaks(self.s).is_empty()
            && self.problem().depots.is_empty()
            && !self.arena.hourly;
        if is_plain { self.weight(Criterion::Wait) } else { 0 }
    }

    fn way(&self, from: u32, to: u32) -> Way {
        let straight = self.arena.leg(self.s, from, to);
        let mut way =
            Way { time: straight.seconds, travel: straight.seconds, meters: straight.meters };
        for depot in &self.problem().depots {
            let there = self.arena.leg(self.s, from, depot.site);
            let on = self.arena.leg(self.s, depot.site, to);
            let travel = there.seconds + on.seconds;
            way.time = way.time.min(travel + depot.service);
            way.travel = way.travel.min(travel);
            way.meters = way.meters.min(there.meters + on.meters);
        }
        way
    }

    fn way_cost(&self, way: &Way) -> i64 {
        self.weight(Criterion::Travel) * way.travel + self.weight(Criterion::Distance) * way.meters
            - self.wait_weight() * way.time
    }

    fn service(&self, t: u32) -> i64 {
        self.problem().service(t, self.s)
    }

    /// Set-up for somebody who comes from a site; none where a depot at the door may come between.
    fn setup(&self, t: u32, from: u32) -> i64 {
        let site = self.problem().tickets[t as usize].site;
        let is_depot = self.problem().depots.iter().any(|depot| depot.site == site);
        if is_depot { 0 } else { self.problem().setup(t, from) }
    }

    fn pair_cost(&self, t: u32) -> i64 {
        let (problem, s) = (self.problem(), self.s);
        self.weight(Criterion::Region) * problem.region_fit(t, s).1
            + self.weight(Criterion::Overskill) * problem.skill_surplus(t, s).unwrap_or(0)
            + self.weight(Criterion::Preference) * i64::from(problem.is_second_choice(t, s))
            + self.weight(Criterion::Changes) * i64::from(problem.is_change(t, s))
    }

    fn late(&self, t: u32) -> Late {
        let (problem, start) = (self.problem(), self.problem().shifts[self.s as usize].start);
        let ticket = &problem.tickets[t as usize];
        let comfort = crate::score::criteria::comfort(problem);
        let each = self.weight(Criterion::Penalty);
        let steps = problem.late_steps(t).iter();
        let dated = i64::from(ticket.due < NEVER);
        Late {
            due: ticket.due - start,
            each: self.weight(Criterion::Lateness) * dated,
            soft: ticket.due - comfort - start,
            comfort,
            short: self.weight(Criterion::Slack) * dated,
            steps: steps.map(|&(latest, cost)| (latest - start, cost * each)).collect(),
        }
    }

    /// The scarcest resource, if it can run out: which dimension, or the number of visits.
    fn scarce(&self, tickets: &[u32]) -> (Vec<i64>, i64) {
        let problem = self.problem();
        let of = |d: usize| -> (Vec<i64>, i64) {
            let load = tickets.iter().map(|&t| problem.demand(t)[d]).collect();
            (load, problem.capacity(self.s)[d])
        };
        let visits = i64::from(problem.shifts[self.s as usize].max_tickets);
        let all = (0..problem.dimensions).map(of).chain([(vec![1; tickets.len()], visits)]);
        let scarcity = |(load, capacity): &(Vec<i64>, i64)| {
            load.iter().sum::<i64>() as f64 / (*capacity).max(1) as f64
        };
        let scarcest = all.max_by(|a, b| scarcity(a).total_cmp(&scarcity(b)));
        scarcest.filter(|most| scarcity(most) > 1.0).unwrap_or((vec![0; tickets.len()], NEVER))
    }

    fn network(&self, members: &[u32], latest: &[i64], visits: i64) -> Network {
        let (problem, s) = (self.problem(), self.s);
        let shift = &problem.shifts[s as usize];
        let horizon = shift.end - shift.start;
        let fits = |t: &u32| {
            let (way, way_home) = self.ends(*t);
            members.iter().any(|&s| problem.admits(*t, s))
                && way.time + self.service(*t) + way_home.time <= horizon
                && self.windows(*t, latest[*t as usize]).next().is_some()
        };
        let tickets: Vec<u32> = problem.ticket_indexes().filter(fits).collect();
        let (mut windows, mut ranges) = (Vec::new(), Vec::new());
        for &t in &tickets {
            let first = windows.len();
            windows.extend(self.windows(t, latest[t as usize]));
            ranges.push(first..windows.len());
        }
        let (load, capacity) = self.scarce(&tickets);
        let crowd = self.weight(Criterion::Load);
        let late: Vec<Late> = tickets.iter().map(|&t| self.late(t)).collect();
        let has_late =
            late.iter().any(|late| late.each > 0 || late.short > 0 || !late.steps.is_empty());
        let first = tickets.iter().zip(&ranges);
        let first = first.map(|(&t, range)| windows[range.start].earliest + self.service(t));
        let first = first.collect();
        let home = tickets.iter().map(|&t| {
            let way = self.ends(t).1;
            (way.time, self.way_cost(&way))
        });
        let mut network = Network {
            arcs: Vec::new(),
            home: home.collect(),
            windows,
            ranges,
            first,
            late,
            has_late,
            load,
            capacity,
            horizon,
            duration_max: if shift.max_duration < horizon { shift.max_duration } else { NEVER },
            second: self.weight(Criterion::Work) + self.wait_weight(),
            // n (n - 1) / 2 pairs of visits are at least k n - k (k + 1) / 2 for any whole k.
            fixed: self.weight(Criterion::Shifts)
                + self.weight(Criterion::Fixed) * shift.fixed_cost
                - crowd * visits * (visits + 1) / 2,
            regular: shift.regular_end - shift.start,
            overtime: self.weight(Criterion::Overtime),
            tickets,
        };
        network.arcs = (0..=network.len()).map(|from| self.arcs(&network, from, visits)).collect();
        network
    }

    /// The way to a ticket from the start and from there home.
    fn ends(&self, t: u32) -> (Way, Way) {
        let shift = &self.problem().shifts[self.s as usize];
        let site = self.problem().tickets[t as usize].site;
        let home = match shift.to {
            crate::problem::NONE => Way { time: 0, travel: 0, meters: 0 },
            to => self.way(site, to),
        };
        (self.way(shift.from, site), home)
    }

    /// When work may start so that he comes from the start in time and gets home in time.
    fn windows(&self, t: u32, latest: i64) -> impl Iterator<Item = Window> {
        let shift = &self.problem().shifts[self.s as usize];
        let (way, home) = self.ends(t);
        let until =
            (shift.end - shift.start - self.service(t) - home.time).min(latest - shift.start);
        let spans = self.problem().windows(t).iter().map(move |span| Window {
            earliest: (span.earliest - shift.start).max(way.time),
            latest: (span.latest - shift.start).min(until),
        });
        spans.filter(|window| window.earliest <= window.latest)
    }

    /// The ways on from a node that can be in time.
    fn arcs(&self, network: &Network, from: usize, visits: i64) -> Vec<Arc> {
        let problem = self.problem();
        let shift = &problem.shifts[self.s as usize];
        let ready = network.ready_first(from);
        let site =
            network.tickets.get(from).map_or(shift.from, |&t| problem.tickets[t as usize].site);
        let crowd = self.weight(Criterion::Load) * visits;
        let arc = |(to, &t): (usize, &u32)| {
            let way = self.way(site, problem.tickets[t as usize].site);
            let last = network.windows(to).last()?.latest;
            (to != from && ready + way.time <= last).then(|| {
                let stay = self.service(t) + self.setup(t, site);
                let cost = self.way_cost(&way) - self.wait_weight() * stay;
                let cost = cost + self.pair_cost(t) + crowd;
                Arc { to: to as u16, time: way.time, stay, cost }
            })
        };
        network.tickets.iter().enumerate().filter_map(arc).collect()
    }
}
