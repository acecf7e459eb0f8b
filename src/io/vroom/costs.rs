//! What vehicles of VROOM's API cost, as weights of an objective.

use crate::io::json::Node;
use crate::io::text::Faults;
use crate::model::{Code, Criterion, Objective};
use crate::units::Cost;

/// What an hour of travel and a kilometre cost.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Rates {
    per_hour: i64,
    per_km: i64,
}

impl Default for Rates {
    fn default() -> Self {
        Self { per_hour: 3_600, per_km: 0 }
    }
}

/// What all vehicles cost alike, once one is seen, and whether one of them has a fixed cost.
#[derive(Default)]
pub(super) struct Costs {
    rates: Option<Rates>,
    fixed: bool,
}

impl Costs {
    /// Notes what a vehicle costs per hour and kilometre and returns its fixed cost.
    pub fn note(&mut self, vehicle: &Node, has_distances: bool, faults: &mut Faults) -> Cost {
        let (mut rates, mut fixed) = (Rates::default(), 0);
        if let Some(node) = vehicle.get("costs") {
            let mut cost = |key: &str, default: i64| {
                node.get(key).and_then(|cost| cost.count(faults)).unwrap_or(default)
            };
            fixed = cost("fixed", 0);
            rates = Rates { per_hour: cost("per_hour", rates.per_hour), per_km: cost("per_km", 0) };
            if rates.per_km != 0 && !has_distances {
                let cause = "a cost per kilometre needs `distances` in the matrices";
                node.fault(faults, Code::UNSUPPORTED, cause);
            }
        }
        if *self.rates.get_or_insert(rates) != rates {
            let cause =
                "vehicles that cost differently per hour or kilometre cannot be planned here";
            vehicle.fault(faults, Code::UNSUPPORTED, cause);
        }
        self.fixed |= fixed != 0;
        Cost(fixed)
    }

    /// VROOM first serves what sums up to the highest priority, then seeks the least cost.
    ///
    /// Cost is `per_hour * travel / 3600 + per_km * distance / 1000 + fixed`; the weights are that
    /// times 3,600,000, in lowest terms. With `fixed` among them the cost can be told from them.
    pub fn objective(&self) -> Objective {
        let rates = self.rates.unwrap_or_default();
        let (travel, distance, whole) = (rates.per_hour * 1_000, rates.per_km * 3_600, 3_600_000);
        let common = gcd(gcd(whole, travel), distance);
        let mut level =
            vec![(Criterion::Travel, travel / common), (Criterion::Distance, distance / common)];
        if self.fixed || rates != Rates::default() {
            level.push((Criterion::Fixed, whole / common));
        }
        level.retain(|(_, weight)| *weight != 0);
        Objective::of(&[&[(Criterion::Unserved, 1)], &level])
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
