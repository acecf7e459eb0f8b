//! Exact assignment on random instances, which `compare_scipy.py` makes again for SciPy.

use criterion::{Criterion, criterion_group, criterion_main};
use fieldwright::solve::assign::{Arcs, Instance, Prices, prove, solve};
use std::hint::black_box;

/// Side of the square in which points lie.
const SIDE: u64 = 100_000;

/// SplitMix64 as a sequence: number `index` of `seed`, cut to `0..bound` by its upper half.
fn random(seed: u64, index: u64, bound: u64) -> i64 {
    let mut z = seed.wrapping_add((index + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((((z ^ (z >> 31)) >> 32) * bound) >> 32) as i64
}

/// For every row the `count` nearest columns by (squared distance, column), its namesake in place
/// of the last one if it is not among them: so a full assignment exists. Costs are distances in
/// whole units, plus 1.
fn geometric(seed: u64, rows: usize, columns: usize, count: usize) -> Arcs {
    let point =
        |at: usize| (random(seed, 2 * at as u64, SIDE), random(seed, 2 * at as u64 + 1, SIDE));
    let points: Vec<(i64, i64)> = (0..rows + columns).map(point).collect();
    let mut arcs = Arcs::builder(columns);
    for (row, from) in points[..rows].iter().enumerate() {
        let squared = |to: &(i64, i64)| (from.0 - to.0).pow(2) + (from.1 - to.1).pow(2);
        let mut near: Vec<(i64, u32)> = points[rows..].iter().map(squared).zip(0..).collect();
        let namesake = near[row % columns];
        if count < columns {
            near.select_nth_unstable(count - 1);
            near.truncate(count);
            if !near.contains(&namesake) {
                let last = (0..count).max_by_key(|&at| near[at]).expect("count is not 0");
                near[last] = namesake;
            }
        }
        near.sort_unstable_by_key(|arc| arc.1);
        arcs.row(near.iter().map(|&(squared, column)| (column, squared.isqrt() + 1)))
            .expect("valid");
    }
    arcs.build()
}

/// Costs from 1 to 1,000,000; row r goes to the columns r + shift for `count` random shifts, of
/// which one is 0.
fn uniform(seed: u64, side: usize, count: usize) -> Arcs {
    let mut shifts: Vec<i64> = if count == side { (0..side as i64).collect() } else { vec![0] };
    let mut index = 0;
    while shifts.len() < count {
        let shift = random(seed, index, side as u64);
        index += 1;
        if !shifts.contains(&shift) {
            shifts.push(shift);
        }
    }
    let mut arcs = Arcs::builder(side);
    for row in 0..side {
        let cost = |at: usize| random(seed + 1, (row * count + at) as u64, 1_000_000) + 1;
        let column = |shift: i64| ((row + shift as usize) % side) as u32;
        let mut row: Vec<_> =
            shifts.iter().enumerate().map(|(at, &shift)| (column(shift), cost(at))).collect();
        row.sort_unstable();
        arcs.row(row).expect("valid");
    }
    arcs.build()
}

fn must_serve(arcs: Arcs, capacity: u32) -> Instance {
    let skip = vec![arcs.must_serve(); arcs.rows()];
    let capacity = vec![capacity; arcs.columns()];
    Instance::new(arcs, capacity, skip).expect("valid")
}

/// A day with too few engineers: what it costs to leave a ticket out depends on its priority.
fn overfull_day() -> Instance {
    let arcs = geometric(5, 10_000, 1_500, 32);
    let skip = (0..arcs.rows()).map(|row| 10i64.pow(5 + row as u32 % 4)).collect();
    Instance::new(arcs, vec![5; 1_500], skip).expect("valid")
}

/// The same day with one ticket in 97 moved.
fn next_day(day: &Instance) -> Instance {
    let mut arcs = Arcs::builder(day.arcs().columns());
    for row in 0..day.arcs().rows() {
        let moved = if row % 97 == 0 { (row + 1) % day.arcs().rows() } else { row };
        arcs.row(day.arcs().row(moved)).expect("valid");
    }
    Instance::new(arcs.build(), day.capacity().to_vec(), day.skip().to_vec()).expect("valid")
}

fn run(criterion: &mut Criterion, name: &str, instance: &Instance, warm: Option<&Prices>) {
    let answer = solve(instance, warm);
    prove(instance, &answer).expect("optimal");
    eprintln!("{name}: cost {}", answer.cost);
    criterion.bench_function(name, |bencher| {
        bencher.iter(|| solve(black_box(instance), warm));
    });
}

fn assign(criterion: &mut Criterion) {
    let squares = [
        ("uniform 1000 dense", uniform(1, 1_000, 1_000)),
        ("geometric 1000 dense", geometric(2, 1_000, 1_000, 1_000)),
        ("uniform 5000 x 21", uniform(3, 5_000, 21)),
        ("geometric 5000 x 21", geometric(4, 5_000, 5_000, 21)),
        ("uniform 10000 x 32", uniform(3, 10_000, 32)),
        ("geometric 10000 x 32", geometric(4, 10_000, 10_000, 32)),
    ];
    for (name, arcs) in squares {
        run(criterion, name, &must_serve(arcs, 1), None);
    }
    let day = overfull_day();
    let next = next_day(&day);
    run(criterion, "overfull day 10000 x 1500", &day, None);
    run(criterion, "the next day, cold", &next, None);
    run(criterion, "the next day, warm", &next, Some(&solve(&day, None).prices));
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = assign
}
criterion_main!(benches);
