//! Field-service dispatch.
pub mod io;
pub mod model;
pub mod plan;
pub mod rng;
#[cfg(test)]
mod testdata;
pub mod travel;
pub mod units;
