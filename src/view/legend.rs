//! What the signs on the map and in the schedule mean.

use super::markup::{escape, put};
use super::reasons;
use super::scene::Scene;
use crate::plan::Rule;
use std::collections::BTreeSet;

const BASE: &str = r#"<path d="M2 1h10v10h-10z" fill="var(--soft)"/>"#;
const VISIT: &str =
    r#"<g fill="var(--soft)"><circle cx="2" cy="6" r="2.5"/><circle cx="10" cy="6" r="5"/></g>"#;
const DEPOT: &str =
    r#"<path d="M7 0l6 6-6 6-6-6z" fill="none" stroke="var(--ink)" stroke-width="1.6"/>"#;
const CROSS: &str = r#"<path d="M3 2l8 8m0-8l-8 8" stroke="var(--alarm)" stroke-width="2.4"/>"#;
const TRAVEL: &str = r#"<path d="M0 6h13" stroke="var(--soft)" stroke-width="2.5"/>"#;
const WAITING: &str = r#"<rect y="2" width="13" height="8" fill="url(#hatch)"/>"#;
const BREAK: &str = r#"<rect y="3" width="13" height="6" rx="2" fill="var(--pause)"/>"#;
const FETCH: &str =
    r#"<rect x="3" y="2.5" width="7" height="7" rx="2" fill="none" stroke="var(--ink)"/>"#;
const LATE: &str =
    r#"<path d="M1 1h11v10h-11z" fill="none" stroke="var(--alarm)" stroke-width="2"/>"#;
const DUE: &str = r#"<path d="M7 1.5l4 8h-8z" fill="var(--faint)"/>"#;

/// The signs of the map.
pub(super) fn of_map(out: &mut String, scene: &Scene<'_>) {
    out.push_str("<p class=\"key\">");
    put_sign(out, BASE, "starts here");
    put_sign(out, VISIT, "visit, larger where it matters more");
    if !scene.world.depots.is_empty() {
        put_sign(out, DEPOT, "depot");
    }
    if !scene.plan.unassigned.is_empty() {
        put_sign(out, CROSS, "not served");
    }
    out.push_str("</p>");
}

/// The signs of the schedule.
pub(super) fn of_schedule(out: &mut String, scene: &Scene<'_>) {
    out.push_str("<p class=\"key\">");
    let grades = scene.grades.used();
    if grades.len() > 1 {
        out.push_str("<span>priority</span>");
        for (grade, low, high) in grades {
            let label = if low == high { low.to_string() } else { format!("{low}–{high}") };
            put_sign(out, &box_of(&format!("var(--p{grade})")), &label);
        }
    }
    put_sign(out, TRAVEL, "travel");
    put_sign(out, WAITING, "waiting");
    put_sign(out, BREAK, "break");
    if !scene.world.depots.is_empty() {
        put_sign(out, FETCH, "depot");
    }
    if scene.world.tickets.iter().any(|ticket| ticket.due.is_some()) {
        put_sign(out, DUE, "due");
        put_sign(out, LATE, "late");
    }
    out.push_str("</p>");
}

/// The colours of the rules that keep tickets off routes.
pub(super) fn of_reasons(out: &mut String, scene: &Scene<'_>) {
    let reasons = scene.plan.unassigned.iter().flat_map(|one| one.reasons.keys());
    out.push_str("<p class=\"key\">");
    for rule in reasons.copied().collect::<BTreeSet<Rule>>() {
        put_sign(out, &box_of(&reasons::colour(rule)), reasons::short(rule));
    }
    out.push_str("</p>");
}

fn box_of(colour: &str) -> String {
    format!("<rect y=\"1\" width=\"13\" height=\"10\" rx=\"2\" fill=\"{colour}\"/>")
}

fn put_sign(out: &mut String, sign: &str, label: &str) {
    put!(out, "<span><svg aria-hidden=\"true\">{sign}</svg>{}</span>", escape(label));
}
