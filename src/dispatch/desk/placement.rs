//! Where a ticket goes in what is left of somebody's day, and what becomes of the rest of it.
//!
//! What that day is stands in `excerpt`.

use super::case::{Case, Phase};
use super::excerpt::{Excerpt, SOMEBODY};
use super::outcome::Holder;
use super::told::{Starts, soonest};
use crate::dispatch::Candidate;
use crate::dispatch::effect::candidate;
use crate::model::Issues;
use crate::plan::{Route, StopKind};
use crate::solve::route::{Arena, Insertion, Standing, timed_route};
use crate::units::{Instant, Seconds};

/// A ticket in somebody's day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placement {
    /// When, at what price, and why.
    pub(super) candidate: Candidate,
    /// How long he drives there.
    pub(super) travel: Seconds,
    /// When the work would be done.
    pub(super) end: Instant,
    /// His day with it.
    pub(super) day: Day,
    /// The visits of others that make room for it.
    pub(super) displaces: Vec<String>,
}

/// What is left of somebody's day, timed anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Day {
    /// His routes; one without stops where there were some before.
    pub(super) routes: Vec<Route>,
    /// The tickets that he cannot keep.
    pub(super) displaced: Vec<String>,
}

impl Placement {
    pub(super) fn holder(&self, against_rules: bool) -> Holder {
        Holder {
            engineer: self.candidate.engineer.clone(),
            shift: self.candidate.shift.clone(),
            against_rules,
        }
    }
}

impl<'s> Excerpt<'s> {
    /// The best place for a ticket; none where a rule stands in the way, or more customers would have to be called
    /// than may be.
    pub(super) fn place(self, case: &Case, against_rules: bool) -> Option<Placement> {
        let day = Excerpt { against_rules, ..self };
        // Who has it already comes when he was to come, unless that is too late and another time is not. To wait at the
        // door until then would be too late, too.
        let in_time = |it: &Placement| case.is_in_time(it.candidate.start);
        let as_told = day.place_as_told(case);
        if as_told.as_ref().is_some_and(in_time) {
            return as_told;
        }
        let anew = day.place_each(&[case]).pop().flatten();
        let is_needed = as_told.is_none() || anew.as_ref().is_some_and(in_time);
        if is_needed { anew } else { as_told }
    }

    /// The best place for a ticket that he has at the time that its customer was told.
    fn place_as_told(&self, case: &Case) -> Option<Placement> {
        let is_his = case.phase == Phase::Assigned
            && case.held_by_engineer() == Some(self.member.engineer.id.as_str());
        if !is_his || self.alone || self.calls.is_none() || case.is_emergency() {
            return None;
        }
        self.asking(&[case]).as_told(true, Excerpt::best_places).ok()?.pop()?
    }

    /// The best place for each of these tickets if it alone were added. His day is built once for all of them.
    pub(super) fn place_each(self, cases: &[&Case]) -> Vec<Option<Placement>> {
        match self.asking(cases).as_told(false, Excerpt::best_places) {
            Ok(placements) => {
                let pairs = cases.iter().zip(placements);
                pairs.map(|(case, placement)| self.or_calling(case, placement)).collect()
            }
            Err(_) if cases.len() <= 1 => vec![None; cases.len()],
            // One of them does not go into a world with him; the others may.
            Err(_) => {
                cases.iter().map(|case| self.clone().place(case, self.against_rules)).collect()
            }
        }
    }

    /// The same place, or one for which customers have to be called: where there is no other or none that an emergency
    /// reaches in time, and against the rules.
    fn or_calling(&self, case: &Case, placement: Option<Placement>) -> Option<Placement> {
        let is_bound = !case.is_emergency() && !self.against_rules;
        let most = self.calls.map_or(0, |calls| if is_bound { calls as usize } else { usize::MAX });
        let in_time = |it: &Placement| case.is_in_time(it.candidate.arrive);
        let is_good = |it: &Placement| !self.against_rules && (is_bound || in_time(it));
        if most == 0 || placement.as_ref().is_some_and(is_good) {
            return placement;
        }
        let cases = [case];
        let asking = self.asking(&cases);
        let kept = asking.as_told(false, |day, _, _, lost| (day.times.clone(), lost.to_vec()));
        let Ok((times, lost)) = kept else { return placement };
        let day = Excerpt { times, ..asking };
        let visits: Vec<&str> = day.times.iter().map(|(id, _)| *id).collect();
        if visits.is_empty() {
            return placement;
        }
        // Who comes later to one customer comes later to the next ones.
        let ways = visits.windows(most.min(visits.len()));
        let ways = ways.filter_map(|later| day.place_calling(later, &lost).ok()?);
        ways.min_by(|a, b| a.candidate.score().cmp(b.candidate.score())).or(placement)
    }

    /// The best place for the one ticket that is asked about where these visits may be later, as far as they must.
    fn place_calling(&self, later: &[&str], lost: &[String]) -> Result<Option<Placement>, Issues> {
        let late = self.clone().later(&|id| later.contains(&id));
        let with_it = late.standing(lost, |arena, standing, _| {
            let best = late.best_insertion(arena, standing, arena.ticket_count() - 1)?;
            let mut stops = standing.stops(best.s).to_vec();
            best.carry_out(&mut stops, arena.ticket_count());
            Some(soonest(arena, best.s, &stops))
        })?;
        let Some(soonest) = with_it else { return Ok(None) };
        let day = self.clone().including(&soonest);
        day.standing(lost, |arena, standing, displaced| {
            let lost = [lost, &displaced].concat();
            day.best_place(arena, standing, &lost, arena.ticket_count() - 1)
        })
    }

    /// The same, asked about these tickets.
    fn asking<'c>(&self, cases: &'c [&'c Case]) -> Excerpt<'c>
    where
        's: 'c,
    {
        let mut day: Excerpt<'c> = Excerpt { extra: cases, ..self.clone() };
        day.without.extend(cases.iter().map(|case| case.ticket.id.as_str()));
        day
    }

    /// Asks about his day with everybody visited as he was told; who cannot be is visited as soon as can be. Also those
    /// who are asked about, if they are to `keep` their times.
    fn as_told<R>(
        &self,
        keep: bool,
        ask: impl Fn(&Self, &Arena<'_>, &Standing, &[String]) -> R,
    ) -> Result<R, Issues> {
        let day = self.held(keep);
        let is_all = |lost: &[String]| lost.is_empty() || day.times.is_empty();
        let answer = day.standing(&[], |arena, standing, lost| {
            is_all(&lost).then(|| ask(&day, arena, standing, &lost))
        })?;
        if let Some(answer) = answer {
            return Ok(answer);
        }
        let (soonest, lost) = self.soonest()?;
        let day = day.including(&soonest);
        day.standing(&lost, |arena, standing, displaced| {
            ask(&day, arena, standing, &[lost.as_slice(), &displaced].concat())
        })
    }

    /// When each visit starts at the soonest, and the tickets that he cannot keep. Nobody is visited earlier than told
    /// only because something else is not to be done any more; he is where he could not be visited otherwise.
    fn soonest(&self) -> Result<(Starts, Vec<String>), Issues> {
        let ask = |day: &Self| {
            day.standing(&[], |arena, standing, lost| {
                let shifts = arena.problem.shift_indexes();
                let starts = shifts.flat_map(|s| soonest(arena, s, standing.stops(s)));
                (starts.collect::<Starts>(), lost)
            })
        };
        let mut day = self.held(false).later(&|_| true);
        let found = ask(&day)?;
        if found.1.is_empty() {
            return Ok(found);
        }
        day.times.retain(|(id, _)| found.1.iter().all(|lost| lost != id));
        let earlier = ask(&day)?;
        Ok(if earlier.1.len() < found.1.len() { earlier } else { found })
    }

    /// The same with the times that customers were told; of those who are asked about if they are to `keep` them.
    fn held(&self, keep: bool) -> Self {
        let mut times = self.told_times();
        if !keep {
            times.retain(|(id, _)| self.extra.iter().all(|case| case.ticket.id != *id));
        }
        Self { times, ..self.clone() }
    }

    /// Builds his day, but for visits that are lost already, and asks about his routes in it, timed; and about the tickets
    /// that they cannot keep.
    fn standing<R>(
        &self,
        lost: &[String],
        ask: impl FnOnce(&Arena<'_>, &Standing, Vec<String>) -> R,
    ) -> Result<R, Issues> {
        let (problem, mut plan) = self.build()?;
        for route in &mut plan.routes {
            route.stops.retain(|stop| stop.kind != StopKind::Visit || !lost.contains(&stop.id));
        }
        let arena = Arena::for_answers(&problem)?;
        let (standing, displaced) = Standing::of(&arena, Some(&plan));
        Ok(ask(&arena, &standing, displaced))
    }

    fn best_places(
        &self,
        arena: &Arena<'_>,
        standing: &Standing,
        displaced: &[String],
    ) -> Vec<Option<Placement>> {
        let count = arena.ticket_count();
        let asked = count - self.extra.len() as u32..count;
        asked.map(|t| self.best_place(arena, standing, displaced, t)).collect()
    }

    /// Asks for the best place of a ticket in his day without one or another choice of his visits, the others no earlier
    /// than their customers were told. His day is built once; those visits are in its world then, and on no route.
    pub(super) fn place_without<R>(
        self,
        case: &Case,
        ask: impl FnOnce(&dyn Fn(&[&'s str]) -> Option<Placement>) -> R,
    ) -> Result<R, Issues> {
        let (id, cases) = (case.ticket.id.as_str(), [case]);
        let day = self.asking(&cases).held(false).later(&|_| true);
        let (problem, plan) = day.build()?;
        let arena = Arena::for_answers(&problem)?;
        Ok(ask(&|without| {
            let mut plan = plan.clone();
            for route in &mut plan.routes {
                route.stops.retain(|stop| !without.contains(&stop.id.as_str()));
            }
            let (standing, displaced) = Standing::of(&arena, Some(&plan));
            let day = Excerpt { without: [without, &[id]].concat(), ..day.clone() };
            let t = problem.tickets.len() as u32 - 1;
            let placement = day.best_place(&arena, &standing, &displaced, t);
            debug_assert_eq!(placement, self.place_alone(case, without), "without {without:?}");
            placement
        }))
    }

    /// The cheapest way to put ticket `t` into his day.
    fn best_insertion(&self, arena: &Arena<'_>, standing: &Standing, t: u32) -> Option<Insertion> {
        let problem = arena.problem;
        let question = standing.question(arena, t);
        let his = problem.shift_indexes().filter(|&s| problem.engineer_id(s) != SOMEBODY);
        his.filter_map(|s| question.ask(s).best_insertion())
            .min_by_key(|insertion| (insertion.cost, insertion.s))
    }

    /// The best place for ticket `t`.
    fn best_place(
        &self,
        arena: &Arena<'_>,
        standing: &Standing,
        displaced: &[String],
        t: u32,
    ) -> Option<Placement> {
        let problem = arena.problem;
        let best = self.best_insertion(arena, standing, t)?;
        let candidate = candidate(&standing.question(arena, t).ask(best.s), &best);
        let mut routes = Vec::new();
        let (mut travel, mut end) = (Seconds::ZERO, candidate.start);
        for s in problem.shift_indexes() {
            let mut stops = standing.stops(s).to_vec();
            if s == best.s {
                best.carry_out(&mut stops, arena.ticket_count());
            }
            let route = timed_route(arena, s, &stops);
            if s == best.s
                && let Some(visit) = route
                    .stops
                    .iter()
                    .find(|stop| stop.kind == StopKind::Visit && stop.id == problem.ticket_id(t))
            {
                (travel, end) = (visit.travel, visit.end);
            }
            routes.push(route);
        }
        let day = self.day(routes, displaced.to_vec());
        Some(Placement { candidate, travel, end, day, displaces: Vec::new() })
    }

    /// The same for one choice of visits that are not his at all.
    fn place_alone(&self, case: &Case, without: &[&'s str]) -> Option<Placement> {
        let cases = [case];
        let day = without.iter().fold(self.clone(), |day, id| day.without(id));
        let day = day.asking(&cases).held(false).later(&|_| true);
        day.standing(&[], |arena, standing, lost| day.best_places(arena, standing, &lost))
            .ok()?
            .pop()?
    }

    /// The rest of his day, timed; as it was where there is no shift left to time.
    pub(super) fn time(self) -> Day {
        match self.timed() {
            Ok((routes, displaced)) => self.day(routes, displaced),
            // No shift is left, so nothing can be kept.
            Err(_) if self.shifts().is_empty() => {
                let visits = self.member.tickets().filter(|id| !self.without.contains(id));
                let displaced = visits.map(str::to_owned).collect();
                self.day(Vec::new(), displaced)
            }
            Err(_) => self.day(Vec::new(), Vec::new()),
        }
    }

    /// His routes from now on, and the tickets that they cannot keep.
    pub(super) fn timed(&self) -> Result<(Vec<Route>, Vec<String>), Issues> {
        self.as_told(false, |_, arena, standing, lost| {
            let shifts = arena.problem.shift_indexes();
            let routes = shifts.map(|s| timed_route(arena, s, standing.stops(s))).collect();
            (routes, lost.to_vec())
        })
    }

    /// Compares with the routes as they stand.
    fn day(&self, routes: Vec<Route>, displaced: Vec<String>) -> Day {
        let his = |route: &Route| route.engineer == self.member.engineer.id;
        let mut day = Day { routes: Vec::new(), displaced };
        let timed: Vec<String> = routes.iter().map(|route| route.shift.clone()).collect();
        day.routes.extend(routes.into_iter().filter(|route| {
            let old = self.member.routes.get(&route.shift);
            let is_empty = route.tickets().next().is_none();
            his(route) && old.map_or(!is_empty, |old| old != route)
        }));
        // A route whose shift is not in the excerpt has lost what is displaced.
        for (shift, old) in &self.member.routes {
            let gone = |id: &str| {
                self.without.contains(&id) || day.displaced.iter().any(|other| other == id)
            };
            if !timed.contains(shift) && old.tickets().any(gone) {
                let mut rest = old.clone();
                rest.stops.retain(|stop| stop.kind != StopKind::Visit || !gone(&stop.id));
                day.routes.push(rest);
            }
        }
        day
    }
}
