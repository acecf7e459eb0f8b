//! The live desk at 10,000 engineers and 100,000 open tickets, and a million deadlines: means.
//!
//! `cargo bench --bench desk`; `latency` has the slowest of them. What the desk is like stands in `live`.
#![allow(missing_docs)] // criterion's macros write a main without any

mod live;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use fieldwright::dispatch::desk::{Cause, Desk, Due, Event, Fact, Mode, OfferPolicy, State};
use fieldwright::model::{Agreement, TravelMode, World};
use fieldwright::rng::Rng;
use fieldwright::units::Instant;
use live::{Live, full_day, sized, ticket};
use std::cell::RefCell;

/// So many more wait for an answer when everything is forecast.
const OFFERED: usize = 10_000;
/// Deadlines of which one is due.
const DEADLINES: usize = 1_000_000;

fn desk(criterion: &mut Criterion) {
    let live = live::live();
    forecasts(criterion, live.branch());
    let live = RefCell::new(live);
    let mut group = criterion.benchmark_group("desk, 10,000 engineers, 100,000 open tickets");
    group.bench_function("open, with shortlist, explained", |bencher| {
        bencher.iter_batched(
            || live.borrow_mut().ticket(),
            |said| live.borrow_mut().give(&said),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("accept", |bencher| {
        bencher.iter_batched(
            || {
                let live = &mut *live.borrow_mut();
                live.desk.advance(Instant(0));
                let id = live.offered();
                live.yes(&id).expect("offered")
            },
            |said| live.borrow_mut().give(&said),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("position", |bencher| {
        bencher.iter_batched(
            || {
                let live = &mut *live.borrow_mut();
                live.desk.advance(Instant(0));
                live.position()
            },
            |said| live.borrow_mut().give(&said),
            BatchSize::PerIteration,
        );
    });
    let no = |live: &mut Live| {
        let id = live.offered();
        live.no(&id).expect("offered")
    };
    group.bench_function("decline", |bencher| {
        bencher.iter_batched(
            || {
                let live = &mut *live.borrow_mut();
                live.desk.advance(Instant(0));
                no(live)
            },
            |said| live.borrow_mut().give(&said),
            BatchSize::PerIteration,
        );
    });
    live.borrow_mut().desk.advance(Instant(0));
    // The next question, or the call to a manager, that follows at once.
    group.bench_function("the next is asked", |bencher| {
        bencher.iter_batched(
            || {
                let live = &mut *live.borrow_mut();
                let said = no(live);
                live.give(&said);
            },
            |()| live.borrow_mut().desk.advance(Instant(0)),
            BatchSize::PerIteration,
        );
    });
    group.finish();
    emergencies(criterion);
    deadlines(criterion);
}

/// On a desk of its own, so that it does not matter how much the other benches leave open.
fn forecasts(criterion: &mut Criterion, mut live: Live) {
    for _ in 0..sized(OFFERED) {
        let said = live.ticket();
        live.give(&said);
    }
    let mut group = criterion.benchmark_group("desk, 10,000 tickets more that are offered");
    group.sample_size(10);
    group.bench_function("forecast of every promise", |bencher| {
        bencher.iter(|| live.desk.forecast(Instant(0)));
    });
    group.finish();
}

/// An emergency for which somebody has to make room, and what follows when he takes it.
fn emergencies(criterion: &mut Criterion) {
    let live = RefCell::new(full_day());
    let mut group = criterion.benchmark_group("desk, full day, 100,000 open tickets");
    group.bench_function("emergency, with who makes room", |bencher| {
        bencher.iter_batched(
            || live.borrow_mut().emergency(),
            |said| {
                let events = live.borrow_mut().give(&said);
                let Some(Fact::Offered { offers, .. }) = events.last().map(|event| &event.fact)
                else {
                    panic!("nobody is asked: {events:?}")
                };
                assert!(!offers[0].displaces.is_empty(), "there was room: {offers:?}");
                events
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function("accept it, and whoever it pushes out is offered anew", |bencher| {
        bencher.iter_batched(
            || {
                let live = &mut *live.borrow_mut();
                let said = live.emergency();
                let id = live.give(&said).swap_remove(0).subject;
                live.yes(&id).expect("offered")
            },
            |said| live.borrow_mut().give(&said),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

/// One deadline of a million is due.
fn deadlines(criterion: &mut Criterion) {
    let world = World::new(TravelMode::car(30_000));
    let mut state = State::default();
    let event = |seq: u64, subject: String, fact: Fact| Event {
        seq,
        at: Instant(0),
        subject,
        cause: Cause::Clock,
        fact,
    };
    let (policy, agreement) = (Box::new(OfferPolicy::default()), Box::new(Agreement::default()));
    let opened = Fact::DeskOpened { world: Box::new(world), policy, agreement };
    state.on(&event(0, String::new(), opened));
    let rng = &mut Rng::new(1, 0);
    for number in 1..=sized(DEADLINES) {
        let id = format!("T{number}");
        let ticket = Box::new(ticket(rng, id.clone()));
        let due = Due {
            dispatch: Instant(number as i64),
            arrival: None,
            resolution: None,
            promised: Vec::new(),
        };
        let (mode, requested) = (Mode::Recommend, Instant(0));
        state.on(&event(number as u64, id, Fact::Opened { ticket, mode, requested, due }));
    }
    let desk = Desk::resume(state);
    let mut left = desk.clone();
    criterion.bench_function("advance to one of 1,000,000 deadlines", |bencher| {
        bencher.iter(|| {
            let Some(due) = left.next_deadline() else {
                // All are dealt with, once in a million times.
                left = desk.clone();
                return Vec::new();
            };
            left.advance(due)
        });
    });
}

criterion_group!(benches, desk);
criterion_main!(benches);
