//! Overtime: allowed up to the shift's cap, and paid for.

use super::{Measure, RouteFacts};
use crate::model::Criterion;
use crate::problem::Problem;

/// See the module.
pub(super) struct Overtime;

impl Measure for Overtime {
    fn criterion(&self) -> Criterion {
        Criterion::Overtime
    }

    fn unit(&self) -> &'static str {
        "s"
    }

    fn about(&self) -> &'static str {
        "seconds worked after the regular end of a shift"
    }

    fn full(&self, problem: &Problem, route: &RouteFacts) -> i64 {
        (route.end - problem.shifts[route.shift as usize].regular_end).max(0)
    }
}
