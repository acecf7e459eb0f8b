//! Region: what it costs to send somebody to a region that is not his home.

use super::{Measure, RouteFacts};
use crate::model::Criterion;
use crate::problem::Problem;

/// See the module.
pub(super) struct Region;

impl Measure for Region {
    fn criterion(&self) -> Criterion {
        Criterion::Region
    }

    fn unit(&self) -> &'static str {
        "cost"
    }

    fn about(&self) -> &'static str {
        "cost of visits outside the home region"
    }

    fn full(&self, problem: &Problem, route: &RouteFacts) -> i64 {
        route.visits.iter().map(|&(t, _)| problem.region_fit(t, route.shift).1).sum()
    }
}
