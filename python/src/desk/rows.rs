//! Tickets and engineers as rows: what a cell says is read by the rules of the tables.

use crate::errors::{calm, refused};
use crate::given;
use fieldwright::io::tables::{Cells, Frame, Frames, columns};
use fieldwright::model::{TravelMode, World};
use pyo3::prelude::*;
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Rows as JSON objects.
#[derive(Default)]
struct Rows {
    columns: Vec<String>,
    rows: Vec<Map<String, Value>>,
}

impl Rows {
    fn of(rows: Vec<Map<String, Value>>) -> Self {
        let mut columns: Vec<String> = Vec::new();
        for name in rows.iter().flat_map(Map::keys) {
            if !columns.contains(name) {
                columns.push(name.clone());
            }
        }
        Self { columns, rows }
    }

    /// No rows, but every column that a table may have.
    fn none(table: &str) -> Self {
        let names = columns(table).into_iter().map(|(name, _)| name.to_owned());
        Self { columns: names.collect(), rows: Vec::new() }
    }

    fn value(&self, row: usize, column: usize) -> &Value {
        self.rows[row].get(&self.columns[column]).unwrap_or(&Value::Null)
    }
}

impl Cells for Rows {
    fn columns(&self) -> Vec<&str> {
        self.columns.iter().map(String::as_str).collect()
    }

    fn rows(&self) -> usize {
        self.rows.len()
    }

    fn text(&self, row: usize, column: usize) -> Cow<'_, str> {
        text(self.value(row, column))
    }

    fn items(&self, row: usize, column: usize) -> Option<Vec<Cow<'_, str>>> {
        Some(self.value(row, column).as_array()?.iter().map(item).collect())
    }
}

fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => "".into(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.into(),
        Value::String(text) => text.into(),
        other => other.to_string().into(),
    }
}

/// One of a list; a list in it is its parts: `(earliest, latest)`.
fn item(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Array(parts) => parts.iter().map(text).collect::<Vec<_>>().join("/").into(),
        other => text(other),
    }
}

/// What rows of a table (`tickets`, otherwise engineers) say, in the native JSON.
#[pyfunction]
pub fn native(py: Python<'_>, table: &str, rows: &str) -> PyResult<String> {
    let rows: Vec<Map<String, Value>> =
        given::read(table, rows).map_err(|issues| refused(py, issues, |_| None))?;
    let is_ticket = table == "tickets";
    let other = Rows::none(if is_ticket { "engineers" } else { "tickets" });
    let rows = Rows::of(rows);
    let (engineers, tickets) = if is_ticket { (&other, &rows) } else { (&rows, &other) };
    let frames = Frames {
        tables: vec![
            Frame { name: "engineers", cells: engineers },
            Frame { name: "tickets", cells: tickets },
        ],
        // Places may stand in a matrix or have coordinates: the desk knows which, and asks for them.
        travel: Some(TravelMode::Matrix { tables: Vec::new() }),
        ..Frames::default()
    };
    let read = catch_unwind(AssertUnwindSafe(|| frames.read()));
    let World { engineers, tickets, .. } =
        calm(read)?.map_err(|issues| refused(py, issues, |at| frames.cell(at)))?;
    Ok(if is_ticket { json!(tickets) } else { json!(engineers) }.to_string())
}
