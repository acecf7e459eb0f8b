//! What a clock says: how much is used, how much is left, when it is due, when to warn.

use super::{Clock, ClockError, Hours, Ledger};
use crate::units::{Instant, Seconds};
use serde::{Deserialize, Serialize};

/// A clock laid beside the hours it counts on. Small and copyable; it changes nothing.
///
/// Every answer takes O(p log p) in pauses and O(days) of [`Hours`]. Asked about a moment before the start,
/// it answers as at the start; after the stop, as at the stop.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    clock: &'a Clock,
    hours: &'a Hours,
}

/// How a clock stands at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is not due yet. It runs on through closed hours, though nothing is counted then.
    Running,
    /// It is not due yet, and a pause stops it.
    Paused,
    /// It stopped no later than its deadline.
    Met,
    /// Its deadline is past, or was when it stopped.
    Breached,
}

/// An interval that is left out for a pause; the earliest pause gives the cause.
pub(super) struct Held<'a> {
    pub from: Instant,
    /// `None` for one that goes on.
    pub to: Option<Instant>,
    pub cause: &'a str,
}

impl Held<'_> {
    pub fn end(&self) -> Instant {
        self.to.unwrap_or(Instant(i64::MAX))
    }
}

impl<'a> Reading<'a> {
    /// The clock, counted on these hours.
    ///
    /// [`Terms::read`](super::Terms::read) finds the hours by the name of the calendar; they can be given
    /// here where there are no terms.
    #[must_use]
    pub fn new(clock: &'a Clock, hours: &'a Hours) -> Self {
        Self { clock, hours }
    }

    /// How much has been counted.
    ///
    /// # Errors
    /// [`ClockError::Horizon`].
    pub fn elapsed(&self, now: Instant) -> Result<Seconds, ClockError> {
        let (start, now) = (self.clock.started_at, self.within(now));
        let mut counted = self.hours.elapsed(start, now)?;
        for held in self.held() {
            if held.from < now {
                let lost = self.hours.elapsed(held.from, held.end().min(now))?;
                counted = counted - lost;
            }
        }
        Ok(counted)
    }

    /// How much of the target is left; below zero by what was counted after the deadline.
    ///
    /// # Errors
    /// [`ClockError::Horizon`].
    pub fn remaining(&self, now: Instant) -> Result<Seconds, ClockError> {
        let left = self.clock.promise.within.checked_sub(self.elapsed(now)?);
        left.ok_or(ClockError::Horizon { at: now })
    }

    /// The first moment at which the whole target has been counted, by all that is known; `None` while a
    /// pause keeps it from coming.
    ///
    /// That moment itself is still in time: the promise is broken from the second after it.
    ///
    /// # Errors
    /// [`ClockError::Horizon`], [`ClockError::TooFewHours`], [`ClockError::Negative`].
    pub fn deadline(&self) -> Result<Option<Instant>, ClockError> {
        let (mut from, mut left) = (self.clock.started_at, self.clock.promise.within);
        for held in self.held() {
            let counted = self.hours.elapsed(from, held.from)?;
            if left <= counted {
                break;
            }
            left = left - counted;
            match held.to {
                Some(to) => from = to,
                None => return Ok(None),
            }
        }
        self.hours.add(from, left).map(Some)
    }

    /// How it stands.
    ///
    /// # Errors
    /// Those of [`Reading::deadline`].
    pub fn state(&self, now: Instant) -> Result<State, ClockError> {
        let at = self.within(now);
        Ok(if self.deadline()?.is_some_and(|deadline| deadline < at) {
            State::Breached
        } else if self.clock.stopped_at.is_some_and(|stopped| stopped <= now) {
            State::Met
        } else if self.held().iter().any(|held| held.from <= at && at < held.end()) {
            State::Paused
        } else {
            State::Running
        })
    }

    /// When to warn, in the order of the promise's `warn`: walked backwards from the deadline over the same
    /// hours and around the same pauses, as late as the time that is left allows. Empty while there is no
    /// deadline.
    ///
    /// Half an hour before a deadline half an hour after opening is thus the opening, not the evening before.
    ///
    /// # Errors
    /// Those of [`Reading::deadline`].
    pub fn warnings(&self) -> Result<Vec<Instant>, ClockError> {
        let Some(deadline) = self.deadline()? else { return Ok(Vec::new()) };
        let within = self.clock.promise.within;
        let warn = self.clock.promise.warn.iter();
        warn.map(|warn| self.back(deadline, warn.left_of(within))).collect()
    }

    /// Everything from the start until this moment, counted or skipped, with the reason.
    ///
    /// # Errors
    /// [`ClockError::Horizon`].
    pub fn ledger(&self, until: Instant) -> Result<Ledger, ClockError> {
        let (start, end) = (self.clock.started_at, self.within(until));
        let through = self.disjoint(|cause| !self.clock.stops_for(cause));
        Ok(Ledger::of(self.hours.stretches(start, end)?, &self.held(), &through))
    }

    /// The last moment up to `from` after which so much is counted, at the earliest the start.
    fn back(&self, from: Instant, length: Seconds) -> Result<Instant, ClockError> {
        let (mut to, mut left) = (from, length);
        for held in self.held().iter().rev() {
            if to <= held.from {
                continue;
            }
            let counted = self.hours.elapsed(held.end().min(to), to)?;
            if left <= counted {
                break;
            }
            left = left - counted;
            to = held.from;
        }
        let counted = self.hours.elapsed(self.clock.started_at, to)?;
        self.hours.back(to, left.min(counted))
    }

    fn within(&self, at: Instant) -> Instant {
        let stopped = self.clock.stopped_at.unwrap_or(at);
        at.min(stopped).max(self.clock.started_at)
    }

    /// The intervals left out, in order and apart from each other.
    fn held(&self) -> Vec<Held<'a>> {
        self.disjoint(|cause| self.clock.stops_for(cause))
    }

    /// The pauses for some causes, in order, each cut off where an earlier one goes on.
    fn disjoint(&self, is_meant: impl Fn(&str) -> bool) -> Vec<Held<'a>> {
        let mut pauses: Vec<_> =
            self.clock.pauses.iter().filter(|pause| is_meant(&pause.cause)).collect();
        pauses.sort_by_key(|pause| pause.from);
        let mut free_from = Some(self.clock.started_at);
        let mut held = Vec::new();
        for pause in pauses {
            let Some(free) = free_from else { break };
            let from = pause.from.max(free);
            if pause.to.is_none_or(|to| from < to) {
                held.push(Held { from, to: pause.to, cause: &pause.cause });
                free_from = pause.to;
            }
        }
        held
    }
}
