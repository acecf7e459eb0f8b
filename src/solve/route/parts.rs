//! Large plans in parts: each thread searches its own routes, and the parts are cut anew each round.
//!
//! Ruin and recreate is local: what happens in one quarter of a city hardly depends on another. So
//! searches that share one plan get through it in half the time that searches with a plan each need. How hot they have to
//! be is found out before: while heats race, each search has the whole plan.

use super::best::Best;
use super::island::Island;
use super::state::State;
use crate::problem::NONE;
use crate::rng::Rng;

/// Tickets from which a plan is searched in parts.
pub(super) const TICKETS_MIN: usize = 400;

/// The routes and the absent tickets that one search may change.
#[derive(Clone, Debug)]
pub(super) struct Part {
    shifts: Vec<bool>,
    tickets: Vec<bool>,
    /// The tickets that are in it.
    members: Vec<u32>,
    kept: Kept,
}

/// What one part leaves to the others of what is capped over all routes: no plan that each search keeps
/// within its own share breaks a cap when the parts are put together.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    /// For each region visits that it may borrow.
    pub borrowed: Vec<u32>,
    /// Changes of what customers were told.
    pub changed: u32,
}

impl Part {
    /// Everything.
    pub(super) fn whole(state: &State<'_>) -> Self {
        let (shifts, tickets) = (state.routes.len(), state.shift_of.len());
        Self {
            shifts: vec![true; shifts],
            tickets: vec![true; tickets],
            members: (0..tickets as u32).collect(),
            kept: Kept::default(),
        }
    }

    /// A ticket of it, if it has any.
    #[inline]
    pub(super) fn draw(&self, rng: &mut Rng) -> Option<u32> {
        (!self.members.is_empty()).then(|| self.members[rng.below(self.members.len())])
    }

    /// Is the route of shift `s` in it?
    #[inline]
    pub(super) fn has_shift(&self, s: u32) -> bool {
        self.shifts[s as usize]
    }

    /// Is ticket `t` in it?
    #[inline]
    pub(super) fn has_ticket(&self, t: u32) -> bool {
        self.tickets[t as usize]
    }
}

/// Cuts a plan into as many parts as there are searches, by how much nearer each route is to one
/// of two tickets drawn at random than to the other.
pub(super) fn cut(islands: &mut [Island<'_>], rng: &mut Rng) {
    let count = islands.len();
    let state = &islands[0].state;
    let problem = state.arena.problem;
    let site = |t: u32| problem.tickets[t as usize].site;
    let tickets = problem.tickets.len();
    let (a, b) = (site(rng.below(tickets) as u32), site(rng.below(tickets) as u32));
    let side =
        |x: u32| state.arena.legs.leg(0, x, a).seconds - state.arena.legs.leg(0, x, b).seconds;
    let middle = |s: u32| match state.stops(s) {
        [] => problem.shifts[s as usize].from,
        stops => state.arena.site_of(stops[stops.len() / 2]),
    };
    let mut order: Vec<(i64, u32)> =
        problem.shift_indexes().map(|s| (side(middle(s)), s)).collect();
    order.sort_unstable();
    let mut part_of_shift = vec![0; order.len()];
    let mut part_of_day = vec![None; problem.day_limits()];
    for (rank, &(_, s)) in order.iter().enumerate() {
        let part = rank * count / order.len();
        // The shifts of one day that share a limit stay together.
        let day = part_of_day.get_mut(problem.shifts[s as usize].day as usize);
        part_of_shift[s as usize] = day.map_or(part, |day| *day.get_or_insert(part));
    }
    let borders: Vec<i64> =
        (1..count).map(|part| order[(part * order.len()).div_ceil(count)].0).collect();
    let part_of_ticket: Vec<usize> = problem
        .ticket_indexes()
        .map(|t| match state.shift_of(t) {
            NONE => borders.partition_point(|&border| border <= side(site(t))),
            s => part_of_shift[s as usize],
        })
        .collect();
    let shares = shares(state, count, rng);
    for ((number, island), kept) in islands.iter_mut().enumerate().zip(shares) {
        island.state.reserve(&kept);
        island.part.shifts = part_of_shift.iter().map(|&part| part == number).collect();
        island.part.tickets = part_of_ticket.iter().map(|&part| part == number).collect();
        let is_member = |&t: &u32| part_of_ticket[t as usize] == number;
        island.part.members = problem.ticket_indexes().filter(is_member).collect();
        island.part.kept = kept;
    }
}

/// Shares what is left under each cap out among so many parts.
fn shares(state: &State<'_>, count: usize, rng: &mut Rng) -> Vec<Kept> {
    let problem = state.arena.problem;
    let mut shares = vec![Kept::default(); count];
    for (cap, used) in problem.borrow_caps.iter().zip(&state.borrowed) {
        let kept = kept_back(cap.saturating_sub(*used), count, rng);
        shares.iter_mut().zip(kept).for_each(|(share, kept)| share.borrowed.push(kept));
    }
    let kept = kept_back(problem.max_changes.saturating_sub(state.changed), count, rng);
    shares.iter_mut().zip(kept).for_each(|(share, kept)| share.changed = kept);
    shares
}

/// What each part leaves to the others of so much; which parts get one more is drawn.
fn kept_back(left: u32, count: usize, rng: &mut Rng) -> impl Iterator<Item = u32> + use<> {
    let first = rng.below(count);
    (0..count).map(move |number| {
        let turn = (number + count - first) % count;
        let more = turn + left as usize % count >= count;
        left - left / count as u32 - u32::from(more)
    })
}

/// Puts the best that each search has found in its part together; they all started from one plan.
pub(super) fn collect(islands: &[Island<'_>], best: &mut Best) {
    let (mut cost, mut absent) = islands[0].start;
    for island in islands {
        cost += island.best.cost - island.start.0;
        absent = absent + island.best.absent - island.start.1;
    }
    if cost >= best.cost {
        return;
    }
    (best.cost, best.absent) = (cost, absent);
    for island in islands {
        for (s, stops) in island.best.all_routes().filter(|&(s, _)| island.part.has_shift(s)) {
            best.routes[s as usize].clear();
            best.routes[s as usize].extend_from_slice(stops);
        }
    }
}

/// Brings what each search has changed in its part to all others.
pub(super) fn join(islands: &mut [Island<'_>]) {
    for island in &mut *islands {
        island.state.release(&std::mem::take(&mut island.part.kept));
    }
    for giver in 0..islands.len() {
        let moved = islands[giver].moved.shifts.clone();
        let routes: Vec<(u32, Vec<u32>)> = moved
            .into_iter()
            .filter(|&s| islands[giver].part.has_shift(s))
            .map(|s| (s, islands[giver].state.stops(s).to_vec()))
            .collect();
        for taker in (0..islands.len()).filter(|&taker| taker != giver) {
            let routes = routes.iter().map(|(s, stops)| (*s, stops.as_slice()));
            islands[taker].take_over(routes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::leash::Leash;
    use super::super::tests::within_caps;
    use super::super::{Arena, State};
    use super::*;
    use crate::problem::Problem;
    use crate::solve::Budget;
    use crate::testworld;

    #[test]
    fn parts_put_together_keep_what_is_capped_over_all_routes() {
        let mut used_up = 0;
        for seed in 0..400 {
            let problem = Problem::build(testworld::random(seed)).expect("sound");
            let arena = Arena::new(&problem).expect("scores fit");
            let is_small = problem.tickets.is_empty() || problem.shifts.len() < 2;
            if is_small || !arena.caps_routes_together() {
                continue;
            }
            let empty = State::empty(&arena);
            let island = |stream| Island::new(empty.clone(), Rng::new(seed, stream));
            let mut islands = [0, 1].map(island);
            let (mut best, mut cuts) = (Best::of(&empty), Rng::new(seed, 2));
            let watch = Budget::iterations(400).start();
            for round in 1..=5 {
                cut(&mut islands, &mut cuts);
                let course = (0.0, 1.0);
                let (target, each) = (40 * round, Some(200));
                let leash = Leash { watch: &watch, target, each, end: 1.0, course, stalled: 0.0 };
                islands.iter_mut().for_each(|island| island.run(leash));
                collect(&islands, &mut best);
                join(&mut islands);
                assert!(islands.iter().all(|island| within_caps(&island.state)), "seed {seed}");
                let mut whole = Island::new(empty.clone(), Rng::new(seed, 3));
                whole.take_over(best.all_routes());
                assert_eq!(whole.state.cost(), best.cost, "seed {seed}");
                assert!(within_caps(&whole.state), "seed {seed}");
                islands.iter_mut().for_each(Island::begin_round);
            }
            let regions = problem.borrow_caps.iter().zip(&islands[0].state.borrowed);
            used_up += regions.filter(|&(cap, used)| *cap > 1 && cap == used).count();
            let changed = islands[0].state.changed;
            used_up += usize::from(changed > 1 && changed == problem.max_changes);
        }
        assert!(used_up > 10, "only {used_up} caps are used up");
    }

    #[test]
    fn what_is_left_under_a_cap_is_shared_out_without_rest() {
        let problem = (0..)
            .map(|seed| Problem::build(testworld::random(seed)).expect("sound"))
            .find(|problem| (2..9).contains(&problem.max_changes))
            .expect("some limit changes");
        let arena = Arena::new(&problem).expect("scores fit");
        let state = State::empty(&arena);
        for count in 1..5 {
            let shares = shares(&state, count, &mut Rng::new(1, count as u64));
            let own = shares.iter().map(|kept| problem.max_changes - kept.changed);
            assert_eq!(own.sum::<u32>(), problem.max_changes);
        }
    }
}
