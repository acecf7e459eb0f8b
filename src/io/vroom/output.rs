//! Writes plans as solutions of VROOM's API.
//!
//! A world does not keep whether its loads are delivered or picked up: they are written as
//! deliveries. Nor does it keep the ids of breaks: they are numbered along each route.

use crate::io::native;
use crate::model::{Code, Criterion, Engineer, Issues, Place, Ticket, TravelMode, World};
use crate::plan::{Plan, Route, Stop, StopKind, Unassigned};
use crate::units::{Instant, Seconds};
use rustc_hash::FxHashMap;
use serde::Serialize;

#[derive(Serialize)]
struct Solution {
    code: u8,
    summary: Summary,
    unassigned: Vec<Step>,
    routes: Vec<RouteOut>,
}

#[derive(Serialize)]
struct Summary {
    cost: i64,
    routes: usize,
    unassigned: usize,
    #[serde(flatten)]
    totals: Totals,
}

/// Figures of a route, or of all of them.
#[derive(Clone, Default, Serialize)]
struct Totals {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    delivery: Vec<i64>,
    setup: i64,
    service: i64,
    duration: i64,
    waiting_time: i64,
    priority: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    distance: Option<i64>,
    violations: [(); 0],
}

#[derive(Serialize)]
struct RouteOut {
    vehicle: u64,
    cost: i64,
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(flatten)]
    totals: Totals,
    steps: Vec<Step>,
}

#[derive(Clone, Default, Serialize)]
struct Step {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<[f64; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location_index: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    times: Option<Times>,
}

#[derive(Clone, Serialize)]
struct Times {
    setup: i64,
    service: i64,
    waiting_time: i64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    load: Vec<i64>,
    arrival: i64,
    duration: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    distance: Option<i64>,
    violations: [(); 0],
}

/// Writes a solution.
///
/// # Errors
/// `E003` for what VROOM's API cannot say (ids that are not numbers, engineers with several shifts,
/// stops at depots), `E505` and `E508` for routes and stops that the world does not know.
pub fn write(world: &World, plan: &Plan) -> Result<String, Issues> {
    let mut writer = Writer {
        world,
        engineers: world.engineers.iter().map(|e| (e.id.as_str(), e)).collect(),
        tickets: world.tickets.iter().map(|t| (t.id.as_str(), t)).collect(),
        sizes: world.tickets.iter().map(|ticket| ticket.demand.len()).max().unwrap_or(0),
        issues: Issues::default(),
    };
    let routes: Vec<RouteOut> = plan.routes.iter().filter_map(|r| writer.route(r)).collect();
    let unassigned: Vec<Step> = plan.unassigned.iter().filter_map(|u| writer.left(u)).collect();
    let mut totals = writer.totals();
    for route in &routes {
        totals.add(&route.totals);
    }
    let cost = routes.iter().map(|route| route.cost).sum();
    let (count, left) = (routes.len(), unassigned.len());
    let summary = Summary { cost, routes: count, unassigned: left, totals };
    writer.issues.or(native::pretty(&Solution { code: 0, summary, unassigned, routes }))
}

impl Totals {
    fn add(&mut self, other: &Self) {
        for (sum, amount) in self.delivery.iter_mut().zip(&other.delivery) {
            *sum += amount;
        }
        self.service += other.service;
        self.duration += other.duration;
        self.waiting_time += other.waiting_time;
        self.priority += other.priority;
        self.distance = self.distance.zip(other.distance).map(|(a, b)| a + b);
    }
}

impl Step {
    fn at(kind: &'static str, place: Option<&Place>) -> Self {
        let (location, location_index) = place.map_or((None, None), |p| (p.point(), p.row));
        Self { kind, location, location_index, ..Self::default() }
    }
}

struct Writer<'a> {
    world: &'a World,
    engineers: FxHashMap<&'a str, &'a Engineer>,
    tickets: FxHashMap<&'a str, &'a Ticket>,
    /// Dimensions of the loads.
    sizes: usize,
    issues: Issues,
}

impl<'a> Writer<'a> {
    fn refuse(&mut self, code: Code, cause: String) {
        self.issues.add(code, "plan", cause);
    }

    /// VROOM knows no distances without matrices of distances; here only great circles have them too.
    fn has_distances(&self) -> bool {
        match &self.world.travel {
            TravelMode::Matrix { tables } => tables.iter().all(|table| table.meters.is_some()),
            _ => true,
        }
    }

    fn totals(&self) -> Totals {
        let distance = self.has_distances().then_some(0);
        Totals { delivery: vec![0; self.sizes], distance, ..Totals::default() }
    }

    fn id(&mut self, id: &str) -> Option<u64> {
        let number = id.parse().ok();
        if number.is_none() {
            self.refuse(Code::UNSUPPORTED, format!("the id `{id}` is not a number"));
        }
        number
    }

    fn ticket(&mut self, id: &str) -> Option<(u64, &'a Ticket)> {
        let Some(&ticket) = self.tickets.get(id) else {
            self.refuse(Code::UNKNOWN_TICKET, format!("there is no ticket `{id}`"));
            return None;
        };
        Some((self.id(id)?, ticket))
    }

    fn left(&mut self, left: &Unassigned) -> Option<Step> {
        let (id, ticket) = self.ticket(&left.ticket)?;
        Some(Step { id: Some(id), ..Step::at("job", Some(&ticket.place)) })
    }

    /// The costs of VROOM's own objective, as `vroom::input` puts it into weights.
    fn cost(&self, totals: &Totals, route: &Route, fixed: i64) -> i64 {
        let Some(level) = self.world.objective.levels.last() else { return 0 };
        let weight = |criterion| level.get(&criterion).copied().unwrap_or(0);
        let unit = weight(Criterion::Fixed).max(1);
        let travel = totals.duration.saturating_mul(weight(Criterion::Travel));
        let distance = route.distance().0.saturating_mul(weight(Criterion::Distance));
        let fixed = if weight(Criterion::Fixed) > 0 { fixed } else { 0 };
        travel.saturating_add(distance) / unit + fixed
    }

    fn route(&mut self, route: &Route) -> Option<RouteOut> {
        let Some(&engineer) = self.engineers.get(route.engineer.as_str()) else {
            let cause = format!("there is no engineer `{}`", route.engineer);
            self.refuse(Code::UNKNOWN_ENGINEER, cause);
            return None;
        };
        let [shift] = engineer.shifts.as_slice() else {
            self.refuse(Code::UNSUPPORTED, format!("`{}` has several shifts", engineer.id));
            return None;
        };
        let vehicle = self.id(&engineer.id)?;
        let mut totals = self.totals();
        let loads = route.tickets().filter_map(|id| self.tickets.get(id)).map(|t| &t.demand);
        for demand in loads {
            add(&mut totals.delivery, demand, 1);
        }
        let mut run = Run { load: totals.delivery.clone(), steps: Vec::new(), breaks: 0 };
        run.push(
            Step::at("start", Some(&shift.from)),
            &totals,
            route.depart,
            Seconds(0),
            Seconds(0),
        );
        let mut last = shift.from;
        for stop in &route.stops {
            totals.duration += stop.travel.0;
            totals.distance = totals.distance.map(|sum| sum + stop.distance.0);
            let step = self.stop(stop, &mut run, &mut totals, &mut last)?;
            let (service, waiting) = (stop.end - stop.start, stop.start - stop.arrive);
            totals.service += service.0;
            totals.waiting_time += waiting.0;
            run.push(step, &totals, stop.arrive, service, waiting);
        }
        totals.duration += route.travel_home.0;
        totals.distance = totals.distance.map(|sum| sum + route.distance_home.0);
        let end = Step::at("end", Some(&shift.to.unwrap_or(last)));
        run.push(end, &totals, route.end, Seconds(0), Seconds(0));
        let cost = self.cost(&totals, route, shift.fixed_cost.0);
        Some(RouteOut {
            vehicle,
            cost,
            description: engineer.name.clone(),
            totals,
            steps: run.steps,
        })
    }

    fn stop(
        &mut self,
        stop: &Stop,
        run: &mut Run,
        totals: &mut Totals,
        last: &mut Place,
    ) -> Option<Step> {
        match stop.kind {
            StopKind::Visit => {
                let (id, ticket) = self.ticket(&stop.id)?;
                add(&mut run.load, &ticket.demand, -1);
                totals.priority += i64::from(ticket.priority);
                *last = ticket.place;
                Some(Step { id: Some(id), ..Step::at("job", Some(&ticket.place)) })
            }
            StopKind::Break => {
                run.breaks += 1;
                Some(Step { id: Some(run.breaks), ..Step::at("break", None) })
            }
            StopKind::Depot => {
                let cause = format!("a stop at the depot `{}` has no counterpart", stop.id);
                self.refuse(Code::UNSUPPORTED, cause);
                None
            }
        }
    }
}

/// What changes along a route.
struct Run {
    load: Vec<i64>,
    steps: Vec<Step>,
    breaks: u64,
}

impl Run {
    fn push(&mut self, step: Step, sums: &Totals, at: Instant, service: Seconds, waiting: Seconds) {
        let times = Times {
            setup: 0,
            service: service.0,
            waiting_time: waiting.0,
            load: self.load.clone(),
            arrival: at.0,
            duration: sums.duration,
            distance: sums.distance,
            violations: [],
        };
        self.steps.push(Step { times: Some(times), ..step });
    }
}

fn add(load: &mut [i64], demand: &[i64], sign: i64) {
    for (sum, amount) in load.iter_mut().zip(demand) {
        *sum = sum.saturating_add(amount.saturating_mul(sign));
    }
}
