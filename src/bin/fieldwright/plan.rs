//! `fieldwright plan`: from a world to checked routes.

use crate::args::{Plan as Words, Search};
use crate::report::Failure;
use crate::{Done, bound, files};
use fieldwright::Problem;
use fieldwright::io::{self, Source};
use fieldwright::model::{Code, Criterion, Issue, World};
use fieldwright::plan::{self, Plan};
use fieldwright::solve::{Budget, Progress, route};
use fieldwright::view;
use indicatif::{ProgressBar, ProgressStyle};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::ExitCode;

pub fn run(words: &Words, json: bool) -> Done {
    let source = files::source(&words.input)?;
    let format = target(words, &source, json)?;
    let mut problem = files::problem(&words.input)?;
    let start = match &words.start {
        Some(path) => Some(files::plan(path, None, &problem)?.0),
        None => None,
    };
    if let (Some(start), Some(most)) = (&start, words.max_changes) {
        problem = held(&problem, start, most)?;
    }
    let options = route::Options {
        budget: budget(&words.search),
        seed: words.search.seed,
        threads: words.search.threads.map(usize::from),
        start,
    };
    let bar = progress_bar(&options.budget);
    let outcome = route::plan(&problem, &options, &mut |progress| show(&bar, progress))?;
    bar.finish_and_clear();
    let world = problem.world();
    let violations = plan::check(world, &outcome.plan);
    if !violations.is_empty() {
        return Err(Failure::Invalid(violations.iter().map(ToString::to_string).collect()));
    }
    if !outcome.displaced.is_empty() {
        eprintln!("moved from the starting plan: {}", outcome.displaced.join(", "));
    }
    if let Some(path) = &words.report {
        files::write(Some(path), &view::html(world, &outcome.plan))?;
    }
    let bound = match words.bound {
        Some(seconds) => {
            let threads = words.search.threads.map(usize::from);
            Some(bound::prove(&problem, &outcome.plan, seconds, threads)?)
        }
        None => None,
    };
    let text = match format {
        Some(format) => written(format, world, &outcome.plan)?,
        None => view::text(world, &outcome.plan),
    };
    files::write(words.out.as_deref(), &text)?;
    if let Some(bound) = bound {
        // Where the plan goes to standard output in some format, nothing else may.
        let told = bound::told(world, &bound);
        match format {
            None => files::write(None, &told)?,
            Some(_) => eprintln!("{told}"),
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The same problem with at most so many changes of the starting plan.
fn held(problem: &Problem, start: &Plan, most: u32) -> Result<Problem, Failure> {
    let mut world = problem.world().clone();
    if !problem.has_told {
        start.tell(&mut world);
        // The world's file does not know what was told: the score may not depend on it.
        for level in &mut world.objective.levels {
            level.remove(&Criterion::Changes);
        }
    }
    world.max_changes = Some(most);
    Ok(Problem::build(world)?)
}

fn budget(search: &Search) -> Budget {
    Budget { seconds: search.seconds, iterations: search.iterations, ..Budget::default() }
}

/// The format to write: as told, else by the ending of the file, else a table for people.
fn target(
    words: &Words,
    source: &Source,
    json: bool,
) -> Result<Option<&'static io::Format>, Failure> {
    let ending = words.out.as_deref().and_then(Path::extension).and_then(|ending| ending.to_str());
    let name = match (words.to.as_deref(), ending) {
        (Some(name), _) => name,
        (None, None) if !json => return Ok(None),
        (None, Some("txt")) => return Ok(None),
        (None, Some(ending @ ("geojson" | "sol" | "csv"))) => ending,
        (None, _) => "native",
    };
    if name == "sol" {
        return Ok(Some(solution_format(words, source)?));
    }
    Ok(Some(io::named(name)?))
}

/// Who reads a benchmark set also writes its solutions, in the set's own style.
fn solution_format(words: &Words, source: &Source) -> Result<&'static io::Format, Failure> {
    let from = match &words.input.from {
        Some(name) => io::named(name)?,
        None => io::sniffed(source)?,
    };
    let is_benchmark = from.endings.contains(&"sol") && from.write.is_some();
    Ok(if is_benchmark { from } else { io::named("sol")? })
}

fn written(format: &io::Format, world: &World, plan: &Plan) -> Result<String, Failure> {
    let write = format.write.ok_or_else(|| {
        let cause = format!("`{}` cannot hold a plan", format.name);
        Issue::new(Code::UNSUPPORTED, "--to", cause)
    })?;
    Ok(write(world, plan)?)
}

/// A bar on a terminal, silence in a pipe.
fn progress_bar(budget: &Budget) -> ProgressBar {
    let bar = ProgressBar::new(1_000);
    let template = "{bar:30} {percent:>3} %  {msg}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(match (budget.seconds, budget.iterations) {
        (Some(seconds), _) => format!("planning for {seconds} s"),
        (None, Some(iterations)) => format!("planning, {iterations} iterations"),
        (None, None) => "planning".to_owned(),
    });
    bar
}

fn show(bar: &ProgressBar, progress: &Progress) -> ControlFlow<()> {
    bar.set_position((progress.share * 1_000.0) as u64);
    bar.set_message(format!(
        "{:.1} s, {} unassigned, score {:?}",
        progress.seconds, progress.unassigned, progress.score
    ));
    ControlFlow::Continue(())
}
