//! Shifts in use: what the literature calls the number of vehicles.

use super::{Measure, RouteFacts};
use crate::model::Criterion;
use crate::problem::Problem;

/// See the module.
pub(super) struct Shifts;

impl Measure for Shifts {
    fn criterion(&self) -> Criterion {
        Criterion::Shifts
    }

    fn unit(&self) -> &'static str {
        "shifts"
    }

    fn about(&self) -> &'static str {
        "shifts that are used at all"
    }

    fn full(&self, _: &Problem, _: &RouteFacts) -> i64 {
        1
    }
}
