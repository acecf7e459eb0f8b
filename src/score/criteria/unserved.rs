//! Unserved: counted on the tickets left out, so a route has none of it.

use super::{Measure, RouteFacts};
use crate::model::Criterion;
use crate::problem::Problem;

/// See the module.
pub(super) struct Unserved;

impl Measure for Unserved {
    fn criterion(&self) -> Criterion {
        Criterion::Unserved
    }

    fn unit(&self) -> &'static str {
        "worth"
    }

    fn about(&self) -> &'static str {
        "worth of the tickets left out"
    }

    fn full(&self, _: &Problem, _: &RouteFacts) -> i64 {
        0
    }
}
