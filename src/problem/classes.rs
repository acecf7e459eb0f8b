//! Tables between classes of tickets and classes of shifts, so that a rule costs one look-up.
//!
//! Tickets that ask for the same fall into one class, shifts that offer the same into another.
//! Classes are few (hundreds) where tickets are many, and any number of skills, levels or
//! regions is allowed, which bit masks of fixed width would not give.

use super::NONE;
use crate::model::{Demand, Engineer, Kit, OwnedSkill, Region, RegionFit, SkillNeed};
use crate::units::Instant;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Numbers distinct keys in the order in which they are first seen.
#[derive(Debug)]
pub(super) struct Numbering<K> {
    number: FxHashMap<K, u32>,
    pub(super) keys: Vec<K>,
}

impl<K: Clone + Eq + std::hash::Hash> Numbering<K> {
    pub(super) fn new() -> Self {
        Self { number: FxHashMap::default(), keys: Vec::new() }
    }

    /// The number of a key. Keys are many and classes few, so a key is copied only when it is new.
    pub(super) fn of(&mut self, key: &K) -> u32 {
        if let Some(&number) = self.number.get(key) {
            return number;
        }
        let next = self.keys.len() as u32;
        self.keys.push(key.clone());
        self.number.insert(key.clone(), next);
        next
    }
}

/// What a shift offers in skills: the best level of each that has not expired by its end, overtime included.
pub(super) type Offer = Vec<(String, u32)>;

/// The skills of an engineer that count until `end`, best level of each, sorted.
pub(super) fn offer(skills: &[OwnedSkill], end: Instant) -> Offer {
    let mut best = BTreeMap::<&str, u32>::new();
    for owned in skills.iter().filter(|owned| owned.until.is_none_or(|until| end <= until)) {
        let level = best.entry(&owned.skill).or_default();
        *level = owned.level.max(*level);
    }
    best.into_iter().map(|(skill, level)| (skill.to_owned(), level)).collect()
}

/// Demand class x offer class -> surplus levels, or -1.
#[derive(Clone, Debug)]
pub(super) struct SkillTable {
    surplus: Vec<i32>,
    owners: usize,
}

impl SkillTable {
    pub(super) fn new(demands: &[Demand], offers: &[Offer]) -> Self {
        let surplus = demands
            .iter()
            .flat_map(|demand| offers.iter().map(move |offer| surplus(demand, offer).unwrap_or(-1)))
            .collect();
        Self { surplus, owners: offers.len() }
    }

    #[inline]
    pub(super) fn surplus(&self, demand: u32, offer: u32) -> Option<i64> {
        let surplus = self.surplus[demand as usize * self.owners + offer as usize];
        (surplus >= 0).then_some(i64::from(surplus))
    }

    pub(super) fn owners(&self) -> usize {
        self.owners
    }
}

fn surplus(demand: &Demand, offer: &Offer) -> Option<i32> {
    let level = |need: &SkillNeed| {
        let at = offer.binary_search_by(|(skill, _)| skill.as_str().cmp(&need.skill)).ok()?;
        offer[at].1.checked_sub(need.level)
    };
    if demand.none.iter().any(|need| level(need).is_some()) {
        return None;
    }
    let mut sum = 0u32;
    for need in &demand.all {
        sum = sum.saturating_add(level(need)?);
    }
    for group in &demand.any {
        sum = sum.saturating_add(group.iter().filter_map(level).min()?);
    }
    Some(i32::try_from(sum).unwrap_or(i32::MAX))
}

/// Region x region class of a shift -> fit and cost.
#[derive(Clone, Debug)]
pub(super) struct RegionTable {
    fits: Vec<(RegionFit, i64)>,
    owners: usize,
}

/// What decides an engineer's stand to every region.
pub(super) type Homes = (Option<String>, Vec<String>, bool);

pub(super) fn homes(engineer: &Engineer) -> Homes {
    let mut secondary = engineer.secondary.clone();
    secondary.sort_unstable();
    (engineer.region.clone(), secondary, engineer.lendable)
}

impl RegionTable {
    pub(super) fn new(regions: &[Region], classes: &[Homes]) -> Self {
        let number: FxHashMap<&str, usize> =
            regions.iter().enumerate().map(|(index, region)| (region.id.as_str(), index)).collect();
        let parents: Vec<Option<usize>> =
            regions.iter().map(|region| number.get(region.parent.as_deref()?).copied()).collect();
        let mut fits = Vec::with_capacity(regions.len() * classes.len());
        for (index, region) in regions.iter().enumerate() {
            let chain: Vec<&str> = std::iter::successors(Some(index), |&at| parents[at])
                .map(|at| regions[at].id.as_str())
                .collect();
            for (home, secondary, lendable) in classes {
                let fit = RegionFit::of_homes(&chain, home.as_ref(), secondary, *lendable);
                let cost = match fit {
                    RegionFit::Secondary => region.secondary_cost.0,
                    RegionFit::Borrowed => region.borrow_cost.0,
                    RegionFit::Home | RegionFit::Never => 0,
                };
                fits.push((fit, cost));
            }
        }
        Self { fits, owners: classes.len() }
    }

    #[inline]
    pub(super) fn fit(&self, region: u32, class: u32) -> (RegionFit, i64) {
        if region == NONE {
            return (RegionFit::Home, 0);
        }
        self.fits[region as usize * self.owners + class as usize]
    }
}

/// Tool class of a ticket x tool class of a van -> carries all.
#[derive(Clone, Debug)]
pub(super) struct ToolTable {
    carries: Vec<bool>,
    owners: usize,
}

impl ToolTable {
    pub(super) fn new(needs: &[BTreeSet<String>], vans: &[BTreeSet<String>]) -> Self {
        let carries =
            needs.iter().flat_map(|need| vans.iter().map(move |van| need.is_subset(van))).collect();
        Self { carries, owners: vans.len() }
    }

    pub(super) fn carries(&self, need: u32, van: u32) -> bool {
        self.carries[need as usize * self.owners + van as usize]
    }
}

/// Amounts of each kind of part, kinds numbered in the order of their names.
pub(super) fn amounts(kit: &Kit, kinds: &BTreeMap<&str, usize>) -> Vec<u32> {
    let mut counts = vec![0; kinds.len()];
    for (part, &count) in &kit.parts {
        if let Some(&kind) = kinds.get(part.as_str()) {
            counts[kind] = count;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(skill: &str, level: u32) -> SkillNeed {
        SkillNeed::new(skill, level)
    }

    fn check(demand: &Demand, expect: Option<i32>) {
        let owned = [OwnedSkill::new("gas", 3), OwnedSkill::new("boiler", 1)];
        assert_eq!(surplus(demand, &offer(&owned, Instant(0))), expect, "{demand:?}");
    }

    #[test]
    fn surplus_counts_levels_above_the_asked() {
        check(
            &Demand { all: vec![need("gas", 1), need("boiler", 1)], ..Demand::default() },
            Some(2),
        );
        check(&Demand { all: vec![need("gas", 4)], ..Demand::default() }, None);
    }

    #[test]
    fn of_a_group_the_closest_skill_counts() {
        let any = vec![vec![need("gas", 1), need("boiler", 1), need("heat pump", 1)]];
        check(&Demand { any, ..Demand::default() }, Some(0));
        check(&Demand { any: vec![vec![need("heat pump", 1)]], ..Demand::default() }, None);
    }

    #[test]
    fn a_skill_ruled_out_at_a_higher_level_does_no_harm() {
        check(&Demand { none: vec![need("boiler", 2)], ..Demand::default() }, Some(0));
        check(&Demand { none: vec![need("gas", 2)], ..Demand::default() }, None);
    }

    #[test]
    fn an_expired_skill_is_not_on_offer() {
        let owned = [OwnedSkill { until: Some(Instant(99)), ..OwnedSkill::new("gas", 3) }];
        assert_eq!(offer(&owned, Instant(100)), vec![]);
        assert_eq!(offer(&owned, Instant(99)).len(), 1);
    }
}
