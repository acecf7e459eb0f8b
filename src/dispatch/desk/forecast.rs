//! Which promises the plan as it stands will keep, and which it will not.

use super::Desk;
use super::case::{Case, Phase};
use super::chances::{Chance, Chances};
use super::look::Look;
use super::member::Member;
use super::timer::{PROMISED, Timer, TimerKind, TimerState};
use super::visit::work_time;
use crate::plan::{Stop, StopKind};
use crate::units::{Instant, Seconds};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// A promise to a customer, and what the plan makes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forecast {
    /// Id of the ticket.
    pub ticket: String,
    /// What was promised: dispatch, arrival or resolution.
    pub promise: TimerKind,
    /// When it runs out.
    pub due: Instant,
    /// How it stands.
    pub risk: Risk,
    /// The engineer who has the ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engineer: Option<String>,
    /// When he would be at the door, or done, by the plan timed anew from now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<Instant>,
    /// How much time is left between the two; negative when the promise will be broken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slack: Option<Seconds>,
    /// Where nobody has it: until when somebody who accepts can still be there in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest_accept: Option<Instant>,
}

/// How a promise stands, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// It has run out.
    Breached,
    /// By the plan it will run out.
    Breach,
    /// Nobody has it, and nobody who could be asked now keeps it any more.
    OutOfReach,
    /// By the plan it is kept with no more than the margin of the policy to spare, or after a warning.
    Near,
    /// Nobody has it yet, and there is time.
    Unplanned,
    /// By the plan it is kept.
    Kept,
}

impl Desk {
    /// What becomes of every promise that runs, if nothing else happens: the worst first, then what is due first.
    ///
    /// Changes nothing. Every engineer with something to do is timed anew from this moment, and for every ticket
    /// that nobody has the engineers are looked at as for an offer; where nobody at work has the skills, that is
    /// told at once.
    ///
    /// Runs on the threads of the current rayon pool, with the same result on any number, and copies nothing of the desk. It
    /// costs O(n log n) in visits and promises, and O(s + log n) for each ticket that nobody has, with a shortlist of
    /// `s` engineers: some ten microseconds a visit, a tenth of a millisecond or two a ticket. A ticket that somebody has
    /// the skills for and nobody of its shortlist the time costs a look at everybody who is qualified.
    ///
    /// ```
    /// use fieldwright::dispatch::desk::{Actor, Command, Desk, OfferPolicy, Risk};
    /// use fieldwright::model::{Engineer, Place, Ticket, TravelMode, World};
    /// use fieldwright::units::{Instant, Seconds};
    ///
    /// let mut world = World::new(TravelMode::car(36_000));
    /// world.engineers.push(Engineer::new("ada", Place::at(52.5, 13.4), Instant(0), Instant(36_000)));
    /// let (mut desk, _) = Desk::open(Instant(0), &world, OfferPolicy::default())?;
    /// let mut leak = Ticket::new("leak", Place::at(52.51, 13.42), Seconds(3_600));
    /// leak.due = Some(Instant(7_200));
    /// desk.apply(Instant(0), &Actor::support("sue"), "1", &Command::open(leak))?;
    /// let forecast = desk.forecast(Instant(0));
    /// assert_eq!((forecast[0].due, forecast[0].risk), (Instant(7_200), Risk::Unplanned));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn forecast(&self, now: Instant) -> Vec<Forecast> {
        let look = self.look(now);
        let planned = look.planned();
        let cases = self.state.cases().par_iter().filter(|case| !case.phase.is_over());
        let promised: Vec<Promises<'_>> = cases
            .map(|case| Promises::of(case, planned.get(case.ticket.id.as_str())))
            .filter(|promises| !promises.running.is_empty())
            .collect();
        let free = promised.iter().filter(|promises| promises.is_free());
        let chances = look.chances(&free.map(|promises| promises.case).collect::<Vec<_>>());
        let forecasts = promised.par_iter().flat_map_iter(|it| look.forecast(it, &chances));
        let mut forecasts: Vec<Forecast> = forecasts.collect();
        forecasts.par_sort_unstable_by(|a, b| {
            let key = |it: &Forecast| (it.risk, it.due, it.promise);
            key(a).cmp(&key(b)).then_with(|| a.ticket.cmp(&b.ticket))
        });
        forecasts
    }
}

/// The promises of one ticket that run, and its visit on the plan.
struct Promises<'d> {
    case: &'d Case,
    running: Vec<(TimerKind, &'d Timer)>,
    visit: Option<&'d Stop>,
}

impl<'d> Promises<'d> {
    fn of(case: &'d Case, visit: Option<&'d Stop>) -> Self {
        let runs = |kind: TimerKind| case.timers.get(kind).filter(|_| case.timers.runs(kind));
        let running = PROMISED.iter().filter_map(|&(kind, _)| Some((kind, runs(kind)?)));
        Self { case, running: running.collect(), visit }
    }

    /// True when nobody is to come.
    fn is_free(&self) -> bool {
        self.visit.is_none() && !self.case.phase.is_in_service()
    }
}

impl<'d> Look<'d> {
    /// The visits that engineers can keep, timed anew from this moment.
    fn planned(&self) -> FxHashMap<&'d str, Stop> {
        let members = self.state.members.par_iter();
        let members = members.filter(|member| !member.routes.is_empty());
        members.flat_map_iter(|member| self.planned_by(member)).collect()
    }

    fn planned_by(&self, member: &Member) -> Vec<(&'d str, Stop)> {
        let mut visits = Vec::new();
        let day = self.day(member).time();
        for (shift, old) in &member.routes {
            let route = day.routes.iter().find(|route| route.shift == *shift).unwrap_or(old);
            for stop in route.stops.iter().filter(|stop| stop.kind == StopKind::Visit) {
                if let Some(case) = self.state.case(&stop.id)
                    && !day.displaced.contains(&stop.id)
                {
                    visits.push((case.ticket.id.as_str(), stop.clone()));
                }
            }
        }
        visits
    }

    /// What becomes of the promises of one ticket.
    fn forecast(&self, promises: &Promises<'_>, chances: &Chances) -> Vec<Forecast> {
        let Promises { case, ref running, visit } = *promises;
        let chance = chances.get(&case.number);
        let one = |&(promise, timer): &(TimerKind, &Timer)| {
            let planned = self.kept_at(case, promise, visit);
            let slack = planned.map(|planned| timer.due - planned);
            let reach = promises.is_free().then(|| self.reach(promise, chance));
            let (last, risk) = match (planned, reach) {
                _ if timer.state == TimerState::Late => (None, Risk::Breached),
                (Some(planned), _) if planned > timer.due => (None, Risk::Breach),
                (Some(planned), _) if self.is_near(case, promise, timer, planned) => {
                    (None, Risk::Near)
                }
                (Some(_), _) => (None, Risk::Kept),
                (None, Some((last, best))) => {
                    let is_out = best.is_none_or(|best| best > timer.due)
                        || last.is_some_and(|last| last <= self.now);
                    (last, if is_out { Risk::OutOfReach } else { Risk::Unplanned })
                }
                (None, None) => (None, Risk::Unplanned),
            };
            Forecast {
                ticket: case.ticket.id.clone(),
                promise,
                due: timer.due,
                risk,
                engineer: case.held_by_engineer().map(str::to_owned),
                planned,
                slack,
                latest_accept: last,
            }
        };
        running.iter().map(one).collect()
    }

    /// When a promise will be kept by whoever has the ticket.
    fn kept_at(&self, case: &Case, promise: TimerKind, visit: Option<&Stop>) -> Option<Instant> {
        let (arrive, end) = match visit {
            Some(visit) => (visit.arrive, visit.end),
            None => {
                let member = self.holder(case).filter(|_| case.phase.is_in_service())?;
                let end = self.over_at(case, member)?.max(self.now);
                let arrive = match case.phase {
                    Phase::EnRoute => Instant(end.0 - work_time(case, member).0).max(self.now),
                    _ => self.now,
                };
                (arrive, end)
            }
        };
        match promise {
            TimerKind::Arrival => Some(arrive),
            TimerKind::Resolution => Some(end),
            _ => None,
        }
    }

    /// When a visit that is under way should be over; work that has stopped for a while goes on now.
    fn over_at(&self, case: &Case, member: &Member) -> Option<Instant> {
        let current = member.current.as_ref()?;
        match case.timers.get(TimerKind::Visit)?.state {
            TimerState::Paused { since, .. } => Some(current.until + (self.now - since)),
            _ => Some(current.until),
        }
    }

    /// Until when somebody can accept a ticket that nobody has, and when the promise would be kept at best; none
    /// where nobody can take it.
    fn reach(
        &self,
        promise: TimerKind,
        chance: Option<&Chance>,
    ) -> (Option<Instant>, Option<Instant>) {
        let Some(chance) = chance else { return (None, None) };
        match promise {
            TimerKind::Arrival => (chance.latest_accept, Some(chance.arrive)),
            TimerKind::Resolution => (None, Some(chance.end)),
            // Somebody can be asked at once where there is somebody.
            _ => (None, Some(self.now)),
        }
    }

    /// True when little is left, or a warning has been given or will be before the promise is kept.
    fn is_near(&self, case: &Case, promise: TimerKind, timer: &Timer, kept: Instant) -> bool {
        let clock = PROMISED.iter().find(|(kind, _)| *kind == promise).map(|(_, clock)| *clock);
        let warnings = clock
            .and_then(|clock| case.clock(clock, self.now))
            .map_or(0, |clock| clock.promise.warn.len());
        timer.due - kept <= self.state.policy.margin
            || timer.warn.len() < warnings
            || timer.warn.first().is_some_and(|&moment| moment <= kept)
    }
}
