//! Travel time, the way home included.

use super::{Measure, RouteFacts};
use crate::model::Criterion;
use crate::problem::Problem;

/// See the module.
pub(super) struct Travel;

impl Measure for Travel {
    fn criterion(&self) -> Criterion {
        Criterion::Travel
    }

    fn unit(&self) -> &'static str {
        "s"
    }

    fn about(&self) -> &'static str {
        "seconds of travel"
    }

    fn full(&self, _: &Problem, route: &RouteFacts) -> i64 {
        route.travel
    }
}
