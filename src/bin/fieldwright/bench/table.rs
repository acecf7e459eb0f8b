//! Rows of a benchmark run and what they add up to.

use super::best::Best;
use fieldwright::Problem;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

pub const HEADER: &str =
    "instance                  tickets  unassigned           value           best      gap %";

/// The median run of one instance.
#[derive(Debug)]
pub struct Row {
    name: String,
    tickets: usize,
    unassigned: usize,
    value: f64,
    best: Option<f64>,
}

impl Row {
    /// The median of the runs, of which there is at least one: the middle in order of score.
    pub fn of(
        path: &Path,
        problem: &Problem,
        runs: &mut [(usize, i64)],
        best: Option<Best>,
    ) -> Self {
        runs.sort_unstable();
        let (unassigned, value) = runs.get(runs.len() / 2).copied().unwrap_or_default();
        let resolution = f64::from(problem.world().resolution);
        Self {
            name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            tickets: problem.tickets.len(),
            unassigned,
            value: value as f64 / resolution,
            best: best.map(|best| match best {
                Best::Scaled(value) => value / resolution,
                Best::Plain(value) => value,
            }),
        }
    }

    fn gap(&self) -> Option<f64> {
        Some(100.0 * (self.value / self.best? - 1.0))
    }

    /// The class of an instance: its letters and the digit behind them, as in C1, R2, RC2.
    fn class(&self) -> String {
        let letters: String = self.name.chars().take_while(|c| c.is_alphabetic()).collect();
        let digit = self.name.chars().nth(letters.len()).filter(|c| ['1', '2'].contains(c));
        format!("{letters}{}", digit.map(String::from).unwrap_or_default())
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: Option<f64>, digits: usize| {
            value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
        };
        write!(
            f,
            "{:<24} {:>8} {:>11} {:>15.2} {:>14} {:>10}",
            self.name,
            self.tickets,
            self.unassigned,
            self.value,
            text(self.best, 2),
            text(self.gap(), 3),
        )
    }
}

/// Mean gap of each class and of all, over the instances with a best known value.
pub fn means(rows: &[Row]) -> String {
    let mut classes: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for row in rows {
        if let Some(gap) = row.gap() {
            classes.entry(row.class()).or_default().push(gap);
            classes.entry("all".to_owned()).or_default().push(gap);
        }
    }
    let mean = |gaps: &[f64]| gaps.iter().sum::<f64>() / gaps.len() as f64;
    let line = |(class, gaps): (&String, &Vec<f64>)| {
        format!("mean gap {class:<6} {:>8.3} %  ({} instances)\n", mean(gaps), gaps.len())
    };
    classes.iter().map(line).collect()
}

/// The rows as CSV.
pub fn csv(rows: &[Row]) -> String {
    let mut text = String::from("instance,tickets,unassigned,value,best,gap_percent\n");
    let cell = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    for row in rows {
        let (best, gap) = (cell(row.best), cell(row.gap()));
        let Row { name, tickets, unassigned, value, .. } = row;
        text.push_str(&format!("{name},{tickets},{unassigned},{value},{best},{gap}\n"));
    }
    text
}
