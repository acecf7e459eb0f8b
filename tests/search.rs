//! Laws of the route search on plans large enough to be searched in parts.
#![allow(missing_docs)] // a test crate has no public items

use fieldwright::model::Code;
use fieldwright::sim::City;
use fieldwright::solve::{Budget, route};
use fieldwright::{Problem, plan};
use std::ops::ControlFlow;

/// More tickets than a search with a plan of its own takes on (400).
fn town() -> Problem {
    let city = City { tickets: 450, engineers: 40, ..City::default() };
    Problem::build(city.world()).expect("the generator makes sound worlds")
}

fn planned(problem: &Problem, iterations: u64, threads: usize) -> plan::Plan {
    let options = route::Options {
        budget: Budget::iterations(iterations),
        seed: 7,
        threads: Some(threads),
        start: None,
    };
    let outcome = route::plan(problem, &options, &mut |_| ControlFlow::Continue(()));
    outcome.expect("scores fit").plan
}

#[test]
fn parts_give_the_same_sound_plan_on_any_number_of_threads() {
    let problem = town();
    let alone = planned(&problem, 2_000, 1);
    assert_eq!(alone, planned(&problem, 2_000, 2));
    assert!(plan::check(problem.world(), &alone).is_empty());
}

#[test]
fn parts_find_better_plans_than_construction() {
    let problem = town();
    assert!(planned(&problem, 2_000, 2).score < planned(&problem, 0, 2).score);
}

/// A day of two tickets, of which the first plan is the best there is.
fn settled(budget: Budget) -> route::Outcome {
    let problem = Problem::build(City { tickets: 2, engineers: 1, ..City::default() }.world());
    let problem = problem.expect("the generator makes sound worlds");
    let options = route::Options { budget, threads: Some(1), ..Default::default() };
    let outcome = route::plan(&problem, &options, &mut |_| ControlFlow::Continue(()));
    outcome.expect("scores fit")
}

#[test]
fn a_search_without_headway_ends_long_before_its_other_limits() {
    const DAYS: f64 = 1e6;
    let stall = Some(100);
    for budget in [
        Budget { stall, ..Budget::default() },
        Budget { stall, seconds: Some(DAYS), ..Budget::default() },
        Budget { stall, iterations: Some(u64::MAX), ..Budget::default() },
    ] {
        let steps = settled(budget.clone()).iterations;
        assert!((100..1_000).contains(&steps), "{steps} steps with {budget:?}");
    }
}

#[test]
fn no_threads_and_a_million_are_refused() {
    let problem = Problem::build(City { tickets: 4, engineers: 2, ..City::default() }.world());
    let problem = problem.expect("the generator makes sound worlds");
    for threads in [0, route::THREADS_MAX + 1, 1_000_000] {
        let options = route::Options { threads: Some(threads), ..Default::default() };
        let refused = route::plan(&problem, &options, &mut |_| ControlFlow::Continue(()));
        let issue = &refused.expect_err("no such number").0[0];
        assert_eq!((issue.code, &issue.at[..]), (Code::OUT_OF_RANGE, "threads"));
    }
}
