//! When an engineer leaves for his next stop, and when the work there starts.

use crate::model::Ticket;
use crate::units::{Instant, Seconds};

/// When an engineer leaves for his next stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// As soon as he can; he waits at the door.
    AtOnce,
    /// So that he need not wait at the door: until then he stays where he is, and can still be sent
    /// elsewhere.
    JustInTime,
}

impl Leave {
    /// When he leaves for the visit of a ticket, or for a depot, which is always open.
    pub(super) fn at(self, free: Instant, travel: Seconds, ticket: Option<&Ticket>) -> Instant {
        match self {
            Self::AtOnce => free,
            Self::JustInTime => Instant(opens(ticket, free + travel).0 - travel.0),
        }
    }
}

/// When work can start for somebody who is there at this moment.
pub(super) fn opens(ticket: Option<&Ticket>, there: Instant) -> Instant {
    let Some(ticket) = ticket else { return there };
    let there = ticket.release.map_or(there, |release| there.max(release));
    let open = ticket.windows.iter().filter(|window| there <= window.latest);
    open.map(|window| window.earliest.max(there)).min().unwrap_or(there)
}
