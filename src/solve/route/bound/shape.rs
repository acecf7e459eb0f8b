//! What is bounded: the last level of an objective, with budgets for the levels before it.
//!
//! Everything here is a relaxation. A rule that is left out makes more plans feasible, a cost that is
//! left out makes them cheaper, so the least cost can only fall.

use super::super::arena::Arena;
use super::network::Network;
use crate::model::{Code, Criterion, Issue, Issues};
use crate::plan::Plan;
use crate::problem::Problem;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// More tickets than this make a basis inverse of more than 128 MiB.
const TICKETS_MAX: usize = 4_000;
/// Costs are multiplied by at most 2 to this power, so that prices can be fractions of a unit.
const SCALE_BITS_MAX: u32 = 16;
/// Sums of costs and prices stay below 2 to this power.
const SUM_BITS: u32 = 60;

/// A level before the last, as a limit.
#[derive(Clone, Debug)]
pub(super) struct Budget {
    /// At most so much.
    pub limit: i64,
    /// What leaving out each row's ticket uses up.
    pub absence: Vec<i64>,
    /// What a route of each kind uses up.
    pub route: Vec<i64>,
}

/// The problem as the bound sees it. Rows are the tickets that somebody can serve.
#[derive(Debug)]
pub(super) struct Shape<'p> {
    pub arena: Arena<'p>,
    /// What one unit of the last level counts in here.
    pub scale: i64,
    /// The ticket of each row.
    pub tickets: Vec<u32>,
    /// What leaving out each row's ticket costs; `None` where no budget allows it.
    pub absence: Vec<Option<i64>>,
    /// The levels before the last that say anything about who is served.
    pub budgets: Vec<Budget>,
    /// Kinds of shifts: their networks and how many shifts each has.
    pub kinds: Vec<(Network, i64)>,
    /// The kind of each shift.
    pub kind_of: Vec<u32>,
    /// The cost of what nobody can serve.
    pub constant: i64,
    /// No price is higher than this.
    pub price_max: i64,
}

/// How the weights of one level are asked for.
pub(super) type Weigh<'a> = &'a dyn Fn(Criterion) -> i64;

impl<'p> Shape<'p> {
    /// Prepares the relaxation that belongs to a plan.
    pub(super) fn of(problem: &'p Problem, plan: &Plan) -> Result<Self, Issues> {
        let arena = Arena::for_answers(problem)?;
        let levels = arena.score.level_count();
        if plan.score.len() != levels {
            let cause = format!("the plan has {} levels, not {levels}", plan.score.len());
            return Err(Issue::new(Code::OUT_OF_RANGE, "plan.score", cause).into());
        }
        if problem.tickets.len() > TICKETS_MAX {
            let cause = format!("{} tickets; bounds are for {TICKETS_MAX}", problem.tickets.len());
            return Err(Issue::new(Code::TOO_LARGE, "tickets", cause).into());
        }
        let last = levels - 1;
        let weigh = |criterion| arena.score.weight_on(last, criterion);
        let value = plan.score[last];
        let scale = scale(&arena, &weigh, value)?;
        let (members, kind_of) = kinds(problem);
        let latest = latest(&arena, &plan.score[..last]);
        let visits = plan.visits().count() as i64 / (plan.routes.len() as i64).max(1);
        let networks = members.par_iter();
        let networks = networks.map(|members| {
            Network::of(
                &arena,
                members,
                &|c| arena.score.weight_on(last, c),
                scale,
                &latest,
                visits,
            )
        });
        let kinds: Vec<(Network, i64)> = networks
            .collect::<Vec<_>>()
            .into_iter()
            .zip(members.iter().map(|m| m.len() as i64))
            .collect();
        let mut shape = Self {
            scale,
            tickets: Vec::new(),
            absence: Vec::new(),
            budgets: Vec::new(),
            kinds,
            kind_of,
            constant: 0,
            price_max: (2 * value + 1) * scale,
            arena,
        };
        shape.fill(&plan.score[..last], &members);
        Ok(shape)
    }

    /// Rows, budgets and what nobody can serve.
    fn fill(&mut self, earlier: &[i64], members: &[Vec<u32>]) {
        let problem = self.arena.problem;
        let weight = |level: usize, criterion| self.arena.score.weight_on(level, criterion);
        let mut served = vec![false; problem.tickets.len()];
        for (network, _) in &self.kinds {
            for &t in &network.tickets {
                served[t as usize] = true;
            }
        }
        let worth = |t: u32| problem.tickets[t as usize].worth;
        let lost = |level: usize| {
            let lost = problem.ticket_indexes().filter(|&t| !served[t as usize]);
            lost.map(|t| weight(level, Criterion::Unserved) * worth(t)).sum::<i64>()
        };
        let rows: Vec<u32> = problem.ticket_indexes().filter(|&t| served[t as usize]).collect();
        for (level, &limit) in earlier.iter().enumerate() {
            let of_route = |members: &Vec<u32>| {
                let fixed = problem.shifts[members[0] as usize].fixed_cost;
                weight(level, Criterion::Shifts) + weight(level, Criterion::Fixed) * fixed
            };
            let unserved = weight(level, Criterion::Unserved);
            self.budgets.push(Budget {
                limit: (limit - lost(level)).max(0),
                absence: rows.iter().map(|&t| unserved * worth(t)).collect(),
                route: members.iter().map(of_route).collect(),
            });
        }
        self.constant = lost(earlier.len()) * self.scale;
        let unserved = weight(earlier.len(), Criterion::Unserved) * self.scale;
        let absence = rows.iter().enumerate().map(|(row, &t)| {
            let fits = self.budgets.iter().all(|budget| budget.absence[row] <= budget.limit);
            fits.then(|| unserved * worth(t))
        });
        self.absence = absence.collect();
        // A level that neither absences nor routes use up limits nothing here.
        let absence = &self.absence;
        self.budgets.retain(|budget| {
            let absent = absence.iter().zip(&budget.absence);
            absent.into_iter().any(|(open, &used)| open.is_some() && used > 0)
                || budget.route.iter().any(|&used| used > 0)
        });
        self.tickets = rows;
    }
}

/// The shifts of each kind and the kind of each shift.
fn kinds(problem: &Problem) -> (Vec<Vec<u32>>, Vec<u32>) {
    let mut number = FxHashMap::default();
    let mut members: Vec<Vec<u32>> = Vec::new();
    let mut kind_of = Vec::with_capacity(problem.shifts.len());
    for s in problem.shift_indexes() {
        let kind = *number.entry(problem.kind_key(s)).or_insert_with(|| {
            members.push(Vec::new());
            members.len() - 1
        });
        members[kind].push(s);
        kind_of.push(kind as u32);
    }
    (members, kind_of)
}

/// The latest start of each ticket that an earlier level allows: its lateness alone must not cost more
/// than the plan's level.
fn latest(arena: &Arena<'_>, earlier: &[i64]) -> Vec<i64> {
    let limits = earlier.iter().enumerate().filter_map(|(level, &limit)| {
        let weight = arena.score.weight_on(level, Criterion::Lateness);
        (weight > 0).then(|| limit / weight)
    });
    let late = limits.min().unwrap_or(crate::problem::NEVER);
    let tickets = arena.problem.tickets.iter();
    tickets.map(|ticket| ticket.due.saturating_add(late)).collect()
}

/// The largest scale at which no sum of costs and prices overflows.
fn scale(arena: &Arena<'_>, weigh: Weigh<'_>, value: i64) -> Result<i64, Issues> {
    let problem = arena.problem;
    let longest = problem.travel.longest_bound();
    let count = problem.tickets.len() as i128 + 1;
    let horizon = problem.shifts.iter().map(|s| s.end - s.start).max().unwrap_or(0);
    let steps = |t: u32| problem.late_steps(t).iter().map(|&(_, cost)| cost).sum::<i64>();
    let most = |measure: &dyn Fn(u32) -> i64| {
        i128::from(problem.ticket_indexes().map(measure).max().unwrap_or(0))
    };
    let latest_end = problem.shifts.iter().map(|s| s.end).max().unwrap_or(0);
    let dues = most(&|t| latest_end.saturating_sub(problem.tickets[t as usize].due).max(horizon));
    let region = problem.world().regions.iter().map(|r| r.borrow_cost.0.max(r.secondary_cost.0));
    let each = |criterion: Criterion| {
        let reach = match criterion {
            Criterion::Travel => i128::from(longest.seconds),
            Criterion::Distance => i128::from(longest.meters),
            Criterion::Lateness | Criterion::Slack => dues,
            Criterion::Penalty => most(&steps),
            Criterion::Region => i128::from(region.clone().max().unwrap_or(0)),
            Criterion::Work | Criterion::Wait | Criterion::Overtime => i128::from(horizon),
            Criterion::Fixed => {
                i128::from(problem.shifts.iter().map(|s| s.fixed_cost).max().unwrap_or(0))
            }
            Criterion::Unserved => most(&|t| problem.tickets[t as usize].worth),
            Criterion::Load | Criterion::Overskill => count * 1_000,
            Criterion::Shifts | Criterion::Preference | Criterion::Changes => 1,
            Criterion::Balance | Criterion::OffWindow => 0,
        };
        i128::from(weigh(criterion)) * reach
    };
    let most = Criterion::ALL.map(each).into_iter().sum::<i128>() + 2 * i128::from(value) + 1;
    let bits = i128::BITS - (count * most).leading_zeros();
    match SUM_BITS.checked_sub(bits) {
        Some(room) => Ok(1 << room.min(SCALE_BITS_MAX)),
        None => {
            let cause = format!("sums need {bits} bits; {SUM_BITS} are there");
            Err(Issue::new(Code::OVERFLOW, "objective", cause).into())
        }
    }
}
