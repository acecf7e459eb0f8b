//! Solutions of the TRSP as one line: `<1,30,28,126|2,127|..>`, one part for each technician.
//!
//! A part begins with the technician and ends with his home as a second node; nodes beyond the requests
//! stand for those. With `last` the number of the last request: `last + t` is the end of technician t,
//! and `last + crew + t` a visit of his to the main depot. Parts of those who stay at home are empty.

use crate::io::known::Known;
use crate::io::text::{Fault, Faults, count, quoted};
use crate::io::{Given, Source};
use crate::model::{Code, Issues, World};
use crate::plan::{Plan, Route, SequenceStop, Sequences, StopKind};

/// The id of the main depot, as a depot and in files.
pub(super) const DEPOT: &str = "0";

/// True when the text is such a line, or holds one as `NAME-S=<..>`.
pub(super) fn sniff(text: &str) -> bool {
    text.trim_start().starts_with('<') || text.contains("-S=<")
}

/// How the nodes of a world are counted.
struct Count {
    crew: u32,
    last: u32,
}

impl Count {
    fn of(world: &World) -> Option<Self> {
        let crew = u32::try_from(world.engineers.len()).ok()?;
        let requests = world.tickets.iter().map(|ticket| ticket.id.parse::<u32>());
        let last = requests.collect::<Result<Vec<u32>, _>>().ok()?.into_iter().max();
        let last = last.unwrap_or(0).max(crew);
        // Nodes are counted in 32 bits up to the last copy of the depot.
        last.checked_add(crew.checked_mul(2)?)?;
        let in_order = |(index, id): (usize, &str)| id.parse() == Ok(index + 1);
        let ids = world.engineers.iter().map(|engineer| engineer.id.as_str());
        ids.enumerate().all(in_order).then_some(Self { crew, last })
    }

    fn end(&self, technician: u32) -> u32 {
        self.last + technician
    }

    fn depot(&self, technician: u32) -> u32 {
        self.last + self.crew + technician
    }
}

fn not_counted() -> (Code, String) {
    let cause = "engineers must be named 1, 2, 3 .. and tickets by numbers behind them";
    (Code::UNSUPPORTED, cause.into())
}

/// Writes the orders of stops.
///
/// # Errors
/// `E003` for worlds whose engineers and tickets are not numbered, and for breaks; `E505` when a route
/// belongs to no engineer.
pub fn write(world: &World, plan: &Plan) -> Result<String, Issues> {
    let mut issues = Issues::default();
    let Some(count) = Count::of(world) else {
        let (code, cause) = not_counted();
        issues.add(code, "world", cause);
        return Err(issues);
    };
    let mut parts = vec![String::new(); world.engineers.len()];
    for route in &plan.routes {
        let technician = route.engineer.parse::<u32>().ok();
        let place = technician.and_then(|t| t.checked_sub(1)).map(|index| index as usize);
        match (technician, place.and_then(|index| parts.get_mut(index))) {
            (Some(technician), Some(part)) => {
                *part = self::part(route, technician, &count, &mut issues)
            }
            _ => {
                let cause = format!("there is no engineer `{}`", route.engineer);
                issues.add(Code::UNKNOWN_ENGINEER, "plan", cause);
            }
        }
    }
    issues.or(format!("<{}>\n", parts.join("|")))
}

fn part(route: &Route, technician: u32, count: &Count, issues: &mut Issues) -> String {
    let mut nodes = vec![route.engineer.clone()];
    for stop in &route.stops {
        match stop.kind {
            StopKind::Visit => nodes.push(stop.id.clone()),
            StopKind::Depot => nodes.push(count.depot(technician).to_string()),
            StopKind::Break => {
                let cause =
                    format!("a break of `{}` cannot be said in this format", route.engineer);
                issues.add(Code::UNSUPPORTED, "plan", cause);
            }
        }
    }
    nodes.push(count.end(technician).to_string());
    nodes.join(",")
}

/// Reads routes for this world: from the line that begins with its name if there are several.
///
/// # Errors
/// `E001` for what does not follow the format, `E003` for worlds that are not numbered, `E505`, `E508`
/// and `E103` for technicians and nodes that are unknown or come twice.
pub fn read_plan(source: &Source, world: &World) -> Result<Given, Issues> {
    let mut faults = Faults::of(source);
    let Some(count) = Count::of(world) else {
        let (code, cause) = not_counted();
        faults.whole(code, cause);
        return Err(faults.into_issues());
    };
    let Some((line, text)) = solution(&source.text, &world.name) else {
        let cause =
            format!("there is no `<..>`, or several and none named {}", quoted(&world.name));
        faults.whole(Code::SYNTAX, cause);
        return Err(faults.into_issues());
    };
    let mut known = Known::of(world);
    let mut sequences = Sequences::default();
    for part in text.split('|').filter(|part| !part.trim().is_empty()) {
        let route = faults.keep(line, sequence(part, &count, &mut known));
        sequences.routes.extend(route);
    }
    faults.or(Given::Sequences(sequences))
}

/// The line and the text within `<..>` of the named solution, or of the only one.
fn solution<'a>(text: &'a str, name: &str) -> Option<(usize, &'a str)> {
    let found = text.lines().enumerate().filter_map(|(index, line)| {
        let (head, rest) = line.split_once('<')?;
        let (inner, _) = rest.split_once('>')?;
        Some((head.trim(), (index + 1, inner)))
    });
    let found: Vec<_> = found.collect();
    let named = found.iter().find(|(head, _)| head.strip_suffix("-S=") == Some(name));
    match (named, found.as_slice()) {
        (Some((_, solution)), _) | (None, [(_, solution)]) => Some(*solution),
        _ => None,
    }
}

fn sequence(
    part: &str,
    nodes: &Count,
    known: &mut Known,
) -> Result<(String, Vec<SequenceStop>), Fault> {
    let numbers =
        part.split(',').map(|word| count(word.trim())).collect::<Result<Vec<u32>, _>>()?;
    let &[technician, ref stops @ .., end] = numbers.as_slice() else {
        return Err((Code::SYNTAX, format!("{} has no end", quoted(part))));
    };
    let shift = known.shift(&technician.to_string())?;
    if end != nodes.end(technician) {
        let cause = format!("the end of {technician} is {}, not {end}", nodes.end(technician));
        return Err((Code::SYNTAX, cause));
    }
    let stop = |&node: &u32| match node {
        node if node == nodes.depot(technician) => known.depot(DEPOT),
        node => known.ticket(&node.to_string()),
    };
    Ok((shift, stops.iter().map(stop).collect::<Result<_, _>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Depot, Engineer, Place, Ticket, TravelMode};
    use crate::plan::Stop;
    use crate::units::{Instant, Meters, Seconds};

    /// Two technicians, requests 3 to 5; so the ends are 6 and 7, the depot visits 8 and 9.
    fn world() -> World {
        let place = Place::xy(0.0, 0.0);
        let mut world = World::new(TravelMode::Euclid { scale: 1, nearest: true });
        world.name = "W".into();
        for id in ["1", "2"] {
            world.engineers.push(Engineer::new(id, place, Instant(0), Instant(9)));
        }
        for id in ["3", "4", "5"] {
            world.tickets.push(Ticket::new(id, place, Seconds(0)));
        }
        world.depots.push(Depot { id: DEPOT.into(), place, service: Seconds(0) });
        world
    }

    fn ticket(id: &str) -> SequenceStop {
        SequenceStop::Ticket(id.into())
    }

    fn given(text: &str) -> Result<Given, Issues> {
        read_plan(&Source::text(text), &world())
    }

    #[test]
    fn nodes_beyond_the_requests_are_homes_and_the_depot() {
        let depot = SequenceStop::Depot(DEPOT.into());
        let routes = vec![("2/1".to_owned(), vec![ticket("4"), depot, ticket("3")])];
        let wanted = Given::Sequences(Sequences { routes });
        assert_eq!(given("<|2,4,9,3,7>").expect("reads"), wanted);
        let list = "V-S=<1,5,6|>\nW=1.5\nW-K=1\nW-S=<|2,4,9,3,7>\n";
        assert_eq!(given(list).expect("reads"), wanted, "the line with the world's name");
    }

    #[test]
    fn what_is_written_keeps_the_place_of_each_technician() {
        let stop = |kind, id: &str| Stop {
            kind,
            id: id.into(),
            travel: Seconds(0),
            distance: Meters(0),
            arrive: Instant(0),
            start: Instant(0),
            end: Instant(0),
        };
        let route = Route {
            engineer: "2".into(),
            shift: "2/1".into(),
            depart: Instant(0),
            stops: vec![stop(StopKind::Visit, "4"), stop(StopKind::Depot, "0")],
            travel_home: Seconds(0),
            distance_home: Meters(0),
            end: Instant(0),
        };
        let plan = Plan { routes: vec![route], ..Plan::default() };
        assert_eq!(write(&world(), &plan).expect("writes"), "<|2,4,9,7>\n");
    }

    #[test]
    fn faults_are_named() {
        let cases = [
            ("", Code::SYNTAX),
            ("<1,3>", Code::SYNTAX),
            ("<1,3,7>", Code::SYNTAX),
            ("<1,3,6>\n<1,4,6>", Code::SYNTAX),
            ("<1,9,6>", Code::UNKNOWN_TICKET),
            ("<1,3,6|2,3,7>", Code::DUPLICATE_ID),
            ("<3,4,9>", Code::UNKNOWN_ENGINEER),
        ];
        for (text, code) in cases {
            assert_eq!(given(text).expect_err(text).0[0].code, code, "{text}");
        }
    }
}
