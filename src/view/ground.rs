//! What lies under a plan on the map: outlines of regions, or the streets.

use super::markup::{escape, put};
use super::projection::Projection;
use crate::model::{Region, Road, TravelMode, World};
use std::collections::BTreeSet;

/// Width of a letter of a region's name, in units of the drawing.
const LETTER: f64 = 7.0;

/// Draws regions, and the streets where the world has a road network.
pub(super) fn draw(out: &mut String, world: &World, projection: &Projection) {
    out.push_str("<g class=\"ground\">\n");
    for region in &world.regions {
        draw_region(out, region, projection);
    }
    if let TravelMode::Road(road) = &world.travel {
        draw_streets(out, road, projection);
    }
    out.push_str("</g>\n");
}

/// Writes the names of the regions where they fit, over the routes.
pub(super) fn draw_names(out: &mut String, world: &World, projection: &Projection) {
    for region in &world.regions {
        draw_name(out, region, projection);
    }
}

fn draw_region(out: &mut String, region: &Region, projection: &Projection) {
    let rings = || region.outline.iter().flatten();
    if !projection.is_near(rings().flatten().map(|&point| projection.point(point))) {
        return;
    }
    out.push_str("<path class=\"region\" d=\"");
    for ring in rings() {
        for (number, &point) in ring.iter().enumerate() {
            let [x, y] = projection.point(point);
            put!(out, "{}{x:.1} {y:.1}", if number == 0 { 'M' } else { 'L' });
        }
        out.push('Z');
    }
    put!(out, "\"><title>{}</title></path>\n", escape(&region.id));
}

/// Writes the name of a region into the middle of its largest polygon, if it fits there.
fn draw_name(out: &mut String, region: &Region, projection: &Projection) {
    let outer = region.outline.iter().filter_map(|polygon| polygon.first());
    let areas = outer.map(|ring| {
        let drawn: Vec<[f64; 2]> = ring.iter().map(|&point| projection.point(point)).collect();
        let (area, middle) = centroid(&drawn);
        let left = drawn.iter().map(|point| point[0]).fold(f64::INFINITY, f64::min);
        let right = drawn.iter().map(|point| point[0]).fold(f64::NEG_INFINITY, f64::max);
        (area, middle, right - left)
    });
    let Some((_, [x, y], width)) = areas.max_by(|a, b| a.0.total_cmp(&b.0)) else { return };
    let is_shown = projection.is_near([[x, y]]);
    if is_shown && width > LETTER * region.id.chars().count() as f64 {
        put!(
            out,
            "<text class=\"name fix\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>\n",
            escape(&region.id)
        );
    }
}

/// Area and centre of gravity of a closed ring (the shoelace formula).
fn centroid(ring: &[[f64; 2]]) -> (f64, [f64; 2]) {
    let (mut twice, mut x, mut y) = (0.0, 0.0, 0.0);
    for pair in ring.windows(2) {
        let cross = pair[0][0] * pair[1][1] - pair[1][0] * pair[0][1];
        twice += cross;
        x += (pair[0][0] + pair[1][0]) * cross;
        y += (pair[0][1] + pair[1][1]) * cross;
    }
    let scale = if twice == 0.0 { 0.0 } else { 1.0 / (3.0 * twice) };
    (twice.abs() / 2.0, [x * scale, y * scale])
}

/// All streets as one path; both directions of a street are drawn once.
fn draw_streets(out: &mut String, road: &Road, projection: &Projection) {
    let mut drawn = BTreeSet::new();
    out.push_str("<path class=\"street\" d=\"");
    for arc in &road.arcs {
        let ends = [arc.from.min(arc.to), arc.from.max(arc.to)];
        let nodes = ends.map(|end| road.nodes.get(end as usize));
        let [Some(from), Some(to)] = nodes else { continue };
        let points = [from, to].map(|node| projection.point([node.lon, node.lat]));
        if drawn.insert(ends) && projection.is_near(points) {
            let [from, to] = points;
            put!(
                out,
                "M{:.1} {:.1}l{:.1} {:.1}",
                from[0],
                from[1],
                to[0] - from[0],
                to[1] - from[1]
            );
        }
    }
    out.push_str("\"/>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_centre_of_a_rectangle_is_its_middle_whatever_its_direction() {
        let mut ring = [[0.0, 0.0], [4.0, 0.0], [4.0, 2.0], [0.0, 2.0], [0.0, 0.0]];
        assert_eq!(centroid(&ring), (8.0, [2.0, 1.0]));
        ring.reverse();
        assert_eq!(centroid(&ring), (8.0, [2.0, 1.0]));
    }
}
