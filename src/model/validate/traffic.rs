//! Speeds by the hour of day, and where the day begins.

use super::names::Names;
use super::numbers::check_e105_range;
use crate::model::{Code, Issues, TimeOfDay, Traffic, World};
use rustc_hash::FxHashSet;

/// Ten times the normal speed, upwards of standing still.
const PERCENT_MAX: i64 = 1_000;

pub(super) fn check(world: &World, names: &Names, issues: &mut Issues) {
    let day = i64::from(TimeOfDay::DAY);
    let at = || "utc_offset".into();
    check_e105_range(world.utc_offset.0, -day..=day, "the offset", &at, issues);
    let mut seen: FxHashSet<Option<&str>> = FxHashSet::default();
    for (n, traffic) in world.traffic.iter().enumerate() {
        let profile = traffic.profile.as_deref();
        check_e602_unknown_profile(n, profile, names, issues);
        check_e607_speeds(n, traffic, issues);
        for (i, &(_, percent)) in traffic.speeds.iter().enumerate() {
            let at = || format!("traffic[{n}].speeds[{i}]");
            check_e105_range(i64::from(percent), 1..=PERCENT_MAX, "the speed", &at, issues);
        }
        if !seen.insert(profile) {
            let whose = profile.map_or("all profiles".to_owned(), |name| format!("`{name}`"));
            let cause = format!("{whose} have traffic already");
            issues.add(Code::DUPLICATE_ID, format!("traffic[{n}].profile"), cause);
        }
    }
}

fn check_e602_unknown_profile(n: usize, profile: Option<&str>, names: &Names, issues: &mut Issues) {
    if let Some(name) = profile.filter(|name| !names.profiles.contains(name)) {
        let cause = format!("`{name}` is none of the {} profiles", names.profiles.len());
        issues.add(Code::UNKNOWN_PROFILE, format!("traffic[{n}].profile"), cause);
    }
}

fn check_e607_speeds(n: usize, traffic: &Traffic, issues: &mut Issues) {
    let times: Vec<TimeOfDay> = traffic.speeds.iter().map(|&(time, _)| time).collect();
    let cause = if times.is_empty() {
        "the list is empty".to_owned()
    } else if let Some(late) = times.iter().find(|time| time.0 >= TimeOfDay::DAY) {
        format!("{} s after midnight is another day", late.0)
    } else if let Some(pair) = times.windows(2).find(|pair| pair[0] >= pair[1]) {
        format!("{} comes after {}", pair[1], pair[0])
    } else {
        return;
    };
    issues.add(Code::SPEEDS, format!("traffic[{n}].speeds"), cause);
}
