//! Who is near enough to be asked: an index over the places from which each engineer can come.

use super::Dispatcher;
use crate::model::{Issues, TravelMode};
use crate::problem::{NONE, Problem};
use crate::solve::route::{Arena, Standing};
use crate::spatial::{Choice, QualifiedIndex};
use rustc_hash::FxHashSet;
use std::sync::OnceLock;

/// A place from which an engineer can come: the start of a shift or a visit on its route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Origin {
    /// One of his shifts; others with the same skills that come from here are not listed again.
    s: u32,
    site: u32,
}

/// The origins of all engineers.
#[derive(Debug)]
pub(super) struct Shortlist {
    origins: Vec<Origin>,
    /// Over the origins by the class of skills; `None` where only a table knows what is near.
    index: Option<QualifiedIndex>,
    /// For each class of tickets the classes of shifts that have the skills, once it was asked for.
    choices: Vec<OnceLock<Choice>>,
}

/// So many origins are drawn from the index at most; who needs more looks at all of them.
const DRAWN_MAX: usize = 4_096;

impl Shortlist {
    /// Indexes all origins, in O(n log n).
    pub(super) fn new(problem: &Problem, standing: &Standing) -> Self {
        let origins = origins(problem, standing);
        let point = |origin: &Origin| problem.places[origin.site as usize].point();
        let plane = match problem.world().travel {
            TravelMode::Euclid { .. } => Some(true),
            TravelMode::Haversine { .. } => Some(false),
            TravelMode::Matrix { .. } | TravelMode::Road(_) => None,
        };
        let index = plane.and_then(|plane| {
            let points: Vec<[f64; 2]> = origins.iter().map(point).collect::<Option<_>>()?;
            let classes: Vec<u32> =
                origins.iter().map(|origin| problem.skill_class_of_shift(origin.s)).collect();
            Some(QualifiedIndex::build(&points, plane, &classes, problem.skill_classes()))
        });
        let classes = problem.ticket_indexes().map(|t| problem.skill_class_of_ticket(t) + 1).max();
        let choices = (0..classes.unwrap_or(0)).map(|_| OnceLock::new()).collect();
        Self { origins, index, choices }
    }

    /// The nearest engineers whom no rule on skills, names, regions or locks keeps from ticket `t`,
    /// at most `count`, nearest first.
    pub(super) fn nearest(&self, arena: &Arena<'_>, t: u32, count: usize) -> Vec<u32> {
        let problem = arena.problem;
        let locked_to = problem.tickets[t as usize].locked_to;
        if locked_to != NONE {
            return vec![problem.shifts[locked_to as usize].engineer];
        }
        if problem.required(t).is_empty()
            && let Some(found) = self.drawn(problem, t, count)
        {
            return found;
        }
        self.measured(arena, t, count)
    }

    /// Draws from the index until enough are admitted or there are no more; gives up where hardly
    /// anybody who has the skills is.
    fn drawn(&self, problem: &Problem, t: u32, count: usize) -> Option<Vec<u32>> {
        let index = self.index.as_ref()?;
        let at = problem.places[problem.tickets[t as usize].site as usize].point()?;
        let choice = self.choices[problem.skill_class_of_ticket(t) as usize]
            .get_or_init(|| index.choose(|class| problem.skill_class_serves(class, t)));
        let mut draw = count.saturating_mul(2);
        while draw <= DRAWN_MAX {
            let drawn = index.nearest_of(at, draw, choice);
            let origins = drawn.iter().map(|&origin| self.origins[origin as usize]);
            let found =
                distinct(problem, origins.filter(|origin| problem.admits(t, origin.s)), count);
            if found.len() == count || drawn.len() < draw {
                return Some(found);
            }
            draw *= 4;
        }
        None
    }

    /// Looks at all origins, and measures them by travel to the ticket.
    fn measured(&self, arena: &Arena<'_>, t: u32, count: usize) -> Vec<u32> {
        let problem = arena.problem;
        let site = problem.tickets[t as usize].site;
        let mut reach: Vec<(i64, Origin)> = self
            .origins
            .iter()
            .filter(|origin| problem.admits(t, origin.s))
            .map(|&origin| (arena.leg(origin.s, origin.site, site).seconds, origin))
            .collect();
        reach.sort_unstable();
        distinct(problem, reach.into_iter().map(|(_, origin)| origin), count)
    }
}

/// Every start and every visit, once for each engineer and class of skills.
fn origins(problem: &Problem, standing: &Standing) -> Vec<Origin> {
    let mut seen = FxHashSet::default();
    let mut origins = Vec::new();
    for s in problem.shift_indexes() {
        let shift = &problem.shifts[s as usize];
        let visits =
            standing.stops(s).iter().filter_map(|&stop| problem.tickets.get(stop as usize));
        for site in std::iter::once(shift.from).chain(visits.map(|ticket| ticket.site)) {
            if seen.insert((shift.engineer, problem.skill_class_of_shift(s), site)) {
                origins.push(Origin { s, site });
            }
        }
    }
    origins
}

/// The first `count` engineers that come, each once.
fn distinct(problem: &Problem, origins: impl Iterator<Item = Origin>, count: usize) -> Vec<u32> {
    let mut seen = FxHashSet::default();
    let engineers = origins.map(|origin| problem.shifts[origin.s as usize].engineer);
    engineers.filter(|&engineer| seen.insert(engineer)).take(count).collect()
}

impl<'p> Dispatcher<'p> {
    /// The engineers nearest to a ticket whom no rule on skills, names, regions or locks keeps from
    /// it, at most `count`, nearest first. Whether they have time is not asked.
    ///
    /// Near is the straight line from where a shift starts or from a visit on its route; where travel
    /// comes from a table or a road network, and where hardly anybody who has the skills is
    /// admitted otherwise, it is the travel time from there.
    ///
    /// # Errors
    /// E508 when there is no such ticket.
    pub fn shortlist(&self, ticket: &str, count: usize) -> Result<Vec<&'p str>, Issues> {
        let near = self.shortlist.nearest(&self.arena, self.ticket(ticket)?, count);
        let engineers = &self.problem().world().engineers;
        Ok(near.into_iter().map(|engineer| engineers[engineer as usize].id.as_str()).collect())
    }
}
