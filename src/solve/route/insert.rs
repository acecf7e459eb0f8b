//! The cheapest place for one ticket in one route: exact costs, decided in O(1) for each position
//! where the rest of the route only shifts in time.

use super::arena::Arena;
use super::ask::Ask;
use super::clock::{Clock, Finish, Point, reachable};
use super::legs::Around;
use super::state::State;
use super::tour::{Gap, Tour};
use crate::model::Criterion;
use crate::problem::{NEVER, NONE, Span};
use crate::score::criteria::square_minutes;

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
    /// Packed cost that the route gains, with what the search charges itself.
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

impl State<'_> {
    /// The cheapest insertion of ticket `t` into the route of shift `s`, if it fits at all.
    ///
    /// O(stops) unless breaks, depot stops, set-ups or windows that change make it replay the route, then
    /// O(stops²) at worst.
    #[must_use]
    pub fn best_insertion(&self, t: u32, s: u32) -> Option<Insertion> {
        self.ask(t, s).best_insertion()
    }

    /// The same, if it costs less than `bound`.
    #[inline]
    pub(super) fn best_insertion_below(&self, t: u32, s: u32, bound: i128) -> Option<Insertion> {
        self.ask(t, s).best_insertion_below(bound)
    }
}

impl Ask<'_> {
    /// See [`State::best_insertion`].
    pub(crate) fn best_insertion(&self) -> Option<Insertion> {
        self.best_insertion_below(i128::MAX)
    }

    /// See [`State::best_insertion_below`].
    pub(super) fn best_insertion_below(&self, bound: i128) -> Option<Insertion> {
        let rise = self.levy.rise(self.arena, self.tour, self.t, self.s)?;
        let found = self.best_place_below(bound - rise)?;
        Some(Insertion { cost: found.cost + rise, ..found })
    }

    /// The same, charges aside: it stays true while the route does.
    pub(super) fn best_place_below(&self, bound: i128) -> Option<Insertion> {
        let Self { arena, tour, t, s, .. } = *self;
        let problem = arena.problem;
        let service = problem.service(t, s);
        if service > tour.room || !arena.admission.has(t, s) {
            return None;
        }
        let has_seat = tour.visits < problem.shifts[s as usize].max_tickets as usize;
        if !has_seat || !self.keeps_caps() {
            return None;
        }
        let shift = &problem.shifts[s as usize];
        let around = arena.legs.around(shift.profile, problem.tickets[t as usize].site);
        let fixed = arena.score.pair_cost(problem, t, s) + tour.one_more;
        let place = Place {
            arena,
            clock: Clock::new(arena, s),
            tour,
            t,
            s,
            around,
            site: problem.tickets[t as usize].site,
            service,
            setup: problem.tickets[t as usize].setup,
            fixed,
        };
        place.best(self.open_positions(), bound)
    }
}

/// One search for a place in one route.
pub(super) struct Place<'x> {
    pub(super) arena: &'x Arena<'x>,
    pub(super) clock: Clock<'x>,
    pub(super) tour: &'x Tour,
    pub(super) t: u32,
    pub(super) s: u32,
    /// Travel from and to the ticket.
    pub(super) around: Around<'x>,
    /// Where the ticket is.
    site: u32,
    /// How long the ticket takes, set-up aside.
    service: i64,
    /// How long its set-up takes, where one is needed.
    setup: i64,
    /// What it costs wherever it stands in the route.
    pub(super) fixed: i128,
}

impl Place<'_> {
    fn best(&self, (low, high): (usize, usize), mut bound: i128) -> Option<Insertion> {
        let problem = self.arena.problem;
        let (t, s) = (self.t, self.s);
        let windows = problem.windows(t);
        let opens = windows.first().map_or(NEVER, |window| window.earliest);
        let closes = windows.last().map_or(-NEVER, |window| window.latest);
        let fetches = problem.uses_parts(t) || !problem.carries_tools(t, s);
        let depot_at = match self.tour.depot_at {
            NONE => None,
            at => Some(at as usize),
        };
        let stock = (fetches || depot_at.is_some()).then(|| self.tour.bare.stock(self.arena, t, s));
        let mut best: Option<Insertion> = None;
        let mut must_fetch = depot_at.is_some();
        for (position, gap) in self.tour.gaps[..=high].iter().enumerate().skip(low) {
            if gap.ready > closes {
                break;
            }
            // What comes after it begins no sooner than this.
            let next =
                self.arena.delays_by(gap.ready + gap.leg.seconds).unwrap_or(gap.ready).max(opens);
            if next + self.service > gap.latest && !self.renews(gap) {
                continue;
            }
            // A depot stop that is there stays for now; what it brings is there from then on.
            if let Some(stock) = &stock
                && depot_at.is_none_or(|at| position <= at)
                && stock
                    .first_short(position)
                    .is_some_and(|short| depot_at.is_none_or(|at| short <= at))
            {
                must_fetch = true;
                continue;
            }
            if let Some(cost) = self.cost_at(position, gap, windows, bound) {
                bound = cost;
                best = Some(self.beside_depot(position, cost));
            }
        }
        if must_fetch && let Some(stock) = &stock {
            best = self.best_with_depot((low, high), stock, bound).or(best);
        }
        best
    }

    /// The insertion at this position of the route, with its depot stop, if it has one, where it is.
    fn beside_depot(&self, position: usize, cost: i128) -> Insertion {
        let (t, s, at) = (self.t, self.s, self.tour.depot_at);
        if at == NONE {
            return Insertion { t, s, position: position as u32, depot: None, cost };
        }
        let is_before = position <= at as usize;
        let depot = self.tour.stops[at as usize] - self.arena.ticket_count();
        Insertion {
            t,
            s,
            position: position as u32 - u32::from(!is_before),
            depot: Some((depot, at + u32::from(is_before))),
            cost,
        }
    }

    /// The cost at this position, if it fits and is below `bound`.
    #[inline]
    fn cost_at(&self, position: usize, gap: &Gap, windows: &[Span], bound: i128) -> Option<i128> {
        let arena = self.arena;
        let there = self.around.from(gap.from);
        let arrive = gap.ready + there.seconds;
        let window = reachable(windows, arrive)?;
        let start = arrive.max(window.earliest);
        let service = self.service_from(gap.from);
        let onward = self.around.to(gap.to);
        let next_arrive = start + service + onward.seconds;
        let renews = self.renews(gap);
        if next_arrive > gap.latest && !renews {
            return None;
        }
        if self.arena.hourly {
            return self.cost_by_hour(position, onward, gap, bound);
        }
        let seconds = there.seconds + onward.seconds - gap.leg.seconds;
        let meters = there.meters + onward.meters - gap.leg.meters;
        let cost = self.fixed + arena.travel_cost(seconds, meters);
        let only_later = next_arrive >= gap.arrive && !renews;
        let before = &self.tour.points[position];
        let floor = self.floor(cost, seconds + service, renews);
        if floor.is_some_and(|floor| floor + self.charged(before, start) >= bound) {
            return None;
        }
        let pauses = self.clock.pauses_after(before.breaks);
        let shift = &arena.problem.shifts[self.s as usize];
        if meters + self.tour.finish.map_or(0, |finish| finish.meters) > shift.max_distance {
            return None;
        }
        if renews {
            // Nothing that is known about the rest of the route holds.
        } else if pauses > 0 {
            // All work ahead has to be done and every break taken before the shift ends. Waiting
            // does not count: breaks may fill it.
            let work = there.seconds + service + onward.seconds;
            if gap.ready + work + gap.ahead + pauses > shift.end {
                return None;
            }
        } else if !arena.score.timed && shift.max_duration == NEVER {
            return (cost < bound).then_some(cost);
        } else if only_later && next_arrive <= gap.rest.latest {
            // What comes after keeps its windows and its lateness and only moves.
            return self.timed_cost(position, arrive, window, onward.seconds, cost, bound);
        }
        self.replayed_cost(position, floor, bound)
    }

    /// What the route costs more at least with the ticket, of which `cost` is for its way, when it takes so much
    /// longer: as if nothing was late any more and nobody waited. `None` where there is no such bound, as where the
    /// next stop `renews` its set-up.
    #[inline]
    fn floor(&self, cost: i128, longer: i64, renews: bool) -> Option<i128> {
        let score = &self.arena.score;
        if !score.timed {
            return Some(cost);
        }
        let work = score.weight(Criterion::Work) * i128::from(longer);
        (!score.balanced && !renews).then(|| cost + work - self.tour.savable)
    }

    /// What lateness costs up to this point and, at least, with the ticket after it, if that starts here at the
    /// earliest; breaks that come first only put it off.
    #[inline]
    fn charged(&self, before: &Point, start: i64) -> i128 {
        let score = &self.arena.score;
        if !score.late {
            return 0;
        }
        let due = self.arena.problem.tickets[self.t as usize].due;
        self.clock.charged(before)
            + score.weight(Criterion::Lateness) * i128::from((start - due).max(0))
            + score.weight(Criterion::Slack) * i128::from(score.shortness(due, start))
    }

    /// How long the ticket takes for somebody who comes from this site.
    #[inline]
    fn service_from(&self, from: u32) -> i64 {
        if from == self.site { self.service } else { self.service + self.setup }
    }

    /// True when the next stop may need another set-up than now with the ticket before it.
    #[inline]
    pub(super) fn renews(&self, gap: &Gap) -> bool {
        self.arena.problem.has_setup && (gap.to == self.site || gap.to == gap.from)
    }

    /// The cost where the rest of the route takes the same windows as now; `cost` has the travel.
    #[inline]
    fn timed_cost(
        &self,
        position: usize,
        arrive: i64,
        window: &Span,
        onward: i64,
        cost: i128,
        bound: i128,
    ) -> Option<i128> {
        let arena = self.arena;
        let shift = &arena.problem.shifts[self.s as usize];
        let (before, gap) = (&self.tour.points[position], &self.tour.gaps[position]);
        let start = arrive.max(window.earliest);
        let due = arena.problem.tickets[self.t as usize].due;
        let soft = arena.score.soft_latest(arena.problem, self.t);
        let wait = before.wait + start - arrive;
        let slack = before.slack.min(wait + window.latest.min(soft.max(start)) - start);
        let service = self.service_from(gap.from);
        let next = start + service + onward;
        let idle = (gap.rest.earliest - next).max(0);
        let delay = slack.min(wait + idle).max(0);
        let end = next + idle + gap.rest.duration;
        let work = end - shift.start - delay;
        if work > shift.max_duration {
            return None;
        }
        let score = &arena.score;
        let weigh = |criterion, measure: i64| score.weight(criterion) * i128::from(measure);
        let mut cost = cost;
        if score.late {
            cost += weigh(Criterion::Lateness, (start - due).max(0))
                + weigh(Criterion::Slack, score.shortness(due, start));
        }
        if score.extra {
            cost += score.extra_cost(arena.problem, self.t, start);
        }
        if score.lasting {
            let old = self.tour.finish.map_or(0, |f| f.end - shift.start - f.delay);
            let longer = work - old;
            let travel = arrive - gap.ready + onward - gap.leg.seconds;
            cost +=
                weigh(Criterion::Work, longer) + weigh(Criterion::Wait, longer - travel - service);
            if score.balanced {
                let square = |work| square_minutes(arena.problem, self.s, work);
                cost += score.weight(Criterion::Balance) * (square(work) - square(old));
            }
        }
        if score.overtime {
            let old = self.tour.finish.map_or(0, |finish| self.clock.overtime(finish.end));
            cost += weigh(Criterion::Overtime, self.clock.overtime(end) - old);
        }
        (cost < bound).then_some(cost)
    }

    /// What the route costs now but for its tickets and their number.
    pub(super) fn untimed(&self) -> i128 {
        self.tour.finish.as_ref().map_or(0, |finish| self.clock.cost(finish))
    }

    /// What the route costs more as timed with the ticket at this position, if that is less than `bound`; it is
    /// no less than `floor` beside lateness.
    fn replayed_cost(&self, position: usize, floor: Option<i128>, bound: i128) -> Option<i128> {
        let mut here = self.clock.step(&self.tour.points[position], self.t, |_, _| {}).ok()?.point;
        for &stop in &self.tour.stops[position..] {
            if floor.is_some_and(|floor| floor + self.clock.charged(&here) >= bound) {
                return None;
            }
            here = self.clock.step(&here, stop, |_, _| {}).ok()?.point;
        }
        self.risen(&self.clock.close(&here, |_, _| {}).ok()?, bound)
    }

    /// What the route costs more with the ticket, if it ends like this and that is less than `bound`.
    pub(super) fn risen(&self, finish: &Finish, bound: i128) -> Option<i128> {
        let cost = self.clock.cost(finish) + self.fixed - self.untimed();
        (cost < bound).then_some(cost)
    }
}
