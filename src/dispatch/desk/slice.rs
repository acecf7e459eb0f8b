//! Rolling re-optimisation: a small piece of the live plan is cut out, improved on any thread, and put back by a command.
//!
//! It knows neither when to be called nor for how long: whoever has time to spare cuts the next slice.

use super::Desk;
use super::case::{Case, Phase};
use super::cause::as_digits;
use super::excerpt::Excerpt;
use super::found::{Finder, Found};
use super::member::Member;
use super::propose::Proposal;
use super::told::{around, hold};
use super::work::told;
use crate::model::{Issues, Lock, Ticket, Window};
use crate::plan::{Plan, Route, Sequences};
use crate::problem::Problem;
use crate::rng::Rng;
use crate::solve::{Budget, route};
use crate::units::{Instant, Seconds};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;

/// How a slice is cut, how long it is worked on, and what is worth a change of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// Seed of all randomness: around which visit it is cut, which visits may move, and how they are moved. Give
    /// each slice another one.
    #[serde(with = "as_digits")]
    pub seed: u64,
    /// So many engineers, neighbours of one another.
    pub engineers: u32,
    /// At most so many visits may go to somebody else, or to a time of which their customers have to be told. All
    /// others keep their engineer, and start within the policy's tolerance of what their customers were told.
    pub calls: u32,
    /// Steps of ruin and recreate. A thousand take some milliseconds.
    pub iterations: u64,
    /// How much better it must be, level by level of the score; 1 for those that are not named. A level that gets
    /// better by less does not count, one that gets worse rules the change out.
    pub margin: Vec<i64>,
}

/// How many visits or people are looked at for each engineer of a slice.
const LOOK: usize = 16;

impl Default for Cut {
    fn default() -> Self {
        Self { seed: 1, engineers: 6, calls: 2, iterations: 1_000, margin: Vec::new() }
    }
}

/// A piece of the live plan, and what may be changed in it. It borrows nothing: send it to another thread.
#[derive(Clone, Debug)]
pub struct Slice {
    problem: Problem,
    /// The routes as they would go on from now.
    start: Plan,
    /// The routes as they stand.
    before: Vec<Route>,
    /// The routes as customers were told.
    told: Vec<Route>,
    tolerance: Seconds,
    cut: Cut,
    /// When it was cut, and the number of the first event that the desk had not seen by then.
    at: Instant,
    seq: u64,
}

impl Desk {
    /// Cuts a piece out of the live plan, to be [improved](Slice::improve) while the desk goes on. None where
    /// nothing can be moved, or the engineers cannot keep what they have.
    ///
    /// What is under way, locked, or decided against the rules stays. So does everything of engineers who are off duty,
    /// ill, or asked about a ticket: what they were asked for stays as they were asked. The same state, moment and
    /// `cut` give the same slice. It costs about as much as a command that looks for engineers, however large the
    /// desk is.
    ///
    /// ```
    /// use fieldwright::dispatch::desk::{Act, Actor, Command, Cut, Desk, OfferPolicy, Role};
    /// use fieldwright::model::{Engineer, Place, Ticket, TravelMode, World};
    /// use fieldwright::units::{Instant, Seconds};
    ///
    /// let mut world = World::new(TravelMode::car(36_000));
    /// for (id, lat) in [("ada", 52.5), ("bob", 52.7)] {
    ///     world.engineers.push(Engineer::new(id, Place::at(lat, 13.4), Instant(0), Instant(36_000)));
    /// }
    /// let (mut desk, _) = Desk::open(Instant(0), &world, OfferPolicy::default())?;
    /// let max = Actor::manager("max");
    /// // Each is given the ticket at the other one's door.
    /// for (id, lat, engineer) in [("T1", 52.7, "ada"), ("T2", 52.5, "bob")] {
    ///     let ticket = Ticket::new(id, Place::at(lat, 13.4), Seconds(3_600));
    ///     desk.apply(Instant(0), &max, id, &Command::open(ticket))?;
    ///     let version = desk.state().case(id).expect("opened").version;
    ///     let act = Act::Assign { engineer: engineer.into(), reason: "as told".into() };
    ///     desk.apply(Instant(0), &max, &format!("{id} to {engineer}"), &Command::on_version(id, version, act))?;
    /// }
    ///
    /// for seed in 1..=4 {
    ///     let Some(slice) = desk.slice(Instant(0), &Cut { seed, ..Cut::default() })? else { continue };
    ///     // On any thread, for as long as its iterations take; the desk goes on meanwhile.
    ///     let improve = std::thread::spawn(move || slice.improve());
    ///     let Some(proposal) = improve.join().expect("no panic")? else { continue };
    ///     // Refused with `PlanMoved` if what it touches has changed: then the next slice is cut.
    ///     let commit = Command::CommitPlan { proposal: Box::new(proposal) };
    ///     desk.apply(Instant(0), &Actor::new(Role::System, "rolling"), &format!("slice {seed}"), &commit)?;
    /// }
    /// assert_eq!(desk.state().case("T1").expect("opened").held_by_engineer(), Some("bob"));
    /// assert_eq!(desk.state().case("T2").expect("opened").held_by_engineer(), Some("ada"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// E704 when the objective cannot be represented exactly.
    pub fn slice(&self, now: Instant, cut: &Cut) -> Result<Option<Slice>, Issues> {
        let mut rng = Rng::new(cut.seed, 0);
        let Some(first) = self.pick(now, &mut rng) else { return Ok(None) };
        let members = self.neighbours(first, now, cut.engineers as usize);
        let free = self.free(first, &members, cut.calls as usize, &mut rng);
        let (mut world, standing) = self.state.joint(&members, now);
        let orders = Sequences::of(&standing);
        let mut on_time = Plan::default();
        for member in members.iter().filter(|member| !member.routes.is_empty()) {
            let (routes, displaced) = Excerpt::of(&self.state, member, now).timed()?;
            if !displaced.is_empty() {
                return Ok(None);
            }
            on_time.routes.extend(routes);
        }
        for ticket in world.tickets.iter_mut().filter(|ticket| !free.contains(&&*ticket.id)) {
            let Some((route, visit)) = on_time.visit_of(&ticket.id) else { return Ok(None) };
            let (shift, rank, start) = (route.shift.clone(), None, None);
            ticket.lock.get_or_insert(Lock { shift, rank, start });
            if !hold(ticket, self.times_of(ticket, visit.start)) {
                return Ok(None);
            }
        }
        let problem = Problem::build(world)?;
        let (start, displaced) = route::time(&problem, &orders)?;
        if !displaced.is_empty() {
            return Ok(None);
        }
        let told = told(&self.state, &standing.routes, None);
        let (before, tolerance) = (standing.routes, self.state.policy.tolerance);
        let (cut, seq) = (cut.clone(), self.state.next);
        Ok(Some(Slice { problem, start, before, told, tolerance, cut, at: now, seq }))
    }

    /// When work may start on a ticket whose customer is not to be called, and which would start then as
    /// things stand.
    fn times_of(&self, ticket: &Ticket, stands: Instant) -> Window {
        if !ticket.preferred_windows.is_empty() {
            return Window::new(stands, stands);
        }
        let told = self.state.case(&ticket.id).and_then(|case| case.told.as_ref());
        let told = told.map_or(stands, |told| told.start);
        let times = around(told, self.state.policy.tolerance);
        // Who is late anyhow may come as late as that.
        Window::new(times.earliest, times.latest.max(stands))
    }

    /// The visit around which to cut: any that may move.
    fn pick(&self, now: Instant, rng: &mut Rng) -> Option<&Case> {
        let cases = self.state.cases();
        let (before, after) = cases.split_at(rng.below(cases.len()));
        after.iter().chain(before).find(|case| {
            let holder = case.held_by_engineer().and_then(|id| self.state.member(id));
            may_move(case) && holder.is_some_and(|member| self.may_be_cut(member, now))
        })
    }

    /// True when visits may go from and to somebody's day.
    fn may_be_cut(&self, member: &Member, now: Instant) -> bool {
        member.may_get_more(now) && !Excerpt::of(&self.state, member, now).is_behind()
    }

    /// Whose days are looked at together: two of three by the visits they have near here, the rest by
    /// where they are.
    fn neighbours<'d>(&'d self, first: &'d Case, now: Instant, most: usize) -> Vec<&'d Member> {
        let holder = |case: &Case| self.state.member(case.held_by_engineer()?);
        let visits = self.near.visits_around(&self.state, first).take(LOOK * most);
        let people = self.near.people_around(&self.state, first).take(LOOK * most);
        let mut found: Vec<&Member> = holder(first).into_iter().collect();
        let mut add = |member: &'d Member, most: usize| {
            let is_known = found.iter().any(|known| known.number == member.number);
            if found.len() < most && !is_known && self.may_be_cut(member, now) {
                found.push(member);
            }
        };
        visits.filter_map(holder).for_each(|member| add(member, most - most / 3));
        people.for_each(|member| add(member, most));
        found
    }

    /// The visits that may move: the first, and of those near it every other one by lot.
    fn free<'d>(
        &'d self,
        first: &'d Case,
        members: &[&Member],
        most: usize,
        rng: &mut Rng,
    ) -> Vec<&'d str> {
        let is_theirs = |case: &Case| {
            let holder = case.held_by_engineer();
            members.iter().any(|member| Some(member.engineer.id.as_str()) == holder)
        };
        let visits = self.near.visits_around(&self.state, first).take(LOOK * members.len());
        let others = visits.filter(|case| case.number != first.number);
        let others = others.filter(|case| may_move(case) && is_theirs(case) && rng.one_in(2));
        let free = [first].into_iter().chain(others).take(most);
        free.map(|case| case.ticket.id.as_str()).collect()
    }
}

/// True for a visit that others may still move.
fn may_move(case: &Case) -> bool {
    let is_decided = case.holder.as_ref().is_some_and(|holder| holder.against_rules);
    case.phase == Phase::Assigned && case.ticket.lock.is_none() && !is_decided
}

impl Slice {
    /// Looks for a plan that is better by the margin, and calls nobody whom it need not. None where there is none.
    ///
    /// Changes nothing: give what comes out to the desk with [`Command::CommitPlan`](super::Command::CommitPlan).
    /// It is refused if the routes that it touches, or who is on them, are others by then. The same slice gives the
    /// same answer, on any machine.
    ///
    /// # Errors
    /// E704 when the objective cannot be represented exactly.
    pub fn improve(&self) -> Result<Option<Proposal>, Issues> {
        let budget = Budget::iterations(self.cut.iterations);
        let (seed, threads) = (self.cut.seed, Some(1));
        let options = route::Options { budget, seed, threads, start: Some(self.start.clone()) };
        let found = route::plan(&self.problem, &options, &mut |_| ControlFlow::Continue(()))?.plan;
        if !found.unassigned.is_empty() || !self.is_better(&found.score) {
            return Ok(None);
        }
        let source = Found {
            seq: self.seq,
            at: self.at,
            by: Finder::Slice(self.cut.clone()).within_reach(),
            before: self.start.score.clone(),
            after: found.score,
        };
        let before = self.before.clone();
        Ok(Some(Proposal::of(&self.told, before, found.routes, self.tolerance, source)))
    }

    fn is_better(&self, score: &[i64]) -> bool {
        let margins = self.cut.margin.iter().copied().chain(std::iter::repeat(1));
        for ((before, after), margin) in self.start.score.iter().zip(score).zip(margins) {
            let gain = before - after;
            if gain < 0 || gain >= margin.max(1) {
                return gain > 0;
            }
        }
        false
    }
}
