//! Tickets that nobody could take, and what becomes of them when somebody can.

use super::town::{Day, HOUR, MINUTE, job, town, verbs};
use fieldwright::dispatch::desk::{
    Act, Actor, Command, Duty, Escalation, Event, OfferPolicy, Phase, TimerKind,
};
use fieldwright::model::{Engineer, OwnedSkill};
use fieldwright::units::{Instant, Seconds};

/// Only ada, and she is off duty: nobody can take T1, and a manager is called.
fn nobody(policy: OfferPolicy) -> Day {
    let mut day = Day::open(&town(&[("ada", 1.0)]), policy);
    day.duty("ada", Duty::OffDuty { reason: "course".into() });
    day.request(job("T1", 0.0));
    assert_eq!(day.case("T1").escalated, Some(Escalation::Nobody));
    day
}

fn attention(day: &Day) -> Option<Instant> {
    day.case("T1").timers.get(TimerKind::Attention).map(|timer| timer.due)
}

#[test]
fn who_comes_on_duty_is_asked_and_the_manager_stays_called_until_somebody_accepts() {
    let mut day = nobody(OfferPolicy::default());
    day.at(5 * MINUTE);
    assert_eq!(verbs(&day.duty("ada", Duty::OnDuty)), ["duty_begun", "offered"]);
    assert_eq!((day.asked("T1"), attention(&day)), (vec!["ada"], Some(Instant(15 * MINUTE))));
    assert_eq!(verbs(&day.at(15 * MINUTE)), ["breached"]);
    day.accept("ada", "T1");
    assert_eq!((day.case("T1").escalated, attention(&day)), (None, None));
}

#[test]
fn a_manager_has_no_more_time_because_it_was_tried_again_in_vain() {
    let mut day = nobody(OfferPolicy::default());
    day.at(5 * MINUTE);
    day.duty("ada", Duty::OnDuty);
    assert_eq!(verbs(&day.decline("ada", "T1")), ["declined", "escalated"]);
    assert_eq!(attention(&day), Some(Instant(15 * MINUTE)));
    // She has said no, so coming back from lunch changes nothing for four hours.
    assert_eq!(verbs(&day.duty("ada", Duty::OnDuty)), ["duty_begun"]);
    day.at(4 * HOUR);
    assert_eq!(verbs(&day.duty("ada", Duty::OnDuty)), ["duty_begun"]);
    assert!(verbs(&day.at(4 * HOUR + 5 * MINUTE)).contains(&"offered"));
}

#[test]
fn who_is_well_again_is_asked() {
    let mut day = Day::open(&town(&[("ada", 1.0)]), OfferPolicy::default());
    day.duty("ada", Duty::Ill { from: Instant(0), reason: "fever".into() });
    assert_eq!(verbs(&day.request(job("T1", 0.0))), ["opened", "escalated"]);
    assert_eq!(verbs(&day.duty("ada", Duty::OnDuty)), ["duty_begun", "offered"]);
}

#[test]
fn who_joins_with_the_right_skill_is_asked() {
    let mut day = Day::open(&town(&[("ada", 1.0)]), OfferPolicy::default());
    let mut roof = job("T1", 0.0);
    roof.skills.all[0].skill = "roof".into();
    day.request(roof);
    let mut bob = Engineer::new("bob", super::town::km(5.0), Instant(0), Instant(10 * HOUR));
    bob.skills.push(OwnedSkill::new("roof", 1));
    let enrol = Command::Enrol { engineer: Box::new(bob) };
    let events = day.try_to(&Actor::manager("max"), enrol).expect("sound");
    assert_eq!(verbs(&events), ["engineer_enrolled", "offered"]);
}

#[test]
fn who_gets_free_is_asked_for_what_is_most_urgent_first() {
    let mut day = Day::open(&town(&[("ada", 0.0)]), OfferPolicy::default());
    let mut long = job("T0", 0.0);
    long.service = Seconds(9 * HOUR);
    day.request(long);
    day.accept("ada", "T0");
    // Two hours each do not fit into what is left of her ten hours.
    for (id, due) in [("T1", 8 * HOUR), ("T2", 6 * HOUR)] {
        let mut ticket = job(id, 1.0);
        (ticket.service, ticket.due) = (Seconds(2 * HOUR), Some(Instant(due)));
        assert_eq!(verbs(&day.request(ticket)), ["opened", "escalated"]);
    }
    let cancel = Act::Cancel { reason: "works again".into() };
    let events = day.act(&Actor::support("sue"), "T0", cancel);
    let subjects: Vec<&str> = events.iter().map(|Event { subject, .. }| subject.as_str()).collect();
    assert_eq!(
        (verbs(&events), subjects),
        (vec!["cancelled", "offered", "offered"], vec!["T0", "T2", "T1"])
    );
}

/// Ada, alone, has T0, which takes nearly all of her day, so that a manager is called for T1.
fn all_day() -> Day {
    let mut day = Day::open(&town(&[("ada", 0.0)]), OfferPolicy::default());
    let mut long = job("T0", 0.0);
    long.service = Seconds(9 * HOUR + 30 * MINUTE);
    day.request(long);
    day.accept("ada", "T0");
    assert_eq!(verbs(&day.request(job("T1", 1.0))), ["opened", "escalated"]);
    day
}

#[test]
fn who_finishes_early_is_asked() {
    let mut day = all_day();
    let ada = Actor::engineer("ada");
    for act in [Act::Depart, Act::Arrive, Act::Start] {
        day.act(&ada, "T0", act);
    }
    day.at(2 * HOUR);
    assert_eq!(verbs(&day.act(&ada, "T0", Act::Finish)), ["finished", "offered"]);
    assert_eq!(day.asked("T1"), ["ada"]);
}

/// Ada alone has three questions open, and a manager is called for the fourth ticket.
fn asked_enough() -> Day {
    let mut day = Day::open(&town(&[("ada", 0.0)]), OfferPolicy::default());
    for id in ["T1", "T2", "T3"] {
        assert_eq!(verbs(&day.request(job(id, 1.0))), ["opened", "offered"]);
    }
    assert_eq!(verbs(&day.request(job("T4", 1.0))), ["opened", "escalated"]);
    day
}

#[test]
fn who_has_answered_one_of_too_many_questions_is_asked_about_what_waits() {
    let mut day = asked_enough();
    // Whoever answers does not wait until somebody is found for what waits.
    assert_eq!(verbs(&day.accept("ada", "T1")), ["accepted", "retried"]);
    assert_eq!(verbs(&day.at(day.now.0)), ["offered"]);
    assert_eq!(day.asked("T4"), ["ada"]);

    let mut day = asked_enough();
    assert_eq!(verbs(&day.decline("ada", "T1")), ["declined", "retried", "escalated", "offered"]);
    assert_eq!(day.asked("T4"), ["ada"]);

    let mut day = asked_enough();
    day.act(&Actor::support("sue"), "T1", Act::Cancel { reason: "works again".into() });
    day.at(day.now.0);
    assert_eq!(day.asked("T4"), ["ada"]);

    let mut day = asked_enough();
    day.at(30 * MINUTE);
    assert_eq!(day.asked("T4"), ["ada"], "her silence about the others is over");
}

#[test]
fn who_has_given_something_back_is_asked_about_what_waits() {
    let mut day = all_day();
    let release = Act::Release { reason: "flat tyre".into() };
    let events = day.act(&Actor::engineer("ada"), "T0", release);
    assert_eq!(verbs(&events), ["returned", "escalated", "offered"]);
    assert_eq!(day.asked("T1"), ["ada"]);
}

#[test]
fn who_refused_is_asked_again_by_itself_once_he_has_had_time_to_think() {
    let mut day = Day::open(&town(&[("ada", 1.0), ("bob", 5.0)]), OfferPolicy::default());
    day.request(job("T1", 0.0));
    day.decline("ada", "T1");
    day.at(10 * MINUTE);
    day.decline("bob", "T1");
    day.at(4 * HOUR - 1);
    assert_eq!(day.asked("T1"), [""; 0]);
    assert_eq!(verbs(&day.at(4 * HOUR)), ["offered"]);
    assert_eq!(
        (day.asked("T1"), day.case("T1").escalated),
        (vec!["ada"], Some(Escalation::Nobody))
    );
    // She says no again: bob has had time by 4:10, and she has by 8:00.
    day.decline("ada", "T1");
    day.at(4 * HOUR + 10 * MINUTE);
    assert_eq!(day.asked("T1"), ["bob"]);
}

#[test]
fn trying_again_in_vain_comes_to_an_end() {
    let mut day = Day::open(&town(&[("ada", 1.0)]), OfferPolicy::default());
    day.request(job("T1", 0.0));
    day.decline("ada", "T1");
    day.duty("ada", Duty::OffDuty { reason: "course".into() });
    day.at(4 * HOUR - 1);
    let events = day.at(9 * HOUR);
    assert_eq!(verbs(&events).iter().filter(|verb| **verb == "escalated").count(), 1);
    assert_eq!(day.asked("T1"), [""; 0]);
}

#[test]
fn the_rules_may_leave_who_refused_to_the_manager() {
    let policy = OfferPolicy { retry_escalated: false, ..OfferPolicy::default() };
    let mut day = Day::open(&town(&[("ada", 1.0)]), policy);
    day.request(job("T1", 0.0));
    day.decline("ada", "T1");
    day.at(9 * HOUR);
    assert_eq!(day.asked("T1"), [""; 0]);
}

#[test]
fn the_rules_may_leave_it_to_the_manager() {
    let policy = OfferPolicy { retry_escalated: false, ..OfferPolicy::default() };
    let mut day = nobody(policy);
    assert_eq!(verbs(&day.duty("ada", Duty::OnDuty)), ["duty_begun"]);
    day.act(&Actor::manager("max"), "T1", Act::OfferTo { engineer: "ada".into() });
    assert_eq!((day.case("T1").phase, attention(&day)), (Phase::Offered, None));
}
