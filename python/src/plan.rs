//! Plans: as tables, texts and pages.

use crate::errors::run;
use crate::problem::Problem;
use crate::table::{Build, Table};
use fieldwright::io::{self, Given, Source};
use fieldwright::model::{Code, Issue, Ticket};
use fieldwright::plan::{Appointment, Effort, Figures, Rule, StopKind, Unassigned, check};
use fieldwright::solve::route;
use fieldwright::units::Instant;
use fieldwright::view;
use pyo3::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// A plan, its problem, and how it came about.
#[pyclass(frozen, module = "fieldwright._core")]
pub struct Plan {
    pub plan: Arc<fieldwright::plan::Plan>,
    pub built: Arc<fieldwright::Problem>,
    pub zone: Option<String>,
    pub iterations: u64,
    pub seconds: f64,
    pub displaced: Vec<String>,
    pub is_interrupted: bool,
}

#[pymethods]
impl Plan {
    /// Reads a plan of a problem; orders without times are timed, and tell themselves what is `displaced`.
    #[staticmethod]
    #[pyo3(signature = (problem, text, format, iterations, seconds, is_interrupted, displaced = Vec::new()))]
    #[expect(clippy::too_many_arguments, reason = "all that a plan is put together from again")]
    fn read(
        py: Python<'_>,
        problem: &Problem,
        text: String,
        format: Option<&str>,
        iterations: u64,
        seconds: f64,
        is_interrupted: bool,
        displaced: Vec<String>,
    ) -> PyResult<Self> {
        let built = Arc::clone(&problem.built);
        let (plan, displaced) =
            run(py, || match io::read_plan(&Source::text(text), format, built.world())? {
                Given::Plan(plan) => Ok((plan, displaced)),
                Given::Sequences(orders) => route::time(&built, &orders),
            })?;
        let plan = Arc::new(plan);
        let zone = problem.zone.clone();
        Ok(Self { plan, built, zone, iterations, seconds, displaced, is_interrupted })
    }

    /// The plan in a format of the crate.
    fn write(&self, py: Python<'_>, format: &str) -> PyResult<String> {
        run(py, || {
            let write = io::named(format)?.write.ok_or_else(|| {
                Issue::new(Code::UNSUPPORTED, "format", format!("`{format}` holds no plans"))
            })?;
            write(self.built.world(), &self.plan)
        })
    }

    /// The plan drawn: `text`, `html`, `map` or `gantt`.
    fn draw(&self, py: Python<'_>, name: &str) -> PyResult<String> {
        run(py, || {
            let view = view::ALL.iter().find(|view| view.name == name).ok_or_else(|| {
                Issue::new(Code::UNKNOWN_FORMAT, "view", format!("`{name}` is no view"))
            })?;
            Ok((view.render)(self.built.world(), &self.plan))
        })
    }

    /// Everything that is wrong with it: law, place and cause.
    fn check(&self, py: Python<'_>) -> PyResult<Vec<(String, String, String)>> {
        let violations = run(py, || Ok(check(self.built.world(), &self.plan)))?;
        let told = violations.into_iter().map(|v| (v.law.to_string(), v.at, v.cause));
        Ok(told.collect())
    }

    /// The visits, one a row, route by route.
    fn visits(&self) -> PyResult<Table> {
        let tickets = self.tickets();
        let mut rows = Vec::new();
        for route in &self.plan.routes {
            let visits = route.stops.iter().filter(|stop| stop.kind == StopKind::Visit);
            rows.extend(visits.zip(1..).map(|(stop, rank)| (route, stop, rank)));
        }
        let ticket = |id: &str| tickets.get(id).copied();
        let due = |id: &str| ticket(id).and_then(|ticket| ticket.due);
        let mut build = self.build();
        build.text("ticket", rows.iter().map(|(_, stop, _)| Some(stop.id.as_str())));
        build.text("engineer", rows.iter().map(|(route, ..)| Some(route.engineer.as_str())));
        build.text("shift", rows.iter().map(|(route, ..)| Some(route.shift.as_str())));
        build.int("position", rows.iter().map(|&(.., rank)| Some(rank)));
        build.moment("arrive", rows.iter().map(|(_, stop, _)| Some(stop.arrive)));
        build.moment("start", rows.iter().map(|(_, stop, _)| Some(stop.start)));
        build.moment("end", rows.iter().map(|(_, stop, _)| Some(stop.end)));
        build.moment("due", rows.iter().map(|(_, stop, _)| due(&stop.id)));
        let late = rows
            .iter()
            .map(|(_, stop, _)| Some(due(&stop.id).map_or(0, |due| (stop.start.0 - due.0).max(0))));
        build.int("late", late);
        build.int("travel", rows.iter().map(|(_, stop, _)| Some(stop.travel.0)));
        build.int("distance", rows.iter().map(|(_, stop, _)| Some(stop.distance.0)));
        build.int("wait", rows.iter().map(|(_, stop, _)| Some((stop.start - stop.arrive).0)));
        place(&mut build, rows.iter().map(|(_, stop, _)| ticket(&stop.id)));
        build.table()
    }

    /// The routes, one a row.
    fn routes(&self) -> PyResult<Table> {
        let routes = &self.plan.routes;
        let of_kind = |route: &fieldwright::plan::Route, kind| {
            let stops = route.stops.iter().filter(|stop| stop.kind == kind);
            stops.map(|stop| (stop.end - stop.start).0).sum::<i64>()
        };
        let mut build = self.build();
        build.text("engineer", routes.iter().map(|route| Some(route.engineer.as_str())));
        build.text("shift", routes.iter().map(|route| Some(route.shift.as_str())));
        build.int("visits", routes.iter().map(|route| Some(route.tickets().count() as i64)));
        build.moment("depart", routes.iter().map(|route| Some(route.depart)));
        build.moment("end", routes.iter().map(|route| Some(route.end)));
        build.int("duration", routes.iter().map(|route| Some(route.duration().0)));
        build.int("service", routes.iter().map(|route| Some(of_kind(route, StopKind::Visit))));
        build.int("breaks", routes.iter().map(|route| Some(of_kind(route, StopKind::Break))));
        build.int("travel", routes.iter().map(|route| Some(route.travel().0)));
        build.int("distance", routes.iter().map(|route| Some(route.distance().0)));
        build.int("travel_home", routes.iter().map(|route| Some(route.travel_home.0)));
        build.int("distance_home", routes.iter().map(|route| Some(route.distance_home.0)));
        build.table()
    }

    /// The tickets left out, one a row, with what stands in the way.
    fn unassigned(&self) -> PyResult<Table> {
        let tickets = self.tickets();
        let left = &self.plan.unassigned;
        let ticket = |left: &Unassigned| tickets.get(left.ticket.as_str()).copied();
        let mut build = self.build();
        build.text("ticket", left.iter().map(|left| Some(left.ticket.as_str())));
        let priority = |left| ticket(left).map(|ticket| i64::from(ticket.priority));
        build.int("priority", left.iter().map(priority));
        build.moment("due", left.iter().map(|left| ticket(left).and_then(|ticket| ticket.due)));
        build.owned("reason", left.iter().map(most));
        build.owned("reasons", left.iter().map(all));
        place(&mut build, left.iter().map(ticket));
        build.table()
    }

    /// What the plan achieves, a row for each engineer.
    fn figures(&self, py: Python<'_>) -> PyResult<Table> {
        let figures = run(py, || Ok(Figures::of(self.built.world(), &self.plan)))?;
        let rows: Vec<(&str, &Effort)> =
            figures.engineers.iter().map(|row| (row.engineer.as_str(), &row.effort)).collect();
        let mut build = self.build();
        build.text("engineer", rows.iter().map(|row| Some(row.0)));
        effort(&mut build, &rows);
        build.table()
    }

    /// What the plan achieves, a row for each region.
    fn regions(&self, py: Python<'_>) -> PyResult<Table> {
        let figures = run(py, || Ok(Figures::of(self.built.world(), &self.plan)))?;
        let rows: Vec<(&str, &Effort)> =
            figures.regions.iter().map(|row| (row.region.as_str(), &row.effort)).collect();
        let mut build = self.build();
        build.text("region", rows.iter().map(|row| Some(row.0)));
        build.int("served", figures.regions.iter().map(|row| Some(row.served as i64)));
        build.int("unserved", figures.regions.iter().map(|row| Some(row.unserved as i64)));
        effort(&mut build, &rows);
        build.table()
    }

    /// What the plan achieves in all, as JSON.
    fn total(&self, py: Python<'_>) -> PyResult<String> {
        run(py, || {
            let figures = Figures::of(self.built.world(), &self.plan);
            let figures = Figures { engineers: Vec::new(), regions: Vec::new(), ..figures };
            Ok(serde_json::json!(figures).to_string())
        })
    }

    /// The visits that change from this plan to another, one a row, and the tickets whose customers
    /// must be called when a start may move by so many seconds.
    fn diff(&self, other: &Self, tolerance: i64) -> PyResult<Table> {
        let diff = self.plan.diff(&other.plan);
        let calls: std::collections::HashSet<&str> =
            diff.calls(fieldwright::units::Seconds(tolerance)).collect();
        let changes = &diff.changes;
        let kind = |change: &fieldwright::plan::Change| {
            serde_json::json!(change.kind).as_str().unwrap_or_default().to_owned()
        };
        let mut build = self.build();
        build.text("ticket", changes.iter().map(|change| Some(change.ticket.as_str())));
        build.owned("kind", changes.iter().map(kind));
        build.flag("call", changes.iter().map(|change| calls.contains(change.ticket.as_str())));
        appointment(&mut build, "before", changes.iter().map(|change| change.before.as_ref()));
        appointment(&mut build, "after", changes.iter().map(|change| change.after.as_ref()));
        build.table()
    }

    #[getter]
    fn score(&self) -> Vec<i64> {
        self.plan.score.clone()
    }

    #[getter]
    fn iterations(&self) -> u64 {
        self.iterations
    }

    #[getter]
    fn seconds(&self) -> f64 {
        self.seconds
    }

    #[getter]
    fn displaced(&self) -> Vec<String> {
        self.displaced.clone()
    }

    #[getter]
    fn is_interrupted(&self) -> bool {
        self.is_interrupted
    }

    /// Whether a ticket is on a route.
    fn visits_ticket(&self, ticket: &str) -> bool {
        self.plan.visit_of(ticket).is_some()
    }

    /// How many routes, visits and tickets left out there are.
    fn counts(&self) -> [usize; 3] {
        [self.plan.routes.len(), self.plan.visits().count(), self.plan.unassigned.len()]
    }
}

impl Plan {
    fn build(&self) -> Build {
        let shifts = self.built.world().engineers.iter().flat_map(|engineer| &engineer.shifts);
        let first = shifts.map(|shift| shift.start.0).min().unwrap_or_default();
        Build::new(self.zone.as_deref(), first >= Instant::CALENDAR_FROM)
    }

    fn tickets(&self) -> HashMap<&str, &Ticket> {
        self.built.world().tickets.iter().map(|ticket| (ticket.id.as_str(), ticket)).collect()
    }
}

fn place<'t>(build: &mut Build, tickets: impl Iterator<Item = Option<&'t Ticket>> + Clone) {
    build.real("lat", tickets.clone().map(|ticket| ticket.and_then(|ticket| ticket.place.lat)));
    build.real("lon", tickets.map(|ticket| ticket.and_then(|ticket| ticket.place.lon)));
}

fn effort(build: &mut Build, rows: &[(&str, &Effort)]) {
    build.int("late", rows.iter().map(|(_, effort)| Some(effort.late as i64)));
    build.int("late_seconds", rows.iter().map(|(_, effort)| Some(effort.late_seconds.0)));
    build.int("service", rows.iter().map(|(_, effort)| Some(effort.service.0)));
    build.int("travel", rows.iter().map(|(_, effort)| Some(effort.travel.0)));
    build.int("distance", rows.iter().map(|(_, effort)| Some(effort.distance.0)));
    build.int("wait", rows.iter().map(|(_, effort)| Some(effort.wait.0)));
    build.int("shift", rows.iter().map(|(_, effort)| Some(effort.shift.0)));
    let utilisation = |(_, effort): &(&str, &Effort)| effort.utilisation_permille as f64 / 1_000.0;
    build.real("utilisation", rows.iter().map(|row| Some(utilisation(row))));
}

fn appointment<'a>(
    build: &mut Build,
    side: &str,
    rows: impl Iterator<Item = Option<&'a Appointment>> + Clone,
) {
    build.text(&format!("{side}_engineer"), rows.clone().map(|a| Some(a?.engineer.as_str())));
    build.text(&format!("{side}_shift"), rows.clone().map(|a| Some(a?.shift.as_str())));
    build.moment(&format!("{side}_start"), rows.map(|a| Some(a?.start)));
}

fn name(rule: Rule) -> String {
    serde_json::json!(rule).as_str().unwrap_or_default().to_owned()
}

/// The rule that stands in the way of most shifts.
fn most(left: &Unassigned) -> String {
    let most = left.reasons.iter().max_by_key(|&(rule, count)| (*count, std::cmp::Reverse(*rule)));
    most.map_or(String::new(), |(rule, _)| name(*rule))
}

fn all(left: &Unassigned) -> String {
    let each = left.reasons.iter().map(|(rule, count)| format!("{}: {count}", name(*rule)));
    each.collect::<Vec<_>>().join(", ")
}
