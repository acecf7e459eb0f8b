//! The score, measured again from the plan alone and compared level by level.

use super::drive::{Drive, Roster};
use super::regions::Regions;
use super::rules::{changes, level};
use super::{Law, Report};
use crate::model::{Criterion, SkillNeed, Ticket, Window, World};
use crate::plan::Plan;
use crate::units::{Instant, LIMIT};

pub(super) fn check(
    world: &World,
    plan: &Plan,
    roster: &Roster,
    regions: &Regions,
    report: &mut Report,
) {
    let levels = &world.objective.levels;
    if levels.len() != plan.score.len() {
        let cause = format!("{} levels, the objective has {}", plan.score.len(), levels.len());
        report.add(Law::Score, "score", cause);
        return;
    }
    for (l, (weights, &stated)) in levels.iter().zip(&plan.score).enumerate() {
        let terms: Vec<(&str, i64, i128)> = weights
            .iter()
            .map(|(&criterion, &weight)| {
                (criterion.name(), weight, measure(criterion, world, plan, roster, regions))
            })
            .collect();
        let sum: i128 = terms.iter().map(|&(_, weight, amount)| i128::from(weight) * amount).sum();
        if sum != i128::from(stated) {
            let terms: Vec<String> = terms
                .iter()
                .map(|(name, weight, amount)| format!("{weight} x {name} {amount}"))
                .collect();
            let cause = format!("{stated} is stated, it is {sum}: {}", terms.join(" + "));
            report.add(Law::Score, format!("score, level {l}"), cause);
        }
    }
}

fn measure(
    criterion: Criterion,
    world: &World,
    plan: &Plan,
    roster: &Roster,
    regions: &Regions,
) -> i128 {
    if criterion == Criterion::Unserved {
        let left =
            plan.unassigned.iter().filter_map(|entry| roster.tickets.get(entry.ticket.as_str()));
        return left.map(|ticket| i128::from(ticket.worth())).sum();
    }
    if criterion == Criterion::Balance {
        let minute = 60 * i128::from(world.resolution);
        let used = roster.drives.iter().filter(|drive| drive.visits().next().is_some());
        let grown = used.map(|drive| {
            let before = i128::from(drive.engineer.worked.0);
            let after = before + i128::from(drive.route.duration().0);
            (after * after - before * before) / (minute * minute)
        });
        return grown.sum();
    }
    let hour = 3_600 * i64::from(world.resolution);
    let of_drive = |drive: &Drive| i128::from(measure_of_drive(criterion, drive, regions, hour));
    roster.drives.iter().map(of_drive).sum()
}

fn measure_of_drive(criterion: Criterion, drive: &Drive, regions: &Regions, hour: i64) -> i64 {
    let visits = || drive.visits();
    let count = visits().count() as i64;
    // Seconds from the start of each visit to its due time; negative when it is late.
    let margins = || visits().filter_map(|(_, stop, ticket)| Some((ticket.due? - stop.start).0));
    match criterion {
        // Measured over the whole plan.
        Criterion::Unserved | Criterion::Balance => 0,
        Criterion::Lateness => margins().map(|margin| (-margin).max(0)).sum(),
        Criterion::Slack => margins().map(|margin| (hour - margin).clamp(0, hour)).sum(),
        Criterion::Travel => drive.route.travel().0,
        Criterion::Distance => drive.route.distance().0,
        Criterion::Work => drive.route.duration().0,
        Criterion::Wait => drive.route.stops.iter().map(|stop| (stop.start - stop.arrive).0).sum(),
        Criterion::Shifts => count.min(1),
        Criterion::Fixed => count.min(1) * drive.shift.fixed_cost.0,
        Criterion::Region => visits()
            .map(|(_, _, ticket)| regions.fit(drive.engineer, regions.of_ticket(ticket)).1)
            .sum(),
        Criterion::Overskill => {
            let end = drive.shift.latest_end();
            visits().map(|(_, _, ticket)| surplus(&ticket.skills, drive, end)).sum()
        }
        Criterion::Preference => visits()
            .filter(|(_, _, ticket)| {
                !ticket.preferred.is_empty() && !ticket.preferred.contains(&drive.engineer.id)
            })
            .count() as i64,
        Criterion::Load => count * (count - 1) / 2,
        Criterion::Changes => changes(drive) as i64,
        Criterion::OffWindow => {
            visits().map(|(_, stop, ticket)| off_window(ticket, stop.start)).sum()
        }
        Criterion::Penalty => visits()
            .flat_map(|(_, stop, ticket)| {
                let late = ticket.due.map_or(i64::MIN, |due| (stop.start - due).0);
                ticket.late_steps.iter().filter(move |step| late > step.after.0)
            })
            .map(|step| step.cost.0)
            .sum(),
        Criterion::Overtime => count.min(1) * (drive.route.end - drive.shift.end).0.max(0),
    }
}

/// Seconds from a start to the nearest moment that the customer prefers and the ticket allows.
fn off_window(ticket: &Ticket, start: Instant) -> i64 {
    let always = [Window::new(Instant(-LIMIT), Instant(LIMIT))];
    let windows = if ticket.windows.is_empty() { &always } else { ticket.windows.as_slice() };
    let release = ticket.release.unwrap_or(Instant(-LIMIT));
    let pairs = ticket.preferred_windows.iter().flat_map(|a| windows.iter().map(move |b| (a, b)));
    pairs
        .map(|(a, b)| (a.earliest.max(b.earliest).max(release), a.latest.min(b.latest)))
        .filter(|(from, to)| from <= to)
        .map(|(from, to)| if start < from { (from - start).0 } else { (start - to).0.max(0) })
        .min()
        .unwrap_or(0)
}

/// Levels above what is asked for; of a group, those of the alternative that he exceeds least.
fn surplus(asked: &crate::model::Demand, drive: &Drive, end: Instant) -> i64 {
    let above = |need: &SkillNeed| {
        let owned = level(drive.engineer, &need.skill, end).unwrap_or(0);
        i64::from(owned) - i64::from(need.level)
    };
    let all: i64 = asked.all.iter().map(above).sum();
    let any: i64 = asked
        .any
        .iter()
        .filter_map(|group| group.iter().map(above).filter(|&above| above >= 0).min())
        .sum();
    all + any
}
