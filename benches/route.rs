//! Route planning: building a problem, one insertion, the first feasible plan.
//!
//! `cargo bench --bench route`. The figures of the README come from here.
#![allow(missing_docs)] // criterion's macros write a main without any

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use fieldwright::Problem;
use fieldwright::sim::City;
use fieldwright::solve::Budget;
use fieldwright::solve::route::{Arena, Options, State, plan};
use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::Duration;

fn city(tickets: usize, engineers: usize) -> Problem {
    let world = City { tickets, engineers, ..City::default() }.world();
    Problem::build(world).expect("the generator makes sound worlds")
}

/// No search: the plan that regret insertion builds.
fn first_plan() -> Options {
    Options { budget: Budget::iterations(0), threads: Some(2), ..Options::default() }
}

fn build(criterion: &mut Criterion) {
    let world = City { tickets: 100_000, engineers: 5_000, ..City::default() }.world();
    let mut group = criterion.benchmark_group("build");
    group.sample_size(10);
    group.bench_function("problem of 100,000 tickets, 5,000 engineers", |bencher| {
        bencher.iter_batched(|| world.clone(), Problem::build, BatchSize::LargeInput);
    });
    group.finish();
}

fn insertion(criterion: &mut Criterion) {
    let problem = city(400, 40);
    let arena = Arena::new(&problem).expect("scores fit");
    let outcome = plan(&problem, &first_plan(), &mut |_| ControlFlow::Continue(()));
    let outcome = outcome.expect("scores fit");
    let orders = fieldwright::plan::Sequences::of(&outcome.plan);
    let state = State::of(&arena, &orders).0;
    let absent = state.absent().to_vec();
    let pairs: Vec<(u32, u32)> = absent
        .iter()
        .flat_map(|&t| problem.shift_indexes().map(move |s| (t, s)))
        .filter(|&(t, s)| problem.admits(t, s))
        .collect();
    let mut next = (0..pairs.len()).cycle();
    criterion.bench_function("best insertion of one ticket into one route of a day", |bencher| {
        bencher.iter(|| {
            let (t, s) = pairs[next.next().expect("an endless cycle")];
            black_box(state.best_insertion(t, s))
        });
    });
}

fn first(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("first plan");
    group.sample_size(10).measurement_time(Duration::from_secs(20));
    for (tickets, engineers) in [(200, 20), (1_000, 100), (20_000, 2_000)] {
        let problem = city(tickets, engineers);
        group.bench_function(format!("{tickets} tickets, {engineers} engineers"), |bencher| {
            bencher.iter(|| plan(&problem, &first_plan(), &mut |_| ControlFlow::Continue(())));
        });
    }
    group.finish();
}

criterion_group!(benches, build, insertion, first);
criterion_main!(benches);
