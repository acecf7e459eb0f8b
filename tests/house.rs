//! The house rules that a machine can hold: who imports whom, how a file begins, how long it is.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the ground up. A room imports only from those before it.
const ROOMS: [&str; 15] = [
    "units", "rng", "model", "clock", "travel", "spatial", "plan", "problem", "score", "solve",
    "dispatch", "io", "sim", "view", "bin",
];

/// Code that is there for tests only stands outside the order.
const TEST_SUPPORT: [&str; 2] = ["testdata", "testworld"];

/// Longest source file, in lines, tests included.
const LINES_MAX: usize = 500;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the project") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for folder in ["src", "benches", "examples", "tests"] {
        rust_files(&root().join(folder), &mut files);
    }
    files.sort();
    let read = |path: PathBuf| {
        let name = path.strip_prefix(root()).expect("inside").to_string_lossy().into_owned();
        (name, fs::read_to_string(&path).expect("text"))
    };
    files.into_iter().map(read).collect()
}

/// The room of a source file: the first folder or file name under `src`.
fn room_of(name: &str) -> Option<&str> {
    let inside = name.strip_prefix("src/")?;
    Some(inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs"))
}

/// The rooms that a text names in `crate::room` paths, comments and its inline tests aside.
fn imports(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text);
    for (number, line) in code.lines().enumerate() {
        if line.trim_start().starts_with("//") {
            continue;
        }
        for part in line.split("crate::").skip(1) {
            let names = part.trim_start_matches('{');
            let room: String =
                names.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if room.starts_with(|c: char| c.is_lowercase()) {
                found.push((number + 1, room));
            }
        }
    }
    found
}

#[test]
fn a_room_imports_only_from_rooms_below_it() {
    let mut breaches = Vec::new();
    for (name, text) in sources() {
        let Some(room) = room_of(&name) else { continue };
        // A binary sees the crate from outside: its `crate::` is itself.
        if ["lib", "bin"].contains(&room) || TEST_SUPPORT.contains(&room) || name.contains("/tests")
        {
            continue;
        }
        let own = ROOMS.iter().position(|known| *known == room);
        let own = own.unwrap_or_else(|| panic!("{name}: `{room}` is not a room of the house"));
        for (line, imported) in imports(&text) {
            match ROOMS.iter().position(|known| *known == imported) {
                Some(other) if other > own => {
                    breaches.push(format!("{name}:{line}: `{room}` imports `{imported}`"));
                }
                None if !TEST_SUPPORT.contains(&imported.as_str()) => {
                    breaches.push(format!("{name}:{line}: `{imported}` is not a room"));
                }
                _ => {}
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn a_file_says_in_its_first_line_what_it_is() {
    let silent: Vec<String> = sources()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(name, _)| name)
        .collect();
    assert!(silent.is_empty(), "no `//!` line first in {silent:?}");
}

#[test]
fn no_file_is_too_long_to_read() {
    let long: Vec<String> = sources()
        .into_iter()
        .filter(|(_, text)| text.lines().count() > LINES_MAX)
        .map(|(name, text)| format!("{name}: {} lines", text.lines().count()))
        .collect();
    assert!(long.is_empty(), "{long:?}");
}

#[test]
fn the_imports_of_a_room_are_seen() {
    let text = "use crate::{model::World};\nuse crate::solve::route;\n// crate::view\n";
    let rooms: Vec<String> = imports(text).into_iter().map(|(_, room)| room).collect();
    assert_eq!(rooms, ["model", "solve"]);
}
