//! What does a whole planned day look like?
//!
//! `cargo run --release --example metro_day -- [seconds] [page.html]`
//!
//! Plans the committed day of 40 engineers and 400 tickets for five seconds, prints its routes and
//! figures, and writes the page with map and schedule (to the folder for temporary files, unless told).
#![allow(clippy::print_stdout, reason = "an example answers on the terminal")]

use fieldwright::io::{self, Source};
use fieldwright::solve::{Budget, route};
use fieldwright::{Problem, plan, view};
use std::error::Error;
use std::ops::ControlFlow;
use std::path::PathBuf;

const DAY: &str = include_str!("../datasets/metro-day/world.json");

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let seconds = words.next().map_or(Ok(5.0), |word| word.parse())?;
    let page = words.next().map_or(std::env::temp_dir().join("metro_day.html"), PathBuf::from);

    let world = io::read(&Source::text(DAY), Some("native"))?;
    let problem = Problem::build(world)?;
    let options = route::Options { budget: Budget::seconds(seconds), ..Default::default() };
    let outcome = route::plan(&problem, &options, &mut |_| ControlFlow::Continue(()))?;

    println!("{}", view::text(problem.world(), &outcome.plan));
    let violations = plan::check(problem.world(), &outcome.plan);
    println!(
        "{} iterations; the independent check finds {} faults",
        outcome.iterations,
        violations.len()
    );
    for violation in violations {
        println!("  {violation}");
    }
    std::fs::write(&page, view::html(problem.world(), &outcome.plan))?;
    println!("the page is at {}", page.display());
    Ok(())
}
