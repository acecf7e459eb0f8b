//! The cases that every service desk meets, one reason each. Berlin is an hour ahead of UTC in winter, two
//! in summer; Tuesday is 2026-03-03 throughout.

use super::{HOUR, MINUTE, at, clock, daily, date, hours, office};
use crate::clock::{ClockError, Hours, Ledger, Pause, Reading, State, Why};
use crate::model::{Calendar, LocalWindow, TimeOfDay, Warn, Weekday};
use crate::units::{Instant, Seconds};

/// Reasons and lengths in hours, without the moments.
fn account(ledger: &Ledger) -> Vec<(String, i64)> {
    ledger.entries.iter().map(|it| (it.why.to_string(), it.length().0 / HOUR)).collect()
}

#[test]
fn a_hold_across_a_night_does_not_lengthen_by_the_night() {
    let hours = hours(&office());
    let mut clock = clock(4, at("2026-03-03T15:00:00+01:00"));
    // Held from 16:00 to 09:00: an hour of this day and one of the next, not seventeen.
    clock.pause(at("2026-03-03T16:00:00+01:00"), "parts").unwrap();
    clock.resume(at("2026-03-04T09:00:00+01:00"), "parts").unwrap();
    // 15 to 16 counts one hour, three more from 9 on.
    let deadline = Reading::new(&clock, &hours).deadline();
    assert_eq!(deadline, Ok(Some(at("2026-03-04T12:00:00+01:00"))));
}

#[test]
fn a_hold_over_a_weekend_that_begins_and_ends_while_closed_costs_nothing() {
    let hours = hours(&office());
    let mut clock = clock(2, at("2026-03-06T16:00:00+01:00")); // Friday
    clock.pause(at("2026-03-06T18:00:00+01:00"), "parts").unwrap();
    clock.resume(at("2026-03-09T07:00:00+01:00"), "parts").unwrap();
    let deadline = Reading::new(&clock, &hours).deadline();
    assert_eq!(deadline, Ok(Some(at("2026-03-09T09:00:00+01:00"))));
}

#[test]
fn a_hold_is_half_open() {
    let hours = Hours::always();
    let mut clock = clock(1, Instant(0));
    clock.pause(Instant(600), "parts").unwrap();
    clock.resume(Instant(900), "parts").unwrap();
    let reading = Reading::new(&clock, &hours);
    let states = [599, 600, 899, 900].map(|second| reading.state(Instant(second)).unwrap());
    assert_eq!(states, [State::Running, State::Paused, State::Paused, State::Running]);
    // The 600th second is the first that is not counted, the 900th the first that is again.
    let elapsed = [600, 601, 900, 901].map(|second| reading.elapsed(Instant(second)).unwrap().0);
    assert_eq!(elapsed, [600, 600, 600, 601]);
}

#[test]
fn a_promise_that_stops_for_any_cause_stops_for_each() {
    let hours = Hours::always();
    let mut clock = clock(1, Instant(0));
    clock.promise.stops_for = vec!["*".into()];
    clock.pause(Instant(600), "whatever it is").unwrap();
    clock.resume(Instant(900), "whatever it is").unwrap();
    assert_eq!(Reading::new(&clock, &hours).deadline(), Ok(Some(Instant(HOUR + 300))));
}

#[test]
fn a_negative_hold_is_refused_and_an_empty_one_stops_nothing() {
    let mut clock = clock(1, Instant(0));
    clock.pause(Instant(600), "parts").unwrap();
    let negative = ClockError::PauseTimes { from: Instant(600), to: Instant(599) };
    assert_eq!(clock.resume(Instant(599), "parts"), Err(negative.clone()));
    let whole = Pause { cause: "parts".into(), from: Instant(600), to: Some(Instant(599)) };
    assert_eq!(clock.record(whole), Err(negative));
    clock.resume(Instant(600), "parts").unwrap();
    let hours = Hours::always();
    assert_eq!(Reading::new(&clock, &hours).deadline(), Ok(Some(Instant(HOUR))));
}

#[test]
fn holds_that_overlap_leave_time_out_once() {
    let mut clock = clock(1, Instant(0));
    for (cause, from, to) in [("customer", 900, 1_500), ("parts", 600, 1_200)] {
        let (from, to) = (Instant(from), Some(Instant(to)));
        clock.record(Pause { cause: cause.into(), from, to }).unwrap();
    }
    // From 600 to 1500 in all; the ledger charges 1200 - 600 to the first and the rest to the other.
    let hours = Hours::always();
    let reading = Reading::new(&clock, &hours);
    assert_eq!(reading.deadline(), Ok(Some(Instant(HOUR + 900))));
    let ledger = reading.ledger(Instant(HOUR)).unwrap();
    let why: Vec<(i64, String)> =
        ledger.entries.iter().map(|it| (it.length().0, it.why.to_string())).collect();
    let expected =
        [(600, "open"), (600, "paused: parts"), (300, "paused: customer"), (2_100, "open")];
    assert_eq!(why, expected.map(|(length, why)| (length, why.to_owned())));
}

#[test]
fn each_clock_says_which_causes_stop_it() {
    let mut clock = clock(2, Instant(0));
    clock.pause(Instant(600), "lunch").unwrap();
    clock.resume(Instant(1_200), "lunch").unwrap();
    let hours = Hours::always();
    let reading = Reading::new(&clock, &hours);
    assert_eq!(reading.deadline(), Ok(Some(Instant(2 * HOUR))));
    assert_eq!(reading.state(Instant(700)), Ok(State::Running));
    // It is not left out, but it is listed.
    let ledger = reading.ledger(Instant(1_200)).unwrap();
    assert_eq!(ledger.entries[1].why, Why::RunsThrough { cause: "lunch".into() });
    assert_eq!(ledger.counted(), Seconds(1_200));
}

#[test]
fn while_it_is_held_there_is_no_deadline() {
    let hours = Hours::always();
    let mut clock = clock(1, Instant(0));
    clock.promise.warn = vec![Warn::Percent(50)];
    clock.pause(Instant(600), "parts").unwrap();
    let reading = Reading::new(&clock, &hours);
    assert_eq!(reading.deadline(), Ok(None));
    assert_eq!(reading.warnings(), Ok(vec![]));
    assert_eq!(reading.state(Instant(9 * HOUR)), Ok(State::Paused));
    assert_eq!(reading.remaining(Instant(9 * HOUR)), Ok(Seconds(HOUR - 600)));
}

#[test]
fn a_hold_after_the_deadline_does_not_mend_the_breach() {
    let hours = Hours::always();
    let mut clock = clock(1, Instant(0));
    clock.pause(Instant(HOUR + 1), "parts").unwrap();
    let reading = Reading::new(&clock, &hours);
    assert_eq!(reading.deadline(), Ok(Some(Instant(HOUR))));
    assert_eq!(reading.state(Instant(9 * HOUR)), Ok(State::Breached));
}

#[test]
fn to_arrive_at_the_deadline_is_to_arrive_in_time() {
    let hours = Hours::always();
    for (second, state) in [(HOUR, State::Met), (HOUR + 1, State::Breached)] {
        let mut clock = clock(1, Instant(0));
        clock.stop(Instant(second)).unwrap();
        assert_eq!(Reading::new(&clock, &hours).state(Instant(9 * HOUR)), Ok(state));
    }
}

#[test]
fn a_deadline_at_closing_time_is_not_put_off_to_the_next_opening() {
    let hours = hours(&office());
    // The ninth hour is complete at five sharp; at eight the next day nothing more has been counted.
    let due = hours.add(at("2026-03-03T08:00:00+01:00"), Seconds(9 * HOUR));
    assert_eq!(due, Ok(at("2026-03-03T17:00:00+01:00")));
    let clock = clock(9, at("2026-03-03T08:00:00+01:00"));
    let next_day = at("2026-03-04T08:00:00+01:00");
    let reading = Reading::new(&clock, &hours);
    assert_eq!(reading.remaining(next_day), Ok(Seconds::ZERO));
    assert_eq!(reading.state(next_day), Ok(State::Breached));
}

#[test]
fn the_end_of_the_day_is_24_00() {
    let late = LocalWindow::new(TimeOfDay::at(20, 0), TimeOfDay::at(24, 0));
    let early = LocalWindow::hours(0, 4);
    let hours = daily("Asia/Kolkata", &[late, early]);
    let from = at("2026-03-03T19:00:00+05:30");
    // Four hours before midnight and four after it touch: they are one window.
    let night = (at("2026-03-03T20:00:00+05:30"), at("2026-03-04T04:00:00+05:30"));
    assert_eq!(hours.windows(from, at("2026-03-04T12:00:00+05:30")), Ok(vec![night]));
    assert_eq!(hours.add(from, Seconds(5 * HOUR)), Ok(at("2026-03-04T01:00:00+05:30")));
}

#[test]
fn a_night_shift_belongs_to_the_day_it_begins_on() {
    let fridays =
        Calendar::new("night", "Asia/Kolkata").open(&[Weekday::Fri], &[LocalWindow::hours(22, 6)]);
    let hours = hours(&fridays);
    let week = hours.windows(at("2026-03-02T00:00:00+05:30"), at("2026-03-09T00:00:00+05:30"));
    let night = (at("2026-03-06T22:00:00+05:30"), at("2026-03-07T06:00:00+05:30"));
    assert_eq!(week, Ok(vec![night]));
}

#[test]
fn a_split_day_does_not_count_the_lunch_break() {
    let hours = daily("UTC", &[LocalWindow::hours(8, 12), LocalWindow::hours(13, 17)]);
    let due = hours.add(at("2026-03-03T11:00:00Z"), Seconds(2 * HOUR));
    assert_eq!(due, Ok(at("2026-03-03T14:00:00Z")));
    assert_eq!(hours.is_open(at("2026-03-03T11:59:59Z")), Ok(true));
    assert_eq!(hours.is_open(at("2026-03-03T12:00:00Z")), Ok(false));
    assert_eq!(hours.is_open(at("2026-03-03T13:00:00Z")), Ok(true));
}

#[test]
fn a_request_outside_hours_counts_from_the_next_opening() {
    let hours = hours(&office());
    let due = hours.add(at("2026-03-07T10:00:00+01:00"), Seconds(HOUR)); // Saturday
    assert_eq!(due, Ok(at("2026-03-09T09:00:00+01:00")));
}

#[test]
fn local_hours_follow_the_zone_and_elapsed_time_the_instants() {
    let hours = hours(&office());
    // Friday before and Monday after summer time begins: both days have nine hours, in UTC at other times.
    let friday = hours.windows(at("2026-03-27T00:00:00Z"), at("2026-03-28T00:00:00Z")).unwrap();
    let monday = hours.windows(at("2026-03-30T00:00:00Z"), at("2026-03-31T00:00:00Z")).unwrap();
    assert_eq!(friday, [(at("2026-03-27T07:00:00Z"), at("2026-03-27T16:00:00Z"))]);
    assert_eq!(monday, [(at("2026-03-30T06:00:00Z"), at("2026-03-30T15:00:00Z"))]);
}

/// Berlin skips 02:00 to 03:00 on 2026-03-29 and has it twice on 2026-10-25, both at 01:00 UTC.
#[test]
fn a_day_of_24_hours_counts_23_or_25_where_the_clock_is_changed() {
    let hours = daily("Europe/Berlin", &[LocalWindow::hours(0, 12), LocalWindow::hours(12, 24)]);
    let day = |from: &str, to: &str| hours.elapsed(at(from), at(to)).unwrap().0 / HOUR;
    assert_eq!(day("2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"), 23);
    assert_eq!(day("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"), 25);
}

#[test]
fn a_local_time_in_the_gap_moves_forward_to_its_end() {
    // From 02:30, which is not shown, to 05:00: open when the wall shows 03:00, two hours.
    let early = LocalWindow::new(TimeOfDay::at(2, 30), TimeOfDay::at(5, 0));
    let hours = daily("Europe/Berlin", &[early]);
    let open = hours.windows(at("2026-03-29T00:00:00Z"), at("2026-03-29T12:00:00Z")).unwrap();
    assert_eq!(open, [(at("2026-03-29T01:00:00Z"), at("2026-03-29T03:00:00Z"))]);
}

#[test]
fn a_window_within_the_gap_does_not_take_place() {
    let lost = LocalWindow::new(TimeOfDay::at(2, 15), TimeOfDay::at(2, 45));
    let hours = daily("Europe/Berlin", &[lost]);
    let open = hours.elapsed(at("2026-03-29T00:00:00+01:00"), at("2026-03-30T00:00:00+02:00"));
    assert_eq!(open, Ok(Seconds::ZERO));
}

#[test]
fn a_local_time_that_comes_twice_is_the_first() {
    // From the first 02:30 (00:30 UTC) to 05:00 (04:00 UTC): three and a half hours.
    let early = LocalWindow::new(TimeOfDay::at(2, 30), TimeOfDay::at(5, 0));
    let hours = daily("Europe/Berlin", &[early]);
    let open = hours.windows(at("2026-10-25T00:00:00Z"), at("2026-10-25T12:00:00Z")).unwrap();
    assert_eq!(open, [(at("2026-10-25T00:30:00Z"), at("2026-10-25T04:00:00Z"))]);
}

#[test]
fn half_an_hour_of_daylight_saving_is_half_an_hour() {
    // Lord Howe goes from +11 to +10:30 on 2026-04-05 at 02:00: the night from 22 to 6 is longer by that.
    let hours = daily("Australia/Lord_Howe", &[LocalWindow::hours(22, 6)]);
    let night = hours.elapsed(at("2026-04-04T12:00:00+11:00"), at("2026-04-05T12:00:00+10:30"));
    assert_eq!(night, Ok(Seconds(8 * HOUR + 30 * MINUTE)));
}

#[test]
fn a_clock_that_changes_at_midnight_shortens_the_day_that_begins_there() {
    // Cairo: 2026-04-24 begins at 01:00, so its first six hours are five.
    let hours = daily("Africa/Cairo", &[LocalWindow::hours(0, 6)]);
    let open = hours.windows(at("2026-04-23T12:00:00Z"), at("2026-04-24T12:00:00Z")).unwrap();
    assert_eq!(open, [(at("2026-04-24T01:00:00+03:00"), at("2026-04-24T06:00:00+03:00"))]);
    // Santiago: 2026-04-04 has 23:00 to 24:00 twice, so its evening is an hour longer.
    let hours = daily("America/Santiago", &[LocalWindow::hours(18, 24)]);
    let open = hours.elapsed(at("2026-04-04T12:00:00-03:00"), at("2026-04-05T12:00:00-04:00"));
    assert_eq!(open, Ok(Seconds(7 * HOUR)));
}

#[test]
fn holidays_are_listed_with_their_names() {
    let eve = [LocalWindow::hours(8, 12)];
    let calendar = office().special(date("2026-12-24"), "Christmas Eve", &eve).special(
        date("2026-12-25"),
        "Christmas Day",
        &[],
    );
    let hours = hours(&calendar);
    let clock = clock(6, at("2026-12-24T10:00:00+01:00")); // Thursday
    let reading = Reading::new(&clock, &hours);
    // Two hours on Thursday, none on Friday, four on Monday.
    let deadline = at("2026-12-28T12:00:00+01:00");
    assert_eq!(reading.deadline(), Ok(Some(deadline)));
    let expected = [
        ("open", 2),
        ("closed: Christmas Eve", 12),
        ("closed: Christmas Day", 24),
        ("closed", 56), // the weekend, and Monday until eight
        ("open", 4),
    ];
    let ledger = reading.ledger(deadline).unwrap();
    assert_eq!(account(&ledger), expected.map(|(why, length)| (why.to_owned(), length)));
}

#[test]
fn a_holiday_ends_the_night_shift_at_its_midnight_and_has_none_itself() {
    let nights = Calendar::new("night", "Europe/Berlin")
        .open(&Weekday::ALL, &[LocalWindow::hours(22, 6)])
        .special(date("2026-12-25"), "Christmas Day", &[]);
    let open = hours(&nights)
        .windows(at("2026-12-24T12:00:00+01:00"), at("2026-12-27T12:00:00+01:00"))
        .unwrap();
    let to_midnight = (at("2026-12-24T22:00:00+01:00"), at("2026-12-25T00:00:00+01:00"));
    let next_night = (at("2026-12-26T22:00:00+01:00"), at("2026-12-27T06:00:00+01:00"));
    assert_eq!(open, [to_midnight, next_night]);
}

#[test]
fn a_working_saturday_is_a_special_day_too() {
    let calendar =
        office().special(date("2026-03-07"), "stocktaking", &[LocalWindow::hours(9, 11)]);
    let due = hours(&calendar).add(at("2026-03-06T16:30:00+01:00"), Seconds(HOUR));
    assert_eq!(due, Ok(at("2026-03-07T09:30:00+01:00")));
}

#[test]
fn warnings_are_walked_backwards_over_the_same_hours() {
    let hours = hours(&office());
    let mut clock = clock(4, at("2026-03-03T15:00:00+01:00"));
    clock.promise.warn = vec![
        Warn::Before(Seconds(3 * HOUR)),
        Warn::Before(Seconds(2 * HOUR)),
        Warn::Percent(75),
        Warn::Percent(1),
    ];
    // Due at 10:00. Three hours before are an hour before closing; two are the opening, not the closing
    // before it; three quarters are an hour before; one percent of four hours are 144 s after the start.
    let expected = [
        "2026-03-03T16:00:00+01:00",
        "2026-03-04T08:00:00+01:00",
        "2026-03-04T09:00:00+01:00",
        "2026-03-03T15:02:24+01:00",
    ];
    assert_eq!(Reading::new(&clock, &hours).warnings(), Ok(expected.map(at).to_vec()));
}

#[test]
fn warnings_go_around_holds() {
    let hours = hours(&office());
    let mut clock = clock(4, at("2026-03-03T08:00:00+01:00"));
    clock.promise.warn = vec![Warn::Before(Seconds(2 * HOUR))];
    clock.pause(at("2026-03-03T09:30:00+01:00"), "parts").unwrap();
    clock.resume(at("2026-03-03T11:00:00+01:00"), "parts").unwrap();
    // Due at 13:30; from eleven on that are two and a half hours.
    let warnings = Reading::new(&clock, &hours).warnings();
    assert_eq!(warnings, Ok(vec![at("2026-03-03T11:30:00+01:00")]));
    clock.promise.warn = vec![Warn::Before(Seconds(3 * HOUR))];
    let warnings = Reading::new(&clock, &hours).warnings();
    assert_eq!(warnings, Ok(vec![at("2026-03-03T09:00:00+01:00")]));
}

#[test]
fn reopening_starts_a_new_clock_and_leaves_the_old_one_as_it_is() {
    let hours = Hours::always();
    let mut first = clock(1, Instant(0));
    first.stop(Instant(2 * HOUR)).unwrap();
    let frozen = ClockError::Stopped { stopped_at: Instant(2 * HOUR) };
    assert_eq!(first.stop(Instant(3 * HOUR)), Err(frozen.clone()));
    assert_eq!(first.pause(Instant(3 * HOUR), "parts"), Err(frozen));
    let second = clock(1, Instant(3 * HOUR));
    let now = Instant(3 * HOUR + 60);
    assert_eq!(Reading::new(&first, &hours).state(now), Ok(State::Breached));
    assert_eq!(Reading::new(&second, &hours).state(now), Ok(State::Running));
    assert_eq!(Reading::new(&second, &hours).elapsed(now), Ok(Seconds(60)));
}

#[test]
fn what_happened_before_the_start_or_twice_is_refused() {
    let mut clock = clock(1, Instant(100));
    let early = ClockError::BeforeStart { at: Instant(99), started_at: Instant(100) };
    assert_eq!(clock.pause(Instant(99), "parts"), Err(early.clone()));
    assert_eq!(clock.stop(Instant(99)), Err(early));
    let cause = || "parts".to_owned();
    assert_eq!(clock.resume(Instant(200), "parts"), Err(ClockError::NotPaused { cause: cause() }));
    clock.pause(Instant(200), "parts").unwrap();
    let twice = ClockError::AlreadyPaused { cause: cause(), since: Instant(200) };
    assert_eq!(clock.pause(Instant(300), "parts"), Err(twice));
    clock.pause(Instant(300), "customer").unwrap();
}

#[test]
fn a_clock_that_is_stopped_while_held_ends_with_the_hold() {
    let hours = Hours::always();
    let mut clock = clock(1, Instant(0));
    clock.pause(Instant(600), "parts").unwrap();
    clock.stop(Instant(9 * HOUR)).unwrap();
    let reading = Reading::new(&clock, &hours);
    assert_eq!(reading.elapsed(Instant(10 * HOUR)), Ok(Seconds(600)));
    assert_eq!(reading.state(Instant(10 * HOUR)), Ok(State::Met));
    assert_eq!(reading.state(Instant(8 * HOUR)), Ok(State::Paused)); // as it was then
}

#[test]
fn no_question_goes_on_for_ever() {
    // A calendar that is open on one day only, and long ago.
    let fair =
        Calendar::new("fair", "UTC").special(date("2020-02-29"), "fair", &[LocalWindow::DAY]);
    let hours = hours(&fair);
    let (from, length) = (at("2026-03-03T00:00:00Z"), Seconds(1));
    assert_eq!(hours.add(from, length), Err(ClockError::TooFewHours { from, length }));
    assert_eq!(hours.back(from, length), Ok(at("2020-02-29T23:59:59Z")));
    let far = Instant(from.0 + 101 * 366 * 24 * HOUR);
    assert_eq!(hours.elapsed(from, far), Err(ClockError::Horizon { at: far }));
    for at in [Instant(i64::MAX), Instant(i64::MIN)] {
        assert_eq!(hours.add(at, length), Err(ClockError::Horizon { at }));
        assert_eq!(hours.is_open(at), Err(ClockError::Horizon { at }));
    }
    let negative = Err(ClockError::Negative { length: Seconds(-1) });
    assert_eq!(hours.add(from, Seconds(-1)), negative);
    assert_eq!(Hours::always().back(from, Seconds(-1)), negative);
}

#[test]
fn day_and_night_needs_no_dates() {
    // So it also serves worlds whose time begins at zero, and tells time beyond the calendar.
    let hours = Hours::always();
    let late = Instant(1 << 50);
    assert_eq!(hours.elapsed(Instant(0), late), Ok(Seconds(1 << 50)));
    assert_eq!(hours.back(late, Seconds(1 << 50)), Ok(Instant(0)));
    let written = Calendar::new("24x7", "Asia/Kolkata").open(&Weekday::ALL, &[LocalWindow::DAY]);
    assert_eq!(super::hours(&written).add(Instant(0), Seconds(7)), Ok(Instant(7)));
}

#[test]
fn a_clock_survives_json() {
    let mut clock = clock(1, at("2026-03-03T08:00:00Z"));
    clock.promise.warn = vec![Warn::Percent(75), Warn::Before(Seconds(60))];
    clock.pause(at("2026-03-03T08:10:00Z"), "parts").unwrap();
    let json = serde_json::to_string(&clock).expect("serializes");
    assert_eq!(serde_json::from_str::<crate::clock::Clock>(&json).expect("parses"), clock);
}
