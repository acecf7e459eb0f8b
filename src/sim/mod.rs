//! Worlds to try things on, drawn from a seed, and days that are played as they come; the same on every
//! machine.

pub mod city;
pub mod rolling;
pub mod waves;

pub use city::City;
pub use rolling::Day;
pub use waves::Waves;
