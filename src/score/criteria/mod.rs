//! The criteria, one file each: what it measures on a finished route, the slow and plain way.
//!
//! The search computes the same numbers incrementally; the law `delta == full(after) -
//! full(before)` is asserted whenever a change is applied in a debug build, and in the tests.
//! To add a criterion: a line in [`Criterion`], a file here, a line in [`ALL`].

mod balance;
mod changes;
mod distance;
mod fixed;
mod lateness;
mod load;
mod off_window;
mod overskill;
mod overtime;
mod penalty;
mod preference;
mod region;
mod shifts;
mod slack;
mod travel;
mod unserved;
mod wait;
mod work;

use super::Tally;
use crate::model::Criterion;
use crate::problem::Problem;

pub use balance::square_minutes;
pub use slack::comfort;

/// A finished route as the criteria see it. Times and lengths in seconds and metres.
#[derive(Clone, Debug, Default)]
pub struct RouteFacts {
    /// Index of the shift.
    pub shift: u32,
    /// The visits, in order: ticket and start of work.
    pub visits: Vec<(u32, i64)>,
    /// Travel, the way home included.
    pub travel: i64,
    /// Length of the way.
    pub distance: i64,
    /// Waiting before visits and breaks.
    pub wait: i64,
    /// When he leaves.
    pub depart: i64,
    /// When he is done.
    pub end: i64,
}

/// One criterion.
pub trait Measure: Sync {
    /// Which one it is.
    fn criterion(&self) -> Criterion;
    /// What one unit of it is.
    fn unit(&self) -> &'static str;
    /// What it measures, in a sentence without a full stop.
    fn about(&self) -> &'static str;
    /// Its measure on one route with at least one visit.
    fn full(&self, problem: &Problem, route: &RouteFacts) -> i64;
}

/// Every criterion, in the order of [`Criterion::ALL`].
pub const ALL: [&dyn Measure; Criterion::COUNT] = [
    &unserved::Unserved,
    &lateness::Lateness,
    &slack::Slack,
    &travel::Travel,
    &distance::Distance,
    &work::Work,
    &wait::Wait,
    &shifts::Shifts,
    &fixed::Fixed,
    &region::Region,
    &overskill::Overskill,
    &preference::Preference,
    &load::Load,
    &overtime::Overtime,
    &penalty::Penalty,
    &changes::Changes,
    &off_window::OffWindow,
    &balance::Balance,
];

/// The measure of every criterion on one route; all zero when nobody is visited.
#[must_use]
pub fn measure(problem: &Problem, route: &RouteFacts) -> Tally {
    if route.visits.is_empty() {
        return Tally::default();
    }
    ALL.map(|measure| measure.full(problem, route))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_criteria() {
        for (index, measure) in ALL.iter().enumerate() {
            assert_eq!(measure.criterion() as usize, index, "{}", measure.criterion().name());
            assert!(!measure.about().ends_with('.') && !measure.unit().is_empty());
        }
    }
}
