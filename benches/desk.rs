//! The live desk at 10,000 engineers and 100,000 open tickets, and a million deadlines.
//!
//! `cargo bench --bench desk`. Every second engineer has four visits; 60,000 tickets wait with a
//! manager's timer running, 40,000 are assigned. Emergencies come on a fuller day, on which everybody has six
//! visits at fixed times and 40,000 tickets wait.
#![allow(missing_docs)] // criterion's macros write a main without any

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use fieldwright::dispatch::desk::{
    Act, Actor, Cause, Command, Desk, Due, Duty, Event, Fact, Mode, OfferPolicy, Phase, State,
};
use fieldwright::model::{
    Agreement, Engineer, OwnedSkill, Place, SkillNeed, Ticket, TravelMode, Window, World,
};
use fieldwright::rng::Rng;
use fieldwright::units::{Instant, Seconds};
use std::cell::RefCell;

const ENGINEERS: usize = 10_000;
const OPEN: usize = 100_000;
/// So many more wait for an answer when everything is forecast.
const OFFERED: usize = 10_000;
const SKILLS: usize = 12;
/// From this priority on a ticket is an emergency.
const EMERGENCY: u32 = 1_000_000;

fn place(rng: &mut Rng) -> Place {
    Place::at(52.25 + rng.unit() * 0.54, 13.0 + rng.unit() * 0.88)
}

fn skill(number: usize) -> String {
    format!("skill {number}")
}

fn ticket(rng: &mut Rng, id: String) -> Ticket {
    let mut ticket = Ticket::new(id, place(rng), Seconds(rng.between(6, 12) * 300));
    ticket.skills.all.push(SkillNeed::new(skill(rng.below(SKILLS)), 1));
    ticket.due = Some(Instant(rng.between(4, 9) * 3_600));
    ticket
}

/// A desk, keys that were never used, and a stream of random numbers.
struct Live {
    desk: Desk,
    keys: u64,
    rng: Rng,
}

impl Live {
    fn give(&mut self, actor: &Actor, command: &Command) -> Vec<Event> {
        self.keys += 1;
        let key = format!("key {}", self.keys);
        self.desk.apply(Instant(0), actor, &key, command).expect("not refused")
    }

    fn open(&mut self, mode: Mode) -> String {
        let id = format!("T{}", self.keys);
        let ticket = Box::new(ticket(&mut self.rng, id.clone()));
        self.give(&Actor::support("sue"), &Command::Open { ticket, mode, requested: None });
        id
    }

    fn branch(&self) -> Self {
        Self { desk: self.desk.branch(), keys: self.keys, rng: self.rng.clone() }
    }
}

/// A desk of engineers without any work.
fn quiet() -> Live {
    let mut rng = Rng::new(1, 0);
    let mut world = World::new(TravelMode::car(30_000));
    for number in 0..ENGINEERS {
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

/// Tickets to be looked at by a manager, since nobody has their skill, until there are enough.
fn pile_up(live: &mut Live) {
    while live.desk.state().cases().len() < OPEN {
        let id = format!("T{}", live.keys);
        let mut ticket = ticket(&mut live.rng, id);
        ticket.required = vec!["E0".into()];
        ticket.skills.all[0].level = 9;
        live.give(&Actor::support("sue"), &Command::open(ticket));
    }
}

fn live() -> Live {
    let mut live = quiet();
    while live.desk.state().cases().len() < 2 * OPEN / 5 {
        let id = live.open(Mode::Auto);
        accept(&mut live, &id);
    }
    pile_up(&mut live);
    live
}

/// Six visits for each engineer near where he starts, for him alone, each to begin at a time of its own: who
/// comes to an emergency before the last of them misses one.
fn full_day() -> Live {
    let mut live = quiet();
    for number in 0..6 * ENGINEERS {
        let Live { desk, rng, .. } = &mut live;
        let engineer = &desk.state().members()[number % ENGINEERS].engineer;
        let (turn, [lon, lat]) =
            ((number / ENGINEERS) as i64, engineer.shifts[0].from.point().expect("on the map"));
        let mut near = |degrees: f64| degrees + (rng.unit() - 0.5) * 0.02;
        let id = format!("T{number}");
        let mut visit = Ticket::new(&id, Place::at(near(lat), near(lon)), Seconds(3_600));
        visit.windows = vec![Window::new(Instant(turn * 4_500), Instant(turn * 4_500 + 900))];
        visit.required = vec![engineer.id.clone()];
        live.give(&Actor::support("sue"), &Command::open(visit));
        accept(&mut live, &id);
    }
    pile_up(&mut live);
    live
}

fn accept(live: &mut Live, id: &str) {
    let case = live.desk.state().case(id).expect("opened");
    if case.phase != Phase::Offered {
        return;
    }
    let (offer, epoch) = (&case.offers[0], case.epoch);
    let actor = Actor::engineer(offer.engineer.clone());
    let command = Command::on(id, Act::Accept { offer: offer.id, epoch });
    live.give(&actor, &command);
}

fn desk(criterion: &mut Criterion) {
    let live = live();
    forecasts(criterion, live.branch());
    let live = RefCell::new(live);
    let mut group = criterion.benchmark_group("desk, 10,000 engineers, 100,000 open tickets");
    group.bench_function("open, with shortlist, explained", |bencher| {
        bencher.iter_batched(
            || {
                let live = &mut *live.borrow_mut();
                live.keys += 1;
                Command::open(ticket(&mut live.rng, format!("N{}", live.keys)))
            },
            |command| live.borrow_mut().give(&Actor::support("sue"), &command),
            BatchSize::PerIteration,
        );
    });
    let offered = |live: &mut Live| loop {
        let id = live.open(Mode::Auto);
        let case = live.desk.state().case(&id).expect("opened");
        if case.phase == Phase::Offered {
            break (id, case.offers[0].clone(), case.epoch);
        }
    };
    group.bench_function("accept", |bencher| {
        bencher.iter_batched(
            || {
                let (id, offer, epoch) = offered(&mut live.borrow_mut());
                let act = Act::Accept { offer: offer.id, epoch };
                (Actor::engineer(offer.engineer), Command::on(id, act))
            },
            |(actor, command)| live.borrow_mut().give(&actor, &command),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("position", |bencher| {
        bencher.iter_batched(
            || {
                let rng = &mut live.borrow_mut().rng;
                let id = format!("E{}", rng.below(ENGINEERS));
                let report = Duty::ReportPosition { place: place(rng) };
                (Actor::engineer(id.clone()), Command::of(id, report))
            },
            |(actor, command)| live.borrow_mut().give(&actor, &command),
            BatchSize::PerIteration,
        );
    });
    let declined = |live: &mut Live| {
        let (id, offer, _) = offered(live);
        let act = Act::Decline { offer: offer.id, reason: "too far".into() };
        (Actor::engineer(offer.engineer), Command::on(id, act))
    };
    group.bench_function("decline", |bencher| {
        bencher.iter_batched(
            || {
                let live = &mut *live.borrow_mut();
                live.desk.advance(Instant(0));
                declined(live)
            },
            |(actor, command)| live.borrow_mut().give(&actor, &command),
            BatchSize::PerIteration,
        );
    });
    live.borrow_mut().desk.advance(Instant(0));
    // The next question, or the call to a manager, that follows at once.
    group.bench_function("the next is asked", |bencher| {
        bencher.iter_batched(
            || {
                let live = &mut *live.borrow_mut();
                let (actor, command) = declined(live);
                live.give(&actor, &command);
            },
            |()| live.borrow_mut().desk.advance(Instant(0)),
            BatchSize::PerIteration,
        );
    });
    group.finish();
    emergencies(criterion);
    deadlines(criterion);
}

/// On a desk of its own, so that it does not matter how much the other benches leave open.
fn forecasts(criterion: &mut Criterion, mut live: Live) {
    for _ in 0..OFFERED {
        live.open(Mode::Auto);
    }
    let mut group = criterion.benchmark_group("desk, 10,000 tickets more that are offered");
    group.sample_size(10);
    group.bench_function("forecast of every promise", |bencher| {
        bencher.iter(|| live.desk.forecast(Instant(0)));
    });
    group.finish();
}

/// An emergency for which somebody has to make room, and what follows when he takes it.
fn emergencies(criterion: &mut Criterion) {
    let live = RefCell::new(full_day());
    let mut group = criterion.benchmark_group("desk, full day, 100,000 open tickets");
    let emergency = |live: &mut Live| {
        live.keys += 1;
        let mut leak = ticket(&mut live.rng, format!("L{}", live.keys));
        (leak.priority, leak.service) = (EMERGENCY, Seconds(3_600));
        leak.due = Some(Instant(2 * 3_600));
        Command::open(leak)
    };
    group.bench_function("emergency, with who makes room", |bencher| {
        bencher.iter_batched(
            || emergency(&mut live.borrow_mut()),
            |command| {
                let events = live.borrow_mut().give(&Actor::support("sue"), &command);
                let Some(Fact::Offered { offers, .. }) = events.last().map(|event| &event.fact)
                else {
                    panic!("nobody is asked: {events:?}")
                };
                assert!(!offers[0].displaces.is_empty(), "there was room: {offers:?}");
                events
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function("accept it, and whoever it pushes out is offered anew", |bencher| {
        bencher.iter_batched(
            || {
                let live = &mut *live.borrow_mut();
                let command = emergency(live);
                let events = live.give(&Actor::support("sue"), &command);
                let id = &events[0].subject;
                let case = live.desk.state().case(id).expect("opened");
                let (offer, epoch) = (case.offers[0].clone(), case.epoch);
                let act = Act::Accept { offer: offer.id, epoch };
                (Actor::engineer(offer.engineer), Command::on(id, act))
            },
            |(actor, command)| live.borrow_mut().give(&actor, &command),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

/// One deadline of a million is due.
fn deadlines(criterion: &mut Criterion) {
    let world = World::new(TravelMode::car(30_000));
    let mut state = State::default();
    let event = |seq: u64, subject: String, fact: Fact| Event {
        seq,
        at: Instant(0),
        subject,
        cause: Cause::Clock,
        fact,
    };
    let (policy, agreement) = (Box::new(OfferPolicy::default()), Box::new(Agreement::default()));
    let opened = Fact::DeskOpened { world: Box::new(world), policy, agreement };
    state.on(&event(0, String::new(), opened));
    let rng = &mut Rng::new(1, 0);
    for number in 1..=1_000_000 {
        let id = format!("T{number}");
        let ticket = Box::new(ticket(rng, id.clone()));
        let due = Due {
            dispatch: Instant(number),
            arrival: None,
            resolution: None,
            promised: Vec::new(),
        };
        let (mode, requested) = (Mode::Recommend, Instant(0));
        state.on(&event(number as u64, id, Fact::Opened { ticket, mode, requested, due }));
    }
    let desk = Desk::resume(state);
    let mut left = desk.clone();
    criterion.bench_function("advance to one of 1,000,000 deadlines", |bencher| {
        bencher.iter(|| {
            let Some(due) = left.next_deadline() else {
                // All are dealt with, once in a million times.
                left = desk.clone();
                return Vec::new();
            };
            left.advance(due)
        });
    });
}

criterion_group!(benches, desk);
criterion_main!(benches);
