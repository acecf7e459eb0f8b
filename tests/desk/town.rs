//! A day of a desk in the small town of tests.

use fieldwright::dispatch::desk::{
    Act, Actor, Case, Command, Desk, Duty, Event, Fact, Offer, OfferPolicy, Refusal,
};
use fieldwright::model::{Agreement, Ticket, World};
use fieldwright::units::Instant;

pub(super) use crate::traffic::{HOUR, MINUTE, job, km, town};

/// A desk with a watch: deadlines are dealt with as time goes on.
pub(super) struct Day {
    pub(super) desk: Desk,
    pub(super) log: Vec<Event>,
    pub(super) now: Instant,
    keys: u32,
}

impl Day {
    pub(super) fn open(world: &World, policy: OfferPolicy) -> Self {
        Self::open_under(world, policy, Agreement::default())
    }

    pub(super) fn open_under(world: &World, policy: OfferPolicy, agreement: Agreement) -> Self {
        let opened = Desk::open_under(Instant(0), world, policy, agreement);
        let (desk, log) = opened.expect("a sound world");
        Self { desk, log, now: Instant(0), keys: 0 }
    }

    /// Lets time pass until so many seconds after midnight, waking up at each deadline.
    pub(super) fn at(&mut self, seconds: i64) -> Vec<Event> {
        let mut events = Vec::new();
        while let Some(due) = self.desk.next_deadline().filter(|due| due.0 <= seconds) {
            events.extend(self.desk.advance(due));
        }
        self.now = Instant(seconds);
        self.log.extend(events.iter().cloned());
        events
    }

    pub(super) fn try_to(
        &mut self,
        actor: &Actor,
        command: Command,
    ) -> Result<Vec<Event>, Refusal> {
        self.keys += 1;
        let key = format!("key {}", self.keys);
        let events = self.desk.apply(self.now, actor, &key, &command)?;
        self.log.extend(events.iter().cloned());
        Ok(events)
    }

    #[track_caller]
    pub(super) fn act(&mut self, actor: &Actor, ticket: &str, act: Act) -> Vec<Event> {
        self.try_to(actor, Command::on(ticket, act)).expect("not refused")
    }

    #[track_caller]
    pub(super) fn refused(&mut self, actor: &Actor, ticket: &str, act: Act) -> Refusal {
        let before = self.desk.state().clone();
        let refusal = self.try_to(actor, Command::on(ticket, act)).expect_err("refused");
        assert!(before == *self.desk.state(), "a refused command changed something");
        refusal
    }

    #[track_caller]
    pub(super) fn duty(&mut self, engineer: &str, act: Duty) -> Vec<Event> {
        let actor = Actor::engineer(engineer);
        self.try_to(&actor, Command::of(engineer, act)).expect("not refused")
    }

    #[track_caller]
    pub(super) fn request(&mut self, ticket: Ticket) -> Vec<Event> {
        self.try_to(&Actor::support("sue"), Command::open(ticket)).expect("not refused")
    }

    #[track_caller]
    pub(super) fn accept(&mut self, engineer: &str, ticket: &str) -> Vec<Event> {
        let (offer, epoch) = self.offer_to(engineer, ticket);
        self.act(&Actor::engineer(engineer), ticket, Act::Accept { offer: offer.id, epoch })
    }

    /// He declines, and what follows at once.
    #[track_caller]
    pub(super) fn decline(&mut self, engineer: &str, ticket: &str) -> Vec<Event> {
        let (offer, _) = self.offer_to(engineer, ticket);
        let act = Act::Decline { offer: offer.id, reason: "too far".to_owned() };
        let mut events = self.act(&Actor::engineer(engineer), ticket, act);
        events.extend(self.at(self.now.0));
        events
    }

    /// The offer that waits for this engineer's answer, and its round.
    #[track_caller]
    pub(super) fn offer_to(&self, engineer: &str, ticket: &str) -> (Offer, u32) {
        let case = self.case(ticket);
        let offer = case.offers.iter().find(|offer| offer.engineer == engineer);
        (offer.unwrap_or_else(|| panic!("{engineer} is not asked: {case:?}")).clone(), case.epoch)
    }

    #[track_caller]
    pub(super) fn case(&self, ticket: &str) -> &Case {
        self.desk.state().case(ticket).expect("known")
    }

    /// Who is asked about a ticket.
    pub(super) fn asked(&self, ticket: &str) -> Vec<&str> {
        self.case(ticket).offers.iter().map(|offer| offer.engineer.as_str()).collect()
    }

    /// The tickets on an engineer's routes, in order.
    pub(super) fn route(&self, engineer: &str) -> Vec<&str> {
        self.desk.state().member(engineer).expect("known").tickets().collect()
    }
}

/// The last part of each event's type, without the version.
pub(super) fn verbs(events: &[Event]) -> Vec<&'static str> {
    let verb = |fact: &Fact| fact.event_type().split('.').nth(2).expect("three parts");
    events.iter().map(|event| verb(&event.fact)).collect()
}

/// The tickets whose customers must be called.
pub(super) fn calls(events: &[Event]) -> Vec<&str> {
    let changes = events.iter().filter_map(|event| event.fact.change());
    changes.flat_map(|change| &change.calls).map(String::as_str).collect()
}
