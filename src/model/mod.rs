//! What the caller describes: engineers, tickets, skills, regions, travel and what is wanted.
//!
//! Everything here is plain data with public fields and serde; nothing here decides anything. A
//! [`World`] is checked and made dense by [`Problem::build`](crate::Problem::build), which reports every fault at once.

mod agreement;
mod calendar;
mod date;
mod engineer;
mod graph;
mod issue;
mod objective;
mod part;
mod place;
mod region;
mod skill;
mod ticket;
mod traffic;
mod travel;
pub(crate) mod unique;
pub(crate) mod validate;
mod world;

pub use agreement::{Agreement, ClockKind, Commitment, Promise, Selector, Warn};
pub use calendar::{Calendar, LocalWindow, SpecialDay, WeekHours, Weekday};
pub use date::{Date, NotADate};
pub use engineer::{Break, Engineer, Shift};
pub use issue::{Code, Issue, Issues};
pub use objective::{Criterion, Level, Objective};
pub use part::{Depot, Kit, Needs};
pub use place::Place;
pub use region::{Region, RegionFit};
pub use skill::{Demand, OwnedSkill, SkillNeed};
pub use ticket::{LateStep, Lock, Ticket, Window};
pub use traffic::{TimeOfDay, Traffic};
pub use travel::{Arc, Profile, Road, RoadNode, TravelMode, TravelTable};
pub use world::World;
