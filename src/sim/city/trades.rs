//! What is repaired in the city: trades, how often each is asked for, and how long it takes.

use super::chance::bucket;
use crate::rng::Rng;

/// A trade: a skill, the tickets that ask for it and the part that they use up.
pub(super) struct Trade {
    /// Name of the skill.
    pub skill: &'static str,
    /// Of a hundred tickets so many, and of a hundred engineers so many have it as their main trade.
    pub share: usize,
    /// Minutes of work at level 1, least and most; each level above takes five minutes more.
    pub minutes: (i64, i64),
    /// Of those who have it as their main trade, how many are at level 1, 2 and 3.
    pub levels: [usize; 3],
    /// Its engineers are few: they are at home in the whole city, and it is nobody's second trade.
    pub is_rare: bool,
    /// The spare part that its tickets use up, if any.
    pub part: &'static str,
    /// A tool that work above level 1 needs.
    pub tool: Option<&'static str>,
}

#[rustfmt::skip]
pub(super) const TRADES: [Trade; 6] = [
    Trade { skill: "heating",    share: 25, minutes: (20, 45), levels: [10, 45, 45], is_rare: false, part: "pump", tool: Some("gas analyser") },
    Trade { skill: "plumbing",   share: 25, minutes: (15, 35), levels: [10, 45, 45], is_rare: false, part: "valve", tool: None },
    Trade { skill: "electrical", share: 20, minutes: (15, 40), levels: [10, 45, 45], is_rare: false, part: "breaker", tool: None },
    Trade { skill: "appliances", share: 16, minutes: (20, 40), levels: [10, 45, 45], is_rare: false, part: "main board", tool: None },
    Trade { skill: "network",    share: 10, minutes: (15, 40), levels: [10, 45, 45], is_rare: false, part: "router", tool: Some("fibre splicer") },
    Trade { skill: "lifts",      share:  4, minutes: (20, 40), levels: [0, 100, 0],   is_rare: true,  part: "door drive", tool: None },
];

/// A skill of those who are still learning; some customers rule it out.
pub(super) const TRAINEE: &str = "trainee";

/// The number of the trade that the given hundredth of all falls into.
pub(super) fn trade_at(hundredth: usize) -> usize {
    bucket(hundredth, TRADES.iter().map(|trade| trade.share))
}

/// A trade by its share.
pub(super) fn draw_trade(rng: &mut Rng) -> usize {
    trade_at(rng.below(100))
}
