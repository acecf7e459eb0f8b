//! The cheapest route of one kind at given prices, by labels that are extended forwards in time.
//!
//! Labels are kept by node and by the time at which they are ready, in buckets, and continued bucket by
//! bucket; a label is compared with those of its node that are not later, and dropped where not even the
//! floor of `completion` makes it a route that is looked for. The work is that of the number of labels that
//! survive, times the tickets, times the labels they are compared with.
//!
//! Dropping is sound beside dominance: take a route without repetition that costs less than what is looked
//! for. Whatever label dominates one of its beginnings can go on as that route does, at no more, so the
//! floor never rules it out.

use super::completion::Completion;
use super::label::{Dominance, Label, ROOT};
use super::network::{Arc, Network};
use super::ng::Ng;
use crate::problem::NEVER;

/// Buckets of time.
const BUCKETS: usize = 48;
/// Ways on that a quick search keeps at each node.
const QUICK_ARCS: usize = 24;
/// Routes that each last visit contributes.
const EACH_LAST: usize = 4;
/// Nothing is known: the floor is this far below zero.
const UNKNOWN: i64 = i64::MAX / 4;
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

/// What to search for, and how far.
#[derive(Clone, Copy)]
pub(super) struct Task<'a> {
    /// The price of each node.
    pub price: &'a [i64],
    /// What going at all costs on top.
    pub fixed: i64,
    /// Only routes that cost less than this, which is not above zero, are looked for.
    pub below: i64,
    /// How thoroughly.
    pub effort: Effort,
    /// No more labels than this; their trail takes 8 bytes each.
    pub labels_max: usize,
    /// Somebody wants an end.
    pub is_over: &'a (dyn Fn() -> bool + Sync),
}

/// What a search has found.
#[derive(Debug)]
pub(super) struct Found {
    /// Cost less prices of the cheapest route that was found; `below` where there was none.
    pub least: i64,
    /// No route costs less than this: the same where the search was exact and came to its end.
    pub floor: i64,
    /// True when the search came to its end.
    pub is_complete: bool,
    /// The routes, as nodes, cheapest first.
    pub routes: Vec<(i64, Vec<u16>)>,
}

/// The cheapest routes of a network.
pub(super) fn cheapest(network: &Network, ng: &Ng, task: &Task<'_>) -> Found {
    let mut search = Search::new(network, ng, task);
    let is_complete = search.run();
    search.found(is_complete)
}

struct Search<'a> {
    network: &'a Network,
    ng: &'a Ng,
    task: &'a Task<'a>,
    dominance: Dominance,
    /// Ways on from each node, their costs less the prices of where they lead.
    arcs: Vec<Vec<Arc>>,
    completion: Option<Completion>,
    /// Labels of each node and bucket.
    labels: Vec<Vec<Label>>,
    /// The least `early` of each node and bucket.
    least: Vec<i64>,
    /// For each label the one before it and its node.
    trail: Vec<(u32, u16)>,
    /// The cheapest routes by their last visit.
    best: Vec<Vec<(i64, u32)>>,
    width: i64,
}

impl<'a> Search<'a> {
    fn new(network: &'a Network, ng: &'a Ng, task: &'a Task<'a>) -> Self {
        let count = network.len();
        let mut arcs = network.arcs.clone();
        for arc in arcs.iter_mut().flatten() {
            arc.cost -= task.price[usize::from(arc.to)];
        }
        let completion = Completion::of(network, &arcs);
        let is_exact = task.effort == Effort::Exact;
        if !is_exact {
            for arcs in &mut arcs[..count] {
                arcs.sort_unstable_by_key(|arc| arc.cost + network.second * (arc.time + arc.stay));
                arcs.truncate(QUICK_ARCS);
            }
        }
        Self {
            network,
            ng,
            task,
            dominance: Dominance { is_exact, lasting: network.duration_max < NEVER },
            arcs,
            completion,
            labels: vec![Vec::new(); count * BUCKETS],
            least: vec![i64::MAX; count * BUCKETS],
            trail: Vec::new(),
            best: vec![Vec::new(); count],
            width: network.horizon / BUCKETS as i64 + 1,
        }
    }

    /// The empty route, which everything continues.
    fn start(&self) -> Label {
        let mut start = Label::start(self.network);
        start.early += self.task.fixed;
        start.late += self.task.fixed;
        start
    }

    /// Continues labels until none is left. Says whether it got there.
    fn run(&mut self) -> bool {
        let mut next_look = LOOK_EVERY;
        self.extend(self.network.len(), &self.start());
        for bucket in 0..BUCKETS {
            // A label that is ready in the bucket that it came from is continued in another pass.
            let mut is_settled = false;
            while !is_settled {
                is_settled = true;
                for node in 0..self.network.len() {
                    // Ways lead to other nodes, so this list stays as it is meanwhile.
                    for index in 0..self.labels[node * BUCKETS + bucket].len() {
                        let label = &mut self.labels[node * BUCKETS + bucket][index];
                        if std::mem::replace(&mut label.is_done, true) {
                            continue;
                        }
                        let label = *label;
                        is_settled = false;
                        self.extend(node, &label);
                        if self.trail.len() >= next_look {
                            next_look = self.trail.len() + LOOK_EVERY;
                            if self.trail.len() > self.task.labels_max || (self.task.is_over)() {
                                return false;
                            }
                        }
                    }
                }
            }
        }
        true
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
                self.insert(to, next, label.id, node);
            }
        }
        self.arcs[node] = arcs;
    }

    /// Keeps a label, whose last way came from `before`, unless another makes it needless or nothing can
    /// come of it; drops those that it makes needless.
    fn insert(&mut self, node: usize, mut label: Label, parent: u32, before: usize) {
        let Some(total) = label.close(self.network, node) else { return };
        if let Some(completion) = &self.completion {
            // The way back is ruled out only where the memory says so: a label that stands for others
            // must be able to do what they can.
            let is_start = before == self.network.len();
            let is_barred = !is_start && self.ng.forbids(node, label.memory, before);
            let not = if is_barred { before } else { usize::from(u16::MAX) };
            let least = completion.least(node, label.early, label.late, label.ready, not);
            if least >= self.task.below {
                return;
            }
        }
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
        if total < self.task.below {
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

    fn found(self, is_complete: bool) -> Found {
        let mut best: Vec<(i64, u32)> = self.best.concat();
        best.sort_unstable();
        let least = best.first().map_or(self.task.below, |&(total, _)| total);
        let floor = if is_complete && self.dominance.is_exact {
            least
        } else {
            let start = self.start();
            let none = usize::from(u16::MAX);
            let root = |completion: &Completion| {
                completion.least(self.network.len(), start.early, start.late, 0, none)
            };
            self.completion.as_ref().map_or(-UNKNOWN, root).min(self.task.below)
        };
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
        Found { least, floor, is_complete, routes }
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
