//! The independent proof that an assignment is optimal: feasible prices at which every choice made
//! is a cheapest one. It must not share code with the solver.

use super::arcs::Instance;
use super::exact::Matching;

/// Why a matching is not proven optimal: the first thing found wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotOptimal {
    /// The matching or its prices are not as long as the instance.
    #[error("the matching has {given} {what}, the instance {needed}")]
    Length {
        /// Rows or columns.
        what: &'static str,
        /// How many the matching has.
        given: usize,
        /// How many the instance has.
        needed: usize,
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
    Overfull {
        /// The column.
        column: usize,
        /// What it takes.
        capacity: u32,
        /// What it got.
        used: u32,
    },
    /// The cost is not the sum of the choices made.
    #[error("the cost is stated as {stated}, but the choices add up to {actual}")]
    Cost {
        /// The cost in the matching.
        stated: i64,
        /// The cost of its choices.
        actual: i128,
    },
    /// A column has a price although a seat is empty, or a negative price.
    #[error("column {column} has the price {price} and {empty} empty seats")]
    Price {
        /// The column.
        column: usize,
        /// Its price.
        price: i64,
        /// How many more rows it would take.
        empty: u32,
    },
    /// A row's value is not what its choice costs, so a cheaper choice may exist.
    #[error("row {row} pays {pays} at these prices and is valued at {value}")]
    Regret {
        /// The row.
        row: usize,
        /// What its choice costs with the column's price.
        pays: i64,
        /// Its value in the prices.
        value: i64,
    },
    /// A choice that would cost a row less than its value.
    #[error("row {row} is valued at {value}, but another choice of it costs {cheaper}")]
    Cheaper {
        /// The row.
        row: usize,
        /// Its value in the prices.
        value: i64,
        /// What the other choice costs with the column's price.
        cheaper: i64,
    },
}

/// Proves that `matching` is an assignment of least cost, from its prices alone, in O(arcs).
///
/// By weak duality no assignment costs less than the values of all rows minus the price of every
/// seat, if no value is above any choice of its row; and this one costs exactly that if every
/// choice made costs its row's value and every seat with a price is taken.
///
/// # Errors
/// [`NotOptimal`] names the first failure. A right matching with wrong prices is refused too.
pub fn prove(instance: &Instance, matching: &Matching) -> Result<(), NotOptimal> {
    let (arcs, prices) = (instance.arcs(), &matching.prices);
    let lengths = [
        ("rows", matching.column_of.len(), arcs.rows()),
        ("row prices", prices.rows.len(), arcs.rows()),
        ("column prices", prices.columns.len(), arcs.columns()),
    ];
    for (what, given, needed) in lengths {
        if given != needed {
            return Err(NotOptimal::Length { what, given, needed });
        }
    }
    let mut used = vec![0; arcs.columns()];
    let mut actual = 0;
    for (row, &choice) in matching.column_of.iter().enumerate() {
        actual += i128::from(proven_row(instance, matching, row)?);
        if let Some(column) = choice {
            used[column as usize] += 1;
        }
    }
    for (column, (&used, &capacity)) in used.iter().zip(instance.capacity()).enumerate() {
        if used > capacity {
            return Err(NotOptimal::Overfull { column, capacity, used });
        }
        let (price, empty) = (prices.columns[column], capacity - used);
        if price < 0 || (price > 0 && empty > 0) {
            return Err(NotOptimal::Price { column, price, empty });
        }
    }
    if actual != i128::from(matching.cost) {
        return Err(NotOptimal::Cost { stated: matching.cost, actual });
    }
    Ok(())
}

/// Checks that a row sits on a cheapest choice at its value; returns the cost of that choice.
fn proven_row(instance: &Instance, matching: &Matching, row: usize) -> Result<i64, NotOptimal> {
    let Matching { column_of, prices, .. } = matching;
    let value = prices.rows[row];
    let with_price = |column: u32, cost: i64| cost.saturating_add(prices.columns[column as usize]);
    let skip = instance.skip()[row];
    let choices = instance.arcs().row(row);
    let cheapest =
        choices.clone().map(|(column, cost)| with_price(column, cost)).fold(skip, i64::min);
    if cheapest < value {
        return Err(NotOptimal::Cheaper { row, value, cheaper: cheapest });
    }
    let (cost, pays) = match column_of[row] {
        None => (skip, skip),
        Some(column) => {
            let to_it = choices.filter(|arc| arc.0 == column).map(|arc| arc.1);
            let cost = to_it.min().ok_or(NotOptimal::NoArc { row, column })?;
            (cost, with_price(column, cost))
        }
    };
    if pays != value {
        return Err(NotOptimal::Regret { row, pays, value });
    }
    Ok(cost)
}

#[cfg(test)]
mod tests {
    use super::super::{Arcs, Prices};
    use super::*;

    /// Row 0 may use both columns, row 1 only column 0, row 2 none; one seat each.
    fn instance() -> Instance {
        let mut arcs = Arcs::builder(2);
        for row in [&[(0, 1), (1, 4)][..], &[(0, 2)], &[]] {
            arcs.row(row.iter().copied()).expect("valid");
        }
        Instance::new(arcs.build(), vec![1, 1], vec![20, 20, 30]).expect("valid")
    }

    /// Row 1 has column 0, so row 0 makes do with column 1; a price of 3 keeps it there.
    fn optimum() -> Matching {
        let prices = Prices { rows: vec![4, 5, 30], columns: vec![3, 0] };
        Matching { column_of: vec![Some(1), Some(0), None], cost: 36, prices }
    }

    #[track_caller]
    fn check(tamper: impl FnOnce(&mut Matching), expected: NotOptimal) {
        let mut matching = optimum();
        tamper(&mut matching);
        assert_eq!(prove(&instance(), &matching), Err(expected));
    }

    #[test]
    fn an_optimum_is_proven() {
        assert_eq!(prove(&instance(), &optimum()), Ok(()));
    }

    #[test]
    fn a_cheaper_choice_is_found() {
        // Both prices right for the wrong answer: row 1 left out, though column 1 is empty.
        let tamper = |m: &mut Matching| {
            m.column_of = vec![Some(0), None, None];
            m.prices.rows = vec![1, 20, 30];
            m.prices.columns = vec![0, 0];
        };
        check(tamper, NotOptimal::Cheaper { row: 1, value: 20, cheaper: 2 });
    }

    #[test]
    fn a_choice_above_the_value_of_its_row_is_found() {
        check(|m| m.prices.rows[0] -= 1, NotOptimal::Regret { row: 0, pays: 4, value: 3 });
    }

    #[test]
    fn an_empty_seat_with_a_price_is_found() {
        let tamper = |m: &mut Matching| {
            m.column_of = vec![None, None, None];
            m.prices.rows = vec![20, 20, 30];
            m.prices.columns = vec![19, 16];
        };
        check(tamper, NotOptimal::Price { column: 0, price: 19, empty: 1 });
    }

    #[test]
    fn an_arc_that_does_not_exist_is_found() {
        check(|m| m.column_of[1] = Some(1), NotOptimal::NoArc { row: 1, column: 1 });
        check(|m| m.column_of[1] = Some(9), NotOptimal::NoArc { row: 1, column: 9 });
    }

    #[test]
    fn an_overfull_column_is_found() {
        let tamper = |m: &mut Matching| {
            m.column_of[0] = Some(0);
            m.prices.columns = vec![0, 0];
            m.prices.rows = vec![1, 2, 30];
        };
        check(tamper, NotOptimal::Overfull { column: 0, capacity: 1, used: 2 });
    }

    #[test]
    fn a_wrong_sum_or_length_is_found() {
        check(|m| m.cost += 1, NotOptimal::Cost { stated: 37, actual: 36 });
        let length = NotOptimal::Length { what: "row prices", given: 2, needed: 3 };
        check(|m| m.prices.rows.truncate(2), length);
    }
}
