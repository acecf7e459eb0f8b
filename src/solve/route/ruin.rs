//! Ruin: takes strings of neighbouring visits out of neighbouring routes.
//!
//! Christiaens and Vanden Berghe, "Slack Induction by String Removals for Vehicle Routing
//! Problems", Transportation Science 54(2), 2020. Adjacent strings leave room in several routes at
//! the same place and time, which single removals do not.

use super::parts::Part;
use super::state::State;
use crate::problem::NONE;
use crate::rng::Rng;

/// Mean number of visits that a ruin takes out: many strings, short ones where routes are.
const REMOVED_MEAN: usize = 12;
/// Longest string: two thirds of a mean route, but no less and no more than this.
pub(super) const STRING: (usize, usize) = (6, 10);

/// One string in two keeps a part of itself in the route.
const SPLIT_ONE_IN: usize = 2;

/// One ruin in so many goes by place alone, the others by place and time.
const SPATIAL_ONE_IN: usize = 2;

/// Where tickets have a price, one ruin in so many takes a whole route out: while a part of it is
/// there, whatever comes back pays.
const CLOSE_ONE_IN: usize = 64;

/// The same while routes pay a toll.
const CLOSE_TOLLED_ONE_IN: usize = 10;

/// What is to be taken out.
#[derive(Debug)]
pub(super) struct Ruin {
    /// The ticket in whose neighbourhood it is; it may be absent.
    pub around: u32,
    /// For each shift a string of its tickets.
    pub strings: Vec<(u32, Vec<u32>)>,
}

/// Chooses what to take out; nothing where the part has no ticket.
pub(super) fn draw(state: &State<'_>, part: &Part, rng: &mut Rng) -> Option<Ruin> {
    let arena = state.arena;
    let each = state.mean_visits().max(1);
    let longest = (each * 2 / 3).clamp(STRING.0, STRING.1).min(each);
    let count_max = (4 * REMOVED_MEAN / (1 + longest)).saturating_sub(1).max(1);
    let count = 1 + rng.below(count_max);
    let seed = part.draw(rng)?;
    let mut ruined: Vec<(u32, Vec<u32>)> = Vec::with_capacity(count);
    // Strings at one place but hours apart leave no room for each other.
    let adjacent = if rng.one_in(SPATIAL_ONE_IN) { &arena.neighbours } else { &arena.companions };
    let close_one_in = match state.levy.toll {
        0 => arena.score.priced.then_some(CLOSE_ONE_IN),
        _ => Some(CLOSE_TOLLED_ONE_IN),
    };
    // Strings leave room for each other only where engineers may visit each other's tickets.
    let is_choosy = arena.neighbours.are_mixed();
    for &t in [seed].iter().chain(adjacent.of(seed)) {
        if ruined.len() == count {
            break;
        }
        let s = state.shift_of(t);
        if s == NONE || !part.has_shift(s) || ruined.iter().any(|&(ruined, _)| ruined == s) {
            continue;
        }
        if is_choosy && !state.may_swap(seed, t) {
            continue;
        }
        let closes =
            ruined.is_empty() && close_one_in.is_some_and(|close_one_in| rng.one_in(close_one_in));
        let string =
            if closes { movable(state, s) } else { string_around(state, s, t, longest, rng) };
        if !string.is_empty() {
            ruined.push((s, string));
        }
    }
    Some(Ruin { around: seed, strings: ruined })
}

/// The visits of shift `s` that are not locked.
fn movable(state: &State<'_>, s: u32) -> Vec<u32> {
    let arena = state.arena;
    let may_move = |&stop: &u32| {
        stop < arena.ticket_count() && arena.problem.tickets[stop as usize].locked_to == NONE
    };
    state.stops(s).iter().copied().filter(may_move).collect()
}

/// A string of up to `longest` visits of shift `s` around ticket `t`, locked visits left out.
fn string_around(state: &State<'_>, s: u32, t: u32, longest: usize, rng: &mut Rng) -> Vec<u32> {
    let visits = movable(state, s);
    let Some(at) = visits.iter().position(|&visit| visit == t) else {
        return Vec::new();
    };
    let length = 1 + rng.below(longest.min(visits.len()));
    let kept = if length > 1 && length < visits.len() && rng.one_in(SPLIT_ONE_IN) {
        1 + rng.below(visits.len() - length)
    } else {
        0
    };
    let span = length + kept;
    let first_low = (at + 1).saturating_sub(span);
    let first_high = at.min(visits.len() - span);
    let first = first_low + rng.below(first_high - first_low + 1);
    let gap = first + 1 + rng.below(length.max(2) - 1);
    (first..first + span)
        .filter(|&position| kept == 0 || position < gap || position >= gap + kept)
        .map(|position| visits[position])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::Arena;
    use super::super::regret::{self, Entry};
    use super::*;
    use crate::problem::Problem;
    use crate::solve::Budget;
    use crate::testworld;

    #[test]
    fn where_trades_are_mixed_all_strings_are_of_one_trade() {
        let problem = Problem::build(testworld::trades(400, 2)).expect("sound");
        let arena = Arena::new(&problem).expect("scores fit");
        let mut state = State::empty(&arena);
        regret::construct(&mut state, Entry::Paying, &Budget::default().start());
        let (part, mut rng) = (Part::whole(&state), Rng::new(1, 0));
        let mut strings = 0;
        for _ in 0..200 {
            let ruin = draw(&state, &part, &mut rng).expect("there are tickets");
            strings += ruin.strings.len();
            assert!(ruin.strings.iter().all(|&(s, _)| problem.admits(ruin.around, s)));
        }
        assert!(strings > 300, "only {strings} strings");
    }
}
