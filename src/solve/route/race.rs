//! A race of widths: which ruins suit a plan is found out by trying.
//!
//! Some plans want narrow ruins and some wide ones, by up to one percent of the cost, and nothing in a problem
//! was found that tells them apart. But at equal temperature, half-way through a search, those that suit
//! are already on the cheaper plans. So searches start with different widths, and the loser's change over.

use super::island::Island;
use super::ruin::Width;

/// The widths that race; the later one wins a tie.
const WIDTHS: [Width; 2] = [Width::NARROW, Width::WIDE];
/// From this share of the budget on rounds count; before it plans are too hot to tell.
const FROM: f64 = 0.15;
/// At this share of the budget the race is over.
const OVER: f64 = 0.4;

/// How a race stands.
#[derive(Debug, Default)]
pub(super) struct Race {
    /// Rounds won.
    won: [u32; 2],
}

impl Race {
    /// Begins a race of searches that each have a plan of their own.
    pub(super) fn begin(islands: &mut [Island<'_>]) -> Option<Self> {
        if islands.len() < WIDTHS.len() {
            return None;
        }
        for (number, island) in islands.iter_mut().enumerate() {
            island.width = WIDTHS[number % WIDTHS.len()];
        }
        Some(Self::default())
    }

    /// Counts a round that ended at this share of the budget; true when it was the last, and all searches
    /// have changed to the width that won most.
    pub(super) fn judge(&mut self, islands: &mut [Island<'_>], share: f64) -> bool {
        if share < FROM {
            return false;
        }
        let lows = WIDTHS.map(|width| {
            islands.iter().filter(|island| island.width == width).map(|island| island.low).min()
        });
        self.won[usize::from(lows[1] <= lows[0])] += 1;
        if share < OVER {
            return false;
        }
        let winner = WIDTHS[usize::from(self.won[1] >= self.won[0])];
        islands.iter_mut().for_each(|island| island.width = winner);
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

    #[test]
    fn all_change_to_the_width_that_wins_most_rounds() {
        let problem = Problem::build(testworld::random(1)).expect("sound");
        let arena = Arena::new(&problem).expect("scores fit");
        let island = |stream| Island::new(State::empty(&arena), Rng::new(1, stream));
        let mut islands: Vec<_> = (0..2).map(island).collect();
        let mut race = Race::begin(&mut islands).expect("two can race");
        let mut round = |lows: [i128; 2], share| {
            islands.iter_mut().zip(lows).for_each(|(island, low)| island.low = low);
            let is_over = race.judge(&mut islands, share);
            (is_over, [islands[0].width, islands[1].width])
        };
        let started = [Width::NARROW, Width::WIDE];
        // Too early to count: otherwise the wide one would lead by one.
        assert_eq!(round([9, 8], 0.1), (false, started));
        assert_eq!(round([7, 8], 0.2), (false, started));
        assert_eq!(round([7, 6], 0.3), (false, started));
        assert_eq!(round([5, 6], 0.4), (true, [Width::NARROW; 2]));
    }

    #[test]
    fn nobody_races_alone() {
        let problem = Problem::build(testworld::random(1)).expect("sound");
        let arena = Arena::new(&problem).expect("scores fit");
        assert!(Race::begin(&mut [Island::new(State::empty(&arena), Rng::new(1, 0))]).is_none());
    }
}
