//! Changes of a world that make room for a ticket: the smallest step for each rule.

use super::words::time;
use crate::model::{
    Break, Code, Engineer, Issue, Issues, OwnedSkill, Region, Shift, Ticket, World,
};
use crate::units::{Instant, Meters, Seconds};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One thing to change in a world.
#[expect(missing_docs, reason = "the fields are the ids of what they are named after, and amounts")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// The engineer learns a skill, or more of it.
    RaiseSkill { engineer: String, skill: String, from: u32, to: u32 },
    /// A certificate of the engineer is renewed until this moment.
    RenewSkill { engineer: String, skill: String, level: u32, until: Instant },
    /// The ticket no longer rules out a skill at this level.
    AllowSkill { ticket: String, skill: String, level: u32 },
    /// The ticket no longer excludes the engineer.
    RemoveExclusion { ticket: String, engineer: String },
    /// The engineer joins those whom the ticket names as the only ones it may go to.
    AddToRequired { ticket: String, engineer: String },
    /// The engineer may be lent to other regions.
    AllowBorrowing { engineer: String },
    /// The region may borrow more visits.
    RaiseBorrowCap { region: String, by: u32 },
    /// More visits may be changes of what customers were told.
    RaiseMaxChanges { by: u32 },
    /// The ticket is no longer locked to shift, rank or start.
    ReleaseLock { ticket: String },
    /// The shift may have more visits.
    RaiseMaxTickets { shift: String, by: u32 },
    /// The shift has more room in a dimension of load (from 0).
    AddCapacity { shift: String, dimension: usize, by: i64 },
    /// The engineer may have more visits on one day.
    RaiseMaxTicketsPerDay { engineer: String, by: u32 },
    /// The engineer has more room on one day in a dimension of load (from 0).
    AddCapacityPerDay { engineer: String, dimension: usize, by: i64 },
    /// A tool comes into the engineer's van.
    AddTool { engineer: String, tool: String },
    /// More of a spare part come into the engineer's van.
    AddPart { engineer: String, part: String, by: u32 },
    /// The window of the ticket that closes last before `until` stays open until then, `seconds`
    /// longer.
    WidenWindow { ticket: String, seconds: Seconds, until: Instant },
    /// Work on a ticket whose start is locked starts later.
    MoveStart { ticket: String, seconds: Seconds },
    /// The shift ends later.
    ExtendShift { shift: String, seconds: Seconds },
    /// Break number `number` (from 0, as listed) of the shift may start later.
    WidenBreak { shift: String, number: usize, seconds: Seconds },
    /// The route may take longer.
    RaiseMaxDuration { shift: String, seconds: Seconds },
    /// The route may be longer.
    RaiseMaxDistance { shift: String, meters: Meters },
}

impl Change {
    /// Makes the change.
    ///
    /// # Errors
    /// The world does not have what is to be changed (E505, E507, E508, E301). It stays as it is.
    pub fn apply(&self, world: &mut World) -> Result<(), Issues> {
        match self {
            Self::RaiseSkill { engineer, .. } | Self::RenewSkill { engineer, .. } => {
                self.teach(&mut find_engineer(world, engineer)?.skills);
            }
            Self::AllowSkill { ticket, skill, level } => {
                let ruled_out = &mut find_ticket(world, ticket)?.skills.none;
                ruled_out.retain(|need| need.skill != *skill || need.level > *level);
            }
            Self::RemoveExclusion { ticket, engineer } => {
                find_ticket(world, ticket)?.excluded.retain(|id| id != engineer);
            }
            Self::AddToRequired { ticket, engineer } => {
                find_ticket(world, ticket)?.required.push(engineer.clone());
            }
            Self::AllowBorrowing { engineer } => {
                find_engineer(world, engineer)?.lendable = true;
            }
            Self::RaiseBorrowCap { region, by } => {
                let cap = &mut find_region(world, region)?.borrow_cap;
                *cap = cap.map(|cap| cap.saturating_add(*by));
            }
            Self::RaiseMaxChanges { by } => {
                world.max_changes = world.max_changes.map(|limit| limit.saturating_add(*by));
            }
            Self::ReleaseLock { ticket } => find_ticket(world, ticket)?.lock = None,
            Self::RaiseMaxTicketsPerDay { engineer, by } => {
                let limit = &mut find_engineer(world, engineer)?.max_tickets_per_day;
                *limit = limit.map(|limit| limit.saturating_add(*by));
            }
            Self::AddCapacityPerDay { engineer, dimension, by } => {
                let capacity = &mut find_engineer(world, engineer)?.capacity_per_day;
                if let Some(capacity) = capacity.get_mut(*dimension) {
                    *capacity += by;
                }
            }
            Self::AddTool { engineer, tool } => {
                find_engineer(world, engineer)?.van.tools.insert(tool.clone());
            }
            Self::AddPart { engineer, part, by } => {
                *find_engineer(world, engineer)?.van.parts.entry(part.clone()).or_default() += by;
            }
            Self::WidenWindow { ticket, until, .. } => {
                let windows = &mut find_ticket(world, ticket)?.windows;
                let before = windows.iter_mut().filter(|w| w.earliest <= *until);
                if let Some(last) = before.max_by_key(|window| window.latest) {
                    last.latest = last.latest.max(*until);
                }
            }
            Self::MoveStart { ticket, seconds } => {
                if let Some(lock) = &mut find_ticket(world, ticket)?.lock {
                    lock.start = lock.start.map(|start| start + *seconds);
                }
            }
            Self::RaiseMaxTickets { shift, .. }
            | Self::AddCapacity { shift, .. }
            | Self::ExtendShift { shift, .. }
            | Self::WidenBreak { shift, .. }
            | Self::RaiseMaxDuration { shift, .. }
            | Self::RaiseMaxDistance { shift, .. } => self.relax(find_shift(world, shift)?),
        }
        Ok(())
    }

    /// Makes a change of an engineer's skills; any other change leaves them as they are.
    pub(super) fn teach(&self, skills: &mut Vec<OwnedSkill>) {
        match self {
            Self::RaiseSkill { skill, to, .. } => {
                skills.retain(|owned| owned.skill != *skill || owned.level > *to);
                skills.push(OwnedSkill::new(skill.clone(), *to));
            }
            Self::RenewSkill { skill, level, until, .. } => {
                for owned in skills.iter_mut() {
                    if owned.skill == *skill && owned.level == *level {
                        owned.until = owned.until.map(|old| old.max(*until));
                    }
                }
            }
            _ => {}
        }
    }

    /// Makes a change of a shift.
    fn relax(&self, shift: &mut Shift) {
        match self {
            Self::RaiseMaxTickets { by, .. } => {
                shift.max_tickets = shift.max_tickets.map(|limit| limit.saturating_add(*by));
            }
            Self::AddCapacity { dimension, by, .. } => {
                if let Some(capacity) = shift.capacity.get_mut(*dimension) {
                    *capacity += by;
                }
            }
            Self::ExtendShift { seconds, .. } => shift.end = shift.end + *seconds,
            Self::WidenBreak { number, seconds, .. } => {
                if let Some(pause) = shift.breaks.get_mut(*number) {
                    *pause = Break { latest: pause.latest + *seconds, ..*pause };
                }
            }
            Self::RaiseMaxDuration { seconds, .. } => {
                shift.max_duration = shift.max_duration.map(|limit| limit + *seconds);
            }
            Self::RaiseMaxDistance { meters, .. } => {
                shift.max_distance = shift.max_distance.map(|limit| limit + *meters);
            }
            _ => {}
        }
    }
}

fn find_engineer<'w>(world: &'w mut World, id: &str) -> Result<&'w mut Engineer, Issues> {
    let found = world.engineers.iter_mut().find(|engineer| engineer.id == id);
    found.ok_or_else(|| missing(Code::UNKNOWN_ENGINEER, id))
}

fn find_ticket<'w>(world: &'w mut World, id: &str) -> Result<&'w mut Ticket, Issues> {
    let found = world.tickets.iter_mut().find(|ticket| ticket.id == id);
    found.ok_or_else(|| missing(Code::UNKNOWN_TICKET, id))
}

fn find_region<'w>(world: &'w mut World, id: &str) -> Result<&'w mut Region, Issues> {
    let found = world.regions.iter_mut().find(|region| region.id == id);
    found.ok_or_else(|| missing(Code::UNKNOWN_REGION, id))
}

fn find_shift<'w>(world: &'w mut World, id: &str) -> Result<&'w mut Shift, Issues> {
    for engineer in &mut world.engineers {
        if let Some(number) = (0..engineer.shifts.len()).find(|&n| engineer.shift_id(n) == id) {
            return Ok(&mut engineer.shifts[number]);
        }
    }
    Err(missing(Code::UNKNOWN_SHIFT, id))
}

fn missing(code: Code, id: &str) -> Issues {
    Issue::new(code, "change", format!("the world has no `{id}`")).into()
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RaiseSkill { engineer, skill, from: 0, to } => {
                write!(f, "teach {engineer} {skill} up to level {to}")
            }
            Self::RaiseSkill { engineer, skill, from, to } => {
                write!(f, "raise {skill} of {engineer} from level {from} to {to}")
            }
            Self::RenewSkill { engineer, skill, level, until } => {
                write!(f, "renew {skill} level {level} of {engineer} until {until}")
            }
            Self::AllowSkill { ticket, skill, level } => {
                write!(f, "let {ticket} go to somebody with {skill} level {level}")
            }
            Self::RemoveExclusion { ticket, engineer } => {
                write!(f, "no longer exclude {engineer} from {ticket}")
            }
            Self::AddToRequired { ticket, engineer } => {
                write!(f, "add {engineer} to those whom {ticket} may go to")
            }
            Self::AllowBorrowing { engineer } => write!(f, "let {engineer} be lent"),
            Self::RaiseBorrowCap { region, by } => write!(f, "let {region} borrow {by} more"),
            Self::RaiseMaxChanges { by } => write!(f, "allow {by} more changes of what was told"),
            Self::ReleaseLock { ticket } => write!(f, "release the lock of {ticket}"),
            Self::RaiseMaxTickets { shift, by } => write!(f, "allow {by} more on {shift}"),
            Self::AddCapacity { shift, dimension, by } => {
                write!(f, "make room for {by} more in dimension {} on {shift}", dimension + 1)
            }
            Self::RaiseMaxTicketsPerDay { engineer, by } => {
                write!(f, "allow {by} more on one day of {engineer}")
            }
            Self::AddCapacityPerDay { engineer, dimension, by } => {
                write!(
                    f,
                    "make room for {by} more in dimension {} on one day of {engineer}",
                    dimension + 1
                )
            }
            Self::AddTool { engineer, tool } => write!(f, "give {engineer} a {tool}"),
            Self::AddPart { engineer, part, by } => {
                write!(f, "give {engineer} {by} more of {part}")
            }
            Self::WidenWindow { ticket, seconds, until } => {
                write!(
                    f,
                    "keep the window of {ticket} open {} longer, until {until}",
                    time(seconds.0)
                )
            }
            Self::MoveStart { ticket, seconds } => {
                write!(f, "start {ticket} {} later than it is locked to", time(seconds.0))
            }
            Self::ExtendShift { shift, seconds } => {
                write!(f, "end {shift} {} later", time(seconds.0))
            }
            Self::WidenBreak { shift, number, seconds } => {
                let later = time(seconds.0);
                write!(f, "let break {} of {shift} start {later} later", number + 1)
            }
            Self::RaiseMaxDuration { shift, seconds } => {
                write!(f, "let {shift} take {} longer", time(seconds.0))
            }
            Self::RaiseMaxDistance { shift, meters } => {
                write!(f, "let {shift} go {meters} farther")
            }
        }
    }
}
