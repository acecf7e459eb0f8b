//! One ticket alone on a shift: what one-shot assignment prices.

use super::clock::Clock;
use super::state::State;
use crate::score::criteria::RouteFacts;

impl State<'_> {
    /// The route of shift `s` if ticket `t` were its only visit, a depot on the way included where
    /// parts or tools have to be fetched; `None` where some rule stands against it.
    ///
    /// Meant for a state in which the shift is empty.
    #[must_use]
    pub(crate) fn alone(&self, t: u32, s: u32) -> Option<RouteFacts> {
        debug_assert!(self.stops(s).is_empty());
        let mut stops = Vec::new();
        let insertion = self.best_insertion(t, s)?;
        insertion.carry_out(&mut stops, self.arena.ticket_count());
        let clock = Clock::new(self.arena, s);
        let mut here = clock.open();
        let mut start = here.time;
        for &stop in &stops {
            let step = clock.step(&here, stop, |_, _| {}).ok()?;
            if stop == t {
                start = step.start;
            }
            here = step.point;
        }
        let finish = clock.finish(&here, &stops).ok()?;
        Some(RouteFacts {
            shift: s,
            visits: vec![(t, start)],
            travel: finish.travel,
            distance: finish.meters,
            wait: finish.last.wait - finish.delay,
            depart: self.arena.problem.shifts[s as usize].start + finish.delay,
            end: finish.end,
        })
    }
}
