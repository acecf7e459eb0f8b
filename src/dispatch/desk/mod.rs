//! The live desk: tickets come in, engineers are asked, timers run, and nothing is lost.
//!
//! A [`Desk`] is a state machine without a clock, a thread or any I/O. A [`Command`] goes in, with the
//! moment, who gives it and a key of its own; [`Event`]s come out. The state is a fold of the events and
//! of nothing else: [`Desk::replay`] of what was written down gives the same [`State`] bit for bit,
//! because every event holds what was decided (who was asked and who else there was, when the
//! offer lapses, which routes change).
//!
//! # Embedding it
//!
//! The desk owns no timer: it says when it wants to be woken ([`Desk::next_deadline`]), and its
//! caller calls [`Desk::advance`] then. Before every command he does the same with the moment of the
//! command; a desk that is behind its deadlines refuses ([`Refusal::DeadlinePassed`]), so no answer
//! can come between a deadline and what follows from it. The events of one call are one unit:
//! they go into the journal together, and only then to phones and screens.
//!
//! Who declines is answered before the next engineer is looked for: that is a deadline which is due at once, so the
//! loop comes to it before it sleeps or takes another command.
//!
//! ```text
//!  phone, screen           your loop                    Desk                 journal, outbox
//!       |                      |                          |                         |
//!       |-- "yes", key k7 ---->|                          |                         |
//!       |                      |-- advance(now) --------->|                         |
//!       |                      |<-- events ---------------|                         |
//!       |                      |-- append, all or none ---|------------------------>|
//!       |                      |-- apply(now, ada, k7) -->|                         |
//!       |                      |<-- events or Refusal ----|                         |
//!       |                      |-- append, all or none ---|------------------------>|
//!       |<-- answer -----------|                          |                         |
//!       |                      |-- next_deadline() ------>|                         |
//!       |                      |   sleep until then, or until somebody speaks       |
//! ```
//!
//! **Threads.** One desk is one writer: keep it in one thread (or behind one lock) and send it commands
//! through a channel. A command takes microseconds, one that looks for engineers some hundreds.
//! Independent regions can have a desk each. [`Desk::branch`] is a copy to read or to try things on, and what
//! [`Desk::propose`] finds is committed by a command.
//!
//! **Rolling.** Between events the plan gets better in slices. Your loop cuts one ([`Desk::slice`]) and sends it to a
//! thread that has time ([`Slice::improve`]); what comes back is committed like any other command, timed anew from then,
//! and refused ([`Refusal::PlanMoved`]) if the desk has moved on in what it touches. No slice holds the desk up, none
//! needs a lock, and one that comes too late costs nothing.
//!
//! ```text
//!  your loop                     Desk                        a thread with time
//!       |-- slice(now, seed) ----->|                                 |
//!       |<-- Slice ----------------|                                 |
//!       |-- Slice ---------------------------------------------------|--> improve()
//!       |   commands, deadlines    |                                 |
//!       |<-- Proposal, or nothing better ----------------------------|
//!       |-- apply(CommitPlan) ---->|                                 |
//!       |<-- plan changed, whom to call; or PlanMoved                |
//! ```
//!
//! [`Cut`] says how much a slice may take and change: what is under way, locked or asked stays, and at most
//! [`Cut::calls`] customers have to be called; the others keep their engineer and their time.
//!
//! **Ports.** Notifications are made from events, by their `seq`, at least once; the desk waits for none
//! of them. When the journal refuses an append (a full disk), drop the desk and [`Desk::replay`] what
//! is written: nothing that was not written has happened.
//!
//! **Repeats.** A command that comes again under its key gets the first answer and changes nothing, for
//! [`OfferPolicy::remember_keys`]. A key with another command is refused, as is a version that is no
//! longer current ([`Refusal::Conflict`] says who has the ticket). After that time the key is forgotten, and a repeat is
//! a new command: the desk does it a second time. Whoever may try again for longer remembers longer, names the
//! version, or has a journal, which forgets no key and gives the first answer ([`Live`](crate::live::Live)).
//!
//! **Nobody.** Where nobody can take a ticket a manager is called, and has [`OfferPolicy::attention`] to act; then he is
//! called again. The desk offers it again when somebody who could take it comes on duty, gets free or has answered what
//! else he was asked, and when the first who refused has had time to think; the manager stays called until somebody
//! accepts.
//!
//! **Overdue.** Where an engineer is not at the door when the customer was told or promised that he would be, or should have
//! been done by now, or has stopped for longer than [`OfferPolicy::pause`], a manager is called in the same way, until the
//! engineer acts or the manager does.
//!
//! **Told.** Who was told when somebody comes keeps that time, within [`OfferPolicy::tolerance`], when others are put into
//! the day or fall out of it; [`OfferPolicy::calls`] says how many may have to be called for one more ticket. What cannot
//! be helped (work that takes longer, illness, an emergency) moves them as little as it must, and says whom to call.
//!
//! **Doubts.** [`Desk::decisions`] makes every decision of a log again, with its alternatives, and says where something else
//! comes out than was written down.
//!
//! **Emergencies.** Where nobody reaches an emergency in time, [`OfferPolicy::displacement`] says what may make room for
//! it. [`Offer::displaces`] names it; whoever accepts sends it back to wait, and it is offered anew at once.
//!
//! # Example
//!
//! ```
//! use fieldwright::dispatch::desk::{Act, Actor, Command, Desk, OfferPolicy, Phase};
//! use fieldwright::model::{Engineer, Place, Ticket, TravelMode, World};
//! use fieldwright::units::{Instant, Seconds};
//!
//! let mut world = World::new(TravelMode::car(36_000));
//! for (id, lat) in [("ada", 52.52), ("bob", 52.40)] {
//!     let home = Place::at(lat, 13.40);
//!     world.engineers.push(Engineer::new(id, home, Instant(0), Instant(36_000)));
//! }
//! let (mut desk, mut journal) = Desk::open(Instant(0), &world, OfferPolicy::default())?;
//! let leak = Ticket::new("leak", Place::at(52.53, 13.42), Seconds(3_600));
//! journal.extend(desk.apply(Instant(0), &Actor::support("sue"), "1", &Command::open(leak))?);
//!
//! // Ada is nearest and does not answer within 30 minutes: bob is asked.
//! let due = desk.next_deadline().expect("an offer");
//! assert_eq!(due, Instant(1_800));
//! journal.extend(desk.advance(due));
//! let case = desk.state().case("leak").expect("opened");
//! assert_eq!(case.offers[0].engineer, "bob");
//! let yes = Command::on("leak", Act::Accept { offer: case.offers[0].id, epoch: case.epoch });
//! journal.extend(desk.apply(Instant(1_900), &Actor::engineer("bob"), "2", &yes)?);
//!
//! assert_eq!(desk.state().case("leak").expect("opened").phase, Phase::Assigned);
//! assert!(Desk::replay(&journal).state() == desk.state());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is promised
//!
//! A desk that is opened under an [`Agreement`](crate::model::Agreement) ([`Desk::open_under`]) takes the deadlines of a ticket from the
//! commitments that fit it: its customer, contract and job, its priority, and the region it lies in. The most
//! specific one wins; a ticket for which two contradict each other is refused. Where no commitment fits, the
//! house promises by itself: to ask somebody within [`OfferPolicy::dispatch`], and what the ticket's `due` says.
//!
//! ```text
//!  Agreement --compile--> clock::Terms             Open, Triage, Reopen, Merge        Hold, Resume
//!                              |                             |                             |
//!                  (most specific commitment)                v                             v
//!                              +----------------------> clock::Clock <---- pauses, by their causes
//!                                                            |
//!                                            deadline, moments to warn   (written into the event)
//!                                                            v
//!  next_deadline() <--------------------------------- Timer of the case ----> Warned, Breached
//! ```
//!
//! | [`Timer`] | the commitment's clock | otherwise | stopped by |
//! |---|---|---|---|
//! | dispatch | `dispatch` | [`OfferPolicy::dispatch`] | an offer, or an assignment |
//! | an offer's expiry | `acceptance` | [`OfferPolicy::expiry`] | the answer |
//! | arrival | `arrival` | `due` of the ticket | `Arrive` |
//! | resolution | `resolution` | none | `Finish` |
//!
//! A hold, or an engineer who stops his work, stops the clocks whose promise names the reason in `stops_for`, and those of
//! the house for any reason. The others run on, and may run out. Moments to warn are deadlines like others:
//! [`Fact::Warned`] says whom, and [`Fact::Reminded`] who has to answer an offer soon.
//! [`Desk::ledger`] is the account of a promise, also when all is over.
//!
//! ```
//! use fieldwright::dispatch::desk::{Act, Actor, Command, Desk, OfferPolicy};
//! use fieldwright::model::{Agreement, ClockKind, Engineer, Place, Ticket, TravelMode, World};
//! use fieldwright::units::{Instant, Seconds};
//!
//! let agreement: Agreement = serde_json::from_str(r#"{"commitments": [
//!     {"id": "gold", "for": {"contract": "gold"}, "promise": {"clock": "arrival", "within": 14400,
//!         "stops_for": ["customer_absent"], "warn": [{"percent": 75}]}}]}"#)?;
//! let mut world = World::new(TravelMode::car(36_000));
//! world.engineers.push(Engineer::new("ada", Place::at(52.5, 13.4), Instant(0), Instant(36_000)));
//! let (mut desk, _) = Desk::open_under(Instant(0), &world, OfferPolicy::default(), agreement)?;
//!
//! let mut leak = Ticket::new("leak", Place::at(52.51, 13.42), Seconds(3_600));
//! leak.contract = Some("gold".into());
//! let sue = Actor::support("sue");
//! desk.apply(Instant(0), &sue, "1", &Command::open(leak))?;
//! let away = Act::Hold { reason: "customer_absent".into(), review: Instant(7_200) };
//! desk.apply(Instant(600), &sue, "2", &Command::on("leak", away))?;
//! desk.advance(Instant(7_200));
//! assert_eq!(desk.state().case("leak").expect("opened").arrival_due(), Some(Instant(21_000)));
//! let ledger = desk.ledger("leak", ClockKind::Arrival, Instant(9_000))?.expect("promised");
//! assert_eq!(ledger.to_string(), "\
//! 0 600 +600 s, open
//! 600 7200  6600 s, paused: customer_absent
//! 7200 9000 +1800 s, open
//! ");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How engineers are found
//!
//! Trees over where engineers are and where their visits are give the nearest who have the skills and
//! may be asked. For each of them an *excerpt* is made, his day from now on with what is left of
//! his routes and the ticket, and asked like any other problem: one clock and one insertion in the
//! whole house. An excerpt costs what [`Problem`](crate::problem::Problem) and its tables cost for some ten places; where travel
//! comes from a matrix or a road network, that is copied for each of them, so live desks of size
//! want great circles or small matrices.

mod actor;
mod agenda;
mod answers;
mod carry_out;
mod case;
mod cause;
mod chances;
mod choice;
mod command;
mod deadlines;
mod decisions;
mod displace;
mod duty;
mod event;
mod excerpt;
mod fact;
mod forecast;
mod found;
mod kept;
mod lent;
mod life;
mod look;
mod member;
mod near;
mod opening;
mod outcome;
mod placement;
mod policy;
mod promise;
mod propose;
mod refusal;
mod retry;
mod round;
mod slice;
mod state;
mod tickets;
mod timer;
mod told;
mod visit;
mod work;

pub use actor::{Actor, RIGHTS, Role, may};
pub use case::{Case, Owner, Phase};
pub use cause::Cause;
pub use choice::{Choice, Order, Ranked};
pub use command::{Act, Command, Duty, Mode};
pub use decisions::{Decision, Decisions, Difference};
pub use event::Event;
pub use fact::Fact;
pub use forecast::{Forecast, Risk};
pub use found::{Finder, Found};
pub use member::{Current, Member};
pub use outcome::{Escalation, Holder, Manner, Offer, PlanChange, Return, Withdrawal};
pub use policy::{Displacement, LateAccept, Odds, OfferPolicy, OnTimeout, QuietHours, ShortOfTime};
pub use promise::{Due, Promised};
pub use propose::{Proposal, Search};
pub use refusal::Refusal;
pub use slice::{Cut, Slice};
pub use state::State;
pub use timer::{Timer, TimerKind, TimerState, Timers};
pub use visit::CUSTOMER_ABSENT;

use crate::clock::{ClockError, Ledger, Terms};
use crate::model::ClockKind;
use crate::units::{Instant, LIMIT};
use kept::Kept;
use near::Near;
use work::{Work, happen};

/// The live desk.
#[derive(Clone, Debug)]
pub struct Desk {
    state: State,
    near: Near,
    terms: Terms,
    kept: Kept,
}

impl Desk {
    /// Everything it knows.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// A copy to try things on: drop it, or give the same commands to the desk itself.
    #[must_use]
    pub fn branch(&self) -> Self {
        self.clone()
    }

    /// The account of a promise up to a moment: what was counted, what was skipped, and why. Of a ticket that
    /// was reopened, that of the promise which ran then. Nothing where nothing was promised.
    ///
    /// # Errors
    /// A moment out of reach; a calendar that the agreement no longer has.
    pub fn ledger(
        &self,
        ticket: &str,
        kind: ClockKind,
        at: Instant,
    ) -> Result<Option<Ledger>, ClockError> {
        let clock = self.state.case(ticket).and_then(|case| case.clock(kind, at));
        clock.map(|clock| self.terms.read(&clock)?.ledger(at)).transpose()
    }

    /// When something has to be done without a command. O(1).
    #[must_use]
    pub fn next_deadline(&self) -> Option<Instant> {
        self.state.next_deadline()
    }

    /// Deals with every deadline up to now, in order. Touches none that is still ahead: O(log n) for
    /// each one that is due, plus what follows from it. Does nothing when time runs backwards, or is out of reach
    /// (in milliseconds, say): deadlines that have passed once have passed for good.
    pub fn advance(&mut self, now: Instant) -> Vec<Event> {
        if now < self.state.now || now > Instant(LIMIT) {
            return Vec::new();
        }
        let mut work = self.work(now, Cause::Clock);
        while let Some(deadline) = work.state.first_deadline()
            && deadline.0 <= now
        {
            work.near.pass(work.state, now);
            work.fire(deadline);
            work.retry_relieved();
            // Every deadline ends in an event that ends it; only a state that no desk has written
            // could make this an endless loop.
            if work.state.first_deadline() == Some(deadline) {
                break;
            }
        }
        work.events
    }

    /// Does what somebody asks for. Deadlines up to now must have been dealt with ([`advance`](Self::advance)).
    ///
    /// A command that comes again under its key gets the first answer and changes nothing.
    ///
    /// # Errors
    /// Why it is refused. Nothing has changed then.
    pub fn apply(
        &mut self,
        now: Instant,
        actor: &Actor,
        key: &str,
        command: &Command,
    ) -> Result<Vec<Event>, Refusal> {
        if key.is_empty() {
            return Err(Refusal::NoKey);
        }
        let digest = cause::digest(actor, command);
        if let Some(known) = self.state.remembered(key) {
            if known.digest == digest {
                return Ok(known.events.clone());
            }
            return Err(Refusal::KeyReused { key: key.to_owned() });
        }
        self.check_time(now, command)?;
        let name = command.name();
        if !may(actor.role, name) {
            return Err(Refusal::WrongRole { role: actor.role, command: name });
        }
        let cause = Cause::Command { actor: actor.clone(), key: key.to_owned(), digest };
        let mut work = self.work(now, cause);
        work.command(command)?;
        work.retry_relieved();
        Ok(work.events)
    }

    fn check_time(&self, now: Instant, command: &Command) -> Result<(), Refusal> {
        if now < self.state.now {
            return Err(Refusal::TimeRunsBack { last: self.state.now, now });
        }
        let is_sane = |moment: &Instant| (-LIMIT..=LIMIT).contains(&moment.0);
        if let Some(moment) =
            [Some(now), command.moment()].into_iter().flatten().find(|m| !is_sane(m))
        {
            return Err(Refusal::BadMoment { moment, now });
        }
        match self.next_deadline() {
            Some(due) if due <= now => Err(Refusal::DeadlinePassed { due, now }),
            _ => Ok(()),
        }
    }

    /// Takes in an event that was written down before.
    pub(crate) fn take_in(&mut self, event: &Event) {
        happen(&mut self.state, &mut self.near, &mut self.kept, event);
        if let Fact::DeskOpened { agreement, .. } | Fact::AgreementSet { agreement } = &event.fact {
            // Every agreement was checked before it was written down.
            self.terms = Terms::compile(agreement).unwrap_or_default();
        }
        if let Fact::DeskOpened { .. } = &event.fact {
            self.near = Near::of(&self.state);
            self.kept = Kept::default();
        }
    }

    fn work(&mut self, now: Instant, cause: Cause) -> Work<'_> {
        let Self { state, near, terms, kept } = self;
        Work { state, near, terms, kept, now, cause, events: Vec::new(), relieved: Vec::new() }
    }
}
