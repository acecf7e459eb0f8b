//! Who is near a ticket and could be asked: trees over where engineers are and where they will be.
//!
//! Derived from the state and never part of it: a desk that is replayed builds it anew.

use super::agenda::Agenda;
use super::case::{Case, Phase};
use super::excerpt::is_reachable;
use super::member::Member;
use super::state::State;
use crate::model::{Demand, OwnedSkill, Place, Shift, SkillNeed, Ticket, TravelMode};
use crate::spatial::{LabelledIndex, PointIndex, RegionIndex};
use crate::units::Instant;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// The label of all engineers.
const EVERYBODY: u32 = 0;

/// Where engineers are, and where their visits are.
#[derive(Clone, Debug)]
pub(super) struct Near {
    /// Those on duty who have a shift that is not over, by number: all of them, and those with each skill.
    people: LabelledIndex,
    /// The label of each skill.
    skills: FxHashMap<String, u32>,
    /// When the last shift of each of them is over.
    ends: Agenda,
    /// Whose shifts were over by then is not among them any more.
    now: Instant,
    /// Tickets that are assigned, by number.
    visits: PointIndex,
    regions: RegionIndex,
    /// Tickets for which a manager was called, by number, with those that ask for the same skills: there can be many
    /// of which none is for an engineer, and he is compared with each demand once.
    escalated: FxHashMap<Demand, BTreeSet<u32>>,
    /// What each of them asks for.
    asks: FxHashMap<u32, Demand>,
}

impl Near {
    /// Indexes everybody, in O(n log n).
    pub(super) fn of(state: &State) -> Self {
        let is_plane = matches!(state.world.travel, TravelMode::Euclid { .. });
        let mut near = Self {
            people: LabelledIndex::new(is_plane),
            skills: FxHashMap::default(),
            ends: Agenda::default(),
            now: state.now,
            visits: PointIndex::build(&[], is_plane),
            regions: RegionIndex::build(&state.world.regions),
            escalated: FxHashMap::default(),
            asks: FxHashMap::default(),
        };
        state.members.iter().for_each(|member| near.see(member));
        state.cases.iter().for_each(|case| near.note(case));
        near
    }

    /// Notes where an engineer is and what he can do, as long as he may be asked.
    pub(super) fn see(&mut self, member: &Member) {
        let end = member.engineer.shifts.iter().map(Shift::latest_end).max();
        let end = end.filter(|&end| member.on_duty && end > self.now);
        match (member.whereabouts().and_then(Place::point), end) {
            (Some(point), Some(end)) => {
                let labels = self.labels(&member.engineer.skills);
                self.people.put(member.number, point, &labels);
                self.ends.set(member.number, Some(end));
            }
            _ => {
                self.people.remove(member.number);
                self.ends.set(member.number, None);
            }
        }
    }

    /// The labels of somebody with these skills.
    fn labels(&mut self, skills: &[OwnedSkill]) -> Vec<u32> {
        let mut labels = vec![EVERYBODY];
        for OwnedSkill { skill, .. } in skills {
            let known = self.skills.get(skill).copied();
            labels.push(known.unwrap_or_else(|| {
                let next = self.skills.len() as u32 + 1;
                self.skills.insert(skill.clone(), next);
                next
            }));
        }
        labels.sort_unstable();
        labels.dedup();
        labels
    }

    /// It is so late now: whoever has no shift left is not looked at any more.
    pub(super) fn pass(&mut self, state: &State, now: Instant) {
        self.now = now;
        while let Some((end, number)) = self.ends.first()
            && end <= now
        {
            self.see(&state.members[number as usize]);
        }
    }

    /// The label of the fewest among whom all are who can do this; none where nobody is.
    fn fewest(&self, demand: &Demand) -> Option<u32> {
        let labels = demand.all.iter().map(|need| self.skills.get(&need.skill).copied());
        let labels: Option<Vec<u32>> = labels.collect();
        let fewest = labels?.into_iter().min_by_key(|&label| self.people.count(label));
        fewest.or(Some(EVERYBODY)).filter(|&label| self.people.count(label) > 0)
    }

    /// Notes whether somebody will be at a ticket, and whether a manager was called for it.
    pub(super) fn note(&mut self, case: &Case) {
        match case.ticket.place.point().filter(|_| case.phase == Phase::Assigned) {
            Some(point) => self.visits.move_to(case.number, point),
            None => {
                self.visits.remove(case.number);
            }
        }
        self.note_escalated(case.number, case.escalated.map(|_| &case.ticket.skills));
    }

    fn note_escalated(&mut self, number: u32, asks: Option<&Demand>) {
        if self.asks.get(&number) == asks {
            return;
        }
        if let Some(before) = self.asks.remove(&number)
            && let Some(alike) = self.escalated.get_mut(&before)
        {
            alike.remove(&number);
            if alike.is_empty() {
                self.escalated.remove(&before);
            }
        }
        if let Some(demand) = asks {
            self.escalated.entry(demand.clone()).or_default().insert(number);
            self.asks.insert(number, demand.clone());
        }
    }

    /// The numbers of the tickets for which a manager was called, and for which an engineer has the skills, in no order.
    pub(super) fn escalated(&self, member: &Member, now: Instant) -> impl Iterator<Item = usize> {
        let able = self.escalated.iter().filter(move |(demand, _)| is_able(member, demand, now));
        able.flat_map(|(_, alike)| alike.iter().map(|&number| number as usize))
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

    /// Engineers who may be asked, those near a ticket first; where only a table knows what is near, all of them in
    /// the order of their numbers.
    pub(super) fn people_around<'s>(
        &'s self,
        state: &'s State,
        case: &Case,
    ) -> Box<dyn Iterator<Item = &'s Member> + 's> {
        match case.ticket.place.point() {
            Some(point) => {
                let people = self.people.nearest(point, EVERYBODY);
                Box::new(people.map(|number| &state.members[number as usize]))
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
        let Some(able) = self.fewest(&ticket.skills) else { return Vec::new() };
        let mut seen = FxHashSet::default();
        let mut found = Vec::new();
        // Two of three by where they are, the rest by where they will be.
        for number in self.people.nearest(point, able) {
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

#[cfg(test)]
mod tests {
    use crate::dispatch::desk::{Act, Actor, Command, Desk, Duty, Event, Fact, OfferPolicy};
    use crate::model::{Engineer, OwnedSkill, Place, SkillNeed, Ticket, TravelMode, World};
    use crate::units::{Instant, Seconds};
    use std::cell::Cell;

    const HOUR: i64 = 3_600;

    /// A hundred engineers in a row who work until 10:00, every tenth of whom knows gas.
    fn town() -> Desk {
        let mut world = World::new(TravelMode::car(36_000));
        for number in 0..100 {
            let home = Place::at(52.0 + f64::from(number) * 0.01, 13.4);
            let mut engineer =
                Engineer::new(number.to_string(), home, Instant(0), Instant(10 * HOUR));
            let skill = if number % 10 == 0 { "gas" } else { "power" };
            engineer.skills.push(OwnedSkill::new(skill, 1));
            world.engineers.push(engineer);
        }
        Desk::open(Instant(0), &world, OfferPolicy::default()).expect("sound").0
    }

    fn give(desk: &mut Desk, now: i64, actor: &Actor, command: &Command) -> Vec<Event> {
        desk.advance(Instant(now));
        let key = desk.state().next_seq().to_string();
        desk.apply(Instant(now), actor, &key, command).expect("not refused")
    }

    fn open(desk: &mut Desk, now: i64, id: &str, skill: &str) {
        let mut ticket = Ticket::new(id, Place::at(52.5, 13.4), Seconds(HOUR));
        ticket.skills.all.push(SkillNeed::new(skill, 1));
        give(desk, now, &Actor::support("sue"), &Command::open(ticket));
    }

    /// How many engineers are looked at to find whom to ask about a ticket, where nobody is open to it.
    fn looked_at(desk: &Desk, now: i64, id: &str) -> usize {
        let (look, count) = (desk.look(Instant(now)), Cell::new(0));
        let case = desk.state().case(id).expect("opened");
        let is_open = |_: &str| {
            count.set(count.get() + 1);
            false
        };
        assert!(look.shortlist(case, 24, &is_open).is_empty());
        count.get()
    }

    #[test]
    fn nobody_is_looked_at_who_is_off_duty_or_lacks_the_skill() {
        let mut desk = town();
        for skill in ["gas", "power", "water"] {
            open(&mut desk, 0, skill, skill);
        }
        assert_eq!(looked_at(&desk, 0, "gas"), 10);
        assert_eq!(looked_at(&desk, 0, "power"), 90);
        assert_eq!(looked_at(&desk, 0, "water"), 0);
        for (number, left) in [("0", 9), ("10", 8)] {
            let off = Duty::OffDuty { reason: "lunch".into() };
            give(&mut desk, 60, &Actor::engineer(number), &Command::of(number, off));
            assert_eq!(looked_at(&desk, 60, "gas"), left);
        }
        give(&mut desk, 120, &Actor::engineer("0"), &Command::of("0", Duty::OnDuty));
        assert_eq!(looked_at(&desk, 120, "gas"), 9);
    }

    #[test]
    fn advancing_past_the_end_of_all_shifts_looks_at_nobody() {
        let mut desk = town();
        for number in 0..20 {
            let id = format!("T{number}");
            open(&mut desk, 60, &id, "gas");
            let hold = Act::Hold { reason: "no key".into(), review: Instant((11 + number) * HOUR) };
            give(&mut desk, 60, &Actor::support("sue"), &Command::on(&*id, hold));
        }
        assert_eq!(looked_at(&desk, 9 * HOUR, "T0"), 10);
        // All reviews at once, after a long sleep: each ticket goes on, and a manager is called.
        let events = desk.advance(Instant(48 * HOUR));
        let called = events.iter().filter(|event| matches!(event.fact, Fact::Escalated { .. }));
        assert_eq!(called.count(), 20);
        assert_eq!(looked_at(&desk, 48 * HOUR, "T0"), 0);
        assert_eq!(desk.near.people.count(super::EVERYBODY), 0);
        // A desk that is made anew knows the same.
        let resumed = Desk::resume(desk.state().clone());
        assert_eq!(looked_at(&resumed, 48 * HOUR, "T0"), 0);
    }

    #[test]
    fn somebody_who_gets_another_shift_is_looked_at_again() {
        let mut desk = town();
        open(&mut desk, 0, "gas", "gas");
        let mut engineer = desk.state().members()[0].engineer.clone();
        engineer.shifts[0].end = Instant(20 * HOUR);
        let enrol = Command::Enrol { engineer: Box::new(engineer) };
        give(&mut desk, 60, &Actor::manager("max"), &enrol);
        desk.advance(Instant(11 * HOUR));
        assert_eq!(looked_at(&desk, 11 * HOUR, "gas"), 1);
        desk.advance(Instant(21 * HOUR));
        open(&mut desk, 21 * HOUR, "late", "gas");
        assert_eq!(looked_at(&desk, 21 * HOUR, "late"), 0);
    }
}
