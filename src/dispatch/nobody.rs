//! Why nobody: which rule stops how many engineers, and who comes nearest to taking the ticket.

use super::{Dispatcher, WhyNot, skills, words};
use crate::model::Issues;
use crate::plan::Rule;
use crate::solve::route::{Obstacle, Question};
use crate::units::Instant;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

/// What stops how many engineers from taking a ticket, given the rest of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Nobody {
    /// Id of the ticket.
    pub ticket: String,
    /// How many engineers there are.
    pub engineers: usize,
    /// For each rule the number of engineers whom it is the first to stop, each on the shift on which
    /// he comes nearest. [`Rule::Fits`] counts those who can take the ticket.
    pub reasons: BTreeMap<Rule, u32>,
    /// The engineers who come nearest to taking it without being able to, three at most: stopped by
    /// the latest rule, by the least excess, by the shortest way from where their shift starts.
    pub nearest: Vec<WhyNot>,
}

/// So many near misses are told.
const NEAREST_MAX: usize = 3;

impl Dispatcher<'_> {
    /// What stops whom from taking a ticket. Asks everybody: O(all shifts x stops²).
    ///
    /// # Errors
    /// E508 when there is no such ticket.
    pub fn nobody(&self, ticket: &str) -> Result<Nobody, Issues> {
        let question = self.question(self.ticket(ticket)?);
        let everybody = 0..self.engineer_count();
        let stopped: Vec<(Obstacle, u32)> =
            everybody.into_par_iter().map(|engineer| self.least(&question, engineer)).collect();
        let mut reasons = BTreeMap::new();
        for (obstacle, _) in &stopped {
            *reasons.entry(obstacle.rule).or_insert(0) += 1;
        }
        Ok(Nobody {
            ticket: ticket.to_owned(),
            engineers: stopped.len(),
            reasons,
            nearest: self.nearest(&question, stopped),
        })
    }

    /// What stops an engineer on the shift on which he comes nearest.
    fn least(&self, question: &Question<'_>, engineer: u32) -> (Obstacle, u32) {
        let asked = self.shifts_of(engineer).map(|s| (question.ask(s).obstacle(), s));
        let nearest =
            asked.min_by_key(|&(Obstacle { rule, excess }, s)| (Reverse(rule), excess, s));
        nearest.expect("every engineer has a shift")
    }

    fn nearest(&self, question: &Question<'_>, stopped: Vec<(Obstacle, u32)>) -> Vec<WhyNot> {
        let problem = self.problem();
        let mut misses: Vec<(Reverse<Rule>, i64, u32)> = stopped
            .into_iter()
            .filter(|(obstacle, _)| obstacle.rule != Rule::Fits)
            .map(|(Obstacle { rule, excess }, s)| (Reverse(rule), excess, s))
            .collect();
        let skilled = misses.iter().filter(|(rule, ..)| rule.0 != Rule::Skill).count();
        if skilled < NEAREST_MAX {
            self.measure_skills(question.t, &mut misses);
        }
        let site = problem.tickets[question.t as usize].site;
        let way = |s: u32| self.arena.leg(s, problem.shifts[s as usize].from, site).seconds;
        let key = |&(rule, excess, s): &(Reverse<Rule>, i64, u32)| (rule, excess, way(s), s);
        if misses.len() > NEAREST_MAX {
            misses.select_nth_unstable_by_key(NEAREST_MAX, key);
            misses.truncate(NEAREST_MAX);
        }
        misses.sort_by_key(key);
        misses.into_iter().map(|(.., s)| self.why(question, s)).collect()
    }

    /// Counts the levels that are missing, once for each class of skills.
    fn measure_skills(&self, t: u32, misses: &mut [(Reverse<Rule>, i64, u32)]) {
        let problem = self.problem();
        let world = problem.world();
        let mut missing = FxHashMap::default();
        for (_, excess, s) in misses.iter_mut().filter(|(rule, ..)| rule.0 == Rule::Skill) {
            *excess = *missing.entry(problem.skill_class_of_shift(*s)).or_insert_with(|| {
                let shift = &problem.shifts[*s as usize];
                let engineer = &world.engineers[shift.engineer as usize];
                let ticket = &world.tickets[t as usize];
                skills::hurdle(ticket, engineer, Instant(shift.end), std::iter::empty()).excess
            });
        }
    }
}

impl fmt::Display for Nobody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ticket, engineers, reasons, nearest } = self;
        let fit = reasons.get(&Rule::Fits).copied().unwrap_or(0);
        match fit {
            0 => writeln!(f, "{ticket}: none of {engineers} engineers can take it")?,
            _ => writeln!(f, "{ticket}: {fit} of {engineers} engineers can take it")?,
        }
        for (rule, count) in reasons.iter().filter(|(rule, _)| **rule != Rule::Fits) {
            writeln!(f, "  {count:>7} {}", words::verdict(*rule))?;
        }
        if !nearest.is_empty() {
            writeln!(f, "Nearest misses:")?;
        }
        for miss in nearest {
            write!(f, "{miss}")?;
        }
        Ok(())
    }
}
