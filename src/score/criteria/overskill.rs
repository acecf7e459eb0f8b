//! Over-qualification: keeps the expert free for the ticket that needs him.

use super::{Measure, RouteFacts};
use crate::model::Criterion;
use crate::problem::Problem;

/// See the module.
pub(super) struct Overskill;

impl Measure for Overskill {
    fn criterion(&self) -> Criterion {
        Criterion::Overskill
    }

    fn unit(&self) -> &'static str {
        "levels"
    }

    fn about(&self) -> &'static str {
        "skill levels above what the ticket asked for"
    }

    fn full(&self, problem: &Problem, route: &RouteFacts) -> i64 {
        route.visits.iter().map(|&(t, _)| problem.skill_surplus(t, route.shift).unwrap_or(0)).sum()
    }
}
