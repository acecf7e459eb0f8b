//! What stands around each event in the journal: who, for whom, because of what, in which story.

use super::morning;
use super::traffic::job;
use fieldwright::dispatch::desk::{Act, Actor, Command};
use fieldwright::journal::{Envelope, Memory, Store};
use fieldwright::units::Instant;

/// Support opens a leak and says ada's no for her; then the next one is asked.
fn refused_by_telephone() -> Vec<Envelope> {
    let (mut live, sue) = (morning(Memory::new()), Actor::support("sue"));
    live.apply(Instant(0), &sue, "1", &Command::open(job("leak", 1.0))).expect("taken");
    let offer = live.desk().state().case("leak").expect("opened").offers[0].clone();
    assert_eq!(offer.engineer, "ada");
    let no = Act::Decline { offer: offer.id, reason: "too far".into() };
    live.apply(Instant(60), &sue, "2", &Command::on("leak", no)).expect("taken");
    live.into_store().page(5, 100).expect("readable")
}

fn of_kind<'e>(log: &'e [Envelope], verb: &str) -> Vec<&'e Envelope> {
    let kind = format!("aftersales.dispatch.{verb}.v1");
    log.iter().filter(|event| event.kind == kind).collect()
}

#[test]
fn who_says_no_for_somebody_else_is_written_down_with_him() {
    let log = refused_by_telephone();
    let declined = &of_kind(&log, "declined")[0].actor;
    assert_eq!((declined.id.as_str(), declined.on_behalf_of.as_deref()), ("sue", Some("ada")));
    assert_eq!(of_kind(&log, "opened")[0].actor.on_behalf_of, None);
}

#[test]
fn what_follows_from_a_no_names_it_as_its_cause() {
    let log = refused_by_telephone();
    let no = of_kind(&log, "declined")[0].id;
    let causes: Vec<_> = of_kind(&log, "offered").iter().map(|event| event.causation).collect();
    assert_eq!(causes, [None, Some(no)], "the first was asked because of a command");
}

#[test]
fn all_that_happens_to_a_ticket_is_one_story() {
    let log = refused_by_telephone();
    assert!(log.len() > 3 && log.iter().all(|event| event.correlation.as_deref() == Some("leak")));
}
