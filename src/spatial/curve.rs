//! Points in an order in which those near each other mostly stand near each other: along Hilbert's curve (Warren,
//! "Hacker's Delight", 2nd edition, chapter 16), or in a chain where only a table knows what is near.
//!
//! A table of travel between sites that are numbered so is read in few places of memory by whatever stays in
//! one quarter of a city.

/// Bits of each coordinate on the curve: a million cells.
const BITS: u32 = 10;

/// The numbers of these points along the curve; points that are not known come first, in the order given.
///
/// O(n log n).
pub(crate) fn along_curve(points: &[Option<[f64; 2]>]) -> Vec<usize> {
    let known = || points.iter().flatten();
    let ranges: [(f64, f64); 2] = [0, 1].map(|axis| {
        let values = known().map(|point| point[axis]);
        values.fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)))
    });
    let widest = ranges.map(|(low, high)| high - low).into_iter().fold(f64::MIN_POSITIVE, f64::max);
    let cell = |point: &[f64; 2], axis: usize| {
        ((point[axis] - ranges[axis].0) / widest * f64::from((1 << BITS) - 1)) as u32
    };
    let place = |point: &[f64; 2]| distance_along(cell(point, 0), cell(point, 1));
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_by_cached_key(|&number| points[number].as_ref().map(place));
    order
}

/// The numbers of so many points in a chain: after each the nearest one that is left.
///
/// O(n²), which is how many distances there are.
pub(crate) fn in_chain(count: usize, apart: impl Fn(usize, usize) -> u64) -> Vec<usize> {
    let mut chain = Vec::with_capacity(count);
    let mut left: Vec<usize> = (0..count).collect();
    let mut next = (count > 0).then_some(0);
    while let Some(at) = next {
        let last = left.swap_remove(at);
        chain.push(last);
        next = (0..left.len()).min_by_key(|&at| (apart(last, left[at]), left[at]));
    }
    chain
}

/// How many cells of the curve come before this one.
fn distance_along(mut x: u32, mut y: u32) -> u64 {
    let mut distance = 0;
    for bit in (0..BITS).rev() {
        let (right, up) = ((x >> bit) & 1, (y >> bit) & 1);
        distance = distance << 2 | u64::from((3 * right) ^ up);
        if up == 0 {
            if right == 1 {
                (x, y) = (!x, !y);
            }
            (x, y) = (y, x);
        }
    }
    distance
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn on_a_grid_every_step_of_the_curve_leads_to_a_cell_next_door() {
        let side = 32;
        let grid: Vec<Option<[f64; 2]>> =
            (0..side * side).map(|n| Some([f64::from(n % side), f64::from(n / side)])).collect();
        let order = along_curve(&grid);
        for pair in order.windows(2) {
            let [(x, y), (next_x, next_y)] =
                [pair[0], pair[1]].map(|n| (n % side as usize, n / side as usize));
            assert_eq!(x.abs_diff(next_x) + y.abs_diff(next_y), 1, "{pair:?}");
        }
    }

    #[test]
    fn a_chain_goes_on_to_the_nearest_that_is_left() {
        let at = [0_u64, 50, 1, 48, 3];
        assert_eq!(in_chain(5, |a, b| at[a].abs_diff(at[b])), [0, 2, 4, 3, 1]);
        assert!(in_chain(0, |_, _| 0).is_empty());
    }

    #[test]
    fn every_point_is_there_once_and_unknown_ones_come_first_as_they_were() {
        let mut rng = Rng::new(7, 0);
        for count in 0..40 {
            let points: Vec<Option<[f64; 2]>> = (0..count)
                .map(|_| (!rng.one_in(3)).then(|| [rng.unit(), 0.5 * (rng.below(3) as f64)]))
                .collect();
            let order = along_curve(&points);
            let (unknown, known): (Vec<usize>, Vec<usize>) =
                (0..count).partition(|&number| points[number].is_none());
            assert_eq!(order[..unknown.len()], unknown);
            let mut rest = order[unknown.len()..].to_vec();
            rest.sort_unstable();
            assert_eq!(rest, known);
        }
    }
}
