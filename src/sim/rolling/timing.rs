//! When each stop of a planned route starts at the earliest and at the latest, and when one leaves for it.

use crate::model::{Ticket, Window};
use crate::plan::{Stop, StopKind};
use crate::units::{Instant, Seconds};

/// When an engineer leaves for his next stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// As soon as he can; he waits at the door.
    AtOnce,
    /// So that he need not wait at the door; he waits where he is.
    JustInTime,
    /// As late as the rest of his route allows.
    AtTheLatest,
}

/// The moments of one stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Times {
    /// When he is free to leave for it.
    free: Instant,
    travel: Seconds,
    /// The earliest start.
    pub earliest: Instant,
    /// The latest start from which the rest of the route can be kept.
    pub latest: Instant,
}

impl Leave {
    /// When he leaves for a stop with these times.
    pub(super) fn at(self, times: &Times) -> Instant {
        match self {
            Self::AtOnce => times.free,
            Self::JustInTime => before(times.earliest, times.travel),
            Self::AtTheLatest => before(times.latest.max(times.earliest), times.travel),
        }
    }
}

/// The times of these stops for somebody who is free from this moment on and is home by `end`.
pub(super) fn times(
    free: Instant,
    stops: &[Stop],
    home: Seconds,
    end: Instant,
    tickets: &[Ticket],
) -> Vec<Times> {
    let ticket = |stop: &Stop| {
        let visited = stop.kind == StopKind::Visit;
        tickets.iter().find(|ticket| visited && ticket.id == stop.id)
    };
    let mut times = Vec::with_capacity(stops.len());
    let mut now = free;
    for stop in stops {
        let earliest = opens(ticket(stop), now + stop.travel);
        times.push(Times { free: now, travel: stop.travel, earliest, latest: end });
        now = earliest + (stop.end - stop.start);
    }
    let mut next = before(end, home);
    for (stop, times) in stops.iter().zip(&mut times).rev() {
        let latest = before(next, stop.end - stop.start);
        times.latest = closes(ticket(stop), latest);
        next = before(times.latest, stop.travel);
    }
    times
}

fn before(moment: Instant, length: Seconds) -> Instant {
    Instant(moment.0 - length.0)
}

/// When work can start for somebody who is there at this moment.
pub(super) fn opens(ticket: Option<&Ticket>, there: Instant) -> Instant {
    let Some(ticket) = ticket else { return there };
    let there = ticket.release.map_or(there, |release| there.max(release));
    let open = ticket.windows.iter().filter(|window| there <= window.latest);
    open.map(|window| window.earliest.max(there)).min().unwrap_or(there)
}

/// The latest start of work up to this moment.
fn closes(ticket: Option<&Ticket>, latest: Instant) -> Instant {
    let windows: &[Window] = ticket.map_or(&[], |ticket| &ticket.windows);
    let open = windows.iter().filter(|window| window.earliest <= latest);
    open.map(|window| window.latest.min(latest)).max().unwrap_or(latest)
}
