//! Days of waves on a small plane: every policy serves everybody in time, and each as its name says.

use super::{Options, Policy, Request, Waves, departure};
use crate::model::{Engineer, Place, Ticket, TravelMode, Window, World};
use crate::plan;
use crate::rng::Rng;
use crate::solve::Budget;
use crate::units::{Instant, Seconds};
use std::collections::BTreeMap;

const END: u32 = 3;

fn options(policy: Policy, threads: usize) -> Options {
    Options { policy, budget: Budget::iterations(2_000), seed: 1, threads }
}

/// A depot in the middle, twelve customers around it, vehicles for forty.
fn site() -> World {
    let mut rng = Rng::new(5, 0);
    let mut site = World::new(TravelMode::Euclid { scale: 1, nearest: true });
    let depot = Place::xy(0.0, 0.0);
    let mut vehicle = Engineer::new("1", depot, Instant(0), Instant(30_000));
    vehicle.shifts[0].capacity = vec![40];
    site.engineers.push(vehicle);
    for number in 0..12 {
        let at = Place::xy(rng.between(-900, 900) as f64, rng.between(-900, 900) as f64);
        let mut customer = Ticket::new(number.to_string(), at, Seconds(60));
        let opens = rng.between(0, 12_000);
        customer.windows = vec![Window::new(Instant(opens), Instant(opens + 6_000))];
        customer.demand = vec![rng.between(1, 20)];
        site.tickets.push(customer);
    }
    site
}

/// Six requests in each wave, at customers of the site.
fn requests(site: &World, wave: u32) -> Vec<Request> {
    let mut rng = Rng::new(7, u64::from(wave));
    let draw = |number: u32| {
        let mut ticket = site.tickets[rng.below(site.tickets.len())].clone();
        ticket.id = format!("{wave}/{number}");
        let last = (wave + rng.below(3) as u32).min(END);
        ticket.windows = vec![Window::new(Instant(0), departure(last) + Seconds(3_000))];
        Request { ticket, revealed: wave, last }
    };
    (0..6).map(draw).collect()
}

/// Plays the day; the wave in which each request goes.
fn play(policy: Policy, threads: usize) -> BTreeMap<String, u32> {
    let site = site();
    let mut day = Waves::new(&site, 0, END, options(policy, threads));
    let mut served = BTreeMap::new();
    for wave in 0.. {
        let known = if wave <= END { requests(&site, wave) } else { Vec::new() };
        let Some(sent) = day.dispatch(known).expect("plans") else { break };
        assert_eq!(plan::check(&sent.world, &sent.plan), [], "{policy:?}");
        for (route, stop) in sent.plan.visits() {
            assert!(route.depart >= departure(wave));
            assert_eq!(served.insert(stop.id.clone(), wave), None, "{} goes twice", stop.id);
        }
    }
    assert!(day.open().is_empty());
    served
}

#[test]
fn every_policy_serves_each_request_between_its_first_and_its_last_wave() {
    for policy in [Policy::Greedy, Policy::Lazy, Policy::Consensus] {
        let served = play(policy, 2);
        for request in (0..=END).flat_map(|wave| requests(&site(), wave)) {
            let wave = served[&request.ticket.id];
            assert!((request.revealed..=request.last).contains(&wave), "{policy:?}: {request:?}");
            match policy {
                Policy::Greedy => assert_eq!(wave, request.revealed),
                Policy::Lazy => assert_eq!(wave, request.last),
                Policy::Consensus => {}
            }
        }
    }
}

#[test]
fn threads_do_not_change_what_is_decided_under_an_iteration_budget() {
    assert_eq!(play(Policy::Consensus, 1), play(Policy::Consensus, 3));
}
