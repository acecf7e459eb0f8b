//! Reads solutions of VROOM's API as plans.

use crate::io::json::{Node, Unique};
use crate::io::known::Known;
use crate::io::text::Faults;
use crate::io::{Given, Source, bounded, native};
use crate::model::{Code, Issues, TravelMode, World};
use crate::plan::{Plan, Route, SequenceStop, Sequences, Stop, StopKind, Unassigned};
use crate::units::{Instant, Meters, Seconds};
use std::collections::BTreeMap;

/// Reads a solution as a plan; as orders without times where times or lengths are missing, or where a
/// break interrupts a way, which cannot be said here.
///
/// # Errors
/// `E001` for what does not follow VROOM's API or reports an error, `E003` for shipments and set-ups,
/// `E103`, `E505` and `E508` for ids that are unknown or served twice, `E105` for numbers too large.
pub fn read_plan(source: &Source, world: &World) -> Result<Given, Issues> {
    let Unique(value) =
        serde_json::from_str(&source.text).map_err(|error| native::syntax(source, &error))?;
    let root = Node::root("solution", &value);
    let mut reader = Reader { faults: Faults::of(source), known: Known::of(world), world };
    let mut plan = Plan { schema: Plan::SCHEMA, ..Plan::default() };
    let (mut sequences, mut timed) = (Sequences::default(), true);
    if let Some(error) = root.get("error") {
        let cause = error.string(&mut reader.faults).unwrap_or("an error").to_owned();
        error.fault(&mut reader.faults, Code::SYNTAX, cause);
    }
    let Some(routes) = root.get("routes") else {
        root.fault(&mut reader.faults, Code::SYNTAX, "there is no `routes`");
        return Err(reader.faults.into_issues());
    };
    for node in routes.items(&mut reader.faults) {
        if let Some((route, order, whole)) = reader.route(&node) {
            sequences.routes.push((route.shift.clone(), order));
            timed &= whole;
            plan.routes.push(route);
        }
    }
    if let Some(left) = root.get("unassigned") {
        for node in left.items(&mut reader.faults) {
            let ticket = reader.ticket(&node);
            let left = ticket.map(|ticket| Unassigned { ticket, reasons: BTreeMap::new() });
            plan.unassigned.extend(left);
        }
    }
    reader.faults.or(())?;
    if !timed {
        return Ok(Given::Sequences(sequences));
    }
    bounded(source, &plan)?;
    Ok(Given::Plan(plan))
}

struct Reader<'a> {
    faults: Faults<'static>,
    known: Known<'a>,
    world: &'a World,
}

/// Sums up to a step; `None` once one of them is missing.
#[derive(Clone, Copy)]
struct Sums {
    duration: Option<i64>,
    distance: Option<i64>,
}

impl Reader<'_> {
    fn ticket(&mut self, node: &Node) -> Option<String> {
        let Some(id) = node.get("id").or_else(|| node.get("job")) else {
            node.fault(&mut self.faults, Code::SYNTAX, "there is no `id`");
            return None;
        };
        let id = id.id(&mut self.faults)?;
        node.keep(&mut self.faults, self.known.ticket(&id)).map(|_| id)
    }

    /// A route, its order, and whether all its times and lengths are there.
    fn route(&mut self, node: &Node) -> Option<(Route, Vec<SequenceStop>, bool)> {
        let engineer = node.get("vehicle").and_then(|id| id.id(&mut self.faults));
        let (Some(engineer), Some(steps)) = (engineer, node.get("steps")) else {
            node.fault(&mut self.faults, Code::SYNTAX, "there is no `vehicle` or no `steps`");
            return None;
        };
        let shift = node.keep(&mut self.faults, self.known.shift(&engineer))?;
        let mut route = Route {
            engineer,
            shift,
            depart: Instant(0),
            stops: Vec::new(),
            travel_home: Seconds(0),
            distance_home: Meters(0),
            end: Instant(0),
        };
        let mut sums = Sums { duration: Some(0), distance: Some(0) };
        let (mut order, mut timed) = (Vec::new(), true);
        for step in steps.items(&mut self.faults) {
            let (stop, whole) = self.step(&step, &mut sums)?;
            timed &= whole;
            match step.get("type").and_then(|kind| kind.string(&mut self.faults)) {
                Some("start") => route.depart = stop.arrive,
                Some("end") => {
                    route.end = stop.arrive;
                    (route.travel_home, route.distance_home) = (stop.travel, stop.distance);
                }
                Some("break") => {
                    // A break on the way has travel before it; here he stands.
                    timed &= stop.travel == Seconds(0);
                    route.stops.push(Stop { kind: StopKind::Break, ..stop });
                }
                Some("job") => {
                    let id = self.ticket(&step)?;
                    order.push(SequenceStop::Ticket(id.clone()));
                    route.stops.push(Stop { id, ..stop });
                }
                _ => step.fault(&mut self.faults, Code::UNSUPPORTED, "this type is not known here"),
            }
        }
        Some((route, order, timed))
    }

    /// Times and lengths of a step, as those of a visit; and whether all were there.
    fn step(&mut self, node: &Node, sums: &mut Sums) -> Option<(Stop, bool)> {
        if let Some(setup) = node.get("setup").filter(|setup| !setup.idle()) {
            setup.fault(&mut self.faults, Code::UNSUPPORTED, "a set-up cannot be planned here");
        }
        let mut number = |key: &str| match node.get(key) {
            Some(value) => value.whole(&mut self.faults).map(Some),
            None => Some(None),
        };
        let (arrive, duration) = (number("arrival")?, number("duration")?);
        let (waiting, service) = (number("waiting_time")?, number("service")?);
        // Without tables of lengths, travel is measured by its time.
        let distance =
            number("distance")?.or(if self.lengths_are_times() { duration } else { None });
        let leg = |sum: Option<i64>, before: Option<i64>| sum.zip(before).map(|(a, b)| a - b);
        let (travel, length) = (leg(duration, sums.duration), leg(distance, sums.distance));
        *sums = Sums { duration, distance };
        let timed = arrive.is_some() && travel.is_some() && length.is_some();
        let start = arrive.unwrap_or(0) + waiting.unwrap_or(0);
        let stop = Stop {
            kind: StopKind::Visit,
            id: String::new(),
            travel: Seconds(travel.unwrap_or(0)),
            distance: Meters(length.unwrap_or(0)),
            arrive: Instant(arrive.unwrap_or(0)),
            start: Instant(start),
            end: Instant(start + service.unwrap_or(0)),
        };
        Some((stop, timed))
    }

    fn lengths_are_times(&self) -> bool {
        match &self.world.travel {
            TravelMode::Matrix { tables } => tables.iter().all(|table| table.meters.is_none()),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::vroom::{read, write};
    use serde_json::Value;

    /// Two jobs, 50 and 30 seconds apart, the second open from 1000; a break of 60 from 500.
    const PROBLEM: &str = r#"{
        "vehicles": [{"id": 7, "start_index": 0, "end_index": 0, "capacity": [4],
            "time_window": [100, 36000], "costs": {"fixed": 5},
            "breaks": [{"id": 1, "time_windows": [[500, 600]], "service": 60}]}],
        "jobs": [
            {"id": 12, "location_index": 1, "service": 600, "delivery": [2], "priority": 9},
            {"id": 13, "location_index": 2, "service": 10, "delivery": [1], "time_windows": [[1000, 2000]]},
            {"id": 14, "location_index": 2}],
        "matrices": {"car": {"durations": [[0, 50, 99], [60, 0, 30], [40, 20, 0]]}}}"#;

    fn problem() -> World {
        read(&Source::text(PROBLEM)).expect("reads")
    }

    /// No order has the break between the jobs, so it is taken before he leaves.
    fn plan() -> Plan {
        let stop = |kind, id: &str, travel, arrive, start, end| Stop {
            kind,
            id: id.into(),
            travel: Seconds(travel),
            distance: Meters(travel),
            arrive: Instant(arrive),
            start: Instant(start),
            end: Instant(end),
        };
        let route = Route {
            engineer: "7".into(),
            shift: "7/1".into(),
            depart: Instant(100),
            stops: vec![
                stop(StopKind::Break, "", 0, 100, 500, 560),
                stop(StopKind::Visit, "12", 50, 610, 610, 1_210),
                stop(StopKind::Visit, "13", 30, 1_240, 1_240, 1_250),
            ],
            travel_home: Seconds(40),
            distance_home: Meters(40),
            end: Instant(1_290),
        };
        let left = Unassigned { ticket: "14".into(), reasons: BTreeMap::new() };
        Plan {
            schema: Plan::SCHEMA,
            routes: vec![route],
            unassigned: vec![left],
            score: Vec::new(),
        }
    }

    #[test]
    fn figures_are_those_of_the_api() {
        let text = write(&problem(), &plan()).expect("writes");
        let value: Value = serde_json::from_str(&text).expect("is JSON");
        // Travel 50 + 30 + 40, and 5 for the vehicle; breaks count as service.
        assert_eq!(value["summary"]["cost"], 125);
        assert_eq!(value["summary"]["duration"], 120);
        assert_eq!(value["summary"]["service"], 60 + 600 + 10);
        assert_eq!(value["summary"]["waiting_time"], 400);
        assert_eq!(value["summary"]["priority"], 9);
        assert_eq!(value["unassigned"][0]["id"], 14);
        let steps = value["routes"][0]["steps"].as_array().expect("steps");
        let of = |key: &str| steps.iter().map(|step| step[key].clone()).collect::<Vec<_>>();
        assert_eq!(of("type"), ["start", "break", "job", "job", "end"]);
        assert_eq!(of("arrival"), [100, 100, 610, 1_240, 1_290]);
        assert_eq!(of("duration"), [0, 0, 50, 80, 120]);
        assert_eq!(of("load"), [[3], [3], [1], [0], [0]].map(|load| Value::from(load.to_vec())));
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text = write(&problem(), &plan()).expect("writes");
        let given = read_plan(&Source::text(text), &problem()).expect("reads");
        assert_eq!(given, Given::Plan(plan()));
    }

    #[test]
    fn a_solution_without_times_gives_the_orders() {
        let text = r#"{"code": 0, "routes": [{"vehicle": 7, "steps": [
            {"type": "start"}, {"type": "job", "id": 13}, {"type": "job", "job": 12}]}]}"#;
        let given = read_plan(&Source::text(text), &problem()).expect("reads");
        let order = ["13", "12"].map(|id| SequenceStop::Ticket(id.into())).to_vec();
        assert_eq!(given, Given::Sequences(Sequences { routes: vec![("7/1".into(), order)] }));
    }

    #[test]
    fn unknown_and_repeated_ids_are_named() {
        let text = r#"{"routes": [{"vehicle": 7, "steps": [{"type": "job", "id": 99}]},
            {"vehicle": 7, "steps": []}, {"vehicle": 1, "steps": []}]}"#;
        let issues = read_plan(&Source::text(text), &problem()).expect_err("three faults");
        let codes: Vec<Code> = issues.0.iter().map(|issue| issue.code).collect();
        assert_eq!(codes, [Code::UNKNOWN_TICKET, Code::DUPLICATE_ID, Code::UNKNOWN_ENGINEER]);
    }

    #[test]
    fn an_error_of_the_solver_is_an_error() {
        let text = r#"{"code": 2, "error": "no route", "routes": []}"#;
        let issues = read_plan(&Source::text(text), &problem()).expect_err("an error");
        assert!(issues.0[0].cause.contains("no route"));
    }
}
