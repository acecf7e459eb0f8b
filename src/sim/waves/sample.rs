//! Requests as the competition draws them: customer, window, work and load of four customers, each drawn
//! on its own, and left out where no vehicle of that wave could come in time.

use super::departure;
use crate::model::{Issues, Ticket, World};
use crate::rng::Rng;
use crate::travel::Travel;
use crate::units::Seconds;

/// How many are drawn for each wave.
const DRAWN: usize = 100;

/// What drawing needs to know of a site.
pub(super) struct Site<'w> {
    world: &'w World,
    /// From the depot, which is the last place, to each customer and back.
    travel: Travel,
}

impl<'w> Site<'w> {
    pub fn of(world: &'w World) -> Result<Self, Issues> {
        let depot = world.engineers.first().map(|vehicle| vehicle.shifts[0].from);
        let places: Vec<_> = world.tickets.iter().map(|ticket| ticket.place).chain(depot).collect();
        Ok(Self { world, travel: Travel::of(world, &places)? })
    }

    /// The requests of one wave, as they might be.
    pub fn draw(&self, wave: u32, rng: &mut Rng) -> Vec<Ticket> {
        let customers = &self.world.tickets;
        let Some(vehicle) = self.world.engineers.first().filter(|_| !customers.is_empty()) else {
            return Vec::new();
        };
        let depot = customers.len() as u32;
        let mut drawn = Vec::new();
        for number in 0..DRAWN {
            let [at, window, work, load] = std::array::from_fn(|_| rng.below(customers.len()));
            let mut ticket = Ticket::new(
                format!("drawn {number}"),
                customers[at].place,
                customers[work].service,
            );
            ticket.windows = customers[window].windows.clone();
            ticket.demand = customers[load].demand.clone();
            let there = self.travel.leg(0, depot, at as u32).seconds;
            let back = self.travel.leg(0, at as u32, depot).seconds;
            let arrive = departure(wave) + Seconds(there);
            let in_time = ticket.windows.iter().any(|open| {
                let start = arrive.max(open.earliest);
                let home = start + ticket.service + Seconds(back);
                arrive <= open.latest && home <= vehicle.shifts[0].end
            });
            if in_time {
                drawn.push(ticket);
            }
        }
        drawn
    }
}
