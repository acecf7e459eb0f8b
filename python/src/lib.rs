//! The border between Python and the crate: JSON text goes in and comes out, errors become
//! exceptions, the interpreter is free while a solver runs. It decides nothing.

use fieldwright::io::{self, Given, Source};
use fieldwright::model::{Issues, World};
use fieldwright::solve::{Budget, route};
use fieldwright::{Problem, plan};
use pyo3::exceptions::{PyKeyboardInterrupt, PyValueError};
use pyo3::prelude::*;
use std::ops::ControlFlow;

/// Issues travel as JSON in the message; the Python side turns them into `InputError`.
fn refused(issues: &Issues) -> PyErr {
    PyValueError::new_err(serde_json::json!(issues).to_string())
}

fn read(world: &str) -> Result<World, Issues> {
    io::read(&Source::text(world), Some("native"))
}

fn json(value: &impl serde::Serialize) -> PyResult<String> {
    serde_json::to_string(value).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// The compiled part of `fieldwright`; use the package, not this module.
#[pymodule]
mod _core {
    use super::*;

    /// Plans routes; takes and returns native JSON.
    #[pyfunction]
    #[pyo3(signature = (world, seconds, iterations, seed, threads))]
    fn plan_json(
        py: Python<'_>,
        world: &str,
        seconds: Option<f64>,
        iterations: Option<u64>,
        seed: u64,
        threads: Option<usize>,
    ) -> PyResult<String> {
        let budget = Budget { seconds, iterations, ..Budget::default() };
        let options = route::Options { budget, seed, threads, start: None };
        let mut interrupted = false;
        let outcome = py.detach(|| {
            let problem = Problem::build(read(world)?)?;
            route::plan(&problem, &options, &mut |_| {
                interrupted = Python::attach(|py| py.check_signals().is_err());
                if interrupted { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })
        });
        if interrupted {
            return Err(PyKeyboardInterrupt::new_err(()));
        }
        json(&outcome.map_err(|issues| refused(&issues))?.plan)
    }

    /// Lists the violations of a plan as JSON.
    #[pyfunction]
    fn check_json(py: Python<'_>, world: &str, plan: &str) -> PyResult<String> {
        let violations = py.detach(|| {
            let world = read(world)?;
            world.validate()?;
            match io::read_plan(&Source::text(plan), Some("native"), &world)? {
                Given::Plan(plan) => Ok(plan::check(&world, &plan)),
                Given::Sequences(orders) => {
                    let problem = Problem::build(world)?;
                    let (plan, _) = route::time(&problem, &orders)?;
                    Ok(plan::check(problem.world(), &plan))
                }
            }
        });
        json(&violations.map_err(|issues| refused(&issues))?)
    }

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
