//! The technician routing and scheduling problem of Pillac, Guéret and Medaglia (Optimization Letters
//! 7, 2013): skills, tools and spare parts on a plane.
//!
//! Technicians become the engineers `1` to the size of the crew, requests keep their numbers. Distances
//! are real-valued in the set: four decimals are kept unless told otherwise.

mod nodes;
pub mod praxedo;
pub mod released;
pub mod strings;

pub(super) use praxedo::FORMAT as PRAXEDO;

use crate::io::text::Faults;
use crate::io::{Format, Rounding, Source};
use crate::model::{Code, Issues, TravelMode, World};

/// See the module's first line.
pub(super) const FORMAT: Format = Format {
    name: "trsp",
    about: "technician routing of Pillac et al.: skills, tools, spare parts, a depot, straight lines",
    endings: &["txt", "sol"],
    sniff: |source| looks_like_trsp(source) || strings::sniff(&source.text),
    read: Some(read),
    read_plan: Some(strings::read_plan),
    write: Some(strings::write),
    write_world: None,
    write_files: None,
    locate: None,
};

fn looks_like_trsp(source: &Source) -> bool {
    source.text.lines().take(8).any(|line| line.trim_start().starts_with("CREW COUNT"))
}

/// Reads a world.
///
/// # Errors
/// `E001` for lines that are not as the format says, `E003` for homes with service times and depots that
/// close, `E105` for what is too large.
pub fn read(source: &Source) -> Result<World, Issues> {
    let rounding = source.options.rounding.unwrap_or(Rounding::EXACT);
    let mut faults = Faults::of(source);
    let Some(parts) = nodes::parts(source, rounding, &mut faults) else {
        return Err(faults.into_issues());
    };
    if let Some((line, _)) = parts.rest.first() {
        faults.line(*line, Code::SYNTAX, "nothing was expected below the nodes");
    }
    let travel = TravelMode::Euclid { scale: rounding.scale, nearest: rounding.nearest };
    let world = nodes::world(&parts, travel, rounding.scale, |_, node| node.place, &mut faults);
    faults.or(world)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{OwnedSkill, Place, SkillNeed, Window};
    use crate::units::{Instant, Seconds};

    const TINY: &str = "Tiny\n\nINFO\nCREW COUNT  SKILLS  TOOLS  SPARE PARTS\n1  2  2  2\n\n\
        DEPOT TECHNICIANS AND REQUESTS\nID X Y TWS TWE Serv SKILLS TOOLS SPARE PARTS\n\
        0 0 0 0 90 0 [] [] []\n1 3 4 0 90 0 [0, 1] [1] [4,0]\n2 6 8 10.5 20 5 [1] [] [0,1]\n";

    #[test]
    fn everything_that_is_said_is_kept() {
        let world = read(&Source::text(TINY)).expect("reads");
        let (engineer, ticket) = (&world.engineers[0], &world.tickets[0]);
        assert_eq!(engineer.skills[1], OwnedSkill::new("skill 1", 1));
        assert_eq!(engineer.van.tools.iter().collect::<Vec<_>>(), ["tool 1"]);
        assert_eq!(engineer.van.parts.get("part 0"), Some(&4));
        assert_eq!(engineer.van.parts.len(), 1, "none of part 1");
        assert_eq!((ticket.id.as_str(), ticket.place), ("2", Place::xy(6.0, 8.0)));
        assert_eq!(ticket.windows, [Window::new(Instant(105_000), Instant(200_000))]);
        assert_eq!(ticket.service, Seconds(50_000));
        assert_eq!(ticket.skills.all, [SkillNeed::new("skill 1", 1)]);
        assert_eq!(ticket.needs.parts.get("part 1"), Some(&1));
        assert_eq!(world.depots[0].place, Place::xy(0.0, 0.0));
    }

    #[test]
    fn faults_name_their_lines() {
        let cases = [
            ("[0, 1]", "[0, 1", "input:10"),
            ("6 8", "six 8", "input:11"),
            ("2 6 8", "7 6 8", "input:11"),
            ("CREW", "STAFF", "input"),
            ("1  2  2  2", "9  2  2  2", "input"),
        ];
        for (from, to, at) in cases {
            let issues = read(&Source::text(TINY.replace(from, to))).expect_err(to);
            assert_eq!(issues.0[0].at, at, "{to}: {issues}");
        }
    }

    #[test]
    fn a_depot_that_closes_is_refused() {
        let issues =
            read(&Source::text(TINY.replace("0 0 0 0 90", "0 0 0 0 50"))).expect_err("closed");
        assert_eq!(issues.0[0].code, Code::UNSUPPORTED);
    }
}
