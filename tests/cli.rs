//! The command line as a new user meets it: what it prints, what it writes, how it fails.
#![cfg(feature = "cli")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const DAY: &str = "datasets/metro-day/world.json";

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fieldwright"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs a command that is expected to end with this code, and returns what it prints.
#[track_caller]
fn expect(code: i32, arguments: &[&str]) -> String {
    let output = run(arguments);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{out}\n{err}");
    if code < 2 { out } else { err }
}

/// The shift of each ticket of a plan.
fn shifts(plan: &str) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(plan).expect("written");
    let plan: fieldwright::plan::Plan = serde_json::from_str(&text).expect("a plan");
    plan.visits().map(|(route, stop)| (stop.id.clone(), route.shift.clone())).collect()
}

/// A folder of one test that goes when it ends.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_string_lossy().into_owned()
    }

    fn file(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).expect("writable");
        self.path(name)
    }

    /// The committed day, planned for a few iterations.
    fn planned(&self) -> String {
        let plan = self.path("plan.json");
        expect(0, &["plan", DAY, "--iterations", "50", "--out", &plan]);
        plan
    }
}

#[test]
fn a_plan_can_be_checked_and_drawn() {
    let desk = Desk::new();
    let (plan, page) = (desk.path("plan.json"), desk.path("plan.html"));
    expect(0, &["plan", DAY, "--iterations", "50", "--out", &plan, "--report", &page]);
    assert!(expect(0, &["check", DAY, &plan]).starts_with("valid"));
    assert!(std::fs::read_to_string(page).expect("written").contains("<svg"));
}

#[test]
fn a_plan_that_was_tampered_with_ends_with_code_1_and_says_where() {
    let desk = Desk::new();
    let plan = desk.planned();
    let good = std::fs::read_to_string(&plan).expect("written");
    let mut value: serde_json::Value = serde_json::from_str(&good).expect("JSON");
    value["routes"][0]["stops"][0]["distance"] = 1.into();
    std::fs::write(&plan, value.to_string()).expect("writable");
    let out = expect(1, &["check", DAY, &plan]);
    let shift = value["routes"][0]["shift"].as_str().expect("a shift").to_owned();
    assert!(out.contains(&shift), "{out}");
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_one_and_three_threads() {
    let words = ["plan", DAY, "--iterations", "60", "--to", "native", "--threads"];
    let one = expect(0, &[&words[..], &["1"]].concat());
    let three = expect(0, &[&words[..], &["3"]].concat());
    assert_eq!(one, three);
}

#[test]
fn a_fault_of_the_input_names_file_line_and_code() {
    let desk = Desk::new();
    let broken = desk.file("broken.json", "{\n  \"schema\": 1,\n  \"engineers\": [}\n");
    let err = expect(2, &["plan", &broken]);
    assert!(err.contains("E001") && err.contains("broken.json:3"), "{err}");
}

#[test]
fn faults_come_as_json_where_that_is_asked_for() {
    let err = expect(2, &["--json", "plan", "no-such-file.json"]);
    let value: serde_json::Value = serde_json::from_str(&err).expect("JSON");
    assert_eq!(value["issues"][0]["code"], "E004");
}

#[test]
fn recommend_names_engineers_and_explain_says_why_not() {
    let desk = Desk::new();
    let plan = desk.planned();
    let best = expect(0, &["--json", "recommend", DAY, "--ticket", "T0007", "--top", "2"]);
    let best: serde_json::Value = serde_json::from_str(&best).expect("JSON");
    assert_eq!(best["candidates"].as_array().map(Vec::len), Some(2));
    for engineer in ["E001", "E002", "E003"] {
        let words = ["explain", DAY, &plan, "--ticket", "T0007", "--engineer", engineer];
        assert!(expect(0, &words).contains(engineer));
    }
    expect(2, &["recommend", DAY, "--ticket", "nobody"]);
}

#[test]
fn assign_uses_up_no_more_parts_than_there_are() {
    let world = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(DAY));
    let world: serde_json::Value =
        serde_json::from_str(&world.expect("the committed day")).expect("JSON");
    let used = |words: &[&str], part: &str| -> u64 {
        let answer = expect(0, &[&["--json", "assign", DAY][..], words].concat());
        let answer: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
        let pairs = answer["pairs"].as_array().expect("pairs");
        let is_served = |id: &serde_json::Value| pairs.iter().any(|pair| pair["ticket"] == *id);
        let tickets = world["tickets"].as_array().expect("tickets").iter();
        let served = tickets.filter(|ticket| is_served(&ticket["id"]));
        served.filter_map(|ticket| ticket["needs"]["parts"][part].as_u64()).sum()
    };
    let words = ["--stock", "pump=6", "--stock", "main board=0"];
    assert!(used(&[], "pump") > 6 && used(&[], "main board") > 0, "the limits bind");
    assert!((1..=6).contains(&used(&words, "pump")));
    assert_eq!(used(&words, "main board"), 0);
}

#[test]
fn a_stock_that_is_none_is_refused_by_name() {
    for bad in ["pump", "pump=", "pump=-1", "pump=many", "=4", "pump=5000000000"] {
        let err = expect(2, &["assign", DAY, "--stock", bad]);
        assert!(err.contains(&format!("'{bad}'")) && err.contains("--stock"), "{err}");
    }
    let err = expect(2, &["assign", DAY, "--stock", "pump=4", "--stock", "pump=5"]);
    assert!(err.contains("pump") && err.contains("twice"), "{err}");
}

#[test]
fn solomon_files_are_recognised_and_answered_in_their_own_form() {
    let desk = Desk::new();
    let rows: String = (0..6)
        .map(|id| {
            format!("{id} {} {} {} 0 1000 {}\n", 40 + 3 * id, 50 - 2 * id, id, id.min(1) * 10)
        })
        .collect();
    let file = desk.file(
        "tiny.txt",
        &format!("TINY\n\nVEHICLE\nNUMBER CAPACITY\n3 100\n\nCUSTOMER\nCUST NO. XCOORD. YCOORD. DEMAND READY DUE SERVICE\n\n{rows}"),
    );
    let solution = desk.path("tiny.sol");
    let sol = expect(0, &["plan", &file, "--iterations", "100", "--to", "sol"]);
    assert!(sol.starts_with("Route #1: "), "{sol}");
    std::fs::write(&solution, sol).expect("writable");
    assert!(expect(0, &["check", &file, &solution]).starts_with("valid"));
}

#[test]
fn a_world_converts_there_and_back() {
    let desk = Desk::new();
    let folder = desk.path("tables");
    expect(0, &["convert", DAY, "--to", "csv", "--out", &folder]);
    assert!(Path::new(&folder).join("tickets.csv").exists());
    let back = expect(0, &["convert", &folder, "--to", "native"]);
    let there = expect(0, &["convert", DAY, "--to", "native"]);
    let parse = |text: &str| -> serde_json::Value { serde_json::from_str(text).expect("JSON") };
    assert_eq!(parse(&back)["tickets"], parse(&there)["tickets"]);
}

#[test]
fn the_schema_is_json_schema() {
    for of in ["world", "plan"] {
        let schema: serde_json::Value =
            serde_json::from_str(&expect(0, &["schema", of])).expect("JSON");
        assert!(schema["$schema"].is_string());
    }
}

#[test]
fn an_unknown_preset_is_refused_with_the_known_ones() {
    let err = expect(2, &["plan", DAY, "--objective", "cheapest"]);
    assert!(err.contains("working-time"), "{err}");
}

#[test]
fn help_teaches_by_example() {
    assert!(expect(0, &["--help"]).contains("Examples:"));
    let exists: PathBuf = [env!("CARGO_MANIFEST_DIR"), DAY].iter().collect();
    assert!(exists.exists(), "the examples of the help work as pasted");
}

#[test]
fn a_new_plan_keeps_to_what_the_old_one_told() {
    let desk = Desk::new();
    let (old, new) = (desk.planned(), desk.path("new.json"));
    let again = ["plan", DAY, "--iterations", "400", "--seed", "9", "--out", &new, "--start", &old];
    expect(0, &[&again[..], &["--max-changes", "3"]].concat());
    assert!(expect(0, &["check", DAY, &new]).starts_with("valid"));
    let (told, kept) = (shifts(&old), shifts(&new));
    let moved = kept.iter().filter(|(t, shift)| told.get(*t).is_some_and(|told| told != *shift));
    assert!(moved.count() <= 3);
    expect(0, &again);
    let kept = shifts(&new);
    let moved = kept.iter().filter(|(t, shift)| told.get(*t).is_some_and(|told| told != *shift));
    assert!(moved.count() > 3, "without a limit more is moved");
}
