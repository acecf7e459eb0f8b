//! Preference: customers like to see the same face.

use super::{Measure, RouteFacts};
use crate::model::Criterion;
use crate::problem::Problem;

/// See the module.
pub(super) struct Preference;

impl Measure for Preference {
    fn criterion(&self) -> Criterion {
        Criterion::Preference
    }

    fn unit(&self) -> &'static str {
        "visits"
    }

    fn about(&self) -> &'static str {
        "visits by somebody else than the engineers the customer prefers"
    }

    fn full(&self, problem: &Problem, route: &RouteFacts) -> i64 {
        let second_choice = |&&(t, _): &&(u32, i64)| problem.is_second_choice(t, route.shift);
        route.visits.iter().filter(second_choice).count() as i64
    }
}
