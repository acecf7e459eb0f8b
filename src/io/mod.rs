//! Formats: text in, worlds and plans out, and back. One file for each, listed in [`ALL`].
//!
//! A reader tells what a text says, with all its faults at once where the format allows, and never
//! judges it: that is for [`Problem::build`](crate::Problem::build). No reader panics, whatever
//! the bytes.
//!
//! To add a format, write one file with a `FORMAT` (`solomon.rs` is the smallest), name it in
//! [`ALL`], and put an example beside its expected world into `tests/golden`.

pub mod geojson;
#[cfg(test)]
mod golden;
mod json;
mod known;
#[cfg(test)]
mod laws;
mod lines;
pub mod native;
mod plain;
#[cfg(test)]
mod published;
pub mod road;
pub mod sol;
pub mod solomon;
mod source;
pub mod tables;
mod text;
pub mod trsp;
pub mod vroom;
pub mod vrplib;

use plain::plain;
pub use plain::{Misread, parse};
pub use source::{File, Options, Rounding, Source};

use crate::model::{Code, Issue, Issues, World};
use crate::plan::{Plan, Sequences};
use crate::units::LIMIT;

/// One format: its name and what can be done with it.
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is, in half a sentence.
    pub about: &'static str,
    /// The usual endings of its files, without the dot.
    pub endings: &'static [&'static str],
    /// Does this look like a world or a plan of this format?
    pub sniff: fn(&Source) -> bool,
    /// Reads a world.
    pub read: Option<Read>,
    /// Reads a plan for this world.
    pub read_plan: Option<ReadPlan>,
    /// Writes a plan of this world.
    pub write: Option<Write>,
    /// Writes a world as one text.
    pub write_world: Option<WriteWorld>,
    /// Writes a world as several files for one directory.
    pub write_files: Option<WriteFiles>,
    /// Tells where the things of a world stand in its text.
    pub locate: Option<Locate>,
}

/// Reads a world.
pub type Read = fn(&Source) -> Result<World, Issues>;
/// Reads a plan for a world.
pub type ReadPlan = fn(&Source, &World) -> Result<Given, Issues>;
/// Writes a plan of a world.
pub type Write = fn(&World, &Plan) -> Result<String, Issues>;
/// Writes a world as one text.
pub type WriteWorld = fn(&World) -> Result<String, Issues>;
/// Writes a world as several files.
pub type WriteFiles = fn(&World) -> Result<Vec<File>, Issues>;

/// Tells where the things of a world stand in its text.
pub type Locate = fn(&Source) -> Box<Place>;
/// File, line and path of the thing on this path of a world, where it stands in the text.
pub type Place = dyn Fn(&str) -> Option<String>;

/// Every format. What looks like several is taken for the first.
pub const ALL: &[Format] = &[
    native::FORMAT,
    vroom::FORMAT,
    solomon::FORMAT,
    sol::FORMAT,
    vrplib::FORMAT,
    trsp::PRAXEDO,
    trsp::FORMAT,
    tables::FORMAT,
    geojson::FORMAT,
];

/// What a solution file gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// Routes with times.
    Plan(Plan),
    /// Orders of stops, still to be timed.
    Sequences(Sequences),
}

/// The format with this name.
///
/// # Errors
/// `E002` when there is none.
pub fn named(name: &str) -> Result<&'static Format, Issues> {
    ALL.iter().find(|format| format.name == name).ok_or_else(|| {
        let known: Vec<&str> = ALL.iter().map(|format| format.name).collect();
        let cause = format!("`{name}` is none of {}", known.join(", "));
        Issue::new(Code::UNKNOWN_FORMAT, "format", cause).into()
    })
}

/// The first format that the source looks like.
///
/// # Errors
/// `E002` when there is none.
pub fn sniffed(source: &Source) -> Result<&'static Format, Issues> {
    ALL.iter().find(|format| (format.sniff)(source)).ok_or_else(|| {
        let is_empty = source.text.trim().is_empty() && source.files.is_empty();
        let cause = if is_empty { "it is empty" } else { "it looks like no known format" };
        Issue::new(Code::UNKNOWN_FORMAT, source.name(), cause).into()
    })
}

/// Reads a world in the format with this name, or in the one it looks like.
///
/// ```
/// use fieldwright::io::{self, Source};
/// let text = r#"{"schema": 1, "engineers": [], "tickets": [], "travel": {"by": "euclid"}}"#;
/// let world = io::read(&Source::text(text), None).unwrap();
/// assert!(world.engineers.is_empty());
/// ```
///
/// # Errors
/// `E002` when the format is not known, `E003` when it holds no worlds, otherwise what its reader finds.
pub fn read(source: &Source, from: Option<&str>) -> Result<World, Issues> {
    let format = chosen(source, from)?;
    let read = format.read.ok_or_else(|| cannot(format, "read a world"))?;
    let mut world = read(source)?;
    if let Some(objective) = &source.options.objective {
        world.objective = objective.clone();
    }
    Ok(world)
}

/// The faults of a text from this source or of the world in it, each with its file and line where
/// the format can tell.
///
/// ```
/// use fieldwright::io::{self, Source};
/// let text = r#"{"schema": 1, "engineers": [], "tickets": [
///     {"id": "T1", "place": {"x": 0, "y": 0}, "service": -1}], "travel": {"by": "euclid"}}"#;
/// let source = Source::text(text);
/// let issues = io::read(&source, None).unwrap().validate().unwrap_err();
/// let located = io::located(&source, None, issues);
/// assert!(located.0.iter().any(|issue| issue.at == "input:2: tickets[0].service"));
/// ```
#[must_use]
pub fn located(source: &Source, from: Option<&str>, mut issues: Issues) -> Issues {
    let Ok(Some(locate)) = chosen(source, from).map(|format| format.locate) else { return issues };
    let place = locate(source);
    for issue in &mut issues.0 {
        if let Some(at) = place(&issue.at) {
            issue.at = at;
        }
    }
    issues
}

/// Reads a plan for this world in the format with this name, or in the one it looks like.
///
/// # Errors
/// As [`read`].
pub fn read_plan(source: &Source, from: Option<&str>, world: &World) -> Result<Given, Issues> {
    let format = chosen(source, from)?;
    let read = format.read_plan.ok_or_else(|| cannot(format, "read a plan"))?;
    read(source, world)
}

fn chosen(source: &Source, from: Option<&str>) -> Result<&'static Format, Issues> {
    from.map_or_else(|| sniffed(source), named)
}

fn cannot(format: &Format, what: &str) -> Issues {
    Issue::new(Code::UNSUPPORTED, format.name, format!("this format cannot {what}")).into()
}

/// Refuses plans with numbers that could not be added up.
fn bounded(source: &Source, plan: &Plan) -> Result<(), Issues> {
    let mut issues = Issues::default();
    for (index, route) in plan.routes.iter().enumerate() {
        let ends = [route.depart.0, route.end.0, route.travel_home.0, route.distance_home.0];
        let stops = route.stops.iter().flat_map(|stop| {
            [stop.travel.0, stop.distance.0, stop.arrive.0, stop.start.0, stop.end.0]
        });
        if let Some(value) =
            ends.into_iter().chain(stops).find(|value| !(-LIMIT..=LIMIT).contains(value))
        {
            let at = format!("{}: routes[{index}]", source.name());
            issues.add(Code::OUT_OF_RANGE, at, format!("{value} is beyond ±{LIMIT}"));
        }
    }
    issues.or(())
}
