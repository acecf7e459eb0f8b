//! Limits on what an engineer does on one day, over all his shifts that start on it.

use super::Report;
use super::drive::Drive;
use crate::model::{Engineer, World};
use crate::plan::Rule;
use std::collections::BTreeMap;

pub(super) fn check(world: &World, drives: &[Drive], report: &mut Report) {
    let day = 86_400 * i64::from(world.resolution);
    let ahead = world.utc_offset.0 * i64::from(world.resolution);
    let mut days: BTreeMap<(&str, i64), Vec<&Drive>> = BTreeMap::new();
    for drive in drives {
        let number = (drive.shift.start.0 + ahead).div_euclid(day);
        days.entry((&drive.engineer.id, number)).or_default().push(drive);
    }
    for of_day in days.values() {
        check_day(of_day[0].engineer, of_day, report);
    }
}

fn check_day(engineer: &Engineer, drives: &[&Drive], report: &mut Report) {
    let shifts: Vec<&str> = drives.iter().map(|drive| drive.route.shift.as_str()).collect();
    let at = format!("engineer {}, day of {}", engineer.id, shifts.join(", "));
    let visits = || drives.iter().flat_map(|drive| drive.visits());
    let count = visits().count();
    if let Some(most) = engineer.max_tickets_per_day.filter(|&most| count > most as usize) {
        report.broken(Rule::DayLimit, &at, format!("{count} visits, at most {most}"));
    }
    for (d, &capacity) in engineer.capacity_per_day.iter().enumerate() {
        let load: i64 = visits().filter_map(|(_, _, ticket)| ticket.demand.get(d)).sum();
        if load > capacity {
            let cause = format!("a load of {load} in dimension {d}, the capacity is {capacity}");
            report.broken(Rule::DayLimit, &at, cause);
        }
    }
}
