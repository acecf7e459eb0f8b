//! The best engineers for one ticket, each with what he would cost and why.

use super::effect::candidate;
use super::{Candidate, Dispatcher, Moved, words};
use crate::model::Issues;
use crate::solve::route::{Insertion, Question};
use crate::units::Seconds;
use rayon::prelude::*;
use serde::Serialize;
use std::fmt;

/// Who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// The nearest who are qualified: four times as many as candidates are wanted, 32 at least, and
    /// more as long as fewer of them fit than are wanted.
    Near,
    /// Everybody. Takes time linear in all engineers.
    Everybody,
}

/// Fewest engineers that are asked, if there are so many.
const ASKED_MIN: usize = 32;
/// So many times more are asked when too few fit.
const WIDEN: usize = 8;

/// Engineers who can take a ticket, best first.
///
/// Among the engineers who were asked it is exact: each is scored at the best place in his
/// route as it stands, and those who are missing here cost more or cannot take it. With
/// [`Reach::Near`] somebody farther away can be better all the same (cheaper because he is the
/// preferred engineer, say), but fewer than were wanted come only when nobody else fits at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recommendation {
    /// Id of the ticket.
    pub ticket: String,
    /// Id of the engineer who has it in the plan. He is asked as if he had not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// One for each engineer, on the best of his shifts; best first, among equals in the order of the
    /// world's shifts.
    pub candidates: Vec<Candidate>,
    /// How many engineers were asked.
    pub asked: usize,
    /// How many engineers there are.
    pub engineers: usize,
}

impl Dispatcher<'_> {
    /// The best engineers for a ticket, at most `count`.
    ///
    /// O(asked shifts x stops²), microseconds for each engineer who is asked.
    ///
    /// # Errors
    /// E508 when there is no such ticket.
    pub fn recommend(
        &self,
        ticket: &str,
        count: usize,
        reach: Reach,
    ) -> Result<Recommendation, Issues> {
        let t = self.ticket(ticket)?;
        let question = self.question(t);
        let (found, asked) = self.cheapest(&question, count, reach);
        Ok(Recommendation {
            ticket: ticket.to_owned(),
            holder: self.holder(t).map(str::to_owned),
            candidates: found.iter().map(|best| candidate(&question.ask(best.s), best)).collect(),
            asked,
            engineers: self.engineer_count() as usize,
        })
    }

    /// The cheapest insertions of a ticket, at most one for each engineer, and how many were asked.
    pub(super) fn cheapest(
        &self,
        question: &Question<'_>,
        count: usize,
        reach: Reach,
    ) -> (Vec<Insertion>, usize) {
        let everybody = self.engineer_count();
        let (mut found, asked) = match reach {
            Reach::Near => self.near(question, count),
            Reach::Everybody => {
                let all = (0..everybody).into_par_iter();
                (all.filter_map(|e| self.best_shift(question, e)).collect(), everybody as usize)
            }
        };
        found.sort_unstable_by_key(|insertion| (insertion.cost, insertion.s));
        found.truncate(count);
        (found, asked)
    }

    /// Asks more and more of the nearest engineers until enough fit.
    fn near(&self, question: &Question<'_>, count: usize) -> (Vec<Insertion>, usize) {
        let mut wanted = count.saturating_mul(4).max(ASKED_MIN);
        loop {
            let near = self.shortlist.nearest(&self.arena, question.t, wanted);
            let fitting = near.iter().filter_map(|&engineer| self.best_shift(question, engineer));
            let found: Vec<Insertion> = fitting.collect();
            if found.len() >= count || near.len() < wanted {
                return (found, near.len());
            }
            wanted = wanted.saturating_mul(WIDEN);
        }
    }

    /// The cheapest insertion over the shifts of one engineer.
    pub(super) fn best_shift(&self, question: &Question<'_>, engineer: u32) -> Option<Insertion> {
        self.shifts_of(engineer)
            .filter_map(|s| question.ask(s).best_insertion())
            .min_by_key(|insertion| (insertion.cost, insertion.s))
    }
}

impl fmt::Display for Recommendation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ticket, candidates, asked, engineers, .. } = self;
        let count = candidates.len();
        write!(f, "{ticket}: the best {count} of {asked} asked, of {engineers} engineers")?;
        match &self.holder {
            Some(holder) => writeln!(f, "; {holder} has it now")?,
            None => writeln!(f)?,
        }
        for (rank, candidate) in (1..).zip(candidates) {
            write!(f, "{rank:>3}. {candidate}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { engineer, shift, arrive, start, .. } = self;
        let visit = self.position + 1;
        writeln!(
            f,
            "{engineer} as visit {visit} of {shift}, adds {}",
            words::levels(self.score())
        )?;
        write!(f, "       arrives {arrive}, starts {start}")?;
        if let Some(depot) = &self.depot {
            write!(f, ", with a stop at {depot}")?;
        }
        match self.moved.len() {
            0 => writeln!(f)?,
            1 => writeln!(f, "; {}", self.moved[0])?,
            moved => writeln!(f, "; {moved} other visits start at another time")?,
        }
        write!(f, "       ")?;
        words::terms(f, &self.explanation)?;
        writeln!(f)
    }
}

impl fmt::Display for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = if self.by < Seconds::ZERO { "earlier" } else { "later" };
        write!(f, "{} starts {} {way}", self.ticket, words::time(self.by.0.abs()))
    }
}
