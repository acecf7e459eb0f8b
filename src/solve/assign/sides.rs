//! One-shot assignment with side constraints, as numbers: what an arc uses up of limited stocks, and
//! a price on the largest number of rows in one column. It knows nothing of the model.
//!
//! A stock is anything of which there is only so much: the hours of one column, the visits that a
//! region may borrow, the parts in a warehouse. With one stock for each column this is the
//! generalised assignment problem, which is NP-hard (Fisher, Jaikumar and Van Wassenhove 1986).

use super::arcs::{Arcs, Instance, Invalid};
use crate::units::LIMIT;

/// The arc of a row that is left out.
pub(super) const OUT: u32 = u32::MAX;

/// An assignment to solve under side constraints.
///
/// ```
/// use fieldwright::solve::assign::{Effort, Model};
/// // Two columns with 8 hours each; the cheap one has no time for both rows.
/// let mut model = Model::new(vec![2, 2], vec![8, 8], 0);
/// model.row(1_000, [(0, 1, vec![(0, 5)]), (1, 4, vec![(1, 5)])])?;
/// model.row(1_000, [(0, 1, vec![(0, 5)]), (1, 9, vec![(1, 5)])])?;
/// let answer = model.solve(&Effort::default())?;
/// assert_eq!((answer.cost, answer.column_of), (5, vec![Some(1), Some(0)]));
/// # Ok::<(), fieldwright::solve::assign::Misfit>(())
/// ```
#[derive(Clone, Debug)]
pub struct Model {
    /// The arcs of row `r` are `arcs[start[r]..start[r + 1]]`, sorted by column.
    pub(super) start: Vec<u32>,
    pub(super) arcs: Vec<Arc>,
    uses: Vec<Use>,
    pub(super) capacity: Vec<u32>,
    pub(super) skip: Vec<i64>,
    pub(super) stocks: Vec<i64>,
    pub(super) balance: i64,
}

/// A row's way into a column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arc {
    pub column: u32,
    pub cost: i64,
    uses: (u32, u32),
}

/// What an arc takes from a stock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use {
    pub stock: u32,
    pub amount: i64,
}

/// Why a model was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// Arcs or costs are not what the solvers take.
    #[error(transparent)]
    Instance(#[from] Invalid),
    /// An arc uses a stock that does not exist.
    #[error("row {row} uses stock {stock}, but there are {stocks} stocks, counted from 0")]
    Stock {
        /// The row.
        row: usize,
        /// The stock it names.
        stock: u32,
        /// How many stocks there are.
        stocks: usize,
    },
    /// A number is negative or too large to be added up safely.
    #[error("{what} is {value}; give 0 to {LIMIT}")]
    Amount {
        /// Which number.
        what: &'static str,
        /// The number.
        value: i64,
    },
}

/// Why an answer is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// There is not one choice for each row.
    #[error("there are {rows} rows and {given} choices")]
    Length {
        /// Rows of the model.
        rows: usize,
        /// Choices given.
        given: usize,
    },
    /// A row was given a column that it has no arc to.
    #[error("row {row} is in column {column}, which is not one of its candidates")]
    NoArc {
        /// The row.
        row: usize,
        /// Its column.
        column: u32,
    },
    /// More rows in a column than it takes.
    #[error("column {column} takes {capacity} rows and got {used}")]
    Column {
        /// The column.
        column: usize,
        /// What it takes.
        capacity: u32,
        /// What it got.
        used: u32,
    },
    /// More taken from a stock than there is.
    #[error("of stock {stock} there are {there}, but {used} are used")]
    Stock {
        /// The stock.
        stock: usize,
        /// How much there is.
        there: i64,
        /// How much is used.
        used: i64,
    },
}

impl Model {
    /// A model without rows: how many rows each column takes, how much there is of each stock, and
    /// what each row of the fullest column costs (0 where balance is not wanted).
    #[must_use]
    pub fn new(capacity: Vec<u32>, stocks: Vec<i64>, balance: i64) -> Self {
        Self {
            start: vec![0],
            arcs: Vec::new(),
            uses: Vec::new(),
            capacity,
            skip: Vec::new(),
            stocks,
            balance,
        }
    }

    /// Adds a row: the cost of leaving it out, and its candidates as (column, cost, uses), each use
    /// a (stock, amount). Of two candidates in one column the cheaper one counts.
    ///
    /// # Errors
    /// [`Misfit`] where a stock does not exist or an amount is negative. Columns and costs are looked at
    /// when the model is solved.
    pub fn row(
        &mut self,
        skip: i64,
        candidates: impl IntoIterator<Item = (u32, i64, Vec<(u32, i64)>)>,
    ) -> Result<(), Misfit> {
        let row = self.rows();
        let mut arcs = Vec::new();
        for (column, cost, uses) in candidates {
            let before = self.uses.len() as u32;
            for (stock, amount) in uses {
                if stock as usize >= self.stocks.len() {
                    return Err(Misfit::Stock { row, stock, stocks: self.stocks.len() });
                }
                within("an amount", amount)?;
                self.uses.push(Use { stock, amount });
            }
            arcs.push(Arc { column, cost, uses: (before, self.uses.len() as u32) });
        }
        arcs.sort_by_key(|arc| (arc.column, arc.cost));
        arcs.dedup_by_key(|arc| arc.column);
        self.arcs.extend(arcs);
        self.start.push(self.arcs.len() as u32);
        self.skip.push(skip);
        Ok(())
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.skip.len()
    }

    /// The numbers of the arcs of a row.
    pub(super) fn of_row(&self, row: usize) -> std::ops::Range<u32> {
        self.start[row]..self.start[row + 1]
    }

    pub(super) fn uses(&self, arc: u32) -> &[Use] {
        let (from, to) = self.arcs[arc as usize].uses;
        &self.uses[from as usize..to as usize]
    }

    /// The row's arc to a column.
    pub(super) fn arc_to(&self, row: usize, column: u32) -> Option<u32> {
        let range = self.of_row(row);
        let arcs = &self.arcs[range.start as usize..range.end as usize];
        let at = arcs.partition_point(|arc| arc.column < column);
        (arcs.get(at)?.column == column).then_some(range.start + at as u32)
    }

    /// What a row costs on an arc of its own, or left out.
    pub(super) fn cost_of(&self, row: usize, arc: u32) -> i64 {
        if arc == OUT { self.skip[row] } else { self.arcs[arc as usize].cost }
    }

    /// The assignment alone: `cost` of each arc, `skip` of each row, room in the columns.
    pub(super) fn instance(
        &self,
        cost: impl Fn(u32) -> i64,
        skip: Vec<i64>,
        capacity: Vec<u32>,
    ) -> Result<Instance, Invalid> {
        let mut arcs = Arcs::builder(self.capacity.len());
        for row in 0..self.rows() {
            arcs.row(self.of_row(row).map(|arc| (self.arcs[arc as usize].column, cost(arc))))?;
        }
        Instance::new(arcs.build(), capacity, skip)
    }

    /// Checks what [`Model::row`] could not.
    pub(super) fn validate(&self) -> Result<(), Misfit> {
        within("the weight of balance", self.balance)?;
        self.stocks.iter().try_for_each(|&stock| within("a stock", stock))?;
        self.instance(
            |arc| self.arcs[arc as usize].cost,
            self.skip.clone(),
            self.capacity.clone(),
        )?;
        Ok(())
    }

    /// Checks an answer from scratch and returns its cost: that of the arcs taken, of the rows left
    /// out, and of the fullest column.
    ///
    /// # Errors
    /// [`Broken`] names the first constraint that is not kept.
    pub fn verify(&self, column_of: &[Option<u32>]) -> Result<i64, Broken> {
        if column_of.len() != self.rows() {
            return Err(Broken::Length { rows: self.rows(), given: column_of.len() });
        }
        let mut in_column = vec![0; self.capacity.len()];
        let mut used = vec![0i64; self.stocks.len()];
        let mut cost = 0;
        for (row, &column) in column_of.iter().enumerate() {
            let Some(column) = column else {
                cost += self.skip[row];
                continue;
            };
            let arc = self.arc_to(row, column).ok_or(Broken::NoArc { row, column })?;
            cost += self.arcs[arc as usize].cost;
            in_column[column as usize] += 1;
            for using in self.uses(arc) {
                used[using.stock as usize] += using.amount;
            }
        }
        for (column, (&used, &capacity)) in in_column.iter().zip(&self.capacity).enumerate() {
            if used > capacity {
                return Err(Broken::Column { column, capacity, used });
            }
        }
        for (stock, (&used, &there)) in used.iter().zip(&self.stocks).enumerate() {
            if used > there {
                return Err(Broken::Stock { stock, there, used });
            }
        }
        let fullest = in_column.iter().copied().max().unwrap_or(0);
        Ok(cost + self.balance * i64::from(fullest))
    }

    /// The column of each row.
    pub(super) fn columns(&self, taken: &[u32]) -> Vec<Option<u32>> {
        let column = |&arc: &u32| self.arcs.get(arc as usize).map(|arc| arc.column);
        taken.iter().map(column).collect()
    }
}

fn within(what: &'static str, value: i64) -> Result<(), Misfit> {
    if (0..=LIMIT).contains(&value) { Ok(()) } else { Err(Misfit::Amount { what, value }) }
}
