//! Dates on somebody's wall calendar, without a zone.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A day of the Gregorian calendar, in no particular zone. In JSON it is a text, `"2026-12-25"`.
///
/// ```
/// use fieldwright::model::Date;
/// let eve: Date = "2026-12-24".parse()?;
/// assert_eq!(eve.next(), Date::new(2026, 12, 25).expect("a date"));
/// assert_eq!(Date::new(2026, 2, 29), None);
/// # Ok::<(), fieldwright::model::NotADate>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

/// A text that is not a date such as `2026-12-25`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a date: give year, month and day such as 2026-12-25")]
pub struct NotADate {
    /// What was given.
    pub text: String,
}

const DAY: i64 = 86_400;

/// From 0001-01-01 to 9998-12-31: every moment of these days can be told in every zone.
const DAYS: std::ops::RangeInclusive<i32> = -719_162..=2_932_531;

impl Date {
    /// The date of this year, month (1 to 12) and day, if there is one. Years from 1 to 9998.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        let date = jiff::civil::Date::new(year, month, day).ok()?;
        let midnight =
            jiff::tz::Offset::UTC.to_timestamp(date.to_datetime(jiff::civil::Time::midnight()));
        Self::from_days(midnight.ok()?.as_second().div_euclid(DAY))
    }

    /// The day after.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// The day that begins so many days after 1970-01-01.
    pub(crate) fn from_days(days: i64) -> Option<Self> {
        let day = i32::try_from(days).ok()?;
        DAYS.contains(&day).then_some(Self(day))
    }

    /// How many days after 1970-01-01 it begins.
    pub(crate) fn days(self) -> i64 {
        i64::from(self.0)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.days() * DAY) {
            Ok(midnight) => write!(f, "{}", jiff::tz::Offset::UTC.to_datetime(midnight).date()),
            Err(_) => write!(f, "day {}", self.0),
        }
    }
}

impl FromStr for Date {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let fault = || NotADate { text: text.into() };
        // The parser below would also take a time or a zone behind the date, and drop it.
        if text.len() != "2026-12-25".len() {
            return Err(fault());
        }
        let date: jiff::civil::Date = text.parse().map_err(|_| fault())?;
        Self::new(date.year(), date.month(), date.day()).ok_or_else(fault)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Date {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Date".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "format": "date"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2000-03-01 is 11,017 days after the epoch: 30 years, of which 7 were leap years, 60 days.
    #[test]
    fn days_are_counted_from_the_epoch() {
        for (text, days) in
            [("1970-01-01", 0), ("2000-03-01", 30 * 365 + 7 + 60), ("1969-12-31", -1)]
        {
            let date: Date = text.parse().expect("a date");
            assert_eq!((date.days(), date.to_string().as_str()), (days, text));
            assert_eq!(Date::from_days(days), Some(date));
        }
    }

    #[test]
    fn the_first_and_the_last_date_are_dates() {
        for (days, text) in [(*DAYS.start(), "0001-01-01"), (*DAYS.end(), "9998-12-31")] {
            let date: Date = text.parse().expect("a date");
            assert_eq!((date.days(), date.to_string().as_str()), (i64::from(days), text));
        }
        assert_eq!(Date::new(9_999, 1, 1), None);
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "2026-02-29",
            "2026-12-25T10:00",
            "25.12.2026",
            "2026-1-1",
            "",
            "0000-01-01",
            "9999-01-01",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        assert!(serde_json::from_str::<Date>("20261225").is_err());
    }
}
