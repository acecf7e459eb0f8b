//! The files of a set: which there are, which are wanted, and their text, packed or not.

use super::name;
use super::sets::{Kind, Set};
use crate::report::Failure;
use fieldwright::io::Source;
use fieldwright::model::{Code, Issue};
use flate2::read::GzDecoder;
use std::io::Read;
use std::path::{Path, PathBuf};

/// One file with a world.
pub struct Instance {
    /// Where it is.
    pub path: PathBuf,
    /// Its name without folder and endings.
    pub name: String,
}

/// The instances of a set that any of the patterns fits, by name; all where there is no pattern.
pub fn wanted(set: &Set, folder: &Path, only: &[String]) -> Result<Vec<Instance>, Failure> {
    let below = folder.join(set.folder);
    // The set's own folder first: a data folder holds files of other sets too.
    let is_data = !set.folder.is_empty() && below.is_dir();
    let mut all = found(if is_data { &below } else { folder }, set)?;
    if all.is_empty() {
        let cause = format!("there are no instances of `{}` in it", set.name);
        return Err(Issue::new(Code::UNREADABLE, folder.display().to_string(), cause).into());
    }
    let fits = |name: &str| only.is_empty() || only.iter().any(|word| name::fits(name, word));
    let names: Vec<String> = all.iter().map(|instance| instance.name.clone()).collect();
    all.retain(|instance| fits(&instance.name));
    if all.is_empty() {
        let some = names.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
        let cause = format!("no instance is named so; there are {} such as {some}", names.len());
        return Err(Issue::new(Code::UNREADABLE, "--only", cause).into());
    }
    Ok(all)
}

/// The files of the folder that can be instances of this set. Where a set has folders in its folder,
/// they are part of the names.
fn found(folder: &Path, set: &Set) -> Result<Vec<Instance>, Failure> {
    let endings = set.endings()?;
    let instance = |path: PathBuf| {
        let file = path.file_name()?.to_string_lossy().into_owned();
        let plain = file.strip_suffix(".gz").unwrap_or(&file);
        let (name, ending) = plain.rsplit_once('.').unwrap_or((plain, ""));
        // Instances are numbered; what has neither ending nor number is a licence or the like.
        let is_named = !ending.is_empty() || name.contains(|letter: char| letter.is_ascii_digit());
        let is_instance =
            endings.contains(&ending) && ending != "sol" && is_named && path.is_file();
        is_instance.then(|| Instance { name: name.to_owned(), path })
    };
    let mut paths = entries(folder)?;
    let mut instances = Vec::new();
    if set.kind == Kind::Generalised {
        for below in paths.iter().filter(|path| path.is_dir()) {
            let folder = below.file_name().unwrap_or_default().to_string_lossy();
            let inside = entries(below)?.into_iter().filter_map(&instance);
            instances.extend(
                inside.map(|found| Instance { name: format!("{folder}/{}", found.name), ..found }),
            );
        }
    }
    instances.extend(paths.drain(..).filter_map(instance));
    if set.kind == Kind::Revealed {
        // Statistics stand beside them, and moments for worlds that are elsewhere.
        instances.retain(|instance| {
            let world = instance.name.split_once("_rd_").map(|(name, _)| format!("{name}.txt"));
            folder.parent().zip(world).is_some_and(|(above, world)| above.join(world).is_file())
        });
    }
    instances.sort_by_cached_key(|instance| in_order(&instance.name));
    Ok(instances)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    Ok(entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
}

/// A key that sorts names with the numbers in them as numbers: `C1_2_10` behind `C1_2_9`.
fn in_order(name: &str) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let (mut letters, mut number, mut in_number) = (String::new(), 0_u64, false);
    for letter in name.chars() {
        if let Some(digit) = letter.to_digit(10) {
            number = number.saturating_mul(10).saturating_add(digit.into());
        } else {
            if in_number {
                parts.push((std::mem::take(&mut letters), number));
                number = 0;
            }
            letters.push(letter);
        }
        in_number = letter.is_ascii_digit();
    }
    parts.push((letters, number));
    parts
}

/// The text of an instance, to be taken as its set says.
pub fn source(set: &Set, instance: &Instance) -> Result<Source, Failure> {
    let path = &instance.path;
    if path.extension().is_none_or(|ending| ending != "gz") {
        return Ok(Source::open(path)?.with(set.options()));
    }
    let packed = std::fs::File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut text = String::new();
    let unpacked = GzDecoder::new(packed).read_to_string(&mut text);
    unpacked.map_err(|error| unreadable(path, &error))?;
    let source = Source { path: Some(path.with_extension("")), ..Source::text(text) };
    Ok(source.with(set.options()))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Issue::new(Code::UNREADABLE, path.display().to_string(), error.to_string()).into()
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn numbers_in_names_count_as_numbers() {
        let mut names = ["C1_10_1", "C1_2_10", "R1_2_1", "C1_2_9", "C2_2_1"];
        names.sort_by_cached_key(|name| in_order(name));
        assert_eq!(names, ["C1_2_9", "C1_2_10", "C1_10_1", "C2_2_1", "R1_2_1"]);
    }
}
