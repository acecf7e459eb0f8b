//! What customers were told: when each of them may be visited so that nobody has to be called.
//!
//! What was told holds in an excerpt like a window of the ticket, so it needs no other rule. Whom that is asked of, and who
//! may come later, is said in `placement`.

use super::excerpt::Excerpt;
use crate::model::{Ticket, Window};
use crate::plan::StopKind;
use crate::solve::route::Arena;
use crate::solve::route::clock::Clock;
use crate::units::{Instant, LIMIT, Seconds};

/// When work starts on tickets.
pub(super) type Starts = Vec<(String, Instant)>;

/// The times at which work may start so that somebody who was told this one need not be called.
pub(super) fn around(told: Instant, tolerance: Seconds) -> Window {
    let within = |at: i64| Instant(at.clamp(-LIMIT, LIMIT));
    Window::new(within(told.0 - tolerance.0), within(told.0 + tolerance.0))
}

/// Work on this ticket starts within these times; false, and nothing changes, when it may start at none of them.
pub(super) fn hold(ticket: &mut Ticket, times: Window) -> bool {
    let meet = |a: &Window, b: &Window| a.earliest <= b.latest && b.earliest <= a.latest;
    let earliest = ticket.release.map_or(times.earliest, |release| release.max(times.earliest));
    let locked = ticket.lock.as_ref().and_then(|lock| lock.start);
    let times = Window { earliest, ..times };
    let allows = |window: &Window| meet(window, &times);
    let is_open = ticket.windows.is_empty() || ticket.windows.iter().any(allows);
    let is_locked_elsewhere = locked.is_some_and(|at| !allows(&Window::new(at, at)));
    if times.latest < earliest || !is_open || is_locked_elsewhere {
        return false;
    }
    let windows = &mut ticket.windows;
    if windows.is_empty() {
        windows.push(times);
    }
    windows.retain(allows);
    for window in &mut *windows {
        window.earliest = window.earliest.max(times.earliest);
        window.latest = window.latest.min(times.latest);
    }
    ticket.preferred_windows.retain(|wanted| windows.iter().any(|window| meet(window, wanted)));
    true
}

impl<'s> Excerpt<'s> {
    /// When work may start on each visit that he has so that its customer need not be called; as it stands in any
    /// case. None at all where what was told binds nobody.
    pub(super) fn told_times(&self) -> Vec<(&'s str, Window)> {
        if self.calls.is_none() {
            return Vec::new();
        }
        let stops = self.member.routes.values().flat_map(|route| &route.stops);
        let visits = stops.filter(|stop| stop.kind == StopKind::Visit);
        let times = visits.map(|stop| {
            let (id, start) = (stop.id.as_str(), stop.start);
            let told = self.state.case(id).and_then(|case| case.told.as_ref());
            let told = told.map_or(start, |told| told.start);
            (id, including(around(told, self.state.policy.tolerance), start))
        });
        times.collect()
    }

    /// The same where some visits may be later, and none earlier.
    pub(super) fn later(mut self, may_be: &dyn Fn(&str) -> bool) -> Self {
        let later = self.times.iter_mut().filter(|(id, _)| may_be(id));
        later.for_each(|(_, times)| times.latest = Instant(LIMIT));
        self
    }

    /// The same where visits may also start then.
    pub(super) fn including(mut self, starts: &[(String, Instant)]) -> Self {
        for (id, times) in &mut self.times {
            let start = starts.iter().find(|(other, _)| other == id);
            *times = start.map_or(*times, |(_, start)| including(*times, *start));
        }
        self
    }
}

/// These times, and as much more as is needed for this one to be among them.
fn including(times: Window, start: Instant) -> Window {
    Window::new(times.earliest.min(start), times.latest.max(start))
}

/// When each visit of these stops starts at the soonest. A timed route may be later: he stays at home as long as he can, if
/// he would have to wait on the way.
pub(super) fn soonest(arena: &Arena<'_>, s: u32, stops: &[u32]) -> Starts {
    let clock = Clock::new(arena, s);
    let mut here = clock.open();
    let steps = stops.iter().map_while(|&stop| {
        let step = clock.step(&here, stop, |_, _| {}).ok()?;
        here = step.point;
        Some((stop, Instant(step.start)))
    });
    let visits = steps.filter(|(stop, _)| *stop < arena.ticket_count());
    visits.map(|(t, start)| (arena.problem.ticket_id(t).to_owned(), start)).collect()
}
