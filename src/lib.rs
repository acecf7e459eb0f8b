//! Field-service dispatch.
pub mod rng;
pub mod units;
