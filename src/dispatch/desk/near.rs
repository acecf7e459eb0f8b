//! Who is near a ticket and could be asked: trees over where engineers are and where they will be.
//!
//! Derived from the state and never part of it: a desk that is replayed builds it anew.

use super::case::{Case, Phase};
use super::excerpt::is_reachable;
use super::member::Member;
use super::state::State;
use crate::model::{Demand, OwnedSkill, Place, Shift, SkillNeed, Ticket, TravelMode};
use crate::spatial::{PointIndex, RegionIndex};
use crate::units::Instant;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

/// Where engineers are, and where their visits are.
#[derive(Clone, Debug)]
pub(super) struct Near {
    /// Engineers by number.
    people: PointIndex,
    /// Tickets that are assigned, by number.
    visits: PointIndex,
    regions: RegionIndex,
    /// Tickets for which a manager was called, by number.
    escalated: BTreeSet<u32>,
}

impl Near {
    /// Indexes everybody, in O(n log n).
    pub(super) fn of(state: &State) -> Self {
        let is_plane = matches!(state.world.travel, TravelMode::Euclid { .. });
        let mut near = Self {
            people: PointIndex::build(&[], is_plane),
            visits: PointIndex::build(&[], is_plane),
            regions: RegionIndex::build(&state.world.regions),
            escalated: BTreeSet::new(),
        };
        state.members.iter().for_each(|member| near.see(member));
        state.cases.iter().for_each(|case| near.note(case));
        near
    }

    /// Notes where an engineer is.
    pub(super) fn see(&mut self, member: &Member) {
        match member.whereabouts().and_then(Place::point) {
            Some(point) => self.people.move_to(member.number, point),
            None => {
                self.people.remove(member.number);
            }
        }
    }

    /// Notes whether somebody will be at a ticket, and whether a manager was called for it.
    pub(super) fn note(&mut self, case: &Case) {
        match case.ticket.place.point().filter(|_| case.phase == Phase::Assigned) {
            Some(point) => self.visits.move_to(case.number, point),
            None => {
                self.visits.remove(case.number);
            }
        }
        if case.escalated.is_some() {
            self.escalated.insert(case.number);
        } else {
            self.escalated.remove(&case.number);
        }
    }

    /// The numbers of the tickets for which a manager was called.
    pub(super) fn escalated(&self) -> impl Iterator<Item = usize> {
        self.escalated.iter().map(|&number| number as usize)
    }

    /// The name of the region that a ticket without one lies in.
    pub(super) fn region(&self, state: &State, ticket: &Ticket) -> Option<String> {
        let found = self.regions.at(ticket.place.point()?)?;
        state.world.regions.get(found as usize).map(|region| region.id.clone())
    }

    /// Tickets that somebody has, those near this one first; where only a table knows what is near, in the order
    /// in which they were opened, this one first.
    pub(super) fn visits_around<'s>(
        &'s self,
        state: &'s State,
        case: &'s Case,
    ) -> Box<dyn Iterator<Item = &'s Case> + 's> {
        match case.ticket.place.point() {
            Some(point) => {
                Box::new(self.visits.nearest(point).map(|number| &state.cases[number as usize]))
            }
            None => {
                let (before, after) = state.cases.split_at(case.number as usize);
                let all = after.iter().chain(before);
                Box::new(all.filter(|case| case.phase == Phase::Assigned))
            }
        }
    }

    /// Engineers, those near a ticket first; where only a table knows what is near, in the order of their numbers.
    pub(super) fn people_around<'s>(
        &'s self,
        state: &'s State,
        case: &Case,
    ) -> Box<dyn Iterator<Item = &'s Member> + 's> {
        match case.ticket.place.point() {
            Some(point) => {
                Box::new(self.people.nearest(point).map(|number| &state.members[number as usize]))
            }
            None => Box::new(state.members.iter()),
        }
    }

    /// The numbers of engineers who may be asked for a ticket, at most `count`: those who are
    /// nearest, and those who have visits nearest.
    pub(super) fn shortlist(
        &self,
        state: &State,
        case: &Case,
        count: usize,
        may: &mut dyn FnMut(&Member) -> bool,
    ) -> Vec<u32> {
        let ticket = &case.ticket;
        let named = &ticket.required;
        if !named.is_empty() {
            let known = named.iter().filter_map(|id| state.member(id));
            return known.filter(|member| may(member)).map(|member| member.number).collect();
        }
        let Some(point) = ticket.place.point() else {
            return scan(state, ticket, count, may);
        };
        let mut seen = FxHashSet::default();
        let mut found = Vec::new();
        // Two of three by where they are, the rest by where they will be.
        for number in self.people.nearest(point) {
            if found.len() >= count {
                break;
            }
            if may(&state.members[number as usize]) && seen.insert(number) {
                found.push(number);
            }
        }
        let reserve = count.div_ceil(3);
        let later = self.visits.nearest(point).take(2 * count);
        let holders = later.filter_map(|visit| state.cases[visit as usize].holder.as_ref());
        let members = holders.filter_map(|holder| state.member(&holder.engineer));
        let fresh = members.filter(|member| may(member) && seen.insert(member.number));
        found.extend(fresh.map(|member| member.number).take(reserve));
        found
    }
}

/// Where only a table knows what is near: everybody, by the time it takes.
fn scan(
    state: &State,
    ticket: &Ticket,
    count: usize,
    may: &mut dyn FnMut(&Member) -> bool,
) -> Vec<u32> {
    let TravelMode::Matrix { tables } = &state.world.travel else { return Vec::new() };
    let seconds = |member: &Member| {
        let from = member.whereabouts().filter(|place| is_reachable(&state.world, place));
        let row = tables.first()?.seconds.get(from?.row? as usize)?;
        row.get(ticket.place.row? as usize).copied()
    };
    let mut reach: Vec<(u32, u32)> = state
        .members
        .iter()
        .filter(|member| may(member))
        .filter_map(|member| Some((seconds(member)?, member.number)))
        .collect();
    reach.sort_unstable();
    reach.truncate(count);
    reach.into_iter().map(|(_, number)| number).collect()
}

/// True when nothing that can be said at a glance keeps an engineer from a ticket: duty, illness,
/// names, skills, shifts.
pub(super) fn may_be_asked(member: &Member, ticket: &Ticket, now: Instant) -> bool {
    let engineer = &member.engineer;
    member.on_duty
        && !member.is_ill(now)
        && !ticket.excluded.contains(&engineer.id)
        && (ticket.required.is_empty() || ticket.required.contains(&engineer.id))
        && engineer.shifts.iter().zip(0..).any(|(shift, number)| {
            let end = shift.latest_end();
            let lock = ticket.lock.as_ref();
            end > now
                && lock.is_none_or(|lock| lock.shift == engineer.shift_id(number))
                && has_skills(&engineer.skills, &ticket.skills, end)
        })
}

/// True when an engineer who is at work has the skills until the end of a shift that is not over.
pub(super) fn is_able(member: &Member, demand: &Demand, now: Instant) -> bool {
    let engineer = &member.engineer;
    let mut ends = engineer.shifts.iter().map(Shift::latest_end).filter(|&end| end > now);
    member.on_duty
        && !member.is_ill(now)
        && ends.any(|end| has_skills(&engineer.skills, demand, end))
}

fn has_skills(skills: &[OwnedSkill], demand: &Demand, end: Instant) -> bool {
    let has = |need: &SkillNeed| skills.iter().any(|owned| owned.satisfies(need, end));
    demand.all.iter().all(has)
        && demand.any.iter().all(|group| group.iter().any(has))
        && !demand.none.iter().any(has)
}
