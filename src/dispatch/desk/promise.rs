//! What is promised to a customer: deadlines as events hold them, and the clocks behind them.
//!
//! A promise is a [commitment](crate::model::Commitment) of the agreement, or where none fits the house's
//! own: the dispatch time of the policy, the `due` of the ticket. Either way a [`Clock`] keeps its record, and
//! is the only one that counts. Deadlines are worked out here, once, and written down: replaying adds nothing up.

use super::case::Case;
use super::fact::Fact;
use super::look::Look;
use super::refusal::Refusal;
use super::timer::{PROMISED, TimerKind, TimerState};
use super::work::Work;
use crate::clock::{Clock, ClockError, Facts, Terms};
use crate::model::{Agreement, ClockKind, Code, Issue, Promise, Ticket};
use crate::units::Instant;
use serde::{Deserialize, Serialize};

/// Deadlines that begin with a ticket, begin again, or stand as they stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// Somebody is asked by then.
    pub dispatch: Instant,
    /// An engineer is at the door by then, if that was promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrival: Option<Instant>,
    /// The work is done by then, if that was promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Instant>,
    /// The commitments that new deadlines come from. Those without are the house's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promised: Vec<Promised>,
}

/// What a commitment promises to a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promised {
    /// Which commitment, its words, and since when it counts.
    pub clock: Clock,
    /// When to warn, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warn: Vec<Instant>,
}

impl Promised {
    /// A promise of the house itself, day and night; whatever puts the ticket on hold stops it. It is written down
    /// only where one with the same deadline may have been kept or missed before.
    pub(super) fn of_the_house(kind: ClockKind, since: Instant, due: Instant) -> Self {
        let since = since.min(due);
        let mut promise = Promise::new(kind, due - since);
        promise.stops_for.push(Promise::ANY_CAUSE.into());
        Self { clock: Clock::start("", promise, since), warn: Vec::new() }
    }
}

impl Due {
    pub(super) fn of(&self, kind: TimerKind) -> Option<Instant> {
        match kind {
            TimerKind::Dispatch => Some(self.dispatch),
            TimerKind::Arrival => self.arrival,
            TimerKind::Resolution => self.resolution,
            _ => None,
        }
    }

    fn by(&self, kind: ClockKind) -> Option<&Promised> {
        self.promised.iter().find(|promised| promised.clock.promise.clock == kind)
    }

    /// Another deadline, and what it comes from.
    fn set(&mut self, kind: TimerKind, due: Instant, clock: ClockKind, by: Option<Promised>) {
        match kind {
            TimerKind::Arrival => self.arrival = Some(due),
            TimerKind::Resolution => self.resolution = Some(due),
            _ => self.dispatch = due,
        }
        self.promised.retain(|promised| promised.clock.promise.clock != clock);
        self.promised.extend(by);
    }

    /// Of two tickets that become one, whatever was promised earlier.
    pub(super) fn or_earlier(mut self, other: &Self) -> Self {
        for (kind, clock) in PROMISED {
            if let Some(due) = other.of(kind)
                && self.of(kind).is_none_or(|own| due < own)
            {
                self.set(kind, due, clock, other.by(clock).cloned());
            }
        }
        self
    }
}

impl Case {
    /// What is promised from now on. What was kept or missed stays so, and what stands goes on; a deadline
    /// of the house's own counts since then.
    pub(super) fn promise(&mut self, due: &Due, since: Instant, at: Instant) {
        for (kind, clock) in PROMISED {
            match due.of(kind) {
                Some(deadline) => self.promise_one((kind, clock), deadline, due.by(clock), since),
                None => {
                    self.timers.drop(kind);
                    self.finish(clock, at);
                }
            }
        }
    }

    fn promise_one(
        &mut self,
        (kind, clock): (TimerKind, ClockKind),
        due: Instant,
        by: Option<&Promised>,
        since: Instant,
    ) {
        if let Some(timer) = self.timers.get(kind) {
            let stands = by.is_none() && timer.due == due;
            if stands || (kind == TimerKind::Dispatch && timer.is_over()) {
                return;
            }
        }
        self.promise_anew((kind, clock), due, by, since);
    }

    fn promise_anew(
        &mut self,
        (kind, clock): (TimerKind, ClockKind),
        due: Instant,
        by: Option<&Promised>,
        since: Instant,
    ) {
        self.timers.promise(kind, due, by.map(|by| by.warn.clone()).unwrap_or_default());
        let house = || Promised::of_the_house(clock, since, due);
        let new = by.cloned().unwrap_or_else(house).clock;
        if let Some(pause) = self.pauses.last().filter(|pause| pause.to.is_none())
            && new.stops_for(&pause.cause)
        {
            self.timers.pause(kind, pause.from);
        }
        match self.running(clock) {
            Some(standing) => *standing = new,
            None => self.promises.push(new),
        }
    }

    /// Somebody must be asked by then, as if the request came anew.
    pub(super) fn promise_dispatch(&mut self, due: Instant, by: Option<&Promised>, since: Instant) {
        self.promise_anew((TimerKind::Dispatch, ClockKind::Dispatch), due, by, since);
    }

    /// Nobody is asked before this moment; a commitment is not moved by that.
    pub(super) fn defer_dispatch(&mut self, due: Instant, since: Instant) {
        if self.timers.runs(TimerKind::Dispatch) {
            self.promise_one((TimerKind::Dispatch, ClockKind::Dispatch), due, None, since);
        }
    }

    /// Nothing can be done for now: timers stand still whose promise stops for this.
    pub(super) fn pause_promises(&mut self, cause: &str, at: Instant) {
        for (kind, clock) in PROMISED {
            if self.running(clock).is_some_and(|clock| clock.stops_for(cause)) {
                self.timers.pause(kind, at);
            }
        }
    }

    /// When somebody must have been asked, where a commitment says so.
    pub(super) fn promised_dispatch(&self) -> Option<Instant> {
        let clock = self.last_promise(ClockKind::Dispatch)?;
        let timer = self.timers.get(TimerKind::Dispatch)?;
        (!clock.commitment.is_empty()).then_some(timer.due)
    }

    /// What was promised has happened.
    pub(super) fn keep_promise(&mut self, kind: TimerKind, at: Instant) {
        self.timers.stop(kind, at);
        let clocks = PROMISED.iter().filter(|(timer, _)| *timer == kind);
        clocks.for_each(|&(_, clock)| self.finish(clock, at));
    }

    /// Nothing is promised any more.
    pub(super) fn end_promises(&mut self, at: Instant) {
        self.timers.end(at);
        PROMISED.iter().for_each(|&(_, clock)| self.finish(clock, at));
        self.end_pause(at);
    }

    pub(super) fn end_pause(&mut self, at: Instant) {
        if let Some(pause) = self.pauses.last_mut().filter(|pause| pause.to.is_none()) {
            pause.to = Some(at);
        }
    }

    fn finish(&mut self, kind: ClockKind, at: Instant) {
        if let Some(clock) = self.running(kind) {
            clock.stopped_at = Some(at);
        }
    }

    fn last_promise(&self, kind: ClockKind) -> Option<&Clock> {
        let mut clocks = self.promises.iter();
        clocks.rfind(|clock| clock.promise.clock == kind)
    }

    fn running(&mut self, kind: ClockKind) -> Option<&mut Clock> {
        let mut clocks = self.promises.iter_mut();
        clocks.rfind(|clock| clock.promise.clock == kind && clock.stopped_at.is_none())
    }

    /// The clock of a promise with everything that held it up: the last of this kind that had started by
    /// then, or else the first.
    pub(super) fn clock(&self, kind: ClockKind, at: Instant) -> Option<Clock> {
        let mut clocks = self.promises.iter().filter(|clock| clock.promise.clock == kind);
        let last = clocks.clone().rfind(|clock| clock.started_at <= at);
        let clock = last.or_else(|| clocks.next())?;
        Some(Clock { pauses: self.pauses.clone(), ..clock.clone() })
    }
}

impl Work<'_> {
    /// Other promises from now on; those that run keep the calendars that they count on.
    pub(super) fn set_agreement(&mut self, agreement: &Agreement) -> Result<(), Refusal> {
        let terms = Terms::compile(agreement)?;
        let clocks = self.state.cases.iter().flat_map(|case| &case.promises);
        for clock in clocks.filter(|clock| clock.stopped_at.is_none()) {
            terms.read(clock).map_err(refused)?;
        }
        self.emit("", Fact::AgreementSet { agreement: Box::new(agreement.clone()) });
        *self.terms = terms;
        Ok(())
    }

    /// What is promised to a ticket that asked at this moment.
    ///
    /// # Errors
    /// Commitments of which none is more specific, and such that never come due.
    pub(super) fn due(&self, ticket: &Ticket, requested: Instant) -> Result<Due, Refusal> {
        self.due_after(ticket, requested, None)
    }

    /// The same for a ticket that is, or becomes part of, a case that rested meanwhile.
    pub(super) fn due_after(
        &self,
        ticket: &Ticket,
        requested: Instant,
        case: Option<&Case>,
    ) -> Result<Due, Refusal> {
        let look = self.look();
        let facts = look.facts(ticket);
        let mut due = Due {
            dispatch: requested + self.state.policy.dispatch,
            arrival: ticket.due,
            resolution: None,
            promised: Vec::new(),
        };
        // Nobody is to find out in the middle of the night that two commitments contradict each other.
        self.terms.choose(ClockKind::Acceptance, &facts).map_err(refused)?;
        for (kind, clock) in PROMISED {
            let Some(new) = self.terms.start(clock, &facts, requested).map_err(refused)? else {
                continue;
            };
            let pauses = case.map(|case| case.pauses.clone()).unwrap_or_default();
            let (deadline, mut warn) = look.stands(&Clock { pauses, ..new.clone() })?;
            // Of what is past already, one warning is enough.
            let past = warn.partition_point(|moment| *moment <= self.now);
            warn.drain(..past.saturating_sub(1));
            due.set(kind, deadline, clock, Some(Promised { clock: new, warn }));
        }
        Ok(due)
    }

    /// What is promised to a ticket whose facts are others, or that asked earlier than was known. What is
    /// promised as before stands as it stood.
    pub(super) fn due_again(
        &self,
        case: &Case,
        ticket: &Ticket,
        requested: Instant,
    ) -> Result<Due, Refusal> {
        let mut due = self.due_after(ticket, requested, Some(case))?;
        for (kind, clock) in PROMISED {
            let Some(timer) = case.timers.get(kind) else { continue };
            let before =
                case.last_promise(clock).map_or("", |standing| standing.commitment.as_str());
            let now = due.by(clock).map_or("", |promised| promised.clock.commitment.as_str());
            let is_own_arrival = kind == TimerKind::Arrival && now.is_empty();
            let is_alike = match is_own_arrival {
                true => ticket.due == case.ticket.due,
                false => requested == case.requested,
            };
            // Another emergency may say otherwise, and nothing else.
            let is_declared = kind == TimerKind::Arrival && case.declared_emergency;
            if is_declared || (before == now && is_alike) {
                due.set(kind, timer.due, clock, None);
            }
        }
        Ok(due)
    }

    /// What is promised to a ticket that another one becomes part of: whatever was promised earlier.
    pub(super) fn due_merged(
        &self,
        from: &Case,
        into: &Case,
        requested: Instant,
    ) -> Result<Due, Refusal> {
        let (kind, clock) = (TimerKind::Arrival, ClockKind::Arrival);
        // Where somebody has been at the door for one of them, the other one counts since it came itself.
        let is_one = !from.was_visited() && !into.was_visited();
        let since = |case: &Case| if is_one { requested } else { case.requested };
        let mut due = self.due_again(into, &into.ticket, since(into))?;
        let mut own = self.due_handed_on(from, into, since(from))?;
        if let Some(timer) = into.timers.get(kind).filter(|timer| timer.is_over()) {
            due.set(kind, timer.due, clock, None);
            if into.phase.is_in_service() {
                own.arrival = None;
            } else if let Some(arrival) = own.arrival {
                let house = || Promised::of_the_house(clock, self.now, arrival);
                due.set(kind, arrival, clock, Some(own.by(clock).cloned().unwrap_or_else(house)));
            }
        }
        Ok(due.or_earlier(&own))
    }

    /// What was promised to a ticket, for the one that it becomes part of. Where somebody has been at the door that
    /// promise binds nobody again.
    fn due_handed_on(&self, from: &Case, into: &Case, requested: Instant) -> Result<Due, Refusal> {
        let own = Ticket { due: from.arrival_due(), ..from.ticket.clone() };
        let mut due = self.due_after(&own, requested, Some(into))?;
        if from.was_visited() {
            due.arrival = None;
        } else if from.declared_emergency
            && let Some(arrival) = from.arrival_due()
        {
            due.set(TimerKind::Arrival, arrival, ClockKind::Arrival, None);
        }
        Ok(due)
    }

    /// When somebody must have been asked again about a ticket that has come back, and who says so.
    pub(super) fn dispatch_again(&self, case: &Case) -> (Instant, Option<Promised>) {
        match self.due(&case.ticket, self.now) {
            Ok(due) => (due.dispatch, due.by(ClockKind::Dispatch).cloned()),
            Err(_) => (self.now + self.state.policy.dispatch, None),
        }
    }

    /// When timers are due that stood still and go on now, and when to warn of them.
    pub(super) fn resumed(&self, case: &Case) -> [Vec<(TimerKind, Instant)>; 2] {
        let [mut due, mut warn] = [Vec::new(), Vec::new()];
        for (kind, clock) in PROMISED {
            let Some(timer) = case.timers.get(kind) else { continue };
            if !matches!(timer.state, TimerState::Paused { .. }) {
                continue;
            }
            let clock = case.clock(clock, self.now);
            let stands = clock.and_then(|clock| self.look().stands(&clock).ok());
            // A calendar that has no more hours leaves the deadline where it was.
            let (deadline, points) = stands.unwrap_or_else(|| (timer.due, Vec::new()));
            due.push((kind, deadline));
            warn.extend(points.into_iter().filter(|point| *point > self.now).map(|it| (kind, it)));
        }
        [due, warn]
    }
}

impl Look<'_> {
    /// Until when an engineer may think who is asked at this moment.
    pub(super) fn answer_by(&self, case: &Case, asked: Instant) -> Instant {
        self.acceptance(case, asked).0
    }

    /// The same, and when to remind him.
    pub(super) fn acceptance(&self, case: &Case, asked: Instant) -> (Instant, Vec<Instant>) {
        let facts = self.facts(&case.ticket);
        let clock = self.terms.start(ClockKind::Acceptance, &facts, asked).ok().flatten();
        let stands = clock.and_then(|clock| self.stands(&clock).ok());
        stands.unwrap_or_else(|| (asked + self.state.policy.expiry, Vec::new()))
    }

    /// When a clock is due that goes on now, and when to warn.
    fn stands(&self, clock: &Clock) -> Result<(Instant, Vec<Instant>), Refusal> {
        let mut clock = clock.clone();
        for pause in &mut clock.pauses {
            pause.to = pause.to.or(Some(self.now));
        }
        let reading = self.terms.read(&clock).map_err(refused)?;
        let deadline = reading.deadline().map_err(refused)?.unwrap_or(self.now);
        let mut warn = reading.warnings().map_err(refused)?;
        warn.sort_unstable();
        warn.dedup();
        Ok((deadline, warn))
    }

    fn facts<'t>(&'t self, ticket: &'t Ticket) -> Facts<'t> {
        Facts::of(ticket, &self.state.world.regions)
    }
}

fn refused(error: ClockError) -> Refusal {
    let code = match error {
        ClockError::Tie { .. } => Code::COMMITMENT_TIE,
        ClockError::UnknownCalendar { .. } => Code::UNKNOWN_CALENDAR,
        _ => Code::OUT_OF_RANGE,
    };
    Refusal::Input(Issue::new(code, "agreement", error.to_string()).into())
}
