//! Who is near: points that may move, in an R*-tree (`rstar`).

use crate::spatial::embed;
use crate::travel::sphere::chord_squared_of;
use rstar::RTree;
use rstar::primitives::GeomWithData;
use std::iter::Peekable;

pub(super) type Entry = GeomWithData<[f64; 3], u32>;

/// Points of the earth or of a plane, by number, in order of distance from anywhere.
///
/// Coordinates are finite `[lon, lat]` degrees, or `[x, y]`, as a built problem has them.
///
/// ```
/// use fieldwright::spatial::PointIndex;
/// let mut engineers = PointIndex::build(&[[13.4, 52.5], [2.3, 48.9], [-0.1, 51.5]], false);
/// assert_eq!(engineers.nearest([4.9, 52.4]).collect::<Vec<_>>(), [2, 1, 0]);
/// engineers.move_to(0, [5.0, 52.0]);
/// assert_eq!(engineers.nearest([4.9, 52.4]).next(), Some(0));
/// ```
#[derive(Clone, Debug)]
pub struct PointIndex {
    plane: bool,
    at: Vec<Option<[f64; 3]>>,
    tree: RTree<Entry>,
}

impl PointIndex {
    /// Indexes the points under their positions in the list, in `O(n log n)`.
    #[must_use]
    pub fn build(points: &[[f64; 2]], plane: bool) -> Self {
        let at: Vec<[f64; 3]> = points.iter().map(|&point| embed(point, plane)).collect();
        let entries = at.iter().zip(0..).map(|(&point, id)| Entry::new(point, id)).collect();
        let tree = RTree::bulk_load(entries);
        Self { plane, at: at.into_iter().map(Some).collect(), tree }
    }

    /// All points in order of distance, the lower number first among equals. Each costs
    /// `O(log n)` when it is asked for.
    pub fn nearest(&self, at: [f64; 2]) -> impl Iterator<Item = u32> + '_ {
        Nearest::of(self.tree.nearest_neighbor_iter_with_distance_2(embed(at, self.plane)))
    }

    /// The `count` nearest points that `fits`, or all that there are, in the order of
    /// [`nearest`](Self::nearest). Where few fit, a [`QualifiedIndex`](crate::spatial::QualifiedIndex)
    /// does not walk past all the others.
    #[must_use]
    pub fn nearest_where(
        &self,
        at: [f64; 2],
        count: usize,
        mut fits: impl FnMut(u32) -> bool,
    ) -> Vec<u32> {
        self.nearest(at).filter(|&id| fits(id)).take(count).collect()
    }

    /// The points within so many metres (units of the plane) of here, by number.
    #[must_use]
    pub fn within(&self, at: [f64; 2], meters: i64) -> Vec<u32> {
        if meters < 0 {
            return Vec::new();
        }
        let limit = self.squared(meters as f64);
        let found = self.tree.locate_within_distance(embed(at, self.plane), limit);
        let mut ids: Vec<u32> = found.map(|entry| entry.data).collect();
        ids.sort_unstable();
        ids
    }

    /// Puts a point elsewhere; one that was not there yet, or was removed, appears. `O(log n)`, and `O(1)` where it
    /// is there already.
    pub fn move_to(&mut self, id: u32, point: [f64; 2]) {
        let point = embed(point, self.plane);
        if self.at.get(id as usize) == Some(&Some(point)) {
            return;
        }
        self.remove(id);
        if self.at.len() <= id as usize {
            self.at.resize(id as usize + 1, None);
        }
        self.at[id as usize] = Some(point);
        self.tree.insert(Entry::new(point, id));
    }

    /// Takes a point out; false when it was not there. `O(log n)`.
    pub fn remove(&mut self, id: u32) -> bool {
        match self.at.get_mut(id as usize).and_then(Option::take) {
            Some(point) => self.tree.remove(&Entry::new(point, id)).is_some(),
            None => false,
        }
    }

    /// How many points there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tree.size()
    }

    /// True when there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A length in the measure of the tree.
    fn squared(&self, meters: f64) -> f64 {
        if self.plane { meters * meters } else { chord_squared_of(meters) }
    }
}

/// Puts entries at equal distances, which a tree yields in any order, into the order of their numbers.
pub(super) struct Nearest<'a, I: Iterator<Item = (&'a Entry, f64)>> {
    entries: Peekable<I>,
    /// The rest of the entries at the distance reached, highest number first.
    equals: Vec<u32>,
}

impl<'a, I: Iterator<Item = (&'a Entry, f64)>> Nearest<'a, I> {
    pub(super) fn of(entries: I) -> Self {
        Self { entries: entries.peekable(), equals: Vec::new() }
    }
}

impl<'a, I: Iterator<Item = (&'a Entry, f64)>> Iterator for Nearest<'a, I> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if let Some(id) = self.equals.pop() {
            return Some(id);
        }
        let (first, reached) = self.entries.next()?;
        self.equals.push(first.data);
        while let Some((entry, _)) = self.entries.next_if(|(_, distance)| *distance == reached) {
            self.equals.push(entry.data);
        }
        self.equals.sort_unstable_by(|a, b| b.cmp(a));
        self.equals.pop()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use crate::spatial::sample;
    use crate::travel::sphere::chord_squared;
    use proptest::prelude::*;

    /// The twin: measures the distance to everything.
    fn by_distance(points: &[[f64; 2]], plane: bool, at: [f64; 2]) -> Vec<(f64, u32)> {
        let at = embed(at, plane);
        let mut all: Vec<(f64, u32)> = points
            .iter()
            .zip(0..)
            .map(|(&point, id)| (chord_squared(&embed(point, plane), &at), id))
            .collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        all
    }

    fn check(points: &[[f64; 2]], index: &PointIndex, at: [f64; 2], meters: i64) {
        let all = by_distance(points, index.plane, at);
        let order: Vec<u32> = all.iter().map(|&(_, id)| id).collect();
        assert_eq!(index.nearest(at).collect::<Vec<_>>(), order);
        let even: Vec<u32> = order.iter().copied().filter(|id| id % 2 == 0).take(7).collect();
        assert_eq!(index.nearest_where(at, 7, |id| id % 2 == 0), even);
        let limit = index.squared(meters as f64);
        let mut near: Vec<u32> =
            all.iter().filter(|(distance, _)| *distance <= limit).map(|&(_, id)| id).collect();
        near.sort_unstable();
        assert_eq!(index.within(at, meters), near);
    }

    proptest! {
        #[test]
        fn it_agrees_with_measuring_everything_before_and_after_moves(
            seed: u64, count in 0usize..120, plane: bool, moves in 0usize..60,
        ) {
            let mut rng = Rng::new(seed, 0);
            let mut points = sample::points(&mut rng, count);
            let mut index = PointIndex::build(&points, plane);
            check(&points, &index, sample::point(&mut rng), rng.between(0, 20_100_000));
            for _ in 0..moves {
                let id = rng.below(points.len() + 1);
                let point = sample::point(&mut rng);
                index.move_to(id as u32, point);
                points.resize(points.len().max(id + 1), point);
                points[id] = point;
            }
            check(&points, &index, sample::point(&mut rng), rng.between(0, 20_100_000));
        }
    }

    #[test]
    fn it_agrees_with_measuring_everything_at_size() {
        for seed in sample::SEEDS {
            let mut rng = Rng::new(seed, 0);
            let points = sample::points(&mut rng, 5_000);
            let index = PointIndex::build(&points, false);
            for _ in 0..5 {
                check(&points, &index, sample::point(&mut rng), rng.between(0, 3_000_000));
            }
        }
    }

    #[test]
    fn who_leaves_is_not_found_until_he_returns() {
        let mut index = PointIndex::build(&[[0.0, 0.0], [1.0, 0.0]], true);
        assert!(index.remove(0));
        assert!(!index.remove(0));
        assert!(!index.remove(7));
        assert_eq!(index.nearest([0.0, 0.0]).collect::<Vec<_>>(), [1]);
        index.move_to(0, [0.0, 0.0]);
        assert_eq!(index.nearest([0.0, 0.0]).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(index.len(), 2);
    }

    #[test]
    fn within_counts_real_metres() {
        // A degree of the equator is 111 195 m.
        let index = PointIndex::build(&[[179.5, 0.0], [-179.5, 0.0]], false);
        assert_eq!(index.within([179.5, 0.0], 111_194), [0]);
        assert_eq!(index.within([179.5, 0.0], 111_196), [0, 1]);
        assert_eq!(index.within([179.5, 0.0], -1), [0; 0]);
    }
}
