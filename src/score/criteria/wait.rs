//! Waiting: time between arrival and the start of a visit or a break.

use super::{Measure, RouteFacts};
use crate::model::Criterion;
use crate::problem::Problem;

/// See the module.
pub(super) struct Wait;

impl Measure for Wait {
    fn criterion(&self) -> Criterion {
        Criterion::Wait
    }

    fn unit(&self) -> &'static str {
        "s"
    }

    fn about(&self) -> &'static str {
        "seconds of waiting before visits and breaks"
    }

    fn full(&self, _: &Problem, route: &RouteFacts) -> i64 {
        route.wait
    }
}
