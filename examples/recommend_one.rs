//! Somebody calls while the day is planned already: who should go?
//!
//! `cargo run --release --example recommend_one`
//!
//! Plans the committed day, then asks for the three best engineers for one more ticket, given the routes
//! that they have: a heating failure in Kreuzberg, to be looked at within four hours.
#![allow(clippy::print_stdout, reason = "an example answers on the terminal")]

use fieldwright::dispatch::{Dispatcher, Reach};
use fieldwright::io::{self, Source};
use fieldwright::model::{Place, SkillNeed, Ticket};
use fieldwright::solve::{Budget, route};
use fieldwright::units::Seconds;
use fieldwright::{Problem, plan};
use std::error::Error;
use std::ops::ControlFlow;

const DAY: &str = include_str!("../datasets/metro-day/world.json");

fn main() -> Result<(), Box<dyn Error>> {
    let mut world = io::read(&Source::text(DAY), Some("native"))?;
    let problem = Problem::build(world.clone())?;
    let options = route::Options { budget: Budget::iterations(4_000), ..Default::default() };
    let plan = route::plan(&problem, &options, &mut |_| ControlFlow::Continue(()))?.plan;
    let violations = plan::check(problem.world(), &plan);
    println!(
        "{} visits are planned; the independent check finds {} faults",
        plan.visits().count(),
        violations.len()
    );

    let called = "2026-03-02T09:00:00+01:00".parse()?;
    let mut ticket = Ticket::new("call", Place::at(52.499, 13.421), Seconds(2_400));
    ticket.skills.all.push(SkillNeed::new("heating", 2));
    ticket.needs.tools.insert("gas analyser".into());
    ticket.priority = 9;
    ticket.release = Some(called);
    ticket.due = Some(called + Seconds(4 * 3_600));
    world.tickets.push(ticket);

    let problem = Problem::build(world)?;
    let dispatcher = Dispatcher::new(&problem, Some(&plan))?;
    println!("{}", dispatcher.recommend("call", 3, Reach::Near)?);
    Ok(())
}
