//! One table, of a file or in memory: columns by name, cells with their places. Knows no world.

use crate::io::File;
use crate::io::tables::frames::{Cells as Memory, Frame, OFFSET};
use crate::io::tables::item::instant;
use crate::io::text::{Fault, Faults, count, quoted, real, whole};
use crate::model::{Code, Place};
use crate::units::{Instant, LIMIT};
use ::csv::{ErrorKind, ReaderBuilder, StringRecord, Trim, WriterBuilder};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// The rows of a table.
pub(super) struct Table<'a> {
    columns: FxHashMap<String, usize>,
    body: Body<'a>,
}

/// Where the rows are.
enum Body<'a> {
    Lines(Vec<(u64, StringRecord)>),
    Memory(Frame<'a>),
}

impl<'a> Table<'a> {
    /// Reads a file. Columns in neither list are refused, unless their names begin with `_`.
    pub fn of(file: &File, needed: &[&str], known: &[&str], faults: &mut Faults) -> Self {
        let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(file.text.as_bytes());
        let headers = match reader.headers() {
            Ok(headers) => headers.clone(),
            Err(error) => {
                faults.line(1, Code::SYNTAX, error.to_string());
                return Self { columns: FxHashMap::default(), body: Body::Lines(Vec::new()) };
            }
        };
        let mut fault = |(code, cause)| faults.line(1, code, cause);
        let columns = columns(headers.iter(), needed, known, &mut fault);
        let mut rows = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let line = record.position().map_or(0, ::csv::Position::line);
                    rows.push((line, record));
                }
                Err(error) => {
                    let line = error.position().map_or(0, ::csv::Position::line);
                    faults.at(&line.to_string(), Code::SYNTAX, cause(&error));
                }
            }
        }
        Self { columns, body: Body::Lines(rows) }
    }

    /// Takes what stands in memory, by the same rules for its columns.
    pub fn in_memory(
        frame: Frame<'a>,
        needed: &[&str],
        known: &[&str],
        faults: &mut Faults,
    ) -> Self {
        let names = frame.cells.columns().into_iter();
        let mut fault = |(code, cause): Fault| faults.whole(code, cause);
        let columns = columns(names, needed, known, &mut fault);
        Self { columns, body: Body::Memory(frame) }
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        match &self.body {
            Body::Lines(rows) => rows.len(),
            Body::Memory(frame) => frame.cells.rows(),
        }
    }

    /// Its rows in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.len()).map(|number| self.row(number))
    }

    /// One of its rows, from 0.
    pub fn row(&self, number: usize) -> Row<'_> {
        let cells = match &self.body {
            Body::Lines(rows) => Cells::Line(rows[number].0, &rows[number].1),
            Body::Memory(frame) => Cells::Memory(*frame, number),
        };
        Row { columns: &self.columns, cells }
    }
}

/// Where each column stands.
fn columns<'n>(
    names: impl Iterator<Item = &'n str>,
    needed: &[&str],
    known: &[&str],
    fault: &mut dyn FnMut(Fault),
) -> FxHashMap<String, usize> {
    let mut columns = FxHashMap::default();
    for (index, name) in names.enumerate().filter(|(_, name)| !name.starts_with('_')) {
        if !needed.contains(&name) && !known.contains(&name) {
            let all = [needed, known].concat().join(", ");
            let cause = format!("the column {} is none of {all}", quoted(name));
            fault((Code::UNSUPPORTED, cause));
        }
        if columns.insert(name.into(), index).is_some() {
            fault((Code::SYNTAX, format!("the column {} comes twice", quoted(name))));
        }
    }
    for name in needed.iter().filter(|name| !columns.contains_key(**name)) {
        fault((Code::SYNTAX, format!("there is no column `{name}`")));
    }
    columns
}

fn cause(error: &::csv::Error) -> String {
    match error.kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} cells instead of {expected_len}")
        }
        _ => error.to_string(),
    }
}

/// One row of a table.
pub(super) struct Row<'a> {
    columns: &'a FxHashMap<String, usize>,
    cells: Cells<'a>,
}

enum Cells<'a> {
    /// A record and the line on which it begins.
    Line(u64, &'a StringRecord),
    /// A row by its number, from 0.
    Memory(Frame<'a>, usize),
}

impl<'a> Row<'a> {
    /// The text of a cell; empty when the table has no such column.
    pub fn text(&self, column: &str) -> Cow<'a, str> {
        let Some(&index) = self.columns.get(column) else { return Cow::Borrowed("") };
        match self.cells {
            Cells::Line(_, record) => Cow::Borrowed(record.get(index).unwrap_or_default()),
            Cells::Memory(frame, number) => match frame.cells.text(number, index) {
                Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
                owned => owned,
            },
        }
    }

    /// The line on which it begins, or its number in memory.
    pub fn line(&self) -> u64 {
        match self.cells {
            Cells::Line(line, _) => line,
            Cells::Memory(_, number) => number as u64,
        }
    }

    /// Notes a fault in a cell.
    pub fn fault(&self, column: &str, faults: &mut Faults, (code, cause): Fault) {
        match self.cells {
            Cells::Line(line, _) => faults.at(&format!("{line}:{column}"), code, cause),
            Cells::Memory(frame, number) => {
                faults.path(|| format!("{}[{number}].{column}", frame.name), code, cause);
            }
        }
    }

    /// What a cell says; `None` when it is empty or faulty.
    pub fn get<T>(
        &self,
        column: &str,
        faults: &mut Faults,
        read: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        let text = Some(self.text(column)).filter(|text| !text.is_empty())?;
        read(&text).map_err(|fault| self.fault(column, faults, fault)).ok()
    }

    /// A whole number; `None` when the cell is empty or faulty. What is a number in memory need not become
    /// text to be read; whatever is wrong with it, its text will tell.
    pub fn whole(&self, column: &str, faults: &mut Faults) -> Option<i64> {
        self.held_whole(column).or_else(|| self.get(column, faults, whole))
    }

    /// A whole number from 0 to the largest of its type, likewise.
    pub fn count<T: TryFrom<i64>>(&self, column: &str, faults: &mut Faults) -> Option<T> {
        let held = self.held_whole(column).filter(|value| *value >= 0);
        held.and_then(|value| T::try_from(value).ok()).or_else(|| self.get(column, faults, count))
    }

    /// A point in time, likewise.
    pub fn instant(&self, column: &str, faults: &mut Faults) -> Option<Instant> {
        let held = self.held_whole(column).map(Instant);
        held.or_else(|| self.get(column, faults, |text| instant(text, &self.clock(column))))
    }

    /// A point in time that must not be missing.
    pub fn needed_instant(&self, column: &str, faults: &mut Faults) -> Option<Instant> {
        self.need(column, faults, |text| instant(text, &self.clock(column)))
    }

    /// What clocks on the wall mean in a column.
    pub fn clock(&self, column: &str) -> impl Fn(i64) -> Result<Instant, &'static str> {
        let held = self.in_memory(column);
        move |wall| match held {
            Some((cells, _, index)) => cells.moment(index, wall),
            None => Err(OFFSET),
        }
    }

    /// A whole number in memory that is within the limits of a world.
    fn held_whole(&self, column: &str) -> Option<i64> {
        let (cells, row, index) = self.in_memory(column)?;
        cells.whole(row, index).filter(|value| value.unsigned_abs() <= LIMIT.unsigned_abs())
    }

    /// A finite number in memory.
    fn held_real(&self, column: &str) -> Option<f64> {
        let (cells, row, index) = self.in_memory(column)?;
        cells.real(row, index).filter(|value| value.is_finite())
    }

    /// The table in memory, the row in it, and where the column stands.
    fn in_memory(&self, column: &str) -> Option<(&'a dyn Memory, usize, usize)> {
        let &index = self.columns.get(column)?;
        match self.cells {
            Cells::Line(..) => None,
            Cells::Memory(frame, row) => Some((frame.cells, row, index)),
        }
    }

    /// What a cell says that must not be empty.
    pub fn need<T>(
        &self,
        column: &str,
        faults: &mut Faults,
        read: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        self.said(column, &self.text(column), faults, read)
    }

    /// What the text of a cell says that must not be empty.
    fn said<T>(
        &self,
        column: &str,
        text: &str,
        faults: &mut Faults,
        read: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        let empty = || Err((Code::SYNTAX, "the cell is empty".into()));
        let said = if text.is_empty() { empty() } else { read(text) };
        said.map_err(|fault| self.fault(column, faults, fault)).ok()
    }

    /// The items of a cell, separated by `;`; none when it is empty.
    pub fn list<T>(
        &self,
        column: &str,
        faults: &mut Faults,
        read: impl Fn(&str) -> Result<T, Fault>,
    ) -> Vec<T> {
        if !self.columns.contains_key(column) {
            return Vec::new();
        }
        let all = |text: &str| text.split(';').map(|item| read(item.trim())).collect();
        match self.items(column) {
            None => self.get::<Vec<T>>(column, faults, all).unwrap_or_default(),
            Some(items) => {
                let read: Result<_, Fault> = items.iter().map(|item| read(item.trim())).collect();
                read.map_err(|fault| self.fault(column, faults, fault)).unwrap_or_default()
            }
        }
    }

    /// The items of a cell in a column of lists.
    fn items(&self, column: &str) -> Option<Vec<Cow<'a, str>>> {
        let (cells, row, index) = self.in_memory(column)?;
        cells.items(row, index)
    }

    /// The place that three cells tell: a point in a pair, both of them full or both empty, and a row
    /// of the travel matrix. None where all of them are empty.
    pub fn place(&self, [lat, lon, row]: [&str; 3], faults: &mut Faults) -> Option<Place> {
        let row = self.count(row, faults);
        if let (Some(lat), Some(lon)) = (self.held_real(lat), self.held_real(lon)) {
            return Some(Place { row, ..Place::at(lat, lon) });
        }
        let texts = [self.text(lat), self.text(lon)];
        if texts.iter().all(|text| text.is_empty()) {
            return row.map(Place::row);
        }
        let lat = self.said(lat, &texts[0], faults, real);
        let lon = self.said(lon, &texts[1], faults, real);
        Some(Place { row, ..Place::at(lat?, lon?) })
    }
}

/// Rows as CSV text.
pub(super) fn written<S: AsRef<str>>(columns: &[&str], rows: &[Vec<S>]) -> String {
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(columns).expect("rows of one length go into memory");
    for row in rows {
        let cells = row.iter().map(AsRef::as_ref).map(str::as_bytes);
        writer.write_record(cells).expect("rows of one length go into memory");
    }
    let bytes = writer.into_inner().expect("memory can be flushed");
    String::from_utf8(bytes).expect("only text was written")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The places of the faults in a table with a column `id` and a column `end`.
    fn faults(text: &str) -> Vec<String> {
        let mut faults = Faults::new("t.csv");
        let file = File { name: "t.csv".into(), text: text.into() };
        let table = Table::of(&file, &["id"], &["end"], &mut faults);
        for row in table.rows() {
            row.need("id", &mut faults, count::<u32>);
            row.instant("end", &mut faults);
        }
        faults.into_issues().0.into_iter().map(|issue| issue.at).collect()
    }

    #[test]
    fn every_fault_has_its_line_and_column() {
        assert_eq!(
            faults("end,id\n,7\n\"a\nb\",x\n,\n"),
            ["t.csv:3:id", "t.csv:3:end", "t.csv:5:id"]
        );
        assert_eq!(faults("id\n1\n2,3\n"), ["t.csv:3"], "a cell too many");
    }

    #[test]
    fn columns_are_known_needed_or_marked() {
        assert_eq!(faults("id,_note\n1,x\n"), [""; 0]);
        assert_eq!(faults("id,edn\n1,x\n"), ["t.csv:1"], "misspelt");
        assert_eq!(faults("end\n1\n")[0], "t.csv:1", "no id");
        assert_eq!(faults("id,id\n1,1\n"), ["t.csv:1"], "twice");
    }
}
