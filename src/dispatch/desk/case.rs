//! The dispatch part of one ticket: who was asked, who has it, which timers run. How events change it is in `life`.

use super::command::Mode;
use super::outcome::{Escalation, Holder, Offer};
use super::timer::{Timer, TimerKind, Timers};
use crate::clock::{Clock, Pause};
use crate::model::{Ticket, Window};
use crate::plan::Appointment;
use crate::units::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What an emergency matters at least.
pub(super) const EMERGENCY: u32 = 1_000_000;

/// How far dispatch has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are those of the product description")]
pub enum Phase {
    Awaiting,
    Offered,
    Assigned,
    EnRoute,
    Arrived,
    Working,
    Paused,
    OnHold,
    Done,
    Cancelled,
    Merged,
}

/// Who must act next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// The desk itself.
    System,
    /// A manager.
    Manager,
    /// Support: the customer must be asked.
    Support,
    /// These engineers: whoever is asked, or has the ticket.
    Engineers(Vec<String>),
    /// Who put it on hold.
    Holding(String),
}

/// A ticket on the desk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Its number on this desk, from 0.
    pub number: u32,
    /// What is to be done where.
    pub ticket: Ticket,
    /// How many events it has had, and how often the plan has given it to somebody else: what a command may expect.
    pub version: u64,
    /// How far it has come.
    pub phase: Phase,
    /// True when it was declared an emergency: its deadline stands, whatever is promised to such tickets.
    #[serde(default)]
    pub declared_emergency: bool,
    /// Who chooses the engineer.
    pub mode: Mode,
    /// When the customer asked; of a ticket that was reopened, when it was.
    pub requested: Instant,
    /// The moments ahead, those that were promised among them.
    pub timers: Timers,
    /// What was promised, in order, as clocks without their pauses: those are below, once for all.
    #[serde(default)]
    pub promises: Vec<Clock>,
    /// When it rested, and why.
    #[serde(default)]
    pub pauses: Vec<Pause>,
    /// The number of the last round of offers.
    pub epoch: u32,
    /// The offers that wait for an answer.
    pub offers: Vec<Offer>,
    /// The offers of the last round that lapsed: a late yes may still count.
    pub lapsed: Vec<Offer>,
    /// Who said no, or nothing, and when.
    pub refusals: BTreeMap<String, Instant>,
    /// Who has it.
    pub holder: Option<Holder>,
    /// What the customer was told last.
    pub told: Option<Appointment>,
    /// Who would come at another time.
    pub proposal: Option<(String, Window)>,
    /// Why a manager must act.
    pub escalated: Option<Escalation>,
    /// Who put it on hold.
    pub held_by: Option<String>,
    /// The ticket that it has become part of.
    pub merged_into: Option<String>,
}

impl Phase {
    /// True when nothing more will happen by itself.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled | Self::Merged)
    }

    /// True when an engineer is on it.
    #[must_use]
    pub const fn is_in_service(self) -> bool {
        matches!(self, Self::EnRoute | Self::Arrived | Self::Working | Self::Paused)
    }

    /// True when an engineer is at the customer's.
    pub(super) const fn is_on_site(self) -> bool {
        matches!(self, Self::Arrived | Self::Working | Self::Paused)
    }
}

impl Case {
    /// A ticket as it is opened; everything that follows is in its events.
    pub(super) fn new(number: u32, ticket: Ticket, mode: Mode, requested: Instant) -> Self {
        Self {
            number,
            ticket,
            version: 0,
            phase: Phase::Awaiting,
            declared_emergency: false,
            mode,
            requested,
            timers: Timers::default(),
            promises: Vec::new(),
            pauses: Vec::new(),
            epoch: 0,
            offers: Vec::new(),
            lapsed: Vec::new(),
            refusals: BTreeMap::new(),
            holder: None,
            told: None,
            proposal: None,
            escalated: None,
            held_by: None,
            merged_into: None,
        }
    }

    /// Who must act next; nobody when it is over.
    #[must_use]
    pub fn owner(&self) -> Option<Owner> {
        let asked = || self.offers.iter().map(|offer| offer.engineer.clone()).collect();
        match self.phase {
            Phase::Done | Phase::Cancelled | Phase::Merged => None,
            Phase::OnHold => Some(Owner::Holding(self.held_by.clone().unwrap_or_default())),
            Phase::Offered => Some(Owner::Engineers(asked())),
            Phase::Awaiting if self.proposal.is_some() => Some(Owner::Support),
            Phase::Awaiting if self.timers.runs(TimerKind::Attention) => Some(Owner::Manager),
            Phase::Awaiting => Some(Owner::System),
            _ => {
                let holder = self.holder.iter().map(|holder| holder.engineer.clone());
                Some(Owner::Engineers(holder.collect()))
            }
        }
    }

    /// The engineer who has it.
    #[must_use]
    pub fn held_by_engineer(&self) -> Option<&str> {
        self.holder.as_ref().map(|holder| holder.engineer.as_str())
    }

    /// When the engineer has to be at the door, as long as nobody has been.
    #[must_use]
    pub fn arrival_due(&self) -> Option<Instant> {
        let timer = self.timers.get(TimerKind::Arrival).filter(|timer| !timer.is_over());
        timer.map(|timer| timer.due)
    }

    /// True when somebody has been at the door, in the time that was promised or too late.
    pub(super) fn was_visited(&self) -> bool {
        self.timers.get(TimerKind::Arrival).is_some_and(Timer::is_over)
    }

    /// True when it comes before everything else, whoever said so.
    #[must_use]
    pub const fn is_emergency(&self) -> bool {
        self.ticket.priority >= EMERGENCY
    }

    /// True when somebody who is at the door then keeps what was promised.
    pub(super) fn is_in_time(&self, arrive: Instant) -> bool {
        self.arrival_due().is_none_or(|due| arrive <= due)
    }

    /// The same ticket, to be begun when it is promised and no later; none where that leaves no time.
    pub(super) fn no_later_than_promised(&self, now: Instant) -> Option<Self> {
        let mut urgent = self.clone();
        let Some(due) = self.arrival_due() else { return Some(urgent) };
        let windows = &mut urgent.ticket.windows;
        if windows.is_empty() {
            windows.push(Window::new(now, due));
        }
        windows.iter_mut().for_each(|window| window.latest = window.latest.min(due));
        windows.retain(|window| window.earliest <= window.latest);
        let has_time = !windows.is_empty();
        urgent.ticket.preferred_windows.clear();
        has_time.then_some(urgent)
    }

    /// The same ticket for a customer who agreed to this time and to no other.
    pub(super) fn at_another_time(&self, window: Window) -> Self {
        let mut moved = self.clone();
        moved.agree(window);
        moved
    }

    /// The customer has agreed to this time and to no other.
    pub(super) fn agree(&mut self, window: Window) {
        self.ticket.windows = vec![window];
        self.ticket.preferred_windows.clear();
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Awaiting => "awaiting dispatch",
            Self::Offered => "offered",
            Self::Assigned => "assigned",
            Self::EnRoute => "en route",
            Self::Arrived => "arrived",
            Self::Working => "in work",
            Self::Paused => "paused",
            Self::OnHold => "on hold",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Merged => "merged",
        })
    }
}
