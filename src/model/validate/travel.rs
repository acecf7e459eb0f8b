//! The ways to travel: profiles, matrices and roads.

use super::numbers::{check_e105_range, check_e503_length, check_e503_up_to};
use super::places::check_e304_on_earth;
use crate::model::{Code, Issues, Profile, Road, TravelMode, TravelTable};

/// The number of a profile is stored in a byte.
const PROFILES_MAX: usize = 256;

/// Ways over roads are added up in 32 bits.
const ARC_METERS_MAX: i64 = u32::MAX as i64;

pub(super) fn check(travel: &TravelMode, issues: &mut Issues) {
    match travel {
        TravelMode::Haversine { profiles } => {
            check_profile_count(profiles.len(), "profiles", issues);
            for (p, profile) in profiles.iter().enumerate() {
                check_profile(p, profile, issues);
            }
        }
        TravelMode::Euclid { scale, .. } => {
            let range = 1..=i64::from(u32::MAX);
            check_e105_range(i64::from(*scale), range, "scale", &|| "travel.scale".into(), issues);
        }
        TravelMode::Matrix { tables } => {
            check_profile_count(tables.len(), "tables", issues);
            check_e603_matrix_shape(tables, issues);
        }
        TravelMode::Road(road) => check_road(road, issues),
    }
}

/// The name of the list of profiles, where there is one.
pub(super) fn list_name(travel: &TravelMode) -> &'static str {
    match travel {
        TravelMode::Matrix { .. } => "tables",
        TravelMode::Haversine { .. } | TravelMode::Euclid { .. } | TravelMode::Road(_) => {
            "profiles"
        }
    }
}

fn check_profile_count(count: usize, list: &str, issues: &mut Issues) {
    let at = format!("travel.{list}");
    if count == 0 {
        issues.add(Code::NO_PROFILE, at, "the list is empty");
    } else if count > PROFILES_MAX {
        let cause = format!("{count} ways to travel; there may be {PROFILES_MAX}");
        issues.add(Code::TOO_LARGE, at, cause);
    }
}

fn check_profile(p: usize, profile: &Profile, issues: &mut Issues) {
    check_e604_speed(p, profile, issues);
    let detour = i64::from(profile.detour_percent);
    let at = || format!("travel.profiles[{p}].detour_percent");
    check_e105_range(detour, 1..=10_000, "the detour in percent", &at, issues);
    let at = || format!("travel.profiles[{p}].fixed");
    check_e503_length(profile.fixed.0, "the time added to a trip", &at, issues);
}

fn check_e604_speed(p: usize, profile: &Profile, issues: &mut Issues) {
    if profile.meters_per_hour == 0 {
        let cause = format!("profile `{}` moves at 0 metres an hour", profile.name);
        issues.add(Code::SPEED, format!("travel.profiles[{p}].meters_per_hour"), cause);
    }
}

/// One fault for each table of a wrong shape, naming its first wrong row.
fn check_e603_matrix_shape(tables: &[TravelTable], issues: &mut Issues) {
    let size = tables.first().map_or(0, |table| table.seconds.len());
    for (t, table) in tables.iter().enumerate() {
        let seconds = Some((&table.seconds, "seconds"));
        let meters = table.meters.as_ref().map(|meters| (meters, "meters"));
        for (rows, name) in seconds.into_iter().chain(meters) {
            let at = format!("travel.tables[{t}].{name}");
            if rows.len() != size {
                let cause = format!("{} rows where the first table has {size}", rows.len());
                issues.add(Code::MATRIX_SHAPE, at, cause);
            } else if let Some(r) = rows.iter().position(|row| row.len() != size) {
                let cause = format!("{} columns in a table of {size} rows", rows[r].len());
                issues.add(Code::MATRIX_SHAPE, format!("{at}[{r}]"), cause);
            }
        }
    }
}

fn check_road(road: &Road, issues: &mut Issues) {
    check_e601_no_roads(road, issues);
    for (n, node) in road.nodes.iter().enumerate() {
        check_e304_on_earth(node.lat, node.lon, &|| format!("travel.nodes[{n}]"), issues);
    }
    for (a, arc) in road.arcs.iter().enumerate() {
        check_e605_arc_end(a, "from", arc.from, road.nodes.len(), issues);
        check_e605_arc_end(a, "to", arc.to, road.nodes.len(), issues);
        let at = || format!("travel.arcs[{a}].meters");
        check_e503_up_to(arc.meters.0, ARC_METERS_MAX, "the length of the road", &at, issues);
    }
    let at = || "travel.snap_limit".into();
    check_e503_length(road.snap_limit.0, "the distance to a crossing", &at, issues);
}

fn check_e601_no_roads(road: &Road, issues: &mut Issues) {
    if road.nodes.is_empty() {
        let cause = format!("no crossing, and {} roads between crossings", road.arcs.len());
        issues.add(Code::NO_PROFILE, "travel.nodes", cause);
    }
}

fn check_e605_arc_end(a: usize, end: &str, node: u32, nodes: usize, issues: &mut Issues) {
    if node as usize >= nodes {
        let cause = format!("crossing {node} of {nodes}, the first being number 0");
        issues.add(Code::ROAD_ARC, format!("travel.arcs[{a}].{end}"), cause);
    }
}
