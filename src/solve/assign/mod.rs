//! One-shot assignment as numbers only: rows (tickets) go to columns (engineer shifts) at the
//! least total cost. It knows nothing of the model: whoever calls it says what a cost means.
//!
//! [`solve`] is exact and returns prices that prove it, [`prove`] checks such a proof from
//! scratch, and [`greedy`] is the baseline that every dispatcher starts from.
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
