//! Route planning: who visits whom in what order.
//!
//! [`Arena`] holds what a search reads (flat tables, neighbours), [`State`] what it changes. Routes
//! are timed by [`clock`] alone; every change of a plan goes through [`State::apply`], which
//! re-derives the cost and, in debug builds, asserts the delta that the move promised.
//! A problem without breaks, fetched parts and time-dependent costs runs the fast path
//! of `insert`; the others pay for what they use.

mod accept;
mod admission;
mod alone;
mod arena;
mod ask;
mod bare;
mod best;
mod bound;
mod candidates;
pub mod clock;
mod days;
mod fetch;
mod hourly;
mod insert;
mod island;
mod leash;
mod legs;
mod levy;
#[cfg(test)]
mod levy_tests;
mod memo;
mod obstacle;
mod parts;
mod pieces;
#[cfg(test)]
mod price_tests;
mod publish;
mod race;
mod recreate;
mod regret;
mod ruin;
mod search;
mod standing;
mod state;
#[cfg(test)]
mod tests;
mod tour;
mod turns;

pub use arena::Arena;
pub use bound::{Bound, BoundOptions, BoundProgress, bound};
pub(crate) use candidates::{is_plane, point};
pub use insert::Insertion;
pub use obstacle::Obstacle;
pub use search::{Options, Outcome, THREADS_MAX, plan, time};
pub use state::{Edit, State};

pub(crate) use ask::Ask;
pub(crate) use obstacle::{Late, Misfit};
pub(crate) use publish::{facts, timed_route};
pub(crate) use standing::{Question, Standing};
