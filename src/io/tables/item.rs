//! What one item of a cell says. Knows no tables.

use crate::io::text::{Fault, count, quoted, whole};
use crate::model::{Break, Code, LateStep, OwnedSkill, SkillNeed, Window};
use crate::units::{Cost, Instant, LIMIT, Seconds};

/// A text that is not empty.
pub(super) fn text(item: &str) -> Result<String, Fault> {
    match item {
        "" => Err((Code::SYNTAX, "an item is empty".into())),
        item => Ok(item.into()),
    }
}

/// A point in time.
pub(super) fn instant(item: &str) -> Result<Instant, Fault> {
    // A number too long for an instant is a number all the same, and out of range.
    if let Err((Code::OUT_OF_RANGE, cause)) = whole(item) {
        return Err((Code::OUT_OF_RANGE, cause));
    }
    let time: Instant = item.parse().map_err(|_| {
        let cause =
            format!("{} is neither whole seconds nor RFC 3339 with an offset", quoted(item));
        (Code::SYNTAX, cause)
    })?;
    match time.0.unsigned_abs() <= LIMIT.unsigned_abs() {
        true => Ok(time),
        false => Err((Code::OUT_OF_RANGE, format!("{} is beyond ±{LIMIT}", quoted(item)))),
    }
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
pub(super) fn owned(item: &str) -> Result<OwnedSkill, Fault> {
    let (skill, until) = match item.split_once('@') {
        Some((skill, until)) => (skill.trim(), Some(instant(until.trim())?)),
        None => (item, None),
    };
    counted(skill).map(|(skill, level)| OwnedSkill { skill, level, until })
}

/// `earliest/latest`.
pub(super) fn window(item: &str) -> Result<Window, Fault> {
    let (earliest, latest) = item
        .split_once('/')
        .ok_or_else(|| (Code::SYNTAX, format!("{} is not `earliest/latest`", quoted(item))))?;
    Ok(Window::new(instant(earliest.trim())?, instant(latest.trim())?))
}

/// `earliest/latest/seconds`.
pub(super) fn pause(item: &str) -> Result<Break, Fault> {
    let (times, length) = item.rsplit_once('/').ok_or_else(|| {
        (Code::SYNTAX, format!("{} is not `earliest/latest/seconds`", quoted(item)))
    })?;
    let Window { earliest, latest } = window(times)?;
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
        assert_eq!(instant("1099511627777").expect_err("too late").0, Code::OUT_OF_RANGE);
    }
}
