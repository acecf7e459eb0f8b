//! Who may do what: the table is complete, and it is read before anything happens.

use super::town::{Day, job, town};
use fieldwright::dispatch::desk::{Act, Actor, OfferPolicy, RIGHTS, Refusal, Role, may};

#[test]
fn a_role_without_the_right_is_refused_before_anything_else() {
    let mut day = Day::open(&town(&[("ada", 1.0)]), OfferPolicy::default());
    day.request(job("T1", 0.0));
    let act = Act::Assign { engineer: "ada".into(), reason: "mine".into() };
    for role in [Role::Support, Role::Engineer, Role::System, Role::Customer] {
        let refusal = day.refused(&Actor::new(role, "ada"), "no such ticket", act.clone());
        assert_eq!(refusal, Refusal::WrongRole { role, command: "assign" });
    }
}

#[test]
fn an_engineer_speaks_for_himself_only_but_support_may_take_his_call() {
    let mut day = Day::open(&town(&[("ada", 1.0), ("bob", 5.0)]), OfferPolicy::default());
    day.request(job("T1", 0.0));
    let (offer, epoch) = day.offer_to("ada", "T1");
    let yes = Act::Accept { offer: offer.id, epoch };
    let refusal = day.refused(&Actor::engineer("bob"), "T1", yes.clone());
    assert_eq!(refusal, Refusal::NotYours { actor: "bob".into(), engineer: "ada".into() });
    day.act(&Actor::support("sue"), "T1", yes);
}

#[test]
fn every_command_is_in_the_table_once() {
    let mut names: Vec<&str> = RIGHTS.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    assert!(!may(Role::Manager, "no such command"));
    // Commands name themselves in JSON as they do in the table.
    let act = serde_json::to_value(Act::CannotComplete { reason: "x".into() }).expect("serializes");
    assert!(names.contains(&act["do"].as_str().expect("a name")));
}

#[test]
fn every_refusal_says_what_to_do() {
    let refusal = Refusal::TicketExists { ticket: "T1".into() };
    let text = "D403: there is a ticket `T1` already (to do: choose another id, or triage the one there is)";
    assert_eq!(refusal.to_string(), text);
}
