//! Who is near, who is near and may go, and which region a point lies in, of 100,000 engineers.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use fieldwright::model::Region;
use fieldwright::rng::Rng;
use fieldwright::spatial::{PointIndex, QualifiedIndex, RegionIndex};
use std::hint::black_box;

const ENGINEERS: usize = 100_000;
const CITIES: usize = 20;
const CLASSES: usize = 1_000;

/// The centres of the cities, the same in every run.
fn cities() -> Vec<[f64; 2]> {
    let mut rng = Rng::new(1, 0);
    (0..CITIES).map(|_| [rng.unit() * 20.0, 45.0 + rng.unit() * 10.0]).collect()
}

/// Points in the cities, and the city of each.
fn points(seed: u64, count: usize) -> (Vec<[f64; 2]>, Vec<usize>) {
    let (mut rng, cities) = (Rng::new(seed, 0), cities());
    let mut point = || {
        let city = rng.below(CITIES);
        let [lon, lat] = cities[city];
        ([lon + rng.unit() * 0.6, lat + rng.unit() * 0.3], city)
    };
    (0..count).map(|_| point()).unzip()
}

fn near(criterion: &mut Criterion) {
    let (points, _) = points(2, ENGINEERS);
    let (questions, _) = self::points(3, 1_000);
    let mut group = criterion.benchmark_group("points");
    group.sample_size(20);
    group.bench_function("bulk load", |bencher| {
        bencher.iter(|| PointIndex::build(black_box(&points), false));
    });
    let mut index = PointIndex::build(&points, false);
    let mut next = questions.iter().cycle().copied();
    let mut question = || next.next().expect("endless");
    group.bench_function("nearest 10", |bencher| {
        bencher.iter(|| index.nearest(question()).take(10).sum::<u32>());
    });
    group.bench_function("within 2 km", |bencher| {
        bencher.iter(|| index.within(question(), 2_000).len());
    });
    let mut rng = Rng::new(4, 0);
    group.bench_function("move", |bencher| {
        bencher.iter(|| index.move_to(rng.below(ENGINEERS) as u32, question()));
    });
    group.finish();
}

fn qualified(criterion: &mut Criterion) {
    let (points, city_of) = points(2, ENGINEERS);
    let (questions, _) = self::points(3, 1_000);
    let mut rng = Rng::new(5, 0);
    let anywhere: Vec<u32> = (0..ENGINEERS).map(|_| rng.below(CLASSES) as u32).collect();
    let local = |city: usize, rng: &mut Rng| (city * 50 + rng.below(50)) as u32;
    let at_home: Vec<u32> = city_of.iter().map(|&city| local(city, &mut rng)).collect();
    let every = |n: u32| move |class: u32| class.is_multiple_of(n);

    let mut group = criterion.benchmark_group("10 qualified of 100000");
    group.bench_function("bulk load", |bencher| {
        bencher.iter_batched(
            || (),
            |()| QualifiedIndex::build(&points, false, &anywhere, CLASSES),
            BatchSize::LargeInput,
        );
    });
    let index = QualifiedIndex::build(&points, false, &anywhere, CLASSES);
    let mut next = questions.iter().cycle().copied();
    let mut question = || next.next().expect("endless");
    for share in [1, 3, 20, 40, 60, 100, 1_000] {
        group.bench_function(format!("1 in {share}"), |bencher| {
            bencher.iter(|| index.nearest(question(), 10, every(share)));
        });
    }
    let index = QualifiedIndex::build(&points, false, &at_home, CLASSES);
    group.bench_function("all classes of 4 of 20 cities", |bencher| {
        bencher.iter(|| index.nearest(question(), 10, |class| class / 50 % 5 == 0));
    });
    group.bench_function("all classes of 1 of 20 cities", |bencher| {
        bencher.iter(|| index.nearest(question(), 10, |class| class / 50 == 7));
    });
    let trees = PointIndex::build(&points, false);
    group.bench_function("1 in 3, by rstar and a filter", |bencher| {
        let fits = |id: u32| anywhere[id as usize].is_multiple_of(3);
        bencher.iter(|| trees.nearest_where(question(), 10, fits));
    });
    group.finish();
}

/// A grid of 20 x 20 regions of 64 corners each, and one around all of them.
fn regions(criterion: &mut Criterion) {
    let circle = |[x, y]: [f64; 2], radius: f64| {
        let corner = |i: u32| {
            let angle = f64::from(i % 64) * std::f64::consts::TAU / 64.0;
            [x + radius * angle.cos(), y + radius * angle.sin()]
        };
        Region { outline: vec![vec![(0..=64).map(corner).collect()]], ..Region::default() }
    };
    let grid = (0..400).map(|i| [f64::from(i % 20), 45.0 + f64::from(i / 20)]);
    let mut regions: Vec<Region> = grid.map(|centre| circle(centre, 0.6)).collect();
    regions.push(circle([10.0, 55.0], 20.0));
    let index = RegionIndex::build(&regions);
    let (questions, _) = points(3, 1_000);
    let mut next = questions.iter().cycle().copied();
    criterion.bench_function("region of a point", |bencher| {
        bencher.iter(|| index.at(next.next().expect("endless")));
    });
}

criterion_group!(benches, near, qualified, regions);
criterion_main!(benches);
