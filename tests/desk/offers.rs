//! Whom the desk asks, for how long, and what it does when nobody answers.

use super::town::{Day, HOUR, MINUTE, job, town, verbs};
use fieldwright::dispatch::desk::{
    Act, Actor, Command, Desk, Escalation, Fact, LateAccept, Mode, Odds, OfferPolicy, OnTimeout,
    Order, Owner, Phase, QuietHours, Refusal, ShortOfTime, TimerKind,
};
use fieldwright::model::{Place, TimeOfDay, Window};
use fieldwright::units::{Instant, Seconds};
use std::collections::BTreeMap;

fn three() -> Day {
    Day::open(&town(&[("ada", 1.0), ("bob", 5.0), ("cem", 9.0)]), OfferPolicy::default())
}

#[test]
fn the_nearest_is_asked_and_after_thirty_minutes_of_silence_the_next() {
    let mut day = three();
    let events = day.request(job("T1", 0.0));
    assert_eq!(verbs(&events), ["opened", "offered"]);
    assert_eq!(day.asked("T1"), ["ada"]);
    assert_eq!(day.desk.next_deadline(), Some(Instant(30 * MINUTE)));
    assert_eq!(day.at(30 * MINUTE - 1), []);
    let events = day.at(30 * MINUTE);
    assert_eq!(verbs(&events), ["expired", "offered"]);
    assert_eq!(day.asked("T1"), ["bob"]);
    assert_eq!(day.case("T1").owner(), Some(Owner::Engineers(vec!["bob".into()])));
}

#[test]
fn who_declined_is_not_asked_again_while_others_remain_nor_soon_after() {
    let mut day = three();
    day.request(job("T1", 0.0));
    for (engineer, next) in [("ada", "bob"), ("bob", "cem")] {
        assert_eq!(verbs(&day.decline(engineer, "T1")), ["declined", "offered"]);
        assert_eq!(day.asked("T1"), [next]);
    }
    let events = day.decline("cem", "T1");
    assert_eq!(verbs(&events), ["declined", "escalated"]);
    assert_eq!(day.case("T1").owner(), Some(Owner::Manager));
    // The cool-down is four hours: then those who refused are asked once more, by score.
    day.at(4 * HOUR - 1);
    assert_eq!(day.asked("T1"), [""; 0]);
    day.at(4 * HOUR);
    assert_eq!(day.asked("T1"), ["ada"]);
}

#[test]
fn who_declines_is_answered_first_and_the_next_is_asked_at_the_same_moment() {
    let mut day = three();
    day.request(job("T1", 0.0));
    day.at(5 * MINUTE);
    let (offer, _) = day.offer_to("ada", "T1");
    let no = Act::Decline { offer: offer.id, reason: "too far".into() };
    assert_eq!(verbs(&day.act(&Actor::engineer("ada"), "T1", no)), ["declined"]);
    // Whatever happens to the process now: the next one is due to be asked, and no command comes before that.
    assert_eq!(Desk::replay(&day.log).next_deadline(), Some(Instant(5 * MINUTE)));
    let cancel = Act::Cancel { reason: "works again".into() };
    let refusal = day.refused(&Actor::support("sue"), "T1", cancel);
    assert!(matches!(refusal, Refusal::DeadlinePassed { .. }), "{refusal}");
    assert_eq!(verbs(&day.at(5 * MINUTE)), ["offered"]);
    assert_eq!(day.asked("T1"), ["bob"]);
    assert!(!day.case("T1").timers.runs(TimerKind::Redispatch));
    assert_eq!(day.desk.next_deadline(), Some(Instant(35 * MINUTE)));
}

#[test]
fn with_nobody_who_can_a_manager_is_called_at_once() {
    let mut day = three();
    let mut roof = job("T1", 0.0);
    roof.skills.all[0].skill = "roof".into();
    let events = day.request(roof);
    assert_eq!(verbs(&events), ["opened", "escalated"]);
    let case = day.case("T1");
    assert_eq!(case.escalated, Some(Escalation::Nobody));
    assert!(case.timers.runs(TimerKind::Attention));
}

#[test]
fn the_dispatch_timer_runs_out_when_nobody_was_asked() {
    let mut day = three();
    let command =
        Command::Open { ticket: Box::new(job("T1", 0.0)), mode: Mode::Recommend, requested: None };
    let events = day.try_to(&Actor::support("sue"), command).expect("opened");
    assert_eq!(verbs(&events), ["opened", "recommended"]);
    // The list is to be looked at within 15 minutes, somebody to be asked within 30.
    assert_eq!(verbs(&day.at(15 * MINUTE)), ["breached", "escalated"]);
    assert_eq!(verbs(&day.at(30 * MINUTE)), ["breached", "breached"]);
    let manager = Actor::manager("max");
    day.act(&manager, "T1", Act::OfferTo { engineer: "cem".into() });
    assert_eq!(day.asked("T1"), ["cem"]);
    assert!(!day.case("T1").timers.runs(TimerKind::Dispatch));
}

#[test]
fn a_late_yes_after_redispatch_is_refused() {
    let mut day = three();
    day.request(job("T1", 0.0));
    let (offer, epoch) = day.offer_to("ada", "T1");
    day.at(31 * MINUTE);
    let late = Act::Accept { offer: offer.id, epoch };
    let refusal = day.refused(&Actor::engineer("ada"), "T1", late.clone());
    assert_eq!(refusal, Refusal::OfferOver { offer: offer.id, holder: None });
    day.accept("bob", "T1");
    let refusal = day.refused(&Actor::engineer("ada"), "T1", late);
    assert_eq!(refusal, Refusal::OfferOver { offer: offer.id, holder: Some("bob".into()) });
}

#[test]
fn a_late_yes_counts_while_nobody_else_was_asked_if_the_rules_say_so() {
    for (rule, counts) in [(LateAccept::WhileNobodyHolds, true), (LateAccept::Never, false)] {
        let policy = OfferPolicy { late_accept: rule, ..OfferPolicy::default() };
        let mut day = Day::open(&town(&[("ada", 1.0)]), policy);
        day.request(job("T1", 0.0));
        let (offer, epoch) = day.offer_to("ada", "T1");
        assert_eq!(verbs(&day.at(31 * MINUTE)), ["expired", "escalated"]);
        let late = Act::Accept { offer: offer.id, epoch };
        let answer = day.try_to(&Actor::engineer("ada"), Command::on("T1", late));
        assert_eq!(answer.is_ok(), counts);
        assert_eq!(day.case("T1").phase == Phase::Assigned, counts);
    }
}

#[test]
fn what_follows_silence_is_a_rule() {
    let expect = [
        (OnTimeout::Redispatch, vec!["expired", "offered"]),
        (OnTimeout::Escalate, vec!["expired", "escalated"]),
        (OnTimeout::AutoAccept, vec!["accepted"]),
    ];
    for (on_timeout, events) in expect {
        let policy = OfferPolicy { on_timeout, ..OfferPolicy::default() };
        let mut day = Day::open(&town(&[("ada", 1.0), ("bob", 5.0)]), policy);
        day.request(job("T1", 0.0));
        assert_eq!(verbs(&day.at(30 * MINUTE)), events);
    }
}

/// Nobody can be asked for half an hour: work is due at 0:35, and the margin is 5 minutes.
fn pressed(policy: OfferPolicy) -> Day {
    let mut day = Day::open(&town(&[("ada", 0.9), ("bob", 4.9), ("cem", 8.9)]), policy);
    let mut ticket = job("T1", 0.0);
    ticket.due = Some(Instant(35 * MINUTE));
    day.request(ticket);
    day
}

#[test]
fn short_of_time_several_are_asked_and_the_first_yes_wins() {
    let mut day = pressed(OfferPolicy::default());
    assert_eq!(day.asked("T1"), ["ada", "bob", "cem"]);
    // Each as long as he can still be there: 35 minutes less 5 less his way of almost 1, 5, 9.
    let expiries: Vec<i64> = day.case("T1").offers.iter().map(|o| o.expires.0 / MINUTE).collect();
    assert_eq!(expiries, [29, 25, 21]);
    assert_eq!(verbs(&day.decline("cem", "T1")), ["declined"], "the others may still say yes");
    let events = day.accept("bob", "T1");
    assert_eq!(verbs(&events), ["accepted", "withdrawn"]);
    assert_eq!(day.route("bob"), ["T1"]);
    // The appointment lapses at almost 0:20, when a manager is called for a quarter of an hour; then the promise
    // does, and no offer.
    assert_eq!(verbs(&day.at(34 * MINUTE)), ["breached", "escalated"]);
    assert_eq!(verbs(&day.at(35 * MINUTE)), ["breached", "breached"]);
}

#[test]
fn of_several_who_keep_silent_the_best_has_it_and_not_whose_time_is_over_first() {
    let policy = OfferPolicy { on_timeout: OnTimeout::AutoAccept, ..OfferPolicy::default() };
    let mut day = pressed(policy.clone());
    // They can be asked until 0:29, 0:25 and 0:21.
    assert_eq!(verbs(&day.at(22 * MINUTE)), ["expired"]);
    assert_eq!(day.asked("T1"), ["ada", "bob"]);
    assert_eq!(verbs(&day.at(26 * MINUTE)), ["expired"]);
    assert_eq!(verbs(&day.at(30 * MINUTE)), ["accepted"]);
    assert_eq!(day.route("ada"), ["T1"]);

    let mut day = pressed(policy);
    day.decline("ada", "T1");
    assert_eq!(verbs(&day.at(22 * MINUTE)), ["expired"]);
    assert_eq!(verbs(&day.at(26 * MINUTE)), ["accepted"], "bob is the best who is left");
    assert_eq!(day.route("bob"), ["T1"]);
}

/// Cem, who is asked with two others, would come two hours later.
fn another_time(day: &mut Day) -> Instant {
    day.at(10 * MINUTE);
    let (offer, _) = day.offer_to("cem", "T1");
    let window = Window::new(Instant(2 * HOUR), Instant(3 * HOUR));
    let events =
        day.act(&Actor::engineer("cem"), "T1", Act::CounterOffer { offer: offer.id, window });
    assert_eq!(verbs(&events), ["counter_offered"]);
    assert_eq!(day.asked("T1"), ["ada", "bob"]);
    day.case("T1").timers.get(TimerKind::Consent).expect("the customer thinks").due
}

#[test]
fn while_a_customer_thinks_about_another_time_the_others_stay_asked() {
    let mut day = pressed(OfferPolicy::default());
    another_time(&mut day);
    let (offer, _) = day.offer_to("ada", "T1");
    let window = Window::new(Instant(HOUR), Instant(2 * HOUR));
    let yet_another = Act::CounterOffer { offer: offer.id, window };
    let refusal = day.refused(&Actor::engineer("ada"), "T1", yet_another);
    assert!(matches!(refusal, Refusal::WrongPhase { .. }), "{refusal}");
    assert_eq!(verbs(&day.accept("bob", "T1")), ["accepted", "withdrawn"]);
    let case = day.case("T1");
    assert_eq!((case.held_by_engineer(), &case.proposal), (Some("bob"), &None));
    assert!(!case.timers.runs(TimerKind::Consent));

    let mut day = pressed(OfferPolicy::default());
    another_time(&mut day);
    let events = day.act(&Actor::support("sue"), "T1", Act::Consent { agreed: true });
    assert_eq!(verbs(&events), ["withdrawn", "withdrawn", "assigned"]);
    assert_eq!(day.case("T1").held_by_engineer(), Some("cem"));
}

#[test]
fn a_customer_who_thinks_leaves_time_to_ask_others() {
    let mut day = pressed(OfferPolicy::default());
    let by = another_time(&mut day);
    // Ada can accept until 0:29: half of the nineteen minutes from now are the customer's.
    let last = day.offer_to("ada", "T1").0.expires;
    assert_eq!(by, Instant((10 * MINUTE + last.0) / 2));
    assert_eq!(verbs(&day.at(by.0)), ["counter_offer_refused"]);
    assert_eq!(day.asked("T1"), ["ada", "bob"]);

    let mut day = pressed(OfferPolicy::default());
    let by = another_time(&mut day);
    assert_eq!(verbs(&day.decline("ada", "T1")), ["declined"]);
    assert_eq!(verbs(&day.decline("bob", "T1")), ["declined"], "the customer is asked first");
    assert_eq!(day.case("T1").owner(), Some(Owner::Support));
    assert_eq!(verbs(&day.at(by.0)), ["counter_offer_refused", "escalated"]);
}

#[test]
fn short_of_time_a_manager_is_called_if_the_rules_say_so() {
    let policy = OfferPolicy { short_of_time: ShortOfTime::Escalate, ..OfferPolicy::default() };
    assert_eq!(pressed(policy).case("T1").escalated, Some(Escalation::ShortOfTime));
}

#[test]
fn no_manager_is_called_for_want_of_time_while_there_is_a_round_for_others() {
    let policy = OfferPolicy { short_of_time: ShortOfTime::Escalate, ..OfferPolicy::default() };
    let mut day = Day::open(&town(&[("ada", 4.0), ("bob", 1.0)]), policy);
    let mut ticket = job("T1", 0.0);
    (ticket.due, ticket.preferred) = (Some(Instant(37 * MINUTE)), vec!["ada".into()]);
    let events = day.request(ticket);
    // Five minutes of margin and her way before 0:37 leave ada 28 minutes, and bob a full round of 31.
    let Fact::Offered { choice, offers, .. } = &events[1].fact else { panic!("{events:?}") };
    assert_eq!(choice.rounds, Some(1));
    assert_eq!((offers[0].engineer.as_str(), offers[0].expires.0 / MINUTE), ("ada", 28));
    assert_eq!(offers.len(), 1);
    day.decline("ada", "T1");
    assert_eq!(day.asked("T1"), ["bob"]);
}

#[test]
fn who_is_on_another_job_until_it_is_too_late_is_not_asked() {
    for (people, asked) in
        [(vec![("ada", 0.0)], vec![]), (vec![("ada", 0.0), ("bob", 20.0)], vec!["bob"])]
    {
        let mut day = Day::open(&town(&people), OfferPolicy::default());
        let mut long = job("T0", 0.0);
        long.service = Seconds(2 * HOUR);
        day.request(long);
        day.accept("ada", "T0");
        for act in [Act::Depart, Act::Arrive, Act::Start] {
            day.act(&Actor::engineer("ada"), "T0", act);
        }
        // At the same door, but ada is not free before 2:00.
        let mut ticket = job("T1", 0.0);
        ticket.due = Some(Instant(HOUR));
        day.request(ticket);
        assert_eq!(day.asked("T1"), asked);
        let called = asked.is_empty().then_some(Escalation::TooLate);
        assert_eq!(day.case("T1").escalated, called);
    }
}

#[test]
fn too_late_for_everybody_is_for_a_manager() {
    let mut day = three();
    let mut ticket = job("T1", 0.0);
    ticket.due = Some(Instant(5 * MINUTE));
    day.request(ticket);
    assert_eq!(day.case("T1").escalated, Some(Escalation::TooLate));
}

#[test]
fn with_time_for_rounds_one_is_asked_after_the_other() {
    let mut day = three();
    let mut ticket = job("T1", 0.0);
    ticket.due = Some(Instant(2 * HOUR));
    let events = day.request(ticket);
    let Fact::Offered { choice, offers, .. } = &events[1].fact else { panic!("{events:?}") };
    // Ada, a minute away, must accept by 1:54: three full rounds of half an hour.
    assert_eq!((choice.rounds, offers.len()), (Some(3), 1));
    let named: Vec<&str> = choice.ranked.iter().map(|r| r.engineer.as_str()).collect();
    assert_eq!(named, ["ada", "bob", "cem"], "the alternatives are written down");
}

#[test]
fn equals_are_asked_least_recently_assigned_first_then_by_id() {
    let mut day = Day::open(&town(&[("bob", 1.0), ("ada", 1.0)]), OfferPolicy::default());
    day.request(job("T1", 1.0));
    assert_eq!(day.asked("T1"), ["ada"]);
    day.accept("ada", "T1");
    day.act(&Actor::support("sue"), "T1", Act::Cancel { reason: "works again".into() });
    day.request(job("T2", 1.0));
    assert_eq!(day.asked("T2"), ["bob"]);
}

#[test]
fn when_time_is_short_who_is_likelier_to_accept_comes_first() {
    let given = BTreeMap::new();
    let odds = Odds { prior_accepts: 1, prior_offers: 2, within_rounds: 2, levels_first: 1, given };
    let policy = OfferPolicy { odds: Some(odds), ..OfferPolicy::default() };
    let mut day = Day::open(&town(&[("ada", 1.0), ("bob", 5.0)]), policy);
    // Ada declines once: (0 + 1) / (1 + 2) = 333 of 1000; bob accepts: (1 + 1) / (1 + 2) = 666.
    day.request(job("T1", 0.0));
    day.decline("ada", "T1");
    day.accept("bob", "T1");
    day.act(&Actor::support("sue"), "T1", Act::Cancel { reason: "works again".into() });
    let mut calm = job("T2", 0.0);
    calm.due = Some(Instant(3 * HOUR));
    day.request(calm);
    assert_eq!(day.asked("T2"), ["ada"]);
    let mut pressing = job("T3", 0.0);
    pressing.due = Some(Instant(HOUR));
    let events = day.request(pressing);
    let Fact::Offered { choice, .. } = &events[1].fact else { panic!("{events:?}") };
    assert_eq!(choice.order, Order::Odds);
    let odds: Vec<Option<u32>> = choice.ranked.iter().map(|ranked| ranked.odds).collect();
    assert_eq!(odds, [Some(666), Some(333)]);
    assert_eq!(day.asked("T3"), ["bob"]);
}

#[test]
fn nobody_is_woken_in_quiet_hours_unless_it_is_urgent() {
    let quiet =
        QuietHours { from: TimeOfDay(0), to: TimeOfDay(7_200), unless_priority: 50, zone: None };
    let policy = OfferPolicy { quiet: Some(quiet), ..OfferPolicy::default() };
    let mut day = Day::open(&town(&[("ada", 1.0)]), policy);
    assert_eq!(verbs(&day.request(job("T1", 0.0))), ["opened", "deferred"]);
    let mut urgent = job("T2", 0.0);
    urgent.priority = 50;
    assert_eq!(verbs(&day.request(urgent)), ["opened", "offered"]);
    let mut pressing = job("T3", 0.0);
    pressing.due = Some(Instant(HOUR));
    assert_eq!(verbs(&day.request(pressing)), ["opened", "offered"]);
    let events = day.at(2 * HOUR);
    assert!(events.iter().any(|e| e.subject == "T1" && matches!(e.fact, Fact::Offered { .. })));
    assert!(!events.iter().any(|e| e.subject == "T1" && matches!(e.fact, Fact::Breached { .. })));
}

#[test]
fn a_policy_that_cannot_be_kept_is_refused_with_all_its_faults() {
    let policy = OfferPolicy { expiry: Seconds(0), shortlist: 0, ..OfferPolicy::default() };
    let faults = policy.validate().expect_err("two faults");
    let places: Vec<&str> = faults.0.iter().map(|issue| issue.at.as_str()).collect();
    assert_eq!(places, ["policy.expiry", "policy.shortlist"]);
}

#[test]
fn a_fault_of_a_place_is_told_at_the_ticket_that_has_it() {
    let mut day = three();
    let mut nowhere = job("T1", 0.0);
    nowhere.place = Place::at(91.0, 13.4);
    let refusal = day.try_to(&Actor::support("sue"), Command::open(nowhere)).expect_err("no place");
    let Refusal::Input(issues) = refusal else { panic!("{refusal}") };
    let places: Vec<&str> = issues.0.iter().map(|issue| issue.at.as_str()).collect();
    assert_eq!(places, ["tickets[0].place"]);
}
