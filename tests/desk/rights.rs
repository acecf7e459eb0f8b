//! Who may do what: the table is complete, and it is read before anything happens.

use super::town::{Day, HOUR, job, km, town};
use fieldwright::dispatch::desk::{
    Act, Actor, Command, Duty, OfferPolicy, Phase, Proposal, RIGHTS, Refusal, Role, may,
};
use fieldwright::model::{Agreement, Engineer, Ticket, Window};
use fieldwright::units::Instant;
use serde::de::DeserializeOwned;

const ROLES: [Role; 5] =
    [Role::Support, Role::Engineer, Role::Manager, Role::System, Role::Customer];

/// Where the desk takes a ticket for an emergency.
const EMERGENCY: u32 = 1_000_000;

/// Ada is on her way to T1 and has T2, bob is asked about T3, nobody can do T4, and T5 is cancelled.
fn live() -> Day {
    let mut day = Day::open(&town(&[("ada", 1.0), ("bob", 5.0)]), OfferPolicy::default());
    for id in ["T1", "T2"] {
        day.request(job(id, 0.0));
        day.accept("ada", id);
    }
    day.act(&ada(), "T1", Act::Depart);
    day.request(job("T3", 9.0));
    let mut roof = job("T4", 0.0);
    roof.skills.all[0].skill = "roof".into();
    day.request(roof);
    day.request(job("T5", 0.0));
    day.act(&Actor::support("sue"), "T5", Act::Cancel { reason: "works again".into() });
    assert_eq!((day.asked("T3"), day.route("ada")), (vec!["bob"], vec!["T2"]));
    day
}

fn ada() -> Actor {
    Actor::engineer("ada")
}

fn customer(id: &str) -> Actor {
    Actor::new(Role::Customer, id)
}

fn system() -> Actor {
    Actor::new(Role::System, "portal")
}

fn cancel() -> Act {
    Act::Cancel { reason: "works again".into() }
}

fn reopen() -> Act {
    Act::Reopen { reason: "it drips again".into(), due: None }
}

/// A ticket that names its customer.
fn of(customer: &str, id: &str) -> Ticket {
    Ticket { customer: Some(customer.into()), ..job(id, 0.0) }
}

/// One command of each name, about what is on that day.
fn one_of_each() -> Vec<Command> {
    let reason = || "so".to_owned();
    let (later, engineer) = (Instant(HOUR), || "ada".to_owned());
    let tickets = [
        ("T2", Act::Triage { ticket: Box::new(job("T2", 1.0)) }),
        ("T2", Act::Merge { into: "T3".into() }),
        ("T2", Act::Hold { reason: reason(), review: later }),
        ("T2", Act::Resume),
        ("T2", cancel()),
        ("T5", reopen()),
        ("T4", Act::Offer),
        ("T4", Act::Recommend),
        ("T3", Act::OfferTo { engineer: engineer() }),
        ("T3", Act::Accept { offer: 2, epoch: 1 }),
        ("T3", Act::Decline { offer: 2, reason: reason() }),
        ("T3", Act::CounterOffer { offer: 2, window: Window::new(later, later) }),
        ("T4", Act::Consent { agreed: true }),
        ("T2", Act::Release { reason: reason() }),
        ("T4", Act::Assign { engineer: engineer(), reason: reason() }),
        ("T4", Act::Emergency { due: later }),
        ("T2", Act::Depart),
        ("T1", Act::Arrive),
        ("T1", Act::Start),
        ("T1", Act::Pause { reason: reason() }),
        ("T1", Act::Overrun { until: later }),
        ("T1", Act::Finish),
        ("T1", Act::CannotComplete { reason: reason() }),
        ("T1", Act::CustomerAbsent),
    ];
    let duties = [
        Duty::OnDuty,
        Duty::OffDuty { reason: reason() },
        Duty::Ill { from: later, reason: reason() },
        Duty::ReportPosition { place: km(2.0) },
    ];
    let cem = Engineer::new("cem", km(3.0), Instant(0), Instant(HOUR));
    let mut all = vec![
        Command::open(job("T9", 0.0)),
        Command::Enrol { engineer: Box::new(cem) },
        Command::SetPolicy { policy: Box::default() },
        Command::SetAgreement { agreement: Box::<Agreement>::default() },
        Command::CommitPlan { proposal: Box::<Proposal>::default() },
    ];
    all.extend(tickets.map(|(ticket, act)| Command::on(ticket, act)));
    all.extend(duties.map(|duty| Command::of("ada", duty)));
    all
}

/// The names that JSON may give in this field, as the error lists them for one that it may not.
fn names<T: DeserializeOwned>(field: &str) -> Vec<String> {
    let Err(error) = serde_json::from_str::<T>(&format!(r#"{{"{field}": "?"}}"#)) else {
        panic!("`?` is a name")
    };
    error.to_string().split('`').skip(3).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_command_there_is_has_one_row_and_who_is_not_in_it_changes_nothing() {
    let mut there_are = names::<Command>("command");
    // These two say what about.
    there_are.retain(|name| !["ticket", "engineer"].contains(&name.as_str()));
    there_are.extend(names::<Act>("do"));
    there_are.extend(names::<Duty>("do"));
    there_are.sort_unstable();
    let mut rows: Vec<&str> = RIGHTS.iter().map(|(name, _)| *name).collect();
    rows.sort_unstable();
    assert_eq!(there_are, rows);
    let commands = one_of_each();
    let mut tried: Vec<&str> = commands.iter().map(Command::name).collect();
    tried.sort_unstable();
    assert_eq!(tried, rows);

    let day = live();
    for command in &commands {
        let name = command.name();
        for role in ROLES {
            let mut desk = day.desk.branch();
            let answer = desk.apply(day.now, &Actor::new(role, "ada"), "another key", command);
            let refusal = Refusal::WrongRole { role, command: name };
            if may(role, name) {
                assert_ne!(answer, Err(refusal), "{role} may `{name}`");
            } else {
                assert_eq!(answer, Err(refusal));
                assert!(desk.state() == day.desk.state(), "`{name}` of {role} changed something");
            }
        }
    }
}

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
fn an_engineer_reports_and_answers_for_nobody_else() {
    let mut day = live();
    let bob = Actor::engineer("bob");
    let not_hers = Refusal::NotYours { actor: "bob".into(), engineer: "ada".into() };
    for (ticket, act) in [
        ("T1", Act::Arrive),
        ("T1", Act::Overrun { until: Instant(HOUR) }),
        ("T2", Act::Depart),
        ("T2", Act::Release { reason: "too far".into() }),
        ("T2", Act::Hold { reason: "parts".into(), review: Instant(HOUR) }),
    ] {
        assert_eq!(day.refused(&bob, ticket, act), not_hers);
    }
    let ill = Duty::Ill { from: Instant(0), reason: "fever".into() };
    for duty in [ill, Duty::OnDuty, Duty::ReportPosition { place: km(2.0) }] {
        let refusal = day.try_to(&bob, Command::of("ada", duty)).expect_err("not hers");
        assert_eq!(refusal, not_hers);
    }
    let (offer, _) = day.offer_to("bob", "T3");
    let no = Act::Decline { offer: offer.id, reason: "too far".into() };
    let refusal = day.refused(&ada(), "T3", no.clone());
    assert_eq!(refusal, Refusal::NotYours { actor: "ada".into(), engineer: "bob".into() });
    day.act(&bob, "T3", no);
}

#[test]
fn a_customer_may_cancel_and_reopen_his_own_ticket_and_not_anothers() {
    let mut day = Day::open(&town(&[("ada", 1.0)]), OfferPolicy::default());
    day.request(of("acme", "T1"));
    day.request(of("bolt", "T2"));
    day.request(job("T3", 0.0));
    let acme = customer("acme");
    let anothers = Refusal::NotYourTicket { actor: "acme".into(), ticket: "T2".into() };
    assert_eq!(day.refused(&acme, "T2", cancel()), anothers);
    assert_eq!(day.refused(&acme, "T2", Act::Consent { agreed: true }), anothers);
    // Nor is he told how far it has come.
    let stale = Command::on_version("T2", 77, cancel());
    assert_eq!(day.try_to(&acme, stale).expect_err("another's"), anothers);
    day.act(&Actor::support("sue"), "T2", cancel());
    assert_eq!(day.refused(&acme, "T2", reopen()), anothers);

    day.act(&acme, "T1", cancel());
    day.act(&acme, "T1", reopen());
    day.act(&acme, "T3", cancel());
    let phases = ["T1", "T2", "T3"].map(|id| day.case(id).phase);
    assert_eq!(phases, [Phase::Offered, Phase::Cancelled, Phase::Cancelled]);
    let text = "D103: acme has no say about T2, which is another customer's \
        (to do: act under the id of the customer it names, or as support or manager)";
    assert_eq!(anothers.to_string(), text);
}

#[test]
fn a_customer_opens_tickets_for_himself_or_for_nobody_by_name() {
    let mut day = Day::open(&town(&[("ada", 1.0)]), OfferPolicy::default());
    let acme = customer("acme");
    let refusal = day.try_to(&acme, Command::open(of("bolt", "T1"))).expect_err("another's");
    assert_eq!(refusal, Refusal::NotYourTicket { actor: "acme".into(), ticket: "T1".into() });
    assert!(day.desk.state().cases().is_empty());
    day.try_to(&acme, Command::open(of("acme", "T1"))).expect("his own");
    day.try_to(&acme, Command::open(job("T2", 0.0))).expect("nobody's by name");
}

#[test]
fn whose_ticket_became_part_of_anothers_cannot_cancel_that() {
    let mut day = Day::open(&town(&[("ada", 1.0)]), OfferPolicy::default());
    day.request(of("acme", "T1"));
    day.request(of("bolt", "T2"));
    day.act(&Actor::support("sue"), "T1", Act::Merge { into: "T2".into() });
    let refusal = day.refused(&customer("acme"), "T1", cancel());
    assert_eq!(refusal, Refusal::NotYourTicket { actor: "acme".into(), ticket: "T2".into() });
}

#[test]
fn who_may_not_declare_an_emergency_makes_none_by_its_priority() {
    let mut day = live();
    let urgent = |id, priority| Ticket { priority, ..job(id, 0.0) };
    for actor in [system(), customer("acme")] {
        let refusal = Refusal::WrongRole { role: actor.role, command: "emergency" };
        let before = day.desk.state().clone();
        let open = Command::open(urgent("leak", EMERGENCY));
        assert_eq!(day.try_to(&actor, open), Err(refusal));
        assert!(before == *day.desk.state());
    }
    let triage = |ticket| Act::Triage { ticket: Box::new(ticket) };
    let refusal = day.refused(&system(), "T2", triage(urgent("T2", EMERGENCY)));
    assert_eq!(refusal, Refusal::WrongRole { role: Role::System, command: "emergency" });
    // As urgent as anything that is none.
    day.act(&system(), "T2", triage(urgent("T2", EMERGENCY - 1)));
    day.try_to(&system(), Command::open(urgent("T6", EMERGENCY - 1))).expect("no emergency");
    day.try_to(&Actor::support("sue"), Command::open(urgent("T7", EMERGENCY))).expect("she may");
}

#[test]
fn what_is_an_emergency_already_may_be_corrected_by_who_may_not_declare_one() {
    let mut day = live();
    day.act(&Actor::manager("max"), "T2", Act::Emergency { due: Instant(HOUR) });
    let as_urgent = Ticket { priority: EMERGENCY, ..job("T2", 0.5) };
    let more = Ticket { priority: EMERGENCY + 1, ..as_urgent.clone() };
    let refusal = day.refused(&system(), "T2", Act::Triage { ticket: Box::new(more) });
    assert_eq!(refusal, Refusal::WrongRole { role: Role::System, command: "emergency" });
    day.act(&system(), "T2", Act::Triage { ticket: Box::new(as_urgent) });
    assert!(day.case("T2").is_emergency());
}

#[test]
fn an_emergency_that_is_over_is_not_started_anew_by_its_customer() {
    let mut day = Day::open(&town(&[("ada", 1.0)]), OfferPolicy::default());
    day.request(Ticket { priority: EMERGENCY, ..of("acme", "T1") });
    day.act(&customer("acme"), "T1", cancel());
    let refusal = day.refused(&customer("acme"), "T1", reopen());
    assert_eq!(refusal, Refusal::WrongRole { role: Role::Customer, command: "emergency" });
    day.act(&Actor::support("sue"), "T1", reopen());
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
