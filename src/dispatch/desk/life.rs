//! The life of one ticket: what each event changes in it. What it changes in the plan is in `state`.

use super::case::{Case, Phase};
use super::cause::Cause;
use super::event::Event;
use super::fact::Fact;
use super::outcome::{Holder, Offer, Return};
use super::timer::{TimerKind, Timers};
use crate::clock::Pause;
use crate::units::Instant;

impl Case {
    /// Folds an event about this ticket, but for what it changes in the plan.
    pub(super) fn on(&mut self, event: &Event) {
        self.version += 1;
        let at = event.at;
        match &event.fact {
            Fact::Opened { due, .. } => self.promise(due, self.requested, at),
            Fact::Triaged { ticket, due } => {
                self.ticket = (**ticket).clone();
                // Logs of older releases may take it back.
                self.declared_emergency &= self.is_emergency();
                self.promise(due, at, at);
            }
            Fact::MergeReceived { requested, due, .. } => {
                self.requested = *requested;
                self.promise(due, at, at);
            }
            Fact::EmergencyDeclared { priority, due } => {
                self.declared_emergency = true;
                self.ticket.priority = *priority;
                self.ticket.due = due.arrival;
                self.promise(due, at, at);
            }
            Fact::Reopened { due, .. } => {
                self.requested = at;
                self.declared_emergency = false;
                self.ticket.due = due.arrival;
                self.refusals.clear();
                self.timers = Timers::default();
                self.promise(due, at, at);
                self.phase = Phase::Awaiting;
            }
            Fact::ModeSet { mode } => {
                self.mode = *mode;
                self.attended();
            }
            Fact::Recommended { by, .. } => {
                self.end_wait();
                self.timers.start(TimerKind::Attention, *by);
            }
            Fact::Deferred { until, dispatch } => {
                self.end_wait();
                self.timers.start(TimerKind::Quiet, *until);
                self.defer_dispatch(*dispatch, at);
            }
            Fact::Escalated { why, by, again } => {
                self.escalated = Some(*why);
                self.end_wait();
                if let Some(again) = again {
                    self.timers.start(TimerKind::Redispatch, *again);
                }
                let called = self.timers.get(TimerKind::Attention);
                if called.is_none_or(|timer| timer.due != *by) {
                    self.timers.start(TimerKind::Attention, *by);
                }
            }
            Fact::Retried { .. } => self.timers.start(TimerKind::Redispatch, at),
            Fact::Breached { timer, again: Some(again), .. } => self.timers.start(*timer, *again),
            Fact::Breached { timer, .. } => self.timers.breach(*timer),
            Fact::Warned { timer, moment, .. } => self.timers.warned(*timer, *moment),
            Fact::Resumed { due, warn } => self.resume(due, warn, at),
            Fact::Returned { why, engineer, dispatch, promised, due, warn, .. } => {
                self.go_on(due, warn, at);
                if matches!(why, Return::Released(_) | Return::CouldNotComplete(_)) {
                    self.refusals.insert(engineer.clone(), at);
                }
                self.leave();
                self.attended();
                self.promise_dispatch(*dispatch, promised.as_deref(), at);
                self.phase = Phase::Awaiting;
            }
            Fact::Held { reason, review, .. } => {
                self.leave();
                self.attended();
                self.proposal = None;
                self.timers.keep_promises();
                self.rest(reason, at);
                self.timers.start(TimerKind::Review, *review);
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
            Fact::Finished { .. } => {
                self.keep_promise(TimerKind::Resolution, at);
                self.end(Phase::Done, at);
            }
            _ => self.on_offer(event),
        }
    }

    fn on_offer(&mut self, event: &Event) {
        let at = event.at;
        match &event.fact {
            Fact::Offered { epoch, offers, still_called, .. } => {
                self.epoch = *epoch;
                self.offers.clone_from(offers);
                self.lapsed.clear();
                self.end_wait();
                if !still_called {
                    self.attended();
                }
                self.keep_promise(TimerKind::Dispatch, at);
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
            Fact::Reminded { offer, moment, .. } => {
                let reminded = self.offers.iter_mut().filter(|live| live.id == *offer);
                reminded.for_each(|live| live.warn.retain(|ahead| ahead > moment));
            }
            Fact::Declined { offer, engineer, .. } => {
                self.refusals.insert(engineer.clone(), at);
                self.close(*offer);
                if self.phase == Phase::Awaiting && self.proposal.is_none() {
                    self.timers.start(TimerKind::Redispatch, at);
                }
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
                self.timers.start(TimerKind::Consent, *by);
            }
            Fact::CounterOfferRefused => {
                if let Some((engineer, _)) = self.proposal.take() {
                    self.refusals.insert(engineer, at);
                }
                self.timers.drop(TimerKind::Consent);
            }
            Fact::CounterOfferWithdrawn { .. } => {
                self.proposal = None;
                self.timers.drop(TimerKind::Consent);
            }
            _ => self.on_visit(event),
        }
    }

    fn on_visit(&mut self, event: &Event) {
        match &event.fact {
            Fact::Departed { until, .. } => {
                self.attended();
                self.timers.start(TimerKind::Visit, *until);
                self.phase = Phase::EnRoute;
            }
            Fact::Arrived { until, .. } => {
                self.attended();
                self.keep_promise(TimerKind::Arrival, event.at);
                self.timers.drop(TimerKind::Appointment);
                self.timers.start(TimerKind::Visit, *until);
                self.phase = Phase::Arrived;
            }
            Fact::WorkStarted { until, due, warn, .. } => {
                self.attended();
                self.go_on(due, warn, event.at);
                self.timers.drop(TimerKind::Pause);
                self.timers.start(TimerKind::Visit, *until);
                self.phase = Phase::Working;
            }
            Fact::WorkPaused { reason, until } => {
                self.rest(reason, event.at);
                self.timers.pause(TimerKind::Visit, event.at);
                until.iter().for_each(|&until| self.timers.start(TimerKind::Pause, until));
                self.phase = Phase::Paused;
            }
            Fact::Overran { until, .. } => {
                self.attended();
                self.timers.start(TimerKind::Visit, *until);
            }
            _ => {}
        }
    }

    /// It goes on; timers that stood still run out then.
    pub(super) fn resume(
        &mut self,
        due: &[(TimerKind, Instant)],
        warn: &[(TimerKind, Instant)],
        at: Instant,
    ) {
        self.go_on(due, warn, at);
        self.timers.drop(TimerKind::Review);
        self.held_by = None;
        self.phase = Phase::Awaiting;
    }

    /// Nothing happens for now; promises say whether they stop for this.
    fn rest(&mut self, cause: &str, at: Instant) {
        self.pause_promises(cause, at);
        self.pauses.push(Pause { cause: cause.to_owned(), from: at, to: None });
    }

    /// The rest is over, if there was one.
    fn go_on(&mut self, due: &[(TimerKind, Instant)], warn: &[(TimerKind, Instant)], at: Instant) {
        self.end_pause(at);
        self.timers.resume(due, warn);
    }

    /// Somebody takes it.
    fn hold(&mut self, holder: &Holder, at: Instant) {
        let is_another = |before: &Holder| {
            (&before.engineer, &before.shift) != (&holder.engineer, &holder.shift)
        };
        // Who has it already may come when he was to come: then nobody is called, and the appointment stands.
        if self.holder.as_ref().is_none_or(is_another) {
            self.leave();
        }
        self.attended();
        self.keep_promise(TimerKind::Dispatch, at);
        self.timers.drop(TimerKind::Consent);
        self.proposal = None;
        self.lapsed.clear();
        self.holder = Some(holder.clone());
        self.phase = Phase::Assigned;
    }

    /// Nobody has it any more.
    fn leave(&mut self) {
        self.holder = None;
        self.timers.drop(TimerKind::Appointment);
        self.timers.drop(TimerKind::Visit);
    }

    /// Somebody has acted.
    fn attended(&mut self) {
        self.escalated = None;
        self.timers.drop(TimerKind::Attention);
        self.end_wait();
    }

    /// The next round has begun, or none is needed.
    fn end_wait(&mut self) {
        self.timers.drop(TimerKind::Quiet);
        self.timers.drop(TimerKind::Redispatch);
    }

    fn end(&mut self, phase: Phase, at: Instant) {
        self.leave();
        self.attended();
        self.end_promises(at);
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
