//! Plans for people: a table for the terminal, a page for the browser, drawings for a report.
//!
//! Every view is a pure function of a sound world and its plan: it decides nothing, computes no
//! figure that [`Figures`](crate::plan::Figures) has, and never fails. What a plan names and its
//! world does not know is written, but not drawn.
//!
//! To add a view, write one file with a function and name it in [`ALL`].

mod colour;
mod gantt;
mod ground;
mod html;
mod legend;
mod map;
mod markup;
mod projection;
mod reasons;
mod scene;
mod tables;
#[cfg(test)]
mod tests;
mod text;
mod times;
mod tips;

pub use text::{TextOptions, text_with};

use crate::model::World;
use crate::plan::Plan;
use markup::escape;
use projection::Projection;
use scene::Scene;

/// One way to look at a plan.
pub struct View {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it shows, in half a sentence.
    pub about: &'static str,
    /// The usual ending of its files, without the dot.
    pub ending: &'static str,
    /// Draws it.
    pub render: fn(&World, &Plan) -> String,
}

/// Every view.
pub const ALL: &[View] = &[
    View {
        name: "text",
        about: "a line for each route, the figures, what is left out and why",
        ending: "txt",
        render: text,
    },
    View {
        name: "html",
        about: "one self-contained page with map, schedule and reasons",
        ending: "html",
        render: html,
    },
    View { name: "map", about: "the map alone", ending: "svg", render: map_svg },
    View { name: "gantt", about: "the schedule alone", ending: "svg", render: gantt_svg },
];

/// Width of a schedule that stands alone, in pixels.
const GANTT_WIDTH: f64 = 1_000.0;

/// Tables of routes and figures, and what is left out with its reasons in plain English; without
/// colours, which [`text_with`] can add.
#[must_use]
pub fn text(world: &World, plan: &Plan) -> String {
    text_with(world, plan, TextOptions::default())
}

/// One self-contained HTML page without scripts, styles or pictures from elsewhere.
///
/// Linear in world and plan: 20,000 visits make some ten megabytes.
///
/// ```
/// use fieldwright::model::{TravelMode, World};
/// use fieldwright::{plan::Plan, view};
/// let mut world = World::new(TravelMode::car(36_000));
/// world.name = "<Kiel>".into();
/// let page = view::html(&world, &Plan::default());
/// assert!(page.starts_with("<!DOCTYPE html>") && page.contains("Plan of &lt;Kiel&gt;"));
/// ```
#[must_use]
pub fn html(world: &World, plan: &Plan) -> String {
    html::page(&Scene::new(world, plan))
}

/// The map as an SVG that stands alone: regions or streets, routes, visits, what is left out. Where
/// no place has coordinates it says so instead.
#[must_use]
pub fn map_svg(world: &World, plan: &Plan) -> String {
    match Projection::of(world) {
        Some(projection) => map::draw(&Scene::new(world, plan), &projection, &style(), true),
        None => format!(
            "<svg class=\"map\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 480 60\">\n{}\
             <text x=\"16\" y=\"34\">{}</text></svg>\n",
            style(),
            escape(map::ABSENCE),
        ),
    }
}

/// The schedule as an SVG that stands alone: a row for each engineer.
#[must_use]
pub fn gantt_svg(world: &World, plan: &Plan) -> String {
    gantt::draw(&Scene::new(world, plan), GANTT_WIDTH, &style())
}

/// The style that a drawing carries when it stands alone.
fn style() -> String {
    format!("<style>\n{}</style>\n", html::DRAWING_STYLE)
}
