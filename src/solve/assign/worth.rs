//! What more capacity would save, told from dual prices: one more ticket or hour of an engineer, one
//! more unit of what is scarce, one more engineer with some skill in some region.

use super::answer::Answer;
use super::one_shot::{Stock, Task};
use crate::model::RegionFit;
use crate::problem::NONE;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// What more capacity would save. What would save nothing is not listed.
///
/// Prices are those of the proven bound, side constraints included. Where the assignment is
/// optimal, no change of one thing by one unit saves more than its price; where it is
/// not, prices are a guide and the gap is not in them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Worth {
    /// Room on shifts, in the world's order.
    pub shifts: Vec<ShiftWorth>,
    /// Scarce things that are shared.
    pub stocks: Vec<StockWorth>,
    /// More people, by region and skill.
    pub hires: Vec<HireWorth>,
}

/// A saving in the cost by which assignments are compared, and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Saving {
    /// In units of the objective's last level.
    pub cost: i64,
    /// The same in words: worth of tickets that would be served.
    pub unserved: i64,
    /// And the rest, level by level, as much on each as goes into it.
    pub levels: Vec<i64>,
}

/// What more room on a shift would save.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShiftWorth {
    /// Id of the engineer.
    pub engineer: String,
    /// Id of his shift.
    pub shift: String,
    /// One more ticket, at most.
    pub ticket: Saving,
    /// One more hour: the price of hours where they are a side constraint, otherwise that of a ticket in
    /// proportion to the time that a ticket takes on average (work and the way there).
    pub hour: Saving,
}

/// What one more unit of something shared would save.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StockWorth {
    /// `borrowing`, `changes` or `part`.
    pub kind: &'static str,
    /// Id of the region, `max_changes`, or name of the part.
    pub id: String,
    /// One more of it, at most.
    pub one_more: Saving,
}

/// What one more engineer would save: an estimate from one ticket of his, the one that gains most.
///
/// The ticket's price less what it would cost him; that is taken to be what it costs the cheapest
/// engineer who is at home in its region (where there is none, the cheapest at all).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HireWorth {
    /// Id of the region where he would be at home; absent for tickets without a region.
    pub region: Option<String>,
    /// The skill he would have; absent for tickets that ask for none.
    pub skill: Option<String>,
    /// What he would save.
    pub saves: Saving,
}

impl Worth {
    pub(super) fn of(task: &Task<'_>, answer: &Answer) -> Self {
        Self {
            shifts: shifts(task, answer),
            stocks: stocks(task, answer),
            hires: hires(task, answer),
        }
    }
}

fn saving(task: &Task<'_>, cost: i128) -> Saving {
    let cost = i64::try_from(cost).unwrap_or(i64::MAX);
    let levels = task.candidates.empty.arena.score.level_count();
    let (unserved, levels) = task.fold.unfold(cost, levels);
    Saving { cost, unserved, levels }
}

fn shifts(task: &Task<'_>, answer: &Answer) -> Vec<ShiftWorth> {
    let problem = task.problem();
    let hour = 3_600 * i128::from(problem.world().resolution);
    let priced = problem.shift_indexes().map(|s| {
        let ticket = i128::from(answer.prices.columns[s as usize]);
        let of_hours = if task.sides.hours { answer.stock_prices[s as usize] } else { 0 };
        let by_ticket = ticket * hour / i128::from(task.occupancy);
        (s, ticket, by_ticket.max(i128::from(of_hours) * hour))
    });
    priced
        .filter(|&(_, ticket, hour)| ticket > 0 || hour > 0)
        .map(|(s, ticket, hour)| ShiftWorth {
            engineer: problem.engineer_id(s).to_owned(),
            shift: problem.shift_id(s),
            ticket: saving(task, ticket),
            hour: saving(task, hour),
        })
        .collect()
}

fn stocks(task: &Task<'_>, answer: &Answer) -> Vec<StockWorth> {
    let scarce = answer.stock_prices.iter().enumerate().filter(|(_, price)| **price > 0);
    let told = scarce.filter_map(|(stock, &price)| {
        let (kind, id) = match task.stock(stock) {
            Stock::Hours(_) => return None,
            Stock::Borrowing(region) => ("borrowing", region),
            Stock::Changes => ("changes", "max_changes"),
            Stock::Part(part) => ("part", part),
        };
        Some(StockWorth { kind, id: id.to_owned(), one_more: saving(task, price.into()) })
    });
    told.collect()
}

fn hires(task: &Task<'_>, answer: &Answer) -> Vec<HireWorth> {
    let problem = task.problem();
    let mut best: BTreeMap<(Option<&str>, Option<&str>), i64> = BTreeMap::new();
    for (t, ticket) in (0..).zip(&problem.world().tickets) {
        let region = problem.tickets[t as usize].region;
        let region = (region != NONE).then(|| problem.world().regions[region as usize].id.as_str());
        let Some(own) = own_cost(task, t) else { continue };
        let saves = answer.prices.rows[t as usize].saturating_sub(own);
        if saves <= 0 {
            continue;
        }
        let groups = ticket.skills.any.iter().flatten();
        let mut skills: Vec<Option<&str>> =
            ticket.skills.all.iter().chain(groups).map(|need| Some(need.skill.as_str())).collect();
        if skills.is_empty() {
            skills.push(None);
        }
        for skill in skills {
            let known = best.entry((region, skill)).or_default();
            *known = saves.max(*known);
        }
    }
    best.into_iter()
        .map(|((region, skill), saves)| HireWorth {
            region: region.map(str::to_owned),
            skill: skill.map(str::to_owned),
            saves: saving(task, saves.into()),
        })
        .collect()
}

/// What a ticket would cost an engineer of its own region; where nobody at all can take it, what
/// the dearest pair of all costs.
fn own_cost(task: &Task<'_>, t: u32) -> Option<i64> {
    let pairings = &task.pairings[t as usize];
    let is_home = |s| task.problem().region_fit(t, s).0 == RegionFit::Home;
    let home = pairings.iter().filter(|pairing| is_home(pairing.s));
    let cheapest = home.map(|pairing| task.fold.pair(pairing)).min();
    let any = || pairings.iter().map(|pairing| task.fold.pair(pairing)).min();
    let dearest = || task.pairings.iter().flatten().map(|pairing| task.fold.pair(pairing)).max();
    cheapest.or_else(any).or_else(dearest)
}

impl fmt::Display for Saving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.unserved > 0 {
            write!(f, "worth {} left out and ", self.unserved)?;
        }
        write!(f, "{:?}", self.levels)
    }
}

impl fmt::Display for Worth {
    /// A line for each thing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.shifts.is_empty() && self.stocks.is_empty() && self.hires.is_empty() {
            return writeln!(f, "more capacity would save nothing");
        }
        writeln!(f, "what one more would save, at most")?;
        for ShiftWorth { engineer, shift, ticket, hour } in &self.shifts {
            writeln!(f, "  {engineer} {shift}: a ticket {ticket}, an hour {hour}")?;
        }
        for StockWorth { kind, id, one_more } in &self.stocks {
            writeln!(f, "  {kind} {id}: {one_more}")?;
        }
        for HireWorth { region, skill, saves } in &self.hires {
            let region = region.as_deref().unwrap_or("any region");
            let skill = skill.as_deref().unwrap_or("any skill");
            writeln!(f, "  an engineer for {skill} in {region}: about {saves}")?;
        }
        Ok(())
    }
}
