//! What was promised to whom: commitments in business hours, holds that stop some clocks and not others,
//! warnings, and the account of it all.

use super::town::{Day, HOUR, MINUTE, job, town, verbs};
use fieldwright::clock::{State, Terms, Why};
use fieldwright::dispatch::desk::{
    Act, Actor, CUSTOMER_ABSENT, Command, Desk, Event, Fact, OfferPolicy, Owner, Refusal,
    TimerKind, TimerState,
};
use fieldwright::model::{Agreement, ClockKind, Code, Ticket};
use fieldwright::units::{Instant, Seconds};

/// Time 0 is a Thursday, 0:00. The office is open from 8 to 17 on working days; the people of the town
/// work from 0:00 to 10:00.
const OFFICE: &str = r#"{"id": "office", "zone": "UTC", "week": [
    {"days": ["mon", "tue", "wed", "thu", "fri"], "windows": [["08:00", "17:00"]]}]}"#;

fn agreement(commitments: &str) -> Agreement {
    let text = format!(r#"{{"calendars": [{OFFICE}], "commitments": [{commitments}]}}"#);
    serde_json::from_str(&text).expect("an agreement")
}

/// Ten office hours until somebody is there, unless the customer is away; asked within two hours.
fn standard() -> Agreement {
    agreement(
        r#"{"id": "arrival", "promise": {"clock": "arrival", "within": 36000, "calendar": "office",
            "stops_for": ["customer_absent"]}},
        {"id": "dispatch", "promise": {"clock": "dispatch", "within": 7200, "calendar": "office"}}"#,
    )
}

fn three(agreement: Agreement) -> Day {
    let world = town(&[("ada", 1.0), ("bob", 5.0), ("cem", 9.0)]);
    Day::open_under(&world, OfferPolicy::default(), agreement)
}

fn due(day: &Day, kind: TimerKind) -> Instant {
    day.case("T1").timers.get(kind).expect("promised").due
}

fn of(customer: &str, contract: &str) -> Ticket {
    let mut ticket = job("T1", 0.0);
    (ticket.customer, ticket.contract) = (Some(customer.into()), Some(contract.into()));
    ticket
}

fn hold(reason: &str, review: i64) -> Act {
    Act::Hold { reason: reason.into(), review: Instant(review) }
}

#[test]
fn a_deadline_in_business_hours_passes_over_the_night() {
    let mut day = three(standard());
    day.at(9 * HOUR);
    day.request(job("T1", 0.0));
    // Eight hours on Thursday, two on Friday.
    assert_eq!(day.case("T1").arrival_due(), Some(Instant(24 * HOUR + 10 * HOUR)));
    let clock = &day.case("T1").promises[1];
    assert_eq!((clock.commitment.as_str(), clock.started_at), ("arrival", Instant(9 * HOUR)));
}

#[test]
fn on_the_day_the_clocks_change_an_hour_less_is_counted() {
    let nights: Agreement = serde_json::from_str(
        r#"{"calendars": [{"id": "night", "zone": "Europe/Berlin", "week": [
                {"days": ["sun", "mon"], "windows": [["00:00", "06:00"]]}]}],
            "commitments": [{"id": "night", "promise":
                {"clock": "arrival", "within": 28800, "calendar": "night"}}]}"#,
    )
    .expect("an agreement");
    let mut day = three(nights);
    let evening: Instant = "2026-03-28T22:00:00+01:00".parse().expect("a moment");
    day.at(evening.0);
    day.request(job("T1", 0.0));
    // From two it is three at once: five hours on Sunday, and three of the eight are left for Monday.
    let expect: Instant = "2026-03-30T03:00:00+02:00".parse().expect("a moment");
    assert_eq!(day.case("T1").arrival_due(), Some(expect));
}

const LADDER: &str = r#"
    {"id": "all", "promise": {"clock": "arrival", "within": 36000}},
    {"id": "acme", "for": {"customer": "acme"}, "promise": {"clock": "arrival", "within": 14400}},
    {"id": "gold", "for": {"customer": "acme", "contract": "gold"},
        "promise": {"clock": "arrival", "within": 7200}}"#;

#[test]
fn the_most_specific_commitment_wins_and_without_one_the_ticket_says() {
    for (ticket, hours) in
        [(of("acme", "gold"), 2), (of("acme", "basic"), 4), (of("other", "gold"), 10)]
    {
        let mut day = three(agreement(LADDER));
        day.request(Ticket { due: Some(Instant(HOUR)), ..ticket });
        assert_eq!(due(&day, TimerKind::Arrival), Instant(hours * HOUR));
    }
    let mut day = three(Agreement::default());
    day.request(Ticket { due: Some(Instant(5 * HOUR)), ..of("acme", "gold") });
    assert_eq!(due(&day, TimerKind::Arrival), Instant(5 * HOUR));
    assert_eq!(due(&day, TimerKind::Dispatch), Instant(30 * MINUTE), "by the policy");
}

#[test]
fn commitments_that_contradict_each_other_are_refused_when_the_ticket_comes_in() {
    for clock in ["arrival", "acceptance"] {
        let mut day = three(agreement(&format!(
            r#"{{"id": "acme", "for": {{"customer": "acme"}},
                 "promise": {{"clock": "{clock}", "within": 60}}}},
               {{"id": "gold", "for": {{"contract": "gold"}},
                 "promise": {{"clock": "{clock}", "within": 90}}}}"#
        )));
        let open = Command::open(of("acme", "gold"));
        let refusal = day.try_to(&Actor::support("sue"), open).expect_err("a tie");
        let Refusal::Input(issues) = refusal else { panic!("{refusal:?}") };
        assert_eq!(issues.0[0].code, Code::COMMITMENT_TIE);
        assert!(day.desk.state().cases().is_empty());
    }
}

#[test]
fn a_hold_stops_the_clocks_whose_promise_stops_for_its_cause_and_no_other() {
    let mut day = three(standard());
    day.at(7 * HOUR);
    let mut roof = job("T1", 0.0);
    roof.skills.all[0].skill = "roof".into();
    day.request(roof);
    day.act(&Actor::manager("max"), "T1", hold(CUSTOMER_ABSENT, 50 * HOUR));
    let state = |kind| day.case("T1").timers.get(kind).expect("promised").state;
    let paused = TimerState::Paused { since: Instant(7 * HOUR), late: false };
    assert_eq!(state(TimerKind::Arrival), paused);
    assert_eq!(state(TimerKind::Dispatch), TimerState::Running);
    // Dispatch runs out at ten, on hold or not.
    let events = day.at(10 * HOUR);
    assert!(matches!(events[..], [Event { fact: Fact::Breached { timer, .. }, .. }]
        if timer == TimerKind::Dispatch));
    day.act(&Actor::support("sue"), "T1", Act::Resume);
    // From eight to ten the customer was away.
    assert_eq!(day.case("T1").arrival_due(), Some(Instant(24 * HOUR + 11 * HOUR)));
    day.act(&Actor::manager("max"), "T1", hold("parts", 50 * HOUR));
    assert_eq!(
        day.case("T1").timers.get(TimerKind::Arrival).expect("it").state,
        TimerState::Running
    );
}

#[test]
fn a_hold_over_a_night_moves_a_deadline_by_the_open_hours_of_it() {
    let mut day = three(standard());
    day.at(9 * HOUR);
    day.request(job("T1", 0.0));
    day.act(&Actor::support("sue"), "T1", hold(CUSTOMER_ABSENT, 24 * HOUR + 9 * HOUR));
    // Held from 9 on Thursday to 9 on Friday: nine open hours, no more.
    assert!(verbs(&day.at(24 * HOUR + 9 * HOUR)).contains(&"resumed"));
    let monday = 4 * 24 * HOUR;
    assert_eq!(day.case("T1").arrival_due(), Some(Instant(monday + 10 * HOUR)));
}

#[test]
fn at_three_quarters_it_is_warned_once_whoever_can_still_keep_the_promise() {
    let mut day = three(agreement(
        r#"{"id": "arrival", "promise": {"clock": "arrival", "within": 7200,
            "stops_for": ["customer_absent"], "warn": [{"percent": 75}, {"before": 1800}]}}"#,
    ));
    day.request(job("T1", 0.0));
    day.accept("ada", "T1");
    let events = day.at(90 * MINUTE);
    let warned: Vec<&Fact> =
        events.iter().map(|event| &event.fact).filter(|fact| is_warning(fact)).collect();
    let (moment, due) = (Instant(90 * MINUTE), Instant(2 * HOUR));
    let (timer, whom) = (TimerKind::Arrival, Owner::Engineers(vec!["ada".into()]));
    assert_eq!(warned, [&Fact::Warned { timer, moment, due, whom }]);
    // A hold moves the deadline, and not into another warning.
    day.act(&Actor::support("sue"), "T1", hold(CUSTOMER_ABSENT, 3 * HOUR));
    let events = day.at(5 * HOUR);
    assert!(!events.iter().any(|event| is_warning(&event.fact)), "{events:?}");
    assert!(events.iter().any(|event| matches!(event.fact, Fact::Breached { due, .. }
        if due == Instant(3 * HOUR + 30 * MINUTE))));
}

fn is_warning(fact: &Fact) -> bool {
    matches!(fact, Fact::Warned { .. })
}

#[test]
fn a_warning_that_only_the_desk_itself_could_heed_goes_to_a_manager() {
    let mut day = three(agreement(
        r#"{"id": "arrival", "promise": {"clock": "arrival", "within": 36000, "warn": [{"percent": 10}]}}"#,
    ));
    let quiet = r#"{"from": "00:00", "to": "02:00", "unless_priority": 5}"#;
    let quiet = serde_json::from_str(quiet).expect("quiet hours");
    let policy = Box::new(OfferPolicy { quiet: Some(quiet), ..OfferPolicy::default() });
    day.try_to(&Actor::manager("max"), Command::SetPolicy { policy }).expect("sound");
    assert_eq!(verbs(&day.request(job("T1", 0.0))), ["opened", "deferred"]);
    let events = day.at(HOUR);
    assert!(matches!(&events[..], [Event { fact: Fact::Warned { whom: Owner::Manager, .. }, .. }]));
}

#[test]
fn the_ledger_of_a_promise_adds_up_also_after_the_end() {
    let mut day = three(standard());
    day.at(7 * HOUR);
    day.request(job("T1", 0.0));
    day.act(&Actor::support("sue"), "T1", hold(CUSTOMER_ABSENT, 9 * HOUR));
    day.at(9 * HOUR);
    day.act(&Actor::support("sue"), "T1", hold("parts", 12 * HOUR));
    day.at(30 * HOUR);
    day.act(&Actor::support("sue"), "T1", Act::Cancel { reason: "works again".into() });
    let ledger = |kind, at| day.desk.ledger("T1", kind, Instant(at)).expect("readable");
    let arrival = ledger(ClockKind::Arrival, 90 * HOUR).expect("promised");
    let account: Vec<(i64, String)> =
        arrival.entries.iter().map(|it| (it.length().0 / HOUR, it.why.to_string())).collect();
    let expect = [
        (1, "closed"),
        (1, "paused: customer_absent"),
        (3, "open; does not stop for parts"),
        (5, "open"),
        (13, "closed"),
    ];
    let expect: Vec<(i64, String)> = expect.iter().map(|&(n, why)| (n, why.into())).collect();
    assert_eq!(account, expect, "from the request to the end");
    assert_eq!(arrival.counted(), Seconds(8 * HOUR));
    assert_eq!(ledger(ClockKind::Resolution, 90 * HOUR), None, "that was not promised");
    assert_eq!(day.desk.ledger("T9", ClockKind::Arrival, Instant(0)), Ok(None));
}

#[test]
fn what_the_house_promises_by_itself_has_a_ledger_too_and_stops_for_whatever_holds_it() {
    let mut day = three(Agreement::default());
    day.request(Ticket { due: Some(Instant(5 * HOUR)), ..job("T1", 0.0) });
    day.at(10 * MINUTE);
    day.act(&Actor::support("sue"), "T1", hold("abroad", HOUR));
    day.at(2 * HOUR);
    let arrival = day.desk.ledger("T1", ClockKind::Arrival, day.now).expect("readable");
    let whys: Vec<Why> = arrival.expect("promised").entries.into_iter().map(|it| it.why).collect();
    assert_eq!(whys, [Why::Open, Why::Paused { cause: "abroad".into() }, Why::Open]);
    assert_eq!(day.case("T1").arrival_due(), Some(Instant(5 * HOUR + 50 * MINUTE)));
}

#[test]
fn a_commitment_may_say_how_long_an_engineer_may_think() {
    let mut day = three(agreement(
        r#"{"id": "think", "promise": {"clock": "acceptance", "within": 1200, "calendar": "office"}}"#,
    ));
    day.at(7 * HOUR);
    day.request(job("T1", 0.0));
    assert_eq!(day.offer_to("ada", "T1").0.expires, Instant(8 * HOUR + 20 * MINUTE));
}

#[test]
fn resolution_runs_until_the_work_is_done() {
    for (hours, in_time) in [(2, true), (1, false)] {
        let mut day = three(agreement(&format!(
            r#"{{"id": "fix", "promise": {{"clock": "resolution", "within": {}}}}}"#,
            hours * HOUR
        )));
        day.request(job("T1", 0.0));
        day.accept("ada", "T1");
        for act in [Act::Depart, Act::Arrive, Act::Start, Act::Finish] {
            day.act(&Actor::engineer("ada"), "T1", act);
            day.at(day.now.0 + 25 * MINUTE);
        }
        let timer = day.case("T1").timers.get(TimerKind::Resolution).expect("promised");
        let end = Instant(75 * MINUTE);
        let expect = if in_time { TimerState::Met(end) } else { TimerState::Missed(end) };
        assert_eq!(timer.state, expect);
    }
}

#[test]
fn other_facts_bring_another_promise_from_the_same_request_on() {
    let mut day = three(agreement(LADDER));
    day.request(of("acme", "basic"));
    day.at(HOUR);
    day.act(&Actor::support("sue"), "T1", Act::Triage { ticket: Box::new(of("acme", "gold")) });
    assert_eq!(due(&day, TimerKind::Arrival), Instant(2 * HOUR));
    assert_eq!(day.case("T1").promises.last().expect("promised").commitment, "gold");
    day.act(&Actor::support("sue"), "T1", Act::Triage { ticket: Box::new(of("acme", "gold")) });
    assert_eq!(due(&day, TimerKind::Arrival), Instant(2 * HOUR));
}

#[test]
fn of_two_tickets_that_become_one_the_earlier_promise_stands_and_its_holds_count() {
    let mut day = three(agreement(
        r#"{"id": "gold", "for": {"contract": "gold"}, "promise":
            {"clock": "arrival", "within": 7200, "stops_for": ["parts"]}}"#,
    ));
    day.request(Ticket { due: Some(Instant(9 * HOUR)), ..job("T1", 0.0) });
    day.request(Ticket { id: "T2".into(), ..of("acme", "gold") });
    day.act(&Actor::support("sue"), "T1", hold("parts", HOUR));
    day.at(HOUR);
    day.act(&Actor::support("sue"), "T2", Act::Merge { into: "T1".into() });
    assert_eq!(due(&day, TimerKind::Arrival), Instant(3 * HOUR));
    let at_due = day.desk.ledger("T1", ClockKind::Arrival, Instant(3 * HOUR)).expect("readable");
    assert_eq!(at_due.expect("promised").counted(), Seconds(7_200));
}

#[test]
fn what_comes_back_at_night_is_to_be_offered_again_in_office_hours() {
    let mut day = three(standard());
    day.at(8 * HOUR);
    day.request(job("T1", 0.0));
    day.accept("ada", "T1");
    day.at(20 * HOUR);
    day.act(&Actor::engineer("ada"), "T1", Act::Release { reason: "flat tyre".into() });
    assert_eq!(due(&day, TimerKind::Dispatch), Instant(24 * HOUR + 10 * HOUR));
}

#[test]
fn another_agreement_holds_for_new_tickets_and_keeps_the_calendars_of_old_ones() {
    let mut day = three(standard());
    day.at(9 * HOUR);
    day.request(job("T1", 0.0));
    let set = |agreement| Command::SetAgreement { agreement: Box::new(agreement) };
    let manager = Actor::manager("max");
    let refusal = day.try_to(&manager, set(Agreement::default())).expect_err("still counted on");
    let Refusal::Input(issues) = refusal else { panic!("{refusal:?}") };
    assert_eq!(issues.0[0].code, Code::UNKNOWN_CALENDAR);
    day.try_to(&manager, set(agreement(LADDER))).expect("the office is in it");
    assert_eq!(day.case("T1").arrival_due(), Some(Instant(24 * HOUR + 10 * HOUR)));
    day.request(job("T2", 0.0));
    assert_eq!(day.case("T2").arrival_due(), Some(Instant(19 * HOUR)));
    assert!(day.desk.ledger("T1", ClockKind::Arrival, day.now).is_ok());
}

#[test]
fn faults_of_world_policy_and_agreement_are_reported_at_once() {
    let faulty = agreement(r#"{"id": "", "promise": {"clock": "arrival", "within": 0}}"#);
    let policy = OfferPolicy { shortlist: 0, ..OfferPolicy::default() };
    let world = town(&[("ada", 1.0), ("ada", 2.0)]);
    let faults = Desk::open_under(Instant(0), &world, policy, faulty).expect_err("four faults");
    let places: Vec<&str> = faults.0.iter().map(|issue| issue.at.as_str()).collect();
    let own = ["policy.shortlist", "commitments[0].id", "commitments[0].promise.within"];
    assert_eq!((&places[..3], places.len()), (&own[..], 4), "{faults}");
}

#[test]
fn a_desk_that_is_replayed_has_the_same_promises() {
    let mut day = three(standard());
    day.at(7 * HOUR);
    day.request(job("T1", 0.0));
    day.act(&Actor::support("sue"), "T1", hold(CUSTOMER_ABSENT, 9 * HOUR));
    day.at(9 * HOUR);
    let replayed = Desk::replay(&day.log);
    assert!(replayed.state() == day.desk.state());
    let ledger = |desk: &Desk| desk.ledger("T1", ClockKind::Arrival, day.now).expect("readable");
    assert_eq!(ledger(&replayed), ledger(&day.desk));
    // The clock and the event say the same, though only the clock can count.
    let terms = Terms::compile(day.desk.state().agreement()).expect("sound");
    let mut clock = day.case("T1").promises[1].clone();
    clock.pauses.clone_from(&day.case("T1").pauses);
    let reading = terms.read(&clock).expect("its calendar");
    assert_eq!(reading.deadline(), Ok(day.case("T1").arrival_due()));
    assert_eq!(reading.state(day.now), Ok(State::Running));
}

#[test]
fn events_from_before_there_were_agreements_are_read_and_written_as_ever() {
    for data in [
        r#"{"type":"aftersales.dispatch.reopened.v1","data":{"reason":"so","due":{"dispatch":1800,"arrival":7200}}}"#,
        r#"{"type":"aftersales.dispatch.breached.v1","data":{"clock":"arrival","due":7200}}"#,
        r#"{"type":"aftersales.dispatch.resumed.v1","data":{"due":[["arrival",7200]]}}"#,
    ] {
        let fact: Fact = serde_json::from_str(data).expect("known");
        assert_eq!(serde_json::to_string(&fact).expect("serializes"), data);
    }
    let mut day = three(Agreement::default());
    day.request(job("T1", 0.0));
    let written = serde_json::to_string(&day.log).expect("serializes");
    assert!(!written.contains("agreement") && !written.contains("promised"), "{written}");
}

#[test]
fn who_is_asked_is_reminded_as_the_promise_of_acceptance_says_and_no_more_once_he_has_answered() {
    let mut day = three(agreement(
        r#"{"id": "answer", "promise": {"clock": "acceptance", "within": 1200,
            "warn": [{"percent": 50}, {"before": 300}]}}"#,
    ));
    day.request(job("T1", 0.0));
    assert_eq!(day.desk.next_deadline(), Some(Instant(600)));
    assert_eq!(verbs(&day.at(600)), ["reminded"]);
    assert_eq!(verbs(&day.at(900)), ["reminded"]);
    // Ada has let it lapse; bob is asked at 20 minutes and answers after 25.
    assert_eq!(verbs(&day.at(1_200)), ["expired", "offered"]);
    let events = day.at(1_800);
    let Fact::Reminded { engineer, moment, expires, .. } = &events[0].fact else {
        panic!("{events:?}");
    };
    assert_eq!((engineer.as_str(), *moment, *expires), ("bob", Instant(1_800), Instant(2_400)));
    day.at(2_000);
    day.accept("bob", "T1");
    assert!(!verbs(&day.at(HOUR)).contains(&"reminded"));
    assert!(Desk::replay(&day.log).state() == day.desk.state());
}

/// Two hours until the work is done, but for the time in which a part is on its way.
fn until_done() -> Agreement {
    agreement(
        r#"{"id": "done", "promise": {"clock": "resolution", "within": 7200, "stops_for": ["part"],
            "warn": [{"percent": 75}]}}"#,
    )
}

/// Ada is at work on T1, and has stopped at 0:10.
fn stopped(reason: &str) -> Day {
    let mut day = three(until_done());
    let ada = Actor::engineer("ada");
    day.request(job("T1", 1.0));
    day.accept("ada", "T1");
    for act in [Act::Depart, Act::Arrive, Act::Start] {
        day.act(&ada, "T1", act);
    }
    day.at(10 * MINUTE);
    day.act(&ada, "T1", Act::Pause { reason: reason.into() });
    day
}

#[test]
fn work_that_stops_for_a_cause_of_the_promise_stops_the_clock_of_the_resolution() {
    let mut day = stopped("part");
    day.at(3 * HOUR);
    let timer = day.case("T1").timers.get(TimerKind::Resolution).expect("promised");
    assert_eq!(timer.state, TimerState::Paused { since: Instant(10 * MINUTE), late: false });
    day.act(&Actor::engineer("ada"), "T1", Act::Start);
    // Ten minutes of two hours were used up.
    assert_eq!(due(&day, TimerKind::Resolution), Instant(3 * HOUR + 110 * MINUTE));
    // Three quarters are used up 80 minutes later.
    let events = day.at(3 * HOUR + 80 * MINUTE);
    assert!(verbs(&events).contains(&"warned"), "{events:?}");
    let ledger = day.desk.ledger("T1", ClockKind::Resolution, day.now).expect("readable");
    assert_eq!(ledger.expect("promised").counted(), Seconds(90 * MINUTE));
    assert!(Desk::replay(&day.log).state() == day.desk.state());
}

#[test]
fn work_that_stops_for_anything_else_stops_nothing() {
    let mut day = stopped("lunch");
    let events = day.at(2 * HOUR);
    assert!(verbs(&events).contains(&"breached"), "{events:?}");
    assert_eq!(due(&day, TimerKind::Resolution), Instant(2 * HOUR));
}

#[test]
fn what_cannot_be_completed_goes_on_being_due() {
    let mut day = stopped("part");
    day.at(HOUR);
    let act = Act::CannotComplete { reason: "the wrong part came".into() };
    day.act(&Actor::engineer("ada"), "T1", act);
    assert_eq!(due(&day, TimerKind::Resolution), Instant(HOUR + 110 * MINUTE));
    assert!(day.case("T1").timers.runs(TimerKind::Resolution));
}
