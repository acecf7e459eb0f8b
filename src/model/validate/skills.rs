//! Skills: names, levels, and demands that nobody could ever meet.

use super::At;
use super::names::Names;
use super::numbers::check_e105_range;
use crate::model::{Code, Demand, Issues, SkillNeed};

/// One mention of a skill, owned or needed.
pub(super) fn check_mention(skill: &str, level: u32, names: &Names, at: At, issues: &mut Issues) {
    check_e201_unknown_skill(skill, names, at, issues);
    check_e202_level_zero(skill, level, at, issues);
    check_e105_level(level, at, issues);
}

/// What the ticket at `at` asks for.
pub(super) fn check_demand(demand: &Demand, names: &Names, at: At, issues: &mut Issues) {
    for (n, need) in demand.all.iter().enumerate() {
        let here = || format!("{}.all[{n}]", at());
        check_mention(&need.skill, need.level, names, &here, issues);
        check_e203_contradiction(std::slice::from_ref(need), &demand.none, &here, issues);
    }
    for (g, group) in demand.any.iter().enumerate() {
        let here = || format!("{}.any[{g}]", at());
        check_e204_empty_group(group, &here, issues);
        check_e203_contradiction(group, &demand.none, &here, issues);
        for (n, need) in group.iter().enumerate() {
            check_mention(&need.skill, need.level, names, &|| format!("{}[{n}]", here()), issues);
        }
    }
    for (n, need) in demand.none.iter().enumerate() {
        check_mention(&need.skill, need.level, names, &|| format!("{}.none[{n}]", at()), issues);
    }
}

fn check_e201_unknown_skill(skill: &str, names: &Names, at: At, issues: &mut Issues) {
    if !names.skills.is_empty() && !names.skills.contains(skill) {
        let cause = format!("`{skill}` is none of the {} skills listed", names.skills.len());
        issues.add(Code::UNKNOWN_SKILL, at(), cause);
    }
}

fn check_e202_level_zero(skill: &str, level: u32, at: At, issues: &mut Issues) {
    if level == 0 {
        issues.add(Code::SKILL_LEVEL, at(), format!("`{skill}` at level 0"));
    }
}

/// Surplus levels are added up in 32 bits.
fn check_e105_level(level: u32, at: At, issues: &mut Issues) {
    const LEVEL_MAX: i64 = 1_000_000;
    check_e105_range(i64::from(level), 0..=LEVEL_MAX, "the level", at, issues);
}

/// Every one of the `alternatives` is ruled out: whoever has it at that level is not wanted.
///
/// "At least 2, but not 3 or more" is no contradiction; "at least 3, but not 2 or more" is one.
fn check_e203_contradiction(
    alternatives: &[SkillNeed],
    none: &[SkillNeed],
    at: At,
    issues: &mut Issues,
) {
    let against = |need: &SkillNeed| {
        none.iter().find(|out| out.skill == need.skill && out.level <= need.level)
    };
    let ruled_out: Option<Vec<String>> = alternatives
        .iter()
        .map(|need| {
            let (asked, out) = (need.level, against(need)?.level);
            Some(format!("`{}` is asked for at level {asked}, ruled out from {out}", need.skill))
        })
        .collect();
    if let Some(causes) = ruled_out.filter(|causes| !causes.is_empty()) {
        issues.add(Code::CONTRADICTING_SKILLS, at(), causes.join("; "));
    }
}

fn check_e204_empty_group(group: &[SkillNeed], at: At, issues: &mut Issues) {
    if group.is_empty() {
        issues.add(Code::EMPTY_GROUP, at(), "no skill to choose from");
    }
}
