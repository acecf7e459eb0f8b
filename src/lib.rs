//! Field-service dispatch.
pub mod dispatch;
pub mod io;
pub mod model;
pub mod plan;
pub mod problem;
pub mod rng;
pub mod score;
pub mod solve;
pub mod spatial;
#[cfg(test)]
mod testdata;
#[cfg(test)]
mod testworld;
pub mod travel;
pub mod units;
pub use problem::Problem;
