//! Route planning: building a problem, one insertion, one change and its undoing, the first feasible
//! plan.
//!
//! `cargo bench --bench route`. The figures of the README come from here.
#![allow(missing_docs)] // criterion's macros write a main without any

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use fieldwright::Problem;
use fieldwright::plan::Sequences;
use fieldwright::sim::City;
use fieldwright::solve::Budget;
use fieldwright::solve::route::{Arena, Edit, Options, State, plan};
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

/// The stops of the first plan of a day.
fn first_orders(problem: &Problem) -> Sequences {
    let outcome = plan(problem, &first_plan(), &mut |_| ControlFlow::Continue(()));
    Sequences::of(&outcome.expect("scores fit").plan)
}

fn insertion(criterion: &mut Criterion) {
    let problem = city(400, 40);
    let arena = Arena::new(&problem).expect("scores fit");
    let state = State::of(&arena, &first_orders(&problem)).0;
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

/// Ways out of a route and back into it that leave the day as it was, so that they can be repeated for
/// ever: visits whose best place is the one they have.
fn round_trips(state: &mut State<'_>) -> Vec<(Edit, Edit)> {
    let mut trips = Vec::new();
    for s in state.arena.problem.shift_indexes() {
        for t in state.stops(s).to_vec() {
            if t >= state.arena.ticket_count() {
                continue;
            }
            let before = state.clone();
            let remove = Edit::Remove { s, tickets: vec![t] };
            state.apply(&remove);
            if let Some(insertion) = state.best_insertion(t, s) {
                let insert = Edit::Insert(insertion);
                state.apply(&insert);
                if state.stops(s) == before.stops(s) {
                    trips.push((remove, insert));
                }
            }
            *state = before;
        }
    }
    trips
}

/// What every step of a search pays: a change applied, the route timed anew, the change undone.
fn apply(criterion: &mut Criterion) {
    let problem = city(400, 40);
    let arena = Arena::new(&problem).expect("scores fit");
    let mut state = State::of(&arena, &first_orders(&problem)).0;
    let trips = round_trips(&mut state);
    let mut next = (0..trips.len()).cycle();
    criterion.bench_function("apply: one ticket out of its route and back", |bencher| {
        bencher.iter(|| {
            let (remove, insert) = &trips[next.next().expect("an endless cycle")];
            state.apply(remove);
            black_box(state.apply(insert))
        });
    });
    criterion.bench_function("move: out, the best of all routes, back", |bencher| {
        bencher.iter(|| {
            let (remove, insert) = &trips[next.next().expect("an endless cycle")];
            state.apply(remove);
            let Edit::Insert(own) = insert else { unreachable!("trips end with an insertion") };
            let shifts = problem.shift_indexes().filter(|&s| problem.admits(own.t, s));
            let best = shifts.filter_map(|s| state.best_insertion(own.t, s)).min_by_key(|i| i.cost);
            black_box(best);
            state.apply(insert)
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

criterion_group!(benches, build, insertion, apply, first);
criterion_main!(benches);
