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
//! is reported is proven, however the master got its prices. These swing wildly at first, so routes are
//! asked for at a mixture of them and the best prices so far (Wentges 1997; Pessoa, Sadykov, Uchoa and
//! Vanderbeck 2018): mostly the latter, less of them each time that nothing new comes out.

use super::master::{Master, Prices, Route};
use super::ng::Ng;
use super::pricing::{Effort, Found, cheapest};
use super::shape::Shape;
use crate::solve::budget::Watch;
use rayon::prelude::*;

/// Share of the best prices so far in a first mixture.
const SHARE: f64 = 0.8;
/// New routes of one round, all kinds together.
const ROUTES_MAX: usize = 400;
/// New routes of one round that may serve the same ticket.
const SAME_TICKET_MAX: u32 = 12;
/// The bound and the master differ by at most this share when they count as equal.
const CLOSE: f64 = 1e-6;
/// Near nodes that are remembered at first.
const NEAR_FIRST: usize = 6;

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

/// Prices in whole scaled units.
struct Whole {
    tickets: Vec<i64>,
    budgets: Vec<i64>,
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
    /// The bound at the center as far as quick searches know.
    guess: i128,
    /// The best bound, scaled.
    pub best: i128,
    /// The cost of the master.
    pub value: f64,
    pub rounds: u64,
    pub columns: usize,
    /// When the last exact search ended, and how long it took.
    last_exact: (f64, f64),
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
            guess: i128::MIN,
            // No measure is ever negative.
            best: 0,
            value: f64::INFINITY,
            rounds: 0,
            columns: master.len(),
            last_exact: (0.0, 0.0),
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
        loop {
            self.value = self.master.solve();
            if self.best >= goal {
                return End::Proven;
            }
            if self.watch.is_over() || !look(self) {
                return End::Stopped;
            }
            let is_due = self.is_exact_due();
            if !is_due && self.round(Effort::Quick) == Some(true) {
                continue;
            }
            let is_met = match self.round(Effort::Exact) {
                None => return End::Stopped,
                Some(is_new) => !is_new || self.is_close(),
            };
            if is_met && !self.learn() {
                return if self.best >= goal { End::Proven } else { End::Converged };
            }
        }
    }

    /// Bound and master are so near each other that more rounds would not move them.
    fn is_close(&self) -> bool {
        let bound = self.best as f64 / self.shape.scale as f64;
        self.value - bound <= CLOSE * self.value.abs()
    }

    /// Exact searches give the bound, so that one is made from time to time even where quick ones still
    /// find routes: whenever eight times as long as it took has gone by, and a tenth of all the time.
    fn is_exact_due(&self) -> bool {
        let (ended, took) = self.last_exact;
        self.watch.is_timed()
            && self.watch.share() * 10.0 > 1.0
            && self.watch.elapsed() - ended > 8.0 * took + 0.1 * self.watch.elapsed()
    }

    /// Looks for routes at mixed prices, then at less and less mixed ones, until the master gets new
    /// ones: then `Some(true)`. `None` when a search was broken off.
    fn round(&mut self, effort: Effort) -> Option<bool> {
        self.rounds += 1;
        let prices = self.master.prices(self.shape);
        for attempt in 1_u32.. {
            let share = (1.0 - f64::from(attempt) * (1.0 - SHARE)).max(0.0);
            let mixed = self.center.mixed(share, &prices);
            let whole = self.whole(&mixed);
            let started = self.watch.elapsed();
            let found = self.search(&whole, effort)?;
            let bound = self.bound(&whole, &found);
            if effort == Effort::Exact {
                self.last_exact = (self.watch.elapsed(), self.watch.elapsed() - started);
                if bound > self.best {
                    (self.best, self.guess, self.center) = (bound, bound, mixed);
                } else {
                    self.guess = self.guess.min(self.best);
                }
            } else if bound > self.guess {
                (self.guess, self.center) = (bound, mixed);
            }
            let is_new = self.take(&whole, found);
            if is_new || share == 0.0 {
                return Some(is_new);
            }
        }
        None
    }

    /// The prices in whole units, none so high that sums could overflow.
    fn whole(&self, prices: &Prices) -> Whole {
        let scale = self.shape.scale as f64;
        let most = self.shape.price_max;
        let rounded = |price: f64, most: i64| ((price * scale).round() as i64).clamp(0, most);
        let budgets = prices.budgets.iter().zip(&self.shape.budgets);
        let dearest =
            |used: &[i64]| most / used.iter().copied().max().unwrap_or(1).max(1);
        Whole {
            tickets: prices.tickets.iter().map(|&price| rounded(price, most)).collect(),
            budgets: budgets.map(|(&price, b)| rounded(price, dearest(&b.route))).collect(),
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

    fn search(&self, whole: &Whole, effort: Effort) -> Option<Vec<Found>> {
        let is_over = || self.watch.is_over();
        let search = |kind: usize| {
            let network = &self.shape.kinds[kind].0;
            let (price, fixed) = (self.node_prices(kind, whole), self.fixed(kind, whole));
            cheapest(network, &self.ng[kind], &price, fixed, effort, &is_over)
        };
        let kinds = 0..self.shape.kinds.len();
        self.pool.install(|| kinds.into_par_iter().with_max_len(1).map(search).collect())
    }

    /// The bound of the module's first lines, scaled.
    fn bound(&self, whole: &Whole, found: &[Found]) -> i128 {
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
        let routes = routes.map(|((_, members), f)| i128::from(*members) * i128::from(f.least.min(0)));
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
            self.guess = self.best;
        }
        is_new
    }
}

/// First prices: what each route of the plan costs, in equal shares to its tickets.
fn shares(shape: &Shape<'_>, start: &[Route]) -> Prices {
    let mut tickets = vec![0.0; shape.tickets.len()];
    for route in start {
        let share = route.cost as f64 / shape.scale as f64 / route.path.len().max(1) as f64;
        for &node in &route.path {
            let t = shape.kinds[route.kind].0.tickets[usize::from(node)];
            tickets[shape.tickets.partition_point(|&known| known < t)] = share;
        }
    }
    Prices {
        tickets,
        budgets: vec![0.0; shape.budgets.len()],
        kinds: vec![0.0; shape.kinds.len()],
    }
}
