//! The cheapest route of one kind at given prices, by labels that are extended forwards in time.
//!
//! Labels are kept by node and by the time at which they are ready, in buckets, and continued bucket by
//! bucket; a label is compared with those of its node that are not later. The work is that of the number
//! of labels that survive, times the tickets, times the labels they are compared with.

use super::label::{Dominance, Label, ROOT};
use super::network::{Arc, Network};
use super::ng::Ng;

/// Buckets of time.
const BUCKETS: usize = 48;
/// Ways on that a quick search keeps at each node.
const QUICK_ARCS: usize = 24;
/// Routes that each last visit contributes.
const EACH_LAST: usize = 4;
/// Labels up to which a search goes on: their trail takes 8 bytes each.
const LABELS_MAX: usize = 120_000_000;
/// Labels between two looks at the clock.
const LOOK_EVERY: usize = 4_096;

/// How thoroughly to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effort {
    /// Good routes, no proof.
    Quick,
    /// The cheapest route there is.
    Exact,
}

/// What a search has found.
#[derive(Debug)]
pub(super) struct Found {
    /// Cost less prices of the cheapest route; not above zero, which is the cost of staying at home.
    pub least: i64,
    /// Routes that cost less than their prices, as nodes, cheapest first.
    pub routes: Vec<(i64, Vec<u16>)>,
}

/// The cheapest routes of a network, `price` by node and `fixed` for going at all. `None` when it took
/// too many labels or `is_over` said so: then nothing is known.
pub(super) fn cheapest(
    network: &Network,
    ng: &Ng,
    price: &[i64],
    fixed: i64,
    effort: Effort,
    is_over: &(dyn Fn() -> bool + Sync),
) -> Option<Found> {
    let mut search = Search::new(network, ng, price, effort);
    search.open(fixed);
    for bucket in 0..BUCKETS {
        // A label that is ready in the bucket that it came from is continued in another pass.
        let mut is_settled = false;
        while !is_settled {
            is_settled = true;
            for node in 0..network.len() {
                // Ways lead to other nodes, so this list stays as it is meanwhile.
                for index in 0..search.labels[node * BUCKETS + bucket].len() {
                    let label = &mut search.labels[node * BUCKETS + bucket][index];
                    if std::mem::replace(&mut label.is_done, true) {
                        continue;
                    }
                    let label = *label;
                    is_settled = false;
                    search.extend(node, &label);
                    if search.trail.len() >= search.next_look {
                        search.next_look = search.trail.len() + LOOK_EVERY;
                        if search.trail.len() > LABELS_MAX || is_over() {
                            return None;
                        }
                    }
                }
            }
        }
    }
    Some(search.found())
}

struct Search<'a> {
    network: &'a Network,
    ng: &'a Ng,
    dominance: Dominance,
    /// Ways on from each node, their costs less the prices of where they lead.
    arcs: Vec<Vec<Arc>>,
    /// Labels of each node and bucket.
    labels: Vec<Vec<Label>>,
    /// The least `early` of each node and bucket.
    least: Vec<i64>,
    /// For each label the one before it and its node.
    trail: Vec<(u32, u16)>,
    /// The cheapest routes by their last visit.
    best: Vec<Vec<(i64, u32)>>,
    width: i64,
    next_look: usize,
}

impl<'a> Search<'a> {
    fn new(network: &'a Network, ng: &'a Ng, price: &[i64], effort: Effort) -> Self {
        let is_exact = effort == Effort::Exact;
        let count = network.len();
        let mut arcs = network.arcs.clone();
        for (from, arcs) in arcs.iter_mut().enumerate() {
            for arc in arcs.iter_mut() {
                arc.cost -= price[usize::from(arc.to)];
            }
            let worth = |arc: &Arc| arc.cost + network.second * (arc.time + arc.stay);
            if !is_exact && from < count {
                arcs.sort_unstable_by_key(worth);
                arcs.truncate(QUICK_ARCS);
            }
        }
        Self {
            network,
            ng,
            dominance: Dominance { is_exact, lasting: network.duration_max < crate::problem::NEVER },
            arcs,
            labels: vec![Vec::new(); count * BUCKETS],
            least: vec![i64::MAX; count * BUCKETS],
            trail: Vec::new(),
            best: vec![Vec::new(); count],
            width: network.horizon / BUCKETS as i64 + 1,
            next_look: LOOK_EVERY,
        }
    }

    /// Continues the empty route.
    fn open(&mut self, fixed: i64) {
        let mut start = Label::start(self.network);
        start.early += fixed;
        start.late += fixed;
        self.extend(self.network.len(), &start);
    }

    fn extend(&mut self, node: usize, label: &Label) {
        let network = self.network;
        let arcs = std::mem::take(&mut self.arcs[node]);
        for arc in &arcs {
            let to = usize::from(arc.to);
            let load = label.load + network.load[to];
            if load > network.capacity
                || (label.id != ROOT && self.ng.forbids(node, label.memory, to))
            {
                continue;
            }
            for window in network.windows(to) {
                let visited = label.visit(network.second, arc.time, window, arc.stay, arc.cost);
                let Some(mut next) = visited else { continue };
                let late = network.late(to, next.ready - arc.stay);
                next.early += late;
                next.late += late;
                next.load = load;
                next.memory = match label.id {
                    ROOT => self.ng.start(to),
                    _ => self.ng.step(node, label.memory, to),
                };
                self.insert(to, next, label.id);
            }
        }
        self.arcs[node] = arcs;
    }

    /// Keeps a label unless another makes it needless; drops those that it makes needless.
    fn insert(&mut self, node: usize, mut label: Label, parent: u32) {
        let Some(total) = label.close(self.network, node) else { return };
        let bucket = (label.ready / self.width) as usize;
        let at = node * BUCKETS;
        for earlier in at..=at + bucket {
            if self.least[earlier] <= label.early
                && self.labels[earlier].iter().any(|known| self.dominance.holds(known, &label))
            {
                return;
            }
        }
        for later in at + bucket..at + BUCKETS {
            let dominance = self.dominance;
            let list = &mut self.labels[later];
            let mut index = 0;
            while index < list.len() {
                if dominance.holds(&label, &list[index]) {
                    list.swap_remove(index);
                } else {
                    index += 1;
                }
            }
        }
        label.id = self.trail.len() as u32;
        self.trail.push((parent, node as u16));
        let home = at + bucket;
        self.least[home] = self.least[home].min(label.early);
        self.labels[home].push(label);
        if total < 0 {
            self.note(node, total, label.id);
        }
    }

    fn note(&mut self, node: usize, total: i64, id: u32) {
        let best = &mut self.best[node];
        if best.len() == EACH_LAST {
            if best[EACH_LAST - 1].0 <= total {
                return;
            }
            best.pop();
        }
        let place = best.partition_point(|&(other, _)| other <= total);
        best.insert(place, (total, id));
    }

    fn found(self) -> Found {
        let mut best: Vec<(i64, u32)> = self.best.concat();
        best.sort_unstable();
        let path = |mut id: u32| {
            let mut path = Vec::new();
            while id != ROOT {
                let (parent, node) = self.trail[id as usize];
                path.push(node);
                id = parent;
            }
            path.reverse();
            path
        };
        let routes: Vec<(i64, Vec<u16>)> =
            best.into_iter().map(|(total, id)| (total, path(id))).collect();
        Found { least: routes.first().map_or(0, |&(total, _)| total), routes }
    }
}

/// What the cheapest way costs to make these visits in this order, without prices; `None` when there is
/// no way in time.
pub(super) fn cost_of(network: &Network, path: &[u16]) -> Option<i64> {
    let dominance = Dominance { is_exact: true, lasting: true };
    let mut labels = vec![Label::start(network)];
    let mut from = network.len();
    for &to in path {
        let node = usize::from(to);
        let arc = network.arcs[from].iter().find(|arc| arc.to == to)?;
        let mut next: Vec<Label> = Vec::new();
        for label in &labels {
            for window in network.windows(node) {
                let visited = label.visit(network.second, arc.time, window, arc.stay, arc.cost);
                let Some(mut visited) = visited else { continue };
                let late = network.late(node, visited.ready - arc.stay);
                visited.early += late;
                visited.late += late;
                if !next.iter().any(|known| dominance.holds(known, &visited)) {
                    next.retain(|known| !dominance.holds(&visited, known));
                    next.push(visited);
                }
            }
        }
        (labels, from) = (next, node);
    }
    labels.iter().filter_map(|label| label.close(network, from)).min()
}
