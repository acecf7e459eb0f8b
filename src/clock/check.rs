//! Numbered checks of an agreement, all faults at once. Each check has one fault to find and says its code.

use super::dates::{self, Spans};
use super::zone::Zone;
use crate::model::{
    Agreement, Calendar, Code, Commitment, Issues, LocalWindow, Promise, TimeOfDay, Warn, Weekday,
};
use crate::units::{LIMIT, Seconds};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// A path into the input, put together only when there is a fault to report.
type At<'a> = &'a dyn Fn() -> String;

impl Agreement {
    /// Checks all of it.
    ///
    /// O(size of the agreement).
    ///
    /// # Errors
    /// All faults at once, each with its code, its path and its cause.
    ///
    /// ```
    /// use fieldwright::model::{Agreement, Calendar, Code};
    /// let calendars = vec![Calendar::new("office", "Europe/Atlantis")];
    /// let faults = Agreement { calendars, commitments: vec![] }.validate().expect_err("two faults");
    /// let codes: Vec<Code> = faults.0.iter().map(|issue| issue.code).collect();
    /// assert_eq!(codes, [Code::UNKNOWN_ZONE, Code::EMPTY_CALENDAR]);
    /// ```
    pub fn validate(&self) -> Result<(), Issues> {
        let mut issues = Issues::default();
        ids(self.calendars.iter().map(|it| it.id.as_str()), "calendars", &mut issues);
        ids(self.commitments.iter().map(|it| it.id.as_str()), "commitments", &mut issues);
        for (n, it) in self.calendars.iter().enumerate() {
            calendar(it, &|| format!("calendars[{n}]"), &mut issues);
        }
        for (n, it) in self.commitments.iter().enumerate() {
            promise(self, &it.promise, &|| format!("commitments[{n}].promise"), &mut issues);
        }
        check_e808_tie(&self.commitments, &mut issues);
        issues.or(())
    }
}

/// Ids that are empty (E104) or not unique (E103).
fn ids<'a>(ids: impl Iterator<Item = &'a str>, list: &str, issues: &mut Issues) {
    let mut first = FxHashMap::default();
    for (n, id) in ids.enumerate() {
        let at = format!("{list}[{n}].id");
        let known = *first.entry(id).or_insert(n);
        if id.is_empty() {
            issues.add(Code::EMPTY_ID, at, "the empty text");
        } else if known != n {
            let cause = format!("`{id}` is already the id of {list}[{known}]");
            issues.add(Code::DUPLICATE_ID, at, cause);
        }
    }
}

/// Every fault of one calendar, its id aside.
pub(super) fn calendar(calendar: &Calendar, at: At, issues: &mut Issues) {
    check_e801_unknown_zone(calendar, at, issues);
    check_e802_empty_calendar(calendar, at, issues);
    let before = issues.0.len();
    check_e803_local_windows(calendar, at, issues);
    check_e805_special_days(calendar, at, issues);
    // Hours that are no spans, or days described twice, would only show up again as overlaps.
    if issues.0.len() == before {
        check_e804_overlap(calendar, at, issues);
    }
}

fn check_e801_unknown_zone(calendar: &Calendar, at: At, issues: &mut Issues) {
    if Zone::named(&calendar.zone).is_none() {
        let cause = format!("`{}` is not among the IANA time zones", calendar.zone);
        issues.add(Code::UNKNOWN_ZONE, format!("{}.zone", at()), cause);
    }
}

fn check_e802_empty_calendar(calendar: &Calendar, at: At, issues: &mut Issues) {
    let in_week = calendar.week.iter().any(|it| !it.days.is_empty() && !it.windows.is_empty());
    if !in_week && calendar.special_days.iter().all(|day| day.windows.is_empty()) {
        issues.add(Code::EMPTY_CALENDAR, at(), "neither the week nor a special day has open hours");
    }
}

fn check_e803_local_windows(calendar: &Calendar, at: At, issues: &mut Issues) {
    let mut check = |windows: &[LocalWindow], list: &str, n: usize| {
        for (w, LocalWindow { from, to }) in windows.iter().enumerate() {
            let cause = if from == to {
                format!("it begins and ends at {from}")
            } else if from.0 >= TimeOfDay::DAY || to.0 > TimeOfDay::DAY {
                format!("it goes from {from} to {to}")
            } else {
                continue;
            };
            issues.add(Code::LOCAL_WINDOW, format!("{}.{list}[{n}].windows[{w}]", at()), cause);
        }
    };
    for (n, hours) in calendar.week.iter().enumerate() {
        check(&hours.windows, "week", n);
    }
    for (n, day) in calendar.special_days.iter().enumerate() {
        check(&day.windows, "special_days", n);
    }
}

fn check_e805_special_days(calendar: &Calendar, at: At, issues: &mut Issues) {
    let mut first = BTreeMap::new();
    for (n, day) in calendar.special_days.iter().enumerate() {
        match first.entry(day.date) {
            Entry::Vacant(free) => _ = free.insert(n),
            Entry::Occupied(taken) => {
                let cause = format!("{} is already special_days[{}]", day.date, taken.get());
                issues.add(Code::SPECIAL_DAY, format!("{}.special_days[{n}].date", at()), cause);
            }
        }
    }
}

/// Once for the week, and once for the special days: which two, says the cause.
fn check_e804_overlap(calendar: &Calendar, at: At, issues: &mut Issues) {
    let mut week = Weekday::ALL.into_iter().zip(dates::week(calendar));
    if let Some((day, (one, other))) = week.find_map(|(day, spans)| Some((day, overlap(spans)?))) {
        let cause = format!("on {day:?}, {} and {}", shown(one), shown(other));
        issues.add(Code::HOURS_OVERLAP, format!("{}.week", at()), cause);
        return;
    }
    let mut special = dates::special(calendar).into_iter();
    if let Some((date, (one, other))) =
        special.find_map(|(date, (_, spans))| Some((date, overlap(spans)?)))
    {
        let cause = format!("on {date}, {} and {}", shown(one), shown(other));
        issues.add(Code::HOURS_OVERLAP, format!("{}.special_days", at()), cause);
    }
}

fn overlap(mut spans: Spans) -> Option<((u32, u32), (u32, u32))> {
    spans.sort_unstable();
    spans.windows(2).find(|pair| pair[1].0 < pair[0].1).map(|pair| (pair[0], pair[1]))
}

fn shown((from, to): (u32, u32)) -> String {
    format!("{} to {}", TimeOfDay(from), TimeOfDay(to))
}

fn promise(agreement: &Agreement, promise: &Promise, at: At, issues: &mut Issues) {
    let Seconds(within) = promise.within;
    if !(1..=LIMIT).contains(&within) {
        let cause = format!("the target is {within}, not within 1 to {LIMIT}");
        issues.add(Code::OUT_OF_RANGE, format!("{}.within", at()), cause);
    } else {
        check_e807_warn_points(promise, at, issues);
    }
    if let Some(name) = &promise.calendar
        && agreement.calendars.iter().all(|calendar| calendar.id != *name)
    {
        let cause = format!("`{name}` is none of the {} calendars", agreement.calendars.len());
        issues.add(Code::UNKNOWN_CALENDAR, format!("{}.calendar", at()), cause);
    }
}

fn check_e807_warn_points(promise: &Promise, at: At, issues: &mut Issues) {
    let within = promise.within;
    for (n, warn) in promise.warn.iter().enumerate() {
        let cause = match *warn {
            Warn::Percent(1..=99) => continue,
            Warn::Before(left) if Seconds::ZERO < left && left < within => continue,
            Warn::Percent(share) => format!("{share} percent of the target"),
            Warn::Before(left) => format!("{left} before a deadline {within} away"),
        };
        issues.add(Code::WARN_POINT, format!("{}.warn[{n}]", at()), cause);
    }
}

/// Two that ask for the same would tie on every ticket they fit.
fn check_e808_tie(commitments: &[Commitment], issues: &mut Issues) {
    let mut first = FxHashMap::default();
    for (n, it) in commitments.iter().enumerate() {
        let known = *first.entry((it.promise.clock, &it.selector)).or_insert(n);
        if known != n {
            let cause = format!("so does commitments[{known}], `{}`", commitments[known].id);
            issues.add(Code::COMMITMENT_TIE, format!("commitments[{n}].for"), cause);
        }
    }
}
