//! Tickets with a price: left out where they cost more than they bring.

use crate::model::{Criterion, Engineer, Objective, Place, Ticket, TravelMode, World};
use crate::plan::{Plan, check};
use crate::problem::Problem;
use crate::solve::{Budget, route};
use crate::units::{Instant, Seconds};
use std::ops::ControlFlow;

/// Groups of four tickets next door to each other, each group an hour of travel there and back in a direction of
/// its own, and an engineer for each. A ticket brings what it says, a second of travel costs one.
fn groups(brings: &[i64]) -> World {
    let mut world = World::new(TravelMode::car(36_000));
    world.objective = Objective::of(&[&[(Criterion::Unserved, 1), (Criterion::Travel, 1)]]);
    let home = Place::at(52.5, 13.4);
    for (group, &value) in brings.iter().enumerate() {
        let id = format!("engineer {group}");
        world.engineers.push(Engineer::new(id, home, Instant(0), Instant(10_800)));
        let (north, east) = [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.64), (0.0, -1.64)][group];
        for number in 0..4 {
            let near = 1.0 + 0.001 * f64::from(number);
            let place = Place::at(52.5 + 0.162 * north * near, 13.4 + 0.162 * east * near);
            let mut ticket = Ticket::new(format!("{group}.{number}"), place, Seconds(600));
            ticket.value = Some(value);
            world.tickets.push(ticket);
        }
    }
    world
}

/// The groups of which tickets are served, each as often as it has some.
fn served(world: World, iterations: u64, start: Option<Plan>) -> Vec<char> {
    let problem = Problem::build(world).expect("sound");
    let options =
        route::Options { budget: Budget::iterations(iterations), start, ..Default::default() };
    let outcome =
        route::plan(&problem, &options, &mut |_| ControlFlow::Continue(())).expect("scores fit");
    assert_eq!(check(problem.world(), &outcome.plan), []);
    let mut groups: Vec<char> =
        outcome.plan.visits().filter_map(|(_, stop)| stop.id.chars().next()).collect();
    groups.sort_unstable();
    groups
}

#[test]
fn a_route_is_opened_that_no_ticket_pays_for_alone() {
    let from_nothing =
        |iterations| served(groups(&[1_200, 1_200]), iterations, Some(Plan::default()));
    assert_eq!(from_nothing(0), [], "too dear one by one");
    assert_eq!(from_nothing(400), ['0', '0', '0', '0', '1', '1', '1', '1']);
}

#[test]
fn a_route_that_does_not_pay_is_closed() {
    assert_eq!(
        served(groups(&[1_200, 800, 1_200, 800]), 400, None),
        ['0', '0', '0', '0', '2', '2', '2', '2']
    );
}
