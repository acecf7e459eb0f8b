//! The places of a world, numbered. Near places mostly have near numbers, so that a search, which stays in one
//! quarter for a while, reads what is known about sites in few places of memory.

use crate::model::{Issue, Issues, Place, TravelMode, World};
use crate::spatial::{along_curve, in_chain};
use rustc_hash::FxHashMap;

/// A place by its exact bits: latitude, longitude, row.
type Key = (Option<u64>, Option<u64>, Option<u32>);

/// The distinct places of a world.
pub(super) struct Sites {
    pub(super) places: Vec<Place>,
    number: FxHashMap<Key, u32>,
}

impl Sites {
    pub(super) fn of_world(world: &World) -> Self {
        let mut number = FxHashMap::default();
        number.reserve(world.tickets.len());
        let mut places: Vec<&Place> = Vec::with_capacity(world.tickets.len());
        for (place, _) in depots(world).chain(ends(world)).chain(tickets(world)) {
            number.entry(key(place)).or_insert_with(|| {
                places.push(place);
                places.len() as u32 - 1
            });
        }
        let order = match &world.travel {
            TravelMode::Matrix { tables } => {
                let way = |from: &Place, to: &Place| {
                    let row = tables.first()?.seconds.get(from.row? as usize)?;
                    row.get(to.row? as usize).copied().map(u64::from)
                };
                in_chain(places.len(), |a, b| {
                    way(places[a], places[b]).unwrap_or(0) + way(places[b], places[a]).unwrap_or(0)
                })
            }
            _ => along_curve(&places.iter().map(|place| place.point()).collect::<Vec<_>>()),
        };
        let mut rank_of = vec![0; order.len()];
        order.iter().zip(0..).for_each(|(&place, rank)| rank_of[place] = rank);
        number.values_mut().for_each(|place| *place = rank_of[*place as usize]);
        Self { places: order.into_iter().map(|place| *places[place]).collect(), number }
    }

    /// The number of a place of the world.
    pub(super) fn of(&self, place: &Place) -> u32 {
        self.number[&key(place)]
    }

    /// The same faults of travel, each `place[i]` named by the first that is there, in the order of the world.
    pub(super) fn named(&self, world: &World, issues: Issues) -> Issues {
        let mut owners = vec![None; self.places.len()];
        let all = depots(world).chain(ends(world)).chain(tickets(world));
        for (rank, (place, owner)) in all.enumerate() {
            owners[self.of(place) as usize].get_or_insert((rank, owner));
        }
        let owner = |number: &str| *owners.get(number.parse::<usize>().ok()?)?;
        let rename = |text: &str| {
            let mut renamed = String::new();
            let mut rest = text;
            while let Some((before, after)) = rest.split_once("place[")
                && let Some((number, after)) = after.split_once(']')
                && let Some((_, owner)) = owner(number)
            {
                renamed = renamed + before + &owner.path();
                rest = after;
            }
            renamed + rest
        };
        let rank = |issue: &Issue| {
            let number = issue.at.strip_prefix("place[")?.split(']').next()?;
            owner(number).map(|(rank, _)| rank)
        };
        let mut issues = issues.0;
        issues.sort_by_key(rank);
        let named = |i: Issue| Issue::new(i.code, rename(&i.at), rename(&i.cause));
        Issues(issues.into_iter().map(named).collect())
    }
}

/// Whose place it is.
#[derive(Clone, Copy)]
enum Owner {
    Depot(usize),
    Start(usize, usize),
    End(usize, usize),
    Ticket(usize),
}

impl Owner {
    fn path(self) -> String {
        match self {
            Self::Depot(d) => format!("depots[{d}].place"),
            Self::Start(e, s) => format!("engineers[{e}].shifts[{s}].from"),
            Self::End(e, s) => format!("engineers[{e}].shifts[{s}].to"),
            Self::Ticket(t) => format!("tickets[{t}].place"),
        }
    }
}

fn depots(world: &World) -> impl Iterator<Item = (&Place, Owner)> {
    world.depots.iter().enumerate().map(|(d, depot)| (&depot.place, Owner::Depot(d)))
}

fn ends(world: &World) -> impl Iterator<Item = (&Place, Owner)> {
    world.engineers.iter().enumerate().flat_map(|(e, engineer)| {
        engineer.shifts.iter().enumerate().flat_map(move |(s, shift)| {
            let end = shift.to.as_ref().map(|place| (place, Owner::End(e, s)));
            [Some((&shift.from, Owner::Start(e, s))), end].into_iter().flatten()
        })
    })
}

fn tickets(world: &World) -> impl Iterator<Item = (&Place, Owner)> {
    world.tickets.iter().enumerate().map(|(t, ticket)| (&ticket.place, Owner::Ticket(t)))
}

fn key(place: &Place) -> Key {
    // Zero has two signs and is one place.
    let bits = |degrees: f64| (degrees + 0.0).to_bits();
    (place.lat.map(bits), place.lon.map(bits), place.row)
}

#[cfg(test)]
mod tests {
    use crate::model::{Code, Engineer, Place, Road, RoadNode, Ticket, TravelMode, World};
    use crate::problem::Problem;
    use crate::units::{Instant, Meters, Seconds};

    #[test]
    fn who_is_off_the_road_is_named_as_the_world_has_him() {
        let nodes = vec![RoadNode { lat: 52.5, lon: 13.4 }];
        let road = Road { nodes, arcs: Vec::new(), snap_limit: Meters(100) };
        let mut world = World::new(TravelMode::Road(road));
        let home = Place::at(52.5, 13.4);
        world.engineers.push(Engineer::new("ada", home, Instant(0), Instant(36_000)));
        for (number, lat) in [(0, 52.5), (1, 48.0), (2, 53.0), (3, 48.0)] {
            world.tickets.push(Ticket::new(number.to_string(), Place::at(lat, 13.4), Seconds(600)));
        }
        let issues = Problem::build(world).expect_err("two places have no road");
        let at: Vec<(Code, &str)> =
            issues.0.iter().map(|issue| (issue.code, issue.at.as_str())).collect();
        let expected = ["tickets[1].place", "tickets[2].place"].map(|at| (Code::OFF_ROAD, at));
        assert_eq!(at, expected);
    }
}
