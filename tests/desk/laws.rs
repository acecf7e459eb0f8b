//! Laws that hold whatever is commanded, at whatever time, in whatever order.

use crate::traffic::{HOUR, MINUTE, PEOPLE, Step, check_state, town_of_people};
use fieldwright::dispatch::desk::{
    Command, Desk, Displacement, Event, LateAccept, Odds, OfferPolicy, OnTimeout, QuietHours,
    ShortOfTime, State, TimerKind, TimerState,
};
use fieldwright::model::{
    Agreement, Calendar, ClockKind, Commitment, LocalWindow, Promise, Selector, TimeOfDay, Warn,
    Weekday,
};
use fieldwright::units::{Instant, Seconds};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn step() -> impl Strategy<Value = Step> {
    let wait = prop_oneof![4 => 0..5 * MINUTE, 1 => 0..2 * HOUR];
    (wait, 0..Step::WHATS, 0..Step::TICKETS, 0..PEOPLE.len(), 0..Step::ROLES, 0..4 * HOUR).prop_map(
        |(wait, what, ticket, person, role, amount)| Step {
            wait,
            what,
            ticket,
            person,
            role,
            amount,
        },
    )
}

fn policy() -> impl Strategy<Value = OfferPolicy> {
    (0..3u8, 0..3u8, any::<bool>(), any::<bool>(), any::<bool>(), 0..3_600i64, 0..3u32).prop_map(
        |(timeout, short, late, quiet, odds, tolerance, out)| OfferPolicy {
            on_timeout: [OnTimeout::Redispatch, OnTimeout::Escalate, OnTimeout::AutoAccept]
                [timeout as usize],
            short_of_time: match short {
                0 => ShortOfTime::Escalate,
                width => ShortOfTime::Parallel { width: width.into(), confidence: 900 },
            },
            late_accept: if late { LateAccept::Never } else { LateAccept::WhileNobodyHolds },
            quiet: quiet.then_some(QuietHours {
                from: TimeOfDay(3_600),
                to: TimeOfDay(5_400),
                unless_priority: 5,
                zone: None,
            }),
            odds: odds.then_some(Odds {
                prior_accepts: 1,
                prior_offers: 2,
                within_rounds: 3,
                levels_first: 1,
                given: BTreeMap::from([("dee".into(), 700)]),
            }),
            displacement: (out > 0).then_some(Displacement {
                visits: out,
                told: out,
                unless_priority: 6,
            }),
            retry_escalated: !late,
            cool_down: Seconds(HOUR),
            tolerance: Seconds(tolerance),
            shortlist: 2,
            ..OfferPolicy::default()
        },
    )
}

/// Promises by contract and customer, day and night or in two hours of the day, that stop for this and that.
fn agreement() -> impl Strategy<Value = Agreement> {
    let promise = |clock| {
        let stops = prop::sample::select(vec![vec![], vec!["so".into()], vec!["*".into()]]);
        let warn = prop::sample::select(vec![vec![], vec![Warn::Percent(75)]]);
        (60..6 * HOUR, any::<bool>(), stops, warn).prop_map(
            move |(within, office, stops_for, warn)| {
                let calendar = office.then(|| "office".into());
                Promise { calendar, stops_for, warn, ..Promise::new(clock, Seconds(within)) }
            },
        )
    };
    let clocks = [ClockKind::Dispatch, ClockKind::Acceptance, ClockKind::Arrival];
    let clock = prop::sample::select([&clocks[..], &[ClockKind::Resolution]].concat());
    prop::collection::vec((clock.prop_flat_map(promise), 0..3usize), 0..6).prop_map(|promises| {
        let office = Calendar::new("office", "Europe/Berlin")
            .open(&Weekday::ALL, &[LocalWindow::hours(2, 4), LocalWindow::hours(5, 22)]);
        let mut commitments: Vec<Commitment> = Vec::new();
        for (number, (promise, depth)) in promises.into_iter().enumerate() {
            let contract = (depth > 0).then(|| "gold".to_owned());
            let customer = (depth > 1).then(|| "acme".to_owned());
            let selector = Selector { contract, customer, ..Selector::default() };
            if !commitments
                .iter()
                .any(|it| (it.promise.clock, &it.selector) == (promise.clock, &selector))
            {
                commitments.push(Commitment { id: number.to_string(), selector, promise });
            }
        }
        Agreement { calendars: vec![office], commitments }
    })
}

/// What timers say is what clocks count: at the deadline, exactly what was promised has been counted.
fn check_promises(desk: &Desk) {
    for case in desk.state().cases() {
        for (kind, clock) in [
            (TimerKind::Dispatch, ClockKind::Dispatch),
            (TimerKind::Arrival, ClockKind::Arrival),
            (TimerKind::Resolution, ClockKind::Resolution),
        ] {
            let Some(timer) = case.timers.get(kind) else { continue };
            if timer.state != TimerState::Running {
                continue;
            }
            let mut clocks = case.promises.iter().filter(|it| it.promise.clock == clock);
            let within = clocks.next_back().expect("a clock for each timer").promise.within;
            let ledger = desk.ledger(&case.ticket.id, clock, timer.due).expect("readable");
            let counted = ledger.expect("promised").counted();
            assert_eq!(counted, within, "{kind} of {case:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_no_ticket_is_lost_or_held_twice_and_replay_is_the_state(
        policy in policy(), agreement in agreement(), steps in prop::collection::vec(step(), 1..60), cut in 0usize..60,
    ) {
        let world = town_of_people();
        let opened = Desk::open_under(Instant(0), &world, policy, agreement);
        let (mut desk, mut log) = opened.expect("sound");
        let (mut now, mut opened) = (Instant(0), 0);
        let mut middle: Option<(usize, State)> = None;
        for (number, step) in steps.iter().enumerate() {
            now = now + Seconds(step.wait);
            log.extend(desk.advance(now));
            prop_assert!(desk.next_deadline().is_none_or(|due| due > now));
            check_state(desk.state(), opened, now);
            let before = desk.state().clone();
            let (actor, command) = step.command(desk.state(), now);
            let key = format!("k{number}");
            match desk.apply(now, &actor, &key, &command) {
                Ok(events) => {
                    prop_assert!(!events.is_empty(), "{command:?}");
                    opened += usize::from(matches!(command, Command::Open { .. }));
                    log.extend(events.iter().cloned());
                    let state = desk.state().clone();
                    let again = desk.apply(now, &actor, &key, &command);
                    prop_assert_eq!(again.expect("the same answer"), events);
                    prop_assert!(state == *desk.state(), "a repeat changed something");
                }
                Err(refusal) => {
                    prop_assert!(before == *desk.state(), "{refusal} changed something");
                }
            }
            check_state(desk.state(), opened, now);
            check_promises(&desk);
            if number == cut {
                middle = Some((log.len(), desk.state().clone()));
            }
        }
        prop_assert!(log.iter().zip(0..).all(|(event, seq)| event.seq == seq));
        prop_assert!(Desk::replay(&log).state() == desk.state());
        if let Some((length, state)) = middle {
            prop_assert!(*Desk::replay(&log[..length]).state() == state);
        }
        for decision in Desk::decisions(&log) {
            prop_assert!(decision.is_same(), "{decision}");
        }
        let json = serde_json::to_string(&log).expect("serializes");
        let read: Vec<Event> = serde_json::from_str(&json).expect("reads");
        prop_assert_eq!(&read, &log);
        let snapshot = serde_json::to_string(desk.state()).expect("serializes");
        let state: State = serde_json::from_str(&snapshot).expect("reads");
        prop_assert!(state == *desk.state(), "a snapshot is the state");
    }
}
