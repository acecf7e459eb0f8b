//! Ranges of numbers: what keeps every later sum inside 64 bits.

use super::At;
use crate::model::{Code, Issues};
use crate::units::{Instant, LIMIT};
use std::ops::RangeInclusive;

/// A number that has to lie within a range.
pub(super) fn check_e105_range(
    value: i64,
    range: RangeInclusive<i64>,
    what: &str,
    at: At,
    issues: &mut Issues,
) {
    if !range.contains(&value) {
        let (least, most) = range.into_inner();
        let cause = format!("{what} is {value}, not within {least} to {most}");
        issues.add(Code::OUT_OF_RANGE, at(), cause);
    }
}

/// A point in time; it may lie before the epoch.
pub(super) fn check_e105_instant(value: Instant, what: &str, at: At, issues: &mut Issues) {
    check_e105_range(value.0, -LIMIT..=LIMIT, what, at, issues);
}

/// A length of time, a distance, a cost, a load: none of them may be negative.
pub(super) fn check_e503_length(value: i64, what: &str, at: At, issues: &mut Issues) {
    check_e503_up_to(value, LIMIT, what, at, issues);
}

/// A length that has a limit of its own.
pub(super) fn check_e503_up_to(value: i64, most: i64, what: &str, at: At, issues: &mut Issues) {
    if value < 0 {
        issues.add(Code::NEGATIVE, at(), format!("{what} is {value}, less than 0"));
    } else {
        check_e105_range(value, 0..=most, what, at, issues);
    }
}
