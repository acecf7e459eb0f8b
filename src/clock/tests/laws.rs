//! Laws of hours and clocks, on calendars drawn at random around the nights on which clocks are changed.

use super::twin;
use crate::clock::{Clock, Hours, Pause, Reading, State, Why};
use crate::model::{Calendar, ClockKind, Date, LocalWindow, Promise, TimeOfDay, Warn, WeekHours};
use crate::model::{SpecialDay, Weekday};
use crate::units::{Instant, Seconds};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const DAY: i64 = 86_400;
/// What the twin walks through: a change of clocks in the middle of it.
const MINUTES: i64 = 5 * 24 * 60;

/// Whole hours and half an hour; the far south; before, at and after midnight; none; twice a year during Ramadan.
const ZONES: [&str; 9] = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "America/Santiago",
    "Africa/Cairo",
    "America/Havana",
    "Asia/Kolkata",
    "Africa/Casablanca",
];

fn window() -> impl Strategy<Value = LocalWindow> {
    // Quarters of an hour, more of them in the small hours.
    let quarter = prop_oneof![0u32..16, 0u32..96];
    (quarter.clone(), quarter).prop_filter_map("no length", |(from, to)| {
        let time = |quarter| TimeOfDay(quarter * 900);
        (from != to).then(|| LocalWindow::new(time(from), time(if to == 0 { 96 } else { to })))
    })
}

/// Two days before a change of clocks in this zone, or any day where there is none.
fn start(zone: &str, seed: u8) -> Instant {
    let year = jiff::Timestamp::from_second(1_700_000_000 + i64::from(seed) * 9 * DAY);
    let year = year.expect("in range");
    let change = twin::zone(zone).following(year).next().map_or(year, |it| it.timestamp());
    Instant((change.as_second() - 2 * DAY).div_euclid(60) * 60)
}

/// A calendar, faults of overlap included, and where the twin begins.
fn calendar() -> impl Strategy<Value = (Calendar, Instant)> {
    let week = vec(vec(window(), 0..3), 7);
    let special = vec((0i64..6, vec(window(), 0..3)), 0..3);
    (select(&ZONES[..]), any::<u8>(), week, window(), special).prop_map(
        |(zone, seed, week, monday, special)| {
            let start = start(zone, seed);
            let mut calendar = Calendar::new("random", zone).open(&[Weekday::Mon], &[monday]);
            for (day, windows) in Weekday::ALL.into_iter().zip(week) {
                calendar.week.push(WeekHours { days: vec![day], windows });
            }
            for (offset, windows) in special {
                let date = Date::from_days(start.0.div_euclid(DAY) + offset).expect("in range");
                if calendar.special_days.iter().all(|day| day.date != date) {
                    calendar.special_days.push(SpecialDay {
                        date,
                        name: "special".into(),
                        windows,
                    });
                }
            }
            (calendar, start)
        },
    )
}

fn pause() -> impl Strategy<Value = (&'static str, i64, Option<i64>)> {
    let length = prop_oneof![1 => Just(None), 9 => (0i64..2_000).prop_map(Some)];
    (select(vec!["parts", "customer", "lunch"]), 0..MINUTES, length)
}

/// A clock that stops for parts and customers, its pauses in minutes after the start.
fn clock(start: Instant, target: i64, pauses: Vec<(&str, i64, Option<i64>)>) -> Clock {
    let mut promise = Promise::new(ClockKind::Resolution, Seconds(target * 60));
    promise.stops_for = vec!["parts".into(), "customer".into()];
    let mut clock = Clock::start("random", promise, start);
    for (cause, from, length) in pauses {
        let at = |minute: i64| Instant(start.0 + minute * 60);
        let to = length.map(|length| at(from + length));
        clock.record(Pause { cause: cause.into(), from: at(from), to }).expect("in order");
    }
    clock
}

/// No deadline is later than any.
fn or_never(deadline: Option<Instant>) -> Instant {
    deadline.unwrap_or(Instant(i64::MAX))
}

proptest! {
    // The twin walks through thousands of minutes for each case.
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn hours_count_what_the_twin_counts(
        (calendar, start) in calendar(), a in 0..MINUTES, b in 0..MINUTES, n in 1i64..3_000
    ) {
        let hours = Hours::build(&calendar);
        let open = twin::open_minutes(&calendar, start, MINUTES);
        let at = |minute: i64| Instant(start.0 + minute * 60);
        let (a, b) = (a.min(b), a.max(b));
        let count = |from: i64, to: i64| {
            open[from as usize..to as usize].iter().filter(|open| **open).count() as i64
        };
        prop_assert_eq!(hours.elapsed(at(a), at(b)), Ok(Seconds(count(a, b) * 60)));
        prop_assert_eq!(hours.is_open(at(a)), Ok(open[a as usize]));
        if let Some(first) = (a..MINUTES).find(|&minute| count(a, minute) == n) {
            prop_assert_eq!(hours.add(at(a), Seconds(n * 60)), Ok(at(first)));
        }
        if let Some(last) = (0..=b).rev().find(|&minute| count(minute, b) == n) {
            prop_assert_eq!(hours.back(at(b), Seconds(n * 60)), Ok(at(last)));
        }
    }

    #[test]
    fn a_clock_counts_what_the_twin_counts(
        (calendar, start) in calendar(),
        target in 1i64..3_000,
        pauses in vec(pause(), 0..5),
        now in 0..MINUTES,
    ) {
        let hours = Hours::build(&calendar);
        let clock = clock(start, target, pauses);
        let reading = Reading::new(&clock, &hours);
        let open = twin::open_minutes(&calendar, start, MINUTES);
        let counted = twin::counted_minutes(&clock, &open);
        let count = |to: i64| counted[..to as usize].iter().filter(|is| **is).count() as i64;
        let at = |minute: i64| Instant(start.0 + minute * 60);

        prop_assert_eq!(reading.elapsed(at(now)), Ok(Seconds(count(now) * 60)));
        prop_assert_eq!(reading.remaining(at(now)), Ok(Seconds((target - count(now)) * 60)));
        let due = (0..MINUTES).find(|&minute| count(minute) == target);
        let deadline = reading.deadline().expect("open every Monday");
        match due {
            Some(due) => prop_assert_eq!(deadline, Some(at(due))),
            None => prop_assert!(or_never(deadline) >= at(MINUTES)),
        }
        let is_held = clock.pauses.iter().any(|pause| {
            clock.stops_for(&pause.cause) && pause.from <= at(now) && at(now) < or_never(pause.to)
        });
        let state = match due {
            Some(due) if due < now => State::Breached,
            _ if is_held => State::Paused,
            _ => State::Running,
        };
        prop_assert_eq!(reading.state(at(now)), Ok(state));
    }
}

proptest! {
    #[test]
    fn elapsed_adds_up_in_any_order(
        (calendar, start) in calendar(), moments in prop::array::uniform3(-40 * DAY..40 * DAY)
    ) {
        let hours = Hours::build(&calendar);
        let [a, b, c] = moments.map(|moment| start + Seconds(moment));
        let elapsed = |from, to| hours.elapsed(from, to).expect("near");
        prop_assert_eq!(elapsed(a, b) + elapsed(b, c), elapsed(a, c));
    }

    #[test]
    fn what_is_added_has_elapsed_and_not_a_second_before(
        (calendar, start) in calendar(), offset in 0..7 * DAY, n in 1..30 * DAY
    ) {
        let hours = Hours::build(&calendar);
        let (a, n) = (start + Seconds(offset), Seconds(n));
        let due = hours.add(a, n).expect("open every Monday");
        prop_assert_eq!(hours.elapsed(a, due), Ok(n));
        prop_assert_eq!(hours.elapsed(a, Instant(due.0 - 1)), Ok(n - Seconds(1)));
        let start = hours.back(a, n).expect("open every Monday");
        prop_assert_eq!(hours.elapsed(start, a), Ok(n));
        prop_assert_eq!(hours.elapsed(Instant(start.0 + 1), a), Ok(n - Seconds(1)));
    }

    #[test]
    fn windows_are_apart_and_hold_all_that_elapses(
        (calendar, start) in calendar(), offset in 0..5 * DAY, length in 0..9 * DAY
    ) {
        let hours = Hours::build(&calendar);
        let from = start + Seconds(offset);
        let to = from + Seconds(length);
        let windows = hours.windows(from, to).expect("near");
        prop_assert!(windows.iter().all(|&(a, b)| from <= a && a < b && b <= to));
        prop_assert!(windows.windows(2).all(|pair| pair[0].1 < pair[1].0));
        let sum = windows.iter().map(|&(a, b)| b - a).sum();
        prop_assert_eq!(hours.elapsed(from, to), Ok(sum));
    }

    #[test]
    fn a_ledger_has_no_gap_and_sums_up_to_what_elapsed(
        (calendar, start) in calendar(),
        pauses in vec(pause(), 0..5),
        until in 0..5 * DAY,
        stop in prop::option::of(0..5 * DAY),
    ) {
        let hours = Hours::build(&calendar);
        let mut clock = clock(start, 1, pauses);
        clock.stopped_at = stop.map(|stop| start + Seconds(stop));
        let reading = Reading::new(&clock, &hours);
        let until = start + Seconds(until);
        let entries = reading.ledger(until).expect("near").entries;
        let end = until.min(or_never(clock.stopped_at));
        if start < end {
            prop_assert_eq!(entries.first().map(|it| it.from), Some(start));
            prop_assert_eq!(entries.last().map(|it| it.to), Some(end));
        }
        prop_assert!(entries.iter().all(|it| it.from < it.to));
        prop_assert!(entries.windows(2).all(|p| p[0].to == p[1].from && p[0].why != p[1].why));
        let ledger = reading.ledger(until).expect("near");
        prop_assert_eq!(reading.elapsed(until), Ok(ledger.counted()));
        // Pauses are charged with open hours only: with what was counted they are all of them.
        let paused = entries.iter().filter(|it| matches!(it.why, Why::Paused { .. }));
        let paused: Seconds = paused.map(|it| it.length()).sum();
        prop_assert_eq!(hours.elapsed(start, end), Ok(ledger.counted() + paused));
    }

    #[test]
    fn a_deadline_never_moves_forward_by_a_larger_target_or_another_pause(
        (calendar, start) in calendar(),
        target in 1i64..6_000,
        more in 0i64..6_000,
        pauses in vec(pause(), 0..4),
        another in pause(),
    ) {
        let hours = Hours::build(&calendar);
        let due = |clock: &Clock| or_never(Reading::new(clock, &hours).deadline().expect("near"));
        let plain = due(&clock(start, target, pauses.clone()));
        prop_assert!(plain <= due(&clock(start, target + more, pauses.clone())));
        let mut held = pauses;
        held.push(another);
        prop_assert!(plain <= due(&clock(start, target, held)));
    }

    #[test]
    fn a_warning_leaves_what_it_says_and_the_next_second_counts(
        (calendar, start) in calendar(),
        target in 2i64..3_000,
        share in 1u8..100,
        pauses in vec(pause(), 0..4),
    ) {
        let hours = Hours::build(&calendar);
        let mut clock = clock(start, target, pauses);
        let warn = Warn::Percent(share);
        clock.promise.warn = vec![warn];
        let reading = Reading::new(&clock, &hours);
        let warnings = reading.warnings().expect("open every Monday");
        let Some(deadline) = reading.deadline().expect("open every Monday") else {
            prop_assert_eq!(warnings, []);
            return Ok(());
        };
        let [warning] = warnings[..] else { panic!("one warning, not {warnings:?}") };
        prop_assert!(start <= warning && warning < deadline);
        let left = reading.remaining(warning).expect("near");
        prop_assert_eq!(left, warn.left_of(clock.promise.within));
        let next = reading.remaining(Instant(warning.0 + 1)).expect("near");
        prop_assert_eq!(next, left - Seconds(1));
    }

    #[test]
    fn records_full_of_nonsense_are_answered(
        numbers in vec(prop_oneof![any::<i64>(), -9i64..9], 8), cause in select(vec!["parts", "lunch"])
    ) {
        let mut clock = clock(Instant(numbers[0]), 1, vec![]);
        clock.promise.within = Seconds(numbers[1]);
        clock.promise.warn = vec![Warn::Before(Seconds(numbers[2])), Warn::Percent(255)];
        clock.stopped_at = Some(Instant(numbers[3]));
        for pair in numbers[4..].chunks(2) {
            let (from, to) = (Instant(pair[0]), Some(Instant(pair[1])));
            clock.pauses.push(Pause { cause: cause.into(), from, to });
        }
        let office = Hours::build(&super::office());
        for hours in [&office, &Hours::always()] {
            let reading = Reading::new(&clock, hours);
            let now = Instant(numbers[7]);
            // Whatever is in the record, what is answered hangs together.
            if let (Ok(elapsed), Ok(ledger)) = (reading.elapsed(now), reading.ledger(now)) {
                prop_assert_eq!(elapsed, ledger.counted());
            }
            if let Ok(left) = reading.remaining(now) {
                prop_assert_eq!(Ok(clock.promise.within - left), reading.elapsed(now));
            }
            if let (Ok(deadline), Ok(warnings)) = (reading.deadline(), reading.warnings()) {
                prop_assert!(warnings.iter().all(|warning| *warning <= or_never(deadline)));
            }
            let late = now.0 > clock.stopped_at.map_or(now.0, |it| it.0);
            if let (Ok(state), true) = (reading.state(now), late) {
                prop_assert!(matches!(state, State::Met | State::Breached));
            }
        }
    }
}
