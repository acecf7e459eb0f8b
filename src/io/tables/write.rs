//! Writes a world as a directory of tables.

use crate::io::tables::table::written;
use crate::io::tables::{
    DEPOTS, ENGINEERS, OBJECTIVE, OUTLINES, Part, REGIONS, SKILLS, TICKETS, TRAFFIC, TRAVEL,
};
use crate::io::{File, geojson};
use crate::model::{
    Code, Engineer, Issues, Kit, Objective, OwnedSkill, Place, Shift, SkillNeed, Ticket, TimeOfDay,
    Traffic, TravelMode, World,
};
use std::fmt::Display;

/// Writes the tables that the world needs, and the outlines of its regions.
///
/// # Errors
/// `E003` for what tables cannot say: travel other than along great circles, a resolution, rows of
/// matrices, and names with the signs that separate the items of a cell.
pub fn write_files(world: &World) -> Result<Vec<File>, Issues> {
    let mut writer = Writer { files: Vec::new(), issues: Issues::default() };
    let TravelMode::Haversine { profiles } = &world.travel else {
        writer.refuse("travel", "tables know travel along great circles only");
        return Err(writer.issues);
    };
    if world.resolution != 1 {
        writer.refuse("resolution", "tables are in seconds and metres");
    }
    if world.max_changes.is_some() {
        writer.refuse("max_changes", "tables have no place for a limit on changes");
    }
    if world.utc_offset.0 != 0 {
        writer.refuse("utc_offset", "tables count the time of day in UTC");
    }
    let rows = world.engineers.iter().flat_map(|engineer| writer.engineer(engineer)).collect();
    writer.table(&ENGINEERS, rows);
    let rows = world.tickets.iter().map(|ticket| writer.ticket(ticket)).collect();
    writer.table(&TICKETS, rows);
    let rows = world.skills.iter().map(|skill| vec![writer.name(skill)]).collect();
    writer.some(&SKILLS, rows);
    let rows = profiles.iter().map(|profile| {
        let numbers = [&profile.meters_per_hour as &dyn Display, &profile.detour_percent];
        let mut row = vec![writer.name(&profile.name)];
        row.extend(numbers.map(ToString::to_string));
        row.push(profile.fixed.0.to_string());
        row
    });
    let rows = rows.collect();
    writer.some(&TRAVEL, rows);
    writer.traffic(world);
    writer.regions(world);
    let rows = world.depots.iter().map(|depot| {
        let [lat, lon] = writer.place(&depot.place);
        vec![writer.name(&depot.id), lat, lon, depot.service.0.to_string()]
    });
    let rows = rows.collect();
    writer.some(&DEPOTS, rows);
    if world.objective != Objective::default() {
        writer.objective(&world.objective);
    }
    writer.issues.or(writer.files)
}

struct Writer {
    files: Vec<File>,
    issues: Issues,
}

impl Writer {
    fn refuse(&mut self, at: &str, cause: &str) {
        self.issues.add(Code::UNSUPPORTED, at, cause);
    }

    /// Adds a table without the columns in which every cell is empty.
    fn table(&mut self, part: &Part, rows: Vec<Vec<String>>) {
        let all = [part.needed, part.known].concat();
        // The last columns are for readers only: there is another way to say the same.
        let full = |column: usize| {
            rows.iter().any(|row| row.get(column).is_some_and(|cell| !cell.is_empty()))
        };
        let used: Vec<usize> =
            (0..all.len()).filter(|&column| column < part.needed.len() || full(column)).collect();
        let columns: Vec<&str> = used.iter().map(|&column| all[column]).collect();
        let cells = |row: &Vec<String>| used.iter().map(|&column| row[column].clone()).collect();
        let rows: Vec<Vec<String>> = rows.iter().map(cells).collect();
        self.files.push(File { name: part.file.into(), text: written(&columns, &rows) });
    }

    fn some(&mut self, part: &Part, rows: Vec<Vec<String>>) {
        if !rows.is_empty() {
            self.table(part, rows);
        }
    }

    /// A name that comes back as it is, alone in its cell or among others.
    fn name(&mut self, name: &str) -> String {
        if name.is_empty() || name.trim() != name || name.contains([';', ':', '@', '|']) {
            let cause = format!("`{name}` is empty, or has one of ; : @ | or outer spaces");
            self.refuse("names", &cause);
        }
        name.into()
    }

    fn names<'a>(&mut self, names: impl IntoIterator<Item = &'a String>) -> String {
        let names: Vec<String> = names.into_iter().map(|name| self.name(name)).collect();
        names.join(";")
    }

    fn place(&mut self, place: &Place) -> [String; 2] {
        if place.row.is_some() || place.point().is_none() {
            self.refuse("places", "a place in a table has coordinates and no row of a matrix");
        }
        [place.lat, place.lon].map(or_empty)
    }

    fn engineer(&mut self, engineer: &Engineer) -> Vec<Vec<String>> {
        if engineer.shifts.is_empty() {
            self.refuse("engineers", "an engineer without a shift has no row");
        }
        if engineer.name.trim() != engineer.name {
            self.refuse("names", "a name with outer spaces");
        }
        let skills: Vec<String> = engineer.skills.iter().map(|skill| self.owned(skill)).collect();
        let [tools, parts] = self.kit(&engineer.van);
        let person = [
            engineer.name.clone(),
            skills.join(";"),
            engineer.region.as_ref().map(|region| self.name(region)).unwrap_or_default(),
            self.names(&engineer.secondary),
            if engineer.lendable { String::new() } else { "no".into() },
            engineer.profile.as_ref().map(|profile| self.name(profile)).unwrap_or_default(),
            unless(engineer.service_percent, 100),
            unless(engineer.worked.0, 0),
            or_empty(engineer.max_tickets_per_day),
            joined(&engineer.capacity_per_day),
            tools,
            parts,
        ];
        let id = self.name(&engineer.id);
        let shifts = engineer.shifts.iter().map(|shift| {
            let [start, end, lat, lon, rest @ ..] = self.shift(shift);
            let mut row = vec![id.clone(), start, end, lat, lon];
            row.extend(person.iter().cloned());
            row.extend(rest);
            row
        });
        shifts.collect()
    }

    fn shift(&mut self, shift: &Shift) -> [String; 15] {
        let [lat, lon] = self.place(&shift.from);
        let elsewhere = shift.to.filter(|to| *to != shift.from);
        let [end_lat, end_lon] =
            elsewhere.map_or([String::new(), String::new()], |to| self.place(&to));
        let breaks = shift
            .breaks
            .iter()
            .map(|pause| format!("{}/{}/{}", pause.earliest, pause.latest, pause.duration.0));
        [
            shift.start.to_string(),
            shift.end.to_string(),
            lat,
            lon,
            shift.id.as_ref().map(|id| self.alone(id)).unwrap_or_default(),
            end_lat,
            end_lon,
            if shift.to.is_none() { "yes".into() } else { String::new() },
            breaks.collect::<Vec<_>>().join(";"),
            or_empty(shift.max_tickets),
            joined(&shift.capacity),
            or_empty(shift.max_duration.map(|limit| limit.0)),
            or_empty(shift.max_distance.map(|limit| limit.0)),
            unless(shift.fixed_cost.0, 0),
            or_empty(shift.overtime.map(|limit| limit.0)),
        ]
    }

    fn ticket(&mut self, ticket: &Ticket) -> Vec<String> {
        let [lat, lon] = self.place(&ticket.place);
        let [windows, preferred] = [&ticket.windows, &ticket.preferred_windows].map(|windows| {
            let windows = windows.iter().map(|w| format!("{}/{}", w.earliest, w.latest));
            windows.collect::<Vec<_>>().join(";")
        });
        let steps = ticket.late_steps.iter().map(|s| format!("{}/{}", s.after.0, s.cost.0));
        if ticket.skills.any.iter().any(Vec::is_empty) {
            self.refuse("tickets", "a group of skills to choose from is empty");
        }
        let any = ticket.skills.any.iter().map(|group| self.needs(group, "|"));
        let any = any.collect::<Vec<_>>().join(";");
        let [tools, parts] = self.kit(&ticket.needs);
        let lock = ticket.lock.as_ref();
        vec![
            self.name(&ticket.id),
            lat,
            lon,
            unless(ticket.service.0, 0),
            unless(ticket.setup.0, 0),
            windows,
            preferred,
            or_empty(ticket.release),
            or_empty(ticket.due),
            steps.collect::<Vec<_>>().join(";"),
            unless(ticket.priority, 0),
            or_empty(ticket.value),
            self.needs(&ticket.skills.all, ";"),
            any,
            self.needs(&ticket.skills.none, ";"),
            joined(&ticket.demand),
            ticket.region.as_ref().map(|region| self.name(region)).unwrap_or_default(),
            ticket.customer.as_ref().map(|customer| self.alone(customer)).unwrap_or_default(),
            ticket.contract.as_ref().map(|contract| self.alone(contract)).unwrap_or_default(),
            ticket.job.as_ref().map(|job| self.alone(job)).unwrap_or_default(),
            self.names(&ticket.preferred),
            self.names(&ticket.required),
            self.names(&ticket.excluded),
            ticket.told.as_ref().map(|shift| self.alone(shift)).unwrap_or_default(),
            tools,
            parts,
            self.names(&ticket.after),
            lock.map(|lock| self.alone(&lock.shift)).unwrap_or_default(),
            or_empty(lock.and_then(|lock| lock.rank)),
            or_empty(lock.and_then(|lock| lock.start)),
        ]
    }

    /// A name that is alone in its cell may have any sign in it.
    fn alone(&mut self, name: &str) -> String {
        if name.is_empty() || name.trim() != name {
            self.refuse("names", "a name that is empty or has outer spaces");
        }
        name.into()
    }

    fn counted(&mut self, name: &str, number: u32) -> String {
        let name = self.name(name);
        if number == 1 { name } else { format!("{name}:{number}") }
    }

    fn owned(&mut self, skill: &OwnedSkill) -> String {
        let text = self.counted(&skill.skill, skill.level);
        skill.until.map_or(text.clone(), |until| format!("{text}@{until}"))
    }

    fn needs(&mut self, needs: &[SkillNeed], between: &str) -> String {
        let needs = needs.iter().map(|need| self.counted(&need.skill, need.level));
        needs.collect::<Vec<_>>().join(between)
    }

    fn kit(&mut self, kit: &Kit) -> [String; 2] {
        let parts = kit.parts.iter().map(|(part, count)| self.counted(part, *count));
        let parts = parts.collect::<Vec<_>>().join(";");
        [self.names(&kit.tools), parts]
    }

    fn traffic(&mut self, world: &World) {
        if world.traffic.iter().any(|traffic| traffic.speeds.is_empty()) {
            self.refuse("traffic", "traffic without a speed has no row");
        }
        let mut rows = Vec::new();
        for Traffic { profile, speeds } in &world.traffic {
            let profile = profile.as_ref().map(|name| self.name(name)).unwrap_or_default();
            let row = |(time, percent): &(TimeOfDay, u32)| {
                vec![time.to_string(), percent.to_string(), profile.clone()]
            };
            rows.extend(speeds.iter().map(row));
        }
        self.some(&TRAFFIC, rows);
    }

    fn regions(&mut self, world: &World) {
        let rows = world.regions.iter().map(|region| {
            vec![
                self.name(&region.id),
                region.parent.as_ref().map(|parent| self.name(parent)).unwrap_or_default(),
                unless(region.secondary_cost.0, 0),
                unless(region.borrow_cost.0, 0),
                or_empty(region.borrow_cap),
            ]
        });
        let rows = rows.collect();
        self.some(&REGIONS, rows);
        if world.regions.iter().any(|region| !region.outline.is_empty()) {
            let text = geojson::write_regions(&world.regions);
            self.files.push(File { name: OUTLINES.into(), text });
        }
    }

    fn objective(&mut self, objective: &Objective) {
        if objective.levels.iter().any(std::collections::BTreeMap::is_empty) {
            self.refuse("objective", "a level without a weight has no row");
        }
        let levels = (1..).zip(&objective.levels);
        let rows = levels.flat_map(|(number, level): (usize, _)| {
            level.iter().map(move |(criterion, weight)| {
                vec![number.to_string(), criterion.name().into(), weight.to_string()]
            })
        });
        self.table(&OBJECTIVE, rows.collect());
    }
}

fn or_empty(value: Option<impl Display>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn unless<T: Display + PartialEq>(value: T, usual: T) -> String {
    if value == usual { String::new() } else { value.to_string() }
}

fn joined(numbers: &[i64]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(";")
}
