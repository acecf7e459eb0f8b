//! Speed by the hour of day: the rush hours that slow every way down, the nights that are free.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// How fast engineers travel at which time of day, in percent of what the ways to travel say.
///
/// A trip that takes 600 s by the world's `travel` and starts ten minutes before 60 percent become 100
/// has 360 s of it done by then and takes 840 s: speeds are followed from piece to piece, the end is rounded
/// up to a whole second, and nobody who leaves later arrives earlier. Distances stay what they are; what a
/// profile adds to each trip (`fixed`) is slowed like the rest. Every day is alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Traffic {
    /// The travel profile that it holds for; all that have no traffic of their own when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// From each time of day on, the speed in percent, in order of time: `[["07:00", 60], ["09:00", 100]]`.
    /// The last one holds over midnight until the first.
    pub speeds: Vec<(TimeOfDay, u32)>,
}

/// A time of day in seconds since midnight, local by the world's `utc_offset`.
///
/// In JSON it is read from an integer or from `"07:00"` or `"07:00:30"`, and written as the latter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(pub u32);

impl TimeOfDay {
    /// Seconds of a day.
    pub const DAY: u32 = 86_400;

    /// So many hours and minutes after midnight; `at(24, 0)` is the end of the day.
    #[must_use]
    pub const fn at(hours: u32, minutes: u32) -> Self {
        Self(hours * 3_600 + minutes * 60)
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, minutes, seconds) = (self.0 / 3_600, self.0 / 60 % 60, self.0 % 60);
        write!(f, "{hours:02}:{minutes:02}")?;
        if seconds > 0 { write!(f, ":{seconds:02}") } else { Ok(()) }
    }
}

impl FromStr for TimeOfDay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault =
            || format!("`{text}` is no time of day: give seconds, or `07:00` or `07:00:30`");
        if let Ok(seconds) = text.parse() {
            return Ok(Self(seconds));
        }
        let parts: Vec<&str> = text.split(':').collect();
        let two_digits = |part: &&str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        if !(2..=3).contains(&parts.len()) || !parts.iter().all(two_digits) {
            return Err(fault());
        }
        let numbers: Vec<u32> = parts.iter().filter_map(|part| part.parse().ok()).collect();
        if numbers[1..].iter().any(|&sixtieth| sixtieth >= 60) {
            return Err(fault());
        }
        Ok(Self(numbers.iter().zip([3_600, 60, 1]).map(|(number, unit)| number * unit).sum()))
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // What is no time of day is written so that it is read, and refused, as it is.
        if self.0 <= Self::DAY {
            serializer.collect_str(self)
        } else {
            serializer.serialize_u32(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "seconds since midnight, or a time such as `07:00`")]
        enum Written {
            Seconds(u32),
            Text(String),
        }
        match Written::deserialize(deserializer)? {
            Written::Seconds(seconds) => Ok(Self(seconds)),
            Written::Text(text) => text.parse().map_err(serde::de::Error::custom),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for TimeOfDay {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TimeOfDay".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "seconds since local midnight, or a time such as 07:00 or 07:00:30",
            "oneOf": [{"type": "integer"}, {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$"}]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_read_in_both_forms_and_written_as_people_write_it() {
        for (text, seconds, written) in [
            ("\"07:00\"", 25_200, "\"07:00\""),
            ("25230", 25_230, "\"07:00:30\""),
            ("0", 0, "\"00:00\""),
            ("\"24:00\"", 86_400, "\"24:00\""),
        ] {
            let time: TimeOfDay = serde_json::from_str(text).expect("a time of day");
            assert_eq!(time, TimeOfDay(seconds));
            assert_eq!(serde_json::to_string(&time).expect("serializes"), written);
        }
    }

    #[test]
    fn what_is_no_time_of_day_is_refused() {
        for text in
            ["\"7:00\"", "\"07:60\"", "\"07\"x", "\"noon\"", "-1", "\"07:00:00:00\"", "\"+7:00\""]
        {
            assert!(serde_json::from_str::<TimeOfDay>(text).is_err(), "{text}");
        }
    }
}
