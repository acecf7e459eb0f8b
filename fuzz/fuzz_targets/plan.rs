//! Plans every world.
#![no_main]

#[path = "../bodies/plan.rs"]
mod plan;

libfuzzer_sys::fuzz_target!(|data: &[u8]| plan::run(data));
