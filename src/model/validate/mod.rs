//! Numbered checks of a world, all faults at once. Each check has one fault to find and says its code.
//!
//! Nothing here computes travel or makes a world dense: what can only be seen then (no road near a
//! place, no way between two, a score that overflows) is reported there, with the same codes.

mod engineers;
mod names;
mod numbers;
mod objective;
mod places;
mod regions;
mod skills;
mod tickets;
mod traffic;
mod travel;

#[cfg(test)]
mod garbage;
#[cfg(test)]
mod tests;

use crate::model::{Code, Issues, World};
use names::Names;
use places::Ground;
use rayon::prelude::*;

/// A path into the input, put together only when there is a fault to report.
type At<'a> = &'a dyn Fn() -> String;

/// Every fault of the world that can be seen without computing travel.
///
/// O(size of the world), apart from the outlines: a ring of n points takes O(n^2).
pub(crate) fn validate(world: &World) -> Issues {
    let mut issues = Issues::default();
    let names = Names::of(world);
    let ground = Ground::of(&world.travel);
    check_e101_schema_version(world, &mut issues);
    check_e102_empty_world(world, &mut issues);
    check_e105_resolution(world, &mut issues);
    names::check(world, &names, &mut issues);
    regions::check(world, &names, &mut issues);
    places::check_depots(world, ground, &mut issues);
    engineers::check(world, &names, ground, &mut issues);
    tickets::check(world, &names, ground, &mut issues);
    places::check_e304_swapped(world, ground, &mut issues);
    travel::check(&world.travel, &mut issues);
    traffic::check(world, &names, &mut issues);
    objective::check(&world.objective, &mut issues);
    issues
}

impl World {
    /// Checks everything that can be checked without computing travel.
    ///
    /// [`Problem::build`](crate::Problem::build) does so too; this is for telling somebody what is
    /// wrong with a file before anything is planned.
    ///
    /// O(size of the world), apart from the outlines: a ring of n points takes O(n²).
    ///
    /// # Errors
    /// All faults at once, each with its code, its path in the input and its cause.
    ///
    /// ```
    /// use fieldwright::model::{Code, TravelMode, World};
    /// let faults = World::new(TravelMode::car(0)).validate().expect_err("nobody, and no speed");
    /// let codes: Vec<Code> = faults.0.iter().map(|issue| issue.code).collect();
    /// assert_eq!(codes, [Code::EMPTY_WORLD, Code::SPEED]);
    /// ```
    pub fn validate(&self) -> Result<(), Issues> {
        validate(self).or(())
    }
}

fn check_e101_schema_version(world: &World, issues: &mut Issues) {
    if world.schema != World::SCHEMA {
        let cause = format!("version {}; this release reads {}", world.schema, World::SCHEMA);
        issues.add(Code::SCHEMA_VERSION, "schema", cause);
    }
}

fn check_e102_empty_world(world: &World, issues: &mut Issues) {
    if world.engineers.is_empty() {
        let cause = format!("{} tickets and no engineer", world.tickets.len());
        issues.add(Code::EMPTY_WORLD, "engineers", cause);
    }
}

/// An hour of a million units a second is still far below the limit of a quantity.
fn check_e105_resolution(world: &World, issues: &mut Issues) {
    let resolution = i64::from(world.resolution);
    numbers::check_e105_range(
        resolution,
        1..=1_000_000,
        "resolution",
        &|| "resolution".into(),
        issues,
    );
}

/// Checks each of many things, some thousand at a time on all cores; faults come in the order of the things.
/// What is one piece is checked here and now: to wake another thread for it takes longer.
fn side_by_side<T: Sync>(
    things: &[T],
    issues: &mut Issues,
    check: impl Fn(usize, &T, &mut Issues) + Sync,
) {
    const AT_ONCE: usize = 4_096;
    let one_piece = |(piece, things): (usize, &[T])| {
        let mut issues = Issues::default();
        for (index, thing) in things.iter().enumerate() {
            check(piece * AT_ONCE + index, thing, &mut issues);
        }
        issues
    };
    if things.len() <= AT_ONCE {
        issues.0.extend(one_piece((0, things)).0);
        return;
    }
    let pieces = things.par_chunks(AT_ONCE).enumerate().map(one_piece);
    issues.0.extend(pieces.collect::<Vec<_>>().into_iter().flat_map(|issues| issues.0));
}

/// `` `a`, `b` and 7 more ``: the ids of a group, at most eight of them.
fn listed<'a>(ids: impl ExactSizeIterator<Item = &'a str>) -> String {
    const SHOWN_MAX: usize = 8;
    let more = ids.len().saturating_sub(SHOWN_MAX);
    let mut text: Vec<String> = ids.take(SHOWN_MAX).map(|id| format!("`{id}`")).collect();
    if more > 0 {
        text.push(format!("and {more} more"));
    }
    text.join(", ")
}
