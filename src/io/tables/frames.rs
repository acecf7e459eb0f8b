//! Tables that stand in memory: columns of a data frame by the names and meanings of the files.

use super::expects::expects;
use super::{ENGINEERS, LISTS, PARTS, Part, read};
use crate::model::{Issues, TravelMode, World};
use crate::units::Instant;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// What to do about a time of day of which nobody knows where it is.
pub(super) const OFFSET: &str = "write its offset, as in `2026-03-02T08:00+01:00`";

/// A table whose cells can be had as text, row by row.
pub trait Cells: Sync {
    /// The names of its columns.
    fn columns(&self) -> Vec<&str>;
    /// How many rows it has.
    fn rows(&self) -> usize;
    /// What a cell says, as it would stand in a file; empty where it says nothing.
    fn text(&self, row: usize, column: usize) -> Cow<'_, str>;
    /// The whole number that a cell holds in a column of numbers, moments or lengths of time: what its text
    /// would only spell out.
    fn whole(&self, _row: usize, _column: usize) -> Option<i64> {
        None
    }
    /// The number that a cell holds in a column of numbers.
    fn real(&self, _row: usize, _column: usize) -> Option<f64> {
        None
    }
    /// The moment at which a clock on the wall, where this column is from, says so many seconds since 1970: what
    /// `2026-03-02 08:00` means there.
    ///
    /// # Errors
    /// What to do where no zone is known.
    fn moment(&self, _column: usize, _wall: i64) -> Result<Instant, &'static str> {
        Err(OFFSET)
    }
    /// The items of a cell whose column holds lists; otherwise the text is split at `;`.
    fn items(&self, _row: usize, _column: usize) -> Option<Vec<Cow<'_, str>>> {
        None
    }
}

/// The columns that a table may have, and what belongs into each; nothing when no table has this name.
///
/// ```
/// let columns = fieldwright::io::tables::columns("skills");
/// assert_eq!(columns, [("skill", "a name")]);
/// ```
#[must_use]
pub fn columns(table: &str) -> Vec<(&'static str, &'static str)> {
    let part = PARTS.into_iter().find(|part| part.name() == table);
    part.into_iter().flat_map(Part::columns).map(|name| (name, expects(name))).collect()
}

/// A table and its name, which is that of its file without the ending: `engineers`, `tickets`.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its columns.
    pub cells: &'a dyn Cells,
}

/// A world as tables in memory.
///
/// ```
/// use fieldwright::io::tables::{Cells, Frame, Frames};
/// use std::borrow::Cow;
///
/// struct Grid(&'static [&'static [&'static str]]);
/// impl Cells for Grid {
///     fn columns(&self) -> Vec<&str> { self.0[0].to_vec() }
///     fn rows(&self) -> usize { self.0.len() - 1 }
///     fn text(&self, row: usize, column: usize) -> Cow<'_, str> { self.0[row + 1][column].into() }
/// }
/// let engineers = Grid(&[&["id", "start", "end", "lat", "lon"], &["ada", "0", "28800", "52.5", "13.4"]]);
/// let tickets = Grid(&[&["id", "lat", "lon", "service"], &["T1", "52.5", "13.5", "half an hour"]]);
/// let tables = vec![
///     Frame { name: "engineers", cells: &engineers },
///     Frame { name: "tickets", cells: &tickets },
/// ];
/// let frames = Frames { tables, ..Frames::default() };
/// let issues = frames.read().unwrap_err();
/// assert_eq!(issues.0[0].at, "tickets[0].service");
/// let cell = frames.cell(&issues.0[0].at).unwrap();
/// assert_eq!((cell.row, cell.column, &cell.value[..]), (0, "service", "half an hour"));
/// ```
#[derive(Clone, Default)]
pub struct Frames<'a> {
    /// The tables; of two with one name the first counts.
    pub tables: Vec<Frame<'a>>,
    /// Outlines of regions as GeoJSON.
    pub outlines: Option<&'a str>,
    /// How engineers travel, where no table `travel` says so. Places need no coordinates where this is
    /// matrices.
    pub travel: Option<TravelMode>,
}

/// One cell, and what it should have said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Name of the table.
    pub table: &'static str,
    /// Number of the row, from 0.
    pub row: usize,
    /// Name of the column.
    pub column: &'static str,
    /// What it says; empty where there is no such column.
    pub value: String,
    /// What belongs into the column.
    pub expects: &'static str,
}

impl Frames<'_> {
    /// Reads a world, in O(cells).
    ///
    /// # Errors
    /// As [`read()`](super::read()), at `table[row].column`, rows counted from 0.
    pub fn read(&self) -> Result<World, Issues> {
        read::read_frames(self)
    }

    /// The cell at `table[row].column`, which is where [`Frames::read`] finds faults.
    #[must_use]
    pub fn cell(&self, at: &str) -> Option<Cell> {
        let (table, row, rest) = item(at)?;
        let part = PARTS.into_iter().find(|part| part.name() == table)?;
        self.cell_in(part, row, part.columns().find(|column| *column == rest)?)
    }

    /// The cell that a path in the world names which was read from all these rows.
    #[must_use]
    pub fn cell_of_world(&self, at: &str) -> Option<Cell> {
        self.found(at, |_, number| Some(number), |e, s| self.row_of_shift(e, s))
    }

    /// The cell of a path in a world, given the rows of its lists and of its shifts.
    pub(super) fn found(
        &self,
        at: &str,
        row: impl Fn(&Part, usize) -> Option<usize>,
        row_of_shift: impl Fn(usize, usize) -> Option<usize>,
    ) -> Option<Cell> {
        let (list, number, rest) = item(at)?;
        if list == ENGINEERS.name() {
            let (shift, rest) = match rest.strip_prefix("shifts[").and_then(|s| s.split_once(']')) {
                Some((shift, "")) => (shift.parse().ok()?, "start"),
                Some((shift, rest)) => (shift.parse().ok()?, rest.trim_start_matches('.')),
                None => (0, rest),
            };
            let row = row_of_shift(number, shift)?;
            return self.cell_in(&ENGINEERS, row, column(&ENGINEERS, rest));
        }
        let listed = LISTS.iter().find(|(name, _)| *name == list).map(|(_, part)| *part);
        let part = listed.or_else(|| PARTS.into_iter().find(|part| part.name() == list))?;
        let row = row(part, number)?;
        let cell = self.cell_in(part, row, column(part, rest))?;
        // A window that is not in its own column stands in a pair of others.
        let is_paired = cell.column == "windows" && cell.value.is_empty();
        if is_paired { self.cell_in(part, row, "earliest") } else { Some(cell) }
    }

    /// The columns that a table must have: places stand in a matrix or have coordinates.
    pub(super) fn needed(&self, part: &Part) -> impl Iterator<Item = &'static str> {
        let in_matrix = matches!(self.travel, Some(TravelMode::Matrix { .. }));
        let spared = move |column: &&str| in_matrix && ["lat", "lon"].contains(column);
        part.needed.iter().copied().filter(move |column| !spared(column))
    }

    fn frame(&self, part: &Part) -> Option<&Frame<'_>> {
        self.tables.iter().find(|frame| frame.name == part.name())
    }

    fn cell_in(&self, part: &Part, row: usize, column: &'static str) -> Option<Cell> {
        let cells = self.frame(part)?.cells;
        let index = cells.columns().iter().position(|name| *name == column);
        let value = index.filter(|_| row < cells.rows()).map(|index| cells.text(row, index));
        Some(Cell {
            table: part.name(),
            row,
            column,
            value: value.unwrap_or_default().into_owned(),
            expects: expects(column),
        })
    }

    /// The row of this shift of this engineer: rows of one id are one engineer.
    fn row_of_shift(&self, engineer: usize, shift: usize) -> Option<usize> {
        let cells = self.frame(&ENGINEERS)?.cells;
        let id = cells.columns().iter().position(|name| *name == "id")?;
        let mut known: FxHashMap<String, (usize, usize)> = FxHashMap::default();
        (0..cells.rows()).find(|&row| {
            let next = known.len();
            let seen = known.entry(cells.text(row, id).trim().to_owned()).or_insert((next, 0));
            seen.1 += 1;
            *seen == (engineer, shift + 1)
        })
    }
}

/// List, number and the rest of a path such as `tickets[3].place.lat`.
fn item(at: &str) -> Option<(&str, usize, &str)> {
    let (head, rest) = at.split_once(']')?;
    let (list, number) = head.rsplit_once('[')?;
    Some((list, number.parse().ok()?, rest.trim_start_matches('.')))
}

/// The column that says what stands on this path of an item.
fn column(part: &Part, path: &str) -> &'static str {
    let name = path.split(['.', '[']).next().unwrap_or_default();
    let last = path.rsplit('.').next().unwrap_or_default();
    let told = match name {
        "place" | "from" if ["lon", "row"].contains(&last) => last,
        "place" | "from" => "lat",
        "to" if last == "lon" => "end_lon",
        "to" if last == "row" => "end_row",
        "to" => "end_lat",
        "lock" if last == "rank" => "lock_rank",
        "lock" if last == "start" => "lock_start",
        "lock" => "lock_shift",
        "needs" | "van" if path.contains(".tools") => "tools",
        "needs" | "van" => "parts",
        "skills" if path.starts_with("skills.any") => "any",
        "skills" if path.starts_with("skills.none") => "none",
        "outline" => "id",
        name => name,
    };
    part.columns().find(|column| *column == told).unwrap_or(part.needed[0])
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Rows of text below a row of names.
    pub struct Grid(Vec<Vec<&'static str>>);

    impl Cells for Grid {
        fn columns(&self) -> Vec<&str> {
            self.0[0].clone()
        }
        fn rows(&self) -> usize {
            self.0.len() - 1
        }
        fn text(&self, row: usize, column: usize) -> Cow<'_, str> {
            self.0[row + 1][column].into()
        }
    }

    pub fn grid(text: &'static str) -> Grid {
        Grid(text.lines().map(|line| line.split(',').collect()).collect())
    }

    const ENGINEERS: &str =
        "id,start,end,lat,lon\nada,0,9,1,1\nbob,0,9,1,1\nada,10,19,1,1\nada,30,20,1,1";

    #[test]
    fn a_fault_of_the_world_is_found_again_in_its_cell() {
        let engineers = grid(ENGINEERS);
        let tickets = grid("id,lat,lon,earliest,latest,skills\nT1,95,1,,,\nT2,1,1,7,3,a:0");
        let tables = vec![
            Frame { name: "engineers", cells: &engineers },
            Frame { name: "tickets", cells: &tickets },
        ];
        let frames = Frames { tables, ..Frames::default() };
        let world = frames.read().expect("reads");
        let issues = world.validate().expect_err("faults").0;
        let found: Vec<String> = issues
            .iter()
            .filter_map(|issue| frames.cell_of_world(&issue.at))
            .map(|cell| format!("{} {} {} {}", cell.table, cell.row, cell.column, cell.value))
            .collect();
        let expected = [
            "engineers 3 start 30",
            "tickets 0 lat 95",
            "tickets 1 earliest 7",
            "tickets 1 skills a:0",
        ];
        assert_eq!(found, expected, "{issues:?}");
    }

    #[test]
    fn what_an_engineer_says_once_stands_in_his_first_row() {
        let engineers =
            grid("id,start,end,lat,lon,region\nada,0,9,1,1,\nada,10,19,1,1,\nbob,0,9,1,1,moon");
        let tables = vec![Frame { name: "engineers", cells: &engineers }];
        let frames = Frames { tables, ..Frames::default() };
        let cell = frames.cell_of_world("engineers[1].region").expect("a cell");
        assert_eq!((cell.row, &cell.value[..]), (2, "moon"));
        assert_eq!(frames.cell("engineers[1].region").expect("a cell").row, 1);
    }

    #[test]
    fn a_matrix_needs_rows_and_no_coordinates() {
        let engineers = grid("id,start,end,row,end_row\nada,0,9,0,1");
        let tickets = grid("id,row\nT1,1");
        let tables = vec![
            Frame { name: "engineers", cells: &engineers },
            Frame { name: "tickets", cells: &tickets },
        ];
        let frames = Frames { tables: tables.clone(), ..Frames::default() };
        assert_eq!(frames.read().expect_err("no coordinates").0[0].at, "engineers");
        let travel = Some(TravelMode::Matrix { tables: Vec::new() });
        let world = Frames { tables, travel, ..Frames::default() }.read().expect("reads");
        let shift = &world.engineers[0].shifts[0];
        assert_eq!((shift.from.row, shift.to.and_then(|to| to.row)), (Some(0), Some(1)));
        assert_eq!(world.tickets[0].place.row, Some(1));
    }

    #[test]
    fn a_pair_of_cells_is_one_window_more() {
        let engineers = grid(ENGINEERS);
        let tickets = grid("id,lat,lon,windows,earliest,latest\nT1,1,1,1/2,5,6\nT2,1,1,,5,");
        let tables = vec![
            Frame { name: "engineers", cells: &engineers },
            Frame { name: "tickets", cells: &tickets },
        ];
        let issues = Frames { tables, ..Frames::default() }.read().expect_err("half a pair");
        assert_eq!(issues.0.len(), 1);
        assert_eq!(issues.0[0].at, "tickets[1].latest");
    }

    /// Two tickets that differ in one number, which stands in memory as such.
    struct Numbers([i64; 2]);

    impl Cells for Numbers {
        fn columns(&self) -> Vec<&str> {
            vec!["id", "lat", "lon", "priority"]
        }
        fn rows(&self) -> usize {
            2
        }
        fn text(&self, row: usize, column: usize) -> Cow<'_, str> {
            let number = if column == 3 { self.0[row] } else { 1 };
            if column == 0 { format!("T{row}") } else { number.to_string() }.into()
        }
        fn whole(&self, row: usize, column: usize) -> Option<i64> {
            (column == 3).then_some(self.0[row])
        }
        fn real(&self, _row: usize, column: usize) -> Option<f64> {
            (column == 1 || column == 2).then_some(0.1 + 0.2)
        }
    }

    #[test]
    fn numbers_are_taken_as_they_are_and_their_faults_told_by_their_text() {
        let engineers = grid(ENGINEERS);
        let read = |numbers: &Numbers| {
            let tables = vec![
                Frame { name: "engineers", cells: &engineers },
                Frame { name: "tickets", cells: numbers },
            ];
            Frames { tables, ..Frames::default() }.read()
        };
        let tickets = read(&Numbers([7, 0])).expect("reads").tickets;
        assert_eq!((tickets[0].priority, tickets[0].place.lat), (7, Some(0.1 + 0.2)));
        let issues = read(&Numbers([-1, i64::MIN])).expect_err("no counts").0;
        let told: Vec<&str> = issues.iter().map(|issue| issue.cause.as_str()).collect();
        assert_eq!(issues[1].at, "tickets[1].priority");
        assert!(told[0].contains("`-1`") && told[1].contains("`-9223372036854775808`"), "{told:?}");
    }
}
