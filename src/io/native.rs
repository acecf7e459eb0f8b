//! The project's own JSON: worlds and plans exactly as `model` and `plan` describe them.

use crate::io::lines::Lines;
use crate::io::{self, Format, Given, Place, Source, bounded};
use crate::model::{Code, Issue, Issues, TravelMode, World};
use crate::plan::Plan;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// See the module's first line.
pub(super) const FORMAT: Format = Format {
    name: "native",
    about: "JSON with everything a world or a plan can say",
    endings: &["json"],
    sniff: |source| source.text.trim_start().starts_with('{') && source.text.contains("\"schema\""),
    read: Some(read),
    read_plan: Some(read_plan),
    write: Some(|_, plan| Ok(pretty(plan))),
    write_world: Some(|world| Ok(write_world(world))),
    write_files: None,
    locate: Some(locate),
};

/// Reads a world.
///
/// # Errors
/// `E101` for another version of the format, `E001` with line and column for the first thing that
/// does not follow it. What the world says is not judged here.
pub fn read(source: &Source) -> Result<World, Issues> {
    let world: World = parse(source, World::SCHEMA)?;
    version(source, world.schema, World::SCHEMA)?;
    Ok(world)
}

/// Where the things of a world stand.
fn locate(source: &Source) -> Box<Place> {
    let lines = Lines::of(&source.text);
    let name = source.name();
    Box::new(move |at| lines.line(at).map(|line| format!("{name}:{line}: {at}")))
}

/// Reads a plan.
///
/// # Errors
/// As [`read`], and `E105` where a number is so large that it could not be added up.
pub fn read_plan(source: &Source, _world: &World) -> Result<Given, Issues> {
    let plan: Plan = parse(source, Plan::SCHEMA)?;
    version(source, plan.schema, Plan::SCHEMA)?;
    bounded(source, &plan)?;
    Ok(Given::Plan(plan))
}

/// The world as JSON: indented for people, except where it is mostly tables of numbers.
#[must_use]
pub fn write_world(world: &World) -> String {
    match world.travel {
        TravelMode::Matrix { .. } | TravelMode::Road(_) => {
            serde_json::to_string(world).expect("a world has string keys only") + "\n"
        }
        TravelMode::Haversine { .. } | TravelMode::Euclid { .. } => pretty(world),
    }
}

/// Anything of this crate as indented JSON.
pub(super) fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("the crate's types have string keys only") + "\n"
}

/// The JSON of a source as `T`.
pub(super) fn parse<T: DeserializeOwned>(source: &Source, schema: u32) -> Result<T, Issues> {
    io::parse(&source.text).map_err(|wrong| {
        // A newer version may well say things that this one does not know: say that first.
        if let Ok(Head { schema: found }) = serde_json::from_str(&source.text)
            && let Err(issues) = version(source, found, schema)
        {
            return issues;
        }
        let io::Misread { path, line, column, cause } = wrong;
        let name = source.name();
        let at = match &path[..] {
            "" => format!("{name}:{line}:{column}"),
            path => format!("{name}:{line}:{column}: {path}"),
        };
        Issue::new(Code::SYNTAX, at, cause).into()
    })
}

/// A fault in the syntax of JSON with its line and column.
pub(super) fn syntax(source: &Source, error: &serde_json::Error) -> Issues {
    let at = format!("{}:{}:{}", source.name(), error.line(), error.column());
    Issue::new(Code::SYNTAX, at, io::plain(error)).into()
}

#[derive(Deserialize)]
struct Head {
    schema: u32,
}

fn version(source: &Source, found: u32, known: u32) -> Result<(), Issues> {
    if found == known {
        return Ok(());
    }
    let cause = format!("the file has version {found}, this release reads version {known}");
    Err(Issue::new(Code::SCHEMA_VERSION, format!("{}: schema", source.name()), cause).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Engineer, Place, Ticket};
    use crate::units::{Instant, Seconds};

    fn one_ticket() -> World {
        let mut world = World::new(TravelMode::car(36_000));
        let base = Place::at(52.5, 13.4);
        world.engineers.push(Engineer::new("ada", base, Instant(0), Instant(28_800)));
        world.tickets.push(Ticket::new("T1", Place::at(52.6, 13.5), Seconds(1_800)));
        world
    }

    #[test]
    fn a_misspelt_key_is_named_with_line_and_column() {
        let text = write_world(&one_ticket()).replace("\"tickets\"", "\"tikets\"");
        let line = 1 + text.lines().position(|line| line.contains("tikets")).expect("a line");
        let issues = read(&Source::text(text)).expect_err("misspelt");
        assert_eq!(issues.0[0].code, Code::SYNTAX);
        assert!(issues.0[0].at.starts_with(&format!("input:{line}:")), "{issues}");
        assert!(issues.0[0].cause.contains("tikets"), "{issues}");
    }

    #[test]
    fn a_newer_version_is_named_even_if_it_says_unknown_things() {
        let text = r#"{"schema": 7, "drones": []}"#;
        let issues = read(&Source::text(text)).expect_err("version 7");
        assert_eq!(issues.0[0].code, Code::SCHEMA_VERSION);
        assert!(issues.0[0].cause.contains('7'));
    }

    #[test]
    fn a_plan_with_times_beyond_the_limit_is_refused() {
        let text = format!(
            r#"{{"schema":1,"routes":[{{"engineer":"a","shift":"a/1","depart":0,"stops":[],"end":{}}}]}}"#,
            i64::MAX
        );
        let issues = read_plan(&Source::text(text), &one_ticket()).expect_err("too large");
        assert_eq!(issues.0[0].code, Code::OUT_OF_RANGE);
    }

    #[test]
    fn an_empty_text_is_a_fault() {
        assert_eq!(read(&Source::text("")).expect_err("empty").0[0].code, Code::SYNTAX);
    }
}
