//! What is wrong with a world beside the cells that cannot be read. It reads nothing itself.

use super::frames::{Cell, Frames};
use super::{Part, read};
use crate::model::{Code, Issue, World};
use rustc_hash::FxHashSet;

impl Frames<'_> {
    /// What is wrong with the world that the rows without faults make, where [`Frames::read`] finds faults in
    /// others: so that nobody mends one kind only to hear of the other. `settle` says what stands beside
    /// the tables. What may follow from a row that is missing is not told.
    #[must_use]
    pub fn doubts(&self, settle: impl FnOnce(&mut World)) -> Vec<(Issue, Option<Cell>)> {
        let (mut world, issues, kept) = read::read_in_part(self);
        settle(&mut world);
        let faulty: Vec<Cell> = issues.0.iter().filter_map(|issue| self.cell(&issue.at)).collect();
        let rows: FxHashSet<(&str, usize)> = faulty.iter().map(|c| (c.table, c.row)).collect();
        let table =
            |issue: &Issue| issue.at.split([':', '[']).next().unwrap_or_default().to_owned();
        let tables: FxHashSet<String> = issues.0.iter().map(table).collect();
        let row = |part: &Part, number: usize| kept.rows.get(part.name())?.get(number).copied();
        let shift = |e: usize, s: usize| kept.shifts.get(e)?.get(s).copied();
        let found = world.validate().err().into_iter().flat_map(|issues| issues.0);
        let told = found.filter(|issue| !follows(issue.code, &tables)).map(|issue| {
            let cell = self.found(&issue.at, row, shift);
            let at = match &cell {
                Some(cell) => format!("{}[{}].{}", cell.table, cell.row, cell.column),
                None => issue.at,
            };
            (Issue { at, ..issue }, cell)
        });
        let is_new = |cell: &Cell| !rows.contains(&(cell.table, cell.row));
        told.filter(|(_, cell)| cell.as_ref().is_none_or(is_new)).collect()
    }
}

/// Whether a fault may be there only because rows of these tables could not be read.
fn follows(code: Code, tables: &FxHashSet<String>) -> bool {
    let of = |table| tables.contains(table);
    match code {
        Code::EMPTY_WORLD | Code::UNKNOWN_ENGINEER | Code::UNKNOWN_SHIFT => of("engineers"),
        Code::UNKNOWN_TICKET => of("tickets"),
        Code::UNKNOWN_REGION => of("regions"),
        Code::UNKNOWN_SKILL => of("skills"),
        Code::UNKNOWN_PROFILE | Code::NO_PROFILE => of("travel"),
        Code::SPEEDS => of("traffic"),
        Code::EMPTY_OBJECTIVE => of("objective"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::io::tables::frames::tests::grid;
    use crate::io::tables::{Frame, Frames};

    #[test]
    fn faults_of_cells_do_not_hide_those_of_the_world_nor_make_any() {
        let engineers = grid(
            "id,start,end,lat,lon\nada,0,9,1,1\nbob,soon,9,1,1\ncyd,30,20,1,1\ncyd,40,50,1,x\ncyd,60,50,1,1",
        );
        let tickets = grid(
            "id,lat,lon,service,required\nT1,1,1,long,\nT2,95,1,,\nT2,1,1,,bob\nT4,1,1,-5,nobody",
        );
        let tables = vec![
            Frame { name: "engineers", cells: &engineers },
            Frame { name: "tickets", cells: &tickets },
        ];
        let frames = Frames { tables, ..Frames::default() };
        let issues = frames.read().expect_err("faults of cells").0;
        let places: Vec<&str> = issues.iter().map(|issue| &issue.at[..]).collect();
        assert_eq!(places, ["engineers[1].start", "engineers[3].lon", "tickets[0].service"]);
        let doubts = frames.doubts(|world| world.max_changes = Some(1));
        let places: Vec<&str> = doubts.iter().map(|(issue, _)| &issue.at[..]).collect();
        let expected = [
            "tickets[2].id",
            "engineers[2].start",
            "engineers[4].start",
            "tickets[1].lat",
            "tickets[3].service",
        ];
        assert_eq!(places, expected, "{doubts:?}");
    }
}
