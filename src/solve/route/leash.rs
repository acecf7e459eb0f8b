//! How far a search may go before it reports, and how far it has cooled by then.

use crate::solve::budget::Watch;

/// How far a search may go in one round.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leash<'w> {
    pub watch: &'w Watch,
    /// The iterations of this island at which the round ends.
    pub target: u64,
    /// The iterations of this island in all, where they are limited.
    pub each: Option<u64>,
    /// The share of the seconds at which the round ends.
    pub end: f64,
    /// The shares of the budget between which the search cools down once.
    pub course: (f64, f64),
    /// How near the search is to being given up for want of better plans, from 0 to 1.
    pub stalled: f64,
}

impl Leash<'_> {
    /// The share of the budget that is used up after so many iterations of one island.
    pub(super) fn share(&self, iterations: u64) -> f64 {
        let counted = match self.each {
            None => 0.0,
            Some(0) => 1.0,
            Some(each) => iterations as f64 / each as f64,
        };
        counted.max(self.watch.share())
    }

    /// How far the search has cooled after so many iterations of one island, from 0 to 1.
    pub(super) fn progress(&self, iterations: u64) -> f64 {
        let (from, to) = self.course;
        ((self.share(iterations) - from) / (to - from)).max(self.stalled)
    }
}
