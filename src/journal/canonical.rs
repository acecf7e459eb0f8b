//! Canonical JSON: one text for each value, so that a hash of the text is a hash of the value.
//!
//! The form is RFC 8785 (keys in order of their UTF-16 units, no white space, shortest escapes), cut
//! down to what every reader of JSON holds exactly: integers within ±(2^53 - 1). Money and times are
//! integers here anyway; a larger number or a fraction has to be given as a string.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};
use std::fmt;

/// Largest magnitude of a number: beyond it not every reader of JSON sees the same integer.
pub const INTEGER_MAX: u64 = (1 << 53) - 1;

/// Deepest nesting: well below the 128 at which `serde_json` refuses to read.
pub const DEPTH_MAX: usize = 100;

/// Why a value has no canonical form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotCanonical {
    /// A number is a fraction, has an exponent, or is minus zero.
    #[error("{0} is not an integer: give it in smaller units, or as a string")]
    Fraction(String),
    /// An integer is beyond ±(2^53 - 1).
    #[error("{0} is beyond 2^53 - 1: give it as a string")]
    Large(String),
    /// The value is nested deeper than [`DEPTH_MAX`].
    #[error("nested more than {DEPTH_MAX} deep")]
    Deep,
    /// The text or the value is not JSON, for instance because a key of a map is no string.
    #[error("not JSON: {0}")]
    Json(String),
    /// The text is JSON, but not in canonical form: white space, order of keys, a key twice.
    #[error("the JSON is not in canonical form")]
    Form,
}

/// A JSON text in canonical form. Two of them are equal if and only if their values are.
///
/// ```
/// use fieldwright::journal::{Canonical, NotCanonical};
/// let data = serde_json::json!({"ticket": "T1", "after": {"minutes": 30}});
/// let canonical = Canonical::of(&data)?;
/// assert_eq!(canonical.as_str(), r#"{"after":{"minutes":30},"ticket":"T1"}"#);
/// let half = Canonical::of(&0.5);
/// assert_eq!(half, Err(NotCanonical::Fraction("0.5".into())));
/// # Ok::<(), NotCanonical>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Canonical(Box<str>);

impl Canonical {
    /// The canonical form of a value, in time linear in its size (keys are sorted).
    ///
    /// # Errors
    /// See [`NotCanonical`]; nothing is rounded.
    pub fn of(value: &impl Serialize) -> Result<Self, NotCanonical> {
        let value =
            serde_json::to_value(value).map_err(|error| NotCanonical::Json(error.to_string()))?;
        let mut text = String::new();
        write_value(&value, DEPTH_MAX, &mut text)?;
        Ok(Self(text.into()))
    }

    /// A text that must be in canonical form already, as it stands in a line of a log.
    ///
    /// # Errors
    /// [`NotCanonical::Form`] when it is JSON in another form, [`NotCanonical::Json`] when it is none.
    pub fn from_text(text: &str) -> Result<Self, NotCanonical> {
        let value: Value =
            serde_json::from_str(text).map_err(|error| NotCanonical::Json(error.to_string()))?;
        let canonical = Self::of(&value)?;
        if &*canonical.0 == text { Ok(canonical) } else { Err(NotCanonical::Form) }
    }

    /// Takes what a store gives back. Whether it is what was put in, the hash chain tells.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) fn trusted(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value, read as a type of the caller's.
    ///
    /// # Errors
    /// When the text does not describe a `T`.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.0)
    }
}

impl fmt::Display for Canonical {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn write_value(value: &Value, depth: usize, out: &mut String) -> Result<(), NotCanonical> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => write_number(number, out)?,
        Value::String(text) => write_string(text, out),
        Value::Array(items) => {
            let depth = depth.checked_sub(1).ok_or(NotCanonical::Deep)?;
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_value(item, depth, out)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            write_members(members, depth.checked_sub(1).ok_or(NotCanonical::Deep)?, out)?;
        }
    }
    Ok(())
}

fn write_members(
    members: &Map<String, Value>,
    depth: usize,
    out: &mut String,
) -> Result<(), NotCanonical> {
    let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
    sorted.sort_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
    out.push('{');
    for (at, (key, value)) in sorted.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write_string(key, out);
        out.push(':');
        write_value(value, depth, out)?;
    }
    out.push('}');
    Ok(())
}

fn write_number(number: &Number, out: &mut String) -> Result<(), NotCanonical> {
    let magnitude = match (number.as_i64(), number.as_u64()) {
        (Some(integer), _) => integer.unsigned_abs(),
        (None, Some(large)) => large,
        (None, None) => return Err(NotCanonical::Fraction(number.to_string())),
    };
    if magnitude > INTEGER_MAX {
        return Err(NotCanonical::Large(number.to_string()));
    }
    out.push_str(&number.to_string());
    Ok(())
}

/// A string with the escapes of RFC 8785: short ones where JSON has them, `\u00xx` for the other
/// control characters, and nothing else.
pub(crate) fn write_string(text: &str, out: &mut String) {
    out.push('"');
    let mut plain_from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[plain_from..at]);
        plain_from = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            0x08 => out.push_str("\\b"),
            0x09 => out.push_str("\\t"),
            0x0a => out.push_str("\\n"),
            0x0c => out.push_str("\\f"),
            0x0d => out.push_str("\\r"),
            control => out.push_str(&format!("\\u{control:04x}")),
        }
    }
    out.push_str(&text[plain_from..]);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn text(value: &Value) -> Result<String, NotCanonical> {
        Canonical::of(value).map(|canonical| canonical.to_string())
    }

    #[test]
    fn keys_stand_in_the_order_of_the_example_in_rfc_8785() {
        // Section 3.2.3: sorted by UTF-16 units, so the smiling face (a surrogate pair, D83D) comes
        // before U+FB33, although its code point is larger.
        let value = json!({"\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5,
            "\u{80}": 6, "\u{f6}": 7});
        let expected = "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}";
        assert_eq!(text(&value).as_deref(), Ok(expected));
    }

    #[test]
    fn strings_are_escaped_as_in_the_example_of_rfc_8785() {
        // Section 3.2.2, member `string`.
        let value = json!("\u{20ac}$\u{f}\nA'B\"\\\\\"/");
        assert_eq!(text(&value).as_deref(), Ok("\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\""));
    }

    #[test]
    fn only_integers_that_every_reader_holds_are_taken() {
        let limit = INTEGER_MAX as i64;
        assert_eq!(
            text(&json!([limit, -limit])).as_deref(),
            Ok("[9007199254740991,-9007199254740991]")
        );
        assert_eq!(text(&json!(limit + 1)), Err(NotCanonical::Large("9007199254740992".into())));
        assert_eq!(text(&json!(-limit - 1)), Err(NotCanonical::Large("-9007199254740992".into())));
        assert_eq!(text(&json!(u64::MAX)), Err(NotCanonical::Large(u64::MAX.to_string())));
        for fraction in ["0.5", "1.0", "-0.0", "1e3"] {
            let value: Value = serde_json::from_str(fraction).expect("JSON");
            assert!(matches!(text(&value), Err(NotCanonical::Fraction(_))), "{fraction}");
        }
    }

    #[test]
    fn a_text_in_another_form_is_no_canonical_text() {
        for other in ["{\"b\":1,\"a\":2}", "{\"a\":1,\"a\":1}", "[1, 2]", "\"\\u0041\""] {
            assert_eq!(Canonical::from_text(other), Err(NotCanonical::Form), "{other}");
        }
        assert!(matches!(Canonical::from_text("{"), Err(NotCanonical::Json(_))));
    }

    #[test]
    fn what_is_taken_can_be_read_again_however_deep() {
        let nest = |depth| (0..depth).fold(json!(1), |inner, _| json!([inner]));
        let deepest = Canonical::of(&nest(DEPTH_MAX)).expect("allowed");
        assert_eq!(deepest.read::<Value>().expect("reads"), nest(DEPTH_MAX));
        assert_eq!(Canonical::of(&nest(DEPTH_MAX + 1)), Err(NotCanonical::Deep));
    }

    fn values() -> impl Strategy<Value = Value> {
        let limit = INTEGER_MAX as i64;
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-limit..=limit).prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((any::<String>(), inner), 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_canonical_text_means_the_same_value_and_is_its_own_canonical_text(value in values()) {
            let canonical = Canonical::of(&value).expect("within the limits");
            prop_assert_eq!(&canonical.read::<Value>().expect("JSON"), &value);
            prop_assert_eq!(Canonical::from_text(canonical.as_str()), Ok(canonical));
        }
    }
}
