//! A small town for tests: engineers along one road, a minute of driving per kilometre.

use fieldwright::dispatch::desk::{
    Act, Actor, Case, Command, Desk, Duty, Event, Fact, Offer, OfferPolicy, Refusal,
};
use fieldwright::model::{
    Agreement, Engineer, OwnedSkill, Place, Profile, SkillNeed, Ticket, TravelMode, World,
};
use fieldwright::units::{Instant, Seconds};

pub(super) const MINUTE: i64 = 60;
pub(super) const HOUR: i64 = 3_600;

/// The place `km` kilometres up the road: a degree of the equator is 111.195 km.
pub(super) fn km(km: f64) -> Place {
    Place::at(0.0, km / 111.195)
}

/// Everybody works from 0:00 to 10:00, lives where he is and drives 60 km/h on straight roads.
pub(super) fn town(engineers: &[(&str, f64)]) -> World {
    let profile = Profile {
        name: "car".into(),
        meters_per_hour: 60_000,
        detour_percent: 100,
        fixed: Seconds::ZERO,
    };
    let mut world = World::new(TravelMode::Haversine { profiles: vec![profile] });
    for &(id, at) in engineers {
        let mut engineer = Engineer::new(id, km(at), Instant(0), Instant(10 * HOUR));
        engineer.skills.push(OwnedSkill::new("boiler", 2));
        world.engineers.push(engineer);
    }
    world
}

/// An hour of work on a boiler.
pub(super) fn job(id: &str, at: f64) -> Ticket {
    let mut ticket = Ticket::new(id, km(at), Seconds(HOUR));
    ticket.skills.all.push(SkillNeed::new("boiler", 1));
    ticket
}

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
