//! Words for people: lengths of time, lists, and what a rule means for those it stops.

use crate::plan::Rule;
use crate::problem::Problem;
use crate::score::{Contribution, Explanation, criteria};
use std::fmt;

/// A length of time in this problem. Where its units are parts of a second, or of nothing in
/// particular, it stays a plain number of ticks.
pub(super) fn length(problem: &Problem, units: i64) -> String {
    if problem.world().resolution == 1 { time(units) } else { format!("{units} ticks") }
}

/// A length of time as people say it: `40 s`, `25 min`, `1 h 05 min`.
pub(super) fn time(seconds: i64) -> String {
    match (seconds / 3_600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, 0) => format!("{m} min"),
        (0, m, s) => format!("{m} min {s:02} s"),
        (h, 0, 0) => format!("{h} h"),
        (h, m, 0) => format!("{h} h {m:02} min"),
        (h, m, s) => format!("{h} h {m:02} min {s:02} s"),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// What holds for an engineer whom this rule is the first to stop.
pub(super) fn verdict(rule: Rule) -> &'static str {
    match rule {
        Rule::Skill => "lack a skill, or have one that is ruled out",
        Rule::Engineer => "are not among those the ticket may go to",
        Rule::Region => "are of another region and not to be lent",
        Rule::BorrowCap => "would have to be borrowed by a region that may borrow no more",
        Rule::Changes => "would be one change too many of what customers were told",
        Rule::Lock => "are not on the shift it is locked to",
        Rule::MaxTickets => "have as many visits as they may",
        Rule::Capacity => "have no room for the load",
        Rule::DayLimit => "have as much on that day as they may",
        Rule::Parts => "lack a tool or part and cannot fetch it",
        Rule::Window => "would come too late for a window, here or further on",
        Rule::ShiftEnd => "would work past the end of the shift",
        Rule::Break => "would take a break too late",
        Rule::MaxDuration => "would be on the road for too long",
        Rule::MaxDistance => "would drive too far",
        Rule::Route => "have no room for it on their route",
        Rule::Fits => "can take it",
    }
}

/// `0 / 0 / 4210`: a score, level by level.
pub(super) fn levels(score: &[i64]) -> String {
    let levels: Vec<String> = score.iter().map(i64::to_string).collect();
    levels.join(" / ")
}

/// `travel 4200 (420 s x 10), load 300 (1 pairs x 300)`: what makes up a score, in one line.
pub(super) fn terms(f: &mut fmt::Formatter<'_>, explanation: &Explanation) -> fmt::Result {
    for (index, part) in explanation.contributions.iter().enumerate() {
        let Contribution { criterion, measure, weight, points, .. } = part;
        let unit = criteria::ALL[*criterion as usize].unit();
        let comma = if index == 0 { "" } else { ", " };
        write!(f, "{comma}{} {points} ({measure} {unit} x {weight})", criterion.name())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Engineer, Place, TravelMode, World};
    use crate::units::Instant;

    #[test]
    fn lengths_read_as_people_say_them() {
        let mut world = World::new(TravelMode::car(36_000));
        world.engineers.push(Engineer::new("E", Place::at(0.0, 0.0), Instant(0), Instant(60)));
        let problem = Problem::build(world.clone()).expect("sound");
        let said: Vec<String> =
            [40, 1_500, 90, 7_200, 3_900, 3_661].map(|s| length(&problem, s)).into();
        let expected = ["40 s", "25 min", "1 min 30 s", "2 h", "1 h 05 min", "1 h 01 min 01 s"];
        assert_eq!(said, expected);
        world.resolution = 10;
        assert_eq!(length(&Problem::build(world).expect("sound"), 1_500), "1500 ticks");
    }

    #[test]
    fn lists_end_in_and() {
        let items = ["a", "b", "c"].map(String::from);
        assert_eq!(list(&items), "a, b and c");
        assert_eq!(list(&items[..1]), "a");
    }
}
