//! What is told ahead about promises: from the plan where somebody has the ticket, else from who could.

use super::town::{Day, HOUR, MINUTE, job, town};
use fieldwright::dispatch::desk::{Act, Actor, Forecast, OfferPolicy, Risk, TimerKind};
use fieldwright::units::{Instant, Seconds};

fn request(day: &mut Day, id: &str, at: f64, due: i64) {
    let mut ticket = job(id, at);
    ticket.due = Some(Instant(due));
    day.request(ticket);
}

/// Arrivals only: ticket, risk, slack.
fn arrivals(forecasts: &[Forecast]) -> Vec<(&str, Risk, Option<i64>)> {
    let arrivals = forecasts.iter().filter(|it| it.promise == TimerKind::Arrival);
    arrivals.map(|it| (it.ticket.as_str(), it.risk, it.slack.map(|slack| slack.0))).collect()
}

#[test]
fn the_plan_timed_from_now_says_who_will_be_late_and_by_how_much() {
    let mut day = Day::open(&town(&[("ada", 0.0)]), OfferPolicy::default());
    for (id, at, due) in [("T1", 1.0, HOUR), ("T2", 2.0, HOUR), ("T3", 3.0, 5 * HOUR)] {
        request(&mut day, id, at, due);
        day.accept("ada", id);
    }
    let before = day.desk.state().clone();
    // Ada is at T1 at 0:01, at T2 at 1:02, at T3 at 2:03.
    let now = arrivals(&day.desk.forecast(day.now)).iter().map(|it| it.2).collect::<Vec<_>>();
    assert_eq!(now, [Some(-2 * MINUTE), Some(59 * MINUTE), Some(177 * MINUTE)]);
    let later = day.desk.forecast(Instant(56 * MINUTE));
    // She has not left yet: 56 minutes later for all three, and three minutes are less than the margin.
    let expected = [
        ("T2", Risk::Breach, Some(-58 * MINUTE)),
        ("T1", Risk::Near, Some(3 * MINUTE)),
        ("T3", Risk::Kept, Some(121 * MINUTE)),
    ];
    assert_eq!(arrivals(&later), expected);
    assert!(before == *day.desk.state(), "a forecast changes nothing");
}

#[test]
fn a_ticket_that_nobody_has_is_out_of_reach_when_nobody_who_accepts_can_be_there_in_time() {
    let mut day = Day::open(&town(&[("ada", 0.0)]), OfferPolicy::default());
    request(&mut day, "T1", 20.0, HOUR);
    let at = |day: &Day, minute: i64| {
        let forecast = day.desk.forecast(Instant(minute * MINUTE));
        let arrival = forecast.into_iter().find(|it| it.promise == TimerKind::Arrival);
        arrival.map(|it| (it.risk, it.latest_accept)).expect("promised")
    };
    // Twenty minutes of driving and five of margin before 1:00.
    let latest = Some(Instant(35 * MINUTE));
    assert_eq!(at(&day, 34), (Risk::Unplanned, latest));
    assert_eq!(at(&day, 35), (Risk::OutOfReach, latest));
    day.at(HOUR);
    assert_eq!(at(&day, 60).0, Risk::Breached);
}

#[test]
fn who_is_on_the_way_is_expected_when_he_should_be_there() {
    let mut day = Day::open(&town(&[("ada", 0.0)]), OfferPolicy::default());
    request(&mut day, "T1", 10.0, HOUR);
    day.accept("ada", "T1");
    day.at(20 * MINUTE);
    day.act(&Actor::engineer("ada"), "T1", Act::Depart);
    let forecast = day.desk.forecast(day.now);
    assert_eq!(forecast[0].planned, Some(Instant(30 * MINUTE)));
    assert_eq!(forecast[0].slack, Some(Seconds(30 * MINUTE)));
    day.at(30 * MINUTE);
    day.act(&Actor::engineer("ada"), "T1", Act::Arrive);
    assert!(day.desk.forecast(day.now).is_empty(), "what is kept is no longer forecast");
}
