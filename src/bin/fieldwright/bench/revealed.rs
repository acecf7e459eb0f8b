//! The dynamic TRSP of Pillac et al.: requests are revealed over the day, and refused when no plan has
//! room for them.

use super::best;
use super::instances::Instance;
use super::summary::{groups, mean};
use crate::args::Bench;
use crate::files;
use crate::report::Failure;
use fieldwright::io::{self, Source, trsp};
use fieldwright::model::{Code, Issue, Ticket, World};
use fieldwright::plan;
use fieldwright::sim::rolling::{Day, Leave, Options};
use fieldwright::solve::Budget;
use fieldwright::units::Instant;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// Seconds for each event, where nobody said otherwise.
const SECONDS: f64 = 0.05;
/// The plan before the day begins may take so many times as long as a later one.
const FIRST: u64 = 20;

/// What came out of one day with one seed.
struct Outcome {
    instance: String,
    degree: String,
    seed: u64,
    refused: usize,
    /// What regret-3 and the parallel ALNS refused, as published.
    published: [Option<f64>; 2],
    /// Milliseconds of each event.
    events: Vec<f64>,
    /// From each departure to each return, in the unit of the source.
    work: f64,
    faults: Vec<String>,
}

/// Plays every instance with every seed and prints what was refused, beside what others refused.
pub fn run(words: &Bench, instances: &[Instance]) -> Result<Vec<String>, Failure> {
    let mut outcomes = Vec::new();
    println!(
        "{:<28} {:>4} {:>8} {:>9} {:>6} {:>7} {:>8} {:>8} {:>12}",
        "instance", "seed", "refused", "regret-3", "pALNS", "events", "ms mean", "ms most", "work"
    );
    for instance in instances {
        for seed in 1..=words.seeds {
            let outcome = play(words, instance, seed)?;
            println!("{}", line(&outcome));
            outcomes.push(outcome);
        }
        if let Some(out) = &words.out {
            files::write(Some(out), &csv(&outcomes))?;
        }
    }
    print!("\n{}", degrees(&outcomes));
    Ok(outcomes.into_iter().flat_map(|outcome| outcome.faults).collect())
}

/// Plays one day.
fn play(words: &Bench, instance: &Instance, seed: u64) -> Result<Outcome, Failure> {
    let (world, reveals) = read(instance)?;
    let (name, degree) = parts(&instance.name);
    let resolution = f64::from(world.resolution);
    let seconds = words.seconds.or(words.iterations.is_none().then_some(SECONDS));
    let budget = |times: u64| Budget {
        seconds: seconds.map(|seconds| seconds * times as f64),
        iterations: words.iterations.map(|iterations| iterations * times),
        ..Budget::default()
    };
    let options = Options {
        first: budget(FIRST),
        each: budget(1),
        seed,
        threads: words.threads.map(usize::from),
        leave: Leave::JustInTime,
    };
    let mut days = reveals;
    let mut day = Day::begin(world, options)?;
    let mut events = Vec::new();
    while let Some((moment, tickets)) = days.pop_first() {
        let started = std::time::Instant::now();
        day.report(moment, tickets)?;
        events.push(1_000.0 * started.elapsed().as_secs_f64());
    }
    let refused = day.refused().len();
    let (world, plan) = day.finish()?;
    let faults = plan::check(&world, &plan);
    if let Some(folder) = &words.solutions {
        let file = format!("{}-{seed}.sol", instance.name);
        super::put(folder, &file, &trsp::strings::write(&world, &plan)?)?;
    }
    let work: i64 = plan.routes.iter().map(|route| route.duration().0).sum();
    Ok(Outcome {
        instance: name.to_owned(),
        degree: degree.to_owned(),
        seed,
        refused,
        published: published(&instance.path, name, degree),
        events,
        work: work as f64 / resolution,
        faults: faults.iter().map(|f| format!("{}, seed {seed}: {f}", instance.name)).collect(),
    })
}

/// The world with what is known from the start, and the rest by the moment at which it is revealed.
fn read(instance: &Instance) -> Result<(World, BTreeMap<Instant, Vec<Ticket>>), Failure> {
    let (name, _) = parts(&instance.name);
    let reveals = trsp::released::read(&Source::open(&instance.path)?)?;
    let folder = instance.path.parent().and_then(Path::parent).unwrap_or(Path::new("."));
    let mut world = io::read(&Source::open(folder.join(format!("{name}.txt")))?, Some("trsp"))?;
    let moments: BTreeMap<&str, Instant> =
        reveals.iter().filter_map(|(id, moment)| Some((id.as_str(), (*moment)?))).collect();
    let unknown = reveals.iter().find(|(id, _)| world.tickets.iter().all(|t| t.id != *id));
    if let Some((id, _)) = unknown {
        let at = instance.path.display().to_string();
        let cause = format!("there is no request {id} in {name}.txt");
        return Err(Issue::new(Code::UNKNOWN_TICKET, at, cause).into());
    }
    let mut later: BTreeMap<Instant, Vec<Ticket>> = BTreeMap::new();
    for ticket in std::mem::take(&mut world.tickets) {
        match moments.get(ticket.id.as_str()) {
            Some(&moment) => later.entry(moment).or_default().push(ticket),
            None => world.tickets.push(ticket),
        }
    }
    Ok((world, later))
}

/// Name of the static instance, and the degree in percent.
fn parts(name: &str) -> (&str, &str) {
    name.rsplit_once("_rd_").unwrap_or((name, ""))
}

/// What others refused, from the table two folders up.
fn published(path: &Path, name: &str, degree: &str) -> [Option<f64>; 2] {
    let folder = path.ancestors().nth(3).unwrap_or(Path::new(""));
    let keys = [("instance", name), ("dod", degree)];
    let columns = ["regret3_rejected", "pALNS_rejected"];
    best::published(&folder.join("baseline_dtrsp_crew25.csv"), &keys, columns)
}

fn line(outcome: &Outcome) -> String {
    let number = |value: Option<f64>| value.map_or("-".into(), |value| format!("{value:.0}"));
    let [regret, palns] = outcome.published;
    format!(
        "{:<28} {:>4} {:>8} {:>9} {:>6} {:>7} {:>8.1} {:>8.1} {:>12.1}{}",
        format!("{} {} %", outcome.instance, outcome.degree),
        outcome.seed,
        outcome.refused,
        number(regret),
        number(palns),
        outcome.events.len(),
        mean(&outcome.events).unwrap_or(0.0),
        outcome.events.iter().copied().fold(0.0, f64::max),
        outcome.work,
        if outcome.faults.is_empty() { "" } else { "  NOT VALID" },
    )
}

/// The means of each degree; where nothing is published for an instance, its column has a mean of the rest.
fn degrees(outcomes: &[Outcome]) -> String {
    let mut text = format!(
        "{:<16} {:>5} {:>8} {:>9} {:>6} {:>7} {:>8} {:>8}\n",
        "degree (means)", "days", "refused", "regret-3", "pALNS", "events", "ms mean", "ms p99"
    );
    for (degree, days) in groups(outcomes, |outcome| &outcome.degree) {
        let refused: Vec<f64> = days.iter().map(|day| day.refused as f64).collect();
        let others = [0, 1].map(|which| {
            let values: Vec<f64> = days.iter().filter_map(|day| day.published[which]).collect();
            mean(&values).map_or("-".into(), |value| format!("{value:.2}"))
        });
        let mut events: Vec<f64> = days.iter().flat_map(|day| day.events.iter().copied()).collect();
        events.sort_by(f64::total_cmp);
        let p99 = events.get(events.len() * 99 / 100).copied().unwrap_or(0.0);
        let _ = writeln!(
            text,
            "{:<16} {:>5} {:>8.2} {:>9} {:>6} {:>7} {:>8.1} {:>8.1}",
            format!("{degree} %"),
            days.len(),
            mean(&refused).unwrap_or(0.0),
            others[0],
            others[1],
            events.len(),
            mean(&events).unwrap_or(0.0),
            p99,
        );
    }
    text
}

fn csv(outcomes: &[Outcome]) -> String {
    let mut text = String::from(
        "instance,degree,seed,refused,regret3_refused,palns_refused,events,ms_mean,ms_most,work,valid\n",
    );
    for outcome in outcomes {
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let [regret, palns] = outcome.published.map(number);
        let _ = writeln!(
            text,
            "{},{},{},{},{regret},{palns},{},{:.3},{:.3},{},{}",
            outcome.instance,
            outcome.degree,
            outcome.seed,
            outcome.refused,
            outcome.events.len(),
            mean(&outcome.events).unwrap_or(0.0),
            outcome.events.iter().copied().fold(0.0, f64::max),
            outcome.work,
            outcome.faults.is_empty(),
        );
    }
    text
}
