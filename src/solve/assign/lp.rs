//! The same models for an LP and MIP backend, through good_lp. What it says is only ever a proposal:
//! bounds come from [`super::relax`], and answers are checked by whoever asked.

use super::sides::{Model, OUT};
use good_lp::{
    Expression, ProblemVariables, Solution, SolverModel, Variable, WithInitialSolution,
    WithTimeLimit, constraint, constraint::ConstraintReference, variable,
};

#[cfg(feature = "highs")]
use good_lp::{
    DualValues, SolutionWithDual, highs as backend,
    solvers::highs::{HighsProblem as Solver, HighsSolution as Found},
};
#[cfg(not(feature = "highs"))]
use good_lp::{
    microlp as backend,
    solvers::microlp::{MicroLpProblem as Solver, MicroLpSolution as Found},
};

/// Larger relaxations are left to the integer bound.
const LP_ARCS_MAX: usize = 100_000;
/// Larger models are not tried in whole numbers.
const MIP_ARCS_MAX: usize = 5_000;
/// A share from which an arc counts as taken.
const WHOLE: f64 = 0.999;

/// What a backend says of a model.
#[derive(Default)]
pub(super) struct Said {
    /// What is whole in the relaxation, and an integer answer if the model is small.
    pub proposals: Vec<Vec<u32>>,
    /// Prices of the stocks in units of the costs, from a backend that knows them.
    pub stock_prices: Option<Vec<f64>>,
}

/// Asks the backend for so many seconds. Whatever fails yields nothing.
pub(super) fn ask(model: &Model, start: &[u32], seconds: f64) -> Said {
    let mut said = Said::default();
    if model.arcs.len() <= LP_ARCS_MAX
        && let Some(relaxed) = relaxed(model, seconds / 2.0)
    {
        said.proposals.push(most(model, &relaxed.shares));
        said.stock_prices = relaxed.stock_prices;
    }
    if model.arcs.len() <= MIP_ARCS_MAX {
        said.proposals
            .extend(whole(model, start, seconds / 2.0).map(|shares| most(model, &shares)));
    }
    said
}

/// An optimum of the relaxation.
pub(super) struct Optimum {
    /// The share of each arc.
    pub shares: Vec<f64>,
    /// See [`Said::stock_prices`].
    pub stock_prices: Option<Vec<f64>>,
}

/// Solves the relaxation.
pub(super) fn relaxed(model: &Model, seconds: f64) -> Option<Optimum> {
    // HiGHS takes no model without variables.
    if model.arcs.is_empty() {
        return Some(Optimum { shares: Vec::new(), stock_prices: None });
    }
    let (variables, limits, solver) = Build::new(model, false).solver();
    #[cfg_attr(not(feature = "highs"), allow(unused_mut))]
    let mut solution = solver.with_time_limit(seconds).solve().ok()?;
    let shares = variables.iter().map(|&variable| solution.value(variable)).collect();
    let stocks = &limits[limits.len() - model.stocks.len()..];
    Some(Optimum { shares, stock_prices: stock_prices(&mut solution, stocks) })
}

/// The prices of these limits: more room lowers the cost, so duals of a minimum are not above zero.
#[cfg(feature = "highs")]
fn stock_prices(solution: &mut Found, stocks: &[ConstraintReference]) -> Option<Vec<f64>> {
    let duals = solution.compute_dual();
    Some(stocks.iter().map(|stock| -duals.dual(stock.clone())).collect())
}

/// This backend knows none.
#[cfg(not(feature = "highs"))]
fn stock_prices(_: &mut Found, _: &[ConstraintReference]) -> Option<Vec<f64>> {
    None
}

fn whole(model: &Model, start: &[u32], seconds: f64) -> Option<Vec<f64>> {
    if model.arcs.is_empty() {
        return None;
    }
    let (variables, _, solver) = Build::new(model, true).solver();
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

    /// The variables of the arcs, the limits in their order, and the problem.
    fn solver(self) -> (Vec<Variable>, Vec<ConstraintReference>, Solver) {
        let mut solver = self.variables.minimise(self.objective).using(backend);
        let limits = self.limits.into_iter();
        let limits = limits
            .map(|(limit, room)| solver.add_constraint(constraint::leq(limit, room)))
            .collect();
        (self.arcs, limits, solver)
    }
}
