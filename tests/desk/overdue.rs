//! Whoever should act and does not: a manager is called, and again until somebody acts.

use super::town::{Day, HOUR, MINUTE, job, town, verbs};
use fieldwright::dispatch::desk::{
    Act, Actor, Command, Escalation, Fact, OfferPolicy, Owner, Phase, TimerKind,
};
use fieldwright::units::Instant;

/// Ada has T1, a minute away: its customer was told 0:01, and 15 minutes more are tolerated.
fn assigned() -> Day {
    let mut day = Day::open(&town(&[("ada", 1.0), ("bob", 5.0)]), OfferPolicy::default());
    day.request(job("T1", 0.0));
    day.accept("ada", "T1");
    day
}

fn ada(day: &mut Day, act: Act) {
    day.act(&Actor::engineer("ada"), "T1", act);
}

fn called(day: &Day) -> (Option<Escalation>, bool) {
    let case = day.case("T1");
    (case.escalated, case.timers.runs(TimerKind::Attention))
}

const NOBODY: (Option<Escalation>, bool) = (None, false);

#[test]
fn a_manager_who_does_not_act_is_called_again_and_again() {
    let mut day = Day::open(&town(&[("ada", 1.0)]), OfferPolicy::default());
    let mut roof = job("T1", 0.0);
    roof.skills.all[0].skill = "roof".into();
    day.request(roof);
    for quarter in 1..9 {
        let due = quarter * 15 * MINUTE;
        assert_eq!(day.desk.next_deadline(), Some(Instant(due)));
        let events = day.at(due);
        let rings =
            |fact: &Fact| matches!(fact, Fact::Breached { timer: TimerKind::Attention, .. });
        assert_eq!(events.iter().filter(|event| rings(&event.fact)).count(), 1);
        assert_eq!(day.case("T1").owner(), Some(Owner::Manager));
    }
    // Who slept is called once, and not for all that he has missed.
    assert_eq!(verbs(&day.desk.advance(Instant(9 * HOUR))), ["breached"]);
    assert_eq!(day.desk.next_deadline(), Some(Instant(9 * HOUR + 15 * MINUTE)));
}

#[test]
fn a_manager_is_called_when_an_engineer_does_not_set_out() {
    let mut day = assigned();
    day.at(16 * MINUTE - 1);
    assert_eq!(called(&day), NOBODY);
    assert_eq!(verbs(&day.at(16 * MINUTE)), ["breached", "escalated"]);
    assert_eq!(called(&day), (Some(Escalation::NotThere), true));
    assert_eq!(
        day.case("T1").owner(),
        Some(Owner::Engineers(vec!["ada".into()])),
        "she can go still"
    );
    // Also after ada's shift somebody has to act.
    day.at(11 * HOUR);
    assert!(day.desk.next_deadline().is_some_and(|due| due <= Instant(11 * HOUR + 15 * MINUTE)));
    ada(&mut day, Act::Depart);
    assert_eq!(called(&day), NOBODY);
}

#[test]
fn a_manager_is_called_when_an_engineer_does_not_arrive() {
    let mut day = assigned();
    ada(&mut day, Act::Depart);
    assert_eq!(verbs(&day.at(16 * MINUTE)), ["breached", "escalated"]);
    assert_eq!(called(&day), (Some(Escalation::NotThere), true));
    ada(&mut day, Act::Arrive);
    assert_eq!(called(&day), NOBODY);
}

#[test]
fn a_manager_is_called_when_nobody_is_there_as_was_promised() {
    let mut day = Day::open(&town(&[("ada", 1.0)]), OfferPolicy::default());
    let mut ticket = job("T1", 0.0);
    ticket.due = Some(Instant(10 * MINUTE));
    day.request(ticket);
    day.accept("ada", "T1");
    assert_eq!(verbs(&day.at(10 * MINUTE)), ["breached", "escalated"]);
    assert_eq!(called(&day), (Some(Escalation::NotThere), true));
    // He is called already when the appointment has passed, too.
    assert_eq!(verbs(&day.at(16 * MINUTE)), ["breached"]);
}

#[test]
fn a_manager_is_called_when_work_is_not_done_until_the_engineer_says_when_it_will_be() {
    let mut day = assigned();
    [Act::Depart, Act::Arrive, Act::Start].into_iter().for_each(|act| ada(&mut day, act));
    assert_eq!(verbs(&day.at(HOUR)), ["breached", "escalated"]);
    assert_eq!(called(&day), (Some(Escalation::NotDone), true));
    assert_eq!(day.case("T1").owner(), Some(Owner::Engineers(vec!["ada".into()])));
    ada(&mut day, Act::Overrun { until: Instant(2 * HOUR) });
    assert_eq!(called(&day), NOBODY);
    assert_eq!(day.desk.next_deadline(), Some(Instant(2 * HOUR)));
}

#[test]
fn whoever_gives_back_what_is_overdue_or_loses_it_is_waited_for_no_longer() {
    let mut day = assigned();
    day.at(20 * MINUTE);
    ada(&mut day, Act::Release { reason: "flat tyre".into() });
    assert_eq!((called(&day), day.asked("T1")), (NOBODY, vec!["bob"]));

    let mut day = assigned();
    day.at(20 * MINUTE);
    let version = day.case("T1").version;
    let to_bob = Act::Assign { engineer: "bob".into(), reason: "ada does not answer".into() };
    let command = Command::on_version("T1", version, to_bob);
    day.try_to(&Actor::manager("max"), command).expect("his");
    assert_eq!((called(&day), day.case("T1").phase), (NOBODY, Phase::Assigned));
    assert!(day.case("T1").timers.runs(TimerKind::Appointment));
}

#[test]
fn a_manager_is_called_when_an_engineer_stops_his_work_and_does_not_go_on() {
    let mut day = assigned();
    [Act::Depart, Act::Arrive, Act::Start].into_iter().for_each(|act| ada(&mut day, act));
    let stop = || Act::Pause { reason: "power cut".into() };
    // Twice for less than an hour, then for longer.
    for (stops, goes_on) in [(10, 60), (65, 120)] {
        day.at(stops * MINUTE);
        ada(&mut day, stop());
        day.at(goes_on * MINUTE);
        ada(&mut day, Act::Start);
    }
    assert_eq!(called(&day), NOBODY);
    day.at(121 * MINUTE);
    ada(&mut day, stop());
    assert_eq!(day.desk.next_deadline(), Some(Instant(181 * MINUTE)));
    assert_eq!(verbs(&day.at(181 * MINUTE)), ["breached", "escalated"]);
    assert_eq!(called(&day), (Some(Escalation::NotDone), true));
    ada(&mut day, Act::Start);
    assert_eq!(called(&day), NOBODY);
}
