//! The live desk: commands go in as JSON, events come out as JSON and tables. It decides nothing.

mod journal;
mod rows;
mod tables;

pub use rows::native;

use crate::errors::{calm, run, trouble};
use crate::given::{self, read};
use crate::problem::Problem;
use crate::table::{Build, Table};
use fieldwright::clock::{ClockError, Entry};
use fieldwright::dispatch::desk::{
    self, Actor, Case, Command, Cut, Event, OfferPolicy, RIGHTS, Refusal, Search,
};
use fieldwright::journal::{Head, Memory, Sqlite, Store};
use fieldwright::live::{Fault, Live};
use fieldwright::model::{Agreement, Code, Issue, Issues};
use fieldwright::rng::Rng;
use fieldwright::units::Instant;
use jiff::tz::TimeZone;
use journal::{Branch, Ground};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// A desk on its journal. One thread works on it at a time, the others wait without the interpreter.
#[pyclass(frozen, module = "fieldwright._core")]
pub struct Desk {
    open: Mutex<Option<Open>>,
    /// The desk that it branched off, and at which event.
    trunk: Option<(Py<Desk>, u64)>,
    zone: Zone,
    is_calendar: bool,
}

/// Where times are shown, and how tables call it.
#[derive(Clone)]
struct Zone {
    of: TimeZone,
    name: Option<String>,
}

struct Open {
    ground: Ground,
    /// Draws the keys of commands that come without one.
    keys: Rng,
}

#[pymethods]
impl Desk {
    /// Goes on from the journal in a file, or begins one; in memory without a path. `at`, `policy` and
    /// `agreement` are JSON.
    #[staticmethod]
    #[expect(clippy::too_many_arguments, reason = "Python names them")]
    #[pyo3(signature = (problem, path, at, policy, agreement, seed, zone))]
    fn open(
        py: Python<'_>,
        problem: Option<&Problem>,
        path: Option<PathBuf>,
        at: &str,
        policy: &str,
        agreement: &str,
        seed: u64,
        zone: Option<&str>,
    ) -> PyResult<Self> {
        let name = zone.or(problem.and_then(|p| p.zone.as_deref())).map(str::to_owned);
        let of = run(py, || name.as_deref().map_or(Ok(TimeZone::UTC), given::zone))?;
        let zone = Zone { of, name };
        let rules = Rules { policy, agreement };
        let opened = || begin_or_resume(problem, path.as_deref(), at, rules, seed);
        let opened = calm(py.detach(|| catch_unwind(AssertUnwindSafe(opened))))?;
        let (live, position) = opened.map_err(|fault| trouble(py, fault))?;
        let ground = Ground::Journal(live);
        Ok(Self::new(ground, Rng::new(seed, position.wrapping_mul(2) + 1), zone))
    }

    /// Does what a command as JSON says, and returns its events as JSON.
    #[pyo3(signature = (at, by, key, command))]
    fn apply(
        &self,
        py: Python<'_>,
        at: &str,
        by: &str,
        key: Option<String>,
        command: &str,
    ) -> PyResult<String> {
        self.work(py, |open| {
            let (now, actor) = (read::<Instant>("at", at)?, actor(by)?);
            let command: Command = read("command", command)?;
            let key = key.unwrap_or_else(|| {
                format!("{:016x}{:016x}", open.keys.next_u64(), open.keys.next_u64())
            });
            Ok(text(&open.ground.apply(now, &actor, &key, &command)?))
        })
    }

    /// Deals with every deadline up to a moment, and returns the events as JSON.
    fn advance(&self, py: Python<'_>, at: &str) -> PyResult<String> {
        self.work(py, |open| Ok(text(&open.ground.advance(read("at", at)?)?)))
    }

    /// The next deadline, as an integer or in RFC 3339.
    fn next_deadline(&self, py: Python<'_>) -> PyResult<Option<String>> {
        let due = self.work(py, |open| Ok(open.ground.desk().next_deadline()))?;
        Ok(due.map(|due| self.shown(due)))
    }

    /// How many engineers, tickets and events there are.
    fn counts(&self, py: Python<'_>) -> PyResult<[u64; 3]> {
        self.work(py, |open| {
            let state = open.ground.desk().state();
            Ok([state.members().len() as u64, state.cases().len() as u64, state.next_seq()])
        })
    }

    /// The events from a number on, as JSON.
    fn events(&self, py: Python<'_>, since: u64) -> PyResult<String> {
        let events = self.history(py, since)?;
        run(py, || Ok(text(&events)))
    }

    /// A ticket with all that is known of it, and who must act next, as JSON.
    fn ticket(&self, py: Python<'_>, id: &str) -> PyResult<String> {
        self.work(py, |open| {
            let case = known(open.ground.desk(), id)?;
            let mut told = json!(case);
            told["owner"] = json!(case.owner());
            Ok(told.to_string())
        })
    }

    /// An engineer with all that is known of him, as JSON.
    fn engineer(&self, py: Python<'_>, id: &str) -> PyResult<String> {
        self.work(py, |open| {
            let unknown = || Refusal::UnknownEngineer { engineer: id.to_owned() };
            Ok(text(open.ground.desk().state().member(id).ok_or_else(unknown)?))
        })
    }

    /// The offers that wait for an answer, each with its ticket and its round, as JSON.
    fn open_offers(&self, py: Python<'_>) -> PyResult<String> {
        self.work(py, |open| {
            let mut told: Vec<Value> = Vec::new();
            for case in open.ground.desk().state().cases() {
                for offer in &case.offers {
                    let mut offer = json!(offer);
                    offer["offer"] = offer["id"].take();
                    offer["ticket"] = json!(case.ticket.id);
                    offer["epoch"] = json!(case.epoch);
                    if let Some(fields) = offer.as_object_mut() {
                        fields.remove("id");
                    }
                    told.push(offer);
                }
            }
            Ok(text(&told))
        })
    }

    /// The rules for offers, as JSON.
    fn policy(&self, py: Python<'_>) -> PyResult<String> {
        self.work(py, |open| Ok(text(open.ground.desk().state().policy())))
    }

    /// What has been promised, as JSON.
    fn agreement(&self, py: Python<'_>) -> PyResult<String> {
        self.work(py, |open| Ok(text(open.ground.desk().state().agreement())))
    }

    /// The account of a promise up to a moment: from, to, length, whether it was counted, and why.
    fn ledger(&self, py: Python<'_>, ticket: &str, kind: &str, at: &str) -> PyResult<String> {
        self.work(py, |open| {
            let kind = read("clock", &text(kind))?;
            let desk = open.ground.desk();
            known(desk, ticket)?;
            let found = desk.ledger(ticket, kind, read("at", at)?);
            let out_of_reach = |error: ClockError| {
                Issues::from(Issue::new(Code::OUT_OF_RANGE, "at", error.to_string()))
            };
            let entries = found.map_err(out_of_reach)?.map(|ledger| ledger.entries);
            let told = |entry: Entry| {
                let counted = entry.why.is_counted();
                let length = entry.length();
                json!({
                    "from": entry.from, "to": entry.to, "length": length, "counted": counted, "why": entry.why
                })
            };
            Ok(text(&entries.unwrap_or_default().into_iter().map(told).collect::<Vec<Value>>()))
        })
    }

    /// One of the tables: `tickets`, `engineers`, `visits`, `offers` or `log`.
    fn table(&self, py: Python<'_>, name: &str) -> PyResult<Table> {
        let build = Build::new(self.zone.name.as_deref(), self.is_calendar);
        match name {
            "offers" => tables::offers(build, &self.history(py, 0)?),
            "log" => tables::log(build, &self.history(py, 0)?),
            _ => self.work(py, |open| {
                let state = open.ground.desk().state();
                Ok(match name {
                    "tickets" => tables::tickets(build, state),
                    "engineers" => tables::engineers(build, state),
                    _ => tables::visits(build, state),
                })
            })?,
        }
    }

    /// What becomes of every promise that runs, as a table.
    fn forecast(&self, py: Python<'_>, at: &str) -> PyResult<Table> {
        let forecasts = self.work(py, |open| Ok(open.ground.desk().forecast(read("at", at)?)))?;
        tables::forecast(Build::new(self.zone.name.as_deref(), self.is_calendar), &forecasts)
    }

    /// Better routes for a piece of the live plan, as JSON; nothing where there are none. The desk goes on
    /// while they are looked for.
    #[expect(clippy::too_many_arguments, reason = "Python names them")]
    fn improve(
        &self,
        py: Python<'_>,
        at: &str,
        seed: u64,
        engineers: u32,
        calls: u32,
        iterations: u64,
        margin: Vec<i64>,
    ) -> PyResult<Option<String>> {
        let cut = Cut { seed, engineers, calls, iterations, margin };
        let slice = self.work(py, |open| Ok(open.ground.desk().slice(read("at", at)?, &cut)?))?;
        let Some(slice) = slice else { return Ok(None) };
        let found = run(py, || slice.improve())?;
        Ok(found.as_ref().map(text))
    }

    /// Better routes for some engineers, as JSON.
    fn propose(
        &self,
        py: Python<'_>,
        at: &str,
        engineers: Vec<String>,
        iterations: u64,
        seed: u64,
        moves: u32,
    ) -> PyResult<String> {
        self.work(py, |open| {
            let names: Vec<&str> = engineers.iter().map(String::as_str).collect();
            let search = Search { iterations, seed, moves };
            Ok(text(&open.ground.desk().propose(read("at", at)?, &names, search)?))
        })
    }

    /// A copy to try things on. What it does is written nowhere.
    fn branch(slf: &Bound<'_, Self>) -> PyResult<Self> {
        let desk = slf.get();
        let (branch, keys) = desk.work(slf.py(), |open| {
            Ok((Branch::of(open.ground.desk()), Rng::new(open.keys.clone().next_u64(), 0)))
        })?;
        let trunk = Some((slf.clone().unbind(), branch.first()));
        Ok(Self { trunk, ..Self::new(Ground::Branch(branch), keys, desk.zone.clone()) })
    }

    /// Takes in what others have written.
    fn catch_up(&self, py: Python<'_>) -> PyResult<()> {
        self.work(py, |open| open.ground.catch_up())
    }

    /// Verifies the journal: how many events it has, and the hash of the last.
    fn verify(&self, py: Python<'_>) -> PyResult<(u64, String)> {
        let head = self.work(py, |open| open.ground.verify())?;
        Ok((head.position, head.hash.to_string()))
    }

    /// Keeps the state beside the journal.
    fn keep_snapshot(&self, py: Python<'_>) -> PyResult<()> {
        self.work(py, |open| open.ground.keep_snapshot())
    }

    /// Lets go of the journal.
    fn close(&self, py: Python<'_>) {
        py.detach(|| drop(self.open.lock().unwrap_or_else(PoisonError::into_inner).take()));
    }
}

impl Desk {
    fn new(ground: Ground, keys: Rng, zone: Zone) -> Self {
        let members = ground.desk().state().members().iter();
        let first = members.flat_map(|member| &member.engineer.shifts).map(|shift| shift.start.0);
        let is_calendar = first.min().unwrap_or_default() >= Instant::CALENDAR_FROM;
        let open = Mutex::new(Some(Open { ground, keys }));
        Self { open, trunk: None, zone, is_calendar }
    }

    /// Works on the desk without the interpreter. A desk that panics on the way is closed: what it knows
    /// may be half of something, what its journal knows is not.
    fn work<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut Open) -> Result<T, Fault> + Send,
    ) -> PyResult<T> {
        let done = py.detach(|| {
            catch_unwind(AssertUnwindSafe(|| {
                let mut slot = self.open.lock().unwrap_or_else(PoisonError::into_inner);
                let mut open = slot.take()?;
                let done = work(&mut open);
                *slot = Some(open);
                Some(done)
            }))
        });
        let done = calm(done)?.ok_or_else(|| PyValueError::new_err("the desk is closed"))?;
        done.map_err(|fault| trouble(py, fault))
    }

    /// The events from a number on. What happened before it branched off is with the desk that it comes from.
    fn history(&self, py: Python<'_>, since: u64) -> PyResult<Vec<Event>> {
        let mut events = Vec::new();
        if let Some((trunk, first)) = &self.trunk
            && since < *first
        {
            events = trunk.get().history(py, since)?;
            events.truncate((first - since) as usize);
        }
        events.extend(self.work(py, |open| open.ground.events(since))?);
        Ok(events)
    }

    fn shown(&self, moment: Instant) -> String {
        match jiff::Timestamp::from_second(moment.0) {
            Ok(stamp) if self.is_calendar => {
                stamp.display_with_offset(self.zone.of.to_offset(stamp)).to_string()
            }
            _ => moment.0.to_string(),
        }
    }
}

/// Who may give which command.
#[pyfunction]
pub fn rights() -> Vec<(&'static str, Vec<String>)> {
    RIGHTS
        .iter()
        .map(|(name, roles)| (*name, roles.iter().map(desk::Role::to_string).collect()))
        .collect()
}

/// What a new desk goes by, as JSON.
#[derive(Clone, Copy)]
struct Rules<'t> {
    policy: &'t str,
    agreement: &'t str,
}

/// The desk of a file as it is, or a new one, and how many events its journal had before.
fn begin_or_resume(
    problem: Option<&Problem>,
    path: Option<&Path>,
    at: &str,
    rules: Rules<'_>,
    seed: u64,
) -> Result<(Live<Box<dyn Store + Send>>, u64), Fault> {
    let mut store: Box<dyn Store + Send> = match path {
        None => Box::new(Memory::new()),
        Some(path) if path.exists() => Box::new(Sqlite::open(path)?),
        Some(path) => Box::new(Sqlite::create(path)?),
    };
    let head = store.head()?;
    if head != Head::EMPTY {
        // A stream of its own for each start, so that no id comes twice.
        let rng = Rng::new(seed, head.position.wrapping_mul(2));
        return Ok((Live::resume(store, rng)?, head.position));
    }
    let nobody = || {
        let cause = "the journal is empty, and no engineers were given";
        Issues::from(Issue::new(Code::EMPTY_WORLD, "engineers", cause))
    };
    let world = problem.ok_or_else(nobody)?.built.world();
    let policy: OfferPolicy = read("policy", rules.policy)?;
    let agreement: Agreement = read("agreement", rules.agreement)?;
    let at = read("at", at)?;
    Ok((Live::open_under(at, world, policy, agreement, store, Rng::new(seed, 0))?, 0))
}

/// The ticket of this id.
fn known<'d>(desk: &'d desk::Desk, id: &str) -> Result<&'d Case, Refusal> {
    desk.state().case(id).ok_or_else(|| Refusal::UnknownTicket { ticket: id.to_owned() })
}

/// Somebody as `role:id`.
fn actor(by: &str) -> Result<Actor, Issues> {
    let wrong = |cause: String| Issues::from(Issue::new(Code::SYNTAX, "by", cause));
    let (role, id) = by
        .split_once(':')
        .filter(|(_, id)| !id.is_empty())
        .ok_or_else(|| wrong(format!("`{by}` is not `role:id`, such as `engineer:ada`")))?;
    let role = read("by", &text(role))?;
    Ok(Actor::new(role, id))
}

fn text(value: &(impl Serialize + ?Sized)) -> String {
    json!(value).to_string()
}
