//! One search with its own randomness: ruin, recreate, accept or undo.

use super::accept::{Acceptance, Standpoint};
use super::best::Best;
use super::candidates::ShiftSet;
use super::insert::Insertion;
use super::leash::Leash;
use super::levy;
use super::memo::Memo;
use super::parts::Part;
use super::pieces::{self, Cut};
use super::race::Trial;
use super::recreate::{add_candidates, add_empty, cheapest, opens, shuffle_or_sort};
use super::ruin::{self, Ruin};
use super::state::{Edit, State};
use super::tour::Tour;
use crate::problem::NONE;
use crate::rng::Rng;

/// Iterations between two looks at the wall clock.
const CLOCK_EVERY: u64 = 16;
/// Of how many neighbours of a removed ticket the absent ones are tried again.
const NEAR_ABSENT: usize = 12;
/// Up to so many times as many absent tickets as removed ones all of them are tried.
const ABSENT_FEW: usize = 3;
/// Passes over one route in a hundred (Christiaens and Vanden Berghe 2020 pass over positions), so
/// that the search does not always fall into the same hole.
const BLINK: usize = 100;

/// One search.
pub(super) struct Island<'a> {
    pub state: State<'a>,
    /// What it may change.
    pub part: Part,
    pub best: Best,
    /// Cost and number of absent tickets at the start of the round.
    pub start: (i128, usize),
    /// Shifts that differ from the best plan.
    pub changed: ShiftSet,
    /// Shifts that differ, or did for a while, from the plan at the start of the round.
    pub moved: ShiftSet,
    pub iterations: u64,
    /// How it is run.
    pub trial: Trial,
    /// Whether it may pass through plans with more in a van than that holds.
    pub may_overload: bool,
    /// Whether the plan it begins with fills its vans.
    fills_vans: bool,
    rng: Rng,
    acceptance: Acceptance,
    /// Where it stands: what may follow depends on that.
    at: Standpoint,
    touched: ShiftSet,
    tried: ShiftSet,
    /// Tickets that this iteration has taken out.
    removed: Vec<u32>,
    /// Routes as they were before this iteration.
    saved: Vec<(u32, Tour)>,
    /// Routes whose memory can be used again.
    spare: Vec<Tour>,
    memo: Memo,
    /// Plans without overload since charges were last set.
    fitting: u64,
    /// Exchanges of each kind that are looked at in each iteration.
    exchanges: usize,
}

impl<'a> Island<'a> {
    pub(super) fn new(state: State<'a>, rng: Rng) -> Self {
        let shifts = state.routes.len();
        let acceptance = Acceptance::new(&state);
        Self {
            at: acceptance.stand(&state, state.cost(), None),
            acceptance,
            part: Part::whole(&state),
            best: Best::of(&state),
            start: (state.cost(), state.absent().len()),
            changed: ShiftSet::new(shifts),
            moved: ShiftSet::new(shifts),
            fitting: 0,
            touched: ShiftSet::new(shifts),
            tried: ShiftSet::new(shifts),
            removed: Vec::new(),
            saved: Vec::new(),
            spare: Vec::new(),
            memo: Memo::new(state.shift_of.len(), shifts, state.arena.problem.has_needs),
            iterations: 0,
            trial: Trial::USUAL,
            may_overload: false,
            fills_vans: levy::fills_vans(&state),
            exchanges: pieces::tries(state.arena),
            state,
            rng,
        }
    }

    /// Iterates to the end of the round.
    pub(super) fn run(&mut self, leash: Leash<'_>) {
        self.stand();
        while self.iterations < leash.target {
            if self.iterations.is_multiple_of(CLOCK_EVERY) {
                let progress = leash.progress(self.iterations);
                self.acceptance.cool(&self.state, self.trial.heat, progress, self.best.absent > 0);
                if self.iterations.is_multiple_of(levy::EVERY) {
                    self.levy(progress);
                }
                let is_timed = leash.watch.is_timed();
                if leash.watch.is_over() || (is_timed && leash.watch.share() >= leash.end) {
                    return;
                }
            }
            self.iterate();
            self.fitting += u64::from(self.state.excess == 0);
            self.iterations += 1;
        }
    }

    /// Whether a toll on routes mostly helps: all are served on short routes, by vans that are filled.
    pub(super) fn could_toll(&self) -> bool {
        self.fills_vans && self.best.absent == 0 && levy::has_short_routes(&self.state)
    }

    /// From now on routes pay a toll, where vans are filled and may be overloaded, and it is so hot.
    pub(super) fn toll(&mut self, heat: f64) {
        if self.fills_vans && self.may_overload {
            self.trial = Trial::tolled(heat);
        }
    }

    /// Sets charges anew. As long as tickets are left out a van is never overloaded: it would only take them.
    fn levy(&mut self, progress: f64) {
        let is_charged = self.state.levy.toll > 0;
        if self.best.absent == 0 && (self.may_overload || self.trial.tolled || is_charged) {
            let fitting = self.may_overload.then_some(self.fitting);
            let toll = if self.trial.tolled { levy::toll(&self.state, progress) } else { 0.0 };
            let levy = self.state.levy.next(&self.state, fitting, toll);
            self.state.charge(levy);
            self.stand();
        }
        self.fitting = 0;
    }

    fn iterate(&mut self) {
        let most = self.acceptance.most(&self.state, self.at);
        let mut waiting = self.ruin();
        shuffle_or_sort(&self.state, &mut waiting, &mut self.rng);
        if self.recreate(&waiting, most) {
            self.settle();
        } else {
            self.state.roll_back(&mut self.saved, &mut self.spare);
        }
        for _ in 0..self.exchanges {
            self.exchange(Cut::Ends);
            // Where tickets are left out, ruins around them are worth more than shorter ways.
            if self.best.absent == 0 {
                self.exchange(Cut::Middles);
            }
        }
    }

    /// From now on the search stands where its plan is. How far it has come away from its best plan counts where all
    /// are served: each ticket that is left out, and each toll on a route, is a step too large to tell.
    fn stand(&mut self) {
        let tells = self.state.levy.toll == 0 && self.best.absent == 0;
        let best = tells.then_some(self.best.cost);
        self.at = self.acceptance.stand(&self.state, self.state.charged(), best);
    }

    /// Lets two routes exchange pieces, if that looks as if it could be accepted.
    fn exchange(&mut self, cut: Cut) {
        let (state, acceptance, at) = (&self.state, &self.acceptance, self.at);
        let charged = state.charged();
        let pays = |more| acceptance.accepts(state, at, charged + more);
        let Some(exchange) = pieces::draw(state, &self.part, &mut self.rng, cut, pays) else {
            return;
        };
        self.touched.clear();
        self.save(exchange.a.s);
        self.save(exchange.b.s);
        self.state.apply(&Edit::Exchange(exchange));
        self.settle();
    }

    /// Accepts what has become of the plan, or undoes it.
    fn settle(&mut self) {
        let after = self.state.charged();
        let is_best = self.state.excess == 0 && self.state.cost() < self.best.cost;
        if !is_best && !self.acceptance.accepts(&self.state, self.at, after) {
            self.state.roll_back(&mut self.saved, &mut self.spare);
            return;
        }
        for (s, tour) in self.saved.drain(..) {
            if !self.state.recognise(s, &tour) {
                self.changed.add(s);
                self.moved.add(s);
            }
            self.spare.push(tour);
        }
        if is_best {
            self.keep_best();
        }
        self.stand();
    }

    /// Takes strings out, around an absent ticket so that it comes in instead. Returns what is to be put back: what
    /// was taken out, and absent neighbours.
    fn ruin(&mut self) -> Vec<u32> {
        self.touched.clear();
        self.removed.clear();
        let drawn = ruin::draw(&self.state, &self.part, &mut self.rng);
        let Some(Ruin { around, strings }) = drawn else {
            return Vec::new();
        };
        let presses = self.state.shift_of(around) == NONE && self.part.has_ticket(around);
        for (s, tickets) in strings {
            self.save(s);
            self.removed.extend_from_slice(&tickets);
            self.state.apply(&Edit::Remove { s, tickets });
        }
        if presses {
            self.press(around);
        }
        let absent = self.state.absent();
        if absent.len() <= ABSENT_FEW * self.removed.len() {
            return absent.iter().copied().filter(|&t| self.part.has_ticket(t)).collect();
        }
        let arena = self.state.arena;
        let companions = if presses { arena.companions.of(around) } else { &[] };
        let mut waiting: Vec<u32> = self
            .removed
            .iter()
            .flat_map(|&t| arena.neighbours.of(t).iter().take(NEAR_ABSENT).copied())
            .chain(companions.iter().copied())
            .filter(|&t| self.state.shift_of(t) == NONE && self.part.has_ticket(t))
            .chain(self.removed.iter().copied())
            .collect();
        waiting.sort_unstable();
        waiting.dedup();
        waiting
    }

    /// Brings an absent ticket in, whatever it costs; what follows decides whether it was worth it. Half of the
    /// time it opens a route: where that costs more than any one ticket brings, no ticket would by itself.
    fn press(&mut self, t: u32) {
        self.tried.clear();
        if self.rng.one_in(2) {
            add_empty(&self.state, &self.part, t, &mut self.tried);
        }
        if self.tried.shifts.is_empty() {
            self.look_around(t, true);
        }
        let (state, part) = (&self.state, &self.part);
        let ask =
            |s, bound| part.has_shift(s).then(|| state.best_insertion_below(t, s, bound)).flatten();
        if let Some(insertion) = cheapest(i128::MAX, self.tried.shifts.iter().copied(), ask) {
            self.save(insertion.s);
            self.state.apply(&Edit::Insert(insertion));
        }
    }

    /// Puts tickets back one by one, each in its cheapest place, but for a first one that opens a route. Those that
    /// were absent before can only come in where this iteration has made room. False as soon as the plan must cost
    /// more than `most`, should those that still wait come in for nothing.
    fn recreate(&mut self, waiting: &[u32], most: i128) -> bool {
        let (score, problem) = (&self.state.arena.score, self.state.arena.problem);
        let mut opens = !self.fills_vans && opens(&self.state, &mut self.rng);
        let mut to_come: i128 = waiting.iter().map(|&t| score.absence_cost(problem, t)).sum();
        for &t in waiting {
            let left_out = score.absence_cost(problem, t);
            let room = most - (self.state.charged() - to_come);
            to_come -= left_out;
            if room < 0 {
                return false;
            }
            let was_here = self.removed.contains(&t);
            let opens = std::mem::take(&mut opens);
            if let Some(insertion) = self.place(t, opens, was_here, left_out.min(room + 1)) {
                self.save(insertion.s);
                self.state.apply(&Edit::Insert(insertion));
            } else if left_out > room {
                return false;
            }
        }
        true
    }

    /// The cheapest place for ticket `t` that costs less than `bound`: on an empty shift where it `opens` a route and
    /// one will do, otherwise on a shift that this iteration has changed or, if it may go `elsewhere`, on one around it.
    fn place(&mut self, t: u32, opens: bool, elsewhere: bool, bound: i128) -> Option<Insertion> {
        if opens {
            self.tried.clear();
            add_empty(&self.state, &self.part, t, &mut self.tried);
            let opened = self.cheapest_tried(t, bound);
            if opened.is_some() {
                return opened;
            }
        }
        self.tried.clear();
        self.look_around(t, elsewhere);
        self.cheapest_tried(t, bound)
    }

    /// Adds to the shifts to be tried those that this iteration has changed and, if ticket `t` may go `elsewhere`,
    /// those around it.
    fn look_around(&mut self, t: u32, elsewhere: bool) {
        self.touched.shifts.iter().for_each(|&s| self.tried.add(s));
        if elsewhere {
            add_candidates(&self.state, &self.part, t, &mut self.tried);
        }
    }

    /// The cheapest place for ticket `t` on the shifts to be tried.
    fn cheapest_tried(&mut self, t: u32, bound: i128) -> Option<Insertion> {
        self.memo.look_up(t, &self.tried.shifts);
        let (state, part, touched) = (&self.state, &self.part, &self.touched);
        let (memo, rng) = (&mut self.memo, &mut self.rng);
        let ask = |s, bound| {
            if !part.has_shift(s) || rng.one_in(BLINK) {
                None
            } else if touched.has(s) {
                // It has just changed: nothing is remembered about it, nothing will hold.
                state.best_insertion_below(t, s, bound)
            } else {
                memo.best_insertion_below(state, t, s, bound)
            }
        };
        // Those that have just changed come last, when a low bound spares most of the work.
        let tried = self.tried.shifts.iter().rev().copied();
        cheapest(bound, tried, ask)
    }

    /// Remembers a route before its first change in this iteration.
    fn save(&mut self, s: u32) {
        if self.touched.insert(s) {
            let now = &self.state.routes[s as usize];
            let saved = match self.spare.pop() {
                None => now.clone(),
                Some(mut spare) => {
                    spare.copy_from(now);
                    spare
                }
            };
            self.saved.push((s, saved));
        }
    }

    /// Makes the current plan the best; only routes in `changed` differ from it.
    fn keep_best(&mut self) {
        for &s in &self.changed.shifts {
            self.best.routes[s as usize].clone_from(&self.state.routes[s as usize].stops);
        }
        self.changed.clear();
        self.best.cost = self.state.cost();
        self.best.absent = self.state.absent().len();
    }

    /// Makes these routes the current ones.
    pub(super) fn take_over<'r>(&mut self, routes: impl Iterator<Item = (u32, &'r [u32])> + Clone) {
        for (s, _) in routes.clone() {
            self.state.apply(&Edit::Replace { s, stops: Vec::new() });
            self.changed.add(s);
        }
        for (s, stops) in routes {
            self.state.apply(&Edit::Replace { s, stops: stops.to_vec() });
        }
    }

    /// Goes on from this plan, as if it had never seen a better one.
    pub(super) fn restart(&mut self, from: &Best) {
        self.take_over(from.all_routes());
        self.changed.clear();
        self.best.clone_from(from);
    }

    /// Goes on from the best plan of all, where its own is worse.
    pub(super) fn catch_up(&mut self, best: &Best) {
        if best.cost < self.best.cost {
            self.restart(best);
        }
    }

    /// Starts a round: what was found so far is for others to remember.
    pub(super) fn begin_round(&mut self) {
        self.keep_best();
        self.moved.clear();
        self.start = (self.best.cost, self.best.absent);
    }
}
