//! Answers as Arrow tables.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, TimestampSecondType};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampSecondArray,
};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use arrow_select::concat::concat_batches;
use fieldwright::units::Instant;
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::{PyKeyError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule};
use pyo3_arrow::PyTable;
use std::sync::Arc;

/// A table of one batch that any Arrow library can take over without a copy.
#[pyclass(frozen, module = "fieldwright._core")]
pub struct Table {
    batch: RecordBatch,
}

#[pymethods]
impl Table {
    /// Hands the table over, see the Arrow PyCapsule interface.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let table = PyTable::try_new(vec![self.batch.clone()], self.batch.schema())?;
        Bound::new(py, table)?.call_method1("__arrow_c_stream__", (requested_schema,))
    }

    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    /// All of it as a stream of Arrow's IPC format, of which [`Table::restored`] makes the table again.
    fn ipc<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let mut bytes = Vec::new();
        let written = StreamWriter::try_new(&mut bytes, &self.batch.schema())
            .and_then(|mut writer| writer.write(&self.batch).and_then(|()| writer.finish()));
        written.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// The table of a stream.
    #[staticmethod]
    fn restored(ipc: &[u8]) -> PyResult<Self> {
        let batch = StreamReader::try_new(ipc, None)
            .and_then(|reader| {
                let schema = reader.schema();
                let batches = reader.collect::<Result<Vec<_>, _>>()?;
                concat_batches(&schema, &batches)
            })
            .map_err(|error| PyValueError::new_err(format!("this is no table: {error}")))?;
        Ok(Self { batch })
    }

    /// So many values of a column from a row on, as Python has them. Moments are seconds since 1970.
    fn values<'py>(
        &self,
        py: Python<'py>,
        column: &str,
        start: usize,
        count: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        let unknown = || PyKeyError::new_err(column.to_owned());
        let column = self.batch.column_by_name(column).ok_or_else(unknown)?.slice(start, count);
        if let Some(texts) = column.as_string_opt::<i32>() {
            texts.iter().collect::<Vec<_>>().into_bound_py_any(py)
        } else if let Some(flags) = column.as_boolean_opt() {
            flags.iter().collect::<Vec<_>>().into_bound_py_any(py)
        } else if let Some(reals) = column.as_primitive_opt::<Float64Type>() {
            reals.iter().collect::<Vec<_>>().into_bound_py_any(py)
        } else if let Some(stamps) = column.as_primitive_opt::<TimestampSecondType>() {
            stamps.iter().collect::<Vec<_>>().into_bound_py_any(py)
        } else {
            column.as_primitive::<Int64Type>().iter().collect::<Vec<_>>().into_bound_py_any(py)
        }
    }

    /// The zone of the moments in a column.
    fn zone(&self, column: &str) -> Option<String> {
        match self.batch.column_by_name(column)?.data_type() {
            DataType::Timestamp(_, zone) => zone.as_deref().map(str::to_owned),
            _ => None,
        }
    }

    fn columns(&self) -> Vec<String> {
        self.batch.schema().fields().iter().map(|field| field.name().clone()).collect()
    }
}

/// A table of texts, as Python gives them.
#[pyfunction]
pub fn texts(columns: Vec<(String, Vec<Option<String>>)>) -> PyResult<Table> {
    let mut build = Build::new(None, false);
    for (name, values) in columns {
        build.column(&name, Arc::new(StringArray::from(values)));
    }
    build.table()
}

/// A table in the making.
pub struct Build {
    zone: Option<Arc<str>>,
    is_calendar: bool,
    fields: Vec<Field>,
    columns: Vec<ArrayRef>,
}

impl Build {
    /// No columns yet. Moments are shown in this zone, or in UTC; where there is no calendar they are
    /// whole seconds.
    pub fn new(zone: Option<&str>, is_calendar: bool) -> Self {
        let zone = is_calendar.then(|| Arc::from(zone.unwrap_or("UTC")));
        Self { zone, is_calendar, fields: Vec::new(), columns: Vec::new() }
    }

    fn column(&mut self, name: &str, column: ArrayRef) {
        self.fields.push(Field::new(name, column.data_type().clone(), true));
        self.columns.push(column);
    }

    pub fn text<'t>(&mut self, name: &str, values: impl Iterator<Item = Option<&'t str>>) {
        self.column(name, Arc::new(values.collect::<StringArray>()));
    }

    pub fn owned(&mut self, name: &str, values: impl Iterator<Item = String>) {
        self.column(name, Arc::new(StringArray::from_iter_values(values)));
    }

    pub fn int(&mut self, name: &str, values: impl Iterator<Item = Option<i64>>) {
        self.column(name, Arc::new(values.collect::<Int64Array>()));
    }

    pub fn real(&mut self, name: &str, values: impl Iterator<Item = Option<f64>>) {
        self.column(name, Arc::new(values.collect::<Float64Array>()));
    }

    pub fn flag(&mut self, name: &str, values: impl Iterator<Item = bool>) {
        self.column(name, Arc::new(values.map(Some).collect::<BooleanArray>()));
    }

    pub fn moment(&mut self, name: &str, values: impl Iterator<Item = Option<Instant>>) {
        let seconds = values.map(|moment| moment.map(|moment| moment.0));
        if self.is_calendar {
            let stamps: TimestampSecondArray = seconds.collect();
            self.column(name, Arc::new(stamps.with_timezone_opt(self.zone.clone())));
        } else {
            self.int(name, seconds);
        }
    }

    pub fn table(self) -> PyResult<Table> {
        let schema: SchemaRef = Arc::new(Schema::new(self.fields));
        let batch = RecordBatch::try_new(schema, self.columns);
        let batch = batch.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        Ok(Table { batch })
    }
}
