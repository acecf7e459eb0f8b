//! Travel matrices of numpy, straight from their memory.

use crate::errors::Fault;
use fieldwright::model::{Code, TravelTable};
use numpy::{Element, PyReadonlyArray2, PyUntypedArray, PyUntypedArrayMethods};
use pyo3::prelude::*;

/// One way to travel: its name, seconds, and metres where they are given.
pub type Given<'py> = (String, Bound<'py, PyAny>, Option<Bound<'py, PyAny>>);

/// The tables of matrices, or the faults in them.
///
/// Arrays of `int32` and `int64` are read where they are, whatever their strides; rows are
/// written once, into the table.
pub fn tables(given: Vec<Given<'_>>, faults: &mut Vec<Fault>) -> Vec<TravelTable> {
    let tables = given.into_iter().map(|(name, seconds, meters)| {
        let at = format!("travel.{name}");
        let mut rows = |what: &str, array: &Bound<'_, PyAny>| match table(array) {
            Ok(rows) => rows,
            Err((code, cause)) => {
                faults.push(Fault::new(code, &format!("{at}.{what}"), cause));
                Vec::new()
            }
        };
        let seconds = rows("seconds", &seconds);
        let meters = meters.map(|meters| rows("meters", &meters));
        TravelTable { name, seconds, meters }
    });
    tables.collect()
}

type Rows = Result<Vec<Vec<u32>>, (Code, String)>;

fn table(array: &Bound<'_, PyAny>) -> Rows {
    if let Ok(array) = array.extract::<PyReadonlyArray2<'_, i64>>() {
        return rows(&array, |value| u32::try_from(value).ok());
    }
    if let Ok(array) = array.extract::<PyReadonlyArray2<'_, i32>>() {
        return rows(&array, |value| u32::try_from(value).ok());
    }
    if let Ok(array) = array.extract::<PyReadonlyArray2<'_, u32>>() {
        return rows(&array, Some);
    }
    let found = match array.cast::<PyUntypedArray>() {
        Ok(array) => format!("{} dimensions of {}", array.ndim(), array.dtype()),
        Err(_) => array.get_type().to_string(),
    };
    let cause = format!(
        "a numpy array of two dimensions of int32 or int64 is expected, this is {found}; round real \
         numbers yourself, such as `np.rint(matrix).astype(np.int64)`"
    );
    Err((Code::SYNTAX, cause))
}

fn rows<T: Element + Copy + std::fmt::Display>(
    array: &PyReadonlyArray2<'_, T>,
    fit: impl Fn(T) -> Option<u32>,
) -> Rows {
    let array = array.as_array();
    let mut rows = Vec::with_capacity(array.nrows());
    for (from, row) in array.rows().into_iter().enumerate() {
        let mut fitted = Vec::with_capacity(row.len());
        for (to, &value) in row.iter().enumerate() {
            let fit = fit(value);
            fitted.push(fit.ok_or_else(|| {
                let cause =
                    format!("[{from}][{to}] is {value}, which is not from 0 to {}", u32::MAX);
                (Code::OUT_OF_RANGE, cause)
            })?);
        }
        rows.push(fitted);
    }
    Ok(rows)
}
