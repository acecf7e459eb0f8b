//! Who sits where: rows in columns under the columns' capacities. It knows no costs.

/// The column of a row that has not been decided.
pub(super) const FREE: u32 = u32::MAX;
/// The column of a row that is left out.
pub(super) const SKIPPED: u32 = u32::MAX - 1;

/// A seating: each column owns a run of seats of which the first `used` are taken.
#[derive(Clone, Debug)]
pub(super) struct Seats {
    first: Vec<u32>,
    used: Vec<u32>,
    sitter: Vec<u32>,
    seat: Vec<u32>,
    column: Vec<u32>,
}

impl Seats {
    /// No row seated. A column never needs more seats than `capacity`, nor more than one above
    /// the number of rows that could come (`degree`): the one keeps it from ever looking full.
    pub fn new(rows: usize, capacity: &[u32], degree: &[u32]) -> Self {
        let mut first = vec![0; capacity.len() + 1];
        for (column, (&capacity, &degree)) in capacity.iter().zip(degree).enumerate() {
            first[column + 1] = first[column] + capacity.min(degree + 1);
        }
        let seats = first[capacity.len()] as usize;
        Self {
            first,
            used: vec![0; capacity.len()],
            sitter: vec![FREE; seats],
            seat: vec![0; rows],
            column: vec![FREE; rows],
        }
    }

    /// The column of a row, or [`FREE`] or [`SKIPPED`].
    pub fn column(&self, row: u32) -> u32 {
        self.column[row as usize]
    }

    /// True when the column takes one more row.
    pub fn has_room(&self, column: u32) -> bool {
        let column = column as usize;
        self.first[column] + self.used[column] < self.first[column + 1]
    }

    /// The rows of a column.
    pub fn sitters(&self, column: u32) -> &[u32] {
        let first = self.first[column as usize] as usize;
        &self.sitter[first..first + self.used[column as usize] as usize]
    }

    /// Seats a row that sits nowhere in a column that has room.
    pub fn sit(&mut self, row: u32, column: u32) {
        debug_assert!(self.has_room(column) && self.column(row) >= SKIPPED);
        let seat = self.first[column as usize] + self.used[column as usize];
        self.used[column as usize] += 1;
        self.place(row, seat);
        self.column[row as usize] = column;
    }

    /// Frees the seat of a seated row; the last of the column moves into it.
    pub fn rise(&mut self, row: u32) {
        let column = self.column(row) as usize;
        let last = self.first[column] + self.used[column] - 1;
        self.place(self.sitter[last as usize], self.seat[row as usize]);
        self.used[column] -= 1;
        self.column[row as usize] = FREE;
    }

    /// Lets the two rows on places `a` and `b` of a column change seats.
    pub fn swap(&mut self, column: u32, a: usize, b: usize) {
        let first = self.first[column as usize] as usize;
        let (one, other) = (self.sitter[first + a], self.sitter[first + b]);
        self.place(one, (first + b) as u32);
        self.place(other, (first + a) as u32);
    }

    /// Leaves out a row that sits nowhere.
    pub fn skip(&mut self, row: u32) {
        debug_assert!(self.column(row) >= SKIPPED);
        self.column[row as usize] = SKIPPED;
    }

    /// Undecides a row that was left out.
    pub fn unskip(&mut self, row: u32) {
        debug_assert_eq!(self.column(row), SKIPPED);
        self.column[row as usize] = FREE;
    }

    /// Undecides all rows.
    pub fn clear(&mut self) {
        self.used.fill(0);
        self.column.fill(FREE);
    }

    fn place(&mut self, row: u32, seat: u32) {
        self.sitter[seat as usize] = row;
        self.seat[row as usize] = seat;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_sitter_takes_the_seat_of_one_who_rises() {
        let mut seats = Seats::new(4, &[3, 1], &[4, 4]);
        for row in 0..3 {
            seats.sit(row, 0);
        }
        assert!(!seats.has_room(0) && seats.has_room(1));
        seats.rise(0);
        assert_eq!((seats.sitters(0), seats.column(0)), (&[2, 1][..], FREE));
        seats.swap(0, 0, 1);
        seats.rise(1);
        assert_eq!(seats.sitters(0), [2]);
        seats.sit(3, 0);
        assert_eq!((seats.sitters(0), seats.column(3)), (&[2, 3][..], 0));
    }

    #[test]
    fn a_column_wider_than_its_demand_never_looks_full() {
        let mut seats = Seats::new(2, &[u32::MAX], &[2]);
        seats.sit(0, 0);
        seats.sit(1, 0);
        assert!(seats.has_room(0));
    }
}
