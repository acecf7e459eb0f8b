//! Column generation: prices from the master, routes at these prices, and the bound that they prove.
//!
//! For prices of tickets `p >= 0` and of budgets `m >= 0`, whatever they are, no plan within the budgets
//! costs less than (Lagrange)
//!
//! ```text
//!     sum over tickets min(p, cost of leaving it out at prices m)  -  sum over budgets m limit
//!         +  sum over kinds of shifts (how many) min(0, least cost of a route at p and m).
//! ```
//!
//! Prices are rounded to whole scaled units first, and everything after that is integer arithmetic: what
//! is reported is proven, however the master got its prices. Left alone these swing wildly, so they are
//! kept in a box around the best so far; the box moves when a round gets a fair part of the gain that the
//! master promised, and shrinks when rounds do not. Since the bound is concave in the prices, a best point
//! within a box around it is the best of all.

use super::master::{Master, Prices, Route};
use super::ng::Ng;
use super::pricing::{Effort, Found, Task, cheapest, cost_of};
use super::shape::Shape;
use crate::solve::budget::Watch;
use rayon::prelude::*;

/// The box reaches so far around prices at first, as a share of them.
const REACH_FIRST: f64 = 0.3;
/// It shrinks no further than this.
const REACH_MIN: f64 = 1e-3;
/// The part of the promised gain that moves the box.
const FAIR: f64 = 0.1;
/// Rounds without gain after which the box shrinks.
const PATIENCE: u32 = 2;
/// New routes of one round, all kinds together.
const ROUTES_MAX: usize = 400;
/// New routes of one round that may serve the same ticket.
const SAME_TICKET_MAX: u32 = 12;
/// The bound and the master differ by at most this share when they count as equal.
const CLOSE: f64 = 1e-6;
/// Near nodes that are remembered at first; more are learned where it pays.
const NEAR_FIRST: usize = 3;
/// Labels of an exact search at first. Where that is too few and no route is found, four times as many.
const LABELS_FIRST: usize = 1_000_000;
/// Labels of one search at most.
const LABELS_MAX: usize = 200_000_000;

/// Why column generation goes no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Bound and master meet, and no cycle pays that could be ruled out.
    Converged,
    /// The bound is the plan's value: nothing is left to prove.
    Proven,
    /// Time is over, somebody stopped it, or the search for routes took too much memory.
    Stopped,
}

/// What a round has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Round {
    /// The master has new routes.
    New,
    /// There are none that would help it, as far as this effort tells.
    Nothing,
    /// A search was broken off before it found any.
    Unsure,
}

/// Prices in whole scaled units.
struct Whole {
    tickets: Vec<i64>,
    budgets: Vec<i64>,
    kinds: Vec<i64>,
}

/// A running column generation.
pub(super) struct Generation<'a> {
    pub shape: &'a Shape<'a>,
    watch: &'a Watch,
    pool: &'a rayon::ThreadPool,
    ng: Vec<Ng>,
    master: Master,
    start: Vec<Route>,
    center: Prices,
    /// The bound at the center as far as is known.
    guess: i128,
    /// How far the box reaches, as a share.
    reach: f64,
    /// Rounds since the last gain.
    idle: u32,
    /// The master's prices were at an end of the box.
    is_confined: bool,
    /// The bound at the last prices that were the best of their box.
    settled: i128,
    /// The best bound, scaled.
    pub best: i128,
    /// The cost of the master.
    pub value: f64,
    pub rounds: u64,
    pub columns: usize,
    labels_max: usize,
}

impl<'a> Generation<'a> {
    /// Begins with the routes of a plan.
    pub(super) fn new(
        shape: &'a Shape<'a>,
        start: Vec<Route>,
        watch: &'a Watch,
        pool: &'a rayon::ThreadPool,
    ) -> Self {
        let master = Master::new(shape, &start);
        let kinds = shape.kinds.par_iter();
        let ng = pool.install(|| kinds.map(|(network, _)| Ng::of(network, NEAR_FIRST)).collect());
        Self {
            center: shares(shape, &start),
            guess: 0,
            reach: REACH_FIRST,
            idle: 0,
            is_confined: true,
            settled: i128::MIN / 2,
            // No measure is ever negative.
            best: 0,
            value: f64::INFINITY,
            rounds: 0,
            columns: master.len(),
            labels_max: LABELS_FIRST,
            shape,
            watch,
            pool,
            ng,
            master,
            start,
        }
    }

    /// Generates until it is proven that `goal` is the least, nothing is left to do, or time is over.
    /// `look` sees every round and may stop it.
    pub(super) fn run(&mut self, goal: i128, look: &mut dyn FnMut(&Self) -> bool) -> End {
        self.open();
        loop {
            self.value = self.master.solve();
            if self.best >= goal {
                return End::Proven;
            }
            if self.watch.is_over() || !look(self) {
                return End::Stopped;
            }
            if self.round(Effort::Quick) == Round::New {
                continue;
            }
            let is_met = match self.round(Effort::Exact) {
                Round::New => self.is_close(),
                Round::Nothing => self.is_settled(),
                Round::Unsure if self.labels_max < LABELS_MAX => {
                    self.labels_max *= 4;
                    false
                }
                Round::Unsure => return End::Stopped,
            };
            if is_met && !self.learn() {
                return if self.best >= goal { End::Proven } else { End::Converged };
            }
        }
    }

    /// The best prices of the box have just become its center. Beyond the box there are better ones only
    /// if these were at an end of it, and then there is something to gain by moving on.
    fn is_settled(&mut self) -> bool {
        let gained = (self.guess - self.settled) as f64;
        self.settled = self.guess;
        let is_gain = gained > CLOSE * self.guess.abs() as f64;
        !(self.is_confined && is_gain)
    }

    /// Asks what the first prices are worth.
    fn open(&mut self) {
        let whole = self.whole(&self.center);
        let found = self.search(&whole, Effort::Quick);
        self.best = self.best.max(self.bound(&whole, &found, |found| found.floor));
        self.guess = self.bound(&whole, &found, |found| found.least);
        self.take(&whole, found);
        self.confine();
    }

    /// Puts the box around the center.
    fn confine(&mut self) {
        let tickets = &self.center.tickets;
        let mean = tickets.iter().sum::<f64>() / tickets.len().max(1) as f64;
        let reach = tickets.iter().map(|price| self.reach * (price + mean) / 2.0);
        self.master.confine(tickets, &reach.collect::<Vec<_>>());
    }

    /// Bound and master are so near each other that more rounds would not move them.
    fn is_close(&self) -> bool {
        let bound = self.best as f64 / self.shape.scale as f64;
        !self.is_confined && self.value - bound <= CLOSE * self.value.abs()
    }

    /// Looks for routes at the master's prices, moves the box, and gives the master what was found.
    fn round(&mut self, effort: Effort) -> Round {
        self.rounds += 1;
        let prices = self.master.prices(self.shape);
        let whole = self.whole(&prices);
        let found = self.search(&whole, effort);
        let proven = self.bound(&whole, &found, |found| found.floor);
        let guess = self.bound(&whole, &found, |found| found.least);
        let is_complete = found.iter().all(|found| found.is_complete);
        let is_exact = effort == Effort::Exact && is_complete;
        self.is_confined = self.master.is_confined();
        let promised = self.value * self.shape.scale as f64 - self.guess as f64;
        let gain = (guess - self.guess) as f64;
        self.best = self.best.max(proven);
        let is_new = self.take(&whole, found);
        // Without new routes there is nothing better in the box, whatever was guessed before.
        if gain > FAIR * promised.max(0.0) || (is_exact && !is_new) {
            (self.guess, self.center) = (guess, prices);
            self.reach = (self.reach * 1.5).min(REACH_FIRST);
            self.idle = 0;
            self.confine();
        } else {
            self.idle += 1;
            if self.idle.is_multiple_of(PATIENCE) && gain < 0.0 {
                self.reach = (self.reach * 0.7).max(REACH_MIN);
                self.confine();
            }
        }
        match (is_new, is_complete) {
            (true, _) => Round::New,
            (false, true) => Round::Nothing,
            (false, false) => Round::Unsure,
        }
    }

    /// The prices in whole units, none so high that sums could overflow.
    fn whole(&self, prices: &Prices) -> Whole {
        let scale = self.shape.scale as f64;
        let most = self.shape.price_max;
        let rounded = |price: f64, most: i64| ((price * scale).round() as i64).clamp(0, most);
        let budgets = prices.budgets.iter().zip(&self.shape.budgets);
        let dearest = |used: &[i64]| most / used.iter().copied().max().unwrap_or(1).max(1);
        Whole {
            tickets: prices.tickets.iter().map(|&price| rounded(price, most)).collect(),
            budgets: budgets.map(|(&price, b)| rounded(price, dearest(&b.route))).collect(),
            kinds: prices.kinds.iter().map(|&price| rounded(price, most)).collect(),
        }
    }

    /// What going at all costs for its use of budgets.
    fn fixed(&self, kind: usize, whole: &Whole) -> i64 {
        let budgets = self.shape.budgets.iter().zip(&whole.budgets);
        budgets.map(|(budget, price)| budget.route[kind] * price).sum()
    }

    /// The price of each node of a kind.
    fn node_prices(&self, kind: usize, whole: &Whole) -> Vec<i64> {
        let row = |t: &u32| self.shape.tickets.partition_point(|known| known < t);
        let tickets = self.shape.kinds[kind].0.tickets.iter();
        tickets.map(|t| whole.tickets[row(t)]).collect()
    }

    fn search(&self, whole: &Whole, effort: Effort) -> Vec<Found> {
        let is_over = || self.watch.is_over();
        let search = |kind: usize| {
            let task = Task {
                price: &self.node_prices(kind, whole),
                fixed: self.fixed(kind, whole),
                // A shift has its price: what does not earn it is neither a bound nor a route for the master.
                below: -whole.kinds[kind],
                effort,
                labels_max: self.labels_max,
                is_over: &is_over,
            };
            cheapest(&self.shape.kinds[kind].0, &self.ng[kind], &task)
        };
        let kinds = 0..self.shape.kinds.len();
        self.pool.install(|| kinds.into_par_iter().with_max_len(1).map(search).collect())
    }

    /// The bound of the module's first lines, scaled, if this is what a route costs at least.
    fn bound(&self, whole: &Whole, found: &[Found], least: fn(&Found) -> i64) -> i128 {
        let shape = self.shape;
        let paid = shape.budgets.iter().zip(&whole.budgets);
        let paid: i128 = paid.map(|(b, &price)| i128::from(b.limit) * i128::from(price)).sum();
        let tickets = whole.tickets.iter().enumerate().map(|(row, &price)| {
            let Some(cost) = shape.absence[row] else { return i128::from(price) };
            let used = shape.budgets.iter().zip(&whole.budgets);
            let used = used.map(|(b, &price)| i128::from(b.absence[row]) * i128::from(price));
            i128::from(price).min(i128::from(cost) + used.sum::<i128>())
        });
        let routes = shape.kinds.iter().zip(found);
        let routes =
            routes.map(|((_, members), f)| i128::from(*members) * i128::from(least(f).min(0)));
        i128::from(shape.constant) + tickets.sum::<i128>() - paid + routes.sum::<i128>()
    }

    /// Gives the master the routes that pay at its own prices, not too many of the same tickets.
    fn take(&mut self, whole: &Whole, found: Vec<Found>) -> bool {
        let each = (ROUTES_MAX / found.len().max(1)).max(8);
        let mut served = vec![0_u32; self.shape.tickets.len()];
        let before = self.master.len();
        for (kind, found) in found.into_iter().enumerate() {
            let (price, fixed) = (self.node_prices(kind, whole), self.fixed(kind, whole));
            let network = &self.shape.kinds[kind].0;
            let row = |node: &u16| {
                let t = network.tickets[usize::from(*node)];
                self.shape.tickets.partition_point(|&known| known < t)
            };
            let mut taken = 0;
            for (total, path) in found.routes {
                let rows: Vec<usize> = path.iter().map(row).collect();
                if taken == each || rows.iter().any(|&row| served[row] >= SAME_TICKET_MAX) {
                    continue;
                }
                let priced: i64 = path.iter().map(|&node| price[usize::from(node)]).sum();
                let route = Route { kind, path, cost: total + priced - fixed };
                if self.master.offer(self.shape, route) {
                    taken += 1;
                    rows.iter().for_each(|&row| served[row] += 1);
                }
            }
        }
        self.columns += self.master.len() - before;
        self.master.len() > before
    }

    /// Has the cycles of the master's routes remembered, and takes out what is then forbidden. Says
    /// whether there was anything to learn.
    fn learn(&mut self) -> bool {
        let mut is_new = false;
        for route in self.master.driven() {
            is_new |= self.ng[route.kind].learn(&route.path);
        }
        if is_new {
            let empty = Master::new(self.shape, &self.start);
            let old = std::mem::replace(&mut self.master, empty);
            for route in old.into_routes() {
                if self.ng[route.kind].allows(&route.path) {
                    self.master.add(self.shape, route);
                }
            }
            self.confine();
            self.settled = i128::MIN / 2;
        }
        is_new
    }
}

/// First prices: what each route of the plan costs, shared out to its tickets in proportion to what the
/// route would save without each.
fn shares(shape: &Shape<'_>, start: &[Route]) -> Prices {
    let mut tickets = vec![0.0; shape.tickets.len()];
    for route in start {
        let network = &shape.kinds[route.kind].0;
        let without = |at: usize| {
            let path = [&route.path[..at], &route.path[at + 1..]].concat();
            let cost = if path.is_empty() { Some(0) } else { cost_of(network, &path) };
            (route.cost - cost.unwrap_or(0)).max(1) as f64
        };
        let saved: Vec<f64> = (0..route.path.len()).map(without).collect();
        let cost = route.cost as f64 / shape.scale as f64;
        let unit = cost / saved.iter().sum::<f64>();
        for (&node, saved) in route.path.iter().zip(saved) {
            let t = network.tickets[usize::from(node)];
            tickets[shape.tickets.partition_point(|&known| known < t)] = saved * unit;
        }
    }
    Prices { tickets, budgets: vec![0.0; shape.budgets.len()], kinds: vec![0.0; shape.kinds.len()] }
}
