//! The clocks of one ticket.
//!
//! [`Due`] is the one place where deadlines come from; what holds them is in the events, so that
//! replaying never works one out again.

use super::policy::OfferPolicy;
use crate::model::Ticket;
use crate::units::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What is timed. The acceptance of an offer is timed by the offer itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    /// From the request until somebody has been asked.
    Dispatch,
    /// From the request until an engineer is at the door, as promised to the customer.
    Arrival,
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
}

/// One running commitment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// When it runs out.
    pub due: Instant,
    /// How it stands.
    pub state: ClockState,
}

/// How a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
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

/// Deadlines that begin with a ticket, or begin again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// Somebody is asked by then.
    pub dispatch: Instant,
    /// An engineer is at the door by then, if that was promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrival: Option<Instant>,
}

impl Due {
    /// The deadlines of a ticket that was requested at this moment.
    pub(super) fn of(policy: &OfferPolicy, ticket: &Ticket, requested: Instant) -> Self {
        Self { dispatch: requested + policy.dispatch, arrival: ticket.due }
    }
}

/// The clocks of one ticket, by what they time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Clocks(BTreeMap<ClockKind, Clock>);

impl Clocks {
    /// The clock of this kind, if it was ever started.
    #[must_use]
    pub fn get(&self, kind: ClockKind) -> Option<&Clock> {
        self.0.get(&kind)
    }

    /// Every clock that was ever started.
    pub fn iter(&self) -> impl Iterator<Item = (ClockKind, &Clock)> {
        self.0.iter().map(|(&kind, clock)| (kind, clock))
    }

    /// The clocks that run, late ones included.
    pub fn running(&self) -> impl Iterator<Item = (ClockKind, Instant)> {
        self.iter().filter(|(_, clock)| clock.runs()).map(|(kind, clock)| (kind, clock.due))
    }

    /// True when a clock of this kind runs.
    #[must_use]
    pub fn runs(&self, kind: ClockKind) -> bool {
        self.get(kind).is_some_and(Clock::runs)
    }

    /// The deadlines that are still ahead.
    pub(super) fn ahead(&self) -> impl Iterator<Item = (ClockKind, Instant)> {
        let running = self.iter().filter(|(_, clock)| clock.state == ClockState::Running);
        running.map(|(kind, clock)| (kind, clock.due))
    }

    pub(super) fn start(&mut self, kind: ClockKind, due: Instant) {
        self.0.insert(kind, Clock { due, state: ClockState::Running });
    }

    pub(super) fn begin(&mut self, due: Due) {
        self.start(ClockKind::Dispatch, due.dispatch);
        match due.arrival {
            Some(arrival) => self.start(ClockKind::Arrival, arrival),
            None => self.drop(ClockKind::Arrival),
        }
    }

    /// What it times has happened.
    pub(super) fn stop(&mut self, kind: ClockKind, at: Instant) {
        if let Some(clock) = self.0.get_mut(&kind).filter(|clock| clock.runs()) {
            let in_time = clock.state == ClockState::Running && at <= clock.due;
            clock.state = if in_time { ClockState::Met(at) } else { ClockState::Missed(at) };
        }
    }

    /// It no longer matters.
    pub(super) fn drop(&mut self, kind: ClockKind) {
        self.0.remove(&kind);
    }

    /// The promises to the customer remain; the rest no longer matters.
    pub(super) fn keep_promises(&mut self) {
        self.0.retain(|kind, _| matches!(kind, ClockKind::Dispatch | ClockKind::Arrival));
    }

    /// Nothing is timed any more; what was kept or missed remains.
    pub(super) fn end(&mut self, at: Instant) {
        self.0.retain(|_, clock| match clock.state {
            ClockState::Met(_) | ClockState::Missed(_) => true,
            ClockState::Late => {
                clock.state = ClockState::Missed(at);
                true
            }
            ClockState::Running | ClockState::Paused { .. } => false,
        });
    }

    pub(super) fn breach(&mut self, kind: ClockKind) {
        if let Some(clock) = self.0.get_mut(&kind) {
            clock.state = ClockState::Late;
        }
    }

    pub(super) fn pause(&mut self, kind: ClockKind, since: Instant) {
        if let Some(clock) = self.0.get_mut(&kind).filter(|clock| clock.runs()) {
            let late = clock.state == ClockState::Late;
            clock.state = ClockState::Paused { since, late };
        }
    }

    pub(super) fn pause_all(&mut self, since: Instant) {
        let kinds: Vec<ClockKind> = self.0.keys().copied().collect();
        kinds.into_iter().for_each(|kind| self.pause(kind, since));
    }

    /// When the paused clocks would be due if they went on at this moment.
    pub(super) fn resumed(&self, at: Instant) -> Vec<(ClockKind, Instant)> {
        let paused = self.iter().filter_map(|(kind, clock)| match clock.state {
            ClockState::Paused { since, .. } => Some((kind, clock.due + (at - since))),
            _ => None,
        });
        paused.collect()
    }

    /// Paused clocks go on, due at these moments; one that had run out is late still.
    pub(super) fn resume(&mut self, due: &[(ClockKind, Instant)]) {
        for &(kind, due) in due {
            if let Some(clock) = self.0.get_mut(&kind) {
                let late = matches!(clock.state, ClockState::Paused { late: true, .. });
                let state = if late { ClockState::Late } else { ClockState::Running };
                *clock = Clock { due, state };
            }
        }
    }
}

impl Clock {
    fn runs(&self) -> bool {
        matches!(self.state, ClockState::Running | ClockState::Late)
    }
}

impl fmt::Display for ClockKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dispatch => "dispatch",
            Self::Arrival => "arrival",
            Self::Attention => "attention",
            Self::Consent => "consent",
            Self::Quiet => "quiet hours",
            Self::Appointment => "appointment",
            Self::Visit => "visit",
            Self::Review => "review",
        })
    }
}
