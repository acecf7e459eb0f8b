//! Changes: what a customer has been told is better kept.

use super::{Measure, RouteFacts};
use crate::model::Criterion;
use crate::problem::Problem;

/// See the module.
pub(super) struct Changes;

impl Measure for Changes {
    fn criterion(&self) -> Criterion {
        Criterion::Changes
    }

    fn unit(&self) -> &'static str {
        "visits"
    }

    fn about(&self) -> &'static str {
        "visits by another shift than the customer was told"
    }

    fn full(&self, problem: &Problem, route: &RouteFacts) -> i64 {
        let changed = |&&(t, _): &&(u32, i64)| problem.is_change(t, route.shift);
        route.visits.iter().filter(changed).count() as i64
    }
}
