//! Laws that hold whatever is commanded, at whatever time, in whatever order.

use super::town::{HOUR, MINUTE, job, km, town};
use fieldwright::dispatch::desk::{
    Act, Actor, Case, Command, Desk, Displacement, Duty, Event, LateAccept, Mode, Odds,
    OfferPolicy, OnTimeout, Phase, QuietHours, Role, ShortOfTime, State, TimerKind, TimerState,
};
use fieldwright::model::{
    Agreement, Calendar, ClockKind, Commitment, LocalWindow, Promise, Selector, TimeOfDay, Warn,
    Weekday, Window,
};
use fieldwright::units::{Instant, Seconds};
use proptest::prelude::*;
use std::collections::BTreeMap;

const PEOPLE: [&str; 4] = ["ada", "bob", "cem", "dee"];

/// One step: how much time passes, then what is tried on which ticket by or for whom.
#[derive(Clone, Debug)]
struct Step {
    wait: i64,
    what: u8,
    ticket: usize,
    person: usize,
    role: u8,
    amount: i64,
}

fn step() -> impl Strategy<Value = Step> {
    let wait = prop_oneof![4 => 0..5 * MINUTE, 1 => 0..2 * HOUR];
    (wait, 0..34u8, 0..5usize, 0..4usize, 0..12u8, 0..4 * HOUR).prop_map(
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
            }),
            odds: odds.then_some(Odds {
                prior_accepts: 1,
                prior_offers: 2,
                within_rounds: 3,
                levels_first: 1,
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

fn command(step: &Step, state: &State, now: Instant) -> (Actor, Command) {
    let person = PEOPLE[step.person];
    let id = format!("T{}", step.ticket);
    let case = state.case(&id);
    let holder = case.and_then(Case::held_by_engineer).unwrap_or(person);
    let later = now + Seconds(step.amount);
    let reason = || if step.amount % 50 == 0 { " ".to_owned() } else { "so".to_owned() };
    let asked = case.and_then(|case| case.offers.iter().chain(&case.lapsed).next_back());
    let offer = asked.map_or(step.amount as u64 % 9, |offer| offer.id);
    let epoch = case.map_or(0, |case| case.epoch);
    let window = Window::new(later, later + Seconds(HOUR));
    let new_ticket = || {
        let mut ticket = job(&id, step.amount as f64 / 600.0);
        ticket.due = (step.amount % 3 == 0).then_some(later + Seconds(MINUTE));
        ticket.skills.all[0].level = 1 + (step.amount % 7 == 0) as u32 * 2;
        ticket.priority = step.amount as u32 % 9;
        ticket.contract = (step.amount % 5 > 1).then(|| "gold".into());
        ticket.customer = (step.amount % 5 > 2).then(|| "acme".into());
        ticket
    };
    let mode = if step.amount % 4 == 0 { Mode::Recommend } else { Mode::Auto };
    let requested = Some(Instant(now.0 - step.amount % 600));
    let open = Command::Open { ticket: Box::new(new_ticket()), mode, requested };
    let into = format!("T{}", step.amount % 5);
    let act = match step.what {
        0..=5 => return (role(step, holder), open),
        6 => return (role(step, person), Command::of(person, Duty::OnDuty)),
        7 => {
            let ill = Duty::Ill { from: later, reason: reason() };
            return (role(step, person), Command::of(person, ill));
        }
        8 => {
            let place = km(step.amount as f64 / 500.0);
            let report = Duty::ReportPosition { place };
            return (Actor::engineer(person), Command::of(person, report));
        }
        9 => {
            let off = Duty::OffDuty { reason: reason() };
            return (role(step, person), Command::of(person, off));
        }
        10 => Act::Triage { ticket: Box::new(new_ticket()) },
        11 => Act::Merge { into },
        12 => Act::Hold { reason: reason(), review: later },
        13 => Act::Resume,
        14 => Act::Cancel { reason: reason() },
        15 => Act::Reopen { reason: reason(), due: Some(later) },
        16 => Act::Offer,
        17 => Act::OfferTo { engineer: person.into() },
        18..=21 => Act::Accept { offer, epoch },
        22 => Act::Decline { offer, reason: reason() },
        23 => Act::CounterOffer { offer, window },
        24 => Act::Consent { agreed: step.amount % 2 == 0 },
        25 => Act::Release { reason: reason() },
        26 => Act::Assign { engineer: person.into(), reason: reason() },
        27 => Act::Emergency { due: later },
        28 | 29 => Act::Depart,
        30 => Act::Arrive,
        31 => {
            if step.amount % 2 == 0 {
                Act::Start
            } else {
                Act::Pause { reason: reason() }
            }
        }
        32 => {
            if step.amount % 2 == 0 {
                Act::Finish
            } else {
                Act::Overrun { until: later }
            }
        }
        _ => match step.amount % 3 {
            0 => Act::Recommend,
            1 => Act::CannotComplete { reason: reason() },
            _ => Act::CustomerAbsent,
        },
    };
    let version = case.filter(|_| step.amount % 10 != 0).map(|case| case.version);
    (role(step, holder), Command::Ticket { ticket: id, version, act })
}

/// Mostly somebody who may.
fn role(step: &Step, engineer: &str) -> Actor {
    let role = match step.role {
        0 => Role::Customer,
        1 => Role::System,
        2 | 3 => Role::Engineer,
        4 => Role::Support,
        _ => Role::Manager,
    };
    Actor::new(role, engineer)
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

fn check_state(state: &State, opened: usize, now: Instant) {
    assert_eq!(state.cases().len(), opened, "no ticket is lost and none comes from nowhere");
    let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for member in state.members() {
        let current = member.current.iter().map(|current| current.ticket.as_str());
        for ticket in member.tickets().chain(current) {
            places.entry(ticket).or_default().push(&member.engineer.id);
        }
        for ticket in &member.offers {
            let case = state.case(ticket).expect("known");
            assert!(case.offers.iter().any(|offer| offer.engineer == member.engineer.id));
        }
    }
    for case in state.cases() {
        let id = case.ticket.id.as_str();
        let has = places.get(id).cloned().unwrap_or_default();
        let holder: Vec<&str> = case.held_by_engineer().into_iter().collect();
        assert_eq!(has, holder, "who holds {id} has it in his day, once: {case:?}");
        let is_held = case.phase == Phase::Assigned || case.phase.is_in_service();
        assert_eq!(is_held, case.holder.is_some(), "{case:?}");
        assert_eq!(case.phase == Phase::Offered, !case.offers.is_empty(), "{case:?}");
        assert_eq!(case.owner().is_none(), case.phase.is_over());
        let is_timed = case.timers.running().next().is_some() || !case.offers.is_empty();
        let rests = case.phase == Phase::Paused;
        assert!(is_timed || rests || case.phase.is_over(), "no timer runs: {case:?}");
        assert!(!case.phase.is_over() || !is_timed, "a timer runs on: {case:?}");
        let is_called = case.timers.runs(TimerKind::Attention);
        assert!(case.escalated.is_none() || is_called, "a manager is forgotten: {case:?}");
        let expired = case.offers.iter().any(|offer| offer.expires <= now);
        assert!(!expired, "an offer outlives its expiry: {case:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_no_ticket_is_lost_or_held_twice_and_replay_is_the_state(
        policy in policy(), agreement in agreement(), steps in prop::collection::vec(step(), 1..60), cut in 0usize..60,
    ) {
        let world = town(&[("ada", 0.0), ("bob", 5.0), ("cem", 12.0), ("dee", 30.0)]);
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
            let (actor, command) = command(step, desk.state(), now);
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
