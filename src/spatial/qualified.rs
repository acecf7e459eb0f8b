//! Who is near and may go: the nearest points of accepted classes.
//!
//! Engineers who can do exactly the same form a class, and a ticket accepts some of the classes. If
//! these have few members, the members are simply measured. Otherwise a k-d tree is
//! searched (Bentley, "Multidimensional binary search trees", CACM 1975; best-first as in Friedman,
//! Bentley and Finkel, ACM TOMS 1977) whose boxes know the classes inside, so that whole quarters
//! where nobody is accepted are passed over. An R*-tree cannot carry such summaries: filtered, it
//! took 54 µs where one in twenty is accepted, this one 3 µs (benches/NOTES.md).

use crate::spatial::embed;
use crate::travel::sphere::chord_squared;

/// Points are kept in leaves of at most so many. Fewer cost more boxes, more cost more distances.
const LEAF_MAX: usize = 32;

/// The nearest points of the classes that are accepted. Built once; points do not move.
///
/// Coordinates are finite `[lon, lat]` degrees, or `[x, y]`, as a built problem has them.
///
/// ```
/// use fieldwright::spatial::QualifiedIndex;
/// let cities = [[13.4, 52.5], [2.3, 48.9], [-0.1, 51.5]];
/// let gas_or_power = [0, 1, 0];
/// let index = QualifiedIndex::build(&cities, false, &gas_or_power, 2);
/// assert_eq!(index.nearest([4.9, 52.4], 2, |class| class == 0), [2, 0]);
/// ```
#[derive(Clone, Debug)]
pub struct QualifiedIndex {
    plane: bool,
    /// In the order of the tree: leaf `j` of `leaves` holds an equal share, see [`Self::share`].
    entries: Vec<Entry>,
    /// Node 1 is the root, the children of `i` are `2i` and `2i + 1`, leaf `j` is `leaves + j`.
    nodes: Vec<Node>,
    leaves: usize,
    /// The bit of every class in the nodes' summaries, as a mask.
    bit: Vec<u128>,
    /// The entries once more, class by class: those of `c` are `members[first[c]..first[c + 1]]`.
    members: Vec<Entry>,
    first: Vec<usize>,
}

/// Classes to ask a [`QualifiedIndex`] for.
#[derive(Clone, Debug)]
pub struct Choice {
    /// A bit for each class.
    accepted: Vec<u64>,
    /// How many points they have.
    members: usize,
    /// Their bits in the nodes' summaries.
    wanted: u128,
}

impl Choice {
    #[inline]
    fn has(&self, class: u32) -> bool {
        self.accepted[class as usize / 64] >> (class % 64) & 1 != 0
    }

    fn classes(&self) -> impl Iterator<Item = usize> {
        let words = self.accepted.iter().enumerate().filter(|(_, word)| **word != 0);
        let bits = |word: u64| (0..64).filter(move |bit| word >> bit & 1 != 0);
        words.flat_map(move |(index, &word)| bits(word).map(move |bit| 64 * index + bit))
    }
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    at: [f64; 3],
    id: u32,
    class: u32,
}

/// A box around some entries, and which classes are inside. One cache line.
#[derive(Clone, Copy, Debug)]
struct Node {
    low: [f64; 3],
    high: [f64; 3],
    classes: u128,
}

impl QualifiedIndex {
    /// Indexes the points, `class_of[i] < classes` being the class of point `i`, in `O(n log n)`.
    ///
    /// # Panics
    /// When `class_of` is not as long as `points`, or a class is not below `classes`.
    #[must_use]
    pub fn build(points: &[[f64; 2]], plane: bool, class_of: &[u32], classes: usize) -> Self {
        assert_eq!(points.len(), class_of.len(), "every point has a class");
        let places = points.iter().zip(class_of).zip(0..);
        let mut entries: Vec<Entry> = places
            .map(|((&point, &class), id)| Entry { at: embed(point, plane), id, class })
            .collect();
        let mut members = entries.clone();
        members.sort_by_key(|entry| entry.class);
        let first = (0..=classes)
            .map(|class| members.partition_point(|entry| (entry.class as usize) < class))
            .collect();

        let leaves = entries.len().div_ceil(LEAF_MAX).next_power_of_two();
        split(&mut entries, leaves);
        let bit = bits(&entries, classes);
        let mut index = Self { plane, entries, nodes: Vec::new(), leaves, bit, members, first };
        index.nodes = index.summaries();
        index
    }

    /// The `count` nearest points of the classes that `accepts`, or all that there are, in order of
    /// distance and, among equals, of number. `accepts` is asked once for each class.
    ///
    /// Typically `O(classes + count log n)`; never worse than measuring all points.
    #[must_use]
    pub fn nearest(
        &self,
        at: [f64; 2],
        count: usize,
        accepts: impl FnMut(u32) -> bool,
    ) -> Vec<u32> {
        self.nearest_of(at, count, &self.choose(accepts))
    }

    /// Prepares to ask for the classes that `accepts`, each of which is tried once. Worth keeping
    /// where classes are thousands and the same question comes again.
    #[must_use]
    pub fn choose(&self, mut accepts: impl FnMut(u32) -> bool) -> Choice {
        let mut choice =
            Choice { accepted: vec![0; self.bit.len().div_ceil(64)], members: 0, wanted: 0 };
        for (class, bit) in self.bit.iter().enumerate() {
            if accepts(class as u32) {
                choice.accepted[class / 64] |= 1 << (class % 64);
                choice.members += self.members_of(class).len();
                choice.wanted |= bit;
            }
        }
        choice
    }

    /// The `count` nearest points of these classes, as [`nearest`](Self::nearest) has them.
    #[must_use]
    pub fn nearest_of(&self, at: [f64; 2], count: usize, choice: &Choice) -> Vec<u32> {
        let members = choice.members;
        let at = embed(at, self.plane);
        let mut best = Best::new(count.min(members));
        // The tree passes about `count * n / members` others on its way, each at twice the price.
        if members.saturating_mul(members) <= 4 * best.count * self.entries.len() {
            for class in choice.classes() {
                for entry in self.members_of(class) {
                    best.offer(entry, &at);
                }
            }
        } else {
            self.search(&at, choice, &mut best);
        }
        best.found.into_iter().map(|(_, id)| id).collect()
    }

    /// Visits the leaves from the nearest on, as long as they can hold something better.
    fn search(&self, at: &[f64; 3], choice: &Choice, best: &mut Best) {
        let mut open = vec![(self.nodes[1].distance(at), 1usize)];
        while let Some((distance, node)) = open.pop() {
            if !best.takes(distance) {
                continue;
            }
            if let Some(leaf) = node.checked_sub(self.leaves) {
                let entries = &self.entries[self.share(leaf)..self.share(leaf + 1)];
                for entry in entries.iter().filter(|entry| choice.has(entry.class)) {
                    best.offer(entry, at);
                }
                continue;
            }
            let mut children = [2 * node, 2 * node + 1].map(|i| (self.nodes[i].distance(at), i));
            if children[0].0 < children[1].0 {
                children.swap(0, 1); // The nearer one goes on top.
            }
            open.extend(children.into_iter().filter(|&(distance, child)| {
                self.nodes[child].classes & choice.wanted != 0 && best.takes(distance)
            }));
        }
    }

    fn members_of(&self, class: usize) -> &[Entry] {
        &self.members[self.first[class]..self.first[class + 1]]
    }

    /// Where the entries of this leaf begin.
    fn share(&self, leaf: usize) -> usize {
        leaf * self.entries.len() / self.leaves
    }

    /// The nodes, from the leaves up.
    fn summaries(&self) -> Vec<Node> {
        let mut nodes = vec![Node::EMPTY; 2 * self.leaves];
        for leaf in 0..self.leaves {
            for entry in &self.entries[self.share(leaf)..self.share(leaf + 1)] {
                let classes = self.bit[entry.class as usize];
                let point = Node { low: entry.at, high: entry.at, classes };
                nodes[self.leaves + leaf].join(&point);
            }
        }
        for parent in (1..self.leaves).rev() {
            for child in [nodes[2 * parent], nodes[2 * parent + 1]] {
                nodes[parent].join(&child);
            }
        }
        nodes
    }
}

impl Node {
    const EMPTY: Self = Self { low: [f64::INFINITY; 3], high: [f64::NEG_INFINITY; 3], classes: 0 };

    fn join(&mut self, other: &Self) {
        for axis in 0..3 {
            self.low[axis] = self.low[axis].min(other.low[axis]);
            self.high[axis] = self.high[axis].max(other.high[axis]);
        }
        self.classes |= other.classes;
    }

    /// The squared distance to the box, zero inside. The same operations in the same order as in
    /// [`chord_squared`], all of them monotone even after rounding: never more than to any entry.
    #[inline]
    fn distance(&self, at: &[f64; 3]) -> f64 {
        let gap =
            |axis: usize| (self.low[axis] - at[axis]).max(at[axis] - self.high[axis]).max(0.0);
        let (x, y, z) = (gap(0), gap(1), gap(2));
        x * x + y * y + z * z
    }
}

/// The best entries so far, at most `count`, in order of squared distance and number.
struct Best {
    count: usize,
    found: Vec<(f64, u32)>,
    /// The distance of the last of them, once there are enough.
    limit: f64,
}

impl Best {
    fn new(count: usize) -> Self {
        let limit = if count == 0 { f64::NEG_INFINITY } else { f64::INFINITY };
        Self { count, found: Vec::with_capacity(count + 1), limit }
    }

    /// Could something at this distance still be among the best? (At the limit: by its number.)
    #[inline]
    fn takes(&self, distance: f64) -> bool {
        distance <= self.limit
    }

    #[inline]
    fn offer(&mut self, entry: &Entry, at: &[f64; 3]) {
        let distance = chord_squared(&entry.at, at);
        if self.takes(distance) {
            self.insert((distance, entry.id));
        }
    }

    fn insert(&mut self, new: (f64, u32)) {
        let place = self.found.partition_point(|old| *old < new);
        self.found.insert(place, new);
        self.found.truncate(self.count);
        if self.found.len() == self.count {
            self.limit = self.found[self.count - 1].0;
        }
    }
}

/// Orders the entries so that each half of the leaves holds one side of a cut across the longest
/// edge of their box, and so on within the halves.
fn split(entries: &mut [Entry], leaves: usize) {
    // Halves of equal shares: `share` rounds down, and so does this.
    fn cut(entries: &mut [Entry], from: usize, to: usize, share: &impl Fn(usize) -> usize) {
        if to - from < 2 || entries.is_empty() {
            return;
        }
        let axis = longest_edge(entries);
        let middle = (from + to) / 2;
        let place = share(middle) - share(from);
        entries.select_nth_unstable_by(place, |a, b| {
            a.at[axis].total_cmp(&b.at[axis]).then(a.id.cmp(&b.id))
        });
        let (left, right) = entries.split_at_mut(place);
        cut(left, from, middle, share);
        cut(right, middle, to, share);
    }
    let count = entries.len();
    cut(entries, 0, leaves, &|leaf| leaf * count / leaves);
}

fn longest_edge(entries: &[Entry]) -> usize {
    let mut around = Node::EMPTY;
    for entry in entries {
        around.join(&Node { low: entry.at, high: entry.at, classes: 0 });
    }
    let edge = |axis: usize| around.high[axis] - around.low[axis];
    (1..3).fold(0, |longest, axis| if edge(axis) > edge(longest) { axis } else { longest })
}

/// Gives every class one of 128 bits. Classes that live near each other (by the mean place of
/// their members in the order of the tree) share a bit, so that summaries stay telling where there
/// are more classes than bits and each keeps to its own city.
fn bits(entries: &[Entry], classes: usize) -> Vec<u128> {
    let mut places = vec![(0u64, 0u64); classes];
    for (entry, place) in entries.iter().zip(0u64..) {
        let (sum, members) = &mut places[entry.class as usize];
        *sum += place;
        *members += 1;
    }
    let mean = |class: usize| places[class].0 / places[class].1.max(1);
    let mut order: Vec<usize> = (0..classes).collect();
    order.sort_by_key(|&class| (mean(class), class));
    let mut bit = vec![0; classes];
    for (rank, class) in order.into_iter().enumerate() {
        bit[class] = 1 << if classes <= 128 { rank } else { rank * 128 / classes };
    }
    bit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use crate::spatial::sample;
    use proptest::prelude::*;

    /// The twin: measures the distance to everybody.
    fn brute(
        points: &[[f64; 2]],
        plane: bool,
        at: [f64; 2],
        count: usize,
        fits: impl Fn(usize) -> bool,
    ) -> Vec<u32> {
        let at = embed(at, plane);
        let mut all: Vec<(f64, u32)> = (0..points.len())
            .filter(|&id| fits(id))
            .map(|id| (chord_squared(&embed(points[id], plane), &at), id as u32))
            .collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        all.into_iter().take(count).map(|(_, id)| id).collect()
    }

    /// One random index and some random questions.
    fn check(seed: u64, size: usize, classes: usize, plane: bool) {
        let mut rng = Rng::new(seed, 0);
        let points = sample::points(&mut rng, size);
        let class_of: Vec<u32> = (0..size).map(|_| rng.below(classes) as u32).collect();
        let index = QualifiedIndex::build(&points, plane, &class_of, classes);
        for _ in 0..8 {
            let (at, count) = (sample::point(&mut rng), rng.below(20));
            let share = [1, 2, 3, 10, 100][rng.below(5)];
            let accepted: Vec<bool> = (0..classes).map(|_| rng.one_in(share)).collect();
            let got = index.nearest(at, count, |class| accepted[class as usize]);
            let fits = |id: usize| accepted[class_of[id] as usize];
            assert_eq!(got, brute(&points, plane, at, count, fits), "seed {seed}, 1 in {share}");
        }
    }

    proptest! {
        #[test]
        fn it_agrees_with_measuring_everybody(
            seed: u64, size in 0usize..400, classes in 1usize..300, plane: bool,
        ) {
            check(seed, size, classes, plane);
        }
    }

    #[test]
    fn it_agrees_with_measuring_everybody_at_size() {
        for seed in sample::SEEDS {
            check(seed, 20_000, 40, false);
            check(seed, 20_000, 1_000, false);
            check(seed, 5_000, 3, true);
        }
    }

    #[test]
    fn doubles_come_in_order_of_their_numbers() {
        let index = QualifiedIndex::build(&[[7.0, 50.0]; 1_000], false, &[0; 1_000], 1);
        assert_eq!(index.nearest([8.0, 51.0], 5, |_| true), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn nobody_is_nearest_where_nobody_is_or_nobody_is_accepted() {
        let nobody = [0u32; 0];
        assert_eq!(
            QualifiedIndex::build(&[], false, &[], 0).nearest([0.0; 2], 3, |_| true),
            nobody
        );
        let one = QualifiedIndex::build(&[[0.0; 2]], false, &[0], 2);
        assert_eq!(one.nearest([0.0; 2], 3, |class| class == 1), nobody);
        assert_eq!(one.nearest([0.0; 2], 0, |_| true), nobody);
    }

    #[test]
    fn only_neighbouring_classes_share_a_bit() {
        // 512 classes of two, each in a town of its own along the equator.
        let points: Vec<[f64; 2]> = (0..1_024).map(|i| [f64::from(i / 2) * 0.1, 0.0]).collect();
        let class_of: Vec<u32> = (0..1_024).map(|i| 511 - i / 2).collect();
        let bit = QualifiedIndex::build(&points, false, &class_of, 512).bit;
        for shared in 0..128 {
            let classes: Vec<usize> = (0..512).filter(|&class| bit[class] == 1 << shared).collect();
            assert_eq!(classes.len(), 4);
            assert!(classes[3] - classes[0] < LEAF_MAX, "{classes:?} are far from each other");
        }
    }
}
