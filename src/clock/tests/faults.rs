//! One fault in an otherwise sound agreement is one issue, with its code, at its path.

use super::{date, office};
use crate::model::{
    Agreement, Calendar, ClockKind, Code, Commitment, LocalWindow, Promise, Selector, SpecialDay,
    TimeOfDay, Warn, Weekday,
};
use crate::units::{LIMIT, Seconds};
use std::collections::BTreeSet;

/// Two calendars, two commitments, every kind of thing once, all of it sound.
fn sound() -> Agreement {
    let night = Calendar::new("night", "America/Santiago")
        .open(&Weekday::ALL, &[LocalWindow::hours(22, 6), LocalWindow::hours(6, 7)]);
    let day = office().special(date("2026-12-24"), "Christmas Eve", &[LocalWindow::hours(8, 12)]);
    let mut promise = Promise::new(ClockKind::Arrival, Seconds(3_600));
    promise.calendar = Some("office".into());
    promise.warn = vec![Warn::Percent(99), Warn::Before(Seconds(1))];
    let gold = Selector { contract: Some("gold".into()), ..Selector::default() };
    let first = Commitment { id: "all".into(), selector: Selector::default(), promise };
    let second = Commitment { id: "gold".into(), selector: gold, ..first.clone() };
    Agreement { calendars: vec![day, night], commitments: vec![first, second] }
}

fn windows(agreement: &mut Agreement) -> &mut Vec<LocalWindow> {
    &mut agreement.calendars[0].week[0].windows
}

/// A special day of the calendar that has night shifts.
fn after_night(agreement: &mut Agreement, window: LocalWindow) {
    let windows = vec![window];
    let day = SpecialDay { date: date("2026-05-01"), name: "Labour Day".into(), windows };
    agreement.calendars[1].special_days.push(day);
}

type Case = (Code, &'static str, fn(&mut Agreement));

const CASES: &[Case] = &[
    (Code::EMPTY_ID, "calendars[1].id", |it| it.calendars[1].id.clear()),
    (Code::DUPLICATE_ID, "calendars[1].id", |it| it.calendars[1].id = "office".into()),
    (Code::DUPLICATE_ID, "commitments[1].id", |it| it.commitments[1].id = "all".into()),
    (Code::UNKNOWN_ZONE, "calendars[0].zone", |it| it.calendars[0].zone = "Mars/Base".into()),
    (Code::EMPTY_CALENDAR, "calendars[1]", |it| it.calendars[1].week.clear()),
    (Code::EMPTY_CALENDAR, "calendars[1]", |it| it.calendars[1].week[0].days.clear()),
    (Code::EMPTY_CALENDAR, "calendars[1]", |it| it.calendars[1].week[0].windows.clear()),
    (Code::LOCAL_WINDOW, "calendars[0].week[0].windows[1]", |it| {
        windows(it).push(LocalWindow::hours(18, 18));
    }),
    (Code::LOCAL_WINDOW, "calendars[0].week[0].windows[1]", |it| {
        windows(it).push(LocalWindow::new(TimeOfDay::at(18, 0), TimeOfDay(86_401)));
    }),
    (Code::LOCAL_WINDOW, "calendars[0].week[0].windows[1]", |it| {
        windows(it).push(LocalWindow::hours(24, 3));
    }),
    (Code::LOCAL_WINDOW, "calendars[0].special_days[0].windows[0]", |it| {
        it.calendars[0].special_days[0].windows[0] = LocalWindow::hours(0, 0);
    }),
    (Code::HOURS_OVERLAP, "calendars[0].week", |it| windows(it).push(LocalWindow::hours(16, 18))),
    // A night that reaches into the next morning.
    (Code::HOURS_OVERLAP, "calendars[0].week", |it| windows(it).push(LocalWindow::hours(20, 9))),
    (Code::HOURS_OVERLAP, "calendars[0].special_days", |it| {
        it.calendars[0].special_days[0].windows.push(LocalWindow::hours(11, 13));
    }),
    // From Labour Day at nine until seven in the morning, when the hours from six to seven have begun.
    (Code::HOURS_OVERLAP, "calendars[1].special_days", |it| {
        after_night(it, LocalWindow::hours(9, 7));
    }),
    (Code::SPECIAL_DAY, "calendars[0].special_days[1].date", |it| {
        let again = it.calendars[0].special_days[0].clone();
        it.calendars[0].special_days.push(again);
    }),
    (Code::OUT_OF_RANGE, "commitments[0].promise.within", |it| {
        it.commitments[0].promise.within = Seconds(0);
    }),
    (Code::OUT_OF_RANGE, "commitments[0].promise.within", |it| {
        it.commitments[0].promise.within = Seconds(LIMIT + 1);
    }),
    (Code::UNKNOWN_CALENDAR, "commitments[1].promise.calendar", |it| {
        it.commitments[1].promise.calendar = Some("offices".into());
    }),
    (Code::WARN_POINT, "commitments[0].promise.warn[0]", |it| {
        it.commitments[0].promise.warn[0] = Warn::Percent(100);
    }),
    (Code::WARN_POINT, "commitments[0].promise.warn[0]", |it| {
        it.commitments[0].promise.warn[0] = Warn::Percent(0);
    }),
    (Code::WARN_POINT, "commitments[0].promise.warn[1]", |it| {
        it.commitments[0].promise.warn[1] = Warn::Before(Seconds(3_600));
    }),
    (Code::WARN_POINT, "commitments[0].promise.warn[1]", |it| {
        it.commitments[0].promise.warn[1] = Warn::Before(Seconds(0));
    }),
    (Code::COMMITMENT_TIE, "commitments[1].for", |it| {
        it.commitments[1].selector.contract = None;
    }),
];

#[test]
fn the_sound_agreement_is_sound() {
    assert_eq!(sound().validate(), Ok(()));
    let mut touching = sound();
    after_night(&mut touching, LocalWindow::hours(9, 6));
    assert_eq!(touching.validate(), Ok(()));
}

#[test]
fn one_fault_is_one_issue_at_its_path() {
    for (number, (code, at, break_it)) in CASES.iter().enumerate() {
        let mut agreement = sound();
        break_it(&mut agreement);
        let faults = agreement.validate().expect_err("a fault").0;
        let found: Vec<(Code, &str)> = faults.iter().map(|it| (it.code, it.at.as_str())).collect();
        assert_eq!(found, [(*code, *at)], "case {number}");
    }
}

#[test]
fn every_code_of_agreements_has_a_case() {
    let of_agreements = |number: &u16| (801..900).contains(number);
    let tested: BTreeSet<u16> = CASES.iter().map(|(code, ..)| code.number).collect();
    let all: BTreeSet<u16> = Code::ALL.iter().map(|code| code.number).collect();
    assert!(all.iter().filter(|number| of_agreements(number)).all(|it| tested.contains(it)));
}

#[test]
fn all_faults_are_told_at_once() {
    let mut agreement = sound();
    let zone = CASES[3].2;
    let tie = CASES[CASES.len() - 1].2;
    zone(&mut agreement);
    tie(&mut agreement);
    let faults = agreement.validate().expect_err("two faults");
    let codes: Vec<Code> = faults.0.iter().map(|issue| issue.code).collect();
    assert_eq!(codes, [Code::UNKNOWN_ZONE, Code::COMMITMENT_TIE]);
}
