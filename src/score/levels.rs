//! The compiled objective: one packed integer weight for each criterion.
//!
//! Level k of a score is a non-negative integer below 2^bits(k), where bits(k) is derived from what
//! the world can reach at most. Laying the levels side by side in an `i128`, the first
//! in the highest bits, turns lexicographic comparison into plain comparison, and
//! lexicographic differences into plain differences.

use super::criteria;
use crate::model::{Code, Criterion, Issue, Issues};
use crate::problem::Problem;

/// The measure of each criterion, indexed by [`Criterion`].
pub type Tally = [i64; Criterion::COUNT];

/// The objective of one problem, compiled.
#[derive(Clone, Debug)]
pub struct Model {
    weights: [i128; Criterion::COUNT],
    /// For each level the lowest bit it occupies, most important level first.
    shifts: Vec<u32>,
    /// True when leaving a ticket out is weighed against other criteria on one level: it has a price.
    pub priced: bool,
    /// True when the cost of a route depends on its times, not only on its order.
    pub timed: bool,
    /// True when the cost depends on how late a visit starts.
    pub late: bool,
    /// True when the cost depends on how long a route takes or waits.
    pub lasting: bool,
    /// True when the cost depends on the square of working times.
    pub balanced: bool,
    /// True when a start can have an [`extra_cost`](Self::extra_cost).
    pub extra: bool,
    /// True when a start outside a preferred window costs something.
    pub off_window: bool,
    /// True when some shift may end later at a cost.
    pub overtime: bool,
    /// For each level, the weights as the caller gave them.
    levels: Vec<[i64; Criterion::COUNT]>,
    /// True when some criterion looks at the pair of ticket and engineer.
    paired: bool,
    /// Seconds before the due time within which a start begins to cost; 0 without `slack`.
    comfort: i64,
}

const UNSERVED: usize = Criterion::Unserved as usize;

/// Most bits that all levels together may take; the rest keeps sums and differences safe.
const BITS_MAX: u32 = 120;

impl Model {
    /// Compiles the objective of a problem.
    ///
    /// # Errors
    /// E704 when the levels cannot be laid side by side without overflow.
    pub fn compile(problem: &Problem) -> Result<Self, Issues> {
        let levels: Vec<[i64; Criterion::COUNT]> = problem
            .world()
            .objective
            .levels
            .iter()
            .map(|level| Criterion::ALL.map(|c| level.get(&c).copied().unwrap_or(0)))
            .collect();
        let bounds = bounds(problem);
        let bits: Vec<u32> = levels
            .iter()
            .map(|weights| {
                let most: i128 =
                    weights.iter().zip(&bounds).map(|(&w, &bound)| i128::from(w) * bound).sum();
                i128::BITS - most.leading_zeros()
            })
            .collect();
        if bits.iter().sum::<u32>() > BITS_MAX || bits.iter().any(|&bits| bits > 62) {
            let cause =
                format!("the levels need {bits:?} bits; {BITS_MAX} in all, 62 each, are there");
            return Err(Issue::new(Code::OVERFLOW, "objective", cause).into());
        }
        let shifts: Vec<u32> = (1..=bits.len()).map(|next| bits[next..].iter().sum()).collect();
        let weights = std::array::from_fn(|c| {
            levels.iter().zip(&shifts).map(|(level, &shift)| i128::from(level[c]) << shift).sum()
        });
        let weighs = |criterion: Criterion| weights[criterion as usize] != 0;
        let has_due = problem.tickets.iter().any(|t| t.due != crate::problem::NEVER);
        let balanced = weighs(Criterion::Balance);
        let lasting = balanced || weighs(Criterion::Work) || weighs(Criterion::Wait);
        let slack = has_due && weighs(Criterion::Slack);
        let stepped = weighs(Criterion::Penalty)
            && problem.ticket_indexes().any(|t| !problem.late_steps(t).is_empty());
        let off_window = weighs(Criterion::OffWindow)
            && problem.ticket_indexes().any(|t| !problem.preferred(t).is_empty());
        let late = slack || stepped || (has_due && weighs(Criterion::Lateness));
        let overtime = weighs(Criterion::Overtime)
            && problem.shifts.iter().any(|shift| shift.end > shift.regular_end);
        Ok(Self {
            weights,
            shifts,
            priced: levels.iter().find(|level| level[UNSERVED] > 0).is_some_and(|level| {
                level.iter().enumerate().any(|(c, &weight)| c != UNSERVED && weight > 0)
            }),
            timed: lasting || late || overtime || off_window,
            late,
            lasting,
            balanced,
            extra: stepped || off_window,
            off_window,
            overtime,
            paired: [Criterion::Region, Criterion::Overskill, Criterion::Preference]
                .into_iter()
                .any(weighs)
                || (problem.has_told && weighs(Criterion::Changes)),
            comfort: if slack { criteria::comfort(problem) } else { 0 },
            levels,
        })
    }

    /// The packed weight of one unit of a criterion.
    #[must_use]
    #[inline]
    pub fn weight(&self, criterion: Criterion) -> i128 {
        self.weights[criterion as usize]
    }

    /// The packed score of these measures.
    #[must_use]
    pub fn fold(&self, tally: &Tally) -> i128 {
        self.weights.iter().zip(tally).map(|(weight, &value)| weight * i128::from(value)).sum()
    }

    /// The levels of a packed score of a whole plan, most important first.
    #[must_use]
    pub fn unpack(&self, packed: i128) -> Vec<i64> {
        let mut rest = packed;
        self.shifts
            .iter()
            .map(|&shift| {
                let level = rest >> shift;
                rest -= level << shift;
                level as i64
            })
            .collect()
    }

    /// The first level in which two packed scores differ and by how much (positive: `a` is worse).
    ///
    /// Levels are counted from 0, the most important. `None` when they are equal.
    #[must_use]
    #[inline]
    pub fn first_difference(&self, a: i128, b: i128) -> Option<(usize, i64)> {
        if a == b {
            return None;
        }
        for (level, &shift) in self.shifts.iter().enumerate() {
            let difference = (a >> shift) - (b >> shift);
            if difference != 0 {
                return Some((level, difference as i64));
            }
        }
        None
    }

    /// The highest packed score of which the first level that differs from `packed` is higher by no more than
    /// what is allowed on it.
    #[must_use]
    #[inline]
    pub fn highest(&self, packed: i128, allowed: impl Iterator<Item = i128>) -> i128 {
        let first = self.shifts.iter().zip(allowed).find(|&(_, allowed)| allowed > 0);
        first.map_or(packed, |(&shift, allowed)| (((packed >> shift) + allowed + 1) << shift) - 1)
    }

    /// How many levels there are.
    #[must_use]
    pub fn level_count(&self) -> usize {
        self.shifts.len()
    }

    /// The caller's weight of a criterion on a level.
    #[must_use]
    pub fn weight_on(&self, level: usize, criterion: Criterion) -> i64 {
        self.levels[level][criterion as usize]
    }

    /// Cost of ticket `t` on shift `s` wherever it stands in the route: region, skills, preference,
    /// change.
    #[must_use]
    #[inline]
    pub fn pair_cost(&self, problem: &Problem, t: u32, s: u32) -> i128 {
        if !self.paired {
            return 0;
        }
        self.weight(Criterion::Region) * i128::from(problem.region_fit(t, s).1)
            + self.weight(Criterion::Overskill)
                * i128::from(problem.skill_surplus(t, s).unwrap_or(0))
            + self.weight(Criterion::Preference) * i128::from(problem.is_second_choice(t, s))
            + self.weight(Criterion::Changes) * i128::from(problem.is_change(t, s))
    }

    /// Cost of leaving ticket `t` out.
    #[must_use]
    #[inline]
    pub fn absence_cost(&self, problem: &Problem, t: u32) -> i128 {
        self.weight(Criterion::Unserved) * i128::from(problem.tickets[t as usize].worth)
    }

    /// The moment from which a later start of ticket `t` costs something.
    #[must_use]
    #[inline]
    pub fn soft_latest(&self, problem: &Problem, t: u32) -> i64 {
        let soft = problem.tickets[t as usize].due - self.comfort;
        if self.off_window { wanted_until(problem, t, soft) } else { soft }
    }

    /// Packed cost of a start of ticket `t` that few tickets have: its steps of lateness, and what its
    /// preferred windows say. Out of line, so that the clock stays small without.
    #[must_use]
    #[cold]
    #[inline(never)]
    pub fn extra_cost(&self, problem: &Problem, t: u32, start: i64) -> i128 {
        self.weight(Criterion::Penalty) * i128::from(problem.penalty(t, start))
            + self.weight(Criterion::OffWindow) * i128::from(problem.off_window(t, start))
    }

    /// Seconds by which a start of a ticket with this due time falls short of the comfortable margin.
    #[must_use]
    #[inline]
    pub fn shortness(&self, due: i64, start: i64) -> i64 {
        (start - due + self.comfort).clamp(0, self.comfort)
    }
}

/// The same, no later than the last preferred window of ticket `t` closes. Out of line: few have any.
#[cold]
#[inline(never)]
fn wanted_until(problem: &Problem, t: u32, soft: i64) -> i64 {
    problem.preferred(t).last().map_or(soft, |last| soft.min(last.latest))
}

/// For each criterion the most that a plan of this problem can reach.
fn bounds(problem: &Problem) -> [i128; Criterion::COUNT] {
    let world = problem.world();
    let visits = problem.tickets.len() as i128;
    let shifts = problem.shifts.len() as i128;
    let stops = visits + 2 * shifts + 1;
    let longest = problem.travel.longest_bound();
    let horizon = problem.shifts.iter().map(|shift| i128::from(shift.end)).max().unwrap_or(0)
        - problem
            .tickets
            .iter()
            .map(|ticket| i128::from(ticket.due))
            .chain(problem.shifts.iter().map(|shift| i128::from(shift.start)))
            .min()
            .unwrap_or(0);
    let dearest_region = world
        .regions
        .iter()
        .map(|region| i128::from(region.borrow_cost.0.max(region.secondary_cost.0)))
        .max()
        .unwrap_or(0);
    let surplus_max = world
        .engineers
        .iter()
        .map(|e| e.skills.iter().map(|skill| i128::from(skill.level)).sum::<i128>())
        .max()
        .unwrap_or(0);
    Criterion::ALL.map(|criterion| match criterion {
        Criterion::Unserved => problem.tickets.iter().map(|t| i128::from(t.worth)).sum(),
        Criterion::Lateness => visits * horizon.max(0),
        Criterion::Slack => visits * i128::from(criteria::comfort(problem)),
        Criterion::Travel => stops * i128::from(longest.seconds),
        Criterion::Distance => stops * i128::from(longest.meters),
        Criterion::Work | Criterion::Wait => {
            problem.shifts.iter().map(|s| i128::from(s.end - s.start)).sum()
        }
        Criterion::Shifts => shifts,
        Criterion::Fixed => problem.shifts.iter().map(|s| i128::from(s.fixed_cost)).sum(),
        Criterion::Region => visits * dearest_region,
        Criterion::Overskill => visits * surplus_max * most_needs(problem),
        Criterion::Preference | Criterion::Changes => visits,
        Criterion::Load => visits * visits,
        Criterion::Penalty => {
            let steps = problem.ticket_indexes().flat_map(|t| problem.late_steps(t));
            steps.map(|&(_, cost)| i128::from(cost)).sum()
        }
        Criterion::OffWindow => {
            let wanted = || problem.ticket_indexes().flat_map(|t| problem.preferred(t));
            let ends = problem.shifts.iter().map(|s| s.end);
            let starts = problem.shifts.iter().map(|s| s.start);
            let last = ends.chain(wanted().map(|w| w.earliest)).max().unwrap_or(0);
            let first = starts.chain(wanted().map(|w| w.latest)).min().unwrap_or(0);
            let wishes = problem.ticket_indexes().filter(|&t| !problem.preferred(t).is_empty());
            wishes.count() as i128 * i128::from(last - first)
        }
        Criterion::Balance => {
            let longest = |s: u32| {
                let shift = &problem.shifts[s as usize];
                criteria::square_minutes(problem, s, shift.end - shift.start)
            };
            problem.shift_indexes().map(longest).sum()
        }
        Criterion::Overtime => {
            problem.shifts.iter().map(|s| i128::from(s.end - s.regular_end)).sum()
        }
    })
}

/// The most skills that one ticket asks for.
fn most_needs(problem: &Problem) -> i128 {
    let needs = problem.world().tickets.iter().map(|t| t.skills.all.len() + t.skills.any.len());
    needs.max().unwrap_or(0).max(1) as i128
}
