//! Decisions of a log made again from what was known when they were made, to see whether they come out as written down.
//!
//! Replaying a log decides nothing and believes every event; this believes only what people did, and asks the
//! desk again what it would have done.

use super::Desk;
use super::cause::Cause;
use super::choice::Order;
use super::event::Event;
use super::fact::Fact;
use super::found::Found;
use super::outcome::{Escalation, Offer};
use super::propose::Proposal;
use super::work::Work;
use crate::dispatch::words;
use rustc_hash::FxHashMap;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::fmt;

/// A decision as it was written down, and as it is made again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decision<'e> {
    /// The event that holds it.
    pub event: &'e Event,
    /// What comes out now; nothing where nothing would be decided.
    pub again: Option<Fact>,
}

/// Where a decision comes out otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The field of the event's data, such as `choice.ranked[0].score[2]`.
    pub field: String,
    /// Its JSON as it was written down; `null` where there is none.
    pub recorded: Value,
    /// Its JSON as it comes out now.
    pub again: Value,
}

/// The decisions of a log, one after the other.
#[derive(Clone, Debug)]
pub struct Decisions<'e> {
    /// The desk up to here.
    desk: Desk,
    rest: &'e [Event],
    ready: VecDeque<Decision<'e>>,
    /// The proposals that are committed further on, by the event that the desk had not seen when they were found.
    ahead: BTreeMap<u64, Vec<(&'e Event, &'e Found)>>,
    /// Those that were found again, by the event that commits them.
    found: FxHashMap<u64, Proposal>,
}

impl Desk {
    /// Makes every decision of a log again, bit for bit: who is offered a ticket, recommended for it, gets it or
    /// accepts it with which route, who else there is, or why a manager is called; where a ticket goes that has changed;
    /// and which better routes were found, from the desk as it was when their slice was cut. What people said is taken as it stands, and so is what follows
    /// from an event without a choice: the rest of somebody's day, timed anew.
    ///
    /// The log is complete, from its first event on. Each decision costs what it cost the desk. One that was tampered
    /// with comes out otherwise, as does everything that was decided under a policy, by a version or in a world
    /// that was not the one in the log.
    ///
    /// ```
    /// use fieldwright::dispatch::desk::{Actor, Command, Desk, Fact, OfferPolicy};
    /// use fieldwright::model::{Engineer, Place, Ticket, TravelMode, World};
    /// use fieldwright::units::{Instant, Seconds};
    ///
    /// let mut world = World::new(TravelMode::car(36_000));
    /// world.engineers.push(Engineer::new("ada", Place::at(52.5, 13.4), Instant(0), Instant(36_000)));
    /// let (mut desk, mut log) = Desk::open(Instant(0), &world, OfferPolicy::default())?;
    /// let leak = Ticket::new("leak", Place::at(52.51, 13.42), Seconds(3_600));
    /// log.extend(desk.apply(Instant(0), &Actor::support("sue"), "1", &Command::open(leak))?);
    /// assert!(Desk::decisions(&log).all(|decision| decision.is_same()));
    ///
    /// let offered = log.last_mut().expect("to ada");
    /// if let Fact::Offered { offers, .. } = &mut offered.fact {
    ///     offers[0].expires = Instant(60);
    /// }
    /// let decision = Desk::decisions(&log).next().expect("the offer");
    /// assert_eq!(decision.differences()[0].field, "offers[0].expires");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn decisions(log: &[Event]) -> Decisions<'_> {
        let mut ahead: BTreeMap<u64, Vec<(&Event, &Found)>> = BTreeMap::new();
        for event in log {
            if let Fact::PlanChanged { found: Some(found), .. } = &event.fact {
                ahead.entry(found.seq).or_default().push((event, found));
            }
        }
        let (desk, ready, found) = (Self::replay([]), VecDeque::new(), FxHashMap::default());
        Decisions { desk, rest: log, ready, ahead, found }
    }
}

impl<'e> Iterator for Decisions<'e> {
    type Item = Decision<'e>;

    fn next(&mut self) -> Option<Decision<'e>> {
        while self.ready.is_empty() {
            let unit = self.rest.chunk_by(|a, b| is_one_command(&a.cause, &b.cause)).next()?;
            self.rest = &self.rest[unit.len()..];
            self.find_again();
            self.make_again(unit);
        }
        self.ready.pop_front()
    }
}

impl<'e> Decisions<'e> {
    /// What was found when the desk had come so far, and committed later or not.
    fn find_again(&mut self) {
        for (event, found) in self.ahead.remove(&self.desk.state.next).unwrap_or_default() {
            if let Some(proposal) = self.desk.find_again(found) {
                self.found.insert(event.seq, proposal);
            }
        }
    }

    /// Whoever names an engineer has seen the desk as it was before anything came of it; what the desk decides by
    /// itself follows from what came before.
    fn make_again(&mut self, unit: &'e [Event]) {
        let named = unit.iter().find(|event| is_named(&event.fact));
        let mut named = named.map(|event| self.decision(event, ""));
        let mut before: Option<&Event> = None;
        for event in unit {
            let changed = before.filter(|before| is_changed(&before.fact));
            let changed = changed.map_or("", |before| before.subject.as_str());
            if is_named(&event.fact) {
                self.ready.extend(named.take());
            } else if is_decided(&event.fact, !changed.is_empty()) {
                let decision = self.decision(event, changed);
                self.ready.push_back(decision);
            }
            self.desk.take_in(event);
            before = Some(event);
        }
    }

    /// Of the ticket that has just `changed` it is the place that is found for it.
    fn decision(&mut self, event: &'e Event, changed: &str) -> Decision<'e> {
        let work = self.desk.work(event.at, event.cause.clone());
        let again = match &event.fact {
            Fact::PlanChanged { found: None, .. } => work.placed_again(changed).map(|placement| {
                let change = work.change(placement.day.routes, None);
                Fact::PlanChanged { change, found: None }
            }),
            Fact::PlanChanged { .. } => {
                let proposal = self.found.remove(&event.seq);
                proposal.and_then(|proposal| work.committed(&proposal).ok())
            }
            fact => work.again(&event.subject, fact),
        };
        Decision { event, again }
    }
}

/// True for the events of one command; time that passes has none.
fn is_one_command(a: &Cause, b: &Cause) -> bool {
    matches!(a, Cause::Command { .. }) && a == b
}

/// True when somebody of the house, or the customer, says who it is to be.
fn is_named(fact: &Fact) -> bool {
    match fact {
        Fact::Assigned { .. } => true,
        Fact::Offered { choice, .. } => choice.order == Order::Named,
        _ => false,
    }
}

/// True when a ticket is another one from now on, and somebody may have it.
fn is_changed(fact: &Fact) -> bool {
    matches!(fact, Fact::Triaged { .. } | Fact::EmergencyDeclared { .. })
}

/// True when the desk decides; also where a ticket goes that has just `changed`.
fn is_decided(fact: &Fact, changed: bool) -> bool {
    use Escalation::{Nobody, ShortOfTime, TooLate};
    match fact {
        Fact::Escalated { why, .. } => matches!(why, Nobody | TooLate | ShortOfTime),
        Fact::PlanChanged { found, .. } => found.is_some() || changed,
        Fact::Offered { .. }
        | Fact::Recommended { .. }
        | Fact::Deferred { .. }
        | Fact::Accepted { .. } => true,
        _ => false,
    }
}

impl Work<'_> {
    /// A decision made again; nothing where nothing is decided.
    fn again(&self, ticket: &str, recorded: &Fact) -> Option<Fact> {
        let case = self.state.case(ticket)?;
        match recorded {
            Fact::Offered { offers, choice, .. } if choice.order == Order::Named => {
                let member = self.state.member(&offers.first()?.engineer)?;
                Some(self.named(case, member, &self.look().fit(case, member)?))
            }
            Fact::Assigned { holder, reason, window, .. } => {
                let member = self.state.member(&holder.engineer)?;
                Some(self.given(case, member, *window)?.fact(reason.clone()))
            }
            Fact::Accepted { offer, manner, .. } => {
                let mut offers = case.offers.iter().chain(&case.lapsed);
                let offer = offers.find(|known| known.id == *offer)?;
                let member = self.state.member(&offer.engineer)?;
                let placement = self.look().fit_offer(case, member, offer)?;
                Some(self.accepted(&placement, offer, *manner))
            }
            _ => match self.round(ticket) {
                Ok(round) => round.map(|(fact, _)| fact),
                Err(why) => Some(match (self.escalated(case, why), recorded) {
                    // Logs from before the desk tried again by itself say nothing of it.
                    (Fact::Escalated { why, by, .. }, Fact::Escalated { again: None, .. }) => {
                        Fact::Escalated { why, by, again: None }
                    }
                    (fact, _) => fact,
                }),
            },
        }
    }
}

impl Decision<'_> {
    /// True when it comes out as it was written down, to the last bit.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.again.as_ref() == Some(&self.event.fact)
    }

    /// Where it comes out otherwise, field by field; none where it comes out the same.
    #[must_use]
    pub fn differences(&self) -> Vec<Difference> {
        let data = |fact: &Fact| serde_json::json!(fact)["data"].take();
        let mut found = Vec::new();
        match &self.again {
            Some(again) if again.event_type() == self.event.fact.event_type() => {
                compare("", &data(&self.event.fact), &data(again), &mut found);
            }
            again => {
                let again = again.as_ref().map(Fact::event_type);
                let (recorded, again) = (self.event.fact.event_type().into(), again.into());
                found.push(Difference { field: "type".into(), recorded, again });
            }
        }
        found
    }
}

/// Collects where two JSON values differ.
fn compare(field: &str, recorded: &Value, again: &Value, found: &mut Vec<Difference>) {
    match (recorded, again) {
        (Value::Object(a), Value::Object(b)) => {
            let only = b.keys().filter(|key| !a.contains_key(*key));
            for key in a.keys().chain(only) {
                let dot = if field.is_empty() { "" } else { "." };
                let (a, b) = (a.get(key), b.get(key));
                let (a, b) = (a.unwrap_or(&Value::Null), b.unwrap_or(&Value::Null));
                compare(&format!("{field}{dot}{key}"), a, b, found);
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            for n in 0..a.len().max(b.len()) {
                let (a, b) = (a.get(n), b.get(n));
                let (a, b) = (a.unwrap_or(&Value::Null), b.unwrap_or(&Value::Null));
                compare(&format!("{field}[{n}]"), a, b, found);
            }
        }
        _ if recorded == again => {}
        _ => {
            let (recorded, again) = (recorded.clone(), again.clone());
            found.push(Difference { field: field.to_owned(), recorded, again });
        }
    }
}

impl fmt::Display for Decision<'_> {
    /// What was decided, who else there was, and whether it comes out the same.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Event { seq, at, subject, fact, .. } = self.event;
        writeln!(f, "event {seq} at {at}, {subject}: {}", outcome(fact))?;
        if let Fact::Offered { choice, .. }
        | Fact::Recommended { choice, .. }
        | Fact::Assigned { choice, .. } = fact
        {
            write_lines(f, choice)?;
        }
        if let Fact::PlanChanged { found: Some(found), .. } = fact {
            write_lines(f, found)?;
        }
        if self.is_same() {
            return writeln!(f, "  made again: the same");
        }
        let again = self.again.as_ref().map_or_else(|| "nothing is decided".into(), outcome);
        writeln!(f, "  made again: NOT THE SAME, {again}")?;
        for Difference { field, recorded, again } in self.differences() {
            writeln!(f, "    {field}: {recorded} was written down, {again} comes out")?;
        }
        Ok(())
    }
}

fn write_lines(f: &mut fmt::Formatter<'_>, about: &impl fmt::Display) -> fmt::Result {
    about.to_string().lines().try_for_each(|line| writeln!(f, "  {line}"))
}

/// A decision in a few words.
fn outcome(fact: &Fact) -> String {
    match fact {
        Fact::Offered { offers, .. } => {
            let asked = |offer: &Offer| format!("{} until {}", offer.engineer, offer.expires);
            format!("offered to {}", words::list(&offers.iter().map(asked).collect::<Vec<_>>()))
        }
        Fact::Recommended { choice, .. } => {
            let names: Vec<String> = choice.ranked.iter().map(|it| it.engineer.clone()).collect();
            format!("{} recommended", words::list(&names))
        }
        Fact::Deferred { until, .. } => format!("nobody is asked before {until}"),
        Fact::Escalated { why, .. } => format!("a manager is called, {why}"),
        Fact::Accepted { holder, manner, .. } => {
            format!("accepted by {} {manner}", holder.engineer)
        }
        Fact::Assigned { holder, instead_of, reason, .. } => {
            let before = instead_of.iter().map(|before| format!(" instead of {before}"));
            let rules = if holder.against_rules { " against the rules" } else { "" };
            format!("given to {}{}{rules}: {reason}", holder.engineer, before.collect::<String>())
        }
        Fact::PlanChanged { change, .. } => {
            let shifts: Vec<String> = change.routes.iter().map(|it| it.shift.clone()).collect();
            format!("other routes for {}", words::list(&shifts))
        }
        other => other.event_type().to_owned(),
    }
}
