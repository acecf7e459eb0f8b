//! A race of heats: how hot a search has to be, that is how much it may lose, is found out by trying.
//!
//! Some plans want to be searched sixteen times as hot as others, by up to three percent of the cost: a stop at a depot
//! or a skill that few have stands between two good plans like a wall, short days of many appointments
//! are a gentle slope. Nothing in a problem was found that tells them apart. But a short search
//! does: at the heat that suits it comes out better.

use super::best::Best;
use super::island::Island;

/// How hot the trials are, measured by what is usual.
pub(super) const HEATS: [f64; 2] = [4.0, 0.25];
/// The same for large plans, which are searched in parts once the race is over: none of them wants it colder than usual.
pub(super) const HEATS_PARTS: [f64; 2] = [3.0, 1.0];
/// Rounds that all trials take together, however many searches there are to share them.
const ROUNDS: u64 = 6;
/// Steps for each ticket that a trial has to take to tell anything: what a shorter one chooses comes out worse, on
/// most plans, than the usual heat.
const STEPS_MIN: u64 = 30;
/// The same where routes can pay a toll instead, which is worth more than the right heat.
const STEPS_MIN_TOLLED: u64 = 150;

/// How a race stands.
#[derive(Debug)]
pub(super) struct Race {
    /// How hot the trials are.
    heats: [f64; 2],
    /// The plan that every trial begins with.
    first: Best,
    /// The best cost that each heat has come to.
    costs: [i128; HEATS.len()],
    /// The heat of the first search in this trial.
    at: usize,
    /// The round at which this trial ends.
    pub(super) end: u64,
}

impl Race {
    /// Begins a race of such heats between searches that each have this plan.
    pub(super) fn begin(islands: &mut [Island<'_>], first: Best, heats: [f64; 2]) -> Self {
        let mut race = Self { heats, first, costs: [i128::MAX; HEATS.len()], at: 0, end: 0 };
        race.try_next(islands);
        race
    }

    /// Calls the race off after its first round, if trials at that speed are too short to tell anything about so
    /// many tickets. True when it is off, and all searches are as hot as usual.
    pub(super) fn call_off(
        &self,
        islands: &mut [Island<'_>],
        tickets: usize,
        may_toll: bool,
    ) -> bool {
        let steps = islands[0].iterations.saturating_mul(self.end);
        let least = if may_toll { STEPS_MIN_TOLLED } else { STEPS_MIN };
        if steps >= least * tickets as u64 {
            return false;
        }
        islands.iter_mut().for_each(|island| island.heat = 1.0);
        true
    }

    /// Gives each search the heat that is its turn.
    fn try_next(&mut self, islands: &mut [Island<'_>]) {
        let trials = self.heats.len().div_ceil(islands.len());
        self.end += ROUNDS / trials as u64;
        for (number, island) in islands.iter_mut().enumerate() {
            island.heat = self.heats[(self.at + number) % self.heats.len()];
        }
    }

    /// Judges a trial that has come to its end. True when it was the last, and all searches have gone over to
    /// the heat that came out best.
    pub(super) fn judge(&mut self, islands: &mut [Island<'_>]) -> bool {
        for (heat, cost) in self.heats.iter().zip(&mut self.costs) {
            let tried = islands.iter().filter(|island| island.heat == *heat);
            *cost = tried.map(|island| island.best.cost).fold(*cost, i128::min);
        }
        self.at += islands.len();
        if self.at < self.heats.len() {
            islands.iter_mut().for_each(|island| island.restart(&self.first));
            self.try_next(islands);
            return false;
        }
        let winner = (0..self.heats.len()).min_by_key(|&number| self.costs[number]).unwrap_or(0);
        islands.iter_mut().for_each(|island| island.heat = self.heats[winner]);
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

    /// Races so many searches; in each trial they come to these costs. Returns what each search is at in the end.
    fn race(trials: &[&[i128]]) -> Vec<f64> {
        race_of(HEATS, trials)
    }

    fn race_of(heats: [f64; 2], trials: &[&[i128]]) -> Vec<f64> {
        let problem = Problem::build(testworld::random(1)).expect("sound");
        let arena = Arena::new(&problem).expect("scores fit");
        let island = |stream| Island::new(State::empty(&arena), Rng::new(1, stream));
        let mut islands: Vec<_> = (0..trials[0].len() as u64).map(island).collect();
        let first = islands[0].best.clone();
        let mut race = Race::begin(&mut islands, first, heats);
        for (number, costs) in trials.iter().enumerate() {
            assert_eq!(race.end, ROUNDS * (number as u64 + 1) / trials.len() as u64);
            islands.iter_mut().zip(*costs).for_each(|(island, cost)| island.best.cost = *cost);
            assert_eq!(race.judge(&mut islands), number + 1 == trials.len());
        }
        islands.iter().map(|island| island.heat).collect()
    }

    #[test]
    fn all_go_over_to_the_heat_that_came_out_best() {
        assert_eq!(race(&[&[7, 8]]), [HEATS[0]; 2]);
        assert_eq!(race(&[&[8, 7]]), [HEATS[1]; 2]);
        assert_eq!(race(&[&[8, 9, 9, 7]]), [HEATS[1]; 4]);
        assert_eq!(race_of(HEATS_PARTS, &[&[7, 8]]), [HEATS_PARTS[0]; 2]);
    }

    #[test]
    fn a_race_is_called_off_where_a_trial_is_too_short_to_tell() {
        let problem = Problem::build(testworld::random(1)).expect("sound");
        let arena = Arena::new(&problem).expect("scores fit");
        let mut alone = [Island::new(State::empty(&arena), Rng::new(1, 0))];
        let first = alone[0].best.clone();
        let race = Race::begin(&mut alone, first, HEATS);
        for (least, may_toll) in [(STEPS_MIN, false), (STEPS_MIN_TOLLED, true)] {
            let long_enough = least / race.end * 100;
            alone[0].heat = HEATS[0];
            alone[0].iterations = long_enough;
            assert!(!race.call_off(&mut alone, 100, may_toll));
            assert_eq!(alone[0].heat, HEATS[0]);
            alone[0].iterations = long_enough - 1;
            assert!(race.call_off(&mut alone, 100, may_toll));
            assert_eq!(alone[0].heat, 1.0);
        }
    }

    #[test]
    fn one_search_alone_tries_one_after_the_other() {
        assert_eq!(race(&[&[7], &[8]]), [HEATS[0]]);
        assert_eq!(race(&[&[8], &[7]]), [HEATS[1]]);
    }
}
