//! Which visits a partial route remembers: ng-routes of Baldacci, Mingozzi and Roberti (2011).
//!
//! Every node has a few near ones. A path remembers a visit only while it stays at nodes that are near
//! the visited one, and may not repeat what it remembers. So a memory is a small mask, partial routes
//! dominate each other often, and cycles remain only where they are long. Near sets grow where a master's
//! routes still have cycles (Roberti and Mingozzi 2014), so that in the end no cycle pays.

use super::network::Network;

/// Near nodes of a node at most: the bits of a memory.
pub(super) const NEAR_MAX: usize = 32;
const NOT_NEAR: u8 = u8::MAX;

/// The near sets of one network.
#[derive(Clone, Debug)]
pub(super) struct Ng {
    near: Vec<Vec<u16>>,
    /// Row by row for each node: the place of another one in its near set.
    place: Vec<u8>,
}

impl Ng {
    /// Near sets of so many nodes each, by travel there and back.
    pub(super) fn of(network: &Network, size: usize) -> Self {
        let count = network.len();
        let mut way = vec![i64::MAX / 4; count * count];
        for (from, arcs) in network.arcs[..count].iter().enumerate() {
            for arc in arcs {
                way[from * count + usize::from(arc.to)] = arc.time + arc.stay;
            }
        }
        let mut ng = Self { near: vec![Vec::new(); count], place: vec![NOT_NEAR; count * count] };
        for node in 0..count {
            let round_trip = |other: usize| way[node * count + other] + way[other * count + node];
            let mut others: Vec<usize> = (0..count).filter(|&other| other != node).collect();
            // Without a way back there is no cycle to remember.
            others.retain(|&other| round_trip(other) < i64::MAX / 4);
            others.sort_by_key(|&other| round_trip(other));
            ng.add(node, node);
            others.iter().take(size).for_each(|&other| ng.add(node, other));
        }
        ng
    }

    fn add(&mut self, node: usize, near: usize) {
        let count = self.near.len();
        if self.near[node].len() < NEAR_MAX && self.place[node * count + near] == NOT_NEAR {
            self.place[node * count + near] = self.near[node].len() as u8;
            self.near[node].push(near as u16);
        }
    }

    /// True when a path at `node` that remembers this may not go to `to`.
    #[inline]
    pub(super) fn forbids(&self, node: usize, memory: u32, to: usize) -> bool {
        let place = self.place[node * self.near.len() + to];
        place != NOT_NEAR && memory >> place & 1 == 1
    }

    /// What a path at `node` that remembers this remembers at `to`.
    #[inline]
    pub(super) fn step(&self, node: usize, memory: u32, to: usize) -> u32 {
        let row = &self.place[to * self.near.len()..][..self.near.len()];
        let (mut left, mut next) = (memory, self.start(to));
        while left != 0 {
            let visited = self.near[node][left.trailing_zeros() as usize];
            let place = row[usize::from(visited)];
            if place != NOT_NEAR {
                next |= 1 << place;
            }
            left &= left - 1;
        }
        next
    }

    /// What a path remembers whose first visit is this node: the node itself.
    #[inline]
    pub(super) fn start(&self, node: usize) -> u32 {
        1 << self.place[node * self.near.len() + node]
    }

    /// True when a path repeats nothing that it remembers.
    pub(super) fn allows(&self, path: &[u16]) -> bool {
        let Some((&first, rest)) = path.split_first() else { return true };
        let (mut node, mut memory) = (usize::from(first), self.start(usize::from(first)));
        for &to in rest {
            if self.forbids(node, memory, usize::from(to)) {
                return false;
            }
            memory = self.step(node, memory, usize::from(to));
            node = usize::from(to);
        }
        true
    }

    /// Lets the shortest cycle of a path be remembered all the way round. Says whether there is one for
    /// which there was room.
    pub(super) fn learn(&mut self, path: &[u16]) -> bool {
        let cycles = (0..path.len()).filter_map(|first| {
            let again = path[first + 1..].iter().position(|&node| node == path[first])?;
            Some((again, first))
        });
        let Some((length, first)) = cycles.min() else { return false };
        let inside = &path[first + 1..first + 1 + length];
        let has_room = |&node: &u16| self.near[usize::from(node)].len() < NEAR_MAX;
        if !inside.iter().all(has_room) {
            return false;
        }
        for &node in inside {
            self.add(usize::from(node), usize::from(path[first]));
        }
        true
    }
}
