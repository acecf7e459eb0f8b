//! Acceptance: which worse plans a search may pass through, level by level.
//!
//! The first level on which two plans differ decides; on it a loss is accepted with the
//! probability of simulated annealing, at a temperature of its own. One temperature for all
//! levels would either freeze the travel or melt the tickets that matter most.

use super::state::State;
use crate::rng::Rng;

/// Fixed-point one of the table of exponential variates.
const UNIT: i64 = 1 << 12;
/// Entries of that table; integers, so that a search repeats bit for bit.
const TABLE: usize = 1 << 10;

/// Temperature at the start and at the end, as a share of a level's mean cost for each visit.
#[derive(Clone, Copy, Debug)]
struct Course {
    start: f64,
    end: f64,
}

/// Of every level but the last.
const GREATER: Course = Course { start: 2.0, end: 0.02 };
/// Of the last level where everybody is served.
const LAST: Course = Course { start: 1.0, end: 0.01 };
/// Of the last level where tickets compete for time: less travel is what lets more of them in.
const LAST_SCARCE: Course = Course { start: 0.3, end: 0.005 };
/// Of the last level where tickets have a price on it: whole routes pay or do not.
const LAST_PRICED: Course = Course { start: 2.0, end: 0.02 };

/// An exponential variate, in units of `1 / UNIT`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Luck(i64);

/// The rule of one search.
#[derive(Debug)]
pub(super) struct Acceptance {
    /// `-ln(u)` for evenly spread `u`, in units of `1 / UNIT`.
    exponential: Vec<i64>,
    /// Cost for each visit, level by level, in the first plan.
    scale: Vec<f64>,
    temperature: Vec<i64>,
}

impl Acceptance {
    /// For a search that starts from this plan.
    pub(super) fn new(state: &State<'_>) -> Self {
        let arena = state.arena;
        let visits = arena.problem.tickets.len().max(1) as f64;
        let exponential = (0..TABLE)
            .map(|k| (-((k as f64 + 0.5) / TABLE as f64).ln() * UNIT as f64).round() as i64)
            .collect();
        let levels = arena.score.unpack(state.cost());
        let scale: Vec<f64> = levels.into_iter().map(|level| level as f64 / visits).collect();
        Self { exponential, temperature: vec![0; scale.len()], scale }
    }

    /// Cools to where a search that has used this share of its budget (0 to 1) should be.
    /// `is_scarce` tells that tickets are left out; all is `heat` times as hot as usual.
    pub(super) fn cool(&mut self, state: &State<'_>, heat: f64, progress: f64, is_scarce: bool) {
        let last = self.scale.len().saturating_sub(1);
        for (level, (temperature, scale)) in
            self.temperature.iter_mut().zip(&self.scale).enumerate()
        {
            let course = match (level < last, is_scarce) {
                (true, _) => GREATER,
                (false, true) if state.arena.score.priced => LAST_PRICED,
                (false, true) => LAST_SCARCE,
                (false, false) => LAST,
            };
            let share = course.start * (course.end / course.start).powf(progress.clamp(0.0, 1.0));
            *temperature = (heat * share * scale * 1024.0) as i64;
        }
    }

    /// How much bad luck the next plan may have: decides together with the temperature.
    pub(super) fn draw(&self, rng: &mut Rng) -> Luck {
        Luck(self.exponential[rng.below(TABLE)])
    }

    /// The highest cost of a plan that a search at a plan of cost `from` may go on from.
    pub(super) fn most(&self, state: &State<'_>, from: i128, luck: Luck) -> i128 {
        let allowed = |&temperature: &i64| {
            i128::from(temperature) * i128::from(luck.0) / i128::from(1024 * UNIT)
        };
        state.arena.score.highest(from, self.temperature.iter().map(allowed))
    }

    /// True when a search at a plan of cost `from` may go on from one of cost `to`.
    pub(super) fn accepts(&self, state: &State<'_>, from: i128, to: i128, luck: Luck) -> bool {
        let Some((level, loss)) = state.arena.score.first_difference(to, from) else {
            return true;
        };
        loss <= 0
            || i128::from(loss) * i128::from(1024 * UNIT)
                <= i128::from(self.temperature[level]) * i128::from(luck.0)
    }
}
