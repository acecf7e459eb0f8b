//! Feeds every text to every reader.
#![no_main]

#[path = "../bodies/formats.rs"]
mod formats;

libfuzzer_sys::fuzz_target!(|data: &[u8]| formats::run(data));
