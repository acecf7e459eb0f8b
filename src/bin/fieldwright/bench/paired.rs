//! Two paired tests on the same differences: the sign test and Wilcoxon's signed-rank test, both
//! two-sided.
//!
//! Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1, 1945. Pairs without a
//! difference are left out; equal differences share the mean of their ranks.

use std::cmp::Ordering;

/// Differences up to which the distribution of the rank sum is counted out; more are taken as normal.
/// The counts stay below 2^53, where doubles are exact.
const EXACT_MAX: usize = 50;

/// What the tests say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tested {
    /// Pairs in which the second is less.
    pub less: usize,
    /// Pairs in which the second is more.
    pub more: usize,
    /// Which way the ranks lean: `Less` where the second is less.
    pub way: Ordering,
    /// Probability of signs at least so uneven by chance.
    pub sign: f64,
    /// Probability of signed ranks at least so uneven by chance.
    pub ranks: f64,
}

/// Tests signs with sizes, of which only the order counts. `Equal` signs are left out.
pub fn test<S>(differences: &[(Ordering, S)], larger: impl Fn(&S, &S) -> Ordering) -> Tested {
    let mut real: Vec<&(Ordering, S)> =
        differences.iter().filter(|(sign, _)| sign.is_ne()).collect();
    real.sort_by(|(_, a), (_, b)| larger(a, b));
    let more = real.iter().filter(|(sign, _)| sign.is_gt()).count();
    let less = real.len() - more;
    // Ranks are doubled, so that shared ones are whole too.
    let mut ranks = Vec::with_capacity(real.len());
    let mut ties = Vec::new();
    for tied in real.chunk_by(|(_, a), (_, b)| larger(a, b).is_eq()) {
        ranks.extend(std::iter::repeat_n(2 * ranks.len() + tied.len() + 1, tied.len()));
        ties.push(tied.len() as f64);
    }
    let of_more: usize =
        real.iter().zip(&ranks).filter(|((sign, _), _)| sign.is_gt()).map(|(_, rank)| rank).sum();
    let all: usize = ranks.iter().sum();
    let smaller = of_more.min(all - of_more);
    let p = if ranks.len() <= EXACT_MAX { exact(&ranks, smaller) } else { normal(&ties, smaller) };
    Tested { less, more, way: (2 * of_more).cmp(&all), sign: sign(less, more), ranks: p }
}

/// Twice the share of all ways to give signs whose sum of (doubled) ranks is at most this.
fn exact(ranks: &[usize], sum: usize) -> f64 {
    let mut ways = vec![0.0; ranks.iter().sum::<usize>() + 1];
    ways[0] = 1.0;
    for &rank in ranks {
        for total in (rank..ways.len()).rev() {
            ways[total] += ways[total - rank];
        }
    }
    let below: f64 = ways[..=sum].iter().sum();
    (2.0 * below / 2_f64.powi(ranks.len() as i32)).min(1.0)
}

/// The normal approximation, corrected for ties and for continuity.
fn normal(ties: &[f64], doubled: usize) -> f64 {
    let n: f64 = ties.iter().sum();
    let mean = n * (n + 1.0) / 4.0;
    let tied: f64 = ties.iter().map(|t| t * t * t - t).sum();
    let variance = n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - tied / 48.0;
    let z = ((doubled as f64 / 2.0 - mean).abs() - 0.5).max(0.0) / variance.sqrt();
    (2.0 * upper_tail(z)).min(1.0)
}

/// The share of a normal distribution above `z >= 0`, to 1e-7 (Abramowitz and Stegun 26.2.17).
fn upper_tail(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let factors = [1.330_274_429, -1.821_255_978, 1.781_477_937, -0.356_563_782, 0.319_381_530];
    let series = factors.iter().fold(0.0, |sum, factor| (sum + factor) * t);
    series * (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

/// Twice the share of all ways to give signs that are at least so uneven.
fn sign(less: usize, more: usize) -> f64 {
    let n = less + more;
    // Binomial coefficients over 2^n by logarithms, for they leave the range of doubles.
    let mut log = -(n as f64) * std::f64::consts::LN_2;
    let mut share = 0.0;
    for k in 0..=less.min(more) {
        share += log.exp();
        log += ((n - k) as f64).ln() - ((k + 1) as f64).ln();
    }
    (2.0 * share).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(differences: &[f64]) -> Tested {
        let signed: Vec<(Ordering, f64)> =
            differences.iter().map(|d| (d.total_cmp(&0.0), d.abs())).collect();
        test(&signed, f64::total_cmp)
    }

    /// Darwin's maize, as in Fisher's "The Design of Experiments" and the manual of `scipy.stats`.
    const MAIZE: [f64; 15] =
        [49., -67., 8., 16., 6., 23., 28., 41., 14., 29., 56., 24., 75., 60., -48.];

    #[test]
    fn wilcoxon_and_sign_test_agree_with_the_textbook() {
        let tested = of(&MAIZE);
        assert_eq!((tested.less, tested.more), (2, 13));
        assert!((tested.ranks - 0.041_259_765_625).abs() < 1e-12, "{tested:?}");
        // 2 (1 + 15 + 105) / 2^15
        assert!((tested.sign - 242.0 / 32_768.0).abs() < 1e-12, "{tested:?}");
    }

    #[test]
    fn shared_ranks_count_half_and_equal_pairs_not_at_all() {
        // Ranks 1.5 (-), 1.5, 3: sums at most 1.5 come from no sign or either of the two.
        let tested = of(&[-1.0, 1.0, 2.0, 0.0]);
        assert_eq!(
            tested,
            Tested { less: 1, more: 2, way: Ordering::Greater, sign: 1.0, ranks: 0.75 }
        );
        let none = of(&[0.0]);
        assert_eq!((none.less, none.more, none.sign, none.ranks), (0, 0, 1.0, 1.0));
    }

    #[test]
    fn many_pairs_are_near_what_is_counted_out() {
        let ranks: Vec<usize> = (1..=50).map(|rank| 2 * rank).collect();
        for sum in [700, 870, 1_000] {
            let (exact, normal) = (exact(&ranks, sum), normal(&[1.0; 50], sum));
            assert!((exact - normal).abs() < 0.004, "{sum}: {exact} {normal}");
        }
        assert!(of(&[1.0; 400]).ranks < 1e-12);
    }
}
