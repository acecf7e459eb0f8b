//! Whatever native JSON builds, plans; and whatever is planned passes the independent checker.
//! Included by the fuzz target and by `tests/corpus.rs`.

use fieldwright::io::{self, Source};
use fieldwright::solve::{Budget, route};
use fieldwright::{Problem, plan};
use std::ops::ControlFlow;

/// Plans the world in `data`, if it is one and small.
pub fn run(data: &[u8]) {
    let source = Source::text(String::from_utf8_lossy(data));
    let Ok(world) = io::read(&source, Some("native")) else { return };
    let shifts: usize = world.engineers.iter().map(|engineer| engineer.shifts.len()).sum();
    if world.tickets.len() > 50 || shifts > 20 {
        return;
    }
    let Ok(problem) = Problem::build(world) else { return };
    let options =
        route::Options { budget: Budget::iterations(40), threads: Some(1), ..Default::default() };
    let Ok(outcome) = route::plan(&problem, &options, &mut |_| ControlFlow::Continue(())) else {
        return;
    };
    let violations = plan::check(problem.world(), &outcome.plan);
    assert!(violations.is_empty(), "{violations:#?}");
}
