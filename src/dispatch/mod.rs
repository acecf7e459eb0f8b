//! One ticket, which engineer: the best few, why not somebody else, and why nobody.
//!
//! Answers are computed from the real plan: every engineer is asked with the route that he has, by
//! the same clock and the same insertion that plan routes. Nothing here changes a plan.

mod change;
pub mod desk;
mod effect;
mod hurdle;
mod nobody;
mod recommend;
mod shortlist;
mod skills;
#[cfg(test)]
mod tests;
mod why;
mod words;

pub use change::Change;
pub use effect::{Candidate, Moved};
pub use hurdle::Hurdle;
pub use nobody::Nobody;
pub use recommend::{Reach, Recommendation};
pub use why::{Contrast, Term, WhyNot};

use crate::model::{Code, Issue, Issues};
use crate::plan::Plan;
use crate::problem::{NONE, Problem};
use crate::solve::route::{Arena, Question, Standing};
use rustc_hash::FxHashMap;
use shortlist::Shortlist;
use std::ops::Range;

/// Answers questions about single tickets, given a plan.
///
/// Building it takes O(n log n) in engineers, tickets and visits; it reads the problem and keeps
/// a copy of the plan's routes. A ticket that is on a route already is asked about as if it had just
/// been taken off.
///
/// ```
/// use fieldwright::dispatch::{Dispatcher, Reach};
/// use fieldwright::model::{Engineer, OwnedSkill, Place, SkillNeed, Ticket, TravelMode, World};
/// use fieldwright::units::{Instant, Seconds};
/// use fieldwright::Problem;
///
/// let mut world = World::new(TravelMode::car(36_000));
/// for (id, lat, level) in [("ada", 52.52, 1), ("bob", 52.50, 2), ("cem", 52.40, 3)] {
///     let mut engineer = Engineer::new(id, Place::at(lat, 13.40), Instant(0), Instant(28_800));
///     engineer.skills.push(OwnedSkill::new("boiler", level));
///     world.engineers.push(engineer);
/// }
/// let mut ticket = Ticket::new("T1", Place::at(52.53, 13.42), Seconds(1_800));
/// ticket.skills.all.push(SkillNeed::new("boiler", 2));
/// world.tickets.push(ticket);
///
/// let problem = Problem::build(world)?;
/// let dispatcher = Dispatcher::new(&problem, None)?;
/// let best = dispatcher.recommend("T1", 2, Reach::Near)?;
/// let names: Vec<&str> = best.candidates.iter().map(|c| c.engineer.as_str()).collect();
/// assert_eq!(names, ["bob", "cem"]);
/// let why = &dispatcher.why_not("T1", "ada")?[0];
/// assert_eq!(why.hurdles[0].cause, "boiler level 2 is needed, ada has level 1");
/// assert_eq!(why.hurdles[0].changes[0].to_string(), "raise boiler of ada from level 1 to 2");
/// # Ok::<(), fieldwright::model::Issues>(())
/// ```
#[derive(Debug)]
pub struct Dispatcher<'p> {
    arena: Arena<'p>,
    standing: Standing,
    shortlist: Shortlist,
    displaced: Vec<String>,
    tickets: FxHashMap<&'p str, u32>,
    engineers: FxHashMap<&'p str, u32>,
    shifts: FxHashMap<String, u32>,
    /// The shifts of engineer `e` are `first_shift[e]..first_shift[e + 1]`.
    first_shift: Vec<u32>,
}

impl<'p> Dispatcher<'p> {
    /// Prepares to answer, given the routes of a plan, or with everybody still at home.
    ///
    /// # Errors
    /// E704 when the objective cannot be represented exactly.
    pub fn new(problem: &'p Problem, plan: Option<&Plan>) -> Result<Self, Issues> {
        let arena = Arena::for_answers(problem)?;
        let (standing, displaced) = Standing::of(&arena, plan);
        let world = problem.world();
        let mut first_shift = vec![0];
        first_shift.extend(world.engineers.iter().scan(0, |sum, engineer| {
            *sum += engineer.shifts.len() as u32;
            Some(*sum)
        }));
        Ok(Self {
            shortlist: Shortlist::new(problem, &standing),
            tickets: problem.ticket_indexes().map(|t| (problem.ticket_id(t), t)).collect(),
            engineers: world
                .engineers
                .iter()
                .map(|engineer| engineer.id.as_str())
                .zip(0..)
                .collect(),
            shifts: problem.shift_indexes().map(|s| (problem.shift_id(s), s)).collect(),
            arena,
            standing,
            displaced,
            first_shift,
        })
    }

    /// The tickets of the plan that could not stay where they were, because they are unknown by now
    /// or no longer fit. Answers are given as if nobody visited them.
    #[must_use]
    pub fn displaced(&self) -> &[String] {
        &self.displaced
    }

    fn problem(&self) -> &'p Problem {
        self.arena.problem
    }

    fn ticket(&self, id: &str) -> Result<u32, Issues> {
        find(&self.tickets, id, Code::UNKNOWN_TICKET, "tickets")
    }

    fn engineer(&self, id: &str) -> Result<u32, Issues> {
        find(&self.engineers, id, Code::UNKNOWN_ENGINEER, "engineers")
    }

    fn shift(&self, id: &str) -> Result<u32, Issues> {
        let known = self.shifts.get(id).copied();
        known.ok_or_else(|| unknown(id, Code::UNKNOWN_SHIFT, "shifts", self.shifts.len()))
    }

    fn question(&self, t: u32) -> Question<'_> {
        self.standing.question(&self.arena, t)
    }

    fn shifts_of(&self, engineer: u32) -> Range<u32> {
        self.first_shift[engineer as usize]..self.first_shift[engineer as usize + 1]
    }

    fn engineer_count(&self) -> u32 {
        self.first_shift.len() as u32 - 1
    }

    /// The engineer who has ticket `t` in the plan.
    fn holder(&self, t: u32) -> Option<&'p str> {
        let s = self.standing.shift_of(t);
        (s != NONE).then(|| self.problem().engineer_id(s))
    }
}

fn find(known: &FxHashMap<&str, u32>, id: &str, code: Code, things: &str) -> Result<u32, Issues> {
    known.get(id).copied().ok_or_else(|| unknown(id, code, things, known.len()))
}

fn unknown(id: &str, code: Code, things: &str, count: usize) -> Issues {
    Issue::new(code, "question", format!("`{id}` is none of the {count} {things}")).into()
}
