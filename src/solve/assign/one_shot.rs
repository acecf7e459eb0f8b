//! One-shot assignment of a problem: many tickets to many engineers' shifts at once, no order.
//!
//! It prices every pair as a route with that single visit, so it is an estimate of a day's
//! plan and not the plan; it answers in milliseconds who should have what, what cannot be done, and
//! what one more engineer would save.

use super::answer::Effort;
use super::arcs::Invalid;
use super::arcs_of::{Candidates, Pairing};
use super::fold::Fold;
use super::sides::{Misfit, Model};
use super::worth::Worth;
use crate::model::{Code, Issue, Issues};
use crate::plan::{Rule, Unassigned};
use crate::problem::Problem;
use crate::score::Explanation;
use crate::solve::route::{Arena, State};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How to assign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// The cheapest pair first: the baseline. No bound, no prices; side constraints are kept.
    Greedy,
    /// The best assignment, proven, as long as no side constraint but balance binds; otherwise a
    /// repeatable search of fixed length with a proven bound.
    #[default]
    Exact,
    /// The same, but where side constraints bind it takes the time it is given and also asks the LP
    /// and MIP backend (feature `lp`).
    Lp,
}

/// What to keep to beyond the room of each shift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sides {
    /// No shift gets more work and travel there and back than its working hours.
    pub hours: bool,
    /// No region borrows more visits than its `borrow_cap`.
    pub borrow_caps: bool,
    /// No more tickets go to another shift than they were told than the world's `max_changes`.
    pub changes: bool,
    /// What each ticket on the fullest shift costs, in units of the last level of the objective.
    pub balance: i64,
    /// Spare parts that all tickets together may use up; others are unlimited.
    pub parts: BTreeMap<String, u32>,
}

impl Default for Sides {
    /// The hard rules of the model: caps on borrowing and on changes, nothing else.
    fn default() -> Self {
        let parts = BTreeMap::new();
        Self { hours: false, borrow_caps: true, changes: true, balance: 0, parts }
    }
}

/// Everything that [`assign`] can be told.
#[derive(Clone, Debug, PartialEq)]
pub struct AssignOptions {
    /// How to assign.
    pub method: Method,
    /// How many shifts each ticket is tried on, nearest first.
    pub candidates: usize,
    /// How many tickets a shift takes. When absent its `max_tickets`, and without one its working
    /// time divided by what a ticket takes on average (work and the way there), at least 1.
    /// Never more than `max_tickets`.
    pub per_shift: Option<u32>,
    /// Side constraints.
    pub sides: Sides,
    /// Seconds for [`Method::Lp`].
    pub seconds: f64,
}

impl Default for AssignOptions {
    fn default() -> Self {
        Self {
            method: Method::Exact,
            candidates: 32,
            per_shift: None,
            sides: Sides::default(),
            seconds: 10.0,
        }
    }
}

/// Who gets what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assignment {
    /// One for each ticket that somebody gets, in the world's order.
    pub pairs: Vec<Pair>,
    /// The tickets that nobody gets. A shift that would take the ticket alone but has no room left
    /// counts under `max_tickets` (or `max_duration`, `borrow_cap`, `changes`, `parts` where a side constraint
    /// stands against it).
    pub unassigned: Vec<Unassigned>,
    /// Sum of the pairs' scores and of the worth left out, on each level of the objective.
    pub score: Vec<i64>,
    /// How many tickets the fullest shift has.
    pub fullest: u32,
    /// How good it is known to be; nothing is known of [`Method::Greedy`].
    pub bound: Option<Bound>,
    /// What more capacity would save; see [`Worth`].
    pub prices: Option<Worth>,
}

/// One ticket and who gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// Id of the ticket.
    pub ticket: String,
    /// Id of the engineer.
    pub engineer: String,
    /// Id of his shift.
    pub shift: String,
    /// What the pair scores, as a route with this visit alone.
    pub explanation: Explanation,
}

/// The cost of an assignment as one number, and what is proven about it.
///
/// One unit is one unit of the objective's last level; one unit of an earlier level counts more
/// than any two pairs can differ by on all later ones. Proofs are over the candidate pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bound {
    /// The cost of this assignment.
    pub cost: i64,
    /// No assignment of the candidates costs less.
    pub at_least: i64,
}

impl Bound {
    /// True when no better assignment exists.
    #[must_use]
    pub fn is_optimal(&self) -> bool {
        self.cost <= self.at_least
    }

    /// How much of the cost may be unnecessary, as a share of the bound.
    #[must_use]
    pub fn gap(&self) -> f64 {
        (self.cost - self.at_least) as f64 / self.at_least.max(1) as f64
    }
}

/// Assigns the tickets of a problem to its shifts, each pair priced as a route with that one visit.
///
/// The criteria of pairs count (lateness, slack, travel, distance, work, region, overskill,
/// preference); those of whole shifts (shifts, fixed, load) and waiting do not. A ticket is left
/// out only where it cannot be served, or to serve others worth more, wherever `unserved` stands in
/// the objective. Levels are folded into one number: of two pairs the one that is better on the
/// first level in which they differ always costs less, but over whole assignments many small
/// differences on a later level can outweigh one unit on an earlier one.
///
/// A ticket that is left out although some shift beyond its candidates has room for it is tried on
/// all shifts before the answer is given. O(tickets · candidates) routes of one visit, then an assignment on those arcs; worlds whose
/// travel comes from tables or roads try every shift for every ticket.
///
/// # Errors
/// E704 when costs cannot be represented exactly.
pub fn assign(problem: &Problem, options: &AssignOptions) -> Result<Assignment, Issues> {
    let arena = Arena::for_answers(problem)?;
    let empty = State::empty(&arena);
    let candidates = Candidates::new(&empty);
    let mut pairings = candidates.all(options.candidates);
    loop {
        let task = Task::new(&candidates, &pairings, options)?;
        let model = task.model().map_err(misfit)?;
        let effort = match options.method {
            Method::Greedy => None,
            Method::Exact => Some(Effort::default()),
            Method::Lp => Some(Effort::seconds(options.seconds)),
        };
        let answer = effort.map(|effort| model.solve(&effort)).transpose().map_err(misfit)?;
        let column_of = match &answer {
            None => model.greedy().map_err(misfit)?,
            Some(answer) => answer.column_of.clone(),
        };
        let told = task.told(&column_of);
        let wider = task.widened(&told);
        if wider.is_empty() {
            let known = answer.as_ref();
            return Ok(Assignment {
                bound: known.map(|known| Bound { cost: known.cost, at_least: known.at_least }),
                prices: known.map(|known| Worth::of(&task, known)),
                ..told
            });
        }
        for (t, wider) in wider {
            pairings[t as usize] = wider;
        }
    }
}

fn misfit(error: Misfit) -> Issues {
    let code = match error {
        Misfit::Amount { .. } => Code::OUT_OF_RANGE,
        Misfit::Instance(Invalid::TooMany) => Code::TOO_LARGE,
        _ => Code::OVERFLOW,
    };
    Issue::new(code, "assignment", error.to_string()).into()
}

/// A problem with its pairs priced.
pub(super) struct Task<'a> {
    pub candidates: &'a Candidates<'a>,
    pub pairings: &'a [Vec<Pairing>],
    pub fold: Fold,
    /// Mean of what a pair takes out of a shift, in seconds.
    pub occupancy: i64,
    /// How many tickets each shift takes.
    pub capacity: Vec<u32>,
    pub sides: &'a Sides,
}

impl<'a> Task<'a> {
    fn new(
        candidates: &'a Candidates<'a>,
        pairings: &'a [Vec<Pairing>],
        options: &'a AssignOptions,
    ) -> Result<Self, Issues> {
        let problem = candidates.problem();
        let fold = Fold::of(problem, pairings, options.sides.balance)?;
        let all = || pairings.iter().flatten();
        let occupied: i128 = all().map(|pairing| i128::from(pairing.occupancy)).sum();
        let occupancy = (occupied / all().count().max(1) as i128).max(1) as i64;
        let capacity = problem.shift_indexes().map(|s| {
            let most = problem.shifts[s as usize].max_tickets;
            let by_time = || u32::try_from(working(problem, s) / occupancy).unwrap_or(u32::MAX);
            match options.per_shift {
                Some(given) => given.min(most),
                None if most != UNLIMITED => most,
                None => by_time().max(1),
            }
        });
        let capacity = capacity.collect();
        Ok(Self { candidates, pairings, fold, occupancy, capacity, sides: &options.sides })
    }

    pub fn problem(&self) -> &'a Problem {
        self.candidates.problem()
    }

    /// The numbers: rows are tickets, columns are shifts.
    fn model(&self) -> Result<Model, Misfit> {
        let problem = self.problem();
        let mut model = Model::new(self.capacity.clone(), self.stocks(), self.sides.balance);
        for (t, pairings) in (0..).zip(self.pairings) {
            let candidates = pairings
                .iter()
                .map(|pairing| (pairing.s, self.fold.pair(pairing), self.uses(t, pairing)));
            model.row(self.fold.absence(problem.tickets[t as usize].worth), candidates)?;
        }
        Ok(model)
    }

    /// How many tickets may go to another shift than they were told, where that is a matter of counting: with
    /// none allowed no such pair is a candidate.
    fn changes(&self) -> Option<i64> {
        let most = self.problem().max_changes;
        (self.sides.changes && most > 0 && most != UNLIMITED).then(|| i64::from(most))
    }

    /// How much there is: the hours of each shift, then what each region may borrow, then changes, then parts.
    pub fn stocks(&self) -> Vec<i64> {
        let problem = self.problem();
        let hours = problem.shift_indexes().filter(|_| self.sides.hours);
        let caps = problem.borrow_caps.iter().filter(|_| self.sides.borrow_caps);
        hours
            .map(|s| working(problem, s))
            .chain(caps.map(|&cap| i64::from(cap)))
            .chain(self.changes())
            .chain(self.sides.parts.values().map(|&count| i64::from(count)))
            .collect()
    }

    /// What a stock is.
    pub fn stock(&self, number: usize) -> Stock<'_> {
        let problem = self.problem();
        let shifts = if self.sides.hours { problem.shifts.len() } else { 0 };
        let regions = if self.sides.borrow_caps { problem.borrow_caps.len() } else { 0 };
        let shared = shifts + regions + usize::from(self.changes().is_some());
        if number < shifts {
            Stock::Hours(number as u32)
        } else if number < shifts + regions {
            Stock::Borrowing(&problem.world().regions[number - shifts].id)
        } else if number < shared {
            Stock::Changes
        } else {
            let part = self.sides.parts.keys().nth(number - shared);
            Stock::Part(part.map_or("", String::as_str))
        }
    }

    /// What a pair takes from each stock.
    pub fn uses(&self, t: u32, pairing: &Pairing) -> Vec<(u32, i64)> {
        let problem = self.problem();
        let mut uses = Vec::new();
        let mut first = 0;
        if self.sides.hours {
            uses.push((pairing.s, pairing.hours));
            first += problem.shifts.len() as u32;
        }
        if self.sides.borrow_caps {
            uses.extend(problem.borrows(t, pairing.s).map(|region| (first + region, 1)));
            first += problem.borrow_caps.len() as u32;
        }
        if self.changes().is_some() {
            uses.extend(problem.is_change(t, pairing.s).then_some((first, 1)));
            first += 1;
        }
        let needs = &problem.world().tickets[t as usize].needs.parts;
        let counted = (first..).zip(self.sides.parts.keys());
        let used = counted.filter_map(|(stock, part)| Some((stock, i64::from(*needs.get(part)?))));
        uses.extend(used);
        uses
    }

    /// For tickets that were left out although a shift beyond their candidates could have taken them:
    /// all shifts they fit.
    fn widened(&self, told: &Assignment) -> Vec<(u32, Vec<Pairing>)> {
        let could = told.unassigned.iter().filter(|left| left.reasons.contains_key(&Rule::Fits));
        let names: BTreeSet<&str> = could.map(|left| left.ticket.as_str()).collect();
        let problem = self.problem();
        let left = problem.ticket_indexes().filter(|&t| names.contains(problem.ticket_id(t)));
        left.map(|t| (t, self.candidates.of(t, problem.shifts.len())))
            .filter(|(t, wider)| wider.len() > self.pairings[*t as usize].len())
            .collect()
    }
}

/// A limit that is none: on the visits of a shift, on changes.
const UNLIMITED: u32 = u32::MAX;

/// Something of which there is only so much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stock<'a> {
    /// The working seconds of a shift.
    Hours(u32),
    /// Visits that a region may borrow.
    Borrowing(&'a str),
    /// Tickets on another shift than they were told.
    Changes,
    /// A spare part.
    Part(&'a str),
}

/// Seconds that the engineer of shift `s` works: without his breaks, no longer than the shift may
/// take.
fn working(problem: &Problem, s: u32) -> i64 {
    let shift = &problem.shifts[s as usize];
    let rest: i64 = problem.breaks(s).iter().map(|pause| pause.duration).sum();
    (shift.end - shift.start).min(shift.max_duration) - rest
}
