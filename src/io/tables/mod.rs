//! CSV tables: a directory with `engineers.csv` and `tickets.csv`, and more where needed; plans as one
//! table.
//!
//! Columns go by name, in any order. Those that are not needed may be absent, and one whose name begins
//! with `_` is ignored. Lists are separated by `;`. Times are whole seconds or RFC 3339 with an
//! offset.
//!
//! | file | columns that are needed | others |
//! |---|---|---|
//! | `engineers.csv`, a row for each shift | `id` `start` `end` `lat` `lon` | `name` `skills` (`boiler:3;gas`, `gas:2@until`) `region` `secondary` `lendable` `profile` `service_percent` `worked` `max_tickets_per_day` `capacity_per_day` `tools` `parts` (`pump:2`) `shift` `end_lat` `end_lon` `open` `breaks` (`earliest/latest/seconds`) `max_tickets` `capacity` `max_duration` `max_distance` `fixed_cost` `overtime` |
//! | `tickets.csv` | `id` `lat` `lon` | `service` `setup` `windows` (`a/b;c/d`) `preferred_windows` `release` `due` `late_steps` (`seconds/cost`) `priority` `value` `skills` `any` (`gas:2\|oil;lift`) `none` `demand` `region` `preferred` `required` `excluded` `told` `tools` `parts` `after` `lock_shift` `lock_rank` `lock_start` |
//! | `skills.csv` | `skill` | |
//! | `regions.csv` | `id` | `parent` `secondary_cost` `borrow_cost` `borrow_cap` |
//! | `regions.geojson` | outlines, see [`geojson`](crate::io::geojson) | |
//! | `travel.csv` | `name` `meters_per_hour` | `detour_percent` `fixed` |
//! | `traffic.csv`, in order of time | `time` (`07:00`, in UTC) `percent` | `profile` |
//! | `depots.csv` | `id` `lat` `lon` | `service` |
//! | `objective.csv` | `level` `criterion` `weight` | |
//!
//! A shift ends where it starts unless `end_lat` and `end_lon` say otherwise or `open` is `yes`. Without
//! `travel.csv`, travel is along great circles at [`Options::speed`](crate::io::Options::speed).

mod locate;
mod plan;
mod read;
mod table;
mod write;

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
    known: &["service"],
};

const OBJECTIVE: Part = Part {
    file: "objective.csv",
    required: false,
    needed: &["level", "criterion", "weight"],
    known: &[],
};
