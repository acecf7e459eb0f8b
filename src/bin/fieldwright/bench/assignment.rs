//! The sets without routes: assignment of the OR-Library, and generalised assignment.
//!
//! Neither solver draws lots, so seeds only repeat the measurement of time. What they answer is added up
//! here from the file, and of the assignment the library's proof is checked as well.

use super::sets::Kind;
use crate::report::Failure;
use fieldwright::model::{Code, Issue};
use fieldwright::solve::assign::{Arcs, Effort, Instance, Model, prove, solve};
use std::time::Instant;

/// What came out of one run.
pub struct Assigned {
    /// The column of each row, none where it is left out.
    pub columns: Vec<Option<u32>>,
    /// The sum of the costs.
    pub cost: i64,
    /// Seconds of solving, reading aside.
    pub seconds: f64,
    /// What is wrong with it.
    pub faults: Vec<String>,
}

impl Assigned {
    /// Numbers of columns from 1 in the order of the rows, 0 for those left out: neither set publishes
    /// solutions in a form of its own.
    pub fn written(&self) -> String {
        let column = |column: &Option<u32>| column.map_or(0, |column| column + 1).to_string();
        let columns: Vec<String> = self.columns.iter().map(column).collect();
        format!("{}\n", columns.join(" "))
    }
}

/// Solves a text of such a set; the seconds limit only what cannot be solved exactly at once.
pub fn run(kind: Kind, text: &str, at: &str, seconds: Option<f64>) -> Result<Assigned, Failure> {
    let refused = |cause: String| Issue::new(Code::SYNTAX, at, cause);
    let short = || refused("it ends before its numbers do, or something in it is none".to_owned());
    let mut numbers = text.split_whitespace().map(|word| word.parse::<i64>().ok());
    let mut take = |count: i64| -> Option<Vec<i64>> {
        (0..count).map(|_| numbers.next().flatten().filter(|number| *number >= 0)).collect()
    };
    let mut size = || take(1).map(|one| one[0]).filter(|size| (1..=20_000).contains(size));
    let mut assigned = if kind == Kind::Generalised {
        let (agents, items) = size().zip(size()).ok_or_else(short)?;
        let tables = take(agents * items).zip(take(agents * items)).zip(take(agents));
        let ((costs, weights), rooms) = tables.ok_or_else(short)?;
        let table =
            Table { costs: &costs, weights: &weights, rooms: &rooms, items: items as usize };
        table.assign(seconds).map_err(|misfit| refused(misfit.to_string()))?
    } else {
        let rows = size().ok_or_else(short)?;
        let costs = take(rows * rows).ok_or_else(short)?;
        square(rows as usize, &costs).map_err(|invalid| refused(invalid.to_string()))?
    };
    if assigned.columns.contains(&None) {
        assigned.faults.push("something is left out".to_owned());
    }
    Ok(assigned)
}

fn square(size: usize, costs: &[i64]) -> Result<Assigned, fieldwright::solve::assign::Invalid> {
    let started = Instant::now();
    let arcs = Arcs::dense(size, costs)?;
    let must = arcs.must_serve();
    let instance = Instance::new(arcs, vec![1; size], vec![must; size])?;
    let matching = solve(&instance, None);
    let seconds = started.elapsed().as_secs_f64();
    let mut faults: Vec<String> =
        prove(&instance, &matching).err().iter().map(ToString::to_string).collect();
    let columns = matching.column_of;
    let mut taken = vec![false; size];
    for column in columns.iter().flatten() {
        if std::mem::replace(&mut taken[*column as usize], true) {
            faults.push(format!("column {column} is taken twice"));
        }
    }
    let cost =
        columns.iter().enumerate().filter_map(|(r, c)| Some(costs[r * size + (*c)? as usize]));
    Ok(Assigned { cost: cost.sum(), columns, seconds, faults })
}

/// Generalised assignment: costs and weights agent by agent, and the agents' rooms.
struct Table<'t> {
    costs: &'t [i64],
    weights: &'t [i64],
    rooms: &'t [i64],
    items: usize,
}

impl Table<'_> {
    fn assign(&self, seconds: Option<f64>) -> Result<Assigned, fieldwright::solve::assign::Misfit> {
        let started = Instant::now();
        let agents = self.rooms.len();
        let mut model = Model::new(vec![self.items as u32; agents], self.rooms.to_vec(), 0);
        // Leaving an item out costs more than any saving elsewhere.
        let skip = self.costs.iter().max().map_or(0, |most| most * self.items as i64 + 1);
        for item in 0..self.items {
            let candidate = |agent: usize| {
                let at = agent * self.items + item;
                (agent as u32, self.costs[at], vec![(agent as u32, self.weights[at])])
            };
            model.row(skip, (0..agents).map(candidate))?;
        }
        let effort = seconds.map_or_else(Effort::default, Effort::seconds);
        let columns = model.solve(&effort)?.column_of;
        let seconds = started.elapsed().as_secs_f64();
        let (mut cost, mut used) = (0, vec![0; agents]);
        for (item, agent) in columns.iter().enumerate() {
            let Some(agent) = agent.map(|agent| agent as usize) else { continue };
            cost += self.costs[agent * self.items + item];
            used[agent] += self.weights[agent * self.items + item];
        }
        let over = used.iter().zip(self.rooms).enumerate().filter(|(_, (used, room))| used > room);
        let faults =
            over.map(|(agent, (used, room))| format!("agent {agent} has {used} of {room}"));
        let faults = faults.collect();
        Ok(Assigned { columns, cost, seconds, faults })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_are_solved_and_added_up() {
        let square = run(Kind::Square, "2  4 5  6 90", "x", None).expect("solved");
        assert_eq!((square.cost, square.written().as_str()), (11, "2 1\n"));
        // Two items of 5, two agents with room for one each.
        let gap =
            run(Kind::Generalised, "2 2  1 1  4 9  5 5  5 5  8 8", "x", None).expect("solved");
        assert_eq!((gap.cost, gap.written().as_str()), (5, "2 1\n"));
        assert!(square.faults.is_empty() && gap.faults.is_empty());
        assert!(run(Kind::Square, "2 1 2 3", "x", None).is_err(), "a number is missing");
    }
}
