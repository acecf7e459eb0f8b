//! Numbers as texts write them, and the faults of a text with their places. Knows no format.

use crate::io::{Rounding, Source};
use crate::model::{Code, Issues};
use crate::units::LIMIT;
use std::borrow::Cow;

/// Collects the faults of one text.
pub(super) struct Faults<'n> {
    name: Cow<'n, str>,
    issues: Issues,
}

/// What is wrong with a word; where it stands is for the caller to say.
pub(super) type Fault = (Code, String);

impl<'n> Faults<'n> {
    /// A file that is no file of its format at all has a fault in every line; nobody reads more.
    const MAX: usize = 1_000;

    /// No faults yet, in a text called `name`.
    pub fn new(name: impl Into<Cow<'n, str>>) -> Self {
        Self { name: name.into(), issues: Issues::default() }
    }

    /// No faults yet in this source.
    pub fn of(source: &Source) -> Self {
        Self::new(source.name())
    }

    /// Notes a fault in a line (from 1).
    pub fn line(&mut self, line: usize, code: Code, cause: impl Into<String>) {
        self.at(&line.to_string(), code, cause);
    }

    /// Notes a fault at a place within the text.
    pub fn at(&mut self, place: &str, code: Code, cause: impl Into<String>) {
        let at = format!("{}:{place}", self.name);
        self.path(|| at, code, cause);
    }

    /// Notes a fault at a place that has a name of its own.
    pub fn path(&mut self, at: impl FnOnce() -> String, code: Code, cause: impl Into<String>) {
        if self.issues.0.len() < Self::MAX {
            self.issues.add(code, at(), cause);
        }
    }

    /// Notes a fault of the text as a whole.
    pub fn whole(&mut self, code: Code, cause: impl Into<String>) {
        self.issues.add(code, &*self.name, cause);
    }

    /// Notes faults that were found elsewhere in the same text.
    pub fn add(&mut self, others: Faults<'_>) {
        let room = Self::MAX.saturating_sub(self.issues.0.len());
        self.issues.0.extend(others.issues.0.into_iter().take(room));
    }

    /// The value, or the fault noted for this line and `None`.
    pub fn keep<T>(&mut self, line: usize, value: Result<T, Fault>) -> Option<T> {
        value.map_err(|(code, cause)| self.line(line, code, cause)).ok()
    }

    /// True as long as nothing is wrong.
    pub fn none(&self) -> bool {
        self.issues.0.is_empty()
    }

    /// `value` if nothing is wrong, otherwise every fault.
    pub fn or<T>(self, value: T) -> Result<T, Issues> {
        self.issues.or(value)
    }

    /// Every fault.
    pub fn into_issues(self) -> Issues {
        self.issues
    }
}

/// A word for a message: whole if short, cut if long.
pub(super) fn quoted(word: &str) -> String {
    const SHOWN_MAX: usize = 40;
    match word.char_indices().nth(SHOWN_MAX) {
        Some((end, _)) => format!("`{}...`", &word[..end]),
        None => format!("`{word}`"),
    }
}

fn not(word: &str, expected: &str) -> Fault {
    (Code::SYNTAX, format!("{} is not {expected}", quoted(word)))
}

/// A whole number within the limits of a world.
pub(super) fn whole(word: &str) -> Result<i64, Fault> {
    scaled_as(word, Rounding::INT, "a whole number").and_then(|(value, exact)| match exact {
        true => Ok(value),
        false => Err(not(word, "a whole number")),
    })
}

/// A whole number from 0 to the largest of its type.
pub(super) fn count<T: TryFrom<i64>>(word: &str) -> Result<T, Fault> {
    let value = whole(word)?;
    let count = if value < 0 { None } else { T::try_from(value).ok() };
    count.ok_or_else(|| (Code::OUT_OF_RANGE, format!("{} is not a count", quoted(word))))
}

/// A decimal number, multiplied and rounded. Exact: no binary fraction comes in between.
pub(super) fn scaled(word: &str, rounding: Rounding) -> Result<i64, Fault> {
    scaled_as(word, rounding, "a number").map(|(value, _)| value)
}

/// A finite number for a coordinate.
pub(super) fn real(word: &str) -> Result<f64, Fault> {
    match word.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ => Err(not(word, "a number")),
    }
}

/// The scaled number and whether nothing was rounded away.
fn scaled_as(word: &str, rounding: Rounding, expected: &str) -> Result<(i64, bool), Fault> {
    let (digits, exponent) = decimal(word).ok_or_else(|| not(word, expected))?;
    let beyond = || {
        let scale =
            if rounding.scale == 1 { String::new() } else { format!("/{}", rounding.scale) };
        let cause = format!("{} is beyond ±{LIMIT}{scale}", quoted(word));
        (Code::OUT_OF_RANGE, cause)
    };
    let scaled = digits.checked_mul(i128::from(rounding.scale)).ok_or_else(beyond)?;
    // 10^38 is the largest power of ten in an i128; beyond it only zero stays within the limit.
    let power = 10i128.checked_pow(exponent.unsigned_abs());
    let (value, exact) = match (power, exponent >= 0) {
        (Some(power), true) => (scaled.checked_mul(power).ok_or_else(beyond)?, true),
        (Some(power), false) => (divided(scaled, power, rounding.nearest), scaled % power == 0),
        (None, _) if scaled == 0 => (0, true),
        (None, _) => return Err(beyond()),
    };
    match i64::try_from(value) {
        Ok(value) if (-LIMIT..=LIMIT).contains(&value) => Ok((value, exact)),
        _ => Err(beyond()),
    }
}

fn divided(value: i128, by: i128, nearest: bool) -> i128 {
    let down = value.div_euclid(by);
    let rest = value.rem_euclid(by);
    let up = nearest && (rest * 2 > by || (rest * 2 == by && value > 0));
    down + i128::from(up)
}

/// `-12.5e3` as `(-125, 2)`: digits and the power of ten they are to be multiplied with.
fn decimal(word: &str) -> Option<(i128, i32)> {
    const DIGITS_MAX: usize = 30;
    let (number, exponent) = match word.find(['e', 'E']) {
        Some(at) => (&word[..at], word[at + 1..].parse::<i16>().ok()?),
        None => (word, 0),
    };
    let (sign, number) = match number.as_bytes().first()? {
        b'-' => (-1, &number[1..]),
        b'+' => (1, &number[1..]),
        _ => (1, number),
    };
    let (before, after) = number.split_once('.').unwrap_or((number, ""));
    let all = before.len() + after.len();
    let digits = before.bytes().chain(after.bytes());
    if all == 0 || all > DIGITS_MAX || !digits.clone().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value = digits.fold(0i128, |sum, byte| sum * 10 + i128::from(byte - b'0'));
    Some((sign * value, i32::from(exponent) - after.len() as i32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_scaled_without_binary_fractions() {
        // 4.35 * 100 is 434.99999999999994 in double precision.
        let cents = Rounding { scale: 100, nearest: false };
        assert_eq!(scaled("4.35", cents), Ok(435));
        assert_eq!(scaled("39.8000", Rounding::EXACT), Ok(398_000));
        assert_eq!(scaled("1.5e2", Rounding::INT), Ok(150));
    }

    #[test]
    fn rounding_is_down_or_to_the_nearest_for_both_signs() {
        let cases = [("0.19", 1, 2), ("0.15", 1, 2), ("-0.15", -2, -2), ("-0.11", -2, -1)];
        for (word, down, nearest) in cases {
            assert_eq!(scaled(word, Rounding::DIMACS), Ok(down), "{word} down");
            let near = Rounding { nearest: true, ..Rounding::DIMACS };
            assert_eq!(scaled(word, near), Ok(nearest), "{word} nearest");
        }
    }

    #[test]
    fn what_is_no_number_or_too_large_is_a_fault() {
        for word in ["", "-", ".", "1.2.3", "nan", "inf", "0x10", "1e", "--1", "1_000", "٣"] {
            assert_eq!(scaled(word, Rounding::INT).expect_err(word).0, Code::SYNTAX, "{word}");
        }
        for word in ["1099511627777", "1e30000", "-1e13", "99999999999999999999"] {
            assert_eq!(whole(word).expect_err(word).0, Code::OUT_OF_RANGE, "{word}");
        }
        assert_eq!(whole("1099511627776"), Ok(LIMIT));
        assert_eq!(whole("2.5").expect_err("a fraction").0, Code::SYNTAX);
        assert_eq!(whole("2.0"), Ok(2));
        assert_eq!(count::<i64>("-1").expect_err("negative").0, Code::OUT_OF_RANGE);
        assert_eq!(count::<u32>("4294967296").expect_err("too large").0, Code::OUT_OF_RANGE);
    }

    #[test]
    fn long_words_are_cut_in_messages() {
        assert!(quoted(&"ü".repeat(1_000)).len() < 100);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_a_number_panic(word in ".{0,60}") {
            let _ = (scaled(&word, Rounding::EXACT), whole(&word), real(&word), quoted(&word));
        }

        #[test]
        fn integers_survive(value in -LIMIT..=LIMIT) {
            proptest::prop_assert_eq!(whole(&value.to_string()), Ok(value));
        }
    }
}
