//! The travel oracle: how long and how far it is from one site to another.
//!
//! A [`TravelMode`] and the distinct places of a problem are compiled once into flat arrays; after
//! that every question is answered by [`Travel::leg`] without allocation. It knows places and ways,
//! and how fast they are driven at which hour; nothing of tickets and engineers.

mod hours;
mod plane;
mod road;
pub(crate) mod sphere;
mod streets;
mod table;

use crate::model::{Code, Issue, Issues, Place, TravelMode, World};
use crate::units::LIMIT;
use hours::Hours;
use plane::Plane;
use sphere::Sphere;
use table::Table;

/// One trip: how long it takes and how far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leg {
    /// Seconds (or ticks of time).
    pub seconds: i64,
    /// Metres (or ticks of length).
    pub meters: i64,
}

impl Leg {
    /// No way at all.
    pub const NONE: Self = Self { seconds: 0, meters: 0 };
}

/// Travel between the sites of one problem, for every profile.
///
/// ```
/// use fieldwright::model::{Place, TravelMode};
/// use fieldwright::travel::Travel;
///
/// let places = [Place::xy(0.0, 0.0), Place::xy(3.0, 4.0)];
/// let mode = TravelMode::Euclid { scale: 10, nearest: false };
/// let travel = Travel::build(&mode, &places).expect("sound places");
/// assert_eq!(travel.leg(0, 0, 1).seconds, 50);
/// ```
#[derive(Clone, Debug)]
pub struct Travel {
    sites: usize,
    names: Vec<String>,
    longest: Leg,
    way: Way,
    /// For each profile its speeds by the hour; empty where there are none at all.
    hours: Vec<Option<Hours>>,
}

/// The compiled ways to travel. A road network becomes a table.
#[derive(Clone, Debug)]
enum Way {
    Sphere(Sphere),
    Plane(Plane),
    Table(Table),
}

impl Travel {
    /// Compiles travel between these places; site `i` is `places[i]`.
    ///
    /// Great circles and planes take memory linear in the sites; matrices and roads take 8 bytes
    /// for each pair of distinct rows or crossings. Roads run one Dijkstra search for each distinct
    /// crossing, on the threads of the current rayon pool, with the same result on any number.
    ///
    /// # Errors
    /// All faults at once: of the mode at `travel...`, of places at `place[i]`.
    pub fn build(mode: &TravelMode, places: &[Place]) -> Result<Self, Issues> {
        let names: Vec<String> = mode.profile_names().into_iter().map(String::from).collect();
        check_names(mode, &names)?;
        let way = match mode {
            TravelMode::Haversine { profiles } => Way::Sphere(Sphere::build(profiles, places)?),
            &TravelMode::Euclid { scale, nearest } => {
                Way::Plane(Plane::build(scale, nearest, places)?)
            }
            TravelMode::Matrix { tables } => Way::Table(Table::build(tables, places)?),
            TravelMode::Road(network) => Way::Table(road::build(network, places)?),
        };
        let longest = match &way {
            Way::Sphere(sphere) => sphere.longest_bound(),
            Way::Plane(plane) => plane.longest_bound(),
            Way::Table(table) => table.longest(),
        };
        check_longest(longest)?;
        Ok(Self { sites: places.len(), names, longest, way, hours: Vec::new() })
    }

    /// Compiles travel between these places of a world, its traffic included.
    ///
    /// # Errors
    /// As [`build`](Self::build). Traffic has to have passed the checks of the world.
    pub fn of(world: &World, places: &[Place]) -> Result<Self, Issues> {
        let mut travel = Self::build(&world.travel, places)?;
        if world.traffic.is_empty() {
            return Ok(travel);
        }
        let own = |name: Option<&String>| {
            let mut traffic = world.traffic.iter();
            traffic.find(|traffic| traffic.profile.as_ref() == name)
        };
        let hours = |name: Option<&String>| {
            let traffic = name.and_then(|name| own(Some(name))).or_else(|| own(None));
            traffic.map(|traffic| Hours::of(&traffic.speeds, world))
        };
        travel.hours = match travel.names.as_slice() {
            [] => vec![hours(None)],
            names => names.iter().map(|name| hours(Some(name))).collect(),
        };
        let normal = travel.longest.seconds;
        let slowest = travel.hours.iter().flatten().map(|hours| hours.most(normal));
        travel.longest.seconds = slowest.max().unwrap_or(0).max(normal);
        check_longest(travel.longest)?;
        Ok(travel)
    }

    /// True when it matters at what time a trip starts.
    #[inline]
    #[must_use]
    pub fn is_hourly(&self) -> bool {
        !self.hours.is_empty()
    }

    #[inline]
    fn hours(&self, profile: u8) -> Option<&Hours> {
        self.hours.get(usize::from(profile))?.as_ref()
    }

    /// The trip from one site to another that starts at this moment.
    #[must_use]
    pub fn leg_at(&self, profile: u8, from: u32, to: u32, depart: i64) -> Leg {
        let leg = self.leg(profile, from, to);
        match self.hours(profile) {
            Some(hours) => Leg { seconds: hours.lasts(leg.seconds, depart), ..leg },
            None => leg,
        }
    }

    /// The trip as fast as it is at any time of day.
    #[inline]
    #[must_use]
    pub fn fastest(&self, profile: u8, from: u32, to: u32) -> Leg {
        let leg = self.leg(profile, from, to);
        if self.hours.is_empty() {
            return leg;
        }
        Leg { seconds: self.least(profile, leg.seconds), ..leg }
    }

    /// The least that a trip of so many seconds at normal speed takes at any time of day.
    #[must_use]
    pub fn least(&self, profile: u8, seconds: i64) -> i64 {
        self.hours(profile).map_or(seconds, |hours| hours.least(seconds))
    }

    /// The latest start of a trip that ends by this moment.
    #[must_use]
    pub fn latest_departure(&self, profile: u8, from: u32, to: u32, arrive: i64) -> i64 {
        let leg = self.leg(profile, from, to);
        match self.hours(profile) {
            Some(hours) => hours.departure(leg.seconds, arrive),
            None => arrive - leg.seconds,
        }
    }

    /// The trip from one site to another with this profile at normal speed. Not symmetric in general.
    ///
    /// # Panics
    /// When a site is not below [`sites`](Self::sites), or the profile was not given out by
    /// [`profile`](Self::profile).
    #[inline]
    #[must_use]
    pub fn leg(&self, profile: u8, from: u32, to: u32) -> Leg {
        match &self.way {
            Way::Sphere(sphere) => sphere.leg(profile, from, to),
            Way::Plane(plane) => plane.leg(from, to),
            Way::Table(table) => table.leg(profile, from, to),
        }
    }

    /// The number of the profile of this name; the default, 0, when there is no name. `None` when
    /// no profile has the name.
    #[must_use]
    pub fn profile(&self, name: Option<&str>) -> Option<u8> {
        match name {
            None => Some(0),
            Some(name) => {
                self.names.iter().position(|known| known == name).map(|index| index as u8)
            }
        }
    }

    /// How many sites there are.
    #[must_use]
    pub fn sites(&self) -> usize {
        self.sites
    }

    /// No trip between two sites takes longer than `seconds` or goes farther than `meters`,
    /// whatever the profile. Exact for matrices and roads; at most about twice too long elsewhere.
    #[must_use]
    pub fn longest_bound(&self) -> Leg {
        self.longest
    }
}

/// Times and distances within the limit of units.
fn check_longest(longest: Leg) -> Result<(), Issues> {
    if longest.seconds.max(longest.meters) <= LIMIT {
        return Ok(());
    }
    let cause = format!("a trip could take {} s over {} m", longest.seconds, longest.meters);
    Err(Issue::new(Code::OUT_OF_RANGE, "travel", cause).into())
}

/// Profiles are referred to by name and stored in a byte.
fn check_names(mode: &TravelMode, names: &[String]) -> Result<(), Issues> {
    let mut issues = Issues::default();
    let list = match mode {
        TravelMode::Haversine { .. } => "travel.profiles",
        TravelMode::Matrix { .. } => "travel.tables",
        TravelMode::Euclid { .. } | TravelMode::Road(_) => return Ok(()),
    };
    if names.is_empty() {
        issues.add(Code::NO_PROFILE, list, "the list is empty");
    }
    if names.len() > usize::from(u8::MAX) + 1 {
        issues.add(Code::TOO_LARGE, list, format!("{} profiles, at most 256", names.len()));
    }
    let mut seen = std::collections::BTreeSet::new();
    for (index, name) in names.iter().enumerate() {
        if !seen.insert(name) {
            issues.add(Code::DUPLICATE_ID, format!("{list}[{index}].name"), format!("`{name}`"));
        }
    }
    issues.or(())
}

/// The `[lon, lat]` of every place, all of them on earth.
fn positions(places: &[Place]) -> Result<Vec<[f64; 2]>, Issues> {
    let mut issues = Issues::default();
    let mut points = Vec::with_capacity(places.len());
    for (index, place) in places.iter().enumerate() {
        let at = || format!("place[{index}]");
        match place.point() {
            None => issues.add(Code::NO_COORDINATES, at(), "`lat` or `lon` is missing"),
            Some(point) if !on_earth(point) => {
                issues.add(Code::COORDINATES, at(), off_earth(point));
            }
            Some(point) => points.push(point),
        }
    }
    issues.or(points)
}

/// True for finite degrees within ±180 of longitude and ±90 of latitude.
fn on_earth([lon, lat]: [f64; 2]) -> bool {
    lon.abs() <= 180.0 && lat.abs() <= 90.0
}

fn off_earth([lon, lat]: [f64; 2]) -> String {
    format!("lat {lat}, lon {lon}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Profile, TravelTable};
    use crate::units::Seconds;

    fn codes(result: Result<Travel, Issues>) -> Vec<(Code, String)> {
        let issues = result.expect_err("faulty");
        issues.0.into_iter().map(|issue| (issue.code, issue.at)).collect()
    }

    fn profile(name: &str) -> Profile {
        Profile {
            name: name.into(),
            meters_per_hour: 36_000,
            detour_percent: 100,
            fixed: Seconds::ZERO,
        }
    }

    #[test]
    fn every_faulty_place_is_reported_at_once() {
        let places = [
            Place::row(0),
            Place::at(0.0, 0.0),
            Place::at(91.0, 0.0),
            Place::at(0.0, f64::NAN),
            Place::at(f64::INFINITY, 0.0),
        ];
        let got = codes(Travel::build(&TravelMode::car(36_000), &places));
        assert_eq!(
            got,
            [
                (Code::NO_COORDINATES, "place[0]".into()),
                (Code::COORDINATES, "place[2]".into()),
                (Code::COORDINATES, "place[3]".into()),
                (Code::COORDINATES, "place[4]".into()),
            ]
        );
    }

    #[test]
    fn a_profile_is_found_by_name_and_the_first_is_the_default() {
        let profiles = vec![profile("car"), profile("bike")];
        let travel = Travel::build(&TravelMode::Haversine { profiles }, &[]).expect("sound");
        assert_eq!(travel.profile(None), Some(0));
        assert_eq!(travel.profile(Some("bike")), Some(1));
        assert_eq!(travel.profile(Some("boat")), None);
    }

    #[test]
    fn without_a_profile_there_is_no_way_to_travel() {
        let none = TravelMode::Haversine { profiles: Vec::new() };
        assert_eq!(
            codes(Travel::build(&none, &[])),
            [(Code::NO_PROFILE, "travel.profiles".into())]
        );
        let none = TravelMode::Matrix { tables: Vec::new() };
        assert_eq!(codes(Travel::build(&none, &[])), [(Code::NO_PROFILE, "travel.tables".into())]);
    }

    #[test]
    fn two_profiles_of_one_name_are_refused() {
        let table = TravelTable { name: "a".into(), seconds: vec![vec![0]], meters: None };
        let mode = TravelMode::Matrix { tables: vec![table.clone(), table] };
        assert_eq!(
            codes(Travel::build(&mode, &[])),
            [(Code::DUPLICATE_ID, "travel.tables[1].name".into())]
        );
    }

    #[test]
    fn trips_beyond_the_limit_of_units_are_refused() {
        let mut crawl = profile("crawl");
        crawl.meters_per_hour = 1;
        crawl.detour_percent = 10_000;
        let places = [Place::at(0.0, 0.0), Place::at(0.0, 179.0)];
        let mode = TravelMode::Haversine { profiles: vec![crawl] };
        assert_eq!(codes(Travel::build(&mode, &places)), [(Code::OUT_OF_RANGE, "travel".into())]);
    }
}
