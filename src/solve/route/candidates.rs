//! Where it is worth trying a ticket: beside its neighbours, and in an empty shift nearby.

use super::legs::Legs;
use crate::model::TravelMode;
use crate::problem::{NONE, Problem};
use crate::rng::Rng;
use crate::spatial::{PointIndex, QualifiedIndex};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// How many neighbouring tickets, visited by engineers who may visit it as well, a ticket is tried beside.
pub(super) const NEIGHBOURS: usize = 40;
/// Out of how many nearest tickets the companions of a ticket are chosen; nor are more its neighbours.
const CONSIDERED: usize = 256;
/// From so many times as many tickets as each has neighbours on, a ruin can be choosy and stay in one quarter of the town.
const CHOOSY_FROM: usize = 4;
/// Of so many tickets it is asked whether an engineer who may visit a neighbour may visit them too.
const TICKETS_ASKED: usize = 100;
/// Out of how many kinds of shifts nearest to the neighbour that engineer is drawn.
const KINDS_ASKED: usize = 8;
/// How many kinds of shifts a ticket knows, nearest first.
const KINDS: usize = 48;
/// How many kinds beyond those it knows, drawn at random. Where hundreds start from one place the
/// nearest are the same for every ticket, and the others would never be tried.
const KINDS_DRAWN: usize = 16;

/// For each ticket some others, best first.
#[derive(Debug)]
pub(super) struct Neighbours {
    near: Vec<u32>,
    each: usize,
}

impl Neighbours {
    /// The others of ticket `t`.
    #[inline]
    pub(super) fn of(&self, t: u32) -> &[u32] {
        &self.near[t as usize * self.each..][..self.each]
    }

    /// Whether many neighbours are with engineers who may not visit the ticket, and there are tickets enough for a
    /// ruin to pass those over.
    pub(super) fn are_mixed(&self) -> bool {
        let tickets = self.near.len() / self.each.max(1);
        self.each > NEIGHBOURS && tickets >= CHOOSY_FROM * self.each
    }
}

/// Finds for each ticket the nearest others, and its companions: those of the nearest that one engineer
/// could best visit right before or after it.
///
/// Near is what the air line says, through an index, where places have coordinates, and travel there and
/// back in the first profile where only a table knows.
pub(super) fn neighbours(
    problem: &Problem,
    legs: &Legs<'_>,
    kinds: &ShiftKinds,
) -> (Neighbours, Neighbours) {
    let most = CONSIDERED.min(problem.tickets.len().saturating_sub(1));
    let site = |t: u32| problem.tickets[t as usize].site;
    let Some(plane) = is_plane(problem) else {
        let round_trip = |t: u32, other: u32| {
            legs.leg(0, site(t), site(other)).seconds + legs.leg(0, site(other), site(t)).seconds
        };
        return choose(problem, legs, kinds, |t| {
            let others = problem.ticket_indexes().filter(|&other| other != t);
            let costed = others.map(|other| (round_trip(t, other), other)).collect();
            smallest(costed, most)
        });
    };
    let points: Vec<[f64; 2]> = problem.ticket_indexes().map(|t| point(problem, site(t))).collect();
    let index = PointIndex::build(&points, plane);
    choose(problem, legs, kinds, |t| {
        let near = index.nearest(points[t as usize]).filter(|&other| other != t);
        near.take(most).collect()
    })
}

/// Neighbours and companions out of those that are nearest to each ticket.
fn choose(
    problem: &Problem,
    legs: &Legs<'_>,
    kinds: &ShiftKinds,
    nearest: impl Fn(u32) -> Vec<u32> + Sync,
) -> (Neighbours, Neighbours) {
    let each = reach(problem, kinds, &nearest).min(problem.tickets.len().saturating_sub(1));
    let lists = problem.ticket_indexes().into_par_iter().map(|t| {
        let mut near = nearest(t);
        let apart = |&other: &u32| {
            (succession(problem, legs, t, other).min(succession(problem, legs, other, t)), other)
        };
        let companions = smallest(near.iter().map(apart).collect(), each);
        near.truncate(each);
        (near, companions)
    });
    let (near, companions): (Vec<_>, Vec<_>) = lists.unzip();
    (Neighbours { near: near.concat(), each }, Neighbours { near: companions.concat(), each })
}

/// How many neighbours a ticket needs for [`NEIGHBOURS`] of them to be with engineers who may visit it as well: more
/// where skills, sites or names tell apart who may go to which of two doors in one street.
fn reach(problem: &Problem, kinds: &ShiftKinds, nearest: impl Fn(u32) -> Vec<u32>) -> usize {
    let mut rng = Rng::new(0, 0);
    let (mut asked, mut admitted) = (0, 0);
    for _ in 0..TICKETS_ASKED.min(problem.tickets.len()) {
        let t = rng.below(problem.tickets.len()) as u32;
        for other in nearest(t).into_iter().take(NEIGHBOURS) {
            let among = kinds.near(other);
            if let Some(&kind) = among.get(rng.below(among.len().min(KINDS_ASKED))) {
                asked += 1;
                admitted += usize::from(problem.admits(t, kinds.members[kind as usize][0]));
            }
        }
    }
    (NEIGHBOURS * asked).div_ceil(admitted.max(1)).clamp(NEIGHBOURS, CONSIDERED)
}

/// What speaks against visiting `b` right after `a`: travel, a fifth of the time that he would have to
/// wait at least, and all that he would be late at least (Vidal, Crainic, Gendreau and Prins 2013).
fn succession(problem: &Problem, legs: &Legs<'_>, a: u32, b: u32) -> i64 {
    let site = |t: u32| problem.tickets[t as usize].site;
    let travel = legs.leg(0, site(a), site(b)).seconds;
    let ends = |t: u32| {
        let windows = problem.windows(t);
        Some((windows.first()?.earliest, windows.last()?.latest))
    };
    let (Some((opens, closes)), Some((next_opens, next_closes))) = (ends(a), ends(b)) else {
        return travel;
    };
    let after = problem.tickets[a as usize].service + travel;
    let wait = next_opens.saturating_sub(closes.saturating_add(after)).max(0);
    let late = opens.saturating_add(after).saturating_sub(next_closes).max(0);
    travel.saturating_add(wait / 5).saturating_add(late)
}

/// Whether places lie on a plane or on the globe; `None` where coordinates do not tell travel.
pub(crate) fn is_plane(problem: &Problem) -> Option<bool> {
    match problem.world().travel {
        TravelMode::Euclid { .. } => Some(true),
        TravelMode::Haversine { .. } => Some(false),
        TravelMode::Matrix { .. } | TravelMode::Road(_) => None,
    }
}

/// Where a site is; worlds that travel by coordinates have them, others are not asked.
pub(crate) fn point(problem: &Problem, site: u32) -> [f64; 2] {
    problem.places[site as usize].point().unwrap_or_default()
}

/// The numbers that come with the smallest costs, cheapest first.
fn smallest(mut costed: Vec<(i64, u32)>, count: usize) -> Vec<u32> {
    if 0 < count && count < costed.len() {
        costed.select_nth_unstable(count - 1);
    }
    costed.truncate(count);
    costed.sort_unstable();
    costed.into_iter().map(|(_, number)| number).collect()
}

/// Shifts that are alike in all that a route depends on, so that one empty one stands for all.
#[derive(Debug)]
pub(super) struct ShiftKinds {
    /// The shifts of each kind.
    pub(super) members: Vec<Vec<u32>>,
    /// For each ticket the kinds to try, nearest start first.
    near: Vec<Vec<u32>>,
    /// For each ticket the travel to it and back from the nearest start.
    remoteness: Vec<i64>,
}

impl ShiftKinds {
    pub(super) fn of(problem: &Problem, legs: &Legs<'_>) -> Self {
        let mut number = FxHashMap::default();
        let mut members: Vec<Vec<u32>> = Vec::new();
        for s in problem.shift_indexes() {
            let kind = *number.entry(problem.kind_key(s)).or_insert_with(|| {
                members.push(Vec::new());
                members.len() - 1
            });
            members[kind].push(s);
        }
        let search = KindSearch::new(problem, legs, &members);
        let near: Vec<Vec<u32>> =
            problem.ticket_indexes().into_par_iter().map(|t| search.near(t)).collect();
        let distance = |(near, t): (&Vec<u32>, u32)| {
            near.first().map_or(0, |&kind| search.round_trip(t, kind))
        };
        let remoteness = near.iter().zip(0..).map(distance).collect();
        Self { members, near, remoteness }
    }

    /// Seconds to ticket `t` and back from the nearest shift that may take it.
    #[inline]
    pub(super) fn remoteness(&self, t: u32) -> i64 {
        self.remoteness[t as usize]
    }

    /// The kinds of shifts in which ticket `t` is worth trying.
    #[inline]
    pub(super) fn near(&self, t: u32) -> &[u32] {
        &self.near[t as usize]
    }
}

/// Finds the kinds of shifts that start nearest to a ticket.
struct KindSearch<'a> {
    problem: &'a Problem,
    legs: &'a Legs<'a>,
    members: &'a [Vec<u32>],
    index: Option<QualifiedIndex>,
}

impl<'a> KindSearch<'a> {
    fn new(problem: &'a Problem, legs: &'a Legs<'a>, members: &'a [Vec<u32>]) -> Self {
        let index = is_plane(problem).map(|plane| {
            let (points, classes): (Vec<[f64; 2]>, Vec<u32>) = members
                .iter()
                .map(|kind| {
                    let from = problem.shifts[kind[0] as usize].from;
                    (point(problem, from), problem.skill_class_of_shift(kind[0]))
                })
                .unzip();
            QualifiedIndex::build(&points, plane, &classes, problem.skill_classes())
        });
        Self { problem, legs, members, index }
    }

    /// Kinds worth trying for ticket `t`: the nearest, then some from anywhere.
    fn near(&self, t: u32) -> Vec<u32> {
        let mut near = self.nearest(t);
        if self.members.len() > KINDS {
            let mut rng = Rng::new(u64::from(t), 0);
            let drawn = (0..KINDS_DRAWN).map(|_| rng.below(self.members.len()) as u32);
            let others: Vec<u32> = drawn.filter(|&kind| self.admits(t, kind)).collect();
            near.extend(others);
        }
        near
    }

    /// The nearest kinds. Through the index twice as many as needed are drawn, since some may not be
    /// admitted for their region; where too few are left, all kinds are looked at.
    fn nearest(&self, t: u32) -> Vec<u32> {
        if let Some(index) = &self.index {
            let at = point(self.problem, self.problem.tickets[t as usize].site);
            let serves = |class| self.problem.skill_class_serves(class, t);
            let drawn = index.nearest(at, 2 * KINDS, serves);
            let is_all = drawn.len() < 2 * KINDS;
            let near: Vec<u32> =
                drawn.into_iter().filter(|&kind| self.admits(t, kind)).take(KINDS).collect();
            if is_all || near.len() >= KINDS / 2 {
                return near;
            }
        }
        let kinds = (0..self.members.len() as u32).filter(|&kind| self.admits(t, kind));
        smallest(kinds.map(|kind| (self.round_trip(t, kind), kind)).collect(), KINDS)
    }

    fn admits(&self, t: u32, kind: u32) -> bool {
        self.members[kind as usize].iter().any(|&s| self.problem.admits(t, s))
    }

    /// Seconds from the start of a kind's shifts to ticket `t` and on to their end.
    fn round_trip(&self, t: u32, kind: u32) -> i64 {
        let shift = &self.problem.shifts[self.members[kind as usize][0] as usize];
        let site = self.problem.tickets[t as usize].site;
        self.legs.leg(shift.profile, shift.from, site).seconds
            + self.legs.leg(shift.profile, site, shift.to).seconds
    }
}

/// A set of shifts without repetition, emptied in O(1).
#[derive(Debug)]
pub(super) struct ShiftSet {
    stamp: Vec<u32>,
    now: u32,
    /// The shifts in the set.
    pub(super) shifts: Vec<u32>,
}

impl ShiftSet {
    pub(super) fn new(shifts: usize) -> Self {
        Self { stamp: vec![0; shifts], now: 1, shifts: Vec::new() }
    }

    pub(super) fn clear(&mut self) {
        self.shifts.clear();
        self.now = self.now.wrapping_add(1);
        if self.now == 0 {
            self.stamp.fill(0);
            self.now = 1;
        }
    }

    /// Adds a shift; [`NONE`] is passed over.
    #[inline]
    pub(super) fn add(&mut self, s: u32) {
        if s != NONE {
            self.insert(s);
        }
    }

    /// Is this shift in the set?
    #[inline]
    pub(super) fn has(&self, s: u32) -> bool {
        self.stamp[s as usize] == self.now
    }

    /// Adds a shift and says whether it is new.
    #[inline]
    pub(super) fn insert(&mut self, s: u32) -> bool {
        let is_new = self.stamp[s as usize] != self.now;
        if is_new {
            self.stamp[s as usize] = self.now;
            self.shifts.push(s);
        }
        is_new
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{Engineer, Place, Ticket, TravelMode, Window, World};
    use crate::problem::Problem;
    use crate::solve::route::Arena;
    use crate::testworld;
    use crate::units::{Instant, Seconds};

    #[test]
    fn companions_are_near_in_time_as_well() {
        let mut world = World::new(TravelMode::car(36_000));
        let ada = Engineer::new("ada", Place::at(52.5, 13.4), Instant(0), Instant(43_200));
        world.engineers.push(ada);
        let mut visit = |id: &str, lat: f64, opens: i64| {
            let mut ticket = Ticket::new(id, Place::at(lat, 13.4), Seconds(1_800));
            ticket.windows = vec![Window::new(Instant(opens), Instant(opens + 3_600))];
            world.tickets.push(ticket);
        };
        visit("morning", 52.5, 0);
        visit("next door, but in the evening", 52.501, 36_000);
        visit("some streets away, the hour after", 52.52, 3_600);
        let problem = Problem::build(world).expect("sound");
        let arena = Arena::new(&problem).expect("scores fit");
        assert_eq!(arena.neighbours.of(0), [1, 2]);
        assert_eq!(arena.companions.of(0), [2, 1]);
    }

    #[test]
    fn without_windows_companions_are_the_neighbours() {
        let mut world = World::new(TravelMode::car(36_000));
        let ada = Engineer::new("ada", Place::at(52.5, 13.4), Instant(0), Instant(43_200));
        world.engineers.push(ada);
        for number in 0..9 {
            // No two are as far from a third.
            let place = Place::at(52.5 + 0.001 * 3_f64.powi(number), 13.4);
            world.tickets.push(Ticket::new(number.to_string(), place, Seconds(1_800)));
        }
        let problem = Problem::build(world).expect("sound");
        let arena = Arena::new(&problem).expect("scores fit");
        for t in problem.ticket_indexes() {
            assert_eq!(arena.companions.of(t), arena.neighbours.of(t));
        }
    }

    #[test]
    fn where_every_other_engineer_may_not_visit_a_ticket_it_knows_twice_as_many_neighbours() {
        for (tickets, trades, expected, are_mixed) in
            [(400, 1, 40, false), (400, 2, 80, true), (200, 2, 80, false), (30, 2, 29, false)]
        {
            let problem = Problem::build(testworld::trades(tickets, trades)).expect("sound");
            let arena = Arena::new(&problem).expect("scores fit");
            let known = arena.neighbours.of(0).len();
            assert!(known.abs_diff(expected) <= expected / 8, "{known} of {tickets} tickets");
            assert_eq!(arena.neighbours.are_mixed(), are_mixed, "{tickets} tickets");
        }
    }
}
