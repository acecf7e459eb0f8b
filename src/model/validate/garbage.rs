//! Worlds full of nonsense: whatever is in them, checking them returns.

use crate::model::{
    Arc, Break, Criterion, Depot, Engineer, LateStep, Lock, Objective, OwnedSkill, Place, Profile,
    Region, Road, RoadNode, Shift, SkillNeed, Ticket, TimeOfDay, Traffic, TravelMode, TravelTable,
    Window, World,
};
use crate::units::{Cost, Instant, Meters, Seconds};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

fn integer() -> impl Strategy<Value = i64> + Clone {
    prop_oneof![Just(i64::MIN), Just(i64::MAX), any::<i64>(), -2i64..50, Just(crate::units::LIMIT)]
}

fn float() -> impl Strategy<Value = f64> + Clone {
    let odd = vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE, -0.0];
    prop_oneof![3 => (-3i8..4).prop_map(f64::from), 1 => any::<f64>(), 1 => prop::sample::select(odd)]
}

/// Few names, so that some meet.
fn name() -> impl Strategy<Value = String> + Clone {
    prop::sample::select(vec!["", "a", "b", "c", "a/1", "é"]).prop_map(str::to_owned)
}

fn instant() -> impl Strategy<Value = Instant> + Clone {
    integer().prop_map(Instant)
}

fn place() -> impl Strategy<Value = Place> {
    (of(float()), of(float()), of(0u32..3)).prop_map(|(lat, lon, row)| Place { lat, lon, row })
}

fn shift() -> impl Strategy<Value = Shift> {
    let pause = (instant(), instant(), integer()).prop_map(|(earliest, latest, duration)| Break {
        earliest,
        latest,
        duration: Seconds(duration),
    });
    let lengths = (of(integer()), of(integer()), of(integer()));
    let limits = (of(any::<u32>()), vec(integer(), 0..3), lengths, integer());
    (of(name()), instant(), instant(), place(), of(place()), vec(pause, 0..3), limits).prop_map(
        |(id, start, end, from, to, breaks, limits)| {
            let (max_tickets, capacity, (overtime, duration, distance), cost) = limits;
            let overtime = overtime.map(Seconds);
            let (max_duration, max_distance) = (duration.map(Seconds), distance.map(Meters));
            let fixed_cost = Cost(cost);
            Shift {
                id,
                start,
                end,
                overtime,
                from,
                to,
                breaks,
                max_tickets,
                capacity,
                max_duration,
                max_distance,
                fixed_cost,
            }
        },
    )
}

fn engineer() -> impl Strategy<Value = Engineer> {
    let skill = (name(), 0u32..3, of(instant())).prop_map(|(skill, level, until)| OwnedSkill {
        skill,
        level,
        until,
    });
    let regions = (of(name()), vec(name(), 0..3), any::<bool>());
    (
        name(),
        vec(skill, 0..3),
        regions,
        vec(shift(), 0..3),
        of(name()),
        (any::<u32>(), integer(), of(any::<u32>()), vec(integer(), 0..3)),
    )
        .prop_map(
            |(
                id,
                skills,
                (region, secondary, lendable),
                shifts,
                profile,
                (service_percent, worked, max_tickets_per_day, capacity_per_day),
            )| Engineer {
                id,
                name: String::new(),
                skills,
                region,
                secondary,
                lendable,
                shifts,
                profile,
                service_percent,
                worked: Seconds(worked),
                max_tickets_per_day,
                capacity_per_day,
                van: Default::default(),
            },
        )
}

fn ticket() -> impl Strategy<Value = Ticket> {
    let need = || (name(), 0u32..3).prop_map(|(skill, level)| SkillNeed { skill, level });
    let demand = (vec(need(), 0..3), vec(vec(need(), 0..3), 0..3), vec(need(), 0..3));
    let window = (instant(), instant()).prop_map(Window::from);
    let windows = (vec(window.clone(), 0..3), vec(window, 0..3));
    let times = ((integer(), integer()), windows, of(instant()), of(instant()));
    let lists = (vec(name(), 0..3), vec(name(), 0..3), vec(name(), 0..3), vec(name(), 0..3));
    let lock = (name(), of(0u32..3), of(instant())).prop_map(|(shift, rank, start)| Lock {
        shift,
        rank,
        start,
    });
    let step = (integer(), integer())
        .prop_map(|(after, cost)| LateStep { after: Seconds(after), cost: Cost(cost) });
    let loads = (vec(step, 0..3), of(integer()), vec(integer(), 0..3));
    (name(), place(), times, demand, loads, (of(name()), of(name())), lists, of(lock)).prop_map(
        |(
            id,
            place,
            times,
            (all, any, none),
            (steps, value, demand),
            (region, told),
            lists,
            lock,
        )| {
            let mut ticket = Ticket::new(id, place, Seconds(times.0.0));
            ticket.setup = Seconds(times.0.1);
            (ticket.windows, ticket.preferred_windows) = times.1;
            (ticket.release, ticket.due) = (times.2, times.3);
            (ticket.late_steps, ticket.told) = (steps, told);
            ticket.skills = crate::model::Demand { all, any, none };
            (ticket.value, ticket.demand, ticket.region, ticket.lock) =
                (value, demand, region, lock);
            (ticket.preferred, ticket.required, ticket.excluded, ticket.after) = lists;
            ticket
        },
    )
}

/// Rings on a small grid, closed more often than not, so that some are sound and lie in each other.
fn ring() -> impl Strategy<Value = Vec<[f64; 2]>> {
    let point = || (-4i8..5, -4i8..5).prop_map(|(x, y)| [f64::from(x), f64::from(y)]);
    let odd = (float(), float()).prop_map(|(x, y)| [x, y]);
    (vec(prop_oneof![40 => point(), 1 => odd], 0..7), any::<bool>()).prop_map(
        |(mut ring, close)| {
            if close && !ring.is_empty() {
                ring.push(ring[0]);
            }
            ring
        },
    )
}

fn region() -> impl Strategy<Value = Region> {
    let big = vec![[-9., -9.], [9., -9.], [9., 9.], [-9., 9.], [-9., -9.]];
    let polygon = (any::<bool>(), vec(ring(), 0..4)).prop_map(move |(framed, mut rings)| {
        if framed {
            rings.insert(0, big.clone());
        }
        rings
    });
    (name(), of(name()), vec(polygon, 0..3), integer(), integer()).prop_map(
        |(id, parent, outline, secondary, borrow)| Region {
            id,
            parent,
            outline,
            secondary_cost: Cost(secondary),
            borrow_cost: Cost(borrow),
            borrow_cap: None,
        },
    )
}

fn travel() -> impl Strategy<Value = TravelMode> {
    let profile =
        (name(), any::<u32>(), any::<u32>(), integer()).prop_map(|(name, speed, detour, fixed)| {
            Profile { name, meters_per_hour: speed, detour_percent: detour, fixed: Seconds(fixed) }
        });
    let rows = || vec(vec(any::<u32>(), 0..3), 0..3);
    let table = (name(), rows(), of(rows())).prop_map(|(name, seconds, meters)| TravelTable {
        name,
        seconds,
        meters,
    });
    let node = (float(), float()).prop_map(|(lat, lon)| RoadNode { lat, lon });
    let arc = (0u32..3, any::<u32>(), any::<u32>(), integer()).prop_map(
        |(from, to, milliseconds, meters)| Arc { from, to, milliseconds, meters: Meters(meters) },
    );
    prop_oneof![
        vec(profile, 0..3).prop_map(|profiles| TravelMode::Haversine { profiles }),
        (any::<u32>(), any::<bool>())
            .prop_map(|(scale, nearest)| TravelMode::Euclid { scale, nearest }),
        vec(table, 0..3).prop_map(|tables| TravelMode::Matrix { tables }),
        (vec(node, 0..3), vec(arc, 0..3), integer()).prop_map(|(nodes, arcs, snap)| {
            TravelMode::Road(Road { nodes, arcs, snap_limit: Meters(snap) })
        }),
    ]
}

/// A world in which anything may be wrong.
pub(crate) fn world() -> impl Strategy<Value = World> {
    let criterion = prop::sample::select(&Criterion::ALL);
    let levels = vec(prop::collection::btree_map(criterion, integer(), 0..4), 0..9);
    let depot = (name(), place(), integer()).prop_map(|(id, place, service)| Depot {
        id,
        place,
        service: Seconds(service),
    });
    let things =
        (vec(engineer(), 0..3), vec(ticket(), 0..4), vec(region(), 0..4), vec(depot, 0..3));
    let speed = (any::<u32>(), any::<u32>()).prop_map(|(time, percent)| (TimeOfDay(time), percent));
    let traffic =
        (of(name()), vec(speed, 0..3)).prop_map(|(profile, speeds)| Traffic { profile, speeds });
    let by_hour = (vec(traffic, 0..3), integer());
    let numbers = (any::<u32>(), any::<u32>());
    (numbers, vec(name(), 0..3), things, travel(), by_hour, levels).prop_map(
        |((schema, resolution), skills, things, travel, (traffic, utc_offset), levels)| World {
            schema: schema % 3,
            resolution,
            skills,
            engineers: things.0,
            tickets: things.1,
            regions: things.2,
            depots: things.3,
            traffic,
            utc_offset: Seconds(utc_offset),
            objective: Objective { levels },
            ..World::new(travel)
        },
    )
}

proptest! {
    #[test]
    fn checking_nonsense_never_panics(world in world()) {
        if let Err(faults) = world.validate() {
            prop_assert!(!faults.to_string().is_empty());
            prop_assert!(faults.0.iter().all(|fault| !fault.at.is_empty() && !fault.cause.is_empty()));
        }
    }

    #[test]
    fn outlines_of_nonsense_never_panic(regions in vec(region(), 1..9)) {
        let mut world = World::new(TravelMode::car(36_000));
        world.regions = regions;
        let faults = world.validate().expect_err("there is no engineer");
        prop_assert!(!faults.0.is_empty());
    }
}
