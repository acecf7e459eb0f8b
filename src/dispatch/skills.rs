//! Which skills stand in the way, and the least that would have to be learned, renewed or waived.

use super::{Change, Hurdle, words};
use crate::model::{Demand, Engineer, OwnedSkill, SkillNeed, Ticket};
use crate::plan::Rule;
use crate::units::Instant;

/// What ticket and engineer lack for each other on a shift that ends at `end`; there is something.
/// The `others` on the route have to put up with what he learns.
pub(super) fn hurdle<'t>(
    ticket: &Ticket,
    engineer: &Engineer,
    end: Instant,
    others: impl Iterator<Item = &'t Ticket>,
) -> Hurdle {
    let mut search = Search {
        ticket,
        engineer,
        end,
        skills: engineer.skills.clone(),
        excess: 0,
        causes: Vec::new(),
        changes: Vec::new(),
    };
    search.waive(ticket);
    for need in &ticket.skills.all {
        search.want(need, std::slice::from_ref(need));
    }
    for group in &ticket.skills.any {
        search.want_one_of(group);
    }
    others.for_each(|other| search.waive(other));
    let cause = words::list(&search.causes);
    Hurdle { rule: Rule::Skill, excess: search.excess, cause, changes: search.changes }
}

/// The best level of a skill that still counts when the shift ends; 0 without it.
fn level(skills: &[OwnedSkill], skill: &str, end: Instant) -> u32 {
    let owned = skills.iter().filter(|owned| owned.skill == skill);
    let counts = owned.filter(|owned| owned.until.is_none_or(|until| end <= until));
    counts.map(|owned| owned.level).max().unwrap_or(0)
}

struct Search<'x> {
    ticket: &'x Ticket,
    engineer: &'x Engineer,
    end: Instant,
    /// His skills after the changes so far.
    skills: Vec<OwnedSkill>,
    excess: i64,
    causes: Vec<String>,
    changes: Vec<Change>,
}

impl Search<'_> {
    /// Lifts a ticket's bans on skills that he has by now.
    fn waive(&mut self, ticket: &Ticket) {
        for need in &ticket.skills.none {
            let SkillNeed { skill, level: limit } = need;
            let has = level(&self.skills, skill, self.end);
            if has >= *limit {
                self.excess += i64::from(has - limit) + 1;
                let who = &self.engineer.id;
                self.causes.push(match ticket.id == self.ticket.id {
                    true => format!("{skill} level {limit} is ruled out, {who} has level {has}"),
                    false => format!("{} on the same route rules out that skill", ticket.id),
                });
                let (ticket, skill, level) = (ticket.id.clone(), skill.clone(), *limit);
                self.changes.push(Change::AllowSkill { ticket, skill, level });
            }
        }
    }

    /// Asks for one of a group, unless he has one: for that which takes the least learning, the first
    /// among equals.
    fn want_one_of(&mut self, group: &[SkillNeed]) {
        let lack = |need: &SkillNeed| {
            need.level.saturating_sub(level(&self.skills, &need.skill, self.end))
        };
        if group.iter().any(|need| lack(need) == 0) {
            return;
        }
        let allowed = group.iter().filter(|need| !is_ruled_out(&self.ticket.skills, need));
        if let Some(easiest) = allowed.min_by_key(|need| lack(need)) {
            self.want(easiest, group);
        }
    }

    /// Asks for a skill, one of these alternatives.
    fn want(&mut self, need: &SkillNeed, alternatives: &[SkillNeed]) {
        let SkillNeed { skill, level: wanted } = need;
        let has = level(&self.skills, skill, self.end);
        if has >= *wanted {
            return;
        }
        self.excess += i64::from(wanted - has);
        let change = match self.expired(need) {
            Some(level) => Change::RenewSkill {
                engineer: self.engineer.id.clone(),
                skill: skill.clone(),
                level,
                until: self.end,
            },
            None => Change::RaiseSkill {
                engineer: self.engineer.id.clone(),
                skill: skill.clone(),
                from: has,
                to: *wanted,
            },
        };
        self.causes.push(self.cause(has, &change, alternatives));
        change.teach(&mut self.skills);
        self.changes.push(change);
    }

    /// The lowest level that would do, were its certificate still valid.
    fn expired(&self, need: &SkillNeed) -> Option<u32> {
        let owned = self.skills.iter().filter(|owned| owned.skill == need.skill);
        let levels = owned.map(|owned| owned.level).filter(|&level| level >= need.level);
        let allowed = levels.filter(|&level| {
            !is_ruled_out(&self.ticket.skills, &SkillNeed::new(need.skill.clone(), level))
        });
        allowed.min()
    }

    fn cause(&self, has: u32, change: &Change, group: &[SkillNeed]) -> String {
        let who = &self.engineer.id;
        let named: Vec<String> =
            group.iter().map(|need| format!("{} level {}", need.skill, need.level)).collect();
        let wanted = match &named[..] {
            [one] => format!("{one} is needed"),
            _ => format!("one of {} is needed", words::list(&named)),
        };
        match (change, has) {
            (Change::RenewSkill { skill, level, .. }, _) => {
                format!("{wanted}, and {skill} level {level} of {who} runs out before {}", self.end)
            }
            _ if group.len() > 1 => format!("{wanted}, {who} has none of them"),
            (_, 0) => format!("{wanted}, {who} does not have it"),
            _ => format!("{wanted}, {who} has level {has}"),
        }
    }
}

/// True when whoever has this is not wanted.
fn is_ruled_out(demand: &Demand, need: &SkillNeed) -> bool {
    demand.none.iter().any(|out| out.skill == need.skill && out.level <= need.level)
}
