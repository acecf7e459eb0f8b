//! Road networks from two CSV files, one of crossings and one of arcs, columns by name.
//!
//! Crossings: `idx,lat,lon`. Arcs: `from,to,length_m` and `time_s` or `speed_kmh`; `from` and `to`
//! name an `idx`. Other columns are ignored. Times are rounded to milliseconds and lengths to metres.

use crate::io::{File, Source};
use crate::model::{Arc, Code, Issue, Issues, Road, RoadNode};
use crate::units::Meters;
use csv::{ErrorKind, ReaderBuilder, Trim};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::path::Path;

#[derive(Deserialize)]
struct NodeRow {
    idx: u64,
    lat: f64,
    lon: f64,
}

#[derive(Deserialize)]
struct ArcRow {
    from: u64,
    to: u64,
    length_m: f64,
    time_s: Option<f64>,
    speed_kmh: Option<f64>,
}

/// The road network in these two files.
///
/// # Errors
/// [`Code::UNREADABLE`], and what [`read`] reports.
pub fn read_files(nodes: &Path, arcs: &Path, snap_limit: Meters) -> Result<Road, Issues> {
    let open = |path: &Path| {
        let text = Source::open(path)?.text;
        Ok::<File, Issues>(File { name: path.display().to_string(), text })
    };
    read(&open(nodes)?, &open(arcs)?, snap_limit)
}

/// The road network in these two tables.
///
/// ```
/// use fieldwright::io::{File, road::read};
/// use fieldwright::units::Meters;
///
/// let nodes = "idx,lat,lon\n7,60.1,24.9\n9,60.2,24.9\n";
/// let arcs = "from,to,length_m,speed_kmh\n7,9,50,36\n";
/// let road = read(
///     &File { name: "nodes.csv".into(), text: nodes.into() },
///     &File { name: "arcs.csv".into(), text: arcs.into() },
///     Meters(500),
/// )
/// .expect("sound tables");
/// assert_eq!((road.arcs[0].from, road.arcs[0].to), (0, 1));
/// assert_eq!(road.arcs[0].milliseconds, 5_000);
/// ```
///
/// # Errors
/// All faults, each with the name and line of its file: [`Code::SYNTAX`], [`Code::DUPLICATE_ID`],
/// [`Code::COORDINATES`], [`Code::ROAD_ARC`], [`Code::SPEED`], [`Code::NEGATIVE`], [`Code::OUT_OF_RANGE`].
pub fn read(nodes: &File, arcs: &File, snap_limit: Meters) -> Result<Road, Issues> {
    let mut issues = Issues::default();
    let mut road = Road { nodes: Vec::new(), arcs: Vec::new(), snap_limit };
    let mut position = FxHashMap::default();

    for (at, row) in rows::<NodeRow>(nodes, &["idx", "lat", "lon"], &mut issues) {
        if position.insert(row.idx, road.nodes.len() as u32).is_some() {
            issues.add(Code::DUPLICATE_ID, &at, format!("idx {}", row.idx));
        }
        if !(row.lat.abs() <= 90.0 && row.lon.abs() <= 180.0) {
            issues.add(Code::COORDINATES, &at, format!("lat {}, lon {}", row.lat, row.lon));
        }
        road.nodes.push(RoadNode { lat: row.lat, lon: row.lon });
    }
    if !issues.0.is_empty() {
        return Err(issues); // Arcs would only repeat the faults of their crossings.
    }

    for (at, row) in rows::<ArcRow>(arcs, &["from", "to", "length_m"], &mut issues) {
        match row.arc(&position) {
            Ok(arc) => road.arcs.push(arc),
            Err((code, cause)) => issues.add(code, at, cause),
        }
    }
    issues.or(road)
}

impl ArcRow {
    fn arc(&self, position: &FxHashMap<u64, u32>) -> Result<Arc, (Code, String)> {
        let crossing = |idx: u64| {
            position
                .get(&idx)
                .copied()
                .ok_or_else(|| (Code::ROAD_ARC, format!("no crossing has idx {idx}")))
        };
        let seconds = match (self.time_s, self.speed_kmh) {
            (Some(seconds), _) => seconds,
            (None, Some(speed)) if speed > 0.0 => self.length_m * 3.6 / speed,
            (None, Some(speed)) => return Err((Code::SPEED, format!("speed_kmh {speed}"))),
            (None, None) => {
                return Err((Code::SYNTAX, "neither `time_s` nor `speed_kmh` is given".into()));
            }
        };
        Ok(Arc {
            from: crossing(self.from)?,
            to: crossing(self.to)?,
            milliseconds: whole(seconds * 1_000.0, "milliseconds")?,
            meters: Meters(i64::from(whole(self.length_m, "metres")?)),
        })
    }
}

/// The nearest whole number, if 32 bits hold it.
fn whole(value: f64, unit: &str) -> Result<u32, (Code, String)> {
    if value < 0.0 {
        Err((Code::NEGATIVE, format!("{value} {unit}")))
    } else if value <= f64::from(u32::MAX) {
        Ok(value.round() as u32)
    } else {
        Err((Code::OUT_OF_RANGE, format!("{value} {unit} is not within 0 to {}", u32::MAX)))
    }
}

/// The rows that can be read, each with its place; the others become issues.
fn rows<T: DeserializeOwned>(
    file: &File,
    needed: &[&str],
    issues: &mut Issues,
) -> Vec<(String, T)> {
    let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(file.text.as_bytes());
    let mut found = Vec::new();
    let headers = match reader.headers() {
        Ok(headers) => headers.clone(),
        Err(error) => {
            issues.0.push(fault(&error, &file.name));
            return found;
        }
    };
    let is_missing = |column: &&str| headers.iter().all(|known| known != *column);
    let missing: Vec<&str> = needed.iter().copied().filter(is_missing).collect();
    if !missing.is_empty() {
        let cause = format!("there is no column `{}`", missing.join("`, `"));
        issues.add(Code::SYNTAX, format!("{}:1", file.name), cause);
        return found; // Every row would only repeat it.
    }
    for record in reader.into_records() {
        let row = record.and_then(|record| {
            let line = record.position().map_or(0, csv::Position::line);
            Ok((format!("{}:{line}", file.name), record.deserialize(Some(&headers))?))
        });
        match row {
            Ok(row) => found.push(row),
            Err(error) => issues.0.push(fault(&error, &file.name)),
        }
    }
    found
}

fn fault(error: &csv::Error, name: &str) -> Issue {
    let at = error.position().map_or_else(|| name.into(), |at| format!("{name}:{}", at.line()));
    let cause = match error.kind() {
        ErrorKind::Deserialize { err, .. } => err.to_string(),
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} columns where {expected_len} are needed")
        }
        _ => error.to_string(),
    };
    Issue::new(Code::SYNTAX, at, cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(nodes: &str, arcs: &str) -> Result<Road, Issues> {
        let file = |name: &str, text: &str| File { name: name.into(), text: text.into() };
        read(&file("n", nodes), &file("a", arcs), Meters(1))
    }

    #[track_caller]
    fn check(nodes: &str, arcs: &str, expected: &[(Code, &str)]) {
        let issues = parse(nodes, arcs).expect_err("faulty");
        let got: Vec<_> = issues.0.iter().map(|issue| (issue.code, issue.at.as_str())).collect();
        assert_eq!(got, expected, "{issues}");
    }

    const NODES: &str = "idx,lat,lon\n5,1,2\n6,1,3\n";

    #[test]
    fn columns_are_found_by_name_and_others_ignored() {
        let road = parse(
            "lon, name, lat, idx\n2.5,\"a, b\", 1.5, 9\n3, c, 2, 4\n",
            "time_s,to,from,length_m,highway\n1.1204,9,4,12.6,service\n",
        )
        .expect("sound");
        assert_eq!(road.nodes[0], RoadNode { lat: 1.5, lon: 2.5 });
        assert_eq!(road.arcs, [Arc { from: 1, to: 0, milliseconds: 1_120, meters: Meters(13) }]);
    }

    #[test]
    fn a_time_goes_before_a_speed() {
        let arcs = "from,to,length_m,speed_kmh,time_s\n5,6,100,36,\n6,5,100,36,7\n";
        let road = parse(NODES, arcs).expect("sound");
        assert_eq!(
            road.arcs.iter().map(|arc| arc.milliseconds).collect::<Vec<_>>(),
            [10_000, 7_000]
        );
    }

    #[test]
    fn faults_carry_their_line() {
        let arcs = "from,to,length_m,speed_kmh,time_s\n\
                    5,7,1,1,1\n5,6,1,0,\n5,6,-1,,1\n5,6,x,,1\n5,6,1,,\n5,6\n5,6,1,,NaN\n5,6,9,1,9\n";
        check(
            NODES,
            arcs,
            &[
                (Code::SYNTAX, "a:5"),
                (Code::SYNTAX, "a:7"),
                (Code::ROAD_ARC, "a:2"),
                (Code::SPEED, "a:3"),
                (Code::NEGATIVE, "a:4"),
                (Code::SYNTAX, "a:6"),
                (Code::OUT_OF_RANGE, "a:8"),
            ],
        );
        check(
            "idx,lat,lon\n1,91,0\n1,0,0\n",
            "",
            &[(Code::COORDINATES, "n:2"), (Code::DUPLICATE_ID, "n:3")],
        );
    }

    #[test]
    fn a_missing_column_is_named_once() {
        check("idx,lat\n1,2\n3,4\n", "", &[(Code::SYNTAX, "n:1")]);
        check(NODES, "from,to\n5,6\n", &[(Code::SYNTAX, "a:1")]);
    }

    #[test]
    fn a_file_that_is_not_there_is_unreadable() {
        let nowhere = Path::new("no/such/file.csv");
        let issues = read_files(nowhere, nowhere, Meters(1)).expect_err("absent");
        assert_eq!(issues.0[0].code, Code::UNREADABLE);
    }
}
