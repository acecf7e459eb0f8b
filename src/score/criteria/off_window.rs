//! Preferred windows: a wish of the customer, softer than a promise and much softer than a window.

use super::{Measure, RouteFacts};
use crate::model::Criterion;
use crate::problem::Problem;

/// See the module.
pub(super) struct OffWindow;

impl Measure for OffWindow {
    fn criterion(&self) -> Criterion {
        Criterion::OffWindow
    }

    fn unit(&self) -> &'static str {
        "s"
    }

    fn about(&self) -> &'static str {
        "seconds between the start of work and the nearest moment that the customer prefers"
    }

    fn full(&self, problem: &Problem, route: &RouteFacts) -> i64 {
        route.visits.iter().map(|&(t, start)| problem.off_window(t, start)).sum()
    }
}
