//! The ids of a world: where each stands, which are empty, which occur twice.

use super::{At, side_by_side};
use crate::model::{Code, Issues, World};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::hash_map::Entry;

/// Where each id stands; of a duplicate, where it stands first.
pub(super) struct Names<'w> {
    pub engineers: FxHashMap<&'w str, usize>,
    pub tickets: FxHashMap<&'w str, usize>,
    pub regions: FxHashMap<&'w str, usize>,
    /// The engineer and the number of his shift, by the shift's name, given or generated.
    pub shifts: FxHashMap<String, (usize, usize)>,
    pub skills: FxHashSet<&'w str>,
    pub profiles: FxHashSet<&'w str>,
}

impl<'w> Names<'w> {
    pub fn of(world: &'w World) -> Self {
        let mut shifts = FxHashMap::default();
        for (e, engineer) in world.engineers.iter().enumerate() {
            for s in 0..engineer.shifts.len() {
                shifts.entry(engineer.shift_id(s)).or_insert((e, s));
            }
        }
        Self {
            engineers: first_of(world.engineers.iter().map(|engineer| engineer.id.as_str())),
            tickets: first_of(world.tickets.iter().map(|ticket| ticket.id.as_str())),
            regions: first_of(world.regions.iter().map(|region| region.id.as_str())),
            shifts,
            skills: world.skills.iter().map(String::as_str).collect(),
            profiles: world.travel.profile_names().into_iter().collect(),
        }
    }
}

fn first_of<'w>(ids: impl Iterator<Item = &'w str>) -> FxHashMap<&'w str, usize> {
    let mut first = FxHashMap::default();
    first.reserve(ids.size_hint().0);
    for (index, id) in ids.enumerate() {
        first.entry(id).or_insert(index);
    }
    first
}

/// Ids that are empty or not unique.
pub(super) fn check(world: &World, names: &Names, issues: &mut Issues) {
    for (index, skill) in world.skills.iter().enumerate() {
        check_e104_empty_id(skill, &|| format!("skills[{index}]"), issues);
    }
    for (index, region) in world.regions.iter().enumerate() {
        check_id(&region.id, "regions", index, names.regions[region.id.as_str()], issues);
    }
    let depots = first_of(world.depots.iter().map(|depot| depot.id.as_str()));
    for (index, depot) in world.depots.iter().enumerate() {
        check_id(&depot.id, "depots", index, depots[depot.id.as_str()], issues);
    }
    for (index, engineer) in world.engineers.iter().enumerate() {
        check_id(&engineer.id, "engineers", index, names.engineers[engineer.id.as_str()], issues);
    }
    check_shift_ids(world, names, issues);
    side_by_side(&world.tickets, issues, |index, ticket, issues| {
        check_id(&ticket.id, "tickets", index, names.tickets[ticket.id.as_str()], issues);
    });
    check_e103_duplicate_profiles(world, issues);
}

/// One id in a list of things, `first` being where the same id stands first.
fn check_id(id: &str, list: &str, index: usize, first: usize, issues: &mut Issues) {
    let at = || format!("{list}[{index}].id");
    check_e104_empty_id(id, &at, issues);
    if !id.is_empty() {
        check_e103_duplicate_id(id, first != index, &|| format!("{list}[{first}]"), &at, issues);
    }
}

fn check_shift_ids(world: &World, names: &Names, issues: &mut Issues) {
    for (e, engineer) in world.engineers.iter().enumerate() {
        // Engineers of the same name have shifts of the same generated names: one fault, not two.
        let namesake = names.engineers[engineer.id.as_str()] != e;
        for (s, shift) in engineer.shifts.iter().enumerate() {
            let at = || format!("engineers[{e}].shifts[{s}].id");
            if let Some(id) = &shift.id {
                check_e104_empty_id(id, &at, issues);
            }
            let generated = shift.id.is_none();
            if shift.id.as_deref() == Some("") || (generated && namesake) {
                continue;
            }
            let id = engineer.shift_id(s);
            let (first_e, first_s) = names.shifts[&id];
            let first = || format!("engineers[{first_e}].shifts[{first_s}]");
            check_e103_duplicate_id(&id, (first_e, first_s) != (e, s), &first, &at, issues);
        }
    }
}

fn check_e103_duplicate_id(id: &str, again: bool, first: At, at: At, issues: &mut Issues) {
    if again {
        issues.add(Code::DUPLICATE_ID, at(), format!("`{id}` is already the id of {}", first()));
    }
}

fn check_e103_duplicate_profiles(world: &World, issues: &mut Issues) {
    let list = super::travel::list_name(&world.travel);
    let mut first = FxHashMap::default();
    for (index, name) in world.travel.profile_names().into_iter().enumerate() {
        match first.entry(name) {
            Entry::Vacant(free) => _ = free.insert(index),
            Entry::Occupied(taken) => {
                let cause =
                    format!("`{name}` is already the name of travel.{list}[{}]", taken.get());
                issues.add(Code::DUPLICATE_ID, format!("travel.{list}[{index}].name"), cause);
            }
        }
    }
}

fn check_e104_empty_id(id: &str, at: At, issues: &mut Issues) {
    if id.is_empty() {
        issues.add(Code::EMPTY_ID, at(), "the empty text");
    }
}
