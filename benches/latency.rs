//! How long the slowest events of the live desk take: half, 99 of 100 and all of some thousand single events are answered
//! within these times. `cargo bench --bench latency`.
//!
//! `desk` has the means. Here each event is timed by itself, on the desk of `live` and on one on which hardly anybody has
//! room for more; while others have the processor, the clock stands.
#![allow(clippy::print_stdout)] // a table is what it is for

mod live;

use fieldwright::dispatch::desk::{Event, Fact};
use fieldwright::units::Instant;
use live::{Live, Said, full_day, sized};
use std::time::{Duration, Instant as Stopwatch};

/// So many tickets are opened on each desk.
const ROUNDS: usize = 4_000;
/// So many tickets more have been accepted on a busy desk: nine or ten visits for each engineer, and hardly room for more.
const TAKEN: usize = 56_000;
/// So many offers wait for an answer there.
const WAITING: usize = 5_000;

/// How long each event of one kind took.
struct Times(&'static str, Vec<Duration>);

impl Times {
    const fn of(kind: &'static str) -> Self {
        Self(kind, Vec::new())
    }

    fn give(&mut self, live: &mut Live, said: &Said) -> Vec<Event> {
        self.take(|| live.give(said))
    }

    fn take<T>(&mut self, event: impl FnOnce() -> T) -> T {
        let (before, start) = (waited(), Stopwatch::now());
        let came_of_it = event();
        let taken = start.elapsed();
        self.1.push(taken.saturating_sub(waited() - before));
        came_of_it
    }

    /// One row: the mean, the time within which so many of a hundred were answered, and the slowest.
    fn print(mut self) {
        let Self(kind, times) = &mut self;
        if times.is_empty() {
            return;
        }
        times.sort_unstable();
        let within = |percent: usize| times[(times.len() - 1) * percent / 100];
        let mean = times.iter().sum::<Duration>() / times.len() as u32;
        let shown =
            [mean, within(50), within(99), within(100)].map(|time| time.as_nanos() as f64 / 1e3);
        let [mean, half, most, all] = shown;
        println!(
            "| {kind:<42} | {count:>6} | {mean:>8.1} | {half:>8.1} | {most:>8.1} | {all:>8.1} |",
            count = times.len()
        );
    }
}

/// For how long this thread has had to wait while others had its processor, where the system tells (Linux): a figure that
/// counted it would be about them.
fn waited() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = told.split_whitespace().nth(1).and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(nanos.unwrap_or(0))
}

fn heading(desk: &str) {
    println!("\n{desk}, microseconds\n");
    println!(
        "| {:<42} | {:>6} | {:>8} | {:>8} | {:>8} | {:>8} |",
        "event", "times", "mean", "p50", "p99", "max"
    );
    println!("|{:-<44}|{:->8}|{}", "", ":", "---------:|".repeat(4));
}

/// Tickets come in; who is asked says yes, or no and then the next one says yes; others say where they are.
fn usual(live: &mut Live, rounds: usize) {
    let mut opened = Times::of("open, with shortlist, explained");
    let mut accepted = Times::of("accept");
    let mut declined = Times::of("decline");
    let mut next = Times::of("the next is asked");
    let mut waiting = Times::of("what waited is tried again");
    let mut position = Times::of("position");
    for round in 0..rounds {
        let said = live.ticket();
        let id = opened.give(live, &said).swap_remove(0).subject;
        if round % 2 == 0
            && let Some(no) = live.no(&id)
        {
            declined.give(live, &no);
            next.take(|| live.desk.advance(Instant(0)));
        }
        if let Some(yes) = live.yes(&id) {
            accepted.give(live, &yes);
            if live.desk.next_deadline() <= Some(Instant(0)) {
                waiting.take(|| live.desk.advance(Instant(0)));
            }
        }
        let said = live.position();
        position.give(live, &said);
    }
    [opened, accepted, declined, next, waiting, position].into_iter().for_each(Times::print);
}

/// Emergencies for which somebody has to make room, and takes them.
fn emergencies(live: &mut Live, rounds: usize) {
    let mut opened = Times::of("emergency, with who makes room");
    let mut accepted = Times::of("accept it; who is pushed out is offered");
    for _ in 0..rounds {
        let said = live.emergency();
        let events = opened.give(live, &said);
        let makes_room = events.iter().any(|event| match &event.fact {
            Fact::Offered { offers, .. } => !offers[0].displaces.is_empty(),
            _ => false,
        });
        assert!(makes_room, "there was room: {events:?}");
        let yes = live.yes(&events[0].subject).expect("offered");
        accepted.give(live, &yes);
    }
    [opened, accepted].into_iter().for_each(Times::print);
}

fn main() {
    let (rounds, taken, waiting) = (sized(ROUNDS), sized(TAKEN), sized(WAITING));
    let mut live = live::live();
    heading("10,000 engineers, 100,000 open tickets");
    usual(&mut live.branch(), rounds);
    for _ in 0..taken {
        let said = live.ticket();
        live.open_and_accept(&said);
    }
    for _ in 0..waiting {
        live.offered();
    }
    heading("Days are nearly full, and thousands of offers wait for an answer");
    usual(&mut live, rounds);
    drop(live);
    heading("Everybody has six visits at fixed times");
    emergencies(&mut full_day(), rounds / 2);
}
