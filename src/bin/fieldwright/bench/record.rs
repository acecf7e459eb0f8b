//! One run of one instance with one seed, and the CSV that keeps runs.

use crate::report::Failure;
use fieldwright::model::{Code, Criterion, Issue, World};
use std::cmp::Ordering;
use std::path::Path;

/// What came out of one run. Values are in the unit of the source, one for each level of the
/// objective, the most important first; lower is better.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub set: String,
    pub class: String,
    pub instance: String,
    pub seed: u64,
    pub threads: usize,
    /// Absent where iterations were asked for alone.
    pub seconds_asked: Option<f64>,
    pub seconds_used: f64,
    pub iterations: u64,
    pub unassigned: usize,
    pub values: Vec<f64>,
    pub best: Option<Vec<f64>>,
    /// The lower bound, where one was asked for.
    pub proven: Option<Proven>,
    pub valid: bool,
}

/// A proven lower bound on the last level, in the unit of the source.
#[derive(Clone, Debug, PartialEq)]
pub struct Proven {
    pub bound: f64,
    /// Percent by which the plan is above it.
    pub gap: Option<f64>,
    /// False where more time might have raised it.
    pub converged: bool,
    pub seconds: f64,
}

impl Run {
    /// Percent above the best known value; see [`gap`].
    pub fn gap(&self) -> Option<f64> {
        gap(&self.values, self.best.as_deref()?)
    }
}

/// Percent above the best known value on the last level, where all levels before are equal: a plan
/// that serves fewer must not look better for it.
pub fn gap(values: &[f64], best: &[f64]) -> Option<f64> {
    let ((value, earlier), (known, known_earlier)) = (values.split_last()?, best.split_last()?);
    if earlier != known_earlier {
        return None;
    }
    match (*value, *known) {
        (value, known) if known > 0.0 => Some(100.0 * (value / known - 1.0)),
        (0.0, 0.0) => Some(0.0),
        _ => None,
    }
}

/// Which values are better (less): the first level on which they differ decides.
pub fn order(a: &[f64], b: &[f64]) -> Ordering {
    let differing = a.iter().zip(b).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne());
    differing.unwrap_or(Ordering::Equal)
}

/// The levels of a world's objective: what each is called and what its integers are divided by.
#[derive(Clone, Debug, PartialEq)]
pub struct Levels {
    pub names: Vec<String>,
    pub divisors: Vec<f64>,
}

impl Levels {
    pub fn of(world: &World) -> Self {
        // Counts stay what they are; times, lengths and whatever is weighed against them are scaled.
        let is_scaled = |criterion: &Criterion| {
            use Criterion::{Distance, Lateness, Slack, Travel, Wait, Work};
            [Distance, Lateness, Slack, Travel, Wait, Work].contains(criterion)
        };
        let levels = &world.objective.levels;
        let name = |level: &fieldwright::model::Level| {
            level.keys().map(|criterion| criterion.name()).collect::<Vec<_>>().join("+")
        };
        let divisor = |level: &fieldwright::model::Level| {
            if level.keys().any(is_scaled) { f64::from(world.resolution.max(1)) } else { 1.0 }
        };
        Self {
            names: levels.iter().map(name).collect(),
            divisors: levels.iter().map(divisor).collect(),
        }
    }

    /// A score in the unit of the source.
    pub fn values(&self, score: &[i64]) -> Vec<f64> {
        score.iter().zip(&self.divisors).map(|(&value, divisor)| value as f64 / divisor).collect()
    }
}

const FIRST: [&str; 9] = [
    "set",
    "class",
    "instance",
    "seed",
    "threads",
    "seconds_asked",
    "seconds_used",
    "iterations",
    "unassigned",
];

const PROVEN: [&str; 4] = ["bound", "proven_gap_percent", "bound_converged", "bound_seconds"];

/// The runs as CSV, one row each. `names` are those of the levels. Columns of bounds are there where some
/// run has one.
pub fn csv(names: &[String], runs: &[Run]) -> String {
    let columns = |start: &str| {
        let column = |(index, name): (usize, &String)| format!("{start}_{}_{name}", index + 1);
        names.iter().enumerate().map(column).collect::<Vec<_>>()
    };
    let cell = |value: Option<&f64>| value.map(f64::to_string).unwrap_or_default();
    let cells = |values: &[f64]| (0..names.len()).map(|k| cell(values.get(k))).collect::<Vec<_>>();
    let mut head: Vec<String> = FIRST.map(String::from).to_vec();
    head.extend(columns("level"));
    head.extend(columns("best"));
    head.extend(["gap_percent", "valid"].map(String::from));
    let is_proven = runs.iter().any(|run| run.proven.is_some());
    if is_proven {
        head.extend(PROVEN.map(String::from));
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(&head);
    for run in runs {
        let mut row = vec![
            run.set.clone(),
            run.class.clone(),
            run.instance.clone(),
            run.seed.to_string(),
            run.threads.to_string(),
            cell(run.seconds_asked.as_ref()),
            format!("{:.3}", run.seconds_used),
            run.iterations.to_string(),
            run.unassigned.to_string(),
        ];
        row.extend(cells(&run.values));
        row.extend(cells(run.best.as_deref().unwrap_or_default()));
        row.push(run.gap().map(|gap| format!("{gap:.6}")).unwrap_or_default());
        row.push(run.valid.to_string());
        if let Some(Proven { bound, gap, converged, seconds }) = &run.proven {
            let gap = gap.map(|gap| format!("{gap:.6}")).unwrap_or_default();
            row.extend([bound.to_string(), gap, converged.to_string(), format!("{seconds:.3}")]);
        } else if is_proven {
            row.extend(PROVEN.map(|_| String::new()));
        }
        let _ = writer.write_record(&row);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// The names of the levels and the runs of a CSV file.
pub fn read(path: &Path) -> Result<(Vec<String>, Vec<Run>), Failure> {
    let at = path.display().to_string();
    let unreadable = |error: csv::Error| Issue::new(Code::UNREADABLE, &at, error.to_string());
    let mut reader = csv::Reader::from_path(path).map_err(unreadable)?;
    let head = reader.headers().map_err(unreadable)?.clone();
    let starting = |start: &str| {
        let columns = head.iter().enumerate().filter_map(|(index, name)| {
            let name = name.strip_prefix(start)?.split_once('_')?.1;
            Some((index, name.to_owned()))
        });
        columns.unzip::<_, _, Vec<usize>, Vec<String>>()
    };
    let ((values, names), (bests, _)) = (starting("level_"), starting("best_"));
    let has = |name: &str| head.iter().any(|header| header == name);
    let missing = ["instance", "seed"].into_iter().find(|name| !has(name));
    if let Some(name) = missing.or(names.is_empty().then_some("level_1_..")) {
        let cause = format!("there is no column `{name}`; `bench --out` writes such files");
        return Err(Issue::new(Code::SYNTAX, at, cause).into());
    }
    let mut runs = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let record = record.map_err(unreadable)?;
        let cell = |name: &str| {
            let column = head.iter().position(|header| header == name);
            column.and_then(|column| record.get(column)).unwrap_or_default().trim()
        };
        let numbers = |columns: &[usize]| {
            let number = |&column: &usize| record.get(column)?.trim().parse::<f64>().ok();
            columns.iter().map(number).collect::<Option<Vec<f64>>>()
        };
        let (Ok(seed), Some(values)) = (cell("seed").parse(), numbers(&values)) else {
            let place = format!("{at}:{}", index + 2);
            return Err(Issue::new(Code::SYNTAX, place, "the seed or a level is no number").into());
        };
        runs.push(Run {
            set: cell("set").to_owned(),
            class: cell("class").to_owned(),
            instance: cell("instance").to_owned(),
            seed,
            threads: cell("threads").parse().unwrap_or(0),
            seconds_asked: cell("seconds_asked").parse().ok(),
            seconds_used: cell("seconds_used").parse().unwrap_or(0.0),
            iterations: cell("iterations").parse().unwrap_or(0),
            unassigned: cell("unassigned").parse().unwrap_or(0),
            values,
            best: numbers(&bests).filter(|best| !best.is_empty()),
            proven: cell("bound").parse().ok().map(|bound| Proven {
                bound,
                gap: cell("proven_gap_percent").parse().ok(),
                converged: cell("bound_converged") == "true",
                seconds: cell("bound_seconds").parse().unwrap_or(0.0),
            }),
            valid: cell("valid") != "false",
        });
    }
    Ok((names, runs))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run() -> Run {
        Run {
            set: "homberger".into(),
            class: "C1_2".into(),
            instance: "C1_2_1".into(),
            seed: 1,
            threads: 2,
            seconds_asked: Some(20.0),
            seconds_used: 20.125,
            iterations: 5,
            unassigned: 0,
            values: vec![0.0, 20.0, 2_710.5],
            best: Some(vec![0.0, 20.0, 2_700.0]),
            proven: None,
            valid: true,
        }
    }

    #[test]
    fn runs_come_back_as_they_were_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("runs.csv");
        let names = ["unserved", "shifts", "distance"].map(String::from);
        let proven = Proven { bound: 2_690.5, gap: Some(0.743_357), converged: true, seconds: 1.5 };
        let runs = [
            Run { proven: Some(proven), ..run() },
            Run { best: None, seconds_asked: None, valid: false, ..run() },
        ];
        std::fs::write(&path, csv(&names, &runs)).expect("writes");
        let (names_read, runs_read) = read(&path).expect("reads");
        assert_eq!((names_read.as_slice(), runs_read.as_slice()), (&names[..], &runs[..]));
    }

    #[test]
    fn there_is_no_gap_where_more_is_left_out() {
        assert_eq!(gap(&[0.0, 110.0], &[0.0, 100.0]).map(f64::round), Some(10.0));
        assert_eq!(gap(&[1.0, 90.0], &[0.0, 100.0]), None);
        assert_eq!(gap(&[0.0], &[0.0]), Some(0.0));
        assert_eq!(order(&[1.0, 90.0], &[0.0, 100.0]), Ordering::Greater);
    }
}
