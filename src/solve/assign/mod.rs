//! One-shot assignment: many tickets to many engineers' shifts at once, without an order of visits.
//!
//! [`assign`] takes a whole problem: it prices every pair of ticket and shift as a route with that
//! single visit, assigns at the least total cost under [`Sides`], and says what the answer is
//! proven to be worth ([`Bound`]) and what more capacity would save ([`Worth`]).
//!
//! ```
//! use fieldwright::Problem;
//! use fieldwright::model::{Engineer, Place, Ticket, TravelMode, World};
//! use fieldwright::solve::assign::{AssignOptions, assign};
//! use fieldwright::units::{Instant, Seconds};
//!
//! let mut world = World::new(TravelMode::car(36_000));
//! for (id, lon) in [("ada", 13.40), ("bob", 13.45)] {
//!     let base = Place::at(52.52, lon);
//!     world.engineers.push(Engineer::new(id, base, Instant(0), Instant(28_800)));
//! }
//! for (id, lon) in [("near ada", 13.41), ("between", 13.42)] {
//!     world.tickets.push(Ticket::new(id, Place::at(52.52, lon), Seconds(1_800)));
//! }
//! let problem = Problem::build(world)?;
//! let options = AssignOptions { per_shift: Some(1), ..AssignOptions::default() };
//! let assignment = assign(&problem, &options)?;
//! assert!(assignment.bound.is_some_and(|bound| bound.is_optimal()));
//! assert_eq!(assignment.pairs[1].engineer, "bob"); // ada is nearer, but she has only one slot
//! # Ok::<(), fieldwright::model::Issues>(())
//! ```
//!
//! Below it stand numbers only, which know nothing of the model. [`solve`] assigns rows to columns
//! exactly and returns prices that prove it, [`prove`] checks such a proof from scratch, and
//! [`greedy`] is the baseline that every dispatcher starts from. A [`Model`] adds side
//! constraints: what each arc uses up of limited stocks, and a price on the fullest column.
//!
//! ```
//! use fieldwright::solve::assign::{Arcs, Instance, greedy, prove, solve};
//! // Two tickets want shift 0; the second one can hardly go anywhere else.
//! let mut arcs = Arcs::builder(2);
//! arcs.row([(0, 4), (1, 5)])?;
//! arcs.row([(0, 6), (1, 90)])?;
//! let arcs = arcs.build();
//! let must = arcs.must_serve();
//! let instance = Instance::new(arcs, vec![1, 1], vec![must; 2])?;
//!
//! let best = solve(&instance, None);
//! assert_eq!((best.cost, &best.column_of[..]), (11, &[Some(1), Some(0)][..]));
//! assert_eq!(prove(&instance, &best), Ok(()));
//! assert_eq!(greedy(&instance).cost, 94);
//! # Ok::<(), fieldwright::solve::assign::Invalid>(())
//! ```
mod anneal;
mod answer;
mod arcs;
mod arcs_of;
mod auction;
mod branch;
mod exact;
mod fold;
#[cfg(test)]
mod gap;
mod greedy;
#[cfg(feature = "lp")]
mod lp;
mod narrow;
mod one_shot;
mod paths;
mod proof;
mod relax;
mod repair;
mod seats;
#[cfg(test)]
mod side_tests;
mod sides;
#[cfg(test)]
mod tests;
mod told;
#[cfg(test)]
mod world_tests;
mod worth;

pub use answer::{Answer, Effort};
pub use arcs::{Arcs, ArcsBuilder, Instance, Invalid};
pub use exact::{Matching, Prices, solve};
pub use greedy::{Picks, greedy};
pub use one_shot::{AssignOptions, Assignment, Bound, Method, Pair, Sides, assign};
pub use proof::{NotOptimal, prove};
pub use sides::{Broken, Misfit, Model};
pub use worth::{HireWorth, Saving, ShiftWorth, StockWorth, Worth};
