//! Scores that explain themselves: contributions that sum exactly to the whole.

use super::{Model, Tally, criteria};
use crate::model::Criterion;
use serde::Serialize;
use std::fmt;

/// What one criterion adds on one level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contribution {
    /// The criterion.
    pub criterion: Criterion,
    /// Level of the objective, from 0, the most important.
    pub level: usize,
    /// Its measure, in its own unit.
    pub measure: i64,
    /// The caller's weight of one unit.
    pub weight: i64,
    /// `measure * weight`.
    pub points: i64,
}

/// Why a score is what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The score, level by level; lower is better.
    pub score: Vec<i64>,
    /// What makes it up, zero contributions left out. On each level the points sum to the score.
    pub contributions: Vec<Contribution>,
}

impl Explanation {
    /// Explains these measures under this objective.
    #[must_use]
    pub fn of(model: &Model, tally: &Tally) -> Self {
        let mut score = vec![0; model.level_count()];
        let mut contributions = Vec::new();
        for (level, total) in score.iter_mut().enumerate() {
            for criterion in Criterion::ALL {
                let measure = tally[criterion as usize];
                let weight = model.weight_on(level, criterion);
                let points = measure * weight;
                if points != 0 {
                    *total += points;
                    contributions.push(Contribution { criterion, level, measure, weight, points });
                }
            }
        }
        Self { score, contributions }
    }
}

impl fmt::Display for Explanation {
    /// One line for each contribution.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "score {:?}, lower is better, made up of", self.score)?;
        for part in &self.contributions {
            let measure = criteria::ALL[part.criterion as usize];
            writeln!(
                f,
                "  level {}  {:>10}  {} {} x {}  ({})",
                part.level + 1,
                part.points,
                part.measure,
                measure.unit(),
                part.weight,
                measure.about(),
            )?;
        }
        Ok(())
    }
}
