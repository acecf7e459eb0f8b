//! Local search under side constraints: shifts, swaps and chains, with room for error.
//!
//! The prices of the bound say which arcs are worth a try, what overdrawing costs at least, and how
//! much rows differ, which is the temperature to begin with.
//!
//! Simulated annealing over single rows (Kirkpatrick, Gelatt and Vecchi 1983) that may overdraw
//! columns and stocks at a price which rises while they are overdrawn (the oscillation of Yagiura,
//! Ibaraki and Glover 2004). Every number is an integer: the same seed gives the same answer.

use super::relax::Relaxed;
use super::sides::{Model, OUT};
use crate::rng::Rng;
use crate::units::LIMIT;
use std::time::Instant;

/// How often the temperature falls in one round, each time by a fortieth: to 1/11 in all.
const STEPS: u64 = 96;
/// Looks at the prices of what is overdrawn at each temperature.
const LOOKS: u64 = 4;
/// Moves for each row in the first round; every round takes twice as many as the one before.
const MOVES: u64 = 1_000;
/// The longest chain of rows that move at once.
const CHAIN: usize = 3;
/// Moves between two looks at the clock.
const GLANCE: u64 = 1 << 12;

/// Improves an answer in so many rounds or until the deadline, or until it meets the bound, whose
/// prices say where to look.
pub(super) fn anneal(
    model: &Model,
    start: Vec<u32>,
    bound: &Relaxed,
    rounds: u32,
    deadline: Option<Instant>,
) -> Vec<u32> {
    if model.arcs.is_empty() {
        return start;
    }
    let mut search = Search::new(model, start, bound);
    let begun = Instant::now();
    let mut done = 0;
    let least = model.rows() as u64 * MOVES + 2_000;
    for round in 0..rounds {
        let mut moves = least << round.min(30);
        if let Some(deadline) = deadline.filter(|_| done > 0) {
            let left = deadline.saturating_duration_since(Instant::now()).as_micros();
            let pace = u128::from(done) * left / begun.elapsed().as_micros().max(1);
            // No time for another round of twice the length.
            if pace < u128::from(moves) * 3 {
                moves = pace as u64;
            }
        }
        if search.best.0 <= bound.at_least || moves < least || !search.round(moves, deadline) {
            break;
        }
        done += moves;
        search.restart();
    }
    search.best.1
}

/// Something of which there is only so much, a column's seats or a stock, and what a unit too much
/// costs the search.
struct Limit {
    there: i64,
    used: i64,
    price: i64,
    /// Its price in the bound, below which it would pay to overdraw.
    floor: i64,
}

struct Search<'m> {
    model: &'m Model,
    taken: Vec<u32>,
    /// What a unit of the costs is in prices and temperatures.
    scale: i64,
    /// For each row its arcs and [`OUT`], what looks best at the prices of the bound first.
    ranked: Vec<u32>,
    /// The temperature to begin with.
    hot: i64,
    /// The rows of each column; for each row the column that lists it ([`OUT`]: none) and where.
    rows_of: Vec<Vec<u32>>,
    listed: Vec<u32>,
    place: Vec<u32>,
    /// Columns first, then stocks.
    limits: Vec<Limit>,
    /// How many limits are overdrawn.
    over: usize,
    /// How many columns have each number of rows, and the largest number.
    with: Vec<u32>,
    fullest: usize,
    /// The cost of leaving each row out, cut down to the size of the other costs.
    soft_skip: Vec<i64>,
    cost: i64,
    best: (i64, Vec<u32>),
    rng: Rng,
}

/// One row on its way to an arc.
type Shift = (u32, u32);

impl<'m> Search<'m> {
    fn new(model: &'m Model, start: Vec<u32>, bound: &Relaxed) -> Self {
        let columns = model.capacity.len();
        let there = model.capacity.iter().map(|&capacity| i64::from(capacity));
        let there = there.chain(model.stocks.iter().copied());
        let soft_skip = soft_skip(model);
        let most = soft_skip.iter().copied().max().unwrap_or(0).saturating_mul(bound.scale);
        let floors = bound.prices.columns.iter().chain(&bound.stock_prices);
        let mut with = vec![0; model.rows() + 2];
        with[0] = columns as u32;
        let mut search = Self {
            limits: there
                .zip(floors)
                .map(|(there, &price)| (there, price.min(most)))
                .map(|(there, floor)| Limit { there, used: 0, price: floor, floor })
                .collect(),
            taken: vec![OUT; model.rows()],
            scale: bound.scale,
            ranked: ranked(model, bound),
            hot: hot(model, bound),
            rows_of: vec![Vec::new(); columns],
            listed: vec![OUT; model.rows()],
            place: vec![0; model.rows()],
            over: 0,
            with,
            fullest: 0,
            soft_skip,
            cost: model.skip.iter().sum(),
            best: (i64::MAX, Vec::new()),
            rng: Rng::new(1, 0),
            model,
        };
        for (row, &arc) in (0..).zip(&start) {
            search.charge(row, arc);
            search.seat(row, arc);
        }
        search.best = (search.cost, start);
        search
    }

    /// Back to the best answer.
    fn restart(&mut self) {
        for row in 0..self.taken.len() as u32 {
            let arc = self.best.1[row as usize];
            if self.taken[row as usize] != arc {
                self.charge(row, arc);
                self.seat(row, arc);
            }
        }
    }

    /// One cooling; false when time is up.
    fn round(&mut self, moves: u64, deadline: Option<Instant>) -> bool {
        let rows = self.taken.len();
        let each = moves / STEPS + 1;
        let look = each.div_ceil(LOOKS);
        let mut temperature = self.hot;
        for count in 0..each * STEPS {
            if count % each == 0 {
                temperature -= temperature / 40;
            }
            if count % look == 0 {
                self.price_again();
            }
            let is_time = count % GLANCE == 0;
            if is_time && deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return false;
            }
            let row = self.rng.below(rows) as u32;
            let chain = self.proposal(row);
            self.consider(&chain, temperature);
        }
        true
    }

    /// Prices rise where too much is used, and fall slowly while nothing is.
    fn price_again(&mut self) {
        const MOST: i64 = 1 << 40;
        for limit in &mut self.limits {
            if limit.used > limit.there {
                limit.price = (limit.price + limit.price / 16 + 1).min(MOST);
            } else if self.over == 0 {
                limit.price = (limit.price - limit.price / 32).max(limit.floor);
            }
        }
    }

    /// A row to another arc or out; there it may push a row on, and that one a third. The last
    /// goes where it likes or into the place of the first.
    fn proposal(&mut self, row: u32) -> [Option<Shift>; CHAIN] {
        let model = self.model;
        let mut chain = [None; CHAIN];
        let first = self.drawn(row);
        let from = self.taken[row as usize];
        if first == from {
            return chain;
        }
        chain[0] = Some((row, first));
        let mut arc = first;
        let links = self.rng.below(CHAIN);
        let is_cycle = self.rng.below(2) == 0;
        for link in 1..=links {
            let Some(pushed) = model.arcs.get(arc as usize) else { break };
            let there = &self.rows_of[pushed.column as usize];
            let Some(&other) = there.get(self.rng.below(there.len())) else { break };
            if chain.iter().flatten().any(|&(row, _)| row == other) {
                break;
            }
            arc = match model.arcs.get(from as usize) {
                _ if link < links || !is_cycle => self.drawn(other),
                None => OUT,
                Some(from) => match model.arc_to(other as usize, from.column) {
                    None => break,
                    Some(arc) => arc,
                },
            };
            chain[link] = Some((other, arc));
        }
        chain
    }

    /// An arc of a row, or out: half as likely at twice the rank.
    fn drawn(&mut self, row: u32) -> u32 {
        let range = self.model.of_row(row as usize);
        let (first, count) = ((range.start + row) as usize, range.len() + 1);
        let doublings = self.rng.below(count.ilog2() as usize + 2);
        let rank = self.rng.below((1 << doublings).min(count));
        self.ranked[first + rank]
    }

    /// Carries a proposal out if the temperature allows.
    fn consider(&mut self, shifts: &[Option<Shift>; CHAIN], temperature: i64) {
        let mut back = [None; CHAIN];
        let mut delta = 0;
        for (shift, back) in shifts.iter().zip(&mut back) {
            if let Some((row, arc)) = *shift {
                *back = Some((row, self.taken[row as usize]));
                delta += self.charge(row, arc);
            }
        }
        if delta <= 0 || self.accepts(delta, temperature) {
            for &(row, arc) in shifts.iter().flatten() {
                self.seat(row, arc);
            }
            if self.over == 0 && self.cost < self.best.0 {
                self.best.0 = self.cost;
                self.best.1.clone_from(&self.taken);
            }
        } else {
            for &(row, arc) in back.iter().flatten().rev() {
                self.charge(row, arc);
            }
        }
    }

    /// Accepts a loss with the probability of simulated annealing, `-log2` of an even number drawn
    /// by its leading zeros and the ten bits that follow.
    fn accepts(&mut self, loss: i128, temperature: i64) -> bool {
        let drawn = self.rng.next_u64() | 1;
        let zeros = drawn.leading_zeros();
        let fraction = ((drawn << zeros) << 1) >> 54;
        let variate = i128::from(zeros) * 1_024 + 1_024 - i128::from(fraction);
        loss * 1_024 <= i128::from(temperature) * variate
    }

    /// Books a row from its arc to another; returns what that costs the search.
    fn charge(&mut self, row: u32, arc: u32) -> i128 {
        let model = self.model;
        let from = std::mem::replace(&mut self.taken[row as usize], arc);
        let soft = |arc: u32| match model.arcs.get(arc as usize) {
            None => self.soft_skip[row as usize],
            Some(arc) => arc.cost,
        };
        let mut delta = (i128::from(soft(arc)) - i128::from(soft(from))) * i128::from(self.scale);
        self.cost += model.cost_of(row as usize, arc) - model.cost_of(row as usize, from);
        let fullest = self.fullest as i64;
        for (arc, sign) in [(from, -1), (arc, 1)] {
            if arc == OUT {
                continue;
            }
            let column = model.arcs[arc as usize].column as usize;
            self.count(column, sign);
            delta += self.draw(column, sign);
            for using in model.uses(arc) {
                delta +=
                    self.draw(model.capacity.len() + using.stock as usize, sign * using.amount);
            }
        }
        let higher = model.balance * (self.fullest as i64 - fullest);
        self.cost += higher;
        delta + i128::from(higher) * i128::from(self.scale)
    }

    /// Takes from a limit; returns by how much its overdraft becomes dearer.
    fn draw(&mut self, at: usize, amount: i64) -> i128 {
        let limit = &mut self.limits[at];
        let before = (limit.used - limit.there).max(0);
        limit.used += amount;
        let after = (limit.used - limit.there).max(0);
        self.over = self.over + usize::from(after > 0) - usize::from(before > 0);
        i128::from(after - before) * i128::from(limit.price)
    }

    /// One more or one less in a column, before its limit is drawn on.
    fn count(&mut self, column: usize, sign: i64) {
        let before = self.limits[column].used as usize;
        let after = (before as i64 + sign) as usize;
        self.with[before] -= 1;
        self.with[after] += 1;
        self.fullest = self.fullest.max(after);
        while self.fullest > 0 && self.with[self.fullest] == 0 {
            self.fullest -= 1;
        }
    }

    /// Lists a row whose arc has changed under its new column.
    fn seat(&mut self, row: u32, arc: u32) {
        let listed = std::mem::replace(&mut self.listed[row as usize], OUT);
        if let Some(list) = self.rows_of.get_mut(listed as usize) {
            let at = self.place[row as usize];
            list.swap_remove(at as usize);
            if let Some(&moved) = list.get(at as usize) {
                self.place[moved as usize] = at;
            }
        }
        if let Some(arc) = self.model.arcs.get(arc as usize) {
            let list = &mut self.rows_of[arc.column as usize];
            (self.listed[row as usize], self.place[row as usize]) = (arc.column, list.len() as u32);
            list.push(row);
        }
    }
}

/// The arcs of every row and the way out, by their costs at the prices of the bound.
fn ranked(model: &Model, bound: &Relaxed) -> Vec<u32> {
    let mut ranked = Vec::with_capacity(model.arcs.len() + model.rows());
    for row in 0..model.rows() {
        let first = ranked.len();
        ranked.extend(model.of_row(row).chain([OUT]));
        ranked[first..].sort_by_cached_key(|&arc| (bound.priced(model, row, arc), arc));
    }
    ranked
}

/// The temperature to begin with: what rows pay on average for their second best arc.
fn hot(model: &Model, bound: &Relaxed) -> i64 {
    let loss = |row: usize| {
        let mut costs: Vec<i128> =
            model.of_row(row).map(|arc| bound.priced(model, row, arc)).collect();
        costs.sort_unstable();
        Some(costs.get(1)? - costs.first()?)
    };
    let losses: Vec<i128> = (0..model.rows()).filter_map(loss).collect();
    let mean = losses.iter().sum::<i128>() / losses.len().max(1) as i128;
    mean.min(i128::from(LIMIT)) as i64 + 1
}

/// The costs of leaving rows out in their own proportions, but the least of them just above what
/// moving a few rows can cost: at their true size no price of an overdraft could weigh against them.
fn soft_skip(model: &Model) -> Vec<i64> {
    let costs = || model.arcs.iter().map(|arc| arc.cost);
    let spread = costs().max().unwrap_or(0) - costs().min().unwrap_or(0).min(0) + 1;
    let least = model.skip.iter().copied().filter(|&skip| skip > 0).min().unwrap_or(1);
    let divisor = (least / spread.saturating_mul(4)).max(1);
    model.skip.iter().map(|skip| skip / divisor).collect()
}
