//! The desk at a moment, to be asked and not to be changed: by the one who works on it, or by many threads at once.

use super::Desk;
use super::case::Case;
use super::excerpt::Excerpt;
use super::kept::Kept;
use super::member::Member;
use super::near::Near;
use super::state::State;
use super::work::Work;
use crate::clock::Terms;
use crate::units::Instant;

/// All that an answer depends on.
#[derive(Clone, Copy)]
pub(super) struct Look<'d> {
    pub(super) state: &'d State,
    pub(super) near: &'d Near,
    pub(super) terms: &'d Terms,
    pub(super) kept: &'d Kept,
    pub(super) now: Instant,
}

impl Desk {
    pub(super) fn look(&self, now: Instant) -> Look<'_> {
        let Self { state, near, terms, kept } = self;
        Look { state, near, terms, kept, now }
    }
}

impl Work<'_> {
    pub(super) fn look(&self) -> Look<'_> {
        let Self { state, near, terms, kept, now, .. } = self;
        Look { state, near, terms, kept, now: *now }
    }
}

impl<'d> Look<'d> {
    /// The member who has a ticket.
    pub(super) fn holder(&self, case: &Case) -> Option<&'d Member> {
        self.state.member(case.held_by_engineer()?)
    }

    /// The engineer's day as it stands.
    pub(super) fn day<'s>(&self, member: &'s Member) -> Excerpt<'s>
    where
        'd: 's,
    {
        Excerpt::of(self.state, member, self.now)
    }
}
