//! Gap over time as a picture: a line for each class, time on a logarithmic axis.
//!
//! What is drawn at a moment is the mean over the instances of a class of the median over the seeds.
//! A search reports about forty times, so a line begins at a fortieth of the budget. Without best
//! known values the first level of the objective is drawn instead of a gap.

use super::record::{Run, gap};
use super::summary::{groups, mean};
use std::fmt::Write;

/// What one run was worth at each moment that it reported.
pub struct Trace {
    pub class: String,
    pub instance: String,
    pub best: Option<Vec<f64>>,
    /// Seconds and the values of all levels.
    pub points: Vec<(f64, Vec<f64>)>,
}

impl Trace {
    /// What a run reported on its way, and how it ended.
    pub fn of(run: &Run, mut points: Vec<(f64, Vec<f64>)>) -> Self {
        points.push((run.seconds_used, run.values.clone()));
        Self {
            class: run.class.clone(),
            instance: run.instance.clone(),
            best: run.best.clone(),
            points,
        }
    }
}

/// A class: its name, and seconds and height of its line.
struct Line<'t> {
    class: &'t str,
    points: Vec<(f64, f64)>,
}

/// Moments at which a line is drawn.
const MOMENTS: usize = 120;
/// Shortest time that is shown; a logarithm needs one.
const SECONDS_MIN: f64 = 1e-3;

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 520.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 190.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 50.0;

/// Colours of Okabe and Ito (2008), which colour-blind people can tell apart; dashes when they are used up.
const COLOURS: [&str; 7] =
    ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555555"];
const DASHES: [&str; 4] = ["none", "7 4", "2 3", "9 3 2 3"];

const STYLE: &str = "<style>svg { background: #fff; font: 12px system-ui, sans-serif; } \
    text { fill: #18202b; } line { stroke: #e2e6eb; } path { fill: none; stroke-width: 2; \
    stroke-linejoin: round; }</style>";

/// The picture.
pub fn svg(title: &str, names: &[String], traces: &[Trace]) -> String {
    let has_best = traces.iter().any(|trace| trace.best.is_some());
    let first = names.first().map_or("value", String::as_str);
    let label = if has_best { "gap to best known, %" } else { first };
    let lines: Vec<Line<'_>> = groups(traces, |trace| &trace.class)
        .into_iter()
        .map(|(class, traces)| Line { class, points: points(&traces, has_best) })
        .collect();
    let axes = Axes::of(&lines);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         aria-label=\"{label} over time\">\n{STYLE}\n\
         <text x=\"{LEFT}\" y=\"22\" font-weight=\"600\">{}</text>\n",
        escaped(title)
    );
    axes.draw(&mut out, label);
    for (number, line) in lines.iter().enumerate() {
        axes.draw_line(&mut out, number, line);
    }
    out.push_str("</svg>\n");
    out
}

/// The line of a class. It begins where every instance has a value; instances that never get one,
/// because they end with another number left out than the best known plan, are not in it.
fn points(traces: &[&Trace], has_best: bool) -> Vec<(f64, f64)> {
    let instances = by_instance(traces);
    let at = |seconds: f64| -> Option<f64> {
        let medians: Vec<f64> = instances
            .iter()
            .filter(|runs| median(runs, f64::INFINITY, has_best).is_some())
            .map(|runs| median(runs, seconds, has_best))
            .collect::<Option<Vec<f64>>>()?;
        mean(&medians)
    };
    let seconds =
        || traces.iter().flat_map(|trace| trace.points.iter().map(|(seconds, _)| *seconds));
    let first = seconds().fold(f64::INFINITY, f64::min).max(SECONDS_MIN);
    let last = seconds().fold(SECONDS_MIN, f64::max).max(first);
    let moment = |k: usize| first * (last / first).powf(k as f64 / (MOMENTS - 1) as f64);
    // The last moment by its own number: powers of quotients are not exact.
    let moments = (0..MOMENTS - 1).map(moment).chain([last]);
    moments.filter_map(|moment| Some((moment, at(moment)?))).collect()
}

fn by_instance<'t>(traces: &[&'t Trace]) -> Vec<Vec<&'t Trace>> {
    let mut instances: Vec<Vec<&Trace>> = Vec::new();
    for &trace in traces {
        match instances.iter_mut().find(|runs| runs[0].instance == trace.instance) {
            Some(runs) => runs.push(trace),
            None => instances.push(vec![trace]),
        }
    }
    instances
}

/// The run in the middle at this moment; what has no value counts as worst.
fn median(runs: &[&Trace], seconds: f64, has_best: bool) -> Option<f64> {
    let height = |trace: &&Trace| {
        let (_, values) = trace.points.iter().rev().find(|(at, _)| *at <= seconds)?;
        match &trace.best {
            Some(best) => gap(values, best),
            None if has_best => None,
            None => values.first().copied(),
        }
    };
    let mut heights: Vec<f64> =
        runs.iter().map(|run| height(run).unwrap_or(f64::INFINITY)).collect();
    heights.sort_by(f64::total_cmp);
    heights.get(heights.len() / 2).copied().filter(|height| height.is_finite())
}

/// What the picture shows, from and to.
struct Axes {
    seconds: (f64, f64),
    heights: (f64, f64),
}

impl Axes {
    fn of(lines: &[Line<'_>]) -> Self {
        let points = || lines.iter().flat_map(|line| &line.points);
        let span = |values: &mut dyn Iterator<Item = f64>| {
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), value| {
                (least.min(value), most.max(value))
            })
        };
        let (first, last) = span(&mut points().map(|point| point.0));
        let (least, most) = span(&mut points().map(|point| point.1));
        if !first.is_finite() {
            return Self { seconds: (0.1, 1.0), heights: (0.0, 1.0) };
        }
        // Zero is the best known value and belongs into the picture unless all is far from it.
        let least = if least > 0.0 && least < 0.5 * most { 0.0 } else { least };
        let margin = (most - least).max(1e-3 * most.abs()).max(1e-6) * 0.05;
        Self {
            seconds: (first, last.max(first * 1.01)),
            heights: (if least == 0.0 { 0.0 } else { least - margin }, most + margin),
        }
    }

    fn x(&self, seconds: f64) -> f64 {
        let (first, last) = self.seconds;
        LEFT + (seconds / first).ln() / (last / first).ln() * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, height: f64) -> f64 {
        let (least, most) = self.heights;
        HEIGHT - BOTTOM - (height - least) / (most - least) * (HEIGHT - TOP - BOTTOM)
    }

    fn draw(&self, out: &mut String, label: &str) {
        let (left, right, top, bottom) = (LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM);
        for seconds in decades(self.seconds) {
            let x = self.x(seconds);
            let _ = writeln!(
                out,
                "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{top}\" y2=\"{bottom}\"/>\
                 <text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{seconds}</text>",
                bottom + 18.0
            );
        }
        let (step, digits) = step(self.heights);
        let mut height = (self.heights.0 / step).ceil() * step;
        while height <= self.heights.1 {
            let y = self.y(height);
            // Adding 0.0 turns a minus zero into zero.
            let shown = height + 0.0;
            let _ = writeln!(
                out,
                "<line x1=\"{left}\" x2=\"{right}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{shown:.digits$}</text>",
                left - 8.0,
                y + 4.0
            );
            height += step;
        }
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">seconds</text>\n\
             <text transform=\"translate(16 {:.1}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
            f64::midpoint(left, right),
            HEIGHT - 12.0,
            f64::midpoint(top, bottom),
            escaped(label)
        );
    }

    /// The line and its name beside the picture. A class without any point still has its (empty) path.
    fn draw_line(&self, out: &mut String, number: usize, line: &Line<'_>) {
        let colour = COLOURS[number % COLOURS.len()];
        let dash = DASHES[number / COLOURS.len() % DASHES.len()];
        let mut way = String::new();
        for &(seconds, height) in &line.points {
            let letter = if way.is_empty() { 'M' } else { 'L' };
            let _ = write!(way, "{letter}{:.1} {:.1}", self.x(seconds), self.y(height));
        }
        let last =
            line.points.last().map_or_else(|| "-".to_owned(), |(_, height)| format!("{height:.3}"));
        let (x, y) = (WIDTH - RIGHT + 14.0, TOP + 12.0 + 18.0 * number as f64);
        let class = escaped(line.class);
        let _ = writeln!(
            out,
            "<path stroke=\"{colour}\" stroke-dasharray=\"{dash}\" d=\"{way}\"><title>{class}</title></path>\n\
             <line x1=\"{x}\" x2=\"{:.1}\" y1=\"{y}\" y2=\"{y}\" style=\"stroke:{colour};stroke-width:2\" \
             stroke-dasharray=\"{dash}\"/><text x=\"{:.1}\" y=\"{:.1}\">{class} {last}</text>",
            x + 22.0,
            x + 28.0,
            y + 4.0
        );
    }
}

/// 1, 2 and 5 times the powers of ten within a span.
fn decades((first, last): (f64, f64)) -> Vec<f64> {
    let power = |exponent: i32| {
        if exponent < 0 { 1.0 / 10_f64.powi(-exponent) } else { 10_f64.powi(exponent) }
    };
    let powers = (-4..=7).flat_map(|exponent| [1.0, 2.0, 5.0].map(|digit| digit * power(exponent)));
    powers.filter(|seconds| (first * 0.999..=last * 1.001).contains(seconds)).collect()
}

/// A round step that divides a span into about six parts, and the decimals that it needs.
fn step((least, most): (f64, f64)) -> (f64, usize) {
    let wanted = (most - least) / 6.0;
    let power = wanted.log10().floor();
    let base = 10_f64.powf(power);
    let digit =
        [1.0, 2.0, 5.0, 10.0].into_iter().find(|digit| digit * base >= wanted).unwrap_or(10.0);
    (digit * base, (-power).max(0.0) as usize)
}

/// Text that may stand between tags.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(instance: &str, points: &[(f64, f64, f64)]) -> Trace {
        Trace {
            class: "C1".into(),
            instance: instance.into(),
            best: Some(vec![0.0, 100.0]),
            points: points.iter().map(|&(at, left, way)| (at, vec![left, way])).collect(),
        }
    }

    #[test]
    fn a_line_is_the_mean_over_instances_of_the_median_over_seeds() {
        let traces = [
            trace("C101", &[(1.0, 0.0, 120.0), (10.0, 0.0, 104.0)]),
            trace("C101", &[(1.0, 0.0, 110.0), (10.0, 0.0, 102.0)]),
            trace("C101", &[(1.0, 0.0, 130.0), (10.0, 0.0, 103.0)]),
            trace("C102", &[(1.0, 1.0, 90.0), (2.0, 0.0, 110.0), (10.0, 0.0, 105.0)]),
        ];
        let line = points(&traces.iter().collect::<Vec<_>>(), true);
        let (first, last) = (line[0], line[line.len() - 1]);
        assert!(first.0 >= 2.0, "as long as something more is left out there is no gap: {first:?}");
        assert!((first.1 - 15.0).abs() < 1e-9 && (last.1 - 4.0).abs() < 1e-9, "{first:?} {last:?}");
    }

    #[test]
    fn axes_have_round_marks() {
        assert_eq!(decades((0.5, 20.0)), [0.5, 1.0, 2.0, 5.0, 10.0, 20.0]);
        assert_eq!(step((0.0, 3.0)), (0.5, 1));
        assert_eq!(step((0.0, 60.0)), (10.0, 0));
    }
}
