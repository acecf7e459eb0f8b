//! Plans as one table: a row for the start and the end of each route, for each stop, and for each
//! ticket left out. Scores and reasons are not kept.

use crate::io::tables::item::text;
use crate::io::tables::table::{Row, Table, written};
use crate::io::text::{Faults, quoted, whole};
use crate::io::{File, Given, Source, bounded};
use crate::model::{Code, Issues, World};
use crate::plan::{Plan, Route, Stop, StopKind, Unassigned};
use crate::units::{Instant, Meters, Seconds};
use std::collections::BTreeMap;

const COLUMNS: [&str; 9] =
    ["engineer", "shift", "kind", "id", "travel", "distance", "arrive", "start", "end"];
const START: &str = "start";
const END: &str = "end";
const LEFT: &str = "unassigned";
const KINDS: [(&str, StopKind); 3] =
    [("visit", StopKind::Visit), ("break", StopKind::Break), ("depot", StopKind::Depot)];

/// Writes a plan.
///
/// # Errors
/// `E003` for names that are empty or have outer spaces: they would not come back as they are.
pub fn write(_world: &World, plan: &Plan) -> Result<String, Issues> {
    let mut rows = Vec::new();
    for route in &plan.routes {
        let mut row =
            |kind: &str, id: &str, travel: Seconds, distance: Meters, times: [Instant; 3]| {
                let mut row = [&route.engineer, &route.shift, kind, id].map(str::to_owned).to_vec();
                row.extend([travel.0, distance.0].map(|number| number.to_string()));
                row.extend(times.map(|time| time.to_string()));
                rows.push(row);
            };
        row(START, "", Seconds(0), Meters(0), [route.depart; 3]);
        for stop in &route.stops {
            let (kind, _) = KINDS[KINDS.iter().position(|(_, k)| *k == stop.kind).unwrap_or(0)];
            row(kind, &stop.id, stop.travel, stop.distance, [stop.arrive, stop.start, stop.end]);
        }
        row(END, "", route.travel_home, route.distance_home, [route.end; 3]);
    }
    for left in &plan.unassigned {
        let mut row = vec![String::new(); COLUMNS.len()];
        (row[2], row[3]) = (LEFT.into(), left.ticket.clone());
        rows.push(row);
    }
    let mut issues = Issues::default();
    let names = rows.iter().flat_map(|row| row.iter().take(4));
    if let Some(name) = names.into_iter().find(|name| name.trim() != *name) {
        issues.add(Code::UNSUPPORTED, "plan", format!("the name `{name}` has outer spaces"));
    }
    issues.or(written(&COLUMNS, &rows))
}

/// Reads a plan.
///
/// # Errors
/// `E001` for cells that are not as their column wants them and for stops outside of a route, `E003` for
/// columns that are not known, `E105` for numbers too large.
pub fn read_plan(source: &Source, _world: &World) -> Result<Given, Issues> {
    let mut faults = Faults::of(source);
    let file = File { name: source.name(), text: source.text.clone() };
    let table = Table::of(&file, &["kind"], &COLUMNS, &mut faults);
    let mut plan = Plan { schema: Plan::SCHEMA, ..Plan::default() };
    let mut open = false;
    for row in table.rows() {
        match row.text("kind").as_ref() {
            START => {
                plan.routes.extend(start(&row, &mut faults));
                open = true;
            }
            LEFT => {
                let ticket = row.need("id", &mut faults, text);
                let left = ticket.map(|ticket| Unassigned { ticket, reasons: BTreeMap::new() });
                plan.unassigned.extend(left);
            }
            kind => {
                let stop = stop(&row, kind, &mut faults);
                let route = plan.routes.last_mut().filter(|route| {
                    open && route.engineer == row.text("engineer")
                        && route.shift == row.text("shift")
                });
                match (route, stop) {
                    (None, _) => {
                        let cause = "there is no row `start` of this shift above";
                        row.fault("shift", &mut faults, (Code::SYNTAX, cause.into()));
                    }
                    (Some(route), Some(stop)) if kind == END => {
                        (route.travel_home, route.distance_home) = (stop.travel, stop.distance);
                        route.end = stop.arrive;
                        open = false;
                    }
                    (Some(route), Some(stop)) => route.stops.push(stop),
                    (Some(_), None) => {}
                }
            }
        }
    }
    faults.or(())?;
    bounded(source, &plan)?;
    Ok(Given::Plan(plan))
}

fn start(row: &Row, faults: &mut Faults) -> Option<Route> {
    let (engineer, shift) = (row.need("engineer", faults, text), row.need("shift", faults, text));
    let depart = row.needed_instant("end", faults)?;
    Some(Route {
        engineer: engineer?,
        shift: shift?,
        depart,
        stops: Vec::new(),
        travel_home: Seconds(0),
        distance_home: Meters(0),
        end: depart,
    })
}

fn stop(row: &Row, kind: &str, faults: &mut Faults) -> Option<Stop> {
    let known = KINDS.iter().find(|(name, _)| *name == kind);
    if known.is_none() && kind != END {
        let cause = format!("{} is no kind of row", quoted(kind));
        row.fault("kind", faults, (Code::SYNTAX, cause));
    }
    let (travel, distance) =
        (row.need("travel", faults, whole), row.need("distance", faults, whole));
    let mut time = |column| row.needed_instant(column, faults);
    let (arrive, start, end) = (time("arrive"), time("start"), time("end"));
    Some(Stop {
        kind: known.map_or(StopKind::Visit, |(_, kind)| *kind),
        id: row.text("id").into_owned(),
        travel: Seconds(travel?),
        distance: Meters(distance?),
        arrive: arrive?,
        start: start?,
        end: end?,
    })
}
