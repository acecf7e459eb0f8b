//! Field-service dispatch.
pub mod model;
pub mod plan;
pub mod rng;
pub mod travel;
pub mod units;
