//! The JSON of VROOM's API (version 1.15): problems in, solutions out and in.
//!
//! A drop-in for what the model can say: jobs with service times, several windows, skills,
//! priorities and deliveries (or pick-ups, but not both); vehicles with start and end, time window,
//! capacity, `max_tasks`, `max_distance`, `speed_factor`, costs and breaks of one window; matrices. A
//! `setup`, a shipment, a limit on travel time and whatever else VROOM knows and the model does not is
//! `E003`, and so is a key that VROOM would ignore: better than a plan for another problem.
//!
//! Ids stay as they are, as text. Without matrices, travel is along great circles at
//! [`Options::speed`](crate::io::Options::speed) with a detour of 30 percent, for here is no routing
//! server. A speed factor rounds travel times to whole seconds.

mod costs;
mod input;
mod loads;
mod locate;
mod output;
mod solution;
mod travel;

pub use input::read;
pub use output::write;
pub use solution::read_plan;

use crate::io::Format;

/// See the module's first line.
pub(super) const FORMAT: Format = Format {
    name: "vroom",
    about: "JSON of the VROOM API; without matrices along great circles at a fixed speed",
    endings: &["json"],
    sniff: |source| {
        let text = &source.text;
        text.trim_start().starts_with('{')
            && (text.contains("\"vehicles\"") || text.contains("\"code\""))
            && !text.contains("\"FeatureCollection\"")
    },
    read: Some(read),
    read_plan: Some(read_plan),
    write: Some(write),
    write_world: None,
    write_files: None,
    locate: Some(locate::locate),
};
