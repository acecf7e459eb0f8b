//! Logs of old versions, written by another program (`tests/golden/journal/write.py`), replay for ever.

use fieldwright::journal::{Canonical, Envelope, Head, Upcaster, Upcasters, Uuid, verify};
use fieldwright::units::Instant;
use serde_json::{Value, json};

const V1: &str = include_str!("../golden/journal/v1.jsonl");

fn events() -> Vec<Envelope> {
    V1.lines().map(|line| Envelope::from_line(line).expect("an event")).collect()
}

#[test]
fn the_lines_of_version_1_are_read_verified_and_written_again() {
    let events = events();
    assert_eq!(events.len(), 6);
    let head = verify(Head::EMPTY, &events).expect("the chain holds");
    assert_eq!((head.position, head.recorded_at), (6, Instant(1_772_438_400 + 360)));
    let lines: String = events.iter().map(|event| event.to_line() + "\n").collect();
    assert_eq!(lines, V1);
}

#[test]
fn the_events_of_version_1_mean_what_they_meant() {
    let events = events();
    let title: Value = events[0].data.read().expect("JSON");
    assert_eq!(title["title"], "Kühlschrank \"tropft\" 漏水 \u{1f4a7}\n");
    assert_eq!((events[0].visibility.word(), events[2].device_seq), ("customer", Some(0)));
    assert_eq!(events[3].causation, Some(events[2].id));
    assert_eq!(events[4].actor.on_behalf_of.as_deref(), Some("fay"));
    assert_eq!((events[5].subject.as_str(), events[5].seq), ("T1", 2));
    assert!(events.iter().map(|event| event.id).is_sorted_by(|a: &Uuid, b| a < b));
}

#[test]
fn offers_of_version_1_are_raised_to_seconds() {
    let minutes = |old: Value| json!({"seconds": old["minutes"].as_i64().unwrap_or(0) * 60});
    let from = "aftersales.offer.sent.v1";
    let table = Upcasters::new(&[Upcaster { from, raise: minutes }]).expect("in order");
    let raised: Vec<(String, Canonical)> = events()
        .iter()
        .map(|event| table.raise(&event.kind, &event.data).expect("known"))
        .map(|(kind, data)| (kind.into_owned(), data.into_owned()))
        .collect();
    let offers: Vec<&str> = raised
        .iter()
        .filter(|(kind, _)| kind == "aftersales.offer.sent.v2")
        .map(|(_, data)| data.as_str())
        .collect();
    assert_eq!(offers, [r#"{"seconds":1800}"#, r#"{"seconds":2700}"#]);
    assert_eq!(raised[0].0, "aftersales.ticket.opened.v1", "the others stay as they are");
}

#[cfg(feature = "sqlite")]
#[test]
fn the_file_of_version_1_holds_the_same_log_and_goes_on() {
    use fieldwright::journal::{Sqlite, Store};
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log");
    std::fs::write(&path, include_bytes!("../golden/journal/v1.sqlite")).expect("a copy");
    let mut store = Sqlite::open(&path).expect("opens");
    assert_eq!(super::whole(&mut store), events());
    let next = super::batch_by("ada", "key 7", 1_772_440_000, &["T1"]);
    let next = store.append(&next, &mut fieldwright::rng::Rng::new(1, 0)).expect("recorded");
    assert_eq!((next.events[0].position, next.events[0].seq), (7, 3));
    assert_eq!(super::whole(&mut store).len(), 7);
}
