//! One self-contained HTML page: headline figures, map, schedule, what is left out and why.
//!
//! Nothing in it comes from elsewhere: no script, no style, no font, no picture.

use super::gantt;
use super::legend;
use super::map;
use super::markup::{escape, put};
use super::projection::Projection;
use super::scene::Scene;
use super::tables;
use crate::model::TravelMode;

/// The style sheet of the drawings.
pub(super) const DRAWING_STYLE: &str = include_str!("page/drawing.css");
const PAGE_STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");
/// Width of the schedule beside a map, and alone.
const CHART_WIDTHS: (f64, f64) = (760.0, 1_320.0);

/// The whole page.
pub(super) fn page(scene: &Scene<'_>) -> String {
    let projection = Projection::of(scene.world);
    let mut out = String::new();
    put!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>\n{DRAWING_STYLE}{PAGE_STYLE}</style>\n</head>\n<body>\n",
        escape(scene.title()),
    );
    tables::header(&mut out, scene, projection.is_some());
    out.push_str("<main>\n");
    if let Some(projection) = &projection {
        put_map(&mut out, scene, projection);
    }
    put_schedule(&mut out, scene, projection.is_some());
    out.push_str("<div class=\"column\">\n");
    tables::unassigned(&mut out, scene);
    out.push_str("</div>\n<div class=\"column\">\n");
    tables::regions(&mut out, scene);
    tables::engineers(&mut out, scene);
    out.push_str("</div>\n</main>\n");
    tables::footer(&mut out, scene);
    put!(
        out,
        "<div id=\"tip\" role=\"tooltip\"></div>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n"
    );
    out
}

fn put_map(out: &mut String, scene: &Scene<'_>, projection: &Projection) {
    out.push_str("<section aria-label=\"Map\">\n<div class=\"head\"><h2>Map</h2>");
    legend::of_map(out, scene);
    out.push_str("</div>\n<div class=\"canvas\">\n");
    out.push_str(&map::draw(scene, projection, "", false));
    out.push_str(
        "<div class=\"zoom\"><button data-zoom=\"in\" aria-label=\"Zoom in\">+</button>\
         <button data-zoom=\"out\" aria-label=\"Zoom out\">−</button>\
         <button data-zoom=\"all\" aria-label=\"Show everything\">⤢</button></div>\n",
    );
    if !matches!(scene.world.travel, TravelMode::Euclid { .. }) {
        out.push_str("<div class=\"scale\"></div>\n");
    }
    out.push_str("</div>\n</section>\n");
}

fn put_schedule(out: &mut String, scene: &Scene<'_>, beside_map: bool) {
    let (class, width) =
        if beside_map { ("", CHART_WIDTHS.0) } else { (" class=\"whole\"", CHART_WIDTHS.1) };
    put!(out, "<section{class} aria-label=\"Schedule\">\n<div class=\"head\"><h2>Schedule</h2>");
    legend::of_schedule(out, scene);
    out.push_str("</div>\n<div class=\"chart\">\n");
    out.push_str(&gantt::draw(scene, width, ""));
    out.push_str("</div>\n</section>\n");
}
