//! The restricted master: which routes, each to what share, cover all tickets at the least cost.
//!
//! One row for each ticket (some route, or left out), one for each budget, one for each kind of shift.
//! Covering instead of partitioning: a route may be paid for a ticket that another one serves too, which
//! is a relaxation, and keeps prices from going below zero.
//!
//! Prices may be kept within a box: covering a ticket too little costs the upper end of its box for each
//! unit, too much earns the lower end (the boxstep method of Marsten, Hogan and Blankenship 1975).

use super::network::Network;
use super::shape::{Budget, Shape};
use super::simplex::{Column, Simplex};
use crate::rng::Rng;
use rustc_hash::FxHashSet;

/// Every ticket has to be covered a little more than once, each by another little more: ties are rare.
const NUDGE: f64 = 1e-4;
/// Pivots of one solve.
const PIVOTS_MAX: usize = 20_000;

/// A route of some kind: its nodes, and its cost, scaled.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Route {
    pub kind: usize,
    pub path: Vec<u16>,
    pub cost: i64,
}

/// A price for each row, none below zero: per ticket served, unit of budget and shift.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Prices {
    pub tickets: Vec<f64>,
    pub budgets: Vec<f64>,
    pub kinds: Vec<f64>,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Master {
    simplex: Simplex,
    /// Routes by the number of their columns, from `first` on.
    routes: Vec<Route>,
    first: usize,
    /// The columns of the box: two for each ticket, for too much and for too little.
    box_first: u32,
    /// No price is higher than this.
    dear: f64,
    known: FxHashSet<(usize, Vec<u16>)>,
    layout: Layout,
}

/// Where routes stand in the rows.
#[derive(Debug)]
struct Layout {
    tickets: usize,
    /// The row of each kind's node.
    rows: Vec<Vec<u32>>,
    /// What each budget's row is divided by.
    units: Vec<f64>,
}

impl Layout {
    fn of(shape: &Shape<'_>) -> Self {
        let row_of = |t: &u32| shape.tickets.partition_point(|known| known < t) as u32;
        let rows = |network: &Network| network.tickets.iter().map(row_of).collect();
        let unit = |budget: &Budget| {
            let most = budget.absence.iter().chain(&budget.route).copied().max();
            most.unwrap_or(1).max(1) as f64
        };
        Self {
            tickets: shape.tickets.len(),
            rows: shape.kinds.iter().map(|(network, _)| rows(network)).collect(),
            units: shape.budgets.iter().map(unit).collect(),
        }
    }

    fn column(&self, shape: &Shape<'_>, route: &Route) -> Column {
        let mut rows: Vec<u32> =
            route.path.iter().map(|&node| self.rows[route.kind][usize::from(node)]).collect();
        rows.sort_unstable();
        let mut entries: Vec<(u32, f64)> = Vec::with_capacity(rows.len() + 2);
        for row in rows {
            match entries.last_mut() {
                Some((last, times)) if *last == row => *times += 1.0,
                _ => entries.push((row, 1.0)),
            }
        }
        let count = shape.tickets.len();
        for (index, budget) in shape.budgets.iter().enumerate() {
            let used = budget.route[route.kind] as f64 / self.units[index];
            entries.extend((used > 0.0).then_some(((count + index) as u32, used)));
        }
        entries.push(((count + shape.budgets.len() + route.kind) as u32, 1.0));
        Column { cost: route.cost as f64 / shape.scale as f64, entries }
    }
}

impl Master {
    /// A master whose basis are these routes, of which no two serve the same ticket, and what they leave
    /// out.
    pub(super) fn new(shape: &Shape<'_>, start: &[Route]) -> Self {
        let count = shape.tickets.len();
        let layout = Layout::of(shape);
        let mut rng = Rng::new(0, 0);
        let nudges: Vec<f64> = (0..count).map(|_| NUDGE * rng.unit()).collect();
        let limits = shape.budgets.iter().zip(&layout.units);
        let limits =
            limits.map(|(budget, unit)| (budget.limit as f64 / unit) * (1.0 + NUDGE) + NUDGE);
        let shifts = shape.kinds.iter().map(|&(_, members)| members as f64 * (1.0 + NUDGE));
        let right: Vec<f64> = nudges.iter().map(|n| 1.0 + n).chain(limits).chain(shifts).collect();
        // Each route stands for its ticket with the largest nudge; the others are covered beyond need.
        let mut basis: Vec<Option<Column>> = vec![None; right.len()];
        for (row, entry) in basis.iter_mut().enumerate().skip(count) {
            *entry = Some(Column { cost: 0.0, entries: vec![(row as u32, 1.0)] });
        }
        for route in start {
            let rows = route.path.iter().map(|&node| layout.rows[route.kind][usize::from(node)]);
            let rows: Vec<usize> = rows.map(|row| row as usize).collect();
            let lead = rows.iter().copied().max_by(|&a, &b| nudges[a].total_cmp(&nudges[b]));
            for row in rows {
                let surplus = Column { cost: 0.0, entries: vec![(row as u32, -1.0)] };
                let is_lead = Some(row) == lead;
                basis[row] = Some(if is_lead { layout.column(shape, route) } else { surplus });
            }
        }
        let dear = shape.price_max as f64 / shape.scale as f64;
        let basis = basis.into_iter().enumerate().map(|(row, column)| {
            column.unwrap_or(Column { cost: dear, entries: vec![(row as u32, 1.0)] })
        });
        let mut simplex = Simplex::new(right, basis.collect());
        let box_first = simplex.len() as u32;
        for row in 0..count as u32 {
            simplex.add(Column { cost: 0.0, entries: vec![(row, -1.0)] });
            simplex.add(Column { cost: dear, entries: vec![(row, 1.0)] });
        }
        for row in 0..count as u32 {
            if let Some(cost) = shape.absence[row as usize] {
                let mut entries = vec![(row, 1.0)];
                for (index, budget) in shape.budgets.iter().enumerate() {
                    let used = budget.absence[row as usize] as f64 / layout.units[index];
                    entries.extend((used > 0.0).then_some(((count + index) as u32, used)));
                }
                simplex.add(Column { cost: cost as f64 / shape.scale as f64, entries });
            }
        }
        let first = simplex.len();
        let known = FxHashSet::default();
        let routes = Vec::new();
        let mut master = Self { simplex, routes, first, box_first, dear, known, layout };
        for route in start {
            master.add(shape, route.clone());
        }
        master
    }

    /// Adds a route that costs less than its prices. Says whether it did.
    pub(super) fn offer(&mut self, shape: &Shape<'_>, route: Route) -> bool {
        let column = self.layout.column(shape, &route);
        self.simplex.pays(&column) && self.add(shape, route)
    }

    /// Adds a route unless it is known. Says whether it did.
    pub(super) fn add(&mut self, shape: &Shape<'_>, route: Route) -> bool {
        let is_new = self.known.insert((route.kind, route.path.clone()));
        if is_new {
            let column = self.layout.column(shape, &route);
            self.simplex.add(column);
            self.routes.push(route);
        }
        is_new
    }

    /// Keeps the prices of tickets within such a distance of these.
    pub(super) fn confine(&mut self, center: &[f64], reach: &[f64]) {
        let (first, dear) = (self.box_first, self.dear);
        let ends = center.iter().zip(reach).zip(0_u32..);
        let costs = ends.flat_map(|((price, reach), row)| {
            let (low, high) = ((price - reach).max(0.0), (price + reach).min(dear));
            [(first + 2 * row, -low), (first + 2 * row + 1, high)]
        });
        self.simplex.reprice(costs);
    }

    /// True when some price would leave the box if it could.
    pub(super) fn is_confined(&self) -> bool {
        let count = 2 * self.layout.tickets as u32;
        let in_box = |column: u32| (self.box_first..self.box_first + count).contains(&column);
        // The nudges make up for some of it.
        self.simplex.basics().any(|(column, value)| in_box(column) && value > 2.0 * NUDGE)
    }

    /// Pivots to the end; returns the cost.
    pub(super) fn solve(&mut self) -> f64 {
        self.simplex.solve(PIVOTS_MAX);
        self.simplex.value()
    }

    /// The prices of the last solve.
    pub(super) fn prices(&self, shape: &Shape<'_>) -> Prices {
        let (tickets, rest) = self.simplex.prices().split_at(shape.tickets.len());
        let (budgets, kinds) = rest.split_at(shape.budgets.len());
        Prices {
            tickets: tickets.iter().map(|price| price.max(0.0)).collect(),
            budgets: budgets
                .iter()
                .zip(&self.layout.units)
                .map(|(p, unit)| (-p / unit).max(0.0))
                .collect(),
            kinds: kinds.iter().map(|price| (-price).max(0.0)).collect(),
        }
    }

    /// How many routes there are.
    pub(super) fn len(&self) -> usize {
        self.routes.len()
    }

    /// Every route.
    pub(super) fn into_routes(self) -> Vec<Route> {
        self.routes
    }

    /// The routes that are driven, to whatever share.
    pub(super) fn driven(&self) -> impl Iterator<Item = &Route> {
        let driven = self.simplex.basics().filter(|&(_, value)| value > 1e-6);
        driven.filter_map(|(column, _)| self.routes.get((column as usize).checked_sub(self.first)?))
    }
}
