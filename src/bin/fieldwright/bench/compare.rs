//! `fieldwright bench compare A.csv B.csv`: is B better than A, pair by pair?

use super::paired::{self, Tested};
use super::record::{self, Run};
use super::summary::{groups, mean};
use crate::args::Compare;
use crate::{Done, files};
use fieldwright::model::{Code, Issue};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::ExitCode;

/// Differences that chance makes less often than this count as real.
const LEVEL: f64 = 0.05;

/// The same instance with the same seed in both files.
struct Pair {
    class: String,
    instance: String,
    a: Vec<f64>,
    b: Vec<f64>,
}

/// How large a difference is: the first level on which the two differ (earlier is larger), then the
/// share of the larger value there. Levels are never weighed against each other.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Size {
    level: usize,
    share: f64,
}

pub fn run(words: &Compare) -> Done {
    let (names, a) = record::read(&words.a)?;
    let (names_b, b) = record::read(&words.b)?;
    if names != names_b {
        let (a, b) = (names.join(", "), names_b.join(", "));
        let cause = format!("its levels are {b}, those of the first are {a}");
        return Err(Issue::new(Code::UNSUPPORTED, words.b.display().to_string(), cause).into());
    }
    let (pairs, alone) = pair(&a, &b);
    if pairs.is_empty() {
        let cause = "no instance and seed is in both files";
        return Err(Issue::new(Code::UNREADABLE, words.b.display().to_string(), cause).into());
    }
    let faulty = a.iter().chain(&b).filter(|run| !run.valid).count();
    let text = told(words, &names, &pairs, alone, faulty);
    files::write(None, &text)?;
    Ok(ExitCode::SUCCESS)
}

/// The pairs, in the order of the first file, and how many rows have no partner.
fn pair(a: &[Run], b: &[Run]) -> (Vec<Pair>, usize) {
    let mut others: BTreeMap<(&str, u64), &Run> =
        b.iter().map(|run| ((run.instance.as_str(), run.seed), run)).collect();
    let mut pairs = Vec::new();
    for run in a {
        if let Some(other) = others.remove(&(run.instance.as_str(), run.seed)) {
            pairs.push(Pair {
                class: run.class.clone(),
                instance: run.instance.clone(),
                a: run.values.clone(),
                b: other.values.clone(),
            });
        }
    }
    let alone = a.len() + b.len() - 2 * pairs.len();
    (pairs, alone)
}

impl Pair {
    fn order(&self) -> Ordering {
        record::order(&self.b, &self.a)
    }

    fn size(&self) -> Size {
        let values = self.a.iter().zip(&self.b);
        let differing = values.enumerate().find(|(_, (a, b))| a != b);
        differing.map_or(Size { level: usize::MAX, share: 0.0 }, |(level, (a, b))| Size {
            level,
            share: (a - b).abs() / a.abs().max(b.abs()),
        })
    }

    /// By how many percent the last level differs, where all before are equal.
    fn percent(&self) -> Option<f64> {
        record::gap(&self.b, &self.a)
    }
}

/// Sizes that differ by less than the rounding of doubles are equal.
const SAME: f64 = 1e-12;

fn larger(a: &Size, b: &Size) -> Ordering {
    let shares = if (a.share - b.share).abs() < SAME {
        Ordering::Equal
    } else {
        a.share.total_cmp(&b.share)
    };
    b.level.cmp(&a.level).then(shares)
}

fn tested(pairs: &[&Pair]) -> Tested {
    let signed: Vec<(Ordering, Size)> =
        pairs.iter().map(|pair| (pair.order(), pair.size())).collect();
    paired::test(&signed, larger)
}

fn told(words: &Compare, names: &[String], pairs: &[Pair], alone: usize, faulty: usize) -> String {
    let mut text = format!("A {}\nB {}\n", words.a.display(), words.b.display());
    let last = names.last().map_or("", String::as_str);
    let _ = write!(
        text,
        "{:<24} {:>6} {:>7} {:>7} {:>7}",
        "class", "pairs", "B less", "equal", "B more"
    );
    for name in &names[..names.len() - 1] {
        let _ = write!(text, " {:>14}", format!("{name} B-A"));
    }
    let _ = writeln!(text, " {:>16} {:>5} {:>9}", format!("{last} B/A-1 %"), "of", "p");
    let all: Vec<&Pair> = pairs.iter().collect();
    for (class, members) in
        groups(pairs, |pair| &pair.class).into_iter().chain([("all", all.clone())])
    {
        text.push_str(&class_line(class, &members, names.len()));
    }
    let tested = tested(&all);
    let (less, more, equal) = (tested.less, tested.more, all.len() - tested.less - tested.more);
    let _ = writeln!(
        text,
        "\nsign test: p = {} ({less} less, {more} more, {equal} equal)\n\
         Wilcoxon signed-rank test: p = {}",
        p(tested.sign),
        p(tested.ranks)
    );
    let middle = middles(pairs);
    if middle.len() < pairs.len() {
        // Seeds of one instance resemble each other; one pair for each instance is the stricter test.
        let p_middle = self::tested(&middle.iter().collect::<Vec<_>>()).ranks;
        let _ = writeln!(
            text,
            "the same over {} instances, medians of seeds: p = {}",
            middle.len(),
            p(p_middle)
        );
    }
    if alone > 0 {
        let _ = writeln!(text, "{alone} rows have no partner in the other file");
    }
    if faulty > 0 {
        let _ =
            writeln!(text, "{faulty} rows did not pass the check: the comparison means nothing");
    }
    let _ = writeln!(text, "verdict: {}", verdict(&all, tested));
    text
}

fn class_line(class: &str, pairs: &[&Pair], levels: usize) -> String {
    let tested = tested(pairs);
    let equal = pairs.len() - tested.less - tested.more;
    let (less, more) = (tested.less, tested.more);
    let mut line = format!("{class:<24} {:>6} {less:>7} {equal:>7} {more:>7}", pairs.len());
    for level in 0..levels - 1 {
        let of = |pair: &&Pair| Some(pair.b.get(level)? - pair.a.get(level)?);
        let differences: Vec<f64> = pairs.iter().filter_map(of).collect();
        let _ = write!(line, " {:>+14.3}", mean(&differences).unwrap_or(0.0));
    }
    let percents: Vec<f64> = pairs.iter().filter_map(|pair| pair.percent()).collect();
    let shown = mean(&percents).map_or_else(|| "-".to_owned(), |mean| format!("{mean:+.4}"));
    let _ = writeln!(line, " {shown:>16} {:>5} {:>9}", percents.len(), p(tested.ranks));
    line
}

/// For each instance one pair: the medians of both sides.
fn middles(pairs: &[Pair]) -> Vec<Pair> {
    let median = |mut values: Vec<&Vec<f64>>| {
        values.sort_by(|a, b| record::order(a, b));
        values.get(values.len() / 2).map(|values| (*values).clone()).unwrap_or_default()
    };
    let middle = |(instance, pairs): (&str, Vec<&Pair>)| Pair {
        class: String::new(),
        instance: instance.to_owned(),
        a: median(pairs.iter().map(|pair| &pair.a).collect()),
        b: median(pairs.iter().map(|pair| &pair.b).collect()),
    };
    groups(pairs, |pair| &pair.instance).into_iter().map(middle).collect()
}

fn verdict(pairs: &[&Pair], tested: Tested) -> String {
    let percents: Vec<f64> = pairs.iter().filter_map(|pair| pair.percent()).collect();
    let by = mean(&percents).map_or_else(String::new, |mean| format!(", mean {mean:+.4} %"));
    if tested.less + tested.more == 0 {
        return "A and B are equal on every pair".to_owned();
    }
    if tested.ranks >= LEVEL {
        return format!("no difference is shown (p = {}{by})", p(tested.ranks));
    }
    // Ranks decide which way: many pairs may be won by little and a few lost by much.
    let word = if tested.way.is_lt() { "better" } else { "worse" };
    format!("B is {word} than A (p = {}{by})", p(tested.ranks))
}

fn p(value: f64) -> String {
    if value < 0.0001 { format!("{value:.1e}") } else { format!("{value:.5}") }
}
