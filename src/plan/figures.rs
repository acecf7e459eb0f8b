//! Figures of a plan for people who run a service: how much is served, how late, how busy.

use crate::model::{Engineer, Ticket, World};
use crate::plan::{Plan, Route, Stop, StopKind};
use crate::spatial::RegionIndex;
use crate::units::{Meters, Seconds};
use rustc_hash::FxHashMap;
use serde::Serialize;

/// What a plan achieves, in all, for each engineer and for each region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Tickets that are visited.
    pub served: u64,
    /// Tickets that are not.
    pub unserved: u64,
    /// All engineers together.
    #[serde(flatten)]
    pub effort: Effort,
    /// One entry for each engineer, in the order of the world.
    pub engineers: Vec<EngineerFigures>,
    /// One entry for each region, in the order of the world. What lies in none is in no entry.
    pub regions: Vec<RegionFigures>,
}

/// The figures of one engineer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EngineerFigures {
    /// Id of the engineer.
    pub engineer: String,
    /// His routes against all his shifts.
    #[serde(flatten)]
    pub effort: Effort,
}

/// The figures of one region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegionFigures {
    /// Id of the region.
    pub region: String,
    /// Its tickets that are visited.
    pub served: u64,
    /// Its tickets that are not.
    pub unserved: u64,
    /// The visits in it, whoever makes them, and the ways that lead to them, against the shifts of
    /// those who are at home in exactly this region: beyond 1,000 ‰ it lives on borrowed people.
    #[serde(flatten)]
    pub effort: Effort,
}

/// Time and distance spent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Effort {
    /// Visits that start after their due time.
    pub late: u64,
    /// By how much, added up.
    pub late_seconds: Seconds,
    /// Time at work on tickets and at depots.
    pub service: Seconds,
    /// Time on the way.
    pub travel: Seconds,
    /// Length of the ways.
    pub distance: Meters,
    /// Time from arrival to the start of work, or of a break.
    pub wait: Seconds,
    /// Length of the shifts, used or not.
    pub shift: Seconds,
    /// Service and travel in thousandths of the shifts, rounded down; 0 where there is no shift.
    pub utilisation_permille: i64,
}

impl Figures {
    /// The figures of a plan of this world.
    ///
    /// Stops, shifts and engineers that the world does not know are left out; sums stop at the ends
    /// of 64 bits. A plan that passes [`check`](crate::plan::check()) has neither. O(world + plan).
    #[must_use]
    pub fn of(world: &World, plan: &Plan) -> Self {
        let mut tally = Tally::new(world);
        for route in &plan.routes {
            tally.add_route(route);
        }
        tally.finish()
    }
}

/// Figures in the making.
struct Tally<'w> {
    world: &'w World,
    tickets: FxHashMap<&'w str, usize>,
    engineer_of_shift: FxHashMap<String, usize>,
    /// The region of each ticket.
    region_of: Vec<Option<usize>>,
    is_served: Vec<bool>,
    engineers: Vec<EngineerFigures>,
    regions: Vec<RegionFigures>,
}

impl<'w> Tally<'w> {
    fn new(world: &'w World) -> Self {
        let mut engineer_of_shift = FxHashMap::default();
        for (e, engineer) in world.engineers.iter().enumerate() {
            engineer_of_shift.extend((0..engineer.shifts.len()).map(|s| (engineer.shift_id(s), e)));
        }
        let number: FxHashMap<&str, usize> =
            world.regions.iter().map(|region| region.id.as_str()).zip(0..).collect();
        let mut regions: Vec<RegionFigures> = world
            .regions
            .iter()
            .map(|region| RegionFigures {
                region: region.id.clone(),
                served: 0,
                unserved: 0,
                effort: Effort::default(),
            })
            .collect();
        for engineer in &world.engineers {
            if let Some(&home) = engineer.region.as_deref().and_then(|id| number.get(id)) {
                add(&mut regions[home].effort.shift.0, shift_seconds(engineer));
            }
        }
        Self {
            world,
            tickets: world.tickets.iter().map(|ticket| ticket.id.as_str()).zip(0..).collect(),
            engineer_of_shift,
            region_of: regions_of_tickets(world, &number),
            is_served: vec![false; world.tickets.len()],
            engineers: world.engineers.iter().map(EngineerFigures::idle).collect(),
            regions,
        }
    }

    fn add_route(&mut self, route: &Route) {
        let Some(&e) = self.engineer_of_shift.get(&route.shift) else { return };
        for stop in &route.stops {
            let number = match stop.kind {
                StopKind::Visit => self.tickets.get(stop.id.as_str()).copied(),
                StopKind::Break | StopKind::Depot => None,
            };
            let ticket = number.map(|t| &self.world.tickets[t]);
            if let Some(t) = number {
                self.is_served[t] = true;
            }
            self.engineers[e].effort.add_stop(stop, ticket);
            if let Some(r) = number.and_then(|t| self.region_of[t]) {
                self.regions[r].effort.add_stop(stop, ticket);
            }
        }
        let effort = &mut self.engineers[e].effort;
        add(&mut effort.travel.0, route.travel_home.0);
        add(&mut effort.distance.0, route.distance_home.0);
    }

    fn finish(mut self) -> Figures {
        let mut effort = Effort::default();
        for engineer in &mut self.engineers {
            effort.add(&engineer.effort);
            engineer.effort.set_utilisation();
        }
        effort.set_utilisation();
        for region in &mut self.regions {
            region.effort.set_utilisation();
        }
        for (&region, &is_served) in self.region_of.iter().zip(&self.is_served) {
            if let Some(r) = region {
                let RegionFigures { served, unserved, .. } = &mut self.regions[r];
                *if is_served { served } else { unserved } += 1;
            }
        }
        let served = self.is_served.iter().filter(|&&is_served| is_served).count() as u64;
        let unserved = self.is_served.len() as u64 - served;
        let Self { engineers, regions, .. } = self;
        Figures { served, unserved, effort, engineers, regions }
    }
}

fn regions_of_tickets(world: &World, number: &FxHashMap<&str, usize>) -> Vec<Option<usize>> {
    let outlines = RegionIndex::build(&world.regions);
    let region_of = |ticket: &Ticket| match &ticket.region {
        Some(name) => number.get(name.as_str()).copied(),
        None => Some(outlines.at(ticket.place.point()?)? as usize),
    };
    world.tickets.iter().map(region_of).collect()
}

impl EngineerFigures {
    fn idle(engineer: &Engineer) -> Self {
        let shift = Seconds(shift_seconds(engineer));
        Self { engineer: engineer.id.clone(), effort: Effort { shift, ..Effort::default() } }
    }
}

fn shift_seconds(engineer: &Engineer) -> i64 {
    let lengths = engineer.shifts.iter().map(|shift| shift.end.0.saturating_sub(shift.start.0));
    lengths.fold(0, i64::saturating_add)
}

impl Effort {
    fn add_stop(&mut self, stop: &Stop, ticket: Option<&Ticket>) {
        add(&mut self.travel.0, stop.travel.0);
        add(&mut self.distance.0, stop.distance.0);
        add(&mut self.wait.0, stop.start.0.saturating_sub(stop.arrive.0));
        if stop.kind != StopKind::Break {
            add(&mut self.service.0, stop.end.0.saturating_sub(stop.start.0));
        }
        if let Some(due) = ticket.and_then(|ticket| ticket.due).filter(|&due| stop.start > due) {
            self.late += 1;
            add(&mut self.late_seconds.0, stop.start.0.saturating_sub(due.0));
        }
    }

    fn add(&mut self, other: &Self) {
        self.late += other.late;
        add(&mut self.late_seconds.0, other.late_seconds.0);
        add(&mut self.service.0, other.service.0);
        add(&mut self.travel.0, other.travel.0);
        add(&mut self.distance.0, other.distance.0);
        add(&mut self.wait.0, other.wait.0);
        add(&mut self.shift.0, other.shift.0);
    }

    fn set_utilisation(&mut self) {
        let busy = i128::from(self.service.0) + i128::from(self.travel.0);
        let permille = (busy * 1_000).checked_div(i128::from(self.shift.0)).unwrap_or(0);
        self.utilisation_permille = i64::try_from(permille).unwrap_or(i64::MAX);
    }
}

fn add(sum: &mut i64, value: i64) {
    *sum = sum.saturating_add(value);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Place, Region, TravelMode};
    use crate::plan::Unassigned;
    use crate::units::Instant;

    fn square(x: f64, half: f64) -> Vec<Vec<Vec<[f64; 2]>>> {
        vec![vec![vec![
            [x - half, -half],
            [x + half, -half],
            [x + half, half],
            [x - half, half],
            [x - half, -half],
        ]]]
    }

    /// `ada` (1,000 s, at home in the west) sees T1 in the west and T2 in the east; `bob` has two
    /// shifts of 1,500 s and stays at home; T3, in the west, is left out.
    fn fixture() -> (World, Plan) {
        let mut world = World::new(TravelMode::Euclid { scale: 1, nearest: false });
        let region = |id: &str, x: f64| Region {
            id: id.into(),
            outline: square(x, 9.0),
            ..Region::default()
        };
        world.regions = vec![region("west", -10.0), region("east", 10.0)];
        let base = Place::xy(0.0, 0.0);
        let mut ada = Engineer::new("ada", base, Instant(0), Instant(1_000));
        ada.region = Some("west".into());
        let mut bob = Engineer::new("bob", base, Instant(0), Instant(1_500));
        bob.shifts.push(bob.shifts[0].clone());
        world.engineers = vec![ada, bob];
        let ticket = |id: &str, x: f64| Ticket::new(id, Place::xy(x, 0.0), Seconds(100));
        world.tickets = vec![ticket("T1", -10.0), ticket("T2", 99.0), ticket("T3", -5.0)];
        world.tickets[0].due = Some(Instant(20));
        world.tickets[1].due = Some(Instant(500));
        world.tickets[1].region = Some("east".into());

        let stop = |kind, id: &str, way: i64, [arrive, start, end]: [i64; 3]| Stop {
            kind,
            id: id.into(),
            travel: Seconds(way),
            distance: Meters(2 * way),
            arrive: Instant(arrive),
            start: Instant(start),
            end: Instant(end),
        };
        let route = Route {
            engineer: "ada".into(),
            shift: "ada/1".into(),
            depart: Instant(0),
            stops: vec![
                stop(StopKind::Visit, "T1", 10, [10, 25, 125]),
                stop(StopKind::Break, "", 0, [125, 130, 160]),
                stop(StopKind::Depot, "D", 7, [167, 167, 170]),
                stop(StopKind::Visit, "T2", 30, [200, 200, 300]),
            ],
            travel_home: Seconds(99),
            distance_home: Meters(198),
            end: Instant(399),
        };
        let unassigned = vec![Unassigned { ticket: "T3".into(), reasons: Default::default() }];
        let plan =
            Plan { schema: Plan::SCHEMA, routes: vec![route], unassigned, score: Vec::new() };
        (world, plan)
    }

    fn effort(
        late: (u64, i64),
        service: i64,
        travel: i64,
        wait: i64,
        shift: i64,
        permille: i64,
    ) -> Effort {
        Effort {
            late: late.0,
            late_seconds: Seconds(late.1),
            service: Seconds(service),
            travel: Seconds(travel),
            distance: Meters(2 * travel),
            wait: Seconds(wait),
            shift: Seconds(shift),
            utilisation_permille: permille,
        }
    }

    #[test]
    fn figures_are_those_worked_out_by_hand() {
        let (world, plan) = fixture();
        let figures = Figures::of(&world, &plan);
        assert_eq!((figures.served, figures.unserved), (2, 1));
        // 203 s of service, 10 + 7 + 30 + 99 = 146 s of travel: 349 of 1,000 s, and of 4,000 s.
        assert_eq!(figures.effort, effort((1, 5), 203, 146, 20, 4_000, 87));
        assert_eq!(figures.engineers[0].effort, effort((1, 5), 203, 146, 20, 1_000, 349));
        assert_eq!(figures.engineers[1].effort, effort((0, 0), 0, 0, 0, 3_000, 0));
        let [west, east] = &figures.regions[..] else { panic!("two regions") };
        assert_eq!((west.region.as_str(), west.served, west.unserved), ("west", 1, 1));
        assert_eq!(west.effort, effort((1, 5), 100, 10, 15, 1_000, 110));
        assert_eq!((east.region.as_str(), east.served, east.unserved), ("east", 1, 0));
        assert_eq!(east.effort, effort((0, 0), 100, 30, 0, 0, 0));
    }

    #[test]
    fn they_are_written_flat_and_whole() {
        let (world, plan) = fixture();
        let json = serde_json::to_value(Figures::of(&world, &plan)).expect("serializes");
        assert_eq!(json["served"], 2);
        assert_eq!(json["utilisation_permille"], 87);
        assert_eq!(json["engineers"][0]["engineer"], "ada");
        assert_eq!(json["regions"][1]["travel"], 30);
    }

    #[test]
    fn nonsense_in_a_plan_neither_panics_nor_counts() {
        let (world, mut plan) = fixture();
        let honest = Figures::of(&world, &plan);
        plan.routes.push(Route { shift: "eve/1".into(), ..plan.routes[0].clone() });
        plan.routes[1].stops[0].id = "T3".into();
        assert_eq!(Figures::of(&world, &plan), honest);
        plan.routes[0].stops[0].start = Instant(i64::MAX);
        plan.routes[0].stops[3].start = Instant(i64::MAX);
        plan.routes[0].travel_home = Seconds(i64::MIN);
        assert_eq!(Figures::of(&world, &plan).effort.late_seconds, Seconds(i64::MAX));
    }
}
