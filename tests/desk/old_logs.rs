//! Logs that older releases have written: they replay for ever, and the desk goes on from them.

use fieldwright::dispatch::desk::{
    Act, Actor, Command, Desk, Duty, Escalation, Event, Fact, Owner, Phase, TimerKind, TimerState,
};
use fieldwright::journal::{
    Batch, Canonical, Draft, Envelope, Head, Header, Memory, Store, verify,
};
use fieldwright::live::Live;
use fieldwright::model::Place;
use fieldwright::rng::Rng;
use fieldwright::units::Instant;
use std::collections::{BTreeMap, BTreeSet};

/// Written by the release before events stood in the journal as JSON: each is a text within the data. Who declined was
/// answered together with the next offer.
const V1: &str = include_str!("../golden/desk/v1.jsonl");

/// A day on which everything happens (`everything`), as the first release wrote it that has events as JSON.
const V2: &str = include_str!("../golden/desk/v2.jsonl");

/// The logs whose events are JSON. Each type of event that there is stands in one of them, so a new type asks for a new
/// log (`tests/golden/README.md`).
const AS_JSON: [&str; 1] = [V2];

fn envelopes(log: &str) -> Vec<Envelope> {
    log.lines().map(|line| Envelope::from_line(line).expect("an event")).collect()
}

/// A desk that goes on from them.
fn resumed(log: &str) -> Live<Memory> {
    let (mut store, mut ids) = (Memory::new(), Rng::new(1, 0));
    for envelope in envelopes(log) {
        let key = envelope.position.to_string();
        let header = Header::new(envelope.actor, key, envelope.recorded_at);
        let draft = Draft::new(envelope.kind, envelope.subject, envelope.data);
        store.append(&Batch::new(header, vec![draft]), &mut ids).expect("recorded");
    }
    Live::resume(store, Rng::new(1, 1)).expect("readable")
}

#[test]
fn the_log_of_version_1_is_verified_and_every_decision_comes_out_as_it_was() {
    let head = verify(Head::EMPTY, envelopes(V1)).expect("the chain holds");
    let log = resumed(V1).events(0).expect("readable");
    assert_eq!(head.position, log.len() as u64);
    let declined = log.iter().filter(|event| matches!(event.fact, Fact::Declined { .. }));
    assert!(declined.count() > 3 && Desk::decisions(&log).count() > 10);
    for decision in Desk::decisions(&log) {
        assert!(decision.is_same(), "{decision}");
    }
}

#[test]
fn the_desk_of_version_1_goes_on_and_writes_events_as_they_are() {
    let mut live = resumed(V1);
    let now = Instant(12_000);
    assert!(live.next_deadline().is_none_or(|due| due > now), "nothing is left to be done");
    let state = live.desk().state();
    let has = |id: &str| state.case(id).and_then(|case| case.held_by_engineer());
    assert_eq!((has("T1"), has("T2"), has("T3")), (None, Some("ada"), Some("cem")));
    let report = Duty::ReportPosition { place: Place::at(52.512_345_678_9, 13.398_765_432_1) };
    live.apply(now, &Actor::engineer("ada"), "new", &Command::of("ada", report)).expect("hers");

    let (state, known) = (live.desk().state().clone(), envelopes(V1).len() as u64);
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

#[test]
fn every_type_of_event_stands_in_a_log_as_json() {
    let mut found = BTreeSet::new();
    for envelope in AS_JSON.into_iter().flat_map(envelopes) {
        let event: Event = envelope.data.read().expect("an event and no text");
        assert_eq!(event.fact.event_type(), envelope.kind);
        // Nothing in it is unknown by now, and nothing is written otherwise.
        assert_eq!(Canonical::of(&event).expect("canonical"), envelope.data);
        found.insert(event.fact.event_type());
    }
    assert_eq!(found, BTreeSet::from_iter(Fact::TYPES.iter().copied()));
}

#[test]
fn the_log_of_version_2_is_verified_and_every_decision_comes_out_as_it_was() {
    let head = verify(Head::EMPTY, envelopes(V2)).expect("the chain holds");
    let log = resumed(V2).events(0).expect("readable");
    assert_eq!(head.position, log.len() as u64);
    for decision in Desk::decisions(&log) {
        assert!(decision.is_same(), "{decision}");
    }
}

#[test]
fn the_log_of_version_2_tells_what_became_of_everybody_that_day() {
    let log = resumed(V2).events(0).expect("readable");
    let desk = Desk::replay(&log);
    let state = desk.state();
    let case = |id: &str| state.case(id).expect("opened");
    let timer = |id, kind| case(id).timers.get(kind).expect("promised").state;
    let minutes = |minutes: i64| Instant(minutes * 60);

    // Bob did T1; ada did not answer when she was asked.
    assert_eq!((case("T1").phase, case("T1").owner()), (Phase::Done, None));
    assert_eq!(timer("T1", TimerKind::Arrival), TimerState::Met(minutes(43)));
    let refused = |id: &str| case(id).refusals.keys().cloned().collect::<Vec<_>>();
    assert_eq!(refused("T1"), ["ada"]);
    // Nobody opened the door to ada at T2, which she had declined and for which bob's time did not suit.
    assert_eq!(
        (case("T2").phase, case("T2").owner()),
        (Phase::OnHold, Some(Owner::Holding("ada".into())))
    );
    assert_eq!(refused("T2"), ["ada", "bob"]);
    // T3, with T4 in it, was ada's until she fell ill, and is bob's.
    assert_eq!((case("T3").phase, case("T3").held_by_engineer()), (Phase::Assigned, Some("bob")));
    assert_eq!((case("T4").phase, case("T4").merged_into.as_deref()), (Phase::Merged, Some("T3")));
    let tickets = |id| state.member(id).expect("enrolled").tickets().collect::<Vec<_>>();
    assert_eq!(["ada", "bob", "cem"].map(tickets), [vec![], vec!["T3"], vec![]]);
    // T5 could not be done; nobody else can, and four hours after it was opened again its promise is broken.
    assert_eq!((case("T5").phase, case("T5").owner()), (Phase::Awaiting, Some(Owner::Manager)));
    assert_eq!(case("T5").escalated, Some(Escalation::Nobody));
    assert_eq!(
        (case("T5").arrival_due(), refused("T5")),
        (Some(minutes(41 + 240)), vec!["cem".into()])
    );
    assert_eq!(timer("T5", TimerKind::Arrival), TimerState::Late);
    assert!(case("T5").is_emergency());

    let member = |id| state.member(id).expect("enrolled");
    assert_eq!((member("ada").ill_from, member("bob").on_duty), (Some(minutes(141)), true));
    assert_eq!(member("cem").engineer.skills[0].skill, "roof");
    // T1 to T4 were put to ada: she took T3, and would have come later to T4; to bob T1, T2, T3 and T6, and he would
    // have come later to T2.
    let answers = |id| (member(id).asked, member(id).accepted);
    assert_eq!(["ada", "bob", "cem"].map(answers), [(4, 1), (4, 2), (1, 1)]);
    assert_eq!(state.agreement().commitments.len(), 2);
    let quiet = state.policy().quiet.as_ref().expect("from midnight on");
    assert_eq!(quiet.zone.as_deref(), Some("UTC"));

    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    log.iter().for_each(|event| *count.entry(event.fact.event_type()).or_default() += 1);
    for (verb, times) in [
        ("opened", 7),
        ("accepted", 4),
        ("declined", 2),
        ("expired", 1),
        ("assigned", 1),
        ("departed", 3),
        ("work_started", 2),
        ("finished", 1),
    ] {
        assert_eq!(count[&*format!("aftersales.dispatch.{verb}.v1")], times, "{verb}");
    }
}

#[test]
fn the_desk_of_version_2_goes_on() {
    let mut live = resumed(V2);
    let now = Instant(300 * 60);
    live.apply(now, &Actor::engineer("bob"), "new", &Command::on("T3", Act::Depart)).expect("his");
    assert_eq!(live.desk().state().case("T3").expect("opened").phase, Phase::EnRoute);
    let state = live.desk().state().clone();
    let again = Live::resume(live.into_store(), Rng::new(1, 2)).expect("readable");
    assert!(*again.desk().state() == state);
}
