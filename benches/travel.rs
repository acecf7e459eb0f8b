//! One leg of each kind of travel, and the table of a road network against petgraph's search.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use fieldwright::model::{Arc, Place, Road, RoadNode, TravelMode, TravelTable};
use fieldwright::rng::Rng;
use fieldwright::travel::Travel;
use fieldwright::units::Meters;
use geo::{Distance, Haversine, Point};
use petgraph::algo::dijkstra;
use petgraph::graph::{DiGraph, NodeIndex};
use std::hint::black_box;

const SITES: usize = 1_000;
/// Legs for each measured iteration: divide the time by this.
const LEGS: usize = 1_000;

fn city(rng: &mut Rng, sites: usize) -> Vec<Place> {
    let mut place = |row| Place::at(60.0 + rng.unit() * 0.3, 24.0 + rng.unit() * 0.6).in_row(row);
    (0..sites as u32).map(&mut place).collect()
}

fn pairs(rng: &mut Rng) -> Vec<(u32, u32)> {
    (0..LEGS).map(|_| (rng.below(SITES) as u32, rng.below(SITES) as u32)).collect()
}

fn table(rng: &mut Rng) -> TravelMode {
    let mut row = || (0..SITES).map(|_| rng.below(10_000) as u32).collect();
    let seconds = (0..SITES).map(|_| row()).collect();
    TravelMode::Matrix { tables: vec![TravelTable { name: "car".into(), seconds, meters: None }] }
}

fn legs(criterion: &mut Criterion) {
    let mut rng = Rng::new(1, 0);
    let (places, pairs) = (city(&mut rng, SITES), pairs(&mut rng));
    let modes = [
        ("great circle", TravelMode::car(36_000)),
        ("plane", TravelMode::Euclid { scale: 1_000, nearest: false }),
        ("table", table(&mut rng)),
    ];
    let mut group = criterion.benchmark_group("1000 legs");
    for (name, mode) in modes {
        let travel = Travel::build(&mode, &places).expect("sound");
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let leg = |&(from, to): &(u32, u32)| travel.leg(0, from, to);
                black_box(&pairs).iter().map(leg).map(|leg| leg.seconds + leg.meters).sum::<i64>()
            });
        });
    }
    group.bench_function("geo's Haversine", |bencher| {
        let point = |place: &Place| Point::from(place.point().expect("it has one"));
        let points: Vec<Point> = places.iter().map(point).collect();
        bencher.iter(|| {
            let length = |&(from, to): &(u32, u32)| {
                Haversine.distance(points[from as usize], points[to as usize])
            };
            black_box(&pairs).iter().map(length).sum::<f64>()
        });
    });
    group.finish();
}

/// A square grid of streets with random speeds.
fn grid(side: u32) -> Road {
    let mut rng = Rng::new(2, 0);
    let mut road = Road { snap_limit: Meters(1_000), ..Road::default() };
    for (y, x) in (0..side).flat_map(|y| (0..side).map(move |x| (y, x))) {
        let here = y * side + x;
        road.nodes
            .push(RoadNode { lat: 60.0 + f64::from(y) * 0.001, lon: 24.0 + f64::from(x) * 0.002 });
        for (there, exists) in [(here + 1, x + 1 < side), (here + side, y + 1 < side)] {
            for (from, to) in [(here, there), (there, here)].into_iter().filter(|_| exists) {
                let milliseconds = rng.between(5_000, 20_000) as u32;
                road.arcs.push(Arc { from, to, milliseconds, meters: Meters(111) });
            }
        }
    }
    road
}

fn roads(criterion: &mut Criterion) {
    let road = grid(150);
    let mut rng = Rng::new(3, 0);
    let mut group = criterion.benchmark_group("roads of 22500 crossings");
    group.sample_size(10);
    for sites in [10, 100] {
        let mut place = || {
            let node = road.nodes[rng.below(road.nodes.len())];
            Place::at(node.lat, node.lon)
        };
        let places: Vec<Place> = (0..sites).map(|_| place()).collect();
        let mode = TravelMode::Road(road.clone());
        group.bench_function(BenchmarkId::new("Travel::build, sites", sites), |bencher| {
            bencher.iter(|| Travel::build(&mode, black_box(&places)).expect("connected"));
        });
    }
    let arcs = road.arcs.iter().map(|arc| (arc.from, arc.to, u64::from(arc.milliseconds)));
    let graph: DiGraph<(), u64> = DiGraph::from_edges(arcs);
    group.bench_function("one search of petgraph", |bencher| {
        bencher.iter(|| {
            dijkstra(&graph, black_box(NodeIndex::new(11_325)), None, |arc| *arc.weight()).len()
        });
    });
    group.finish();
}

criterion_group!(benches, legs, roads);
criterion_main!(benches);
