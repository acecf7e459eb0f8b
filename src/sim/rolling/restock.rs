//! Trips to a depot before anybody asks for what is there: whoever has the time goes, and can take more
//! of what is reported later.

use super::timing;
use super::{Day, Trail};
use crate::model::{Engineer, Issues, Place};
use crate::plan::{Stop, StopKind};
use crate::travel::{Leg, Travel};
use crate::units::{Instant, Meters, Seconds};

impl Day {
    /// Sends to the nearest depot whoever can be back in time for everything he has to do.
    pub(super) fn restock(&mut self, now: Instant) -> Result<(), Issues> {
        for index in 0..self.trails.len() {
            let trail = &self.trails[index];
            if trail.has_everything || trail.free > now {
                continue;
            }
            let engineer = &self.world.engineers[index];
            let at = self.ahead.routes.iter().position(|route| route.engineer == engineer.id);
            let stops = at.map_or(&[][..], |at| &self.ahead.routes[at].stops);
            if stops.iter().any(|stop| stop.kind == StopKind::Depot) {
                continue;
            }
            let first = stops.first().and_then(|stop| self.place_of(stop));
            let Some((trip, onward)) = self.trip(engineer, trail, first)? else { continue };
            let back = now + trip.travel + (trip.end - trip.start) + Seconds(onward.seconds);
            let end = engineer.shifts[0].latest_end();
            let latest = match at {
                Some(at) => {
                    let home = self.ahead.routes[at].travel_home;
                    let times = timing::times(trail.free, stops, home, end, &self.waiting);
                    times.first().map_or(end, |times| times.latest)
                }
                None => end,
            };
            if back > latest {
                continue;
            }
            self.trails[index].go(now, &trip, None, &self.world.depots);
            if let Some(at) = at {
                let next = &mut self.ahead.routes[at].stops[0];
                (next.travel, next.distance) = (Seconds(onward.seconds), Meters(onward.meters));
            }
        }
        Ok(())
    }

    fn place_of(&self, stop: &Stop) -> Option<Place> {
        self.waiting.iter().find(|ticket| ticket.id == stop.id).map(|ticket| ticket.place)
    }

    /// The stop at the nearest depot, and the way on from there: to a place, or home.
    fn trip(
        &self,
        engineer: &Engineer,
        trail: &Trail,
        first: Option<Place>,
    ) -> Result<Option<(Stop, Leg)>, Issues> {
        let next = first.or(engineer.shifts[0].to);
        let mut best: Option<(Stop, Leg)> = None;
        for depot in &self.world.depots {
            let travel =
                Travel::of(&self.world, &[trail.place, depot.place, next.unwrap_or(depot.place)])?;
            let profile = travel.profile(engineer.profile.as_deref()).unwrap_or_default();
            let (there, onward) = (travel.leg(profile, 0, 1), travel.leg(profile, 1, 2));
            let stop = Stop {
                kind: StopKind::Depot,
                id: depot.id.clone(),
                travel: Seconds(there.seconds),
                distance: Meters(there.meters),
                arrive: Instant(0),
                start: Instant(0),
                end: Instant(0) + depot.service,
            };
            if best.as_ref().is_none_or(|(known, _)| stop.travel < known.travel) {
                best = Some((stop, onward));
            }
        }
        Ok(best)
    }
}
