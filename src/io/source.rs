//! What a reader is given: text, where it came from, and the choices its format leaves open.

use crate::model::{Code, Issue, Issues, Objective};
use std::path::{Path, PathBuf};

/// The text of one input and how to take it.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Where it was read from; names the faults and, where the format has no name, the world.
    pub path: Option<PathBuf>,
    /// The text; empty when the input is a directory.
    pub text: String,
    /// The files of a directory, for formats that are spread over several.
    pub files: Vec<File>,
    /// The choices that the format leaves open.
    pub options: Options,
}

/// One file of a format that is spread over several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, without a directory.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// Choices that a format leaves open; every one has a default in its format.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// How real numbers become integers.
    pub rounding: Option<Rounding>,
    /// What is wanted, instead of what the format says.
    pub objective: Option<Objective>,
    /// Speed over great circles, where the input names none ([`Options::SPEED`] otherwise).
    pub meters_per_hour: Option<u32>,
    /// The property of a GeoJSON feature that names its region.
    pub region_key: Option<String>,
}

impl Options {
    /// Metres per hour where nothing else is said: 36 km/h, with a detour of 30 percent.
    pub const SPEED: u32 = 36_000;

    /// The speed to use over great circles, in metres per hour.
    #[must_use]
    pub fn speed(&self) -> u32 {
        self.meters_per_hour.unwrap_or(Self::SPEED)
    }
}

/// How real-valued times and lengths of a benchmark become integers.
///
/// ```
/// use fieldwright::io::Rounding;
/// assert_eq!(Rounding::named("dimacs"), Some(Rounding { scale: 10, nearest: false }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rounding {
    /// Multiplier before rounding.
    pub scale: u32,
    /// To the nearest integer, halves away from zero; otherwise down.
    pub nearest: bool,
}

impl Rounding {
    /// One decimal place, cut off: the convention of the DIMACS challenge of 2021.
    pub const DIMACS: Self = Self { scale: 10, nearest: false };
    /// Four decimal places, enough for sets whose checkers compute in double precision.
    pub const EXACT: Self = Self { scale: 10_000, nearest: true };
    /// Three decimal places.
    pub const MILLI: Self = Self { scale: 1_000, nearest: true };
    /// Whole units.
    pub const INT: Self = Self { scale: 1, nearest: true };

    /// Every rounding by its name on the command line.
    pub const ALL: [(&'static str, Self); 4] = [
        ("dimacs", Self::DIMACS),
        ("exact", Self::EXACT),
        ("milli", Self::MILLI),
        ("int", Self::INT),
    ];

    /// The rounding with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, rounding)| rounding)
    }
}

impl Source {
    /// A text that comes from no file.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// The same source, to be taken with these options.
    #[must_use]
    pub fn with(self, options: Options) -> Self {
        Self { options, ..self }
    }

    /// Reads a file, or of a directory the tables in it. The table `engineers.csv` stands for the
    /// directory that it is in.
    ///
    /// # Errors
    /// `E004` when something cannot be read, `E001` when a file is not UTF-8.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, Issues> {
        let path = path.into();
        let mut source = Self { path: Some(path.clone()), ..Self::default() };
        if path.is_dir() {
            source.files = files_of(&path)?;
        } else {
            source.text = text_of(&path)?;
            if path.ends_with(FIRST_TABLE) {
                let folder = path.parent().filter(|parent| *parent != Path::new(""));
                source.files = files_of(folder.unwrap_or(Path::new(".")))?;
            }
        }
        Ok(source)
    }

    /// What faults call this source: its path, or `input`.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.as_ref().map_or_else(|| "input".into(), |path| path.display().to_string())
    }

    /// The name of the file without directory and ending; empty where there is no file.
    #[must_use]
    pub fn stem(&self) -> String {
        let stem = self.path.as_ref().and_then(|path| path.file_stem());
        stem.map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Issues {
    Issue::new(Code::UNREADABLE, path.display().to_string(), error.to_string()).into()
}

fn text_of(path: &Path) -> Result<String, Issues> {
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count();
        Issue::new(Code::SYNTAX, format!("{}:{line}", path.display()), "this is not UTF-8 text")
    })?;
    // Spreadsheets mark UTF-8 with a byte order mark, which is no part of the text.
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

fn files_of(directory: &Path) -> Result<Vec<File>, Issues> {
    let entries = std::fs::read_dir(directory).map_err(|error| unreadable(directory, &error))?;
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(directory, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if TABLES.iter().any(|ending| name.ends_with(ending)) && entry.path().is_file() {
            files.push(File { name, text: text_of(&entry.path())? });
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// The endings of files that a directory may hold for a reader.
const TABLES: [&str; 2] = [".csv", ".geojson"];

/// The table that stands for its directory.
pub(super) const FIRST_TABLE: &str = "engineers.csv";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_text_is_named_with_its_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("latin1.txt");
        std::fs::write(&path, b"one\ntwo\nM\xfcnchen").expect("writes");
        let issues = Source::open(&path).expect_err("not UTF-8");
        assert_eq!(issues.0[0].code, Code::SYNTAX);
        assert!(issues.0[0].at.ends_with("latin1.txt:3"), "{issues}");
    }

    #[test]
    fn a_missing_file_is_unreadable_not_a_panic() {
        let issues = Source::open("no/such/file").expect_err("missing");
        assert_eq!(issues.0[0].code, Code::UNREADABLE);
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("marked.csv");
        std::fs::write(&path, "\u{feff}id").expect("writes");
        assert_eq!(Source::open(&path).expect("reads").text, "id");
    }
}
