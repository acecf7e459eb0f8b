//! Real processes on one file: killed in the middle, or racing with each other.

use super::super::races;
use super::log_of;
use fieldwright::journal::Sqlite;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// What a writing process is told through its environment.
const FILE: &str = "JOURNAL_FILE";
const NAME: &str = "JOURNAL_WRITER";
const COUNT: &str = "JOURNAL_COUNT";

/// Starts this very test binary as a writer of `count` events.
fn writer(path: &Path, name: &str, count: u64) -> Child {
    let own = std::env::current_exe().expect("the test binary");
    Command::new(own)
        .args(["--ignored", "--exact", "sqlite::crash::the_writing_process", "--nocapture"])
        .env(FILE, path)
        .env(NAME, name)
        .env(COUNT, count.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the test binary starts")
}

#[test]
#[ignore = "the other process of the tests below"]
fn the_writing_process() {
    let told = |name| std::env::var(name).expect("only the tests below start this");
    let count = told(COUNT).parse().expect("a number");
    let mut store = Sqlite::open(Path::new(&told(FILE))).expect("opens");
    let mut out = std::io::stdout();
    races::append_on_top(&mut store, &told(NAME), count, &mut |number| {
        writeln!(out, "acknowledged {number}").expect("the parent listens");
    });
}

/// The last number that a writer has acknowledged in these lines of its output.
fn last(lines: impl Iterator<Item = std::io::Result<String>>) -> Option<u64> {
    let number = |line: String| line.strip_prefix("acknowledged ")?.parse().ok();
    lines.map_while(Result::ok).filter_map(number).last()
}

#[test]
fn every_acknowledged_event_outlives_kill_9() {
    let (_folder, path) = log_of(0);
    // Each round goes on with the file as the last crash has left it.
    for (round, patience) in [5, 60, 200].into_iter().enumerate() {
        let name = format!("writer {round}");
        let mut child = writer(&path, &name, u64::MAX);
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let seen = last(lines.by_ref().take(patience)).expect("it writes");
        child.kill().expect("SIGKILL");
        child.wait().expect("killed");
        let acknowledged = last(lines).unwrap_or(seen);
        let mut store = Sqlite::open(&path).expect("opens after a crash");
        let numbers = races::numbers_of(&mut store, &name);
        let length = numbers.len() as u64;
        assert_eq!(numbers, Vec::from_iter(1..=length), "in order, none twice");
        assert!(
            length == acknowledged || length == acknowledged + 1,
            "round {round}: {length} events for {acknowledged} acknowledged"
        );
    }
}

#[test]
fn two_processes_on_one_file_lose_no_event_of_each_other() {
    let (_folder, path) = log_of(0);
    let writers = ["ada", "bob"].map(|name| writer(&path, name, 60));
    for child in writers {
        assert!(child.wait_with_output().expect("ends").status.success());
    }
    let mut store = Sqlite::open(&path).expect("opens");
    for name in ["ada", "bob"] {
        assert_eq!(races::numbers_of(&mut store, name), Vec::from_iter(1..=60), "{name}");
    }
}
