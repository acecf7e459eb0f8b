//! Why not this engineer: what stands in his way, or, when nothing does, what he would cost more.

use super::effect::candidate;
use super::hurdle::{Hurdle, hurdles};
use super::{Candidate, Change, Dispatcher, Reach, words};
use crate::model::{Criterion, Issues};
use crate::plan::Rule;
use crate::score::Explanation;
use crate::solve::route::{Insertion, Question};
use serde::Serialize;
use std::cmp::Reverse;
use std::fmt;

/// Why a ticket does not go to a shift, given the rest of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WhyNot {
    /// Id of the ticket.
    pub ticket: String,
    /// Id of the engineer.
    pub engineer: String,
    /// Id of his shift.
    pub shift: String,
    /// The first rule that fails; [`Rule::Fits`] when none does.
    pub rule: Rule,
    /// Every rule that stands in the way, in their order; empty when it fits.
    ///
    /// The first has the least excess that is possible with the other visits in their order. With the
    /// changes of the first one made, either the ticket fits or the first rule to fail is a later
    /// one; with all changes made it fits.
    pub hurdles: Vec<Hurdle>,
    /// Where tools or parts would have to be fetched at a depot: the hurdles if they were in the van
    /// when the shift starts, which is one of the changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stocked: Option<Vec<Hurdle>>,
    /// When it fits: what it would cost here, beside what it costs where it is cheapest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contrast: Option<Contrast>,
}

impl WhyNot {
    /// Every change that is needed, in the order in which they are to be made.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.hurdles.iter().flat_map(|hurdle| &hurdle.changes)
    }
}

/// Two ways to serve one ticket, side by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contrast {
    /// What it would be here.
    pub this: Candidate,
    /// What it would be with the best of the nearest engineers.
    pub best: Candidate,
    /// What it costs more here on each level, most important first.
    pub difference: Vec<i64>,
    /// What makes up the difference; on each level the points sum to it. Equal terms are left out.
    pub terms: Vec<Term>,
}

/// One criterion on one level, on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Term {
    /// The criterion.
    pub criterion: Criterion,
    /// Level of the objective, from 0, the most important.
    pub level: usize,
    /// Points here.
    pub this: i64,
    /// Points with the best.
    pub best: i64,
}

impl Contrast {
    fn new(this: Candidate, best: Candidate) -> Self {
        let pairs = this.score().iter().zip(best.score());
        let difference = pairs.map(|(this, best)| this - best).collect::<Vec<i64>>();
        let points = |explanation: &Explanation, level, criterion| {
            let mut parts = explanation.contributions.iter();
            let part = parts.find(|part| part.level == level && part.criterion == criterion);
            part.map_or(0, |part| part.points)
        };
        let terms = (0..difference.len())
            .flat_map(|level| Criterion::ALL.map(|criterion| (level, criterion)))
            .map(|(level, criterion)| Term {
                criterion,
                level,
                this: points(&this.explanation, level, criterion),
                best: points(&best.explanation, level, criterion),
            })
            .filter(|term| term.this != term.best)
            .collect();
        Self { this, best, difference, terms }
    }
}

impl Dispatcher<'_> {
    /// Why a ticket does not go to an engineer: an answer for each of his shifts, the one that comes
    /// nearest to taking it first (cheapest where it fits; else stopped by the latest rule, by the
    /// least excess).
    ///
    /// # Errors
    /// E508 when there is no such ticket, E505 when there is no such engineer.
    pub fn why_not(&self, ticket: &str, engineer: &str) -> Result<Vec<WhyNot>, Issues> {
        let (t, engineer) = (self.ticket(ticket)?, self.engineer(engineer)?);
        let question = self.question(t);
        let mut shifts: Vec<(Standpoint, u32)> =
            self.shifts_of(engineer).map(|s| (standpoint(&question, s), s)).collect();
        shifts.sort();
        Ok(shifts.into_iter().map(|(_, s)| self.why(&question, s)).collect())
    }

    /// Why a ticket does not go to a shift.
    ///
    /// # Errors
    /// E508 when there is no such ticket, E507 when there is no such shift.
    pub fn why_not_shift(&self, ticket: &str, shift: &str) -> Result<WhyNot, Issues> {
        let (t, s) = (self.ticket(ticket)?, self.shift(shift)?);
        Ok(self.why(&self.question(t), s))
    }

    pub(super) fn why(&self, question: &Question<'_>, s: u32) -> WhyNot {
        let (problem, ask) = (self.problem(), question.ask(s));
        let insertion = ask.best_insertion();
        let (hurdles, stocked) =
            if insertion.is_some() { (Vec::new(), None) } else { hurdles(&ask) };
        WhyNot {
            ticket: problem.ticket_id(question.t).to_owned(),
            engineer: problem.engineer_id(s).to_owned(),
            shift: problem.shift_id(s),
            rule: hurdles.first().map_or(Rule::Fits, |hurdle| hurdle.rule),
            hurdles,
            stocked,
            contrast: insertion.map(|insertion| self.contrast(question, &insertion)),
        }
    }

    fn contrast(&self, question: &Question<'_>, this: &Insertion) -> Contrast {
        let (found, _) = self.cheapest(question, 1, Reach::Near);
        let best = found.first().filter(|best| best.cost < this.cost).unwrap_or(this);
        let of = |insertion: &Insertion| candidate(&question.ask(insertion.s), insertion);
        Contrast::new(of(this), of(best))
    }
}

/// How near a shift comes to taking a ticket; smaller is nearer.
type Standpoint = (Reverse<Rule>, i128);

fn standpoint(question: &Question<'_>, s: u32) -> Standpoint {
    let ask = question.ask(s);
    match ask.best_insertion() {
        Some(insertion) => (Reverse(Rule::Fits), insertion.cost),
        None => {
            let obstacle = ask.obstacle();
            (Reverse(obstacle.rule), i128::from(obstacle.excess))
        }
    }
}

impl fmt::Display for WhyNot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ticket, shift, hurdles, stocked, contrast, .. } = self;
        if let Some(contrast) = contrast {
            return write!(f, "{ticket} fits on {shift}{contrast}");
        }
        let fetching = if stocked.is_some() { ", with a stop at a depot" } else { "" };
        writeln!(f, "{ticket} does not fit on {shift}{fetching}:")?;
        hurdles.iter().try_for_each(|hurdle| write!(f, "{hurdle}"))?;
        if let Some(stocked) = stocked {
            writeln!(f, "  or, with all of it in the van:")?;
            let mut instead = stocked.iter().filter(|hurdle| hurdle.rule >= Rule::Parts);
            instead.try_for_each(|hurdle| write!(f, "{hurdle}"))?;
        }
        Ok(())
    }
}

impl fmt::Display for Contrast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { this, best, difference, terms } = self;
        if this == best {
            return writeln!(f, ", and nobody near is cheaper");
        }
        writeln!(f, ", but costs {} more than with {}", words::levels(difference), best.engineer)?;
        writeln!(f, "  {:<7} {:<12} {:>12} {:>12} {:>12}", "level", "", "here", "best", "more")?;
        for term in terms {
            let (level, name) = (term.level + 1, term.criterion.name());
            let Term { this, best, .. } = term;
            writeln!(f, "  {level:<7} {name:<12} {this:>12} {best:>12} {:>12}", this - best)?;
        }
        Ok(())
    }
}
