//! The dispatch part of one ticket: who was asked, who has it, which clocks run.

use super::clock::{ClockKind, Clocks};
use super::command::Mode;
use super::event::{Cause, Event, Fact};
use super::outcome::{Escalation, Holder, Offer, Return};
use crate::model::{Ticket, Window};
use crate::plan::Appointment;
use crate::units::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
    /// How many events it has had: what a command may expect.
    pub version: u64,
    /// How far it has come.
    pub phase: Phase,
    /// Who chooses the engineer.
    pub mode: Mode,
    /// When the customer asked.
    pub requested: Instant,
    /// Its commitments.
    pub clocks: Clocks,
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
            mode,
            requested,
            clocks: Clocks::default(),
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
            Phase::Awaiting if self.clocks.runs(ClockKind::Attention) => Some(Owner::Manager),
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

    /// When the engineer has to be at the door, as long as nobody is.
    #[must_use]
    pub fn arrival_due(&self) -> Option<Instant> {
        self.clocks.get(ClockKind::Arrival).map(|clock| clock.due)
    }

    /// The same ticket for a customer who agreed to this time and to no other.
    pub(super) fn at_another_time(&self, window: Window) -> Self {
        let mut moved = self.clone();
        moved.agree(window);
        moved
    }

    /// Folds an event about this ticket, but for what it changes in the plan.
    pub(super) fn on(&mut self, event: &Event) {
        self.version += 1;
        let at = event.at;
        match &event.fact {
            Fact::Opened { due, .. } => self.clocks.begin(*due),
            Fact::Triaged { ticket, due } => {
                self.ticket = (**ticket).clone();
                self.promise(due.dispatch, due.arrival);
            }
            Fact::MergeReceived { requested, due, .. } => {
                self.requested = *requested;
                self.promise(due.dispatch, due.arrival);
            }
            Fact::EmergencyDeclared { priority, due } => {
                self.ticket.priority = *priority;
                self.ticket.due = due.arrival;
                self.promise(due.dispatch, due.arrival);
            }
            Fact::Reopened { due, .. } => {
                self.ticket.due = due.arrival;
                self.refusals.clear();
                self.clocks = Clocks::default();
                self.clocks.begin(*due);
                self.phase = Phase::Awaiting;
            }
            Fact::ModeSet { mode } => {
                self.mode = *mode;
                self.attended();
            }
            Fact::Recommended { by, .. } => self.clocks.start(ClockKind::Attention, *by),
            Fact::Deferred { until, dispatch } => {
                self.clocks.start(ClockKind::Quiet, *until);
                if self.clocks.runs(ClockKind::Dispatch) {
                    self.clocks.start(ClockKind::Dispatch, *dispatch);
                }
            }
            Fact::Escalated { why, by } => {
                self.escalated = Some(*why);
                self.clocks.drop(ClockKind::Quiet);
                self.clocks.start(ClockKind::Attention, *by);
            }
            Fact::Breached { clock, .. } => self.clocks.breach(*clock),
            Fact::Resumed { due } => {
                self.clocks.resume(due);
                self.clocks.drop(ClockKind::Review);
                self.held_by = None;
                self.phase = Phase::Awaiting;
            }
            Fact::Returned { why, engineer, dispatch, .. } => {
                if matches!(why, Return::Released(_) | Return::CouldNotComplete(_)) {
                    self.refusals.insert(engineer.clone(), at);
                }
                self.wait(*dispatch);
            }
            Fact::Held { review, .. } => {
                self.leave();
                self.attended();
                self.proposal = None;
                self.clocks.keep_promises();
                self.clocks.pause_all(at);
                self.clocks.start(ClockKind::Review, *review);
                self.held_by = Some(match &event.cause {
                    Cause::Command { actor, .. } => actor.id.clone(),
                    Cause::Clock => String::new(),
                });
                self.phase = Phase::OnHold;
            }
            Fact::Cancelled { .. } => self.end(Phase::Cancelled, at),
            Fact::Merged { into, .. } => {
                self.merged_into = Some(into.clone());
                self.end(Phase::Merged, at);
            }
            Fact::Finished { .. } => self.end(Phase::Done, at),
            _ => self.on_offer(event),
        }
    }

    fn on_offer(&mut self, event: &Event) {
        let at = event.at;
        match &event.fact {
            Fact::Offered { epoch, offers, .. } => {
                self.epoch = *epoch;
                self.offers.clone_from(offers);
                self.lapsed.clear();
                self.attended();
                self.clocks.stop(ClockKind::Dispatch, at);
                self.phase = Phase::Offered;
            }
            Fact::Accepted { offer, holder, .. } => {
                self.close(*offer);
                self.hold(holder, at);
            }
            Fact::Assigned { holder, window, .. } => {
                if let Some(window) = window {
                    self.agree(*window);
                }
                self.hold(holder, at);
            }
            Fact::Declined { offer, engineer, .. } => {
                self.refusals.insert(engineer.clone(), at);
                self.close(*offer);
            }
            Fact::Expired { offer, engineer } => {
                self.refusals.insert(engineer.clone(), at);
                let closed = self.close(*offer);
                self.lapsed.extend(closed);
            }
            Fact::Withdrawn { offer, .. } => {
                self.close(*offer);
            }
            Fact::CounterOffered { offer, engineer, window, by } => {
                self.close(*offer);
                self.proposal = Some((engineer.clone(), *window));
                self.clocks.start(ClockKind::Consent, *by);
            }
            Fact::CounterOfferRefused => {
                if let Some((engineer, _)) = self.proposal.take() {
                    self.refusals.insert(engineer, at);
                }
                self.clocks.drop(ClockKind::Consent);
            }
            _ => self.on_visit(event),
        }
    }

    fn on_visit(&mut self, event: &Event) {
        match &event.fact {
            Fact::Departed { until, .. } => {
                self.clocks.start(ClockKind::Visit, *until);
                self.phase = Phase::EnRoute;
            }
            Fact::Arrived { until, .. } => {
                self.clocks.stop(ClockKind::Arrival, event.at);
                self.clocks.drop(ClockKind::Appointment);
                self.clocks.start(ClockKind::Visit, *until);
                self.phase = Phase::Arrived;
            }
            Fact::WorkStarted { until, .. } => {
                self.clocks.start(ClockKind::Visit, *until);
                self.phase = Phase::Working;
            }
            Fact::WorkPaused { .. } => {
                self.clocks.pause(ClockKind::Visit, event.at);
                self.phase = Phase::Paused;
            }
            Fact::Overran { until, .. } => self.clocks.start(ClockKind::Visit, *until),
            _ => {}
        }
    }

    /// Other deadlines for what is still promised; what was kept or missed stays so.
    fn promise(&mut self, dispatch: Instant, arrival: Option<Instant>) {
        if self.clocks.runs(ClockKind::Dispatch) {
            self.clocks.start(ClockKind::Dispatch, dispatch);
        }
        match arrival {
            None => self.clocks.drop(ClockKind::Arrival),
            Some(due) if self.arrival_due() != Some(due) => {
                self.clocks.start(ClockKind::Arrival, due);
            }
            Some(_) => {}
        }
    }

    /// The customer has agreed to this time and to no other.
    fn agree(&mut self, window: Window) {
        self.ticket.windows = vec![window];
        self.ticket.preferred_windows.clear();
    }

    /// Somebody takes it.
    fn hold(&mut self, holder: &Holder, at: Instant) {
        self.leave();
        self.attended();
        self.clocks.stop(ClockKind::Dispatch, at);
        self.clocks.drop(ClockKind::Consent);
        self.proposal = None;
        self.lapsed.clear();
        self.holder = Some(holder.clone());
        self.phase = Phase::Assigned;
    }

    /// It waits for an engineer again.
    fn wait(&mut self, dispatch: Instant) {
        self.leave();
        self.clocks.start(ClockKind::Dispatch, dispatch);
        self.phase = Phase::Awaiting;
    }

    /// Nobody has it any more.
    fn leave(&mut self) {
        self.holder = None;
        self.clocks.drop(ClockKind::Appointment);
        self.clocks.drop(ClockKind::Visit);
    }

    /// Somebody has acted.
    fn attended(&mut self) {
        self.escalated = None;
        self.clocks.drop(ClockKind::Attention);
        self.clocks.drop(ClockKind::Quiet);
    }

    fn end(&mut self, phase: Phase, at: Instant) {
        self.leave();
        self.attended();
        self.clocks.end(at);
        self.proposal = None;
        self.held_by = None;
        self.lapsed.clear();
        self.phase = phase;
    }

    /// An offer no longer waits; without any, nobody is asked.
    fn close(&mut self, id: u64) -> Option<Offer> {
        let position = self.offers.iter().position(|offer| offer.id == id)?;
        let closed = self.offers.remove(position);
        if self.offers.is_empty() && self.phase == Phase::Offered {
            self.phase = Phase::Awaiting;
        }
        Some(closed)
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
