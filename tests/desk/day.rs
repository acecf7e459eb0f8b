//! Engineers at work: on the way, late, ill, off duty; emergencies; and plans that change with them.

use super::town::{Day, HOUR, MINUTE, calls, job, km, town, verbs};
use fieldwright::dispatch::desk::{
    Act, Actor, Command, Desk, Duty, Event, Fact, OfferPolicy, Phase, Refusal, Return, Search,
    TimerKind, TimerState,
};
use fieldwright::units::Instant;

/// Ada has T1, T2 and T3, an hour each, a minute apart; bob is 20 km away.
fn busy() -> Day {
    let mut day = Day::open(&town(&[("ada", 0.0), ("bob", 20.0)]), OfferPolicy::default());
    for (id, at, due) in [("T1", 1.0, HOUR), ("T2", 2.0, 2 * HOUR), ("T3", 3.0, 5 * HOUR)] {
        let mut ticket = job(id, at);
        ticket.due = Some(Instant(due));
        day.request(ticket);
        day.accept("ada", id);
    }
    assert_eq!(day.route("ada"), ["T1", "T2", "T3"]);
    day
}

fn ada() -> Actor {
    Actor::engineer("ada")
}

#[test]
fn a_visit_goes_from_departure_to_the_end() {
    let mut day = busy();
    day.act(&ada(), "T1", Act::Depart);
    assert_eq!((day.case("T1").phase, day.route("ada")), (Phase::EnRoute, vec!["T2", "T3"]));
    let busy = day.refused(&ada(), "T2", Act::Depart);
    assert_eq!(busy, Refusal::Busy { engineer: "ada".into(), ticket: "T1".into() });
    day.at(2 * MINUTE);
    day.act(&ada(), "T1", Act::Arrive);
    day.act(&ada(), "T1", Act::Start);
    day.at(10 * MINUTE);
    day.act(&ada(), "T1", Act::Pause { reason: "power cut".into() });
    let visit = day.case("T1").timers.get(TimerKind::Visit).expect("timed").state;
    assert_eq!(visit, TimerState::Paused { since: Instant(10 * MINUTE), late: false });
    day.at(20 * MINUTE);
    day.act(&ada(), "T1", Act::Start);
    // Ten minutes of the hour were lost: 1:02 becomes 1:12.
    let member = day.desk.state().member("ada").expect("known");
    assert_eq!(member.current.as_ref().map(|c| c.until), Some(Instant(72 * MINUTE)));
    day.at(70 * MINUTE);
    day.act(&ada(), "T1", Act::Finish);
    assert_eq!((day.case("T1").phase, day.case("T1").owner()), (Phase::Done, None));
    assert_eq!(day.desk.state().member("ada").expect("known").position, Some(km(1.0)));
}

#[test]
fn an_overrun_that_leaves_no_time_brings_the_last_visit_back() {
    let mut day = busy();
    day.act(&ada(), "T1", Act::Depart);
    day.at(MINUTE);
    day.act(&ada(), "T1", Act::Arrive);
    day.act(&ada(), "T1", Act::Start);
    // The shift ends at 10:00: after 8:30 one hour of work is left, and the way home.
    let events = day.act(&ada(), "T1", Act::Overrun { until: Instant(8 * HOUR + HOUR / 2) });
    assert_eq!(verbs(&events), ["overran", "returned", "offered"]);
    assert_eq!(day.route("ada"), ["T2"]);
    assert_eq!(day.asked("T3"), ["bob"]);
    // T2 comes hours later, T3 not at all: both must be told.
    assert_eq!(calls(&events), ["T2", "T3"]);
}

#[test]
fn who_falls_ill_at_noon_keeps_what_he_has_begun_and_the_rest_is_offered_again() {
    let mut day = busy();
    day.act(&ada(), "T1", Act::Depart);
    day.at(MINUTE);
    day.act(&ada(), "T1", Act::Arrive);
    day.act(&ada(), "T1", Act::Start);
    day.at(HOUR / 2);
    let mut urgent = job("T3", 3.0);
    urgent.due = Some(Instant(HOUR + HOUR / 2));
    day.act(&Actor::support("sue"), "T3", Act::Triage { ticket: Box::new(urgent) });
    let events = day.duty("ada", Duty::Ill { from: Instant(HOUR), reason: "fever".into() });
    assert_eq!(day.case("T1").phase, Phase::Working);
    assert_eq!(day.route("ada"), [""; 0]);
    assert_eq!((day.asked("T2"), day.asked("T3")), (vec!["bob"], vec!["bob"]));
    let offered: Vec<&str> = events
        .iter()
        .filter(|event| event.fact.event_type().ends_with("offered.v1"))
        .map(|event| event.subject.as_str())
        .collect();
    assert_eq!(offered, ["T3", "T2"], "what is due first is offered first");
    let mut called = calls(&events);
    called.sort_unstable();
    assert_eq!(called, ["T2", "T3"]);
    day.act(&ada(), "T1", Act::Finish);
}

#[test]
fn ill_from_later_on_keeps_what_is_over_by_then() {
    let mut day = busy();
    // T1 lasts from 0:01 to 1:01, T2 from 1:02 to 2:02.
    day.duty("ada", Duty::Ill { from: Instant(90 * MINUTE), reason: "dentist".into() });
    assert_eq!(day.route("ada"), ["T1"]);
    let version = day.case("T2").version;
    day.act(&Actor::manager("max"), "T2", Act::OfferTo { engineer: "bob".into() });
    assert!(day.case("T2").version > version);
}

/// Ada is on her way to T1 and would be there at 0:30; bob is a little nearer to it than she was.
fn on_the_way() -> Day {
    let mut day = Day::open(&town(&[("ada", 0.0), ("bob", 59.0)]), OfferPolicy::default());
    for (id, at) in [("T1", 30.0), ("T2", 31.0)] {
        day.request(job(id, at));
        let version = day.case(id).version;
        let act = Act::Assign { engineer: "ada".into(), reason: "hers".into() };
        day.try_to(&Actor::manager("max"), Command::on_version(id, version, act)).expect("hers");
    }
    day.act(&ada(), "T1", Act::Depart);
    day
}

#[test]
fn who_falls_ill_on_the_way_does_not_arrive_and_the_customer_is_told() {
    for minutes in [10, 20, 29] {
        let mut day = on_the_way();
        day.at(10 * MINUTE);
        let ill = Duty::Ill { from: Instant(minutes * MINUTE), reason: "fever".into() };
        let events = day.duty("ada", ill);
        assert_eq!((day.asked("T1"), day.asked("T2")), (vec!["bob"], vec!["bob"]));
        let mut called = calls(&events);
        called.sort_unstable();
        assert_eq!(called, ["T1", "T2"]);
        let why = |event: &Event| match &event.fact {
            Fact::Returned { why, .. } => Some(why.clone()),
            _ => None,
        };
        let whys: Vec<Return> = events.iter().filter_map(why).collect();
        assert_eq!(whys, [Return::Ill, Return::Ill]);
        assert_eq!((day.case("T1").told.as_ref(), day.case("T1").refusals.len()), (None, 0));
        assert_eq!(day.desk.state().member("ada").expect("known").current, None);
        assert!(Desk::replay(&day.log).state() == day.desk.state());
    }
}

#[test]
fn who_falls_ill_later_than_he_begins_what_he_is_on_the_way_to_keeps_it() {
    let mut day = on_the_way();
    let ill = Duty::Ill { from: Instant(40 * MINUTE), reason: "fever".into() };
    let events = day.duty("ada", ill);
    assert_eq!((day.case("T1").phase, calls(&events)), (Phase::EnRoute, vec!["T2"]));
}

#[test]
fn whoever_turns_back_on_the_way_leaves_a_customer_who_must_be_called() {
    let mut day = on_the_way();
    let reason = "flat tyre".to_owned();
    let events = day.act(&ada(), "T1", Act::CannotComplete { reason });
    assert!(calls(&events).contains(&"T1"), "{events:?}");
}

#[test]
fn who_goes_off_duty_is_not_asked_any_more_and_keeps_what_he_has() {
    let mut day = busy();
    day.request(job("T4", 4.0));
    assert_eq!(day.asked("T4"), ["ada"]);
    let events = day.duty("ada", Duty::OffDuty { reason: "course".into() });
    assert_eq!(verbs(&events), ["duty_ended", "withdrawn", "offered"]);
    assert_eq!((day.asked("T4"), day.route("ada").len()), (vec!["bob"], 3));
    let act = Act::OfferTo { engineer: "ada".into() };
    let refusal = day.refused(&Actor::manager("max"), "T4", act);
    assert_eq!(refusal, Refusal::OffDuty { engineer: "ada".into() });
}

#[test]
fn who_is_nearer_by_now_is_asked() {
    let mut day = Day::open(&town(&[("ada", 0.0), ("bob", 20.0)]), OfferPolicy::default());
    day.duty("bob", Duty::ReportPosition { place: km(5.0) });
    day.request(job("T1", 8.0));
    // 3 km and 12 km home to his place at 20, against 8 km there and 8 km back for ada.
    assert_eq!(day.asked("T1"), ["bob"]);
}

#[test]
fn a_customer_who_is_not_there_is_tried_again_at_the_review() {
    let mut day = busy();
    day.act(&ada(), "T1", Act::Depart);
    day.at(2 * MINUTE);
    day.act(&ada(), "T1", Act::Arrive);
    let events = day.act(&ada(), "T1", Act::CustomerAbsent);
    assert_eq!(verbs(&events), ["held"]);
    assert_eq!(day.case("T1").phase, Phase::OnHold);
    // Ada waits: T2, told for 1:02, may begin at 0:47 without a call.
    assert_eq!(calls(&events), [""; 0]);
    let member = day.desk.state().member("ada").expect("known");
    assert_eq!(member.routes["ada/1"].stops[0].start, Instant(47 * MINUTE));
}

#[test]
fn what_could_not_be_done_is_offered_to_others() {
    let mut day = busy();
    day.act(&ada(), "T1", Act::Depart);
    let reason = "another part is broken".to_owned();
    let events = day.act(&ada(), "T1", Act::CannotComplete { reason });
    assert_eq!(verbs(&events), ["returned", "offered"]);
    assert_eq!(day.asked("T1"), ["bob"]);
}

#[test]
fn an_emergency_is_offered_to_whoever_would_be_in_time_and_to_nobody_else() {
    let mut day = busy();
    day.request(job("T4", 1.5));
    day.decline("ada", "T4");
    day.decline("bob", "T4");
    let manager = Actor::manager("max");
    // Four hours have passed, so ada is asked again; then whoever would be in time.
    day.at(4 * HOUR);
    let events = day.act(&manager, "T4", Act::Emergency { due: Instant(4 * HOUR + 30 * MINUTE) });
    assert_eq!(verbs(&events)[..2], ["withdrawn", "emergency_declared"]);
    let case = day.case("T4");
    assert_eq!(case.arrival_due(), Some(Instant(4 * HOUR + 30 * MINUTE)));
    // Ada, who is nearer, has three visits that are late already: she would do one of them before, until five.
    assert_eq!(day.asked("T4"), ["bob"]);
}

#[test]
fn an_emergency_that_changes_no_time_of_the_route_stays_on_it() {
    let mut day = Day::open(&town(&[("ada", 0.0)]), OfferPolicy::default());
    let mut ticket = job("T1", 1.0);
    ticket.due = Some(Instant(HOUR));
    day.request(ticket);
    day.accept("ada", "T1");
    day.act(&Actor::manager("max"), "T1", Act::Emergency { due: Instant(HOUR / 2) });
    assert_eq!((day.case("T1").held_by_engineer(), day.route("ada")), (Some("ada"), vec!["T1"]));
}

#[test]
fn a_branch_tries_what_if_and_leaves_the_desk_alone() {
    let day = busy();
    let mut branch = day.desk.branch();
    let ill = Command::of("ada", Duty::Ill { from: Instant(HOUR), reason: "what if".into() });
    let events = branch.apply(day.now, &ada(), "what if", &ill).expect("not refused");
    assert_eq!(calls(&events), ["T1", "T2", "T3"]);
    assert_eq!(day.route("ada"), ["T1", "T2", "T3"]);
}

#[test]
fn what_was_tried_on_a_branch_happens_the_same_when_the_desk_is_given_the_same_commands() {
    let mut day = busy();
    day.at(12 * HOUR / 10);
    let from = Instant(13 * HOUR / 10);
    let ill = Command::of("ada", Duty::Ill { from, reason: "fever".into() });
    let mut branch = day.desk.branch();
    let try_on = |desk: &mut Desk| {
        let mut events = desk.apply(day.now, &ada(), "ill", &ill).expect("not refused");
        // Bob takes what he is asked for.
        let bob = Actor::engineer("bob");
        for id in ["T1", "T2", "T3"] {
            let case = desk.state().case(id).expect("known");
            let Some(offer) = case.offers.iter().find(|offer| offer.engineer == "bob") else {
                continue;
            };
            let yes = Command::on(id, Act::Accept { offer: offer.id, epoch: case.epoch });
            events.extend(desk.apply(day.now, &bob, id, &yes).expect("not refused"));
        }
        events
    };
    let tried = try_on(&mut branch);
    assert!(verbs(&tried).contains(&"accepted"), "{:?}", verbs(&tried));
    assert_eq!(try_on(&mut day.desk), tried);
    assert!(day.desk.state() == branch.state());
}

#[test]
fn a_proposal_changes_nothing_until_it_is_committed_and_only_what_still_stands() {
    // Ada has the job at bob's door and bob the one at ada's: they came in the wrong order.
    let mut day = Day::open(&town(&[("ada", 0.0), ("bob", 20.0)]), OfferPolicy::default());
    for (id, at, engineer) in [("T1", 19.0, "ada"), ("T2", 1.0, "bob")] {
        day.request(job(id, at));
        let version = day.case(id).version;
        let act = Act::Assign { engineer: engineer.into(), reason: "as told".into() };
        day.try_to(&Actor::manager("max"), Command::on_version(id, version, act)).expect("his");
    }
    let none = Search { iterations: 200, seed: 1, moves: 0 };
    let kept = day.desk.propose(day.now, &["ada", "bob"], none).expect("sound");
    assert_eq!(kept.change.calls, [""; 0], "no visit may go to another shift");
    let both = Search { moves: 2, ..none };
    let proposal = day.desk.propose(day.now, &["ada", "bob"], both).expect("sound");
    assert_eq!(proposal, day.desk.propose(day.now, &["ada", "bob"], both).expect("the same"));
    assert_eq!((day.route("ada"), day.route("bob")), (vec!["T1"], vec!["T2"]));
    let commit = Command::CommitPlan { proposal: Box::new(proposal) };
    let events = day.try_to(&Actor::manager("max"), commit.clone()).expect("still stands");
    assert_eq!((day.route("ada"), day.route("bob")), (vec!["T2"], vec!["T1"]));
    assert_eq!(day.case("T1").held_by_engineer(), Some("bob"));
    let mut called = calls(&events);
    called.sort_unstable();
    assert_eq!(called, ["T1", "T2"]);
    let refusal = day.try_to(&Actor::manager("max"), commit).expect_err("routes have changed");
    assert!(matches!(refusal, Refusal::PlanMoved { .. }), "{refusal:?}");
    assert!(Desk::replay(&day.log).state() == day.desk.state());
}

#[test]
fn who_saw_a_ticket_before_a_plan_gave_it_to_somebody_else_is_told() {
    let mut day = Day::open(&town(&[("ada", 0.0), ("bob", 20.0)]), OfferPolicy::default());
    let assign = |engineer: &str| Act::Assign { engineer: engineer.into(), reason: "so".into() };
    let max = Actor::manager("max");
    for (id, at, engineer) in [("T1", 19.0, "ada"), ("T2", 1.0, "bob"), ("T3", 1.0, "ada")] {
        day.request(job(id, at));
        let version = day.case(id).version;
        day.try_to(&max, Command::on_version(id, version, assign(engineer))).expect("his");
    }
    let [moved, kept] = ["T1", "T3"].map(|id| day.case(id).version);
    let search = Search { iterations: 200, seed: 1, moves: 2 };
    let proposal = day.desk.propose(day.now, &["ada", "bob"], search).expect("sound");
    let commit = Command::CommitPlan { proposal: Box::new(proposal) };
    day.try_to(&max, commit).expect("still stands");
    let holder = |id: &str| day.case(id).held_by_engineer();
    assert_eq!((holder("T1"), holder("T3")), (Some("bob"), Some("ada")));
    let blind = day.try_to(&max, Command::on_version("T1", moved, assign("bob")));
    let conflict = Refusal::Conflict {
        ticket: "T1".into(),
        expected: moved,
        version: moved + 1,
        phase: Phase::Assigned,
        holder: Some("bob".into()),
    };
    assert_eq!(blind, Err(conflict));
    // Who is visited by the same engineer is as he was seen.
    day.try_to(&max, Command::on_version("T3", kept, assign("bob"))).expect("nothing has changed");
}
