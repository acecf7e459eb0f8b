//! Straight lines on a plane, rounded as the routing benchmarks round them.
//!
//! `floor(scale * sqrt(dx² + dy²))` in double precision is the convention of the 12th DIMACS
//! challenge (scale 10); rounding to the nearest is that of TSPLIB and CVRPLIB. All operations are
//! correctly rounded, so the numbers are the same everywhere.

use crate::model::{Code, Issue, Issues, Place};
use crate::travel::Leg;
use crate::units::LIMIT;

/// The sites on their plane.
#[derive(Clone, Debug)]
pub(super) struct Plane {
    points: Vec<[f64; 2]>,
    scale: f64,
    /// Added before the fraction is cut off.
    rounding: f64,
}

impl Plane {
    pub(super) fn build(scale: u32, nearest: bool, places: &[Place]) -> Result<Self, Issues> {
        if scale == 0 {
            return Err(Issue::new(Code::OUT_OF_RANGE, "travel.scale", "0 is below 1").into());
        }
        let scale = f64::from(scale);
        let mut issues = Issues::default();
        let mut points = Vec::with_capacity(places.len());
        for (index, place) in places.iter().enumerate() {
            let at = || format!("place[{index}]");
            match place.point() {
                None => issues.add(Code::NO_COORDINATES, at(), "`x` or `y` is missing"),
                Some([x, y]) if !within_limit(x, y, scale) => {
                    let cause = format!("x {x}, y {y}: scaled, not within ±{LIMIT}");
                    issues.add(Code::OUT_OF_RANGE, at(), cause);
                }
                Some(point) => points.push(point),
            }
        }
        issues.or(Self { points, scale, rounding: if nearest { 0.5 } else { 0.0 } })
    }

    #[inline]
    pub(super) fn leg(&self, from: u32, to: u32) -> Leg {
        let (a, b) = (self.points[from as usize], self.points[to as usize]);
        let length = self.length(a[0] - b[0], a[1] - b[1]);
        Leg { seconds: length, meters: length }
    }

    #[inline]
    fn length(&self, dx: f64, dy: f64) -> i64 {
        (self.scale * (dx * dx + dy * dy).sqrt() + self.rounding) as i64
    }

    /// The diagonal of the smallest box around the sites.
    pub(super) fn longest_bound(&self) -> Leg {
        let span = |axis: usize| {
            let values = || self.points.iter().map(|point| point[axis]);
            let (low, high) =
                (values().fold(f64::INFINITY, f64::min), values().fold(-f64::INFINITY, f64::max));
            (high - low).max(0.0)
        };
        let length = self.length(span(0), span(1));
        Leg { seconds: length, meters: length }
    }
}

/// False for NaN and infinities too.
fn within_limit(x: f64, y: f64, scale: f64) -> bool {
    x.abs() * scale <= LIMIT as f64 && y.abs() * scale <= LIMIT as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TravelMode;
    use crate::travel::Travel;

    fn length(scale: u32, nearest: bool, x: f64, y: f64) -> i64 {
        let places = [Place::xy(0.0, 0.0), Place::xy(x, y)];
        let travel = Travel::build(&TravelMode::Euclid { scale, nearest }, &places).expect("sound");
        let leg = travel.leg(0, 0, 1);
        assert_eq!(leg, travel.leg(0, 1, 0));
        assert_eq!(leg, travel.longest_bound(), "the box of two corners is tight");
        assert_eq!(leg.seconds, leg.meters);
        leg.seconds
    }

    #[test]
    fn the_root_is_scaled_and_then_cut_off() {
        // sqrt(2) = 1.41421...
        assert_eq!(length(1, false, 1.0, 1.0), 1);
        assert_eq!(length(10, false, 1.0, 1.0), 14);
        assert_eq!(length(10_000, false, 1.0, 1.0), 14_142);
    }

    #[test]
    fn nearest_rounds_halves_up() {
        assert_eq!(length(1, true, 1.5, 0.0), 2);
        assert_eq!(length(1, true, 1.0, 1.0), 1);
        assert_eq!(length(1, false, 1.5, 0.0), 1);
    }

    #[test]
    fn whole_lengths_are_exact() {
        assert_eq!(length(10, false, 3.0, 4.0), 50);
        assert_eq!(length(10, false, -20_000.0, 21_000.0), 290_000);
    }

    #[test]
    fn points_beyond_the_limit_are_refused() {
        let places = [Place::xy(1e12, 0.0), Place::xy(0.0, f64::NAN), Place::row(1)];
        let mode = TravelMode::Euclid { scale: 10, nearest: false };
        let issues = Travel::build(&mode, &places).expect_err("faulty");
        let codes: Vec<Code> = issues.0.iter().map(|issue| issue.code).collect();
        assert_eq!(codes, [Code::OUT_OF_RANGE, Code::OUT_OF_RANGE, Code::NO_COORDINATES]);
    }
}
