//! The map as SVG: ground, routes with their direction, visits, what is left out, homes and depots.
//!
//! Visits carry their number (`data-v`) and routes that of their engineer (`data-e`), by which the
//! page finds them again in the Gantt chart. Symbols have the class `fix`: they keep their size
//! when the page zooms. Dots are strokes of no length with round ends, for the same reason.

use super::ground;
use super::markup::{escape, put};
use super::projection::{Projection, WIDTH};
use super::reasons;
use super::scene::{Row, Scene, Tour};
use super::tips;
use crate::model::Place;
use crate::plan::StopKind;
use std::collections::BTreeMap;

/// Why there is no map, where there is none.
pub(super) const ABSENCE: &str = "There is no map, for no place of this world has coordinates.";

/// With more stops than this, signs are smaller; with more than the second figure, smaller still.
const SPACIOUS_STOPS_MAX: [usize; 2] = [250, 2_500];
/// With more stops than this, what would only add weight is left out: arrows and titles.
const DETAILED_STOPS_MAX: usize = 5_000;
/// A leg shorter than this, in units of the drawing, has no room for an arrow.
const ARROW_LEG: f64 = 26.0;

type Point = [f64; 2];

/// The map, with `head` (a style, or nothing) at its beginning. With `titles` each visit says what
/// it is; the page leaves that to the Gantt chart.
pub(super) fn draw(scene: &Scene<'_>, projection: &Projection, head: &str, titles: bool) -> String {
    let mut out = String::new();
    put!(
        out,
        "<svg class=\"map{}\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"Map of \
         the routes\" viewBox=\"0 0 {WIDTH} {:.0}\" data-length=\"{:.9}\">\n{head}",
        density(scene.stops()),
        projection.height,
        projection.length_per_unit(),
    );
    ground::draw(&mut out, scene.world, projection);
    let detailed = scene.stops() <= DETAILED_STOPS_MAX;
    let map = Map { scene, projection, arrows: detailed, titles: titles && detailed };
    for (number, row) in scene.rows.iter().enumerate() {
        map.draw_ways(&mut out, number, row);
    }
    ground::draw_names(&mut out, scene.world, projection);
    map.draw_bases(&mut out);
    for (number, row) in scene.rows.iter().enumerate() {
        map.draw_visits(&mut out, number, row);
    }
    map.draw_unassigned(&mut out);
    out.push_str("</svg>\n");
    out
}

fn density(stops: usize) -> &'static str {
    match SPACIOUS_STOPS_MAX {
        [_, crowded] if stops > crowded => " crowded",
        [dense, _] if stops > dense => " dense",
        _ => "",
    }
}

struct Map<'a> {
    scene: &'a Scene<'a>,
    projection: &'a Projection,
    arrows: bool,
    titles: bool,
}

impl Map<'_> {
    /// The lines of one engineer; the ways from and to his base are fainter.
    fn draw_ways(&self, out: &mut String, number: usize, row: &Row<'_>) {
        if row.tours.is_empty() {
            return;
        }
        open_group(out, "ways", number, row);
        put!(out, "<title>{}</title>", escape(tips::engineer(self.scene, number)));
        let mut arrows = String::new();
        for tour in &row.tours {
            let stops: Vec<Point> = self.stops(tour).collect();
            let place = |place: Option<Place>| place.and_then(|p| self.projection.place(&p));
            let from = place(tour.shift.map(|shift| shift.from));
            let to = place(tour.shift.and_then(|shift| shift.to));
            for (base, stop) in [(from, stops.first()), (to, stops.last())] {
                if let (Some(base), Some(stop)) = (base, stop) {
                    put!(out, "<path class=\"home\" d=\"");
                    line(out, &[base, *stop]);
                    out.push_str("\"/>");
                }
            }
            out.push_str("<path class=\"way\" d=\"");
            line(out, &stops);
            out.push_str("\"/>");
            for leg in stops.windows(2) {
                arrow(&mut arrows, leg[0], leg[1]);
            }
        }
        if self.arrows {
            out.push_str(&arrows);
        }
        out.push_str("</g>\n");
    }

    /// The dots of one engineer, on a rim that is red where he is late.
    fn draw_visits(&self, out: &mut String, number: usize, row: &Row<'_>) {
        let mut rims: BTreeMap<(bool, usize), String> = BTreeMap::new();
        let mut dots = String::new();
        for (visit, stop) in row.tours.iter().flat_map(Tour::stops) {
            let place = self.scene.place(stop).and_then(|place| self.projection.place(&place));
            let (Some(visit), Some([x, y])) = (visit, place) else { continue };
            let grade = self.scene.grade(self.scene.ticket(&stop.id));
            let late = self.scene.lateness(stop).is_some();
            put!(rims.entry((late, grade)).or_default(), "M{x:.1} {y:.1}h.01");
            put!(dots, "<path class=\"dot p{grade}\" data-v=\"{visit}\" d=\"M{x:.1} {y:.1}h.01\"");
            if self.titles {
                let tip = tips::visit(self.scene, row, stop);
                put!(dots, "><title>{}</title></path>", escape(tip));
            } else {
                dots.push_str("/>");
            }
        }
        if dots.is_empty() {
            return;
        }
        open_group(out, "visits", number, row);
        for ((late, grade), path) in rims {
            let late = if late { " late" } else { "" };
            put!(out, "<path class=\"rim{late} p{grade}\" d=\"{path}\"/>");
        }
        out.push_str(&dots);
        out.push_str("</g>\n");
    }

    /// A square where a shift starts: in the colour of its engineer, or grey where several start.
    fn draw_bases(&self, out: &mut String) {
        let mut bases: BTreeMap<[i64; 2], Vec<usize>> = BTreeMap::new();
        for (number, row) in self.scene.rows.iter().enumerate() {
            for shift in row.engineer.iter().flat_map(|engineer| &engineer.shifts) {
                let Some(at) = self.projection.place(&shift.from) else { continue };
                let tenths = at.map(|coordinate| (coordinate * 10.0).round() as i64);
                let here = bases.entry(tenths).or_default();
                if here.last() != Some(&number) {
                    here.push(number);
                }
            }
        }
        for (tenths, rows) in bases {
            let [x, y] = tenths.map(|tenth| tenth as f64 / 10.0);
            let square = format!("d=\"M{:.1} {:.1}h11v11h-11z\"", x - 5.5, y - 5.5);
            let first = &self.scene.rows[rows[0]];
            let (id, colour, name) = (rows[0], &first.colour, escape(first.name()));
            match rows.len() {
                1 => put!(
                    out,
                    "<g data-e=\"{id}\" style=\"--c:{colour}\"><path class=\"base fix\" {square}>\
                     <title>{name} starts here</title></path></g>\n"
                ),
                count => put!(
                    out,
                    "<path class=\"base fix\" {square}><title>{count} engineers start here</title></path>\n"
                ),
            }
        }
        for depot in &self.scene.world.depots {
            let Some([x, y]) = self.projection.place(&depot.place) else { continue };
            let diamond = format!("M{x:.1} {:.1}l7 7-7 7-7-7z", y - 7.0);
            let name = escape(&depot.id);
            put!(
                out,
                "<path class=\"depot fix\" d=\"{diamond}\"><title>Depot {name}</title></path>\n"
            );
        }
    }

    /// A red cross for each ticket that nobody visits.
    fn draw_unassigned(&self, out: &mut String) {
        out.push_str("<g class=\"absent\">\n");
        for (number, (unassigned, ticket)) in self.scene.unassigned().into_iter().enumerate() {
            let place = ticket.and_then(|ticket| self.projection.place(&ticket.place));
            let Some([x, y]) = place else { continue };
            let size = 4.0 + self.scene.grade(ticket) as f64;
            let (left, top, across) = (x - size / 2.0, y - size / 2.0, size);
            put!(
                out,
                "<path class=\"cross fix\" data-u=\"{number}\" d=\"M{left:.1} {top:.1}l{across} \
                 {across}m0-{across}l-{across} {across}\"><title>{}\nnot served: {}</title></path>\n",
                escape(&unassigned.ticket),
                escape(reasons::sentence(self.scene, unassigned)),
            );
        }
        out.push_str("</g>\n");
    }

    /// The drawn places of a route, breaks left out.
    fn stops(&self, tour: &Tour<'_>) -> impl Iterator<Item = Point> {
        tour.stops()
            .filter(|(_, stop)| stop.kind != StopKind::Break)
            .filter_map(|(_, stop)| self.projection.place(&self.scene.place(stop)?))
    }
}

fn open_group(out: &mut String, class: &str, number: usize, row: &Row<'_>) {
    put!(out, "<g class=\"{class}\" data-e=\"{number}\" style=\"--c:{}\">", row.colour);
}

fn line(out: &mut String, points: &[Point]) {
    for (number, [x, y]) in points.iter().enumerate() {
        put!(out, "{}{x:.1} {y:.1}", if number == 0 { 'M' } else { 'L' });
    }
}

/// A small triangle in the middle of a leg that points where it leads.
fn arrow(out: &mut String, from: Point, to: Point) {
    let [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    let length = dx.hypot(dy);
    if length < ARROW_LEG {
        return;
    }
    let (ux, uy) = (dx / length, dy / length);
    let [x, y] = [f64::midpoint(from[0], to[0]), f64::midpoint(from[1], to[1])];
    put!(
        out,
        "<path class=\"arrow fix\" d=\"M{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}z\"/>",
        x + 5.0 * ux,
        y + 5.0 * uy,
        x - 4.0 * ux - 4.0 * uy,
        y - 4.0 * uy + 4.0 * ux,
        x - 4.0 * ux + 4.0 * uy,
        y - 4.0 * uy - 4.0 * ux,
    );
}
