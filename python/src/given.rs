//! Arguments of which the Python side made JSON.

use fieldwright::io::{Misread, parse};
use fieldwright::model::{Code, Issue, Issues};
use serde::de::DeserializeOwned;

/// JSON as what is wanted; a fault says in which argument, and where in it. The line and column in a text that
/// Python made help nobody.
pub fn read<T: DeserializeOwned>(at: &str, text: &str) -> Result<T, Issues> {
    parse(text).map_err(|Misread { path, cause, .. }| {
        let dot = if path.is_empty() || path.starts_with('[') { "" } else { "." };
        Issue::new(Code::SYNTAX, format!("{at}{dot}{path}"), cause).into()
    })
}
