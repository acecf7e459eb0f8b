//! Lateness: the due time is a promise, the windows are a wall.

use super::{Measure, RouteFacts};
use crate::model::Criterion;
use crate::problem::Problem;

/// See the module.
pub(super) struct Lateness;

impl Measure for Lateness {
    fn criterion(&self) -> Criterion {
        Criterion::Lateness
    }

    fn unit(&self) -> &'static str {
        "s"
    }

    fn about(&self) -> &'static str {
        "seconds by which work starts after its due time"
    }

    fn full(&self, problem: &Problem, route: &RouteFacts) -> i64 {
        route
            .visits
            .iter()
            .map(|&(t, start)| (start - problem.tickets[t as usize].due).max(0))
            .sum()
    }
}
