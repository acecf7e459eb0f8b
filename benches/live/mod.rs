//! The desk that `desk` and `latency` measure: 10,000 engineers and 100,000 open tickets.
//!
//! Every second engineer has four visits; 60,000 tickets wait with a manager's timer running, 40,000 are assigned.
//! Emergencies come on a fuller day, on which everybody has six visits at fixed times and 40,000 tickets wait.

use fieldwright::dispatch::desk::{
    Act, Actor, Case, Command, Desk, Duty, Event, OfferPolicy, Phase,
};
use fieldwright::model::{
    Engineer, OwnedSkill, Place, SkillNeed, Ticket, TravelMode, Window, World,
};
use fieldwright::rng::Rng;
use fieldwright::units::{Instant, Seconds};
use std::sync::LazyLock;

const SKILLS: usize = 12;
/// From this priority on a ticket is an emergency.
const EMERGENCY: u32 = 1_000_000;

/// So many where it is measured (`cargo bench`), a fortieth where it is only run once to see that it works.
pub fn sized(full: usize) -> usize {
    static IS_MEASURED: LazyLock<bool> =
        LazyLock::new(|| std::env::args().any(|arg| arg == "--bench"));
    if *IS_MEASURED { full } else { full / 40 }
}

fn engineers() -> usize {
    sized(10_000)
}

fn open() -> usize {
    sized(100_000)
}

/// A desk, keys that were never used, and a stream of random numbers.
pub struct Live {
    pub desk: Desk,
    keys: u64,
    rng: Rng,
}

/// Who says what.
pub type Said = (Actor, Command);

impl Live {
    pub fn give(&mut self, (actor, command): &Said) -> Vec<Event> {
        self.keys += 1;
        let key = format!("key {}", self.keys);
        self.desk.apply(Instant(0), actor, &key, command).expect("not refused")
    }

    /// The next ticket, not opened yet.
    pub fn ticket(&mut self) -> Said {
        self.keys += 1;
        let ticket = ticket(&mut self.rng, format!("T{}", self.keys));
        (Actor::support("sue"), Command::open(ticket))
    }

    /// The next emergency, not opened yet.
    pub fn emergency(&mut self) -> Said {
        self.keys += 1;
        let mut leak = ticket(&mut self.rng, format!("T{}", self.keys));
        (leak.priority, leak.service) = (EMERGENCY, Seconds(3_600));
        leak.due = Some(Instant(2 * 3_600));
        (Actor::support("sue"), Command::open(leak))
    }

    /// Somebody somewhere says where he is.
    pub fn position(&mut self) -> Said {
        let id = format!("E{}", self.rng.below(engineers()));
        let report = Duty::ReportPosition { place: place(&mut self.rng) };
        (Actor::engineer(id.clone()), Command::of(id, report))
    }

    /// The yes of whoever is asked about a ticket, if anybody is.
    pub fn yes(&self, id: &str) -> Option<Said> {
        self.answer(id, |case| Act::Accept { offer: case.offers[0].id, epoch: case.epoch })
    }

    /// His no.
    pub fn no(&self, id: &str) -> Option<Said> {
        let reason = "too far".into();
        self.answer(id, |case| Act::Decline { offer: case.offers[0].id, reason })
    }

    fn answer(&self, id: &str, act: impl FnOnce(&Case) -> Act) -> Option<Said> {
        let case = self.desk.state().case(id).filter(|case| case.phase == Phase::Offered)?;
        Some((Actor::engineer(case.offers[0].engineer.clone()), Command::on(id, act(case))))
    }

    /// A ticket that somebody is asked about.
    pub fn offered(&mut self) -> String {
        loop {
            let said = self.ticket();
            let id = self.give(&said).swap_remove(0).subject;
            if self.yes(&id).is_some() {
                break id;
            }
        }
    }

    pub fn branch(&self) -> Self {
        Self { desk: self.desk.branch(), keys: self.keys, rng: self.rng.clone() }
    }

    pub fn open_and_accept(&mut self, said: &Said) {
        let id = self.give(said).swap_remove(0).subject;
        if let Some(yes) = self.yes(&id) {
            self.give(&yes);
            self.desk.advance(Instant(0));
        }
    }

    /// Tickets to be looked at by a manager, since nobody has their skill, until there are enough.
    fn pile_up(&mut self) {
        while self.desk.state().cases().len() < open() {
            self.keys += 1;
            let mut ticket = ticket(&mut self.rng, format!("T{}", self.keys));
            ticket.required = vec!["E0".into()];
            ticket.skills.all[0].level = 9;
            self.give(&(Actor::support("sue"), Command::open(ticket)));
        }
    }
}

fn place(rng: &mut Rng) -> Place {
    Place::at(52.25 + rng.unit() * 0.54, 13.0 + rng.unit() * 0.88)
}

fn skill(number: usize) -> String {
    format!("skill {number}")
}

pub fn ticket(rng: &mut Rng, id: String) -> Ticket {
    let mut ticket = Ticket::new(id, place(rng), Seconds(rng.between(6, 12) * 300));
    ticket.skills.all.push(SkillNeed::new(skill(rng.below(SKILLS)), 1));
    ticket.due = Some(Instant(rng.between(4, 9) * 3_600));
    ticket
}

/// A desk of engineers without any work.
fn quiet() -> Live {
    let mut rng = Rng::new(1, 0);
    let mut world = World::new(TravelMode::car(30_000));
    for number in 0..engineers() {
        let mut engineer =
            Engineer::new(format!("E{number}"), place(&mut rng), Instant(0), Instant(9 * 3_600));
        for _ in 0..1 + rng.below(4) {
            engineer.skills.push(OwnedSkill::new(skill(rng.below(SKILLS)), 1));
        }
        world.engineers.push(engineer);
    }
    // Nothing of the past needs to be remembered here; the shortlist is that of the defaults.
    let policy = OfferPolicy { remember_keys: Seconds(1), ..OfferPolicy::default() };
    let (desk, _) = Desk::open(Instant(0), &world, policy).expect("sound");
    Live { desk, keys: 0, rng }
}

pub fn live() -> Live {
    let mut live = quiet();
    while live.desk.state().cases().len() < 2 * open() / 5 {
        let said = live.ticket();
        live.open_and_accept(&said);
    }
    live.pile_up();
    live
}

/// Six visits for each engineer near where he starts, for him alone, each to begin at a time of its own: who
/// comes to an emergency before the last of them misses one.
pub fn full_day() -> Live {
    let mut live = quiet();
    for number in 0..6 * engineers() {
        let Live { desk, rng, .. } = &mut live;
        let engineer = &desk.state().members()[number % engineers()].engineer;
        let (turn, [lon, lat]) =
            ((number / engineers()) as i64, engineer.shifts[0].from.point().expect("on the map"));
        let mut near = |degrees: f64| degrees + (rng.unit() - 0.5) * 0.02;
        let id = format!("V{number}");
        let mut visit = Ticket::new(id, Place::at(near(lat), near(lon)), Seconds(3_600));
        visit.windows = vec![Window::new(Instant(turn * 4_500), Instant(turn * 4_500 + 900))];
        visit.required = vec![engineer.id.clone()];
        live.open_and_accept(&(Actor::support("sue"), Command::open(visit)));
    }
    live.pile_up();
    live
}
