//! What the rest of a route can cost at least, by node and time: partial routes that cannot come to
//! anything are dropped early, and every search has a floor before it begins.
//!
//! A table over time, filled backwards. It remembers nothing of a route but the last way (`i, j, i` is
//! ruled out), so it is cheap and low. Times are rounded down to buckets no longer than the shortest way
//! with its stay, hence each way leads to a later bucket. In the terms of `label`: being ready at `i` in
//! bucket `b`,
//!
//! ```text
//!     straight(i, b) = min over j  w (t + q) + k + straight(j, b')                      on `early`,
//!     clock(i, b)    = min over j  k + max(w (x + q) + straight(j, b'), clock(j, b'))   on `late`,
//! ```
//!
//! where `x` is the earliest start at `j` and `b'` the bucket of `x + q`. The first counts no waiting, the
//! second all of it; a route costs at least as much as either says.

use super::network::{Arc, Network};

/// More buckets than this are not worth their time.
const BUCKETS_MAX: i64 = 512;
/// Fewer buckets than this are too coarse.
const BUCKETS_MIN: i64 = 128;
/// No way at all. Far from overflow when added to.
const NEVER: i64 = i64::MAX / 4;
/// No next node: home.
const HOME: u16 = u16::MAX;

/// The cheapest way on, and the cheapest that begins with another node.
#[derive(Clone, Copy, Debug)]
struct Least {
    best: i64,
    next: u16,
    second: i64,
}

impl Least {
    const NONE: Self = Self { best: NEVER, next: HOME, second: NEVER };

    #[inline]
    fn put(&mut self, cost: i64, next: u16) {
        if cost < self.best {
            if next != self.next {
                self.second = self.best;
            }
            (self.best, self.next) = (cost, next);
        } else if next != self.next && cost < self.second {
            self.second = cost;
        }
    }

    /// The cheapest that does not begin with this node.
    #[inline]
    fn without(self, node: u16) -> i64 {
        if self.next == node && node != HOME { self.second } else { self.best }
    }
}

/// See the module.
#[derive(Debug)]
pub(super) struct Completion {
    width: i64,
    buckets: usize,
    straight: Vec<Least>,
    clock: Vec<Least>,
}

impl Completion {
    /// The table of a network whose ways cost this, prices taken off. `None` where some way takes next to
    /// no time.
    ///
    /// O(ways x buckets).
    pub(super) fn of(network: &Network, arcs: &[Vec<Arc>]) -> Option<Self> {
        let hops = arcs[..network.len()].iter().flatten().map(|arc| arc.time + arc.stay);
        let width = hops.min().unwrap_or(i64::MAX).min(network.horizon / BUCKETS_MIN + 1);
        if width <= 0 || network.horizon / width > BUCKETS_MAX {
            return None;
        }
        let buckets = (network.horizon / width) as usize + 1;
        let cells = (network.len() + 1) * buckets;
        let mut table = Self {
            width,
            buckets,
            straight: vec![Least::NONE; cells],
            clock: vec![Least::NONE; cells],
        };
        for bucket in (0..buckets).rev() {
            for (node, arcs) in arcs.iter().enumerate().take(network.len()) {
                table.fill(network, node, bucket, arcs);
            }
        }
        table.fill(network, network.len(), 0, &arcs[network.len()]);
        Some(table)
    }

    fn fill(&mut self, network: &Network, node: usize, bucket: usize, arcs: &[Arc]) {
        let (second, is_start) = (network.second, node == network.len());
        let ready = (bucket as i64 * self.width).max(network.ready_first(node));
        let (mut straight, mut clock) = (Least::NONE, Least::NONE);
        if ready / self.width != bucket as i64 {
            // He is never ready as early as that: what holds a bucket later holds here.
            let later = (ready / self.width) as usize;
            if later < self.buckets {
                straight = self.straight[node * self.buckets + later];
                clock = self.clock[node * self.buckets + later];
            }
        } else {
            if !is_start {
                let (time, cost) = network.home[node];
                let end = ready + time;
                if end <= network.horizon {
                    let cost = cost + network.overtime(end);
                    straight.put(second * time + cost, HOME);
                    clock.put(second * end + cost, HOME);
                }
            }
            for arc in arcs {
                let to = usize::from(arc.to);
                for window in network.windows(to) {
                    let start = (ready + arc.time).max(window.earliest);
                    let done = start + arc.stay;
                    if start > window.latest || done > network.horizon {
                        continue;
                    }
                    let at = to * self.buckets + (done / self.width) as usize;
                    let on = self.straight[at].without(node as u16);
                    if on >= NEVER {
                        continue;
                    }
                    let cost = arc.cost + network.late(to, start);
                    straight.put(second * (arc.time + arc.stay) + cost + on, arc.to);
                    let on = (second * done + on).max(self.clock[at].without(node as u16));
                    clock.put(cost + on, arc.to);
                }
            }
        }
        self.straight[node * self.buckets + bucket] = straight;
        self.clock[node * self.buckets + bucket] = clock;
    }

    /// What a route costs at least that is at this node with these costs and ready then, and that does not
    /// go on to `not` (any node beyond the last for none).
    #[inline]
    pub(super) fn least(&self, node: usize, early: i64, late: i64, ready: i64, not: usize) -> i64 {
        let at = node * self.buckets + (ready / self.width) as usize;
        let straight = early + self.straight[at].without(not as u16);
        straight.max(late + self.clock[at].without(not as u16))
    }
}
