//! JSON as what is wanted, and what is wrong with it in the words of people who have never seen Rust.

use serde::de::DeserializeOwned;

/// What is wrong with a text of JSON, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// The thing that is wrong, such as `engineers[3].id`; empty where it is the whole.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// What is wrong there.
    pub cause: String,
}

/// A text of JSON as what is wanted.
///
/// # Errors
/// The first thing in it that is not as it should be.
///
/// ```
/// use fieldwright::io::parse;
/// let wrong = parse::<Vec<u32>>("[1, -1]").unwrap_err();
/// assert_eq!((&wrong.path[..], wrong.line), ("[1]", 1));
/// assert_eq!(wrong.cause, "-1 is not a whole number from 0 to 4294967295");
/// ```
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Misread> {
    serde_json::from_str(text).map_err(|error| {
        // To keep the path costs time, so it is asked for only where something is wrong.
        let reader = &mut serde_json::Deserializer::from_str(text);
        let again = serde_path_to_error::deserialize::<_, T>(reader);
        let path = again.err().map_or_else(String::new, |error| error.path().to_string());
        Misread {
            // What it cannot name it calls `?`, and the whole `.`.
            path: path.trim_end_matches(['?', '.']).to_owned(),
            line: error.line(),
            column: error.column(),
            cause: plain(&error),
        }
    })
}

/// What is wrong, without its line and column: `"many" is not a whole number from 0 to 4294967295`.
pub(super) fn plain(error: &serde_json::Error) -> String {
    let told = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let told = told.strip_suffix(&place).unwrap_or(&told);
    if let Some((found, expected)) = parts(told) {
        return format!("{} is not {}", thing(found), kind(expected));
    }
    let told =
        told.replace("unknown variant", "unknown name").replace("expected one of", "known are");
    told.replace(", expected `", ", known is `")
}

/// What was found and what was expected, where that is what the error says.
fn parts(told: &str) -> Option<(&str, &str)> {
    let heads = ["invalid type: ", "invalid value: ", "invalid length "];
    heads.iter().find_map(|head| told.strip_prefix(head)?.split_once(", expected "))
}

/// What was found: a value as it was written, or what it is.
fn thing(found: &str) -> String {
    match found.split_once(' ') {
        Some(("integer" | "boolean", value)) => value.trim_matches('`').to_owned(),
        Some(("floating", rest)) => rest.trim_start_matches("point ").trim_matches('`').to_owned(),
        Some(("string", text)) => text.to_owned(),
        _ => match found {
            "sequence" => "a list".into(),
            "map" => "an object".into(),
            "null" | "unit value" => "nothing (`null`)".into(),
            count if count.parse::<u64>().is_ok() => format!("a list of {count}"),
            other => other.to_owned(),
        },
    }
}

/// What was expected. The types of numbers are told by their ranges.
fn kind(expected: &str) -> String {
    let range = |least: &str, most: &str| format!("a whole number from {least} to {most}");
    match expected {
        "u8" => range("0", &u8::MAX.to_string()),
        "u16" => range("0", &u16::MAX.to_string()),
        "u32" => range("0", &u32::MAX.to_string()),
        "u64" | "usize" => range("0", &u64::MAX.to_string()),
        "i32" => range(&i32::MIN.to_string(), &i32::MAX.to_string()),
        "i64" | "isize" => "a whole number".into(),
        "f32" | "f64" => "a number".into(),
        "a boolean" => "`true` or `false`".into(),
        "a string" | "a borrowed string" => "text".into(),
        "a sequence" => "a list".into(),
        "a map" => "an object".into(),
        _ if expected.starts_with("struct ") => "an object with named fields".into(),
        _ if expected.starts_with("enum ") || expected.contains("tagged enum") => {
            "one of the kinds that there are".into()
        }
        _ => match expected.split(' ').find_map(|word| word.parse::<u64>().ok()) {
            Some(count) if expected.contains("tuple") || expected.contains("array") => {
                format!("a list of {count}")
            }
            _ => expected.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::model::{Engineer, Level, Profile, Shift, Traffic, TravelMode};
    use serde::de::DeserializeOwned;

    fn told<T: DeserializeOwned>(text: &str) -> String {
        parse::<T>(text).map_or_else(|wrong| wrong.cause, |_| format!("{text} is taken"))
    }

    #[test]
    fn a_fault_names_the_thing_that_has_it() {
        let text = r#"[{"name": "van", "meters_per_hour": 30000}, {"name": "bike", "meters_per_hour": -3}]"#;
        let wrong = parse::<Vec<Profile>>(text).expect_err("no speed");
        assert_eq!(wrong.path, "[1].meters_per_hour");
        assert_eq!(
            parse::<Vec<Profile>>("[").expect_err("no end").cause,
            "EOF while parsing a list"
        );
        assert_eq!(parse::<u32>("x").expect_err("no number").path, "");
    }

    #[test]
    fn no_fault_names_a_type_of_rust() {
        let cases = [
            (told::<u32>("-1"), "-1 is not a whole number from 0 to 4294967295"),
            (told::<u32>("1.5"), "1.5 is not a whole number from 0 to 4294967295"),
            (told::<u32>("\"ten\""), "\"ten\" is not a whole number from 0 to 4294967295"),
            (told::<i64>("[]"), "a list is not a whole number"),
            (told::<f64>("true"), "true is not a number"),
            (told::<bool>("1"), "1 is not `true` or `false`"),
            (told::<String>("7"), "7 is not text"),
            (told::<Option<String>>("{}"), "an object is not text"),
            (told::<Vec<Profile>>("3"), "3 is not a list"),
            (told::<Engineer>("3"), "3 is not an object with named fields"),
            (told::<Profile>("{}"), "missing field `name`"),
        ];
        for (found, expected) in cases {
            assert_eq!(found, expected);
        }
        let others = [
            told::<Level>(r#"{"speed": 1}"#),
            told::<Shift>(r#"{"begin": 1}"#),
            told::<TravelMode>(r#"{"by": "air"}"#),
            told::<TravelMode>("3"),
            told::<Traffic>("[1]"),
            told::<(u32, u32)>("[1]"),
        ];
        let words = ["u32", "i64", "struct", "enum", "variant", "sequence", "tuple", "expected"];
        for text in others {
            assert!(!words.iter().any(|word| text.contains(word)), "{text}");
        }
    }
}
