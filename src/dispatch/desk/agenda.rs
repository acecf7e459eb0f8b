//! When something is due for each of many: the first of all is at hand.
//!
//! What is due, and whether of a ticket or of an engineer, it does not know.

use crate::units::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A moment for each number, or none, and all of them in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Agenda {
    moments: Vec<Option<Instant>>,
    order: BTreeSet<(Instant, u32)>,
}

impl Agenda {
    /// The earliest moment and whose it is, the lower number first among equals.
    pub(super) fn first(&self) -> Option<(Instant, u32)> {
        self.order.first().copied()
    }

    /// From now on it is this one. `O(log n)`, and `O(1)` where nothing changes.
    pub(super) fn set(&mut self, number: u32, moment: Option<Instant>) {
        let index = number as usize;
        if self.moments.len() <= index {
            self.moments.resize(index + 1, None);
        }
        let before = std::mem::replace(&mut self.moments[index], moment);
        if before == moment {
            return;
        }
        if let Some(before) = before {
            self.order.remove(&(before, number));
        }
        if let Some(moment) = moment {
            self.order.insert((moment, number));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_whose_moment_comes_first_and_then_who_has_the_lower_number() {
        let mut agenda = Agenda::default();
        assert_eq!(agenda.first(), None);
        for (number, moment) in [(7, 20), (3, 10), (2, 20)] {
            agenda.set(number, Some(Instant(moment)));
        }
        assert_eq!(agenda.first(), Some((Instant(10), 3)));
        agenda.set(3, Some(Instant(30)));
        assert_eq!(agenda.first(), Some((Instant(20), 2)));
        agenda.set(2, None);
        assert_eq!(agenda.first(), Some((Instant(20), 7)));
        agenda.set(7, None);
        assert_eq!(agenda.first(), Some((Instant(30), 3)));
    }
}
