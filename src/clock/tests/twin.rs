//! The slow truth: what a person with the calendar in his hand and an eye on the wall would count, minute
//! by minute. Shares no code with the clocks but the description of the calendar.

use crate::clock::Clock;
use crate::model::{Calendar, Date, LocalWindow};
use crate::units::Instant;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};

pub(super) fn zone(name: &str) -> TimeZone {
    TimeZoneDatabase::bundled().get(name).expect("a zone")
}

/// Whether each of so many minutes from `start` on is open. Windows and `start` are in whole minutes.
///
/// Who has seen a later time on the wall does not open again when it is set back: the latest time seen counts.
pub(super) fn open_minutes(calendar: &Calendar, start: Instant, minutes: i64) -> Vec<bool> {
    const SETTLED: i64 = 2 * 24 * 60;
    let zone = zone(&calendar.zone);
    let mut latest = DateTime::MIN;
    let mut open = Vec::new();
    for minute in -SETTLED..minutes {
        let now = Timestamp::from_second(start.0 + minute * 60).expect("in range");
        latest = latest.max(zone.to_datetime(now));
        if minute >= 0 {
            open.push(is_open(calendar, latest));
        }
    }
    open
}

fn is_open(calendar: &Calendar, wall: DateTime) -> bool {
    let time = wall.hour() as u32 * 3_600 + wall.minute() as u32 * 60;
    let begun_today = begun_on(calendar, wall.date()).into_iter().any(|window| {
        let (from, to) = (window.from.0, window.to.0);
        from <= time && (time < to || to < from)
    });
    let yesterday = wall.date().yesterday().expect("in range");
    let left_over = || {
        begun_on(calendar, yesterday)
            .into_iter()
            .any(|window| window.to.0 < window.from.0 && time < window.to.0)
    };
    begun_today || (!is_special(calendar, wall.date()) && left_over())
}

fn begun_on(calendar: &Calendar, date: jiff::civil::Date) -> Vec<LocalWindow> {
    if let Some(day) = calendar.special_days.iter().find(|day| day.date == own(date)) {
        return day.windows.clone();
    }
    let weekday = date.weekday().to_monday_zero_offset() as usize;
    let of_day = calendar.week.iter().filter(|it| it.days.iter().any(|d| *d as usize == weekday));
    of_day.flat_map(|it| it.windows.clone()).collect()
}

fn is_special(calendar: &Calendar, date: jiff::civil::Date) -> bool {
    calendar.special_days.iter().any(|day| day.date == own(date))
}

fn own(date: jiff::civil::Date) -> Date {
    Date::new(date.year(), date.month(), date.day()).expect("in range")
}

/// Of the minutes in `open`, which begin with the start of the clock, those that it counts.
pub(super) fn counted_minutes(clock: &Clock, open: &[bool]) -> Vec<bool> {
    let minutes = open.iter().enumerate();
    let counted = minutes.map(|(minute, open)| {
        let now = Instant(clock.started_at.0 + minute as i64 * 60);
        let mut pauses = clock.pauses.iter().filter(|pause| {
            pause.from <= now && pause.to.is_none_or(|to| now < to) && clock.stops_for(&pause.cause)
        });
        *open && pauses.next().is_none()
    });
    counted.collect()
}
