//! Travel by table: given matrices, and what road networks become.
//!
//! Time and length of a pair lie side by side, so that a leg costs one cache line. Only rows
//! that some site uses are kept.

use crate::model::{Code, Issues, Place, TravelTable};
use crate::travel::Leg;

/// Seconds and metres of one ordered pair.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cell {
    pub(super) seconds: u32,
    pub(super) meters: u32,
}

/// A square of cells for each profile, and the row of each site in them.
#[derive(Clone, Debug)]
pub(super) struct Table {
    rows: Vec<u32>,
    width: usize,
    cells: Vec<Cell>,
}

impl Table {
    /// `cells[(profile * width + from) * width + to]`, where every row is below `width`.
    pub(super) fn new(rows: Vec<u32>, width: usize, cells: Vec<Cell>) -> Self {
        debug_assert!(rows.iter().all(|&row| (row as usize) < width));
        Self { rows, width, cells }
    }

    pub(super) fn build(tables: &[TravelTable], places: &[Place]) -> Result<Self, Issues> {
        let size = tables.first().map_or(0, |table| table.seconds.len());
        let mut issues = Issues::default();
        for (index, table) in tables.iter().enumerate() {
            let at = format!("travel.tables[{index}]");
            check_shape(&table.seconds, size, &format!("{at}.seconds"), &mut issues);
            if let Some(meters) = &table.meters {
                check_shape(meters, size, &format!("{at}.meters"), &mut issues);
            }
        }
        let given = given_rows(places, size, &mut issues);
        issues.or(())?;

        let (rows, used) = dense(&given);
        let mut cells = Vec::with_capacity(tables.len() * used.len() * used.len());
        for table in tables {
            let meters = table.meters.as_ref().unwrap_or(&table.seconds);
            for &from in &used {
                let (seconds, meters) = (&table.seconds[from as usize], &meters[from as usize]);
                cells.extend(used.iter().map(|&to| Cell {
                    seconds: seconds[to as usize],
                    meters: meters[to as usize],
                }));
            }
        }
        Ok(Self::new(rows, used.len(), cells))
    }

    #[inline]
    pub(super) fn leg(&self, profile: u8, from: u32, to: u32) -> Leg {
        let (from, to) = (self.rows[from as usize] as usize, self.rows[to as usize] as usize);
        let cell = self.cells[(usize::from(profile) * self.width + from) * self.width + to];
        Leg { seconds: i64::from(cell.seconds), meters: i64::from(cell.meters) }
    }

    pub(super) fn longest(&self) -> Leg {
        self.cells.iter().fold(Leg::default(), |most, cell| Leg {
            seconds: most.seconds.max(i64::from(cell.seconds)),
            meters: most.meters.max(i64::from(cell.meters)),
        })
    }
}

/// The distinct values in ascending order, preceded by the position of every value among them.
pub(super) fn dense(values: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut used = values.to_vec();
    used.sort_unstable();
    used.dedup();
    let position = |value: &u32| used.partition_point(|other| other < value) as u32;
    (values.iter().map(position).collect(), used)
}

fn given_rows(places: &[Place], size: usize, issues: &mut Issues) -> Vec<u32> {
    let mut rows = Vec::with_capacity(places.len());
    for (index, place) in places.iter().enumerate() {
        match place.row {
            None => issues.add(Code::NO_ROW, format!("place[{index}]"), "`row` is missing"),
            Some(row) if row as usize >= size => {
                let cause = format!("row {row} of a matrix of {size}");
                issues.add(Code::ROW, format!("place[{index}].row"), cause);
            }
            Some(row) => rows.push(row),
        }
    }
    rows
}

/// One issue a matrix is enough: whoever corrects it looks at the whole.
fn check_shape(matrix: &[Vec<u32>], size: usize, at: &str, issues: &mut Issues) {
    if matrix.len() != size {
        issues.add(Code::MATRIX_SHAPE, at, format!("{} rows, the first has {size}", matrix.len()));
    } else if let Some(row) = matrix.iter().position(|row| row.len() != size) {
        let cause = format!("{} columns beside {size} rows", matrix[row].len());
        issues.add(Code::MATRIX_SHAPE, format!("{at}[{row}]"), cause);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TravelMode;
    use crate::travel::Travel;

    fn table(name: &str, seconds: &[&[u32]]) -> TravelTable {
        let seconds = seconds.iter().map(|row| row.to_vec()).collect();
        TravelTable { name: name.into(), seconds, meters: None }
    }

    fn codes(tables: Vec<TravelTable>, places: &[Place]) -> Vec<(Code, String)> {
        let issues = Travel::build(&TravelMode::Matrix { tables }, places).expect_err("faulty");
        issues.0.into_iter().map(|issue| (issue.code, issue.at)).collect()
    }

    #[test]
    fn sites_read_their_own_rows_of_every_table() {
        let mut slow = table("slow", &[&[0, 10, 20], &[30, 0, 40], &[50, 60, 0]]);
        slow.meters = Some(vec![vec![0, 1, 2], vec![3, 0, 4], vec![5, 6, 0]]);
        let fast = table("fast", &[&[0, 7, 8], &[9, 0, 7], &[8, 9, 0]]);
        let mode = TravelMode::Matrix { tables: vec![slow, fast] };
        // Row 1 is not used by anybody, row 2 by two sites.
        let places = [Place::row(2), Place::row(0), Place::at(1.0, 1.0).in_row(2)];
        let travel = Travel::build(&mode, &places).expect("sound");
        assert_eq!(travel.leg(0, 0, 1), Leg { seconds: 50, meters: 5 });
        assert_eq!(travel.leg(0, 1, 0), Leg { seconds: 20, meters: 2 });
        assert_eq!(travel.leg(1, 2, 1), Leg { seconds: 8, meters: 8 });
        assert_eq!(travel.leg(0, 0, 2), Leg::default());
        assert_eq!(travel.longest_bound(), Leg { seconds: 50, meters: 8 });
    }

    #[test]
    fn missing_and_impossible_rows_are_reported_together() {
        let places = [Place::at(1.0, 1.0), Place::row(0), Place::row(1)];
        assert_eq!(
            codes(vec![table("a", &[&[0]])], &places),
            [(Code::NO_ROW, "place[0]".into()), (Code::ROW, "place[2].row".into())]
        );
    }

    #[test]
    fn matrices_that_are_not_square_or_not_alike_are_refused() {
        let square = table("a", &[&[0, 1], &[1, 0]]);
        let ragged = table("b", &[&[0, 1], &[1]]);
        let small = table("c", &[&[0]]);
        let mut short = table("d", &[&[0, 1], &[1, 0]]);
        short.meters = Some(Vec::new());
        assert_eq!(
            codes(vec![square, ragged, small, short], &[]),
            [
                (Code::MATRIX_SHAPE, "travel.tables[1].seconds[1]".into()),
                (Code::MATRIX_SHAPE, "travel.tables[2].seconds".into()),
                (Code::MATRIX_SHAPE, "travel.tables[3].meters".into()),
            ]
        );
    }
}
