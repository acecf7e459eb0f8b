//! Laws of recommendations: exact, complete, and equal to asking everybody.

use super::{plan, problem};
use crate::dispatch::{Candidate, Dispatcher, Reach};
use crate::model::{Criterion, Engineer, OwnedSkill, Place, SkillNeed, Ticket, TravelMode, World};
use crate::plan::{Plan, SequenceStop, Sequences};
use crate::problem::Problem;
use crate::rng::Rng;
use crate::solve::route::time;
use crate::units::{Instant, Seconds};
use proptest::prelude::*;

/// Every order of stops that has the ticket on this shift, with and without a depot stop.
fn orders_with(problem: &Problem, orders: &Sequences, shift: &str, ticket: &str) -> Vec<Sequences> {
    let world = problem.world();
    let rank = |stop: &SequenceStop| {
        let SequenceStop::Ticket(id) = stop else { return u32::MAX };
        let ticket = world.tickets.iter().find(|ticket| ticket.id == *id).expect("known");
        ticket.lock.as_ref().and_then(|lock| lock.rank).unwrap_or(u32::MAX)
    };
    let mut orders = orders.clone();
    if !orders.routes.iter().any(|(id, _)| id == shift) {
        orders.routes.push((shift.to_owned(), Vec::new()));
    }
    let at = orders.routes.iter().position(|(id, _)| id == shift).expect("just added");
    let stops = &mut orders.routes[at].1;
    stops.retain(|stop| matches!(stop, SequenceStop::Ticket(_)));
    let stops = stops.clone();
    let mut routes = Vec::new();
    for position in 0..=stops.len() {
        let mut with = stops.clone();
        with.insert(position, SequenceStop::Ticket(ticket.to_owned()));
        if !with.is_sorted_by_key(rank) {
            continue;
        }
        for depot in &world.depots {
            for before in 0..with.len() {
                let mut fetching = with.clone();
                fetching.insert(before, SequenceStop::Depot(depot.id.clone()));
                routes.push(fetching);
            }
        }
        routes.push(with);
    }
    let whole = |route| {
        let mut whole = orders.clone();
        whole.routes[at].1 = route;
        whole
    };
    routes.into_iter().map(whole).collect()
}

/// What each engineer would cost, cheapest first, by timing every plan that has the ticket with him.
fn brute(problem: &Problem, plan: &Plan, ticket: &str) -> Vec<(Vec<i64>, u32)> {
    let mut orders = Sequences::of(plan);
    for (_, stops) in &mut orders.routes {
        stops.retain(|stop| *stop != SequenceStop::Ticket(ticket.to_owned()));
    }
    let (base, _) = time(problem, &orders).expect("scores fit");
    let orders = Sequences::of(&base);
    let objective = &problem.world().objective.levels;
    let unserved = objective.iter().map(|level| level.get(&Criterion::Unserved).unwrap_or(&0));
    let world_ticket = problem.world().tickets.iter().find(|known| known.id == ticket);
    let worth = world_ticket.expect("known").worth();
    let mut best: Vec<(u32, Vec<i64>, u32)> = Vec::new();
    for s in problem.shift_indexes() {
        for orders in orders_with(problem, &orders, &problem.shift_id(s), ticket) {
            let (after, displaced) = time(problem, &orders).expect("scores fit");
            if displaced.is_empty() {
                let levels = after.score.iter().zip(&base.score).zip(unserved.clone());
                let cost = levels.map(|((after, base), weight)| after - base + weight * worth);
                best.push((problem.shifts[s as usize].engineer, cost.collect(), s));
            }
        }
    }
    best.sort();
    best.dedup_by_key(|(engineer, ..)| *engineer);
    let mut costs: Vec<_> = best.into_iter().map(|(_, cost, s)| (cost, s)).collect();
    costs.sort();
    costs
}

fn scores(problem: &Problem, candidates: &[Candidate]) -> Vec<(Vec<i64>, u32)> {
    let shift = |id: &str| problem.shift_indexes().find(|&s| problem.shift_id(s) == id);
    let pair = |c: &Candidate| (c.score().to_vec(), shift(&c.shift).expect("known"));
    candidates.iter().map(pair).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn in_a_small_world_it_is_the_best_of_all_plans(seed in 0u64..1 << 40) {
        let problem = problem(seed);
        let plan = plan(&problem, seed);
        let dispatcher = Dispatcher::new(&problem, Some(&plan)).expect("scores fit");
        prop_assert!(dispatcher.displaced().is_empty(), "seed {}", seed);
        for t in problem.ticket_indexes().take(5) {
            let ticket = problem.ticket_id(t);
            let all = dispatcher.recommend(ticket, usize::MAX, Reach::Everybody).expect("known");
            let expected = brute(&problem, &plan, ticket);
            prop_assert_eq!(scores(&problem, &all.candidates), expected, "seed {}, {}", seed, ticket);
            let near = dispatcher.recommend(ticket, 3, Reach::Near).expect("known");
            let first = &all.candidates[..all.candidates.len().min(3)];
            prop_assert_eq!(&near.candidates[..], first, "seed {}, {}", seed, ticket);
        }
    }

    #[test]
    fn contributions_sum_to_the_score_on_every_level(seed in 0u64..1 << 40) {
        let problem = problem(seed);
        let plan = plan(&problem, seed);
        let dispatcher = Dispatcher::new(&problem, Some(&plan)).expect("scores fit");
        for t in problem.ticket_indexes() {
            let all = dispatcher.recommend(problem.ticket_id(t), 9, Reach::Everybody);
            for candidate in all.expect("known").candidates {
                for (level, score) in candidate.score().iter().enumerate() {
                    let parts = candidate.explanation.contributions.iter();
                    let on_level = parts.filter(|part| part.level == level);
                    let sum: i64 = on_level.map(|part| part.measure * part.weight).sum();
                    prop_assert_eq!(sum, *score, "seed {}, {:?}", seed, candidate);
                }
            }
        }
    }
}

/// A plane with many engineers, few of whom can do a given ticket, and a plan for some tickets.
fn crowd(seed: u64, engineers: usize) -> World {
    let rng = &mut Rng::new(seed, 0);
    let mut world = World::new(TravelMode::Euclid { scale: 1, nearest: true });
    let place = |rng: &mut Rng| Place::xy(rng.below(3_000) as f64, rng.below(3_000) as f64);
    for number in 0..engineers {
        let base = place(rng);
        let end = Instant(rng.between(2_000, 12_000));
        let mut engineer = Engineer::new(format!("E{number}"), base, Instant(0), end);
        for skill in ["gas", "lift", "boiler"] {
            if rng.one_in(4) {
                engineer.skills.push(OwnedSkill::new(skill, 1 + rng.below(3) as u32));
            }
        }
        if rng.one_in(6) {
            let mut late = engineer.shifts[0].clone();
            (late.start, late.end) = (Instant(12_000), Instant(20_000));
            engineer.shifts.push(late);
        }
        world.engineers.push(engineer);
    }
    for number in 0..40 {
        let mut ticket =
            Ticket::new(format!("T{number}"), place(rng), Seconds(rng.between(0, 900)));
        let skill = ["gas", "lift", "boiler"][rng.below(3)];
        ticket.skills.all.push(SkillNeed::new(skill, 1 + rng.below(3) as u32));
        ticket.due = rng.one_in(2).then(|| Instant(rng.between(500, 6_000)));
        world.tickets.push(ticket);
    }
    world
}

#[test]
fn near_is_everybody_cut_to_the_shortlist_and_never_short() {
    for (seed, engineers) in [(1, 30), (2, 200), (3, 1_000), (4, 1_000)] {
        let problem = Problem::build(crowd(seed, engineers)).expect("sound");
        let plan = plan(&problem, seed);
        let dispatcher = Dispatcher::new(&problem, Some(&plan)).expect("scores fit");
        for t in problem.ticket_indexes() {
            let ticket = problem.ticket_id(t);
            let all = dispatcher.recommend(ticket, usize::MAX, Reach::Everybody).expect("known");
            for count in [1, 3, 12, 100] {
                let near = dispatcher.recommend(ticket, count, Reach::Near).expect("known");
                let fitting = all.candidates.len();
                assert_eq!(near.candidates.len(), count.min(fitting), "seed {seed}, {ticket}");
                let asked = dispatcher.shortlist(ticket, near.asked).expect("known");
                let listed = all.candidates.iter().filter(|c| asked.contains(&c.engineer.as_str()));
                let expected: Vec<&Candidate> = listed.take(count).collect();
                let got: Vec<&Candidate> = near.candidates.iter().collect();
                assert_eq!(got, expected, "seed {seed}, {ticket}");
            }
        }
    }
}

#[test]
fn the_shortlist_is_what_measuring_everybody_gives() {
    for seed in 1..4 {
        let problem = Problem::build(crowd(seed, 500)).expect("sound");
        let dispatcher = Dispatcher::new(&problem, None).expect("scores fit");
        for t in problem.ticket_indexes() {
            let to = problem.places[problem.tickets[t as usize].site as usize].point().expect("xy");
            let mut all: Vec<(f64, u32)> = problem
                .shift_indexes()
                .filter(|&s| problem.admits(t, s))
                .map(|s| {
                    let from = problem.shifts[s as usize].from as usize;
                    let from = problem.places[from].point().expect("xy");
                    ((from[0] - to[0]).hypot(from[1] - to[1]), problem.shifts[s as usize].engineer)
                })
                .collect();
            all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            all.dedup_by_key(|(_, engineer)| *engineer);
            let expected: Vec<&str> = all
                .iter()
                .take(20)
                .map(|&(_, e)| problem.world().engineers[e as usize].id.as_str())
                .collect();
            assert_eq!(dispatcher.shortlist(problem.ticket_id(t), 20).expect("known"), expected);
        }
    }
}

#[test]
fn where_only_a_table_knows_what_is_near_travel_decides() {
    let mut world = crowd(5, 50);
    let count = world.engineers.len() + world.tickets.len();
    let rng = &mut Rng::new(5, 1);
    let cell = |from: usize, to: usize, rng: &mut Rng| {
        if from == to { 0 } else { 1 + rng.below(1_000) as u32 }
    };
    let seconds: Vec<Vec<u32>> =
        (0..count).map(|a| (0..count).map(|b| cell(a, b, rng)).collect()).collect();
    let table = crate::model::TravelTable { name: "car".into(), seconds, meters: None };
    world.travel = TravelMode::Matrix { tables: vec![table] };
    for (row, engineer) in (0..).zip(&mut world.engineers) {
        for shift in &mut engineer.shifts {
            (shift.from, shift.to) = (Place::row(row), Some(Place::row(row)));
        }
    }
    for (row, ticket) in (world.engineers.len() as u32..).zip(&mut world.tickets) {
        ticket.place = Place::row(row);
    }
    let problem = Problem::build(world).expect("sound");
    let dispatcher = Dispatcher::new(&problem, None).expect("scores fit");
    for t in problem.ticket_indexes() {
        let site = problem.tickets[t as usize].site;
        let mut all: Vec<(i64, u32)> = problem
            .shift_indexes()
            .filter(|&s| problem.admits(t, s))
            .map(|s| (problem.travel.leg(0, problem.shifts[s as usize].from, site).seconds, s))
            .map(|(seconds, s)| (seconds, problem.shifts[s as usize].engineer))
            .collect();
        all.sort_unstable();
        all.dedup();
        let expected: Vec<&str> = all
            .iter()
            .take(4)
            .map(|&(_, e)| problem.world().engineers[e as usize].id.as_str())
            .collect();
        assert_eq!(dispatcher.shortlist(problem.ticket_id(t), 4).expect("known"), expected);
    }
}
