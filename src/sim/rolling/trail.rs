//! What an engineer has begun: the stops that he has left for, and what that leaves him with.

use super::timing::opens;
use crate::model::{Depot, Engineer, Issues, Kit, Place, Ticket, World};
use crate::plan::{Route, Stop};
use crate::travel::Travel;
use crate::units::{Instant, Meters, Seconds};

/// One way and the stop at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// When he left for it.
    pub left: Instant,
    /// The stop; he gets there when he gets there, and waits at the door for its start.
    pub stop: Stop,
}

/// The past of one engineer, up to the end of the last stop that he has left for.
#[derive(Clone, Debug, PartialEq)]
pub struct Trail {
    /// When he is free to leave again.
    pub free: Instant,
    /// Where he is then.
    pub place: Place,
    /// What is on his van then.
    pub van: Kit,
    /// True once he has been at a depot: he lacks nothing any more.
    pub has_everything: bool,
    /// What he has left for, in order.
    pub legs: Vec<Leg>,
}

impl Trail {
    /// Somebody whose shift has not begun.
    pub(super) fn at_home(engineer: &Engineer) -> Self {
        Self {
            free: engineer.shifts[0].start,
            place: engineer.shifts[0].from,
            van: engineer.van.clone(),
            has_everything: false,
            legs: Vec::new(),
        }
    }

    /// He leaves for a stop, which is the visit of this ticket or at one of these depots.
    pub(super) fn go(
        &mut self,
        left: Instant,
        stop: &Stop,
        ticket: Option<&Ticket>,
        depots: &[Depot],
    ) {
        let arrive = left + stop.travel;
        let start = opens(ticket, arrive);
        let end = start + (stop.end - stop.start);
        if let Some(ticket) = ticket {
            self.place = ticket.place;
            for (part, used) in &ticket.needs.parts {
                if let Some(stock) = self.van.parts.get_mut(part) {
                    *stock = stock.saturating_sub(*used);
                }
            }
        } else if let Some(depot) = depots.iter().find(|depot| depot.id == stop.id) {
            self.place = depot.place;
            self.has_everything = true;
        }
        self.free = end;
        self.legs.push(Leg { left, stop: Stop { arrive, start, end, ..stop.clone() } });
    }
}

/// The trails as routes. A route knows no moment of leaving but the first, so all waiting is at the door.
pub(super) fn routes(world: &World, trails: &[Trail]) -> Result<Vec<Route>, Issues> {
    let mut routes = Vec::new();
    for (engineer, trail) in world.engineers.iter().zip(trails) {
        let (Some(first), Some(last)) = (trail.legs.first(), trail.legs.last()) else { continue };
        let (travel_home, distance_home) = match engineer.shifts[0].to {
            Some(home) => {
                let travel = Travel::of(world, &[trail.place, home])?;
                let profile = travel.profile(engineer.profile.as_deref()).unwrap_or_default();
                let way = travel.leg_at(profile, 0, 1, last.stop.end.0);
                (Seconds(way.seconds), Meters(way.meters))
            }
            None => (Seconds::ZERO, Meters::ZERO),
        };
        let mut free = first.left;
        let stops = trail.legs.iter().map(|leg| {
            let arrive = free + leg.stop.travel;
            free = leg.stop.end;
            Stop { arrive, ..leg.stop.clone() }
        });
        routes.push(Route {
            engineer: engineer.id.clone(),
            shift: engineer.shift_id(0),
            depart: first.left,
            stops: stops.collect(),
            travel_home,
            distance_home,
            end: last.stop.end + travel_home,
        });
    }
    Ok(routes)
}
