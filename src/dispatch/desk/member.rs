//! One engineer on the desk: his day as it stands, and how he answers.

use super::policy::OfferPolicy;
use crate::model::{Engineer, Place};
use crate::plan::Route;
use crate::units::Instant;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// An engineer on the desk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// His number on this desk, from 0.
    pub number: u32,
    /// All about him.
    pub engineer: Engineer,
    /// May he be asked?
    pub on_duty: bool,
    /// From when on he is ill.
    pub ill_from: Option<Instant>,
    /// Where he was seen last.
    pub position: Option<Place>,
    /// What he is on.
    pub current: Option<Current>,
    /// What is left of his routes, by shift. What is done or under way is not on them any more.
    pub routes: BTreeMap<String, Route>,
    /// How many visits of each shift he has begun.
    pub begun: BTreeMap<String, u32>,
    /// The tickets that he is asked about.
    pub offers: BTreeSet<String>,
    /// How many questions he has answered or let lapse.
    pub asked: u32,
    /// To how many of them he said yes.
    pub accepted: u32,
    /// When he was given a ticket last.
    pub last_assigned: Option<Instant>,
}

/// A visit that is under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Current {
    /// Which.
    pub ticket: String,
    /// On which shift.
    pub shift: String,
    /// When it should be over.
    pub until: Instant,
}

impl Member {
    pub(super) fn new(number: u32, engineer: Engineer) -> Self {
        Self {
            number,
            engineer,
            on_duty: true,
            ill_from: None,
            position: None,
            current: None,
            routes: BTreeMap::new(),
            begun: BTreeMap::new(),
            offers: BTreeSet::new(),
            asked: 0,
            accepted: 0,
            last_assigned: None,
        }
    }

    /// The tickets on his routes, in the order of his shifts.
    pub fn tickets(&self) -> impl Iterator<Item = &str> {
        self.routes.values().flat_map(Route::tickets)
    }

    /// True when he is asked as many questions as he may be at once.
    pub(super) fn is_asked_enough(&self, policy: &OfferPolicy) -> bool {
        self.offers.len() >= policy.offers_at_once as usize
    }

    /// True when visits may be put on his routes by others: he is on duty, well, and has no question open
    /// whose answer they could change.
    pub(super) fn may_get_more(&self, at: Instant) -> bool {
        self.on_duty && !self.is_ill(at) && self.offers.is_empty()
    }

    /// Is he ill at this moment?
    pub(super) fn is_ill(&self, at: Instant) -> bool {
        self.ill_from.is_some_and(|from| from <= at)
    }

    /// Where he comes from, as far as is known: where he was seen, or where his first shift starts.
    #[must_use]
    pub fn whereabouts(&self) -> Option<&Place> {
        self.position.as_ref().or_else(|| self.engineer.shifts.first().map(|shift| &shift.from))
    }
}
