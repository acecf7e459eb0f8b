//! The validated, dense, immutable form of a world: names become indexes, rules become tables.
//!
//! Searches run on this and on nothing else. Ticket `t`, shift `s` and site `x` are plain `u32`
//! indexes into [`Problem::tickets`], [`Problem::shifts`] and [`Problem::places`].

mod build;
mod classes;
mod rules;
mod sites;
mod spans;

use crate::model::{Place, RegionFit, World};
use crate::travel::Travel;

/// No such index: an open end, no region, no engineer list.
pub const NONE: u32 = u32::MAX;
/// No such moment: no due time, no limit. Far from overflow when added to.
pub const NEVER: i64 = i64::MAX / 4;

/// A world that has passed every check, made dense.
///
/// `Problem::build` takes O(world) time, plus O(k log k) to index regions and whatever the travel
/// mode needs (a road network runs one Dijkstra for each distinct crossing).
#[derive(Clone, Debug)]
pub struct Problem {
    world: World,
    /// The distinct places; sites are indexes into this list.
    pub places: Vec<Place>,
    /// Travel between sites.
    pub travel: Travel,
    /// Tickets, in the world's order.
    pub tickets: Vec<DenseTicket>,
    /// Shifts, engineer by engineer, in the world's order.
    pub shifts: Vec<DenseShift>,
    /// Depots, in the world's order.
    pub depots: Vec<DenseDepot>,
    /// For each region how many borrowed visits it takes.
    pub borrow_caps: Vec<u32>,
    /// At most so many visits are changes of what was told.
    pub max_changes: u32,
    /// True when some customer has been told a shift.
    pub has_told: bool,
    /// How many dimensions `demand` and `capacity` have.
    pub dimensions: usize,
    /// How many kinds of spare parts there are.
    pub part_kinds: usize,
    /// True when some ticket needs tools or parts.
    pub has_needs: bool,
    /// True when some ticket needs a set-up.
    pub has_setup: bool,
    windows: Vec<Span>,
    preferred: Vec<Span>,
    steps: Vec<(i64, i64)>,
    demand: Vec<i64>,
    capacity: Vec<i64>,
    /// For each day of an engineer who has limits on a day: visits, then load in each dimension.
    day_visits: Vec<u32>,
    day_capacity: Vec<i64>,
    parts_needed: Vec<u32>,
    parts_carried: Vec<u32>,
    breaks: Vec<DenseBreak>,
    lists: Vec<EngineerLists>,
    skill_table: classes::SkillTable,
    region_table: classes::RegionTable,
    tool_table: classes::ToolTable,
}

/// A closed interval of time, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// No earlier than this.
    pub earliest: i64,
    /// No later than this.
    pub latest: i64,
}

/// A ticket as the search sees it.
#[derive(Clone, Debug)]
pub struct DenseTicket {
    /// Where the customer is.
    pub site: u32,
    /// Seconds of work for an engineer at 100 percent.
    pub service: i64,
    /// Seconds of set-up for whoever comes from another site.
    pub setup: i64,
    /// When work should start at the latest; [`NEVER`] without a promise.
    pub due: i64,
    /// What leaving it out costs, in units of `unserved`.
    pub worth: i64,
    /// Its region, or [`NONE`].
    pub region: u32,
    /// The shift it is locked to, or [`NONE`].
    pub locked_to: u32,
    /// The shift that the customer has been told, or [`NONE`].
    pub told: u32,
    /// Its rank among the visits that open the locked shift's route, or [`NONE`].
    pub rank: u32,
    windows: (u32, u32),
    preferred: (u32, u32),
    steps: (u32, u32),
    skill_class: u32,
    tool_class: u32,
    lists: u32,
    has_parts: bool,
}

/// A shift as the search sees it.
#[derive(Clone, Debug)]
pub struct DenseShift {
    /// Index of the engineer in the world.
    pub engineer: u32,
    /// Which of his shifts it is, from 0.
    pub number: u32,
    /// Where it starts.
    pub from: u32,
    /// Where it ends, or [`NONE`] when the route stays open.
    pub to: u32,
    /// He leaves no earlier.
    pub start: i64,
    /// He is back no later, overtime included.
    pub end: i64,
    /// From here on it is overtime; the same as `end` where none is allowed.
    pub regular_end: i64,
    /// At most so many visits.
    pub max_tickets: u32,
    /// At most so long from departure to return.
    pub max_duration: i64,
    /// At most so far.
    pub max_distance: i64,
    /// Cost of using it.
    pub fixed_cost: i64,
    /// How he travels.
    pub profile: u8,
    /// How long he has worked on earlier days.
    pub worked: i64,
    /// His service times in percent.
    pub service_percent: u32,
    /// Which of the days with a limit it starts on, or [`NONE`].
    pub day: u32,
    breaks: (u32, u32),
    skill_class: u32,
    region_class: u32,
    tool_class: u32,
}

/// A depot as the search sees it.
#[derive(Clone, Copy, Debug)]
pub struct DenseDepot {
    /// Where it is.
    pub site: u32,
    /// Seconds a stop takes.
    pub service: i64,
}

/// A break as the search sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DenseBreak {
    /// It starts no earlier.
    pub earliest: i64,
    /// It starts no later.
    pub latest: i64,
    /// Its length in seconds.
    pub duration: i64,
}

/// Engineers that a ticket names; each list sorted.
#[derive(Clone, Debug, Default)]
struct EngineerLists {
    preferred: Vec<u32>,
    required: Vec<u32>,
    excluded: Vec<u32>,
}

impl Problem {
    /// The world it was built from.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The moments at which work on ticket `t` may start: sorted, disjoint, none before its release, none
    /// before or between preferred windows.
    #[must_use]
    #[inline]
    pub fn windows(&self, t: u32) -> &[Span] {
        let (from, to) = self.tickets[t as usize].windows;
        &self.windows[from as usize..to as usize]
    }

    /// The moments at which work on ticket `t` may start and its customer would rather have it: sorted,
    /// disjoint; none where he does not mind.
    #[must_use]
    #[inline]
    pub fn preferred(&self, t: u32) -> &[Span] {
        let (from, to) = self.tickets[t as usize].preferred;
        &self.preferred[from as usize..to as usize]
    }

    /// Seconds from a start of ticket `t` to the nearest moment that its customer prefers.
    #[must_use]
    pub fn off_window(&self, t: u32, start: i64) -> i64 {
        let wanted = self.preferred(t).iter();
        wanted.map(|w| (w.earliest - start).max(start - w.latest).max(0)).min().unwrap_or(0)
    }

    /// Steps of lateness of ticket `t`: the latest start without a penalty, and the penalty.
    #[must_use]
    #[inline]
    pub fn late_steps(&self, t: u32) -> &[(i64, i64)] {
        let (from, to) = self.tickets[t as usize].steps;
        &self.steps[from as usize..to as usize]
    }

    /// What the steps of lateness of ticket `t` cost when work starts at `start`.
    #[must_use]
    pub fn penalty(&self, t: u32, start: i64) -> i64 {
        let missed = self.late_steps(t).iter().filter(|&&(latest, _)| start > latest);
        missed.map(|&(_, cost)| cost).sum()
    }

    /// Load of ticket `t` in each dimension.
    #[must_use]
    #[inline]
    pub fn demand(&self, t: u32) -> &[i64] {
        &self.demand[t as usize * self.dimensions..][..self.dimensions]
    }

    /// Capacity of shift `s` in each dimension.
    #[must_use]
    #[inline]
    pub fn capacity(&self, s: u32) -> &[i64] {
        &self.capacity[s as usize * self.dimensions..][..self.dimensions]
    }

    /// How many days of engineers have limits.
    #[must_use]
    #[inline]
    pub fn day_limits(&self) -> usize {
        self.day_visits.len()
    }

    /// The day of shift `s`, the most visits over all shifts on it, and the capacity in each dimension;
    /// `None` where it has no limits.
    #[must_use]
    #[inline]
    pub fn day_limit(&self, s: u32) -> Option<(usize, u32, &[i64])> {
        let day = self.shifts[s as usize].day;
        if day == NONE {
            return None;
        }
        let day = day as usize;
        let capacity = &self.day_capacity[day * self.dimensions..][..self.dimensions];
        Some((day, self.day_visits[day], capacity))
    }

    /// Spare parts that ticket `t` uses up, of each kind.
    #[must_use]
    pub fn parts_needed(&self, t: u32) -> &[u32] {
        &self.parts_needed[t as usize * self.part_kinds..][..self.part_kinds]
    }

    /// Spare parts on the van of shift `s`, of each kind.
    #[must_use]
    pub fn parts_carried(&self, s: u32) -> &[u32] {
        &self.parts_carried[s as usize * self.part_kinds..][..self.part_kinds]
    }

    /// True when ticket `t` uses up spare parts.
    #[must_use]
    pub fn uses_parts(&self, t: u32) -> bool {
        self.tickets[t as usize].has_parts
    }

    /// True when the van of shift `s` carries every tool that ticket `t` needs.
    #[must_use]
    pub fn carries_tools(&self, t: u32, s: u32) -> bool {
        self.tool_table
            .carries(self.tickets[t as usize].tool_class, self.shifts[s as usize].tool_class)
    }

    /// Breaks of shift `s`, in the order in which they are taken.
    #[must_use]
    #[inline]
    pub fn breaks(&self, s: u32) -> &[DenseBreak] {
        let (from, to) = self.shifts[s as usize].breaks;
        &self.breaks[from as usize..to as usize]
    }

    /// Seconds that the engineer of shift `s` works on ticket `t`, set-up aside.
    #[must_use]
    #[inline]
    pub fn service(&self, t: u32, s: u32) -> i64 {
        let (ticket, shift) = (&self.tickets[t as usize], &self.shifts[s as usize]);
        if shift.service_percent == 100 {
            return ticket.service;
        }
        (ticket.service * i64::from(shift.service_percent) + 99) / 100
    }

    /// Seconds of set-up on ticket `t` for somebody who comes from site `from`.
    #[must_use]
    #[inline]
    pub fn setup(&self, t: u32, from: u32) -> i64 {
        let ticket = &self.tickets[t as usize];
        if from == ticket.site { 0 } else { ticket.setup }
    }

    /// How the region of ticket `t` stands to the engineer of shift `s`, and what that costs.
    #[must_use]
    #[inline]
    pub fn region_fit(&self, t: u32, s: u32) -> (RegionFit, i64) {
        self.region_table.fit(self.tickets[t as usize].region, self.shifts[s as usize].region_class)
    }

    /// Skill levels beyond what ticket `t` asks for, or `None` where a skill is missing.
    #[must_use]
    #[inline]
    pub fn skill_surplus(&self, t: u32, s: u32) -> Option<i64> {
        self.skill_table
            .surplus(self.tickets[t as usize].skill_class, self.shifts[s as usize].skill_class)
    }

    /// True when ticket `t` has preferred engineers and that of shift `s` is none of them.
    #[must_use]
    #[inline]
    pub fn is_second_choice(&self, t: u32, s: u32) -> bool {
        self.lists_of(t).is_some_and(|lists| {
            !lists.preferred.is_empty()
                && lists.preferred.binary_search(&self.shifts[s as usize].engineer).is_err()
        })
    }

    /// True when a visit of ticket `t` by shift `s` is a change of what was told.
    #[must_use]
    #[inline]
    pub fn is_change(&self, t: u32, s: u32) -> bool {
        let told = self.tickets[t as usize].told;
        told != NONE && told != s
    }

    /// Id of ticket `t`.
    #[must_use]
    pub fn ticket_id(&self, t: u32) -> &str {
        &self.world.tickets[t as usize].id
    }

    /// Id of the engineer of shift `s`.
    #[must_use]
    pub fn engineer_id(&self, s: u32) -> &str {
        &self.world.engineers[self.shifts[s as usize].engineer as usize].id
    }

    /// Id of shift `s`.
    #[must_use]
    pub fn shift_id(&self, s: u32) -> String {
        let shift = &self.shifts[s as usize];
        self.world.engineers[shift.engineer as usize].shift_id(shift.number as usize)
    }

    /// Every ticket index.
    pub fn ticket_indexes(&self) -> std::ops::Range<u32> {
        0..self.tickets.len() as u32
    }

    /// Every shift index.
    pub fn shift_indexes(&self) -> std::ops::Range<u32> {
        0..self.shifts.len() as u32
    }

    /// The class of skills that shift `s` has; shifts of one class can do the same tickets.
    #[must_use]
    pub fn skill_class_of_shift(&self, s: u32) -> u32 {
        self.shifts[s as usize].skill_class
    }

    /// The class of skills that ticket `t` asks for; tickets of one class can go to the same shifts.
    #[must_use]
    pub fn skill_class_of_ticket(&self, t: u32) -> u32 {
        self.tickets[t as usize].skill_class
    }

    /// True when shifts of this class have the skills for ticket `t`.
    #[must_use]
    pub fn skill_class_serves(&self, class: u32, t: u32) -> bool {
        self.skill_table.surplus(self.tickets[t as usize].skill_class, class).is_some()
    }

    /// How many classes of skills the shifts fall into.
    #[must_use]
    pub fn skill_classes(&self) -> usize {
        self.skill_table.owners()
    }

    fn lists_of(&self, t: u32) -> Option<&EngineerLists> {
        let lists = self.tickets[t as usize].lists;
        if lists == NONE { None } else { Some(&self.lists[lists as usize]) }
    }
}

/// Everything a route depends on in a shift, apart from who works it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct KindKey {
    ends: (u32, u32, u8),
    times: (i64, i64, i64, i64, i64),
    limits: (u32, i64, u32, i64),
    classes: (u32, u32, u32),
    capacity: Vec<i64>,
    parts: Vec<u32>,
    breaks: Vec<(i64, i64, i64)>,
    named: Option<u32>,
    told: Option<u32>,
    day: u32,
}

impl Problem {
    /// Shifts with equal keys are interchangeable, but for locks.
    pub(crate) fn kind_key(&self, s: u32) -> KindKey {
        let shift = &self.shifts[s as usize];
        KindKey {
            ends: (shift.from, shift.to, shift.profile),
            times: (shift.start, shift.end, shift.regular_end, shift.max_duration, shift.worked),
            limits: (
                shift.max_tickets,
                shift.max_distance,
                shift.service_percent,
                shift.fixed_cost,
            ),
            classes: (shift.skill_class, shift.region_class, shift.tool_class),
            capacity: self.capacity(s).to_vec(),
            parts: self.parts_carried(s).to_vec(),
            breaks: self.breaks(s).iter().map(|b| (b.earliest, b.latest, b.duration)).collect(),
            named: (!self.lists.is_empty()).then_some(shift.engineer),
            told: self.has_told.then_some(s),
            day: shift.day,
        }
    }
}
