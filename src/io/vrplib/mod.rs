//! VRPLIB files: CVRP and VRPTW, and the dialects for site-dependent (SDVRPTW), multi-depot (MDVRPTW)
//! and prize-collecting (PCVRPTW) problems of the PyVRP instances.
//!
//! Vehicles become the engineers `1` to `K`. Tickets are named by the number of their node less one,
//! because solution files count that way. Which clients a vehicle may visit becomes a skill for
//! each kind of vehicle. Unless told otherwise legs are rounded as each set has it: site-dependent and
//! multi-depot to three decimals, windows and prizes as in the DIMACS challenge, others to integers.

mod sections;
mod sites;
pub mod trace;

use crate::io::sol::{self, Style};
use crate::io::solomon::VEHICLES_MAX;
use crate::io::text::{Fault, Faults, count, quoted, real, scaled, whole};
use crate::io::{Format, Rounding, Source};
use crate::model::{
    Code, Criterion, Engineer, Issues, Objective, OwnedSkill, Place, Shift, Ticket, TravelMode,
    TravelTable, Window, World,
};
use crate::units::{Instant, LIMIT, Seconds};
use sections::Sections;
use sites::Sites;

/// See the module's first line.
pub(super) const FORMAT: Format = Format {
    name: "vrplib",
    about: "VRPLIB: CVRP, VRPTW and the dialects SDVRPTW, MDVRPTW, PCVRPTW",
    endings: &["vrp", "txt", "sol"],
    sniff: |source| source.text.lines().take(20).any(|line| line.starts_with("DIMENSION")),
    read: Some(read),
    read_plan: Some(sol::read_plan),
    write: Some(|world, plan| sol::write(world, plan, Style::Vrplib)),
    write_world: None,
    write_files: None,
    locate: None,
};

const WORDS: &[&str] = &[
    "NAME",
    "COMMENT",
    "TYPE",
    "DIMENSION",
    "EDGE_WEIGHT_TYPE",
    "EDGE_WEIGHT_FORMAT",
    "VEHICLES",
    "CAPACITY",
    "SERVICE_TIME",
    "VEHICLES_MAX_DURATION",
];
const BODIES: &[&str] = &[
    "NODE_COORD_SECTION",
    "EDGE_WEIGHT_SECTION",
    "DEMAND_SECTION",
    "SERVICE_TIME_SECTION",
    "TIME_WINDOW_SECTION",
    "PRIZE_SECTION",
    "DEPOT_SECTION",
    "CAPACITY_SECTION",
    "VEHICLES_DEPOT_SECTION",
    "VEHICLES_ALLOWED_CLIENTS_SECTION",
];

/// Reads a world.
///
/// # Errors
/// `E001` for lines that are not as the format says, `E003` for keywords, sections and types that are
/// not known, `E005` and `E105` for what is too large.
pub fn read(source: &Source) -> Result<World, Issues> {
    let mut faults = Faults::of(source);
    let sections = Sections::of(source, WORDS, BODIES, &mut faults);
    let Some(size) = sections.word("DIMENSION", &mut faults, count::<u32>) else {
        faults.whole(Code::SYNTAX, "there is no DIMENSION");
        return Err(faults.into_issues());
    };
    let rounding = source.options.rounding.or_else(|| rounding(&sections, &mut faults));
    let mut reader = Reader {
        sections,
        size: size as usize,
        rounding: rounding.unwrap_or(Rounding::INT),
        faults,
    };
    let travel = reader.travel();
    let nodes = reader.nodes(&travel);
    let depots = reader.depots();
    let mut world = World::new(travel);
    world.name = reader.sections.words.get("NAME").map_or(String::new(), |name| name.1.into());
    world.resolution = reader.rounding.scale;
    world.objective = reader.objective();
    if let (Some(nodes), Some(depots)) = (nodes, depots) {
        reader.fill(&mut world, nodes, &depots);
    }
    reader.faults.or(world)
}

/// How the sets of each type are rounded.
fn rounding(sections: &Sections, faults: &mut Faults) -> Option<Rounding> {
    let explicit = sections.words.get("EDGE_WEIGHT_TYPE").is_some_and(|kind| kind.1 == "EXPLICIT");
    sections.word("TYPE", faults, |kind| match kind {
        "SDVRPTW" | "MDVRPTW" => Ok(Rounding::MILLI),
        "VRPTW" if explicit => Ok(Rounding::INT),
        "PCVRPTW" | "VRPTW" => Ok(Rounding::DIMACS),
        "CVRP" | "ACVRP" => Ok(Rounding::INT),
        _ => Err((Code::UNSUPPORTED, format!("the type {} is not known here", quoted(kind)))),
    })
}

struct Reader<'a> {
    sections: Sections<'a>,
    size: usize,
    rounding: Rounding,
    faults: Faults<'static>,
}

impl Reader<'_> {
    fn travel(&mut self) -> TravelMode {
        let Rounding { scale, nearest } = self.rounding;
        let euclid = TravelMode::Euclid { scale, nearest };
        let kind = self.sections.words.get("EDGE_WEIGHT_TYPE").copied();
        match kind {
            Some((_, "EUC_2D")) => euclid,
            Some((_, "EXPLICIT")) => TravelMode::Matrix { tables: vec![self.table()] },
            Some((line, kind)) => {
                let cause = format!("the edge weight type {} is not known here", quoted(kind));
                self.faults.line(line, Code::UNSUPPORTED, cause);
                euclid
            }
            None => {
                self.faults.whole(Code::SYNTAX, "there is no EDGE_WEIGHT_TYPE");
                euclid
            }
        }
    }

    fn table(&mut self) -> TravelTable {
        if let Some(&(line, form)) = self.sections.words.get("EDGE_WEIGHT_FORMAT")
            && form != "FULL_MATRIX"
        {
            let cause = format!("the edge weight format {} is not known here", quoted(form));
            self.faults.line(line, Code::UNSUPPORTED, cause);
        }
        let lines = self.sections.bodies.get("EDGE_WEIGHT_SECTION");
        let mut weights = Vec::new();
        for &(line, text) in lines.into_iter().flatten() {
            let weight = |word| {
                let scaled = scaled(word, self.rounding)?;
                u32::try_from(scaled)
                    .map_err(|_| (Code::OUT_OF_RANGE, format!("{} leaves 32 bits", quoted(word))))
            };
            let row: Result<Vec<u32>, Fault> = text.split_whitespace().map(weight).collect();
            weights.extend(self.faults.keep(line, row).into_iter().flatten());
        }
        let (found, wanted) = (weights.len(), self.size.saturating_mul(self.size));
        if found != wanted {
            let cause = format!("EDGE_WEIGHT_SECTION has {found} numbers instead of {wanted}");
            self.faults.whole(Code::SYNTAX, cause);
        }
        let seconds = weights.chunks(self.size.max(1)).map(<[u32]>::to_vec).collect();
        TravelTable { name: "car".into(), seconds, meters: None }
    }

    /// Every node as a ticket, depots too, by node number.
    fn nodes(&mut self, travel: &TravelMode) -> Option<Vec<Ticket>> {
        let places = self.places(travel)?;
        let name =
            |(index, place): (usize, Place)| Ticket::new(index.to_string(), place, Seconds(0));
        let mut nodes: Vec<Ticket> = places.into_iter().enumerate().map(name).collect();
        let rounding = self.rounding;
        let time = |word: &str| scaled(word, rounding);
        let Self { sections, size, faults, .. } = self;
        if let Some(service) = sections.word("SERVICE_TIME", faults, time) {
            nodes.iter_mut().for_each(|node| node.service = Seconds(service));
        }
        if let Some(rows) = sections.rows("SERVICE_TIME_SECTION", *size, faults) {
            for (node, row) in nodes.iter_mut().zip(rows) {
                node.service = Seconds(row.value(faults, time)?);
            }
        }
        if let Some(rows) = sections.rows("DEMAND_SECTION", *size, faults) {
            for (node, row) in nodes.iter_mut().zip(rows) {
                node.demand = vec![row.value(faults, whole)?];
            }
        }
        if let Some(rows) = sections.rows("PRIZE_SECTION", *size, faults) {
            for (node, row) in nodes.iter_mut().zip(rows) {
                node.value = Some(row.value(faults, whole)?);
            }
        }
        if let Some(rows) = sections.rows::<2>("TIME_WINDOW_SECTION", *size, faults) {
            for (node, row) in nodes.iter_mut().zip(rows) {
                let earliest = faults.keep(row.line, time(row.values[0]))?;
                let latest = faults.keep(row.line, time(row.values[1]))?;
                node.windows = vec![Window::new(Instant(earliest), Instant(latest))];
            }
        }
        Some(nodes)
    }

    fn places(&mut self, travel: &TravelMode) -> Option<Vec<Place>> {
        if let TravelMode::Matrix { tables } = travel {
            // Coordinates beside a matrix are on some plane, not on the map.
            return Some((0..tables[0].seconds.len() as u32).map(Place::row).collect());
        }
        if !self.sections.bodies.contains_key("NODE_COORD_SECTION") {
            self.faults.whole(Code::SYNTAX, "there is no NODE_COORD_SECTION");
        }
        let rows = self.sections.rows::<2>("NODE_COORD_SECTION", self.size, &mut self.faults)?;
        let place = |line: usize, [x, y]: [&str; 2], faults: &mut Faults| {
            Some(Place::xy(faults.keep(line, real(x))?, faults.keep(line, real(y))?))
        };
        rows.into_iter().map(|row| place(row.line, row.values, &mut self.faults)).collect()
    }

    /// The nodes (from 0) that are depots; the first one where nothing is said.
    fn depots(&mut self) -> Option<Vec<usize>> {
        let Some(lines) = self.sections.bodies.get("DEPOT_SECTION") else { return Some(vec![0]) };
        let mut depots = Vec::new();
        for &(line, text) in lines.iter().filter(|(_, text)| *text != "-1") {
            let number: u32 = self.faults.keep(line, count(text))?;
            match (number as usize).checked_sub(1).filter(|&index| index < self.size) {
                Some(index) if !depots.contains(&index) => depots.push(index),
                _ => {
                    let cause = format!("{number} is no node, or comes twice");
                    self.faults.line(line, Code::SYNTAX, cause);
                }
            }
        }
        if depots.is_empty() {
            self.faults.whole(Code::SYNTAX, "DEPOT_SECTION names no depot");
        }
        Some(depots)
    }

    /// Serve all, then the shortest way; with prizes the two are weighed against each other.
    fn objective(&self) -> Objective {
        if self.sections.bodies.contains_key("PRIZE_SECTION") {
            let prize = i64::from(self.rounding.scale);
            return Objective::of(&[&[(Criterion::Distance, 1), (Criterion::Unserved, prize)]]);
        }
        Objective::of(&[&[(Criterion::Unserved, 1)], &[(Criterion::Distance, 1)]])
    }

    fn fill(&mut self, world: &mut World, nodes: Vec<Ticket>, depots: &[usize]) {
        if let Some(vehicles) = self.vehicles(nodes.len().saturating_sub(depots.len())) {
            let engineers = self.engineers(vehicles, &nodes, depots);
            world.engineers = engineers.unwrap_or_default();
        }
        let mut sites = self.sites(world.engineers.len());
        for (index, mut ticket) in nodes.into_iter().enumerate() {
            if depots.contains(&index) {
                continue;
            }
            if let Some(sites) = &mut sites {
                ticket.skills = sites.demand(index, &mut self.faults);
            }
            world.tickets.push(ticket);
        }
        for (index, engineer) in world.engineers.iter_mut().enumerate() {
            let skill = sites.as_ref().and_then(|sites| sites.skill(index));
            engineer.skills.extend(skill.map(|skill| OwnedSkill::new(skill, 1)));
        }
    }

    /// How many vehicles there are: as many as clients where nothing is said.
    fn vehicles(&mut self, clients: usize) -> Option<usize> {
        let vehicles = match self.sections.words.contains_key("VEHICLES") {
            true => self.sections.word("VEHICLES", &mut self.faults, count::<u32>)?,
            false => u32::try_from(clients).unwrap_or(u32::MAX),
        };
        if vehicles > VEHICLES_MAX {
            let cause = format!("{vehicles} vehicles; at most {VEHICLES_MAX}");
            self.faults.whole(Code::TOO_LARGE, cause);
            return None;
        }
        Some(vehicles as usize)
    }

    fn engineers(
        &mut self,
        vehicles: usize,
        nodes: &[Ticket],
        depots: &[usize],
    ) -> Option<Vec<Engineer>> {
        let rounding = self.rounding;
        let Self { sections, faults, .. } = self;
        let capacity = sections.word("CAPACITY", faults, whole);
        let capacities = sections.rows::<1>("CAPACITY_SECTION", vehicles, faults);
        let bases = sections.rows::<1>("VEHICLES_DEPOT_SECTION", vehicles, faults);
        let limit = |word: &str| scaled(word, rounding);
        let max_duration = sections.word("VEHICLES_MAX_DURATION", faults, limit).map(Seconds);
        if bases.is_none() && depots.len() > 1 {
            let cause = "several depots need a VEHICLES_DEPOT_SECTION";
            faults.whole(Code::UNSUPPORTED, cause);
        }
        let engineer = |index: usize| {
            let capacity = match &capacities {
                Some(rows) => Some(rows[index].value(faults, whole)?),
                None => capacity,
            };
            let base = match &bases {
                Some(rows) => rows[index].value(faults, |word| depot(word, depots))?,
                None => *depots.first()?,
            };
            let base = nodes.get(base)?;
            let all_day = Window::new(Instant(0), Instant(LIMIT));
            let open = base.windows.first().copied().unwrap_or(all_day);
            let mut engineer =
                Engineer::new((index + 1).to_string(), base.place, open.earliest, open.latest);
            engineer.shifts[0] = Shift {
                capacity: capacity.into_iter().collect(),
                max_duration,
                ..Shift::new(base.place, open.earliest, open.latest)
            };
            Some(engineer)
        };
        (0..vehicles).map(engineer).collect()
    }

    fn sites(&mut self, vehicles: usize) -> Option<Sites> {
        let lines = self.sections.bodies.get("VEHICLES_ALLOWED_CLIENTS_SECTION")?;
        Some(Sites::of(lines, vehicles, self.size, &mut self.faults))
    }
}

/// A number in VEHICLES_DEPOT_SECTION as the index of a node.
fn depot(word: &str, depots: &[usize]) -> Result<usize, Fault> {
    let number: u32 = count(word)?;
    let index = (number as usize).checked_sub(1).filter(|index| depots.contains(index));
    index.ok_or_else(|| (Code::SYNTAX, format!("{} is no depot", quoted(word))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SkillNeed;

    const HEAD: &str = "NAME: TINY\nTYPE: SDVRPTW\nEDGE_WEIGHT_TYPE: EUC_2D\nDIMENSION: 3\n\
        VEHICLES: 2\nVEHICLES_MAX_DURATION: 50\nNODE_COORD_SECTION\n1 0 0\n2 3 4\n3 6 8.5\n\
        DEMAND_SECTION\n1 0\n2 7\n3 9\nTIME_WINDOW_SECTION\n1 0 100\n2 0 50.5\n3 10 60\n";
    const SITES: &str =
        "CAPACITY_SECTION\n1 10\n2 20\nVEHICLES_ALLOWED_CLIENTS_SECTION\n1 2\n2 2 3\nEOF\n";

    fn tiny(from: &str, to: &str) -> Result<World, Issues> {
        let text = format!("{HEAD}{SITES}");
        assert!(text.contains(from), "{from}");
        read(&Source::text(text.replace(from, to)))
    }

    #[test]
    fn clients_ask_for_the_kinds_of_vehicle_that_may_come() {
        let world = tiny("", "").expect("reads");
        assert!(world.tickets[0].skills.is_empty(), "both may visit node 2");
        assert_eq!(world.tickets[1].skills.all, [SkillNeed::new("kind 2", 1)]);
        assert_eq!(world.engineers[1].skills, [OwnedSkill::new("kind 2", 1)]);
    }

    #[test]
    fn times_are_scaled_and_loads_are_not() {
        let world = tiny("", "").expect("reads");
        let shift = &world.engineers[1].shifts[0];
        assert_eq!((shift.end, &shift.capacity), (Instant(100_000), &vec![20]));
        assert_eq!(shift.max_duration, Some(Seconds(50_000)));
        assert_eq!((world.tickets[0].id.as_str(), &world.tickets[0].demand), ("1", &vec![7]));
        assert_eq!(world.tickets[0].windows, [Window::new(Instant(0), Instant(50_500))]);
    }

    #[test]
    fn a_prize_is_weighed_against_the_distance() {
        let world = tiny("DEMAND_SECTION", "PRIZE_SECTION").expect("reads");
        assert_eq!(world.tickets[1].value, Some(9));
        let level = [(Criterion::Distance, 1), (Criterion::Unserved, 1_000)];
        assert_eq!(world.objective, Objective::of(&[&level]));
    }

    #[test]
    fn vehicles_start_at_their_depots() {
        let sites = "VEHICLES_ALLOWED_CLIENTS_SECTION\n1 2\n2 2 3\n";
        let depots = "DEPOT_SECTION\n1\n2\n-1\nVEHICLES_DEPOT_SECTION\n1 1\n2 2\n";
        let world = tiny(sites, depots).expect("reads");
        assert_eq!(world.engineers[1].shifts[0].from, Place::xy(3.0, 4.0));
        assert_eq!(world.tickets.len(), 1);
        assert_eq!(world.tickets[0].id, "2");
    }

    #[test]
    fn a_matrix_is_taken_as_it_is() {
        let text = "TYPE : VRPTW\nDIMENSION : 2\nEDGE_WEIGHT_TYPE : EXPLICIT\nVEHICLES : 1\n\
            EDGE_WEIGHT_FORMAT : FULL_MATRIX\nEDGE_WEIGHT_SECTION\n0 12\n34 0\n";
        let world = read(&Source::text(text)).expect("reads");
        let TravelMode::Matrix { tables } = &world.travel else { panic!("not a matrix") };
        assert_eq!(tables[0].seconds, [[0, 12], [34, 0]]);
        assert_eq!(world.tickets[0].place, Place::row(1));
        assert_eq!(world.engineers[0].shifts[0].end, Instant(LIMIT));
    }

    #[test]
    fn faults_name_their_lines() {
        let cases = [
            ("2 3 4", "2 3 four", "input:9", Code::SYNTAX),
            ("3 9", "2 9", "input:14", Code::DUPLICATE_ID),
            ("3 10 60", "", "input", Code::SYNTAX),
            ("SDVRPTW", "TSP", "input:2", Code::UNSUPPORTED),
            ("EOF", "DEMANDS_SECTION", "input:25", Code::UNSUPPORTED),
            ("2 2 3", "2 2 4", "input:24", Code::SYNTAX),
            ("2 2 3", "2 2", "input", Code::UNSUPPORTED),
            ("VEHICLES: 2", "VEHICLES: 4000000000", "input", Code::TOO_LARGE),
            ("DIMENSION: 3", "DIMENSION: 4000000000", "input", Code::SYNTAX),
            ("1 0 100", "1 0 1e12", "input:16", Code::OUT_OF_RANGE),
        ];
        for (from, to, at, code) in cases {
            let issues = tiny(from, to).expect_err(to);
            assert_eq!((issues.0[0].at.as_str(), issues.0[0].code), (at, code), "{to}: {issues}");
        }
    }
}
