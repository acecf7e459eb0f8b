//! What an assignment is asked over: candidate arcs row by row, room per column, and the cost of
//! leaving a row out. Everything is checked here, so that the solvers need not doubt it.

use crate::units::LIMIT;

/// The candidate columns of every row with their costs, in compressed rows.
///
/// Two arcs from one row to one column are allowed; the cheaper one counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arcs {
    columns: usize,
    start: Vec<u32>,
    column: Vec<u32>,
    cost: Vec<i64>,
}

/// Takes the rows of an [`Arcs`] one after the other.
#[derive(Clone, Debug)]
pub struct ArcsBuilder {
    arcs: Arcs,
}

/// One assignment to solve: arcs, how many rows each column takes, and what it costs to leave a
/// row out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    arcs: Arcs,
    capacity: Vec<u32>,
    skip: Vec<i64>,
}

/// What every row can choose from: some of its arcs, or being left out at a cost.
#[derive(Clone, Copy)]
pub(super) struct Choices<'a> {
    pub arcs: &'a Arcs,
    pub skip: &'a [i64],
}

/// Why arcs or an instance were refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// An arc leads to a column that does not exist.
    #[error("row {row} names column {column}, but there are {columns} columns, counted from 0")]
    Column {
        /// The row of the arc.
        row: usize,
        /// The column it names.
        column: u32,
        /// How many columns there are.
        columns: usize,
    },
    /// A cost is too large to be added up safely.
    #[error("row {row}: the cost {cost} of column {column} is beyond ±{LIMIT}; use a coarser unit")]
    Cost {
        /// The row of the arc.
        row: usize,
        /// The column of the arc.
        column: u32,
        /// The cost given.
        cost: i64,
    },
    /// More rows, columns or arcs than 32-bit indexes can name.
    #[error("more than {} rows, columns or arcs; split the instance", Arcs::MOST)]
    TooMany,
    /// A list does not have one entry per row or per column.
    #[error("{what} has {given} entries, but the arcs have {needed}")]
    Length {
        /// Which list.
        what: &'static str,
        /// Its length.
        given: usize,
        /// The length that fits the arcs.
        needed: usize,
    },
    /// The costs of leaving rows out could not be added up in 64 bits.
    #[error(
        "the costs of leaving rows out add up to more than {} by row {row}; use smaller ones or a coarser unit",
        Instance::TOTAL
    )]
    Skip {
        /// The row at which the sum became too large.
        row: usize,
    },
}

impl Arcs {
    /// The most rows, columns or arcs that are taken.
    pub const MOST: usize = i32::MAX as usize;

    /// Starts arcs over `columns` columns and no rows yet.
    #[must_use]
    pub fn builder(columns: usize) -> ArcsBuilder {
        let arcs = Self { columns, start: vec![0], column: Vec::new(), cost: Vec::new() };
        ArcsBuilder { arcs }
    }

    /// Arcs from every row to every column; `costs` holds the matrix row by row.
    ///
    /// # Errors
    /// [`Invalid`] when `costs` is not a multiple of `columns` long, or a cost is out of range.
    pub fn dense(columns: usize, costs: &[i64]) -> Result<Self, Invalid> {
        let rows = costs.len().checked_div(columns).unwrap_or(0);
        if rows * columns != costs.len() {
            let needed = (rows + 1) * columns;
            return Err(Invalid::Length { what: "the matrix", given: costs.len(), needed });
        }
        limit_size(costs.len().max(columns))?;
        if let Some(at) = costs.iter().position(|cost| !(-LIMIT..=LIMIT).contains(cost)) {
            let (row, column) = (at / columns, (at % columns) as u32);
            return Err(Invalid::Cost { row, column, cost: costs[at] });
        }
        let start = (0..=rows).map(|row| (row * columns) as u32).collect();
        let column = (0..columns as u32).cycle().take(costs.len()).collect();
        Ok(Self { columns, start, column, cost: costs.to_vec() })
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.start.len() - 1
    }

    /// How many columns there are.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How many arcs there are in all.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cost.len()
    }

    /// True when no row has a candidate.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cost.is_empty()
    }

    /// The candidates of a row as (column, cost), in the order they were given.
    ///
    /// # Panics
    /// When there is no such row.
    #[inline]
    pub fn row(&self, row: usize) -> impl ExactSizeIterator<Item = (u32, i64)> + Clone + '_ {
        let span = self.start[row] as usize..self.start[row + 1] as usize;
        self.column[span.clone()].iter().copied().zip(self.cost[span].iter().copied())
    }

    /// A cost of leaving a row out that no saving elsewhere can pay for: with it on every row, as
    /// many rows as possible are served, and among such answers the cheapest is found.
    ///
    /// One more row is served by moving a chain of others, each by at most the spread of its own
    /// costs; the sum of all spreads and the largest cost is above every such chain.
    #[must_use]
    pub fn must_serve(&self) -> i64 {
        let spread = |row| {
            let costs = self.row(row).map(|(_, cost)| cost);
            costs.clone().max().unwrap_or(0) - costs.min().unwrap_or(0)
        };
        let chain = (0..self.rows()).fold(0, |sum: i64, row| sum.saturating_add(spread(row)));
        chain.saturating_add(self.cost.iter().copied().max().unwrap_or(0).max(0) + 1)
    }

    /// The lowest and the highest cost; zeros without arcs.
    pub(super) fn cost_range(&self) -> (i64, i64) {
        let costs = || self.cost.iter().copied();
        (costs().min().unwrap_or(0), costs().max().unwrap_or(0))
    }

    /// How many arcs lead to each column.
    pub(super) fn degrees(&self) -> Vec<u32> {
        let mut degree = vec![0; self.columns];
        for &column in &self.column {
            degree[column as usize] += 1;
        }
        degree
    }

    /// The arcs turned round: for every column its rows with their costs.
    pub(super) fn transposed(&self) -> Self {
        let mut start = vec![0; self.columns + 1];
        for &column in &self.column {
            start[column as usize + 1] += 1;
        }
        for column in 0..self.columns {
            start[column + 1] += start[column];
        }
        let mut next = start.clone();
        let (mut rows, mut costs) = (vec![0; self.len()], vec![0; self.len()]);
        for row in 0..self.rows() {
            for (column, cost) in self.row(row) {
                let place = &mut next[column as usize];
                (rows[*place as usize], costs[*place as usize]) = (row as u32, cost);
                *place += 1;
            }
        }
        Self { columns: self.rows(), start, column: rows, cost: costs }
    }
}

fn limit_size(most: usize) -> Result<(), Invalid> {
    if most > Arcs::MOST { Err(Invalid::TooMany) } else { Ok(()) }
}

impl ArcsBuilder {
    /// Adds the next row with its candidates as (column, cost); none is fine too.
    ///
    /// # Errors
    /// [`Invalid`] when a column does not exist or a cost is beyond ±[`LIMIT`]; the row is then
    /// not added.
    pub fn row(&mut self, candidates: impl IntoIterator<Item = (u32, i64)>) -> Result<(), Invalid> {
        let arcs = &mut self.arcs;
        let (row, before) = (arcs.rows(), arcs.len());
        let added = candidates.into_iter().try_for_each(|(column, cost)| {
            if column as usize >= arcs.columns {
                return Err(Invalid::Column { row, column, columns: arcs.columns });
            }
            if !(-LIMIT..=LIMIT).contains(&cost) {
                return Err(Invalid::Cost { row, column, cost });
            }
            arcs.column.push(column);
            arcs.cost.push(cost);
            Ok(())
        });
        let added = added.and_then(|()| limit_size(arcs.len().max(row + 1).max(arcs.columns)));
        match added {
            Ok(()) => arcs.start.push(arcs.column.len() as u32),
            Err(_) => {
                arcs.column.truncate(before);
                arcs.cost.truncate(before);
            }
        }
        added
    }

    /// Adds a row of arcs that have been checked before.
    pub(super) fn push(&mut self, candidates: impl Iterator<Item = (u32, i64)>) {
        for (column, cost) in candidates {
            self.arcs.column.push(column);
            self.arcs.cost.push(cost);
        }
        self.arcs.start.push(self.arcs.column.len() as u32);
    }

    /// The arcs of all rows added.
    #[must_use]
    pub fn build(self) -> Arcs {
        self.arcs
    }
}

impl Instance {
    /// The largest sum of costs that is taken: 2^60, which leaves the solvers head room in `i64`.
    pub const TOTAL: i64 = 1 << 60;

    /// Checks and joins the three parts: `capacity` per column, `skip` (what it costs to leave
    /// the row out; [`Arcs::must_serve`] forbids it as far as possible) per row.
    ///
    /// # Errors
    /// [`Invalid::Length`] when a list does not fit the arcs, [`Invalid::Skip`] when the worst
    /// answer could cost more than [`Instance::TOTAL`] in magnitude.
    pub fn new(arcs: Arcs, capacity: Vec<u32>, skip: Vec<i64>) -> Result<Self, Invalid> {
        let check = |what, given, needed| {
            if given == needed { Ok(()) } else { Err(Invalid::Length { what, given, needed }) }
        };
        check("capacity", capacity.len(), arcs.columns())?;
        check("skip", skip.len(), arcs.rows())?;
        let mut total = 0i64;
        for (row, &skip) in skip.iter().enumerate() {
            // LIMIT stands for the worst arc of the row.
            total = total.saturating_add(skip.saturating_abs().max(LIMIT));
            if total > Self::TOTAL {
                return Err(Invalid::Skip { row });
            }
        }
        Ok(Self { arcs, capacity, skip })
    }

    /// The candidate arcs.
    #[must_use]
    pub fn arcs(&self) -> &Arcs {
        &self.arcs
    }

    /// How many rows each column takes.
    #[must_use]
    pub fn capacity(&self) -> &[u32] {
        &self.capacity
    }

    /// What it costs to leave each row out.
    #[must_use]
    pub fn skip(&self) -> &[i64] {
        &self.skip
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_rows() -> Arcs {
        let mut arcs = Arcs::builder(3);
        arcs.row([(2, 5), (0, -1)]).expect("valid");
        arcs.row([(2, 7)]).expect("valid");
        arcs.build()
    }

    #[test]
    fn a_refused_row_leaves_no_trace() {
        let mut arcs = Arcs::builder(2);
        let error = arcs.row([(0, 1), (2, 1)]).expect_err("column 2 of 2");
        assert_eq!(error, Invalid::Column { row: 0, column: 2, columns: 2 });
        let error = arcs.row([(0, 1), (1, LIMIT + 1)]).expect_err("too large");
        assert_eq!(error, Invalid::Cost { row: 0, column: 1, cost: LIMIT + 1 });
        assert_eq!(arcs.build(), Arcs::builder(2).build());
    }

    #[test]
    fn a_matrix_is_the_same_as_its_rows() {
        let mut rows = Arcs::builder(2);
        rows.row([(0, 1), (1, 2)]).expect("valid");
        rows.row([(0, 3), (1, 4)]).expect("valid");
        assert_eq!(Arcs::dense(2, &[1, 2, 3, 4]), Ok(rows.build()));
        assert_eq!(Arcs::dense(0, &[]), Ok(Arcs::builder(0).build()));
    }

    #[test]
    fn a_matrix_with_a_ragged_row_or_a_wild_cost_is_refused() {
        let error = Arcs::dense(2, &[1, 2, 3]).expect_err("ragged");
        assert_eq!(error, Invalid::Length { what: "the matrix", given: 3, needed: 4 });
        let error = Arcs::dense(2, &[1, 2, 3, i64::MIN]).expect_err("wild");
        assert_eq!(error, Invalid::Cost { row: 1, column: 1, cost: i64::MIN });
    }

    #[test]
    fn turning_round_keeps_every_arc() {
        let round = two_rows().transposed();
        let arcs: Vec<Vec<_>> = (0..3).map(|column| round.row(column).collect()).collect();
        assert_eq!(arcs, [vec![(0, -1)], vec![], vec![(0, 5), (1, 7)]]);
    }

    #[test]
    fn lists_of_the_wrong_length_are_refused() {
        let error = Instance::new(two_rows(), vec![1; 2], vec![0; 2]).expect_err("3 columns");
        assert_eq!(error, Invalid::Length { what: "capacity", given: 2, needed: 3 });
        let error = Instance::new(two_rows(), vec![1; 3], vec![0; 1]).expect_err("2 rows");
        assert_eq!(error, Invalid::Length { what: "skip", given: 1, needed: 2 });
    }

    #[test]
    fn skip_costs_that_cannot_be_added_up_are_refused() {
        let skip = vec![0, -Instance::TOTAL];
        let error = Instance::new(two_rows(), vec![1; 3], skip).expect_err("too large");
        assert_eq!(error, Invalid::Skip { row: 1 });
        assert!(error.to_string().contains("by row 1"));
    }
}
