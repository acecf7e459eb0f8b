//! What is refused, by the name of the fault; and commands that come when something else is under way.

use super::town::{Day, HOUR, MINUTE, calls, job, town, verbs};
use fieldwright::dispatch::desk::{
    Act, Actor, Command, Duty, OfferPolicy, Phase, Refusal, TimerKind, TimerState,
};
use fieldwright::units::Instant;

/// Ada is asked about T1, an hour of work at kilometre 2.
fn asked() -> Day {
    let mut day = Day::open(&town(&[("ada", 1.0), ("bob", 5.0)]), OfferPolicy::default());
    day.request(job("T1", 2.0));
    day
}

fn sue() -> Actor {
    Actor::support("sue")
}

#[test]
fn a_command_without_a_key_is_refused() {
    let mut day = asked();
    let refusal = day.desk.apply(day.now, &sue(), "", &Command::open(job("T2", 0.0)));
    let refusal = refusal.expect_err("no key");
    assert_eq!((refusal.code(), &refusal), ("D302", &Refusal::NoKey));
    assert!(day.desk.state().case("T2").is_none());
}

#[test]
fn a_ticket_that_nobody_has_opened_is_unknown() {
    let mut day = asked();
    let refusal = day.refused(&sue(), "T9", Act::Resume);
    assert_eq!(refusal.code(), "D401");
    assert_eq!(refusal, Refusal::UnknownTicket { ticket: "T9".into() });
    let refusal = day.refused(&sue(), "T1", Act::Merge { into: "T9".into() });
    assert_eq!(refusal, Refusal::UnknownTicket { ticket: "T9".into() });
}

#[test]
fn an_engineer_whom_nobody_has_enrolled_is_unknown() {
    let mut day = asked();
    let unknown = Refusal::UnknownEngineer { engineer: "zoe".into() };
    assert_eq!(unknown.code(), "D402");
    let refusal = day.refused(&sue(), "T1", Act::OfferTo { engineer: "zoe".into() });
    assert_eq!(refusal, unknown);
    let refusal = day.try_to(&sue(), Command::of("zoe", Duty::OnDuty)).expect_err("no such one");
    assert_eq!(refusal, unknown);
}

#[test]
fn an_offer_that_was_never_made_is_unknown() {
    let mut day = asked();
    let epoch = day.case("T1").epoch;
    let no = Act::Decline { offer: 7, reason: "too far".into() };
    for act in [Act::Accept { offer: 7, epoch }, no] {
        let refusal = day.refused(&Actor::engineer("ada"), "T1", act);
        assert_eq!(refusal.code(), "D404");
        assert_eq!(refusal, Refusal::UnknownOffer { ticket: "T1".into(), offer: 7 });
    }
}

#[test]
fn a_yes_that_names_another_round_is_told_the_round_in_which_the_offer_is_open() {
    let mut day = asked();
    let (offer, epoch) = day.offer_to("ada", "T1");
    let yes = |epoch| Act::Accept { offer: offer.id, epoch };
    let refusal = day.refused(&Actor::engineer("ada"), "T1", yes(epoch + 1));
    assert_eq!(refusal.code(), "D405");
    assert_eq!(refusal, Refusal::WrongEpoch { ticket: "T1".into(), offer: offer.id, epoch });
    // Whom the offer did not go to learns nothing about it.
    let refusal = day.refused(&Actor::engineer("bob"), "T1", yes(epoch + 1));
    assert!(matches!(refusal, Refusal::NotYours { .. }), "{refusal}");
    day.act(&Actor::engineer("ada"), "T1", yes(epoch));
}

#[test]
fn who_lacks_the_skill_is_not_offered_a_ticket_by_name() {
    let mut day = asked();
    let mut roof = job("T2", 0.0);
    roof.skills.all[0].skill = "roof".into();
    day.request(roof);
    let refusal = day.refused(&sue(), "T2", Act::OfferTo { engineer: "ada".into() });
    assert_eq!(refusal.code(), "D505");
    assert_eq!(refusal, Refusal::DoesNotFit { engineer: "ada".into(), ticket: "T2".into() });
}

#[test]
fn whoever_stops_something_says_why() {
    let mut day = asked();
    let (offer, _) = day.offer_to("ada", "T1");
    for (command, act) in [
        ("cancel", Act::Cancel { reason: " ".into() }),
        ("hold", Act::Hold { reason: String::new(), review: Instant(HOUR) }),
        ("decline", Act::Decline { offer: offer.id, reason: "\t".into() }),
    ] {
        let refusal = day.refused(&sue(), "T1", act);
        assert_eq!((refusal.code(), &refusal), ("D507", &Refusal::NoReason { command }));
    }
}

#[test]
fn nobody_agrees_to_a_time_that_nobody_has_proposed() {
    let mut day = asked();
    for engineer in ["ada", "bob"] {
        day.decline(engineer, "T1");
    }
    assert_eq!(day.case("T1").phase, Phase::Awaiting);
    let refusal = day.refused(&sue(), "T1", Act::Consent { agreed: true });
    assert_eq!(refusal.code(), "D508");
    assert_eq!(refusal, Refusal::NoProposal { ticket: "T1".into() });
}

#[test]
fn who_is_on_the_way_to_a_ticket_that_is_cancelled_is_free_at_once() {
    let mut day = asked();
    day.accept("ada", "T1");
    day.request(job("T2", 2.0));
    day.accept("ada", "T2");
    let ada = Actor::engineer("ada");
    day.act(&ada, "T1", Act::Depart);
    day.at(MINUTE);
    let events = day.act(&sue(), "T1", Act::Cancel { reason: "works again".into() });
    assert_eq!(verbs(&events), ["cancelled"]);
    // Nobody comes to T1; T2 keeps the time that it was told, and she may go there before it.
    assert_eq!(calls(&events), ["T1"]);
    let case = day.case("T1");
    assert_eq!((case.phase, case.told.as_ref(), case.owner()), (Phase::Cancelled, None, None));
    assert_eq!(day.route("ada"), ["T2"]);
    day.act(&ada, "T2", Act::Depart);
}

#[test]
fn an_emergency_ends_a_hold() {
    let mut day = asked();
    let act = Act::Hold { reason: "abroad".into(), review: Instant(5 * HOUR) };
    day.act(&sue(), "T1", act);
    let due = Instant(2 * HOUR);
    let events = day.act(&sue(), "T1", Act::Emergency { due });
    assert_eq!(verbs(&events), ["resumed", "emergency_declared", "offered"]);
    let case = day.case("T1");
    let timer = case.timers.get(TimerKind::Arrival).expect("promised");
    assert_eq!((timer.due, timer.state), (due, TimerState::Running));
    assert!(case.is_emergency() && case.held_by.is_none());
    assert!(case.timers.get(TimerKind::Review).is_none());
    assert_eq!(day.asked("T1"), ["ada"]);
}
