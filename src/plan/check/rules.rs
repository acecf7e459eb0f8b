//! Rules on who may visit a ticket and in what order: skills, engineers, locks, loads, parts.

use super::Report;
use super::drive::{Drive, Target};
use crate::model::{Engineer, Lock, SkillNeed, Ticket, World};
use crate::plan::{Rule, Stop};
use crate::units::Instant;
use std::collections::BTreeMap;

pub(super) fn check(drive: &Drive, report: &mut Report) {
    for (n, stop, ticket) in drive.visits() {
        let at = drive.at_stop(n);
        check_skills(ticket, drive, &at, report);
        check_engineer(ticket, drive.engineer, &at, report);
        if let Some(lock) = &ticket.lock {
            check_lock(lock, stop, drive, &at, report);
        }
    }
    check_ranks(drive, report);
    check_max_tickets(drive, report);
    check_capacity(drive, report);
    check_parts(drive, report);
}

/// The best level at which he has the skill until `end`.
pub(super) fn level(engineer: &Engineer, skill: &str, end: Instant) -> Option<u32> {
    let lasts = |until: Option<Instant>| until.is_none_or(|until| until >= end);
    let owned = engineer.skills.iter().filter(|owned| owned.skill == skill && lasts(owned.until));
    owned.map(|owned| owned.level).max()
}

fn check_skills(ticket: &Ticket, drive: &Drive, at: &str, report: &mut Report) {
    let owned = |need: &SkillNeed| {
        level(drive.engineer, &need.skill, drive.shift.latest_end()).unwrap_or(0)
    };
    let has = |need: &&SkillNeed| owned(need) >= need.level;
    for need in ticket.skills.all.iter().filter(|need| !has(need)) {
        let cause = format!("`{}` {} is needed, he has {}", need.skill, need.level, owned(need));
        report.broken(Rule::Skill, at, cause);
    }
    for group in ticket.skills.any.iter().filter(|group| !group.iter().any(|need| has(&need))) {
        let needs: Vec<String> =
            group.iter().map(|need| format!("`{}` {}", need.skill, need.level)).collect();
        report.broken(Rule::Skill, at, format!("he has none of {}", needs.join(", ")));
    }
    for need in ticket.skills.none.iter().filter(has) {
        let cause = format!("`{}` {} is ruled out, he has {}", need.skill, need.level, owned(need));
        report.broken(Rule::Skill, at, cause);
    }
}

fn check_engineer(ticket: &Ticket, engineer: &Engineer, at: &str, report: &mut Report) {
    let id = &engineer.id;
    if !ticket.required.is_empty() && !ticket.required.contains(id) {
        let cause = format!("`{id}` is none of the required {}", ticket.required.join(", "));
        report.broken(Rule::Engineer, at, cause);
    }
    if ticket.excluded.contains(id) {
        report.broken(Rule::Engineer, at, format!("`{id}` is excluded"));
    }
}

fn check_lock(lock: &Lock, stop: &Stop, drive: &Drive, at: &str, report: &mut Report) {
    if lock.shift != drive.route.shift {
        report.broken(Rule::Lock, at, format!("it is locked to shift `{}`", lock.shift));
    }
    if let Some(start) = lock.start.filter(|&start| start != stop.start) {
        let cause = format!("start at {}, locked to {start}", stop.start);
        report.broken(Rule::Lock, at, cause);
    }
}

/// The visits with ranks open the route, in the order of their ranks.
fn check_ranks(drive: &Drive, report: &mut Report) {
    let mut before: Option<(&str, Option<u32>)> = None;
    for (n, _, ticket) in drive.visits() {
        let lock = ticket.lock.as_ref().filter(|lock| lock.shift == drive.route.shift);
        let rank = lock.and_then(|lock| lock.rank);
        let late = match (rank, before) {
            (Some(rank), Some((id, None))) => {
                Some(format!("rank {rank} after `{id}` without a rank"))
            }
            (Some(rank), Some((id, Some(high)))) if high >= rank => {
                Some(format!("rank {rank} after `{id}` of rank {high}"))
            }
            _ => None,
        };
        if let Some(cause) = late {
            report.broken(Rule::Lock, drive.at_stop(n), cause);
        }
        before = Some((&ticket.id, rank));
    }
}

/// Changes of what customers were told, over the whole plan.
pub(super) fn check_changes(world: &World, drives: &[Drive], report: &mut Report) {
    let changes = drives.iter().map(changes).sum::<usize>();
    if let Some(most) = world.max_changes.filter(|&most| changes > most as usize) {
        let cause = format!("{changes} visits by another shift than was told, at most {most}");
        report.broken(Rule::Changes, "plan", cause);
    }
}

/// Visits on this route whose customers were told another shift.
pub(super) fn changes(drive: &Drive) -> usize {
    let elsewhere =
        |ticket: &Ticket| ticket.told.as_ref().is_some_and(|id| *id != drive.route.shift);
    drive.visits().filter(|(_, _, ticket)| elsewhere(ticket)).count()
}

fn check_max_tickets(drive: &Drive, report: &mut Report) {
    let visits = drive.visits().count();
    if let Some(most) = drive.shift.max_tickets.filter(|&most| visits > most as usize) {
        report.broken(Rule::MaxTickets, drive.at(), format!("{visits} visits, at most {most}"));
    }
}

fn check_capacity(drive: &Drive, report: &mut Report) {
    for (d, &capacity) in drive.shift.capacity.iter().enumerate() {
        let load: i64 = drive.visits().filter_map(|(_, _, ticket)| ticket.demand.get(d)).sum();
        if load > capacity {
            let cause = format!("a load of {load} in dimension {d}, the capacity is {capacity}");
            report.broken(Rule::Capacity, drive.at(), cause);
        }
    }
}

/// What the van carries has to last until he has been at a depot; after that he lacks nothing.
fn check_parts(drive: &Drive, report: &mut Report) {
    let van = &drive.engineer.van;
    let mut used: BTreeMap<&str, u64> = BTreeMap::new();
    for (n, target) in drive.targets.iter().enumerate() {
        let ticket = match target {
            // What he got at an unknown stop, nobody can tell.
            Target::Depot(_) | Target::Unknown => return,
            Target::Break => continue,
            Target::Visit(ticket) => ticket,
        };
        for tool in ticket.needs.tools.difference(&van.tools) {
            let cause = format!("tool `{tool}` is not on the van");
            report.broken(Rule::Parts, drive.at_stop(n), cause);
        }
        for (part, &amount) in &ticket.needs.parts {
            let sum = used.entry(part).or_default();
            *sum += u64::from(amount);
            let carried = van.parts.get(part).copied().unwrap_or(0);
            if *sum > u64::from(carried) {
                let cause = format!("{sum} of part `{part}` used so far, {carried} on the van");
                report.broken(Rule::Parts, drive.at_stop(n), cause);
            }
        }
    }
}
