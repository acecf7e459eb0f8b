//! Why does nobody go, and why not this engineer?
//!
//! `cargo run --release --example why_not -- [ticket] [engineer]`
//!
//! Plans the committed day and explains the most urgent ticket that is left out: what stops whom, and
//! the least that would have to change. Then, of one ticket (T0001 unless told) and one engineer (E006):
//! what stands in the way of sending him, or what he would cost more than the best.
#![allow(clippy::print_stdout, reason = "an example answers on the terminal")]

use fieldwright::dispatch::Dispatcher;
use fieldwright::io::{self, Source};
use fieldwright::solve::{Budget, route};
use fieldwright::{Problem, plan};
use std::error::Error;
use std::ops::ControlFlow;

const DAY: &str = include_str!("../datasets/metro-day/world.json");

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let ticket = words.next().unwrap_or_else(|| "T0001".into());
    let engineer = words.next().unwrap_or_else(|| "E006".into());

    let problem = Problem::build(io::read(&Source::text(DAY), Some("native"))?)?;
    let options = route::Options { budget: Budget::iterations(4_000), ..Default::default() };
    let plan = route::plan(&problem, &options, &mut |_| ControlFlow::Continue(()))?.plan;
    let violations = plan::check(problem.world(), &plan);
    let (visits, absent) = (plan.visits().count(), plan.unassigned.len());
    println!("{visits} visits are planned, {absent} tickets are left out");
    println!("the independent check finds {} faults\n", violations.len());

    let dispatcher = Dispatcher::new(&problem, Some(&plan))?;
    let left_out = problem.world().tickets.iter().filter(|t| plan.visit_of(&t.id).is_none());
    if let Some(urgent) = left_out.max_by_key(|ticket| ticket.priority) {
        println!("{}", dispatcher.nobody(&urgent.id)?);
    }
    for answer in dispatcher.why_not(&ticket, &engineer)? {
        println!("{answer}");
    }
    Ok(())
}
