//! How a world's times and lengths are written: by the calendar, by the clock, or as plain numbers.

use super::scene;
use crate::model::{TravelMode, World};
use crate::plan::Plan;
use crate::units::{Instant, Meters, Seconds};

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// The way to write instants, lengths of time and distances of one world, the same all over a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Times {
    /// Date and local time of day; the date is written where the plan spans several.
    Calendar {
        /// Does the plan touch more than one date?
        dated: bool,
        /// By how many seconds local time is ahead of UTC.
        ahead: i64,
    },
    /// Hours and minutes from zero.
    Clock,
    /// Numbers of the source: a plane has neither hours nor kilometres.
    Plain {
        /// Units here for one of the source.
        resolution: i64,
    },
}

impl Times {
    pub(super) fn of(world: &World, plan: &Plan) -> Self {
        let (first, last) = scene::horizon(world, plan);
        if last.0 >= Instant::CALENDAR_FROM {
            let ahead = world.utc_offset.0;
            let day = |moment: Instant| (moment.0 + ahead).div_euclid(DAY);
            Self::Calendar { dated: day(first) != day(last), ahead }
        } else if world.resolution != 1 || matches!(world.travel, TravelMode::Euclid { .. }) {
            Self::Plain { resolution: i64::from(world.resolution).max(1) }
        } else {
            Self::Clock
        }
    }

    /// A moment: `08:05`, `2 Mar 08:05`, `8:05` or `482.5`.
    pub(super) fn at(self, moment: Instant) -> String {
        match self {
            Self::Calendar { dated, ahead } => {
                let local = moment + Seconds(ahead);
                let time = hours_and_minutes(local.0.rem_euclid(DAY), 2);
                match written(local, "%-d %b").filter(|_| dated) {
                    Some(date) => format!("{date} {time}"),
                    None => time,
                }
            }
            Self::Clock => hours_and_minutes(moment.0, 1),
            Self::Plain { resolution } => decimal(moment.0, resolution),
        }
    }

    /// From one moment to another.
    pub(super) fn range(self, from: Instant, to: Instant) -> String {
        let end = match self {
            Self::Calendar { ahead, .. }
                if (from.0 + ahead).div_euclid(DAY) == (to.0 + ahead).div_euclid(DAY) =>
            {
                Self::Calendar { dated: false, ahead }
            }
            other => other,
        };
        format!("{}–{}", self.at(from), end.at(to))
    }

    /// The whole extent of a plan, for its heading.
    pub(super) fn span(self, first: Instant, last: Instant) -> String {
        let range = self.range(first, last);
        let Self::Calendar { dated, ahead } = self else { return range };
        match written(first + Seconds(ahead), "%A, %-d %B %Y").filter(|_| !dated) {
            Some(date) => format!("{date}, {range} {}", zone(ahead)),
            None => format!("{range} {}", zone(ahead)),
        }
    }

    /// A length of time in hours and minutes, or a number.
    pub(super) fn length(self, length: Seconds) -> String {
        match self {
            Self::Plain { resolution } => decimal(length.0, resolution),
            Self::Calendar { .. } | Self::Clock => hours_and_minutes(length.0, 1),
        }
    }

    /// A length of time with its unit: `45 min`, `1 h 30 min`, or a number.
    pub(super) fn length_with_unit(self, length: Seconds) -> String {
        let minutes = (length.0 + MINUTE / 2).div_euclid(MINUTE);
        match self {
            Self::Plain { .. } => self.length(length),
            _ if length.0 < MINUTE && length.0 > 0 => format!("{} s", length.0),
            _ if minutes < 60 => format!("{minutes} min"),
            _ if minutes % 60 == 0 => format!("{} h", minutes / 60),
            _ => format!("{} h {} min", minutes / 60, minutes % 60),
        }
    }

    /// A distance in kilometres with one decimal place, or a number.
    pub(super) fn distance(self, distance: Meters) -> String {
        match self {
            Self::Plain { resolution } => decimal(distance.0, resolution),
            Self::Calendar { .. } | Self::Clock => {
                let hundreds = (distance.0 + 50).div_euclid(100);
                format!("{}.{}", grouped(hundreds / 10), hundreds % 10)
            }
        }
    }

    /// What [`Times::distance`] counts, with a space before it; nothing on a plane.
    pub(super) fn distance_unit(self) -> &'static str {
        if matches!(self, Self::Plain { .. }) { "" } else { " km" }
    }

    /// The head of a column of [`Times::distance`].
    pub(super) fn distance_heading(self) -> &'static str {
        if matches!(self, Self::Plain { .. }) { "distance" } else { "km" }
    }

    /// What [`Times::length`] counts, with a space before it; nothing on a plane.
    pub(super) fn length_unit(self) -> &'static str {
        if matches!(self, Self::Plain { .. }) { "" } else { " h" }
    }

    /// The moments that an axis from `first` to `last` marks, about `count_max` at most.
    pub(super) fn ticks(self, first: Instant, last: Instant, count_max: i64) -> Vec<Tick> {
        let step = self.step((last - first).0.max(1), count_max.max(1));
        // Steps begin with the local day.
        let ahead = if let Self::Calendar { ahead, .. } = self { ahead } else { 0 };
        let mut at = (first.0 + ahead).div_euclid(step) * step - ahead;
        let mut ticks = Vec::new();
        while at <= last.0 {
            if at >= first.0 {
                ticks.push(self.tick(Instant(at)));
            }
            at += step;
        }
        ticks
    }

    fn tick(self, at: Instant) -> Tick {
        let Self::Calendar { dated, ahead } = self else {
            return Tick { at, label: self.at(at), midnight: false };
        };
        let local = at + Seconds(ahead);
        let midnight = dated && local.0.rem_euclid(DAY) == 0;
        let label = match written(local, "%-d %b").filter(|_| midnight) {
            Some(date) => date,
            None => Self::Calendar { dated: false, ahead }.at(at),
        };
        Tick { at, label, midnight }
    }

    /// The smallest round step that marks `span` with at most `count_max` ticks.
    fn step(self, span: i64, count_max: i64) -> i64 {
        const ROUND: [i64; 11] = [
            5 * MINUTE,
            10 * MINUTE,
            15 * MINUTE,
            30 * MINUTE,
            HOUR,
            2 * HOUR,
            3 * HOUR,
            6 * HOUR,
            12 * HOUR,
            DAY,
            7 * DAY,
        ];
        let least = (span + count_max - 1) / count_max;
        let plain = |unit: i64| {
            let powers = std::iter::successors(Some(unit), |power| power.checked_mul(10));
            powers.flat_map(|power| [power, 2 * power, 5 * power]).find(|&step| step >= least)
        };
        match self {
            Self::Plain { resolution } => plain(resolution).unwrap_or(least),
            _ => ROUND
                .into_iter()
                .find(|&step| step >= least)
                .unwrap_or((least / (7 * DAY) + 1) * 7 * DAY),
        }
    }
}

/// A mark on the axis of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tick {
    /// When.
    pub(super) at: Instant,
    /// What stands beside it.
    pub(super) label: String,
    /// Does a new date begin here?
    pub(super) midnight: bool,
}

/// `UTC`, `UTC+1` or `UTC-3:30`.
fn zone(ahead: i64) -> String {
    let (sign, minutes) = (if ahead < 0 { '-' } else { '+' }, ahead.abs() / MINUTE);
    match (minutes / 60, minutes % 60) {
        (0, 0) => "UTC".into(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, rest) => format!("UTC{sign}{hours}:{rest:02}"),
    }
}

/// A local time by its date; `None` beyond the calendar.
fn written(local: Instant, format: &str) -> Option<String> {
    let stamp = jiff::Timestamp::from_second(local.0).ok()?;
    Some(stamp.to_zoned(jiff::tz::TimeZone::UTC).strftime(format).to_string())
}

/// Hours and minutes, rounded towards zero, the hours with at least so many digits.
fn hours_and_minutes(seconds: i64, digits: usize) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let minutes = seconds.abs() / MINUTE;
    format!("{sign}{:0>digits$}:{:02}", grouped(minutes / 60), minutes % 60)
}

/// `value / resolution` with as many decimal places as the resolution has zeros.
fn decimal(value: i64, resolution: i64) -> String {
    let places = resolution.max(1).ilog10() as usize;
    let sign = if value < 0 { "-" } else { "" };
    let (whole, rest) = (value.abs() / resolution, value.abs() % resolution);
    if places == 0 {
        return format!("{sign}{whole}");
    }
    let scaled = rest * 10_i64.pow(places as u32) / resolution;
    format!("{sign}{whole}.{scaled:0places$}")
}

/// Thousands apart: `12,345`.
pub(super) fn grouped(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::from(if value < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONDAY: i64 = 1_772_409_600; // 2026-03-02T00:00:00Z

    #[test]
    fn a_day_shows_times_and_several_days_show_dates() {
        let eight = Instant(MONDAY + 8 * HOUR + 5 * MINUTE);
        let (one, several) = [false, true].map(|dated| Times::Calendar { dated, ahead: 0 }).into();
        assert_eq!(one.at(eight), "08:05");
        assert_eq!(several.at(eight), "2 Mar 08:05");
        assert_eq!(several.range(eight, eight + Seconds(HOUR)), "2 Mar 08:05–09:05");
    }

    #[test]
    fn days_and_times_are_local() {
        let (first, last) = (Instant(MONDAY - HOUR), Instant(MONDAY + 22 * HOUR));
        let berlin = Times::Calendar { dated: false, ahead: HOUR };
        assert_eq!(berlin.span(first, last), "Monday, 2 March 2026, 00:00–23:00 UTC+1");
        let marks = |times: Times| times.ticks(first, last, 3).into_iter().map(|tick| tick.label);
        assert!(marks(berlin).eq(["00:00", "12:00"]));
        let newfoundland = Times::Calendar { dated: true, ahead: -3 * HOUR - 30 * MINUTE };
        assert!(marks(newfoundland).eq(["2 Mar", "12:00"]), "midnight is half past three in UTC");
        assert_eq!(newfoundland.span(first, last), "1 Mar 19:30–2 Mar 18:30 UTC-3:30");
    }

    #[test]
    fn a_relative_clock_counts_hours_from_zero() {
        assert_eq!(Times::Clock.at(Instant(26 * HOUR + 61)), "26:01");
        assert_eq!(Times::Clock.at(Instant(-90)), "-0:01");
        assert_eq!(Times::Clock.length(Seconds(4_647 * HOUR)), "4,647:00");
    }

    #[test]
    fn a_plane_keeps_the_decimals_of_its_resolution() {
        assert_eq!(Times::Plain { resolution: 10 }.at(Instant(1_234)), "123.4");
        assert_eq!(Times::Plain { resolution: 1 }.at(Instant(-7)), "-7");
        assert_eq!(Times::Plain { resolution: 1_000 }.distance(Meters(-1_005)), "-1.005");
    }

    #[test]
    fn lengths_name_their_unit() {
        let written = |seconds| Times::Clock.length_with_unit(Seconds(seconds));
        let lengths = [0, 40, 2_700, 3_600, 5_400].map(written);
        assert_eq!(lengths, ["0 min", "40 s", "45 min", "1 h", "1 h 30 min"]);
        assert_eq!(Times::Clock.distance(Meters(1_234_567)), "1,234.6");
    }

    #[test]
    fn ticks_are_round_within_the_span_and_not_too_many() {
        let (first, last) = (Instant(MONDAY + 7 * HOUR + 1), Instant(MONDAY + 17 * HOUR));
        let ticks = Times::Calendar { dated: false, ahead: 0 }.ticks(first, last, 12);
        let labels: Vec<&str> = ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(labels.first(), Some(&"08:00"));
        assert_eq!(labels.last(), Some(&"17:00"));
        assert_eq!(labels.len(), 10);
        for span in [1, 59, 1_000, 86_400, 40_000_000, 1 << 40] {
            for times in [Times::Clock, Times::Plain { resolution: 10 }] {
                let count = times.ticks(Instant(0), Instant(span), 12).len();
                assert!((1..=13).contains(&count), "{count} ticks on {span}");
            }
        }
    }
}
