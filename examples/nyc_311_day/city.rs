//! The day as a world: real requests and ZIP areas, engineers by a rule.
//!
//! Each borough has one engineer for every nine requests that need the same skill, and one more for the
//! rest of them. He starts and ends where the first of his nine was made, works 8.5 hours from 9, 15
//! or 6 o'clock in turn, and is lent to another borough at the cost of half an hour of travel. A request
//! that is dated without a time of day counts from midnight.

use fieldwright::io::{Source, geojson};
use fieldwright::model::{
    Engineer, OwnedSkill, Place, Region, SkillNeed, Ticket, TravelMode, World,
};
use fieldwright::units::{Cost, Instant, Seconds};
use geo::{LineString, Polygon, Validation};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;

/// Skill, minutes of work, and the complaint types that need it; the last is for all others.
#[rustfmt::skip]
const WORK: [(&str, i64, &[&str]); 9] = [
    ("heating", 60, &["HEATING", "Non-Residential Heat"]),
    ("plumbing", 50, &["PLUMBING", "Plumbing", "General Construction/Plumbing", "Indoor Sewage",
        "Sewer", "Water System"]),
    ("electrical", 45, &["ELECTRIC", "Electrical", "APPLIANCE", "Elevator",
        "Street Light Condition", "Traffic Signal Condition"]),
    ("building", 60, &["GENERAL CONSTRUCTION", "CONSTRUCTION", "PAINT - PLASTER", "NONCONST"]),
    ("trees", 60, &["Damaged Tree"]),
    ("streets", 40, &["Street Condition", "Sidewalk Condition", "Curb Condition",
        "Street Sign - Missing", "Street Sign - Damaged", "Broken Muni Meter"]),
    ("sanitation", 25, &["Dirty Conditions", "Sanitation Condition", "Derelict Vehicles",
        "Graffiti", "Sweeping/Missed-Inadequate"]),
    ("patrol", 20, &["Noise - Residential", "Noise - Street/Sidewalk", "Noise - Vehicle",
        "Noise - Commercial", "Illegal Parking", "Blocked Driveway", "Derelict Vehicle",
        "Traffic", "Vending"]),
    ("inspection", 30, &[]),
];
const DAY: &str = "2012-11-20T";
const ZONE: &str = "-05:00";
const REQUESTS_EACH: usize = 9;
const STARTS: [&str; 3] = ["09:00:00", "15:00:00", "06:00:00"];

#[derive(serde::Deserialize)]
pub struct Request {
    unique_key: String,
    created: String,
    due: Option<String>,
    pub complaint_type: String,
    zip: String,
    pub borough: String,
    lat: Option<f64>,
    lon: Option<f64>,
}

/// The requests of the day that have a place.
pub fn requests(data: &Path) -> Result<Vec<Request>, csv::Error> {
    let rows = csv::Reader::from_path(data.join("tickets_nyc311/nyc311_sample.csv"))?;
    let wanted = |r: &Request| r.created.starts_with(DAY) && r.lat.is_some() && r.lon.is_some();
    rows.into_deserialize().filter(|row| row.as_ref().map_or(true, wanted)).collect()
}

/// The world of these requests, which is punctual first and then saves travel and lending.
pub fn world(requests: &[Request], data: &Path) -> Result<World, Box<dyn Error>> {
    let mut world = World::new(TravelMode::car(25_000));
    world.regions = regions(&data.join("geo/nyc_zip_simplified.geojson"), requests)?;
    world.tickets = requests.iter().map(ticket).collect::<Result<_, _>>()?;
    world.engineers = engineers(requests)?;
    Ok(world)
}

/// The boroughs, and in them the ZIP areas in which something was requested.
///
/// Requests name their area, so outlines are for the map only: the few parts of the source that cross
/// themselves are left out.
fn regions(path: &Path, requests: &[Request]) -> Result<Vec<Region>, Box<dyn Error>> {
    let areas = geojson::regions(&Source::open(path)?)?;
    let mut outlines: BTreeMap<_, _> = areas.into_iter().map(|r| (r.id, r.outline)).collect();
    let boroughs: BTreeSet<&str> = requests.iter().map(|r| r.borough.as_str()).collect();
    let zips: BTreeMap<_, _> = requests.iter().map(|r| (&r.zip, &r.borough)).collect();
    let borough = |id: &str| Region { id: id.into(), ..Region::default() };
    let mut regions: Vec<Region> = boroughs.into_iter().map(borough).collect();
    regions.extend(zips.into_iter().map(|(zip, borough)| Region {
        id: zip.clone(),
        parent: Some(borough.clone()),
        outline: outlines.remove(zip).unwrap_or_default(),
        borrow_cost: Cost(1_800),
        ..Region::default()
    }));
    for region in &mut regions {
        region.outline.retain(|rings| {
            let mut lines = rings.iter().map(|ring| LineString::from(ring.clone()));
            lines.next().is_some_and(|outer| Polygon::new(outer, lines.collect()).is_valid())
        });
    }
    Ok(regions)
}

fn work(request: &Request) -> (&'static str, Seconds) {
    let of_kind = |(_, _, kinds): &&(_, _, &[&str])| kinds.contains(&&*request.complaint_type);
    let (skill, minutes, _) = WORK.iter().find(of_kind).unwrap_or(&WORK[WORK.len() - 1]);
    (skill, Seconds(60 * minutes))
}

fn place(request: &Request) -> Place {
    Place { lat: request.lat, lon: request.lon, row: None }
}

fn instant(local: &str) -> Result<Instant, Box<dyn Error>> {
    Ok(format!("{local}{ZONE}").parse()?)
}

fn ticket(request: &Request) -> Result<Ticket, Box<dyn Error>> {
    let (skill, service) = work(request);
    let mut ticket = Ticket::new(&request.unique_key, place(request), service);
    ticket.region = Some(request.zip.clone());
    ticket.skills.all.push(SkillNeed::new(skill, 1));
    ticket.release = Some(instant(&request.created)?);
    ticket.due = request.due.as_deref().map(instant).transpose()?;
    Ok(ticket)
}

fn engineers(requests: &[Request]) -> Result<Vec<Engineer>, Box<dyn Error>> {
    let mut teams: BTreeMap<(&str, &str), Vec<&Request>> = BTreeMap::new();
    for request in requests {
        teams.entry((&request.borough, work(request).0)).or_default().push(request);
    }
    let mut engineers = Vec::new();
    for ((borough, skill), team) in teams {
        for (number, nine) in team.chunks(REQUESTS_EACH).enumerate() {
            let start = instant(&format!("{DAY}{}", STARTS[number % STARTS.len()]))?;
            let id = format!("{borough} {skill} {}", number + 1);
            let mut engineer = Engineer::new(id, place(nine[0]), start, start + Seconds(30_600));
            engineer.skills.push(OwnedSkill::new(skill, 1));
            engineer.region = Some(borough.into());
            engineers.push(engineer);
        }
    }
    Ok(engineers)
}
