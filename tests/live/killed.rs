//! A desk on a real file whose process is killed in the middle of its work, by `kill -9`.

use super::traffic::Step;
use super::{Named, check_journal, morning, seeds, step};
use fieldwright::dispatch::desk::{Actor, Command, Event};
use fieldwright::journal::{Memory, Sqlite};
use fieldwright::live::{Fault, Live};
use fieldwright::rng::Rng;
use fieldwright::units::{Instant, Seconds};
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};
use std::time::Duration;

/// Where the journal is, as the process is told through its environment.
const FILE: &str = "LIVE_FILE";
const STEPS: usize = 40;

/// What is said to a process in one line: when, who, under which key, what.
type Message = (Instant, Actor, String, Command);

/// What a desk answers, in one line.
fn answer(done: Result<Vec<Event>, Fault>) -> String {
    match done {
        Ok(events) => serde_json::to_string(&events).expect("serializes"),
        Err(Fault::Refused(refusal)) => refusal.to_string(),
        Err(fault) => panic!("{fault}"),
    }
}

#[test]
#[ignore = "the process that the test below starts and kills"]
fn the_process_of_a_desk() {
    let file = std::env::var(FILE).expect("only the test below starts this");
    let store = Sqlite::open(Path::new(&file)).expect("opens after a crash");
    let ids = Rng::new(u64::from(std::process::id()), 0);
    let mut live = Live::resume(store, ids).expect("readable after a crash");
    for line in std::io::stdin().lines() {
        let message: Message = serde_json::from_str(&line.expect("text")).expect("a message");
        let (now, actor, key, command) = message;
        let said = answer(live.apply(now, &actor, &key, &command));
        writeln!(std::io::stdout(), "\nanswer {said}").expect("the parent listens");
    }
}

/// A desk in a process of its own.
struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Process {
    fn start(file: &Path) -> Self {
        let own = std::env::current_exe().expect("the test binary");
        let mut child = std::process::Command::new(own)
            .args(["--ignored", "--exact", "killed::the_process_of_a_desk", "--nocapture"])
            .env(FILE, file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the test binary starts");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        Self { child, lines }
    }

    fn tell(&mut self, message: &Message) {
        let line = serde_json::to_string(message).expect("serializes");
        let to = self.child.stdin.as_mut().expect("piped");
        writeln!(to, "{line}").expect("it listens");
    }

    fn hear(&mut self) -> String {
        for line in self.lines.by_ref() {
            if let Some(said) = line.expect("text").strip_prefix("answer ") {
                return said.to_owned();
            }
        }
        panic!("it ended without an answer")
    }

    fn kill(&mut self) {
        self.child.kill().expect("SIGKILL");
        self.child.wait().expect("killed");
    }
}

/// A day of one seed, beside the same day of a desk in this process to which nothing happens. How often the other
/// was killed.
fn day(seed: u64) -> usize {
    let (mut people, mut luck) = (Rng::new(seed, 0), Rng::new(seed, 1));
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("desk.db");
    drop(morning(Sqlite::create(&file).expect("a new file")));
    let mut twin = morning(Memory::new());
    let mut process = Process::start(&file);
    let (mut now, mut killed) = (Instant(0), 0);
    for number in 0..STEPS {
        let step: Step = step(&mut people);
        now = now + Seconds(step.wait);
        twin.advance(now).expect("memory holds");
        let (actor, command) = step.command(twin.desk().state(), now);
        let message = (now, actor, number.to_string(), command);
        process.tell(&message);
        while luck.one_in(4) {
            // Before it has read that, while it writes, or when it has answered.
            std::thread::sleep(Duration::from_micros(luck.below(4_000) as u64));
            process.kill();
            killed += 1;
            process = Process::start(&file);
            process.tell(&message);
        }
        let (now, actor, key, command) = &message;
        assert_eq!(process.hear(), answer(twin.apply(*now, actor, key, command)));
    }
    process.kill();
    let store = Sqlite::open(&file).expect("opens");
    let mut live = Live::resume(store, Rng::new(seed, 2)).expect("readable");
    assert!(live.desk().state() == twin.desk().state());
    check_journal(&mut live);
    killed
}

#[test]
fn a_desk_that_is_killed_again_and_again_loses_nothing() {
    for seed in 0..seeds().div_ceil(100) {
        let _named = Named(seed);
        assert!(day(seed) > STEPS / 10);
    }
}
