//! Whom to ask, in which order, and why: a decision as it is written down.

use super::case::Case;
use super::member::Member;
use super::placement::Placement;
use super::policy::{OfferPolicy, ShortOfTime};
use crate::dispatch::words;
use crate::units::Instant;
use serde::{Deserialize, Serialize};
use std::cmp::{Ordering, Reverse};
use std::fmt;

/// A decision with everything that it was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What decided the order.
    pub order: Order,
    /// How many engineers were looked at.
    pub asked: u32,
    /// How many full rounds of offers fit in before the last moment to accept; any number when nothing
    /// was promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounds: Option<i64>,
    /// Who can take the ticket, best first, and no more than the policy says to write down.
    pub ranked: Vec<Ranked>,
}

/// What decided the order of engineers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The score; among equals who was assigned least recently, then the id.
    Score,
    /// As time is short, the chance to accept before the lesser levels of the score.
    Odds,
    /// Somebody of the house named him.
    Named,
    /// Nobody could be in time otherwise: whoever pushes out what matters least, then the score.
    Displacement,
}

/// An engineer who can take a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranked {
    /// Who.
    pub engineer: String,
    /// On which shift.
    pub shift: String,
    /// What his day costs more with it, level by level; lower is better.
    pub score: Vec<i64>,
    /// When he would be there.
    pub arrive: Instant,
    /// When work would start.
    pub start: Instant,
    /// When he must have accepted so as to be there in time; not after now when he would come too late as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest_accept: Option<Instant>,
    /// The chance that he accepts, in thousandths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub odds: Option<u32>,
    /// When he was given a ticket last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_assigned: Option<Instant>,
    /// The visits of his that an emergency would push out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub displaces: Vec<String>,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Ask the best so many, until then.
    Ask(usize, Instant),
    /// There is less than a round left, and then a manager is to be called.
    ShortOfTime,
    /// Nobody can be there in time.
    TooLate,
    /// There is nobody.
    Nobody,
}

impl Ranked {
    pub(super) fn new(
        policy: &OfferPolicy,
        now: Instant,
        case: &Case,
        member: &Member,
        placement: &Placement,
    ) -> Self {
        let candidate = &placement.candidate;
        let last = |due: Instant| {
            let last =
                Instant(due.0.saturating_sub(placement.travel.0).saturating_sub(policy.margin.0));
            // Who is on another job until then comes too late even if he accepts at once.
            if candidate.arrive > due { last.min(now) } else { last }
        };
        Self {
            engineer: candidate.engineer.clone(),
            shift: candidate.shift.clone(),
            score: candidate.score().to_vec(),
            arrive: candidate.arrive,
            start: candidate.start,
            latest_accept: case.arrival_due().map(last),
            odds: policy.odds.as_ref().map(|odds| odds.of(member)),
            last_assigned: member.last_assigned,
            displaces: placement.displaces.clone(),
        }
    }

    /// True when he cannot be there in time, even if he accepts now.
    pub(super) fn is_too_late(&self, now: Instant) -> bool {
        self.latest_accept.is_some_and(|last| last <= now)
    }
}

impl Choice {
    /// Puts those who can take a ticket in the order in which they are asked.
    pub(super) fn of(
        policy: &OfferPolicy,
        now: Instant,
        answer_by: Instant,
        asked: usize,
        mut ranked: Vec<Ranked>,
    ) -> Self {
        let left = ranked.iter().map(|ranked| ranked.latest_accept).max().flatten();
        let rounds = left.map(|left| (left - now).0.div_euclid((answer_by - now).0.max(1)));
        let by_odds = policy
            .odds
            .as_ref()
            .filter(|odds| rounds.is_some_and(|rounds| rounds <= i64::from(odds.within_rounds)));
        match by_odds {
            None => ranked.sort_by(by_score),
            Some(odds) => {
                let first = |ranked: &Ranked| {
                    let levels = ranked.score.len().min(odds.levels_first as usize);
                    ranked.score[..levels].to_vec()
                };
                ranked.sort_by(|a, b| {
                    let key = |r: &Ranked| (first(r), Reverse(r.odds));
                    key(a).cmp(&key(b)).then_with(|| by_score(a, b))
                });
            }
        }
        let order = if by_odds.is_some() { Order::Odds } else { Order::Score };
        Self { order, asked: asked as u32, rounds, ranked }
    }

    /// The same, no longer than is to be written down.
    pub(super) fn short(mut self, alternatives: u32) -> Self {
        self.ranked.truncate(alternatives as usize);
        self
    }

    /// How many to ask, and for how long.
    pub(super) fn step(&self, policy: &OfferPolicy, now: Instant, answer_by: Instant) -> Step {
        if self.ranked.is_empty() {
            return Step::Nobody;
        }
        let Some(first) = self.in_time(now).next() else { return Step::TooLate };
        // The best may be too far away to be asked for a full round while others are not.
        if first.latest_accept.is_none_or(|latest| latest >= answer_by) {
            return Step::Ask(1, answer_by);
        }
        let last = self.in_time(now).filter_map(|ranked| ranked.latest_accept).max();
        let last = last.unwrap_or(answer_by);
        match policy.short_of_time {
            // He is asked for as long as he has, and there is time for others.
            ShortOfTime::Escalate if last >= answer_by => Step::Ask(1, answer_by),
            ShortOfTime::Escalate => Step::ShortOfTime,
            ShortOfTime::Parallel { width, confidence } => {
                Step::Ask(self.width(now, width as usize, confidence), last.min(answer_by))
            }
        }
    }

    /// Those who can still be there in time, best first.
    fn in_time(&self, now: Instant) -> impl Iterator<Item = &Ranked> {
        self.ranked.iter().filter(move |ranked| !ranked.is_too_late(now))
    }

    /// So many of those who can be in time that one of them accepts with this chance, as far as the odds are known.
    fn width(&self, now: Instant, most: usize, confidence: u32) -> usize {
        let mut nobody = 1_000u64;
        let most = most.min(self.in_time(now).count());
        for (count, ranked) in (1..=most).zip(self.in_time(now)) {
            let odds = u64::from(ranked.odds.unwrap_or(0));
            nobody = nobody * (1_000 - odds.min(1_000)) / 1_000;
            if ranked.odds.is_some() && nobody + u64::from(confidence) <= 1_000 {
                return count;
            }
        }
        most
    }
}

/// Score, then who was assigned least recently, then the id.
pub(super) fn by_score(a: &Ranked, b: &Ranked) -> Ordering {
    a.score
        .cmp(&b.score)
        .then_with(|| a.last_assigned.cmp(&b.last_assigned))
        .then_with(|| a.engineer.cmp(&b.engineer))
}

impl fmt::Display for Choice {
    /// One line for each engineer.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = match self.order {
            Order::Score => "by score",
            Order::Odds => "by the chance to accept, as time is short",
            Order::Named => "as named",
            Order::Displacement => "by what they push out, as nobody is in time otherwise",
        };
        write!(f, "{} of {} can take it, {by}", self.ranked.len(), self.asked)?;
        match self.rounds {
            Some(rounds) => writeln!(f, "; time for {rounds} rounds")?,
            None => writeln!(f)?,
        }
        for (rank, ranked) in (1..).zip(&self.ranked) {
            let score = words::levels(&ranked.score);
            write!(f, "{rank:>3}. {}: {score}, there {}", ranked.engineer, ranked.arrive)?;
            if let Some(latest) = ranked.latest_accept {
                write!(f, ", must accept by {latest}")?;
            }
            if let Some(odds) = ranked.odds {
                write!(f, ", accepts {odds} of 1000")?;
            }
            if !ranked.displaces.is_empty() {
                write!(f, ", pushes out {}", ranked.displaces.join(", "))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// Urgency of a ticket that waits: what is due first, then what matters more, then what came first.
pub(super) fn urgency(case: &Case) -> (Instant, Reverse<u32>, u32) {
    let due = case.arrival_due().unwrap_or(Instant(i64::MAX));
    (due, Reverse(case.ticket.priority), case.number)
}
