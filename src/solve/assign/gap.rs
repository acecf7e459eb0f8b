//! Reads instances of the generalised assignment problem, for tests and measurements.

/// An instance: every item goes to one agent, nobody gets more weight than his room.
pub struct Gap {
    /// `cost[agent][item]`.
    pub cost: Vec<Vec<i64>>,
    /// `weight[agent][item]`.
    pub weight: Vec<Vec<i64>>,
    /// What each agent can carry.
    pub room: Vec<i64>,
}

/// An agent, its cost, and what is used of its room.
type Choice = (u32, i64, Vec<(u32, i64)>);

impl Gap {
    /// Reads `agents items`, then costs and weights agent by agent, then the agents' room.
    pub fn read(text: &str) -> Option<Self> {
        let mut numbers = text.split_whitespace().map(|word| word.parse::<i64>().ok());
        let mut next = || numbers.next().flatten();
        let (agents, items) = (next()?, next()?);
        let mut table = || -> Option<Vec<Vec<i64>>> {
            (0..agents).map(|_| (0..items).map(|_| next()).collect()).collect()
        };
        let (cost, weight) = (table()?, table()?);
        Some(Self { cost, weight, room: (0..agents).map(|_| next()).collect::<Option<_>>()? })
    }

    /// For each item its candidates.
    pub fn rows(&self) -> Vec<Vec<Choice>> {
        let row = |item: usize| {
            let agents = (0u32..).zip(self.cost.iter().zip(&self.weight));
            agents
                .map(|(agent, (cost, weight))| (agent, cost[item], vec![(agent, weight[item])]))
                .collect()
        };
        (0..self.cost.first().map_or(0, Vec::len)).map(row).collect()
    }

    /// A cost of leaving an item out that no saving elsewhere pays for.
    pub fn skip(&self) -> i64 {
        let dearest = |item: usize| self.cost.iter().map(|costs| costs[item]).max().unwrap_or(0);
        (0..self.cost.first().map_or(0, Vec::len)).map(dearest).sum::<i64>() + 1
    }
}

/// The best known cost of an instance, from the rows of the table beside the instances.
pub fn best_known(table: &str, instance: &str) -> Option<i64> {
    let row = table.lines().find(|line| line.split(',').next() == Some(instance))?;
    row.split(',').nth(4)?.parse().ok()
}
