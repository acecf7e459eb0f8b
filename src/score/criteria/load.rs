//! Load: the n-th visit of a shift counts n - 1, so that work is spread.

use super::{Measure, RouteFacts};
use crate::model::Criterion;
use crate::problem::Problem;

/// See the module.
pub(super) struct Load;

impl Measure for Load {
    fn criterion(&self) -> Criterion {
        Criterion::Load
    }

    fn unit(&self) -> &'static str {
        "pairs"
    }

    fn about(&self) -> &'static str {
        "pairs of visits on one shift"
    }

    fn full(&self, _: &Problem, route: &RouteFacts) -> i64 {
        let visits = route.visits.len() as i64;
        visits * (visits - 1) / 2
    }
}
