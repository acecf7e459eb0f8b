//! Travel distance, the way home included.

use super::{Measure, RouteFacts};
use crate::model::Criterion;
use crate::problem::Problem;

/// See the module.
pub(super) struct Distance;

impl Measure for Distance {
    fn criterion(&self) -> Criterion {
        Criterion::Distance
    }

    fn unit(&self) -> &'static str {
        "m"
    }

    fn about(&self) -> &'static str {
        "metres of travel"
    }

    fn full(&self, _: &Problem, route: &RouteFacts) -> i64 {
        route.distance
    }
}
