//! Routes where travel takes longer at some hours than at others.
//!
//! What is known about the rest of a route does not hold when it begins at another time, so every
//! question replays the whole route. As elsewhere the engineer goes as early as he can, and then leaves
//! as late as nothing that matters is changed: looking back from the end, each stop says how late it may start
//! without ending the route later, leaving its window or costing more for being late, and each way how late
//! it may be begun. From there the way is driven anew. Who leaves later never arrives earlier, so it leads to
//! starts between the early and the late ones, and to the same end.

use super::arena::Arena;
use super::clock::{Clock, Finish, Manner, Point};
use super::insert::Place;
use super::publish;
use super::tour::Gap;
use crate::plan::{Route, Rule, StopKind};
use crate::problem::{NEVER, NONE};
use crate::travel::Leg;
use crate::units::{Instant, Meters, Seconds};

/// Something he does: a stop, or a break where he stands.
#[derive(Clone, Copy, Debug)]
struct Act {
    /// The stop, or [`NONE`] for a break.
    stop: u32,
    site: u32,
    /// The way there.
    way: Leg,
    arrive: i64,
    start: i64,
    lasts: i64,
    /// The latest start that costs nothing more.
    latest: i64,
}

/// A whole route with the times of everything that happens on it.
#[derive(Debug)]
pub(super) struct Timetable {
    acts: Vec<Act>,
    depart: i64,
    home: Leg,
    pub(super) finish: Finish,
}

impl<M: Manner> Clock<'_, M> {
    /// The end of a route over these stops, given how it stands after the last one.
    ///
    /// # Errors
    /// The rule that cannot be kept.
    #[inline]
    pub fn finish(&self, last: &Point, stops: &[u32]) -> Result<Finish, Rule> {
        if self.arena.hourly {
            return self.timetable(stops.iter().copied()).map(|table| table.finish);
        }
        self.close(last, |_, _| {})
    }

    /// Times a whole route over these stops, the departure delayed. O(stops).
    ///
    /// # Errors
    /// The rule that cannot be kept.
    #[cold]
    #[inline(never)]
    pub(super) fn timetable(&self, stops: impl Iterator<Item = u32>) -> Result<Timetable, Rule> {
        let (arena, s) = (self.arena, self.s);
        let mut acts: Vec<Act> = Vec::with_capacity(16);
        let mut breaks = arena.problem.breaks(s).iter();
        let mut here = self.open();
        let mut pause = |acts: &mut Vec<Act>, site: u32, ready: i64, start: i64, end: i64| {
            let latest = breaks.next().map_or(start, |pause| pause.latest.max(start));
            let lasts = end - start;
            acts.push(Act {
                stop: NONE,
                site,
                way: Leg::NONE,
                arrive: ready,
                start,
                lasts,
                latest,
            });
        };
        for stop in stops {
            let mut ready = here.time;
            let step = self.step(&here, stop, |start, end| {
                pause(&mut acts, here.site, ready, start, end);
                ready = end;
            })?;
            let way = arena.leg_at(s, here.site, step.point.site, ready);
            let (arrive, start) = (step.arrive, step.start);
            let (site, lasts) = (step.point.site, step.point.time - start);
            let latest = self.latest_start(stop, start);
            acts.push(Act { stop, site, way, arrive, start, lasts, latest });
            here = step.point;
        }
        let mut ready = here.time;
        let finish = self.close(&here, |start, end| {
            pause(&mut acts, here.site, ready, start, end);
            ready = end;
        })?;
        let depart = arena.problem.shifts[s as usize].start;
        let mut table = Timetable { acts, depart, home: Leg::NONE, finish };
        self.delay(&mut table);
        if !M::FORGIVES
            && let Some((rule, _)) =
                self.excesses(&table.finish).into_iter().find(|&(_, excess)| excess > 0)
        {
            return Err(rule);
        }
        Ok(table)
    }

    /// How late a stop that starts at `start` could do so at no cost, in the window that it has.
    fn latest_start(&self, stop: u32, start: i64) -> i64 {
        let arena = self.arena;
        if stop >= arena.ticket_count() {
            return NEVER;
        }
        let windows = self.manner.windows(arena.problem, stop).iter();
        let mut open = windows.filter(|window| window.earliest <= start && start <= window.latest);
        let soft = arena.score.soft_latest(arena.problem, stop).max(start);
        open.next().map_or(start, |window| window.latest.min(soft))
    }

    /// Delays the departure and drives anew from there.
    fn delay(&self, table: &mut Timetable) {
        let (arena, s) = (self.arena, self.s);
        let shift = &arena.problem.shifts[s as usize];
        let last = table.acts.last().map_or(shift.from, |act| act.site);
        let mut leave = arena.latest_departure(s, last, shift.to, table.finish.end);
        for (n, act) in table.acts.iter().enumerate().rev() {
            let start = (leave - act.lasts).min(act.latest);
            let before = n.checked_sub(1).map_or(shift.from, |before| table.acts[before].site);
            let is_break = act.stop == NONE;
            leave =
                if is_break { start } else { arena.latest_departure(s, before, act.site, start) };
        }
        let (mut here, mut now, mut travel) = (shift.from, leave, 0);
        for act in &mut table.acts {
            if act.stop != NONE {
                act.way = arena.leg_at(s, here, act.site, now);
                here = act.site;
            }
            travel += act.way.seconds;
            act.arrive = now + act.way.seconds;
            act.start = act.start.max(act.arrive);
            now = act.start + act.lasts;
        }
        table.home = arena.leg_at(s, here, shift.to, now);
        travel += table.home.seconds;
        debug_assert_eq!(now + table.home.seconds, table.finish.end, "a delay changes no end");
        debug_assert!(leave >= shift.start, "what is early can be kept late");
        table.depart = leave;
        // The waiting that is left is what neither work nor travel takes of the time he is out.
        let finish = &mut table.finish;
        finish.last.wait += finish.travel - travel;
        (finish.travel, finish.delay) = (travel, leave - shift.start);
    }
}

impl Place<'_> {
    /// The cost with the ticket at this position, if it fits and is below `bound`.
    #[cold]
    #[inline(never)]
    pub(super) fn cost_by_hour(
        &self,
        position: usize,
        onward: Leg,
        gap: &Gap,
        bound: i128,
    ) -> Option<i128> {
        let step = self.clock.step(&self.tour.points[position], self.t, |_, _| {}).ok()?;
        if step.point.time + onward.seconds > gap.latest && !self.renews(gap) {
            return None;
        }
        let (before, after) = self.tour.stops.split_at(position);
        let with = before.iter().chain([&self.t]).chain(after).copied();
        self.cost_of_day(with, bound)
    }

    /// The cost of the route as timed over these stops, if it can be kept for less than `bound`.
    #[cold]
    #[inline(never)]
    pub(super) fn cost_of_day(
        &self,
        stops: impl Iterator<Item = u32>,
        bound: i128,
    ) -> Option<i128> {
        self.risen(&self.clock.timetable(stops).ok()?.finish, bound)
    }
}

/// The route of shift `s` over these stops, which must fit.
pub(super) fn timed_route(arena: &Arena<'_>, s: u32, sequence: &[u32]) -> Route {
    let problem = arena.problem;
    let table = Clock::new(arena, s).timetable(sequence.iter().copied()).ok();
    let start = problem.shifts[s as usize].start;
    let acts = table.iter().flat_map(|table| &table.acts);
    let stops = acts.map(|act| {
        let kind = match act.stop {
            NONE => StopKind::Break,
            stop if stop < arena.ticket_count() => StopKind::Visit,
            _ => StopKind::Depot,
        };
        let id = if act.stop == NONE { String::new() } else { publish::stop_id(problem, act.stop) };
        crate::plan::Stop {
            kind,
            id,
            travel: Seconds(act.way.seconds),
            distance: Meters(act.way.meters),
            arrive: Instant(act.arrive),
            start: Instant(act.start),
            end: Instant(act.start + act.lasts),
        }
    });
    let home = table.as_ref().map_or(Leg::NONE, |table| table.home);
    Route {
        engineer: problem.engineer_id(s).to_owned(),
        shift: problem.shift_id(s),
        depart: Instant(table.as_ref().map_or(start, |table| table.depart)),
        stops: stops.collect(),
        travel_home: Seconds(home.seconds),
        distance_home: Meters(home.meters),
        end: Instant(table.as_ref().map_or(start, |table| table.finish.end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Problem;
    use crate::model::Traffic;
    use crate::rng::Rng;
    use crate::solve::route::{Edit, State};
    use crate::testworld;

    /// The end of the route if he leaves at `depart`; `None` where some stop would start too late.
    fn driven(clock: &Clock<'_>, table: &Timetable, depart: i64) -> Option<i64> {
        let shift = &clock.arena.problem.shifts[clock.s as usize];
        let (mut here, mut now) = (shift.from, depart);
        for act in &table.acts {
            if act.stop != NONE {
                now += clock.arena.leg_at(clock.s, here, act.site, now).seconds;
                here = act.site;
            }
            // A start that nobody waits for is that of the timetable or later.
            now = now.max(act.start);
            if now > act.latest {
                return None;
            }
            now += act.lasts;
        }
        Some(now + clock.arena.leg_at(clock.s, here, shift.to, now).seconds)
    }

    #[test]
    fn a_second_later_would_change_what_matters() {
        let mut delayed = 0;
        for seed in 0..300 {
            let mut world = testworld::random(seed);
            let rng = &mut Rng::new(seed, 5);
            world.traffic = vec![Traffic { profile: None, speeds: testworld::speeds(rng) }];
            let problem = Problem::build(world).expect("sound");
            let arena = Arena::new(&problem).expect("scores fit");
            let mut state = State::empty(&arena);
            for t in problem.ticket_indexes() {
                let found = problem.shift_indexes().find_map(|s| state.best_insertion(t, s));
                found.map(|found| state.apply(&Edit::Insert(found)));
            }
            for s in problem.shift_indexes().filter(|&s| !state.stops(s).is_empty()) {
                let clock = Clock::new(&arena, s);
                let table = clock.timetable(state.stops(s).iter().copied()).expect("it is kept");
                assert_eq!(driven(&clock, &table, table.depart), Some(table.finish.end));
                let later = driven(&clock, &table, table.depart + 1);
                assert!(later.is_none_or(|end| end > table.finish.end), "seed {seed}, shift {s}");
                delayed += i32::from(table.finish.delay > 0);
            }
        }
        assert!(delayed > 50, "{delayed}");
    }
}
