//! Great circles on a ball of the earth's mean radius, from unit vectors.
//!
//! Sine, cosine and arcsine are power series of `+ * / sqrt` alone, which IEEE 754 rounds in one
//! way only: unlike the platform's own functions they give the same bits everywhere, so the same
//! world has the same travel times on every machine.

use crate::model::{Code, Issues, Place, Profile};
use crate::travel::{Leg, positions};
use crate::units::{LIMIT, Seconds};
use std::f64::consts::PI;

/// Mean radius of the earth in metres (GRS 80), as in geo's `Haversine`.
pub(crate) const EARTH_RADIUS: f64 = 6_371_008.8;

/// Real ways are at most a hundred times the great circle.
const DETOUR_PERCENT_MAX: u32 = 10_000;

/// Great circles between the sites, driven at each profile's speed.
#[derive(Clone, Debug)]
pub(super) struct Sphere {
    points: Vec<[f64; 3]>,
    drives: Vec<Drive>,
}

/// A profile in the form in which it is used.
#[derive(Clone, Copy, Debug)]
struct Drive {
    meters_per_radian: f64,
    meters_per_hour: i64,
    fixed: i64,
}

impl Sphere {
    pub(super) fn build(profiles: &[Profile], places: &[Place]) -> Result<Self, Issues> {
        check(profiles)?;
        let drives = profiles.iter().map(Drive::new).collect();
        let points = positions(places)?.into_iter().map(unit_vector).collect();
        Ok(Self { points, drives })
    }

    #[inline]
    pub(super) fn leg(&self, profile: u8, from: u32, to: u32) -> Leg {
        let angle = angle(&self.points[from as usize], &self.points[to as usize]);
        self.drives[usize::from(profile)].leg(angle)
    }

    /// By the triangle inequality no two sites are farther apart than twice the distance of the
    /// farthest one from the first.
    pub(super) fn longest_bound(&self) -> Leg {
        let Some(first) = self.points.first() else { return Leg::default() };
        let radius = self.points.iter().map(|point| angle(first, point)).fold(0.0, f64::max);
        let widest = (2.0 * radius * (1.0 + 1e-9)).min(PI);
        let legs = self.drives.iter().map(|drive| drive.leg(widest));
        legs.fold(Leg::default(), |most, leg| Leg {
            seconds: most.seconds.max(leg.seconds + 1),
            meters: most.meters.max(leg.meters + 1),
        })
    }
}

impl Drive {
    fn new(profile: &Profile) -> Self {
        Self {
            meters_per_radian: EARTH_RADIUS * f64::from(profile.detour_percent) / 100.0,
            meters_per_hour: i64::from(profile.meters_per_hour),
            fixed: profile.fixed.0,
        }
    }

    #[inline]
    fn leg(&self, angle: f64) -> Leg {
        if angle == 0.0 {
            return Leg::default();
        }
        let meters = (angle * self.meters_per_radian + 0.5) as i64;
        let driven = (meters * 3_600 + self.meters_per_hour / 2) / self.meters_per_hour;
        Leg { seconds: self.fixed + driven, meters }
    }
}

fn check(profiles: &[Profile]) -> Result<(), Issues> {
    let mut issues = Issues::default();
    for (index, profile) in profiles.iter().enumerate() {
        let at = |field: &str| format!("travel.profiles[{index}].{field}");
        if profile.meters_per_hour == 0 {
            issues.add(Code::SPEED, at("meters_per_hour"), "0 m/h");
        }
        if !(1..=DETOUR_PERCENT_MAX).contains(&profile.detour_percent) {
            let cause =
                format!("{} is not within 1 to {DETOUR_PERCENT_MAX}", profile.detour_percent);
            issues.add(Code::OUT_OF_RANGE, at("detour_percent"), cause);
        }
        if profile.fixed < Seconds::ZERO {
            issues.add(Code::NEGATIVE, at("fixed"), profile.fixed.to_string());
        }
        if profile.fixed > Seconds(LIMIT) {
            issues.add(Code::OUT_OF_RANGE, at("fixed"), format!("{} > {LIMIT}", profile.fixed.0));
        }
    }
    issues.or(())
}

/// The point of the unit sphere at `[lon, lat]` degrees. All longitudes of a pole, and both names
/// of the antimeridian, are one point.
pub(crate) fn unit_vector([lon, lat]: [f64; 2]) -> [f64; 3] {
    let (sin_lon, cos_lon) = sin_cos_degrees(lon);
    let (sin_lat, cos_lat) = sin_cos_degrees(lat);
    [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]
}

/// The square of the straight line through the ball between two unit vectors. It grows with
/// the great circle, so it orders points by distance without any function of angles.
#[inline]
pub(crate) fn chord_squared(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    let (x, y, z) = (a[0] - b[0], a[1] - b[1], a[2] - b[2]);
    x * x + y * y + z * z
}

/// The chord, squared, of a great circle of so many metres; 4, the diameter, from half around on.
pub(crate) fn chord_squared_of(meters: f64) -> f64 {
    let degrees = (meters / EARTH_RADIUS).min(PI) * (90.0 / PI);
    let half = sin_cos_degrees(degrees).0;
    4.0 * half * half
}

/// Up to this squared chord (637 km on earth) five terms of the arcsine are exact to 2e-15.
const SHORT: f64 = 0.01;

/// The angle between two unit vectors in radians, 0 to pi.
#[inline]
pub(crate) fn angle(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    let squared = chord_squared(a, b);
    if squared <= SHORT { short_angle(squared) } else { long_angle(squared, a, b) }
}

/// `2 asin(chord / 2)` by the power series of the arcsine.
#[inline]
fn short_angle(squared: f64) -> f64 {
    let q = squared / 4.0;
    let series = 105.0 / 3_456.0;
    let series = 15.0 / 336.0 + q * series;
    let series = 3.0 / 40.0 + q * series;
    let series = 1.0 / 6.0 + q * series;
    squared.sqrt() * (1.0 + q * series)
}

/// Halves the angle until the series holds. Beyond a right angle it is measured from the antipode,
/// where the chord is short and therefore precise.
#[inline(never)]
fn long_angle(squared: f64, a: &[f64; 3], b: &[f64; 3]) -> f64 {
    if squared > 2.0 {
        let antipode = [-b[0], -b[1], -b[2]];
        return PI - angle(a, &antipode);
    }
    let (mut squared, mut parts) = (squared, 1.0);
    while squared > SHORT {
        squared /= 2.0 + (4.0 - squared).sqrt();
        parts *= 2.0;
    }
    parts * short_angle(squared)
}

/// Sine and cosine of an angle in degrees: exact reduction to ±45 degrees, then Taylor's series.
fn sin_cos_degrees(degrees: f64) -> (f64, f64) {
    let quarter = (degrees / 90.0).round();
    let x = (degrees - 90.0 * quarter) * (PI / 180.0);
    let (sin, cos) = (x * series(x * x, &SINE), series(x * x, &COSINE));
    match quarter as i64 & 3 {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    }
}

/// Taylor's series of `sin x / x` and of `cos x` in powers of `x²`. Within ±45 degrees ten terms
/// reach the last bit.
const SINE: [f64; 10] = taylor(2.0);
const COSINE: [f64; 10] = taylor(1.0);

/// `1`, `-1/(k(k+1))`, `1/(k(k+1)(k+2)(k+3))` and so on.
const fn taylor(mut k: f64) -> [f64; 10] {
    let mut terms = [1.0; 10];
    let mut index = 1;
    while index < terms.len() {
        terms[index] = -terms[index - 1] / (k * (k + 1.0));
        k += 2.0;
        index += 1;
    }
    terms
}

/// The sum of `terms[i] * x^i`.
fn series(x: f64, terms: &[f64]) -> f64 {
    terms.iter().rev().fold(0.0, |sum, term| sum * x + term)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TravelMode;
    use crate::rng::Rng;
    use crate::travel::Travel;
    use geo::{Distance, Haversine, Point};

    fn metres(a: [f64; 2], b: [f64; 2]) -> f64 {
        angle(&unit_vector(a), &unit_vector(b)) * EARTH_RADIUS
    }

    #[track_caller]
    fn check_against_geo(a: [f64; 2], b: [f64; 2]) {
        let expected = Haversine.distance(Point::from(a), Point::from(b));
        let got = metres(a, b);
        assert!((got - expected).abs() < 1.0, "{a:?} {b:?}: {got} against {expected}");
    }

    #[test]
    fn distances_are_those_of_geo() {
        let mut rng = Rng::new(1, 0);
        let mut anywhere = || [rng.unit() * 360.0 - 180.0, rng.unit() * 180.0 - 90.0];
        for _ in 0..20_000 {
            let (a, b) = (anywhere(), anywhere());
            let near = [a[0], (a[1] + 0.01).min(90.0)];
            let antipode = [if a[0] > 0.0 { a[0] - 180.0 } else { a[0] + 180.0 }, -a[1]];
            for other in [b, near, antipode] {
                check_against_geo(a, other);
            }
        }
    }

    #[test]
    fn distances_hold_at_poles_antimeridian_and_antipodes() {
        for (a, b) in [
            ([180.0, 10.0], [-180.0, 10.0]),
            ([179.999, -17.0], [-179.999, -17.0]),
            ([0.0, 90.0], [135.0, 90.0]),
            ([0.0, 90.0], [0.0, -90.0]),
            ([10.0, 0.0], [-170.0, 0.0]),
            ([10.0, 45.0], [-170.0, -44.999]),
        ] {
            check_against_geo(a, b);
        }
        assert_eq!(metres([180.0, 10.0], [-180.0, 10.0]), 0.0);
        assert_eq!(metres([0.0, 90.0], [135.0, 90.0]), 0.0);
    }

    #[test]
    fn own_sine_and_cosine_are_those_of_the_platform() {
        for step in -7_200..=7_200 {
            let degrees = f64::from(step) / 20.0;
            let (sin, cos) = sin_cos_degrees(degrees);
            let (real_sin, real_cos) = degrees.to_radians().sin_cos();
            assert!((sin - real_sin).abs() < 2e-15, "sin {degrees}");
            assert!((cos - real_cos).abs() < 2e-15, "cos {degrees}");
        }
    }

    #[test]
    fn the_angle_does_not_jump_where_the_series_ends() {
        let at = |radians: f64| [radians.to_degrees(), 0.0];
        for radians in [0.099, 0.101, 1.57, 1.58] {
            let got = angle(&unit_vector([0.0, 0.0]), &unit_vector(at(radians)));
            assert!((got - radians).abs() < 1e-12, "{radians}: {got}");
        }
    }

    #[test]
    fn a_chord_is_the_inverse_of_its_arc() {
        for meters in [1.0, 1e3, 1e5, 1e6, 1e7, 2e7] {
            let angle = 2.0 * (chord_squared_of(meters).sqrt() / 2.0).asin();
            assert!((angle * EARTH_RADIUS - meters).abs() < 0.2, "{meters}");
        }
        assert_eq!(chord_squared_of(1e9), 4.0);
    }

    #[test]
    fn a_degree_of_the_equator_is_driven_with_detour_speed_and_parking() {
        // 6 371 008.8 m * pi / 180 * 1.3 = 144 553.7 m; at 36 km/h 14 455.4 s, and 60 s to park.
        let profile = Profile {
            name: "car".into(),
            meters_per_hour: 36_000,
            detour_percent: 130,
            fixed: Seconds(60),
        };
        let mode = TravelMode::Haversine { profiles: vec![profile] };
        let places = [Place::at(0.0, 10.0), Place::at(0.0, 11.0), Place::at(0.0, 10.0)];
        let travel = Travel::build(&mode, &places).expect("sound");
        assert_eq!(travel.leg(0, 0, 1), Leg { seconds: 14_515, meters: 144_554 });
        assert_eq!(travel.leg(0, 0, 2), Leg::default(), "no parking where he already is");
    }

    #[test]
    fn no_leg_exceeds_the_bound() {
        let mut rng = Rng::new(2, 0);
        let places: Vec<Place> = (0..60)
            .map(|_| Place::at(rng.unit() * 20.0 + 40.0, rng.unit() * 40.0 - 20.0))
            .collect();
        let travel = Travel::build(&TravelMode::car(50_000), &places).expect("sound");
        let bound = travel.longest_bound();
        for (from, to) in (0..60).flat_map(|from| (0..60).map(move |to| (from, to))) {
            let leg = travel.leg(0, from, to);
            assert!(leg.seconds <= bound.seconds && leg.meters <= bound.meters);
        }
    }

    #[test]
    fn faulty_profiles_are_reported_together() {
        let profile =
            Profile { name: "x".into(), meters_per_hour: 0, detour_percent: 0, fixed: Seconds(-1) };
        let issues = Travel::build(&TravelMode::Haversine { profiles: vec![profile] }, &[])
            .expect_err("faulty");
        let codes: Vec<Code> = issues.0.iter().map(|issue| issue.code).collect();
        assert_eq!(codes, [Code::SPEED, Code::OUT_OF_RANGE, Code::NEGATIVE]);
    }
}
