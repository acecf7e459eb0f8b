//! What a drawn thing says of itself when somebody points at it: a first line that names it, then
//! the particulars, one to a line.

use super::markup::put;
use super::scene::{Row, Scene};
use super::times::Times;
use crate::model::Ticket;
use crate::plan::{Route, Stop};
use crate::units::{Meters, Seconds};

/// A visit: its ticket, who comes, when, and what was promised.
pub(super) fn visit(scene: &Scene<'_>, row: &Row<'_>, stop: &Stop) -> String {
    let times = scene.times;
    let ticket = scene.ticket(&stop.id);
    let mut tip = stop.id.clone();
    put!(tip, "\n{}", row.name());
    let work = times.length_with_unit(stop.end - stop.start);
    put!(tip, "\nwork {} ({work})", times.range(stop.start, stop.end));
    put!(tip, "\narrives {}", times.at(stop.arrive));
    if stop.start > stop.arrive {
        put!(tip, ", waits {}", times.length_with_unit(stop.start - stop.arrive));
    }
    put!(tip, "\n{} on the way", way(times, stop.travel, stop.distance));
    if let Some(ticket) = ticket {
        put_promises(&mut tip, scene, ticket, scene.lateness(stop));
        if let Some(told) = &ticket.told {
            let comes = |route: &Route| route.tickets().any(|id| id == ticket.id);
            let route = row.tours.iter().map(|tour| tour.route).find(|route| comes(route));
            if route.is_some_and(|route| route.shift != *told) {
                put!(tip, "\nwas told shift {told}");
            }
        }
    }
    tip
}

fn put_promises(tip: &mut String, scene: &Scene<'_>, ticket: &Ticket, late: Option<Seconds>) {
    let times = scene.times;
    for window in &ticket.windows {
        put!(tip, "\nmay start {}", times.range(window.earliest, window.latest));
    }
    for window in &ticket.preferred_windows {
        put!(tip, "\npreferred {}", times.range(window.earliest, window.latest));
    }
    if let Some(due) = ticket.due {
        put!(tip, "\ndue {}", times.at(due));
    }
    if let Some(late) = late {
        put!(tip, ", {} late", times.length_with_unit(late));
        let missed = ticket.late_steps.iter().filter(|step| step.after < late);
        let penalty: i64 = missed.map(|step| step.cost.0).sum();
        if penalty > 0 {
            put!(tip, ", penalty {penalty}");
        }
    }
    if ticket.priority > 0 {
        put!(tip, "\npriority {}", ticket.priority);
    }
}

/// The engineer in a row and what he does in all.
pub(super) fn engineer(scene: &Scene<'_>, number: usize) -> String {
    let (row, times) = (&scene.rows[number], scene.times);
    let mut tip = row.name().to_owned();
    if row.name() != row.id {
        put!(tip, " ({})", row.id);
    }
    for tour in &row.tours {
        put!(tip, "\nout {}", times.range(tour.route.depart, tour.route.end));
        if let Some(shift) = tour.shift.filter(|shift| tour.route.end > shift.end) {
            let overtime = times.length_with_unit(tour.route.end - shift.end);
            put!(tip, ", overtime {overtime}");
        }
    }
    let visits = row.visits();
    put!(tip, "\n{visits} {}", if visits == 1 { "visit" } else { "visits" });
    if let Some(effort) = scene.effort(number) {
        put!(tip, "\n{} of travel", way(times, effort.travel, effort.distance));
        put!(tip, "\n{} % of the shift busy", effort.utilisation_permille / 10);
    }
    tip
}

/// How long and how far; on a plane the two are the same.
fn way(times: Times, travel: Seconds, distance: Meters) -> String {
    match times {
        Times::Plain { .. } => times.length(travel),
        _ => format!(
            "{} and {}{}",
            times.length_with_unit(travel),
            times.distance(distance),
            times.distance_unit()
        ),
    }
}
