//! A calendar, compiled: counts open time forwards and backwards. Knows no clock and no promise.

use super::ClockError;
use super::check;
use super::dates::{self, Spans};
use super::zone::{Wall, Zone};
use crate::model::{Calendar, Date, Issues, TimeOfDay};
use crate::units::{Instant, Seconds};
use std::collections::BTreeMap;

/// No question looks further than a century, so that none goes on for ever.
const DAYS_MAX: i64 = 36_525;

/// The open hours of a calendar, ready for questions.
///
/// Every answer takes O(days between the moments in question); the zone is looked up only where its
/// offset changes. A calendar that never closes answers at once. Intervals are half-open: a moment at which a
/// window ends is closed.
///
/// ```
/// use fieldwright::clock::Hours;
/// use fieldwright::model::{Calendar, LocalWindow, Weekday};
/// use fieldwright::units::{Instant, Seconds};
/// let office = Calendar::new("office", "Europe/Berlin")
///     .open(&Weekday::WORKING, &[LocalWindow::hours(8, 17)]);
/// let hours = Hours::compile(&office).expect("a sound calendar");
///
/// let friday: Instant = "2026-03-06T16:00:00+01:00".parse()?;
/// let due = hours.add(friday, Seconds(2 * 3_600))?;
/// assert_eq!(due, "2026-03-09T09:00:00+01:00".parse()?); // an hour on Friday, an hour on Monday
/// assert_eq!(hours.elapsed(friday, due)?, Seconds(2 * 3_600));
/// assert!(!hours.is_open("2026-03-07T10:00:00+01:00".parse()?)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Hours {
    zone: Zone,
    /// By day of the week, Monday first; spans in order that do not touch.
    week: [Spans; 7],
    /// Dates that do not have the hours of the week.
    special: BTreeMap<Date, Special>,
    /// Whether it never closes.
    always: bool,
}

/// A date with hours of its own.
#[derive(Clone, Debug)]
struct Special {
    /// What day it is; `None` on the morning after, which only has another night shift behind it.
    name: Option<String>,
    spans: Spans,
}

/// A stretch of time that is open or closed throughout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stretch<'a> {
    pub from: Instant,
    pub to: Instant,
    pub open: bool,
    /// The special day on which it is closed.
    pub day: Option<&'a str>,
}

impl Hours {
    /// Day and night, every day.
    #[must_use]
    pub fn always() -> Self {
        let day = || vec![(0, TimeOfDay::DAY)];
        let week = std::array::from_fn(|_| day());
        Self { zone: Zone::utc(), week, special: BTreeMap::new(), always: true }
    }

    /// The hours of a calendar.
    ///
    /// # Errors
    /// All faults of the calendar at once; paths begin with `calendar`.
    pub fn compile(calendar: &Calendar) -> Result<Self, Issues> {
        let mut issues = Issues::default();
        check::calendar(calendar, &|| "calendar".into(), &mut issues);
        issues.or(())?;
        Ok(Self::build(calendar))
    }

    /// The hours of a calendar that has passed its checks.
    pub(super) fn build(calendar: &Calendar) -> Self {
        let week = dates::week(calendar).map(united);
        let special: BTreeMap<Date, Special> = dates::special(calendar)
            .into_iter()
            .map(|(date, (name, spans))| {
                (date, Special { name: name.map(str::to_owned), spans: united(spans) })
            })
            .collect();
        let always = special.is_empty() && week.iter().all(|spans| *spans == [(0, TimeOfDay::DAY)]);
        let zone = Zone::named(&calendar.zone).unwrap_or_else(Zone::utc);
        Self { zone, week, special, always }
    }

    /// How much open time lies between two moments; negative when `to` is the earlier one.
    ///
    /// # Errors
    /// [`ClockError::Horizon`].
    pub fn elapsed(&self, from: Instant, to: Instant) -> Result<Seconds, ClockError> {
        if to < from {
            return Ok(Seconds(-self.elapsed(to, from)?.0));
        }
        if self.always {
            let length = to.0.checked_sub(from.0).map(Seconds);
            return length.ok_or(ClockError::Horizon { at: to });
        }
        let mut total = 0;
        let mut wall = self.zone.wall();
        for date in self.dates(from, to)? {
            for span in self.spans(date) {
                let (start, end) = instants(&mut wall, date, *span)?;
                total += (end.min(to).0 - start.max(from).0).max(0);
            }
        }
        Ok(Seconds(total))
    }

    /// The first moment from `from` on at which `length` of open time has passed since.
    ///
    /// # Errors
    /// [`ClockError::Negative`], [`ClockError::Horizon`], [`ClockError::TooFewHours`].
    pub fn add(&self, from: Instant, length: Seconds) -> Result<Instant, ClockError> {
        if let Some(answer) = self.at_once(from, length, length.0) {
            return answer;
        }
        let mut left = length.0;
        let mut wall = self.zone.wall();
        for date in self.dates_from(from, 1)? {
            for span in self.spans(date) {
                let (start, end) = instants(&mut wall, date, *span)?;
                let start = start.max(from);
                let open = (end.0 - start.0).max(0);
                if left <= open {
                    return Ok(start + Seconds(left));
                }
                left -= open;
            }
        }
        Err(ClockError::TooFewHours { from, length })
    }

    /// The last moment up to `from` after which `length` of open time passes until `from`: [`Hours::add`],
    /// walked backwards.
    ///
    /// # Errors
    /// [`ClockError::Negative`], [`ClockError::Horizon`], [`ClockError::TooFewHours`].
    pub fn back(&self, from: Instant, length: Seconds) -> Result<Instant, ClockError> {
        if let Some(answer) = self.at_once(from, length, -length.0.max(0)) {
            return answer;
        }
        let mut left = length.0;
        let mut wall = self.zone.wall();
        for date in self.dates_from(from, -1)? {
            for span in self.spans(date).iter().rev() {
                let (start, end) = instants(&mut wall, date, *span)?;
                let end = end.min(from);
                let open = (end.0 - start.0).max(0);
                if left <= open {
                    return Ok(Instant(end.0 - left));
                }
                left -= open;
            }
        }
        Err(ClockError::TooFewHours { from, length })
    }

    /// Whether this moment counts.
    ///
    /// # Errors
    /// [`ClockError::Horizon`].
    pub fn is_open(&self, at: Instant) -> Result<bool, ClockError> {
        if self.always {
            return Ok(true);
        }
        let next = at.0.checked_add(1).map(Instant).ok_or(ClockError::Horizon { at })?;
        Ok(self.elapsed(at, next)? > Seconds::ZERO)
    }

    /// The open intervals between two moments, in order, none touching the next; empty when `to` is the
    /// earlier one.
    ///
    /// # Errors
    /// [`ClockError::Horizon`].
    pub fn windows(
        &self,
        from: Instant,
        to: Instant,
    ) -> Result<Vec<(Instant, Instant)>, ClockError> {
        let stretches = self.stretches(from, to)?.into_iter();
        Ok(stretches.filter(|s| s.open).map(|s| (s.from, s.to)).collect())
    }

    /// What lies between two moments without a gap, in order, with the reason for what is closed.
    pub(super) fn stretches(
        &self,
        from: Instant,
        to: Instant,
    ) -> Result<Vec<Stretch<'_>>, ClockError> {
        let mut found: Vec<Stretch> = Vec::new();
        let mut add = |start: Instant, end: Instant, open: bool, day| {
            let (from, to) = (start.max(from), end.min(to));
            match found.last_mut() {
                _ if to <= from => {}
                Some(last) if last.open == open && last.day == day => last.to = to,
                _ => found.push(Stretch { from, to, open, day }),
            }
        };
        if self.always {
            // Lengths of stretches have to fit, too.
            self.elapsed(from, to)?;
            add(from, to, true, None);
            return Ok(found);
        }
        let mut wall = self.zone.wall();
        for date in self.dates(from, to)? {
            let day = self.special.get(&date).and_then(|special| special.name.as_deref());
            let (mut at, midnight) = instants(&mut wall, date, (0, TimeOfDay::DAY))?;
            for span in self.spans(date) {
                let (start, end) = instants(&mut wall, date, *span)?;
                add(at, start, false, day);
                add(start, end, true, None);
                at = end;
            }
            add(at, midnight, false, day);
        }
        Ok(found)
    }

    /// The answers of `add` and `back` that need no walk.
    fn at_once(
        &self,
        from: Instant,
        length: Seconds,
        way: i64,
    ) -> Option<Result<Instant, ClockError>> {
        if length < Seconds::ZERO {
            Some(Err(ClockError::Negative { length }))
        } else if length == Seconds::ZERO {
            Some(Ok(from))
        } else if self.always {
            let there = from.0.checked_add(way).map(Instant);
            Some(there.ok_or(ClockError::Horizon { at: from }))
        } else {
            None
        }
    }

    fn spans(&self, date: Date) -> &[(u32, u32)] {
        match self.special.get(&date) {
            Some(special) => &special.spans,
            None => &self.week[dates::weekday(date)],
        }
    }

    /// The dates whose hours may lie between two moments. One more on either side than the wall shows: where
    /// the clock is set back over midnight, it shows a date whose successor has begun already.
    fn dates(
        &self,
        from: Instant,
        to: Instant,
    ) -> Result<impl Iterator<Item = Date> + use<>, ClockError> {
        let (first, last) = (self.day(from)? - 1, self.day(to)? + 1);
        if last - first > DAYS_MAX {
            return Err(ClockError::Horizon { at: to });
        }
        Ok((first..=last).filter_map(Date::from_days))
    }

    /// The dates of a century from a moment on, `step` by `step`.
    fn dates_from(
        &self,
        from: Instant,
        step: i64,
    ) -> Result<impl Iterator<Item = Date> + use<>, ClockError> {
        let first = self.day(from)? - step;
        Ok((0..DAYS_MAX).map_while(move |n| Date::from_days(first + n * step)))
    }

    fn day(&self, at: Instant) -> Result<i64, ClockError> {
        self.zone.date(at).map(Date::days).ok_or(ClockError::Horizon { at })
    }
}

fn instants(
    wall: &mut Wall,
    date: Date,
    (from, to): (u32, u32),
) -> Result<(Instant, Instant), ClockError> {
    let ends = wall.first(date, from).zip(wall.first(date, to));
    ends.ok_or(ClockError::Horizon { at: Instant(date.days() * i64::from(TimeOfDay::DAY)) })
}

/// The same time as spans in order that do not touch.
fn united(mut spans: Spans) -> Spans {
    spans.sort_unstable();
    let mut united: Spans = Vec::new();
    for (from, to) in spans {
        match united.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => united.push((from, to)),
        }
    }
    united
}
