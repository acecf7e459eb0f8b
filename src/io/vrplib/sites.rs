//! Which clients a vehicle may visit, as one skill for each kind of vehicle.

use crate::io::text::{Fault, Faults, count};
use crate::io::vrplib::sections::Line;
use crate::model::{Code, Demand, SkillNeed};
use std::collections::{BTreeMap, BTreeSet};

/// Vehicles by what they may visit.
pub(super) struct Sites {
    /// The clients (node indexes) of each kind.
    kinds: Vec<BTreeSet<usize>>,
    /// The kind of each vehicle.
    of: Vec<Option<usize>>,
}

impl Sites {
    /// Reads rows `vehicle client client ..`, one for each vehicle.
    pub fn of(lines: &[Line], vehicles: usize, size: usize, faults: &mut Faults) -> Self {
        let mut sites = Self { kinds: Vec::new(), of: vec![None; vehicles] };
        let mut known = BTreeMap::new();
        for &(line, text) in lines {
            let Some((vehicle, clients)) = faults.keep(line, row(text, size)) else { continue };
            match vehicle.checked_sub(1).and_then(|index| sites.of.get_mut(index)) {
                Some(of @ None) => {
                    let kind = *known.entry(clients.clone()).or_insert(sites.kinds.len());
                    if kind == sites.kinds.len() {
                        sites.kinds.push(clients);
                    }
                    *of = Some(kind);
                }
                Some(_) => faults.line(line, Code::DUPLICATE_ID, "a second row of this vehicle"),
                None => faults.line(line, Code::SYNTAX, "there is no such vehicle"),
            }
        }
        let missing = sites.of.iter().position(Option::is_none);
        if let (Some(index), true) = (missing, faults.none()) {
            let cause = format!("VEHICLES_ALLOWED_CLIENTS_SECTION has no vehicle {}", index + 1);
            faults.whole(Code::SYNTAX, cause);
        }
        sites
    }

    /// The skill of a vehicle.
    pub fn skill(&self, vehicle: usize) -> Option<String> {
        self.of.get(vehicle).copied().flatten().map(skill)
    }

    /// What a client asks for: nothing where every kind may come, otherwise one of the kinds.
    pub fn demand(&self, client: usize, faults: &mut Faults) -> Demand {
        let allowed: Vec<usize> =
            (0..self.kinds.len()).filter(|&kind| self.kinds[kind].contains(&client)).collect();
        let mut demand = Demand::default();
        match allowed.as_slice() {
            [] => {
                let cause = format!("no vehicle may visit client {}", client + 1);
                faults.whole(Code::UNSUPPORTED, cause);
            }
            all if all.len() == self.kinds.len() => {}
            [one] => demand.all.push(SkillNeed::new(skill(*one), 1)),
            some => {
                demand.any.push(some.iter().map(|&kind| SkillNeed::new(skill(kind), 1)).collect());
            }
        }
        demand
    }
}

fn skill(kind: usize) -> String {
    format!("kind {}", kind + 1)
}

fn row(text: &str, size: usize) -> Result<(usize, BTreeSet<usize>), Fault> {
    let mut words = text.split_whitespace().map(count::<u32>);
    let vehicle = words.next().transpose()?.unwrap_or(0);
    let client = |number: Result<u32, Fault>| match number? as usize {
        number if (1..=size).contains(&number) => Ok(number - 1),
        number => Err((Code::SYNTAX, format!("there is no client {number}"))),
    };
    Ok((vehicle as usize, words.map(client).collect::<Result<_, _>>()?))
}
