//! The words of the command line, and the help that teaches them.

use clap::{Args as Group, Parser, Subcommand};
use std::path::PathBuf;

/// Field-service dispatch: the right engineer at the right door in time.
#[derive(Debug, Parser)]
#[command(version, about, after_help = AFTER_HELP)]
pub struct Args {
    /// Answers and errors as JSON.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const AFTER_HELP: &str = "\
Examples:
  fieldwright plan datasets/metro-day/world.json --seconds 10 --report plan.html
  fieldwright plan C101.txt --to sol --out C101.sol
  fieldwright plan day.txt --seconds 30 --bound 60
  fieldwright plan orders.json --from vroom --to vroom
  fieldwright check world.json plan.json
  fieldwright recommend world.json --ticket T17 --top 3
  fieldwright replay desk.db --ticket T17
  fieldwright bench solomon ../shared/data --seconds 5 --out solomon.csv

Exit codes:
  0  done
  1  `check` found violations, `replay` a decision that comes out otherwise
  2  the input or the command line is wrong; every fault is listed with its code
  3  a file could not be written, or a solver's answer did not pass the independent check";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Plan routes: who visits whom, in what order, when.
    Plan(Plan),
    /// Check a plan against its world, independently of the solver that made it.
    Check(Check),
    /// Hand all tickets to all engineers at once, without an order: greedy, proven optimal, or by LP.
    Assign(Assign),
    /// Who should take one ticket: the best few engineers, each with what makes up his score.
    Recommend(Recommend),
    /// Why a ticket is where it is in a plan, why not with somebody else, or why with nobody.
    Explain(Explain),
    /// Make the decisions of a live desk again: who was chosen, who else there was, and whether the same
    /// comes out as its journal has it.
    Replay(Replay),
    /// Convert a world from one format to another.
    Convert(Convert),
    /// Print the JSON Schema of the native format.
    Schema(Schema),
    /// Measure the gap to the best known values of a benchmark set, every plan checked; compare two
    /// such measurements.
    Bench(Bench),
}

/// Where a world comes from.
#[derive(Debug, Group)]
pub struct Input {
    /// File with the world (a directory for tables in CSV).
    pub input: PathBuf,
    /// Format of the world; guessed when left out. One of native, csv, vroom, solomon, vrplib, trsp, praxedo.
    #[arg(long, value_name = "FORMAT")]
    pub from: Option<String>,
    /// What is wanted, instead of what the file says: dispatch, travel, distance, working-time, shifts-first.
    #[arg(long, value_name = "NAME")]
    pub objective: Option<String>,
    /// How real numbers of benchmark files become integers: dimacs (one decimal, cut off),
    /// exact (four decimals), milli (three), int.
    #[arg(long, value_name = "NAME")]
    pub rounding: Option<String>,
}

/// How long to search.
#[derive(Debug, Group)]
pub struct Search {
    /// Stop after so many seconds (10 when nothing is said).
    #[arg(long, value_name = "S", value_parser = positive)]
    pub seconds: Option<f64>,
    /// Stop after so many iterations: the same plan on every machine and any number of threads.
    #[arg(long, value_name = "N")]
    pub iterations: Option<u64>,
    /// Seed of all randomness.
    #[arg(long, value_name = "K", default_value_t = 1)]
    pub seed: u64,
    /// Threads; all cores when left out.
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
}

#[derive(Debug, Group)]
pub struct Plan {
    #[command(flatten)]
    pub input: Input,
    #[command(flatten)]
    pub search: Search,
    /// Start from this plan; what no longer fits in it is tried anew.
    #[arg(long, value_name = "PLAN")]
    pub start: Option<PathBuf>,
    /// Visit at most so many tickets by another shift than in the starting plan (than they were told,
    /// where the world says so).
    #[arg(long, value_name = "N", requires = "start")]
    pub max_changes: Option<u32>,
    /// Then look for so many seconds for a proof of how good any plan can be: a lower bound on the last
    /// level of the objective, for all plans that are no worse on the levels before it. Works best where
    /// an engineer makes up to some ten visits.
    #[arg(long, value_name = "S", value_parser = positive)]
    pub bound: Option<f64>,
    /// Format of the plan: native, vroom, sol, trsp, geojson, csv. A table for people when left out.
    #[arg(long, value_name = "FORMAT")]
    pub to: Option<String>,
    /// Write the plan here instead of to the terminal.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Also write one self-contained page with map, Gantt chart and reasons.
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
}

#[derive(Debug, Group)]
pub struct Check {
    #[command(flatten)]
    pub input: Input,
    /// File with the plan.
    pub plan: PathBuf,
    /// Format of the plan; guessed when left out.
    #[arg(long, value_name = "FORMAT")]
    pub plan_from: Option<String>,
}

#[derive(Debug, Group)]
pub struct Assign {
    #[command(flatten)]
    pub input: Input,
    /// How: `greedy` (cheapest pair first), `exact` (proven where no side constraint binds), `lp`
    /// (bound and search for so many seconds).
    #[arg(long, default_value = "exact", value_parser = ["greedy", "exact", "lp"])]
    pub method: String,
    /// Tickets for each shift at most; from its hours when left out.
    #[arg(long, value_name = "N")]
    pub per_shift: Option<u32>,
    /// Keep the working hours of every shift.
    #[arg(long)]
    pub hours: bool,
    /// What each ticket on the fullest shift costs.
    #[arg(long, value_name = "W", default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..=1_000_000_000))]
    pub balance: i64,
    /// Spare parts that all tickets together may use up, as `part=quantity`; repeat it for other
    /// parts. What is not named is unlimited.
    #[arg(long, value_name = "PART=N", value_parser = stock)]
    pub stock: Vec<(String, u32)>,
    /// Shifts that each ticket is tried on, nearest first.
    #[arg(long, value_name = "K", default_value_t = 32)]
    pub candidates: usize,
    /// Seconds for `lp`.
    #[arg(long, value_name = "S", default_value = "10", value_parser = positive)]
    pub seconds: f64,
    /// Also say what one more hour, slot or skill would be worth.
    #[arg(long)]
    pub worth: bool,
}

#[derive(Debug, Group)]
pub struct Recommend {
    #[command(flatten)]
    pub input: Input,
    /// Id of the ticket.
    #[arg(long, value_name = "ID")]
    pub ticket: String,
    /// How many engineers to name.
    #[arg(long, value_name = "K", default_value_t = 3)]
    pub top: usize,
    /// Routes as they stand; nobody has anything to do yet when left out.
    #[arg(long, value_name = "PLAN")]
    pub plan: Option<PathBuf>,
    /// Ask every engineer, not only the nearest.
    #[arg(long)]
    pub everybody: bool,
}

#[derive(Debug, Group)]
pub struct Explain {
    #[command(flatten)]
    pub input: Input,
    /// File with the plan.
    pub plan: PathBuf,
    /// Format of the plan; guessed when left out.
    #[arg(long, value_name = "FORMAT")]
    pub plan_from: Option<String>,
    /// Id of the ticket.
    #[arg(long, value_name = "ID")]
    pub ticket: String,
    /// Id of the engineer to ask about.
    #[arg(long, value_name = "ID")]
    pub engineer: Option<String>,
}

#[derive(Debug, Group)]
#[command(after_help = REPLAY_HELP)]
pub struct Replay {
    /// The journal of a desk: its SQLite file, whose hash chain is verified first; or its events as JSON,
    /// as a list or one on each line, from the first on.
    pub journal: PathBuf,
    /// Only decisions about this ticket.
    #[arg(long, value_name = "ID")]
    pub ticket: Option<String>,
    /// Show only decisions that come out otherwise.
    #[arg(long)]
    pub different: bool,
}

const REPLAY_HELP: &str = "\
What people said and did is taken from the journal as it stands; what the desk made of it (who is asked, who
else there was with what score, when offers lapse, whose route changes how, why a manager is called) is worked
out anew from what was known at that moment, and compared to the last bit. Exit code 1 says that something
comes out otherwise: the journal was changed, or another version or policy decided. Each field that differs is
named with what was written down and what comes out.";

#[derive(Debug, Group)]
pub struct Convert {
    #[command(flatten)]
    pub input: Input,
    /// Format to write.
    #[arg(long, value_name = "FORMAT", default_value = "native")]
    pub to: String,
    /// Write here (a directory for formats of several files) instead of to the terminal.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Group)]
pub struct Schema {
    /// Of what: `world` or `plan`.
    #[arg(default_value = "world", value_parser = ["world", "plan"])]
    pub of: String,
}

#[derive(Debug, Group)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = crate::bench::sets::help()
)]
pub struct Bench {
    #[command(subcommand)]
    pub task: Option<BenchTask>,
    /// The set, see below; or a format, whose worlds in the folder are measured.
    #[arg(required = true)]
    pub set: Option<String>,
    /// Folder with the instances, or a data folder that has the set's own folder in it.
    #[arg(required = true, value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// Only instances of this name, in which `*` stands for any letters; several with commas.
    #[arg(long, value_name = "PATTERN", value_delimiter = ',')]
    pub only: Vec<String>,
    /// a: as the set's line says. b: fewest vehicles first, in double precision.
    #[arg(long, default_value = "a", value_parser = ["a", "b"])]
    pub convention: String,
    /// Seconds for each run (10 when nothing is said).
    #[arg(long, value_name = "S", value_parser = positive)]
    pub seconds: Option<f64>,
    /// Iterations for each run, for figures that come out the same everywhere.
    #[arg(long, value_name = "N")]
    pub iterations: Option<u64>,
    /// Run with seeds 1 to K and report the median; of two in the middle the worse.
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    pub seeds: u64,
    /// Threads; all cores when left out.
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    /// After each run look for so many seconds for a proven lower bound on the last level, by column
    /// generation, and report the proven gap.
    #[arg(long, value_name = "S", value_parser = positive)]
    pub bound: Option<f64>,
    /// Write every run as a row of CSV.
    #[arg(long, value_name = "FILE.csv")]
    pub out: Option<PathBuf>,
    /// Write every solution in the set's own format into this folder.
    #[arg(long, value_name = "DIR")]
    pub solutions: Option<PathBuf>,
    /// Draw the gap over time, a line for each class.
    #[arg(long, value_name = "FILE.svg")]
    pub curves: Option<PathBuf>,
}

impl Bench {
    /// The limit in seconds: ten where no limit is given at all.
    pub fn seconds(&self) -> Option<f64> {
        self.seconds.or(self.iterations.is_none().then_some(10.0))
    }
}

/// What else there is to do with measurements.
#[derive(Debug, Subcommand)]
pub enum BenchTask {
    /// Compare two files of `--out`, pair by pair of instance and seed: is B better than A?
    ///
    /// Less is better. The first level of the objective on which two runs differ decides; among
    /// differences on the same level the larger share is the larger one. Both tests are two-sided,
    /// and the verdict is that of Wilcoxon's signed-rank test at 5 %.
    Compare(Compare),
}

#[derive(Debug, Group)]
pub struct Compare {
    /// What was measured before.
    #[arg(value_name = "A.csv")]
    pub a: PathBuf,
    /// What was measured now.
    #[arg(value_name = "B.csv")]
    pub b: PathBuf,
}

/// A part and how many there are; a part's own name may contain `=`.
fn stock(text: &str) -> Result<(String, u32), String> {
    let given = text.rsplit_once('=').filter(|(part, _)| !part.is_empty());
    let (part, count) = given.ok_or("give a part and a quantity, such as `router=12`")?;
    let count = count.parse().map_err(|_| {
        format!(
            "`{count}` is not a quantity of `{part}`; give a whole number from 0 to {}",
            u32::MAX
        )
    })?;
    Ok((part.to_owned(), count))
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value > 0.0 && value.is_finite() => Ok(value),
        _ => Err("give a number above zero".into()),
    }
}
