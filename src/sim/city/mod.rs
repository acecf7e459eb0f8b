//! A city with engineers and tickets, drawn from a seed.
//!
//! The geography is that of Berlin: people live around 25 quarters, whose populations add up to those
//! of the boroughs; outline and positions are rounded. Nobody and nothing in it is real otherwise.
//! Every ticket and every engineer's home is where a random inhabitant might live. For more or fewer
//! than 400 tickets a day the map is stretched, so that tickets per square kilometre stay the same.
//!
//! What is drawn, and how often (percentages; times are local, the plan is made for the day at 6:00):
//!
//! | of | what |
//! |---|---|
//! | trades | heating 25, plumbing 25, electrical 20, appliances 16, network 10, lifts 4: tickets by chance, engineers' main trades by exact share |
//! | engineer's skills | main trade at level 1: 10, 2: 45, 3: 45 (lifts always 2, and at home in the whole city); a second trade 75 and a third 35, at level 1 or 2, a twentieth of them with an expired certificate; lifts are nobody's second trade |
//! | other engineers | trainee 8 (level 1 only, 130 % of the service time), quick 15 (85 %); cargo bike 10 (15 km/h, 1 min a stop, else van: 30 km/h, 3 min); not lendable 15; second region 60 |
//! | shift | early 6:00 to 14:30: 25, full 7:30 to 16:30: 55, late 11:30 to 20:00: 20; lunch of 30 min that starts 3 to 5 h into the shift; from home and back |
//! | ticket's skills | level 1: 56, 2: 34, 3: 10; a second trade at level 1 too: 5, either of two: 5, no trainee: 3 (less where both draws are the same trade) |
//! | service | 15 to 45 min, by trade, in steps of 5, and 5 more for each level above 1 |
//! | promise | within 4 h: 8 (priority 9), within 8 h: 27 (priority 3), by noon of the next day: 65; the first two are reported between 2:00 and 10:00, and their clocks run from 6:00 |
//! | windows | within 4 h: none; within 8 h: none 60, 12:00 to 17:00 40; next day: none 35, half a day 35, two hours 20, two alternatives of two hours 10 |
//! | parts and tools | one or two of the trade's part: 25; a tool for heating and network above level 1; vans start with 3 parts of each of their trades and the tool of the main one; two depots have everything |
//! | persons | preferred engineer 4, excluded engineer 3, both of the trade |
//! | regions | those nearest to the middles of so many quarters; a visit in the second region costs as much as 5 minutes of travel, a borrowed one 15; each region borrows at most a quarter of its average number of tickets |

mod chance;
mod map;
#[cfg(test)]
mod tests;
mod tickets;
mod trades;
mod workforce;

use crate::model::{Depot, Profile, Region, TravelMode, World};
use crate::rng::Rng;
use crate::units::{Cost, Instant, Seconds};
use map::Map;
use trades::{TRADES, TRAINEE};

/// What to draw. Equal cities are equal worlds, to the last bit and on every machine.
///
/// ```
/// use fieldwright::{Problem, sim::City};
/// let city = City { engineers: 3, tickets: 20, seed: 7, ..City::default() };
/// assert_eq!(city.world(), city.world());
/// assert_eq!(Problem::build(city.world())?.tickets.len(), 20);
/// # Ok::<(), fieldwright::model::Issues>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct City {
    /// How many engineers.
    pub engineers: usize,
    /// How many tickets, over all days.
    pub tickets: usize,
    /// How many regions; they tile the city. Eight are easy to tell apart.
    pub regions: usize,
    /// How many days: every engineer has one shift on each, and tickets come in evenly.
    pub days: usize,
    /// Seed of all that is drawn.
    pub seed: u64,
    /// Midnight at which the first day begins.
    pub midnight: Instant,
}

impl Default for City {
    /// A usual day: Monday, 2 March 2026, of 40 engineers and 400 tickets in 8 regions.
    fn default() -> Self {
        Self {
            engineers: 40,
            tickets: 400,
            regions: 8,
            days: 1,
            seed: 1,
            midnight: Instant(1_772_406_000),
        }
    }
}

/// Streams of the seed, one for each purpose: more engineers leave the tickets as they are.
#[derive(Clone, Copy)]
enum Stream {
    Map = 1,
    Engineers = 2,
    Tickets = 3,
}

impl City {
    /// Draws the city. O(engineers x regions + regions² + tickets), and O(engineers) for each
    /// ticket that names one.
    #[must_use]
    pub fn world(&self) -> World {
        let mut world = World::new(TravelMode::Haversine { profiles: profiles() });
        world.name = format!(
            "city of {} engineers and {} tickets, seed {}",
            self.engineers, self.tickets, self.seed
        );
        world.skills = TRADES.iter().map(|trade| trade.skill.into()).collect();
        world.skills.push(TRAINEE.into());
        let map = self.map();
        world.regions = self.draw_regions(&map);
        world.depots = depots(&map);
        world.engineers = workforce::draw(self, &map, &mut self.stream(Stream::Engineers));
        world.tickets =
            tickets::draw(self, &map, &world.engineers, &mut self.stream(Stream::Tickets));
        world
    }

    fn stream(&self, stream: Stream) -> Rng {
        Rng::new(self.seed, stream as u64)
    }

    fn map(&self) -> Map {
        let tickets_a_day = self.tickets.div_ceil(self.days.max(1));
        Map::new(tickets_a_day, self.regions, &mut self.stream(Stream::Map))
    }

    fn draw_regions(&self, map: &Map) -> Vec<Region> {
        let cap = self.tickets.div_ceil(4 * self.regions.max(1));
        let region = |(id, ring): (&str, Vec<[f64; 2]>)| Region {
            id: id.into(),
            outline: vec![vec![ring]],
            secondary_cost: Cost(300),
            borrow_cost: Cost(900),
            borrow_cap: Some(u32::try_from(cap).unwrap_or(u32::MAX)),
            ..Region::default()
        };
        map.cells().map(region).collect()
    }
}

fn profiles() -> Vec<Profile> {
    let profile = |name: &str, meters_per_hour, fixed| Profile {
        name: name.into(),
        meters_per_hour,
        detour_percent: 130,
        fixed: Seconds(fixed),
    };
    vec![profile("van", 30_000, 180), profile(workforce::BIKE, 15_000, 60)]
}

/// Two depots, in the north-west and in the south-east.
fn depots(map: &Map) -> Vec<Depot> {
    let depot = |(id, at): (&str, [f64; 2])| Depot {
        id: id.into(),
        place: map.fixed(at),
        service: Seconds(600),
    };
    [("Westhafen", [13.34, 52.54]), ("Adlershof", [13.54, 52.43])].map(depot).into()
}
