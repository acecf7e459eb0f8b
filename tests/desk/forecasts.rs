//! What is told ahead about promises: from the plan where somebody has the ticket, else from who could.

use super::town::{Day, HOUR, MINUTE, job, town};
use fieldwright::dispatch::desk::{
    Act, Actor, Command, Fact, Forecast, Mode, OfferPolicy, Risk, TimerKind,
};
use fieldwright::model::TravelMode;
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
        // Nobody is asked about T2, as nobody would be in time.
        let version = day.case(id).version;
        let act = Act::Assign { engineer: "ada".into(), reason: "as told".into() };
        day.try_to(&Actor::manager("max"), Command::on_version(id, version, act)).expect("hers");
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

/// Tickets of a manager who picks from lists, more than share one excerpt: the lists, and the desk.
fn lists(tickets: usize) -> Day {
    let people = [("ada", 0.0), ("bob", 30.0), ("cem", 90.0), ("dee", 200.0)];
    let mut day = Day::open(&town(&people), OfferPolicy::default());
    for (id, engineer, at) in [("A1", "ada", 5.0), ("B1", "bob", 40.0), ("B2", "bob", 45.0)] {
        day.request(job(id, at));
        day.accept(engineer, id);
    }
    for number in 0..tickets {
        let mut ticket = job(&format!("T{number}"), number as f64 * 4.0);
        ticket.due = Some(Instant(HOUR + number as i64 * 7 * MINUTE));
        ticket.service = Seconds(MINUTE * (10 + number as i64 % 7 * 40));
        let (ticket, mode) = (Box::new(ticket), Mode::Recommend);
        let open = Command::Open { ticket, mode, requested: None };
        day.try_to(&Actor::support("sue"), open).expect("not refused");
    }
    day
}

#[test]
fn many_tickets_asked_about_at_once_have_the_same_chances_as_each_by_itself() {
    let day = lists(50);
    let forecast = day.desk.forecast(day.now);
    let mut takers = 0;
    for event in &day.log {
        let Fact::Recommended { choice, .. } = &event.fact else { continue };
        takers += choice.ranked.len();
        let last = choice.ranked.iter().filter_map(|ranked| ranked.latest_accept).max();
        let is_his = |it: &&Forecast| it.ticket == event.subject;
        let arrival = forecast.iter().filter(is_his).find(|it| it.promise == TimerKind::Arrival);
        assert_eq!(arrival.expect("promised").latest_accept, last, "{}", event.subject);
    }
    assert!((51..200).contains(&takers), "some can take them, and not all: {takers}");
}

#[test]
fn a_forecast_is_the_same_on_any_number_of_threads() {
    let day = lists(50);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| day.desk.forecast(day.now))
    };
    assert_eq!(on(1), on(7));
}

#[test]
fn a_ticket_at_the_end_of_the_world_takes_no_chance_from_its_neighbour() {
    let mut world = town(&[("ada", 0.0)]);
    if let TravelMode::Haversine { profiles } = &mut world.travel {
        // From here to the other side takes longer than can be counted.
        (profiles[0].meters_per_hour, profiles[0].detour_percent) = (1, 10_000);
    }
    let mut day = Day::open(&world, OfferPolicy::default());
    request(&mut day, "T1", 0.0, 5 * HOUR);
    request(&mut day, "T2", 20_000.0, 5 * HOUR);
    let forecast = day.desk.forecast(day.now);
    let expected = [("T2", Risk::OutOfReach, None), ("T1", Risk::Unplanned, None)];
    assert_eq!(arrivals(&forecast), expected);
}
