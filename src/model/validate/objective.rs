//! The objective: something has to be wanted, on not too many levels, with weights that add up.

use crate::model::{Code, Issues, Objective};

const WEIGHT_MAX: i64 = 1_000_000_000;

pub(super) fn check(objective: &Objective, issues: &mut Issues) {
    check_e701_empty_objective(objective, issues);
    check_e702_levels(objective, issues);
    check_e703_weights(objective, issues);
}

fn check_e701_empty_objective(objective: &Objective, issues: &mut Issues) {
    if objective.levels.iter().flat_map(|level| level.values()).all(|&weight| weight == 0) {
        let cause = format!("{} levels without any weight above zero", objective.levels.len());
        issues.add(Code::EMPTY_OBJECTIVE, "objective", cause);
    }
}

fn check_e702_levels(objective: &Objective, issues: &mut Issues) {
    let (levels, most) = (objective.levels.len(), Objective::LEVELS_MAX);
    if levels > most {
        let cause = format!("{levels} levels; there may be {most}");
        issues.add(Code::OBJECTIVE_LEVELS, "objective", cause);
    }
}

fn check_e703_weights(objective: &Objective, issues: &mut Issues) {
    for (l, level) in objective.levels.iter().enumerate() {
        for (criterion, weight) in level {
            if !(0..=WEIGHT_MAX).contains(weight) {
                let name = criterion.name();
                let cause = format!("the weight of `{name}` is {weight}");
                issues.add(Code::WEIGHT, format!("objective[{l}].{name}"), cause);
            }
        }
    }
}
