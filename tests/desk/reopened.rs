//! Tickets that go on after somebody was there, after they were over, or as part of another one.

use super::town::{Day, HOUR, MINUTE, job, town, verbs};
use fieldwright::dispatch::desk::{
    Act, Actor, Command, Escalation, Mode, OfferPolicy, Phase, TimerKind, TimerState,
};
use fieldwright::model::{Agreement, Ticket};
use fieldwright::units::{Instant, Seconds};

fn three() -> Day {
    under(Agreement::default())
}

fn under(agreement: Agreement) -> Day {
    // An absent customer is tried again while people are still at work.
    let policy = OfferPolicy { absent_review: Seconds(HOUR), ..OfferPolicy::default() };
    let world = town(&[("ada", 1.0), ("bob", 5.0), ("cem", 9.0)]);
    Day::open_under(&world, policy, agreement)
}

/// Four hours until somebody is at the door, two where the contract is gold.
fn gold() -> Agreement {
    let text = r#"{"commitments": [
        {"id": "all", "promise": {"clock": "arrival", "within": 14400}},
        {"id": "gold", "for": {"contract": "gold"}, "promise": {"clock": "arrival", "within": 7200}}]}"#;
    serde_json::from_str(text).expect("an agreement")
}

fn due(id: &str, due: i64) -> Ticket {
    Ticket { due: Some(Instant(due)), ..job(id, 0.0) }
}

fn merge(day: &mut Day, id: &str, into: &str) -> Vec<&'static str> {
    verbs(&day.act(&Actor::support("sue"), id, Act::Merge { into: into.into() }))
}

fn arrival(day: &Day, id: &str) -> (Instant, TimerState) {
    let timer = day.case(id).timers.get(TimerKind::Arrival).expect("promised");
    (timer.due, timer.state)
}

/// Ada takes T1 and is at the door at 0:30.
fn at_the_door(day: &mut Day) {
    day.accept("ada", "T1");
    day.at(28 * MINUTE);
    day.act(&Actor::engineer("ada"), "T1", Act::Depart);
    day.at(30 * MINUTE);
    day.act(&Actor::engineer("ada"), "T1", Act::Arrive);
}

fn cannot(day: &mut Day) -> Vec<&'static str> {
    let reason = "the wrong part".to_owned();
    verbs(&day.act(&Actor::engineer("ada"), "T1", Act::CannotComplete { reason }))
}

#[test]
fn after_somebody_was_at_the_door_the_next_visit_is_not_too_late_by_the_first_promise() {
    for promised in [HOUR, 20 * MINUTE] {
        let mut day = three();
        day.request(due("T1", promised));
        at_the_door(&mut day);
        day.at(2 * HOUR);
        assert_eq!(cannot(&mut day), ["returned", "offered"]);
        assert_eq!((day.asked("T1"), day.case("T1").arrival_due()), (vec!["bob"], None));
    }
    // Who never came leaves the promise as broken as it was.
    let mut day = three();
    day.request(due("T1", HOUR));
    day.accept("ada", "T1");
    day.act(&Actor::engineer("ada"), "T1", Act::Depart);
    day.at(2 * HOUR);
    assert_eq!(cannot(&mut day), ["returned", "escalated"]);
    assert_eq!(day.case("T1").escalated, Some(Escalation::TooLate));
    assert_eq!(day.case("T1").arrival_due(), Some(Instant(HOUR)));
}

#[test]
fn a_customer_who_was_absent_is_offered_again_at_the_review() {
    let mut day = three();
    day.request(due("T1", HOUR));
    at_the_door(&mut day);
    day.act(&Actor::engineer("ada"), "T1", Act::CustomerAbsent);
    assert_eq!(verbs(&day.at(90 * MINUTE)), ["resumed", "offered"]);
}

#[test]
fn an_emergency_after_a_visit_has_its_deadline_also_where_it_is_that_of_the_kept_promise() {
    let mut day = three();
    day.request(due("T1", 3 * HOUR));
    at_the_door(&mut day);
    cannot(&mut day);
    day.act(&Actor::manager("max"), "T1", Act::Emergency { due: Instant(3 * HOUR) });
    assert_eq!(arrival(&day, "T1"), (Instant(3 * HOUR), TimerState::Running));
}

#[test]
fn a_promise_that_was_kept_is_not_handed_on_by_a_merge() {
    for agreement in [Agreement::default(), gold()] {
        let mut day = under(agreement);
        day.request(due("T1", HOUR));
        at_the_door(&mut day);
        cannot(&mut day);
        day.at(HOUR);
        day.request(due("T2", 5 * HOUR));
        let before = arrival(&day, "T2");
        merge(&mut day, "T1", "T2");
        assert_eq!(arrival(&day, "T2"), before, "what was kept is not broken now");
    }
}

#[test]
fn a_merge_into_a_ticket_whose_engineer_is_there_leaves_its_kept_promise_alone() {
    for agreement in [Agreement::default(), gold()] {
        let mut day = under(agreement);
        day.request(due("T1", 4 * HOUR));
        at_the_door(&mut day);
        let met = (Instant(4 * HOUR), TimerState::Met(Instant(30 * MINUTE)));
        assert_eq!(arrival(&day, "T1"), met);
        // The other one asked earlier and was promised more.
        let ticket = Ticket { contract: Some("gold".into()), ..due("T2", 2 * HOUR) };
        let requested = Some(Instant(-HOUR));
        let open = Command::Open { ticket: Box::new(ticket), mode: Mode::Auto, requested };
        day.try_to(&Actor::support("sue"), open).expect("sound");
        merge(&mut day, "T2", "T1");
        assert_eq!(arrival(&day, "T1"), met);
        for act in [Act::Start, Act::Finish] {
            day.act(&Actor::engineer("ada"), "T1", act);
        }
        let reopen = Act::Reopen { reason: "again".into(), due: Some(Instant(6 * HOUR)) };
        day.act(&Actor::support("sue"), "T1", reopen);
        assert_eq!(arrival(&day, "T1").1, TimerState::Running);
    }
}

#[test]
fn a_merge_into_a_ticket_that_waits_for_another_visit_brings_the_later_promise_with_it() {
    for agreement in [Agreement::default(), gold()] {
        let mut day = under(agreement);
        day.request(due("T1", 4 * HOUR));
        at_the_door(&mut day);
        cannot(&mut day);
        day.at(2 * HOUR);
        // The house was to be there by the same moment, gold two hours after the second request.
        let ticket = Ticket { contract: Some("gold".into()), ..due("T2", 4 * HOUR) };
        day.request(ticket);
        merge(&mut day, "T2", "T1");
        assert_eq!(arrival(&day, "T1"), (Instant(4 * HOUR), TimerState::Running));
    }
}
