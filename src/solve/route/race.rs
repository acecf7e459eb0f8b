//! A race of trials: how hot a search has to be, that is how much it may lose, and whether routes have to pay a toll
//! for a while, is found out by trying.
//!
//! Some plans want to be searched sixteen times as hot as others, by up to three percent of the cost: a stop at a depot
//! or a skill that few have stands between two good plans like a wall, short days of many appointments
//! are a gentle slope. Some large plans end with a route in twenty too many without a toll, others lose as much by
//! one. Nothing in a problem was found that tells them apart. But a short search
//! does: run as it suits the plan it comes out better.

use super::best::Best;
use super::island::Island;

/// How a search is run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Trial {
    /// How hot it is, measured by what is usual.
    pub heat: f64,
    /// Whether routes pay a toll while it is hot.
    pub tolled: bool,
}

impl Trial {
    /// As most plans are searched.
    pub(super) const USUAL: Self = Self::free(1.0);

    const fn free(heat: f64) -> Self {
        Self { heat, tolled: false }
    }

    /// So hot, with a toll on routes.
    pub(super) const fn tolled(heat: f64) -> Self {
        Self { heat, tolled: true }
    }
}

/// How plans can be searched.
pub(super) const TRIALS: &[Trial] = &[Trial::free(4.0), Trial::free(0.25)];
/// The same for large plans, which are searched in parts once the race is over: none of them wants it colder than usual.
pub(super) const TRIALS_PARTS: &[Trial] = &[Trial::free(3.0), Trial::free(1.0)];
/// The same for large plans on which a toll could pay.
pub(super) const TRIALS_TOLL: &[Trial] =
    &[Trial::free(3.0), Trial::free(1.0), Trial::tolled(1.0), Trial::tolled(3.0)];
/// Rounds that all trials take together, however many searches there are to share them.
const ROUNDS: u64 = 6;
/// Steps for each ticket that a trial has to take to tell anything: what a shorter one chooses comes out worse, on
/// most plans, than the usual heat.
const STEPS_MIN: u64 = 30;
/// The same where routes can pay a toll instead, which is worth more than the right heat.
const STEPS_MIN_TOLLED: u64 = 150;
/// The same where heats and tolls race: with fewer it is better to let heats race alone, for longer.
const STEPS_MIN_BOTH: u64 = 100;

/// How a race stands.
#[derive(Debug)]
pub(super) struct Race {
    trials: &'static [Trial],
    /// The plan that every trial begins with.
    first: Best,
    /// The best cost that each trial has come to.
    costs: Vec<i128>,
    /// The trial of the first search.
    at: usize,
    /// The round at which the trials that are run now end.
    pub(super) end: u64,
}

impl Race {
    /// Begins a race of such trials between searches that each have this plan.
    pub(super) fn begin(islands: &mut [Island<'_>], first: Best, trials: &'static [Trial]) -> Self {
        let costs = vec![i128::MAX; trials.len()];
        let mut race = Self { trials, first, costs, at: 0, end: 0 };
        race.try_next(islands);
        race
    }

    /// Calls the race off after its first round, if trials at that speed are too short to tell anything about so
    /// many tickets. True when it is off, and all searches are run as usual. Where trials are too short for heats and
    /// tolls, heats race alone.
    pub(super) fn call_off(
        &mut self,
        islands: &mut [Island<'_>],
        tickets: usize,
        may_toll: bool,
    ) -> bool {
        let (speed, tickets) = (islands[0].iterations, tickets as u64);
        if self.trials == TRIALS_TOLL && speed.saturating_mul(self.end) < STEPS_MIN_BOTH * tickets {
            *self = Self::begin(islands, self.first.clone(), TRIALS_PARTS);
        }
        let least = if may_toll { STEPS_MIN_TOLLED } else { STEPS_MIN };
        if speed.saturating_mul(self.end) >= least * tickets {
            return false;
        }
        islands.iter_mut().for_each(|island| island.trial = Trial::USUAL);
        true
    }

    /// Gives each search the trial that is its turn.
    fn try_next(&mut self, islands: &mut [Island<'_>]) {
        let turns = self.trials.len().div_ceil(islands.len());
        self.end += (ROUNDS / turns as u64).max(1);
        for (number, island) in islands.iter_mut().enumerate() {
            island.trial = self.trials[(self.at + number) % self.trials.len()];
        }
    }

    /// Judges trials that have come to their end. True when they were the last, and all searches are run from now
    /// on like the one that came out best.
    pub(super) fn judge(&mut self, islands: &mut [Island<'_>]) -> bool {
        for (trial, cost) in self.trials.iter().zip(&mut self.costs) {
            let tried = islands.iter().filter(|island| island.trial == *trial);
            *cost = tried.map(|island| island.best.cost).fold(*cost, i128::min);
        }
        self.at += islands.len();
        if self.at < self.trials.len() {
            islands.iter_mut().for_each(|island| island.restart(&self.first));
            self.try_next(islands);
            return false;
        }
        let winner = (0..self.trials.len()).min_by_key(|&number| self.costs[number]).unwrap_or(0);
        islands.iter_mut().for_each(|island| island.trial = self.trials[winner]);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Problem;
    use crate::rng::Rng;
    use crate::solve::route::{Arena, State};
    use crate::testworld;

    /// Races so many searches; each time all are run they come to these costs. Returns how each is run in the end.
    fn race(trials: &'static [Trial], turns: &[&[i128]]) -> Vec<Trial> {
        let problem = Problem::build(testworld::random(1)).expect("sound");
        let arena = Arena::new(&problem).expect("scores fit");
        let island = |stream| Island::new(State::empty(&arena), Rng::new(1, stream));
        let mut islands: Vec<_> = (0..turns[0].len() as u64).map(island).collect();
        let first = islands[0].best.clone();
        let mut race = Race::begin(&mut islands, first, trials);
        for (number, costs) in turns.iter().enumerate() {
            assert_eq!(race.end, ROUNDS * (number as u64 + 1) / turns.len() as u64);
            islands.iter_mut().zip(*costs).for_each(|(island, cost)| island.best.cost = *cost);
            assert_eq!(race.judge(&mut islands), number + 1 == turns.len());
        }
        islands.iter().map(|island| island.trial).collect()
    }

    #[test]
    fn all_are_run_like_the_one_that_came_out_best() {
        assert_eq!(race(TRIALS, &[&[7, 8]]), [TRIALS[0]; 2]);
        assert_eq!(race(TRIALS, &[&[8, 7]]), [TRIALS[1]; 2]);
        assert_eq!(race(TRIALS, &[&[8, 9, 9, 7]]), [TRIALS[1]; 4]);
        assert_eq!(race(TRIALS_PARTS, &[&[7, 8]]), [TRIALS_PARTS[0]; 2]);
    }

    #[test]
    fn two_searches_try_four_ways_in_two_turns() {
        assert_eq!(race(TRIALS_TOLL, &[&[9, 8], &[7, 8]]), [Trial::tolled(1.0); 2]);
        assert_eq!(race(TRIALS_TOLL, &[&[7, 8], &[9, 8]]), [Trial::free(3.0); 2]);
        assert_eq!(race(TRIALS_TOLL, &[&[7, 8, 6], &[9, 8, 7]]), [Trial::tolled(1.0); 3]);
    }

    #[test]
    fn a_race_is_called_off_where_a_trial_is_too_short_to_tell() {
        let problem = Problem::build(testworld::random(1)).expect("sound");
        let arena = Arena::new(&problem).expect("scores fit");
        let mut alone = [Island::new(State::empty(&arena), Rng::new(1, 0))];
        let first = alone[0].best.clone();
        let mut race = Race::begin(&mut alone, first, TRIALS);
        for (least, may_toll) in [(STEPS_MIN, false), (STEPS_MIN_TOLLED, true)] {
            let long_enough = least / race.end * 100;
            alone[0].trial = TRIALS[0];
            alone[0].iterations = long_enough;
            assert!(!race.call_off(&mut alone, 100, may_toll));
            assert_eq!(alone[0].trial, TRIALS[0]);
            alone[0].iterations = long_enough - 1;
            assert!(race.call_off(&mut alone, 100, may_toll));
            assert_eq!(alone[0].trial, Trial::USUAL);
        }
    }

    #[test]
    fn where_trials_are_too_short_for_tolls_heats_race_alone() {
        let problem = Problem::build(testworld::random(1)).expect("sound");
        let arena = Arena::new(&problem).expect("scores fit");
        let island = |stream| Island::new(State::empty(&arena), Rng::new(1, stream));
        let run_as = |count: u64, short_by: u64| {
            let mut islands: Vec<_> = (0..count).map(island).collect();
            let first = islands[0].best.clone();
            let mut race = Race::begin(&mut islands, first, TRIALS_TOLL);
            islands[0].iterations = (STEPS_MIN_BOTH * 600).div_ceil(race.end) - short_by;
            assert!(!race.call_off(&mut islands, 600, false));
            (race.trials, race.end, islands.iter().map(|island| island.trial).collect::<Vec<_>>())
        };
        assert_eq!(run_as(2, 0), (TRIALS_TOLL, ROUNDS / 2, TRIALS_TOLL[..2].to_vec()));
        assert_eq!(run_as(2, 1), (TRIALS_PARTS, ROUNDS, TRIALS_PARTS.to_vec()));
        assert_eq!(run_as(4, 0), (TRIALS_TOLL, ROUNDS, TRIALS_TOLL.to_vec()));
        assert_eq!(run_as(4, 1), (TRIALS_PARTS, ROUNDS, TRIALS_PARTS.repeat(2)));
    }

    #[test]
    fn one_search_alone_tries_one_after_the_other() {
        assert_eq!(race(TRIALS, &[&[7], &[8]]), [TRIALS[0]]);
        assert_eq!(race(TRIALS, &[&[8], &[7]]), [TRIALS[1]]);
    }
}
