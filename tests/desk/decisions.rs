//! Decisions are made again from the log, and whatever was changed in it is found out.

use super::town::{Day, HOUR, MINUTE, job, town, verbs};
use fieldwright::dispatch::desk::{
    Act, Actor, Command, Cut, Decision, Desk, Event, Fact, Finder, Mode, OfferPolicy, Proposal,
    QuietHours, Role, Search,
};
use fieldwright::journal::Canonical;
use fieldwright::model::{Ticket, TimeOfDay, Window};
use fieldwright::units::{Instant, Seconds};

/// The verbs of the decisions, and whether each comes out the same.
fn again(log: &[Event]) -> Vec<(&'static str, bool)> {
    let verb = |decision: &Decision<'_>| verbs(std::slice::from_ref(decision.event))[0];
    Desk::decisions(log).map(|decision| (verb(&decision), decision.is_same())).collect()
}

/// Ada lets T1 lapse, bob takes it; T2 goes to cem by a manager, back on hold, and to ada by another.
fn day() -> Day {
    let people = [("ada", 0.0), ("bob", 5.0), ("cem", 40.0)];
    let mut day = Day::open(&town(&people), OfferPolicy::default());
    day.request(job("T1", 1.0));
    day.at(HOUR / 2);
    day.accept("bob", "T1");
    day.request(job("T2", 2.0));
    let manager = Actor::manager("max");
    let give = |day: &mut Day, engineer: &str| {
        let act = Act::Assign { engineer: engineer.into(), reason: "he knows the house".into() };
        let version = day.case("T2").version;
        day.try_to(&manager, Command::on_version("T2", version, act)).expect("not refused");
    };
    give(&mut day, "cem");
    let away = Act::Hold { reason: "customer away".into(), review: Instant(3 * HOUR) };
    day.act(&manager, "T2", away);
    day.at(HOUR);
    give(&mut day, "ada");
    day
}

#[test]
fn every_kind_of_decision_comes_out_again() {
    let mut day = day();
    let (manager, sue) = (Actor::manager("max"), Actor::support("sue"));
    // Somebody is named, would rather come later, and the customer agrees.
    day.request(job("T3", 3.0));
    day.act(&manager, "T3", Act::OfferTo { engineer: "cem".into() });
    let (offer, _) = day.offer_to("cem", "T3");
    let window = Window::new(Instant(4 * HOUR), Instant(5 * HOUR));
    day.act(&Actor::engineer("cem"), "T3", Act::CounterOffer { offer: offer.id, window });
    day.act(&sue, "T3", Act::Consent { agreed: true });
    // Somebody picks from a list.
    let (ticket, mode) = (Box::new(job("T4", 4.0)), Mode::Recommend);
    day.try_to(&sue, Command::Open { ticket, mode, requested: None }).expect("not refused");
    // Nobody can do it.
    let mut gas = job("T5", 5.0);
    gas.skills.all[0].level = 9;
    day.request(gas);
    // Nobody is asked now.
    let (from, to) = (TimeOfDay(0), TimeOfDay(7_200));
    let quiet = Some(QuietHours { from, to, unless_priority: 9, zone: None });
    let policy = Box::new(OfferPolicy { quiet, ..OfferPolicy::default() });
    day.try_to(&manager, Command::SetPolicy { policy }).expect("not refused");
    day.request(job("T6", 6.0));
    let all = again(&day.log);
    let expected = [
        "offered",
        "offered",
        "accepted",
        "offered",
        "assigned",
        "assigned",
        "offered",
        "offered",
        "assigned",
        "recommended",
        "escalated",
        "deferred",
    ];
    assert_eq!(all.iter().map(|it| it.0).collect::<Vec<_>>(), expected);
    assert!(all.iter().all(|it| it.1), "{all:?}");
}

/// The first decision that does not come out again once something is written otherwise in the log: its event's verb,
/// and the fields that differ.
fn found(log: &[Event], forge: impl Fn(&mut Fact)) -> (&'static str, Vec<String>) {
    let mut forged = log.to_vec();
    forged.iter_mut().for_each(|event| forge(&mut event.fact));
    let decision = Desk::decisions(&forged).find(|decision| !decision.is_same());
    let decision = decision.expect("it is found out");
    let fields = decision.differences().into_iter().map(|it| it.field).collect();
    (verbs(std::slice::from_ref(decision.event))[0], fields)
}

#[test]
fn what_was_forged_is_found_with_the_field_that_was_changed() {
    let day = day();
    let score = found(&day.log, |fact| {
        if let Fact::Offered { choice, .. } = fact
            && let Some(second) = choice.ranked.get_mut(1)
        {
            second.score[0] += 1;
        }
    });
    assert_eq!(score, ("offered", vec!["choice.ranked[1].score[0]".into()]));

    let passed_over = found(&day.log, |fact| {
        if let Fact::Offered { offers, .. } = fact {
            offers.iter_mut().for_each(|offer| offer.engineer = "cem".into());
        }
    });
    assert_eq!(passed_over, ("offered", vec!["offers[0].engineer".into()]));

    let route = found(&day.log, |fact| {
        if let Fact::Accepted { change, .. } = fact {
            change.routes[0].depart = Instant(7);
        }
    });
    assert_eq!(route, ("accepted", vec!["change.routes[0].depart".into()]));

    let alternatives = found(&day.log, |fact| {
        if let Fact::Assigned { choice, .. } = fact {
            choice.ranked.clear();
        }
    });
    assert_eq!(alternatives.0, "assigned");
    assert_eq!(alternatives.1[0], "choice.ranked[0]");
}

#[test]
fn where_a_ticket_goes_that_has_changed_is_decided_again() {
    let mut day = Day::open(&town(&[("ada", 0.0)]), OfferPolicy::default());
    for (id, at) in [("T1", 1.0), ("T2", 2.0), ("T3", 3.0)] {
        day.request(job(id, at));
        day.accept("ada", id);
    }
    // There is room for both before they were told that somebody comes.
    let (sue, manager) = (Actor::support("sue"), Actor::manager("max"));
    day.act(&sue, "T1", Act::Cancel { reason: "works again".into() });
    day.act(&manager, "T2", Act::Emergency { due: Instant(20 * MINUTE) });
    let ticket = Box::new(Ticket { due: Some(Instant(70 * MINUTE)), ..job("T3", 3.0) });
    day.act(&sue, "T3", Act::Triage { ticket });
    let all = again(&day.log);
    assert!(all.iter().all(|it| it.1), "{all:?}");
    assert_eq!(all.iter().filter(|it| it.0 == "plan_changed").count(), 2, "{all:?}");
    let (verb, fields) = found(&day.log, |fact| {
        if let Fact::PlanChanged { change, .. } = fact {
            change.calls.clear();
        }
    });
    assert_eq!((verb, fields), ("plan_changed", vec!["change.calls[0]".into()]));
}

/// Ada is given the job at bob's door and bob the one at hers; what `propose` finds better then is committed five minutes
/// later, when cem has got a job, too.
fn improved(propose: impl Fn(&Desk) -> Proposal) -> Day {
    let people = [("ada", 0.0), ("bob", 20.0), ("cem", 90.0)];
    let mut day = Day::open(&town(&people), OfferPolicy::default());
    let manager = Actor::manager("max");
    for (id, at, engineer) in [("T1", 19.0, "ada"), ("T2", 1.0, "bob")] {
        day.request(job(id, at));
        let version = day.case(id).version;
        let act = Act::Assign { engineer: engineer.into(), reason: "as told".into() };
        day.try_to(&manager, Command::on_version(id, version, act)).expect("his");
    }
    let proposal = Box::new(propose(&day.desk));
    day.request(job("T3", 91.0));
    day.accept("cem", "T3");
    day.at(5 * MINUTE);
    let rolling = Actor::new(Role::System, "rolling");
    day.try_to(&rolling, Command::CommitPlan { proposal }).expect("not refused");
    day
}

fn by_slice(desk: &Desk) -> Proposal {
    let margin = vec![1, i64::MAX, 1, 1];
    let cut = |n: u64| Cut { seed: u64::MAX - n, margin: margin.clone(), ..Cut::default() };
    let slices = (0..8).filter_map(|n| desk.slice(Instant(0), &cut(n)).expect("sound"));
    let mut found = slices.filter_map(|slice| slice.improve().expect("sound"));
    found.next().expect("something better")
}

#[test]
fn what_a_search_found_is_found_again_from_the_desk_as_it_was_then() {
    let search = Search { iterations: 200, seed: u64::MAX, moves: 2 };
    let by_search = |desk: &Desk| desk.propose(Instant(0), &["ada", "bob"], search).expect("sound");
    for (day, by) in [(improved(by_slice), "a slice"), (improved(by_search), "a search")] {
        let all = again(&day.log);
        assert_eq!(all.last(), Some(&("plan_changed", true)), "{all:?}");
        let event = day.log.last().expect("committed");
        let Fact::PlanChanged { found: Some(found), .. } = &event.fact else { panic!("{event:?}") };
        assert!(found.after < found.before, "{found:?}");
        assert!(found.seq < event.seq && found.at < event.at, "cem's job came between");
        // A journal takes it, whatever the seed.
        assert!(Canonical::of(event).is_ok());
        let json = serde_json::to_string(event).expect("serializes");
        assert_eq!(serde_json::from_str::<Event>(&json).expect("reads"), *event);
        let text = Desk::decisions(&day.log).last().expect("committed").to_string();
        assert!(text.contains(&format!("found by {by} at 0, before event 12")), "{text}");
    }
}

#[test]
fn better_routes_that_were_forged_are_found_out() {
    let day = improved(by_slice);
    let (verb, fields) = found(&day.log, |fact| {
        if let Fact::PlanChanged { found: Some(found), .. } = fact {
            found.before[1] += 60;
        }
    });
    assert_eq!((verb, fields), ("plan_changed", vec!["found.before[1]".into()]));

    let (_, fields) = found(&day.log, |fact| {
        if let Fact::PlanChanged { change, .. } = fact {
            change.calls.clear();
        }
    });
    assert_eq!(fields[0], "change.calls[0]");

    // With another margin nothing would have been found.
    let (_, fields) = found(&day.log, |fact| {
        if let Fact::PlanChanged { found: Some(found), .. } = fact
            && let Finder::Slice(cut) = &mut found.by
        {
            cut.margin = vec![1 << 40; 9];
        }
    });
    assert_eq!(fields, ["type"]);
}

#[test]
fn decisions_under_another_policy_come_out_otherwise() {
    let day = day();
    let expiry = found(&day.log, |fact| {
        if let Fact::DeskOpened { policy, .. } = fact {
            policy.expiry = Seconds(10 * MINUTE);
        }
    });
    assert_eq!(expiry, ("offered", vec!["offers[0].expires".into()]));
}

#[test]
fn a_decision_is_told_with_its_alternatives() {
    let day = day();
    let text = Desk::decisions(&day.log).next().expect("the first offer").to_string();
    let begins = "\
event 5 at 0, T1: offered to ada until 1800
  3 of 3 can take it, by score
    1. ada: ";
    assert!(text.starts_with(begins), "{text}");
    assert!(text.ends_with("  made again: the same\n"), "{text}");
}
