//! What every view draws: a plan joined with its world, engineer by engineer, in the world's order.
//!
//! Views never fail: what a plan names and the world does not know is written, but not drawn.

use super::colour;
use super::times::Times;
use crate::model::{Depot, Engineer, Place, Shift, Ticket, World};
use crate::plan::{Effort, Figures, Plan, Route, Stop, StopKind, Unassigned};
use crate::units::{Instant, Seconds};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// A plan joined with its world.
pub(super) struct Scene<'a> {
    pub(super) world: &'a World,
    pub(super) plan: &'a Plan,
    pub(super) figures: Figures,
    pub(super) times: Times,
    /// One for each engineer, used or not, and one for each engineer that only the plan knows.
    pub(super) rows: Vec<Row<'a>>,
    pub(super) grades: Grades,
    tickets: FxHashMap<&'a str, &'a Ticket>,
    depots: FxHashMap<&'a str, &'a Depot>,
}

/// An engineer and what he does.
pub(super) struct Row<'a> {
    pub(super) id: &'a str,
    pub(super) engineer: Option<&'a Engineer>,
    pub(super) tours: Vec<Tour<'a>>,
    pub(super) colour: String,
}

/// A route, its shift, and the number of its first visit among all visits.
pub(super) struct Tour<'a> {
    pub(super) route: &'a Route,
    pub(super) shift: Option<&'a Shift>,
    first_visit: usize,
}

impl<'a> Scene<'a> {
    pub(super) fn new(world: &'a World, plan: &'a Plan) -> Self {
        Self {
            world,
            plan,
            figures: Figures::of(world, plan),
            times: Times::of(world, plan),
            rows: rows(world, plan),
            grades: Grades::of(world),
            tickets: world.tickets.iter().map(|ticket| (ticket.id.as_str(), ticket)).collect(),
            depots: world.depots.iter().map(|depot| (depot.id.as_str(), depot)).collect(),
        }
    }

    pub(super) fn ticket(&self, id: &str) -> Option<&'a Ticket> {
        self.tickets.get(id).copied()
    }

    /// The figures of the engineer in this row, if the world knows him.
    pub(super) fn effort(&self, row: usize) -> Option<&Effort> {
        self.figures.engineers.get(row).map(|engineer| &engineer.effort)
    }

    /// Where a stop is; a break is nowhere.
    pub(super) fn place(&self, stop: &Stop) -> Option<Place> {
        match stop.kind {
            StopKind::Visit => self.ticket(&stop.id).map(|ticket| ticket.place),
            StopKind::Depot => self.depots.get(stop.id.as_str()).map(|depot| depot.place),
            StopKind::Break => None,
        }
    }

    /// By how much the work of a visit starts after its due time, if it does.
    pub(super) fn lateness(&self, stop: &Stop) -> Option<Seconds> {
        let due = self.ticket(&stop.id)?.due?;
        (stop.kind == StopKind::Visit && stop.start > due).then(|| stop.start - due)
    }

    /// How much a ticket matters, from 0 to 3; one that is not known matters least.
    pub(super) fn grade(&self, ticket: Option<&Ticket>) -> usize {
        self.grades.of_priority(ticket.map_or(0, |ticket| ticket.priority))
    }

    /// How many stops there are on all routes.
    pub(super) fn stops(&self) -> usize {
        self.plan.routes.iter().map(|route| route.stops.len()).sum()
    }

    /// The tickets that nobody visits, those that matter most first.
    pub(super) fn unassigned(&self) -> Vec<(&'a Unassigned, Option<&'a Ticket>)> {
        let mut absent: Vec<_> =
            self.plan.unassigned.iter().map(|one| (one, self.ticket(&one.ticket))).collect();
        absent.sort_by_key(|(_, ticket)| std::cmp::Reverse(ticket.map(|ticket| ticket.priority)));
        absent
    }

    /// How many tickets are neither on a route nor among those that the plan says are left out.
    pub(super) fn forgotten(&self) -> u64 {
        self.figures.unserved.saturating_sub(self.plan.unassigned.len() as u64)
    }

    /// How many visits of average length one after the other take so long.
    pub(super) fn visits_in(&self, length: Seconds) -> f64 {
        let Figures { effort, served, .. } = &self.figures;
        length.0 as f64 * *served as f64 / effort.service.0.max(1) as f64
    }

    /// What to call the plan.
    pub(super) fn title(&self) -> String {
        match self.world.name.as_str() {
            "" => "Plan".to_owned(),
            name => format!("Plan of {name}"),
        }
    }
}

impl<'a> Row<'a> {
    /// What people call him.
    pub(super) fn name(&self) -> &'a str {
        let name = self.engineer.map_or("", |engineer| &engineer.name);
        if name.is_empty() { self.id } else { name }
    }

    /// How many tickets he visits.
    pub(super) fn visits(&self) -> usize {
        self.tours.iter().map(|tour| tour.route.tickets().count()).sum()
    }
}

impl<'a> Tour<'a> {
    /// The stops in order; visits with their number among all visits.
    pub(super) fn stops(&self) -> impl Iterator<Item = (Option<usize>, &'a Stop)> + use<'a> {
        let mut number = self.first_visit;
        self.route.stops.iter().map(move |stop| {
            let visit = (stop.kind == StopKind::Visit).then_some(number);
            number += usize::from(visit.is_some());
            (visit, stop)
        })
    }
}

impl Tour<'_> {
    /// Work and travel in thousandths of the shift, if the world knows it and it has any length.
    pub(super) fn busy_permille(&self) -> Option<i64> {
        let shift = self.shift?;
        let stops = self.route.stops.iter().filter(|stop| stop.kind != StopKind::Break);
        let work: Seconds = stops.map(|stop| stop.end - stop.start).sum();
        let busy = work + self.route.travel();
        (busy.0 * 1_000).checked_div((shift.end - shift.start).0)
    }
}

fn rows<'a>(world: &'a World, plan: &'a Plan) -> Vec<Row<'a>> {
    let row = |id, engineer| Row { id, engineer, tours: Vec::new(), colour: String::new() };
    let mut rows: Vec<Row<'a>> =
        world.engineers.iter().map(|engineer| row(engineer.id.as_str(), Some(engineer))).collect();
    let mut places: FxHashMap<&str, usize> =
        rows.iter().enumerate().map(|(place, row)| (row.id, place)).collect();
    for route in &plan.routes {
        let place = *places.entry(&route.engineer).or_insert_with(|| {
            rows.push(row(&route.engineer, None));
            rows.len() - 1
        });
        let shift = rows[place].engineer.and_then(|engineer| {
            let number = (0..engineer.shifts.len()).find(|&n| engineer.shift_id(n) == route.shift);
            number.map(|number| &engineer.shifts[number])
        });
        rows[place].tours.push(Tour { route, shift, first_visit: 0 });
    }
    let mut visits = 0;
    for (number, row) in rows.iter_mut().enumerate() {
        row.colour = colour::of_route(number);
        for tour in &mut row.tours {
            tour.first_visit = visits;
            visits += tour.route.tickets().count();
        }
    }
    rows
}

/// From when to when a plan is to be shown: all its routes, and of the shifts around them at most
/// half as much again, lest a shift without an end squeeze the work into a corner.
pub(super) fn horizon(world: &World, plan: &Plan) -> (Instant, Instant) {
    let shifts = world.engineers.iter().flat_map(|engineer| &engineer.shifts);
    let bounds = shifts.fold(None, |bounds: Option<(Instant, Instant)>, shift| {
        let (first, last) = bounds.unwrap_or((shift.start, shift.end));
        Some((first.min(shift.start), last.max(shift.end)))
    });
    let (first, last) = match (plan.span(), bounds) {
        (Some((first, last)), Some((start, end))) => {
            let margin = Seconds((last - first).0 / 2);
            let earliest = Instant(first.0 - margin.0);
            (first.min(start.max(earliest)), last.max(end.min(last + margin)))
        }
        (span, bounds) => span.or(bounds).unwrap_or_default(),
    };
    (first, last.max(first + Seconds(1)))
}

/// Priorities in four grades, so that colours and sizes can tell them apart.
pub(super) struct Grades {
    priorities: Vec<u32>,
}

impl Grades {
    /// How many grades there are.
    pub(super) const COUNT: usize = 4;

    fn of(world: &World) -> Self {
        let priorities: BTreeSet<u32> = world.tickets.iter().map(|t| t.priority).collect();
        Self { priorities: priorities.into_iter().collect() }
    }

    /// The grade of this priority, from 0 to 3.
    fn of_priority(&self, priority: u32) -> usize {
        let rank = self.priorities.partition_point(|&known| known < priority);
        match self.priorities.len() {
            0 | 1 => 1,
            few if few <= Self::COUNT => rank * (Self::COUNT - 1) / (few - 1),
            many => rank * Self::COUNT / many,
        }
    }

    /// The grades in use, each with its lowest and highest priority.
    pub(super) fn used(&self) -> Vec<(usize, u32, u32)> {
        let mut used: Vec<(usize, u32, u32)> = Vec::new();
        for &priority in &self.priorities {
            let grade = self.of_priority(priority);
            match used.last_mut().filter(|(last, ..)| *last == grade) {
                Some((_, _, highest)) => *highest = priority,
                None => used.push((grade, priority, priority)),
            }
        }
        used
    }
}
