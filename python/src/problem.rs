//! Problems: from texts and frames to the checked form.

use crate::columns::Columns;
use crate::errors::{Fault, calm, input_error, located, refused, run};
use crate::given;
use crate::matrix;
use fieldwright::dispatch::Change;
use fieldwright::io::tables::{self, Frame, Frames};
use fieldwright::io::{self, Options, Rounding, Source};
use fieldwright::model::{Code, Issue, Issues, Objective, Profile, TravelMode, World};
use fieldwright::sim::City;
use fieldwright::units::{Instant, Seconds};
use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use pyo3_arrow::input::AnyRecordBatch;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

/// A checked problem and the zone in which its times are shown.
#[pyclass(frozen, module = "fieldwright._core")]
pub struct Problem {
    pub built: Arc<fieldwright::Problem>,
    pub zone: Option<String>,
}

/// What a caller says beside the tables.
struct Settings {
    name: String,
    profiles: Option<Vec<Profile>>,
    objective: Option<Objective>,
    max_changes: Option<u32>,
    zone: Option<String>,
    /// Columns to pass over, or, with `ignore_unknown`, all that no table knows.
    ignore: Vec<String>,
    ignore_unknown: bool,
}

impl Settings {
    /// Reads what is there by name; each fault names its argument.
    fn read(text: &str, faults: &mut Vec<Fault>) -> Self {
        let read = given::read::<Map<String, Value>>("settings", text);
        let mut given = read.unwrap_or_else(|issues| {
            faults.extend(located(issues, |_| None));
            Map::new()
        });
        Self {
            name: setting(&mut given, "name", faults),
            profiles: setting(&mut given, "travel", faults),
            objective: setting(&mut given, "objective", faults),
            max_changes: setting(&mut given, "max_changes", faults),
            zone: setting(&mut given, "zone", faults),
            ignore: setting(&mut given, "ignore", faults),
            ignore_unknown: setting(&mut given, "ignore_unknown", faults),
        }
    }
}

fn setting<T: DeserializeOwned + Default>(
    given: &mut Map<String, Value>,
    name: &str,
    faults: &mut Vec<Fault>,
) -> T {
    let Some(value) = given.remove(name) else { return T::default() };
    given::read(name, &value.to_string()).unwrap_or_else(|issues| {
        faults.extend(located(issues, |_| None));
        T::default()
    })
}

impl Problem {
    fn new(world: World, zone: Option<String>) -> Result<Self, Issues> {
        Ok(Self { built: Arc::new(fieldwright::Problem::build(world)?), zone })
    }
}

#[pymethods]
impl Problem {
    /// Reads a world in one of the formats of the crate.
    #[staticmethod]
    #[pyo3(signature = (text, format, name, objective, rounding, zone))]
    fn read(
        py: Python<'_>,
        text: String,
        format: Option<&str>,
        name: &str,
        objective: Option<&str>,
        rounding: Option<&str>,
        zone: Option<String>,
    ) -> PyResult<Self> {
        run(py, move || {
            zone.as_deref().map(given::zone).transpose()?;
            let options = Options {
                objective: objective.map(objective_of).transpose()?,
                rounding: rounding.map(rounding_of).transpose()?,
                ..Options::default()
            };
            let path = Some(name).filter(|name| !name.is_empty()).map(PathBuf::from);
            let source = Source { path, text, options, ..Source::default() };
            let problem = io::read(&source, format).and_then(|world| Self::new(world, zone));
            problem.map_err(|issues| io::located(&source, format, issues))
        })
    }

    /// Reads frames, each with the name of its table; `settings` are JSON.
    #[staticmethod]
    fn frames(
        py: Python<'_>,
        named: Vec<(String, Bound<'_, PyAny>)>,
        outlines: Option<String>,
        matrices: Vec<matrix::Given<'_>>,
        settings: &str,
    ) -> PyResult<Self> {
        let mut faults = Vec::new();
        let settings = Settings::read(settings, &mut faults);
        let zone = settings.zone.as_deref().and_then(|name| {
            let unknown = |issues| faults.extend(located(issues, |_| None));
            given::zone(name).map_err(unknown).ok()
        });
        let is_by_matrix = !matrices.is_empty();
        let before = faults.len();
        let tables = matrix::tables(matrices, &mut faults);
        let has_faulty_matrix = faults.len() > before;
        let travel = match settings.profiles.clone() {
            _ if is_by_matrix => Some(TravelMode::Matrix { tables }),
            profiles => profiles.map(|profiles| TravelMode::Haversine { profiles }),
        };
        let mut frames = Vec::new();
        let mut seen = None;
        for (table, frame) in named {
            let unreadable =
                |cause: String| input_error(py, &[Fault::new(Code::SYNTAX, &table, cause)]);
            let stream = frame.extract::<AnyRecordBatch>().and_then(AnyRecordBatch::into_reader);
            // What is not installed (pandas exports through pyarrow) is no fault of the frame.
            let reader =
                stream.map_err(|error| match error.is_instance_of::<PyImportError>(py) {
                    true => error,
                    false => unreadable(error.to_string()),
                })?;
            let schema = reader.schema();
            let names: Vec<String> = schema.fields().iter().map(|f| f.name().clone()).collect();
            seen = seen.or_else(|| zone_in(&schema));
            let batches = reader.collect::<Result<Vec<_>, _>>();
            let batches = batches.map_err(|error| unreadable(error.to_string()))?;
            let known = tables::columns(&table);
            let skip = |name: &str| {
                let is_known = known.iter().any(|(column, _)| *column == name);
                settings.ignore.iter().any(|other| other == name)
                    || (settings.ignore_unknown && !is_known)
            };
            let columns = Columns::new(names, batches, zone.clone(), skip);
            faults.extend(columns.faults(&table));
            frames.push((table, columns));
        }
        let tables = frames.iter().map(|(name, cells)| Frame { name, cells }).collect();
        let frames = Frames { tables, outlines: outlines.as_deref(), travel };
        let shown = settings.zone.clone().or(seen);
        let read = calm(py.detach(|| catch_unwind(AssertUnwindSafe(|| frames.read()))))?;
        let world = read.map_err(|issues| {
            let cells = located(issues, |at| frames.cell(at));
            // A column of which no cell says anything has one fault, not one for each of its cells.
            let others = cells.filter(|cell| !faults.iter().any(|fault| fault.covers(cell)));
            let others: Vec<Fault> = others.collect();
            faults.extend(others);
        });
        let settle = |world: &mut World| settle(world, settings, shown.as_deref());
        let Some(mut world) = world.ok().filter(|_| faults.is_empty()) else {
            let doubts = py.detach(|| catch_unwind(AssertUnwindSafe(|| frames.doubts(settle))));
            // Rows of a matrix that could not be read are not missing.
            let is_told =
                |code| !(has_faulty_matrix && [Code::ROW, Code::MATRIX_SHAPE].contains(&code));
            let doubts = calm(doubts)?.into_iter().filter(|(issue, _)| is_told(issue.code));
            let doubts = doubts.map(Fault::from);
            let doubts = doubts.filter(|doubt| !faults.iter().any(|fault| fault.covers(doubt)));
            let doubts: Vec<Fault> = doubts.collect();
            faults.extend(doubts);
            return Err(input_error(py, &faults));
        };
        let built = py.detach(|| {
            catch_unwind(AssertUnwindSafe(|| {
                settle(&mut world);
                Self::new(world, shown.clone())
            }))
        });
        calm(built)?.map_err(|issues| refused(py, issues, |at| frames.cell_of_world(at)))
    }

    /// A city that the crate makes up.
    #[staticmethod]
    fn city(
        py: Python<'_>,
        engineers: usize,
        tickets: usize,
        regions: usize,
        days: usize,
        seed: u64,
    ) -> PyResult<Self> {
        run(py, || {
            let city = City { engineers, tickets, regions, days, seed, ..City::default() };
            Self::new(city.world(), Some("Europe/Berlin".into()))
        })
    }

    /// The same with changes (a list of `Change` as JSON) made and engineers doubled.
    fn changed(&self, py: Python<'_>, changes: &str, hire: Vec<String>) -> PyResult<Self> {
        run(py, || {
            let changes: Vec<Change> = given::read("changes", changes)?;
            let mut world = self.built.world().clone();
            for change in &changes {
                change.apply(&mut world)?;
            }
            for id in &hire {
                double(&mut world, id)?;
            }
            Self::new(world, self.zone.clone())
        })
    }

    /// The world as JSON.
    fn json(&self, py: Python<'_>) -> PyResult<String> {
        run(py, || Ok(io::native::write_world(self.built.world())))
    }

    /// What a map of the world shows, as GeoJSON.
    fn geojson(&self, py: Python<'_>) -> PyResult<String> {
        run(py, || io::geojson::write_world(self.built.world()))
    }

    #[getter]
    fn name(&self) -> &str {
        &self.built.world().name
    }

    #[getter]
    fn zone(&self) -> Option<&str> {
        self.zone.as_deref()
    }

    /// Ids of the engineers, in order.
    fn engineers(&self) -> Vec<&str> {
        self.built.world().engineers.iter().map(|engineer| engineer.id.as_str()).collect()
    }

    /// Ids of the tickets, in order.
    fn tickets(&self) -> Vec<&str> {
        self.built.world().tickets.iter().map(|ticket| ticket.id.as_str()).collect()
    }

    /// The region of each ticket, named by it or found from the outlines.
    fn regions_of_tickets(&self) -> Vec<Option<&str>> {
        let regions = &self.built.world().regions;
        let name = |region: u32| Some(regions.get(region as usize)?.id.as_str());
        self.built.tickets.iter().map(|ticket| name(ticket.region)).collect()
    }

    /// How many engineers, shifts, tickets and regions there are.
    fn counts(&self) -> [usize; 4] {
        let world = self.built.world();
        [world.engineers.len(), self.built.shifts.len(), world.tickets.len(), world.regions.len()]
    }

    /// The names of the levels of the objective: their criteria, joined by `+`.
    fn levels(&self) -> Vec<String> {
        let levels = &self.built.world().objective.levels;
        let name = |level: &fieldwright::model::Level| {
            level.keys().map(|criterion| criterion.name()).collect::<Vec<_>>().join("+")
        };
        levels.iter().map(name).collect()
    }
}

/// What the columns of a table are, and what belongs into each.
#[pyfunction]
pub fn columns(table: &str) -> Vec<(&'static str, &'static str)> {
    tables::columns(table)
}

/// The levels of a preset as JSON.
#[pyfunction]
pub fn objective(py: Python<'_>, name: &str) -> PyResult<String> {
    run(py, || Ok(serde_json::json!(objective_of(name)?).to_string()))
}

fn objective_of(name: &str) -> Result<Objective, Issue> {
    Objective::named(name).ok_or_else(|| {
        let known = Objective::presets().map(|(name, ..)| name).join(", ");
        Issue::new(Code::UNKNOWN_FORMAT, "objective", format!("`{name}` is none of {known}"))
    })
}

fn rounding_of(name: &str) -> Result<Rounding, Issue> {
    Rounding::named(name).ok_or_else(|| {
        let known = Rounding::ALL.map(|(name, _)| name).join(", ");
        Issue::new(Code::UNKNOWN_FORMAT, "rounding", format!("`{name}` is none of {known}"))
    })
}

/// The zone of the first column that has one which is known.
fn zone_in(schema: &arrow_schema::Schema) -> Option<String> {
    let mut zones = schema.fields().iter().filter_map(|field| match field.data_type() {
        arrow_schema::DataType::Timestamp(_, Some(zone)) => Some(zone.to_string()),
        _ => None,
    });
    zones.find(|zone| given::zone(zone).is_ok())
}

/// Writes into a world what stands beside its tables. Days begin at midnight in the zone, as of the
/// first shift.
fn settle(world: &mut World, settings: Settings, zone: Option<&str>) {
    world.name = settings.name;
    world.max_changes = settings.max_changes;
    if let Some(objective) = settings.objective {
        world.objective = objective;
    }
    let shifts = world.engineers.iter().flat_map(|engineer| &engineer.shifts);
    let first = shifts.map(|shift| shift.start).min().unwrap_or_default();
    let is_calendar = first >= Instant(Instant::CALENDAR_FROM);
    if let Some(zone) = zone.filter(|_| is_calendar).and_then(|name| given::zone(name).ok())
        && let Ok(moment) = jiff::Timestamp::from_second(first.0)
    {
        world.utc_offset = Seconds(i64::from(zone.to_offset(moment).seconds()));
    }
}

/// Hires somebody who is like this engineer, under his id and a `+`.
fn double(world: &mut World, id: &str) -> Result<(), Issues> {
    let found = world.engineers.iter().find(|engineer| engineer.id == id);
    let Some(found) = found else {
        let cause = format!("`{id}` is none of the {} engineers", world.engineers.len());
        return Err(Issue::new(Code::UNKNOWN_ENGINEER, "hire", cause).into());
    };
    let mut hired = found.clone();
    while world.engineers.iter().any(|engineer| engineer.id == hired.id) {
        hired.id.push('+');
    }
    for shift in &mut hired.shifts {
        shift.id = None;
    }
    world.engineers.push(hired);
    Ok(())
}
