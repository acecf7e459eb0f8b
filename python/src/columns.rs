//! Columns of Arrow as cells of text: what a data frame says is read by the rules of the tables.

use crate::errors::Fault;
use arrow_array::cast::AsArray;
use arrow_array::temporal_conversions::{MICROSECONDS, MILLISECONDS, NANOSECONDS, SECONDS_IN_DAY};
use arrow_array::types::{
    Decimal128Type, DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType,
    DurationSecondType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    IntervalMonthDayNanoType, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, IntervalUnit, TimeUnit};
use fieldwright::io::tables::Cells;
use fieldwright::model::Code;
use fieldwright::units::Instant;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::borrow::Cow;
use std::sync::OnceLock;

/// A frame: batches of columns, and the zone of times that have none.
pub struct Columns {
    names: Vec<String>,
    batches: Vec<RecordBatch>,
    /// The first row of each batch, and behind them the number of all rows.
    starts: Vec<usize>,
    zone: Option<TimeZone>,
    /// Whether a text in a column has an offset, looked up where another has none.
    offsets: Vec<OnceLock<bool>>,
}

impl Columns {
    /// Takes the batches of a frame. Columns that `skip` names are as if they began with `_`.
    pub fn new(
        names: Vec<String>,
        batches: Vec<RecordBatch>,
        zone: Option<TimeZone>,
        skip: impl Fn(&str) -> bool,
    ) -> Self {
        let mut starts = vec![0];
        for batch in &batches {
            starts.push(starts[starts.len() - 1] + batch.num_rows());
        }
        let hidden = |name: String| if skip(&name) { format!("_{name}") } else { name };
        let offsets = names.iter().map(|_| OnceLock::new()).collect();
        Self { names: names.into_iter().map(hidden).collect(), batches, starts, zone, offsets }
    }

    /// The columns whose type says nothing that a cell could say.
    pub fn faults(&self, table: &str) -> Vec<Fault> {
        let Some(batch) = self.batches.first() else { return Vec::new() };
        let schema = batch.schema();
        let named = self.names.iter().zip(schema.fields()).enumerate();
        let seen =
            named.filter(|(index, (name, _))| !name.starts_with('_') && self.has_any(*index));
        seen.filter_map(|(_, (name, field))| {
            let (code, cause) = misread(name, field).or_else(|| self.unfit(field.data_type()))?;
            Some(Fault::column(code, table, name, cause))
        })
        .collect()
    }

    /// Whether a cell of a column says anything, whatever its type.
    fn has_any(&self, column: usize) -> bool {
        self.batches.iter().any(|batch| batch.column(column).null_count() < batch.num_rows())
    }

    /// Why a type does not do.
    fn unfit(&self, kind: &DataType) -> Option<(Code, String)> {
        match kind {
            DataType::Timestamp(_, None) if self.zone.is_none() => Some((
                Code::SYNTAX,
                "its datetimes have no zone; name one with `zone=\"Europe/Berlin\"`, or localize the \
                 column (pandas: `.dt.tz_localize(..)`, polars: `.dt.replace_time_zone(..)`)"
                    .into(),
            )),
            DataType::Dictionary(_, inner) => self.unfit(inner),
            DataType::List(inner) | DataType::LargeList(inner) | DataType::FixedSizeList(inner, _) => {
                self.unfit(inner.data_type())
            }
            DataType::Struct(fields) => {
                fields.iter().find_map(|field| self.unfit(field.data_type()))
            }
            DataType::Null
            | DataType::Boolean
            | DataType::Utf8
            | DataType::LargeUtf8
            | DataType::Utf8View
            | DataType::Decimal128(..)
            | DataType::Duration(_)
            | DataType::Interval(IntervalUnit::MonthDayNano)
            | DataType::Timestamp(..) => None,
            kind if kind.is_integer() => None,
            DataType::Float32 | DataType::Float64 => None,
            kind => Some((Code::UNSUPPORTED, useless(kind))),
        }
    }

    /// Whether a moment in a column of texts has an offset: alone, in a window, or after the `@` of a skill.
    fn has_offset(&self, column: usize) -> bool {
        let parts = |text: &str| {
            text.split([';', '/', '@', '|']).any(|part| part.trim().parse::<Timestamp>().is_ok())
        };
        (0..self.rows()).any(|row| parts(&self.text(row, column)))
    }

    /// What stands between the parts of an item: of a window or a break, or skills of which one suffices.
    fn between(&self, column: usize) -> &'static str {
        match self.names[column].as_str() {
            "windows" | "preferred_windows" | "breaks" => "/",
            _ => "|",
        }
    }

    /// The array that holds a cell, and the row in it.
    fn find(&self, row: usize, column: usize) -> (&ArrayRef, usize) {
        let batch = self.starts.partition_point(|&start| start <= row) - 1;
        (self.batches[batch].column(column), row - self.starts[batch])
    }
}

/// Why a column would be read as something that it does not say.
fn misread(name: &str, field: &Field) -> Option<(Code, String)> {
    if field.metadata().get("ARROW:extension:name").is_some_and(|kind| kind == "pandas.period") {
        let cause = "its periods are no moments; make datetimes of them (`.dt.to_timestamp()`)";
        return Some((Code::UNSUPPORTED, cause.into()));
    }
    let inner = match field.data_type() {
        DataType::List(item) | DataType::LargeList(item) => item.data_type(),
        kind => kind,
    };
    let is_record_of_numbers = matches!(inner, DataType::Struct(fields)
        if fields.first().is_some_and(|first| !first.data_type().is_string()));
    let cause = match name {
        _ if !is_record_of_numbers => return None,
        "skills" | "any" | "none" => {
            "its records name no skill first; write `boiler:3`, or {\"skill\": \"boiler\", \"level\": 3}"
        }
        "parts" => {
            "its records name no part first; write `pump:2`, or {\"part\": \"pump\", \"number\": 2}"
        }
        _ => return None,
    };
    Some((Code::UNSUPPORTED, cause.into()))
}

/// Why cells of a type say nothing, and what else they could be.
fn useless(kind: &DataType) -> String {
    match kind {
        DataType::Date32 | DataType::Date64 => format!(
            "its dates ({kind}) have no time of day; make datetimes of them (pandas: `pd.to_datetime(..)`, \
             polars: `.cast(pl.Datetime)`)"
        ),
        DataType::Time32(_) | DataType::Time64(_) => {
            format!("its times of day ({kind}) are of no day; make datetimes of them")
        }
        _ => format!("Arrow calls its type {kind}, which is neither text, number, time nor list"),
    }
}

impl Cells for Columns {
    fn columns(&self) -> Vec<&str> {
        self.names.iter().map(String::as_str).collect()
    }

    fn rows(&self) -> usize {
        self.starts[self.starts.len() - 1]
    }

    fn text(&self, row: usize, column: usize) -> Cow<'_, str> {
        let (array, row) = self.find(row, column);
        text(array, row, self.zone.as_ref(), [";", self.between(column)])
    }

    fn whole(&self, row: usize, column: usize) -> Option<i64> {
        let (array, row) = self.find(row, column);
        whole(array, row, self.zone.as_ref())
    }

    fn real(&self, row: usize, column: usize) -> Option<f64> {
        let (array, row) = self.find(row, column);
        if array.is_null(row) {
            return None;
        }
        match array.data_type() {
            DataType::Float64 => Some(array.as_primitive::<Float64Type>().value(row)),
            _ => whole(array, row, None).map(|value| value as f64),
        }
    }

    fn moment(&self, column: usize, wall: i64) -> Result<Instant, &'static str> {
        if *self.offsets[column].get_or_init(|| self.has_offset(column)) {
            return Err("give it an offset, as others in its column have");
        }
        let zone = self.zone.as_ref();
        let zone = zone
            .ok_or("name one with `zone=\"Europe/Berlin\"`, or write its offset, as in `+01:00`")?;
        in_zone(wall, zone).map(Instant).ok_or("it is beyond all calendars")
    }

    fn items(&self, row: usize, column: usize) -> Option<Vec<Cow<'_, str>>> {
        let (array, row) = self.find(row, column);
        let items = list(array, row)?;
        let between = [self.between(column); 2];
        let text = |item| text(&items, item, self.zone.as_ref(), between).into_owned().into();
        Some((0..items.len()).map(text).collect())
    }
}

/// The items of a list, none where there is no list; `None` when the column holds no lists.
fn list(array: &dyn Array, row: usize) -> Option<ArrayRef> {
    let items = match array.data_type() {
        DataType::List(_) => array.as_list::<i32>().value(row),
        DataType::LargeList(_) => array.as_list::<i64>().value(row),
        DataType::FixedSizeList(..) => array.as_fixed_size_list().value(row),
        _ => return None,
    };
    Some(if array.is_null(row) { items.slice(0, 0) } else { items })
}

/// The whole number that a value is; none where it is something else, or nothing, or beyond what a real
/// number says exactly.
fn whole(array: &dyn Array, row: usize, zone: Option<&TimeZone>) -> Option<i64> {
    const EXACT: f64 = 9e15;
    if array.is_null(row) {
        return None;
    }
    match array.data_type() {
        DataType::Int8 => Some(array.as_primitive::<Int8Type>().value(row).into()),
        DataType::Int16 => Some(array.as_primitive::<Int16Type>().value(row).into()),
        DataType::Int32 => Some(array.as_primitive::<Int32Type>().value(row).into()),
        DataType::Int64 => Some(array.as_primitive::<Int64Type>().value(row)),
        DataType::UInt8 => Some(array.as_primitive::<UInt8Type>().value(row).into()),
        DataType::UInt16 => Some(array.as_primitive::<UInt16Type>().value(row).into()),
        DataType::UInt32 => Some(array.as_primitive::<UInt32Type>().value(row).into()),
        // pandas makes real numbers of whole ones where some are missing.
        DataType::Float64 => {
            let value = array.as_primitive::<Float64Type>().value(row);
            (value.abs() < EXACT && value.fract() == 0.0).then_some(value as i64)
        }
        DataType::Timestamp(unit, aware) if aware.is_some() || zone.is_none() => {
            Some(stamp(array, row, *unit).div_euclid(per_second(*unit)))
        }
        DataType::Duration(unit) => {
            let (value, per_second) = (duration(array, row, *unit), per_second(*unit));
            (value % per_second == 0).then_some(value / per_second)
        }
        // What duckdb has for lengths of time; how long a month is depends.
        DataType::Interval(IntervalUnit::MonthDayNano) => {
            let value = array.as_primitive::<IntervalMonthDayNanoType>().value(row);
            let is_whole = value.months == 0 && value.nanoseconds % NANOSECONDS == 0;
            is_whole
                .then(|| i64::from(value.days) * SECONDS_IN_DAY + value.nanoseconds / NANOSECONDS)
        }
        _ => None,
    }
}

/// What one value says. Items are joined by the first of `between`, their parts by the second, or by `/` when
/// they are no text.
fn text<'a>(
    array: &'a dyn Array,
    row: usize,
    zone: Option<&TimeZone>,
    between: [&str; 2],
) -> Cow<'a, str> {
    if array.is_null(row) {
        return Cow::Borrowed("");
    }
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(row).into(),
        DataType::LargeUtf8 => array.as_string::<i64>().value(row).into(),
        DataType::Utf8View => array.as_string_view().value(row).into(),
        DataType::Boolean => if array.as_boolean().value(row) { "yes" } else { "no" }.into(),
        DataType::Int8 => array.as_primitive::<Int8Type>().value(row).to_string().into(),
        DataType::Int16 => array.as_primitive::<Int16Type>().value(row).to_string().into(),
        DataType::Int32 => array.as_primitive::<Int32Type>().value(row).to_string().into(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string().into(),
        DataType::UInt8 => array.as_primitive::<UInt8Type>().value(row).to_string().into(),
        DataType::UInt16 => array.as_primitive::<UInt16Type>().value(row).to_string().into(),
        DataType::UInt32 => array.as_primitive::<UInt32Type>().value(row).to_string().into(),
        DataType::UInt64 => array.as_primitive::<UInt64Type>().value(row).to_string().into(),
        // pandas says NaN where there is nothing.
        DataType::Float32 => real(array.as_primitive::<Float32Type>().value(row)),
        DataType::Float64 => real(array.as_primitive::<Float64Type>().value(row)),
        DataType::Decimal128(..) => {
            let value = array.as_primitive::<Decimal128Type>().value_as_string(row);
            // Databases say 60.00 where they mean a whole number.
            match value.trim_end_matches('0').strip_suffix('.') {
                Some(whole) => whole.to_owned().into(),
                None => value.into(),
            }
        }
        DataType::Timestamp(unit, aware) => {
            let moment = stamp(array, row, *unit);
            seconds(moment, *unit, zone.filter(|_| aware.is_none())).into()
        }
        DataType::Duration(unit) => length(array, row, *unit).into(),
        DataType::Interval(IntervalUnit::MonthDayNano) => {
            let value = array.as_primitive::<IntervalMonthDayNanoType>().value(row);
            let told = whole(array, row, None).map(|seconds| seconds.to_string());
            let fraction = value.nanoseconds as f64 / NANOSECONDS as f64;
            let parts = || format!("{} months, {} days, {fraction} s", value.months, value.days);
            told.unwrap_or_else(parts).into()
        }
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let key = text(dictionary.keys(), row, None, between).parse::<usize>();
            key.map_or(Cow::Borrowed(""), |key| text(dictionary.values(), key, zone, between))
        }
        DataType::Struct(_) => fields(array, row, zone, between[1]).into(),
        _ => match list(array, row) {
            Some(items) => {
                let is_text = matches!(
                    items.data_type(),
                    DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Struct(_)
                );
                let joint = if is_text { between[0] } else { "/" };
                let within = [between[1]; 2];
                let all =
                    (0..items.len()).map(|item| text(&items, item, zone, within).into_owned());
                all.collect::<Vec<_>>().join(joint).into()
            }
            None => Cow::Borrowed(""),
        },
    }
}

/// A number, or nothing where it is none.
fn real<T: Copy + PartialEq + ToString>(value: T) -> Cow<'static, str> {
    #[expect(clippy::eq_op, reason = "only NaN differs from itself")]
    if value != value { Cow::Borrowed("") } else { value.to_string().into() }
}

/// A record as an item of a table: `name:level@until`, or moments and numbers joined by `/`.
fn fields(array: &dyn Array, row: usize, zone: Option<&TimeZone>, between: &str) -> String {
    let columns = array.as_struct().columns();
    let values = columns.iter().map(|column| text(column, row, zone, [between; 2]));
    let values: Vec<Cow<'_, str>> = values.filter(|value| !value.is_empty()).collect();
    // A text that begins a window or a break is a moment.
    let starts_with_name =
        between != "/" && columns.first().is_some_and(|first| first.data_type().is_string());
    match (starts_with_name, &values[..]) {
        (true, [name, level, rest @ ..]) => {
            let until = rest.first().map_or(String::new(), |until| format!("@{until}"));
            format!("{name}:{level}{until}")
        }
        _ => values.join("/"),
    }
}

fn stamp(array: &dyn Array, row: usize, unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => array.as_primitive::<TimestampSecondType>().value(row),
        TimeUnit::Millisecond => array.as_primitive::<TimestampMillisecondType>().value(row),
        TimeUnit::Microsecond => array.as_primitive::<TimestampMicrosecondType>().value(row),
        TimeUnit::Nanosecond => array.as_primitive::<TimestampNanosecondType>().value(row),
    }
}

fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => MILLISECONDS,
        TimeUnit::Microsecond => MICROSECONDS,
        TimeUnit::Nanosecond => NANOSECONDS,
    }
}

/// Seconds since 1970, fractions cut off.
fn seconds(moment: i64, unit: TimeUnit, zone: Option<&TimeZone>) -> String {
    let seconds = moment.div_euclid(per_second(unit));
    zone.and_then(|zone| in_zone(seconds, zone)).unwrap_or(seconds).to_string()
}

/// When a clock on the wall of a zone says so many seconds since 1970. What a change of clocks skips or repeats
/// is taken by the offset before it.
fn in_zone(wall: i64, zone: &TimeZone) -> Option<i64> {
    let civil = TimeZone::UTC.to_datetime(Timestamp::from_second(wall).ok()?);
    Some(zone.to_timestamp(civil).ok()?.as_second())
}

/// A length of time in seconds, with a decimal fraction where it is not whole.
fn length(array: &dyn Array, row: usize, unit: TimeUnit) -> String {
    let (value, per_second) = (duration(array, row, unit), per_second(unit));
    match value % per_second {
        0 => (value / per_second).to_string(),
        _ => (value as f64 / per_second as f64).to_string(),
    }
}

fn duration(array: &dyn Array, row: usize, unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => array.as_primitive::<DurationSecondType>().value(row),
        TimeUnit::Millisecond => array.as_primitive::<DurationMillisecondType>().value(row),
        TimeUnit::Microsecond => array.as_primitive::<DurationMicrosecondType>().value(row),
        TimeUnit::Nanosecond => array.as_primitive::<DurationNanosecondType>().value(row),
    }
}
