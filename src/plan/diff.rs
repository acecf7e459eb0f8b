//! The difference between two plans of one world: which visits change, and who must be told.
//!
//! It knows plans only: two plans can be compared without the world they were made for.

use crate::plan::{Plan, Route};
use crate::units::{Instant, Seconds};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What changes from one plan to the next, visit by visit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Diff {
    /// First the tickets of the old plan, route by route; then those that are new.
    pub changes: Vec<Change>,
}

/// One ticket whose visit changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Id of the ticket.
    pub ticket: String,
    /// The greatest of its changes.
    pub kind: ChangeKind,
    /// Its visit in the old plan.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub before: Option<Appointment>,
    /// Its visit in the new plan.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub after: Option<Appointment>,
}

/// How much a visit changes, the greatest change first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It was on a route and is on none any more.
    Unassigned,
    /// It was on no route and is on one now.
    Assigned,
    /// It goes to another shift, of the same or of another engineer.
    Moved,
    /// It stays on its shift and is overtaken by others, or overtakes them.
    Reordered,
    /// It stays in its place and starts at another time.
    Retimed,
}

/// Who comes when.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Appointment {
    /// Id of the engineer.
    pub engineer: String,
    /// Id of his shift.
    pub shift: String,
    /// When the work starts.
    pub start: Instant,
}

impl Plan {
    /// What changes for whom when this plan is replaced by another one.
    ///
    /// Of the visits that stay on a shift, as few as possible count as reordered: all but a longest
    /// run of them that keeps its order. O(n log n) in the visits.
    ///
    /// ```
    /// use fieldwright::plan::Plan;
    /// let plan = Plan::default();
    /// assert!(plan.diff(&plan).is_empty());
    /// ```
    #[must_use]
    pub fn diff(&self, other: &Self) -> Diff {
        let (before, after) = (appointments(self), appointments(other));
        let reordered = reordered(self, &before, &after, &places(other));
        let mut changes = Vec::new();
        for (_, stop) in self.visits() {
            let ticket = stop.id.as_str();
            let (old, new) = (before.get(ticket), after.get(ticket));
            let kind = match (old, new) {
                (Some((old, _)), Some((new, _))) if old.shift != new.shift => ChangeKind::Moved,
                (Some(_), Some(_)) if reordered.contains(ticket) => ChangeKind::Reordered,
                (Some((old, start)), Some((new, again)))
                    if (&old.engineer, start) != (&new.engineer, again) =>
                {
                    ChangeKind::Retimed
                }
                (_, Some(_)) => continue,
                (_, None) => ChangeKind::Unassigned,
            };
            changes.push(Change::new(ticket, kind, old, new));
        }
        for (_, stop) in other.visits().filter(|(_, stop)| !before.contains_key(stop.id.as_str())) {
            let new = after.get(stop.id.as_str());
            changes.push(Change::new(&stop.id, ChangeKind::Assigned, None, new));
        }
        Diff { changes }
    }
}

impl Diff {
    /// True when every visit stays as it was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The changes of one kind.
    pub fn of_kind(&self, kind: ChangeKind) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| change.kind == kind)
    }

    /// The tickets whose customers must be called: nobody comes any more or somebody comes for the
    /// first time, another engineer comes, or he comes earlier or later by more than `tolerance`.
    pub fn calls(&self, tolerance: Seconds) -> impl Iterator<Item = &str> {
        let matters = move |change: &&Change| {
            change.changes_engineer()
                || change.later().is_none_or(|by| by.0.saturating_abs() > tolerance.0)
        };
        self.changes.iter().filter(matters).map(|change| change.ticket.as_str())
    }

    /// The engineers whose day changes, by id.
    #[must_use]
    pub fn engineers(&self) -> BTreeSet<&str> {
        let appointments = self.changes.iter().flat_map(|change| [&change.before, &change.after]);
        appointments.flatten().map(|appointment| appointment.engineer.as_str()).collect()
    }
}

impl Change {
    fn new(
        ticket: &str,
        kind: ChangeKind,
        before: Option<&Visit<'_>>,
        after: Option<&Visit<'_>>,
    ) -> Self {
        let [before, after] = [before, after].map(|visit| {
            visit.map(|&(route, start)| Appointment {
                engineer: route.engineer.clone(),
                shift: route.shift.clone(),
                start,
            })
        });
        Self { ticket: ticket.to_owned(), kind, before, after }
    }

    /// By how much the work starts later; negative when earlier, `None` when it is not in both plans.
    #[must_use]
    pub fn later(&self) -> Option<Seconds> {
        let (before, after) = (self.before.as_ref()?, self.after.as_ref()?);
        Some(Seconds(after.start.0.saturating_sub(before.start.0)))
    }

    /// True when it is in both plans, and another engineer comes.
    #[must_use]
    pub fn changes_engineer(&self) -> bool {
        let pair = self.before.as_ref().zip(self.after.as_ref());
        pair.is_some_and(|(before, after)| before.engineer != after.engineer)
    }
}

/// The route of a visit, and when its work starts.
type Visit<'p> = (&'p Route, Instant);

/// The visit of every ticket that has one.
fn appointments(plan: &Plan) -> FxHashMap<&str, Visit<'_>> {
    plan.visits().map(|(route, stop)| (stop.id.as_str(), (route, stop.start))).collect()
}

/// The place of every visit on its route.
fn places(plan: &Plan) -> FxHashMap<&str, usize> {
    plan.routes.iter().flat_map(|route| route.tickets().zip(0..)).collect()
}

/// Of the tickets that stay on their shift, those outside a longest run that keeps its order.
fn reordered<'p>(
    old: &'p Plan,
    before: &FxHashMap<&str, Visit<'_>>,
    after: &FxHashMap<&str, Visit<'_>>,
    places: &FxHashMap<&str, usize>,
) -> FxHashSet<&'p str> {
    let stays = |ticket: &&str| match (before.get(ticket), after.get(ticket)) {
        (Some((before, _)), Some((after, _))) => before.shift == after.shift,
        _ => false,
    };
    let mut reordered = FxHashSet::default();
    for route in &old.routes {
        let staying: Vec<&str> = route.tickets().filter(stays).collect();
        let order: Vec<usize> = staying.iter().map(|ticket| places[ticket]).collect();
        let kept = longest_rising(&order);
        reordered.extend((0..staying.len()).filter(|&n| !kept[n]).map(|n| staying[n]));
    }
    reordered
}

/// Marks a longest rising subsequence (Schensted 1961). O(n log n).
fn longest_rising(values: &[usize]) -> Vec<bool> {
    // `tails[k]` is the position of the least value that ends a rising run of k + 1 values.
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(values.len());
    for (position, &value) in values.iter().enumerate() {
        let length = tails.partition_point(|&tail| values[tail] < value);
        before.push(length.checked_sub(1).map(|shorter| tails[shorter]));
        match tails.get_mut(length) {
            Some(tail) => *tail = position,
            None => tails.push(position),
        }
    }
    let mut kept = vec![false; values.len()];
    let mut next = tails.last().copied();
    while let Some(position) = next {
        kept[position] = true;
        next = before[position];
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Stop, StopKind};
    use crate::units::Meters;
    use proptest::prelude::*;

    /// Routes as `(shift, [(ticket, start)])`; the engineer is what stands before the `/`.
    fn plan(routes: &[(&str, &[(&str, i64)])]) -> Plan {
        let stop = |&(id, start): &(&str, i64)| Stop {
            kind: StopKind::Visit,
            id: id.into(),
            travel: Seconds::ZERO,
            distance: Meters::ZERO,
            arrive: Instant(start),
            start: Instant(start),
            end: Instant(start),
        };
        let route = |&(shift, visits): &(&str, &[(&str, i64)])| Route {
            engineer: shift.split('/').next().unwrap_or_default().into(),
            shift: shift.into(),
            depart: Instant(0),
            stops: visits.iter().map(stop).collect(),
            travel_home: Seconds::ZERO,
            distance_home: Meters::ZERO,
            end: Instant(0),
        };
        Plan { routes: routes.iter().map(route).collect(), ..Plan::default() }
    }

    #[track_caller]
    fn check(before: &Plan, after: &Plan, expect: &[(&str, ChangeKind, Option<i64>)]) -> Diff {
        let diff = before.diff(after);
        let found: Vec<(&str, ChangeKind, Option<i64>)> = diff
            .changes
            .iter()
            .map(|c| (c.ticket.as_str(), c.kind, c.later().map(|by| by.0)))
            .collect();
        assert_eq!(found, expect);
        diff
    }

    #[test]
    fn each_kind_of_change_is_told_apart() {
        use ChangeKind::{Assigned, Moved, Retimed, Unassigned};
        let before =
            plan(&[("ada/1", &[("T1", 10), ("T2", 20), ("T3", 30)]), ("bob/1", &[("T4", 5)])]);
        let after =
            plan(&[("ada/1", &[("T1", 10), ("T3", 25)]), ("bob/1", &[("T2", 40), ("T5", 50)])]);
        let diff = check(
            &before,
            &after,
            &[
                ("T2", Moved, Some(20)),
                ("T3", Retimed, Some(-5)),
                ("T4", Unassigned, None),
                ("T5", Assigned, None),
            ],
        );
        assert_eq!(diff.engineers(), ["ada", "bob"].into());
        assert_eq!(diff.calls(Seconds(0)).collect::<Vec<_>>(), ["T2", "T3", "T4", "T5"]);
        assert_eq!(diff.calls(Seconds(5)).collect::<Vec<_>>(), ["T2", "T4", "T5"]);
        assert_eq!(diff.of_kind(Moved).count(), 1);
    }

    #[test]
    fn another_shift_of_the_same_engineer_is_a_move_but_a_call_only_for_its_time() {
        let before = plan(&[("ada/1", &[("T1", 10)])]);
        let after = plan(&[("ada/2", &[("T1", 12)])]);
        let diff = check(&before, &after, &[("T1", ChangeKind::Moved, Some(2))]);
        assert!(!diff.changes[0].changes_engineer());
        assert_eq!(diff.calls(Seconds(2)).count(), 0);
        assert_eq!(diff.calls(Seconds(1)).count(), 1);
    }

    #[test]
    fn one_visit_that_is_put_behind_two_others_is_reordered_alone() {
        let before = plan(&[("ada/1", &[("T1", 10), ("T2", 20), ("T3", 30)])]);
        let after = plan(&[("ada/1", &[("T2", 10), ("T3", 20), ("T1", 30)])]);
        let expect = [
            ("T1", ChangeKind::Reordered, Some(20)),
            ("T2", ChangeKind::Retimed, Some(-10)),
            ("T3", ChangeKind::Retimed, Some(-10)),
        ];
        check(&before, &after, &expect);
    }

    #[test]
    fn who_leaves_from_between_does_not_reorder_the_rest() {
        let before = plan(&[("ada/1", &[("T1", 10), ("T2", 20), ("T3", 30)])]);
        let after = plan(&[("ada/1", &[("T1", 10), ("T3", 30)])]);
        check(&before, &after, &[("T2", ChangeKind::Unassigned, None)]);
    }

    proptest! {
        /// The twin: tries every subset.
        #[test]
        fn the_marked_run_rises_and_none_is_longer(values in prop::collection::vec(0usize..9, 0..9)) {
            let rises = |run: &[usize]| run.windows(2).all(|pair| pair[0] < pair[1]);
            let run_of = |marked: &dyn Fn(usize) -> bool| -> Vec<usize> {
                (0..values.len()).filter(|&n| marked(n)).map(|n| values[n]).collect()
            };
            let kept = longest_rising(&values);
            let found = run_of(&|n| kept[n]);
            prop_assert!(rises(&found));
            let subsets = (0..1usize << values.len()).map(|set| run_of(&|n| set >> n & 1 == 1));
            prop_assert_eq!(subsets.filter(|run| rises(run)).map(|run| run.len()).max(), Some(found.len()));
        }
    }
}
