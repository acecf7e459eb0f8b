//! Tiny days whose outcome is known, a twin that tries every order, and laws on many drawn days.

use super::{Day, Leave, Options};
use crate::model::{
    Criterion, Depot, Engineer, Objective, OwnedSkill, Place, SkillNeed, Ticket, TravelMode,
    Window, World,
};
use crate::plan;
use crate::rng::Rng;
use crate::solve::Budget;
use crate::units::{Instant, Seconds};

fn options(leave: Leave) -> Options {
    let budget = Budget::iterations(200);
    Options { first: budget.clone(), each: budget, seed: 1, threads: Some(1), leave }
}

/// One engineer at 0 on a line, at work from 0 to 1000.
fn line() -> World {
    let mut world = World::new(TravelMode::Euclid { scale: 1, nearest: true });
    world.objective = Objective::of(&[&[(Criterion::Unserved, 1)], &[(Criterion::Work, 1)]]);
    let home = Place::xy(0.0, 0.0);
    world.engineers.push(Engineer::new("ada", home, Instant(0), Instant(1_000)));
    world
}

fn ticket(id: &str, x: i64, opens: i64, closes: i64) -> Ticket {
    let mut ticket = Ticket::new(id, Place::xy(x as f64, 0.0), Seconds(10));
    ticket.windows = vec![Window::new(Instant(opens), Instant(closes))];
    ticket
}

#[test]
fn what_is_reported_too_late_is_refused() {
    let mut day = Day::begin(line(), options(Leave::JustInTime)).expect("begins");
    let refused =
        day.report(Instant(100), vec![ticket("far", 60, 0, 159), ticket("gone", 1, 0, 99)]);
    assert_eq!(refused.expect("plans"), ["gone", "far"]);
    assert!(day.report(Instant(100), vec![ticket("near", 59, 0, 159)]).expect("plans").is_empty());
    let (world, plan) = day.finish().expect("ends");
    assert_eq!(plan::check(&world, &plan), []);
    assert_eq!(plan.routes[0].depart, Instant(100));
}

#[test]
fn who_waits_where_he_is_can_still_be_sent_elsewhere() {
    for (leave, expected) in [(Leave::AtOnce, vec!["new"]), (Leave::JustInTime, vec![])] {
        let mut world = line();
        world.tickets.push(ticket("far", 200, 500, 600));
        let mut day = Day::begin(world, options(leave)).expect("begins");
        let refused = day.report(Instant(10), vec![ticket("new", -20, 0, 60)]).expect("plans");
        assert_eq!(refused, expected, "{leave:?}");
        let (world, plan) = day.finish().expect("ends");
        assert_eq!(plan::check(&world, &plan), []);
        assert_eq!(plan.visit_of("far").map(|(_, stop)| stop.start), Some(Instant(500)));
    }
}

#[test]
fn a_ticket_on_the_way_is_put_between() {
    let mut world = line();
    world.tickets = vec![ticket("a", 10, 0, 100), ticket("c", 300, 400, 500)];
    let mut day = Day::begin(world, options(Leave::JustInTime)).expect("begins");
    assert!(day.report(Instant(50), vec![ticket("b", 150, 0, 900)]).expect("plans").is_empty());
    let (_, plan) = day.finish().expect("ends");
    assert_eq!(plan.routes[0].tickets().collect::<Vec<_>>(), ["a", "b", "c"]);
}

#[test]
fn a_promise_is_not_given_up_for_tickets_that_are_worth_more() {
    let mut world = line();
    world.tickets.push(ticket("promised", 100, 100, 100));
    let mut day = Day::begin(world, options(Leave::JustInTime)).expect("begins");
    let mut dear = ticket("dear", -100, 100, 100);
    dear.priority = 50;
    assert_eq!(day.report(Instant(0), vec![dear]).expect("plans"), ["dear"]);
}

#[test]
fn limits_that_count_the_past_are_refused_by_name() {
    let mut world = line();
    world.engineers[0].shifts[0].max_duration = Some(Seconds(10));
    let issues = Day::begin(world, options(Leave::AtOnce)).expect_err("counts the past");
    assert!(issues.to_string().contains("`max_duration`"), "{issues}");
}

/// Whether somebody who is free at this moment at `x` can make all of these visits in some order.
fn fits(free: i64, x: i64, left: &[(i64, i64, i64)]) -> bool {
    if left.is_empty() {
        return free + x.abs() <= 1_000;
    }
    (0..left.len()).any(|next| {
        let (at, opens, closes) = left[next];
        let start = (free + (at - x).abs()).max(opens);
        let mut rest = left.to_vec();
        rest.remove(next);
        start <= closes && fits(start + 10, at, &rest)
    })
}

#[test]
fn the_twin_that_tries_every_order_refuses_the_same() {
    for seed in 0..60 {
        let mut rng = Rng::new(seed, 0);
        let mut draw = |from: i64| {
            let opens = from + rng.between(0, 300);
            (rng.between(-150, 150), opens, opens + rng.between(20, 120))
        };
        let mut day = Day::begin(line(), options(Leave::JustInTime)).expect("begins");
        for event in 0..6 {
            let (now, drawn) = (80 * event, draw(80 * event));
            let id = event.to_string();
            let refused = day.report(Instant(now), vec![ticket(&id, drawn.0, drawn.1, drawn.2)]);
            let trail = &day.trails()[0];
            let x_of = |place: Place| place.point().map_or(0, |[x, _]| x as i64);
            let x = x_of(trail.place);
            let mut left: Vec<(i64, i64, i64)> = day
                .waiting
                .iter()
                .filter(|ticket| ticket.id != id)
                .map(|ticket| {
                    let window = ticket.windows[0];
                    (x_of(ticket.place), window.earliest.0, window.latest.0)
                })
                .collect();
            left.push(drawn);
            let is_kept = refused.expect("plans").is_empty();
            assert_eq!(
                is_kept,
                fits(trail.free.0.max(now), x, &left),
                "seed {seed}, event {event}"
            );
        }
    }
}

/// A drawn day: skills, parts that run out, a depot, windows; some known, the rest in batches.
fn drawn(seed: u64) -> (World, Vec<(Instant, Vec<Ticket>)>) {
    let mut rng = Rng::new(seed, 1);
    let mut world = line();
    world.engineers.clear();
    let mut place = {
        let mut rng = Rng::new(seed, 2);
        move || Place::xy(rng.between(-90, 90) as f64, rng.between(-90, 90) as f64)
    };
    for id in ["ada", "bob", "cyd"] {
        let mut engineer = Engineer::new(id, place(), Instant(0), Instant(1_000));
        engineer.skills.push(OwnedSkill::new("any", 1));
        if rng.one_in(2) {
            engineer.skills.push(OwnedSkill::new("rare", 1));
        }
        engineer.van.parts.insert("fuse".into(), 1);
        world.engineers.push(engineer);
    }
    world.depots.push(Depot { id: "store".into(), place: place(), service: Seconds(5) });
    let mut reports: Vec<(Instant, Vec<Ticket>)> = Vec::new();
    for number in 0..18 {
        let now = 40 * (number / 3 * 3 - 6).max(-1);
        let opens = now.max(0) + rng.between(0, 350);
        let mut ticket = ticket(&number.to_string(), 0, opens, opens + rng.between(10, 200));
        ticket.place = place();
        let skill = if rng.one_in(3) { "rare" } else { "any" };
        ticket.skills.all.push(SkillNeed::new(skill, 1));
        if rng.one_in(2) {
            ticket.needs.parts.insert("fuse".into(), 1);
        }
        match reports.last_mut() {
            _ if now < 0 => world.tickets.push(ticket),
            Some((moment, batch)) if moment.0 == now => batch.push(ticket),
            _ => reports.push((Instant(now), vec![ticket])),
        }
    }
    (world, reports)
}

#[test]
fn on_every_drawn_day_the_past_stands_and_what_was_done_checks() {
    for seed in 0..40 {
        let (world, reports) = drawn(seed);
        let leave = [Leave::AtOnce, Leave::JustInTime][seed as usize % 2];
        let mut known: Vec<(String, Instant)> = Vec::new();
        let mut day = Day::begin(world, options(leave)).expect("begins");
        for (now, tickets) in reports {
            known.extend(tickets.iter().map(|ticket| (ticket.id.clone(), now)));
            let before = day.trails().to_vec();
            day.report(now, tickets).expect("plans");
            for (old, new) in before.iter().zip(day.trails()) {
                assert_eq!(new.legs[..old.legs.len()], old.legs[..], "seed {seed}");
            }
        }
        let mut end = day.clone();
        end.advance(Instant(i64::MAX));
        for leg in end.trails().iter().flat_map(|trail| &trail.legs) {
            let reported = known.iter().find(|(id, _)| *id == leg.stop.id);
            assert!(reported.is_none_or(|(_, moment)| leg.left >= *moment), "seed {seed}: {leg:?}");
        }
        let refused = day.refused().len();
        let (world, plan) = day.finish().expect("ends");
        assert_eq!(plan::check(&world, &plan), [], "seed {seed}");
        assert_eq!((plan.visits().count() + refused, plan.unassigned.len()), (18, refused));
    }
}
