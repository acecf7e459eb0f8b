//! Tickets that stay undone, and the rules that stand in the way.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A hard rule, in the order in which the rules are tried: the first that fails is the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// He lacks a skill, its level, or its certificate has run out; or has one that is ruled out.
    Skill,
    /// The ticket names the engineers it may go to, or excludes him.
    Engineer,
    /// The ticket is outside his regions and he may not be borrowed.
    Region,
    /// The region has borrowed as many visits as it may.
    BorrowCap,
    /// The plan has as many changes of what customers were told as it may.
    Changes,
    /// The ticket is locked to another shift, or to a rank that the route does not keep.
    Lock,
    /// The shift has as many visits as it may.
    MaxTickets,
    /// The load exceeds the shift's capacity.
    Capacity,
    /// His day has as many visits, or as much load, as it may over all his shifts.
    DayLimit,
    /// A tool or part is not on the van and cannot be fetched on the way.
    Parts,
    /// He cannot be there within any of the ticket's windows.
    Window,
    /// The shift would end too late.
    ShiftEnd,
    /// A break could not be taken in its window.
    Break,
    /// The route would take longer than its limit.
    MaxDuration,
    /// The route would be longer than its limit.
    MaxDistance,
    /// It fits nowhere into the route's times; which rule fails was not looked into (far shifts of
    /// large plans).
    Route,
    /// Nothing stands in the way.
    Fits,
}

/// A ticket on no route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Unassigned {
    /// Id of the ticket.
    pub ticket: String,
    /// For each rule the number of shifts in which it is the first to fail, given this plan. `fits`
    /// counts shifts that could still take it (a longer search, or a release of locks, would).
    #[serde(default)]
    pub reasons: BTreeMap<Rule, u32>,
}
