//! Yes, no, another time; two managers; tickets that are merged, held, cancelled, reopened.

use super::town::{Day, HOUR, MINUTE, calls, job, km, town, verbs};
use fieldwright::dispatch::desk::{
    Act, Actor, Command, Desk, Fact, OfferPolicy, Owner, Phase, Refusal, Return, TimerKind,
    TimerState, Withdrawal,
};
use fieldwright::model::Window;
use fieldwright::units::{Instant, Seconds};

fn three() -> Day {
    Day::open(&town(&[("ada", 1.0), ("bob", 5.0), ("cem", 9.0)]), OfferPolicy::default())
}

fn assign(engineer: &str) -> Act {
    Act::Assign { engineer: engineer.into(), reason: "knows the house".into() }
}

#[test]
fn of_two_managers_the_second_is_told_who_has_it() {
    let mut day = three();
    day.request(job("T1", 0.0));
    let seen = day.case("T1").version;
    let first = Command::on_version("T1", seen, assign("bob"));
    let events = day.try_to(&Actor::manager("max"), first).expect("his");
    assert_eq!(verbs(&events), ["withdrawn", "assigned"]);
    let second = Command::on_version("T1", seen, assign("cem"));
    let refusal = day.try_to(&Actor::manager("mia"), second).expect_err("too late");
    let expect = Refusal::Conflict {
        ticket: "T1".into(),
        expected: seen,
        version: seen + 2,
        phase: Phase::Assigned,
        holder: Some("bob".into()),
    };
    assert_eq!(refusal, expect);
    assert_eq!(day.route("cem"), [""; 0]);
    let blind = day.refused(&Actor::manager("mia"), "T1", assign("cem"));
    assert_eq!(blind, Refusal::NoVersion { ticket: "T1".into() });
}

#[test]
fn a_manager_can_override_a_holder_and_a_rule_and_both_are_recorded() {
    let mut day = three();
    let mut roof = job("T1", 0.0);
    roof.skills.all[0].level = 9;
    day.request(roof);
    let version = day.case("T1").version;
    let manager = Actor::manager("max");
    let command = Command::on_version("T1", version, assign("bob"));
    let events = day.try_to(&manager, command).expect("always possible");
    let Fact::Assigned { holder, reason, instead_of, .. } = &events[0].fact else { panic!() };
    assert!(holder.against_rules, "bob has level 2");
    assert_eq!((reason.as_str(), instead_of), ("knows the house", &None));
    let command = Command::on_version("T1", version + 1, assign("cem"));
    let events = day.try_to(&manager, command).expect("always possible");
    let Fact::Assigned { instead_of, .. } = &events[0].fact else { panic!() };
    assert_eq!(instead_of.as_deref(), Some("bob"));
    assert_eq!((day.route("bob").len(), day.route("cem")), (0, vec!["T1"]));
}

#[test]
fn who_is_given_what_he_has_already_keeps_the_appointment() {
    let mut day = three();
    day.request(job("T1", 0.0));
    day.accept("ada", "T1");
    let appointment = |day: &Day| day.case("T1").timers.get(TimerKind::Appointment).cloned();
    let before = appointment(&day);
    let version = day.case("T1").version;
    let command = Command::on_version("T1", version, assign("ada"));
    let events = day.try_to(&Actor::manager("max"), command).expect("his");
    assert_eq!(calls(&events), [""; 0]);
    assert_eq!((day.route("ada"), appointment(&day)), (vec!["T1"], before));
}

#[test]
fn a_repeated_key_gets_the_first_answer_and_changes_nothing() {
    let mut day = three();
    let (sue, command) = (Actor::support("sue"), Command::open(job("T1", 0.0)));
    let first = day.desk.apply(day.now, &sue, "k", &command).expect("opened");
    let state = day.desk.state().clone();
    // Even much later, when other deadlines have passed.
    let again = day.desk.apply(Instant(2 * HOUR), &sue, "k", &command).expect("the same");
    assert_eq!(again, first);
    assert!(state == *day.desk.state());
    let other = Command::open(job("T2", 0.0));
    let refusal = day.desk.apply(day.now, &sue, "k", &other).expect_err("another command");
    assert_eq!(refusal, Refusal::KeyReused { key: "k".into() });
}

#[test]
fn time_does_not_run_backwards_and_deadlines_come_first() {
    let mut day = three();
    day.at(HOUR);
    day.request(job("T1", 0.0));
    let command = Command::open(job("T2", 0.0));
    let sue = Actor::support("sue");
    let back = day.desk.apply(Instant(HOUR - 1), &sue, "a", &command).expect_err("refused");
    assert_eq!(back, Refusal::TimeRunsBack { last: Instant(HOUR), now: Instant(HOUR - 1) });
    assert_eq!(day.desk.advance(Instant(0)), []);
    let (due, now) = (Instant(HOUR + 30 * MINUTE), Instant(2 * HOUR));
    let early = day.desk.apply(now, &sue, "a", &command).expect_err("refused");
    assert_eq!(early, Refusal::DeadlinePassed { due, now });
    day.desk.advance(now);
    assert!(day.desk.apply(now, &sue, "a", &command).is_ok());
}

#[test]
fn another_time_needs_the_customers_word() {
    let window = Window::new(Instant(2 * HOUR), Instant(3 * HOUR));
    for agreed in [true, false] {
        let mut day = three();
        day.request(job("T1", 0.0));
        let (offer, _) = day.offer_to("ada", "T1");
        let act = Act::CounterOffer { offer: offer.id, window };
        day.act(&Actor::engineer("ada"), "T1", act);
        assert_eq!(day.case("T1").owner(), Some(Owner::Support));
        let events = day.act(&Actor::support("sue"), "T1", Act::Consent { agreed });
        if agreed {
            assert_eq!(verbs(&events), ["assigned"]);
            assert_eq!(day.case("T1").told.as_ref().map(|t| t.start), Some(window.earliest));
        } else {
            assert_eq!(verbs(&events), ["counter_offer_refused", "offered"]);
            assert_eq!(day.asked("T1"), ["bob"]);
        }
    }
}

#[test]
fn without_an_answer_of_the_customer_the_next_is_asked() {
    let mut day = three();
    day.request(job("T1", 0.0));
    let (offer, _) = day.offer_to("ada", "T1");
    let window = Window::new(Instant(2 * HOUR), Instant(3 * HOUR));
    day.act(&Actor::engineer("ada"), "T1", Act::CounterOffer { offer: offer.id, window });
    assert_eq!(verbs(&day.at(30 * MINUTE)), ["counter_offer_refused", "offered"]);
}

/// Ada would rather come to T1 between 2:00 and 3:00.
fn proposed() -> Day {
    let mut day = three();
    day.request(job("T1", 0.0));
    let (offer, _) = day.offer_to("ada", "T1");
    let window = Window::new(Instant(2 * HOUR), Instant(3 * HOUR));
    day.act(&Actor::engineer("ada"), "T1", Act::CounterOffer { offer: offer.id, window });
    day
}

#[test]
fn who_proposed_another_time_has_refused_nothing_when_something_else_comes_between() {
    let due = Instant(20 * MINUTE);
    for act in [Act::Offer, Act::Recommend, Act::Emergency { due }] {
        let mut day = proposed();
        let events = day.act(&Actor::manager("max"), "T1", act);
        assert_eq!(verbs(&events)[0], "counter_offer_withdrawn");
        let case = day.case("T1");
        assert_eq!((case.refusals.len(), case.timers.runs(TimerKind::Consent)), (0, false));
        let first = events.iter().find_map(|event| match &event.fact {
            Fact::Offered { choice, .. } | Fact::Recommended { choice, .. } => {
                choice.ranked.first()
            }
            _ => None,
        });
        assert_eq!(first.map(|ranked| ranked.engineer.as_str()), Some("ada"));
        assert!(Desk::replay(&day.log).state() == day.desk.state());
    }
    let mut day = proposed();
    let events = day.act(&Actor::manager("max"), "T1", Act::OfferTo { engineer: "bob".into() });
    assert_eq!(verbs(&events), ["counter_offer_withdrawn", "offered"]);
    assert!(day.case("T1").refusals.is_empty());
}

#[test]
fn a_customer_who_agreed_too_late_has_not_refused_and_the_engineer_has_not_either() {
    let mut day = proposed();
    // From 1:30 to 4:30 ada is elsewhere by now.
    let mut long = job("T2", 0.0);
    long.service = Seconds(3 * HOUR);
    long.windows = vec![Window::new(Instant(90 * MINUTE), Instant(90 * MINUTE))];
    day.request(long);
    let command = Command::on_version("T2", day.case("T2").version, assign("ada"));
    day.try_to(&Actor::manager("max"), command).expect("hers");
    let events = day.act(&Actor::support("sue"), "T1", Act::Consent { agreed: true });
    assert_eq!(verbs(&events), ["counter_offer_withdrawn", "offered"]);
    let why = Withdrawal::NoLongerFits;
    assert_eq!(events[0].fact, Fact::CounterOfferWithdrawn { why });
    assert_eq!((day.asked("T1"), day.case("T1").refusals.len()), (vec!["ada"], 0));
}

#[test]
fn what_is_given_back_goes_to_the_next_and_its_customer_is_called() {
    let mut day = three();
    day.request(job("T1", 0.0));
    assert_eq!(calls(&day.accept("ada", "T1")), ["T1"]);
    let reason = "flat tyre".to_owned();
    let events = day.act(&Actor::engineer("ada"), "T1", Act::Release { reason: reason.clone() });
    assert_eq!(verbs(&events), ["returned", "offered"]);
    assert!(
        matches!(&events[0].fact, Fact::Returned { why: Return::Released(r), .. } if *r == reason)
    );
    assert_eq!(calls(&events), ["T1"]);
    assert_eq!(day.asked("T1"), ["bob"]);
}

#[test]
fn a_merged_ticket_hands_its_request_on_and_speaks_through_its_target() {
    let mut day = three();
    let mut first = job("T1", 0.0);
    first.due = Some(Instant(6 * HOUR));
    day.request(first);
    day.at(10 * MINUTE);
    let mut second = job("T2", 0.0);
    second.due = Some(Instant(8 * HOUR));
    day.request(second);
    let sue = Actor::support("sue");
    let events = day.act(&sue, "T1", Act::Merge { into: "T2".into() });
    assert_eq!(verbs(&events), ["withdrawn", "merged", "merge_received"]);
    let case = day.case("T2");
    assert_eq!((case.requested, case.arrival_due()), (Instant(0), Some(Instant(6 * HOUR))));
    let circle = day.refused(&sue, "T2", Act::Merge { into: "T1".into() });
    assert!(matches!(circle, Refusal::MergeCycle { .. }), "{circle:?}");
    day.act(&sue, "T1", Act::Cancel { reason: "works again".into() });
    assert_eq!(day.case("T2").phase, Phase::Cancelled);
    assert_eq!(day.case("T1").phase, Phase::Merged);
}

#[test]
fn on_hold_all_timers_stand_still_and_at_the_review_they_go_on() {
    let mut day = three();
    let mut ticket = job("T1", 0.0);
    ticket.due = Some(Instant(5 * HOUR));
    day.request(ticket);
    day.accept("ada", "T1");
    day.at(HOUR / 2);
    let sue = Actor::support("sue");
    let review = Instant(2 * HOUR);
    let past = Act::Hold { reason: "abroad".into(), review: Instant(0) };
    assert!(matches!(day.refused(&sue, "T1", past), Refusal::BadMoment { .. }));
    day.act(&sue, "T1", Act::Hold { reason: "abroad".into(), review });
    let timer = day.case("T1").timers.get(TimerKind::Arrival).expect("promised");
    assert_eq!(timer.state, TimerState::Paused { since: Instant(HOUR / 2), late: false });
    assert_eq!(day.route("ada"), [""; 0]);
    assert_eq!(verbs(&day.at(2 * HOUR)), ["resumed", "offered"]);
    // An hour and a half later than was promised.
    assert_eq!(day.case("T1").arrival_due(), Some(Instant(13 * HOUR / 2)));
}

#[test]
fn a_ticket_that_is_done_can_be_opened_again_with_new_timers() {
    let mut day = three();
    day.request(job("T1", 0.0));
    day.act(&Actor::support("sue"), "T1", Act::Cancel { reason: "works again".into() });
    assert_eq!(day.desk.next_deadline(), None);
    day.at(HOUR);
    let reopen = Act::Reopen { reason: "it does not".into(), due: Some(Instant(4 * HOUR)) };
    assert_eq!(verbs(&day.act(&Actor::manager("max"), "T1", reopen)), ["reopened", "offered"]);
    assert_eq!(day.case("T1").arrival_due(), Some(Instant(4 * HOUR)));
}

#[test]
fn other_facts_ask_anew_and_keep_the_engineer_who_still_fits() {
    let mut day = three();
    day.request(job("T1", 0.0));
    let mut moved = job("T1", 9.0);
    let sue = Actor::support("sue");
    let triage = Act::Triage { ticket: Box::new(moved.clone()) };
    assert_eq!(verbs(&day.act(&sue, "T1", triage)), ["withdrawn", "triaged", "offered"]);
    assert_eq!(day.asked("T1"), ["cem"]);
    day.accept("cem", "T1");
    moved.place = km(8.0);
    let triage = Act::Triage { ticket: Box::new(moved.clone()) };
    assert_eq!(verbs(&day.act(&sue, "T1", triage)), ["triaged", "plan_changed"]);
    assert_eq!(day.case("T1").held_by_engineer(), Some("cem"));
    moved.excluded = vec!["cem".into()];
    let triage = Act::Triage { ticket: Box::new(moved) };
    assert_eq!(verbs(&day.act(&sue, "T1", triage)), ["triaged", "returned", "offered"]);
    assert_eq!(day.asked("T1"), ["bob"]);
}

#[test]
fn a_faulty_ticket_is_refused_with_all_its_faults() {
    let mut day = three();
    let mut ticket = job("T1", 0.0);
    ticket.required = vec!["zoe".into()];
    ticket.service.0 = -1;
    let command = Command::open(ticket);
    let refusal = day.try_to(&Actor::support("sue"), command).expect_err("two faults");
    let Refusal::Input(issues) = refusal else { panic!("{refusal:?}") };
    assert_eq!(issues.0.len(), 2, "{issues}");
    assert!(Desk::replay(&day.log).state() == day.desk.state());
}
