//! Field-service dispatch.
pub mod rng;
pub mod solve;
#[cfg(test)]
pub(crate) mod testdata;
pub mod units;
