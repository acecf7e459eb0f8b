//! Tickets that go on after somebody was there, after they were over, or as part of another one.

use super::town::{Day, HOUR, MINUTE, job, town, verbs};
use fieldwright::dispatch::desk::{
    Act, Actor, Command, Desk, Escalation, Mode, OfferPolicy, Phase, TimerKind, TimerState,
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

/// T1 as it was asked for before, and T2 which becomes part of it.
fn asked(day: &mut Day, first: Ticket, second: Ticket) -> Vec<&'static str> {
    day.request(first);
    day.request(second);
    merge(day, "T2", "T1")
}

#[test]
fn who_may_think_longer_than_an_earlier_deadline_allows_is_asked_anew_with_others() {
    let mut day = three();
    let second = Ticket { due: Some(Instant(25 * MINUTE)), ..job("T2", 0.1) };
    let events = asked(&mut day, job("T1", 0.1), second);
    assert_eq!(events[3..], ["merged", "merge_received", "withdrawn", "offered"]);
    assert_eq!(day.asked("T1"), ["ada", "bob", "cem"]);
    // 25 minutes less a margin of 5 and his way of almost 1, 5 or 9.
    let minutes = day.case("T1").offers.iter().map(|offer| offer.expires.0 / MINUTE);
    assert_eq!(minutes.collect::<Vec<_>>(), [19, 15, 11]);
}

#[test]
fn who_can_still_be_there_in_time_after_all_his_time_to_think_goes_on_thinking() {
    for (first, second) in [(None, HOUR), (Some(2 * HOUR), HOUR), (Some(HOUR), 2 * HOUR)] {
        let mut day = three();
        let first = Ticket { due: first.map(Instant), ..job("T1", 0.0) };
        let events = asked(&mut day, first, due("T2", second));
        assert_eq!(events, ["withdrawn", "merged", "merge_received"]);
        assert_eq!((day.offer_to("ada", "T1").0.id, arrival(&day, "T1").0), (0, Instant(HOUR)));
    }
}

#[test]
fn an_earlier_deadline_ends_quiet_hours_that_leave_it_no_time() {
    let mut day = three();
    let quiet = r#"{"from": "00:00", "to": "02:00", "unless_priority": 5}"#;
    let quiet = serde_json::from_str(quiet).expect("quiet hours");
    let policy = Box::new(OfferPolicy { quiet: Some(quiet), ..OfferPolicy::default() });
    day.try_to(&Actor::manager("max"), Command::SetPolicy { policy }).expect("sound");
    let events = asked(&mut day, job("T1", 0.0), due("T2", HOUR));
    assert_eq!(events, ["withdrawn", "merged", "merge_received", "offered"]);
    assert_eq!(day.asked("T1"), ["ada"]);
}

#[test]
fn an_earlier_deadline_puts_a_visit_before_others_of_its_engineer() {
    let mut day = three();
    // What was told binds nobody, or T1 would be late rather than T0 put off.
    let policy = Box::new(OfferPolicy { calls: None, ..OfferPolicy::default() });
    day.try_to(&Actor::manager("max"), Command::SetPolicy { policy }).expect("sound");
    // Within the hour she can begin T0 first and nothing else.
    day.request(Ticket { due: Some(Instant(HOUR)), ..job("T0", 1.0) });
    day.accept("ada", "T0");
    day.request(job("T1", 3.0));
    let version = day.case("T1").version;
    let act = Act::Assign { engineer: "ada".into(), reason: "hers".into() };
    day.try_to(&Actor::manager("max"), Command::on_version("T1", version, act)).expect("hers");
    assert_eq!(day.route("ada"), ["T0", "T1"]);
    day.request(Ticket { due: Some(Instant(30 * MINUTE)), ..job("T2", 3.0) });
    let events = merge(&mut day, "T2", "T1");
    assert_eq!(events[events.len() - 2..], ["merge_received", "plan_changed"]);
    assert_eq!(day.route("ada"), ["T1", "T0"]);
}

#[test]
fn an_earlier_deadline_wakes_no_ticket_on_hold() {
    let mut day = three();
    day.request(job("T1", 0.0));
    let act = Act::Hold { reason: "abroad".into(), review: Instant(2 * HOUR) };
    day.act(&Actor::support("sue"), "T1", act);
    day.request(due("T2", HOUR));
    assert_eq!(merge(&mut day, "T2", "T1"), ["withdrawn", "merged", "merge_received"]);
    assert_eq!(day.case("T1").phase, Phase::OnHold);
}

#[test]
fn a_ticket_that_was_reopened_counts_from_then_on_whatever_is_found_out_later() {
    let mut day = under(gold());
    let sue = Actor::support("sue");
    day.request(job("T1", 0.0));
    day.act(&sue, "T1", Act::Cancel { reason: "works again".into() });
    day.at(5 * HOUR);
    day.act(&sue, "T1", Act::Reopen { reason: "it does not".into(), due: None });
    assert_eq!((day.case("T1").requested, arrival(&day, "T1").0), (day.now, Instant(9 * HOUR)));
    day.at(5 * HOUR + 10 * MINUTE);
    day.request(job("T2", 0.0));
    merge(&mut day, "T2", "T1");
    assert_eq!(arrival(&day, "T1").0, Instant(9 * HOUR), "the same fault once more");
    let ticket = Box::new(Ticket { contract: Some("gold".into()), ..job("T1", 0.0) });
    day.act(&sue, "T1", Act::Triage { ticket });
    assert_eq!(arrival(&day, "T1").0, Instant(7 * HOUR));
    assert!(Desk::replay(&day.log).state() == day.desk.state());
}

fn emergency(minutes: i64) -> Act {
    Act::Emergency { due: Instant(minutes * MINUTE) }
}

#[test]
fn who_corrects_the_address_of_an_emergency_takes_none_of_its_haste_away() {
    for agreement in [Agreement::default(), gold()] {
        let mut day = under(agreement);
        day.request(due("T1", 4 * HOUR));
        day.act(&Actor::manager("max"), "T1", emergency(30));
        let ticket = Box::new(Ticket { contract: Some("gold".into()), ..job("T1", 2.0) });
        day.act(&Actor::support("sue"), "T1", Act::Triage { ticket });
        assert_eq!(arrival(&day, "T1"), (Instant(30 * MINUTE), TimerState::Running));
        assert!(day.case("T1").is_emergency());
        // The same fault, asked for earlier.
        let requested = Some(Instant(-HOUR));
        let open = Command::Open { ticket: Box::new(job("T2", 2.0)), mode: Mode::Auto, requested };
        day.try_to(&Actor::support("sue"), open).expect("sound");
        merge(&mut day, "T2", "T1");
        assert_eq!(arrival(&day, "T1").0, Instant(30 * MINUTE));
        day.act(&Actor::manager("max"), "T1", emergency(40));
        assert_eq!(arrival(&day, "T1").0, Instant(40 * MINUTE));
        assert!(Desk::replay(&day.log).state() == day.desk.state());
    }
}

#[test]
fn an_emergency_that_becomes_part_of_another_ticket_makes_it_one() {
    for agreement in [Agreement::default(), gold()] {
        let mut day = under(agreement);
        day.request(due("T1", 4 * HOUR));
        day.request(due("T2", 4 * HOUR));
        day.act(&Actor::manager("max"), "T2", emergency(30));
        let events = merge(&mut day, "T2", "T1");
        assert_eq!(
            events.iter().rev().take(2).collect::<Vec<_>>(),
            [&"offered", &"emergency_declared"]
        );
        assert_eq!(arrival(&day, "T1"), (Instant(30 * MINUTE), TimerState::Running));
        assert!(day.case("T1").is_emergency());
    }
}
