//! Field-service dispatch.
pub mod io;
pub mod model;
pub mod plan;
pub mod rng;
pub mod units;
