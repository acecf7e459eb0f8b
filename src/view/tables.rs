//! The parts of the page that are words and numbers.

use super::legend;
use super::map;
use super::markup::{escape, put};
use super::reasons;
use super::scene::Scene;
use super::times::grouped;
use crate::model::Ticket;
use crate::plan::Unassigned;

/// More tickets than this are not listed one by one; the plan itself has them all.
const LISTED_MAX: usize = 500;

/// The name of the plan and its headline figures, and why there is no map where there is none.
pub(super) fn header(out: &mut String, scene: &Scene<'_>, has_map: bool) {
    let (figures, times) = (&scene.figures, scene.times);
    put!(out, "<header>\n<div><h1>{}</h1>", escape(scene.title()));
    if let Some((first, last)) = scene.plan.span() {
        put!(out, "<p>{}</p>", escape(times.span(first, last)));
    }
    if !has_map {
        put!(out, "<p>{}</p>", escape(map::ABSENCE));
    }
    out.push_str("</div>\n<dl>\n");
    let alarm = |count| if count > 0 { " class=\"bad\"" } else { "" };
    let all = count(figures.served + figures.unserved);
    put_figure(out, "", "served", &count(figures.served), &format!(" of {all}"));
    put_figure(out, alarm(figures.unserved), "not served", &count(figures.unserved), "");
    let late = match figures.effort.late {
        0 => String::new(),
        _ => format!(" by {}", times.length_with_unit(figures.effort.late_seconds)),
    };
    put_figure(out, alarm(figures.effort.late), "late", &count(figures.effort.late), &late);
    let travel = times.length(figures.effort.travel);
    put_figure(out, "", "travel", &travel, times.length_unit());
    let distance = times.distance(figures.effort.distance);
    put_figure(out, "", "distance", &distance, times.distance_unit());
    put_figure(out, "", "utilisation", &percent(figures.effort.utilisation_permille), " %");
    let out_today = scene.rows.iter().filter(|row| !row.tours.is_empty()).count();
    let engineers = format!(" of {}", count(scene.rows.len() as u64));
    put_figure(out, "", "engineers out", &count(out_today as u64), &engineers);
    out.push_str("</dl>\n</header>\n");
}

fn put_figure(out: &mut String, class: &str, label: &str, value: &str, unit: &str) {
    put!(out, "<div{class}><dt>{label}</dt><dd>{}", escape(value));
    if !unit.is_empty() {
        put!(out, "<small>{}</small>", escape(unit));
    }
    out.push_str("</dd></div>\n");
}

/// The tickets that nobody visits, those that matter most first, each with its reasons.
pub(super) fn unassigned(out: &mut String, scene: &Scene<'_>) {
    let absent = scene.unassigned();
    out.push_str("<section aria-label=\"Not served\">\n<div class=\"head\"><h2>Not served</h2>");
    legend::of_reasons(out, scene);
    out.push_str("</div>\n");
    let listed = &absent[..absent.len().min(LISTED_MAX)];
    if !listed.is_empty() {
        put_unassigned(out, scene, listed);
    }
    if scene.figures.unserved == 0 {
        out.push_str("<p class=\"none\">Every ticket is on a route.</p>\n");
    }
    if absent.len() > listed.len() {
        let more = count((absent.len() - listed.len()) as u64);
        put!(out, "<p class=\"none\">and {more} more of no higher priority</p>\n");
    }
    if scene.forgotten() > 0 {
        let forgotten = count(scene.forgotten());
        put!(out, "<p class=\"none\">{forgotten} tickets that the plan does not mention</p>\n");
    }
    out.push_str("</section>\n");
}

fn put_unassigned(out: &mut String, scene: &Scene<'_>, listed: &[(&Unassigned, Option<&Ticket>)]) {
    out.push_str(
        "<div class=\"table\"><table>\n<thead><tr><th>ticket</th>\
         <th class=\"n\">priority</th><th>why</th></tr></thead>\n<tbody>\n",
    );
    for (number, (one, ticket)) in listed.iter().enumerate() {
        let priority = ticket.map(|ticket| ticket.priority.to_string()).unwrap_or_default();
        put!(
            out,
            "<tr data-u=\"{number}\"><td class=\"id\">{}</td><td class=\"n\">{priority}</td>\
             <td class=\"why\">{}",
            escape(&one.ticket),
            escape(reasons::sentence(scene, one)),
        );
        put_reasons(out, one);
        out.push_str("</td></tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
}

/// One bar, divided as the shifts are by the rules that keep them from it.
fn put_reasons(out: &mut String, unassigned: &Unassigned) {
    out.push_str("<div class=\"bar\">");
    for (rule, count) in reasons::ordered(unassigned) {
        let (colour, name) = (reasons::colour(rule), reasons::short(rule));
        put!(out, "<b style=\"flex:{count};--c:{colour}\" title=\"{name}: {count}\"></b>");
    }
    out.push_str("</div>");
}

/// What each region gets and, where engineers have a home region, how busy its people are.
pub(super) fn regions(out: &mut String, scene: &Scene<'_>) {
    let regions = &scene.figures.regions;
    if regions.is_empty() {
        return;
    }
    let has_homes = regions.iter().any(|region| region.effort.shift.0 > 0);
    out.push_str(
        "<section aria-label=\"Regions\">\n<div class=\"head\"><h2>Regions</h2></div>\n\
         <div class=\"table\"><table>\n<thead><tr><th>region</th><th class=\"n\">served</th><th></th>\
         <th class=\"n\">late</th><th class=\"n\">travel</th>",
    );
    if has_homes {
        out.push_str(
            "<th class=\"n\" title=\"Work and travel in the region against the shifts of those who \
             are at home in it\">its people busy</th>",
        );
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for region in regions {
        let tickets = region.served + region.unserved;
        put!(
            out,
            "<tr><td class=\"id\">{}</td><td class=\"n\">{} of {}</td><td class=\"part\">",
            escape(&region.region),
            count(region.served),
            count(tickets),
        );
        put_meter(out, (1_000 * region.served).checked_div(tickets).unwrap_or(0) as i64);
        put!(
            out,
            "</td><td class=\"n\">{}</td><td class=\"n\">{}</td>",
            count(region.effort.late),
            scene.times.length(region.effort.travel),
        );
        match region.effort.shift.0 {
            _ if !has_homes => {}
            0 => out.push_str("<td class=\"n\">nobody</td>"),
            _ => {
                put!(out, "<td class=\"n\">{} %</td>", percent(region.effort.utilisation_permille));
            }
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n</section>\n");
}

/// What each engineer does.
pub(super) fn engineers(out: &mut String, scene: &Scene<'_>) {
    put!(
        out,
        "<section aria-label=\"Engineers\">\n<div class=\"head\"><h2>Engineers</h2></div>\n\
         <div class=\"table\"><table>\n<thead><tr><th>engineer</th><th class=\"n\">visits</th>\
         <th class=\"n\">late</th><th class=\"n\">travel</th><th class=\"n\">{}</th>\
         <th class=\"n\">busy</th><th></th></tr></thead>\n<tbody>\n",
        scene.times.distance_heading(),
    );
    for (number, row) in scene.rows.iter().enumerate() {
        put!(
            out,
            "<tr data-e=\"{number}\"><td class=\"id\"><i style=\"--c:{}\"></i>{}</td>\
             <td class=\"n\">{}</td>",
            row.colour,
            escape(row.name()),
            row.visits(),
        );
        match scene.effort(number) {
            Some(effort) => {
                put!(
                    out,
                    "<td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
                     <td class=\"n\">{} %</td><td class=\"part\">",
                    effort.late,
                    scene.times.length(effort.travel),
                    scene.times.distance(effort.distance),
                    percent(effort.utilisation_permille),
                );
                put_meter(out, effort.utilisation_permille);
                out.push_str("</td></tr>\n");
            }
            None => out.push_str("<td colspan=\"5\">not in this world</td></tr>\n"),
        }
    }
    out.push_str("</tbody></table></div>\n</section>\n");
}

fn put_meter(out: &mut String, permille: i64) {
    let width = permille.clamp(0, 1_000) as f64 / 10.0;
    put!(out, "<div class=\"meter\"><b style=\"width:{width:.1}%\"></b></div>");
}

/// The score.
pub(super) fn footer(out: &mut String, scene: &Scene<'_>) {
    if !scene.plan.score.is_empty() {
        let levels: Vec<String> = scene.plan.score.iter().map(|&level| grouped(level)).collect();
        put!(
            out,
            "<footer>Score {}: the most important level first, lower is better.</footer>\n",
            levels.join(" · ")
        );
    }
}

fn count(count: u64) -> String {
    grouped(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Thousandths as whole percent, rounded down as they are.
fn percent(permille: i64) -> String {
    grouped(permille / 10)
}
