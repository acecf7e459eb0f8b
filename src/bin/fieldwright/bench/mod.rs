//! `fieldwright bench`: runs a published benchmark set, checks every plan, and says how far it is from
//! the best known values; or compares two such runs.

mod assignment;
mod best;
mod compare;
mod curves;
mod instances;
mod machine;
mod name;
mod paired;
mod record;
mod revealed;
pub mod sets;
mod summary;
mod waves;

use crate::args::{Bench, BenchTask};
use crate::report::Failure;
use crate::{Done, bound, files};
use curves::Trace;
use fieldwright::Problem;
use fieldwright::io;
use fieldwright::plan::{self, Plan};
use fieldwright::solve::{Budget, route};
use instances::Instance;
use record::{Levels, Proven, Run};
use sets::{Kind, Set};
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
    if set.kind == Kind::Revealed {
        println!("{}", machine::line());
        return done(revealed::run(words, &instances)?);
    }
    if set.kind == Kind::Waves {
        println!("{}", machine::line());
        return done(waves::run(words, &set, &instances)?);
    }
    let longest = instances.iter().map(|instance| instance.name.chars().count()).max();
    let mut series = Series {
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
        series.measure(instance, &mut traces)?;
    }
    print!("\n{}", summary::classes(&series.names, &series.runs));
    if let Some(path) = &words.curves {
        let title = format!("{}, {}", set.name, machine::line());
        files::write(Some(path), &curves::svg(&title, &series.names, &traces))?;
    }
    done(series.faults)
}

/// The end of a run in which the checkers have found this.
fn done(faults: Vec<String>) -> Done {
    if faults.is_empty() { Ok(ExitCode::SUCCESS) } else { Err(Failure::Invalid(faults)) }
}

/// A run of a set so far.
struct Series<'w> {
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

impl Series<'_> {
    /// Runs one instance with every seed, prints its line and brings the CSV up to date, so that what
    /// is interrupted is not lost.
    fn measure(&mut self, instance: &Instance, traces: &mut Vec<Trace>) -> Result<(), Failure> {
        let first = self.runs.len();
        if self.set.kind == Kind::Routes {
            self.plan(instance, traces)?;
        } else {
            self.assign(instance, traces)?;
        }
        println!("{}", summary::line(&self.runs[first..], self.room));
        match &self.words.out {
            Some(out) => files::write(Some(out), &record::csv(&self.names, &self.runs)),
            None => Ok(()),
        }
    }

    /// Assigns, once for each seed.
    fn assign(&mut self, instance: &Instance, traces: &mut Vec<Trace>) -> Result<(), Failure> {
        let text = instances::source(&self.set, instance)?.text;
        let (path, name) = (&instance.path, &instance.name);
        let best = best::of(self.set.best, path, name, 1, 1.0);
        self.head(&["cost".to_owned()]);
        for seed in 1..=self.words.seeds {
            let seconds = self.words.seconds();
            let at = path.display().to_string();
            let assigned = assignment::run(self.set.kind, &text, &at, seconds)?;
            self.faults.extend(assigned.faults.iter().map(|fault| format!("{name}: {fault}")));
            if let Some(folder) = &self.words.solutions {
                let file = format!("{}-{seed}.txt", name.replace('/', "-"));
                put(folder, &file, &assigned.written())?;
            }
            let run = Run {
                seconds_used: assigned.seconds,
                unassigned: assigned.columns.iter().filter(|column| column.is_none()).count(),
                values: vec![assigned.cost as f64],
                best: best.clone(),
                valid: assigned.faults.is_empty(),
                ..self.run(name, seed)
            };
            traces.push(Trace::of(&run, Vec::new()));
            self.runs.push(run);
        }
        Ok(())
    }

    /// Prints the head before the first line. A folder of mixed worlds can only have numbered columns.
    fn head(&mut self, names: &[String]) {
        if self.runs.is_empty() {
            self.names = names.to_vec();
            println!("{}", summary::head(&self.names, self.room, self.words.bound.is_some()));
        } else if self.names != names {
            let count = self.names.len().max(names.len());
            self.names = (1..=count).map(|level| format!("level{level}")).collect();
        }
    }

    /// A run of which nothing is known but what was asked for.
    fn run(&self, name: &str, seed: u64) -> Run {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        Run {
            set: self.set.name.to_owned(),
            class: self.set.class.of(name),
            instance: name.to_owned(),
            seed,
            threads: self.words.threads.map_or_else(cores, usize::from),
            seconds_asked: self.words.seconds(),
            seconds_used: 0.0,
            iterations: 0,
            unassigned: 0,
            values: Vec::new(),
            best: None,
            proven: None,
            valid: true,
        }
    }

    /// Plans, once for each seed.
    fn plan(&mut self, instance: &Instance, traces: &mut Vec<Trace>) -> Result<(), Failure> {
        let source = instances::source(&self.set, instance)?;
        let from = Some(self.set.format);
        let problem = io::read(&source, from).and_then(Problem::build);
        let problem = problem.map_err(|issues| io::located(&source, from, issues))?;
        let levels = Levels::of(problem.world());
        let last = levels.divisors.last().copied().unwrap_or(1.0);
        let (path, name) = (&instance.path, &instance.name);
        let best = best::of(self.set.best, path, name, levels.names.len(), last);
        self.head(&levels.names);
        for seed in 1..=self.words.seeds {
            let (run, trace) = self.one(&problem, &levels, instance, seed, best.clone())?;
            self.runs.push(run);
            traces.push(trace);
        }
        Ok(())
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
        let proven = match words.bound {
            Some(seconds) => {
                let threads = words.threads.map(usize::from);
                let bound = bound::prove(problem, &outcome.plan, seconds, threads)?;
                let divisor = levels.divisors.last().copied().unwrap_or(1.0);
                Some(Proven {
                    bound: bound.last as f64 / divisor,
                    gap: bound.gap_percent(),
                    converged: bound.converged,
                    seconds: bound.seconds,
                })
            }
            None => None,
        };
        let run = Run {
            proven,
            seconds_used: outcome.seconds,
            iterations: outcome.iterations,
            unassigned: outcome.plan.unassigned.len(),
            values: levels.values(&outcome.plan.score),
            best,
            valid: violations.is_empty(),
            ..self.run(name, seed)
        };
        let trace = Trace::of(&run, points);
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
        let ending = if format.endings.contains(&"sol") { "sol" } else { format.endings[0] };
        let file = format!("{}-{seed}.{ending}", instance.name);
        put(folder, &file, &write(problem.world(), plan)?)
    }
}

/// Writes a file into a folder, which is made if need be.
fn put(folder: &Path, file: &str, text: &str) -> Result<(), Failure> {
    let failed = |error| Failure::Output(error, folder.display().to_string());
    std::fs::create_dir_all(folder).map_err(failed)?;
    files::write(Some(&folder.join(file)), text)
}
