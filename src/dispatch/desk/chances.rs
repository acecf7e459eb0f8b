//! What can become of many tickets that nobody has: who would be asked about each, and then each of them about all of his
//! at once.
//!
//! The same engineers as for an offer; only their days are built once for many tickets, on all threads. Answers are
//! joined by the best of them, so they do not depend on an order.

use super::case::Case;
use super::choice::Ranked;
use super::look::Look;
use super::member::Member;
use super::near::is_able;
use super::round::WIDER;
use super::visit::work_time;
use crate::model::Demand;
use crate::units::Instant;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

/// So many tickets share one excerpt: travel is tabulated between all of its places.
const TOGETHER: usize = 16;
/// So many pairs of ticket and engineer are held at a time, 32 MiB.
const PAIRS_MAX: usize = 1 << 22;

/// The best that those make of a ticket who could be asked about it, each figure by itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chance {
    /// When somebody would be at the door.
    pub(super) arrive: Instant,
    /// When the work would be done.
    pub(super) end: Instant,
    /// Until when somebody can accept and be in time.
    pub(super) latest_accept: Option<Instant>,
}

impl Chance {
    fn of(case: &Case, member: &Member, ranked: &Ranked) -> Self {
        let end = ranked.start + work_time(case, member);
        Self { arrive: ranked.arrive, end, latest_accept: ranked.latest_accept }
    }

    fn or(self, other: Self) -> Self {
        Self {
            arrive: self.arrive.min(other.arrive),
            end: self.end.min(other.end),
            latest_accept: self.latest_accept.max(other.latest_accept),
        }
    }
}

/// Chances by the numbers of their tickets; none where nobody can take one.
pub(super) type Chances = FxHashMap<u32, Chance>;

impl Look<'_> {
    /// The chances of tickets that nobody has.
    pub(super) fn chances(&self, cases: &[&Case]) -> Chances {
        let able = self.demands_met(cases);
        let cases = cases.iter().copied().filter(|case| able.contains(&case.ticket.skills));
        // An emergency may push others out, which changes a day for it alone.
        let (urgent, plain): (Vec<&Case>, Vec<&Case>) =
            cases.partition(|case| self.limits(case).is_some());
        let mut found: Chances = urgent
            .par_iter()
            .filter_map(|case| Some((case.number, self.surveyed(case)?)))
            .collect();
        self.ask_about(&plain, &|case, engineer| !case.refusals.contains_key(engineer), &mut found);
        let is_left = |case: &&Case| !case.refusals.is_empty() && !found.contains_key(&case.number);
        let left: Vec<&Case> = plain.into_iter().filter(is_left).collect();
        self.ask_about(&left, &|case, engineer| self.has_thought(case, engineer), &mut found);
        found
    }

    /// What is asked for in skills that somebody who is at work has: nobody need be looked for otherwise.
    fn demands_met<'c>(&self, cases: &[&'c Case]) -> FxHashSet<&'c Demand> {
        let demands: FxHashSet<&Demand> = cases.iter().map(|case| &case.ticket.skills).collect();
        let is_met = |demand: &&Demand| {
            self.state.members.iter().any(|member| is_able(member, demand, self.now))
        };
        demands.into_par_iter().filter(is_met).collect()
    }

    fn surveyed(&self, case: &Case) -> Option<Chance> {
        let survey = self.survey(case, self.answer_by(case, self.now));
        let chances = survey.choice.ranked.iter().filter_map(|ranked| {
            Some(Chance::of(case, self.state.member(&ranked.engineer)?, ranked))
        });
        chances.reduce(Chance::or)
    }

    /// Asks those of the nearest who are open to a ticket, and ever more where none of so many can take it.
    fn ask_about(
        &self,
        cases: &[&Case],
        is_open: &(dyn Fn(&Case, &str) -> bool + Sync),
        found: &mut Chances,
    ) {
        let mut left = cases.to_vec();
        let mut count = self.state.policy.shortlist as usize;
        while !left.is_empty() {
            let mut is_full = self.ask_nearest(&left, count, is_open, found).into_iter();
            left.retain(|case| is_full.next() == Some(true) && !found.contains_key(&case.number));
            count *= WIDER;
        }
    }

    /// Asks so many of the nearest about each ticket, and says where there are so many.
    fn ask_nearest(
        &self,
        cases: &[&Case],
        count: usize,
        is_open: &(dyn Fn(&Case, &str) -> bool + Sync),
        found: &mut Chances,
    ) -> Vec<bool> {
        let mut is_full = Vec::with_capacity(cases.len());
        for cases in cases.chunks((PAIRS_MAX / count.max(1)).max(1)) {
            let near = |case: &&Case| self.shortlist(case, count, &|it: &str| is_open(case, it));
            let near: Vec<Vec<u32>> = cases.par_iter().map(near).collect();
            is_full.extend(near.iter().map(|near| near.len() >= count));
            let pairs = near.into_iter().zip(0u32..);
            let pairs = pairs.flat_map(|(near, at)| near.into_iter().map(move |it| (it, at)));
            let mut pairs: Vec<(u32, u32)> = pairs.collect();
            pairs.par_sort_unstable();
            let groups = pairs.chunk_by(|a, b| a.0 == b.0).flat_map(|his| his.chunks(TOGETHER));
            let groups: Vec<&[(u32, u32)]> = groups.collect();
            let ask = |group: &&[(u32, u32)]| self.ask_one(cases, group);
            for (number, chance) in groups.par_iter().flat_map_iter(ask).collect::<Vec<_>>() {
                let best = found.get(&number).map_or(chance, |best| best.or(chance));
                found.insert(number, best);
            }
        }
        is_full
    }

    /// What one engineer makes of some tickets.
    fn ask_one(&self, cases: &[&Case], group: &[(u32, u32)]) -> Vec<(u32, Chance)> {
        let Some(&(engineer, _)) = group.first() else { return Vec::new() };
        let member = &self.state.members[engineer as usize];
        let cases: Vec<&Case> = group.iter().map(|&(_, at)| cases[at as usize]).collect();
        let placements = self.day(member).place_each(&cases);
        let chances = cases.iter().zip(placements).filter_map(|(case, placement)| {
            let ranked = self.ranked_at(case, member, &placement?)?;
            Some((case.number, Chance::of(case, member, &ranked)))
        });
        chances.collect()
    }
}
