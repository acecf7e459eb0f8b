//! Fixed cost of calling somebody in.

use super::{Measure, RouteFacts};
use crate::model::Criterion;
use crate::problem::Problem;

/// See the module.
pub(super) struct Fixed;

impl Measure for Fixed {
    fn criterion(&self) -> Criterion {
        Criterion::Fixed
    }

    fn unit(&self) -> &'static str {
        "cost"
    }

    fn about(&self) -> &'static str {
        "fixed cost of the shifts that are used"
    }

    fn full(&self, problem: &Problem, route: &RouteFacts) -> i64 {
        problem.shifts[route.shift as usize].fixed_cost
    }
}
