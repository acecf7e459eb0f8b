//! Customers who were told when somebody comes: others are put around them, and they are called only as the rules allow.

use super::town::{Day, HOUR, MINUTE, calls, job, town};
use fieldwright::dispatch::desk::{
    Act, Actor, Command, Duty, Escalation, Event, OfferPolicy, Phase,
};
use fieldwright::model::{Ticket, Window};
use fieldwright::units::{Instant, Seconds};
use proptest::prelude::*;

/// An hour of work that may begin within these minutes.
fn between(id: &str, at: f64, minutes: (i64, i64)) -> Ticket {
    let (earliest, latest) = (Instant(minutes.0 * MINUTE), Instant(minutes.1 * MINUTE));
    Ticket { windows: vec![Window::new(earliest, latest)], ..job(id, at) }
}

fn allowing(calls: u32) -> OfferPolicy {
    OfferPolicy { calls: Some(calls), ..OfferPolicy::default() }
}

/// Ada, alone, has T1, told for 2:00, and T2, told for 3:01, a kilometre further; both could be as late as 8:00.
fn told(policy: OfferPolicy) -> Day {
    let mut day = Day::open(&town(&[("ada", 0.0)]), policy);
    for (id, at, earliest) in [("T1", 1.0, 120), ("T2", 2.0, 181)] {
        day.request(between(id, at, (earliest, 480)));
        day.accept("ada", id);
    }
    assert_eq!((start(&day, "T1"), start(&day, "T2")), (120, 181));
    day
}

/// When work on a ticket starts by the plan, in minutes.
fn start(day: &Day, id: &str) -> i64 {
    let routes = day.desk.state().members().iter().flat_map(|member| member.routes.values());
    let stop = routes.flat_map(|route| &route.stops).find(|stop| stop.id == id);
    stop.expect("planned").start.0 / MINUTE
}

/// Two hours and a half of work.
fn long(ticket: Ticket) -> Ticket {
    Ticket { service: Seconds(150 * MINUTE), ..ticket }
}

/// A manager gives it to ada, whether she would be in time or not.
fn give(day: &mut Day, id: &str) -> Vec<Event> {
    let act = Act::Assign { engineer: "ada".into(), reason: "nobody else".into() };
    let command = Command::on_version(id, day.case(id).version, act);
    day.try_to(&Actor::manager("max"), command).expect("not refused")
}

fn cancel(day: &mut Day, id: &str) -> Vec<Event> {
    day.act(&Actor::support("sue"), id, Act::Cancel { reason: "works again".into() })
}

#[test]
fn what_is_put_in_before_a_told_visit_does_not_put_it_off() {
    let mut day = told(allowing(0));
    // In time before T1, which would put T1 off by half an hour; late after T2.
    day.request(Ticket { due: Some(Instant(HOUR)), ..long(job("T3", 1.0)) });
    let events = give(&mut day, "T3");
    assert_eq!(calls(&events), ["T3"]);
    assert_eq!(day.route("ada"), ["T1", "T2", "T3"]);
    assert_eq!((start(&day, "T1"), start(&day, "T2")), (120, 181));
    // What is short enough goes before.
    day.request(job("T4", 1.0));
    assert_eq!(calls(&day.accept("ada", "T4")), ["T4"]);
    assert_eq!(day.route("ada"), ["T4", "T1", "T2", "T3"]);
}

#[test]
fn no_more_customers_are_called_than_may_be_and_nobody_where_that_need_not_be() {
    let before = || long(between("T3", 1.0, (0, 30)));
    for calls in [0, 1] {
        let mut day = told(allowing(calls));
        day.request(before());
        // Both are put off by half an hour.
        assert_eq!(day.case("T3").escalated, Some(Escalation::Nobody), "{calls}");
    }
    let mut day = told(allowing(2));
    day.request(before());
    let events = day.accept("ada", "T3");
    assert_eq!(calls(&events), ["T1", "T2", "T3"]);
    assert_eq!((start(&day, "T1"), start(&day, "T2")), (151, 212));

    // Whoever has room is asked instead, even from further away.
    let mut day = Day::open(&town(&[("ada", 0.0), ("bob", 20.0)]), allowing(2));
    day.request(between("T1", 1.0, (120, 480)));
    day.accept("ada", "T1");
    day.request(before());
    assert_eq!(day.asked("T3"), ["bob"]);
}

#[test]
fn what_falls_away_before_a_told_visit_does_not_pull_it_forward() {
    let mut day = Day::open(&town(&[("ada", 0.0)]), allowing(0));
    for (id, at) in [("T1", 1.0), ("T2", 2.0), ("T3", 3.0)] {
        day.request(job(id, at));
        day.accept("ada", id);
    }
    let events = cancel(&mut day, "T1");
    // T2 was told for 1:02: it may begin a quarter of an hour earlier, and T3, a minute away, after it.
    assert_eq!(calls(&events), ["T1"]);
    assert_eq!((start(&day, "T2"), start(&day, "T3")), (47, 108));
    let told = day.case("T2").told.as_ref().map(|told| told.start);
    assert_eq!(told, Some(Instant(62 * MINUTE)));
}

#[test]
fn a_told_visit_that_is_triaged_stays_where_it_is_unless_that_is_too_late() {
    let mut day = Day::open(&town(&[("ada", 0.0)]), allowing(0));
    for (id, at) in [("T1", 1.0), ("T2", 2.0)] {
        day.request(job(id, at));
        day.accept("ada", id);
    }
    cancel(&mut day, "T1");
    let sue = Actor::support("sue");
    let noted = Ticket { contract: Some("gold".into()), ..job("T2", 2.0) };
    let events = day.act(&sue, "T2", Act::Triage { ticket: Box::new(noted) });
    assert_eq!((calls(&events).len(), start(&day, "T2")), (0, 47));
    let due = Some(Instant(HOUR / 2));
    let urgent = Ticket { due, ..job("T2", 2.0) };
    let events = day.act(&sue, "T2", Act::Triage { ticket: Box::new(urgent) });
    assert_eq!((calls(&events), start(&day, "T2")), (vec!["T2"], 2));
}

#[test]
fn who_is_late_is_not_made_later_still_by_what_is_put_in() {
    let mut day = Day::open(&town(&[("ada", 0.0)]), allowing(0));
    day.request(job("T1", 1.0));
    day.accept("ada", "T1");
    // Told for 0:01, and she has not set out.
    day.at(HOUR);
    day.request(Ticket { due: Some(Instant(HOUR + HOUR / 2)), ..job("T2", 2.0) });
    let events = give(&mut day, "T2");
    assert_eq!(day.route("ada"), ["T1", "T2"]);
    assert_eq!((calls(&events), start(&day, "T1")), (vec!["T1", "T2"], 61));
}

#[test]
fn whom_nothing_keeps_at_the_told_time_is_visited_earlier_rather_than_not_at_all() {
    let mut day = Day::open(&town(&[("ada", 0.0)]), allowing(0));
    for (id, at) in [("T1", 1.0), ("T2", 2.0), ("T3", 3.0)] {
        day.request(job(id, at));
        day.accept("ada", id);
    }
    cancel(&mut day, "T1");
    // T2 would last until 1:47, and could be over at 1:02; for T3 there is no time before 1:30.
    let ill = Duty::Ill { from: Instant(90 * MINUTE), reason: "dentist".into() };
    let events = day.duty("ada", ill);
    assert_eq!((day.route("ada"), start(&day, "T2")), (vec!["T2"], 2));
    assert_eq!(calls(&events), ["T2", "T3"]);
}

#[test]
fn an_emergency_puts_off_whom_it_must() {
    let mut day = told(allowing(0));
    day.at(100 * MINUTE);
    let mut leak = job("leak", 1.0);
    (leak.priority, leak.due) = (1_000_000, Some(Instant(110 * MINUTE)));
    day.request(leak);
    let events = day.accept("ada", "leak");
    assert_eq!(day.route("ada"), ["leak", "T1", "T2"]);
    assert_eq!(calls(&events), ["T1", "T2", "leak"]);
}

#[test]
fn what_was_offered_under_other_rules_is_placed_by_those_that_hold_when_it_is_accepted() {
    let mut day = told(allowing(2));
    day.request(long(between("T3", 1.0, (0, 30))));
    let (offer, epoch) = day.offer_to("ada", "T3");
    let set = Command::SetPolicy { policy: Box::new(allowing(0)) };
    day.try_to(&Actor::manager("max"), set).expect("not refused");
    let events = day.act(&Actor::engineer("ada"), "T3", Act::Accept { offer: offer.id, epoch });
    assert_eq!((calls(&events), day.route("ada")), (vec![], vec!["T1", "T2"]));
    assert_ne!(day.case("T3").phase, Phase::Assigned);
}

/// What is drawn for the law: where, how long, from and until when, and what becomes of one that there is already.
type Drawn = (i64, i64, i64, i64, u8, usize);

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn as_long_as_nobody_is_late_only_those_are_called_who_may_be(
        all in prop::collection::vec((0..45i64, 10..150i64, 0..300i64, 0..300i64, 0..8u8, 0..9usize), 1..14),
        most in 0..3u32, tolerance in 0..1_200i64,
    ) {
        let policy = OfferPolicy { tolerance: Seconds(tolerance), ..allowing(most) };
        let people = [("ada", 0.0), ("bob", 20.0), ("cem", 40.0)];
        let mut day = Day::open(&town(&people), policy);
        for (number, drawn) in all.into_iter().enumerate() {
            let (at, minutes, from, length, what, other): Drawn = drawn;
            let id = format!("T{number}");
            let mut ticket = between(&id, at as f64, (from, from + length));
            ticket.service = Seconds(minutes * MINUTE);
            day.request(ticket);
            if let Some(engineer) = day.asked(&id).first().map(|&engineer| engineer.to_owned()) {
                let events = day.accept(&engineer, &id);
                let called = calls(&events);
                prop_assert!(called.len() <= 1 + most as usize, "{id}: {called:?}");
                prop_assert!(called.contains(&id.as_str()));
            }
            let other = format!("T{other}");
            let state = day.desk.state();
            let is_assigned = state.case(&other).is_some_and(|case| case.phase == Phase::Assigned);
            if what < 3 && is_assigned {
                let events = match what {
                    0 => cancel(&mut day, &other),
                    1 => {
                        let act = Act::Release { reason: "too far".into() };
                        day.act(&Actor::manager("max"), &other, act)
                    }
                    _ => {
                        let ticket = Box::new(day.case(&other).ticket.clone());
                        day.act(&Actor::support("sue"), &other, Act::Triage { ticket })
                    }
                };
                let expected: &[&str] = if what < 2 { &[&other] } else { &[] };
                prop_assert_eq!(calls(&events), expected);
            }
            let mut told = day.desk.state().cases().iter().filter(|case| case.holder.is_some());
            let is_kept = told.all(|case| {
                let told = case.told.as_ref().expect("told").start;
                let stops = day.desk.state().members().iter().flat_map(|it| it.routes.values());
                let mut stops = stops.flat_map(|route| &route.stops);
                let stop = stops.find(|stop| stop.id == case.ticket.id).expect("planned");
                (stop.start - told).0.abs() <= tolerance
            });
            prop_assert!(is_kept, "everybody is visited as he was told");
        }
    }
}
