//! The independent check of a plan against its world.
//!
//! INVARIANT: everything here is derived anew from the [`World`]'s own strings, levels, dates and
//! lists, and from [`crate::travel`]; nothing of `problem`, `score`, `spatial` or `solve` is used.
//! A rule that those get wrong is therefore found here. Plain loops are preferred to fast ones.

mod breaks;
mod days;
mod drive;
mod regions;
mod rules;
mod score;
mod times;

#[cfg(test)]
mod tests;

use crate::model::World;
use crate::plan::{Plan, Rule};
use crate::travel::Travel;
use crate::units::LIMIT;
use drive::Roster;
use regions::Regions;
use serde::Serialize;
use std::fmt;

/// What a plan has to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Law {
    /// The world itself is sound: there is no telling whether a plan keeps the rules of a broken one.
    World,
    /// The plan is in the format that this release reads.
    Schema,
    /// Every number is within the limits of a world's quantities.
    Number,
    /// Tickets, shifts, engineers and depots are those of the world.
    Id,
    /// Every ticket is on exactly one route, or in the list of the unassigned.
    Once,
    /// Every shift has at most one route, and it is that of the shift's engineer.
    Shift,
    /// Travel times and distances are those of the ways between the stops.
    Travel,
    /// Each moment follows from the one before: arrival, start, end, return.
    Times,
    /// The score is that of this plan.
    Score,
    /// One of the hard rules.
    #[serde(untagged)]
    Rule(Rule),
}

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// One thing that is wrong with a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// What is not kept.
    pub law: Law,
    /// Where, such as `shift E1/1, stop 3 (ticket T7)`.
    pub at: String,
    /// The numbers that disagree.
    pub cause: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { law, at, cause } = self;
        write!(f, "{law} at {at}: {cause}")
    }
}

/// Everything that is wrong with this plan of this world; nothing when it is sound.
///
/// Rules, times, travel and the score are all derived anew and compared with what the plan says. An
/// empty score is not compared. A locked ticket may stay unassigned: it may not fit.
///
/// O(world + stops x (skills and names of a ticket) + tickets x regions).
///
/// ```
/// use fieldwright::model::{Engineer, Place, Ticket, TravelMode, World};
/// use fieldwright::plan::{Plan, Unassigned, check};
/// use fieldwright::units::{Instant, Seconds};
///
/// let mut world = World::new(TravelMode::car(36_000));
/// world.engineers.push(Engineer::new("ada", Place::at(52.52, 13.40), Instant(0), Instant(28_800)));
/// world.tickets.push(Ticket::new("T1", Place::at(52.53, 13.42), Seconds(1_800)));
///
/// let mut plan = Plan { schema: Plan::SCHEMA, ..Plan::default() };
/// assert_eq!(check(&world, &plan)[0].to_string(), "once at ticket T1: it is on no route and not unassigned");
/// plan.unassigned.push(Unassigned { ticket: "T1".into(), reasons: Default::default() });
/// assert!(check(&world, &plan).is_empty());
/// ```
#[must_use]
pub fn check(world: &World, plan: &Plan) -> Vec<Violation> {
    let mut report = Report::default();
    check_world(world, &mut report);
    check_schema(plan, &mut report);
    check_numbers(plan, &mut report);
    if !report.0.is_empty() {
        return report.0;
    }
    let roster = Roster::of(world, plan, &mut report);
    roster.check_once(world, plan, &mut report);
    let travel = match Travel::of(world, &roster.places) {
        Ok(travel) => travel,
        Err(faults) => {
            report.faults_of_world(&faults);
            return report.0;
        }
    };
    let regions = Regions::of(world);
    for drive in &roster.drives {
        times::check(drive, &roster.places, &travel, &mut report);
        breaks::check(drive, &mut report);
        rules::check(drive, &mut report);
        regions.check(drive, &mut report);
    }
    regions.check_borrow_caps(&roster.drives, &mut report);
    rules::check_changes(world, &roster.drives, &mut report);
    days::check(world, &roster.drives, &mut report);
    let named = report.0.iter().all(|violation| violation.law != Law::Id);
    if named && !plan.score.is_empty() {
        score::check(world, plan, &roster, &regions, &mut report);
    }
    report.0
}

/// The violations found so far.
#[derive(Default)]
struct Report(Vec<Violation>);

impl Report {
    fn add(&mut self, law: Law, at: impl Into<String>, cause: impl Into<String>) {
        self.0.push(Violation { law, at: at.into(), cause: cause.into() });
    }

    fn broken(&mut self, rule: Rule, at: impl Into<String>, cause: impl Into<String>) {
        self.add(Law::Rule(rule), at, cause);
    }

    fn faults_of_world(&mut self, faults: &crate::model::Issues) {
        for fault in &faults.0 {
            self.add(Law::World, &fault.at, format!("{}: {}", fault.code, fault.cause));
        }
    }
}

fn check_world(world: &World, report: &mut Report) {
    if let Err(faults) = world.validate() {
        report.faults_of_world(&faults);
    }
}

fn check_schema(plan: &Plan, report: &mut Report) {
    if plan.schema != Plan::SCHEMA {
        let cause = format!("version {}; this release reads {}", plan.schema, Plan::SCHEMA);
        report.add(Law::Schema, "plan", cause);
    }
}

/// With this out of the way, no sum over a plan can overflow.
fn check_numbers(plan: &Plan, report: &mut Report) {
    for route in &plan.routes {
        let of_stop = route.stops.iter().flat_map(|stop| {
            [stop.travel.0, stop.distance.0, stop.arrive.0, stop.start.0, stop.end.0]
        });
        let own = [route.depart.0, route.travel_home.0, route.distance_home.0, route.end.0];
        if let Some(number) = own.into_iter().chain(of_stop).find(|n| !(-LIMIT..=LIMIT).contains(n))
        {
            let cause = format!("{number} is not within -{LIMIT} to {LIMIT}");
            report.add(Law::Number, format!("shift {}", route.shift), cause);
        }
    }
}
