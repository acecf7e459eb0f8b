//! How would one day of real service requests in New York be served?
//!
//! `cargo run --release --example nyc_311_day -- [seconds]`
//!
//! Real: place, kind, time and due time of the 944 requests to the city's hotline 311 of 20 November
//! 2012 that have a place, and the ZIP areas. Made up, as `city.rs` says: skills, minutes of work and
//! engineers. The files are not part of the project: FIELDWRIGHT_DATA names the folder that holds them.
#![allow(clippy::print_stdout, reason = "an example answers on the terminal")]

mod city;

use fieldwright::Problem;
use fieldwright::model::Ticket;
use fieldwright::plan::{self, Plan};
use fieldwright::solve::{Budget, route};
use std::collections::BTreeMap;
use std::error::Error;
use std::ops::ControlFlow;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let seconds = std::env::args().nth(1).map_or(Ok(10.0), |word| word.parse())?;
    let data = std::env::var_os("FIELDWRIGHT_DATA").map_or("../shared/data".into(), PathBuf::from);
    if !data.is_dir() {
        println!("skipped: no data at {}; set FIELDWRIGHT_DATA", data.display());
        return Ok(());
    }
    let requests = city::requests(&data)?;
    let problem = Problem::build(city::world(&requests, &data)?)?;
    let options = route::Options { budget: Budget::seconds(seconds), ..Default::default() };
    let plan = route::plan(&problem, &options, &mut |_| ControlFlow::Continue(()))?.plan;

    let tickets = &problem.world().tickets;
    println!("{} requests, {} engineers", tickets.len(), problem.shifts.len());
    let ends: Vec<usize> = tickets.iter().map(|ticket| end_of(ticket, &plan)).collect();
    print_table("borough", requests.iter().map(|r| r.borough.as_str()).zip(ends.clone()));
    print_table("complaint type", requests.iter().map(|r| r.complaint_type.as_str()).zip(ends));
    let violations = plan::check(problem.world(), &plan);
    println!("the independent check finds {} faults", violations.len());
    Ok(())
}

/// The column of the table that the ticket belongs in.
fn end_of(ticket: &Ticket, plan: &Plan) -> usize {
    plan.visit_of(&ticket.id)
        .map_or(2, |(_, stop)| usize::from(ticket.due.is_some_and(|due| stop.start > due)))
}

/// One line for each of the fifteen most frequent names.
fn print_table<'a>(title: &str, rows: impl Iterator<Item = (&'a str, usize)>) {
    let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for (name, end) in rows {
        counts.entry(name).or_default()[end] += 1;
    }
    let mut order: Vec<_> = counts.into_iter().collect();
    order.sort_by_key(|(_, ends)| std::cmp::Reverse(ends.iter().sum::<usize>()));
    println!("\n{title:<32}{:>9}{:>9}{:>9}", "in time", "late", "unserved");
    for (name, [in_time, late, unserved]) in order.into_iter().take(15) {
        println!("{name:<32}{in_time:>9}{late:>9}{unserved:>9}");
    }
}
