//! What is wrong with the input as an exception, and no panic across the border.

use fieldwright::dispatch::desk::Refusal;
use fieldwright::io::tables::{self, Cell};
use fieldwright::model::{Code, Issue, Issues};
use fieldwright::{journal, live};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A fault and, where it is one of a table, the cell or the column that has it.
pub struct Fault {
    issue: Issue,
    cell: Option<Cell>,
    column: Option<(String, String)>,
}

impl Fault {
    /// A fault of the input as a whole.
    pub fn new(code: Code, at: &str, cause: impl Into<String>) -> Self {
        Self { issue: Issue::new(code, at, cause), cell: None, column: None }
    }

    /// A fault of every cell of a column.
    pub fn column(code: Code, table: &str, column: &str, cause: String) -> Self {
        let at = format!("{table}.{column}");
        let column = Some((table.to_owned(), column.to_owned()));
        Self { column, ..Self::new(code, &at, cause) }
    }

    /// Whether the other one is of a cell in the column that this one is of.
    pub fn covers(&self, other: &Self) -> bool {
        match (&self.column, &other.cell) {
            (Some((table, column)), Some(cell)) => cell.table == table && cell.column == column,
            _ => false,
        }
    }

    fn dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let Self { issue, cell, column } = self;
        let dict = PyDict::new(py);
        dict.set_item("code", issue.code.to_string())?;
        dict.set_item("at", &issue.at)?;
        dict.set_item("cause", &issue.cause)?;
        dict.set_item("action", issue.code.action)?;
        let [table, name, expected] = match (cell, column) {
            (Some(cell), _) => [cell.table, cell.column, cell.expects].map(Some),
            (None, Some((table, column))) => {
                let known = tables::columns(table).into_iter().find(|(name, _)| name == column);
                [Some(table.as_str()), Some(column), known.map(|(_, expects)| expects)]
            }
            (None, None) => [None; 3],
        };
        dict.set_item("table", table)?;
        dict.set_item("row", cell.as_ref().map(|cell| cell.row))?;
        dict.set_item("column", name)?;
        dict.set_item("value", cell.as_ref().map(|cell| &cell.value))?;
        dict.set_item("expected", expected)?;
        Ok(dict)
    }
}

impl From<(Issue, Option<Cell>)> for Fault {
    fn from((issue, cell): (Issue, Option<Cell>)) -> Self {
        Self { issue, cell, column: None }
    }
}

/// Faults as `fieldwright.InputError`.
pub fn input_error(py: Python<'_>, faults: &[Fault]) -> PyErr {
    let dicts = faults.iter().map(|fault| fault.dict(py)).collect::<PyResult<Vec<_>>>();
    match dicts.and_then(|dicts| PyList::new(py, dicts)) {
        Ok(list) => raised(py, "InputError", (list,)),
        Err(error) => error,
    }
}

/// Issues as `fieldwright.InputError`, each with its cell where `cell` knows it.
pub fn refused(py: Python<'_>, issues: Issues, cell: impl Fn(&str) -> Option<Cell>) -> PyErr {
    input_error(py, &located(issues, cell).collect::<Vec<_>>())
}

/// Issues as faults, each with its cell where `cell` knows it.
pub fn located(issues: Issues, cell: impl Fn(&str) -> Option<Cell>) -> impl Iterator<Item = Fault> {
    issues.0.into_iter().map(move |issue| {
        let cell = cell(&issue.at);
        Fault { issue, cell, column: None }
    })
}

/// Runs the crate without the interpreter; its faults become `InputError`, its panics `RuntimeError`.
pub fn run<T: Send>(
    py: Python<'_>,
    work: impl FnOnce() -> Result<T, Issues> + Send,
) -> PyResult<T> {
    let done = py.detach(|| catch_unwind(AssertUnwindSafe(work)));
    calm(done)?.map_err(|issues| refused(py, issues, |_| None))
}

/// The result of work that may have panicked.
pub fn calm<T>(done: std::thread::Result<T>) -> PyResult<T> {
    done.map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no text");
        PyRuntimeError::new_err(format!("a fault of fieldwright itself, please report it: {text}"))
    })
}

/// Why a desk did not do something, as the exception that says it: `Conflict`, `Refused`, `InputError`
/// or `JournalError`.
pub fn trouble(py: Python<'_>, fault: live::Fault) -> PyErr {
    let text = fault.to_string();
    match fault {
        live::Fault::Input(issues)
        | live::Fault::Refused(Refusal::Input(issues))
        | live::Fault::Store(journal::Error::Refused(issues)) => refused(py, issues, |_| None),
        live::Fault::Refused(Refusal::Conflict { ticket, expected, version, holder, .. }) => {
            raised(py, "Conflict", (text, Some(ticket), expected, version, holder))
        }
        live::Fault::Store(journal::Error::Conflict { expected, current, .. }) => {
            let nothing = None::<String>;
            raised(py, "Conflict", (text, nothing.clone(), expected, current, nothing))
        }
        live::Fault::Store(journal::Error::KeyReused { key, .. }) => {
            trouble(py, Refusal::KeyReused { key }.into())
        }
        live::Fault::Refused(refusal) => {
            let data = serde_json::json!(refusal).to_string();
            raised(py, "Refused", (text, refusal.code(), refusal.action(), data))
        }
        _ => raised(py, "JournalError", (text,)),
    }
}

/// An exception of the package.
fn raised<'py>(py: Python<'py>, name: &str, about: impl pyo3::call::PyCallArgs<'py>) -> PyErr {
    let error = || py.import("fieldwright.errors")?.getattr(name)?.call1(about);
    error().map_or_else(|error| error, PyErr::from_value)
}
