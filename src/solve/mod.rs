//! Solvers: one-shot assignment and route planning, their budgets and their progress reports.

pub mod assign;
mod budget;
mod progress;
pub mod route;

pub use budget::Budget;
pub use progress::{Progress, Watcher};
