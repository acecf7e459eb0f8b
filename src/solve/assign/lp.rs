//! The same models for an LP and MIP backend, through good_lp. What it says is only ever a proposal:
//! bounds come from [`super::relax`], and answers are checked by whoever asked.

use super::sides::{Model, OUT};
use good_lp::{
    Expression, ProblemVariables, Solution, SolverModel, Variable, WithInitialSolution,
    WithTimeLimit, constraint, variable,
};

#[cfg(feature = "highs")]
use good_lp::highs as backend;
#[cfg(not(feature = "highs"))]
use good_lp::microlp as backend;

/// Larger relaxations are left to the integer bound.
const LP_ARCS_MAX: usize = 100_000;
/// Larger models are not tried in whole numbers.
const MIP_ARCS_MAX: usize = 5_000;
/// A share from which an arc counts as taken.
const WHOLE: f64 = 0.999;

/// Proposals for the model: what is whole in the relaxation, and an integer answer if the model is
/// small. Whatever fails yields nothing.
pub(super) fn proposals(model: &Model, start: &[u32], seconds: f64) -> Vec<Vec<u32>> {
    let mut found = Vec::new();
    if model.arcs.len() <= LP_ARCS_MAX {
        found.extend(relaxed(model, seconds / 2.0).map(|shares| most(model, &shares.0)));
    }
    if model.arcs.len() <= MIP_ARCS_MAX {
        found.extend(whole(model, start, seconds / 2.0).map(|shares| most(model, &shares)));
    }
    found
}

/// The share of each arc in an optimum of the relaxation, and its value.
pub(super) fn relaxed(model: &Model, seconds: f64) -> Option<(Vec<f64>, f64)> {
    let build = Build::new(model, false);
    let objective = build.objective.clone();
    let (variables, solver) = build.solver();
    let solution = solver.with_time_limit(seconds).solve().ok()?;
    let shares = variables.iter().map(|&variable| solution.value(variable)).collect();
    Some((shares, solution.eval(objective)))
}

fn whole(model: &Model, start: &[u32], seconds: f64) -> Option<Vec<f64>> {
    let (variables, solver) = Build::new(model, true).solver();
    let taken = start.iter().filter(|&&arc| arc != OUT);
    let solver = solver
        .with_initial_solution(taken.map(|&arc| (variables[arc as usize], 1.0)))
        .with_time_limit(seconds);
    let solution = solver.solve().ok()?;
    Some(variables.iter().map(|&variable| solution.value(variable)).collect())
}

/// The arcs that are taken as good as wholly.
fn most(model: &Model, shares: &[f64]) -> Vec<u32> {
    let taken = |row| model.of_row(row).find(|&arc| shares[arc as usize] >= WHOLE).unwrap_or(OUT);
    (0..model.rows()).map(taken).collect()
}

/// The model in the backend's words.
struct Build {
    variables: ProblemVariables,
    arcs: Vec<Variable>,
    objective: Expression,
    limits: Vec<(Expression, f64)>,
}

impl Build {
    /// Every row takes arcs up to one in all; what is missing is what it is left out.
    fn new(model: &Model, is_whole: bool) -> Self {
        let mut variables = ProblemVariables::new();
        let new = || if is_whole { variable().binary() } else { variable().min(0.0) };
        let arcs: Vec<Variable> = model.arcs.iter().map(|_| variables.add(new())).collect();
        let mut objective =
            Expression::from(model.skip.iter().map(|&skip| skip as f64).sum::<f64>());
        let mut columns = vec![Expression::default(); model.capacity.len()];
        let mut stocks = vec![Expression::default(); model.stocks.len()];
        let mut limits = Vec::new();
        for row in 0..model.rows() {
            let mut once = Expression::default();
            for arc in model.of_row(row) {
                let (here, variable) = (model.arcs[arc as usize], arcs[arc as usize]);
                once += variable;
                columns[here.column as usize] += variable;
                // Exact enough for a proposal: floats hold differences of up to 2^53.
                objective.add_mul((here.cost - model.skip[row]) as f64, variable);
                for using in model.uses(arc) {
                    stocks[using.stock as usize].add_mul(using.amount as f64, variable);
                }
            }
            limits.push((once, 1.0));
        }
        if model.balance > 0 {
            let fullest = variables.add(variable().min(0.0));
            objective.add_mul(model.balance as f64, fullest);
            limits.extend(columns.iter().map(|column| (column.clone() - fullest, 0.0)));
        }
        limits.extend(columns.into_iter().zip(model.capacity.iter().map(|&room| f64::from(room))));
        limits.extend(stocks.into_iter().zip(model.stocks.iter().map(|&there| there as f64)));
        Self { variables, arcs, objective, limits }
    }

    fn solver(self) -> (Vec<Variable>, impl SolverModel + WithTimeLimit + WithInitialSolution) {
        let mut solver = self.variables.minimise(self.objective).using(backend);
        for (limit, room) in self.limits {
            solver = solver.with(constraint::leq(limit, room));
        }
        (self.arcs, solver)
    }
}
