//! The solvers: exact one-shot assignment; routes come beside it.
pub mod assign;
