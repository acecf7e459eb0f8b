//! Where the public benchmark data lies, for the tests that need it.

use std::path::PathBuf;

/// The data directory: `FIELDWRIGHT_DATA`, or `../shared/data` beside the crate. Without it the
/// test that asks says so and should return.
pub(crate) fn dir() -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let dir = std::env::var_os("FIELDWRIGHT_DATA").map_or_else(beside, PathBuf::from);
    if dir.is_dir() {
        return Some(dir);
    }
    println!("skipped: no benchmark data in {}; set FIELDWRIGHT_DATA", dir.display());
    None
}
