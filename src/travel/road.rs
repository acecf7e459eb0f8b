//! Road networks: places are snapped to crossings, and the fastest ways become a table.
//!
//! One Dijkstra search for each crossing that is used, in parallel. Among equally fast ways the
//! shortest counts, so the result does not depend on the order in which arcs are given.

use crate::model::{Code, Issues, Place, Road};
use crate::travel::sphere::{EARTH_RADIUS, angle, unit_vector};
use crate::travel::table::{Cell, Table, dense};
use crate::travel::{off_earth, on_earth, positions};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use rayon::prelude::*;
use rstar::RTree;
use rstar::primitives::GeomWithData;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The square of this many crossings takes 3.2 GB.
const CROSSINGS_MAX: usize = 20_000;

pub(super) fn build(road: &Road, places: &[Place]) -> Result<Table, Issues> {
    check(road)?;
    let snapped = snap(road, &positions(places)?)?;
    check_connected(road, &snapped)?;
    let mut used = snapped.clone();
    used.sort_unstable();
    used.dedup();
    let mut issues = Issues::default();
    if used.len() > CROSSINGS_MAX {
        let cause = format!("{} crossings are used, at most {CROSSINGS_MAX}", used.len());
        issues.add(Code::TOO_LARGE, "travel", cause);
        return Err(issues);
    }
    let cells = Streets::new(road).between(&used);
    if cells.iter().any(Option::is_none) {
        issues.add(Code::OUT_OF_RANGE, "travel.arcs", "a way takes more than 2^32 s or m");
    }
    issues.or(())?;
    let cells = cells.into_iter().flatten().collect();
    Ok(Table::new(dense(&snapped, &used), used.len(), cells))
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

/// Milliseconds, then metres: the order in which ways are better.
type Length = (u64, u64);

const FAR: Length = (u64::MAX, u64::MAX);

/// The arcs in the order of the crossings they leave: `arcs[first[n]..first[n + 1]]` leave `n`.
struct Streets {
    first: Vec<u32>,
    arcs: Vec<Street>,
}

#[derive(Clone, Copy)]
struct Street {
    to: u32,
    milliseconds: u32,
    meters: u32,
}

/// What one search needs, kept between searches.
struct Search {
    length: Vec<Length>,
    queue: BinaryHeap<Reverse<(Length, u32)>>,
}

impl Streets {
    fn new(road: &Road) -> Self {
        let mut order: Vec<&crate::model::Arc> = road.arcs.iter().collect();
        order.sort_by_key(|arc| arc.from);
        let first = (0..=road.nodes.len())
            .map(|node| order.partition_point(|arc| (arc.from as usize) < node) as u32)
            .collect();
        let arcs = order
            .into_iter()
            .map(|arc| Street {
                to: arc.to,
                milliseconds: arc.milliseconds,
                meters: arc.meters.0 as u32,
            })
            .collect();
        Self { first, arcs }
    }

    /// The fastest ways between all these crossings, row by row; `None` where 32 bits do not hold it.
    fn between(&self, used: &[u32]) -> Vec<Option<Cell>> {
        let crossings = self.first.len() - 1;
        let mut is_target = vec![false; crossings];
        for &node in used {
            is_target[node as usize] = true;
        }
        let search = || Search { length: vec![FAR; crossings], queue: BinaryHeap::new() };
        let rows = used.par_iter().map_init(search, |search, &from| {
            self.search(from, &is_target, used.len(), search);
            used.iter().map(|&to| cell(search.length[to as usize])).collect::<Vec<_>>()
        });
        rows.collect::<Vec<_>>().concat()
    }

    /// Dijkstra's search from one crossing until all targets are settled.
    fn search(&self, from: u32, is_target: &[bool], mut targets: usize, search: &mut Search) {
        search.length.fill(FAR);
        search.queue.clear();
        search.length[from as usize] = (0, 0);
        search.queue.push(Reverse(((0, 0), from)));
        while let Some(Reverse((length, node))) = search.queue.pop() {
            let at = node as usize;
            if length > search.length[at] {
                continue;
            }
            targets -= usize::from(is_target[at]);
            if targets == 0 {
                return;
            }
            for street in &self.arcs[self.first[at] as usize..self.first[at + 1] as usize] {
                let next = (
                    length.0 + u64::from(street.milliseconds),
                    length.1 + u64::from(street.meters),
                );
                if next < search.length[street.to as usize] {
                    search.length[street.to as usize] = next;
                    search.queue.push(Reverse((next, street.to)));
                }
            }
        }
    }
}

/// Seconds are rounded up, which keeps the triangle inequality.
fn cell((milliseconds, meters): Length) -> Option<Cell> {
    let seconds = u32::try_from(milliseconds.div_ceil(1_000)).ok()?;
    Some(Cell { seconds, meters: u32::try_from(meters).ok()? })
}
