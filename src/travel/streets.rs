//! Fastest ways between many crossings of a road network.
//!
//! One Dijkstra search for each crossing that is used, in parallel, over arcs in one flat array.
//! Among equally fast ways the shortest counts, so the result depends neither on the number of
//! threads nor on the order in which arcs are given.

use crate::model::Road;
use crate::travel::table::Cell;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Milliseconds, then metres: the order in which ways are better.
type Length = (u64, u64);

const FAR: Length = (u64::MAX, u64::MAX);

/// The arcs in the order of the crossings they leave: `arcs[first[n]..first[n + 1]]` leave `n`.
pub(super) struct Streets {
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
    pub(super) fn new(road: &Road) -> Self {
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

    /// The fastest ways between all these crossings, row by row. `None` when there is one that 32
    /// bits of seconds or metres cannot hold.
    ///
    /// `O(u (a + n) log n)` for `u` used of `n` crossings and `a` arcs; memory `u²` cells.
    pub(super) fn between(&self, used: &[u32]) -> Option<Vec<Cell>> {
        let crossings = self.first.len() - 1;
        let mut is_target = vec![false; crossings];
        for &node in used {
            is_target[node as usize] = true;
        }
        let workspace = || Search { length: vec![FAR; crossings], queue: BinaryHeap::new() };
        let mut cells = vec![Cell::default(); used.len() * used.len()];
        let rows = cells.par_chunks_mut(used.len().max(1)).zip(used);
        let fits = rows.map_init(workspace, |search, (row, &from)| {
            self.search(from, &is_target, used.len(), search);
            row.iter_mut().zip(used).all(|(slot, &to)| {
                let cell = cell(search.length[to as usize]);
                *slot = cell.unwrap_or_default();
                cell.is_some()
            })
        });
        fits.reduce(|| true, |a, b| a && b).then_some(cells)
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

#[cfg(test)]
mod tests {
    use crate::io::road::read_files;
    use crate::model::{Place, TravelMode};
    use crate::rng::Rng;
    use crate::travel::Travel;
    use crate::units::Meters;
    use petgraph::algo::dijkstra;
    use petgraph::graph::{DiGraph, NodeIndex};

    /// Milliseconds and metres, added up and compared as petgraph wants a cost to be.
    #[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
    struct Cost(i64, i64);

    impl std::ops::Add for Cost {
        type Output = Self;
        fn add(self, other: Self) -> Self {
            Self(self.0 + other.0, self.1 + other.1)
        }
    }

    #[test]
    fn the_table_of_helsinki_is_that_of_petgraph() {
        const PLACES: usize = 200;
        let Some(folder) = crate::testdata::dir().map(|data| data.join("geo/helsinki_osm")) else {
            return;
        };
        let (nodes, arcs) = (folder.join("nodes.csv"), folder.join("arcs.csv"));
        let road = read_files(&nodes, &arcs, Meters(50)).expect("sound");
        let core = std::fs::read_to_string(folder.join("largest_scc_nodes.txt")).expect("readable");
        let core: Vec<u32> = core.lines().map(|line| line.parse().expect("an index")).collect();

        let mut rng = Rng::new(1, 0);
        let chosen: Vec<u32> = (0..PLACES).map(|_| core[rng.below(core.len())]).collect();
        let place = |&node: &u32| {
            let node = road.nodes[node as usize];
            Place::at(node.lat, node.lon)
        };
        let places: Vec<Place> = chosen.iter().map(place).collect();
        let travel = Travel::build(&TravelMode::Road(road.clone()), &places).expect("connected");

        let graph: DiGraph<(), Cost> = DiGraph::from_edges(
            road.arcs
                .iter()
                .map(|arc| (arc.from, arc.to, Cost(i64::from(arc.milliseconds), arc.meters.0))),
        );
        for _ in 0..300 {
            let (from, to) = (rng.below(PLACES), rng.below(PLACES));
            let goal = NodeIndex::new(chosen[to] as usize);
            let ways = dijkstra(&graph, NodeIndex::new(chosen[from] as usize), Some(goal), |arc| {
                *arc.weight()
            });
            let leg = travel.leg(0, from as u32, to as u32);
            let Cost(milliseconds, meters) = ways[&goal];
            assert_eq!((leg.seconds, leg.meters), ((milliseconds + 999) / 1_000, meters));
        }
        check_laws(&travel, &mut rng);
    }

    /// Streets are one-way, and no way is slower than the same way by a stop-over.
    fn check_laws(travel: &Travel, rng: &mut Rng) {
        let sites = travel.sites();
        let mut site = || rng.below(sites) as u32;
        let mut one_way = 0;
        for _ in 0..20_000 {
            let (a, b, c) = (site(), site(), site());
            let (ab, bc, ac) = (travel.leg(0, a, b), travel.leg(0, b, c), travel.leg(0, a, c));
            assert!(ac.seconds <= ab.seconds + bc.seconds, "{a} {b} {c}");
            one_way += u32::from(ab != travel.leg(0, b, a));
        }
        assert!(one_way > 10_000, "only {one_way} of 20000 pairs differ by direction");
    }
}
