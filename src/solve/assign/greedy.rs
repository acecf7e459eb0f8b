//! The baseline: the cheapest arc first. Fast, easy to explain, and often far from optimal.

use super::arcs::Instance;
use super::exact::cost_of;

/// An assignment without a claim to be the best.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picks {
    /// The column of each row; `None` for a row left out.
    pub column_of: Vec<Option<u32>>,
    /// The cost of all arcs taken and all rows left out.
    pub cost: i64,
}

/// Takes arcs by cost, then row, then column, while the row is not served and the column has room;
/// never one that costs more than leaving its row out. O(arcs · log arcs).
#[must_use]
pub fn greedy(instance: &Instance) -> Picks {
    let arcs = instance.arcs();
    let mut order: Vec<(i64, u32, u32)> = (0..arcs.rows())
        .flat_map(|row| arcs.row(row).map(move |(column, cost)| (cost, row as u32, column)))
        .filter(|&(cost, row, _)| cost <= instance.skip()[row as usize])
        .collect();
    order.sort_unstable();
    let mut room = instance.capacity().to_vec();
    let mut column_of = vec![None; arcs.rows()];
    for (_, row, column) in order {
        let (choice, room) = (&mut column_of[row as usize], &mut room[column as usize]);
        if choice.is_none() && *room > 0 {
            *choice = Some(column);
            *room -= 1;
        }
    }
    let cost = (0..).zip(&column_of).map(|(row, &column)| cost_of(instance, row, column)).sum();
    Picks { column_of, cost }
}

#[cfg(test)]
mod tests {
    use super::super::Arcs;
    use super::*;

    fn picks(rows: &[&[(u32, i64)]], capacity: &[u32], skip: &[i64]) -> Picks {
        let mut arcs = Arcs::builder(capacity.len());
        for row in rows {
            arcs.row(row.iter().copied()).expect("valid");
        }
        greedy(&Instance::new(arcs.build(), capacity.into(), skip.into()).expect("valid"))
    }

    #[test]
    fn ties_go_to_the_lower_row_then_the_lower_column() {
        let picks = picks(&[&[(1, 5), (0, 5)], &[(0, 5), (1, 5)]], &[1, 1], &[9, 9]);
        assert_eq!(picks.column_of, [Some(0), Some(1)]);
    }

    #[test]
    fn the_cheapest_arc_is_taken_though_it_bars_a_row_that_has_no_other() {
        let picks = picks(&[&[(0, 3)], &[(0, 2), (1, 4)]], &[1, 1], &[100, 100]);
        assert_eq!((picks.cost, picks.column_of), (102, vec![None, Some(0)]));
    }

    #[test]
    fn an_arc_dearer_than_leaving_the_row_out_is_not_taken() {
        assert_eq!(picks(&[&[(0, 3)]], &[1], &[2]).column_of, [None]);
    }
}
