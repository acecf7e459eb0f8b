//! What one item of a cell says. Knows no tables.

use crate::io::text::{Fault, count, quoted, whole};
use crate::model::{Break, Code, LateStep, OwnedSkill, SkillNeed, Window};
use crate::units::{Cost, Instant, LIMIT, Seconds};
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;

/// A text that is not empty.
pub(super) fn text(item: &str) -> Result<String, Fault> {
    match item {
        "" => Err((Code::SYNTAX, "an item is empty".into())),
        item => Ok(item.into()),
    }
}

/// The moment at which a clock on the wall, where a column is from, says so many seconds since 1970; or what to
/// do where nobody knows where that is.
pub(super) type Clock<'c> = &'c dyn Fn(i64) -> Result<Instant, &'static str>;

/// A point in time.
pub(super) fn instant(item: &str, clock: Clock<'_>) -> Result<Instant, Fault> {
    // A number too long for an instant is a number all the same, and out of range.
    if let Err((Code::OUT_OF_RANGE, cause)) = whole(item) {
        return Err((Code::OUT_OF_RANGE, cause));
    }
    let told = item.parse().or_else(|_| match on_the_wall(item) {
        Some(wall) => {
            clock(wall).map_err(|advice| format!("{} has no zone: {advice}", quoted(item)))
        }
        None => {
            Err(format!("{} is neither whole seconds nor RFC 3339 with an offset", quoted(item)))
        }
    });
    let time: Instant = told.map_err(|cause| (Code::SYNTAX, cause))?;
    match time.0.unsigned_abs() <= LIMIT.unsigned_abs() {
        true => Ok(time),
        false => Err((Code::OUT_OF_RANGE, format!("{} is beyond ±{LIMIT}", quoted(item)))),
    }
}

/// What a clock on the wall says when it says `2026-03-02 08:00`; nothing where the text has a zone, or no time
/// of day.
fn on_the_wall(item: &str) -> Option<i64> {
    let pieces = Pieces::parse(item).ok()?;
    let has_zone = pieces.offset().is_some() || pieces.time_zone_annotation().is_some();
    let time = pieces.time().filter(|_| !has_zone)?;
    Some(Offset::UTC.to_timestamp(pieces.date().to_datetime(time)).ok()?.as_second())
}

/// `yes` or `no`.
pub(super) fn yes(item: &str) -> Result<bool, Fault> {
    match item {
        "yes" | "true" => Ok(true),
        "no" | "false" => Ok(false),
        _ => Err((Code::SYNTAX, format!("{} is neither yes nor no", quoted(item)))),
    }
}

/// `name:3`, or `name` for one.
pub(super) fn counted(item: &str) -> Result<(String, u32), Fault> {
    match item.rsplit_once(':') {
        Some((name, number)) => Ok((text(name.trim())?, count(number.trim())?)),
        None => Ok((text(item)?, 1)),
    }
}

pub(super) fn needed(item: &str) -> Result<SkillNeed, Fault> {
    counted(item).map(|(skill, level)| SkillNeed { skill, level })
}

/// `name:level@until`, of which the name suffices.
pub(super) fn owned(item: &str, clock: Clock<'_>) -> Result<OwnedSkill, Fault> {
    let (skill, until) = match item.split_once('@') {
        Some((skill, until)) => (skill.trim(), Some(instant(until.trim(), clock)?)),
        None => (item, None),
    };
    counted(skill).map(|(skill, level)| OwnedSkill { skill, level, until })
}

/// `earliest/latest`.
pub(super) fn window(item: &str, clock: Clock<'_>) -> Result<Window, Fault> {
    let (earliest, latest) = item
        .split_once('/')
        .ok_or_else(|| (Code::SYNTAX, format!("{} is not `earliest/latest`", quoted(item))))?;
    Ok(Window::new(instant(earliest.trim(), clock)?, instant(latest.trim(), clock)?))
}

/// `earliest/latest/seconds`.
pub(super) fn pause(item: &str, clock: Clock<'_>) -> Result<Break, Fault> {
    let (times, length) = item.rsplit_once('/').ok_or_else(|| {
        (Code::SYNTAX, format!("{} is not `earliest/latest/seconds`", quoted(item)))
    })?;
    let Window { earliest, latest } = window(times, clock)?;
    Ok(Break { earliest, latest, duration: Seconds(whole(length.trim())?) })
}

/// `seconds/cost`.
pub(super) fn late_step(item: &str) -> Result<LateStep, Fault> {
    let (after, cost) = item
        .split_once('/')
        .ok_or_else(|| (Code::SYNTAX, format!("{} is not `seconds/cost`", quoted(item))))?;
    Ok(LateStep { after: Seconds(whole(after.trim())?), cost: Cost(whole(cost.trim())?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_read_as_their_columns_say() {
        assert_eq!(counted("boiler:3"), Ok(("boiler".into(), 3)));
        assert_eq!(counted("gas"), Ok(("gas".into(), 1)));
        assert!(counted("gas:high").is_err() && counted(":2").is_err() && counted("").is_err());
        assert_eq!(yes("no"), Ok(false));
        assert!(yes("2").is_err());
        let too_late = instant("1099511627777", &|_| Err("")).expect_err("too late");
        assert_eq!(too_late.0, Code::OUT_OF_RANGE);
    }

    #[test]
    fn only_a_time_of_a_day_without_a_zone_is_taken_from_the_clock_on_the_wall() {
        let late = |wall| Ok(Instant(wall + 1));
        let read = |item| instant(item, &late).map(|time| time.0);
        assert_eq!(read("1970-01-02 00:01"), Ok(86_461));
        assert_eq!(read("1970-01-02T00:01:00"), Ok(86_461));
        assert_eq!(read("1970-01-02 00:01Z"), Ok(86_460));
        assert_eq!(read("1970-01-02 00:01+01:00"), Ok(82_860));
        assert!(read("1970-01-02").is_err(), "a day is no moment");
        let told = instant("1970-01-02 00:01", &|_| Err("ask")).expect_err("nobody knows where");
        assert_eq!(told, (Code::SYNTAX, "`1970-01-02 00:01` has no zone: ask".into()));
    }
}
