//! Integer units: seconds, metres, cost and points in time. No float may enter a decision.
//!
//! Worlds are validated so that every quantity a caller supplies lies within
//! ±[`LIMIT`]; sums over a million of them then stay far inside `i64`, which is
//! why the plain operators are safe on a built problem. Before that point use
//! the `checked_` methods.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Largest magnitude that a world may hold in any quantity: 2^40 (about 34,000 years in seconds).
pub const LIMIT: i64 = 1 << 40;

macro_rules! unit {
    ($(#[$doc:meta])* $name:ident, $suffix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl $name {
            /// The value zero.
            pub const ZERO: Self = Self(0);

            /// Sum, or `None` on overflow.
            #[must_use]
            pub fn checked_add(self, other: Self) -> Option<Self> {
                self.0.checked_add(other.0).map(Self)
            }

            /// Difference, or `None` on overflow.
            #[must_use]
            pub fn checked_sub(self, other: Self) -> Option<Self> {
                self.0.checked_sub(other.0).map(Self)
            }

            /// Product with a plain number, or `None` on overflow.
            #[must_use]
            pub fn checked_mul(self, factor: i64) -> Option<Self> {
                self.0.checked_mul(factor).map(Self)
            }
        }

        impl std::ops::Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }

        impl std::ops::Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }

        impl std::ops::AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }

        impl std::iter::Sum for $name {
            fn sum<I: Iterator<Item = Self>>(values: I) -> Self {
                Self(values.map(|value| value.0).sum())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", self.0, $suffix)
            }
        }
    };
}

unit!(
    /// A length of time in whole seconds (or in ticks, see [`World::resolution`](crate::model::World::resolution)).
    Seconds, " s"
);
unit!(
    /// A distance in whole metres (or in ticks, see [`World::resolution`](crate::model::World::resolution)).
    Meters, " m"
);
unit!(
    /// A cost in the caller's smallest unit of money or preference.
    Cost, ""
);

/// A point in time: whole seconds since the Unix epoch.
///
/// In JSON it is read from an integer or from an RFC 3339 string with an offset
/// (`"2026-03-02T08:00:00+01:00"`). Benchmarks count from zero; so that both kinds stay
/// readable, instants before March 1973 (below 10^8) are written as integers and
/// later ones as RFC 3339 in UTC.
///
/// ```
/// use fieldwright::units::{Instant, Seconds};
/// let eight: Instant = "2026-03-02T08:00:00Z".parse().unwrap();
/// assert_eq!((eight + Seconds(90)).to_string(), "2026-03-02T08:01:30Z");
/// assert_eq!(Instant(420).to_string(), "420");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

impl Instant {
    /// Instants below this are taken for a relative clock and written as plain integers.
    pub const CALENDAR_FROM: i64 = 100_000_000;
}

impl std::ops::Add<Seconds> for Instant {
    type Output = Self;
    fn add(self, length: Seconds) -> Self {
        Self(self.0 + length.0)
    }
}

impl std::ops::Sub for Instant {
    type Output = Seconds;
    fn sub(self, other: Self) -> Seconds {
        Seconds(self.0 - other.0)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.0) {
            Ok(stamp) if self.0 >= Self::CALENDAR_FROM => write!(f, "{stamp}"),
            _ => write!(f, "{}", self.0),
        }
    }
}

/// A text that is neither a whole number of seconds nor an RFC 3339 time with an offset.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a time: give whole seconds, or RFC 3339 with an offset such as 2026-03-02T08:00:00+01:00"
)]
pub struct NotATime {
    /// What was given.
    pub text: String,
}

impl std::str::FromStr for Instant {
    type Err = NotATime;
    fn from_str(text: &str) -> Result<Self, NotATime> {
        if let Ok(seconds) = text.trim().parse::<i64>() {
            return Ok(Self(seconds));
        }
        let stamp: jiff::Timestamp =
            text.trim().parse().map_err(|_| NotATime { text: text.into() })?;
        Ok(Self(stamp.as_second()))
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 >= Self::CALENDAR_FROM {
            serializer.collect_str(self)
        } else {
            serializer.serialize_i64(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Instant;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("whole seconds or an RFC 3339 time with an offset")
            }
            fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Instant, E> {
                Ok(Instant(value))
            }
            fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Instant, E> {
                i64::try_from(value).map(Instant).map_err(|_| E::custom("time beyond 64 bits"))
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Instant, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Instant {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Instant".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "whole seconds since the Unix epoch, or RFC 3339 with an offset",
            "oneOf": [{"type": "integer"}, {"type": "string", "format": "date-time"}]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_survives_json_in_both_forms() {
        for seconds in [0, 420, -5, Instant::CALENDAR_FROM, 1_772_438_400] {
            let text = serde_json::to_string(&Instant(seconds)).expect("serializes");
            assert_eq!(
                serde_json::from_str::<Instant>(&text).expect("parses"),
                Instant(seconds),
                "{text}"
            );
        }
    }

    #[test]
    fn an_offset_is_honoured() {
        let plus_one: Instant = "2026-03-02T08:00:00+01:00".parse().expect("parses");
        let utc: Instant = "2026-03-02T07:00:00Z".parse().expect("parses");
        assert_eq!(plus_one, utc);
    }

    #[test]
    fn a_time_without_an_offset_is_refused() {
        let error = "2026-03-02T08:00:00".parse::<Instant>().expect_err("ambiguous");
        assert!(error.to_string().contains("RFC 3339 with an offset"));
    }
}
