//! Searches that can be watched and stopped: the solver on a thread of its own, the caller's thread
//! listening for signals.

use crate::errors::{calm, refused, run};
use crate::plan::Plan;
use crate::problem::Problem;
use fieldwright::model::{Code, Issue};
use fieldwright::plan::check;
use fieldwright::solve::assign::{AssignOptions, Method, Sides, assign as assign_all};
use fieldwright::solve::{Budget, Progress, route};
use pyo3::exceptions::{PyKeyboardInterrupt, PyRuntimeError};
use pyo3::prelude::*;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// How often the caller's thread looks for signals.
const TICK: Duration = Duration::from_millis(50);

/// Plans routes. `watch` is called with seconds, share, iterations, score, unassigned and improved,
/// and stops the search by returning true.
#[pyfunction]
#[pyo3(signature = (problem, seconds, iterations, stall, seed, threads, start, watch))]
#[expect(clippy::too_many_arguments, reason = "the Python side names and documents them")]
pub fn plan_routes(
    py: Python<'_>,
    problem: &Problem,
    seconds: Option<f64>,
    iterations: Option<u64>,
    stall: Option<u64>,
    seed: u64,
    threads: Option<usize>,
    start: Option<&Plan>,
    watch: Option<Py<PyAny>>,
) -> PyResult<Plan> {
    let cancel = Arc::new(AtomicBool::new(false));
    let budget = Budget { seconds, iterations, stall, cancel: Some(Arc::clone(&cancel)) };
    let start = start.map(|plan| plan.plan.as_ref().clone());
    let options = route::Options { budget, seed, threads, start };
    let (sender, receiver) = channel();
    let built = &problem.built;
    let watch = watch.as_ref();
    let (done, told) = py.detach(move || {
        std::thread::scope(|scope| {
            let search = scope.spawn(move || {
                let found = route::plan(built, &options, &mut |progress| match sender
                    .send(progress.clone())
                {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_) => ControlFlow::Break(()),
                });
                found.map(|outcome| {
                    let broken = check(built.world(), &outcome.plan);
                    (outcome, broken)
                })
            });
            let told = attend(&receiver, watch, &cancel);
            (search.join(), told)
        })
    });
    let is_interrupted = told?;
    let (outcome, broken) = calm(done)?.map_err(|issues| refused(py, issues, |_| None))?;
    if let Some(violation) = broken.first() {
        let text = format!("a fault of fieldwright itself, please report it: {violation}");
        return Err(PyRuntimeError::new_err(text));
    }
    Ok(Plan {
        plan: Arc::new(outcome.plan),
        built: Arc::clone(built),
        zone: problem.zone.clone(),
        iterations: outcome.iterations,
        seconds: outcome.seconds,
        displaced: outcome.displaced,
        is_interrupted,
    })
}

/// Passes progress on until the search ends. True when Ctrl-C ended it.
fn attend(
    receiver: &Receiver<Progress>,
    watch: Option<&Py<PyAny>>,
    cancel: &AtomicBool,
) -> PyResult<bool> {
    let mut told = Ok(false);
    loop {
        let progress = match receiver.recv_timeout(TICK) {
            Ok(progress) => Some(progress),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return told,
        };
        if cancel.load(Ordering::Relaxed) {
            continue;
        }
        // Ctrl-C may also come while the watcher runs.
        let heard = Python::attach(|py| {
            match py.check_signals().and_then(|()| tell(py, watch, progress)) {
                Err(signal) if signal.is_instance_of::<PyKeyboardInterrupt>(py) => Ok((true, true)),
                Err(other) => Err(other),
                Ok(is_over) => Ok((false, is_over)),
            }
        });
        let is_over = heard.as_ref().map_or(true, |&(_, is_over)| is_over);
        told = heard.map(|(is_interrupted, _)| is_interrupted);
        cancel.store(is_over, Ordering::Relaxed);
    }
}

/// True when whoever watches has seen enough.
fn tell(py: Python<'_>, watch: Option<&Py<PyAny>>, progress: Option<Progress>) -> PyResult<bool> {
    let (Some(watch), Some(progress)) = (watch, progress) else { return Ok(false) };
    let Progress { seconds, share, iterations, score, unassigned, improved } = progress;
    let answer = watch.call1(py, (seconds, share, iterations, score, unassigned, improved))?;
    answer.is_truthy(py)
}

/// Assigns all tickets at once; the answer as JSON.
#[pyfunction]
#[pyo3(signature = (problem, method, candidates, per_shift, hours, balance, stock, seconds))]
#[expect(clippy::too_many_arguments, reason = "the Python side names and documents them")]
pub fn assign(
    py: Python<'_>,
    problem: &Problem,
    method: &str,
    candidates: usize,
    per_shift: Option<u32>,
    hours: bool,
    balance: i64,
    stock: BTreeMap<String, u32>,
    seconds: f64,
) -> PyResult<String> {
    run(py, || {
        let method = match method {
            "greedy" => Method::Greedy,
            "exact" => Method::Exact,
            "lp" => Method::Lp,
            other => {
                let cause = format!("`{other}` is none of greedy, exact, lp");
                return Err(Issue::new(Code::UNKNOWN_FORMAT, "method", cause).into());
            }
        };
        let sides = Sides { hours, balance, parts: stock, ..Sides::default() };
        let options = AssignOptions { method, candidates, per_shift, sides, seconds };
        assign_all(&problem.built, &options).map(|answer| serde_json::json!(answer).to_string())
    })
}
