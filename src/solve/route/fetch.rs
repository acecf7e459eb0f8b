//! The cheapest place for a ticket together with a depot stop on the way, where tools or parts have
//! to be fetched. An earlier depot stop of the route is given up for the new one.
//!
//! There are stops² pairs of places. Most are passed over by what their travel and work cost at least,
//! or because one of the two stops does not even fit alone; the rest is timed by the one clock.

use super::bare::{Bare, DepotStop, Stock};
use super::insert::{Insertion, Place};
use super::legs::Detour;
use crate::model::Criterion;

/// Where the ticket goes and where the depot stop before it or after it, both as positions among the
/// tickets with this one.
#[derive(Clone, Copy, Debug)]
struct Pair {
    at: usize,
    depot: u32,
    fetch_at: usize,
}

impl Pair {
    /// The gap between the other tickets into which the depot stop comes.
    fn gap(self) -> usize {
        self.fetch_at - usize::from(self.fetch_at > self.at)
    }
}

impl Place<'_> {
    /// The cheapest place among the tickets from `low` to `high` with a depot stop that is needed,
    /// if it costs less than `bound`.
    ///
    /// O(stops²) sums for each depot, and O(stops) for each of the few pairs that are timed.
    pub(super) fn best_with_depot(
        &self,
        (low, high): (usize, usize),
        stock: &Stock,
        bound: i128,
    ) -> Option<Insertion> {
        let arena = self.arena;
        let bare = &self.tour.bare;
        let among = |position: usize| {
            let stops = &self.tour.stops[..position];
            stops.iter().filter(|&&stop| stop < arena.ticket_count()).count()
        };
        let depots = arena.problem.depots.len();
        let least = self.least();
        let mut found: (i128, Option<Pair>) = (bound, None);
        for at in among(low)..=among(high) {
            let Some(short) = stock.first_short(at) else { continue };
            let detour = self.around.detour(bare.site_before(at), bare.sites[at]);
            if !self.fits_alone(bare, at, &detour) {
                continue;
            }
            let alone = least + arena.way_cost(detour.longer_than(bare.legs[at]));
            for fetch_at in 0..=short {
                for depot in 0..depots {
                    let pair = Pair { at, depot: depot as u32, fetch_at };
                    let stop = &bare.stops[pair.gap() * depots + depot];
                    let least = if pair.gap() == at {
                        least + self.shared_cost(bare, pair, &detour, stop)
                    } else {
                        alone + stop.cost
                    };
                    if least < found.0
                        && stop.fits
                        && let Some(cost) = self.timed(bare, pair, least, found.0)
                    {
                        found = (cost, Some(pair));
                    }
                }
            }
        }
        let (cost, pair) = found;
        pair.map(|Pair { at, depot, fetch_at }| Insertion {
            t: self.t,
            s: self.s,
            position: at as u32,
            depot: Some((depot, fetch_at as u32)),
            cost,
        })
    }

    /// What the route gains at least, detours aside: waiting, breaks, set-ups and lateness only add.
    fn least(&self) -> i128 {
        let (problem, bare) = (self.arena.problem, &self.tour.bare);
        let stop = problem.depots.iter().map(|depot| depot.service).min().unwrap_or(0);
        let service = bare.service + problem.service(self.t, self.s) + stop;
        self.fixed - self.untimed()
            + self.arena.way_cost(bare.travel)
            + self.arena.score.weight(Criterion::Work) * i128::from(service)
    }

    /// False when the ticket does not fit here even without a depot stop, which could only delay it.
    fn fits_alone(&self, bare: &Bare, at: usize, detour: &Detour) -> bool {
        let Some(here) = bare.points.get(at) else { return false };
        let windows = self.arena.problem.windows(self.t);
        self.arena.delays_by(here.time + detour.there.seconds).is_none_or(|arrive| {
            let Some(window) = super::clock::reachable(windows, arrive) else { return false };
            let service = self.arena.problem.service(self.t, self.s);
            let next = arrive.max(window.earliest) + service + detour.onward.seconds;
            self.arena.delays_by(next).is_none_or(|next| next <= bare.latest[at])
        })
    }

    /// What the detour costs where the depot stop and the ticket come between the same two others.
    fn shared_cost(&self, bare: &Bare, pair: Pair, detour: &Detour, stop: &DepotStop) -> i128 {
        let site = self.arena.problem.depots[pair.depot as usize].site;
        let (through, between) = if pair.fetch_at == pair.at {
            (
                Detour { there: stop.ways.there, onward: detour.onward },
                self.around.detour(site, site).there,
            )
        } else {
            (
                Detour { there: detour.there, onward: stop.ways.onward },
                self.around.detour(site, site).onward,
            )
        };
        let mut way = through.longer_than(bare.legs[pair.at]);
        way.seconds += between.seconds;
        way.meters += between.meters;
        self.arena.way_cost(way)
    }

    /// The cost with both stops, if the route can be kept for less than `bound`; it is no less than `least` beside
    /// lateness.
    fn timed(
        &self,
        bare: &Bare,
        Pair { at, depot, fetch_at }: Pair,
        least: i128,
        bound: i128,
    ) -> Option<i128> {
        let fetch = self.arena.ticket_count() + depot;
        if self.arena.hourly {
            let mut stops = bare.tickets.clone();
            stops.insert(at, self.t);
            stops.insert(fetch_at, fetch);
            return self.cost_of_day(stops.into_iter(), bound);
        }
        let first = at.min(fetch_at);
        let mut here = *bare.points.get(first)?;
        for position in first..=bare.tickets.len() {
            if least + self.clock.charged(&here) >= bound {
                return None;
            }
            if position == fetch_at {
                here = self.clock.step(&here, fetch, |_, _| {}).ok()?.point;
            }
            let stop = match position.cmp(&at) {
                std::cmp::Ordering::Less => bare.tickets[position],
                std::cmp::Ordering::Equal => self.t,
                std::cmp::Ordering::Greater => bare.tickets[position - 1],
            };
            here = self.clock.step(&here, stop, |_, _| {}).ok()?.point;
            if position >= at.max(fetch_at) {
                let onward = self.arena.leg(self.s, here.site, bare.sites[position]);
                if here.time + onward.seconds > bare.latest[position] {
                    return None;
                }
            }
        }
        self.risen(&self.clock.close(&here, |_, _| {}).ok()?, bound)
    }
}
