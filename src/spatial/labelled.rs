//! Who is near and has a label: points that may move, in an R*-tree for each label.
//!
//! A [`QualifiedIndex`](super::QualifiedIndex) asks for several classes at once and cannot change; this one asks
//! for one label and can.

use super::points::{Entry, Nearest};
use crate::spatial::embed;
use rstar::RTree;

/// Points of the earth or of a plane, by number, each under some labels, in order of distance from anywhere.
///
/// Coordinates are finite `[lon, lat]` degrees, or `[x, y]`, as a built problem has them. A point takes memory for each
/// of its labels.
///
/// ```
/// use fieldwright::spatial::LabelledIndex;
/// let (gas, power) = (0, 1);
/// let mut engineers = LabelledIndex::new(false);
/// engineers.put(0, [13.4, 52.5], &[gas]);
/// engineers.put(1, [2.3, 48.9], &[gas, power]);
/// assert_eq!(engineers.nearest([13.0, 52.0], gas).collect::<Vec<_>>(), [0, 1]);
/// assert_eq!(engineers.nearest([13.0, 52.0], power).collect::<Vec<_>>(), [1]);
/// assert_eq!(engineers.count(gas), 2);
/// ```
#[derive(Clone, Debug)]
pub struct LabelledIndex {
    plane: bool,
    points: Vec<Option<Labelled>>,
    trees: Vec<RTree<Entry>>,
}

/// Where a point is, and under which labels.
#[derive(Clone, Debug, PartialEq)]
struct Labelled {
    at: [f64; 3],
    labels: Box<[u32]>,
}

impl LabelledIndex {
    /// An index without points.
    #[must_use]
    pub fn new(plane: bool) -> Self {
        Self { plane, points: Vec::new(), trees: Vec::new() }
    }

    /// All points under a label in order of distance, the lower number first among equals. Each costs `O(log n)`
    /// when it is asked for, `n` being those under the label.
    pub fn nearest(&self, at: [f64; 2], label: u32) -> impl Iterator<Item = u32> + '_ {
        let at = embed(at, self.plane);
        let tree = self.trees.get(label as usize);
        let entries = tree.map(|tree| tree.nearest_neighbor_iter_with_distance_2(at));
        Nearest::of(entries.into_iter().flatten())
    }

    /// How many points are under a label.
    #[must_use]
    pub fn count(&self, label: u32) -> usize {
        self.trees.get(label as usize).map_or(0, RTree::size)
    }

    /// Puts a point here under these labels, none twice; where it was before, and under what, is forgotten.
    /// `O(log n)` for each label, and `O(1)` where nothing changes.
    pub fn put(&mut self, id: u32, point: [f64; 2], labels: &[u32]) {
        let at = embed(point, self.plane);
        let is_there = |old: &Labelled| old.at == at && *old.labels == *labels;
        if self.points.get(id as usize).and_then(Option::as_ref).is_some_and(is_there) {
            return;
        }
        self.remove(id);
        if self.points.len() <= id as usize {
            self.points.resize(id as usize + 1, None);
        }
        self.points[id as usize] = Some(Labelled { at, labels: labels.into() });
        for &label in labels {
            if self.trees.len() <= label as usize {
                self.trees.resize_with(label as usize + 1, RTree::new);
            }
            self.trees[label as usize].insert(Entry::new(at, id));
        }
    }

    /// Takes a point out; false when it was not there. `O(log n)` for each of its labels.
    pub fn remove(&mut self, id: u32) -> bool {
        let Some(point) = self.points.get_mut(id as usize).and_then(Option::take) else {
            return false;
        };
        for &label in &point.labels {
            self.trees[label as usize].remove(&Entry::new(point.at, id));
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use crate::spatial::{PointIndex, sample};
    use proptest::prelude::*;

    const LABELS: u32 = 3;

    proptest! {
        /// The twin: an index of its own for each label.
        #[test]
        fn it_agrees_with_one_index_for_each_label(seed: u64, moves in 0usize..80, plane: bool) {
            let mut rng = Rng::new(seed, 0);
            let mut index = LabelledIndex::new(plane);
            let mut twins: Vec<PointIndex> =
                (0..LABELS).map(|_| PointIndex::build(&[], plane)).collect();
            for _ in 0..moves {
                let id = rng.below(12) as u32;
                if rng.one_in(4) {
                    let was_there = twins.iter_mut().fold(false, |any, twin| twin.remove(id) | any);
                    prop_assert!(!was_there || index.remove(id));
                    continue;
                }
                let point = sample::point(&mut rng);
                let labels: Vec<u32> = (0..LABELS).filter(|_| rng.one_in(2)).collect();
                index.put(id, point, &labels);
                for (twin, label) in twins.iter_mut().zip(0..) {
                    if labels.contains(&label) {
                        twin.move_to(id, point);
                    } else {
                        twin.remove(id);
                    }
                }
            }
            let from = sample::point(&mut rng);
            for (twin, label) in twins.iter().zip(0..) {
                let found: Vec<u32> = index.nearest(from, label).collect();
                prop_assert_eq!(found, twin.nearest(from).collect::<Vec<_>>());
                prop_assert_eq!(index.count(label), twin.len());
            }
        }
    }

    #[test]
    fn a_label_that_nobody_has_has_no_points() {
        let index = LabelledIndex::new(true);
        assert_eq!(index.nearest([0.0, 0.0], 7).count(), 0);
        assert_eq!(index.count(7), 0);
    }
}
