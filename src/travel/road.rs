//! Road networks: places are snapped to crossings, and the fastest ways between these become a table.
//!
//! What cannot be driven is found before any way is sought: see [`check_connected`].

use crate::model::{Code, Issue, Issues, Place, Road};
use crate::travel::sphere::{EARTH_RADIUS, angle, unit_vector};
use crate::travel::streets::Streets;
use crate::travel::table::{Table, dense};
use crate::travel::{off_earth, on_earth, positions};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use rstar::RTree;
use rstar::primitives::GeomWithData;
use std::cmp::Reverse;

/// The square of this many crossings takes 3.2 GB.
const CROSSINGS_MAX: usize = 20_000;

pub(super) fn build(road: &Road, places: &[Place]) -> Result<Table, Issues> {
    check(road)?;
    let snapped = snap(road, &positions(places)?)?;
    check_connected(road, &snapped)?;
    let (rows, used) = dense(&snapped);
    if used.len() > CROSSINGS_MAX {
        let cause = format!("{} crossings are used, at most {CROSSINGS_MAX}", used.len());
        return Err(Issue::new(Code::TOO_LARGE, "travel", cause).into());
    }
    let cells = Streets::new(road).between(&used).ok_or_else(|| {
        Issue::new(Code::OUT_OF_RANGE, "travel.arcs", "a way takes 2^32 seconds or metres")
    })?;
    Ok(Table::new(rows, used.len(), cells))
}

fn check(road: &Road) -> Result<(), Issues> {
    let mut issues = Issues::default();
    for (index, node) in road.nodes.iter().enumerate() {
        if !on_earth([node.lon, node.lat]) {
            let cause = off_earth([node.lon, node.lat]);
            issues.add(Code::COORDINATES, format!("travel.nodes[{index}]"), cause);
        }
    }
    for (index, arc) in road.arcs.iter().enumerate() {
        let at = || format!("travel.arcs[{index}]");
        let last = arc.from.max(arc.to) as usize;
        if last >= road.nodes.len() {
            let cause = format!("crossing {last} of {}", road.nodes.len());
            issues.add(Code::ROAD_ARC, at(), cause);
        }
        if arc.meters.0 < 0 {
            issues.add(Code::NEGATIVE, at(), arc.meters.to_string());
        }
        if arc.meters.0 > i64::from(u32::MAX) {
            issues.add(Code::OUT_OF_RANGE, at(), arc.meters.to_string());
        }
    }
    issues.or(())
}

/// The nearest crossing of every place, the one of lowest index among equals.
fn snap(road: &Road, points: &[[f64; 2]]) -> Result<Vec<u32>, Issues> {
    let nodes = road.nodes.iter().zip(0u32..);
    let tree = RTree::bulk_load(
        nodes.map(|(node, id)| GeomWithData::new(unit_vector([node.lon, node.lat]), id)).collect(),
    );
    let mut issues = Issues::default();
    let mut snapped = Vec::with_capacity(points.len());
    for (index, &point) in points.iter().enumerate() {
        let at = unit_vector(point);
        let Some(node) = tree.nearest_neighbors(&at).into_iter().min_by_key(|node| node.data)
        else {
            issues.add(Code::OFF_ROAD, format!("place[{index}]"), "the network has no crossings");
            continue;
        };
        let meters = (angle(&at, node.geom()) * EARTH_RADIUS).round() as i64;
        if meters > road.snap_limit.0 {
            let cause = format!(
                "the nearest crossing is {meters} m away, the limit is {}",
                road.snap_limit
            );
            issues.add(Code::OFF_ROAD, format!("place[{index}]"), cause);
        }
        snapped.push(node.data);
    }
    issues.or(snapped)
}

/// Every place can be reached from every other one exactly when all their crossings lie in one
/// strongly connected component. Who does not lie in the one that most places share is reported.
fn check_connected(road: &Road, snapped: &[u32]) -> Result<(), Issues> {
    let component = components(road);
    let mut places_in = vec![0usize; road.nodes.len()];
    for &node in snapped {
        places_in[component[node as usize]] += 1;
    }
    let mut issues = Issues::default();
    let home = |&index: &usize| component[snapped[index] as usize];
    let most = (0..snapped.len()).max_by_key(|index| (places_in[home(index)], Reverse(*index)));
    if let Some(main) = most {
        for index in (0..snapped.len()).filter(|index| home(index) != home(&main)) {
            let cause = format!("no way leads from place[{main}] there and back");
            issues.add(Code::UNREACHABLE, format!("place[{index}]"), cause);
        }
    }
    issues.or(())
}

/// The number of the strongly connected component of every crossing.
fn components(road: &Road) -> Vec<usize> {
    let mut graph = DiGraph::<(), ()>::with_capacity(road.nodes.len(), road.arcs.len());
    for _ in &road.nodes {
        graph.add_node(());
    }
    for arc in &road.arcs {
        graph.add_edge(NodeIndex::new(arc.from as usize), NodeIndex::new(arc.to as usize), ());
    }
    let mut component = vec![0; road.nodes.len()];
    for (number, members) in kosaraju_scc(&graph).into_iter().enumerate() {
        for node in members {
            component[node.index()] = number;
        }
    }
    component
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Arc, RoadNode, TravelMode};
    use crate::travel::{Leg, Travel};
    use crate::units::Meters;

    /// Crossings 0.001 degrees (111 m) apart on the equator.
    fn road(crossings: u32, arcs: &[(u32, u32, u32, i64)]) -> Road {
        let nodes = (0..crossings).map(|n| RoadNode { lat: 0.0, lon: f64::from(n) * 0.001 });
        let arcs = arcs.iter().map(|&(from, to, milliseconds, meters)| Arc {
            from,
            to,
            milliseconds,
            meters: Meters(meters),
        });
        Road { nodes: nodes.collect(), arcs: arcs.collect(), snap_limit: Meters(100) }
    }

    fn near(crossing: u32) -> Place {
        Place::at(0.000_4, f64::from(crossing) * 0.001)
    }

    fn travel(road: Road, places: &[Place]) -> Result<Travel, Issues> {
        Travel::build(&TravelMode::Road(road), places)
    }

    #[track_caller]
    fn check_faults(road: Road, places: &[Place], expected: &[(Code, &str)]) {
        let issues = travel(road, places).expect_err("faulty");
        let got: Vec<_> = issues.0.iter().map(|issue| (issue.code, issue.at.as_str())).collect();
        assert_eq!(got, expected, "{issues}");
    }

    #[test]
    fn one_way_streets_make_it_farther_back() {
        let circle = road(3, &[(0, 1, 1_500, 10), (1, 2, 1_600, 20), (2, 0, 1_000, 30)]);
        let travel = travel(circle, &[near(0), near(2), near(0)]).expect("connected");
        assert_eq!(travel.leg(0, 0, 1), Leg { seconds: 4, meters: 30 }, "3.1 s, rounded up once");
        assert_eq!(travel.leg(0, 1, 0), Leg { seconds: 1, meters: 30 });
        assert_eq!(travel.leg(0, 0, 2), Leg::default());
        assert_eq!(travel.longest_bound(), Leg { seconds: 4, meters: 30 });
    }

    #[test]
    fn the_fastest_way_counts_and_among_equals_the_shortest() {
        let ways = [(0, 1, 5_000, 10), (0, 1, 4_000, 90), (0, 1, 4_000, 80), (1, 0, 1, 1)];
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 2, 0, 3]] {
            let arcs: Vec<_> = order.iter().map(|&index: &usize| ways[index]).collect();
            let travel = travel(road(2, &arcs), &[near(0), near(1)]).expect("connected");
            assert_eq!(travel.leg(0, 0, 1), Leg { seconds: 4, meters: 80 });
        }
    }

    #[test]
    fn a_place_far_from_every_crossing_is_off_road() {
        let far = Place::at(0.001, 0.0);
        check_faults(road(1, &[]), &[near(0), far], &[(Code::OFF_ROAD, "place[1]")]);
        check_faults(road(0, &[]), &[far], &[(Code::OFF_ROAD, "place[0]")]);
    }

    #[test]
    fn a_place_halfway_between_crossings_takes_the_lower_one() {
        let mut road = road(0, &[]);
        for lat in [0.000_5, -0.000_5] {
            road.nodes.push(RoadNode { lat, lon: 0.0 });
        }
        assert_eq!(snap(&road, &[[0.0, 0.0]]).expect("near"), [0]);
        road.nodes.reverse();
        assert_eq!(snap(&road, &[[0.0, 0.0]]).expect("near"), [0]);
    }

    #[test]
    fn who_is_cut_off_from_most_places_is_reported() {
        let dead_end = road(4, &[(0, 1, 1, 1), (1, 0, 1, 1), (1, 2, 1, 1), (3, 0, 1, 1)]);
        check_faults(
            dead_end,
            &[near(2), near(0), near(1), near(3)],
            &[(Code::UNREACHABLE, "place[0]"), (Code::UNREACHABLE, "place[3]")],
        );
    }

    #[test]
    fn impossible_crossings_and_arcs_are_reported_together() {
        let mut road = road(2, &[(0, 2, 1, 1), (0, 1, 1, -1), (0, 1, 1, 1 << 33)]);
        road.nodes[1].lat = 100.0;
        check_faults(
            road,
            &[],
            &[
                (Code::COORDINATES, "travel.nodes[1]"),
                (Code::ROAD_ARC, "travel.arcs[0]"),
                (Code::NEGATIVE, "travel.arcs[1]"),
                (Code::OUT_OF_RANGE, "travel.arcs[2]"),
            ],
        );
    }

    #[test]
    fn a_way_too_long_for_the_table_is_refused() {
        let long = i64::from(u32::MAX);
        let road = road(3, &[(0, 1, 1, long), (1, 2, 1, 1), (2, 0, 1, 1)]);
        check_faults(road, &[near(0), near(2)], &[(Code::OUT_OF_RANGE, "travel.arcs")]);
    }
}
