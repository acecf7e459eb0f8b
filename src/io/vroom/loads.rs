//! Capacities and loads of VROOM's API: all of one number of dimensions, all of one kind.

use crate::io::json::Node;
use crate::io::text::Faults;
use crate::model::{Code, Engineer};

/// What has been seen of capacities and loads.
#[derive(Default)]
pub(super) struct Loads {
    /// How many dimensions they have, once one is seen.
    size: Option<usize>,
    /// Is there a delivery above zero? A pick-up?
    kinds: [bool; 2],
}

impl Loads {
    /// The capacity of a vehicle.
    pub fn capacity(&mut self, vehicle: &Node, faults: &mut Faults) -> Vec<i64> {
        self.amount(vehicle, "capacity", faults)
    }

    /// The load of a job, whichever kind it is. `amount` is the old name of a delivery.
    pub fn demand(&mut self, job: &Node, faults: &mut Faults) -> Vec<i64> {
        let key = if job.has("delivery") { "delivery" } else { "amount" };
        let delivery = self.amount(job, key, faults);
        let pickup = self.amount(job, "pickup", faults);
        let above = [&delivery, &pickup].map(|load| load.iter().any(|&amount| amount != 0));
        self.kinds = [self.kinds[0] | above[0], self.kinds[1] | above[1]];
        if above[1] { pickup } else { delivery }
    }

    /// Every vehicle needs a capacity if there are loads, as VROOM has it; and what is carried out and
    /// what is brought back share a van in a way the model cannot say.
    pub fn check(&self, root: &Node, engineers: &[Engineer], faults: &mut Faults) {
        if self.kinds == [true, true] {
            let cause = "deliveries and pick-ups in one problem cannot be planned here";
            root.fault(faults, Code::UNSUPPORTED, cause);
        }
        let bare = engineers.iter().find(|engineer| engineer.shifts[0].capacity.is_empty());
        if let (true, Some(engineer)) = (self.kinds != [false, false], bare) {
            let cause = format!("jobs have loads, but vehicle {} no `capacity`", engineer.id);
            root.fault(faults, Code::SYNTAX, cause);
        }
    }

    fn amount(&mut self, node: &Node, key: &str, faults: &mut Faults) -> Vec<i64> {
        let Some(node) = node.get(key) else { return Vec::new() };
        let items = node.items(faults);
        if !items.is_empty() && *self.size.get_or_insert(items.len()) != items.len() {
            let cause = "all capacities and loads must have the same number of dimensions";
            node.fault(faults, Code::SYNTAX, cause);
        }
        items.iter().map(|item| item.count(faults).unwrap_or(0)).collect()
    }
}
