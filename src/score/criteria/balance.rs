//! Balance: of two engineers, an hour goes to the one who has worked less.
//!
//! The sum of the squares of all working times is least when they are equal. Of each square only what
//! this plan adds is counted, so that a shift that is not used costs nothing and every route has its own
//! share: `(worked + work)^2 - worked^2`, in whole square minutes. An hour more on top of eight hours
//! counts 61,200, on top of six 46,800.

use super::{Measure, RouteFacts};
use crate::model::Criterion;
use crate::problem::Problem;

/// See the module.
pub(super) struct Balance;

impl Measure for Balance {
    fn criterion(&self) -> Criterion {
        Criterion::Balance
    }

    fn unit(&self) -> &'static str {
        "min²"
    }

    fn about(&self) -> &'static str {
        "square minutes by which work adds to what its engineers have worked"
    }

    fn full(&self, problem: &Problem, route: &RouteFacts) -> i64 {
        let square = square_minutes(problem, route.shift, route.end - route.depart);
        // What is weighed at all is far below this: larger worlds are refused (E704).
        i64::try_from(square).unwrap_or(i64::MAX).min(i64::MAX >> 24)
    }
}

/// What `work` seconds on shift `s` add to the square of what its engineer has worked.
#[must_use]
pub fn square_minutes(problem: &Problem, s: u32, work: i64) -> i128 {
    let (work, worked) = (i128::from(work), i128::from(problem.shifts[s as usize].worked));
    let minute = 60 * i128::from(problem.world().resolution);
    work * (2 * worked + work) / (minute * minute)
}
