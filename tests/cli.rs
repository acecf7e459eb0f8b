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

/// Writes Solomon files of six customers with best known values beside them; returns the folder.
fn tiny_set(desk: &Desk) -> String {
    let folder = desk.path("solomon");
    std::fs::create_dir_all(&folder).expect("writable");
    for (name, step) in [("C101", 3), ("C102", 4), ("R201", 5)] {
        let rows: String = (0..7)
            .map(|id| {
                let (x, y) = (40 + step * id, 50 - 2 * id * (id % 3));
                format!("{id} {x} {y} {id} 0 1000 {}\n", id.min(1) * 10)
            })
            .collect();
        let text = format!(
            "{name}\n\nVEHICLE\nNUMBER CAPACITY\n3 100\n\nCUSTOMER\n\
             CUST NO. XCOORD. YCOORD. DEMAND READY DUE SERVICE\n\n{rows}"
        );
        std::fs::write(format!("{folder}/{name}.txt"), text).expect("writable");
    }
    let best =
        "set,instance,bks_distance\nSolomon,C101,50.0\nSolomon,C102,50.0\nSolomon,R201,80.0\n";
    std::fs::write(format!("{folder}/bks_dimacs_2022.csv"), best).expect("writable");
    folder
}

#[test]
fn bench_writes_runs_solutions_and_curves() {
    let desk = Desk::new();
    let folder = tiny_set(&desk);
    let [csv, svg, solutions] = ["runs.csv", "curves.svg", "out"].map(|name| desk.path(name));
    let words =
        ["bench", "solomon", &folder, "--iterations", "80", "--seeds", "3", "--threads", "1"];
    let files = ["--out", &csv, "--curves", &svg, "--solutions", &solutions];
    let out = expect(0, &[&words[..], &files].concat());

    let runs = std::fs::read_to_string(&csv).expect("written");
    let rows: Vec<Vec<&str>> = runs.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(
        rows[0].join(","),
        "set,class,instance,seed,threads,seconds_asked,seconds_used,iterations,unassigned,\
         level_1_unserved,level_2_distance,best_1_unserved,best_2_distance,gap_percent,valid"
    );
    assert_eq!(rows.len(), 1 + 3 * 3, "a row for each instance and seed");
    for row in &rows[1..] {
        assert_eq!((row[0], row[4], row[5], row[14]), ("solomon", "1", "", "true"));
        let [value, best, gap] = [10, 12, 13].map(|k| row[k].parse::<f64>().expect("a number"));
        assert!((gap - 100.0 * (value / best - 1.0)).abs() < 1e-5, "{row:?}");
    }
    let gaps: Vec<f64> = rows[1..].iter().map(|row| row[13].parse().expect("a number")).collect();
    let median = |gaps: &[f64]| {
        let mut gaps = gaps.to_vec();
        gaps.sort_by(f64::total_cmp);
        gaps[gaps.len() / 2]
    };
    let c1 = f64::midpoint(median(&gaps[..3]), median(&gaps[3..6]));
    let line = out.lines().find(|line| line.starts_with("C1 ")).expect("a line of the class C1");
    assert!(line.contains(&format!(" {c1:.4} ")), "{c1}: {out}");
    assert!(out.contains("R2 ") && out.contains("cores of"), "{out}");

    let picture = std::fs::read_to_string(&svg).expect("written");
    assert!(picture.starts_with("<svg ") && picture.trim_end().ends_with("</svg>"));
    assert_eq!(picture.matches("<path ").count(), 2, "a path for each of C1 and R2");
    for tag in ["path", "text", "title", "style"] {
        let (open, close) = (format!("<{tag}"), format!("</{tag}>"));
        assert_eq!(picture.matches(&open).count(), picture.matches(&close).count(), "{tag}");
    }
    let instance = format!("{folder}/C101.txt");
    assert!(
        expect(0, &["check", &instance, &format!("{solutions}/C101-3.sol")]).starts_with("valid")
    );
}

#[test]
fn bench_measures_only_what_is_asked_for_and_the_other_convention() {
    let desk = Desk::new();
    let folder = tiny_set(&desk);
    let csv = desk.path("runs.csv");
    let words = ["bench", "solomon", &folder, "--iterations", "20", "--out", &csv];
    expect(0, &[&words[..], &["--only", "c1*,nothing", "--convention", "b"]].concat());
    let runs = std::fs::read_to_string(&csv).expect("written");
    assert!(runs.starts_with("set,") && runs.contains("level_2_shifts,level_3_distance"), "{runs}");
    assert_eq!(runs.lines().count(), 3, "C101 and C102");
    let err = expect(2, &[&words[..], &["--only", "C9*"]].concat());
    assert!(err.contains("--only") && err.contains("C101"), "{err}");
}

#[test]
fn bench_finds_a_set_without_routes_below_a_data_folder() {
    let desk = Desk::new();
    let folder = desk.path("data/gap/tiny");
    std::fs::create_dir_all(&folder).expect("writable");
    // Two items of 5, two agents with room for one of them each: 1 + 9 or 4 + 1.
    let text = "2 2\n1 1\n4 9\n5 5\n5 5\n8 8\n";
    std::fs::write(format!("{folder}/g1"), text).expect("writable");
    std::fs::write(format!("{folder}/LICENSE"), "free").expect("writable");
    let best = desk.path("data/gap/bks_gap.csv");
    std::fs::write(best, "instance,best_known\ntiny/g1,4\n").expect("writable");
    let csv = desk.path("runs.csv");
    expect(0, &["bench", "gap", &desk.path("data"), "--iterations", "1", "--out", &csv]);
    let runs = std::fs::read_to_string(&csv).expect("written");
    let row: Vec<&str> = runs.lines().nth(1).expect("a row").split(',').collect();
    assert_eq!((row[1], row[2], row[9], row[11]), ("tiny/g", "tiny/g1", "5", "25.000000"));
}

#[test]
fn bench_plays_days_on_which_requests_are_revealed() {
    let desk = Desk::new();
    let folder = desk.path("data/trsp_pillac/crew25/dyn");
    std::fs::create_dir_all(&folder).expect("writable");
    // One technician at 0: request 2 is known, 3 can be reached from 50 on, 4 closes at 60.
    let world = "W\n\nINFO\nCREW COUNT SKILLS TOOLS PARTS\n1 0 0 0\n\nNODES\nID X Y TWS TWE Serv\n\
        0 0 0 0 900 0 [] [] []\n1 0 0 0 900 0 [] [] []\n2 9 0 0 800 5 [] [] []\n\
        3 20 0 0 800 5 [] [] []\n4 20 0 0 60 5 [] [] []\n";
    std::fs::write(desk.path("data/trsp_pillac/crew25/W.txt"), world).expect("writable");
    let moments = "# W\nDyn Stat\n2 1\nID RD\n2 -1\n3 50\n4 50\n";
    std::fs::write(format!("{folder}/W_rd_70.txt"), moments).expect("writable");
    std::fs::write(format!("{folder}/statistics.txt"), "not a day").expect("writable");
    let table = "instance,dod,regret3_rejected,pALNS_rejected\nW,50,9,9\nW,70,3,2\n";
    std::fs::write(desk.path("data/trsp_pillac/baseline_dtrsp_crew25.csv"), table)
        .expect("writable");
    let csv = desk.path("days.csv");
    let words = ["bench", "dynamic-trsp", &desk.path("data"), "--iterations", "50", "--out", &csv];
    assert!(expect(0, &words).contains("70 %"));
    let days = std::fs::read_to_string(&csv).expect("written");
    assert!(days.lines().nth(1).expect("a row").starts_with("W,70,1,1,3,2,1,"), "{days}");
}

#[test]
fn bench_plays_days_of_waves() {
    let desk = Desk::new();
    let folder = desk.path("data/euro_neurips2022/dynamic_traces");
    let instances = desk.path("data/euro_neurips2022/instances");
    std::fs::create_dir_all(&folder).expect("writable");
    std::fs::create_dir_all(&instances).expect("writable");
    // Two customers side by side, an hour from the depot: both together are two hours of driving.
    let site = "NAME : I\nTYPE : VRPTW\nDIMENSION : 3\nEDGE_WEIGHT_TYPE : EXPLICIT\n\
        EDGE_WEIGHT_FORMAT : FULL_MATRIX\nVEHICLES : 2\nCAPACITY : 9\nEDGE_WEIGHT_SECTION\n\
        0 3600 3600\n3600 0 0\n3600 0 0\nNODE_COORD_SECTION\n1 0 0\n2 0 0\n3 0 0\n\
        DEMAND_SECTION\n1 0\n2 1\n3 1\nDEPOT_SECTION\n1\n-1\nSERVICE_TIME_SECTION\n1 0\n\
        2 60\n3 60\nTIME_WINDOW_SECTION\n1 0 36000\n2 0 30000\n3 0 30000\nEOF\n";
    std::fs::write(format!("{instances}/I.txt"), site).expect("writable");
    let trace = "# instance I seed 1 start_epoch 0 end_epoch 1\n\
        1 0 1 0 30000 60 1 1\n2 1 2 0 30000 60 1 1\n";
    std::fs::write(format!("{folder}/001_I_seed1.txt"), trace).expect("writable");
    let csv = desk.path("traces.csv");
    let words =
        ["bench", "dynamic-vrptw", &desk.path("data"), "--iterations", "800", "--out", &csv];
    expect(0, &words);
    let days = std::fs::read_to_string(&csv).expect("written");
    // Whoever waits drives once; greedy drives twice.
    let row: Vec<&str> = days.lines().nth(1).expect("a row").split(',').collect();
    assert_eq!(row[..5], ["001_I_seed1", "1", "7200", "14400", "7200"], "{days}");
}

#[test]
fn bench_takes_formats_as_sets_and_names_what_it_knows() {
    let desk = Desk::new();
    let folder = desk.path("days");
    std::fs::create_dir_all(&folder).expect("writable");
    let day = Path::new(env!("CARGO_MANIFEST_DIR")).join(DAY);
    std::fs::copy(day, format!("{folder}/day.json")).expect("copied");
    let svg = desk.path("curves.svg");
    let words = ["bench", "native", &folder, "--iterations", "20", "--curves", &svg];
    assert!(expect(0, &words).contains("day"));
    assert!(std::fs::read_to_string(&svg).expect("written").contains(">unserved<"));
    let err = expect(2, &["bench", "salomon", &folder]);
    for known in ["`salomon`", "solomon", "homberger", "euro-neurips", "technician", "vrplib"] {
        assert!(err.contains(known), "{known}: {err}");
    }
    assert!(expect(2, &["bench", "trsp", &folder]).contains("no instances"));
    let err = expect(2, &["bench", "praxedo", &folder, "--convention", "b"]);
    assert!(err.contains("one convention"), "{err}");
    let help = expect(0, &["bench", "--help"]);
    assert!(help.contains("Sets:") && help.contains("compare"), "{help}");
}

/// A file of measured runs with one seed each and these values of the levels.
fn measured(desk: &Desk, name: &str, values: &[(i64, f64)]) -> String {
    let rows: String = values
        .iter()
        .enumerate()
        .map(|(k, (left, way))| format!("tiny,C{},I{k},1,{left},{way}\n", 1 + k % 2))
        .collect();
    desk.file(name, &format!("set,class,instance,seed,level_1_unserved,level_2_distance\n{rows}"))
}

#[test]
fn compare_says_what_the_textbook_says() {
    let desk = Desk::new();
    let ways = |change: &dyn Fn(usize) -> f64| -> Vec<(i64, f64)> {
        (0..6).map(|k| (0, 100.0 + change(k))).collect()
    };
    let a = measured(&desk, "a.csv", &ways(&|_| 0.0));
    let b = measured(&desk, "b.csv", &ways(&|k| -1.0 - k as f64));
    // Six of six, all ranks on one side: 2 / 2^6 by either test.
    let out = expect(0, &["bench", "compare", &a, &b]);
    assert!(out.contains("sign test: p = 0.03125 (6 less, 0 more, 0 equal)"), "{out}");
    assert!(out.contains("verdict: B is better than A (p = 0.03125, mean -3.5000 %)"), "{out}");
    let line = out.lines().find(|line| line.starts_with("C1 ")).expect("a line of the class C1");
    assert!(line.contains("-3.0000"), "-1, -3 and -5 %: {line}");
    let out = expect(0, &["bench", "compare", &b, &a]);
    assert!(out.contains("verdict: B is worse than A (p = 0.03125"), "{out}");
    // One of six against: ranks 1 and 2 to 6, which is 2 * 2 / 2^6.
    let b = measured(&desk, "b.csv", &ways(&|k| if k == 0 { 1.0 } else { -1.0 - k as f64 }));
    let out = expect(0, &["bench", "compare", &a, &b]);
    assert!(out.contains("verdict: no difference is shown (p = 0.06250"), "{out}");
    let out = expect(0, &["bench", "compare", &a, &a]);
    assert!(out.contains("verdict: A and B are equal on every pair"), "{out}");
}

#[test]
fn compare_lets_the_first_level_decide_and_refuses_what_does_not_match() {
    let desk = Desk::new();
    let a = measured(&desk, "a.csv", &[(1, 90.0); 6]);
    let b = measured(&desk, "b.csv", &[(0, 100.0); 6]);
    let out = expect(0, &["bench", "compare", &a, &b]);
    assert!(out.contains("6 less, 0 more") && out.contains("-1.000"), "{out}");
    assert!(out.contains("verdict: B is better than A"), "longer, but nothing left out: {out}");
    let other = desk.file("c.csv", "instance,seed,level_1_travel\nI0,1,5\n");
    assert!(expect(2, &["bench", "compare", &a, &other]).contains("levels"));
    let none = desk.file("d.csv", "name,value\nI0,5\n");
    assert!(expect(2, &["bench", "compare", &a, &none]).contains("`instance`"));
    assert!(expect(2, &["bench", "compare", &a, &desk.path("none.csv")]).contains("E004"));
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
