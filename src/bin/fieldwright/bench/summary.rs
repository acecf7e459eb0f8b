//! What runs add up to: the median of each instance, the mean of the medians of each class.

use super::record::{Run, order};
use std::cmp::Ordering;
use std::fmt::Write;

/// Width of a column with values.
const WIDTH: usize = 14;

/// The head of the lines of instances, whose names take so much room.
pub fn head(names: &[String], room: usize, is_proven: bool) -> String {
    let mut line = format!("{:<room$} {:>5} {:>10}", "instance (medians)", "seeds", "unassigned");
    for name in names {
        let _ = write!(line, " {name:>WIDTH$}");
    }
    if is_proven {
        let _ = write!(line, " {:>WIDTH$} {:>12}", "bound", "proven gap %");
    }
    let _ = write!(line, " {:>WIDTH$} {:>9} {:>19}", "best known", "gap %", "least .. most");
    line
}

/// The line of one instance, whose runs these are; there is at least one.
pub fn line(runs: &[Run], room: usize) -> String {
    let Some(median) = median(runs) else { return String::new() };
    let mut line =
        format!("{:<room$} {:>5} {:>10}", median.instance, runs.len(), median.unassigned);
    for value in &median.values {
        let _ = write!(line, " {:>WIDTH$}", number(Some(*value), 2));
    }
    if let Some(proven) = &median.proven {
        let (bound, gap) = (number(Some(proven.bound), 2), number(proven.gap, 4));
        let _ = write!(line, " {bound:>WIDTH$} {gap:>12}");
    }
    let best = median.best.as_ref().and_then(|best| best.last()).copied();
    let gaps: Vec<f64> = runs.iter().filter_map(Run::gap).collect();
    let _ = write!(line, " {:>WIDTH$} {:>9}", number(best, 2), number(median.gap(), 4));
    if gaps.len() == runs.len() {
        let least = gaps.iter().copied().fold(f64::INFINITY, f64::min);
        let most = gaps.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let _ = write!(line, " {:>19}", format!("{least:.4} .. {most:.4}"));
    } else if best.is_some() {
        let _ = write!(line, " {:>19}", verdict(median));
    }
    if runs.iter().any(|run| !run.valid) {
        line.push_str("  NOT VALID");
    }
    line
}

fn verdict(run: &Run) -> &'static str {
    match earlier(run) {
        Some(Ordering::Less) => "earlier level better",
        Some(Ordering::Greater) => "earlier level worse",
        _ => "",
    }
}

/// How a run stands against the best known on the levels before the last; none without one.
fn earlier(run: &Run) -> Option<Ordering> {
    let best = run.best.as_ref()?;
    Some(order(
        &run.values[..run.values.len().checked_sub(1)?],
        &best[..best.len().checked_sub(1)?],
    ))
}

/// The run in the middle in order of value; of two in the middle the worse.
pub fn median(runs: &[Run]) -> Option<&Run> {
    let mut sorted: Vec<&Run> = runs.iter().collect();
    sorted.sort_by(|a, b| order(&a.values, &b.values));
    sorted.get(sorted.len() / 2).copied()
}

/// The groups of equal keys, in order of their first appearance.
pub fn groups<T>(items: &[T], key: impl Fn(&T) -> &str) -> Vec<(&str, Vec<&T>)> {
    let mut groups: Vec<(&str, Vec<&T>)> = Vec::new();
    for item in items {
        let name = key(item);
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, members)) => members.push(item),
            None => groups.push((name, vec![item])),
        }
    }
    groups
}

/// The means of the medians, a line for each class and one for all.
pub fn classes(names: &[String], runs: &[Run]) -> String {
    let medians: Vec<Run> = groups(runs, |run| &run.instance)
        .into_iter()
        .filter_map(|(_, runs)| median(&runs.into_iter().cloned().collect::<Vec<_>>()).cloned())
        .collect();
    let mut text = format!("{:<24} {:>5} {:>10}", "class (means)", "inst.", "unassigned");
    for name in names {
        let _ = write!(text, " {name:>WIDTH$}");
    }
    let _ = writeln!(text, " {:>9}  of   earlier levels -/=/+", "gap %");
    for (class, members) in groups(&medians, |run| &run.class) {
        text.push_str(&class_line(class, &members, names.len()));
    }
    text.push_str(&class_line("all", &medians.iter().collect::<Vec<_>>(), names.len()));
    text
}

fn class_line(class: &str, medians: &[&Run], levels: usize) -> String {
    let unassigned: Vec<f64> = medians.iter().map(|run| run.unassigned as f64).collect();
    let mut line = format!("{class:<24} {:>5} {:>10}", medians.len(), number(mean(&unassigned), 2));
    for level in 0..levels {
        let values: Vec<f64> =
            medians.iter().filter_map(|run| run.values.get(level).copied()).collect();
        let _ = write!(line, " {:>WIDTH$}", number(mean(&values), 2));
    }
    let gaps: Vec<f64> = medians.iter().filter_map(|run| run.gap()).collect();
    let count = |order: Ordering| medians.iter().filter(|run| earlier(run) == Some(order)).count();
    let [better, equal, worse] = [Ordering::Less, Ordering::Equal, Ordering::Greater].map(count);
    let _ = writeln!(
        line,
        " {:>9} {:>3}   {better}/{equal}/{worse}",
        number(mean(&gaps), 4),
        gaps.len()
    );
    line
}

/// The mean, if there is anything.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
}
