//! How many searches there are, and how those of one thread take turns.
//!
//! Which of many good plans a search ends in is luck, and the longer it takes the less a longer one would help. So
//! where there are steps enough for it, several searches cool down beside each other, and go on together from the
//! best plan that any of them has found.

use super::island::Island;
use super::leash::Leash;
use rayon::prelude::*;

/// Steps for each ticket that a search has to get; with fewer, one more search is worth less than longer ones.
const STEPS_EACH: f64 = 400.0;
/// Most searches that share a thread.
const SHARERS_MAX: usize = 4;
/// Steps that a thread takes in a second, roughly. Nothing but the number of searches depends on it.
const STEPS_A_SECOND: f64 = 15_000.0;

/// Steps that threads will take in so many seconds, roughly.
pub(super) fn steps_in(seconds: f64, threads: usize) -> f64 {
    seconds * threads as f64 * STEPS_A_SECOND
}

/// How many searches there are for so many `tickets` and `steps` in all: a multiple of `least`.
pub(super) fn count(least: usize, tickets: usize, steps: f64) -> usize {
    let enough = steps / (STEPS_EACH * tickets.max(1) as f64);
    least * ((enough / least as f64) as usize).clamp(1, SHARERS_MAX)
}

/// Lets all searches run to the end of a round. Those that share a thread take turns, and where the round ends by the
/// clock each gets the same share of its time.
pub(super) fn run(islands: &mut [Island<'_>], threads: usize, leash: Leash<'_>) {
    let begun = leash.watch.share();
    let sharers = islands.len().div_ceil(threads);
    islands.par_chunks_mut(sharers).for_each(|islands| {
        let each = (leash.end - begun) / islands.len() as f64;
        for (turn, island) in (1..).zip(islands) {
            island.run(Leash { end: begun + each * f64::from(turn), ..leash });
        }
    });
}

#[cfg(test)]
mod tests {
    use super::super::{Arena, State};
    use super::*;
    use crate::problem::Problem;
    use crate::rng::Rng;
    use crate::solve::Budget;
    use crate::testworld;

    #[test]
    fn there_are_as_many_searches_as_have_steps_enough_for_each_ticket() {
        let steps = |searches: f64| searches * STEPS_EACH * 100.0;
        assert_eq!(count(2, 100, 0.0), 2);
        assert_eq!(count(2, 100, steps(3.9)), 2);
        assert_eq!(count(2, 100, steps(4.0)), 4);
        assert_eq!(count(2, 200, steps(4.0)), 2);
        assert_eq!(count(1, 100, steps(3.0)), 3);
        assert_eq!(count(2, 100, f64::MAX), 2 * SHARERS_MAX);
        assert_eq!(count(2, 0, 0.0), 2);
    }

    #[test]
    fn who_takes_turns_finds_the_same_as_with_a_thread_of_its_own() {
        let problem = Problem::build(testworld::random(1)).expect("sound");
        let arena = Arena::new(&problem).expect("scores fit");
        let watch = Budget::iterations(300).start();
        let leash = Leash {
            watch: &watch,
            target: 60,
            each: Some(60),
            end: 1.0,
            course: (0.0, 1.0),
            stalled: 0.0,
        };
        let found = |threads| {
            let island = |stream| Island::new(State::empty(&arena), Rng::new(1, stream));
            let mut islands: Vec<_> = (0..5).map(island).collect();
            run(&mut islands, threads, leash);
            assert!(islands.iter().all(|island| island.iterations == 60));
            islands.iter().map(|island| island.best.routes.clone()).collect::<Vec<_>>()
        };
        let alone = found(5);
        for threads in 1..5 {
            assert_eq!(found(threads), alone, "{threads} threads");
        }
    }
}
