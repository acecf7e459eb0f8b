//! Acceptance: which worse plans a search may pass through, level by level.
//!
//! The first level on which two plans differ decides; on it a loss is accepted up to a threshold that falls
//! while the search cools down (Dueck and Scheuer, "Threshold Accepting", Journal of Computational Physics 90(1), 1990).
//! The further a search has come away from its best plan, the less it may still lose, as in record-to-record travel
//! (Dueck, Journal of Computational Physics 104(1), 1993): half of the way away counts. One threshold for all levels
//! would either freeze the travel or melt the tickets that matter most.

use super::state::State;

/// Threshold at the start and at the end, as a share of a level's mean cost for each visit.
#[derive(Clone, Copy, Debug)]
struct Course {
    start: f64,
    end: f64,
}

/// Of every level but the last.
const GREATER: Course = Course { start: 4.0, end: 0.04 };
/// Of the last level where everybody is served.
const LAST: Course = Course { start: 2.0, end: 0.02 };
/// Of the last level where tickets compete for time: less travel is what lets more of them in.
const LAST_SCARCE: Course = Course { start: 0.6, end: 0.01 };
/// Of the last level where tickets have a price on it: whole routes pay or do not.
const LAST_PRICED: Course = Course { start: 4.0, end: 0.04 };

/// The plan that a search stands at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standpoint {
    cost: i128,
    /// The first level on which it differs from the best plan of the search, and by how much.
    lost: Option<(usize, i64)>,
}

/// The rule of one search.
#[derive(Debug)]
pub(super) struct Acceptance {
    /// Cost for each visit, level by level, in the first plan.
    scale: Vec<f64>,
    /// What may be lost, level by level.
    threshold: Vec<i64>,
}

impl Acceptance {
    /// For a search that starts from this plan.
    pub(super) fn new(state: &State<'_>) -> Self {
        let visits = state.arena.problem.tickets.len().max(1) as f64;
        let levels = state.arena.score.unpack(state.cost());
        let scale: Vec<f64> = levels.into_iter().map(|level| level as f64 / visits).collect();
        Self { threshold: vec![0; scale.len()], scale }
    }

    /// Cools to where a search that has used this share of its budget (0 to 1) should be.
    /// `is_scarce` tells that tickets are left out; all is `heat` times as hot as usual.
    pub(super) fn cool(&mut self, state: &State<'_>, heat: f64, progress: f64, is_scarce: bool) {
        let last = self.scale.len().saturating_sub(1);
        for (level, (threshold, scale)) in self.threshold.iter_mut().zip(&self.scale).enumerate() {
            let course = match (level < last, is_scarce) {
                (true, _) => GREATER,
                (false, true) if state.arena.score.priced => LAST_PRICED,
                (false, true) => LAST_SCARCE,
                (false, false) => LAST,
            };
            let share = course.start * (course.end / course.start).powf(progress.clamp(0.0, 1.0));
            *threshold = (heat * share * scale) as i64;
        }
    }

    /// Where a search stands whose plan costs so much, and whose best plan cost so much by the same measure, if that is known.
    pub(super) fn stand(&self, state: &State<'_>, cost: i128, best: Option<i128>) -> Standpoint {
        let lost = best.and_then(|best| state.arena.score.first_difference(cost, best));
        Standpoint { cost, lost }
    }

    /// What may be lost on a level.
    fn allowed(&self, at: Standpoint, level: usize) -> i64 {
        let lost = at.lost.filter(|&(lost, _)| lost == level).map_or(0, |(_, lost)| lost.max(0));
        (self.threshold[level] - lost / 2).max(0)
    }

    /// No plan that costs more may follow.
    pub(super) fn most(&self, state: &State<'_>, at: Standpoint) -> i128 {
        let allowed = (0..self.threshold.len()).map(|level| i128::from(self.allowed(at, level)));
        state.arena.score.highest(at.cost, allowed)
    }

    /// True when a plan of cost `to` may follow.
    pub(super) fn accepts(&self, state: &State<'_>, at: Standpoint, to: i128) -> bool {
        let differs = state.arena.score.first_difference(to, at.cost);
        differs.is_none_or(|(level, loss)| loss <= self.allowed(at, level))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Criterion;
    use crate::problem::Problem;
    use crate::solve::route::Arena;
    use crate::testworld;

    /// May a search go on that lost `away` since its best plan, and would lose `loss` now, where ten may be lost on every
    /// level? Both are given as level and amount.
    fn accepts(away: (usize, i64), loss: (usize, i64)) -> bool {
        let problem = Problem::build(testworld::random(1)).expect("sound");
        let arena = Arena::new(&problem).expect("scores fit");
        let state = State::empty(&arena);
        let mut acceptance = Acceptance::new(&state);
        acceptance.threshold.fill(10);
        let packed = |(level, amount): (usize, i64)| {
            let weighs = |c: &Criterion| arena.score.weight_on(level, *c) > 0;
            let criterion = Criterion::ALL.into_iter().find(weighs).expect("a level of something");
            let one =
                arena.score.weight(criterion) / i128::from(arena.score.weight_on(level, criterion));
            one * i128::from(amount)
        };
        let best = state.cost();
        let here = best + packed(away);
        let at = acceptance.stand(&state, here, Some(best));
        let to = here + packed(loss);
        let accepts = acceptance.accepts(&state, at, to);
        assert!(!accepts || to <= acceptance.most(&state, at).max(here), "{away:?} {loss:?}");
        accepts
    }

    #[test]
    fn the_best_plan_may_be_left_for_one_that_is_worse_by_the_threshold() {
        for level in [0, 1] {
            assert!(accepts((level, 0), (level, 10)));
            assert!(!accepts((level, 0), (level, 11)));
        }
    }

    #[test]
    fn half_of_what_is_lost_already_counts() {
        assert!(accepts((1, 8), (1, 6)));
        assert!(!accepts((1, 8), (1, 7)));
        assert!(!accepts((1, 90), (1, 1)));
    }

    #[test]
    fn what_is_lost_on_another_level_does_not_count() {
        assert!(accepts((0, 8), (1, 10)));
        assert!(accepts((1, 8), (0, 10)));
        assert!(!accepts((0, 8), (1, 11)));
    }

    #[test]
    fn who_is_far_away_may_still_come_back() {
        assert!(accepts((0, 90), (0, 0)));
        assert!(accepts((0, 90), (0, -1)));
        assert!(accepts((1, 90), (1, -1)));
    }
}
