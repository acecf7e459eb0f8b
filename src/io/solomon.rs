//! The VRPTW text format of Solomon (Operations Research 35, 1987) and of Gehring and Homberger.
//!
//! Vehicles become the engineers `1` to `K`, customers keep their numbers as ticket ids. Unless told
//! otherwise legs are rounded as in the DIMACS challenge, and the shortest way is wanted.

use crate::io::text::{Fault, Faults, count, real, scaled, whole};
use crate::io::{Format, Rounding, Source, sol};
use crate::model::{
    Code, Criterion, Engineer, Issues, Objective, Place, Ticket, TravelMode, World,
};
use crate::model::{Shift, Window};
use crate::units::{Instant, Seconds};

/// See the module's first line.
pub(super) const FORMAT: Format = Format {
    name: "solomon",
    about: "text of Solomon, Gehring and Homberger: one depot, windows, capacities; legs rounded \
            as in the DIMACS challenge",
    endings: &["txt", "sol"],
    sniff: |source| {
        source.text.lines().take(12).any(|line| line.trim_start().starts_with("CUST NO"))
    },
    read: Some(read),
    read_plan: Some(sol::read_plan),
    write: Some(|world, plan| sol::write(world, plan, sol::Style::Solomon)),
    write_world: None,
    write_files: None,
    locate: None,
};

/// More vehicles than this are taken for a mistake in the file.
pub(super) const VEHICLES_MAX: u32 = 100_000;

/// Reads a world.
///
/// # Errors
/// `E001` for every line that is not as the format says, `E005` and `E105` for what is too large.
pub fn read(source: &Source) -> Result<World, Issues> {
    let rounding = source.options.rounding.unwrap_or(Rounding::DIMACS);
    let mut faults = Faults::of(source);
    let parts = parts(source);
    let travel = TravelMode::Euclid { scale: rounding.scale, nearest: rounding.nearest };
    let mut world = World::new(travel);
    world.name = parts.name.into();
    world.resolution = rounding.scale;
    world.objective = Objective::of(&[&[(Criterion::Unserved, 1)], &[(Criterion::Distance, 1)]]);

    let fleet = parts.fleet.and_then(|(line, row)| faults.keep(line, fleet(row)));
    let mut rows = Vec::with_capacity(parts.rows.len());
    for (line, row) in parts.rows {
        rows.extend(faults.keep(line, customer(row, rounding)));
    }
    if parts.fleet.is_none() {
        faults.whole(Code::SYNTAX, "no line `NUMBER CAPACITY` with two numbers below it");
    }
    if rows.is_empty() && faults.none() {
        faults.whole(Code::SYNTAX, "no depot: a row of 7 numbers below `CUST NO.` was expected");
    }
    if let (Some((vehicles, capacity)), true) = (fleet, faults.none()) {
        let depot = rows.remove(0);
        let open = depot.windows[0];
        let shift = Shift {
            capacity: vec![capacity],
            ..Shift::new(depot.place, open.earliest, open.latest)
        };
        world.engineers = engineers(vehicles, &shift);
        world.tickets = rows;
    }
    faults.or(world)
}

/// The engineers `1` to `vehicles`, each with this shift.
pub(super) fn engineers(vehicles: u32, shift: &Shift) -> Vec<Engineer> {
    let engineer = |number: u32| Engineer {
        shifts: vec![shift.clone()],
        ..Engineer::new(number.to_string(), shift.from, shift.start, shift.end)
    };
    (1..=vehicles).map(engineer).collect()
}

/// The lines that matter, with their numbers.
struct Parts<'a> {
    name: &'a str,
    fleet: Option<(usize, &'a str)>,
    rows: Vec<(usize, &'a str)>,
}

fn parts(source: &Source) -> Parts<'_> {
    let mut parts = Parts { name: "", fleet: None, rows: Vec::new() };
    let mut header = "";
    let lines = source.text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    for (number, line) in lines.filter(|(_, line)| !line.is_empty()) {
        if line.starts_with("CUST") || line.starts_with("NUMBER") || line.starts_with("VEHICLE") {
            header = line;
        } else if header.starts_with("CUST") {
            parts.rows.push((number, line));
        } else if header.starts_with("NUMBER") && parts.fleet.is_none() {
            parts.fleet = Some((number, line));
        } else if parts.name.is_empty() {
            parts.name = line;
        } else {
            // Whatever this is, it is no row of a customer, and reported as such.
            parts.rows.push((number, line));
        }
    }
    parts
}

fn fleet(row: &str) -> Result<(u32, i64), Fault> {
    let [vehicles, capacity] = words(row)?;
    let vehicles = count(vehicles)?;
    if vehicles > VEHICLES_MAX {
        return Err((Code::TOO_LARGE, format!("{vehicles} vehicles; at most {VEHICLES_MAX}")));
    }
    Ok((vehicles, whole(capacity)?))
}

/// A row `number x y demand ready due service`.
fn customer(row: &str, rounding: Rounding) -> Result<Ticket, Fault> {
    let [id, x, y, demand, ready, due, service] = words(row)?;
    let id: u32 = count(id)?;
    let place = Place::xy(real(x)?, real(y)?);
    let time = |word| scaled(word, rounding);
    let window = Window::new(Instant(time(ready)?), Instant(time(due)?));
    Ok(Ticket {
        windows: vec![window],
        demand: vec![whole(demand)?],
        ..Ticket::new(id.to_string(), place, Seconds(time(service)?))
    })
}

fn words<const N: usize>(row: &str) -> Result<[&str; N], Fault> {
    let words: Vec<&str> = row.split_whitespace().collect();
    let found = words.len();
    words
        .try_into()
        .map_err(|_| (Code::SYNTAX, format!("{N} numbers were expected, not {found} words")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TINY: &str = "TINY\n\nVEHICLE\nNUMBER     CAPACITY\n  2         20\n\nCUSTOMER\n\
        CUST NO.  XCOORD.  YCOORD.  DEMAND  READY TIME  DUE DATE  SERVICE TIME\n\n\
        0 0 0 0 0 100 0\n1 3 4 10 5 50.25 2\n";

    #[test]
    fn times_are_scaled_and_loads_are_not() {
        let world = read(&Source::text(TINY)).expect("reads");
        assert_eq!(world.name, "TINY");
        assert_eq!(world.engineers.len(), 2);
        let shift = &world.engineers[1].shifts[0];
        assert_eq!(
            (shift.start, shift.end, &shift.capacity),
            (Instant(0), Instant(1_000), &vec![20])
        );
        let ticket = &world.tickets[0];
        assert_eq!(ticket.place, Place::xy(3.0, 4.0));
        assert_eq!(ticket.windows, [Window::new(Instant(50), Instant(502))]);
        assert_eq!((ticket.service, &ticket.demand), (Seconds(20), &vec![10]));
        assert_eq!(world.travel, TravelMode::Euclid { scale: 10, nearest: false });
    }

    #[test]
    fn every_bad_line_is_named() {
        let text = TINY.replace("2         20", "2").replace("1 3 4 10", "one 3 4 10");
        let issues = read(&Source::text(text)).expect_err("two faults");
        let at: Vec<&str> = issues.0.iter().map(|issue| issue.at.as_str()).collect();
        assert_eq!(at, ["input:5", "input:11"]);
        assert!(issues.0[1].cause.contains("`one`"), "{issues}");
    }

    #[test]
    fn a_huge_fleet_is_refused_before_it_is_built() {
        let issues = read(&Source::text(TINY.replace("  2  ", " 4000000000 "))).expect_err("huge");
        assert_eq!(issues.0[0].code, Code::TOO_LARGE);
    }
}
