//! Scenarios and laws of the desk.

mod answers;
mod caps;
mod day;
mod decisions;
mod emergencies;
mod everything;
mod forecasts;
mod keys;
mod laws;
mod odds;
mod offers;
mod old_logs;
mod overdue;
mod promises;
mod quiet;
mod refusals;
mod reopened;
mod retries;
mod rights;
mod slices;
mod told;
mod town;
#[path = "../support/traffic.rs"]
mod traffic;
