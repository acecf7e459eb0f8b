//! Where it is worth trying a ticket: beside its neighbours, and in an empty shift nearby.

use super::legs::Legs;
use crate::problem::{NONE, Problem};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// How many neighbouring tickets a ticket is tried beside.
const NEIGHBOURS: usize = 40;
/// In how many kinds of empty shifts a ticket is tried.
const KINDS: usize = 16;

/// For each ticket the nearest others, nearest first.
#[derive(Debug)]
pub(super) struct Neighbours {
    near: Vec<u32>,
    each: usize,
}

impl Neighbours {
    /// The nearest tickets to ticket `t`.
    #[inline]
    pub(super) fn of(&self, t: u32) -> &[u32] {
        &self.near[t as usize * self.each..][..self.each]
    }
}

/// Finds the nearest tickets of each ticket, by travel there and back in the first profile.
pub(super) fn neighbours(problem: &Problem, legs: &Legs<'_>) -> Neighbours {
    let count = problem.tickets.len();
    let each = NEIGHBOURS.min(count.saturating_sub(1));
    let site = |t: u32| problem.tickets[t as usize].site;
    let near = problem
        .ticket_indexes()
        .into_par_iter()
        .flat_map_iter(|t| {
            let mut others: Vec<(i64, u32)> = problem
                .ticket_indexes()
                .filter(|&other| other != t)
                .map(|other| {
                    let there = legs.leg(0, site(t), site(other)).seconds;
                    (there + legs.leg(0, site(other), site(t)).seconds, other)
                })
                .collect();
            if each > 0 && each < others.len() {
                others.select_nth_unstable(each - 1);
                others.truncate(each);
            }
            others.sort_unstable();
            others.into_iter().map(|(_, other)| other)
        })
        .collect();
    Neighbours { near, each }
}

/// Shifts that are alike in all that a route depends on, so that one empty one stands for all.
#[derive(Debug)]
pub(super) struct ShiftKinds {
    /// The shifts of each kind.
    pub(super) members: Vec<Vec<u32>>,
    /// For each ticket the kinds to try, nearest start first.
    near: Vec<Vec<u32>>,
    /// For each ticket the travel to it and back from the nearest start.
    remoteness: Vec<i64>,
}

impl ShiftKinds {
    pub(super) fn of(problem: &Problem, legs: &Legs<'_>) -> Self {
        let mut number = FxHashMap::default();
        let mut members: Vec<Vec<u32>> = Vec::new();
        for s in problem.shift_indexes() {
            let kind = *number.entry(problem.kind_key(s)).or_insert_with(|| {
                members.push(Vec::new());
                members.len() - 1
            });
            members[kind].push(s);
        }
        let (near, remoteness) = problem
            .ticket_indexes()
            .into_par_iter()
            .map(|t| nearest_kinds(problem, legs, &members, t))
            .unzip();
        Self { members, near, remoteness }
    }

    /// Seconds to ticket `t` and back from the nearest shift that may take it.
    #[inline]
    pub(super) fn remoteness(&self, t: u32) -> i64 {
        self.remoteness[t as usize]
    }

    /// The kinds of shifts in which ticket `t` is worth trying.
    #[inline]
    pub(super) fn near(&self, t: u32) -> &[u32] {
        &self.near[t as usize]
    }
}

fn nearest_kinds(
    problem: &Problem,
    legs: &Legs<'_>,
    kinds: &[Vec<u32>],
    t: u32,
) -> (Vec<u32>, i64) {
    let site = problem.tickets[t as usize].site;
    let mut reach: Vec<(i64, u32)> = kinds
        .iter()
        .zip(0..)
        .filter(|(members, _)| members.iter().any(|&s| problem.admits(t, s)))
        .map(|(members, kind)| {
            let shift = &problem.shifts[members[0] as usize];
            let there = legs.leg(shift.profile, shift.from, site).seconds;
            (there + legs.leg(shift.profile, site, shift.to).seconds, kind)
        })
        .collect();
    if reach.len() > KINDS {
        reach.select_nth_unstable(KINDS);
        reach.truncate(KINDS);
    }
    reach.sort_unstable();
    let remoteness = reach.first().map_or(0, |&(nearest, _)| nearest);
    (reach.into_iter().map(|(_, kind)| kind).collect(), remoteness)
}

/// A set of shifts without repetition, emptied in O(1).
#[derive(Debug)]
pub(super) struct ShiftSet {
    stamp: Vec<u32>,
    now: u32,
    /// The shifts in the set.
    pub(super) shifts: Vec<u32>,
}

impl ShiftSet {
    pub(super) fn new(shifts: usize) -> Self {
        Self { stamp: vec![0; shifts], now: 1, shifts: Vec::new() }
    }

    pub(super) fn clear(&mut self) {
        self.shifts.clear();
        self.now = self.now.wrapping_add(1);
        if self.now == 0 {
            self.stamp.fill(0);
            self.now = 1;
        }
    }

    /// Adds a shift; [`NONE`] is passed over.
    #[inline]
    pub(super) fn add(&mut self, s: u32) {
        if s != NONE {
            self.insert(s);
        }
    }

    /// Adds a shift and says whether it is new.
    #[inline]
    pub(super) fn insert(&mut self, s: u32) -> bool {
        let is_new = self.stamp[s as usize] != self.now;
        if is_new {
            self.stamp[s as usize] = self.now;
            self.shifts.push(s);
        }
        is_new
    }
}
