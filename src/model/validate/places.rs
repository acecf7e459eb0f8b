//! Places: has each what its kind of travel needs, and is it on earth, on the plane, in the matrix?

use super::numbers::check_e503_length;
use super::{At, side_by_side};
use crate::model::{Code, Issues, Place, TravelMode, World};
use crate::units::LIMIT;

/// What places stand on.
#[derive(Clone, Copy)]
pub(super) enum Ground {
    /// Latitude and longitude in degrees.
    Earth,
    /// Coordinates of at most this magnitude.
    Plane { reach: f64 },
    /// Rows of a matrix of this size; the size is unknown where there is no matrix at all.
    Matrix { size: Option<usize> },
}

impl Ground {
    pub fn of(travel: &TravelMode) -> Self {
        match travel {
            TravelMode::Haversine { .. } | TravelMode::Road(_) => Self::Earth,
            TravelMode::Matrix { tables } => {
                Self::Matrix { size: tables.first().map(|table| table.seconds.len()) }
            }
            // The diagonal of the plane is 2^1.5 times the reach: scaled, it stays below the limit.
            TravelMode::Euclid { scale, .. } => {
                let scaled = LIMIT / 4 / i64::from((*scale).max(1));
                Self::Plane { reach: scaled.min(1_000_000_000) as f64 }
            }
        }
    }
}

/// One place of the world.
pub(super) fn check_place(place: &Place, ground: Ground, at: At, issues: &mut Issues) {
    match ground {
        Ground::Matrix { size } => check_row(place, size, at, issues),
        Ground::Earth | Ground::Plane { .. } => check_e305_coordinates(place, at, issues),
    }
    check_e305_half_coordinates(place, at, issues);
    if let Some([x, y]) = place.point() {
        match ground {
            Ground::Plane { reach } => check_e105_on_plane(x, y, reach, at, issues),
            Ground::Earth | Ground::Matrix { .. } => check_e304_on_earth(y, x, at, issues),
        }
    }
}

/// The depots, which have nothing but an id, a place and a length.
pub(super) fn check_depots(world: &World, ground: Ground, issues: &mut Issues) {
    for (d, depot) in world.depots.iter().enumerate() {
        check_place(&depot.place, ground, &|| format!("depots[{d}].place"), issues);
        let service = || format!("depots[{d}].service");
        check_e503_length(depot.service.0, "the stop", &service, issues);
    }
}

fn check_row(place: &Place, size: Option<usize>, at: At, issues: &mut Issues) {
    let Some(row) = place.row else {
        issues.add(Code::NO_ROW, at(), "travel is by matrix, and there is no row");
        return;
    };
    if let Some(size) = size.filter(|&size| row as usize >= size) {
        check_e307_row(row, size, at, issues);
    }
}

fn check_e307_row(row: u32, size: usize, at: At, issues: &mut Issues) {
    let cause = format!("row {row} of a matrix of {size} rows, the first being row 0");
    issues.add(Code::ROW, format!("{}.row", at()), cause);
}

fn check_e305_coordinates(place: &Place, at: At, issues: &mut Issues) {
    if place.lat.is_none() && place.lon.is_none() {
        let row = place.row.map_or(String::new(), |row| format!(", only row {row}"));
        issues.add(Code::NO_COORDINATES, at(), format!("neither `lat` nor `lon`{row}"));
    }
}

fn check_e305_half_coordinates(place: &Place, at: At, issues: &mut Issues) {
    let cause = match (place.lat, place.lon) {
        (Some(lat), None) => format!("`lat` is {lat} and `lon` is missing"),
        (None, Some(lon)) => format!("`lon` is {lon} and `lat` is missing"),
        (None, None) | (Some(_), Some(_)) => return,
    };
    issues.add(Code::NO_COORDINATES, at(), cause);
}

/// Latitude within 90 degrees, longitude within 180.
pub(super) fn check_e304_on_earth(lat: f64, lon: f64, at: At, issues: &mut Issues) {
    if within(lat, 90.0) && within(lon, 180.0) {
        return;
    }
    let swapped = within(lat, 180.0) && within(lon, 90.0);
    let hint = if swapped { "; they look swapped" } else { "" };
    issues.add(Code::COORDINATES, at(), format!("latitude {lat}, longitude {lon}{hint}"));
}

/// How far from the middle of the world, in degrees, a place is looked at twice.
const FAR: f64 = 10.0;
/// How near the middle, in degrees, it has to be the other way round to count as swapped.
const NEAR: f64 = 2.0;

/// Places far from all others that would be among them with latitude and longitude swapped.
///
/// The middle is the median of both coordinates, which a few wrong places do not move.
pub(super) fn check_e304_swapped(world: &World, ground: Ground, issues: &mut Issues) {
    if !matches!(ground, Ground::Earth) {
        return;
    }
    let shifts = world.engineers.iter().flat_map(|engineer| &engineer.shifts);
    let places = || shifts.clone().map(|shift| &shift.from);
    let points: Vec<[f64; 2]> = places()
        .chain(world.tickets.iter().map(|ticket| &ticket.place))
        .filter_map(Place::point)
        .collect();
    let median = |axis: usize| {
        let mut values: Vec<f64> = points.iter().map(|point| point[axis]).collect();
        if values.is_empty() {
            return 0.0;
        }
        let middle = values.len() / 2;
        *values.select_nth_unstable_by(middle, f64::total_cmp).1
    };
    let (lon, lat) = (median(0), median(1));
    let tell = |place: &Place, at: At, issues: &mut Issues| {
        let Some([x, y]) = place.point() else { return };
        // Nearly all are near, which one look at each axis shows.
        if (x - lon).abs().max((y - lat).abs()) < FAR / 2.0 {
            return;
        }
        let (away, swapped) = ((x - lon).hypot(y - lat), (y - lon).hypot(x - lat));
        if within(y, 90.0) && away > FAR && swapped < NEAR {
            let cause =
                format!("latitude {y}, longitude {x}, far from all others; they look swapped");
            issues.add(Code::COORDINATES, at(), cause);
        }
    };
    for (e, engineer) in world.engineers.iter().enumerate() {
        for (s, shift) in engineer.shifts.iter().enumerate() {
            tell(&shift.from, &|| format!("engineers[{e}].shifts[{s}].from"), issues);
        }
    }
    side_by_side(&world.tickets, issues, |t, ticket, issues| {
        tell(&ticket.place, &|| format!("tickets[{t}].place"), issues);
    });
}

fn check_e105_on_plane(x: f64, y: f64, reach: f64, at: At, issues: &mut Issues) {
    if !within(x, reach) || !within(y, reach) {
        let cause = format!("x is {x} and y is {y}, not within -{reach} to {reach}");
        issues.add(Code::OUT_OF_RANGE, at(), cause);
    }
}

/// False for NaN.
pub(super) fn within(value: f64, reach: f64) -> bool {
    value.abs() <= reach
}
