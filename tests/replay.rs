//! `fieldwright replay`: what it prints of a journal, and what its exit code says.
#![cfg(feature = "cli")]

use fieldwright::dispatch::desk::{Act, Actor, Command, Event, Fact, OfferPolicy};
use fieldwright::journal::Sqlite;
use fieldwright::live::Live;
use fieldwright::model::{Engineer, Place, Ticket, TravelMode, World};
use fieldwright::rng::Rng;
use fieldwright::units::{Instant, Seconds};
use std::path::Path;

/// A journal in which ada lets an offer lapse, bob takes it, and another ticket is offered to ada.
fn journal(file: &Path) -> Vec<Event> {
    let mut world = World::new(TravelMode::car(36_000));
    for (id, lat) in [("ada", 52.52), ("bob", 52.40)] {
        let home = Place::at(lat, 13.40);
        world.engineers.push(Engineer::new(id, home, Instant(0), Instant(36_000)));
    }
    let (store, ids) = (Sqlite::create(file).expect("a new file"), Rng::new(1, 0));
    let mut live =
        Live::open(Instant(0), &world, OfferPolicy::default(), store, ids).expect("sound");
    let sue = Actor::support("sue");
    let ticket = |id: &str| Ticket::new(id, Place::at(52.53, 13.42), Seconds(3_600));
    live.apply(Instant(0), &sue, "1", &Command::open(ticket("leak"))).expect("taken");
    live.advance(Instant(1_800)).expect("recorded");
    let case = live.desk().state().case("leak").expect("opened");
    let yes = Act::Accept { offer: case.offers[0].id, epoch: case.epoch };
    live.apply(Instant(1_900), &Actor::engineer("bob"), "2", &Command::on("leak", yes))
        .expect("his");
    live.apply(Instant(1_900), &sue, "3", &Command::open(ticket("noise"))).expect("taken");
    live.events(0).expect("readable")
}

/// Runs the command; its exit code, and what it prints, errors included.
fn replay(arguments: &[&str]) -> (Option<i32>, String) {
    let program = env!("CARGO_BIN_EXE_fieldwright");
    let done = std::process::Command::new(program).arg("replay").args(arguments).output();
    let done = done.expect("the program starts");
    let text = [done.stdout, done.stderr].map(|bytes| String::from_utf8(bytes).expect("text"));
    (done.status.code(), text.concat())
}

#[test]
fn a_journal_as_it_was_written_comes_out_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("desk.db");
    let log = journal(&file);
    let file = file.to_str().expect("text");
    let (code, text) = replay(&[file]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("event 4 at 0, leak: offered to ada until 1800"), "{text}");
    assert!(text.contains("leak: accepted by bob in time"), "{text}");
    let end = format!("{} events, 4 decisions made again, 0 not the same\n", log.len());
    assert!(text.ends_with(&end), "{text}");

    let (_, noise) = replay(&[file, "--ticket", "noise"]);
    assert!(noise.contains("noise: offered") && !noise.contains("leak"), "{noise}");
    let (_, json) = replay(&["--json", file]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&json["decisions"], &json["different"]), (&4.into(), &0.into()));
    assert_eq!(json["shown"][0]["event"]["data"]["choice"]["ranked"][1]["engineer"], "bob");
}

#[test]
fn a_log_that_was_changed_is_told_by_exit_code_1_and_by_field() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut log = journal(&folder.path().join("desk.db"));
    for event in &mut log {
        if let Fact::Offered { choice, .. } = &mut event.fact {
            choice.ranked[0].engineer = "bob".into();
        }
    }
    let lines: Vec<String> =
        log.iter().map(|event| serde_json::to_string(event).expect("serializes")).collect();
    let file = folder.path().join("log.jsonl");
    std::fs::write(&file, lines.join("\n")).expect("writable");
    let (code, text) = replay(&[file.to_str().expect("text"), "--different"]);
    assert_eq!(code, Some(1), "{text}");
    let field = "choice.ranked[0].engineer: \"bob\" was written down, \"ada\" comes out";
    assert!(text.contains(field), "{text}");
    assert!(!text.contains("made again: the same"), "{text}");
}

#[test]
fn a_file_that_is_no_journal_of_a_desk_is_refused_with_what_is_wrong() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("text").to_owned();
    let log = journal(Path::new(&path("desk.db")));
    std::fs::write(path("tail.json"), serde_json::to_string(&log[3..]).expect("JSON")).expect("ok");
    std::fs::write(path("none.json"), "[]").expect("writable");
    std::fs::write(path("notes.txt"), "dear diary").expect("writable");
    let mut bytes = std::fs::read(path("desk.db")).expect("written");
    let is_bob = |four: &[u8]| four == b"bob\"";
    while let Some(at) = bytes.windows(4).position(is_bob) {
        bytes[at] = b'r';
    }
    std::fs::write(path("forged.db"), bytes).expect("writable");
    for (name, told) in [
        ("no-such-file", "E004"),
        ("tail.json", "event 0 is missing before event 3"),
        ("none.json", "it has no events"),
        ("notes.txt", "E001"),
        ("forged.db", "position"),
    ] {
        let (code, text) = replay(&[&path(name)]);
        assert_eq!(code, Some(2), "{name}: {text}");
        assert!(text.contains(told), "{name}: {text}");
    }
}
