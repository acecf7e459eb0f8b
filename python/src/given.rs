//! Arguments of which the Python side made JSON.

use fieldwright::io::{Misread, parse};
use fieldwright::model::{Code, Issue, Issues};
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;

/// JSON as what is wanted; a fault says in which argument, and where in it. The line and column in a text that
/// Python made help nobody.
pub fn read<T: DeserializeOwned>(at: &str, text: &str) -> Result<T, Issues> {
    parse(text).map_err(|Misread { path, cause, .. }| {
        let dot = if path.is_empty() || path.starts_with('[') { "" } else { "." };
        Issue::new(Code::SYNTAX, format!("{at}{dot}{path}"), cause).into()
    })
}

/// The zone of a place, or of an offset as Arrow and datetimes of Python have it: `+01:00`.
pub fn zone(name: &str) -> Result<TimeZone, Issues> {
    let found = match name.as_bytes() {
        [b'+' | b'-', _, _, b':', _, _] => DateTimeParser::new().parse_time_zone(name),
        _ => TimeZone::get(name),
    };
    found.map_err(|_| Issue::new(Code::UNKNOWN_ZONE, "zone", format!("`{name}`")).into())
}
