//! Local search under side constraints: shifts, swaps and chains, with room for error.
//!
//! Simulated annealing over single rows (Kirkpatrick, Gelatt and Vecchi 1983) that may overdraw
//! columns and stocks at a price which rises while they are overdrawn (the oscillation of Yagiura,
//! Ibaraki and Glover 2004). Every number is an integer: the same seed gives the same answer.

use super::sides::{Model, OUT};
use crate::rng::Rng;
use std::time::Instant;

/// How often the temperature falls in one round, each time by a sixteenth: to 1/500 in all.
const STEPS: u64 = 96;
/// Moves for each arc in the first round; every round takes twice as many as the one before.
const MOVES: u64 = 40;
/// Moves between two looks at the clock.
const GLANCE: u64 = 1 << 12;

/// Improves an answer in so many rounds or until the deadline, or until it costs `at_least`.
pub(super) fn anneal(
    model: &Model,
    start: Vec<u32>,
    at_least: i64,
    rounds: u32,
    deadline: Option<Instant>,
) -> Vec<u32> {
    let mut search = Search::new(model, start);
    let size = model.arcs.len() as u64 * MOVES + 2_000;
    let hot = search.hot();
    for round in 0..rounds {
        let temperature = if round == 0 { hot } else { (hot / 4).max(1) };
        let moves = size << round.min(30);
        if search.best.0 <= at_least || !search.round(temperature, moves, deadline) {
            break;
        }
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
}

struct Search<'m> {
    model: &'m Model,
    taken: Vec<u32>,
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
    fn new(model: &'m Model, start: Vec<u32>) -> Self {
        let columns = model.capacity.len();
        let there = model.capacity.iter().map(|&capacity| i64::from(capacity));
        let limits = there.chain(model.stocks.iter().copied());
        let mut with = vec![0; model.rows() + 2];
        with[0] = columns as u32;
        let mut search = Self {
            limits: limits.map(|there| Limit { there, used: 0, price: 1 }).collect(),
            taken: vec![OUT; model.rows()],
            rows_of: vec![Vec::new(); columns],
            listed: vec![OUT; model.rows()],
            place: vec![0; model.rows()],
            over: 0,
            with,
            fullest: 0,
            soft_skip: soft_skip(model),
            cost: model.skip.iter().sum(),
            best: (i64::MAX, Vec::new()),
            rng: Rng::new(1, 0),
            model,
        };
        search.first_prices();
        for (row, &arc) in (0..).zip(&start) {
            search.charge(row, arc);
            search.seat(row, arc);
        }
        search.best = (search.cost, start);
        search
    }

    /// A unit too much of anything costs at first what a row typically pays for the amount it uses.
    fn first_prices(&mut self) {
        let typical = self.hot();
        let columns = self.model.capacity.len();
        let mut most = vec![1; self.model.stocks.len()];
        for using in (0..self.model.arcs.len() as u32).flat_map(|arc| self.model.uses(arc)) {
            let most = &mut most[using.stock as usize];
            *most = using.amount.max(*most);
        }
        for (at, limit) in self.limits.iter_mut().enumerate() {
            let unit = if at < columns { 1 } else { most[at - columns] };
            limit.price = typical / unit + 1;
        }
    }

    /// The temperature to begin with: what rows pay on average above their cheapest arc.
    fn hot(&self) -> i64 {
        let model = self.model;
        let spread = |row: usize| {
            let costs = model.of_row(row).map(|arc| i128::from(model.arcs[arc as usize].cost));
            let count = costs.len().max(1) as i128;
            costs.clone().sum::<i128>() / count - costs.min().unwrap_or(0)
        };
        let sum: i128 = (0..model.rows()).map(spread).sum();
        (sum / (4 * model.rows().max(1)) as i128) as i64 + 1
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
    fn round(&mut self, hot: i64, moves: u64, deadline: Option<Instant>) -> bool {
        let rows = self.taken.len();
        if rows == 0 || self.model.arcs.is_empty() {
            return false;
        }
        let each = moves / STEPS + 1;
        let pricing = (rows as u64).max(64);
        let mut temperature = hot;
        for count in 0..each * STEPS {
            if count % each == 0 {
                temperature -= temperature / 16;
            }
            if count % pricing == 0 {
                self.price_again();
            }
            let is_time = count % GLANCE == 0;
            if is_time && deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return false;
            }
            let row = self.rng.below(rows) as u32;
            let shifts = self.proposal(row);
            self.consider(&shifts, temperature);
        }
        true
    }

    /// Prices rise where too much is used, and fall slowly elsewhere.
    fn price_again(&mut self) {
        const MOST: i64 = 1 << 40;
        for limit in &mut self.limits {
            if limit.used > limit.there {
                limit.price = (limit.price + limit.price / 4 + 1).min(MOST);
            } else {
                limit.price -= limit.price / 16;
            }
        }
    }

    /// A row to another arc or out; there it may change places with another, or push it on.
    fn proposal(&mut self, row: u32) -> [Option<Shift>; 2] {
        let model = self.model;
        let arcs = model.of_row(row as usize);
        let drawn = self.rng.below(arcs.len() + 1) as u32;
        let arc = if drawn as usize == arcs.len() { OUT } else { arcs.start + drawn };
        let from = self.taken[row as usize];
        if arc == from {
            return [None; 2];
        }
        let alone = [Some((row, arc)), None];
        let kind = self.rng.below(3);
        if arc == OUT || kind == 0 {
            return alone;
        }
        let there = &self.rows_of[model.arcs[arc as usize].column as usize];
        if there.is_empty() {
            return alone;
        }
        let other = there[self.rng.below(there.len())];
        if other == row {
            return alone;
        }
        let goal = if kind == 1 {
            match model.arcs.get(from as usize) {
                None => OUT,
                Some(from) => match model.arc_to(other as usize, from.column) {
                    None => return alone,
                    Some(arc) => arc,
                },
            }
        } else {
            let arcs = model.of_row(other as usize);
            arcs.start + self.rng.below(arcs.len()) as u32
        };
        [Some((row, arc)), Some((other, goal))]
    }

    /// Carries a proposal out if the temperature allows.
    fn consider(&mut self, shifts: &[Option<Shift>; 2], temperature: i64) {
        let mut back = [None; 2];
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
        let mut delta = i128::from(soft(arc)) - i128::from(soft(from));
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
        delta + i128::from(higher)
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

/// The costs of leaving rows out in their own proportions, but the least of them just above what
/// moving a few rows can cost: at their true size no price of an overdraft could weigh against them.
fn soft_skip(model: &Model) -> Vec<i64> {
    let costs = || model.arcs.iter().map(|arc| arc.cost);
    let spread = costs().max().unwrap_or(0) - costs().min().unwrap_or(0).min(0) + 1;
    let least = model.skip.iter().copied().filter(|&skip| skip > 0).min().unwrap_or(1);
    let divisor = (least / spread.saturating_mul(4)).max(1);
    model.skip.iter().map(|skip| skip / divisor).collect()
}
