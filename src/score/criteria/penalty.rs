//! Penalties: what a contract asks for when a promise is missed by more than it forgives.

use super::{Measure, RouteFacts};
use crate::model::Criterion;
use crate::problem::Problem;

/// See the module.
pub(super) struct Penalty;

impl Measure for Penalty {
    fn criterion(&self) -> Criterion {
        Criterion::Penalty
    }

    fn unit(&self) -> &'static str {
        "cost"
    }

    fn about(&self) -> &'static str {
        "cost of starts that are later than due by more than a step allows"
    }

    fn full(&self, problem: &Problem, route: &RouteFacts) -> i64 {
        route.visits.iter().map(|&(t, start)| problem.penalty(t, start)).sum()
    }
}
