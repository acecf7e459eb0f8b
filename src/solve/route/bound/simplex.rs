//! A small revised primal simplex that keeps its basis inverse dense and gives dual prices.
//!
//! Made for restricted masters: a few hundred rows, thousands of sparse columns that arrive in batches,
//! and a basis that stays feasible from batch to batch. Right-hand sides are expected to be perturbed by
//! the caller, which keeps degenerate masters from stalling. Floats are fine here: whatever prices come
//! out, the bound is computed from them in integers, and holds for any prices.

/// Reduced costs above minus this share of the largest cost count as not negative.
const COST_TOLERANCE: f64 = 1e-10;
/// Pivots smaller than this are not taken.
const PIVOT_MIN: f64 = 1e-7;
/// The inverse is computed afresh after so many pivots.
const REFRESH_EVERY: usize = 400;

/// One column: its cost and its entries that are not zero.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub cost: f64,
    pub entries: Vec<(u32, f64)>,
}

/// `min c x, A x = b, x >= 0` with a basis.
#[derive(Debug)]
pub(super) struct Simplex {
    right: Vec<f64>,
    columns: Vec<Column>,
    /// For each column whether it is in the basis.
    is_basic: Vec<bool>,
    /// The column of each row.
    basis: Vec<u32>,
    /// The inverse of the basis, column by column.
    inverse: Vec<f64>,
    /// The value of the column of each row.
    values: Vec<f64>,
    prices: Vec<f64>,
    /// The largest cost of a column.
    dearest: f64,
    pivots: usize,
}

impl Simplex {
    /// A program with these right-hand sides whose first columns, one for each row, are its basis. They
    /// must be independent and their values not negative.
    pub(super) fn new(right: Vec<f64>, basis: Vec<Column>) -> Self {
        let rows = right.len();
        debug_assert_eq!(rows, basis.len());
        let mut simplex = Self {
            values: vec![0.0; rows],
            prices: vec![0.0; rows],
            inverse: Vec::new(),
            basis: (0..rows as u32).collect(),
            is_basic: vec![true; rows],
            dearest: basis.iter().map(|column| column.cost.abs()).fold(0.0, f64::max),
            columns: basis,
            right,
            pivots: 0,
        };
        simplex.refresh();
        simplex
    }

    /// Adds a column, which stays out of the basis for now, and returns its number.
    pub(super) fn add(&mut self, column: Column) -> u32 {
        self.dearest = self.dearest.max(column.cost.abs());
        self.columns.push(column);
        self.is_basic.push(false);
        self.columns.len() as u32 - 1
    }

    /// Gives columns other costs.
    pub(super) fn reprice(&mut self, costs: impl Iterator<Item = (u32, f64)>) {
        for (column, cost) in costs {
            self.columns[column as usize].cost = cost;
            self.dearest = self.dearest.max(cost.abs());
        }
        self.price();
    }

    /// How many columns there are.
    pub(super) fn len(&self) -> usize {
        self.columns.len()
    }

    /// The dual price of each row.
    pub(super) fn prices(&self) -> &[f64] {
        &self.prices
    }

    /// The columns in the basis with their values.
    pub(super) fn basics(&self) -> impl Iterator<Item = (u32, f64)> {
        self.basis.iter().copied().zip(self.values.iter().copied())
    }

    /// The cost of the basis.
    pub(super) fn value(&self) -> f64 {
        self.basics().map(|(column, value)| self.columns[column as usize].cost * value).sum()
    }

    /// What one unit of a column adds at the present prices.
    pub(super) fn reduced_cost(&self, column: &Column) -> f64 {
        let priced = column.entries.iter().map(|&(row, a)| self.prices[row as usize] * a);
        column.cost - priced.sum::<f64>()
    }

    /// Pivots until no column has a negative reduced cost, at most so often. Says whether it got there.
    ///
    /// A pivot is O(rows² + entries of all columns).
    pub(super) fn solve(&mut self, pivots_max: usize) -> bool {
        for _ in 0..pivots_max {
            let Some(entering) = self.entering() else { return true };
            let direction = self.direction(&self.columns[entering as usize]);
            let Some(row) = self.leaving(&direction) else { return false };
            self.pivot(entering, row, &direction);
        }
        false
    }

    /// True when a column would lower the cost.
    pub(super) fn pays(&self, column: &Column) -> bool {
        self.reduced_cost(column) < -COST_TOLERANCE * self.dearest
    }

    /// The column that pays most in proportion to its size.
    fn entering(&self) -> Option<u32> {
        let steepness = |column: &Column| {
            self.reduced_cost(column) / (1.0 + column.entries.len() as f64).sqrt()
        };
        let all = self.columns.iter().enumerate();
        let paying = all.filter(|&(index, column)| !self.is_basic[index] && self.pays(column));
        let paying = paying.map(|(index, column)| (index as u32, steepness(column)));
        paying.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(index, _)| index)
    }

    /// How the values of the basis fall for one unit of a column.
    fn direction(&self, column: &Column) -> Vec<f64> {
        let rows = self.right.len();
        let mut direction = vec![0.0; rows];
        for &(row, a) in &column.entries {
            let inverse = &self.inverse[row as usize * rows..][..rows];
            for (sum, &b) in direction.iter_mut().zip(inverse) {
                *sum += a * b;
            }
        }
        direction
    }

    /// The row that runs out first; of those that do so almost together the one with the largest pivot.
    fn leaving(&self, direction: &[f64]) -> Option<usize> {
        let ratios = || {
            let rows = direction.iter().enumerate().filter(|&(_, &d)| d > PIVOT_MIN);
            rows.map(|(row, &d)| (row, self.values[row].max(0.0) / d))
        };
        let least = ratios().map(|(_, ratio)| ratio).min_by(f64::total_cmp)?;
        let close = ratios().filter(|&(_, ratio)| ratio <= least + 1e-12);
        close.max_by(|a, b| direction[a.0].total_cmp(&direction[b.0])).map(|(row, _)| row)
    }

    fn pivot(&mut self, entering: u32, row: usize, direction: &[f64]) {
        let rows = self.right.len();
        let pivot = direction[row];
        let step = self.values[row].max(0.0) / pivot;
        let gain = self.reduced_cost(&self.columns[entering as usize]);
        for (value, &d) in self.values.iter_mut().zip(direction) {
            *value = (*value - step * d).max(0.0);
        }
        self.values[row] = step;
        for (column, price) in self.inverse.chunks_exact_mut(rows).zip(&mut self.prices) {
            let scaled = column[row] / pivot;
            if scaled == 0.0 {
                continue;
            }
            for (entry, &d) in column.iter_mut().zip(direction) {
                *entry -= d * scaled;
            }
            column[row] = scaled;
            *price += gain * scaled;
        }
        self.is_basic[self.basis[row] as usize] = false;
        self.is_basic[entering as usize] = true;
        self.basis[row] = entering;
        self.pivots += 1;
        if self.pivots.is_multiple_of(REFRESH_EVERY) {
            self.refresh();
        }
    }

    /// Computes inverse, values and prices from the basis, by elimination with row exchanges.
    fn refresh(&mut self) {
        let rows = self.right.len();
        if rows == 0 {
            return;
        }
        let mut matrix = vec![0.0; rows * rows];
        for (at, &column) in self.basis.iter().enumerate() {
            for &(row, a) in &self.columns[column as usize].entries {
                matrix[row as usize * rows + at] = a;
            }
        }
        // Row by row, `matrix` becomes the unit matrix and `inverse` what made it so.
        let mut inverse = vec![0.0; rows * rows];
        for row in 0..rows {
            inverse[row * rows + row] = 1.0;
        }
        for at in 0..rows {
            let size = |row: usize| matrix[row * rows + at].abs();
            let best = (at..rows).max_by(|&a, &b| size(a).total_cmp(&size(b))).unwrap_or(at);
            if size(best) < 1e-12 {
                // A basis that rounding has made singular: go on with the inverse that was updated.
                return;
            }
            if best != at {
                for column in 0..rows {
                    matrix.swap(best * rows + column, at * rows + column);
                    inverse.swap(best * rows + column, at * rows + column);
                }
            }
            let scale = 1.0 / matrix[at * rows + at];
            for column in 0..rows {
                matrix[at * rows + column] *= scale;
                inverse[at * rows + column] *= scale;
            }
            let (row_m, row_i) =
                (matrix[at * rows..][..rows].to_vec(), inverse[at * rows..][..rows].to_vec());
            for row in (0..rows).filter(|&row| row != at) {
                let factor = matrix[row * rows + at];
                if factor == 0.0 {
                    continue;
                }
                for (entry, &a) in matrix[row * rows..][..rows].iter_mut().zip(&row_m) {
                    *entry -= factor * a;
                }
                for (entry, &a) in inverse[row * rows..][..rows].iter_mut().zip(&row_i) {
                    *entry -= factor * a;
                }
            }
        }
        self.inverse = vec![0.0; rows * rows];
        for row in 0..rows {
            for column in 0..rows {
                self.inverse[column * rows + row] = inverse[row * rows + column];
            }
        }
        self.values.fill(0.0);
        for (column, &right) in self.inverse.chunks_exact(rows).zip(&self.right) {
            for (value, &b) in self.values.iter_mut().zip(column) {
                *value += right * b;
            }
        }
        self.values.iter_mut().for_each(|value| *value = value.max(0.0));
        self.price();
    }

    /// Computes prices from the costs of the basis.
    fn price(&mut self) {
        let rows = self.right.len();
        if rows == 0 {
            return;
        }
        let costs: Vec<f64> = self.basis.iter().map(|&c| self.columns[c as usize].cost).collect();
        for (column, price) in self.inverse.chunks_exact(rows).zip(&mut self.prices) {
            *price = column.iter().zip(&costs).map(|(b, cost)| b * cost).sum();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    /// A covering program: unit columns that are dear, then random sets.
    fn covering(seed: u64) -> Simplex {
        let rng = &mut Rng::new(seed, 0);
        let rows = 3 + rng.below(12);
        let right = (0..rows).map(|_| 1.0 + 1e-4 * rng.unit()).collect();
        let dear = (0..rows as u32).map(|row| Column { cost: 1e3, entries: vec![(row, 1.0)] });
        let mut simplex = Simplex::new(right, dear.collect());
        for row in 0..rows as u32 {
            simplex.add(Column { cost: 0.0, entries: vec![(row, -1.0)] });
        }
        for _ in 0..60 {
            let set = (0..rows as u32).filter(|_| rng.one_in(3)).map(|row| (row, 1.0));
            let entries: Vec<(u32, f64)> = set.collect();
            simplex.add(Column { cost: 3.0 + 10.0 * rng.unit(), entries });
        }
        simplex
    }

    #[test]
    fn the_end_is_feasible_in_both_programs_and_they_cost_the_same() {
        for seed in 0..200 {
            let mut simplex = covering(seed);
            assert!(simplex.solve(10_000), "seed {seed}");
            let mut reached = vec![0.0; simplex.right.len()];
            for (column, value) in simplex.basics() {
                assert!(value >= 0.0, "seed {seed}");
                for &(row, a) in &simplex.columns[column as usize].entries {
                    reached[row as usize] += a * value;
                }
            }
            for (reached, right) in reached.iter().zip(&simplex.right) {
                assert!((reached - right).abs() < 1e-6, "seed {seed}: {reached} for {right}");
            }
            for column in &simplex.columns {
                assert!(simplex.reduced_cost(column) > -1e-6, "seed {seed}");
            }
            let dual: f64 = simplex.prices().iter().zip(&simplex.right).map(|(y, b)| y * b).sum();
            assert!((dual - simplex.value()).abs() < 1e-6, "seed {seed}");
        }
    }

    #[test]
    fn columns_that_come_later_are_taken_up() {
        let mut simplex = covering(7);
        assert!(simplex.solve(10_000));
        let before = simplex.value();
        let everything = (0..simplex.right.len() as u32).map(|row| (row, 1.0)).collect();
        simplex.add(Column { cost: 0.5, entries: everything });
        assert!(simplex.solve(10_000));
        assert!(simplex.value() < before.min(0.51));
    }
}
