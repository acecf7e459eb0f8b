//! Which commitment a ticket has: the most specific one, and an error where there is none.

use crate::clock::{ClockError, Facts, Terms};
use crate::model::{Agreement, ClockKind, Commitment, Place, Promise, Region, Selector, Ticket};
use crate::units::Seconds;

fn commitment(id: &str, selector: Selector) -> Commitment {
    let promise = Promise::new(ClockKind::Arrival, Seconds(60));
    Commitment { id: id.into(), selector, promise }
}

fn everybody() -> Commitment {
    commitment("everybody", Selector::default())
}

fn customer() -> Commitment {
    commitment("customer", Selector { customer: Some("acme".into()), ..Selector::default() })
}

fn urgent() -> Commitment {
    commitment("urgent", Selector { priority: Some(3), ..Selector::default() })
}

fn both() -> Commitment {
    let selector = Selector { priority: Some(3), ..customer().selector };
    commitment("both", selector)
}

fn region(name: &str) -> Commitment {
    commitment(name, Selector { region: Some(name.into()), ..Selector::default() })
}

fn facts() -> Facts<'static> {
    let regions = vec!["harbour", "city"];
    Facts { customer: Some("acme"), priority: Some(3), regions, ..Facts::default() }
}

/// The chosen id, or the two that tie, whatever the order in which the commitments are described.
fn chosen(commitments: &[Commitment], facts: &Facts) -> Result<Option<String>, [String; 2]> {
    let ask = |commitments: Vec<Commitment>| {
        let terms = Terms::compile(&Agreement { calendars: vec![], commitments }).expect("sound");
        match terms.choose(ClockKind::Arrival, facts) {
            Ok(found) => Ok(found.map(|it| it.id.clone())),
            Err(ClockError::Tie { first, second, .. }) => {
                let mut two = [first, second];
                two.sort();
                Err(two)
            }
            Err(other) => panic!("{other}"),
        }
    };
    let answer = ask(commitments.to_vec());
    assert_eq!(ask(commitments.iter().rev().cloned().collect()), answer);
    answer
}

#[test]
fn the_most_specific_commitment_wins() {
    assert_eq!(chosen(&[everybody(), customer()], &facts()), Ok(Some("customer".into())));
    let all = [everybody(), customer(), both(), urgent()];
    assert_eq!(chosen(&all, &facts()), Ok(Some("both".into())));
}

#[test]
fn what_does_not_fit_does_not_take_part() {
    let stranger = Facts { customer: Some("other"), ..Facts::default() };
    assert_eq!(chosen(&[customer(), both()], &stranger), Ok(None));
    assert_eq!(chosen(&[everybody(), customer()], &stranger), Ok(Some("everybody".into())));
    // What is not known of a ticket is not taken to fit.
    assert_eq!(chosen(&[customer(), urgent()], &Facts::default()), Ok(None));
}

#[test]
fn a_tie_is_an_error_that_names_both() {
    let tied = Err(["customer".into(), "urgent".into()]);
    assert_eq!(chosen(&[everybody(), customer(), urgent()], &facts()), tied);
    let error = ClockError::Tie {
        kind: ClockKind::Arrival,
        first: "customer".into(),
        second: "urgent".into(),
    };
    assert!(error.to_string().starts_with("`customer` and `urgent` both promise arrival"));
}

#[test]
fn the_inner_region_wins_over_the_one_around_it() {
    let both = [region("city"), region("harbour")];
    assert_eq!(chosen(&both, &facts()), Ok(Some("harbour".into())));
    let uptown = Facts { regions: vec!["uptown", "city"], ..Facts::default() };
    assert_eq!(chosen(&both, &uptown), Ok(Some("city".into())));
    // A region says nothing about a customer, however small it is.
    let tied = Err(["customer".into(), "harbour".into()]);
    assert_eq!(chosen(&[region("harbour"), customer()], &facts()), tied);
}

#[test]
fn other_clocks_do_not_take_part() {
    let mut other = customer();
    other.promise.clock = ClockKind::Resolution;
    assert_eq!(chosen(&[everybody(), other], &facts()), Ok(Some("everybody".into())));
}

#[test]
fn a_ticket_tells_its_priority_and_the_regions_around_it() {
    let region = |id: &str, parent: Option<&str>| Region {
        id: id.into(),
        parent: parent.map(str::to_owned),
        ..Region::default()
    };
    let mut regions = vec![region("city", None), region("harbour", Some("city"))];
    let mut ticket = Ticket::new("T1", Place::at(0., 0.), Seconds(0));
    ticket.priority = 3;
    ticket.region = Some("harbour".into());
    let facts = Facts::of(&ticket, &regions);
    assert_eq!((facts.priority, facts.regions), (Some(3), vec!["harbour", "city"]));
    regions[0].parent = Some("harbour".into());
    assert_eq!(Facts::of(&ticket, &regions).regions, ["harbour", "city"]);
}

#[test]
fn a_running_clock_keeps_its_promise_when_the_agreement_changes() {
    let mut agreement = Agreement { calendars: vec![], commitments: vec![everybody()] };
    let old = Terms::compile(&agreement).expect("sound");
    let zero = crate::units::Instant(0);
    let clock = old.start(ClockKind::Arrival, &facts(), zero).unwrap().expect("promised");
    agreement.commitments[0].promise.within = Seconds(1);
    let new = Terms::compile(&agreement).expect("sound");
    assert_eq!(new.read(&clock).unwrap().deadline(), Ok(Some(crate::units::Instant(60))));
    let mut lost = clock.clone();
    lost.promise.calendar = Some("office".into());
    let name = "office".to_owned();
    assert_eq!(new.read(&lost).err(), Some(ClockError::UnknownCalendar { name }));
}
