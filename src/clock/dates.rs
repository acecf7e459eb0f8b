//! What a calendar says about each date: the hours of the week, special days, and the nights between them.
//!
//! Knows no zone: all of it is local time, as described, faults included.

use crate::model::{Calendar, Date, LocalWindow, TimeOfDay};
use std::collections::BTreeMap;

/// Open hours of one date in seconds since its midnight, in any order.
pub(super) type Spans = Vec<(u32, u32)>;

/// Monday is 0. The epoch began on a Thursday.
pub(super) fn weekday(date: Date) -> usize {
    (date.days() + 3).rem_euclid(7) as usize
}

/// What a window gives to the date it begins on, and to the one after.
fn parts(window: &LocalWindow) -> ((u32, u32), Option<(u32, u32)>) {
    let (from, to) = (window.from.0, window.to.0);
    if from < to {
        return ((from, to), None);
    }
    ((from, TimeOfDay::DAY), (to > 0).then_some((0, to)))
}

/// The hours that begin on each day of the week.
fn begun(calendar: &Calendar) -> [Vec<LocalWindow>; 7] {
    let mut begun: [Vec<LocalWindow>; 7] = Default::default();
    for hours in &calendar.week {
        for &day in &hours.days {
            begun[day as usize].extend(&hours.windows);
        }
    }
    begun
}

/// The hours of a date on which `today` begin, the day after those of `before`.
fn spans(today: &[LocalWindow], before: &[LocalWindow]) -> Spans {
    let rest = before.iter().filter_map(|window| parts(window).1);
    today.iter().map(|window| parts(window).0).chain(rest).collect()
}

/// The hours of each day of an ordinary week.
pub(super) fn week(calendar: &Calendar) -> [Spans; 7] {
    let begun = begun(calendar);
    std::array::from_fn(|day| spans(&begun[day], &begun[(day + 6) % 7]))
}

/// The hours of each date that is not ordinary: special days by name, and the days after them, which
/// have what is left of the night before.
pub(super) fn special(calendar: &Calendar) -> BTreeMap<Date, (Option<&str>, Spans)> {
    let begun = begun(calendar);
    let mut dates = BTreeMap::new();
    for day in &calendar.special_days {
        let next = day.date.next();
        dates.insert(next, (None, spans(&begun[weekday(next)], &day.windows)));
    }
    for day in &calendar.special_days {
        let own = spans(&day.windows, &[]);
        dates.insert(day.date, (Some(day.name.as_str()), own));
    }
    dates
}
