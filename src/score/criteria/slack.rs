//! Slack: a promise kept by a minute breaks at the first red light, so an hour is aimed at.

use super::{Measure, RouteFacts};
use crate::model::Criterion;
use crate::problem::Problem;

/// See the module.
pub(super) struct Slack;

impl Measure for Slack {
    fn criterion(&self) -> Criterion {
        Criterion::Slack
    }

    fn unit(&self) -> &'static str {
        "s"
    }

    fn about(&self) -> &'static str {
        "seconds short of an hour between the start of work and its due time"
    }

    fn full(&self, problem: &Problem, route: &RouteFacts) -> i64 {
        let comfort = comfort(problem);
        let short = |&(t, start): &(u32, i64)| {
            (start - (problem.tickets[t as usize].due - comfort)).clamp(0, comfort)
        };
        route.visits.iter().map(short).sum()
    }
}

/// The margin before a due time that is aimed at: an hour, in the world's resolution.
#[must_use]
pub fn comfort(problem: &Problem) -> i64 {
    3_600 * i64::from(problem.world().resolution)
}
