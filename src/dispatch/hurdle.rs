//! What keeps a ticket off a shift, rule by rule: in plain English with numbers, and the smallest
//! changes that clear it away.

use super::words::{length, list};
use super::{Change, skills};
use crate::model::{Engineer, OwnedSkill, Shift, Ticket};
use crate::plan::Rule;
use crate::problem::{NONE, Problem};
use crate::solve::route::{Ask, Late, Misfit, Obstacle};
use crate::units::{Instant, Meters, Seconds};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// One rule that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hurdle {
    /// The rule.
    pub rule: Rule,
    /// By how much it fails: levels of skill, visits, units of load, seconds, metres, as the rule has
    /// it. Zero where more or less does not apply.
    pub excess: i64,
    /// What is the matter, in plain English.
    pub cause: String,
    /// What would have to change so that this rule no longer stands in the way.
    pub changes: Vec<Change>,
}

impl fmt::Display for Hurdle {
    /// The cause on one line, each change on another.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  {}", self.cause)?;
        self.changes.iter().try_for_each(|change| writeln!(f, "    to change: {change}"))
    }
}

/// Everything that keeps a ticket off a shift, in the order of the rules; nothing when it fits. And,
/// where something has to be fetched, the same with that in the van.
pub(super) fn hurdles(ask: &Ask<'_>) -> (Vec<Hurdle>, Option<Vec<Hurdle>>) {
    let mut case = Case::new(ask);
    let anywhere: Vec<Hurdle> =
        ask.anywhere().map(|obstacle| case.anywhere(obstacle.rule, obstacle.excess)).collect();
    case.is_released = anywhere.iter().any(|hurdle| hurdle.rule == Rule::Lock);
    for change in anywhere.iter().flat_map(|hurdle| &hurdle.changes) {
        change.teach(&mut case.skills);
    }
    let with = |misfit: &Misfit| -> Vec<Hurdle> {
        let placed =
            misfit.obstacles().map(|Obstacle { rule, excess }| case.placed(rule, excess, misfit));
        anywhere.iter().cloned().chain(placed).collect()
    };
    let misfit = ask.misfit();
    let stocked = (!misfit.lacks_parts && ask.is_short()).then(|| with(&ask.stocked()));
    (with(&misfit), stocked)
}

/// A ticket and a shift, with their names.
struct Case<'x> {
    ask: &'x Ask<'x>,
    problem: &'x Problem,
    ticket: &'x Ticket,
    engineer: &'x Engineer,
    shift: &'x Shift,
    shift_id: String,
    /// His skills after the changes that skills call for.
    skills: Vec<OwnedSkill>,
    /// True when the ticket's lock is to be released.
    is_released: bool,
}

impl<'x> Case<'x> {
    fn new(ask: &'x Ask<'x>) -> Self {
        let problem = ask.arena.problem;
        let shift = &problem.shifts[ask.s as usize];
        let engineer = &problem.world().engineers[shift.engineer as usize];
        Self {
            ask,
            problem,
            ticket: &problem.world().tickets[ask.t as usize],
            engineer,
            shift: &engineer.shifts[shift.number as usize],
            shift_id: problem.shift_id(ask.s),
            skills: engineer.skills.clone(),
            is_released: false,
        }
    }

    /// A rule that fails wherever the visit stands.
    fn anywhere(&self, rule: Rule, excess: i64) -> Hurdle {
        match rule {
            Rule::Skill => {
                let others = self.ask.stops().iter();
                let tickets = &self.problem.world().tickets;
                let others = others.filter_map(|&stop| tickets.get(stop as usize));
                skills::hurdle(self.ticket, self.engineer, self.shift.latest_end(), others)
            }
            Rule::Engineer => self.engineers(),
            Rule::Region => {
                let (ticket, who) = (&self.ticket.id, &self.engineer.id);
                let region = self.region();
                Hurdle {
                    rule,
                    excess,
                    cause: format!(
                        "{ticket} is in {region}, which is none of the regions of {who}, \
                         who may not be lent"
                    ),
                    changes: vec![Change::AllowBorrowing { engineer: who.clone() }],
                }
            }
            Rule::BorrowCap => {
                let by = u32::try_from(excess).unwrap_or(u32::MAX);
                let region = self.region().to_owned();
                let cause = format!(
                    "{} would have to be borrowed, and {region} has borrowed {} visits, as many as it may",
                    self.engineer.id, self.ask.borrowed
                );
                Hurdle { rule, excess, cause, changes: vec![Change::RaiseBorrowCap { region, by }] }
            }
            Rule::Changes => {
                let by = u32::try_from(excess).unwrap_or(u32::MAX);
                let cause = format!(
                    "{} was told another shift, and the plan has {} changes, as many as it may",
                    self.ticket.id, self.ask.changed
                );
                Hurdle { rule, excess, cause, changes: vec![Change::RaiseMaxChanges { by }] }
            }
            Rule::Lock => self.lock(),
            Rule::MaxTickets => {
                let by = u32::try_from(excess).unwrap_or(u32::MAX);
                let shift = self.shift_id.clone();
                let limit = self.shift.max_tickets.unwrap_or(u32::MAX);
                let cause = format!("{shift} has {limit} visits, as many as it may");
                Hurdle { rule, excess, cause, changes: vec![Change::RaiseMaxTickets { shift, by }] }
            }
            Rule::DayLimit => self.day(excess),
            _ => self.capacity(excess),
        }
    }

    fn region(&self) -> &'x str {
        let region = self.problem.tickets[self.ask.t as usize].region;
        self.problem.world().regions.get(region as usize).map_or("", |region| &region.id)
    }

    fn engineers(&self) -> Hurdle {
        let (ticket, engineer) = (self.ticket.id.clone(), self.engineer.id.clone());
        let (mut causes, mut changes) = (Vec::new(), Vec::new());
        if self.ticket.excluded.contains(&engineer) {
            causes.push(format!("{ticket} excludes {engineer}"));
            let (ticket, engineer) = (ticket.clone(), engineer.clone());
            changes.push(Change::RemoveExclusion { ticket, engineer });
        }
        if !self.ticket.required.is_empty() && !self.ticket.required.contains(&engineer) {
            let named = list(&self.ticket.required);
            causes.push(format!("{ticket} may only go to {named}"));
            changes.push(Change::AddToRequired { ticket, engineer });
        }
        Hurdle { rule: Rule::Engineer, excess: 0, cause: list(&causes), changes }
    }

    fn lock(&self) -> Hurdle {
        let ticket = self.ticket.id.clone();
        let locked_to = self.problem.tickets[self.ask.t as usize].locked_to;
        let cause = if locked_to != NONE && locked_to != self.ask.s {
            format!("{ticket} is locked to {}", self.problem.shift_id(locked_to))
        } else if self.problem.windows(self.ask.t).is_empty() {
            format!("{ticket} is locked to a start that none of its windows allows")
        } else {
            format!("{ticket} is locked to a rank that {} does not keep", self.shift_id)
        };
        Hurdle { rule: Rule::Lock, excess: 0, cause, changes: vec![Change::ReleaseLock { ticket }] }
    }

    fn capacity(&self, excess: i64) -> Hurdle {
        let over = self.ask.overload().enumerate().filter(|&(_, by)| by > 0);
        let (causes, changes): (Vec<String>, Vec<Change>) = over
            .map(|(dimension, by)| {
                let shift = self.shift_id.clone();
                let cause = format!("{by} in dimension {}", dimension + 1);
                (cause, Change::AddCapacity { shift, dimension, by })
            })
            .unzip();
        let cause = format!("the load of {} would be too much by {}", self.shift_id, list(&causes));
        Hurdle { rule: Rule::Capacity, excess, cause, changes }
    }

    /// What is too much over all his shifts of the day: visits, then load.
    fn day(&self, excess: i64) -> Hurdle {
        let who = &self.engineer.id;
        let over = self.ask.day_excesses().enumerate().filter(|&(_, by)| by > 0);
        let (causes, changes): (Vec<String>, Vec<Change>) = over
            .map(|(which, by)| match which.checked_sub(1) {
                None => {
                    let by = u32::try_from(by).unwrap_or(u32::MAX);
                    let change = Change::RaiseMaxTicketsPerDay { engineer: who.clone(), by };
                    (format!("{by} visits"), change)
                }
                Some(dimension) => {
                    let change = Change::AddCapacityPerDay { engineer: who.clone(), dimension, by };
                    (format!("a load of {by} in dimension {}", dimension + 1), change)
                }
            })
            .unzip();
        let cause = format!(
            "{who} would have {} too much on the day of {}, over all shifts",
            list(&causes),
            self.shift_id
        );
        Hurdle { rule: Rule::DayLimit, excess, cause, changes }
    }

    /// A rule that fails at the least bad place.
    fn placed(&self, rule: Rule, excess: i64, misfit: &Misfit) -> Hurdle {
        let shift = self.shift_id.clone();
        let seconds = Seconds(excess);
        match rule {
            Rule::Parts => self.parts(misfit),
            Rule::Window => self.windows(excess, misfit),
            Rule::ShiftEnd => self.shift_end(excess, misfit),
            Rule::Break => self.breaks(excess, misfit),
            Rule::MaxDuration => Hurdle {
                rule,
                excess,
                cause: format!("{shift} would take {} too long", length(self.problem, excess)),
                changes: vec![Change::RaiseMaxDuration { shift, seconds }],
            },
            _ => Hurdle {
                rule,
                excess,
                cause: format!("the way of {shift} would be {} too long", Meters(excess)),
                changes: vec![Change::RaiseMaxDistance { shift, meters: Meters(excess) }],
            },
        }
    }

    /// What the van lacks for the whole route.
    fn parts(&self, misfit: &Misfit) -> Hurdle {
        let (world, van) = (self.problem.world(), &self.engineer.van);
        let tickets = misfit.stops.iter().filter_map(|&stop| world.tickets.get(stop as usize));
        let (mut tools, mut parts) = (BTreeSet::new(), BTreeMap::<&String, u32>::new());
        for ticket in tickets {
            tools.extend(ticket.needs.tools.difference(&van.tools));
            for (part, count) in &ticket.needs.parts {
                *parts.entry(part).or_default() += count;
            }
        }
        let engineer = &self.engineer.id;
        let (mut causes, mut changes) = (Vec::new(), Vec::new());
        for tool in tools {
            causes.push(tool.clone());
            changes.push(Change::AddTool { engineer: engineer.clone(), tool: tool.clone() });
        }
        for (part, needed) in parts {
            let by = needed.saturating_sub(van.parts.get(part).copied().unwrap_or(0));
            if by > 0 {
                causes.push(format!("{by} of {part}"));
                let (engineer, part) = (engineer.clone(), part.clone());
                changes.push(Change::AddPart { engineer, part, by });
            }
        }
        let cause = format!("the van of {engineer} lacks {}", list(&causes));
        Hurdle { rule: Rule::Parts, excess: 0, cause, changes }
    }

    fn windows(&self, excess: i64, misfit: &Misfit) -> Hurdle {
        let causes: Vec<String> = misfit.late.iter().map(|late| self.late(late, misfit)).collect();
        let changes = misfit.late.iter().flat_map(|late| self.later(late)).collect();
        Hurdle { rule: Rule::Window, excess, cause: list(&causes), changes }
    }

    fn late(&self, late: &Late, misfit: &Misfit) -> String {
        let by = length(self.problem, late.by);
        let id = self.problem.ticket_id(late.t);
        let barrier = if self.locked_start(late.t).is_some() {
            "its locked start"
        } else {
            "its last window closes"
        };
        if late.t != self.ask.t {
            return format!("{id}, further on, would be reached {by} after {barrier}");
        }
        let who = &self.engineer.id;
        let is_ticket = |stop: &&u32| (**stop as usize) < self.problem.tickets.len();
        let before =
            misfit.stops.iter().take_while(|&&stop| stop != late.t).filter(is_ticket).count();
        match before {
            0 => format!(
                "{who} would reach {id} {by} after {barrier}, even first thing in the shift"
            ),
            _ => format!(
                "{who} would reach {id} {by} after {barrier}, as visit {} at best",
                before + 1
            ),
        }
    }

    /// The start that ticket `t` stays locked to.
    fn locked_start(&self, t: u32) -> Option<Instant> {
        let is_free = t == self.ask.t && self.is_released;
        let lock = self.problem.world().tickets[t as usize].lock.as_ref();
        if is_free { None } else { lock?.start }
    }

    /// What lets a visit start on its late arrival.
    fn later(&self, late: &Late) -> Vec<Change> {
        let world_ticket = &self.problem.world().tickets[late.t as usize];
        let ticket = world_ticket.id.clone();
        let (until, seconds) = (Instant(late.arrive), Seconds(late.by));
        if self.locked_start(late.t).is_none() {
            return vec![Change::WidenWindow { ticket, seconds, until }];
        }
        let mut changes = vec![Change::MoveStart { ticket: ticket.clone(), seconds }];
        let windows = &world_ticket.windows;
        if !windows.is_empty() && !windows.iter().any(|w| w.earliest <= until && until <= w.latest)
        {
            let closed = windows.iter().map(|w| w.latest).filter(|&latest| latest < until).max();
            let seconds = closed.map_or(seconds, |closed| until - closed);
            changes.push(Change::WidenWindow { ticket, seconds, until });
        }
        changes
    }

    /// Overtime, and the certificates without which he could not do what is on the route till then.
    fn shift_end(&self, excess: i64, misfit: &Misfit) -> Hurdle {
        let old = self.shift.latest_end();
        let new = old + Seconds(excess);
        let tickets =
            misfit.stops.iter().filter_map(|&stop| self.problem.world().tickets.get(stop as usize));
        let wanted: BTreeSet<&str> = tickets
            .flat_map(|ticket| ticket.skills.all.iter().chain(ticket.skills.any.iter().flatten()))
            .map(|need| need.skill.as_str())
            .collect();
        let runs_out = self.skills.iter().filter(|owned| {
            wanted.contains(owned.skill.as_str())
                && owned.until.is_some_and(|until| old <= until && until < new)
        });
        let mut changes: Vec<Change> = runs_out
            .map(|owned| Change::RenewSkill {
                engineer: self.engineer.id.clone(),
                skill: owned.skill.clone(),
                level: owned.level,
                until: new,
            })
            .collect();
        let shift = self.shift_id.clone();
        let cause = format!("{shift} would end {} late", length(self.problem, excess));
        changes.push(Change::ExtendShift { shift, seconds: Seconds(excess) });
        Hurdle { rule: Rule::ShiftEnd, excess, cause, changes }
    }

    fn breaks(&self, excess: i64, misfit: &Misfit) -> Hurdle {
        let mut listed: Vec<usize> = (0..self.shift.breaks.len()).collect();
        listed.sort_by_key(|&number| {
            let pause = &self.shift.breaks[number];
            (pause.earliest, pause.latest, pause.duration)
        });
        let (causes, changes): (Vec<String>, Vec<Change>) = misfit
            .overdue
            .iter()
            .map(|&(taken, by)| {
                let (shift, number) = (self.shift_id.clone(), listed[taken as usize]);
                let cause = format!("break {} {}", number + 1, length(self.problem, by));
                (cause, Change::WidenBreak { shift, number, seconds: Seconds(by) })
            })
            .unzip();
        let cause = format!("{} would take {} too late", self.engineer.id, list(&causes));
        Hurdle { rule: Rule::Break, excess, cause, changes }
    }
}
