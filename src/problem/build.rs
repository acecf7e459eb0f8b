//! From a world to its dense form. Validation comes first: nothing after it can fail on bad input
//! except travel, which finds out what cannot be reached.

use super::classes::{self, Numbering, RegionTable, SkillTable, ToolTable};
use super::sites::Sites;
use super::spans::{preferred, spans};
use super::{
    DenseBreak, DenseDepot, DenseShift, DenseTicket, EngineerLists, NEVER, NONE, Problem, Span,
};
use crate::model::{Demand, Engineer, Issues, Shift, Ticket, World};
use crate::spatial::RegionIndex;
use crate::travel::Travel;
use crate::units::Seconds;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

impl Problem {
    /// Checks a world and makes it dense.
    ///
    /// # Errors
    /// Every fault of the world at once, each with its code, place and cause.
    pub fn build(world: World) -> Result<Self, Issues> {
        world.validate()?;
        let sites = Sites::of_world(&world);
        let depots = world
            .depots
            .iter()
            .map(|depot| DenseDepot { site: sites.of(&depot.place), service: depot.service.0 })
            .collect();
        let fleet = Fleet::of(&world, &sites);
        let load = Load::of(&world, &fleet, &sites);
        let travel =
            Travel::of(&world, &sites.places).map_err(|issues| sites.named(&world, issues))?;
        let profiles: Vec<u8> = world
            .engineers
            .iter()
            .map(|engineer| travel.profile(engineer.profile.as_deref()).unwrap_or(0))
            .collect();
        let mut shifts = fleet.shifts;
        for shift in &mut shifts {
            shift.profile = profiles[shift.engineer as usize];
        }
        Ok(Self {
            places: sites.places,
            travel,
            shifts,
            depots,
            borrow_caps: world
                .regions
                .iter()
                .map(|region| region.borrow_cap.unwrap_or(u32::MAX))
                .collect(),
            max_changes: world.max_changes.unwrap_or(u32::MAX),
            has_told: world.tickets.iter().any(|ticket| ticket.told.is_some()),
            dimensions: load.dimensions,
            part_kinds: load.part_kinds,
            has_setup: world.tickets.iter().any(|ticket| ticket.setup.0 > 0),
            has_needs: world.tickets.iter().any(|ticket| !ticket.needs.is_empty()),
            windows: load.windows,
            preferred: load.preferred,
            steps: load.steps,
            demand: load.demand,
            capacity: load.capacity,
            day_visits: fleet.days.iter().map(|&(_, most)| most).collect(),
            day_capacity: load.day_capacity,
            parts_needed: load.parts_needed,
            parts_carried: load.parts_carried,
            breaks: fleet.breaks,
            lists: load.lists,
            skill_table: SkillTable::new(&load.demands.keys, &fleet.offers.keys),
            region_table: RegionTable::new(&world.regions, &fleet.homes.keys),
            tool_table: ToolTable::new(&load.tools.keys, &fleet.vans.keys),
            tickets: load.tickets,
            world,
        })
    }
}

/// The engineers' side: shifts, breaks and classes of what they offer.
struct Fleet {
    shifts: Vec<DenseShift>,
    breaks: Vec<DenseBreak>,
    /// Days with limits: the engineer, and his most visits.
    days: Vec<(u32, u32)>,
    offers: Numbering<classes::Offer>,
    homes: Numbering<classes::Homes>,
    vans: Numbering<BTreeSet<String>>,
    engineer_number: FxHashMap<String, u32>,
    shift_number: FxHashMap<String, u32>,
}

impl Fleet {
    fn of(world: &World, sites: &Sites) -> Self {
        let mut fleet = Self {
            shifts: Vec::new(),
            breaks: Vec::new(),
            days: Vec::new(),
            offers: Numbering::new(),
            homes: Numbering::new(),
            vans: Numbering::new(),
            engineer_number: FxHashMap::default(),
            shift_number: FxHashMap::default(),
        };
        for (index, engineer) in world.engineers.iter().enumerate() {
            fleet.engineer_number.insert(engineer.id.clone(), index as u32);
            let region_class = fleet.homes.of(&classes::homes(engineer));
            let tool_class = fleet.vans.of(&engineer.van.tools);
            let mut days = BTreeMap::new();
            for (number, shift) in engineer.shifts.iter().enumerate() {
                fleet.shift_number.insert(engineer.shift_id(number), fleet.shifts.len() as u32);
                let skill_class =
                    fleet.offers.of(&classes::offer(&engineer.skills, shift.latest_end()));
                let breaks = fleet.add_breaks(shift);
                let day = match limit_per_day(engineer) {
                    None => NONE,
                    Some(most) => *days.entry(world.local_day(shift.start)).or_insert_with(|| {
                        fleet.days.push((index as u32, most));
                        fleet.days.len() as u32 - 1
                    }),
                };
                fleet.shifts.push(DenseShift {
                    engineer: index as u32,
                    number: number as u32,
                    day,
                    breaks,
                    skill_class,
                    region_class,
                    tool_class,
                    ..plain_shift(engineer, shift, sites)
                });
            }
        }
        fleet
    }

    fn add_breaks(&mut self, shift: &Shift) -> (u32, u32) {
        let from = self.breaks.len();
        self.breaks.extend(shift.breaks.iter().map(|pause| DenseBreak {
            earliest: pause.earliest.0,
            latest: pause.latest.0,
            duration: pause.duration.0,
        }));
        self.breaks[from..].sort_unstable();
        (from as u32, self.breaks.len() as u32)
    }
}

/// The most visits on one day of an engineer who has some limit on a day.
fn limit_per_day(engineer: &Engineer) -> Option<u32> {
    let is_limited =
        engineer.max_tickets_per_day.is_some() || !engineer.capacity_per_day.is_empty();
    is_limited.then(|| engineer.max_tickets_per_day.unwrap_or(u32::MAX))
}

fn plain_shift(engineer: &Engineer, shift: &Shift, sites: &Sites) -> DenseShift {
    DenseShift {
        engineer: 0,
        number: 0,
        from: sites.of(&shift.from),
        to: shift.to.as_ref().map_or(NONE, |place| sites.of(place)),
        start: shift.start.0,
        end: shift.latest_end().0,
        regular_end: shift.end.0,
        max_tickets: shift.max_tickets.unwrap_or(u32::MAX),
        max_duration: shift.max_duration.map_or(NEVER, |limit| limit.0),
        max_distance: shift.max_distance.map_or(NEVER, |limit| limit.0),
        fixed_cost: shift.fixed_cost.0,
        profile: 0,
        worked: engineer.worked.0,
        service_percent: engineer.service_percent,
        day: NONE,
        breaks: (0, 0),
        skill_class: 0,
        region_class: 0,
        tool_class: 0,
    }
}

/// The tickets' side: windows, loads and classes of what they ask for.
struct Load {
    tickets: Vec<DenseTicket>,
    windows: Vec<Span>,
    preferred: Vec<Span>,
    steps: Vec<(i64, i64)>,
    dimensions: usize,
    demand: Vec<i64>,
    capacity: Vec<i64>,
    day_capacity: Vec<i64>,
    part_kinds: usize,
    parts_needed: Vec<u32>,
    parts_carried: Vec<u32>,
    lists: Vec<EngineerLists>,
    demands: Numbering<Demand>,
    tools: Numbering<BTreeSet<String>>,
}

impl Load {
    fn of(world: &World, fleet: &Fleet, sites: &Sites) -> Self {
        let kinds: BTreeMap<&str, usize> = world
            .tickets
            .iter()
            .flat_map(|ticket| ticket.needs.parts.keys().map(String::as_str))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .zip(0..)
            .collect();
        let dimensions = world.tickets.iter().map(|ticket| ticket.demand.len()).max().unwrap_or(0);
        let mut load = Self {
            tickets: Vec::with_capacity(world.tickets.len()),
            windows: Vec::with_capacity(world.tickets.len()),
            preferred: Vec::new(),
            steps: Vec::new(),
            dimensions,
            demand: Vec::with_capacity(world.tickets.len() * dimensions),
            capacity: Vec::new(),
            day_capacity: Vec::new(),
            part_kinds: kinds.len(),
            parts_needed: Vec::with_capacity(world.tickets.len() * kinds.len()),
            parts_carried: Vec::new(),
            lists: Vec::new(),
            demands: Numbering::new(),
            tools: Numbering::new(),
        };
        for shift in &fleet.shifts {
            let engineer = &world.engineers[shift.engineer as usize];
            let limits = &engineer.shifts[shift.number as usize].capacity;
            load.capacity.extend((0..dimensions).map(|d| limits.get(d).copied().unwrap_or(NEVER)));
            load.parts_carried.extend(classes::amounts(&engineer.van, &kinds));
        }
        for &(engineer, _) in &fleet.days {
            let limits = &world.engineers[engineer as usize].capacity_per_day;
            let limit = |d: usize| limits.get(d).copied().unwrap_or(NEVER);
            load.day_capacity.extend((0..dimensions).map(limit));
        }
        let regions = RegionIndex::build(&world.regions);
        let region_number: FxHashMap<&str, u32> =
            world.regions.iter().map(|region| region.id.as_str()).zip(0..).collect();
        for ticket in &world.tickets {
            let region = match &ticket.region {
                Some(name) => region_number.get(name.as_str()).copied(),
                None => ticket.place.point().and_then(|point| regions.at(point)),
            };
            load.demand.extend((0..dimensions).map(|d| ticket.demand.get(d).copied().unwrap_or(0)));
            load.parts_needed.extend(classes::amounts(&ticket.needs, &kinds));
            let dense = load.ticket(ticket, region.unwrap_or(NONE), fleet, sites);
            load.tickets.push(dense);
        }
        load
    }

    fn ticket(
        &mut self,
        ticket: &Ticket,
        region: u32,
        fleet: &Fleet,
        sites: &Sites,
    ) -> DenseTicket {
        let first = self.windows.len() as u32;
        self.windows.extend(spans(ticket));
        let first_preferred = self.preferred.len() as u32;
        self.preferred.extend(preferred(ticket));
        let first_step = self.steps.len() as u32;
        let latest = |after: Seconds| ticket.due.map_or(NEVER, |due| (due + after).0);
        self.steps.extend(ticket.late_steps.iter().map(|step| (latest(step.after), step.cost.0)));
        let lock = ticket.lock.as_ref();
        DenseTicket {
            site: sites.of(&ticket.place),
            service: ticket.service.0,
            setup: ticket.setup.0,
            due: ticket.due.map_or(NEVER, |due| due.0),
            worth: ticket.worth(),
            region,
            locked_to: lock
                .and_then(|lock| fleet.shift_number.get(&lock.shift).copied())
                .unwrap_or(NONE),
            told: ticket
                .told
                .as_ref()
                .and_then(|shift| fleet.shift_number.get(shift).copied())
                .unwrap_or(NONE),
            rank: lock.and_then(|lock| lock.rank).unwrap_or(NONE),
            windows: (first, self.windows.len() as u32),
            preferred: (first_preferred, self.preferred.len() as u32),
            steps: (first_step, self.steps.len() as u32),
            skill_class: self.demands.of(&ticket.skills),
            tool_class: self.tools.of(&ticket.needs.tools),
            lists: self.add_lists(ticket, fleet),
            has_parts: !ticket.needs.parts.is_empty(),
        }
    }

    fn add_lists(&mut self, ticket: &Ticket, fleet: &Fleet) -> u32 {
        let [preferred, required, excluded] =
            [&ticket.preferred, &ticket.required, &ticket.excluded].map(|names| {
                let mut numbers: Vec<u32> = names
                    .iter()
                    .filter_map(|name| fleet.engineer_number.get(name).copied())
                    .collect();
                numbers.sort_unstable();
                numbers
            });
        if preferred.is_empty() && required.is_empty() && excluded.is_empty() {
            return NONE;
        }
        self.lists.push(EngineerLists { preferred, required, excluded });
        self.lists.len() as u32 - 1
    }
}
