//! Whatever native JSON builds, plans; and whatever is planned passes the independent checker.
#![no_main]

use fieldwright::io::{self, Source};
use fieldwright::solve::{Budget, route};
use fieldwright::{Problem, plan};
use libfuzzer_sys::fuzz_target;
use std::ops::ControlFlow;

fuzz_target!(|data: &[u8]| {
    let source = Source::text(String::from_utf8_lossy(data));
    let Ok(world) = io::read(&source, Some("native")) else { return };
    if world.tickets.len() > 50 || world.engineers.len() > 20 {
        return;
    }
    let Ok(problem) = Problem::build(world) else { return };
    let options = route::Options {
        budget: Budget::iterations(40),
        threads: Some(1),
        ..Default::default()
    };
    let Ok(outcome) = route::plan(&problem, &options, &mut |_| ControlFlow::Continue(())) else {
        return;
    };
    let violations = plan::check(problem.world(), &outcome.plan);
    assert!(violations.is_empty(), "{violations:#?}");
});
