//! The plan as text for a terminal: a line for each route, the figures, what is left out and why.

use super::markup::{printable, put, shortened};
use super::reasons;
use super::scene::{Row, Scene, Tour};
use super::times::{Times, grouped};
use crate::model::World;
use crate::plan::Plan;

/// How to write the text view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextOptions {
    /// Colours by ANSI escapes: what is late or left out in red, headings bold.
    pub colour: bool,
}

/// Names are cut to so many letters.
const NAME_LETTERS: usize = 24;
const BAR_LETTERS: i64 = 10;
const LINE_LETTERS: usize = 100;
/// More tickets than this are counted, not listed.
const LISTED_MAX: usize = 40;

/// Tables of routes and figures, and what is left out with its reasons in plain English.
///
/// ```
/// use fieldwright::model::{TravelMode, World};
/// use fieldwright::plan::Plan;
/// use fieldwright::view::{TextOptions, text_with};
/// let world = World::new(TravelMode::car(36_000));
/// let text = text_with(&world, &Plan::default(), TextOptions { colour: false });
/// assert!(text.starts_with("Plan: 0 of 0 tickets served"));
/// ```
#[must_use]
pub fn text_with(world: &World, plan: &Plan, options: TextOptions) -> String {
    let scene = Scene::new(world, plan);
    let ink = Ink { colour: options.colour };
    let mut out = String::new();
    put_heading(&mut out, &scene, ink);
    if !plan.routes.is_empty() {
        put_routes(&mut out, &scene, ink);
    }
    put_figures(&mut out, &scene, ink);
    put_unassigned(&mut out, &scene, ink);
    out
}

/// A name that a terminal can show, cut where it is too long.
fn name(text: &str) -> String {
    shortened(&printable(text), NAME_LETTERS)
}

/// Colours, or none.
#[derive(Clone, Copy)]
struct Ink {
    colour: bool,
}

impl Ink {
    fn bold(self, text: &str) -> String {
        self.dressed("1", text)
    }

    fn alarm(self, text: &str, when: bool) -> String {
        if when { self.dressed("31", text) } else { text.to_owned() }
    }

    fn dressed(self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

fn put_heading(out: &mut String, scene: &Scene<'_>, ink: Ink) {
    let figures = &scene.figures;
    let all = figures.served + figures.unserved;
    let heading = format!("{}: {} of {all} tickets served", scene.title(), figures.served);
    out.push_str(&ink.bold(&printable(&heading)));
    if let Some((first, last)) = scene.plan.span() {
        put!(out, "\n{}", scene.times.span(first, last));
    }
    out.push_str("\n\n");
}

/// One line for each route: who, how many visits, from when to when, how far, how busy.
fn put_routes(out: &mut String, scene: &Scene<'_>, ink: Ink) {
    let times = scene.times;
    let lines: Vec<(&Row<'_>, &Tour<'_>)> =
        scene.rows.iter().flat_map(|row| row.tours.iter().map(move |tour| (row, tour))).collect();
    let column = |head, side, cell: &dyn Fn(&Row<'_>, &Tour<'_>) -> String| {
        Column::new(head, side, lines.iter().map(|(row, tour)| cell(row, tour)).collect())
    };
    let late = |tour: &Tour<'_>| tour.stops().filter(|(_, s)| scene.lateness(s).is_some()).count();
    let mut columns = vec![
        column("engineer", Side::Left, &|row, _| name(row.name())),
        column("visits", Side::Right, &|_, tour| tour.route.tickets().count().to_string()),
        column("late", Side::Alarm, &|_, tour| late(tour).to_string()),
        column("out", Side::Right, &|_, tour| times.at(tour.route.depart)),
        column("back", Side::Right, &|_, tour| times.at(tour.route.end)),
        column("travel", Side::Right, &|_, tour| times.length(tour.route.travel())),
        column(times.distance_heading(), Side::Right, &|_, tour| {
            times.distance(tour.route.distance())
        }),
        column("busy", Side::Left, &|_, tour| tour.busy_permille().map_or(String::new(), bar)),
    ];
    if scene.rows.iter().any(|row| row.tours.len() > 1) {
        columns.insert(1, column("shift", Side::Left, &|_, tour| name(&tour.route.shift)));
    }
    put_table(out, &columns, lines.len(), ink);
    out.push('\n');
}

/// `████████··  78 %`
fn bar(permille: i64) -> String {
    let filled = (permille * BAR_LETTERS + 500) / 1_000;
    let filled = filled.clamp(0, BAR_LETTERS) as usize;
    let free = BAR_LETTERS as usize - filled;
    format!("{}{} {:>3} %", "█".repeat(filled), "·".repeat(free), permille / 10)
}

fn put_figures(out: &mut String, scene: &Scene<'_>, ink: Ink) {
    let (figures, times) = (&scene.figures, scene.times);
    let effort = &figures.effort;
    let out_today = scene.rows.iter().filter(|row| !row.tours.is_empty()).count();
    let late = match effort.late {
        0 => "0".to_owned(),
        count => format!("{count}, by {} in all", times.length_with_unit(effort.late_seconds)),
    };
    let travel = match times {
        Times::Plain { .. } => times.length(effort.travel),
        _ => format!(
            "{} h, {}{}",
            times.length(effort.travel),
            times.distance(effort.distance),
            times.distance_unit()
        ),
    };
    let unserved = figures.unserved.to_string();
    let lines = [
        ("not served", ink.alarm(&unserved, figures.unserved > 0)),
        ("late", ink.alarm(&late, effort.late > 0)),
        ("engineers out", format!("{out_today} of {}", scene.rows.len())),
        ("busy", format!("{} % of all shifts", effort.utilisation_permille / 10)),
        ("work", format!("{}{}", times.length(effort.service), times.length_unit())),
        ("travel", travel),
        ("waiting", format!("{}{}", times.length(effort.wait), times.length_unit())),
    ];
    for (name, value) in lines {
        put!(out, "{name:<14}{value}\n");
    }
    if !scene.plan.score.is_empty() {
        let levels: Vec<String> = scene.plan.score.iter().map(|&level| grouped(level)).collect();
        put!(out, "{:<14}{}  (lower is better)\n", "score", levels.join(" / "));
    }
}

fn put_unassigned(out: &mut String, scene: &Scene<'_>, ink: Ink) {
    let absent = scene.unassigned();
    if absent.is_empty() && scene.forgotten() == 0 {
        return;
    }
    put!(out, "\n{}\n", ink.bold("not served"));
    let listed = &absent[..absent.len().min(LISTED_MAX)];
    let width = listed.iter().map(|(one, _)| name(&one.ticket).chars().count()).max().unwrap_or(0);
    for (one, ticket) in listed {
        let priority = ticket.map_or(String::new(), |t| format!("priority {}: ", t.priority));
        let why = format!("{priority}{}", printable(&reasons::sentence(scene, one)));
        let id = name(&one.ticket);
        let pad = width - id.chars().count();
        put!(out, "  {}{:pad$}", ink.alarm(&id, true), "");
        for (number, line) in wrapped(&why, LINE_LETTERS - width - 4).iter().enumerate() {
            let indent = if number == 0 { 2 } else { width + 4 };
            put!(out, "{:indent$}{line}\n", "");
        }
    }
    if absent.len() > listed.len() {
        put!(out, "  and {} more of no higher priority\n", absent.len() - listed.len());
    }
    if scene.forgotten() > 0 {
        put!(out, "  {} tickets that the plan does not mention\n", scene.forgotten());
    }
}

/// The words of a text in lines of at most so many letters; a longer word has a line of its own.
fn wrapped(text: &str, letters_max: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().filter(|line| {
            line.is_empty() || line.chars().count() + 1 + word.chars().count() <= letters_max
        });
        match line {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) => put!(line, " {word}"),
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
    /// Right, and red where it is not zero.
    Alarm,
}

struct Column {
    head: &'static str,
    side: Side,
    width: usize,
    cells: Vec<String>,
}

impl Column {
    fn new(head: &'static str, side: Side, cells: Vec<String>) -> Self {
        let texts = cells.iter().map(String::as_str).chain([head]);
        let width = texts.map(|text| text.chars().count()).max().unwrap_or(0);
        Self { head, side, width, cells }
    }

    fn padded(&self, text: &str) -> String {
        match self.side {
            Side::Left => format!("{text:<0$}", self.width),
            Side::Right | Side::Alarm => format!("{text:>0$}", self.width),
        }
    }
}

fn put_table(out: &mut String, columns: &[Column], lines: usize, ink: Ink) {
    let heads: Vec<String> = columns.iter().map(|column| column.padded(column.head)).collect();
    put!(out, "{}\n", ink.bold(heads.join("  ").trim_end()));
    for line in 0..lines {
        let cell = |column: &Column| {
            let text = &column.cells[line];
            ink.alarm(&column.padded(text), column.side == Side::Alarm && text != "0")
        };
        let cells: Vec<String> = columns.iter().map(cell).collect();
        put!(out, "{}\n", cells.join("  ").trim_end());
    }
}
