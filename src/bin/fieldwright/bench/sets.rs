//! The benchmark sets as a table: format, rounding, objective, where the best known values stand.
//!
//! A set is what its authors published, so nothing in here depends on a single instance. To add one,
//! add a line; the command line, its help and the error that lists the known sets follow.

use super::name;
use crate::report::Failure;
use fieldwright::io::{self, Format, Options, Rounding};
use fieldwright::model::{Code, Criterion, Issue, Objective};

/// What its instances are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Worlds of which routes are planned.
    Routes,
    /// Square matrices: each row to a column of its own.
    Square,
    /// Items to agents with limited room.
    Generalised,
    /// Days whose tickets are revealed one by one.
    Revealed,
    /// Days of waves: what is known goes now or waits.
    Waves,
}

/// One published set, under one convention.
#[derive(Clone, Copy)]
pub struct Set {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is and which convention it is measured under, in half a sentence.
    pub about: &'static str,
    /// What its instances are.
    pub kind: Kind,
    /// Name of the format of its worlds.
    pub format: &'static str,
    /// The folder of its instances below a data folder.
    pub folder: &'static str,
    /// Rounding of legs, where it is not the format's own.
    pub rounding: Option<Rounding>,
    /// What is wanted, where it is not the format's own.
    pub objective: Option<fn() -> Objective>,
    /// Where the best known values stand.
    pub best: Known,
    /// How an instance's name tells its class.
    pub class: name::Class,
}

/// Where the best known values of a set stand.
#[derive(Clone, Copy)]
pub enum Known {
    /// Nobody has published any.
    Nowhere,
    /// On the `Cost` line of `NAME.sol` beside the instance, in the whole units of the world.
    Beside,
    /// In the CSV files that begin so, beside the instances or one folder up. The columns hold the last
    /// levels of the objective; the first choice that a table has counts.
    Tables {
        /// How the names of the files begin.
        start: &'static str,
        /// Choices of columns.
        columns: &'static [&'static [&'static str]],
    },
    /// Wherever there is something, beside the instances or one folder up.
    Anywhere,
}

/// Distance alone, with the rounding of the DIMACS challenge.
const DIMACS: Known = Known::Tables { start: "bks_dimacs", columns: &[&["bks_distance"]] };
/// Vehicles, then distance, in double precision.
const SINTEF: Known = Known::Tables {
    start: "bks_sintef",
    columns: &[&["vehicles_2026", "distance_2026"], &["vehicles", "distance"]],
};

/// The shape of most lines.
const PLAIN: Set = Set {
    name: "",
    about: "",
    kind: Kind::Routes,
    format: "vrplib",
    folder: "",
    rounding: None,
    objective: None,
    best: Known::Beside,
    class: name::Class::Family,
};

/// Every set, under the convention that it is usually measured in.
pub const ALL: &[Set] = &[
    Set {
        name: "solomon",
        about: "Solomon's 56, distance only (`--convention b`: vehicles first)",
        format: "solomon",
        folder: "vrptw/solomon",
        best: DIMACS,
        ..PLAIN
    },
    Set {
        name: "homberger",
        about: "Gehring and Homberger, distance only (`--convention b`: vehicles first)",
        format: "solomon",
        folder: "vrptw/homberger",
        best: DIMACS,
        class: name::Class::Sized,
        ..PLAIN
    },
    Set {
        name: "trsp",
        about: "technicians with skills, tools and parts (Pillac et al.), working time",
        format: "trsp",
        folder: "trsp_pillac/crew25",
        best: Known::Tables { start: "bks_trsp", columns: &[&["bks_working_time"]] },
        ..PLAIN
    },
    Set {
        name: "praxedo",
        about: "real field-service days, unserved first, then working time",
        format: "praxedo",
        folder: "trsp_pillac/praxedo_real",
        best: Known::Tables {
            start: "bks_pALNS",
            columns: &[&["best_unserved", "best_working_time_min"]],
        },
        class: name::Class::Letters,
        ..PLAIN
    },
    Set {
        name: "sdvrptw",
        about: "site-dependent VRPTW, three decimals",
        folder: "sdvrptw",
        class: name::Class::Suffix,
        ..PLAIN
    },
    Set {
        name: "mdvrptw",
        about: "multi-depot VRPTW, three decimals",
        folder: "mdvrptw",
        class: name::Class::Suffix,
        ..PLAIN
    },
    Set {
        name: "pcvrptw",
        about: "prize-collecting VRPTW, distance and lost prizes in one sum",
        folder: "pcvrptw",
        class: name::Class::Sized,
        ..PLAIN
    },
    Set {
        name: "euro-neurips",
        about: "EURO-NeurIPS 2022, static: real roads, driving time",
        folder: "euro_neurips2022/instances",
        class: name::Class::Letters,
        ..PLAIN
    },
    Set {
        name: "dynamic-trsp",
        about: "technicians again, requests revealed over the day: how many are refused",
        kind: Kind::Revealed,
        format: "trsp",
        folder: "trsp_pillac/crew25/dyn",
        best: Known::Nowhere,
        ..PLAIN
    },
    Set {
        name: "dynamic-vrptw",
        about: "EURO-NeurIPS 2022, dynamic: dispatch now or wait; seconds are for each epoch",
        kind: Kind::Waves,
        folder: "euro_neurips2022/dynamic_traces",
        best: Known::Nowhere,
        ..PLAIN
    },
    Set {
        name: "technician",
        about: "VROOM problems with skills, missed priority first, then travel; no best known",
        format: "vroom",
        folder: "technician",
        best: Known::Nowhere,
        class: name::Class::BeforeDash,
        ..PLAIN
    },
    Set {
        name: "gap",
        about: "generalised assignment, cost; with --iterations a fixed effort, however many",
        kind: Kind::Generalised,
        folder: "gap",
        best: Known::Tables { start: "bks_gap", columns: &[&["best_known"]] },
        class: name::Class::Folder,
        ..PLAIN
    },
    Set {
        name: "orlib",
        about: "assignment of the OR-Library, proven; no search, so seconds do not count",
        kind: Kind::Square,
        folder: "assignment/orlib",
        best: Known::Tables { start: "bks_orlib", columns: &[&["optimal"]] },
        class: name::Class::Letters,
        ..PLAIN
    },
];

/// Another way of measuring a set: its name, the convention, what differs.
type Otherwise = (&'static str, &'static str, fn(Set) -> Set);

const OTHERWISE: &[Otherwise] =
    &[("solomon", "b", vehicles_first), ("homberger", "b", vehicles_first)];

fn vehicles_first(set: Set) -> Set {
    let objective = || {
        Objective::of(&[
            &[(Criterion::Unserved, 1)],
            &[(Criterion::Shifts, 1)],
            &[(Criterion::Distance, 1)],
        ])
    };
    Set { rounding: Some(Rounding::EXACT), objective: Some(objective), best: SINTEF, ..set }
}

impl Set {
    /// The set with this name, or a folder of instances in the format with this name.
    pub fn named(name: &str, convention: &str) -> Result<Self, Failure> {
        let set = ALL.iter().find(|set| set.name == name).copied();
        let set = set.or_else(|| {
            let format =
                io::ALL.iter().find(|format| format.name == name && is_measured(format))?;
            Some(Set { name: format.name, format: format.name, best: Known::Anywhere, ..PLAIN })
        });
        let Some(set) = set else {
            let sets: Vec<&str> = ALL.iter().map(|set| set.name).collect();
            let formats = io::ALL.iter().filter(|format| is_measured(format));
            let formats: Vec<&str> = formats.map(|format| format.name).collect();
            let cause = format!(
                "`{name}` is none of the sets {}, nor a format ({})",
                sets.join(", "),
                formats.join(", ")
            );
            return Err(Issue::new(Code::UNKNOWN_FORMAT, "SET", cause).into());
        };
        let other = OTHERWISE.iter().find(|(of, word, _)| (*of, *word) == (set.name, convention));
        match (convention, other) {
            ("a", _) => Ok(set),
            (_, Some((.., change))) => Ok(change(set)),
            _ => {
                let cause = format!("`{}` knows one convention only", set.name);
                Err(Issue::new(Code::UNSUPPORTED, "--convention", cause).into())
            }
        }
    }

    /// The endings of its files; an empty one where they have none.
    pub fn endings(&self) -> Result<&'static [&'static str], Failure> {
        Ok(match self.kind {
            Kind::Routes => io::named(self.format)?.endings,
            Kind::Square | Kind::Revealed | Kind::Waves => &["txt"],
            Kind::Generalised => &[""],
        })
    }

    /// How its files are to be read.
    pub fn options(&self) -> Options {
        Options {
            rounding: self.rounding,
            objective: self.objective.map(|objective| objective()),
            ..Options::default()
        }
    }
}

/// Formats whose worlds are one file each.
fn is_measured(format: &Format) -> bool {
    format.read.is_some() && !["csv", "geojson"].contains(&format.name)
}

/// The sets, one a line, for the help.
pub fn help() -> String {
    let lines = ALL.iter().map(|set| format!("  {:<13} {}\n", set.name, set.about));
    format!("Sets:\n{}\n{EXAMPLES}", lines.collect::<String>())
}

const EXAMPLES: &str = "\
Below a data folder each set is found by itself; the folder of the instances will do as well.
The gap is counted on the last level of the objective, where all earlier levels are as good as the
best known; other instances are not averaged but counted, as better/equal/worse on an earlier level.
Every plan is checked independently; one that fails ends the run with code 3, after the files are written.

Examples:
  fieldwright bench solomon ../shared/data --seconds 5 --seeds 5 --out solomon.csv
  fieldwright bench homberger ../shared/data --only '*_2_*' --seconds 20 --curves curves.svg
  fieldwright bench homberger ../shared/data --convention b --seconds 60 --solutions out
  fieldwright bench compare before.csv after.csv";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_names_a_format_that_reads_worlds_and_writes_solutions() {
        for set in ALL {
            let format = io::named(set.format).expect(set.name);
            assert!(format.read.is_some() && format.write.is_some(), "{}", set.name);
        }
    }

    #[test]
    fn only_sets_with_another_convention_take_one() {
        let set = Set::named("homberger", "b").map(|set| set.options()).expect("known");
        assert_eq!(set.rounding, Some(Rounding::EXACT));
        assert_eq!(set.objective.map(|objective| objective.levels.len()), Some(3));
        assert!(Set::named("praxedo", "b").is_err());
    }
}
