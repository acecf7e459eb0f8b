//! What a search keeps of the best plan it has found: orders of stops, without what a state knows about them.

use super::state::State;

/// A plan, its cost and the number of tickets it leaves out.
#[derive(Clone, Debug)]
pub(super) struct Best {
    /// The stops of every shift.
    pub routes: Vec<Vec<u32>>,
    /// What it costs, packed, without what a search charges itself.
    pub cost: i128,
    /// How many tickets it leaves out.
    pub absent: usize,
}

impl Best {
    /// This plan, whatever it costs.
    pub(super) fn of(state: &State<'_>) -> Self {
        Self {
            routes: state.routes.iter().map(|tour| tour.stops.clone()).collect(),
            cost: state.cost(),
            absent: state.absent().len(),
        }
    }

    /// The route of every shift.
    pub(super) fn all_routes(&self) -> impl Iterator<Item = (u32, &[u32])> + Clone {
        (0..).zip(self.routes.iter().map(Vec::as_slice))
    }
}
