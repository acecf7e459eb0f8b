//! One table, of a file or in memory: columns by name, cells with their places. Knows no world.

use crate::io::File;
use crate::io::tables::frames::Frame;
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

    /// Its rows in order.
    pub fn rows(&self) -> Box<dyn Iterator<Item = Row<'_>> + '_> {
        let columns = &self.columns;
        match &self.body {
            Body::Lines(rows) => Box::new(rows.iter().map(|(line, record)| {
                let cells = Cells::Line(*line, record);
                Row { columns, cells }
            })),
            Body::Memory(frame) => Box::new((0..frame.cells.rows()).map(|number| {
                let cells = Cells::Memory(*frame, number);
                Row { columns, cells }
            })),
        }
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

    /// What a cell says that must not be empty.
    pub fn need<T>(
        &self,
        column: &str,
        faults: &mut Faults,
        read: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        if self.text(column).is_empty() {
            self.fault(column, faults, (Code::SYNTAX, "the cell is empty".into()));
        }
        self.get(column, faults, read)
    }

    /// The items of a cell, separated by `;`; none when it is empty.
    pub fn list<T>(
        &self,
        column: &str,
        faults: &mut Faults,
        read: impl Fn(&str) -> Result<T, Fault>,
    ) -> Vec<T> {
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
        let &index = self.columns.get(column)?;
        match self.cells {
            Cells::Line(..) => None,
            Cells::Memory(frame, number) => frame.cells.items(number, index),
        }
    }

    /// The place that three cells tell: a point in a pair, both of them full or both empty, and a row
    /// of the travel matrix. None where all of them are empty.
    pub fn place(&self, [lat, lon, row]: [&str; 3], faults: &mut Faults) -> Option<Place> {
        let row = self.get(row, faults, count);
        if self.text(lat).is_empty() && self.text(lon).is_empty() {
            return row.map(Place::row);
        }
        let (lat, lon) = (self.need(lat, faults, real), self.need(lon, faults, real));
        Some(Place { row, ..Place::at(lat?, lon?) })
    }
}

/// A text that is not empty.
pub(super) fn text(item: &str) -> Result<String, Fault> {
    match item {
        "" => Err((Code::SYNTAX, "an item is empty".into())),
        item => Ok(item.into()),
    }
}

/// A point in time.
pub(super) fn instant(item: &str) -> Result<Instant, Fault> {
    // A number too long for an instant is a number all the same, and out of range.
    if let Err((Code::OUT_OF_RANGE, cause)) = whole(item) {
        return Err((Code::OUT_OF_RANGE, cause));
    }
    let time: Instant = item.parse().map_err(|_| {
        let cause =
            format!("{} is neither whole seconds nor RFC 3339 with an offset", quoted(item));
        (Code::SYNTAX, cause)
    })?;
    match time.0.unsigned_abs() <= LIMIT.unsigned_abs() {
        true => Ok(time),
        false => Err((Code::OUT_OF_RANGE, format!("{} is beyond ±{LIMIT}", quoted(item)))),
    }
}

/// `yes` or `no`.
pub(super) fn yes(item: &str) -> Result<bool, Fault> {
    match item {
        "yes" | "true" => Ok(true),
        "no" | "false" => Ok(false),
        _ => Err((Code::SYNTAX, format!("{} is neither yes nor no", quoted(item)))),
    }
}

/// `name:3`, or `name` for one.
pub(super) fn counted(item: &str) -> Result<(String, u32), Fault> {
    match item.rsplit_once(':') {
        Some((name, number)) => Ok((text(name.trim())?, count(number.trim())?)),
        None => Ok((text(item)?, 1)),
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
            row.get("end", &mut faults, instant);
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

    #[test]
    fn items_are_read_as_their_columns_say() {
        assert_eq!(counted("boiler:3"), Ok(("boiler".into(), 3)));
        assert_eq!(counted("gas"), Ok(("gas".into(), 1)));
        assert!(counted("gas:high").is_err() && counted(":2").is_err() && counted("").is_err());
        assert_eq!(yes("no"), Ok(false));
        assert!(yes("2").is_err());
        assert_eq!(instant("1099511627777").expect_err("too late").0, Code::OUT_OF_RANGE);
    }
}
