//! Solution files of routing benchmarks: `Route #k: i j ..` for vehicle k, and `Cost`.
//!
//! Orders only, no times. Stops are written as ticket ids: customer numbers for Solomon's sets, and
//! for VRPLIB's the node's number less one, which is how its readers name their tickets.

use crate::io::known::Known;
use crate::io::text::{Faults, quoted};
use crate::io::{Format, Given, Source};
use crate::model::{Code, Criterion, Issues, World};
use crate::plan::{Plan, Route, Sequences};
use rustc_hash::{FxHashMap, FxHashSet};
use std::fmt::Write as _;

/// See the module's first line. Sets with vehicles of different kinds have a style of their own, which
/// their format writes.
pub(super) const FORMAT: Format = Format {
    name: "sol",
    about: "solution files of routing benchmarks: `Route #k: i j ..` and the cost",
    endings: &["sol"],
    sniff: |source| sniff(&source.text),
    read: None,
    read_plan: Some(read_plan),
    write: Some(|world, plan| write(world, plan, Style::Solomon)),
    write_world: None,
    write_files: None,
    locate: None,
};

/// How the sets of one family write their files.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Routes that are used; the cost in the units of the source, with decimals.
    Solomon,
    /// A line for each vehicle, for they may differ; the cost in scaled integers.
    Vrplib,
}

/// True when the text has routes from its first line on.
pub(super) fn sniff(text: &str) -> bool {
    text.trim_start().get(..5).is_some_and(|start| start.eq_ignore_ascii_case("route"))
}

/// Writes the orders of stops and the cost: the distance, and the worth of what is left out where
/// the objective weighs the two against each other.
///
/// # Errors
/// `E505` when a route belongs to no engineer of the world, `E508` for an unknown ticket.
pub fn write(world: &World, plan: &Plan, style: Style) -> Result<String, Issues> {
    let mut issues = Issues::default();
    let mut routes: FxHashMap<&str, &Route> = FxHashMap::default();
    let known: FxHashSet<&str> = world.engineers.iter().map(|e| e.id.as_str()).collect();
    for route in &plan.routes {
        if !known.contains(route.engineer.as_str()) {
            let cause = format!("the plan has a route of `{}`", route.engineer);
            issues.add(Code::UNKNOWN_ENGINEER, "plan", cause);
        } else if routes.insert(&route.engineer, route).is_some() {
            let cause =
                format!("`{}` has two routes, the format knows one per vehicle", route.engineer);
            issues.add(Code::UNSUPPORTED, "plan", cause);
        }
    }
    let cost = cost(world, plan, &mut issues);
    let mut text = String::new();
    let used = world.engineers.iter().rposition(|e| routes.contains_key(e.id.as_str()));
    for engineer in &world.engineers[..used.map_or(0, |last| last + 1)] {
        let route = routes.get(engineer.id.as_str());
        if route.is_none() && style == Style::Solomon {
            continue;
        }
        let _ = write!(text, "Route #{}:", engineer.id);
        for ticket in route.iter().flat_map(|route| route.tickets()) {
            let _ = write!(text, " {ticket}");
        }
        text.push('\n');
    }
    let _ = match style {
        Style::Solomon => writeln!(text, "Cost {}", decimal(cost, world.resolution)),
        Style::Vrplib => writeln!(text, "Cost: {cost}"),
    };
    issues.or(text)
}

fn cost(world: &World, plan: &Plan, issues: &mut Issues) -> i64 {
    let distance: i64 = plan.routes.iter().map(|route| route.distance().0).sum();
    let level = world.objective.levels.iter().find(|l| l.contains_key(&Criterion::Distance));
    let Some(&prize) = level.and_then(|level| level.get(&Criterion::Unserved)) else {
        return distance;
    };
    let worth: FxHashMap<&str, i64> =
        world.tickets.iter().map(|ticket| (ticket.id.as_str(), ticket.worth())).collect();
    plan.unassigned.iter().fold(distance, |sum, left| match worth.get(left.ticket.as_str()) {
        Some(worth) => sum.saturating_add(worth.saturating_mul(prize)),
        None => {
            let cause = format!("`{}` is left out by the plan", left.ticket);
            issues.add(Code::UNKNOWN_TICKET, "plan", cause);
            sum
        }
    })
}

/// `value / scale` with as many decimals as the scale has zeros.
pub(super) fn decimal(value: i64, scale: u32) -> String {
    let places = scale.max(1).ilog10() as usize;
    let scale = u64::from(scale.max(1));
    let (sign, value) = (if value < 0 { "-" } else { "" }, value.unsigned_abs());
    match places {
        0 => format!("{sign}{}", value / scale),
        _ => format!("{sign}{}.{:0places$}", value / scale, value % scale),
    }
}

/// Reads routes for this world.
///
/// # Errors
/// `E001` for lines that are neither routes nor a cost, `E505` for a route of no vehicle or a second
/// one of the same, `E508` for a stop that is no ticket, `E103` for one that is visited twice.
pub fn read_plan(source: &Source, world: &World) -> Result<Given, Issues> {
    let mut faults = Faults::of(source);
    let mut known = Known::of(world);
    let mut sequences = Sequences::default();
    for (index, line) in source.text.lines().enumerate() {
        let (number, line) = (index + 1, line.trim());
        if line.is_empty() || HEADS.iter().any(|head| starts_with(line, head)) {
            continue;
        }
        let Some((vehicle, stops)) = route(line) else {
            let cause = format!("{} is not `Route #k: i j ..`", quoted(line));
            faults.line(number, Code::SYNTAX, cause);
            continue;
        };
        let shift = faults.keep(number, known.shift(vehicle));
        let order = stops.split_whitespace().map(|stop| known.ticket(stop));
        let order = order.filter_map(|stop| faults.keep(number, stop)).collect();
        sequences.routes.extend(shift.map(|shift| (shift, order)));
    }
    faults.or(Given::Sequences(sequences))
}

/// Lines that say nothing about routes: the cost, and the heads of the files kept by SINTEF.
const HEADS: [&str; 6] = ["cost", "instance", "authors", "date", "reference", "solution"];

fn starts_with(line: &str, head: &str) -> bool {
    line.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head))
}

/// The vehicle and the stops of `Route #1: 2 3` or `Route 1 : 2 3`.
fn route(line: &str) -> Option<(&str, &str)> {
    let (head, stops) = line.split_once(':')?;
    starts_with(head, "route").then(|| (head[5..].trim().trim_start_matches('#'), stops))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Engineer, Objective, Place, Ticket, TravelMode};
    use crate::plan::{SequenceStop, Stop, StopKind, Unassigned};
    use crate::units::{Instant, Meters, Seconds};

    fn world() -> World {
        let mut world = World::new(TravelMode::Euclid { scale: 10, nearest: false });
        world.resolution = 10;
        for id in ["1", "2", "3"] {
            world.engineers.push(Engineer::new(id, Place::xy(0.0, 0.0), Instant(0), Instant(999)));
            let mut ticket = Ticket::new(id, Place::xy(1.0, 0.0), Seconds(0));
            ticket.value = Some(7);
            world.tickets.push(ticket);
        }
        world
    }

    fn visit(id: &str, distance: i64) -> Stop {
        let (travel, at) = (Seconds(distance), Instant(0));
        let distance = Meters(distance);
        Stop {
            kind: StopKind::Visit,
            id: id.into(),
            travel,
            distance,
            arrive: at,
            start: at,
            end: at,
        }
    }

    fn plan() -> Plan {
        let route = Route {
            engineer: "2".into(),
            shift: "2/1".into(),
            depart: Instant(0),
            stops: vec![visit("3", 100), visit("1", 5)],
            travel_home: Seconds(10),
            distance_home: Meters(10),
            end: Instant(0),
        };
        let left = Unassigned { ticket: "2".into(), reasons: Default::default() };
        Plan { schema: 1, routes: vec![route], unassigned: vec![left], score: Vec::new() }
    }

    #[test]
    fn each_family_has_its_own_empty_routes_and_cost() {
        let solomon = write(&world(), &plan(), Style::Solomon).expect("writes");
        assert_eq!(solomon, "Route #2: 3 1\nCost 11.5\n");
        let vrplib = write(&world(), &plan(), Style::Vrplib).expect("writes");
        assert_eq!(vrplib, "Route #1:\nRoute #2: 3 1\nCost: 115\n");
    }

    #[test]
    fn a_prize_that_is_left_counts_where_the_objective_says_so() {
        let mut world = world();
        world.objective = Objective::of(&[&[(Criterion::Distance, 1), (Criterion::Unserved, 10)]]);
        let text = write(&world, &plan(), Style::Vrplib).expect("writes");
        assert!(text.ends_with("Cost: 185\n"), "115 and 10 x 7: {text}");
    }

    #[test]
    fn routes_are_read_in_both_spellings() {
        let stops = |ids: &[&str]| ids.iter().map(|&id| SequenceStop::Ticket(id.into())).collect();
        for text in ["Route #2: 3 1\nRoute #3:\nCost 1.5\n", "Route 2 : 3 1\n\nRoute 3 :\nCost: 7"]
        {
            let given = read_plan(&Source::text(text), &world()).expect("reads");
            let routes =
                vec![("2/1".to_owned(), stops(&["3", "1"])), ("3/1".to_owned(), stops(&[]))];
            assert_eq!(given, Given::Sequences(Sequences { routes }));
        }
    }

    #[test]
    fn every_fault_has_its_line_and_code() {
        let text = "Route #2: 3 9\nRoute #2: 3\nRoute #8: 1\nMeal: 12\n";
        let issues = read_plan(&Source::text(text), &world()).expect_err("faults");
        let found: Vec<_> = issues.0.iter().map(|i| (i.at.as_str(), i.code)).collect();
        assert_eq!(
            found,
            [
                ("input:1", Code::UNKNOWN_TICKET),
                ("input:2", Code::DUPLICATE_ID),
                ("input:2", Code::DUPLICATE_ID),
                ("input:3", Code::UNKNOWN_ENGINEER),
                ("input:4", Code::SYNTAX),
            ]
        );
    }
}
