//! Scenarios and laws of the desk.

mod answers;
mod day;
mod laws;
mod offers;
mod rights;
mod town;
