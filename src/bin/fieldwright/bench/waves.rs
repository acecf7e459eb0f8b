//! The dynamic part of the EURO meets NeurIPS 2022 competition: dispatch now or wait, on its traces.

use super::best;
use super::instances::{self, Instance};
use super::sets::Set;
use super::summary::mean;
use crate::args::Bench;
use crate::files;
use crate::report::Failure;
use fieldwright::io::{self, Source, vrplib::trace};
use fieldwright::model::World;
use fieldwright::plan;
use fieldwright::sim::waves::{self, Options, Policy, Request, Waves};
use fieldwright::solve::Budget;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Policies as columns; the consensus is what is measured, the others are what it has to beat.
const POLICIES: [(&str, Policy); 3] =
    [("consensus", Policy::Consensus), ("greedy", Policy::Greedy), ("lazy", Policy::Lazy)];
/// What was published for the same traces: the winner, the second, and two of the organisers' baselines.
const PUBLISHED: [(&str, &str); 4] = [
    ("winner", "Kleopatra"),
    ("2nd", "Team_sb"),
    ("its greedy", "baseline_greedy"),
    ("its lazy", "baseline_lazy"),
];

/// What came out of one trace with one seed.
struct Outcome {
    trace: String,
    seed: u64,
    /// Seconds of driving under each policy.
    driving: [i64; POLICIES.len()],
    published: [Option<f64>; PUBLISHED.len()],
    /// The longest that a wave took under any policy, in seconds.
    slowest: f64,
    faults: Vec<String>,
}

/// Plays every trace with every seed under every policy.
pub fn run(words: &Bench, set: &Set, traces: &[Instance]) -> Result<Vec<String>, Failure> {
    let mut outcomes: Vec<Outcome> = Vec::new();
    let mut head = format!("{:<52} {:>4}", "trace", "seed");
    for name in POLICIES.iter().map(|(name, _)| name).chain(PUBLISHED.iter().map(|(name, _)| name))
    {
        let _ = write!(head, " {name:>10}");
    }
    println!("{head}  s most");
    for instance in traces {
        for seed in 1..=words.seeds {
            let outcome = play(words, set, instance, seed)?;
            println!("{}", line(&outcome));
            outcomes.push(outcome);
        }
        if let Some(out) = &words.out {
            files::write(Some(out), &csv(&outcomes))?;
        }
    }
    println!("{}", means(&outcomes));
    Ok(outcomes.into_iter().flat_map(|outcome| outcome.faults).collect())
}

fn play(words: &Bench, set: &Set, instance: &Instance, seed: u64) -> Result<Outcome, Failure> {
    let site = site(set, instance)?;
    let given = trace::read(&Source::open(&instance.path)?, &site)?;
    let mut outcome = Outcome {
        trace: instance.name.clone(),
        seed,
        driving: [0; POLICIES.len()],
        published: published(&instance.path, &instance.name),
        slowest: 0.0,
        faults: Vec::new(),
    };
    for (column, (name, policy)) in POLICIES.into_iter().enumerate() {
        let options = Options {
            policy,
            budget: Budget {
                seconds: words.seconds(),
                iterations: words.iterations,
                ..Budget::default()
            },
            seed,
            threads: words.threads.map_or_else(
                || std::thread::available_parallelism().map_or(1, usize::from),
                usize::from,
            ),
        };
        let mut served: BTreeMap<String, u32> = BTreeMap::new();
        let mut day = Waves::new(&site, given.start, given.end, options);
        for wave in given.start.. {
            let known = given.lines.iter().filter(|line| line.revealed == wave);
            let known = known.map(|line| Request {
                ticket: line.ticket.clone(),
                revealed: line.revealed,
                last: line.last,
            });
            let started = std::time::Instant::now();
            let Some(sent) = day.dispatch(known.collect())? else { break };
            outcome.slowest = outcome.slowest.max(started.elapsed().as_secs_f64());
            outcome.driving[column] += waves::driving(&sent.plan).0;
            let mut fault = |what: String| {
                outcome.faults.push(format!("{}, seed {seed}, {name}: {what}", instance.name));
            };
            plan::check(&sent.world, &sent.plan).iter().for_each(|found| fault(found.to_string()));
            let leaves = waves::departure(wave);
            let early = sent.plan.routes.iter().filter(|route| route.depart < leaves);
            early.for_each(|route| fault(format!("{} leaves at {}", route.engineer, route.depart)));
            for (_, stop) in sent.plan.visits() {
                if served.insert(stop.id.clone(), wave).is_some() {
                    fault(format!("request {} is served twice", stop.id));
                }
            }
        }
        for request in &given.lines {
            let wave = served.get(&request.ticket.id);
            if wave.is_none_or(|wave| !(request.revealed..=request.last).contains(wave)) {
                let what = format!("request {} goes in wave {wave:?}", request.ticket.id);
                outcome.faults.push(format!("{}, seed {seed}, {name}: {what}", instance.name));
            }
        }
    }
    Ok(outcome)
}

/// The static instance of a trace `NNN_INSTANCE_seedS`, which stands in the folder `instances` beside that
/// of the traces, or with the trace.
fn site(set: &Set, trace: &Instance) -> Result<World, Failure> {
    let (name, _) = parts(&trace.name);
    let own = trace.path.parent().unwrap_or(Path::new("."));
    let beside = own.parent().map(|above| above.join("instances"));
    let files = beside.into_iter().chain([own.to_owned()]);
    let files: Vec<PathBuf> = files
        .flat_map(|folder| [".txt.gz", ".txt"].map(|end| folder.join(format!("{name}{end}"))))
        .collect();
    let path = files.iter().find(|path| path.is_file()).unwrap_or(&files[0]).clone();
    let source = instances::source(set, &Instance { path, name: name.to_owned() })?;
    Ok(io::read(&source, Some(set.format))?)
}

/// Instance and seed in the name of a trace.
fn parts(name: &str) -> (&str, &str) {
    let rest = name.split_once('_').map_or(name, |(_, rest)| rest);
    rest.rsplit_once("_seed").unwrap_or((rest, ""))
}

/// What was published for this trace, from the table one folder up.
fn published(path: &Path, name: &str) -> [Option<f64>; PUBLISHED.len()] {
    let (instance, seed) = parts(name);
    let folder = path.ancestors().nth(2).unwrap_or(Path::new(""));
    let keys = [("instance", instance), ("static", "0"), ("seed", seed)];
    let columns = PUBLISHED.map(|(_, column)| column);
    best::published(&folder.join("results_final.csv"), &keys, columns)
}

fn line(outcome: &Outcome) -> String {
    let mut line = format!("{:<52} {:>4}", outcome.trace, outcome.seed);
    for cost in outcome.driving {
        let _ = write!(line, " {cost:>10}");
    }
    for value in outcome.published {
        let value = value.map_or("-".into(), |value| format!("{value:.0}"));
        let _ = write!(line, " {value:>10}");
    }
    let valid = if outcome.faults.is_empty() { "" } else { "  NOT VALID" };
    format!("{line} {:>7.1}{valid}", outcome.slowest)
}

/// The means over all traces; of what is published only where it is published for each.
fn means(outcomes: &[Outcome]) -> String {
    let mut line = format!("{:<52} {:>4}", format!("mean of {}", outcomes.len()), "");
    for column in 0..POLICIES.len() {
        let costs: Vec<f64> = outcomes.iter().map(|o| o.driving[column] as f64).collect();
        let _ = write!(line, " {:>10.0}", mean(&costs).unwrap_or(0.0));
    }
    for column in 0..PUBLISHED.len() {
        let costs: Option<Vec<f64>> = outcomes.iter().map(|o| o.published[column]).collect();
        let cost = costs.and_then(|costs| mean(&costs));
        let _ = write!(line, " {:>10}", cost.map_or("-".into(), |cost| format!("{cost:.0}")));
    }
    line
}

fn csv(outcomes: &[Outcome]) -> String {
    let names =
        POLICIES.iter().map(|(name, _)| *name).chain(PUBLISHED.iter().map(|(name, _)| *name));
    let mut text =
        format!("trace,seed,{},seconds_most,valid\n", names.collect::<Vec<_>>().join(","));
    for outcome in outcomes {
        let ours = outcome.driving.iter().map(i64::to_string);
        let theirs = outcome.published.iter();
        let theirs = theirs.map(|value| value.map(|value| value.to_string()).unwrap_or_default());
        let _ = writeln!(
            text,
            "{},{},{},{:.3},{}",
            outcome.trace,
            outcome.seed,
            ours.chain(theirs).collect::<Vec<_>>().join(","),
            outcome.slowest,
            outcome.faults.is_empty()
        );
    }
    text
}
