//! Tickets: where, what, by when.

use super::City;
use super::chance::{percent, weighted};
use super::map::{Map, place};
use super::trades::{TRADES, TRAINEE, Trade, draw_trade};
use crate::model::{Engineer, SkillNeed, Ticket, Window};
use crate::rng::Rng;
use crate::units::{Instant, Seconds};

/// When the day begins: plans are made, and clocks run from here on. In minutes after midnight.
const MORNING: i64 = 360;

/// The tickets, in the order in which they are drawn.
pub(super) fn draw(city: &City, map: &Map, engineers: &[Engineer], rng: &mut Rng) -> Vec<Ticket> {
    (0..city.tickets).map(|number| ticket(city, number, map, engineers, rng)).collect()
}

fn ticket(city: &City, number: usize, map: &Map, engineers: &[Engineer], rng: &mut Rng) -> Ticket {
    let trade = &TRADES[draw_trade(rng)];
    let level = 1 + weighted(rng, &[56, 34, 10]) as u32;
    let (least, most) = trade.minutes;
    let minutes = 5 * rng.between(least / 5, most / 5) + 5 * i64::from(level - 1);
    let mut ticket =
        Ticket::new(format!("T{:04}", number + 1), place(map.draw(rng)), Seconds(60 * minutes));
    ask_for_skills(&mut ticket, trade, level, rng);
    let day = Day(city.midnight + Seconds(86_400 * (number % city.days.max(1)) as i64));
    promise(&mut ticket, day, rng);
    if percent(rng, 25) {
        ticket.needs.parts.insert(trade.part.into(), 1 + rng.below(2) as u32);
    }
    if level > 1 {
        ticket.needs.tools.extend(trade.tool.map(Into::into));
    }
    name_engineers(&mut ticket, trade, engineers, rng);
    ticket
}

fn ask_for_skills(ticket: &mut Ticket, trade: &Trade, level: u32, rng: &mut Rng) {
    let main = SkillNeed::new(trade.skill, level);
    let other = SkillNeed::new(TRADES[draw_trade(rng)].skill, 1);
    let demand = &mut ticket.skills;
    match rng.below(100) {
        0..5 if other.skill != main.skill => demand.all = vec![main, other],
        5..10 if other.skill != main.skill => demand.any = vec![vec![main, other]],
        10..13 => {
            demand.all = vec![main];
            demand.none = vec![SkillNeed::new(TRAINEE, 1)];
        }
        _ => demand.all = vec![main],
    }
}

/// One day, by its midnight.
#[derive(Clone, Copy)]
struct Day(Instant);

impl Day {
    /// So many minutes after midnight.
    fn at(self, minutes: i64) -> Instant {
        self.0 + Seconds(60 * minutes)
    }

    /// From one full hour to another.
    fn window(self, from: i64, to: i64) -> Window {
        Window::new(self.at(60 * from), self.at(60 * to))
    }
}

/// When the customer was promised somebody, and when he is at home.
fn promise(ticket: &mut Ticket, day: Day, rng: &mut Rng) {
    let reported = rng.between(120, 600);
    let from = reported.max(MORNING);
    if from > MORNING {
        ticket.release = Some(day.at(from));
    }
    match rng.below(100) {
        0..8 => {
            ticket.priority = 9;
            ticket.due = Some(day.at(from + 240));
        }
        8..35 => {
            ticket.priority = 3;
            ticket.due = Some(day.at(from + 480));
            if percent(rng, 40) {
                ticket.windows = vec![day.window(12, 17)];
            }
        }
        _ => {
            // Reported the day before.
            ticket.release = None;
            ticket.due = Some(day.at(24 * 60 + 720));
            ticket.windows = appointment(day, rng);
        }
    }
}

/// Half a day, two hours, two alternatives of two hours, or any time.
fn appointment(day: Day, rng: &mut Rng) -> Vec<Window> {
    let mut two_hours = || 8 + 2 * rng.between(0, 4);
    let (one, other) = (two_hours(), two_hours());
    let slot = |from: i64| day.window(from, from + 2);
    match rng.below(100) {
        0..35 => Vec::new(),
        35..53 => vec![day.window(8, 12)],
        53..70 => vec![day.window(12, 17)],
        70..90 => vec![slot(one)],
        _ if one == other => vec![slot(one)],
        _ => vec![slot(one.min(other)), slot(one.max(other))],
    }
}

/// A few customers ask for somebody, or for anybody else; both know the trade.
fn name_engineers(ticket: &mut Ticket, trade: &Trade, engineers: &[Engineer], rng: &mut Rng) {
    let (chance, who) = (rng.below(100), rng.below(1_000_000));
    let list = match chance {
        0..4 => &mut ticket.preferred,
        4..7 => &mut ticket.excluded,
        _ => return,
    };
    let knows = |engineer: &&Engineer| engineer.skills.iter().any(|s| s.skill == trade.skill);
    let known: Vec<&Engineer> = engineers.iter().filter(knows).collect();
    if !known.is_empty() {
        list.push(known[who % known.len()].id.clone());
    }
}
