//! What a search says on its way.

use std::ops::ControlFlow;

/// Where a search stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// Seconds since it started.
    pub seconds: f64,
    /// Share of the budget that is used up, from 0 to 1.
    pub share: f64,
    /// Iterations so far, over all searches.
    pub iterations: u64,
    /// The best score so far, level by level; lower is better.
    pub score: Vec<i64>,
    /// Tickets that the best plan leaves out.
    pub unassigned: usize,
    /// True when the best plan is better than at the last report.
    pub improved: bool,
}

/// Called at regular points of a search, on the thread that started it. `Break` stops the search,
/// which then returns the best plan so far.
pub type Watcher<'w> = dyn FnMut(&Progress) -> ControlFlow<()> + 'w;
