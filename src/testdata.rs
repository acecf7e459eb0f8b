//! Where tests find data sets that are too large to live beside the code.

use std::path::{Path, PathBuf};

/// The folder of shared data: `FIELDWRIGHT_DATA`, else `../shared/data` beside this crate. `None`,
/// with one line that says so, when there is none.
pub(crate) fn dir() -> Option<PathBuf> {
    let folder = std::env::var_os("FIELDWRIGHT_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no data at {}; set FIELDWRIGHT_DATA", folder.display());
    None
}
