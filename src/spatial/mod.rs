//! Where things are: who is near, who is near and may go, and which region a point lies in.
//!
//! Points of the earth are kept as unit vectors. The straight line between two of them grows
//! with the great circle, so the order by distance is exact, and neither poles nor the antimeridian are
//! special. Nothing here knows skills, tickets or travel times.

mod curve;
mod labelled;
mod points;
mod qualified;
mod regions;

pub(crate) use curve::{along_curve, in_chain};
pub use labelled::LabelledIndex;
pub use points::PointIndex;
pub use qualified::{Choice, QualifiedIndex};
pub use regions::RegionIndex;

use crate::travel::sphere::unit_vector;

/// `[lon, lat]` in degrees as a unit vector, or `[x, y]` of a plane as it is.
fn embed(point: [f64; 2], plane: bool) -> [f64; 3] {
    if plane { [point[0], point[1], 0.0] } else { unit_vector(point) }
}

#[cfg(test)]
mod sample {
    //! Points that are hard to index: doubles, poles, the antimeridian.

    use crate::rng::Rng;

    pub(super) const SEEDS: [u64; 3] = [1, 20_260_302, 0xfeed];

    pub(super) fn point(rng: &mut Rng) -> [f64; 2] {
        let (lon, lat) = (rng.unit() * 360.0 - 180.0, rng.unit() * 180.0 - 90.0);
        match rng.below(6) {
            0 => [lon, [90.0, -90.0, 89.999][rng.below(3)]],
            1 => [[180.0, -180.0, 179.999, -179.999][rng.below(4)], lat],
            2 => [rng.between(-2, 2) as f64, rng.between(-2, 2) as f64],
            3 => [24.0 + rng.unit(), 60.0 + rng.unit()],
            _ => [lon, lat],
        }
    }

    pub(super) fn points(rng: &mut Rng, count: usize) -> Vec<[f64; 2]> {
        (0..count).map(|_| point(rng)).collect()
    }
}
