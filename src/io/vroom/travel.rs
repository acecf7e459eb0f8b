//! The ways to travel of a problem of VROOM's API: a matrix, or great circles, for each profile and
//! speed factor in use; and the top of its document, which holds the matrices.

use crate::io::json::{Node, Unique, twice};
use crate::io::text::{Faults, quoted};
use crate::model::{Code, Engineer, Profile, TravelMode, TravelTable, unique};
use crate::units::Seconds;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The matrices of one profile, in seconds and metres.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Matrix {
    durations: Vec<Vec<u32>>,
    #[serde(default)]
    distances: Option<Vec<Vec<u32>>>,
    #[serde(default)]
    costs: Option<IgnoredAny>,
}

/// The top of the document. Matrices are read as numbers at once: as JSON values they would take
/// eight times the memory.
pub(super) struct Document {
    pub matrices: BTreeMap<String, Matrix>,
    pub rest: Map<String, Value>,
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Document;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object with `vehicles` and `jobs`")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
                #[derive(Deserialize)]
                struct Matrices(
                    #[serde(deserialize_with = "unique::map")] BTreeMap<String, Matrix>,
                );
                let (mut matrices, mut rest) = (None, Map::new());
                while let Some(key) = map.next_key::<String>()? {
                    if rest.contains_key(&key) || (key == "matrices" && matrices.is_some()) {
                        return Err(twice(&key));
                    }
                    if key == "matrices" {
                        matrices = Some(map.next_value::<Option<Matrices>>()?.map(|m| m.0));
                    } else {
                        rest.insert(key, map.next_value::<Unique>()?.0);
                    }
                }
                Ok(Document { matrices: matrices.flatten().unwrap_or_default(), rest })
            }
        }
        deserializer.deserialize_map(Keys)
    }
}

/// A profile and its speed in percent.
type Way = (String, u32);

/// What is known of travel while the vehicles are read.
pub(super) struct Travel {
    matrices: BTreeMap<String, Matrix>,
    meters_per_hour: u32,
    ways: BTreeSet<Way>,
}

impl Travel {
    pub fn new(matrices: BTreeMap<String, Matrix>, meters_per_hour: u32) -> Self {
        Self { matrices, meters_per_hour, ways: BTreeSet::new() }
    }

    pub fn has_matrices(&self) -> bool {
        !self.matrices.is_empty()
    }

    /// Can the length of a vehicle's way be told?
    pub fn has_distances(&self, vehicle: &Node) -> bool {
        let matrix = self.matrices.get(profile(vehicle, &mut Faults::new("")));
        matrix.is_none_or(|matrix| matrix.distances.is_some())
    }

    /// Notes how a vehicle travels and names it.
    pub fn profile(&mut self, vehicle: &Node, faults: &mut Faults) -> Option<String> {
        let profile = profile(vehicle, faults);
        let factor = vehicle.get("speed_factor").map_or(Some(1.0), |factor| factor.real(faults))?;
        // VROOM too respects two digits behind the point.
        let percent = (factor * 100.0).round();
        if !(1.0..=500.0).contains(&percent) {
            vehicle.fault(faults, Code::OUT_OF_RANGE, "`speed_factor` goes from 0.01 to 5");
            return None;
        }
        if self.has_matrices() && !self.matrices.contains_key(profile) {
            let cause = format!("there are no matrices for the profile {}", quoted(profile));
            vehicle.fault(faults, Code::UNKNOWN_PROFILE, cause);
        }
        let way = (profile.to_owned(), percent as u32);
        let name = name(&way);
        self.ways.insert(way);
        Some(name)
    }

    /// The way to travel. Where there is one only, engineers need not name it.
    pub fn finish(mut self, engineers: &mut [Engineer], faults: &mut Faults) -> TravelMode {
        if self.ways.len() < 2 {
            engineers.iter_mut().for_each(|engineer| engineer.profile = None);
        }
        for profile in self.matrices.iter().filter(|(_, m)| m.costs.is_some()).map(|(p, _)| p) {
            let cause = "costs other than the durations cannot be planned here";
            faults.at(&format!(" matrices.{profile}.costs"), Code::UNSUPPORTED, cause);
        }
        if self.ways.is_empty() {
            self.ways.insert(("car".into(), 100));
        }
        let ways: Vec<Way> = self.ways.iter().cloned().collect();
        if self.has_matrices() {
            let tables = ways.iter().filter_map(|way| self.table(way, faults));
            return TravelMode::Matrix { tables: tables.collect() };
        }
        let profiles = ways.iter().filter_map(|way| self.great_circles(way, faults));
        TravelMode::Haversine { profiles: profiles.collect() }
    }

    fn great_circles(&self, way: &Way, faults: &mut Faults) -> Option<Profile> {
        let speed = u64::from(self.meters_per_hour) * u64::from(way.1) / 100;
        let meters_per_hour = u32::try_from(speed).map_err(|_| too_large(way, faults)).ok()?;
        Some(Profile {
            name: name(way),
            meters_per_hour,
            detour_percent: 130,
            fixed: Seconds::ZERO,
        })
    }

    fn table(&self, way: &Way, faults: &mut Faults) -> Option<TravelTable> {
        let matrix = self.matrices.get(&way.0)?;
        let percent = u64::from(way.1);
        let slower = |&seconds: &u32| {
            let slower = (u64::from(seconds) * 100 + percent / 2) / percent;
            u32::try_from(slower).ok()
        };
        let slower = |row: &Vec<u32>| row.iter().map(slower).collect::<Option<Vec<u32>>>();
        let seconds = match percent {
            100 => Some(matrix.durations.clone()),
            _ => matrix.durations.iter().map(slower).collect(),
        };
        if seconds.is_none() {
            too_large(way, faults);
        }
        Some(TravelTable { name: name(way), seconds: seconds?, meters: matrix.distances.clone() })
    }
}

fn too_large(way: &Way, faults: &mut Faults) {
    let cause = "speeds or travel times leave 32 bits";
    faults.at(&format!(" {}", name(way)), Code::OUT_OF_RANGE, cause);
}

fn profile<'a>(vehicle: &Node<'a>, faults: &mut Faults) -> &'a str {
    vehicle.get("profile").and_then(|profile| profile.string(faults)).unwrap_or("car")
}

fn name((profile, percent): &Way) -> String {
    match percent {
        100 => profile.clone(),
        _ => format!("{profile} at {percent} %"),
    }
}
