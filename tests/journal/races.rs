//! Several writers on one log: exactly one wins each version, and nobody's event is lost.

use super::{batch_by, whole};
use fieldwright::journal::{Error, Expect, Store};
use fieldwright::rng::Rng;
use std::sync::Barrier;
use std::thread;

/// Two managers assign the same ticket at the same moment, twenty times over.
#[cfg_attr(not(any(feature = "sqlite", feature = "postgres")), expect(dead_code))]
pub fn one_of_two_managers_wins(open: &(dyn Fn() -> Box<dyn Store> + Sync)) {
    const ROUNDS: usize = 20;
    let start = Barrier::new(2);
    let manager = |name: &'static str, stream| {
        let (mut store, mut rng) = (open(), Rng::new(3, stream));
        let mut won = Vec::new();
        for round in 0..ROUNDS {
            let ticket = format!("T{round}");
            let unassigned = Expect::Versions(vec![(ticket.clone(), 0)]);
            let batch = batch_by(name, &format!("{name} {round}"), 0, &[&ticket]);
            start.wait();
            match store.append(&batch.expecting(unassigned), &mut rng) {
                Ok(_) => won.push(round),
                Err(Error::Conflict { expected: 0, current: 1, .. }) => {}
                Err(other) => panic!("round {round}: {other}"),
            }
        }
        won
    };
    let won: Vec<usize> = thread::scope(|threads| {
        let both = [("ada", 0), ("bob", 1)]
            .map(|(name, stream)| threads.spawn(move || manager(name, stream)));
        both.into_iter().flat_map(|one| one.join().expect("ran")).collect()
    });
    let mut rounds = won.clone();
    rounds.sort_unstable();
    assert_eq!(rounds, Vec::from_iter(0..ROUNDS), "one winner for each ticket");
    assert_eq!(whole(&mut *open()).len(), ROUNDS);
}

/// Appends `count` events, each on top of the head as it is then; starts again when somebody else
/// was faster. Tells `acknowledged` the number of each.
pub fn append_on_top(
    store: &mut dyn Store,
    name: &str,
    count: u64,
    acknowledged: &mut dyn FnMut(u64),
) {
    let mut rng = Rng::new(5, u64::from(std::process::id()));
    for number in 1..=count {
        let key = format!("{name} {number}");
        loop {
            let head = store.head().expect("readable").position;
            let batch = batch_by(name, &key, 0, &["T1", name]).expecting(Expect::Head(head));
            match store.append(&batch, &mut rng) {
                Ok(_) => break acknowledged(number),
                Err(Error::Conflict { .. } | Error::Busy) => {}
                Err(other) => panic!("{name} {number}: {other}"),
            }
        }
    }
}

/// The numbers of one writer's events, in the order of the log.
pub fn numbers_of(store: &mut dyn Store, name: &str) -> Vec<u64> {
    let own = whole(store).into_iter().filter(|event| event.subject == name);
    let number = |key: &str| key.rsplit(' ').next().and_then(|text| text.parse().ok());
    own.map(|event| number(&event.key).expect("a number")).collect()
}

#[test]
fn a_single_writer_never_meets_a_conflict() {
    let mut store = fieldwright::journal::Memory::new();
    append_on_top(&mut store, "ada", 5, &mut |_| {});
    assert_eq!(numbers_of(&mut store, "ada"), [1, 2, 3, 4, 5]);
}
