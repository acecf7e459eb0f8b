//! GeoJSON (RFC 7946): the outlines of regions in, worlds and plans out as features for a map.

use crate::io::text::{Faults, quoted};
use crate::io::{Format, Source, native};
use crate::model::{Code, Issues, Place, Region, TravelMode, World};
use crate::plan::{Plan, Route, StopKind};
use ::geojson::{Feature, FeatureCollection, Geometry, GeometryValue, JsonObject, Position};
use rustc_hash::FxHashMap;
use serde_json::{Value, json};

/// See the module's first line.
pub(super) const FORMAT: Format = Format {
    name: "geojson",
    about: "features for a map: regions, routes as lines, stops as points",
    endings: &["geojson"],
    sniff: |source| source.text.contains("\"FeatureCollection\""),
    read: None,
    read_plan: None,
    write: Some(write),
    write_world: Some(write_world),
    write_files: None,
    locate: None,
};

/// Properties that name a region, in the order in which they are tried.
const KEYS: [&str; 8] =
    ["id", "region", "zip", "zipcode", "postcode", "postalCode", "ZCTA5CE10", "name"];

/// The regions of a feature collection, with their outlines. Features of one name are one region.
///
/// The name is the property that the options tell ([`Options::region_key`](crate::io::Options)),
/// otherwise the first of `id`, `region`, `zip`, `zipcode`, `postcode`, `postalCode`, `ZCTA5CE10` and
/// `name` that the feature has, otherwise its own `id`.
///
/// ```
/// use fieldwright::io::{Source, geojson};
/// let text = r#"{"type": "FeatureCollection", "features": [{"type": "Feature",
///     "properties": {"zip": 11436}, "geometry": {"type": "Polygon",
///     "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}}]}"#;
/// let regions = geojson::regions(&Source::text(text)).unwrap();
/// assert_eq!(regions[0].id, "11436");
/// ```
///
/// # Errors
/// `E001` for what is no feature collection, `E104` for features without a name, `E302` for those whose
/// geometry is no polygon. Whether outlines are sound is for the world's validation to say.
pub fn regions(source: &Source) -> Result<Vec<Region>, Issues> {
    let collection: FeatureCollection =
        serde_json::from_str(&source.text).map_err(|error| native::syntax(source, &error))?;
    let mut faults = Faults::of(source);
    let mut regions: Vec<Region> = Vec::new();
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    for (index, feature) in collection.features.iter().enumerate() {
        let at = format!(" features[{index}]");
        let Some(id) = name(feature, source.options.region_key.as_deref()) else {
            let keys = source.options.region_key.as_deref().map_or(KEYS.join(", "), quoted);
            faults.at(&at, Code::EMPTY_ID, format!("none of its properties names it: {keys}"));
            continue;
        };
        let Some(outline) = outline(feature) else {
            faults.at(&at, Code::OUTLINE, "its geometry is neither a Polygon nor a MultiPolygon");
            continue;
        };
        let place = *known.entry(id.clone()).or_insert(regions.len());
        if place == regions.len() {
            regions.push(Region { id, ..Region::default() });
        }
        regions[place].outline.extend(outline);
    }
    faults.or(regions)
}

fn name(feature: &Feature, key: Option<&str>) -> Option<String> {
    let property = |key: &str| match feature.properties.as_ref()?.get(key)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    match key {
        Some(key) => property(key),
        None => {
            KEYS.iter().find_map(|key| property(key)).or_else(|| match feature.id.as_ref()? {
                ::geojson::feature::Id::String(text) => Some(text.clone()),
                ::geojson::feature::Id::Number(number) => Some(number.to_string()),
            })
        }
    }
}

fn outline(feature: &Feature) -> Option<Vec<Vec<Vec<[f64; 2]>>>> {
    let point = |position: &Position| match position.as_slice() {
        [lon, lat, ..] => Some([*lon, *lat]),
        _ => None,
    };
    let ring = |ring: &Vec<Position>| ring.iter().map(point).collect::<Option<Vec<_>>>();
    let polygon = |rings: &Vec<Vec<Position>>| rings.iter().map(ring).collect::<Option<Vec<_>>>();
    match &feature.geometry.as_ref()?.value {
        GeometryValue::Polygon { coordinates } => Some(vec![polygon(coordinates)?]),
        GeometryValue::MultiPolygon { coordinates } => coordinates.iter().map(polygon).collect(),
        _ => None,
    }
}

fn feature(geometry: GeometryValue, properties: Value) -> Feature {
    let properties: Option<JsonObject> = match properties {
        Value::Object(object) => Some(object.into_iter().filter(|(_, v)| !v.is_null()).collect()),
        _ => None,
    };
    Feature { geometry: Some(Geometry::new(geometry)), properties, ..Feature::default() }
}

fn outlines(regions: &[Region]) -> impl Iterator<Item = Feature> {
    regions.iter().filter(|region| !region.outline.is_empty()).map(|region| {
        let point = |point: &[f64; 2]| Position::from(*point);
        let ring = |ring: &Vec<[f64; 2]>| ring.iter().map(point).collect();
        let polygon = |rings: &Vec<Vec<[f64; 2]>>| rings.iter().map(ring).collect();
        let coordinates = region.outline.iter().map(polygon).collect();
        let properties = json!({"kind": "region", "id": region.id, "parent": region.parent});
        feature(GeometryValue::MultiPolygon { coordinates }, properties)
    })
}

/// Writes the outlines of regions, as [`regions`] reads them.
#[must_use]
pub fn write_regions(regions: &[Region]) -> String {
    native::pretty(&FeatureCollection::new(outlines(regions)))
}

/// Writes the regions, the places where engineers start, and the tickets.
///
/// # Errors
/// `E003` for worlds on a plane, `E305` for places without coordinates.
pub fn write_world(world: &World) -> Result<String, Issues> {
    let mut map = Map::of(world)?;
    for engineer in &world.engineers {
        for (index, shift) in engineer.shifts.iter().enumerate() {
            let properties = json!({"kind": "shift", "engineer": engineer.id,
                "shift": engineer.shift_id(index), "start": shift.start, "end": shift.end});
            map.point(&shift.from, &engineer.id, properties);
        }
    }
    for ticket in &world.tickets {
        let properties = json!({"kind": "ticket", "id": ticket.id, "priority": ticket.priority,
            "service": ticket.service, "due": ticket.due});
        map.point(&ticket.place, &ticket.id, properties);
    }
    map.finish()
}

/// Writes the regions, a line for each route and a point for each stop and each ticket left out.
///
/// # Errors
/// As [`write_world`], and `E505`, `E507` and `E508` for what the world does not know.
pub fn write(world: &World, plan: &Plan) -> Result<String, Issues> {
    let mut map = Map::of(world)?;
    for route in &plan.routes {
        map.route(route);
    }
    for left in &plan.unassigned {
        if let Some(place) = map.place(StopKind::Visit, &left.ticket) {
            let properties =
                json!({"kind": "unassigned", "id": left.ticket, "reasons": left.reasons});
            map.point(&place, &left.ticket, properties);
        }
    }
    map.finish()
}

/// Features under way.
struct Map<'a> {
    world: &'a World,
    tickets: FxHashMap<&'a str, Place>,
    depots: FxHashMap<&'a str, Place>,
    features: Vec<Feature>,
    issues: Issues,
}

impl<'a> Map<'a> {
    fn of(world: &'a World) -> Result<Self, Issues> {
        let mut issues = Issues::default();
        if let TravelMode::Euclid { .. } = world.travel {
            issues.add(Code::UNSUPPORTED, "travel", "points of a plane are not places on a map");
            return Err(issues);
        }
        let mut map = Self {
            world,
            tickets: world.tickets.iter().map(|t| (t.id.as_str(), t.place)).collect(),
            depots: world.depots.iter().map(|d| (d.id.as_str(), d.place)).collect(),
            features: Vec::new(),
            issues,
        };
        map.features.extend(outlines(&world.regions));
        Ok(map)
    }

    fn position(&mut self, place: &Place, of: &str) -> Option<[f64; 2]> {
        let point = place.point();
        if point.is_none() {
            self.issues.add(Code::NO_COORDINATES, "world", format!("`{of}` is not on the map"));
        }
        point
    }

    fn point(&mut self, place: &Place, of: &str, properties: Value) {
        if let Some(point) = self.position(place, of) {
            self.features.push(feature(GeometryValue::new_point(point), properties));
        }
    }

    fn place(&mut self, kind: StopKind, id: &str) -> Option<Place> {
        let known = if kind == StopKind::Depot { &self.depots } else { &self.tickets };
        let place = known.get(id).copied();
        if place.is_none() {
            let cause = format!("the plan stops at `{id}`, which the world does not have");
            self.issues.add(Code::UNKNOWN_TICKET, "plan", cause);
        }
        place
    }

    fn route(&mut self, route: &Route) {
        let engineer = self.world.engineers.iter().find(|e| e.id == route.engineer);
        let Some(engineer) = engineer else {
            let cause = format!("there is no engineer `{}`", route.engineer);
            return self.issues.add(Code::UNKNOWN_ENGINEER, "plan", cause);
        };
        let number = (0..engineer.shifts.len()).find(|&n| engineer.shift_id(n) == route.shift);
        let Some(shift) = number.map(|number| &engineer.shifts[number]) else {
            let cause = format!("there is no shift `{}`", route.shift);
            return self.issues.add(Code::UNKNOWN_SHIFT, "plan", cause);
        };
        let mut line: Vec<[f64; 2]> = Vec::new();
        let mut here = shift.from;
        line.extend(self.position(&here, &engineer.id));
        for (index, stop) in route.stops.iter().enumerate() {
            if stop.kind != StopKind::Break {
                let Some(place) = self.place(stop.kind, &stop.id) else { continue };
                here = place;
                line.extend(self.position(&here, &stop.id));
            }
            let properties = json!({"kind": stop.kind, "id": stop.id, "engineer": engineer.id,
                "shift": route.shift, "rank": index + 1, "arrive": stop.arrive,
                "start": stop.start, "end": stop.end});
            if here.point().is_some() {
                self.point(&here, &stop.id, properties);
            }
        }
        if let Some(home) = &shift.to {
            line.extend(self.position(home, &engineer.id));
        }
        // A line has two ends at least; who ends where he starts without a stop has no way.
        if line.len() > 1 {
            let properties = json!({"kind": "route", "engineer": engineer.id,
                "name": engineer.name, "shift": route.shift, "depart": route.depart, "end": route.end,
                "travel": route.travel(), "distance": route.distance(),
                "visits": route.tickets().count()});
            self.features.push(feature(GeometryValue::new_line_string(line), properties));
        }
    }

    fn finish(self) -> Result<String, Issues> {
        self.issues.or(native::pretty(&FeatureCollection::new(self.features)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Engineer, Ticket};
    use crate::plan::{Stop, Unassigned};
    use crate::units::{Instant, Meters, Seconds};

    const RING: &str = "[[[0, 0], [1, 0, 7], [1, 1], [0, 0]]]";

    fn collection(features: &[String]) -> Source {
        let features = features.join(",");
        Source::text(format!("{{\"type\": \"FeatureCollection\", \"features\": [{features}]}}"))
    }

    fn raw(properties: &str, kind: &str, coordinates: &str) -> String {
        format!(
            "{{\"type\": \"Feature\", \"properties\": {properties}, \
             \"geometry\": {{\"type\": \"{kind}\", \"coordinates\": {coordinates}}}}}"
        )
    }

    #[test]
    fn features_of_one_name_are_one_region() {
        let many = format!("[{RING}]");
        let source = collection(&[
            raw(r#"{"zip": "10004", "name": "A"}"#, "Polygon", RING),
            raw(r#"{"zip": "10005", "name": "A"}"#, "Polygon", RING),
            raw(r#"{"zip": "10004", "name": "B"}"#, "MultiPolygon", &many),
        ]);
        let ids = |regions: Vec<Region>| regions.into_iter().map(|r| (r.id, r.outline.len()));
        let zips: Vec<_> = ids(regions(&source).expect("reads")).collect();
        assert_eq!(zips, [("10004".into(), 2), ("10005".into(), 1)]);
        let mut by_name = source;
        by_name.options.region_key = Some("name".into());
        let names: Vec<_> = ids(regions(&by_name).expect("reads")).collect();
        assert_eq!(names, [("A".into(), 2), ("B".into(), 1)]);
    }

    #[test]
    fn what_has_no_name_or_no_area_is_refused() {
        let source = collection(&[
            raw(r#"{"population": 5}"#, "Polygon", RING),
            raw(r#"{"id": "x"}"#, "Point", "[1, 2]"),
        ]);
        let issues = regions(&source).expect_err("two faults");
        let found: Vec<_> = issues.0.iter().map(|i| (i.at.as_str(), i.code)).collect();
        assert_eq!(
            found,
            [("input: features[0]", Code::EMPTY_ID), ("input: features[1]", Code::OUTLINE)]
        );
    }

    #[test]
    fn a_plan_becomes_lines_and_points() {
        let mut world = World::new(TravelMode::car(36_000));
        let base = Place::at(52.5, 13.4);
        world.engineers.push(Engineer::new("ada", base, Instant(0), Instant(999)));
        world.tickets.push(Ticket::new("T1", Place::at(52.6, 13.5), Seconds(0)));
        world.tickets.push(Ticket::new("T2", Place::at(52.7, 13.6), Seconds(0)));
        let stop = |kind, id: &str| Stop {
            kind,
            id: id.into(),
            travel: Seconds(1),
            distance: Meters(1),
            arrive: Instant(1),
            start: Instant(1),
            end: Instant(1),
        };
        let route = Route {
            engineer: "ada".into(),
            shift: "ada/1".into(),
            depart: Instant(0),
            stops: vec![stop(StopKind::Visit, "T1"), stop(StopKind::Break, "")],
            travel_home: Seconds(1),
            distance_home: Meters(1),
            end: Instant(2),
        };
        let left = Unassigned { ticket: "T2".into(), reasons: Default::default() };
        let plan = Plan { routes: vec![route], unassigned: vec![left], ..Plan::default() };
        let text = write(&world, &plan).expect("writes");
        let value: Value = serde_json::from_str(&text).expect("is JSON");
        let features = value["features"].as_array().expect("features");
        let kinds: Vec<_> = features.iter().map(|f| &f["properties"]["kind"]).collect();
        assert_eq!(kinds, ["visit", "break", "route", "unassigned"]);
        let line = json!([[13.4, 52.5], [13.5, 52.6], [13.4, 52.5]]);
        assert_eq!(features[2]["geometry"]["coordinates"], line);
    }

    #[test]
    fn a_plane_is_no_map() {
        let world = World::new(TravelMode::Euclid { scale: 1, nearest: true });
        assert_eq!(write_world(&world).expect_err("a plane").0[0].code, Code::UNSUPPORTED);
    }

    #[test]
    fn the_zip_codes_of_new_york_are_regions() {
        let Some(data) = crate::testdata::dir() else { return };
        let source = Source::open(data.join("geo/nyc_zip_simplified.geojson")).expect("opens");
        let regions = regions(&source).expect("reads");
        // 263 features, of which some share a code: `{f["properties"]["zip"] for f in features}`.
        assert_eq!(regions.len(), 248);
        assert!(regions.iter().all(|region| region.id.len() == 5 && !region.outline.is_empty()));
    }
}
