//! Who is borrowed for which region: what a part of the plan cannot see of the caps on it.
//!
//! An excerpt holds one engineer or a few. What the others have of a cap is taken off it before it is asked.

use super::case::Case;
use super::event::Event;
use super::member::Member;
use super::state::State;
use crate::model::{Region, RegionFit, World};
use crate::plan::Route;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Of each region that has a cap the tickets, by number, for which somebody is borrowed: assigned or under way, and not
/// given against the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Lent(BTreeMap<String, BTreeSet<u32>>);

impl Lent {
    /// The regions of a world that have a cap, and nobody in them.
    pub(super) fn of(world: &World) -> Self {
        let capped = world.regions.iter().filter(|region| region.borrow_cap.is_some());
        Self(capped.map(|region| (region.id.clone(), BTreeSet::new())).collect())
    }

    /// True when no region has a cap: then nothing need be counted.
    pub(super) fn is_unlimited(&self) -> bool {
        self.0.is_empty()
    }

    /// True when somebody who is borrowed for this ticket counts against a cap.
    pub(super) fn is_capped(&self, case: &Case) -> bool {
        case.ticket.region.as_ref().is_some_and(|region| self.0.contains_key(region))
    }

    /// How many visits to a region are borrowed.
    pub(super) fn count(&self, region: &str) -> u32 {
        self.0.get(region).map_or(0, |tickets| tickets.len() as u32)
    }

    /// Notes for which region somebody is borrowed who has this ticket.
    fn note(&mut self, number: u32, region: Option<&str>) {
        for (known, tickets) in &mut self.0 {
            if region == Some(known.as_str()) {
                tickets.insert(number);
            } else {
                tickets.remove(&number);
            }
        }
    }
}

impl State {
    /// Notes who is borrowed after this event: for its ticket, for those on the routes that it changes, and for those
    /// of an engineer who may be at home elsewhere now.
    pub(super) fn note_lent(&mut self, event: &Event) {
        if self.lent.is_unlimited() {
            return;
        }
        let routes = event.fact.change().into_iter().flat_map(|change| &change.routes);
        let his = self.member(&event.subject).into_iter().flat_map(Member::tickets);
        let tickets = [event.subject.as_str()].into_iter().chain(routes.flat_map(Route::tickets));
        let cases: Vec<&Case> = tickets.chain(his).filter_map(|id| self.case(id)).collect();
        let found = cases.iter().map(|case| (case.number, self.borrows(case).map(str::to_owned)));
        for (number, region) in found.collect::<Vec<_>>() {
            self.lent.note(number, region.as_deref());
        }
    }

    /// The region that somebody is borrowed for who has this ticket by the rules.
    fn borrows<'c>(&self, case: &'c Case) -> Option<&'c str> {
        let holder = case.holder.as_ref().filter(|holder| !holder.against_rules)?;
        let region = case.ticket.region.as_deref()?;
        let engineer = &self.member(&holder.engineer)?.engineer;
        let chain = Region::chain(&self.world.regions, region);
        (RegionFit::of(&chain, engineer) == RegionFit::Borrowed).then_some(region)
    }

    /// What these tickets have of the caps is theirs in a world in which they are.
    pub(super) fn give_back<'c>(&self, world: &mut World, cases: impl Iterator<Item = &'c Case>) {
        for region in cases.filter_map(|case| self.borrows(case)) {
            let mut regions = world.regions.iter_mut();
            if let Some(region) = regions.find(|known| known.id == region) {
                region.borrow_cap = region.borrow_cap.map(|cap| cap.saturating_add(1));
            }
        }
    }
}
