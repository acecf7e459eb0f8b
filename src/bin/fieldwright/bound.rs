//! Proven bounds on the command line: the progress of the proof, and what it says.

use crate::report::Failure;
use fieldwright::Problem;
use fieldwright::model::World;
use fieldwright::plan::Plan;
use fieldwright::solve::Budget;
use fieldwright::solve::route::{self, Bound, BoundOptions};
use indicatif::{ProgressBar, ProgressStyle};
use std::ops::ControlFlow;

/// Looks for a bound for so many seconds, with a bar on a terminal.
pub fn prove(
    problem: &Problem,
    plan: &Plan,
    seconds: f64,
    threads: Option<usize>,
) -> Result<Bound, Failure> {
    let bar = ProgressBar::new(1_000);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {percent:>3} %  {msg}") {
        bar.set_style(style);
    }
    bar.set_message(format!("proving for {seconds} s"));
    let options = BoundOptions { budget: Budget::seconds(seconds), threads };
    let bound = route::bound(problem, plan, &options, &mut |now| {
        bar.set_position((now.share * 1_000.0) as u64);
        bar.set_message(format!(
            "{:.1} s, round {}, {} routes, at least {} (master {:.0})",
            now.seconds, now.rounds, now.columns, now.last, now.master
        ));
        ControlFlow::Continue(())
    })?;
    bar.finish_and_clear();
    Ok(bound)
}

/// A bound in a sentence.
pub fn told(world: &World, bound: &Bound) -> String {
    let last = world.objective.levels.last();
    let names: Vec<&str> =
        last.into_iter().flatten().map(|(criterion, _)| criterion.name()).collect();
    let gap = match bound.gap_percent() {
        Some(gap) => format!("this one is proven to be within {gap:.3} %"),
        None => "nothing is proven of this one".to_owned(),
    };
    let end = if bound.converged { "converged" } else { "stopped" };
    format!(
        "bound: no plan as good on the levels before has less {} than {} (here {}): {gap}; {end} after \
         {:.1} s, {} rounds, {} routes",
        names.join("+"),
        bound.last,
        bound.value,
        bound.seconds,
        bound.rounds,
        bound.columns
    )
}
