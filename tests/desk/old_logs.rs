//! Logs that older releases have written: they replay for ever, and the desk goes on from them.

use fieldwright::dispatch::desk::{Actor, Command, Desk, Duty, Event, Fact};
use fieldwright::journal::{Batch, Draft, Envelope, Head, Header, Memory, Store, verify};
use fieldwright::live::Live;
use fieldwright::model::Place;
use fieldwright::rng::Rng;
use fieldwright::units::Instant;

/// Written by the release before events stood in the journal as JSON: each is a text within the data. Who declined was
/// answered together with the next offer.
const V1: &str = include_str!("../golden/desk/v1.jsonl");

fn envelopes() -> Vec<Envelope> {
    V1.lines().map(|line| Envelope::from_line(line).expect("an event")).collect()
}

/// A desk that goes on from them.
fn resumed() -> Live<Memory> {
    let (mut store, mut ids) = (Memory::new(), Rng::new(1, 0));
    for envelope in envelopes() {
        let key = envelope.position.to_string();
        let header = Header::new(envelope.actor, key, envelope.recorded_at);
        let draft = Draft::new(envelope.kind, envelope.subject, envelope.data);
        store.append(&Batch::new(header, vec![draft]), &mut ids).expect("recorded");
    }
    Live::resume(store, Rng::new(1, 1)).expect("readable")
}

#[test]
fn the_log_of_version_1_is_verified_and_every_decision_comes_out_as_it_was() {
    let head = verify(Head::EMPTY, envelopes()).expect("the chain holds");
    let log = resumed().events(0).expect("readable");
    assert_eq!(head.position, log.len() as u64);
    let declined = log.iter().filter(|event| matches!(event.fact, Fact::Declined { .. }));
    assert!(declined.count() > 3 && Desk::decisions(&log).count() > 10);
    for decision in Desk::decisions(&log) {
        assert!(decision.is_same(), "{decision}");
    }
}

#[test]
fn the_desk_of_version_1_goes_on_and_writes_events_as_they_are() {
    let mut live = resumed();
    let now = Instant(12_000);
    assert!(live.next_deadline().is_none_or(|due| due > now), "nothing is left to be done");
    let state = live.desk().state();
    let has = |id: &str| state.case(id).and_then(|case| case.held_by_engineer());
    assert_eq!((has("T1"), has("T2"), has("T3")), (None, Some("ada"), Some("cem")));
    let report = Duty::ReportPosition { place: Place::at(52.512_345_678_9, 13.398_765_432_1) };
    live.apply(now, &Actor::engineer("ada"), "new", &Command::of("ada", report)).expect("hers");

    let (state, known) = (live.desk().state().clone(), envelopes().len() as u64);
    let mut store = live.into_store();
    let written = store.page(known, 100).expect("readable");
    assert_eq!(written.len(), 1);
    for envelope in written {
        let event: Event = envelope.data.read().expect("an event and no text");
        assert_eq!(event.fact.event_type(), envelope.kind);
    }
    let again = Live::resume(store, Rng::new(1, 2)).expect("readable");
    assert!(*again.desk().state() == state);
}
