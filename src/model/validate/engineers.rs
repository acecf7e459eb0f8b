//! Engineers, their shifts and their breaks.

use super::names::Names;
use super::numbers::{check_e105_instant, check_e105_range, check_e503_length};
use super::places::{Ground, check_place};
use super::{At, regions, skills};
use crate::model::{Break, Code, Engineer, Issues, Shift, World};
use crate::units::{LIMIT, Seconds};

pub(super) fn check(world: &World, names: &Names, ground: Ground, issues: &mut Issues) {
    for (e, engineer) in world.engineers.iter().enumerate() {
        let at = || format!("engineers[{e}]");
        check_e403_no_shift(engineer, &at, issues);
        check_e602_unknown_profile(engineer, names, &at, issues);
        check_skills(engineer, names, &at, issues);
        check_regions(engineer, names, &at, issues);
        let percent = i64::from(engineer.service_percent);
        let here = || format!("{}.service_percent", at());
        check_e105_range(percent, 0..=10_000, "service_percent", &here, issues);
        check_e503_length(engineer.worked.0, "the time", &|| format!("{}.worked", at()), issues);
        for (d, &capacity) in engineer.capacity_per_day.iter().enumerate() {
            let here = || format!("{}.capacity_per_day[{d}]", at());
            check_e503_length(capacity, "the capacity", &here, issues);
        }
        for (s, shift) in engineer.shifts.iter().enumerate() {
            check_shift(shift, ground, &|| format!("{}.shifts[{s}]", at()), issues);
        }
        check_e404_overlap(engineer, &at, issues);
    }
}

fn check_e403_no_shift(engineer: &Engineer, at: At, issues: &mut Issues) {
    if engineer.shifts.is_empty() {
        let cause = format!("`{}` has an empty list of shifts", engineer.id);
        issues.add(Code::NO_SHIFT, format!("{}.shifts", at()), cause);
    }
}

/// Nobody is in two places at once; the later of two shifts that overlap is named.
fn check_e404_overlap(engineer: &Engineer, at: At, issues: &mut Issues) {
    let mut order: Vec<usize> = (0..engineer.shifts.len()).collect();
    order.sort_by_key(|&s| (engineer.shifts[s].start, s));
    for pair in order.windows(2) {
        let (first, second) = (&engineer.shifts[pair[0]], &engineer.shifts[pair[1]]);
        let is_sound = first.start <= first.end && second.start <= second.end;
        if is_sound && second.start < first.latest_end() {
            let cause = format!(
                "it starts at {}, while shift {} of `{}` may last until {}",
                second.start,
                pair[0] + 1,
                engineer.id,
                first.latest_end()
            );
            issues.add(Code::SHIFT_OVERLAP, format!("{}.shifts[{}]", at(), pair[1]), cause);
        }
    }
}

fn check_e602_unknown_profile(engineer: &Engineer, names: &Names, at: At, issues: &mut Issues) {
    let Some(profile) = &engineer.profile else { return };
    if !names.profiles.contains(profile.as_str()) {
        let cause = match names.profiles.len() {
            0 => format!("`{profile}`, but this kind of travel has no named profiles"),
            known => format!("`{profile}` is none of the {known} profiles"),
        };
        issues.add(Code::UNKNOWN_PROFILE, format!("{}.profile", at()), cause);
    }
}

fn check_skills(engineer: &Engineer, names: &Names, at: At, issues: &mut Issues) {
    for (n, owned) in engineer.skills.iter().enumerate() {
        let here = || format!("{}.skills[{n}]", at());
        skills::check_mention(&owned.skill, owned.level, names, &here, issues);
        if let Some(until) = owned.until {
            check_e105_instant(until, "the expiry", &|| format!("{}.until", here()), issues);
        }
    }
}

fn check_regions(engineer: &Engineer, names: &Names, at: At, issues: &mut Issues) {
    if let Some(home) = &engineer.region {
        regions::check_e301_unknown_region(home, names, &|| format!("{}.region", at()), issues);
    }
    for (r, region) in engineer.secondary.iter().enumerate() {
        let here = || format!("{}.secondary[{r}]", at());
        regions::check_e301_unknown_region(region, names, &here, issues);
    }
}

fn check_shift(shift: &Shift, ground: Ground, at: At, issues: &mut Issues) {
    check_e401_shift_times(shift, at, issues);
    check_e105_instant(shift.start, "the start", &|| format!("{}.start", at()), issues);
    check_e105_instant(shift.end, "the end", &|| format!("{}.end", at()), issues);
    check_place(&shift.from, ground, &|| format!("{}.from", at()), issues);
    if let Some(to) = &shift.to {
        check_place(to, ground, &|| format!("{}.to", at()), issues);
    }
    for (b, pause) in shift.breaks.iter().enumerate() {
        check_break(pause, shift, &|| format!("{}.breaks[{b}]", at()), issues);
    }
    check_limits(shift, at, issues);
}

fn check_limits(shift: &Shift, at: At, issues: &mut Issues) {
    for (d, &capacity) in shift.capacity.iter().enumerate() {
        check_e503_length(capacity, "the capacity", &|| format!("{}.capacity[{d}]", at()), issues);
    }
    if let Some(most) = shift.overtime {
        check_e503_length(most.0, "the overtime", &|| format!("{}.overtime", at()), issues);
        check_e105_latest_end(shift, most, at, issues);
    }
    if let Some(longest) = shift.max_duration {
        check_e503_length(longest.0, "the limit", &|| format!("{}.max_duration", at()), issues);
    }
    if let Some(farthest) = shift.max_distance {
        check_e503_length(farthest.0, "the limit", &|| format!("{}.max_distance", at()), issues);
    }
    check_e503_length(shift.fixed_cost.0, "the cost", &|| format!("{}.fixed_cost", at()), issues);
}

/// With both within the range, their sum may still be outside.
fn check_e105_latest_end(shift: &Shift, most: Seconds, at: At, issues: &mut Issues) {
    if (0..=LIMIT).contains(&most.0) && (-LIMIT..=LIMIT).contains(&shift.end.0) {
        let here = || format!("{}.overtime", at());
        check_e105_instant(shift.latest_end(), "the end with it", &here, issues);
    }
}

fn check_e401_shift_times(shift: &Shift, at: At, issues: &mut Issues) {
    if shift.end < shift.start {
        let cause = format!("it starts at {} and ends at {}", shift.start, shift.end);
        issues.add(Code::SHIFT_TIMES, at(), cause);
    }
}

fn check_break(pause: &Break, shift: &Shift, at: At, issues: &mut Issues) {
    check_e105_instant(pause.earliest, "earliest", &|| format!("{}.earliest", at()), issues);
    check_e105_instant(pause.latest, "latest", &|| format!("{}.latest", at()), issues);
    check_e503_length(pause.duration.0, "the break", &|| format!("{}.duration", at()), issues);
    if shift.start <= shift.end {
        check_e402_break_times(pause, shift, at, issues);
    }
}

/// It has to be possible to take the break: its window may reach beyond the shift, as long as the
/// break itself fits inside.
fn check_e402_break_times(pause: &Break, shift: &Shift, at: At, issues: &mut Issues) {
    let start = pause.earliest.max(shift.start);
    let end = start.0.saturating_add(pause.duration.0);
    let latest_end = shift.latest_end();
    if pause.latest < start || end > latest_end.0 {
        let Break { earliest, latest, duration } = pause;
        let cause = format!(
            "{duration} from {earliest} at the earliest and {latest} at the latest, \
             in a shift from {} to {latest_end}",
            shift.start
        );
        issues.add(Code::BREAK_TIMES, at(), cause);
    }
}
