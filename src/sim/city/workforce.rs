//! Engineers: where they live, what they can do, when they work.

use super::City;
use super::chance::{percent, weighted};
use super::map::{Map, place};
use super::trades::{TRADES, TRAINEE, draw_trade, trade_at};
use crate::model::{Break, Engineer, OwnedSkill, Place, Shift};
use crate::rng::Rng;
use crate::units::Seconds;

/// The travel profile of those who do without a van.
pub(super) const BIKE: &str = "cargo bike";

#[rustfmt::skip]
const GIVEN: [&str; 16] = [
    "Ada", "Bilal", "Carla", "Dmitri", "Elif", "Fatima", "Georg", "Hanna",
    "Ivo", "Jana", "Kofi", "Lena", "Mehmet", "Nora", "Olek", "Paula",
];
#[rustfmt::skip]
const FAMILY: [&str; 13] = [
    "Arndt", "Brandt", "Celik", "Dietz", "Engel", "Fuchs", "Graf",
    "Hoang", "Ilic", "Jung", "Kaya", "Lorenz", "Nowak",
];

/// Start and end of a shift in minutes after midnight, by early, full and late.
const SHIFTS: [(i64, i64); 3] = [(360, 870), (450, 990), (690, 1_200)];

/// The engineers, trade by trade.
pub(super) fn draw(city: &City, map: &Map, rng: &mut Rng) -> Vec<Engineer> {
    (0..city.engineers).map(|number| engineer(city, number, map, rng)).collect()
}

fn engineer(city: &City, number: usize, map: &Map, rng: &mut Rng) -> Engineer {
    let main = trade_at((2 * number + 1) * 50 / city.engineers);
    let at = map.draw(rng);
    let (home, next) = map.two_regions(at);
    let is_trainee = percent(rng, 8);
    let has_bike = percent(rng, 10);
    let mut engineer = Engineer {
        name: format!("{} {}", GIVEN[number % GIVEN.len()], FAMILY[number % FAMILY.len()]),
        skills: skills(city, main, is_trainee, rng),
        region: home.filter(|_| !TRADES[main].is_rare).map(Into::into),
        lendable: !percent(rng, 15),
        shifts: shifts(city, place(at), rng),
        profile: has_bike.then(|| BIKE.into()),
        ..Engineer::new(format!("E{:03}", number + 1), place(at), city.midnight, city.midnight)
    };
    if percent(rng, 60) {
        engineer.secondary.extend(next.map(Into::into));
    }
    engineer.service_percent = match rng.below(100) {
        _ if is_trainee => 130,
        0..15 => 85,
        _ => 100,
    };
    engineer.van.tools.extend(TRADES[main].tool.map(Into::into));
    let owned =
        TRADES.iter().filter(|trade| engineer.skills.iter().any(|s| s.skill == trade.skill));
    engineer.van.parts = owned.map(|trade| (trade.part.into(), 3)).collect();
    engineer
}

/// The main trade first, then up to two more.
fn skills(city: &City, main: usize, is_trainee: bool, rng: &mut Rng) -> Vec<OwnedSkill> {
    let trade = &TRADES[main];
    let level_max = if is_trainee { 1 } else { 3 };
    let level = 1 + weighted(rng, &trade.levels) as u32;
    let mut skills = vec![OwnedSkill::new(trade.skill, level.min(level_max))];
    for share in [75, 35] {
        let (has, other, expired) = (percent(rng, share), draw_trade(rng), percent(rng, 5));
        let level = (1 + rng.below(2) as u32).min(level_max);
        let other = &TRADES[other];
        if has && !other.is_rare && skills.iter().all(|owned| owned.skill != other.skill) {
            let until = expired.then_some(city.midnight);
            skills.push(OwnedSkill { until, ..OwnedSkill::new(other.skill, level) });
        }
    }
    if is_trainee {
        skills.push(OwnedSkill::new(TRAINEE, 1));
    }
    skills
}

/// The same hours every day.
fn shifts(city: &City, home: Place, rng: &mut Rng) -> Vec<Shift> {
    let (start, end) = SHIFTS[weighted(rng, &[25, 55, 20])];
    (0..city.days)
        .map(|day| {
            let at = |minutes: i64| city.midnight + Seconds(86_400 * day as i64 + 60 * minutes);
            let lunch = Break {
                earliest: at(start + 180),
                latest: at(start + 300),
                duration: Seconds(1_800),
            };
            Shift { breaks: vec![lunch], ..Shift::new(home, at(start), at(end)) }
        })
        .collect()
}
