//! `fieldwright bench`: the gap to the best known values of a benchmark set, every plan checked.

mod best;
mod table;

use crate::args::Bench;
use crate::report::Failure;
use crate::{Done, files};
use best::Best;
use fieldwright::Problem;
use fieldwright::io::{self, Source};
use fieldwright::plan;
use fieldwright::solve::{Budget, route};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use table::Row;

pub fn run(words: &Bench) -> Done {
    let mut rows = Vec::new();
    println!("{}", table::HEADER);
    for path in instances(&words.folder, &words.set)? {
        let row = measure(words, &path)?;
        println!("{row}");
        rows.push(row);
    }
    print!("{}", table::means(&rows));
    if let Some(out) = &words.out {
        files::write(Some(out), &table::csv(&rows))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The files of the folder that are worlds of this format, by name.
fn instances(folder: &Path, set: &str) -> Result<Vec<PathBuf>, Failure> {
    let endings = io::named(set)?.endings;
    let entries = std::fs::read_dir(folder)
        .map_err(|error| Failure::Output(error, folder.display().to_string()))?;
    let is_world = |path: &PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        endings.contains(&ending) && ending != "sol"
    };
    let mut paths: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(is_world).collect();
    paths.sort();
    Ok(paths)
}

/// Runs one instance with every seed and keeps the medians.
fn measure(words: &Bench, path: &Path) -> Result<Row, Failure> {
    let problem = Problem::build(io::read(&Source::open(path)?, Some(&words.set))?)?;
    let best = Best::of(path);
    let mut runs = Vec::new();
    for seed in 1..=words.seeds {
        let options = route::Options {
            budget: Budget { seconds: Some(words.seconds), ..Budget::default() },
            seed,
            threads: words.threads.map(usize::from),
            start: None,
        };
        let outcome = route::plan(&problem, &options, &mut |_| ControlFlow::Continue(()))?;
        let violations = plan::check(problem.world(), &outcome.plan);
        if !violations.is_empty() {
            return Err(Failure::Invalid(violations.iter().map(ToString::to_string).collect()));
        }
        if let Some(folder) = &words.solutions {
            keep(words, folder, path, seed, &problem, &outcome.plan)?;
        }
        let value = outcome.plan.score.last().copied().unwrap_or(0);
        runs.push((outcome.plan.unassigned.len(), value));
    }
    Ok(Row::of(path, &problem, &mut runs, best))
}

/// Writes a solution in the set's own format.
fn keep(
    words: &Bench,
    folder: &Path,
    path: &Path,
    seed: u64,
    problem: &Problem,
    plan: &plan::Plan,
) -> Result<(), Failure> {
    let Some(write) = io::named(&words.set)?.write else { return Ok(()) };
    let failed = |error| Failure::Output(error, folder.display().to_string());
    std::fs::create_dir_all(folder).map_err(failed)?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let file = folder.join(format!("{stem}-{seed}.sol"));
    files::write(Some(&file), &write(problem.world(), plan)?)
}
