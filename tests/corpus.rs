//! Replays `fuzz/corpus`, the seeds and the inputs that once broke something, through the bodies of
//! the fuzz targets.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

#[path = "../fuzz/bodies/formats.rs"]
mod formats;
#[path = "../fuzz/bodies/plan.rs"]
mod plan;

/// Runs every file of a target's corpus and names all that break it.
fn replay(target: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut broken = Vec::new();
    let mut files = 0;
    for entry in fs::read_dir(&folder).expect("a corpus for every target") {
        let path = entry.expect("readable").path();
        let data = fs::read(&path).expect("readable");
        files += 1;
        if catch_unwind(AssertUnwindSafe(|| run(&data))).is_err() {
            broken.push(path);
        }
    }
    assert!(files > 0, "{} is empty", folder.display());
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn no_reader_panics_on_its_corpus() {
    replay("formats", formats::run);
}

#[test]
fn every_world_of_the_corpus_plans_by_the_rules() {
    replay("plan", plan::run);
}
