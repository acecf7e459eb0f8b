//! The timers of one ticket: moments ahead, and whether what they time happened in time.
//!
//! A timer knows nothing of business hours: events hold its deadline and the moments at which to warn. What
//! was promised, and how that is counted, is in the [clocks](crate::clock) behind it.

use crate::model::ClockKind;
use crate::units::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What is timed. The acceptance of an offer is timed by the offer itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimerKind {
    /// From the request until somebody has been asked.
    Dispatch,
    /// From the request until an engineer is at the door, as promised to the customer.
    Arrival,
    /// From the request until the work is done, as promised to the customer.
    Resolution,
    /// Until somebody of the house acts.
    Attention,
    /// Until the customer says whether another time suits.
    Consent,
    /// Until the quiet hours end.
    Quiet,
    /// Until the engineer should be at the door, as the customer was told.
    Appointment,
    /// Until the work should be done.
    Visit,
    /// Until a ticket on hold is looked at again.
    Review,
    /// Until the next engineer is asked: no time at all where one has said no, and where all have, until the first
    /// of them may be asked again.
    Redispatch,
    /// Until an engineer goes on with work that he has stopped.
    Pause,
}

/// What the customer was promised, and the kind of clock that counts it.
pub(super) const PROMISED: [(TimerKind, ClockKind); 3] = [
    (TimerKind::Dispatch, ClockKind::Dispatch),
    (TimerKind::Arrival, ClockKind::Arrival),
    (TimerKind::Resolution, ClockKind::Resolution),
];

/// One running commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// When it runs out.
    pub due: Instant,
    /// How it stands.
    pub state: TimerState,
    /// When to warn that it will, in order; what has been warned of is gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warn: Vec<Instant>,
}

/// How a timer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimerState {
    /// There is time left.
    Running,
    /// It has run out and what it times has not happened.
    Late,
    /// It stands still, since then.
    Paused {
        /// Since when.
        since: Instant,
        /// Whether it had run out before.
        late: bool,
    },
    /// What it timed happened in time.
    Met(Instant),
    /// What it timed happened too late.
    Missed(Instant),
}

/// The timers of one ticket, by what they time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timers(BTreeMap<TimerKind, Timer>);

impl Timers {
    /// The timer of this kind, if it was ever started.
    #[must_use]
    pub fn get(&self, kind: TimerKind) -> Option<&Timer> {
        self.0.get(&kind)
    }

    /// Every timer that was ever started.
    pub fn iter(&self) -> impl Iterator<Item = (TimerKind, &Timer)> {
        self.0.iter().map(|(&kind, timer)| (kind, timer))
    }

    /// The timers that run, late ones included.
    pub fn running(&self) -> impl Iterator<Item = (TimerKind, Instant)> {
        self.iter().filter(|(_, timer)| timer.runs()).map(|(kind, timer)| (kind, timer.due))
    }

    /// True when a timer of this kind runs.
    #[must_use]
    pub fn runs(&self, kind: TimerKind) -> bool {
        self.get(kind).is_some_and(Timer::runs)
    }

    /// The timers that have not run out.
    pub(super) fn ahead(&self) -> impl Iterator<Item = (TimerKind, &Timer)> {
        self.iter().filter(|(_, timer)| timer.state == TimerState::Running)
    }

    pub(super) fn start(&mut self, kind: TimerKind, due: Instant) {
        self.promise(kind, due, Vec::new());
    }

    pub(super) fn promise(&mut self, kind: TimerKind, due: Instant, warn: Vec<Instant>) {
        self.0.insert(kind, Timer { due, state: TimerState::Running, warn });
    }

    /// What it times has happened.
    pub(super) fn stop(&mut self, kind: TimerKind, at: Instant) {
        if let Some(timer) = self.0.get_mut(&kind).filter(|timer| timer.runs()) {
            let in_time = timer.state == TimerState::Running && at <= timer.due;
            timer.state = if in_time { TimerState::Met(at) } else { TimerState::Missed(at) };
        }
    }

    /// It no longer matters.
    pub(super) fn drop(&mut self, kind: TimerKind) {
        self.0.remove(&kind);
    }

    /// The promises to the customer remain; the rest no longer matters.
    pub(super) fn keep_promises(&mut self) {
        self.0.retain(|kind, _| PROMISED.iter().any(|(promised, _)| promised == kind));
    }

    /// Nothing is timed any more; what was kept or missed remains.
    pub(super) fn end(&mut self, at: Instant) {
        self.0.retain(|_, timer| match timer.state {
            TimerState::Met(_) | TimerState::Missed(_) => true,
            TimerState::Late => {
                timer.state = TimerState::Missed(at);
                true
            }
            TimerState::Running | TimerState::Paused { .. } => false,
        });
    }

    pub(super) fn breach(&mut self, kind: TimerKind) {
        if let Some(timer) = self.0.get_mut(&kind) {
            timer.state = TimerState::Late;
        }
    }

    pub(super) fn pause(&mut self, kind: TimerKind, since: Instant) {
        if let Some(timer) = self.0.get_mut(&kind).filter(|timer| timer.runs()) {
            let late = timer.state == TimerState::Late;
            timer.state = TimerState::Paused { since, late };
        }
    }

    /// Paused timers go on, due and to be warned of at these moments; one that had run out is late still.
    pub(super) fn resume(&mut self, due: &[(TimerKind, Instant)], warn: &[(TimerKind, Instant)]) {
        for &(kind, due) in due {
            if let Some(timer) = self.0.get_mut(&kind) {
                let late = matches!(timer.state, TimerState::Paused { late: true, .. });
                let state = if late { TimerState::Late } else { TimerState::Running };
                let own = warn.iter().filter(|(of, _)| *of == kind);
                *timer = Timer { due, state, warn: own.map(|&(_, moment)| moment).collect() };
            }
        }
    }

    /// It has been warned of all moments up to this one.
    pub(super) fn warned(&mut self, kind: TimerKind, moment: Instant) {
        if let Some(timer) = self.0.get_mut(&kind) {
            timer.warn.retain(|&ahead| ahead > moment);
        }
    }
}

impl Timer {
    fn runs(&self) -> bool {
        matches!(self.state, TimerState::Running | TimerState::Late)
    }

    /// True when what it timed has happened.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.state, TimerState::Met(_) | TimerState::Missed(_))
    }
}

impl fmt::Display for TimerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dispatch => "dispatch",
            Self::Arrival => "arrival",
            Self::Resolution => "resolution",
            Self::Attention => "attention",
            Self::Consent => "consent",
            Self::Quiet => "quiet hours",
            Self::Appointment => "appointment",
            Self::Visit => "visit",
            Self::Review => "review",
            Self::Redispatch => "redispatch",
            Self::Pause => "pause",
        })
    }
}
