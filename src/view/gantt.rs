//! The Gantt chart as SVG: a row for each engineer, travel thin, work thick and in colours of
//! priority.
//!
//! Each visit carries its number (`data-v`), its windows (`data-w`) and its due time (`data-d`) in
//! units of the drawing, which the page shows when somebody points at it.

use super::markup::{escape, put, shortened};
use super::scene::{Row, Scene, Tour, horizon};
use super::tips;
use crate::model::Shift;
use crate::plan::{Stop, StopKind};
use crate::units::Instant;

/// Names stand to the left of this.
const LABELS: f64 = 150.0;
const RIGHT: f64 = 22.0;
const AXIS: f64 = 26.0;
/// Rows share this height if that makes them neither too low nor too high.
const ROWS_HEIGHT: f64 = 600.0;
const ROW_HEIGHTS: (f64, f64) = (27.0, 46.0);
/// Letters of a name that fit beside the chart.
const NAME_LETTERS: usize = 19;
/// Units of the drawing for one mark on the axis.
const TICK_WIDTH: f64 = 40.0;
/// Breaks are lower than work, by so much above and below.
const PAUSE_INSET: f64 = 3.0;
/// A bar is at least so wide, or nobody could point at it.
const BAR_WIDTH_MIN: f64 = 1.5;

/// An average visit is at least so wide, if that does not make the chart wider than this.
const VISIT_WIDTH: f64 = 10.0;
const WIDTH_MAX: f64 = 8_000.0;

/// The chart, at least so many units wide, with `head` (a style, or nothing) at its beginning.
pub(super) fn draw(scene: &Scene<'_>, width_min: f64, head: &str) -> String {
    let (first, last) = horizon(scene.world, scene.plan);
    let width = (LABELS + RIGHT + scene.visits_in(last - first) * VISIT_WIDTH).round();
    let width = width.min(WIDTH_MAX).max(width_min);
    let count = scene.rows.len().max(1) as f64;
    let row_height = (ROWS_HEIGHT / count).clamp(ROW_HEIGHTS.0, ROW_HEIGHTS.1).floor();
    let height = AXIS + count * row_height + 4.0;
    let chart = Chart { scene, first, last, width, height, row_height };
    let mut out = String::new();
    put!(
        out,
        "<svg class=\"gantt\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"Gantt \
         chart\" viewBox=\"0 0 {width} {height}\" style=\"min-width:{:.0}px\">\n{head}\
         <defs><pattern id=\"hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><path class=\"hatch\" d=\"M0 0v5\"/></pattern></defs>\n",
        width * 0.85,
    );
    chart.draw_grid(&mut out);
    for (number, row) in scene.rows.iter().enumerate() {
        chart.draw_row(&mut out, number, row);
    }
    chart.draw_labels(&mut out);
    chart.draw_axis(&mut out);
    out.push_str("</svg>\n");
    out
}

struct Chart<'a> {
    scene: &'a Scene<'a>,
    first: Instant,
    last: Instant,
    width: f64,
    height: f64,
    row_height: f64,
}

impl Chart<'_> {
    /// Where a moment is, moments beyond the chart at its edge.
    fn x(&self, at: Instant) -> f64 {
        let at = at.clamp(self.first, self.last);
        let share = (at - self.first).0 as f64 / (self.last - self.first).0 as f64;
        LABELS + share * (self.width - LABELS - RIGHT)
    }

    /// Upper edge of a row.
    fn y(&self, row: usize) -> f64 {
        AXIS + row as f64 * self.row_height
    }

    /// Upper edge and height of the bars in a row.
    fn bar(&self, row: usize) -> (f64, f64) {
        let height = (self.row_height * 0.52).round();
        (self.y(row) + ((self.row_height - height) / 2.0).round(), height)
    }

    fn ticks(&self) -> Vec<super::times::Tick> {
        let room = (self.width - LABELS - RIGHT) / TICK_WIDTH;
        self.scene.times.ticks(self.first, self.last, room as i64)
    }

    fn draw_grid(&self, out: &mut String) {
        for tick in self.ticks() {
            let class = if tick.midnight { "grid midnight" } else { "grid" };
            put!(
                out,
                "<path class=\"{class}\" d=\"M{:.1} {AXIS}V{}\"/>\n",
                self.x(tick.at),
                self.height
            );
        }
    }

    fn draw_axis(&self, out: &mut String) {
        put!(
            out,
            "<g class=\"axis\"><rect class=\"cover\" width=\"{}\" height=\"{AXIS}\"/>",
            self.width
        );
        for tick in self.ticks() {
            let label = escape(&tick.label);
            let class = if tick.midnight { " class=\"midnight\"" } else { "" };
            put!(out, "<text{class} x=\"{:.1}\" y=\"17\">{label}</text>", self.x(tick.at));
        }
        out.push_str("</g>\n");
    }

    fn draw_labels(&self, out: &mut String) {
        put!(
            out,
            "<g class=\"labels\"><rect class=\"cover\" width=\"{}\" height=\"{}\"/>\n",
            LABELS - 6.0,
            self.height
        );
        for (number, row) in self.scene.rows.iter().enumerate() {
            let middle = self.y(number) + self.row_height / 2.0;
            let idle = if row.tours.is_empty() { " idle" } else { "" };
            put!(
                out,
                "<g class=\"label{idle}\" data-e=\"{number}\" style=\"--c:{}\" tabindex=\"0\"><title>{}\
                 </title><rect class=\"hit\" y=\"{:.1}\" width=\"{LABELS}\" height=\"{}\"/>\
                 <rect class=\"swatch\" x=\"4\" y=\"{:.1}\" width=\"4\" height=\"{:.1}\" rx=\"2\"/>\
                 <text x=\"14\" y=\"{:.1}\">{}</text></g>\n",
                row.colour,
                escape(tips::engineer(self.scene, number)),
                self.y(number),
                self.row_height,
                middle - self.row_height * 0.3,
                self.row_height * 0.6,
                middle + 4.0,
                escape(shortened(row.name(), NAME_LETTERS)),
            );
        }
        out.push_str("</g>\n");
    }

    fn draw_row(&self, out: &mut String, number: usize, row: &Row<'_>) {
        put!(out, "<g class=\"row\" data-e=\"{number}\" style=\"--c:{}\">", row.colour);
        for shift in row.engineer.iter().flat_map(|engineer| &engineer.shifts) {
            self.draw_shift(out, number, shift);
        }
        for tour in &row.tours {
            self.draw_travel(out, number, tour);
            for (visit, stop) in tour.stops() {
                match (stop.kind, visit) {
                    (StopKind::Visit, Some(visit)) => {
                        self.draw_visit(out, number, row, visit, stop)
                    }
                    (StopKind::Break, _) => self.draw_pause(out, number, "break", stop),
                    _ => self.draw_pause(out, number, "fetch", stop),
                }
            }
        }
        out.push_str("</g>\n");
    }

    fn draw_shift(&self, out: &mut String, number: usize, shift: &Shift) {
        let (from, to) = (self.x(shift.start), self.x(shift.end));
        if to > from {
            put!(
                out,
                "<rect class=\"shift\" x=\"{from:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" \
                 rx=\"3\"/>",
                self.y(number) + 2.0,
                to - from,
                self.row_height - 4.0,
            );
        }
    }

    /// Travel as one thin line, waiting as one hatched shape, for the whole route.
    fn draw_travel(&self, out: &mut String, number: usize, tour: &Tour<'_>) {
        let route = tour.route;
        let (top, height) = self.bar(number);
        let middle = top + height / 2.0;
        let (mut travel, mut waiting) = (String::new(), String::new());
        for stop in &route.stops {
            let (from, to) =
                (self.x(Instant((stop.arrive - Instant(stop.travel.0)).0)), self.x(stop.arrive));
            if to > from {
                put!(travel, "M{from:.1} {middle}H{to:.1}");
            }
            let (from, to) = (self.x(stop.arrive), self.x(stop.start));
            if to > from {
                put!(waiting, "M{from:.1} {:.1}H{to:.1}v{:.1}H{from:.1}z", top + 2.0, height - 4.0);
            }
        }
        let (from, to) = (self.x(Instant(route.end.0 - route.travel_home.0)), self.x(route.end));
        if to > from {
            put!(travel, "M{from:.1} {middle}H{to:.1}");
        }
        put!(out, "<path class=\"travel\" d=\"{travel}\"/>");
        if !waiting.is_empty() {
            put!(out, "<path class=\"wait\" d=\"{waiting}\"/>");
        }
    }

    fn draw_visit(
        &self,
        out: &mut String,
        number: usize,
        row: &Row<'_>,
        visit: usize,
        stop: &Stop,
    ) {
        let ticket = self.scene.ticket(&stop.id);
        let late = if self.scene.lateness(stop).is_some() { " late" } else { "" };
        put!(out, "<rect class=\"job p{}{late}\" data-v=\"{visit}\"", self.scene.grade(ticket));
        self.put_box(out, number, stop, 0.0);
        if let Some(ticket) = ticket {
            let windows: Vec<String> = ticket
                .windows
                .iter()
                .map(|w| format!("{:.1} {:.1}", self.x(w.earliest), self.x(w.latest)))
                .collect();
            if !windows.is_empty() {
                put!(out, " data-w=\"{}\"", windows.join(" "));
            }
            if let Some(due) = ticket.due {
                put!(out, " data-d=\"{:.1}\"", self.x(due));
            }
        }
        put!(out, "><title>{}</title></rect>", escape(tips::visit(self.scene, row, stop)));
        let due = ticket.and_then(|ticket| ticket.due);
        if let Some(due) = due.filter(|&due| due <= self.last) {
            let (top, height) = self.bar(number);
            put!(
                out,
                "<path class=\"due{late}\" d=\"M{:.1} {:.1}l3 6h-6z\"/>",
                self.x(due),
                top + height
            );
        }
    }

    fn draw_pause(&self, out: &mut String, number: usize, class: &str, stop: &Stop) {
        let range = self.scene.times.range(stop.start, stop.end);
        let name =
            if stop.id.is_empty() { "Break".to_owned() } else { format!("Depot {}", stop.id) };
        put!(out, "<rect class=\"{class}\"");
        self.put_box(out, number, stop, PAUSE_INSET);
        put!(out, "><title>{}\n{range}</title></rect>", escape(name));
    }

    /// The extent of a bar from the start of a stop to its end, so much lower than the row's bars.
    fn put_box(&self, out: &mut String, number: usize, stop: &Stop, inset: f64) {
        let (top, height) = self.bar(number);
        let (from, to) = (self.x(stop.start), self.x(stop.end));
        put!(
            out,
            " x=\"{from:.1}\" y=\"{}\" width=\"{:.1}\" height=\"{}\" rx=\"2\"",
            top + inset,
            (to - from).max(BAR_WIDTH_MIN),
            height - 2.0 * inset,
        );
    }
}
