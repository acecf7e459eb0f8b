//! The border between Python and the crate: frames and texts go in, tables and texts come out, faults
//! become exceptions, the interpreter is free while a solver runs. It decides nothing.

mod ask;
mod columns;
mod desk;
mod errors;
mod given;
mod matrix;
mod plan;
mod problem;
mod search;
mod table;

use pyo3::prelude::*;

/// The compiled part of `fieldwright`; use the package, not this module.
#[pymodule(gil_used = false)]
mod _core {
    use super::*;

    #[pymodule_export]
    use ask::{Dispatcher, Recommendations};
    #[pymodule_export]
    use desk::{Desk, native, rights};
    #[pymodule_export]
    use plan::Plan;
    #[pymodule_export]
    use problem::{Problem, columns, objective};
    #[pymodule_export]
    use search::{assign, plan_routes};
    #[pymodule_export]
    use table::{Table, texts};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
