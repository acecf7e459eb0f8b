//! Real field-service days in the TRSP format: the same table of nodes, and matrices of kilometres and
//! minutes below it.
//!
//! The matrices hold every technician's home twice (start and end) and a copy of the depot for each;
//! the copies are compared with their originals and dropped. Times and lengths keep four decimals unless
//! told otherwise. In the published days some 0.05 % of all triples of places have a way round that is
//! shorter than the way straight on; they are planned as they are.

use crate::io::text::{Fault, Faults, quoted, scaled};
use crate::io::trsp::nodes::{self, Parts};
use crate::io::trsp::{looks_like_trsp, strings};
use crate::io::{Format, Rounding, Source};
use crate::model::{Code, Issues, Place, TravelMode, TravelTable, World};

/// See the module's first line.
pub(in crate::io) const FORMAT: Format = Format {
    name: "praxedo",
    about: "real field-service days in the TRSP format, with road distances and times",
    endings: &["txt", "sol"],
    sniff: |source| looks_like_trsp(source) && source.text.contains(DISTANCES),
    read: Some(read),
    read_plan: Some(strings::read_plan),
    write: Some(strings::write),
    write_world: None,
    write_files: None,
    locate: None,
};

const DISTANCES: &str = "DISTANCES";
const TIMES: &str = "TRAVEL TIMES";

/// Reads a world.
///
/// # Errors
/// `E001` for lines that are not as the format says, `E003` for homes with service times, depots that
/// close and copies of places that differ from their originals, `E105` for what is too large.
pub fn read(source: &Source) -> Result<World, Issues> {
    let rounding = source.options.rounding.unwrap_or(Rounding::EXACT);
    let mut faults = Faults::of(source);
    let Some(parts) = nodes::parts(source, rounding, &mut faults) else {
        return Err(faults.into_issues());
    };
    let meters = matrix(&parts, DISTANCES, rounding, &mut faults);
    let seconds = matrix(&parts, TIMES, rounding, &mut faults);
    let (Some(seconds), meters @ Some(_)) = (seconds, meters) else {
        return Err(faults.into_issues());
    };
    let travel =
        TravelMode::Matrix { tables: vec![TravelTable { name: "road".into(), seconds, meters }] };
    let row = |index: usize, _: &_| Place::row(index as u32);
    let world = nodes::world(&parts, travel, rounding.scale, row, &mut faults);
    faults.or(world)
}

/// The matrix below this headline, without its copies; `None` when something is wrong with it.
fn matrix(
    parts: &Parts,
    title: &str,
    rounding: Rounding,
    faults: &mut Faults,
) -> Option<Vec<Vec<u32>>> {
    let nodes = parts.nodes.len();
    let size = nodes + 2 * parts.crew;
    let mut lines = parts.rest.iter().skip_while(|(_, text)| *text != title);
    if lines.next().is_none() {
        faults.whole(Code::SYNTAX, format!("there is no headline {title}"));
        return None;
    }
    let mut rows: Vec<Vec<u32>> = Vec::new();
    for &(line, text) in lines.take_while(|(_, text)| text.contains(';')) {
        let row = faults.keep(line, row(text, size, rounding))?;
        rows.push(row);
    }
    if rows.len() != size {
        faults.whole(Code::SYNTAX, format!("{title} has {} rows instead of {size}", rows.len()));
        return None;
    }
    // Behind the nodes: the ends of the technicians, then the depot once for each.
    let original = |index: usize| match index.checked_sub(nodes) {
        None => index,
        Some(copy) if copy < parts.crew => 1 + copy,
        Some(_) => 0,
    };
    let differs = |from: usize, to: usize| rows[from][to] != rows[original(from)][original(to)];
    let pairs = (0..size).flat_map(|from| (0..size).map(move |to| (from, to)));
    if let Some((from, to)) = pairs.into_iter().find(|&(from, to)| differs(from, to)) {
        let cause = format!("{title}: from {from} to {to} is not as between the originals");
        faults.whole(Code::UNSUPPORTED, cause);
        return None;
    }
    rows.truncate(nodes);
    rows.iter_mut().for_each(|row| row.truncate(nodes));
    Some(rows)
}

/// A row `label;0.0;12.5;..`.
fn row(text: &str, size: usize, rounding: Rounding) -> Result<Vec<u32>, Fault> {
    let value = |word: &str| {
        let scaled = scaled(word.trim(), rounding)?;
        u32::try_from(scaled)
            .map_err(|_| (Code::OUT_OF_RANGE, format!("{} leaves 32 bits", quoted(word))))
    };
    let values = text.split(';').skip(1).map(value).collect::<Result<Vec<u32>, Fault>>()?;
    match values.len() {
        found if found == size => Ok(values),
        found => Err((Code::SYNTAX, format!("{found} values instead of {size}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiny() -> String {
        // Nodes: depot, one technician, one request; then his end and his copy of the depot.
        let matrix = |unit: &str| {
            let rows = ["0;0;5;0;0", "0;0;5;0;0", "6;6;0;6;6", "0;0;5;0;0", "0;0;5;0;0"];
            let rows = rows.iter().enumerate();
            rows.map(|(label, row)| format!("{label};{}\n", row.replace('5', unit)))
                .collect::<String>()
        };
        format!(
            "Tiny\n\nCREW COUNT\n1 0 0 0\n\nID\n0 0.0 0.0 420 1140 0 [] [] []\n\
            1 0.0 0.0 420 1140 0 [] [] []\n2 0 0 500 515 45 [] [] []\n\nDISTANCES\n{}\n{TIMES}\n{}",
            matrix("1.5"),
            matrix("2.33335"),
        )
    }

    #[test]
    fn copies_are_dropped_and_units_scaled() {
        let world = read(&Source::text(tiny())).expect("reads");
        let TravelMode::Matrix { tables } = &world.travel else { panic!("not a matrix") };
        assert_eq!(tables[0].seconds, [[0, 0, 23_334], [0, 0, 23_334], [60_000, 60_000, 0]]);
        assert_eq!(tables[0].meters.as_ref().expect("lengths")[0], [0, 0, 15_000]);
        assert_eq!(world.engineers[0].shifts[0].to, Some(Place::row(1)));
        assert!(world.depots.is_empty(), "nobody needs a tool or a part");
    }

    #[test]
    fn a_copy_that_differs_is_refused() {
        let text = tiny().replace("4;0;0;1.5;0;0", "4;0;0;9;0;0");
        let issues = read(&Source::text(text)).expect_err("differs");
        assert_eq!(issues.0[0].code, Code::UNSUPPORTED);
    }

    #[test]
    fn a_short_row_is_named() {
        let text = tiny().replace("2;6;6;0;6;6", "2;6;6;0;6");
        let issues = read(&Source::text(text)).expect_err("short");
        assert_eq!(issues.0[0].at, "input:14");
    }
}
