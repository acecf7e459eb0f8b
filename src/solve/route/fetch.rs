//! The cheapest place for a ticket together with a depot stop on the way, where tools or parts have
//! to be fetched. An earlier depot stop of the route is given up for the new one.

use super::clock::Point;
use super::insert::{Insertion, Place};
use super::tour::first_short;
use crate::model::Criterion;

/// A route without its depot stop, and what has to be known to go on from each of its tickets.
pub(super) struct Bare {
    pub(super) tickets: Vec<u32>,
    /// For each position, the site that comes there; at the end, where the shift ends.
    sites: Vec<u32>,
    /// The latest arrival at each position, breaks and set-ups aside.
    latest: Vec<i64>,
    /// Travel and service from the arrival at each position to the end, set-ups aside.
    ahead: Vec<i64>,
    /// Travel alone, in seconds and in metres.
    travel: Vec<(i64, i64)>,
}

/// The best so far: its cost, the position of the ticket, the depot and the position of its stop.
pub(super) struct Found {
    pub(super) bound: i128,
    pub(super) at: Option<(u32, (u32, u32))>,
}

impl Place<'_> {
    /// The cheapest place among the tickets from `low` to `high` with a depot stop that is needed,
    /// if it costs less than `bound`. O(stops²) looks and few replays for each depot.
    pub(super) fn best_with_depot(
        &self,
        (low, high): (usize, usize),
        bound: i128,
    ) -> Option<Insertion> {
        let arena = self.arena;
        let bare = self.bare();
        let among = |position: usize| {
            let stops = &self.tour.stops[..position];
            stops.iter().filter(|&&stop| stop < arena.ticket_count()).count()
        };
        let (low, high) = (among(low), among(high));
        let shorts: Vec<usize> = (low..=high).map(|p| self.first_short(&bare, p)).collect();
        let mut found = Found { bound, at: None };
        for depot in 0..arena.problem.depots.len() as u32 {
            self.depot_first(&bare, depot, (low, &shorts), &mut found);
            self.ticket_first(&bare, depot, (low, &shorts), &mut found);
        }
        found.at.map(|(position, depot)| Insertion {
            t: self.t,
            s: self.s,
            position,
            depot: Some(depot),
            cost: found.bound,
        })
    }

    /// All places with the depot stop somewhere before the ticket.
    fn depot_first(
        &self,
        bare: &Bare,
        depot: u32,
        (low, shorts): (usize, &[usize]),
        found: &mut Found,
    ) {
        let fetch = self.arena.ticket_count() + depot;
        let mut open = self.clock.open();
        for fetch_at in 0..low + shorts.len() {
            if let Ok(step) = self.clock.step(&open, fetch, |_, _| {}) {
                let mut here = step.point;
                for at in fetch_at..low + shorts.len() {
                    if at >= low
                        && shorts[at - low] != usize::MAX
                        && fetch_at <= shorts[at - low]
                        && let Ok(step) = self.clock.step(&here, self.t, |_, _| {})
                    {
                        let depot = (depot, fetch_at as u32);
                        self.go_on(bare, &step.point, at, (at, depot), found);
                    }
                    let Some(next) = self.past(bare, &here, at) else { break };
                    here = next;
                }
            }
            let Some(next) = self.past(bare, &open, fetch_at) else { break };
            open = next;
        }
    }

    /// All places with the depot stop somewhere after the ticket.
    fn ticket_first(
        &self,
        bare: &Bare,
        depot: u32,
        (low, shorts): (usize, &[usize]),
        found: &mut Found,
    ) {
        let fetch = self.arena.ticket_count() + depot;
        let mut open = self.clock.open();
        for at in 0..low + shorts.len() {
            if at >= low
                && shorts[at - low] != usize::MAX
                && let Ok(step) = self.clock.step(&open, self.t, |_, _| {})
            {
                let mut here = step.point;
                for fetch_at in at + 1..=shorts[at - low] {
                    if let Ok(step) = self.clock.step(&here, fetch, |_, _| {}) {
                        let depot = (depot, fetch_at as u32);
                        self.go_on(bare, &step.point, fetch_at - 1, (at, depot), found);
                    }
                    let Some(next) = self.past(bare, &here, fetch_at - 1) else { break };
                    here = next;
                }
            }
            let Some(next) = self.past(bare, &open, at) else { break };
            open = next;
        }
    }

    /// The state after the ticket at this position, where there is one and it can be kept.
    fn past(&self, bare: &Bare, here: &Point, position: usize) -> Option<Point> {
        let &ticket = bare.tickets.get(position)?;
        self.clock.step(here, ticket, |_, _| {}).ok().map(|step| step.point)
    }

    /// Goes on from `here` with the tickets from `next` on, and keeps the place if it is the best.
    fn go_on(
        &self,
        bare: &Bare,
        here: &Point,
        next: usize,
        (at, depot): (usize, (u32, u32)),
        found: &mut Found,
    ) {
        let arena = self.arena;
        let onward = arena.leg(self.s, here.site, bare.sites[next]);
        let arrive = here.time + onward.seconds;
        if arrive > bare.latest[next] {
            return;
        }
        if arena.hourly {
            return self.fetch_by_hour(bare, (at, depot), found);
        }
        let gained = self.fixed - self.untimed();
        let (seconds, meters) = bare.travel[next];
        let mut least = gained
            + arena.travel_cost(
                here.travel + onward.seconds + seconds,
                here.meters + onward.meters + meters,
            );
        if arena.score.timed {
            // Waiting and breaks to come make the day longer by as much as they let him leave later.
            let start = arena.problem.shifts[self.s as usize].start;
            let work = arrive + bare.ahead[next] - start - here.slack.min(here.wait).max(0);
            least += arena.score.weight(Criterion::Work) * i128::from(work)
                + arena.score.weight(Criterion::Lateness) * i128::from(here.late)
                + arena.score.weight(Criterion::Slack) * i128::from(here.short)
                + arena.score.weight(Criterion::Penalty) * i128::from(here.penalty)
                + arena.score.weight(Criterion::OffWindow) * i128::from(here.off);
        }
        if least >= found.bound {
            return;
        }
        let mut here = *here;
        for &stop in &bare.tickets[next..] {
            let Ok(step) = self.clock.step(&here, stop, |_, _| {}) else { return };
            here = step.point;
        }
        let Ok(finish) = self.clock.close(&here, |_, _| {}) else { return };
        let cost = self.clock.cost(&finish) + gained;
        if cost < found.bound {
            *found = Found { bound: cost, at: Some((at as u32, depot)) };
        }
    }

    /// The route without its depot stop.
    fn bare(&self) -> Bare {
        let arena = self.arena;
        let count = arena.ticket_count();
        let tickets: Vec<u32> =
            self.tour.stops.iter().copied().filter(|&stop| stop < count).collect();
        let sites: Vec<u32> = tickets
            .iter()
            .map(|&ticket| arena.site_of(ticket))
            .chain([self.clock.home()])
            .collect();
        let mut latest = vec![arena.problem.shifts[self.s as usize].end; sites.len()];
        let mut ahead = vec![0; sites.len()];
        let mut travel = vec![(0, 0); sites.len()];
        for (position, &ticket) in tickets.iter().enumerate().rev() {
            let leg = arena.leg(self.s, sites[position], sites[position + 1]);
            let lasts = self.clock.service(ticket) + leg.seconds;
            latest[position] = self.clock.latest(ticket, lasts, latest[position + 1]);
            ahead[position] = lasts + ahead[position + 1];
            let (seconds, meters) = travel[position + 1];
            travel[position] = (seconds + leg.seconds, meters + leg.meters);
        }
        Bare { tickets, sites, latest, ahead, travel }
    }

    /// Where the van first lacks something with the ticket at this position among the tickets;
    /// `usize::MAX` where it never does.
    fn first_short(&self, bare: &Bare, position: usize) -> usize {
        let (before, after) = bare.tickets.split_at(position);
        let with = before.iter().chain([&self.t]).chain(after);
        first_short(self.arena, self.s, with.copied()).unwrap_or(usize::MAX)
    }
}
