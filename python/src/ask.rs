//! Questions about single tickets: who should take it, why not somebody else, why nobody.

use crate::errors::{calm, refused};
use crate::plan::Plan;
use crate::problem::Problem;
use crate::table::{Build, Table};
use fieldwright::dispatch::{
    Candidate, Dispatcher as Asked, Nobody, Reach, Recommendation, WhyNot,
};
use fieldwright::model::{Code, Issue, Issues};
use fieldwright::units::Instant;
use pyo3::prelude::*;
use rayon::prelude::*;
use self_cell::self_cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

self_cell!(
    /// A dispatcher and the problem that it reads.
    struct Prepared {
        owner: Arc<fieldwright::Problem>,
        #[covariant]
        dependent: Asked,
    }
);

/// Answers questions about one problem and one plan.
#[pyclass(frozen, module = "fieldwright._core")]
pub struct Dispatcher {
    prepared: Prepared,
    zone: Option<String>,
}

/// The best engineers for one ticket or for several.
#[pyclass(frozen, module = "fieldwright._core")]
pub struct Recommendations {
    all: Vec<Recommendation>,
    levels: Vec<String>,
    zone: Option<String>,
    is_calendar: bool,
}

#[pymethods]
impl Dispatcher {
    #[new]
    fn new(py: Python<'_>, problem: &Problem, plan: Option<&Plan>) -> PyResult<Self> {
        let plan = plan.map(|plan| plan.plan.as_ref());
        let owner = Arc::clone(&problem.built);
        let prepare = || Prepared::try_new(owner, |problem| Asked::new(problem, plan));
        let done = py.detach(|| catch_unwind(AssertUnwindSafe(prepare)));
        let prepared = calm(done)?.map_err(|issues| refused(py, issues, |_| None))?;
        // Answers as if nobody visited these tickets would be answers about another plan.
        let displaced = prepared.borrow_dependent().displaced();
        if !displaced.is_empty() {
            return Err(refused(py, other_plan(displaced).into(), |_| None));
        }
        Ok(Self { prepared, zone: problem.zone.clone() })
    }

    /// The best engineers for one ticket. The interpreter waits: an answer takes microseconds.
    fn recommend(
        &self,
        py: Python<'_>,
        ticket: &str,
        top: usize,
        everybody: bool,
    ) -> PyResult<Recommendations> {
        let answer = || Ok(vec![self.asked().recommend(ticket, top, reach(everybody))?]);
        self.answers(settled(py, catch_unwind(AssertUnwindSafe(answer)))?)
    }

    /// The best engineers for each of these tickets, side by side on all cores.
    fn recommend_all(
        &self,
        py: Python<'_>,
        tickets: Vec<String>,
        top: usize,
        everybody: bool,
    ) -> PyResult<Recommendations> {
        let answer = || {
            let each = tickets.par_iter();
            each.map(|ticket| self.asked().recommend(ticket, top, reach(everybody))).collect()
        };
        let done = py.detach(|| catch_unwind(AssertUnwindSafe(answer)));
        self.answers(settled(py, done)?)
    }

    /// Why a ticket does not go to an engineer: text and JSON of an answer for each shift.
    fn why_not(&self, py: Python<'_>, ticket: &str, engineer: &str) -> PyResult<(String, String)> {
        let answer = || self.asked().why_not(ticket, engineer);
        let done = py.detach(|| catch_unwind(AssertUnwindSafe(answer)));
        let answers: Vec<WhyNot> = settled(py, done)?;
        let texts: Vec<String> = answers.iter().map(ToString::to_string).collect();
        Ok((texts.join("\n"), serde_json::json!(answers).to_string()))
    }

    /// Why nobody takes a ticket: text and JSON.
    fn nobody(&self, py: Python<'_>, ticket: &str) -> PyResult<(String, String)> {
        let done = py.detach(|| catch_unwind(AssertUnwindSafe(|| self.asked().nobody(ticket))));
        let answer: Nobody = settled(py, done)?;
        Ok((answer.to_string(), serde_json::json!(answer).to_string()))
    }
}

impl Dispatcher {
    fn asked(&self) -> &Asked<'_> {
        self.prepared.borrow_dependent()
    }

    fn answers(&self, all: Vec<Recommendation>) -> PyResult<Recommendations> {
        let world = self.prepared.borrow_owner().world();
        let first = world.engineers.first().and_then(|engineer| engineer.shifts.first());
        let names = (1..=world.objective.levels.len()).map(|level| format!("level_{level}"));
        Ok(Recommendations {
            all,
            levels: names.collect(),
            zone: self.zone.clone(),
            is_calendar: first.is_some_and(|shift| shift.start.0 >= Instant::CALENDAR_FROM),
        })
    }
}

/// A plan of which visits are unknown to a problem, or do not fit into it.
fn other_plan(displaced: &[String]) -> Issue {
    const SHOWN: usize = 5;
    let shown: Vec<String> = displaced.iter().take(SHOWN).map(|id| format!("`{id}`")).collect();
    let more = displaced.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let cause = format!(
        "its visits of {}{more} are unknown to this problem, or do not fit into it",
        shown.join(", ")
    );
    Issue::new(Code::OTHER_PLAN, "plan", cause)
}

fn reach(everybody: bool) -> Reach {
    if everybody { Reach::Everybody } else { Reach::Near }
}

fn settled<T>(py: Python<'_>, done: std::thread::Result<Result<T, Issues>>) -> PyResult<T> {
    calm(done)?.map_err(|issues| refused(py, issues, |_| None))
}

#[pymethods]
impl Recommendations {
    /// Id of the best engineer of the first ticket.
    #[getter]
    fn best(&self) -> Option<&str> {
        Some(self.all.first()?.candidates.first()?.engineer.as_str())
    }

    fn text(&self) -> String {
        self.all.iter().map(ToString::to_string).collect()
    }

    fn json(&self) -> String {
        serde_json::json!(self.all).to_string()
    }

    /// A row for each ticket and candidate, in the order of rank.
    fn table(&self) -> PyResult<Table> {
        let mut rows: Vec<(&str, i64, &Candidate)> = Vec::new();
        for answer in &self.all {
            let ranked = answer.candidates.iter().zip(1..);
            rows.extend(ranked.map(|(candidate, rank)| (answer.ticket.as_str(), rank, candidate)));
        }
        let mut build = Build::new(self.zone.as_deref(), self.is_calendar);
        build.text("ticket", rows.iter().map(|row| Some(row.0)));
        build.int("rank", rows.iter().map(|row| Some(row.1)));
        build.text("engineer", rows.iter().map(|row| Some(row.2.engineer.as_str())));
        build.text("shift", rows.iter().map(|row| Some(row.2.shift.as_str())));
        build.int("position", rows.iter().map(|row| Some(row.2.position as i64 + 1)));
        build.moment("arrive", rows.iter().map(|row| Some(row.2.arrive)));
        build.moment("start", rows.iter().map(|row| Some(row.2.start)));
        build.int("moved", rows.iter().map(|row| Some(row.2.moved.len() as i64)));
        for (level, name) in self.levels.iter().enumerate() {
            build.int(name, rows.iter().map(|row| row.2.score().get(level).copied()));
        }
        build.table()
    }
}
