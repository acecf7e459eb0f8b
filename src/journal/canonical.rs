//! Canonical JSON: one text for each value, so that a hash of the text is a hash of the value.
//!
//! The form is RFC 8785: keys in order of their UTF-16 units, no white space, shortest escapes, numbers as
//! ECMAScript writes them. An integer beyond ±(2^53 - 1), which not every reader of JSON holds exactly, is
//! refused instead of rounded, and has to be given as a string.

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
/// let large = Canonical::of(&u64::MAX);
/// assert_eq!(large, Err(NotCanonical::Large("18446744073709551615".into())));
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
    let large = || NotCanonical::Large(number.to_string());
    let magnitude = match (number.as_i64(), number.as_u64()) {
        (Some(integer), _) => integer.unsigned_abs(),
        (None, Some(large)) => large,
        (None, None) => return write_double(number.as_f64().ok_or_else(large)?, out, large),
    };
    if magnitude > INTEGER_MAX {
        return Err(large());
    }
    out.push_str(&number.to_string());
    Ok(())
}

/// Number::toString of ECMAScript: the shortest digits that are read as this double, with an exponent only where it
/// is less than a millionth.
fn write_double(
    double: f64,
    out: &mut String,
    large: impl Fn() -> NotCanonical,
) -> Result<(), NotCanonical> {
    // Every double beyond is an integer, and reads as one that is refused.
    if double.abs() > INTEGER_MAX as f64 {
        return Err(large());
    }
    if double == 0.0 {
        // Zero has two signs and is one number.
        out.push('0');
        return Ok(());
    }
    let shortest = format!("{:e}", double.abs());
    let (digits, exponent) = shortest.split_once('e').ok_or_else(&large)?;
    let (digits, exponent) =
        (digits.replace('.', ""), exponent.parse::<i32>().map_err(|_| large())?);
    if double < 0.0 {
        out.push('-');
    }
    // So many digits stand before the point; none, and so many zeros after it, where that is negative.
    let whole = exponent + 1;
    let zeros = |count: i32| "0".repeat(count.max(0) as usize);
    match usize::try_from(whole) {
        Ok(whole) if whole >= digits.len() => {
            out.push_str(&digits);
            out.push_str(&zeros(whole as i32 - digits.len() as i32));
        }
        Ok(whole) if whole > 0 => {
            out.push_str(&digits[..whole]);
            out.push('.');
            out.push_str(&digits[whole..]);
        }
        _ if whole > -6 => {
            out.push_str("0.");
            out.push_str(&zeros(-whole));
            out.push_str(&digits);
        }
        _ => {
            out.push_str(&digits[..1]);
            if digits.len() > 1 {
                out.push('.');
                out.push_str(&digits[1..]);
            }
            out.push_str(&format!("e{exponent}"));
        }
    }
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
        for beyond in ["9007199254740992.0", "1e20", "-1e300"] {
            let value: Value = serde_json::from_str(beyond).expect("JSON");
            assert!(matches!(text(&value), Err(NotCanonical::Large(_))), "{beyond}");
        }
    }

    #[test]
    fn fractions_are_written_as_ecmascript_does() {
        // Appendix B of RFC 8785, as far as these are within the limits, and what `String(x)` says of others.
        for (double, expected) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-1e3, "-1000"),
            (0.5, "0.5"),
            (52.520_008_1, "52.5200081"),
            (5e-324, "5e-324"),
            (-5e-324, "-5e-324"),
            (0.000_001, "0.000001"),
            (1.5e-7, "1.5e-7"),
            (333_333_333.333_333_3, "333333333.3333333"),
            (-0.000_003_333_333_333_333_333_3, "-0.0000033333333333333333"),
            (9.999_999_999_999_997e-7, "9.999999999999997e-7"),
            (9_007_199_254_740_991.0, "9007199254740991"),
        ] {
            assert_eq!(text(&json!(double)).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn a_text_in_another_form_is_no_canonical_text() {
        for other in [
            "1.0",
            "-0",
            "1e3",
            "0.50",
            "{\"b\":1,\"a\":2}",
            "{\"a\":1,\"a\":1}",
            "[1, 2]",
            "\"\\u0041\"",
        ] {
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
            (-1e3..1e3).prop_map(Value::from),
            (-1e-3..1e-3).prop_map(Value::from),
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
