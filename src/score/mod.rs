//! What a plan is worth: criteria, levels of weights, and answers that explain themselves.
//!
//! A score is one integer for each level of the objective, compared from left to right; lower is
//! better. [`Model::compile`] folds names, weights and levels into one 128-bit number for each
//! criterion, so that the search adds and compares single integers and is still exact.

pub mod criteria;
mod explain;
mod levels;

pub use explain::{Contribution, Explanation};
pub use levels::{Model, Tally};
