//! Hard rules between one ticket and one shift that hold wherever the visit stands in the route.

use super::spans::spans;
use super::{NONE, Problem, Span};
use crate::model::{RegionFit, Ticket};
use crate::plan::Rule;

impl Problem {
    /// True when no rule on skills, engineers, regions, changes or locks keeps ticket `t` off shift `s`.
    ///
    /// O(1), a few nanoseconds; [`Problem::barrier`] says which rule it is.
    #[must_use]
    #[inline]
    pub fn admits(&self, t: u32, s: u32) -> bool {
        self.barrier(t, s).is_none()
    }

    /// The first rule on skills, engineers, regions, changes or locks that keeps ticket `t` off shift `s`.
    #[must_use]
    #[inline]
    pub fn barrier(&self, t: u32, s: u32) -> Option<Rule> {
        if self.skill_surplus(t, s).is_none() {
            return Some(Rule::Skill);
        }
        let ticket = &self.tickets[t as usize];
        if ticket.lists != NONE && !self.lists_admit(t, s) {
            return Some(Rule::Engineer);
        }
        match self.region_fit(t, s).0 {
            RegionFit::Never => return Some(Rule::Region),
            RegionFit::Borrowed if self.borrow_caps[ticket.region as usize] == 0 => {
                return Some(Rule::BorrowCap);
            }
            _ => {}
        }
        if self.max_changes == 0 && self.is_change(t, s) {
            return Some(Rule::Changes);
        }
        if ticket.locked_to != NONE && ticket.locked_to != s {
            return Some(Rule::Lock);
        }
        None
    }

    /// The region of ticket `t` if a visit by shift `s` would be a borrowed one.
    #[must_use]
    #[inline]
    pub fn borrows(&self, t: u32, s: u32) -> Option<u32> {
        (self.region_fit(t, s).0 == RegionFit::Borrowed).then(|| self.tickets[t as usize].region)
    }

    /// True when ticket `t` does not keep the engineer of shift `s` away by name.
    pub(crate) fn lists_admit(&self, t: u32, s: u32) -> bool {
        let engineer = self.shifts[s as usize].engineer;
        self.lists_of(t).is_none_or(|lists| {
            (lists.required.is_empty() || lists.required.binary_search(&engineer).is_ok())
                && lists.excluded.binary_search(&engineer).is_err()
        })
    }

    /// The engineers that ticket `t` may only go to, by their indexes; all of them when empty.
    pub(crate) fn required(&self, t: u32) -> &[u32] {
        self.lists_of(t).map_or(&[], |lists| &lists.required)
    }

    /// The moments at which work on ticket `t` might start if it were not locked. Never empty.
    pub(crate) fn windows_unlocked(&self, t: u32) -> Vec<Span> {
        spans(&Ticket { lock: None, ..self.world.tickets[t as usize].clone() })
    }
}
