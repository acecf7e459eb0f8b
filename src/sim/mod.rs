//! Worlds to try things on: drawn from a seed, the same on every machine.

pub mod city;

pub use city::City;
