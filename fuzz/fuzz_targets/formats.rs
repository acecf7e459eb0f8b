//! Every reader survives every text: it answers with a world, a plan or issues, and never panics.
//! The first byte chooses the format.
#![no_main]

use fieldwright::io::{self, Source};
use fieldwright::model::{TravelMode, World};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&choice, rest)) = data.split_first() else { return };
    let source = Source::text(String::from_utf8_lossy(rest));
    let format = &io::ALL[usize::from(choice) % io::ALL.len()];
    let world = io::read(&source, Some(format.name));
    let world = world.unwrap_or_else(|_| World::new(TravelMode::car(36_000)));
    let _ = world.validate();
    let _ = io::read_plan(&source, Some(format.name), &world);
});
