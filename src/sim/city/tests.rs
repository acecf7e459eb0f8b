//! The city is sound at every size, and is what its table says.

use super::trades::TRADES;
use super::*;
use crate::spatial::RegionIndex;
use geo::{Area, Coord, LineString, Polygon};
use std::collections::{BTreeMap, BTreeSet};

fn city(engineers: usize, tickets: usize, regions: usize) -> City {
    City { engineers, tickets, regions, ..City::default() }
}

/// The area that a ring encloses, in square degrees; positive when counterclockwise.
fn area(ring: &[[f64; 2]]) -> f64 {
    let line: LineString<f64> = ring.iter().map(|&[x, y]| Coord { x, y }).collect();
    Polygon::new(line, Vec::new()).signed_area()
}

#[test]
fn every_size_is_a_sound_world() {
    for (engineers, tickets, regions) in [(1, 0, 0), (1, 1, 1), (2, 10, 25), (60, 900, 70)] {
        let world = City { days: 2, seed: 5, ..city(engineers, tickets, regions) }.world();
        assert_eq!(world.validate(), Ok(()), "{engineers} x {tickets} in {regions}");
        assert_eq!((world.engineers.len(), world.tickets.len()), (engineers, tickets));
        assert_eq!(world.regions.len(), regions);
    }
}

#[test]
fn regions_tile_the_outline_and_share_their_edges() {
    for regions in [1, 2, 8, 25, 40] {
        let world = city(1, 400, regions).world();
        let rings: Vec<_> = world.regions.iter().map(|region| &region.outline[0][0]).collect();
        let mut edges = BTreeMap::<_, i32>::new();
        for edge in rings.iter().flat_map(|ring| ring.windows(2)) {
            let [a, b] = [edge[0], edge[1]].map(|at| at.map(f64::to_bits));
            *edges.entry((a.min(b), a.max(b))).or_default() += if a < b { 1 } else { -1 };
        }
        // An inner edge runs once in each direction; what remains is the border, in one piece.
        let border: Vec<_> = edges.iter().filter(|(_, count)| **count != 0).collect();
        assert!(border.iter().all(|(_, count)| count.abs() == 1), "{regions}");
        let corners: BTreeSet<_> = border.iter().flat_map(|((a, b), _)| [a, b]).collect();
        assert_eq!(corners.len(), border.len(), "{regions}: the border is not one ring");
        let whole = area(&city(1, 400, 1).world().regions[0].outline[0][0]);
        let sum: f64 = rings.iter().map(|ring| area(ring)).sum();
        assert!((sum / whole - 1.0).abs() < 1e-4, "{regions}: {sum} of {whole}");
    }
}

#[test]
fn every_ticket_lies_in_a_region() {
    let world = City::default().world();
    let index = RegionIndex::build(&world.regions);
    for ticket in &world.tickets {
        let point = ticket.place.point().expect("a point");
        assert!(index.at(point).is_some(), "{} at {point:?}", ticket.id);
    }
}

#[test]
fn engineers_live_in_their_region() {
    let world = City::default().world();
    let index = RegionIndex::build(&world.regions);
    for engineer in &world.engineers {
        let at = index.at(engineer.shifts[0].from.point().expect("a point")).expect("a region");
        let home = &world.regions[at as usize].id;
        assert!(engineer.region.as_ref().is_none_or(|region| region == home), "{}", engineer.id);
    }
}

#[test]
fn sixteen_times_the_tickets_need_sixteen_times_the_room() {
    let [small, large] = [100, 1_600]
        .map(|tickets| city(1, tickets, 1).world().regions.remove(0).outline.remove(0).remove(0));
    assert!((area(&large) / area(&small) - 16.0).abs() < 0.01);
}

#[test]
fn more_engineers_leave_the_tickets_as_they_are() {
    let tickets = |engineers| {
        let mut tickets = city(engineers, 50, 8).world().tickets;
        for ticket in &mut tickets {
            ticket.preferred.clear();
            ticket.excluded.clear();
        }
        tickets
    };
    assert_eq!(tickets(3), tickets(30));
}

#[test]
fn seeds_differ() {
    assert_ne!(City::default().world(), City { seed: 2, ..City::default() }.world());
}

#[test]
fn main_trades_come_by_exact_share() {
    let mut count = BTreeMap::new();
    for engineer in city(200, 1, 8).world().engineers {
        *count.entry(engineer.skills[0].skill.clone()).or_insert(0) += 1;
    }
    for trade in &TRADES {
        assert_eq!(count[trade.skill], 2 * trade.share, "{}", trade.skill);
    }
}

/// Shares of the table, with a tolerance of four standard deviations at 10,000 draws.
#[test]
fn tickets_come_by_the_shares_of_the_table() {
    let tickets = city(50, 10_000, 8).world().tickets;
    let share = |what: &str, percent: usize, is: &dyn Fn(&crate::model::Ticket) -> bool| {
        let count = tickets.iter().filter(|ticket| is(ticket)).count();
        let p = percent as f64 / 100.0;
        let slack = 4.0 * (p * (1.0 - p) * 10_000.0).sqrt();
        assert!((count as f64 - 100.0 * percent as f64).abs() < slack, "{what}: {count}");
    };
    share("within 4 h", 8, &|ticket| ticket.priority == 9);
    share("within 8 h", 27, &|ticket| ticket.priority == 3);
    share("parts", 25, &|ticket| !ticket.needs.parts.is_empty());
    share("preferred", 4, &|ticket| !ticket.preferred.is_empty());
    share("excluded", 3, &|ticket| !ticket.excluded.is_empty());
    share("no trainee", 3, &|ticket| !ticket.skills.none.is_empty());
    let first = |ticket: &crate::model::Ticket| ticket.skills.needs().next().cloned();
    share("lifts", 4, &|ticket| first(ticket).is_some_and(|need| need.skill == "lifts"));
    share("level 3", 10, &|ticket| first(ticket).is_some_and(|need| need.level == 3));
}

const COMMITTED: &str = include_str!("../../../datasets/metro-day/world.json");
const MANIFEST: &str = include_str!("../../../datasets/metro-day/MANIFEST.json");

#[test]
fn the_committed_day_is_what_the_generator_writes() {
    let written = serde_json::to_string(&City::default().world()).expect("serializes") + "\n";
    assert!(written == COMMITTED, "write it again, as datasets/metro-day/README.md says");
}

#[test]
fn the_manifest_of_the_committed_day_counts_right() {
    let manifest: serde_json::Value = serde_json::from_str(MANIFEST).expect("JSON");
    let world: World = serde_json::from_str(COMMITTED).expect("a world");
    let counts = &manifest["counts"];
    assert_eq!(manifest["files"][0]["bytes"], COMMITTED.len());
    assert_eq!(manifest["seed"], City::default().seed);
    assert_eq!(counts["engineers"], world.engineers.len());
    assert_eq!(counts["tickets"], world.tickets.len());
    assert_eq!(counts["regions"], world.regions.len());
    assert_eq!(counts["depots"], world.depots.len());
    assert_eq!(counts["skills"], world.skills.len());
}

/// Ten by a script over the file that shares nothing with the library.
#[test]
fn ten_tickets_of_the_committed_day_are_beyond_everybody() {
    let problem = crate::Problem::build(City::default().world()).expect("sound");
    let beyond = problem.ticket_indexes().filter(|&ticket| {
        problem.shift_indexes().all(|shift| problem.skill_surplus(ticket, shift).is_none())
    });
    assert_eq!(beyond.count(), 10);
}
