//! The journal: durable appends one by one and in batches, beside bare SQLite; replay, and its parts.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use fieldwright::journal::{
    Actor, Batch, Canonical, Draft, Envelope, Expect, Head, Header, Sqlite, Store, replay, verify,
};
use fieldwright::rng::Rng;
use fieldwright::units::Instant;
use rusqlite::{Connection, TransactionBehavior};
use std::hint::black_box;
use std::path::Path;

/// Events of one durable commit in the benches of batches.
const BATCH: usize = 100;

/// Events in the log that is replayed.
const LOG: usize = 100_000;

/// A batch of offers, as the desk makes them: about 500 bytes of canonical JSON each.
fn batch(number: usize, events: usize) -> Batch {
    let offer = |at: usize| {
        let ticket = format!("AS-2026-{:05}", (number * 31 + at * 7) % 20_000);
        let data = serde_json::json!({"engineer": "E042", "epoch": at, "expires": 1_772_440_200,
            "round": 1, "ticket": ticket});
        let data = Canonical::of(&data).expect("canonical");
        Draft::new("aftersales.offer.sent.v1", ticket, data)
    };
    let header = Header::new(Actor::new("desk", "system"), format!("key {number}"), Instant(0));
    Batch::new(header, (0..events).map(offer).collect())
}

fn fill(store: &mut Sqlite) {
    let mut rng = Rng::new(1, 0);
    for number in 0..LOG / BATCH {
        store.append(&batch(number, BATCH), &mut rng).expect("recorded");
    }
}

/// The least that a durable event costs: one table, one row, the same journal mode and bytes.
fn bare(path: &Path) -> Connection {
    let connection = Connection::open(path).expect("new");
    let settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
        CREATE TABLE events (position INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT";
    connection.execute_batch(settings).expect("made");
    connection
}

fn insert(connection: &mut Connection, bodies: &[String]) {
    let behaviour = TransactionBehavior::Immediate;
    let alone = connection.transaction_with_behavior(behaviour).expect("begins");
    for body in bodies {
        let mut put = alone.prepare_cached("INSERT INTO events (body) VALUES (?1)").expect("valid");
        put.execute([body]).expect("inserted");
    }
    alone.commit().expect("durable");
}

fn append(bench: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut group = bench.benchmark_group("append");
    for (name, events) in [("one", 1), ("batch", BATCH)] {
        group.throughput(Throughput::Elements(events as u64));
        let path = folder.path().join(name);
        let (mut store, mut rng) = (Sqlite::create(&path).expect("new"), Rng::new(1, 0));
        let mut number = 0;
        group.bench_function(format!("{name}/journal"), |bench| {
            let next = || {
                number += 1;
                batch(number, events)
            };
            let append = |batch: Batch| {
                let head = store.head().expect("readable").position;
                store.append(&batch.expecting(Expect::Head(head)), &mut rng).expect("recorded")
            };
            bench.iter_batched(next, append, BatchSize::PerIteration);
        });
        let mut connection = bare(&folder.path().join(format!("{name} bare")));
        let bodies = vec!["x".repeat(500); events];
        group.bench_function(format!("{name}/bare SQLite"), |bench| {
            bench.iter(|| insert(&mut connection, &bodies));
        });
    }
    group.finish();
}

fn read(bench: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Sqlite::create(&folder.path().join("log")).expect("new");
    fill(&mut store);
    let events: Vec<Envelope> = store.page(0, LOG).expect("readable");
    let mut group = bench.benchmark_group("read");
    group.throughput(Throughput::Elements(LOG as u64)).sample_size(10);
    group.bench_function("replay, verified", |bench| {
        bench.iter(|| replay(&mut store, Head::EMPTY).filter(Result::is_ok).count());
    });
    group.bench_function("pages, not verified", |bench| {
        bench.iter(|| {
            let mut after = 0;
            loop {
                let page = store.page(after, 512).expect("readable");
                let Some(last) = page.last() else { break after };
                after = last.position;
            }
        });
    });
    group.bench_function("verify alone", |bench| {
        bench.iter(|| verify(Head::EMPTY, black_box(&events)).expect("sound"));
    });
    group.finish();
}

criterion_group!(benches, append, read);
criterion_main!(benches);
