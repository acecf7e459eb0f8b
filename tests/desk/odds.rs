//! How likely engineers are to accept: given or learned, and how many are asked because of it.

use super::town::{Day, HOUR, MINUTE, job, town, verbs};
use fieldwright::dispatch::desk::{Act, Actor, Fact, Odds, OfferPolicy, OnTimeout};
use fieldwright::model::Window;
use fieldwright::units::Instant;
use std::collections::BTreeMap;

/// Chances in thousandths; who has none is likely to accept half of the time until he has answered.
fn policy(given: &[(&str, u32)]) -> OfferPolicy {
    let given = given.iter().map(|&(id, chance)| (id.to_owned(), chance)).collect();
    let odds = Odds { prior_accepts: 1, prior_offers: 2, within_rounds: 2, levels_first: 0, given };
    OfferPolicy { odds: Some(odds), ..OfferPolicy::default() }
}

/// Who is asked at once about a ticket at 0 km that is due at 0:35, the margin being 5 minutes.
fn asked(people: &[(&str, f64)], given: &[(&str, u32)]) -> Vec<String> {
    let mut day = Day::open(&town(people), policy(given));
    let mut ticket = job("T1", 0.0);
    ticket.due = Some(Instant(35 * MINUTE));
    day.request(ticket);
    day.asked("T1").into_iter().map(str::to_owned).collect()
}

const NEAR: [(&str, f64); 3] = [("ada", 1.0), ("bob", 2.0), ("cem", 3.0)];

#[test]
fn no_more_are_asked_at_once_than_make_a_yes_as_certain_as_it_should_be() {
    // Nine in ten are wanted: one who accepts so often is enough; of those who accept seven in ten, two are.
    assert_eq!(asked(&NEAR, &[("ada", 900)]), ["ada"]);
    assert_eq!(asked(&NEAR, &[("ada", 700), ("bob", 700), ("cem", 700)]), ["ada", "bob"]);
    // Of those who accept one in ten, all three are not, and more are not asked.
    assert_eq!(asked(&NEAR, &[("ada", 100), ("bob", 100), ("cem", 100)]), ["ada", "bob", "cem"]);
}

#[test]
fn who_would_come_too_late_makes_no_yes_more_certain() {
    let people = [("ada", 60.0), ("bob", 2.0), ("cem", 3.0)];
    assert_eq!(asked(&people, &[("ada", 950), ("bob", 100), ("cem", 100)]), ["bob", "cem"]);
}

#[test]
fn a_chance_that_is_given_stands_in_place_of_what_was_learned() {
    let mut day = Day::open(&town(&NEAR), policy(&[("ada", 800)]));
    day.request(job("T1", 0.0));
    day.decline("ada", "T1");
    day.decline("bob", "T1");
    let events = day.request(job("T2", 0.0));
    let Fact::Offered { choice, .. } = &events[1].fact else { panic!("{events:?}") };
    let odds: Vec<_> =
        choice.ranked.iter().map(|it| (it.engineer.as_str(), it.odds.expect("kept"))).collect();
    // Bob has declined one of one: (0 + 1) / (1 + 2). Cem has not answered yet: 1 / 2.
    assert_eq!(odds, [("ada", 800), ("bob", 333), ("cem", 500)]);
}

#[test]
fn a_chance_above_one_is_refused() {
    let faults = policy(&[("ada", 1_001), ("bob", 1_000)]).validate().expect_err("one fault");
    let places: Vec<&str> = faults.0.iter().map(|issue| issue.at.as_str()).collect();
    assert_eq!(places, ["policy.odds.given.ada"]);
}

#[test]
fn rules_without_given_chances_read_and_are_written_as_before() {
    let json = r#"{"prior_accepts":1,"prior_offers":2,"within_rounds":2,"levels_first":0}"#;
    let odds: Odds = serde_json::from_str(json).expect("reads");
    assert_eq!(odds.given, BTreeMap::new());
    assert_eq!(serde_json::to_string(&odds).expect("serializes"), json);
}

/// How many questions ada has answered or let lapse, and to how many she said yes.
fn answers(day: &Day) -> (u32, u32) {
    let ada = day.desk.state().member("ada").expect("known");
    (ada.asked, ada.accepted)
}

#[test]
fn silence_is_no_yes_also_where_it_is_consent() {
    let policy = OfferPolicy { on_timeout: OnTimeout::AutoAccept, ..OfferPolicy::default() };
    let mut day = Day::open(&town(&[("ada", 1.0)]), policy);
    day.request(job("T1", 0.0));
    assert_eq!(verbs(&day.at(30 * MINUTE)), ["accepted"]);
    assert_eq!(answers(&day), (1, 0));
}

#[test]
fn another_time_that_the_customer_agrees_to_is_a_yes() {
    for (agreed, yes) in [(true, 1), (false, 0)] {
        let mut day = Day::open(&town(&[("ada", 1.0)]), OfferPolicy::default());
        day.request(job("T1", 0.0));
        let (offer, _) = day.offer_to("ada", "T1");
        let window = Window::new(Instant(2 * HOUR), Instant(3 * HOUR));
        let other = Act::CounterOffer { offer: offer.id, window };
        day.act(&Actor::engineer("ada"), "T1", other);
        day.act(&Actor::support("sue"), "T1", Act::Consent { agreed });
        assert_eq!(answers(&day), (1, yes));
    }
}

#[test]
fn nobody_is_asked_more_at_once_than_the_rules_say() {
    let policy = OfferPolicy { offers_at_once: 2, ..OfferPolicy::default() };
    let mut day = Day::open(&town(&[("ada", 1.0), ("bob", 9.0)]), policy);
    for id in ["T1", "T2", "T3"] {
        day.request(job(id, 0.0));
    }
    let asked = ["T1", "T2", "T3"].map(|id| day.asked(id));
    assert_eq!(asked, [["ada"], ["ada"], ["bob"]]);
}
