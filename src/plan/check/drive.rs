//! The routes of a plan with their names looked up: whose they are and what each stop is.

use super::{Law, Report};
use crate::model::{Depot, Engineer, Place, Shift, Ticket, World};
use crate::plan::{Plan, Route, Stop, StopKind};
use rustc_hash::{FxHashMap, FxHashSet};

/// What a stop is.
#[derive(Clone, Copy)]
pub(super) enum Target<'w> {
    Visit(&'w Ticket),
    Depot(&'w Depot),
    Break,
    /// A name that the world does not know: reported once, and nothing is concluded from it.
    Unknown,
}

/// One route whose shift is known.
pub(super) struct Drive<'w> {
    pub route: &'w Route,
    pub engineer: &'w Engineer,
    pub shift: &'w Shift,
    /// One for each stop of the route.
    pub targets: Vec<Target<'w>>,
    /// Number of the shift's `from` among the roster's places. Those of the stops and the end follow
    /// in order; where he stays (break, unknown, open end) the place before is repeated.
    pub site: u32,
}

impl<'w> Drive<'w> {
    /// The visits of known tickets, each with the number of its stop.
    pub fn visits(&self) -> impl Iterator<Item = (usize, &'w Stop, &'w Ticket)> {
        let stops = self.route.stops.iter();
        stops.zip(&self.targets).enumerate().filter_map(|(n, (stop, target))| match target {
            Target::Visit(ticket) => Some((n, stop, *ticket)),
            Target::Depot(_) | Target::Break | Target::Unknown => None,
        })
    }

    /// The whole route, in a report.
    pub fn at(&self) -> String {
        format!("shift {}", self.route.shift)
    }

    /// The stop number `n` (from 0), in a report.
    pub fn at_stop(&self, n: usize) -> String {
        at_stop(self.route, n)
    }
}

fn at_stop(route: &Route, n: usize) -> String {
    let Stop { kind, id, .. } = &route.stops[n];
    let what = match kind {
        StopKind::Visit => format!("ticket {id}"),
        StopKind::Depot => format!("depot {id}"),
        StopKind::Break => "break".to_owned(),
    };
    format!("shift {}, stop {} ({what})", route.shift, n + 1)
}

/// All routes, and the places they lead through.
pub(super) struct Roster<'w> {
    pub drives: Vec<Drive<'w>>,
    pub places: Vec<Place>,
    pub tickets: FxHashMap<&'w str, &'w Ticket>,
}

impl<'w> Roster<'w> {
    pub fn of(world: &'w World, plan: &'w Plan, report: &mut Report) -> Self {
        let tickets = world.tickets.iter().map(|ticket| (ticket.id.as_str(), ticket)).collect();
        let mut roster = Self { drives: Vec::new(), places: Vec::new(), tickets };
        let depots = world.depots.iter().map(|depot| (depot.id.as_str(), depot)).collect();
        let shifts = shifts_by_name(world);
        let mut used = FxHashSet::default();
        for route in &plan.routes {
            if !used.insert(route.shift.as_str()) {
                let at = format!("shift {}", route.shift);
                report.add(Law::Shift, at, "it has more than one route");
            }
            let Some(&(engineer, shift)) = shifts.get(route.shift.as_str()) else {
                report.add(Law::Id, format!("shift {}", route.shift), "no shift has this id");
                continue;
            };
            check_engineer(route, engineer, world, report);
            roster.add(route, engineer, shift, &depots, report);
        }
        roster
    }

    fn add(
        &mut self,
        route: &'w Route,
        engineer: &'w Engineer,
        shift: &'w Shift,
        depots: &FxHashMap<&str, &'w Depot>,
        report: &mut Report,
    ) {
        let site = self.places.len() as u32;
        let mut place = shift.from;
        self.places.push(place);
        let mut targets = Vec::with_capacity(route.stops.len());
        for (n, stop) in route.stops.iter().enumerate() {
            let target = self.target(stop, depots);
            place = match target {
                Target::Visit(ticket) => ticket.place,
                Target::Depot(depot) => depot.place,
                Target::Break | Target::Unknown => place,
            };
            if matches!(target, Target::Unknown) {
                let cause = format!("the world has no `{}`", stop.id);
                report.add(Law::Id, at_stop(route, n), cause);
            }
            self.places.push(place);
            targets.push(target);
        }
        self.places.push(shift.to.unwrap_or(place));
        self.drives.push(Drive { route, engineer, shift, targets, site });
    }

    fn target(&self, stop: &Stop, depots: &FxHashMap<&str, &'w Depot>) -> Target<'w> {
        let id = stop.id.as_str();
        match stop.kind {
            StopKind::Break => Target::Break,
            StopKind::Visit => self.tickets.get(id).map_or(Target::Unknown, |t| Target::Visit(t)),
            StopKind::Depot => depots.get(id).map_or(Target::Unknown, |d| Target::Depot(d)),
        }
    }

    /// Every ticket exactly once, on a route or unassigned.
    pub fn check_once(&self, world: &World, plan: &Plan, report: &mut Report) {
        let mut times: FxHashMap<&str, (usize, usize)> = FxHashMap::default();
        for (_, stop) in plan.visits() {
            times.entry(&stop.id).or_default().0 += 1;
        }
        for entry in &plan.unassigned {
            times.entry(&entry.ticket).or_default().1 += 1;
            if !self.tickets.contains_key(entry.ticket.as_str()) {
                let at = format!("unassigned ticket {}", entry.ticket);
                report.add(Law::Id, at, "no ticket has this id");
            }
        }
        for ticket in &world.tickets {
            let cause = match times.get(ticket.id.as_str()).copied().unwrap_or_default() {
                (1, 0) | (0, 1) => continue,
                (0, 0) => "it is on no route and not unassigned".to_owned(),
                (visits, left) => {
                    format!("it is visited {visits} times and unassigned {left} times")
                }
            };
            report.add(Law::Once, format!("ticket {}", ticket.id), cause);
        }
    }
}

fn shifts_by_name(world: &World) -> FxHashMap<String, (&Engineer, &Shift)> {
    let mut shifts = FxHashMap::default();
    for engineer in &world.engineers {
        for (number, shift) in engineer.shifts.iter().enumerate() {
            shifts.insert(engineer.shift_id(number), (engineer, shift));
        }
    }
    shifts
}

fn check_engineer(route: &Route, owner: &Engineer, world: &World, report: &mut Report) {
    if route.engineer == owner.id {
        return;
    }
    let at = format!("shift {}", route.shift);
    let known = world.engineers.iter().any(|engineer| engineer.id == route.engineer);
    let law = if known { Law::Shift } else { Law::Id };
    let cause = format!("the route is of `{}`, the shift of `{}`", route.engineer, owner.id);
    report.add(law, at, cause);
}
