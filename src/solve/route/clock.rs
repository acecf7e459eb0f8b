//! When things happen on a route: the one place that knows how a shift passes.
//!
//! An engineer goes as early as he can; each visit takes the first window that he reaches; then his
//! departure is delayed as far as the waiting on the way allows without making anything later
//! (forward time slack, Savelsbergh 1992). A break is taken before driving on: as soon as its
//! window is open, or, when the next visit would outlast the window, by waiting for it.
//!
//! Searches use a strict clock, which stops at the first rule that cannot be kept. Answers to people
//! use a forgiving one, which goes on and tells by how much the rule is missed: it shows the route as
//! it would pass if that much were granted.

use super::arena::Arena;
use crate::model::Criterion;
use crate::plan::Rule;
use crate::problem::{NEVER, NONE, Problem, Span};
use crate::score::criteria::square_minutes;

/// A route up to some stop: what has to be known to go on from there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Where he is.
    pub site: u32,
    /// How many breaks he has had.
    pub breaks: u32,
    /// When he is ready to leave, going as early as he can.
    pub time: i64,
    /// Waiting so far.
    pub wait: i64,
    /// How much later he could have departed without making a stop late or later than it costs
    /// nothing, beyond what waiting absorbs.
    pub slack: i64,
    /// Travel so far, in seconds.
    pub travel: i64,
    /// Travel so far, in metres.
    pub meters: i64,
    /// Lateness so far.
    pub late: i64,
    /// Time short of the comfortable margin so far.
    pub short: i64,
    /// Packed cost of penalties and of starts outside preferred windows so far.
    pub extra: i128,
}

/// A whole route, timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finish {
    /// The last stop.
    pub last: Point,
    /// Travel in all, in seconds.
    pub travel: i64,
    /// Travel in all, in metres.
    pub meters: i64,
    /// When he is done and back.
    pub end: i64,
    /// How far his departure is delayed.
    pub delay: i64,
}

/// What happens between one stop and the next.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The state after the stop.
    pub point: Point,
    /// When he gets there.
    pub arrive: i64,
    /// When the stop itself starts.
    pub start: i64,
    /// How long its last window had been closed by then; not zero on a forgiving clock only.
    pub late: i64,
}

/// What a clock does where a window has closed or a break is overdue.
pub trait Manner {
    /// Does it go on?
    const FORGIVES: bool;

    /// The moments at which work on ticket `t` may start.
    fn windows<'w>(&'w self, problem: &'w Problem, t: u32) -> &'w [Span];
}

/// Stops at the first rule that cannot be kept.
#[derive(Clone, Copy, Debug)]
pub struct Strict;

impl Manner for Strict {
    const FORGIVES: bool = false;

    #[inline]
    fn windows<'w>(&'w self, problem: &'w Problem, t: u32) -> &'w [Span] {
        problem.windows(t)
    }
}

/// Goes on, and sees one ticket with windows of its own.
#[derive(Clone, Copy, Debug)]
pub struct Forgiving<'w> {
    /// The ticket.
    pub t: u32,
    /// The moments at which work on it may start; there is at least one.
    pub windows: &'w [Span],
}

impl Manner for Forgiving<'_> {
    const FORGIVES: bool = true;

    fn windows<'w>(&'w self, problem: &'w Problem, t: u32) -> &'w [Span] {
        if t == self.t { self.windows } else { problem.windows(t) }
    }
}

/// The clock of one shift.
#[derive(Clone, Copy, Debug)]
pub struct Clock<'a, M = Strict> {
    pub(super) arena: &'a Arena<'a>,
    pub(super) s: u32,
    pub(super) manner: M,
}

impl<'a> Clock<'a> {
    /// The strict clock of shift `s`.
    #[must_use]
    pub fn new(arena: &'a Arena<'a>, s: u32) -> Self {
        Self { arena, s, manner: Strict }
    }
}

impl<'a, M: Manner> Clock<'a, M> {
    /// The clock of shift `s` in this manner.
    #[must_use]
    pub fn with(arena: &'a Arena<'a>, s: u32, manner: M) -> Self {
        Self { arena, s, manner }
    }

    /// The start of the shift.
    #[must_use]
    pub fn open(&self) -> Point {
        let shift = &self.arena.problem.shifts[self.s as usize];
        Point {
            site: shift.from,
            breaks: 0,
            time: shift.start,
            wait: 0,
            slack: NEVER,
            travel: 0,
            meters: 0,
            late: 0,
            short: 0,
            extra: 0,
        }
    }

    /// Goes on to a stop, taking the breaks that come first; `on_break(start, end)` sees each.
    ///
    /// # Errors
    /// The rule that cannot be kept.
    #[inline]
    pub fn step(
        &self,
        from: &Point,
        stop: u32,
        mut on_break: impl FnMut(i64, i64),
    ) -> Result<Step, Rule> {
        let mut here = *from;
        let breaks = self.arena.problem.breaks(self.s);
        while let Some(pause) = breaks.get(here.breaks as usize) {
            let without = self.visit(&here, stop);
            let fits_before = without.as_ref().is_ok_and(|step| step.point.time <= pause.latest);
            if here.time < pause.earliest && fits_before {
                return without;
            }
            let rested = self.pause(&here)?;
            if fits_before && is_kept(&without) && !is_kept(&self.visit(&rested, stop)) {
                return without;
            }
            on_break(rested.time - pause.duration, rested.time);
            here = rested;
        }
        self.visit(&here, stop)
    }

    /// Takes the next break where he stands.
    fn pause(&self, from: &Point) -> Result<Point, Rule> {
        let pause = self.arena.problem.breaks(self.s)[from.breaks as usize];
        let start = from.time.max(pause.earliest);
        if start > pause.latest && !M::FORGIVES {
            return Err(Rule::Break);
        }
        let wait = from.wait + start - from.time;
        Ok(Point {
            breaks: from.breaks + 1,
            time: start + pause.duration,
            wait,
            slack: from.slack.min(wait + (pause.latest - start).max(0)),
            ..*from
        })
    }

    /// Drives to a stop and does what is to be done there.
    #[inline]
    fn visit(&self, from: &Point, stop: u32) -> Result<Step, Rule> {
        let problem = self.arena.problem;
        let site = self.arena.site_of(stop);
        let leg = self.arena.leg_at(self.s, from.site, site, from.time);
        let arrive = from.time + leg.seconds;
        let mut point = Point {
            site,
            breaks: from.breaks,
            time: arrive,
            wait: from.wait,
            slack: from.slack,
            travel: from.travel + leg.seconds,
            meters: from.meters + leg.meters,
            late: from.late,
            short: from.short,
            extra: from.extra,
        };
        if let Some(depot) = stop.checked_sub(self.arena.ticket_count()) {
            point.time += problem.depots[depot as usize].service;
            return Ok(Step { point, arrive, start: arrive, late: 0 });
        }
        let windows = self.manner.windows(problem, stop);
        let (window, late) = match (reachable(windows, arrive), windows.last()) {
            (Some(window), _) => (*window, 0),
            (None, Some(last)) if M::FORGIVES => {
                (Span { earliest: arrive, latest: arrive }, arrive - last.latest)
            }
            _ => return Err(Rule::Window),
        };
        let start = arrive.max(window.earliest);
        let due = problem.tickets[stop as usize].due;
        let soft = self.arena.score.soft_latest(problem, stop);
        point.time = start + problem.service(stop, self.s) + problem.setup(stop, from.site);
        point.wait += start - arrive;
        point.slack = point.slack.min(point.wait + window.latest.min(soft.max(start)) - start);
        point.late += (start - due).max(0);
        point.short += self.arena.score.shortness(due, start);
        if self.arena.score.extra {
            point.extra += self.arena.score.extra_cost(problem, stop, start);
        }
        Ok(Step { point, arrive, start, late })
    }

    /// Takes the breaks that are left and goes home; `on_break(start, end)` sees each.
    ///
    /// # Errors
    /// The rule that cannot be kept.
    pub fn close(&self, last: &Point, mut on_break: impl FnMut(i64, i64)) -> Result<Finish, Rule> {
        let shift = &self.arena.problem.shifts[self.s as usize];
        let mut here = *last;
        while let Some(pause) = self.arena.problem.breaks(self.s).get(here.breaks as usize) {
            here = self.pause(&here)?;
            on_break(here.time - pause.duration, here.time);
        }
        let leg = self.arena.leg_at(self.s, here.site, shift.to, here.time);
        // Where the hour matters, the timetable finds the delay, and then looks at the limits.
        let hourly = self.arena.hourly;
        let finish = Finish {
            last: here,
            travel: here.travel + leg.seconds,
            meters: here.meters + leg.meters,
            end: here.time + leg.seconds,
            delay: if hourly { 0 } else { here.slack.min(here.wait).max(0) },
        };
        if !M::FORGIVES && !hourly {
            for (rule, excess) in self.excesses(&finish) {
                if excess > 0 {
                    return Err(rule);
                }
            }
        }
        Ok(finish)
    }

    /// By how much a timed route goes beyond each limit of its shift; not above zero where it is kept.
    #[must_use]
    #[inline]
    pub fn excesses(&self, finish: &Finish) -> [(Rule, i64); 3] {
        let shift = &self.arena.problem.shifts[self.s as usize];
        let duration = finish.end - shift.start - finish.delay;
        [
            (Rule::ShiftEnd, finish.end - shift.end),
            (Rule::MaxDuration, duration - shift.max_duration),
            (Rule::MaxDistance, finish.meters - shift.max_distance),
        ]
    }

    /// The packed cost of a timed route, without what depends on its tickets and their number.
    #[must_use]
    #[inline]
    pub fn cost(&self, finish: &Finish) -> i128 {
        let mut cost = self.arena.travel_cost(finish.travel, finish.meters);
        let score = &self.arena.score;
        if score.timed {
            let depart = self.arena.problem.shifts[self.s as usize].start + finish.delay;
            let weigh = |criterion, measure: i64| score.weight(criterion) * i128::from(measure);
            cost += self.charged(&finish.last)
                + weigh(Criterion::Work, finish.end - depart)
                + weigh(Criterion::Wait, finish.last.wait - finish.delay)
                + weigh(Criterion::Overtime, self.overtime(finish.end));
            if score.balanced {
                cost += score.weight(Criterion::Balance)
                    * square_minutes(self.arena.problem, self.s, finish.end - depart);
            }
        }
        cost
    }

    /// What of this cost a stop more could save at most: lateness, waiting, overtime.
    #[must_use]
    pub fn savable(&self, finish: &Finish) -> i128 {
        let score = &self.arena.score;
        if !score.timed {
            return 0;
        }
        let weigh = |criterion, measure: i64| score.weight(criterion) * i128::from(measure);
        let idle = finish.last.wait - finish.delay;
        self.charged(&finish.last)
            + weigh(Criterion::Overtime, self.overtime(finish.end))
            + weigh(Criterion::Work, idle)
            + weigh(Criterion::Wait, idle)
    }

    /// What a route has cost up to some point for lateness, penalties and starts outside preferred windows; it
    /// never falls from stop to stop.
    #[must_use]
    #[inline]
    pub fn charged(&self, here: &Point) -> i128 {
        let score = &self.arena.score;
        here.extra
            + score.weight(Criterion::Lateness) * i128::from(here.late)
            + score.weight(Criterion::Slack) * i128::from(here.short)
    }

    /// Seconds of overtime of a route that ends at `end`.
    #[must_use]
    #[inline]
    pub fn overtime(&self, end: i64) -> i64 {
        (end - self.arena.problem.shifts[self.s as usize].regular_end).max(0)
    }

    /// The latest arrival at `stop` from which the rest of the route can be kept, breaks aside, when
    /// the next stop must be reached by `next_latest` and work and way there take `lasts`.
    #[must_use]
    pub fn latest(&self, stop: u32, lasts: i64, next_latest: i64) -> i64 {
        let start = next_latest - lasts;
        if stop >= self.arena.ticket_count() {
            return start;
        }
        let mut windows = self.arena.problem.windows(stop).iter().rev();
        let open = windows.find(|window| window.earliest <= start);
        open.map_or(-NEVER, |window| start.min(window.latest))
    }

    /// Seconds of set-up at a stop for somebody who comes from site `from`.
    #[must_use]
    #[inline]
    pub fn setup(&self, stop: u32, from: u32) -> i64 {
        if stop < self.arena.ticket_count() { self.arena.problem.setup(stop, from) } else { 0 }
    }

    /// Seconds that a stop takes, set-up aside.
    #[must_use]
    pub fn service(&self, stop: u32) -> i64 {
        let problem = self.arena.problem;
        match stop.checked_sub(self.arena.ticket_count()) {
            None => problem.service(stop, self.s),
            Some(depot) => problem.depots[depot as usize].service,
        }
    }

    /// Seconds of the breaks that are still to be taken after so many.
    #[must_use]
    #[inline]
    pub fn pauses_after(&self, taken: u32) -> i64 {
        self.arena.problem.breaks(self.s)[taken as usize..].iter().map(|p| p.duration).sum()
    }

    /// Where the shift ends, or [`NONE`].
    #[must_use]
    pub fn home(&self) -> u32 {
        let to = self.arena.problem.shifts[self.s as usize].to;
        debug_assert!(to == NONE || (to as usize) < self.arena.problem.places.len());
        to
    }
}

/// True when a step keeps every rule.
#[inline]
fn is_kept(step: &Result<Step, Rule>) -> bool {
    step.as_ref().is_ok_and(|step| step.late == 0)
}

/// The first window that is still open on arrival.
#[inline]
pub(super) fn reachable(windows: &[Span], arrive: i64) -> Option<&Span> {
    windows.iter().find(|window| arrive <= window.latest)
}
