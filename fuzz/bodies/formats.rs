//! Every reader survives every text: it answers with a world, a plan or numbered issues, and never
//! panics. Included by the fuzz target and by `tests/corpus.rs`.
//!
//! The first line names the format; when it names none, the format is guessed, as on the command
//! line. A line `=== name` begins a file of that name, for formats that are spread over several; the
//! file called `plan` is a solution for the world, `nodes.csv` and `arcs.csv` are a road network.

use fieldwright::io::{self, File, Given, Source, road};
use fieldwright::model::{Code, Issues, TravelMode, World};
use fieldwright::plan;
use fieldwright::units::Meters;

/// Reads `data` as a world and as a plan, and writes whatever was read.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (head, rest) = text.split_once('\n').unwrap_or(("", &text));
    let (format, body) = match io::named(head.trim()) {
        Ok(format) => (Some(format.name), rest),
        Err(_) => (None, &*text),
    };
    let (source, solution) = taken_apart(body);
    if let (Some(nodes), Some(arcs)) = (file(&source, "nodes.csv"), file(&source, "arcs.csv")) {
        sound(&road::read(nodes, arcs, Meters(500)));
    }
    let read = io::read(&source, format);
    let valid = read.as_ref().is_ok_and(|world| sound(&world.validate()));
    if sound(&read) {
        written(read.as_ref().expect("it is sound"), valid);
    }
    let world = read.unwrap_or_else(|_| World::new(TravelMode::car(36_000)));
    let given = io::read_plan(&solution.unwrap_or(source), format, &world);
    if sound(&given)
        && let Ok(Given::Plan(plan)) = given
    {
        for write in io::ALL.iter().filter_map(|format| format.write) {
            sound(&write(&world, &plan));
        }
        if valid {
            let _ = plan::check(&world, &plan);
        }
    }
}

fn file<'a>(source: &'a Source, name: &str) -> Option<&'a File> {
    source.files.iter().find(|file| file.name == name)
}

/// The text before the first `=== name` and the files after it; and the solution among them.
fn taken_apart(text: &str) -> (Source, Option<Source>) {
    let mut source = Source::default();
    for line in text.split_inclusive('\n') {
        if let Some(name) = line.strip_prefix("=== ") {
            source.files.push(File { name: name.trim().into(), text: String::new() });
        } else {
            source.files.last_mut().map_or(&mut source.text, |file| &mut file.text).push_str(line);
        }
    }
    let solution = source.files.iter().position(|file| file.name == "plan");
    let solution = solution.map(|index| Source::text(source.files.remove(index).text));
    (source, solution)
}

/// Is there a value? Otherwise every fault has a code that is known, a place and a cause.
fn sound<T>(result: &Result<T, Issues>) -> bool {
    let Err(issues) = result else { return true };
    assert!(!issues.0.is_empty(), "an error without a fault");
    for issue in &issues.0 {
        assert!(Code::ALL.contains(&issue.code) && !issue.at.is_empty(), "{issue}");
        assert!(!issue.cause.is_empty(), "{issue}");
    }
    false
}

/// A world without faults comes back from the project's own JSON as it was.
fn written(world: &World, valid: bool) {
    for format in io::ALL.iter().filter(|format| format.read.is_some()) {
        let text = format.write_world.map(|write| write(world));
        let files = format.write_files.map(|write| write(world));
        let again = match (text, files) {
            (Some(text), _) if sound(&text) => Source::text(text.expect("it is sound")),
            (_, Some(files)) if sound(&files) => {
                Source { files: files.expect("it is sound"), ..Source::default() }
            }
            _ => continue,
        };
        if valid {
            let again = io::read(&again, Some(format.name));
            let again = again.unwrap_or_else(|issues| panic!("{}: {issues}", format.name));
            assert_eq!(again.tickets, world.tickets, "{}", format.name);
            assert_eq!(again.engineers, world.engineers, "{}", format.name);
        }
    }
}
