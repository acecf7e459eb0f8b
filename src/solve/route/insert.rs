//! The cheapest place for one ticket in one route: exact costs, decided in O(1) for each position
//! where the rest of the route only shifts in time.

use super::arena::Arena;
use super::ask::Ask;
use super::clock::{Clock, Point, reachable};
use super::state::State;
use super::tour::{Tour, first_short};
use crate::problem::{NEVER, NONE};
use crate::rng::Rng;

/// A place for a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insertion {
    /// The ticket.
    pub t: u32,
    /// The shift.
    pub s: u32,
    /// The position it takes: among the stops, or, when `depot` is given, among the tickets.
    pub position: u32,
    /// A depot and the position that its stop takes once the ticket is in; it replaces an earlier
    /// depot stop of the route.
    pub depot: Option<(u32, u32)>,
    /// Packed cost that the route gains.
    pub cost: i128,
}

impl Insertion {
    /// Makes the change on a sequence of stops, of which those from `ticket_count` on are depots.
    pub(crate) fn carry_out(&self, stops: &mut Vec<u32>, ticket_count: u32) {
        if self.depot.is_some() {
            stops.retain(|&stop| stop < ticket_count);
        }
        stops.insert(self.position as usize, self.t);
        if let Some((depot, position)) = self.depot {
            stops.insert(position as usize, ticket_count + depot);
        }
    }
}

/// Passes over one position in a hundred (Christiaens and Vanden Berghe 2020), so that the search
/// does not always fall into the same hole.
const BLINK: usize = 100;

impl State<'_> {
    /// The cheapest insertion of ticket `t` into the route of shift `s`, if it fits at all.
    ///
    /// O(stops) where only travel counts, otherwise O(stops²) at worst. With a
    /// `blink` stream some positions are passed over at random.
    #[must_use]
    pub fn best_insertion(&self, t: u32, s: u32, blink: Option<&mut Rng>) -> Option<Insertion> {
        self.ask(t, s).best_insertion(blink)
    }
}

impl Ask<'_> {
    /// See [`State::best_insertion`].
    pub(crate) fn best_insertion(&self, blink: Option<&mut Rng>) -> Option<Insertion> {
        let Self { arena, tour, t, s, borrowed } = *self;
        let problem = arena.problem;
        if !problem.admits(t, s) {
            return None;
        }
        let has_room = tour.visits < problem.shifts[s as usize].max_tickets as usize
            && tour
                .load
                .iter()
                .zip(problem.demand(t))
                .zip(problem.capacity(s))
                .all(|((load, demand), capacity)| load + demand <= *capacity);
        let may_borrow = problem
            .borrows(t, s)
            .is_none_or(|region| borrowed < problem.borrow_caps[region as usize]);
        if !has_room || !may_borrow {
            return None;
        }
        let search = Search { arena, clock: Clock::new(arena, s), tour, t, s };
        search.run(self.open_positions(), blink)
    }
}

/// One search for a place.
struct Search<'x> {
    arena: &'x Arena<'x>,
    clock: Clock<'x>,
    tour: &'x Tour,
    t: u32,
    s: u32,
}

impl Search<'_> {
    fn run(&self, (low, high): (usize, usize), mut blink: Option<&mut Rng>) -> Option<Insertion> {
        let arena = self.arena;
        let problem = arena.problem;
        let closes = problem.windows(self.t).last().map_or(-NEVER, |window| window.latest);
        let stops_at_depot = self.tour.depot_at != NONE;
        let fetches =
            stops_at_depot || problem.uses_parts(self.t) || !problem.carries_tools(self.t, self.s);
        let fixed = arena.score.pair_cost(problem, self.t, self.s)
            + arena.count_cost(self.s, self.tour.visits as i64 + 1)
            - arena.count_cost(self.s, self.tour.visits as i64);
        let mut best: Option<Insertion> = None;
        for position in low..=high {
            if self.tour.points[position].time > closes && !stops_at_depot {
                break;
            }
            if blink.as_mut().is_some_and(|rng| rng.one_in(BLINK)) {
                continue;
            }
            let bound = best.as_ref().map_or(i128::MAX, |best| best.cost);
            if fetches && self.needs_depot(position) {
                if let Some(found) = self.with_depot(position, bound) {
                    best = Some(found);
                }
            } else if let Some(cost) = self.at(position, fixed, bound) {
                let (t, s, position) = (self.t, self.s, position as u32);
                best = Some(Insertion { t, s, position, depot: None, cost });
            }
        }
        best
    }

    /// The cost at this position, if it fits and is below `bound`.
    #[inline]
    fn at(&self, position: usize, fixed: i128, bound: i128) -> Option<i128> {
        let arena = self.arena;
        let problem = arena.problem;
        let site = problem.tickets[self.t as usize].site;
        let before = &self.tour.points[position];
        let there = arena.leg(self.s, before.site, site);
        let arrive = before.time + there.seconds;
        let window = reachable(problem.windows(self.t), arrive)?;
        let leave = arrive.max(window.earliest) + problem.service(self.t, self.s);
        let next = match self.tour.stops.get(position) {
            Some(&stop) => arena.site_of(stop),
            None => self.clock.home(),
        };
        let onward = arena.leg(self.s, site, next);
        if leave + onward.seconds > self.tour.latest[position] {
            return None;
        }
        // All work ahead has to be done and every break taken before the shift ends. Waiting does
        // not count: breaks may fill it.
        let work = there.seconds + problem.service(self.t, self.s) + onward.seconds;
        let ahead = self.tour.ahead[position] + self.clock.pauses_after(before.breaks);
        if before.time + work + ahead > problem.shifts[self.s as usize].end {
            return None;
        }
        let replaced = match self.tour.finish {
            None => crate::travel::Leg { seconds: 0, meters: 0 },
            Some(_) => arena.leg(self.s, before.site, next),
        };
        let seconds = there.seconds + onward.seconds - replaced.seconds;
        let meters = there.meters + onward.meters - replaced.meters;
        let cost = fixed + arena.travel_cost(seconds, meters);
        if !arena.score.timed && self.clock.is_plain() {
            let reach = self.tour.finish.map_or(0, |finish| finish.meters) + meters;
            let fits = reach <= problem.shifts[self.s as usize].max_distance;
            return (cost < bound && fits).then_some(cost);
        }
        // Where everything after the ticket only gets later, lateness can only be added.
        let only_later = leave + onward.seconds >= before.time + replaced.seconds;
        if self.clock.is_plain() && !arena.score.lasting && only_later && cost >= bound {
            return None;
        }
        let cost = self.timed_cost(position)? + fixed - self.untimed();
        (cost < bound).then_some(cost)
    }

    /// What the route costs now but for its tickets and their number.
    fn untimed(&self) -> i128 {
        self.tour.finish.as_ref().map_or(0, |finish| self.clock.cost(finish))
    }

    /// The cost of the route as timed with the ticket at this position.
    fn timed_cost(&self, position: usize) -> Option<i128> {
        let mut here = self.clock.step(&self.tour.points[position], self.t, |_, _| {}).ok()?.point;
        for &stop in &self.tour.stops[position..] {
            here = self.clock.step(&here, stop, |_, _| {}).ok()?.point;
        }
        self.finish(&here)
    }

    fn finish(&self, last: &Point) -> Option<i128> {
        self.clock.close(last, |_, _| {}).ok().map(|finish| self.clock.cost(&finish))
    }

    /// True when the route has a depot stop, or needs one with the ticket at this position.
    fn needs_depot(&self, position: usize) -> bool {
        if self.tour.depot_at != NONE {
            return true;
        }
        let stops = &self.tour.stops;
        let with = stops[..position].iter().chain([&self.t]).chain(&stops[position..]);
        first_short(self.arena, self.s, with.copied()).is_some()
    }

    /// The best depot stop for the ticket at this position among the stops.
    fn with_depot(&self, position: usize, mut bound: i128) -> Option<Insertion> {
        let arena = self.arena;
        let count = arena.ticket_count();
        let depots = arena.problem.depots.len() as u32;
        let depots_before =
            self.tour.stops[..position].iter().filter(|&&stop| stop >= count).count();
        let position = position - depots_before;
        let mut tickets: Vec<u32> =
            self.tour.stops.iter().copied().filter(|&stop| stop < count).collect();
        tickets.insert(position, self.t);
        let short = first_short(arena, self.s, tickets.iter().copied())?;
        let fixed = self.fixed_of(tickets.len()) - self.tour.cost;
        let mut best = None;
        for depot in 0..depots {
            let fetch = count + depot;
            for before in 0..=short {
                let sequence = tickets[..before].iter().chain([&fetch]);
                let Some(cost) = self.sequence_cost(sequence.chain(&tickets[before..])) else {
                    continue;
                };
                let cost = cost + fixed;
                if cost < bound {
                    bound = cost;
                    let depot = Some((depot, before as u32));
                    let (t, s, position) = (self.t, self.s, position as u32);
                    best = Some(Insertion { t, s, position, depot, cost });
                }
            }
        }
        best
    }

    fn fixed_of(&self, visits: usize) -> i128 {
        let arena = self.arena;
        self.tour.pairs
            + arena.score.pair_cost(arena.problem, self.t, self.s)
            + arena.count_cost(self.s, visits as i64)
    }

    fn sequence_cost<'x>(&self, stops: impl Iterator<Item = &'x u32>) -> Option<i128> {
        let mut here = self.clock.open();
        for &stop in stops {
            here = self.clock.step(&here, stop, |_, _| {}).ok()?.point;
        }
        self.finish(&here)
    }
}
