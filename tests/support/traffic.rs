//! A small town, what people may try there, and what holds whatever they do.

use fieldwright::dispatch::desk::{
    Act, Actor, Case, Command, Duty, Mode, Phase, Role, State, Timer, TimerKind, TimerState,
};
use fieldwright::model::{
    Engineer, OwnedSkill, Place, Profile, SkillNeed, Ticket, TravelMode, Window, World,
};
use fieldwright::units::{Instant, Seconds};
use std::collections::BTreeMap;

pub const MINUTE: i64 = 60;
pub const HOUR: i64 = 3_600;
pub const PEOPLE: [&str; 4] = ["ada", "bob", "cem", "dee"];

/// The place `km` kilometres up the road: a degree of the equator is 111.195 km.
pub fn km(km: f64) -> Place {
    Place::at(0.0, km / 111.195)
}

/// Engineers along one road: everybody works from 0:00 to 10:00, lives where he is and drives 60 km/h.
pub fn town(engineers: &[(&str, f64)]) -> World {
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

/// The town of [`PEOPLE`].
pub fn town_of_people() -> World {
    town(&[(PEOPLE[0], 0.0), (PEOPLE[1], 5.0), (PEOPLE[2], 12.0), (PEOPLE[3], 30.0)])
}

/// An hour of work on a boiler.
pub fn job(id: &str, at: f64) -> Ticket {
    let mut ticket = Ticket::new(id, km(at), Seconds(HOUR));
    ticket.skills.all.push(SkillNeed::new("boiler", 1));
    ticket
}

/// One step: how much time passes, then what is tried on which ticket by or for whom.
#[derive(Clone, Debug)]
pub struct Step {
    pub wait: i64,
    /// Below [`Step::WHATS`].
    pub what: u8,
    /// Below [`Step::TICKETS`].
    pub ticket: usize,
    /// Which of [`PEOPLE`].
    pub person: usize,
    /// Below [`Step::ROLES`].
    pub role: u8,
    pub amount: i64,
}

impl Step {
    pub const WHATS: u8 = 34;
    pub const TICKETS: usize = 5;
    pub const ROLES: u8 = 12;

    /// What is tried, and by whom.
    pub fn command(&self, state: &State, now: Instant) -> (Actor, Command) {
        let person = PEOPLE[self.person];
        let id = format!("T{}", self.ticket);
        let case = state.case(&id);
        let holder = case.and_then(Case::held_by_engineer).unwrap_or(person);
        let later = now + Seconds(self.amount);
        let reason = || if self.amount % 50 == 0 { " ".to_owned() } else { "so".to_owned() };
        let asked = case.and_then(|case| case.offers.iter().chain(&case.lapsed).next_back());
        let offer = asked.map_or(self.amount as u64 % 9, |offer| offer.id);
        let epoch = case.map_or(0, |case| case.epoch);
        let window = Window::new(later, later + Seconds(HOUR));
        let new_ticket = || {
            let mut ticket = job(&id, self.amount as f64 / 600.0);
            ticket.due = (self.amount % 3 == 0).then_some(later + Seconds(MINUTE));
            ticket.skills.all[0].level = 1 + (self.amount % 7 == 0) as u32 * 2;
            ticket.priority = self.amount as u32 % 9;
            ticket.contract = (self.amount % 5 > 1).then(|| "gold".into());
            ticket.customer = (self.amount % 5 > 2).then(|| "acme".into());
            ticket
        };
        let mode = if self.amount % 4 == 0 { Mode::Recommend } else { Mode::Auto };
        let requested = Some(Instant(now.0 - self.amount % 600));
        let open = Command::Open { ticket: Box::new(new_ticket()), mode, requested };
        let into = format!("T{}", self.amount % 5);
        let act = match self.what {
            0..=5 => return (self.role(holder), open),
            6 => return (self.role(person), Command::of(person, Duty::OnDuty)),
            7 => {
                let ill = Duty::Ill { from: later, reason: reason() };
                return (self.role(person), Command::of(person, ill));
            }
            8 => {
                let place = km(self.amount as f64 / 500.0);
                let report = Duty::ReportPosition { place };
                return (Actor::engineer(person), Command::of(person, report));
            }
            9 => {
                let off = Duty::OffDuty { reason: reason() };
                return (self.role(person), Command::of(person, off));
            }
            10 => Act::Triage { ticket: Box::new(new_ticket()) },
            11 => Act::Merge { into },
            12 => Act::Hold { reason: reason(), review: later },
            13 => Act::Resume,
            14 => Act::Cancel { reason: reason() },
            15 => Act::Reopen { reason: reason(), due: Some(later) },
            16 => Act::Offer,
            17 => Act::OfferTo { engineer: person.into() },
            18..=21 => Act::Accept { offer, epoch },
            22 => Act::Decline { offer, reason: reason() },
            23 => Act::CounterOffer { offer, window },
            24 => Act::Consent { agreed: self.amount % 2 == 0 },
            25 => Act::Release { reason: reason() },
            26 => Act::Assign { engineer: person.into(), reason: reason() },
            27 => Act::Emergency { due: later },
            28 | 29 => Act::Depart,
            30 => Act::Arrive,
            31 => {
                if self.amount % 2 == 0 {
                    Act::Start
                } else {
                    Act::Pause { reason: reason() }
                }
            }
            32 => {
                if self.amount % 2 == 0 {
                    Act::Finish
                } else {
                    Act::Overrun { until: later }
                }
            }
            _ => match self.amount % 3 {
                0 => Act::Recommend,
                1 => Act::CannotComplete { reason: reason() },
                _ => Act::CustomerAbsent,
            },
        };
        let version = case.filter(|_| self.amount % 10 != 0).map(|case| case.version);
        (self.role(holder), Command::Ticket { ticket: id, version, act })
    }

    /// Mostly somebody who may.
    fn role(&self, engineer: &str) -> Actor {
        let role = match self.role {
            0 => Role::Customer,
            1 => Role::System,
            2 | 3 => Role::Engineer,
            4 => Role::Support,
            _ => Role::Manager,
        };
        Actor::new(role, engineer)
    }
}

/// No ticket is lost or held twice, and each that is not over has an owner and a clock.
pub fn check_state(state: &State, opened: usize, now: Instant) {
    assert_eq!(state.cases().len(), opened, "no ticket is lost and none comes from nowhere");
    let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for member in state.members() {
        let current = member.current.iter().map(|current| current.ticket.as_str());
        for ticket in member.tickets().chain(current) {
            places.entry(ticket).or_default().push(&member.engineer.id);
        }
        for ticket in &member.offers {
            let case = state.case(ticket).expect("known");
            assert!(case.offers.iter().any(|offer| offer.engineer == member.engineer.id));
        }
    }
    for case in state.cases() {
        let id = case.ticket.id.as_str();
        let has = places.get(id).cloned().unwrap_or_default();
        let holder: Vec<&str> = case.held_by_engineer().into_iter().collect();
        assert_eq!(has, holder, "who holds {id} has it in his day, once: {case:?}");
        let is_held = case.phase == Phase::Assigned || case.phase.is_in_service();
        assert_eq!(is_held, case.holder.is_some(), "{case:?}");
        assert_eq!(case.phase == Phase::Offered, !case.offers.is_empty(), "{case:?}");
        assert_eq!(case.owner().is_none(), case.phase.is_over());
        let is_timed = case.timers.running().next().is_some() || !case.offers.is_empty();
        assert!(!case.phase.is_over() || !is_timed, "a timer runs on: {case:?}");
        // What has run out reminds nobody any more.
        let is_ahead = |timer: &Timer| timer.state == TimerState::Running && timer.due >= now;
        let has_deadline = case.timers.iter().any(|(_, timer)| is_ahead(timer));
        assert!(
            has_deadline || !case.offers.is_empty() || case.phase.is_over(),
            "no deadline is ahead: {case:?}"
        );
        let is_called = case.timers.runs(TimerKind::Attention);
        assert!(case.escalated.is_none() || is_called, "a manager is forgotten: {case:?}");
        let expired = case.offers.iter().any(|offer| offer.expires <= now);
        assert!(!expired, "an offer outlives its expiry: {case:?}");
    }
}
