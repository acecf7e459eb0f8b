//! The disk is full: the desk says so, knows nothing that is not written, and goes on when there is room.

use super::traffic::job;
use super::{check_journal, insist, morning};
use fieldwright::dispatch::desk::{Act, Actor, Command, Desk};
use fieldwright::journal::{Error, Memory, Sqlite};
use fieldwright::live::{Fault, Live};
use fieldwright::rng::Rng;
use fieldwright::units::{Instant, Seconds};

/// Somebody says no to what he is asked, which asks the next one; or there is another ticket.
fn next(desk: &Desk, number: i64) -> (Actor, Command) {
    let asked = desk.state().cases().iter().rev().find(|case| !case.offers.is_empty());
    let Some(case) = asked.filter(|_| number % 2 == 1) else {
        return (Actor::support("sue"), Command::open(job(&format!("T{number}"), 1.0)));
    };
    let offer = &case.offers[0];
    let no = Act::Decline { offer: offer.id, reason: "too far".into() };
    (Actor::engineer(&offer.engineer), Command::on(&case.ticket.id, no))
}

#[test]
fn a_full_disk_stops_the_desk_without_half_a_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("desk.db");
    let mut store = morning(Sqlite::create(&file).expect("a new file")).into_store();
    store.limit_bytes(100_000).expect("limited");
    let mut live = Live::resume(store, Rng::new(1, 1)).expect("readable");
    let mut twin = morning(Memory::new());
    let mut filled = 0;
    for number in 0..200 {
        let now = Instant(0) + Seconds(number * 60);
        let before = twin.desk().state().clone();
        twin.advance(now).expect("memory holds");
        let (actor, command) = next(twin.desk(), number);
        let (key, due) = (number.to_string(), twin.desk().state().clone());
        let mut tried = live.apply(now, &actor, &key, &command);
        if let Err(Fault::Store(error)) = &tried {
            assert!(matches!(error, Error::Full), "{error}");
            filled += 1;
            // Nothing of the command has happened; what was due may have.
            let state = live.desk().state();
            assert!(*state == before || *state == due, "step {number}");
            check_journal(&mut live);
            drop(live.into_store());
            let roomy = Sqlite::open(&file).expect("opens after a full disk");
            live = Live::resume(roomy, Rng::new(1, 2)).expect("readable");
            tried = live.apply(now, &actor, &key, &command);
        }
        let expected = insist(|| twin.apply(now, &actor, &key, &command));
        match tried {
            Ok(events) => assert_eq!(Ok(events), expected),
            Err(Fault::Refused(refusal)) => assert_eq!(Err(refusal), expected),
            Err(fault) => panic!("{fault}"),
        }
        assert!(live.desk().state() == twin.desk().state(), "step {number}");
    }
    assert_eq!(filled, 1, "the disk was full once, until there was room");
    check_journal(&mut live);
}
