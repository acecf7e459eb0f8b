//! Reading worlds and plans, writing answers.

use crate::args::Input;
use crate::report::Failure;
use fieldwright::Problem;
use fieldwright::io::{self, Given, Options, Rounding, Source};
use fieldwright::model::{Code, Issue, Objective};
use fieldwright::plan::Plan;
use fieldwright::solve::route;
use serde::Serialize;
use std::fmt::Display;
use std::io::Write;
use std::path::Path;

/// The problem that the arguments name, or all its faults with file and line.
pub fn problem(input: &Input) -> Result<Problem, Failure> {
    let source = source(input)?;
    let from = input.from.as_deref();
    let world = io::read(&source, from);
    let problem = world.and_then(Problem::build);
    problem.map_err(|issues| io::located(&source, from, issues).into())
}

/// The text that the arguments name, to be taken as they say.
pub fn source(input: &Input) -> Result<Source, Failure> {
    Ok(Source::open(&input.input)?.with(options(input)?))
}

fn options(input: &Input) -> Result<Options, Issue> {
    let mut options = Options::default();
    if let Some(name) = &input.objective {
        options.objective = Some(Objective::named(name).ok_or_else(|| {
            let known = Objective::presets().map(|(name, ..)| name).join(", ");
            Issue::new(Code::UNKNOWN_FORMAT, "--objective", format!("`{name}` is none of {known}"))
        })?);
    }
    if let Some(name) = &input.rounding {
        options.rounding = Some(Rounding::named(name).ok_or_else(|| {
            let known = Rounding::ALL.map(|(name, _)| name).join(", ");
            Issue::new(Code::UNKNOWN_FORMAT, "--rounding", format!("`{name}` is none of {known}"))
        })?);
    }
    Ok(options)
}

/// The plan in a file; orders without times are timed. The second part lists what did not fit.
pub fn plan(
    path: &Path,
    from: Option<&str>,
    problem: &Problem,
) -> Result<(Plan, Vec<String>), Failure> {
    match io::read_plan(&Source::open(path)?, from, problem.world())? {
        Given::Plan(plan) => Ok((plan, Vec::new())),
        Given::Sequences(orders) => Ok(route::time(problem, &orders)?),
    }
}

/// Prints an answer for people, or as one line of JSON.
pub fn answer<T: Display + Serialize>(json: bool, answer: &T) -> Result<(), Failure> {
    if json {
        write(None, &serde_json::json!(answer).to_string())
    } else {
        write(None, &answer.to_string())
    }
}

/// Writes to a file, or to standard output when there is none.
pub fn write(out: Option<&Path>, text: &str) -> Result<(), Failure> {
    let (done, what) = match out {
        Some(path) => (std::fs::write(path, text), path.display().to_string()),
        None => {
            let newline = if text.ends_with('\n') { "" } else { "\n" };
            let done = write!(std::io::stdout().lock(), "{text}{newline}");
            (done, "to standard output".to_owned())
        }
    };
    match done {
        // Whoever closed the pipe has read all he wanted.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|error| Failure::Output(error, what)),
    }
}
