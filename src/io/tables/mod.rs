//! CSV tables: a directory with `engineers.csv` and `tickets.csv`, and more where needed; plans as one
//! table.
//!
//! Columns go by name, in any order. Those that are not needed may be absent, and one whose name begins
//! with `_` is ignored. Lists are separated by `;`. Times are whole seconds or RFC 3339 with an
//! offset.
//!
//! | file | columns that are needed | others |
//! |---|---|---|
//! | `engineers.csv`, a row for each shift | `id` `start` `end` `lat` `lon` | `name` `skills` (`boiler:3;gas`, `gas:2@until`) `region` `secondary` `lendable` `profile` `service_percent` `worked` `max_tickets_per_day` `capacity_per_day` `tools` `parts` (`pump:2`) `shift` `end_lat` `end_lon` `open` `breaks` (`earliest/latest/seconds`) `max_tickets` `capacity` `max_duration` `max_distance` `fixed_cost` `overtime` `row` `end_row` |
//! | `tickets.csv` | `id` `lat` `lon` | `service` `setup` `windows` (`a/b;c/d`) `earliest` `latest` (one more window) `preferred_windows` `release` `due` `late_steps` (`seconds/cost`) `priority` `value` `skills` `any` (`gas:2\|oil;lift`) `none` `demand` `region` `customer` `contract` `job` `preferred` `required` `excluded` `told` `tools` `parts` `after` `lock_shift` `lock_rank` `lock_start` `row` |
//! | `skills.csv` | `skill` | |
//! | `regions.csv` | `id` | `parent` `secondary_cost` `borrow_cost` `borrow_cap` |
//! | `regions.geojson` | outlines, see [`geojson`](crate::io::geojson) | |
//! | `travel.csv` | `name` `meters_per_hour` | `detour_percent` `fixed` |
//! | `traffic.csv`, in order of time | `time` (`07:00`, in UTC) `percent` | `profile` |
//! | `depots.csv` | `id` `lat` `lon` | `service` `row` |
//! | `objective.csv` | `level` `criterion` `weight` | |
//!
//! A shift ends where it starts unless `end_lat` and `end_lon` say otherwise or `open` is `yes`. Without
//! `travel.csv`, travel is along great circles at [`Options::speed`](crate::io::Options::speed).
//!
//! The same tables can stand in memory, see [`Frames`]. There times may be those of a zone (see
//! [`Cells::moment`]), travel may come from matrices, whose rows the columns `row` and `end_row` name, and `lat`
//! and `lon` may be absent.

mod doubts;
mod expects;
mod frames;
mod item;
mod locate;
mod plan;
mod read;
mod rows;
mod table;
mod write;

pub use frames::{Cell, Cells, Frame, Frames, columns};
pub use plan::{read_plan, write};
pub use read::read;
pub use write::write_files;

use crate::io::Format;
use crate::io::source::FIRST_TABLE;

/// See the module's first line.
pub(super) const FORMAT: Format = Format {
    name: "csv",
    about: "a directory of tables, engineers.csv and tickets.csv at least; plans as one table",
    endings: &["csv"],
    sniff: |source| {
        source.files.iter().any(|file| file.name == ENGINEERS.file)
            || source.text.starts_with("engineer,shift,")
    },
    read: Some(read),
    read_plan: Some(read_plan),
    write: Some(write),
    write_world: None,
    write_files: Some(write_files),
    locate: Some(locate::locate),
};

/// One table of the directory.
struct Part {
    file: &'static str,
    required: bool,
    needed: &'static [&'static str],
    known: &'static [&'static str],
}

impl Part {
    /// What the table is called where it is no file.
    fn name(&self) -> &'static str {
        self.file.trim_end_matches(".csv")
    }

    /// Its columns, those that are needed first.
    fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.needed.iter().chain(self.known).copied()
    }
}

/// Every table.
const PARTS: [&Part; 8] =
    [&ENGINEERS, &TICKETS, &SKILLS, &REGIONS, &TRAVEL, &TRAFFIC, &DEPOTS, &OBJECTIVE];

/// The lists of a world whose items are rows, one after the other.
const LISTS: [(&str, &Part); 5] = [
    ("tickets", &TICKETS),
    ("regions", &REGIONS),
    ("depots", &DEPOTS),
    ("skills", &SKILLS),
    ("travel.profiles", &TRAVEL),
];

const OUTLINES: &str = "regions.geojson";

/// The first of the known columns of an engineer: what is his in every shift. They may stay empty in
/// his second and later rows.
const PERSON: &[&str] = ENGINEERS.known.split_at(12).0;

const ENGINEERS: Part = Part {
    file: FIRST_TABLE,
    required: true,
    needed: &["id", "start", "end", "lat", "lon"],
    known: &[
        "name",
        "skills",
        "region",
        "secondary",
        "lendable",
        "profile",
        "service_percent",
        "worked",
        "max_tickets_per_day",
        "capacity_per_day",
        "tools",
        "parts",
        "shift",
        "end_lat",
        "end_lon",
        "open",
        "breaks",
        "max_tickets",
        "capacity",
        "max_duration",
        "max_distance",
        "fixed_cost",
        "overtime",
        "row",
        "end_row",
    ],
};

const TICKETS: Part = Part {
    file: "tickets.csv",
    required: true,
    needed: &["id", "lat", "lon"],
    known: &[
        "service",
        "setup",
        "windows",
        "preferred_windows",
        "release",
        "due",
        "late_steps",
        "priority",
        "value",
        "skills",
        "any",
        "none",
        "demand",
        "region",
        "customer",
        "contract",
        "job",
        "preferred",
        "required",
        "excluded",
        "told",
        "tools",
        "parts",
        "after",
        "lock_shift",
        "lock_rank",
        "lock_start",
        "row",
        "earliest",
        "latest",
    ],
};

const SKILLS: Part = Part { file: "skills.csv", required: false, needed: &["skill"], known: &[] };

const REGIONS: Part = Part {
    file: "regions.csv",
    required: false,
    needed: &["id"],
    known: &["parent", "secondary_cost", "borrow_cost", "borrow_cap"],
};

const TRAVEL: Part = Part {
    file: "travel.csv",
    required: false,
    needed: &["name", "meters_per_hour"],
    known: &["detour_percent", "fixed"],
};

const TRAFFIC: Part = Part {
    file: "traffic.csv",
    required: false,
    needed: &["time", "percent"],
    known: &["profile"],
};

const DEPOTS: Part = Part {
    file: "depots.csv",
    required: false,
    needed: &["id", "lat", "lon"],
    known: &["service", "row"],
};

const OBJECTIVE: Part = Part {
    file: "objective.csv",
    required: false,
    needed: &["level", "criterion", "weight"],
    known: &[],
};
