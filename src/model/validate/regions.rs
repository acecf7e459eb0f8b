//! Regions: parents, outlines and costs.

use super::names::Names;
use super::numbers::check_e503_length;
use super::places::within;
use super::{At, listed};
use crate::model::graph::circles;
use crate::model::{Code, Issues, TravelMode, World};
use geo::{Area, Coord, LineString, Polygon, Validation};

/// A ring of an outline: a list of `[lon, lat]`.
type Ring = Vec<[f64; 2]>;

pub(super) fn check(world: &World, names: &Names, issues: &mut Issues) {
    // On a plane outlines are in its units, and only have to be finite.
    let reach = match world.travel {
        TravelMode::Euclid { .. } => [1e9, 1e9],
        TravelMode::Haversine { .. } | TravelMode::Matrix { .. } | TravelMode::Road(_) => {
            [180.0, 90.0]
        }
    };
    for (r, region) in world.regions.iter().enumerate() {
        let at = || format!("regions[{r}]");
        if let Some(parent) = &region.parent {
            check_e301_unknown_region(parent, names, &|| format!("{}.parent", at()), issues);
        }
        for (p, polygon) in region.outline.iter().enumerate() {
            check_polygon(polygon, reach, &|| format!("{}.outline[{p}]", at()), issues);
        }
        let costs =
            [("secondary_cost", region.secondary_cost), ("borrow_cost", region.borrow_cost)];
        for (name, cost) in costs {
            check_e503_length(cost.0, "the cost", &|| format!("{}.{name}", at()), issues);
        }
    }
    check_e303_region_circles(world, names, issues);
}

/// A region that something refers to.
pub(super) fn check_e301_unknown_region(region: &str, names: &Names, at: At, issues: &mut Issues) {
    if !names.regions.contains_key(region) {
        let cause = format!("`{region}` is none of the {} regions", names.regions.len());
        issues.add(Code::UNKNOWN_REGION, at(), cause);
    }
}

fn check_e303_region_circles(world: &World, names: &Names, issues: &mut Issues) {
    let links: Vec<(usize, usize)> = world
        .regions
        .iter()
        .enumerate()
        .filter_map(|(r, region)| Some((r, *names.regions.get(region.parent.as_deref()?)?)))
        .collect();
    for circle in circles(world.regions.len(), &links) {
        let members = listed(circle.iter().map(|&r| world.regions[r].id.as_str()));
        let cause = format!("{members}: each is the parent of another of them");
        issues.add(Code::REGION_CYCLE, format!("regions[{}].parent", circle[0]), cause);
    }
}

/// Ring by ring, and when each is sound, how they lie to each other.
fn check_polygon(rings: &[Ring], reach: [f64; 2], at: At, issues: &mut Issues) {
    if rings.is_empty() {
        issues.add(Code::OUTLINE, at(), "a polygon without an outer ring");
        return;
    }
    let before = issues.0.len();
    for (r, ring) in rings.iter().enumerate() {
        if let Some(cause) = fault_of_ring(ring, reach) {
            issues.add(Code::OUTLINE, format!("{}[{r}]", at()), cause);
        }
    }
    let sound = issues.0.len() == before;
    if sound && rings.len() > 1 {
        let holes = rings[1..].iter().map(line).collect();
        if let Err(fault) = Polygon::new(line(&rings[0]), holes).check_validation() {
            issues.add(Code::OUTLINE, at(), fault.to_string());
        }
    }
}

/// The first thing that is wrong with one ring. Later tests rely on what earlier ones assure.
fn fault_of_ring(ring: &Ring, [x_max, y_max]: [f64; 2]) -> Option<String> {
    let outside = |[x, y]: &[f64; 2]| !within(*x, x_max) || !within(*y, y_max);
    if ring.len() < 4 {
        return Some(format!("a ring of {} points; the least is 4", ring.len()));
    }
    if let Some(p) = ring.iter().position(outside) {
        let [x, y] = ring[p];
        return Some(format!("point {p} is [{x}, {y}], not within ±{x_max} and ±{y_max}"));
    }
    let (first, last) = (ring[0], ring[ring.len() - 1]);
    if first != last {
        return Some(format!("the ring starts at {first:?} and ends at {last:?}"));
    }
    let alone = Polygon::new(line(ring), Vec::new());
    if let Err(fault) = alone.check_validation() {
        return Some(fault.to_string());
    }
    (alone.unsigned_area() == 0.0).then(|| "the ring encloses no area".to_owned())
}

fn line(ring: &Ring) -> LineString<f64> {
    ring.iter().map(|&[x, y]| Coord { x, y }).collect()
}
