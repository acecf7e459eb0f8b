//! Working time: the departure is delayed as far as that costs nothing.

use super::{Measure, RouteFacts};
use crate::model::Criterion;
use crate::problem::Problem;

/// See the module.
pub(super) struct Work;

impl Measure for Work {
    fn criterion(&self) -> Criterion {
        Criterion::Work
    }

    fn unit(&self) -> &'static str {
        "s"
    }

    fn about(&self) -> &'static str {
        "seconds from departure to return"
    }

    fn full(&self, _: &Problem, route: &RouteFacts) -> i64 {
        route.end - route.depart
    }
}
