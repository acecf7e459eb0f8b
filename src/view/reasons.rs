//! Why nobody visits a ticket, in plain English.

use super::colour;
use super::scene::Scene;
use super::times::Times;
use crate::model::{SkillNeed, Ticket};
use crate::plan::{Rule, Unassigned};

/// The reasons as one sentence without capital and full stop, those that hold for most first:
/// `of 40 engineers, 20 cannot be there between 8:00 and 10:00, 12 lack lift level 3 and 8 would
/// finish too late`.
pub(super) fn sentence(scene: &Scene<'_>, unassigned: &Unassigned) -> String {
    let total: u32 = unassigned.reasons.values().sum();
    let shifts: usize = scene.world.engineers.iter().map(|engineer| engineer.shifts.len()).sum();
    let noun = if shifts == scene.world.engineers.len() { "engineer" } else { "shift" };
    let ticket = scene.ticket(&unassigned.ticket);
    let part = |rule, count| predicate(rule, count == 1, ticket, scene.times);
    let reasons = ordered(unassigned);
    match reasons.as_slice() {
        [] => "no reason is recorded".to_owned(),
        [(rule, 1)] => format!("the only {noun} {}", part(*rule, 1)),
        [(rule, count)] => match part(*rule, *count).strip_prefix("cannot ") {
            Some(ability) => format!("none of {count} {noun}s can {ability}"),
            None => format!("all {count} {noun}s {}", part(*rule, *count)),
        },
        [first @ .., (rule, count)] => {
            let parts: Vec<String> = first
                .iter()
                .map(|&(rule, count)| format!("{count} {}", part(rule, count)))
                .collect();
            let last = format!("{count} {}", part(*rule, *count));
            format!("of {total} {noun}s, {} and {last}", parts.join(", "))
        }
    }
}

/// The rules that fail and for how many shifts, most first, equals in the order of the rules.
pub(super) fn ordered(unassigned: &Unassigned) -> Vec<(Rule, u32)> {
    let mut reasons: Vec<(Rule, u32)> =
        unassigned.reasons.iter().filter(|(_, count)| **count > 0).map(|(r, c)| (*r, *c)).collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    reasons
}

/// A rule in a word or two, for legends.
pub(super) fn short(rule: Rule) -> &'static str {
    match rule {
        Rule::Skill => "skill",
        Rule::Engineer => "not allowed",
        Rule::Region => "region",
        Rule::BorrowCap => "borrowing cap",
        Rule::Changes => "changes used up",
        Rule::Lock => "locked",
        Rule::MaxTickets => "visits used up",
        Rule::Capacity => "load",
        Rule::DayLimit => "day used up",
        Rule::Parts => "parts",
        Rule::Window => "window",
        Rule::ShiftEnd => "shift end",
        Rule::Break => "break",
        Rule::MaxDuration => "duration",
        Rule::MaxDistance => "distance",
        Rule::Route => "no room",
        Rule::Fits => "could take it",
    }
}

/// The colour of a rule in bars and legends.
pub(super) fn colour(rule: Rule) -> String {
    colour::of_kind(rule as usize, Rule::Fits as usize + 1)
}

/// What one or several engineers cannot do.
fn predicate(rule: Rule, single: bool, ticket: Option<&Ticket>, times: Times) -> String {
    let verb = |one: &'static str, many: &'static str| if single { one } else { many };
    match rule {
        Rule::Skill => match ticket.and_then(skills) {
            Some((lacked, needs)) if lacked => format!("{} {needs}", verb("lacks", "lack")),
            Some((_, ruled_out)) => {
                format!("{} {ruled_out}", verb("is ruled out by", "are ruled out by"))
            }
            None => format!("{} a skill", verb("lacks", "lack")),
        },
        Rule::Engineer => format!("{} not among those it may go to", verb("is", "are")),
        Rule::Region => match ticket.and_then(|ticket| ticket.region.as_deref()) {
            Some(region) => format!("may not be lent to region {region}"),
            None => "may not be lent to its region".to_owned(),
        },
        Rule::BorrowCap => "would be more than its region may borrow".to_owned(),
        Rule::Changes => "would be one change too many of what was told".to_owned(),
        Rule::Lock => match ticket.and_then(|ticket| ticket.lock.as_ref()) {
            Some(lock) => format!("cannot have it, for it is locked to shift {}", lock.shift),
            None => format!("{} locked visits in the way", verb("has", "have")),
        },
        Rule::MaxTickets => format!("{} no visit left", verb("has", "have")),
        Rule::Capacity => format!("{} no room for its load", verb("has", "have")),
        Rule::DayLimit => format!("{} as much on that day as allowed", verb("has", "have")),
        Rule::Parts => match ticket.and_then(kit) {
            Some(kit) => format!("{} {kit} and cannot fetch it", verb("lacks", "lack")),
            None => format!("{} no parts left for it", verb("has", "have")),
        },
        Rule::Window => match ticket.and_then(|ticket| windows(ticket, times)) {
            Some(windows) => format!("cannot be there {windows}"),
            None => "cannot be there in time".to_owned(),
        },
        Rule::ShiftEnd => "would finish too late".to_owned(),
        Rule::Break => format!("could not take {} break", verb("his", "their")),
        Rule::MaxDuration => "would be out too long".to_owned(),
        Rule::MaxDistance => "would drive too far".to_owned(),
        Rule::Route => format!("{} no room for it in the route", verb("has", "have")),
        Rule::Fits => "could take it (a longer search would)".to_owned(),
    }
}

/// What a ticket asks for, and whether that is something to have (or, failing that, not to have).
fn skills(ticket: &Ticket) -> Option<(bool, String)> {
    let name = |need: &SkillNeed| format!("{} level {}", need.skill, need.level);
    let joined =
        |needs: &[SkillNeed], word: &str| needs.iter().map(name).collect::<Vec<_>>().join(word);
    let mut parts: Vec<String> = Vec::new();
    if !ticket.skills.all.is_empty() {
        parts.push(joined(&ticket.skills.all, " or "));
    }
    parts.extend(ticket.skills.any.iter().map(|group| joined(group, " and ")));
    if !parts.is_empty() {
        return Some((true, parts.join(", or ")));
    }
    (!ticket.skills.none.is_empty()).then(|| (false, joined(&ticket.skills.none, " or ")))
}

fn kit(ticket: &Ticket) -> Option<String> {
    let tools = ticket.needs.tools.iter().cloned();
    let parts = ticket.needs.parts.iter().map(|(part, count)| match count {
        1 => part.clone(),
        _ => format!("{count} × {part}"),
    });
    let kit: Vec<String> = tools.chain(parts).collect();
    (!kit.is_empty()).then(|| kit.join(" or "))
}

/// `between 8:00 and 10:00`, or how many windows there are when one sentence cannot hold them.
fn windows(ticket: &Ticket, times: Times) -> Option<String> {
    match ticket.windows.as_slice() {
        [] => None,
        [one] => Some(format!("between {} and {}", times.at(one.earliest), times.at(one.latest))),
        several => Some(format!("in any of its {} windows", several.len())),
    }
}
