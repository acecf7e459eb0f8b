//! Bad input as a new user would give it: a numbered error with its file and line, never a silent
//! repair. One test for each thing that once was taken without a word or told without its place.

use fieldwright::Problem;
use fieldwright::io::{self, File, Source};

const NATIVE: &str = r#"{"schema": 1,
"engineers": [{"id": "ada", "van": {"parts": {"pump": 1}},
    "shifts": [{"start": 0, "end": 9000, "from": {"lat": 52.5, "lon": 13.4}}]}],
"tickets": [
    {"id": "T1", "place": {"lat": 52.6, "lon": 13.5}, "service": 600},
    {"id": "T2", "place": {"lat": 52.6, "lon": 13.5}, "service": 600}],
"travel": {"by": "haversine", "profiles": [{"name": "car", "meters_per_hour": 36000}]},
"objective": [{"unserved": 1}, {"travel": 1}]}"#;

const VROOM: &str = r#"{"vehicles": [{"id": 1, "start_index": 0, "time_window": [0, 9000]}],
"jobs": [
    {"id": 10, "location_index": 1, "service": 300},
    {"id": 11, "location_index": 1, "service": 300}],
"matrices": {"car": {"durations": [[0, 60], [61, 0]]}}}"#;

const ENGINEERS: &str = "id,start,end,lat,lon,parts\nada,0,9000,52.5,13.4,pump:1\n";
const TICKETS: &str = "id,lat,lon,service\nT1,52.6,13.5,600\nT2,52.6,13.5,600\n";
const WEIGHTS: &str = "level,criterion,weight\n1,unserved,1\n2,travel,1\n";

/// The code and the place of every fault of a source, as the command line tells them.
fn told(source: &Source) -> Vec<String> {
    let built = io::read(source, None).and_then(Problem::build);
    let Err(issues) = built else { return Vec::new() };
    let issues = io::located(source, None, issues).0;
    issues.into_iter().map(|issue| format!("{} {}", issue.code, issue.at)).collect()
}

/// The faults after one change to a sound text.
#[track_caller]
fn text(sound: &str, from: &str, to: &str) -> Vec<String> {
    assert_eq!(told(&Source::text(sound)), [""; 0], "the text is sound");
    assert!(sound.contains(from), "{from}");
    told(&Source::text(sound.replacen(from, to, 1)))
}

/// The faults after one change to sound tables.
#[track_caller]
fn tables(from: &str, to: &str) -> Vec<String> {
    let files =
        [("engineers.csv", ENGINEERS), ("tickets.csv", TICKETS), ("objective.csv", WEIGHTS)];
    let with = |from: &str, to: &str| {
        let file = |(name, text): (&str, &str)| File {
            name: name.into(),
            text: text.replacen(from, to, 1),
        };
        Source { files: files.map(file).to_vec(), ..Source::default() }
    };
    assert_eq!(told(&with("", "")), [""; 0], "the tables are sound");
    told(&with(from, to))
}

#[test]
fn a_key_of_native_json_that_comes_twice_is_no_choice_of_the_last() {
    let parts = text(NATIVE, "\"pump\": 1", "\"pump\": 1, \"pump\": 2");
    assert_eq!(parts.len(), 1, "{parts:?}");
    assert!(parts[0].starts_with("E001 input:2:"), "{parts:?}");
    let weights = text(NATIVE, "\"travel\": 1}", "\"travel\": 1, \"travel\": 5}");
    assert!(weights[0].starts_with("E001 input:8:"), "{weights:?}");
}

#[test]
fn a_key_of_vroom_json_that_comes_twice_is_no_choice_of_the_last() {
    let service = text(VROOM, "\"service\": 300", "\"service\": 300, \"service\": 900");
    assert!(service[0].starts_with("E001 input:3:"), "{service:?}");
    let jobs = text(VROOM, "\"matrices\"", "\"jobs\": [], \"matrices\"");
    assert!(jobs[0].starts_with("E001 input:5:"), "{jobs:?}");
    let matrices = text(VROOM, "\"matrices\"", "\"matrices\": {}, \"matrices\"");
    assert!(matrices[0].starts_with("E001 input:5:"), "{matrices:?}");
    let profile = text(VROOM, "{\"car\":", "{\"car\": {\"durations\": []}, \"car\":");
    assert!(profile[0].starts_with("E001 input:5:"), "{profile:?}");
}

#[test]
fn a_part_or_a_weight_of_a_table_that_comes_twice_is_no_choice_of_the_last() {
    assert_eq!(tables("pump:1", "pump:1;pump:3"), ["E103 engineers.csv:2:parts"]);
    assert_eq!(
        tables("2,travel,1\n", "2,travel,1\n2,travel,5\n"),
        ["E103 objective.csv:4:criterion"]
    );
}

#[test]
fn the_same_row_of_an_engineer_twice_does_not_make_him_work_twice() {
    let again = "pump:1\nada,0,9000,52.5,13.4,\n";
    assert_eq!(tables("pump:1\n", again), ["E103 engineers.csv:3:id"]);
}

#[test]
fn a_time_in_a_table_beyond_64_bits_is_out_of_range_not_misspelt() {
    assert_eq!(tables("9000", "9223372036854775808"), ["E105 engineers.csv:2:end"]);
}

#[test]
fn a_duplicate_id_is_told_with_file_and_line() {
    assert_eq!(text(NATIVE, "T2", "T1"), ["E103 input:6: tickets[1].id"]);
    assert_eq!(text(VROOM, "11", "10"), ["E103 input:4: jobs[1], that is tickets[1].id"]);
    assert_eq!(tables("T2", "T1"), ["E103 tickets.csv:3: tickets[1].id"]);
}

#[test]
fn a_negative_duration_is_told_with_file_and_line() {
    assert_eq!(text(NATIVE, "600", "-600"), ["E503 input:5: tickets[0].service"]);
    assert_eq!(text(VROOM, "300", "-300"), ["E105 input:3: jobs[0].service"]);
    assert_eq!(tables("600", "-600"), ["E503 tickets.csv:2: tickets[0].service"]);
}

#[test]
fn a_shift_that_ends_before_it_starts_is_told_with_file_and_line() {
    assert_eq!(text(NATIVE, "9000", "-1"), ["E401 input:3: engineers[0].shifts[0]"]);
    let vroom = ["E401 input:1: vehicles[0], that is engineers[0].shifts[0]"];
    assert_eq!(text(VROOM, "9000", "-1"), vroom);
    assert_eq!(tables("9000", "-1"), ["E401 engineers.csv:2: engineers[0].shifts[0]"]);
}

#[test]
fn an_empty_file_is_called_empty() {
    let issues = io::read(&Source::text(" \n"), None).expect_err("empty");
    assert_eq!(issues.0[0].cause, "it is empty");
}

#[test]
fn speeds_by_hour_are_told_with_their_place() {
    let hours = |speeds: &str| {
        let traffic = format!("\"traffic\": [{{\"speeds\": [{speeds}]}}],\n\"objective\"");
        text(NATIVE, "\"objective\"", &traffic)
    };
    assert_eq!(hours("[\"07:00\", 60], [\"09:00\", 100]"), [""; 0]);
    assert!(hours("[\"7:00\", 60]")[0].starts_with("E001 input:8:"));
    let unordered = hours("[\"09:00\", 60], [\"07:00\", 100]");
    assert!(
        unordered.len() == 1 && unordered[0].starts_with("E607 input:8: traffic[0]"),
        "{unordered:?}"
    );

    let table = "time,percent,profile\n07:00,60,\n00:00,50,car\n09:00,0,\n";
    let files = [("engineers.csv", ENGINEERS), ("tickets.csv", TICKETS), ("traffic.csv", table)];
    let file = |(name, text): (&str, &str)| File { name: name.into(), text: text.into() };
    let source = Source { files: files.map(file).to_vec(), ..Source::default() };
    assert_eq!(told(&source), ["E105 traffic.csv:4: traffic[0].speeds[1]"]);
}
