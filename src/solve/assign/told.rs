//! An assignment in names: pairs with reasons, tickets left out with reasons, and text for people.

use super::arcs_of::tally;
use super::one_shot::{Assignment, Pair, Stock, Task};
use crate::model::Criterion;
use crate::plan::{Rule, Unassigned};
use crate::score::Explanation;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fmt;

/// What an assignment has used up.
struct Used {
    tickets: Vec<u32>,
    stocks: Vec<i64>,
}

impl Task<'_> {
    /// The assignment that gives each ticket this shift; nothing is known of its bound.
    pub fn told(&self, column_of: &[Option<u32>]) -> Assignment {
        let problem = self.problem();
        let score = &self.candidates.empty.arena.score;
        let mut total = vec![0; score.level_count()];
        let mut used = Used { tickets: vec![0; self.capacity.len()], stocks: self.stocks() };
        used.stocks.fill(0);
        let (mut pairs, mut left) = (Vec::new(), Vec::new());
        for (t, column) in (0..).zip(column_of) {
            let pairing = column.and_then(|s| self.candidates.pairing(t, s));
            let Some(pairing) = pairing else {
                left.push(t);
                for (level, total) in total.iter_mut().enumerate() {
                    let weight = score.weight_on(level, Criterion::Unserved);
                    *total += weight * problem.tickets[t as usize].worth;
                }
                continue;
            };
            used.tickets[pairing.s as usize] += 1;
            for (stock, amount) in self.uses(t, &pairing) {
                used.stocks[stock as usize] += amount;
            }
            for (total, points) in total.iter_mut().zip(&pairing.levels) {
                *total += points;
            }
            pairs.extend(self.pair(t, pairing.s));
        }
        let unassigned = left.into_par_iter().map(|t| self.left_out(t, &used)).collect();
        let fullest = used.tickets.iter().copied().max().unwrap_or(0);
        Assignment { pairs, unassigned, score: total, fullest, bound: None, prices: None }
    }

    fn pair(&self, t: u32, s: u32) -> Option<Pair> {
        let (problem, empty) = (self.problem(), self.candidates.empty);
        Some(Pair {
            ticket: problem.ticket_id(t).to_owned(),
            engineer: problem.engineer_id(s).to_owned(),
            shift: problem.shift_id(s),
            explanation: Explanation::of(&empty.arena.score, &tally(empty, t, s)?),
        })
    }

    fn left_out(&self, t: u32, used: &Used) -> Unassigned {
        let mut reasons = BTreeMap::new();
        for s in self.problem().shift_indexes() {
            *reasons.entry(self.obstacle(t, s, used)).or_insert(0) += 1;
        }
        Unassigned { ticket: self.problem().ticket_id(t).to_owned(), reasons }
    }

    /// The first rule that keeps a ticket off a shift on its own, or else what is used up.
    fn obstacle(&self, t: u32, s: u32, used: &Used) -> Rule {
        let Some(pairing) = self.candidates.pairing(t, s) else {
            return self.candidates.empty.obstacle(t, s).rule;
        };
        if used.tickets[s as usize] >= self.capacity[s as usize] {
            return Rule::MaxTickets;
        }
        let there = self.stocks();
        let lacking = |&(stock, amount): &(u32, i64)| {
            used.stocks[stock as usize] + amount > there[stock as usize]
        };
        let short = self.uses(t, &pairing).into_iter().find(lacking);
        match short.map(|(stock, _)| self.stock(stock as usize)) {
            None => Rule::Fits,
            Some(Stock::Hours(_)) => Rule::MaxDuration,
            Some(Stock::Borrowing(_)) => Rule::BorrowCap,
            Some(Stock::Changes) => Rule::Changes,
            Some(Stock::Part(_)) => Rule::Parts,
        }
    }
}

impl fmt::Display for Assignment {
    /// A heading, a line for each pair, then what is left out, then what more would save.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.pairs.len() + self.unassigned.len();
        writeln!(
            f,
            "{} of {all} tickets assigned, score {:?}, the fullest shift has {}",
            self.pairs.len(),
            self.score,
            self.fullest
        )?;
        match &self.bound {
            Some(bound) if bound.is_optimal() => {
                writeln!(f, "proven optimal at cost {}", bound.cost)?;
            }
            Some(bound) => {
                let (cost, at_least) = (bound.cost, bound.at_least);
                let gap = 100.0 * bound.gap();
                writeln!(f, "cost {cost}, proven at least {at_least}: {gap:.2} % may be saved")?;
            }
            None => {}
        }
        let widths = [
            widest(self.pairs.iter().map(|pair| &pair.ticket)),
            widest(self.pairs.iter().map(|pair| &pair.engineer)),
            widest(self.pairs.iter().map(|pair| &pair.shift)),
        ];
        for Pair { ticket, engineer, shift, explanation } in &self.pairs {
            let [a, b, c] = widths;
            let score = &explanation.score;
            writeln!(f, "  {ticket:a$}  {engineer:b$}  {shift:c$}  {score:?}")?;
        }
        if !self.unassigned.is_empty() {
            writeln!(f, "left out (rule: number of shifts it keeps the ticket off)")?;
        }
        for Unassigned { ticket, reasons } in &self.unassigned {
            let reasons = serde_json::json!(reasons).to_string().replace(['"', '{', '}'], "");
            writeln!(f, "  {ticket}  {}", reasons.replace(',', ", "))?;
        }
        self.prices.as_ref().map_or(Ok(()), |prices| write!(f, "{prices}"))
    }
}

fn widest<'a>(names: impl Iterator<Item = &'a String>) -> usize {
    names.map(|name| name.chars().count()).max().unwrap_or(0)
}
