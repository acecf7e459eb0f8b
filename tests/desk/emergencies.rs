//! Emergencies that nobody reaches in time: what matters least makes room, nothing is lost, and it is said
//! who must be called.

use super::town::{Day, MINUTE, calls, job, town, verbs};
use fieldwright::dispatch::desk::{
    Act, Actor, Choice, Command, Desk, Displacement, Escalation, Fact, Mode, OfferPolicy, Order,
    Owner, Phase, TimerKind,
};
use fieldwright::model::{Ticket, Window};
use fieldwright::units::Instant;
use proptest::prelude::*;
use std::cmp::Reverse;

const LIMITS: Displacement = Displacement { visits: 2, told: 2, unless_priority: 1_000_000 };

fn rules(displacement: Option<Displacement>) -> OfferPolicy {
    // Who asks what would be if others were cancelled may call anybody, as an emergency may.
    OfferPolicy { displacement, calls: Some(u32::MAX), ..OfferPolicy::default() }
}

/// An hour of work that must begin within these minutes.
fn fixed(id: &str, at: f64, priority: u32, minutes: (i64, i64)) -> Ticket {
    let mut ticket = job(id, at);
    let (earliest, latest) = (Instant(minutes.0 * MINUTE), Instant(minutes.1 * MINUTE));
    (ticket.windows, ticket.priority) = (vec![Window::new(earliest, latest)], priority);
    ticket
}

/// Ada has T1, which matters more, and bob T2; each must begin between 0:10 and 1:00. Cem is 48 km away.
fn full(displacement: Option<Displacement>) -> Day {
    let world = town(&[("ada", 0.0), ("bob", 4.0), ("cem", 50.0)]);
    let mut day = Day::open(&world, rules(displacement));
    for (id, at, priority, engineer) in [("T1", 0.0, 3, "ada"), ("T2", 4.0, 1, "bob")] {
        day.request(fixed(id, at, priority, (10, 60)));
        day.accept(engineer, id);
    }
    day
}

/// The gas leak at 2 km is to be reached by 0:30, and takes an hour: whoever comes begins nothing else by 1:00.
fn leak(day: &mut Day) -> Vec<fieldwright::dispatch::desk::Event> {
    let mut leak = job("leak", 2.0);
    (leak.priority, leak.due) = (1_000_000, Some(Instant(30 * MINUTE)));
    day.request(leak)
}

#[test]
fn what_matters_least_makes_room_and_is_offered_anew_at_once() {
    let mut day = full(Some(LIMITS));
    leak(&mut day);
    // Both would be there in two minutes; T2 matters less than T1.
    assert_eq!(day.asked("leak"), ["bob", "ada"]);
    assert_eq!(day.offer_to("bob", "leak").0.displaces, ["T2"]);
    assert_eq!(day.route("bob"), ["T2"], "an offer pushes nobody out");
    let events = day.accept("bob", "leak");
    assert_eq!(verbs(&events), ["accepted", "withdrawn", "returned", "offered"]);
    assert_eq!(calls(&events), ["T2", "leak"]);
    assert_eq!((day.route("bob"), day.route("ada")), (vec!["leak"], vec!["T1"]));
    // From 50 km on he is there at 0:46.
    assert_eq!(day.asked("T2"), ["cem"]);
    let case = day.case("T2");
    assert_eq!(case.owner(), Some(Owner::Engineers(vec!["cem".into()])));
    assert_eq!((case.told.as_ref(), case.refusals.len()), (None, 0));
    assert!(Desk::replay(&day.log).state() == day.desk.state());
}

#[test]
fn whom_nobody_else_can_visit_waits_for_a_manager_with_a_clock() {
    let mut day = full(Some(LIMITS));
    day.duty("cem", fieldwright::dispatch::desk::Duty::OffDuty { reason: "course".into() });
    leak(&mut day);
    day.accept("bob", "leak");
    let case = day.case("T2");
    assert_eq!((case.phase, case.escalated), (Phase::Awaiting, Some(Escalation::Nobody)));
    assert_eq!(case.owner(), Some(Owner::Manager));
    assert!(case.timers.runs(TimerKind::Dispatch) && case.timers.runs(TimerKind::Attention));
}

#[test]
fn nothing_is_pushed_out_beyond_the_limits() {
    let told = Displacement { told: 0, ..LIMITS };
    let spared = Displacement { unless_priority: 1, ..LIMITS };
    for limits in [None, Some(told), Some(spared)] {
        let mut day = full(limits);
        leak(&mut day);
        // Ada and bob are at work until after one, and cem needs 48 minutes: it is for a manager.
        let case = day.case("leak");
        assert_eq!((case.offers.len(), case.escalated), (0, Some(Escalation::TooLate)));
    }
}

#[test]
fn what_is_under_way_or_decided_by_a_manager_stays() {
    let mut day = full(Some(LIMITS));
    day.act(&Actor::engineer("bob"), "T2", Act::Depart);
    leak(&mut day);
    assert_eq!(day.asked("leak"), ["ada"]);
    assert_eq!(day.offer_to("ada", "leak").0.displaces, ["T1"]);
}

#[test]
fn an_offer_that_need_push_out_nobody_any_more_pushes_out_nobody() {
    let mut day = full(Some(LIMITS));
    leak(&mut day);
    day.act(&Actor::support("sue"), "T2", Act::Cancel { reason: "works again".into() });
    let events = day.accept("bob", "leak");
    assert_eq!(verbs(&events), ["accepted", "withdrawn"]);
    assert_eq!(calls(&events), ["leak"]);
}

#[test]
fn a_visit_that_becomes_an_emergency_makes_room_in_the_day_it_is_in() {
    let mut day = Day::open(&town(&[("ada", 0.0)]), rules(Some(LIMITS)));
    day.request(fixed("T1", 0.0, 0, (10, 60)));
    day.accept("ada", "T1");
    day.request(job("leak", 2.0));
    day.accept("ada", "leak");
    assert_eq!(day.route("ada"), ["T1", "leak"]);
    let act = Act::Emergency { due: Instant(30 * MINUTE) };
    let events = day.act(&Actor::manager("max"), "leak", act);
    assert_eq!(verbs(&events), ["emergency_declared", "plan_changed", "returned", "escalated"]);
    assert_eq!(day.route("ada"), ["leak"]);
    let mut called = calls(&events);
    called.sort_unstable();
    assert_eq!(called, ["T1", "leak"], "one comes earlier, nobody comes to the other");
}

/// A recommendation for a ticket, as somebody of the house would see it.
fn recommended(desk: &mut Desk, now: Instant, ticket: Ticket) -> Choice {
    let (ticket, mode) = (Box::new(ticket), Mode::Recommend);
    let open = Command::Open { ticket, mode, requested: None };
    let events = desk.apply(now, &Actor::support("sue"), "recommend", &open).expect("sound");
    let mut choices = events.into_iter().filter_map(|event| match event.fact {
        Fact::Recommended { choice, .. } => Some(choice),
        _ => None,
    });
    choices.next_back().expect("recommended")
}

type Price = (Vec<u32>, usize, Vec<i64>);

/// The twin: for every engineer and every two of his visits or fewer, what if they were cancelled and he alone
/// were asked for the emergency, to be begun by its due time?
fn cheapest(day: &Day, emergency: &Ticket) -> Vec<(Price, String)> {
    let mut found = Vec::new();
    for member in day.desk.state().members() {
        let tickets: Vec<&str> = member.tickets().collect();
        let mut best: Option<Price> = None;
        for chosen in 0..1u32 << tickets.len() {
            let out = || (0..tickets.len()).filter(|n| chosen >> n & 1 == 1).map(|n| tickets[n]);
            let mut priorities: Vec<u32> = out().map(|id| day.case(id).ticket.priority).collect();
            priorities.sort_by_key(|&priority| Reverse(priority));
            let is_decided =
                |id: &str| day.case(id).holder.as_ref().is_some_and(|holder| holder.against_rules);
            if priorities.len() > 2 || out().any(is_decided) {
                continue;
            }
            let mut desk = day.desk.branch();
            for id in out() {
                let cancel = Command::on(id, Act::Cancel { reason: "what if".into() });
                desk.apply(day.now, &Actor::support("sue"), id, &cancel).expect("assigned");
            }
            let mut asked = emergency.clone();
            asked.required = vec![member.engineer.id.clone()];
            asked.windows = vec![Window::new(day.now, emergency.due.expect("promised"))];
            // Without the priority of an emergency it pushes nobody out.
            asked.priority = 0;
            if let Some(ranked) = recommended(&mut desk, day.now, asked).ranked.first() {
                let price = (priorities, out().count(), ranked.score.clone());
                best = Some(best.map_or(price.clone(), |best| best.min(price)));
            }
        }
        found.extend(best.map(|price| (price, member.engineer.id.clone())));
    }
    found.sort();
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_other_choice_pushes_out_less(
        jobs in prop::collection::vec((0..40i64, 0..4u32, 0..5i64, 0..3usize), 1..9),
        at in 0..40i64, due in 10..90i64,
    ) {
        let people = [("ada", 0.0), ("bob", 15.0), ("cem", 35.0)];
        let mut day = Day::open(&town(&people), rules(Some(LIMITS)));
        for (number, (at, priority, hour, who)) in jobs.into_iter().enumerate() {
            let id = format!("T{number}");
            day.request(fixed(&id, at as f64, priority, (hour * 40, hour * 40 + 30)));
            let version = day.case(&id).version;
            let act = Act::Assign { engineer: people[who].0.into(), reason: "so".into() };
            let assign = Command::on_version(&id, version, act);
            day.try_to(&Actor::manager("max"), assign).expect("somehow");
        }
        let mut leak = job("leak", at as f64);
        (leak.priority, leak.due) = (1_000_000, Some(Instant(due * MINUTE)));
        let expected = cheapest(&day, &leak);
        let choice = recommended(&mut day.desk.branch(), day.now, leak);
        if choice.order == Order::Displacement {
            let price = |displaces: &[String]| {
                let cases = displaces.iter().map(|id| day.case(id).ticket.priority);
                let mut priorities: Vec<u32> = cases.collect();
                priorities.sort_by_key(|&priority| Reverse(priority));
                (priorities, displaces.len())
            };
            let found: Vec<_> = choice
                .ranked
                .iter()
                .map(|ranked| (price(&ranked.displaces), ranked.engineer.as_str()))
                .collect();
            let least: Vec<_> = expected
                .iter()
                .map(|((priorities, told, _), who)| ((priorities.clone(), *told), who.as_str()))
                .collect();
            prop_assert_eq!(found.first().map(|f| &f.0), least.first().map(|l| &l.0));
            let sorted = |mut list: Vec<((Vec<u32>, usize), &str)>| {
                list.sort();
                list.into_iter().map(|(price, who)| (price, who.to_owned())).collect::<Vec<_>>()
            };
            prop_assert_eq!(sorted(found), sorted(least));
        } else {
            let due = Instant(due * MINUTE);
            let in_time = choice.ranked.iter().any(|ranked| ranked.arrive <= due);
            prop_assert!(in_time || expected.is_empty(), "{expected:?}");
        }
    }
}
