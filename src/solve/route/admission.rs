//! Which shifts may take which tickets, as bits: the first question of every candidate, so that
//! the rules on skills, regions and names are not asked again a million times a second.

use crate::problem::Problem;
use rayon::prelude::*;

/// Pairs of ticket and shift up to which there is a bit for each (128 MiB); beyond, the problem is asked.
const PAIRS_MAX: usize = 1 << 30;

/// Whether ticket and shift go together wherever the visit stands in the route.
#[derive(Debug)]
pub(super) struct Admission<'p> {
    problem: &'p Problem,
    /// Row by row, ticket by ticket; empty where there would be too many, or few questions.
    bits: Vec<u64>,
    /// Words in a row.
    words: usize,
}

impl<'p> Admission<'p> {
    /// Asks the problem each time, as is right for few questions.
    pub(super) fn without_bits(problem: &'p Problem) -> Self {
        Self { problem, bits: Vec::new(), words: problem.shifts.len().div_ceil(64) }
    }

    /// O(tickets x shifts) look-ups, on all threads.
    pub(super) fn of(problem: &'p Problem) -> Self {
        let asked = Self::without_bits(problem);
        let (shifts, words) = (problem.shifts.len(), asked.words);
        if problem.tickets.len().saturating_mul(words * 64) > PAIRS_MAX {
            return asked;
        }
        let word = |t: u32, word: usize| {
            let members = word * 64..shifts.min(word * 64 + 64);
            members.fold(0u64, |bits, s| {
                bits | u64::from(problem.admits(t, s as u32)) << (s - word * 64)
            })
        };
        let rows = problem.ticket_indexes().into_par_iter();
        let bits = rows.flat_map_iter(|t| (0..words).map(move |w| word(t, w))).collect();
        Self { bits, ..asked }
    }

    /// The same as [`Problem::admits`].
    #[inline]
    pub(super) fn has(&self, t: u32, s: u32) -> bool {
        match self.bits.get(t as usize * self.words + s as usize / 64) {
            Some(bits) => bits >> (s % 64) & 1 == 1,
            None => self.problem.admits(t, s),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testworld;

    #[test]
    fn bits_say_what_the_problem_says() {
        for seed in 0..100 {
            let problem = Problem::build(testworld::random(seed)).expect("sound");
            let admission = Admission::of(&problem);
            let asked = Admission::without_bits(&problem);
            for t in problem.ticket_indexes() {
                for s in problem.shift_indexes() {
                    let admits = problem.admits(t, s);
                    assert_eq!(admission.has(t, s), admits, "seed {seed}, ticket {t}, shift {s}");
                    assert_eq!(asked.has(t, s), admits, "without bits");
                }
            }
        }
    }
}
