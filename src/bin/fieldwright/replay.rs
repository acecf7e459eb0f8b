//! `fieldwright replay`: does every decision of a desk come out again as its journal has it?

use crate::args::Replay;
use crate::report::{DIFFERENT, Failure};
use crate::{Done, files};
use fieldwright::dispatch::desk::{Decision, Desk, Event};
use fieldwright::journal::Sqlite;
use fieldwright::live::{Fault, Live};
use fieldwright::model::{Code, Issue};
use fieldwright::rng::Rng;
use serde_json::{Value, json};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

/// How a file of SQLite begins.
const SQLITE: &[u8] = b"SQLite format 3\0";

pub fn run(words: &Replay, json: bool) -> Done {
    let log = events(&words.journal)?;
    let (mut decisions, mut different, mut told) = (0, 0, Vec::new());
    for decision in Desk::decisions(&log) {
        if words.ticket.as_ref().is_some_and(|ticket| decision.event.subject != *ticket) {
            continue;
        }
        let is_same = decision.is_same();
        decisions += 1;
        different += usize::from(!is_same);
        match (is_same && words.different, json) {
            (true, _) => {}
            (false, true) => told.push(tell(&decision)),
            (false, false) => files::write(None, &decision.to_string())?,
        }
    }
    let events = log.len();
    if json {
        let answer = json!({
            "events": events, "decisions": decisions, "different": different, "shown": told,
        });
        files::write(None, &answer.to_string())?;
    } else {
        let text =
            format!("{events} events, {decisions} decisions made again, {different} not the same");
        files::write(None, &text)?;
    }
    Ok(if different == 0 { ExitCode::SUCCESS } else { ExitCode::from(DIFFERENT) })
}

/// A decision for programs.
fn tell(decision: &Decision<'_>) -> Value {
    json!({
        "event": decision.event,
        "same": decision.is_same(),
        "again": decision.again,
        "differences": decision.differences(),
    })
}

/// The events of a journal whose hash chain holds, or of a list without one.
fn events(path: &Path) -> Result<Vec<Event>, Failure> {
    let unopened = |error: std::io::Error| {
        Issue::new(Code::UNREADABLE, path.display().to_string(), error.to_string())
    };
    let mut file = File::open(path).map_err(unopened)?;
    let mut begin = Vec::new();
    file.by_ref().take(SQLITE.len() as u64).read_to_end(&mut begin).map_err(unopened)?;
    let log = if begin == SQLITE {
        recorded(path)?
    } else {
        file.read_to_end(&mut begin).map_err(unopened)?;
        listed(path, &begin)?
    };
    match log.iter().zip(0..).find(|(event, due)| event.seq != *due) {
        None if !log.is_empty() => Ok(log),
        None => Err(unreadable(path, "it has no events".into())),
        Some((event, due)) => {
            Err(unreadable(path, format!("event {due} is missing before event {}", event.seq)))
        }
    }
}

fn recorded(path: &Path) -> Result<Vec<Event>, Failure> {
    let store = Sqlite::inspect(path).map_err(Fault::from)?;
    let mut live = Live::resume(store, Rng::new(0, 0))?;
    live.verify()?;
    Ok(live.events(0)?)
}

/// Events as JSON: a list of them, or one on each line.
fn listed(path: &Path, bytes: &[u8]) -> Result<Vec<Event>, Failure> {
    let read = if bytes.trim_ascii_start().starts_with(b"[") {
        serde_json::from_slice(bytes)
    } else {
        serde_json::Deserializer::from_slice(bytes).into_iter().collect()
    };
    read.map_err(|error| unreadable(path, error.to_string()))
}

fn unreadable(path: &Path, cause: String) -> Failure {
    Issue::new(Code::SYNTAX, path.display().to_string(), cause).into()
}
