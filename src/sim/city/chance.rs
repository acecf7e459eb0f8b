//! Draws by share.

use crate::rng::Rng;

/// True in so many of a hundred cases.
pub(super) fn percent(rng: &mut Rng, share: usize) -> bool {
    rng.below(100) < share
}

/// The index of a weight, drawn by the weights.
pub(super) fn weighted(rng: &mut Rng, weights: &[usize]) -> usize {
    bucket(rng.below(weights.iter().sum()), weights.iter().copied())
}

/// How many of the weights, summed from the first, end at `point` or before it.
pub(super) fn bucket(point: usize, weights: impl Iterator<Item = usize>) -> usize {
    let ends = weights.scan(0, |sum, weight| {
        *sum += weight;
        Some(*sum)
    });
    ends.take_while(|&end| end <= point).count()
}
