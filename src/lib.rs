//! **Fieldwright decides which engineer goes to which customer, when, and in what order, and says
//! why.** It knows what field service needs and bare routing solvers do not: skills with levels and
//! expiry, regions that lend each other people, promises with a clock, parts on the van, locks, and
//! tickets that are worth more than others.
//!
//! ```
//! use fieldwright::model::{Engineer, OwnedSkill, Place, SkillNeed, Ticket, TravelMode, World};
//! use fieldwright::solve::{Budget, route};
//! use fieldwright::units::{Instant, Seconds};
//! use fieldwright::{Problem, plan};
//! use std::ops::ControlFlow;
//!
//! let eight: Instant = "2026-03-02T08:00:00+01:00".parse()?;
//! let four = eight + Seconds(8 * 3_600);
//! let mut world = World::new(TravelMode::car(36_000));
//!
//! let mut ada = Engineer::new("ada", Place::at(52.52, 13.40), eight, four);
//! ada.skills.push(OwnedSkill::new("boiler", 3));
//! world.engineers.push(ada);
//! world.engineers.push(Engineer::new("bob", Place::at(52.50, 13.45), eight, four));
//!
//! let mut leak = Ticket::new("leak", Place::at(52.51, 13.44), Seconds(3_600));
//! leak.skills.all.push(SkillNeed::new("boiler", 2));
//! leak.due = Some(eight + Seconds(2 * 3_600));
//! world.tickets.push(leak);
//!
//! let problem = Problem::build(world)?; // every fault of the input at once
//! let options = route::Options { budget: Budget::iterations(200), ..Default::default() };
//! let outcome = route::plan(&problem, &options, &mut |_| ControlFlow::Continue(()))?;
//!
//! let (route, visit) = outcome.plan.visit_of("leak").expect("it fits");
//! assert_eq!(route.engineer, "ada"); // bob is nearer, but has never seen a boiler
//! assert!(visit.start <= eight + Seconds(2 * 3_600));
//! assert!(plan::check(problem.world(), &outcome.plan).is_empty()); // trusts no solver
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The nouns
//!
//! A **ticket** is a job at a customer's place. An **engineer** works in **shifts**; one shift is one
//! **route** of **visits**. A [`model::World`] is all of it as plain data, with serde; a [`Problem`]
//! is a world that has passed every check, made dense. A [`plan::Plan`] is routes with times and
//! the tickets left out, with reasons. A **score** is one integer for each level of the
//! [`model::Objective`], compared from left to right, lower is better; a **criterion** is one
//! term of it.
//!
//! # A map of this page
//!
//! | you want to | look at |
//! |---|---|
//! | describe engineers, tickets, regions | [`model`], or read a file with [`io`] |
//! | plan routes | [`solve::route::plan`] |
//! | hand many tickets to many engineers at once | [`solve::assign`] |
//! | know who should take one ticket, and why not somebody else | [`dispatch`] |
//! | know when a promise is due, how much of it is used, and why | [`clock`] |
//! | check a plan that anybody made | [`plan::check()`] |
//! | see figures and differences | [`plan::Figures`], [`plan::Diff`] |
//! | draw it | [`view`] |
//! | make up a city to try things on | [`sim`] |
//!
//! Times are whole seconds, lengths whole metres, costs whole numbers; no float enters a decision.
//! The same input, seed and iteration budget give the same plan on any number of threads. The
//! crate starts no thread and reads no clock that its caller did not ask for.
//!
//! # Features
//!
//! `lp` (default) adds side constraints to one-shot assignment through good_lp; `highs` solves the
//! same models with HiGHS; `schema` exports JSON Schema; `cli` builds the program `fieldwright`.

#[cfg(doc)]
#[doc = include_str!("../ARCHITECTURE.md")]
pub mod architecture {}

/// The examples of the README compile and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

pub mod clock;
pub mod dispatch;
pub mod io;
pub mod model;
pub mod plan;
pub mod problem;
pub mod rng;
pub mod score;
pub mod sim;
pub mod solve;
pub mod spatial;
#[cfg(test)]
mod testdata;
#[cfg(test)]
mod testworld;
pub mod travel;
pub mod units;
pub mod view;

pub use problem::Problem;
