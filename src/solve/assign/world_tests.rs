//! Assignment of whole worlds: what holds for every answer, on worlds that use everything.

use super::arcs_of::Candidates;
use super::{AssignOptions, Assignment, Effort, Method, Sides, assign};
use crate::model::{Engineer, Place, RegionFit, Ticket, TravelMode, World};
use crate::plan::Rule;
use crate::problem::Problem;
use crate::solve::route::{Arena, State};
use crate::testworld;
use crate::units::{Instant, Seconds};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn problem(seed: u64) -> Problem {
    Problem::build(testworld::random(seed)).expect("a sound world")
}

/// Options that differ with the seed.
fn options(seed: u64, method: Method) -> AssignOptions {
    AssignOptions {
        method,
        per_shift: [None, Some(1), Some(3)][seed as usize % 3],
        sides: Sides {
            hours: seed.is_multiple_of(2),
            borrow_caps: !seed.is_multiple_of(5),
            changes: !seed.is_multiple_of(11),
            balance: if seed.is_multiple_of(4) { 500 } else { 0 },
            parts: if seed.is_multiple_of(7) {
                [("board".to_owned(), 1)].into()
            } else {
                BTreeMap::new()
            },
        },
        seconds: 0.05,
        ..AssignOptions::default()
    }
}

/// Indexes of the ticket and the shift of every pair.
fn indexes(problem: &Problem, assignment: &Assignment) -> Vec<(u32, u32)> {
    let index = |pair: &super::Pair| {
        let t = problem.ticket_indexes().find(|&t| problem.ticket_id(t) == pair.ticket);
        let s = problem.shift_indexes().find(|&s| problem.shift_id(s) == pair.shift);
        (t.expect("a ticket"), s.expect("a shift"))
    };
    assignment.pairs.iter().map(index).collect()
}

proptest! {
    #[test]
    fn every_answer_keeps_the_rules(seed: u64) {
        let problem = problem(seed);
        for method in [Method::Greedy, Method::Exact, Method::Lp] {
            let options = options(seed, method);
            let assignment = assign(&problem, &options).expect("costs fit");
            let pairs = indexes(&problem, &assignment);
            prop_assert_eq!(pairs.len() + assignment.unassigned.len(), problem.tickets.len());
            let (mut seconds, mut visits) = (BTreeMap::new(), BTreeMap::new());
            let (mut borrowed, mut boards) = (BTreeMap::new(), 0);
            for &(t, s) in &pairs {
                prop_assert!(problem.admits(t, s));
                let shift = &problem.shifts[s as usize];
                let site = problem.tickets[t as usize].site;
                let mut spent = problem.service(t, s) + problem.setup(t, shift.from);
                spent += problem.travel.leg(shift.profile, shift.from, site).seconds;
                if shift.to != crate::problem::NONE {
                    spent += problem.travel.leg(shift.profile, site, shift.to).seconds;
                }
                *seconds.entry(s).or_insert(0) += spent;
                *visits.entry(s).or_insert(0u32) += 1;
                if problem.region_fit(t, s).0 == RegionFit::Borrowed {
                    *borrowed.entry(problem.tickets[t as usize].region).or_insert(0u32) += 1;
                }
                let parts = &problem.world().tickets[t as usize].needs.parts;
                boards += parts.get("board").copied().unwrap_or(0);
            }
            for (&s, &count) in &visits {
                let most = options.per_shift.unwrap_or(u32::MAX);
                prop_assert!(count <= most.min(problem.shifts[s as usize].max_tickets));
                let shift = &problem.shifts[s as usize];
                let rest: i64 = problem.breaks(s).iter().map(|pause| pause.duration).sum();
                prop_assert!(!options.sides.hours || seconds[&s] <= shift.end - shift.start - rest);
            }
            prop_assert_eq!(visits.values().copied().max().unwrap_or(0), assignment.fullest);
            for (region, count) in borrowed {
                let cap = problem.borrow_caps[region as usize];
                prop_assert!(!options.sides.borrow_caps || count <= cap);
            }
            let changes = pairs.iter().filter(|&&(t, s)| problem.is_change(t, s)).count();
            prop_assert!(!options.sides.changes || changes <= problem.max_changes as usize);
            if let Some(&there) = options.sides.parts.get("board") {
                prop_assert!(boards <= there);
            }
        }
    }

    #[test]
    fn bounds_scores_and_reasons_are_consistent(seed: u64) {
        let problem = problem(seed);
        let options = options(seed, Method::Exact);
        let exact = assign(&problem, &options).expect("costs fit");
        prop_assert_eq!(&exact, &assign(&problem, &options).expect("costs fit"), "repeatable");
        let bound = exact.bound.expect("exact answers have a bound");
        prop_assert!(bound.at_least <= bound.cost);
        let greedy = AssignOptions { method: Method::Greedy, ..options.clone() };
        let greedy = assign(&problem, &greedy).expect("costs fit");
        let worth = |assignment: &Assignment| -> i64 {
            let worth = |left: &crate::plan::Unassigned| {
                let tickets = problem.ticket_indexes();
                let mut tickets = tickets.filter(|&t| problem.ticket_id(t) == left.ticket);
                tickets.next().map_or(0, |t| problem.tickets[t as usize].worth)
            };
            assignment.unassigned.iter().map(worth).sum()
        };
        if bound.is_optimal() {
            prop_assert!(worth(&exact) <= worth(&greedy));
        }
        for pair in &exact.pairs {
            for (level, &score) in pair.explanation.score.iter().enumerate() {
                let parts = pair.explanation.contributions.iter();
                let points = parts.filter(|part| part.level == level).map(|part| part.points);
                prop_assert_eq!(points.sum::<i64>(), score);
            }
        }
        for left in &exact.unassigned {
            let shifts: u32 = left.reasons.values().sum();
            prop_assert_eq!(shifts as usize, problem.shifts.len());
            prop_assert!(!left.reasons.contains_key(&Rule::Fits), "{:?} could be served", left);
        }
    }

    #[test]
    fn a_pair_is_a_candidate_exactly_where_nothing_stands_in_the_way(seed: u64) {
        let problem = problem(seed);
        let arena = Arena::for_answers(&problem).expect("compiles");
        let empty = State::empty(&arena);
        let candidates = Candidates::new(&empty);
        for (t, row) in (0..).zip(candidates.all(usize::MAX)) {
            let found: Vec<u32> = row.iter().map(|pairing| pairing.s).collect();
            let fits = |&s: &u32| empty.obstacle(t, s).rule == Rule::Fits;
            prop_assert_eq!(found, problem.shift_indexes().filter(fits).collect::<Vec<_>>());
        }
    }

    #[test]
    fn few_candidates_never_leave_a_ticket_out_that_has_room_elsewhere(seed: u64) {
        let problem = problem(seed);
        let few = AssignOptions { candidates: 1, ..options(seed, Method::Exact) };
        let answer = assign(&problem, &few).expect("costs fit");
        for left in &answer.unassigned {
            prop_assert!(!left.reasons.contains_key(&Rule::Fits), "{:?} could be served", left);
        }
    }
}

/// Three tickets at ada's door that ben was told he would have, and room for all of them on both.
fn told_to_the_other() -> World {
    let mut world = World::new(TravelMode::car(36_000));
    for (name, lat) in [("ada", 52.50), ("ben", 52.60)] {
        let (start, end) = (Instant(0), Instant(28_800));
        world.engineers.push(Engineer::new(name, Place::at(lat, 13.40), start, end));
    }
    for number in 1..=3 {
        let place = Place::at(52.50, 13.40 + f64::from(number) / 1_000.0);
        let mut ticket = Ticket::new(format!("T{number}"), place, Seconds(600));
        ticket.told = Some(world.engineers[1].shift_id(0));
        world.tickets.push(ticket);
    }
    world
}

#[test]
fn so_many_tickets_change_hands_and_no_more() {
    for most in 0..=3 {
        let mut world = told_to_the_other();
        world.max_changes = Some(most);
        let problem = Problem::build(world).expect("a sound world");
        let options = AssignOptions { per_shift: Some(3), ..AssignOptions::default() };
        let assignment = assign(&problem, &options).expect("costs fit");
        let with_ada = assignment.pairs.iter().filter(|pair| pair.engineer == "ada").count();
        assert_eq!((assignment.pairs.len(), with_ada), (3, most as usize));
    }
}

#[test]
fn who_may_not_change_hands_any_more_is_told_why() {
    let mut world = told_to_the_other();
    world.max_changes = Some(1);
    world.engineers[1].shifts[0].max_tickets = Some(1);
    let problem = Problem::build(world).expect("a sound world");
    let options = AssignOptions { per_shift: Some(3), ..AssignOptions::default() };
    let assignment = assign(&problem, &options).expect("costs fit");
    let reasons = [(Rule::Changes, 1), (Rule::MaxTickets, 1)].into();
    assert_eq!(assignment.unassigned[0].reasons, reasons);
}

#[test]
fn an_assignment_reads_well_and_serializes() {
    let mut world = testworld::random(3);
    (world.travel, world.max_changes) = (TravelMode::car(36_000), None);
    let problem = Problem::build(world).expect("a sound world");
    let options = AssignOptions { per_shift: Some(1), ..AssignOptions::default() };
    let assignment = assign(&problem, &options).expect("costs fit");
    let text = assignment.to_string();
    assert!(text.contains("tickets assigned") && text.contains("proven optimal"), "{text}");
    let json = serde_json::to_value(&assignment).expect("serializes");
    assert_eq!(json["pairs"].as_array().map(Vec::len), Some(assignment.pairs.len()));
    assert!(json["bound"]["at_least"].is_i64());
}

#[test]
fn an_effort_in_seconds_that_make_no_sense_is_none() {
    for seconds in [f64::NAN, -1.0, f64::INFINITY] {
        assert_eq!(Effort::seconds(seconds).limit, Some(std::time::Duration::ZERO));
    }
}
