//! Reads a problem of VROOM's API as a world.

use crate::io::json::Node;
use crate::io::text::Faults;
use crate::io::vroom::costs::Costs;
use crate::io::vroom::loads::Loads;
use crate::io::vroom::travel::{Document, Travel};
use crate::io::{Source, native};
use crate::model::{
    Break, Code, Engineer, Issues, OwnedSkill, Place, Shift, SkillNeed, Ticket, TravelMode, Window,
    World,
};
use crate::units::{Cost, Instant, LIMIT, Meters, Seconds};
use serde_json::Value;

/// Reads a problem.
///
/// # Errors
/// `E001` for JSON that is broken (with line and column) or not as VROOM's API says, `E003` for what
/// cannot be planned here, `E105`, `E305`, `E306`, `E402` and `E602` as their names say. All at once.
pub fn read(source: &Source) -> Result<World, Issues> {
    let document: Document =
        serde_json::from_str(&source.text).map_err(|error| native::syntax(source, &error))?;
    let mut input = Input {
        faults: Faults::of(source),
        travel: Travel::new(document.matrices, source.options.speed()),
        costs: Costs::default(),
        loads: Loads::default(),
    };
    let rest = Value::Object(document.rest);
    let root = Node::root("problem", &rest);
    input.keys(&root, &["vehicles", "jobs"], &["shipments", "matrix"]);
    let mut world = World::new(TravelMode::car(source.options.speed()));
    world.name = source.stem();
    for node in input.list(&root, "vehicles") {
        world.engineers.extend(input.vehicle(&node));
    }
    for node in input.list(&root, "jobs") {
        world.tickets.extend(input.job(&node));
    }
    input.loads.check(&root, &world.engineers, &mut input.faults);
    world.objective = input.costs.objective();
    world.travel = input.travel.finish(&mut world.engineers, &mut input.faults);
    input.faults.or(world)
}

/// Keys that mean nothing to a plan, anywhere.
const FREE: [&str; 1] = ["description"];

struct Input {
    faults: Faults<'static>,
    travel: Travel,
    costs: Costs,
    loads: Loads,
}

impl Input {
    /// Refuses keys that would change the plan if they were understood: those of VROOM's API unless
    /// they have no effect, and all others.
    fn keys(&mut self, node: &Node, known: &[&str], refused: &[&str]) {
        let Some(object) = node.object(&mut self.faults) else { return };
        for key in object.keys() {
            if known.contains(&key.as_str()) || FREE.contains(&key.as_str()) {
                continue;
            }
            let Some(value) = node.get(key) else { continue };
            if !refused.contains(&key.as_str()) {
                value.fault(&mut self.faults, Code::UNSUPPORTED, "this key is not known");
            } else if !value.idle() {
                value.fault(&mut self.faults, Code::UNSUPPORTED, "this cannot be planned here");
            }
        }
    }

    fn list<'a>(&mut self, root: &Node<'a>, key: &str) -> Vec<Node<'a>> {
        let Some(list) = root.get(key) else {
            root.fault(&mut self.faults, Code::SYNTAX, format!("there is no `{key}`"));
            return Vec::new();
        };
        list.renamed(key).items(&mut self.faults)
    }

    fn vehicle(&mut self, node: &Node) -> Option<Engineer> {
        const KNOWN: &[&str] = &[
            "id",
            "profile",
            "start",
            "start_index",
            "end",
            "end_index",
            "capacity",
            "costs",
            "skills",
            "type",
            "time_window",
            "breaks",
            "speed_factor",
            "max_tasks",
            "max_distance",
        ];
        self.keys(node, KNOWN, &["max_travel_time", "steps"]);
        let id = self.id(node);
        let from = self.place(node, "start", "start_index");
        if from.is_none() {
            let cause = "a route that starts at its first job cannot be planned here: give `start`";
            node.fault(&mut self.faults, Code::UNSUPPORTED, cause);
        }
        let open = node.get("time_window").and_then(|window| self.window(&window));
        let (start, end) = open.unwrap_or(Window::new(Instant(0), Instant(LIMIT))).into();
        let shift = Shift {
            to: self.place(node, "end", "end_index"),
            breaks: self.breaks(node, start, end),
            max_tickets: node.get("max_tasks").and_then(|limit| limit.count(&mut self.faults)),
            capacity: self.loads.capacity(node, &mut self.faults),
            max_distance: self.max_distance(node),
            fixed_cost: self.fixed_cost(node),
            ..Shift::new(from.unwrap_or_default(), start, end)
        };
        let profile = self.travel.profile(node, &mut self.faults);
        let skills = self.skills(node);
        let name = node.get("description").and_then(|text| text.string(&mut self.faults));
        Some(Engineer {
            name: name.unwrap_or_default().into(),
            skills: skills.into_iter().map(|skill| OwnedSkill::new(skill, 1)).collect(),
            profile,
            shifts: vec![shift],
            ..Engineer::new(id?, Place::default(), start, end)
        })
    }

    fn job(&mut self, node: &Node) -> Option<Ticket> {
        const KNOWN: &[&str] = &[
            "id",
            "location",
            "location_index",
            "service",
            "delivery",
            "amount",
            "pickup",
            "skills",
            "priority",
            "time_windows",
        ];
        self.keys(node, KNOWN, &["setup", "setup_per_type", "service_per_type"]);
        let id = self.id(node);
        let place = self.place(node, "location", "location_index");
        if place.is_none() {
            node.fault(&mut self.faults, Code::NO_COORDINATES, "there is no `location`");
        }
        let service = node.get("service").and_then(|length| length.count(&mut self.faults));
        let mut ticket = Ticket::new(id?, place?, Seconds(service.unwrap_or(0)));
        ticket.skills.all =
            self.skills(node).into_iter().map(|skill| SkillNeed::new(skill, 1)).collect();
        ticket.priority = self.priority(node);
        ticket.demand = self.loads.demand(node, &mut self.faults);
        if let Some(windows) = node.get("time_windows") {
            let windows = windows.items(&mut self.faults);
            ticket.windows = windows.iter().filter_map(|window| self.window(window)).collect();
        }
        Some(ticket)
    }

    fn id(&mut self, node: &Node) -> Option<String> {
        let Some(id) = node.get("id") else {
            node.fault(&mut self.faults, Code::EMPTY_ID, "there is no `id`");
            return None;
        };
        id.id(&mut self.faults)
    }

    fn place(&mut self, node: &Node, point: &str, index: &str) -> Option<Place> {
        let (point, index) = (node.get(point), node.get(index));
        match (self.travel.has_matrices(), &point, &index) {
            (true, Some(point), None) => {
                point.fault(&mut self.faults, Code::NO_ROW, "with matrices an index is needed too");
            }
            (false, _, Some(index)) => {
                index.fault(&mut self.faults, Code::SYNTAX, "there are no `matrices` for an index");
            }
            _ => {}
        }
        let mut place = None;
        if let Some([lon, lat]) = point.as_ref().and_then(|point| point.pair(&mut self.faults)) {
            let (lon, lat) = (lon.real(&mut self.faults), lat.real(&mut self.faults));
            place = Some(Place { lat, lon, row: None });
        }
        if let Some(index) = &index {
            let row = index.count(&mut self.faults);
            place = Some(Place { row, ..place.unwrap_or_default() });
        }
        // What is there but faulty is not reported a second time as missing.
        (point.is_some() || index.is_some()).then(|| place.unwrap_or_default())
    }

    fn window(&mut self, node: &Node) -> Option<Window> {
        let [earliest, latest] = node.pair(&mut self.faults)?;
        let (earliest, latest) = (earliest.whole(&mut self.faults), latest.whole(&mut self.faults));
        Some(Window::new(Instant(earliest?), Instant(latest?)))
    }

    /// Breaks, their windows cut to the shift, within which VROOM too has them end.
    fn breaks(&mut self, vehicle: &Node, start: Instant, end: Instant) -> Vec<Break> {
        let Some(breaks) = vehicle.get("breaks") else { return Vec::new() };
        let nodes = breaks.items(&mut self.faults);
        nodes.iter().filter_map(|node| self.one_break(node, start, end)).collect()
    }

    fn one_break(&mut self, node: &Node, start: Instant, end: Instant) -> Option<Break> {
        self.keys(node, &["id", "time_windows", "service"], &["max_load"]);
        let length = node.get("service").and_then(|length| length.count(&mut self.faults));
        let length = Seconds(length.unwrap_or(0));
        let windows = match node.get("time_windows") {
            Some(windows) => windows.items(&mut self.faults),
            None => Vec::new(),
        };
        let window = match windows.as_slice() {
            [] => Window::new(start, end),
            [one] => self.window(one)?,
            [_, second, ..] => {
                let cause = "a break with several windows cannot be planned here";
                second.fault(&mut self.faults, Code::UNSUPPORTED, cause);
                return None;
            }
        };
        let latest = window.latest.0.min(end.0 - length.0);
        let (earliest, latest) = (window.earliest.max(start), Instant(latest));
        if earliest > latest {
            let cause = format!("no start of {length} lies within both its window and the shift");
            node.fault(&mut self.faults, Code::BREAK_TIMES, cause);
        }
        Some(Break { earliest, latest, duration: length })
    }

    fn max_distance(&mut self, node: &Node) -> Option<Meters> {
        let limit = node.get("max_distance")?;
        if !self.travel.has_distances(node) {
            let cause = "a limit on distance needs `distances` in the matrices";
            limit.fault(&mut self.faults, Code::UNSUPPORTED, cause);
        }
        limit.count(&mut self.faults).map(Meters)
    }

    fn fixed_cost(&mut self, vehicle: &Node) -> Cost {
        if let Some(costs) = vehicle.get("costs") {
            self.keys(&costs, &["fixed", "per_hour", "per_km"], &["per_task_hour"]);
        }
        self.costs.note(vehicle, self.travel.has_distances(vehicle), &mut self.faults)
    }

    fn skills(&mut self, node: &Node) -> Vec<String> {
        let Some(skills) = node.get("skills") else { return Vec::new() };
        let skills = skills.items(&mut self.faults);
        skills.iter().filter_map(|skill| skill.id(&mut self.faults)).collect()
    }

    fn priority(&mut self, node: &Node) -> u32 {
        let Some(node) = node.get("priority") else { return 0 };
        let priority = node.count(&mut self.faults).unwrap_or(0);
        if priority > 100 {
            node.fault(&mut self.faults, Code::OUT_OF_RANGE, "priorities go from 0 to 100");
        }
        priority
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Criterion, Objective};

    const TINY: &str = r#"{
        "vehicles": [{"id": 7, "start_index": 0, "end_index": 0, "skills": [3], "capacity": [4],
            "time_window": [0, 36000], "description": "Ada", "max_tasks": 5,
            "breaks": [{"id": 1, "time_windows": [[10000, 40000]], "service": 1800}]}],
        "jobs": [{"id": 12, "location_index": 1, "service": 600, "priority": 10, "skills": [3],
            "delivery": [2], "time_windows": [[0, 100], [200, 300]], "setup": 0}],
        "matrices": {"car": {"durations": [[0, 50], [60, 0]]}}}"#;

    fn parsed(text: &str) -> World {
        read(&Source::text(text)).expect("reads")
    }

    /// The codes and places of the faults after one replacement in the tiny problem.
    fn faults(from: &str, to: &str) -> Vec<(u16, String)> {
        assert!(TINY.contains(from), "{from}");
        let issues = read(&Source::text(TINY.replace(from, to))).expect_err(to);
        issues.0.into_iter().map(|issue| (issue.code.number, issue.at)).collect()
    }

    #[test]
    fn everything_that_is_said_is_kept() {
        let world = parsed(TINY);
        let (ada, shift) = (&world.engineers[0], &world.engineers[0].shifts[0]);
        assert_eq!((ada.id.as_str(), ada.name.as_str()), ("7", "Ada"));
        assert_eq!(ada.skills, [OwnedSkill::new("3", 1)]);
        assert_eq!((shift.from, shift.to), (Place::row(0), Some(Place::row(0))));
        assert_eq!((shift.max_tickets, &shift.capacity), (Some(5), &vec![4]));
        let job = &world.tickets[0];
        assert_eq!((job.id.as_str(), job.worth(), job.service), ("12", 11, Seconds(600)));
        assert_eq!(job.windows[1], Window::new(Instant(200), Instant(300)));
        assert_eq!(
            world.objective.levels,
            Objective::of(&[&[(Criterion::Unserved, 1)], &[(Criterion::Travel, 1)],]).levels
        );
        let TravelMode::Matrix { tables } = world.travel else { panic!("not a matrix") };
        assert_eq!(tables[0].seconds, [[0, 50], [60, 0]]);
    }

    #[test]
    fn a_break_ends_within_its_shift() {
        let world = parsed(TINY);
        let latest = Instant(36_000 - 1_800);
        let wanted = Break { earliest: Instant(10_000), latest, duration: Seconds(1_800) };
        assert_eq!(world.engineers[0].shifts[0].breaks, [wanted]);
        assert_eq!(faults("36000", "9000")[0].0, Code::BREAK_TIMES.number);
    }

    #[test]
    fn what_cannot_be_planned_is_refused_where_it_stands() {
        let unsupported = Code::UNSUPPORTED.number;
        let cases = [
            ("\"setup\": 0", "\"setup\": 60", "input: jobs[0].setup"),
            ("\"max_tasks\"", "\"max_travel_time\"", "input: vehicles[0].max_travel_time"),
            ("\"max_tasks\"", "\"max_distance\"", "input: vehicles[0].max_distance"),
            ("\"max_tasks\"", "\"max_jobs\"", "input: vehicles[0].max_jobs"),
            ("\"matrices\"", "\"shipments\": [1], \"matrices\"", "input: problem.shipments"),
            (
                "[[10000, 40000]]",
                "[[1, 2], [3, 4]]",
                "input: vehicles[0].breaks[0].time_windows[1]",
            ),
            ("\"setup\": 0", "\"pickup\": [1]", "input: problem"),
        ];
        for (from, to, at) in cases {
            assert_eq!(faults(from, to), [(unsupported, at.to_owned())], "{to}");
        }
    }

    #[test]
    fn all_faults_are_named_at_once() {
        let text = TINY
            .replace("\"service\": 600", "\"service\": \"ten minutes\"")
            .replace("[4]", "[4, 4]")
            .replace("7,", "7.5,");
        let issues = read(&Source::text(text)).expect_err("three faults");
        let at: Vec<&str> = issues.0.iter().map(|issue| issue.at.as_str()).collect();
        assert_eq!(
            at,
            ["input: vehicles[0].id", "input: jobs[0].service", "input: jobs[0].delivery"]
        );
    }

    #[test]
    fn broken_json_and_matrices_have_line_and_column() {
        let issues =
            read(&Source::text(TINY.replace("[60, 0]", "[60, -1]"))).expect_err("negative");
        assert!(issues.0[0].at.starts_with("input:7:"), "{issues}");
    }

    #[test]
    fn equal_costs_become_weights_and_others_are_refused() {
        let costs = r#""costs": {"fixed": 100, "per_hour": 7200}, "max_tasks""#;
        let world = parsed(&TINY.replace("\"max_tasks\"", costs));
        // 7200 an hour are 2 a second: weight 2, beside 1 for each unit of fixed cost.
        let cost = [(Criterion::Travel, 2), (Criterion::Fixed, 1)];
        assert_eq!(world.objective, Objective::of(&[&[(Criterion::Unserved, 1)], &cost]));
        assert_eq!(world.engineers[0].shifts[0].fixed_cost, Cost(100));
        let other = r#""vehicles": [{"id": 8, "start_index": 0, "capacity": [1],
            "costs": {"per_hour": 1}},"#;
        let found = faults("\"vehicles\": [", other);
        assert_eq!(found, [(Code::UNSUPPORTED.number, "input: vehicles[1]".to_owned())]);
    }

    #[test]
    fn a_speed_factor_makes_a_table_of_its_own() {
        let second =
            r#""vehicles": [{"id": 8, "start_index": 0, "capacity": [1], "speed_factor": 0.8},"#;
        let world = parsed(&TINY.replace("\"vehicles\": [", second));
        let TravelMode::Matrix { tables } = &world.travel else { panic!("not a matrix") };
        let slow = tables.iter().find(|table| table.name == "car at 80 %").expect("a second table");
        assert_eq!(slow.seconds, [[0, 63], [75, 0]], "62.5 is rounded up");
        assert_eq!(world.engineers[0].profile.as_deref(), Some("car at 80 %"));
        assert_eq!(world.engineers[1].profile.as_deref(), Some("car"));
    }

    #[test]
    fn without_matrices_travel_is_along_great_circles() {
        let text = r#"{"vehicles": [{"id": 1, "start": [13.4, 52.5]}],
            "jobs": [{"id": 1, "location": [13.5, 52.6]}]}"#;
        let world = parsed(text);
        assert_eq!(world.travel, TravelMode::car(36_000));
        assert_eq!(world.tickets[0].place, Place::at(52.6, 13.5));
        assert_eq!(world.engineers[0].shifts[0].to, None);
    }
}
