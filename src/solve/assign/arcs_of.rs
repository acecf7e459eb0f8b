//! From tickets and shifts to candidate pairs with what each would cost: a route with one visit.

use crate::model::{Criterion, Objective};
use crate::problem::Problem;
use crate::score::{Model, Tally, criteria};
use crate::solve::route::{State, is_plane, point};
use crate::spatial::QualifiedIndex;
use rayon::prelude::*;

/// What a pair is judged by. Using a shift, its fixed cost and its load belong to the shift and not
/// to one pair; waiting is left out because other tickets would fill it.
const PAIRED: [Criterion; 13] = [
    Criterion::Lateness,
    Criterion::Penalty,
    Criterion::OffWindow,
    Criterion::Slack,
    Criterion::Travel,
    Criterion::Distance,
    Criterion::Work,
    Criterion::Overtime,
    Criterion::Region,
    Criterion::Overskill,
    Criterion::Preference,
    Criterion::Changes,
    Criterion::Balance,
];

/// Points on each level of the objective; zero beyond its last.
pub(super) type Levels = [i64; Objective::LEVELS_MAX];

/// One ticket alone on one shift.
#[derive(Clone, Debug)]
pub(super) struct Pairing {
    /// The shift.
    pub s: u32,
    /// What it scores.
    pub levels: Levels,
    /// Seconds of work and of the way there: what it takes out of a day of several visits.
    pub occupancy: i64,
    /// Seconds of work and of the way there and back.
    pub hours: i64,
}

/// The measures of one ticket alone on one shift; `None` where it does not fit.
pub(super) fn tally(empty: &State<'_>, t: u32, s: u32) -> Option<Tally> {
    let problem = empty.arena.problem;
    let measured = criteria::measure(problem, &empty.alone(t, s)?);
    let mut tally = Tally::default();
    for criterion in PAIRED {
        tally[criterion as usize] = measured[criterion as usize];
    }
    Some(tally)
}

/// Finds the candidate shifts of tickets.
pub(super) struct Candidates<'a> {
    /// The plan in which nobody goes anywhere.
    pub empty: &'a State<'a>,
    index: Option<QualifiedIndex>,
}

impl<'a> Candidates<'a> {
    /// Indexes where the shifts start, by what their engineers can do; `empty` is the plan in which
    /// nobody goes anywhere.
    pub fn new(empty: &'a State<'a>) -> Self {
        let problem = empty.arena.problem;
        let index = is_plane(problem).map(|plane| {
            let from = |s: u32| point(problem, problem.shifts[s as usize].from);
            let points: Vec<[f64; 2]> = problem.shift_indexes().map(from).collect();
            let classes: Vec<u32> =
                problem.shift_indexes().map(|s| problem.skill_class_of_shift(s)).collect();
            QualifiedIndex::build(&points, plane, &classes, problem.skill_classes())
        });
        Self { empty, index }
    }

    /// For every ticket the `count` nearest shifts that it fits alone, by index. Near is the line
    /// from the shift's start; where only a table or a road network knows, it is the travel there
    /// and back.
    pub fn all(&self, count: usize) -> Vec<Vec<Pairing>> {
        let tickets = self.problem().ticket_indexes().into_par_iter();
        tickets.map(|t| self.of(t, count)).collect()
    }

    /// The problem they are about.
    pub fn problem(&self) -> &'a Problem {
        self.empty.arena.problem
    }

    /// The same for one ticket.
    pub fn of(&self, t: u32, count: usize) -> Vec<Pairing> {
        let mut found = match &self.index {
            Some(index) => self.drawn(index, t, count),
            None => self.scanned(t, count),
        };
        found.sort_unstable_by_key(|pairing| pairing.s);
        found
    }

    /// Draws more and more from the index, since some may be ruled out for other reasons than
    /// skills.
    fn drawn(&self, index: &QualifiedIndex, t: u32, count: usize) -> Vec<Pairing> {
        let problem = self.problem();
        let at = point(problem, problem.tickets[t as usize].site);
        let serves = |class| problem.skill_class_serves(class, t);
        let (mut found, mut seen, mut draw) = (Vec::new(), 0, count.saturating_mul(2));
        loop {
            let near = index.nearest(at, draw, serves);
            let more = near.iter().skip(seen).filter_map(|&s| self.pairing(t, s));
            found.extend(more.take(count - found.len()));
            if found.len() == count || near.len() < draw {
                return found;
            }
            (seen, draw) = (draw, draw.saturating_mul(4));
        }
    }

    fn scanned(&self, t: u32, count: usize) -> Vec<Pairing> {
        let shifts = self.problem().shift_indexes();
        let mut found: Vec<Pairing> = shifts.filter_map(|s| self.pairing(t, s)).collect();
        let service = |s| self.problem().service(t, s);
        found.sort_by_key(|pairing| (pairing.hours - service(pairing.s), pairing.s));
        found.truncate(count);
        found
    }

    /// One ticket alone on one shift; `None` where it does not fit.
    pub fn pairing(&self, t: u32, s: u32) -> Option<Pairing> {
        let (problem, arena) = (self.problem(), self.empty.arena);
        if !problem.admits(t, s) {
            return None;
        }
        let tally = tally(self.empty, t, s)?;
        let shift = &problem.shifts[s as usize];
        let service = problem.service(t, s) + problem.setup(t, shift.from);
        let site = problem.tickets[t as usize].site;
        let there = arena.usual_leg(s, shift.from, site).seconds;
        let back = arena.usual_leg(s, site, shift.to).seconds;
        Some(Pairing {
            s,
            levels: levels(&arena.score, &tally),
            occupancy: service + there,
            hours: service + there + back,
        })
    }
}

fn levels(score: &Model, tally: &Tally) -> Levels {
    std::array::from_fn(|level| {
        if level >= score.level_count() {
            return 0;
        }
        PAIRED.iter().map(|&c| score.weight_on(level, c) * tally[c as usize]).sum()
    })
}
