//! How long a key is remembered, and what becomes of a repeat that comes after that.

use super::town::{km, town};
use fieldwright::dispatch::desk::{Actor, Command, Desk, Duty, Event, OfferPolicy};
use fieldwright::model::World;
use fieldwright::units::{Instant, Seconds};

/// Ten minutes.
const REMEMBERED: i64 = 600;

fn ten_minutes() -> (World, OfferPolicy) {
    let remember_keys = Seconds(REMEMBERED);
    (town(&[("ada", 1.0)]), OfferPolicy { remember_keys, ..OfferPolicy::default() })
}

fn report(at: f64) -> Command {
    Command::of("ada", Duty::ReportPosition { place: km(at) })
}

fn ada() -> Actor {
    Actor::engineer("ada")
}

#[test]
fn a_key_is_good_for_as_long_as_the_rules_say_and_a_later_repeat_is_a_new_command() {
    let (world, policy) = ten_minutes();
    let (mut desk, _) = Desk::open(Instant(0), &world, policy).expect("sound");
    let mut give = |now: i64, key: &str| -> Vec<Event> {
        desk.apply(Instant(now), &ada(), key, &report(2.0)).expect("hers")
    };
    let first = give(0, "k");
    give(REMEMBERED, "another");
    assert_eq!(give(REMEMBERED, "k"), first);
    give(REMEMBERED + 1, "one more");
    let again = give(REMEMBERED + 1, "k");
    assert_eq!((first[0].seq + 3, Instant(REMEMBERED + 1)), (again[0].seq, again[0].at));
    // From there on it is remembered anew.
    assert_eq!(give(REMEMBERED + 2, "k"), again);
}

#[test]
fn a_desk_that_was_replayed_has_forgotten_the_same_keys() {
    let (world, policy) = ten_minutes();
    let (mut desk, mut log) = Desk::open(Instant(0), &world, policy).expect("sound");
    for (now, key) in [(0, "k"), (REMEMBERED, "l"), (REMEMBERED + 1, "m")] {
        log.extend(desk.apply(Instant(now), &ada(), key, &report(2.0)).expect("hers"));
    }
    let mut replayed = Desk::replay(&log);
    for key in ["l", "k"] {
        let now = Instant(REMEMBERED + 2);
        let answers =
            [&mut desk, &mut replayed].map(|desk| desk.apply(now, &ada(), key, &report(2.0)));
        assert_eq!(answers[0], answers[1]);
        assert_eq!(answers[0].as_ref().expect("hers")[0].at == now, key == "k");
    }
}
