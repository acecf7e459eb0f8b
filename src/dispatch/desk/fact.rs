//! Everything that can happen, and what is written down of it.
//!
//! A fact holds the outcome of every decision. Its type, `aftersales.dispatch.<past verb>.v1`, never changes its
//! meaning; what is added later is left out of the JSON where it says nothing, so old logs read alike.

use super::case::Owner;
use super::choice::Choice;
use super::command::Mode;
use super::found::Found;
use super::outcome::{Escalation, Holder, Manner, Offer, PlanChange, Return, Withdrawal};
use super::policy::{OfferPolicy, recorded};
use super::promise::{Due, Promised};
use super::timer::TimerKind;
use crate::model::{Agreement, Engineer, Place, Ticket, Window, World};
use crate::units::Instant;
use serde::{Deserialize, Serialize};

macro_rules! facts {
    ($($(#[$doc:meta])* $type:literal $name:ident $({ $($(#[$about:meta])* $field:ident: $of:ty,)* })?)*) => {
        /// What happened.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "type", content = "data", deny_unknown_fields)]
        pub enum Fact {
            $($(#[$doc])*
            #[serde(rename = $type)]
            $name $({ $($(#[$about])* $field: $of,)* })?,)*
        }

        impl Fact {
            /// Every type of event.
            pub const TYPES: &'static [&'static str] = &[$($type),*];

            /// The type of this event.
            #[must_use]
            pub const fn event_type(&self) -> &'static str {
                match self { $(Self::$name { .. } => $type,)* }
            }
        }
    };
}

facts! {
    /// The desk opens, in this world (its tickets left out) and under these rules.
    "aftersales.dispatch.desk_opened.v1" DeskOpened {
        /// Regions, depots, travel and objective; engineers are enrolled one by one.
        world: Box<World>,
        /// The rules for offers.
        #[serde(deserialize_with = "recorded")]
        policy: Box<OfferPolicy>,
        /// What was promised to whom.
        #[serde(default, skip_serializing_if = "Agreement::is_empty")]
        agreement: Box<Agreement>,
    }
    /// What is promised to tickets from now on.
    "aftersales.dispatch.agreement_set.v1" AgreementSet {
        /// All of it.
        agreement: Box<Agreement>,
    }
    /// The rules for offers are others from now on.
    "aftersales.dispatch.policy_set.v1" PolicySet {
        /// The new rules.
        #[serde(deserialize_with = "recorded")]
        policy: Box<OfferPolicy>,
    }
    /// Routes are others now: timed anew, or replaced by better ones.
    "aftersales.dispatch.plan_changed.v1" PlanChanged {
        /// What changes.
        change: PlanChange,
        /// How the better ones were found; nothing where routes were timed anew, or somebody proposed others.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        found: Option<Box<Found>>,
    }
    /// An engineer joined, or his data changed.
    "aftersales.dispatch.engineer_enrolled.v1" EngineerEnrolled {
        /// All about him.
        engineer: Box<Engineer>,
    }
    /// He may be asked.
    "aftersales.dispatch.duty_begun.v1" DutyBegun
    /// He is not asked any more.
    "aftersales.dispatch.duty_ended.v1" DutyEnded {
        /// Why.
        reason: String,
    }
    /// He does nothing from then on.
    "aftersales.dispatch.engineer_fell_ill.v1" EngineerFellIll {
        /// From when on.
        from: Instant,
        /// Why, as far as that is anybody's business.
        reason: String,
    }
    /// He said where he is.
    "aftersales.dispatch.position_reported.v1" PositionReported {
        /// Where.
        place: Place,
    }
    /// There is a new ticket.
    "aftersales.dispatch.opened.v1" Opened {
        /// What is to be done where, its region found.
        ticket: Box<Ticket>,
        /// Who chooses the engineer.
        mode: Mode,
        /// When the customer asked.
        requested: Instant,
        /// When its timers run out.
        due: Due,
    }
    /// The facts are others.
    "aftersales.dispatch.triaged.v1" Triaged {
        /// As they are now.
        ticket: Box<Ticket>,
        /// When its timers run out now.
        due: Due,
    }
    /// It goes on as part of another ticket.
    "aftersales.dispatch.merged.v1" Merged {
        /// Which.
        into: String,
        /// The route it comes off.
        change: PlanChange,
    }
    /// Another ticket has become part of this one.
    "aftersales.dispatch.merge_received.v1" MergeReceived {
        /// Which.
        from: String,
        /// The earliest request of the two.
        requested: Instant,
        /// When the timers run out that still run.
        due: Due,
    }
    /// Nothing happens for now.
    "aftersales.dispatch.held.v1" Held {
        /// Why.
        reason: String,
        /// When it goes on at the latest.
        review: Instant,
        /// The route it comes off.
        change: PlanChange,
    }
    /// It goes on.
    "aftersales.dispatch.resumed.v1" Resumed {
        /// When the timers run out that stood still.
        due: Vec<(TimerKind, Instant)>,
        /// When to warn of them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        warn: Vec<(TimerKind, Instant)>,
    }
    /// Nobody comes.
    "aftersales.dispatch.cancelled.v1" Cancelled {
        /// Why.
        reason: String,
        /// The route it comes off.
        change: PlanChange,
    }
    /// It starts anew.
    "aftersales.dispatch.reopened.v1" Reopened {
        /// Why.
        reason: String,
        /// When its new timers run out.
        due: Due,
    }
    /// It comes before everything else.
    "aftersales.dispatch.emergency_declared.v1" EmergencyDeclared {
        /// Its priority from now on.
        priority: u32,
        /// When its timers run out now.
        due: Due,
    }
    /// Who chooses is decided anew.
    "aftersales.dispatch.mode_set.v1" ModeSet {
        /// Who chooses the engineer.
        mode: Mode,
    }
    /// Somebody of the house is shown the best.
    "aftersales.dispatch.recommended.v1" Recommended {
        /// Whom, and why.
        choice: Choice,
        /// When he must have chosen.
        by: Instant,
    }
    /// Engineers are asked.
    "aftersales.dispatch.offered.v1" Offered {
        /// The number of this round on the ticket. Answers to earlier rounds are void.
        epoch: u32,
        /// One for each engineer who is asked.
        offers: Vec<Offer>,
        /// Why these.
        choice: Choice,
        /// True when the desk tries again by itself: a manager who was called stays called until somebody
        /// accepts.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        still_called: bool,
    }
    /// Nobody is asked before the quiet hours end.
    "aftersales.dispatch.deferred.v1" Deferred {
        /// When they end.
        until: Instant,
        /// When somebody must have been asked now.
        dispatch: Instant,
    }
    /// A manager must act.
    "aftersales.dispatch.escalated.v1" Escalated {
        /// Why.
        why: Escalation,
        /// When he must have acted.
        by: Instant,
        /// When the desk tries again by itself, as the first who refused has had time to think.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        again: Option<Instant>,
    }
    /// A promise will be broken if nothing happens.
    "aftersales.dispatch.warned.v1" Warned {
        /// Which.
        timer: TimerKind,
        /// When it was time to warn.
        moment: Instant,
        /// When the timer runs out.
        due: Instant,
        /// Who can still keep it.
        whom: Owner,
    }
    /// An engineer who is asked has to answer soon.
    "aftersales.dispatch.reminded.v1" Reminded {
        /// Which offer.
        offer: u64,
        /// Who.
        engineer: String,
        /// When it was time to remind him.
        moment: Instant,
        /// When his answer comes too late.
        expires: Instant,
    }
    /// A timer ran out.
    "aftersales.dispatch.breached.v1" Breached {
        /// Which.
        #[serde(rename = "clock")]
        timer: TimerKind,
        /// When.
        due: Instant,
        /// When a manager who has not acted is called again, and must have acted then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        again: Option<Instant>,
    }
    /// Nobody could take it, and it is tried again at once.
    "aftersales.dispatch.retried.v1" Retried {
        /// Who could take it, as he has one question less to answer.
        engineer: String,
    }
    /// An engineer takes it.
    "aftersales.dispatch.accepted.v1" Accepted {
        /// Which offer.
        offer: u64,
        /// Who.
        holder: Holder,
        /// How.
        manner: Manner,
        /// His route with it.
        change: PlanChange,
    }
    /// An engineer does not take it.
    "aftersales.dispatch.declined.v1" Declined {
        /// Which offer.
        offer: u64,
        /// Who.
        engineer: String,
        /// Why.
        reason: String,
    }
    /// An engineer did not answer in time.
    "aftersales.dispatch.expired.v1" Expired {
        /// Which offer.
        offer: u64,
        /// Who.
        engineer: String,
    }
    /// An engineer need not answer any more.
    "aftersales.dispatch.withdrawn.v1" Withdrawn {
        /// Which offer.
        offer: u64,
        /// Who.
        engineer: String,
        /// Why.
        why: Withdrawal,
    }
    /// An engineer would come at another time.
    "aftersales.dispatch.counter_offered.v1" CounterOffered {
        /// Which offer.
        offer: u64,
        /// Who.
        engineer: String,
        /// When work would start.
        window: Window,
        /// When the customer must have answered.
        by: Instant,
    }
    /// The customer does not want the other time, or has not said so for too long.
    "aftersales.dispatch.counter_offer_refused.v1" CounterOfferRefused
    /// The customer need not say any more whether the other time suits.
    "aftersales.dispatch.counter_offer_withdrawn.v1" CounterOfferWithdrawn {
        /// Why.
        why: Withdrawal,
    }
    /// Somebody has been given the ticket.
    "aftersales.dispatch.assigned.v1" Assigned {
        /// Who.
        holder: Holder,
        /// Who had it before.
        instead_of: Option<String>,
        /// Why.
        reason: String,
        /// The new window of the ticket, when the customer agreed to one.
        window: Option<Window>,
        /// Who else there was.
        choice: Choice,
        /// The routes with and without it.
        change: PlanChange,
    }
    /// It waits for an engineer again.
    "aftersales.dispatch.returned.v1" Returned {
        /// Why.
        why: Return,
        /// Who had it.
        engineer: String,
        /// When somebody must have been asked again.
        dispatch: Instant,
        /// The commitment that says so; the house's own rules when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        promised: Option<Box<Promised>>,
        /// When the timers run out that stood still while he had stopped.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        due: Vec<(TimerKind, Instant)>,
        /// When to warn of them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        warn: Vec<(TimerKind, Instant)>,
        /// The route it came off.
        change: PlanChange,
    }
    /// The engineer has set out.
    "aftersales.dispatch.departed.v1" Departed {
        /// When he should be at the door.
        arrive: Instant,
        /// When the work should be done.
        until: Instant,
        /// The rest of his route.
        change: PlanChange,
    }
    /// The engineer is at the door.
    "aftersales.dispatch.arrived.v1" Arrived {
        /// When the work should be done.
        until: Instant,
        /// The rest of his route.
        change: PlanChange,
    }
    /// The engineer works.
    "aftersales.dispatch.work_started.v1" WorkStarted {
        /// When the work should be done.
        until: Instant,
        /// When the timers run out that stood still while he had stopped.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        due: Vec<(TimerKind, Instant)>,
        /// When to warn of them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        warn: Vec<(TimerKind, Instant)>,
        /// The rest of his route.
        change: PlanChange,
    }
    /// The engineer has stopped for a while.
    "aftersales.dispatch.work_paused.v1" WorkPaused {
        /// Why.
        reason: String,
        /// When a manager is called if he has not gone on by then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Instant>,
    }
    /// It takes longer.
    "aftersales.dispatch.overran.v1" Overran {
        /// When the work should be done.
        until: Instant,
        /// The rest of his route.
        change: PlanChange,
    }
    /// The work is done.
    "aftersales.dispatch.finished.v1" Finished {
        /// The rest of his route.
        change: PlanChange,
    }
}

impl Fact {
    /// The engineer who need not answer about a ticket any more, or has nothing to answer.
    pub(super) const fn answered(&self) -> Option<&String> {
        match self {
            Self::Accepted { holder, .. } | Self::Assigned { holder, .. } => Some(&holder.engineer),
            Self::Declined { engineer, .. }
            | Self::Expired { engineer, .. }
            | Self::CounterOffered { engineer, .. }
            | Self::Withdrawn { engineer, .. } => Some(engineer),
            _ => None,
        }
    }

    /// What it changes in the live plan.
    #[must_use]
    pub const fn change(&self) -> Option<&PlanChange> {
        match self {
            Self::PlanChanged { change, .. }
            | Self::Merged { change, .. }
            | Self::Held { change, .. }
            | Self::Cancelled { change, .. }
            | Self::Accepted { change, .. }
            | Self::Assigned { change, .. }
            | Self::Returned { change, .. }
            | Self::Departed { change, .. }
            | Self::Arrived { change, .. }
            | Self::WorkStarted { change, .. }
            | Self::Overran { change, .. }
            | Self::Finished { change } => Some(change),
            _ => None,
        }
    }
}
