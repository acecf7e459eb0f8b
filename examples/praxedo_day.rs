//! How close to the best published plan of a real day do a few seconds come?
//!
//! `cargo run --release --example praxedo_day -- [R1] [seconds]`
//!
//! A day of a French field-service company with real road distances and times (Pillac, Guéret and
//! Medaglia 2013), planned for ten seconds. As published: serve as many requests as possible, then the
//! least working time. The best published plans are the best of ten runs on eight threads, of seconds
//! for the small days (R) and up to hours for the large ones (U). The files are not part of the project:
//! FIELDWRIGHT_DATA names the folder that holds them.
#![allow(clippy::print_stdout, reason = "an example answers on the terminal")]

use fieldwright::Problem;
use fieldwright::io::{self, Source};
use fieldwright::plan::{self, Figures};
use fieldwright::solve::{Budget, route};
use fieldwright::units::Seconds;
use std::error::Error;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let day = words.next().unwrap_or_else(|| "R1".into());
    let seconds = words.next().map_or(Ok(10.0), |word| word.parse())?;
    let data = std::env::var_os("FIELDWRIGHT_DATA").map_or("../shared/data".into(), PathBuf::from);
    let folder = data.join("trsp_pillac/praxedo_real");
    if !folder.is_dir() {
        println!("skipped: no data at {}; set FIELDWRIGHT_DATA", folder.display());
        return Ok(());
    }

    let world = io::read(&Source::open(folder.join(format!("{day}.txt")))?, Some("praxedo"))?;
    let unit = f64::from(world.resolution);
    let problem = Problem::build(world)?;
    let options = route::Options { budget: Budget::seconds(seconds), ..Default::default() };
    let outcome = route::plan(&problem, &options, &mut |_| ControlFlow::Continue(()))?;
    let violations = plan::check(problem.world(), &outcome.plan);

    let figures = Figures::of(problem.world(), &outcome.plan);
    let work: Seconds = outcome.plan.routes.iter().map(|route| route.duration()).sum();
    let minutes = work.0 as f64 / unit;
    println!("{day}: {} engineers, {} requests", problem.shifts.len(), problem.tickets.len());
    println!("ours, {seconds} s:  {} unserved, {minutes:.4} min of work", figures.unserved);
    match published(&folder, &day)? {
        Some((unserved, best)) => {
            println!("best published: {unserved} unserved, {best:.4} min of work");
            if figures.unserved == unserved {
                println!("difference:     {:+.2} %", (minutes / best - 1.0) * 100.0);
            }
        }
        None => println!("best published: none"),
    }
    println!("the independent check finds {} faults", violations.len());
    for violation in violations {
        println!("  {violation}");
    }
    Ok(())
}

/// Unserved requests and working time of the best published plan of this day.
fn published(folder: &Path, day: &str) -> Result<Option<(u64, f64)>, Box<dyn Error>> {
    let mut table = csv::Reader::from_path(folder.join("bks_pALNS_SC_2012.csv"))?;
    for row in table.deserialize() {
        let (name, _crew, _requests, _runs, unserved, minutes): (
            String,
            u32,
            u32,
            String,
            Option<u64>,
            Option<f64>,
        ) = row?;
        if name == day {
            return Ok(unserved.zip(minutes));
        }
    }
    Ok(None)
}
