//! How a proposal was found, written down with it, so that it can be found again.

use super::Desk;
use super::propose::{Proposal, Search};
use super::slice::Cut;
use crate::units::Instant;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The greatest integer that a journal takes.
const MOST: u64 = (1 << 53) - 1;

/// How a proposal was found: all that is needed to find it again in a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The number of the first event that the desk had not seen by then.
    pub seq: u64,
    /// When.
    pub at: Instant,
    /// By which search.
    pub by: Finder,
    /// The score of the routes as they stood, had they gone on from then.
    pub before: Vec<i64>,
    /// The score of those that were found.
    pub after: Vec<i64>,
}

/// What finds proposals. Both are counted in iterations, so that they find the same ones on any machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finder {
    /// [`Slice::improve`](super::Slice::improve).
    Slice(Cut),
    /// [`Desk::propose`].
    Search {
        /// For whom.
        engineers: Vec<String>,
        /// How long, and what may change.
        search: Search,
    },
}

impl Finder {
    /// The same in numbers that a journal takes: nobody waits for more iterations, and no gain is greater.
    pub(super) fn within_reach(self) -> Self {
        match self {
            Self::Slice(cut) => {
                let margin = cut.margin.iter().map(|&margin| margin.clamp(0, MOST as i64));
                let (margin, iterations) = (margin.collect(), cut.iterations.min(MOST));
                Self::Slice(Cut { margin, iterations, ..cut })
            }
            Self::Search { engineers, search } => {
                let iterations = search.iterations.min(MOST);
                Self::Search { engineers, search: Search { iterations, ..search } }
            }
        }
    }
}

impl Desk {
    /// Finds a proposal again, on a desk that has seen as much as that one.
    pub(super) fn find_again(&self, found: &Found) -> Option<Proposal> {
        match &found.by {
            Finder::Slice(cut) => self.slice(found.at, cut).ok()??.improve().ok()?,
            Finder::Search { engineers, search } => {
                let engineers: Vec<&str> = engineers.iter().map(String::as_str).collect();
                self.propose(found.at, &engineers, *search).ok()
            }
        }
    }
}

impl fmt::Display for Found {
    /// By what it was found, and what it was chosen over.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, iterations, seed) = match &self.by {
            Finder::Slice(cut) => ("a slice", cut.iterations, cut.seed),
            Finder::Search { search, .. } => ("a search", search.iterations, search.seed),
        };
        let Self { seq, at, before, after, .. } = self;
        writeln!(
            f,
            "found by {name} at {at}, before event {seq}: {iterations} steps, seed {seed}"
        )?;
        writeln!(f, "  1. as it was found: {after:?}")?;
        writeln!(f, "  2. as it stood: {before:?}")
    }
}
