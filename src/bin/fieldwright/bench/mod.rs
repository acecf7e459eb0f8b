//! `fieldwright bench`: runs a published benchmark set, checks every plan, and says how far it is from
//! the best known values; or compares two such runs.

mod best;
mod compare;
mod curves;
mod instances;
mod machine;
mod name;
mod paired;
mod record;
pub mod sets;
mod summary;

use crate::args::{Bench, BenchTask};
use crate::report::Failure;
use crate::{Done, files};
use curves::Trace;
use fieldwright::Problem;
use fieldwright::io;
use fieldwright::plan::{self, Plan};
use fieldwright::solve::{Budget, route};
use instances::Instance;
use record::{Levels, Run};
use sets::Set;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::ExitCode;

/// Letters of names that there is room for at least.
const ROOM_MIN: usize = 24;

pub fn run(words: &Bench) -> Done {
    if let Some(BenchTask::Compare(files)) = &words.task {
        return compare::run(files);
    }
    // The command line is not read without these two, unless there is a task.
    let (Some(name), Some(folder)) = (&words.set, &words.folder) else {
        return Ok(ExitCode::SUCCESS);
    };
    let set = Set::named(name, &words.convention)?;
    let instances = instances::wanted(&set, folder, &words.only)?;
    let longest = instances.iter().map(|instance| instance.name.chars().count()).max();
    let mut session = Session {
        words,
        set,
        room: longest.unwrap_or(0).max(ROOM_MIN),
        names: Vec::new(),
        runs: Vec::new(),
        faults: Vec::new(),
    };
    let mut traces = Vec::new();
    println!("{}", machine::line());
    for instance in &instances {
        session.measure(instance, &mut traces)?;
    }
    print!("\n{}", summary::classes(&session.names, &session.runs));
    if let Some(path) = &words.curves {
        let title = format!("{}, {}", set.name, machine::line());
        files::write(Some(path), &curves::svg(&title, &session.names, &traces))?;
    }
    if session.faults.is_empty() {
        Ok(ExitCode::SUCCESS)
    } else {
        Err(Failure::Invalid(session.faults))
    }
}

/// A run of a set so far.
struct Session<'w> {
    words: &'w Bench,
    set: Set,
    /// Letters of the longest name.
    room: usize,
    /// What the levels of the objective are called.
    names: Vec<String>,
    runs: Vec<Run>,
    /// What the checker has found.
    faults: Vec<String>,
}

impl Session<'_> {
    /// Runs one instance with every seed, prints its line and brings the CSV up to date, so that what
    /// is interrupted is not lost.
    fn measure(&mut self, instance: &Instance, traces: &mut Vec<Trace>) -> Result<(), Failure> {
        let source = instances::source(&self.set, instance)?;
        let from = Some(self.set.format);
        let problem = io::read(&source, from).and_then(Problem::build);
        let problem = problem.map_err(|issues| io::located(&source, from, issues))?;
        let levels = Levels::of(problem.world());
        let last = levels.divisors.last().copied().unwrap_or(1.0);
        let (path, name) = (&instance.path, &instance.name);
        let best = best::of(self.set.best, path, name, levels.names.len(), last);
        if self.runs.is_empty() {
            self.names.clone_from(&levels.names);
            println!("{}", summary::head(&self.names, self.room));
        } else if self.names != levels.names {
            // A folder of mixed worlds: the columns can only be numbered.
            let count = self.names.len().max(levels.names.len());
            self.names = (1..=count).map(|level| format!("level{level}")).collect();
        }
        let first = self.runs.len();
        for seed in 1..=self.words.seeds {
            let (run, trace) = self.one(&problem, &levels, instance, seed, best.clone())?;
            self.runs.push(run);
            traces.push(trace);
        }
        println!("{}", summary::line(&self.runs[first..], self.room));
        match &self.words.out {
            Some(out) => files::write(Some(out), &record::csv(&self.names, &self.runs)),
            None => Ok(()),
        }
    }

    /// Runs one instance with one seed and has the plan checked.
    fn one(
        &mut self,
        problem: &Problem,
        levels: &Levels,
        instance: &Instance,
        seed: u64,
        best: Option<Vec<f64>>,
    ) -> Result<(Run, Trace), Failure> {
        let words = self.words;
        let options = route::Options {
            budget: Budget {
                seconds: words.seconds(),
                iterations: words.iterations,
                ..Budget::default()
            },
            seed,
            threads: words.threads.map(usize::from),
            start: None,
        };
        let mut points = Vec::new();
        let outcome = route::plan(problem, &options, &mut |progress| {
            points.push((progress.seconds, levels.values(&progress.score)));
            ControlFlow::Continue(())
        })?;
        let violations = plan::check(problem.world(), &outcome.plan);
        let name = &instance.name;
        self.faults.extend(violations.iter().map(|found| format!("{name}, seed {seed}: {found}")));
        if let Some(folder) = &words.solutions {
            self.keep(folder, instance, seed, problem, &outcome.plan)?;
        }
        let run = Run {
            set: self.set.name.to_owned(),
            class: self.set.class.of(name),
            instance: name.clone(),
            seed,
            threads: options
                .threads
                .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)),
            seconds_asked: options.budget.seconds,
            seconds_used: outcome.seconds,
            iterations: outcome.iterations,
            unassigned: outcome.plan.unassigned.len(),
            values: levels.values(&outcome.plan.score),
            best,
            valid: violations.is_empty(),
        };
        points.push((outcome.seconds, run.values.clone()));
        let trace = Trace {
            class: run.class.clone(),
            instance: run.instance.clone(),
            best: run.best.clone(),
            points,
        };
        Ok((run, trace))
    }

    /// Writes a solution in the set's own format.
    fn keep(
        &self,
        folder: &Path,
        instance: &Instance,
        seed: u64,
        problem: &Problem,
        plan: &Plan,
    ) -> Result<(), Failure> {
        let format = io::named(self.set.format)?;
        let Some(write) = format.write else { return Ok(()) };
        let failed = |error| Failure::Output(error, folder.display().to_string());
        std::fs::create_dir_all(folder).map_err(failed)?;
        let ending = if format.endings.contains(&"sol") { "sol" } else { format.endings[0] };
        let file = folder.join(format!("{}-{seed}.{ending}", instance.name));
        files::write(Some(&file), &write(problem.world(), plan)?)
    }
}
