//! Partial routes: what has to be known of one to go on from it, and when one makes another needless.
//!
//! # Working time of a partial route
//!
//! Fix an order of visits and a window for each. Leaving at `s`, an engineer is ready to go on at
//! `max(c, s + d)`, where `c` is the earliest completion and `d` the shortest duration, as long as
//! `s <= l`, the latest departure for which every window is met (Vidal, Crainic, Gendreau and Prins 2013).
//! Being ready at a given moment `y >= c`, with a wait at the end if need be, therefore takes at least
//! `max(d, y - l)`. With `w` the cost of a second and `r` all cost that does not depend on time, less the
//! prices of the visits, that moment costs
//!
//! ```text
//!     f(y) = max(early, late + w y)    for y >= c,    early = r + w d,   late = r - w l.
//! ```
//!
//! **Going on** by a way of `t`, a start of work within `[a, b]`, a stay of `q` and other cost `k`: work
//! starts at `x >= max(c + t, a) = x0`, `x <= b`, and costs `f(x - t) + w t = max(early + w t, late + w x)`.
//! So `early' = max(early + w t, late + w x0) + w q + k`. A departure is too late when the start would
//! be after `b`: `l' = min(l, b - t - d)`, hence `late' = max(late, early + w (t - b)) + k`, and
//! `c' = x0 + q`. A ticket with several windows gives a label for each, so every choice is covered, not
//! only the first window that is open.
//!
//! **Dominance** at one node: where `early1 <= early2`, `late1 <= late2`, `c1 <= c2`, the memory of 1 lies
//! within that of 2, and 1 carries no more load, everything that can follow 2 can follow 1 and ends no
//! dearer: `f1 <= f2` wherever `f2` is defined, starts that 2 can meet 1 can meet as early, and
//! lateness and overtime never fall when times grow. Where a limit on duration can bind, `d1 <= d2` and
//! `l1 >= l2` are asked for as well.

use super::network::{Network, Window};

/// No label: the parent of the first.
pub(super) const ROOT: u32 = u32::MAX;

/// A partial route.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label {
    /// See the module: cost when nothing waits at the end.
    pub early: i64,
    /// Cost less that of the clock when it does.
    pub late: i64,
    /// Earliest completion.
    pub ready: i64,
    /// Shortest duration.
    pub duration: i64,
    /// Latest departure.
    pub leave: i64,
    /// Load so far.
    pub load: i64,
    /// What may not be repeated.
    pub memory: u32,
    /// Its place in the trail of all labels.
    pub id: u32,
    /// True once it has been continued.
    pub is_done: bool,
}

impl Label {
    /// Nobody has left yet.
    pub(super) fn start(network: &Network) -> Self {
        let leave = network.horizon;
        Self {
            early: network.fixed,
            late: network.fixed - network.second * leave,
            ready: 0,
            duration: 0,
            leave,
            load: 0,
            memory: 0,
            id: ROOT,
            is_done: false,
        }
    }

    /// The label after a way of `time`, a start within the window and a stay, with `cost` on top.
    /// `None` when the window has closed. Memory, load and id are still those of before.
    #[inline]
    pub(super) fn visit(
        &self,
        second: i64,
        time: i64,
        window: &Window,
        stay: i64,
        cost: i64,
    ) -> Option<Self> {
        let start = (self.ready + time).max(window.earliest);
        if start > window.latest {
            return None;
        }
        let travelled = self.early + second * time;
        Some(Self {
            early: travelled.max(self.late + second * start) + second * stay + cost,
            late: self.late.max(travelled - second * window.latest) + cost,
            ready: start + stay,
            duration: (self.duration + time).max(start - self.leave) + stay,
            leave: self.leave.min(window.latest - time - self.duration),
            is_done: false,
            ..*self
        })
    }

    /// What the route costs when it goes home from here; `None` when that is too late or takes too long.
    #[inline]
    pub(super) fn close(&self, network: &Network, node: usize) -> Option<i64> {
        let (time, cost) = network.home[node];
        let end = self.ready + time;
        let fits = end <= network.horizon && self.duration + time <= network.duration_max;
        fits.then(|| self.early + network.second * time + cost + network.overtime(end))
    }
}

/// What of a label counts when labels are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dominance {
    /// Memories, waiting and loads count: without them labels are few and the answer only a guess.
    pub is_exact: bool,
    /// A limit on duration can bind.
    pub lasting: bool,
}

impl Dominance {
    /// True when the second label is not needed where the first is.
    #[inline]
    pub(super) fn holds(self, one: &Label, other: &Label) -> bool {
        one.early <= other.early
            && one.ready <= other.ready
            && (!self.is_exact
                || (one.memory & !other.memory == 0
                    && one.late <= other.late
                    && one.load <= other.load
                    && (!self.lasting
                        || (one.duration <= other.duration && one.leave >= other.leave))))
    }
}
