//! Caps that several engineers share: nobody's day alone shows them.

use super::town::{Day, HOUR, job, town, verbs};
use fieldwright::dispatch::desk::{Act, Actor, Command, Escalation, OfferPolicy, Phase};
use fieldwright::model::{Region, Ticket};

/// Three engineers of the south, and a north that may borrow one visit.
fn day() -> Day {
    let mut world = town(&[("ada", 1.0), ("bob", 5.0), ("cem", 9.0)]);
    let region = |id: &str| Region { id: id.into(), ..Region::default() };
    world.regions = vec![region("south"), Region { borrow_cap: Some(1), ..region("north") }];
    for engineer in &mut world.engineers {
        (engineer.region, engineer.lendable) = (Some("south".into()), true);
    }
    Day::open(&world, OfferPolicy::default())
}

fn north(id: &str, at: f64) -> Ticket {
    Ticket { region: Some("north".into()), ..job(id, at) }
}

#[test]
fn what_one_engineer_has_of_a_cap_nobody_else_has() {
    let mut day = day();
    day.request(north("T1", 0.0));
    day.accept("ada", "T1");
    day.request(north("T2", 5.0));
    assert_eq!(day.case("T2").escalated, Some(Escalation::Nobody), "one visit is borrowed");
    // Whoever has a visit already keeps it when his day is timed anew.
    for act in [Act::Depart, Act::Arrive, Act::Start] {
        day.act(&Actor::engineer("ada"), "T1", act);
    }
    assert_eq!(day.case("T1").phase, Phase::Working);
    day.at(HOUR / 2);
    let events = day.act(&Actor::engineer("ada"), "T1", Act::Finish);
    assert_eq!(verbs(&events), ["finished", "offered"], "then somebody may be borrowed again");
}

#[test]
fn of_two_who_are_asked_only_the_first_can_be_borrowed() {
    let mut day = day();
    day.request(north("T1", 0.0));
    day.request(north("T2", 5.0));
    assert_eq!((day.asked("T1"), day.asked("T2")), (vec!["ada"], vec!["bob"]));
    day.accept("bob", "T2");
    assert_eq!(verbs(&day.accept("ada", "T1")), ["withdrawn", "escalated"]);
    assert_eq!(day.case("T1").escalated, Some(Escalation::Nobody));
}

#[test]
fn a_manager_gives_a_borrowed_visit_to_somebody_else_within_the_cap() {
    let mut day = day();
    day.request(north("T1", 0.0));
    day.accept("ada", "T1");
    let version = day.case("T1").version;
    let to_bob = Act::Assign { engineer: "bob".into(), reason: "he knows the house".into() };
    let command = Command::on_version("T1", version, to_bob);
    day.try_to(&Actor::manager("max"), command).expect("not refused");
    let holder = day.case("T1").holder.clone().expect("somebody has it");
    assert_eq!((holder.engineer.as_str(), holder.against_rules), ("bob", false));
}
