//! An emergency that nobody reaches in time pushes out visits that matter less.
//!
//! Who is under way, what matters as much, what is locked and what a manager decided stays. Nothing is pushed out
//! before somebody takes the emergency: until then the offer says what would be.

use super::case::{Case, Phase};
use super::choice::{Order, Ranked};
use super::look::Look;
use super::member::Member;
use super::outcome::{Offer, Return};
use super::placement::Placement;
use super::policy::Displacement;
use super::round::Survey;
use super::work::Work;
use crate::dispatch::Moved;
use crate::units::{Instant, Seconds};
use std::borrow::Cow;
use std::cmp::Reverse;

/// What it means to push visits out, less before more: their priorities, the highest first, and how many
/// customers have to be called.
type Weight = (Vec<u32>, usize);

impl Work<'_> {
    /// Who is pushed out waits again, with a clock of his own, and is offered anew at once.
    pub(super) fn push_out(&mut self, tickets: Vec<String>, emergency: &str) {
        self.bring_back(tickets, &Return::Displaced(emergency.to_owned()));
    }
}

impl<'d> Look<'d> {
    /// Everybody who can take a ticket, in order: nobody for whom customers must be called where somebody can come without
    /// that. Where it is an emergency that none of them reaches in time, who can when others are pushed out.
    pub(super) fn survey(&self, case: &Case, answer_by: Instant) -> Survey {
        let calling = |calls: Option<u32>| {
            self.survey_by(case, answer_by, &|case, number| {
                self.ranked_calling(case, number, calls)
            })
        };
        let most = self.state.policy.calls;
        let mut survey = calling(most.map(|_| 0));
        if most > Some(0) && survey.choice.ranked.is_empty() {
            survey = calling(most);
        }
        let in_time = |ranked: &Ranked| case.is_in_time(ranked.arrive);
        match self.limits(case) {
            Some(limits) if !survey.choice.ranked.iter().any(in_time) => {
                self.survey_pushing(case, answer_by, &limits).unwrap_or(survey)
            }
            _ => survey,
        }
    }

    fn survey_pushing(
        &self,
        case: &Case,
        answer_by: Instant,
        limits: &Displacement,
    ) -> Option<Survey> {
        let ranked = |case: &Case, number: u32| {
            let member = self.state.members.get(number as usize)?;
            let placement = self.pushing(case, member, limits)?;
            Some((Ranked::new(&self.state.policy, self.now, case, member, &placement), placement))
        };
        let mut survey = self.survey_by(case, answer_by, &ranked);
        let choice = &mut survey.choice;
        choice.ranked.sort_by_cached_key(|ranked| self.weight(&ranked.displaces));
        choice.order = Order::Displacement;
        (!choice.ranked.is_empty()).then_some(survey)
    }

    /// The best place for a ticket in somebody's day; in time at the price of others, where it is an emergency
    /// that would be late otherwise.
    pub(super) fn fit(&self, case: &Case, member: &Member) -> Option<Placement> {
        let placement = self.day(member).place(case, false);
        let in_time = |placement: &Placement| case.is_in_time(placement.candidate.arrive);
        match self.limits(case) {
            Some(limits) if !placement.as_ref().is_some_and(in_time) => {
                self.pushing(case, member, &limits).or(placement)
            }
            _ => placement,
        }
    }

    /// The place that was offered: without pushing anybody out, if that has become possible, and else as the
    /// offer says. Nobody is pushed out whom the offer does not name.
    pub(super) fn fit_offer(
        &self,
        case: &Case,
        member: &Member,
        offer: &Offer,
    ) -> Option<Cow<'d, Placement>> {
        if offer.displaces.is_empty() {
            let day = self.day(member);
            let Some(kept) = self.kept.placement(offer.id, case, &day) else {
                return day.place(case, false).map(Cow::Owned);
            };
            debug_assert_eq!(Some(kept), day.place(case, false).as_ref(), "{}", offer.id);
            return Some(Cow::Borrowed(kept));
        }
        let limits = self.limits(case)?;
        let movable = self.movable(case, member, &limits);
        let if_movable = |id: &String| movable.iter().copied().find(|&movable| movable == id);
        let named: Vec<&str> = offer.displaces.iter().filter_map(if_movable).collect();
        let placement =
            self.in_time(case, member, |in_time| in_time(&[]).or_else(|| in_time(&named)));
        placement.map(Cow::Owned)
    }

    /// True when a ticket that is none itself would make an emergency late that he has.
    pub(super) fn delays_emergency(&self, case: &Case, placement: &Placement) -> bool {
        let stops = || placement.day.routes.iter().flat_map(|route| &route.stops);
        let is_late = |moved: &Moved| {
            let arrive = stops().find(|stop| stop.id == moved.ticket).map(|stop| stop.arrive);
            let other = self.state.case(&moved.ticket).filter(|other| other.is_emergency());
            other.zip(arrive).is_some_and(|(other, arrive)| !other.is_in_time(arrive))
        };
        let mut later = placement.candidate.moved.iter().filter(|moved| moved.by > Seconds::ZERO);
        !case.is_emergency() && later.any(is_late)
    }

    /// What an emergency may push out, as long as it can still be in time.
    pub(super) fn limits(&self, case: &Case) -> Option<Displacement> {
        let is_open = case.arrival_due().is_none_or(|due| due > self.now);
        self.state.policy.displacement.filter(|_| case.is_emergency() && is_open)
    }

    /// An emergency in somebody's day in time, at the least price of other visits.
    fn pushing(&self, case: &Case, member: &Member, limits: &Displacement) -> Option<Placement> {
        let movable = self.movable(case, member, limits);
        self.in_time(case, member, |in_time| {
            // Who is late with an empty day is later with a fuller one.
            in_time(&movable)?;
            let mut sets: Vec<(Weight, Vec<&str>)> = subsets(&movable, limits.visits as usize)
                .into_iter()
                .map(|set| (self.weight(&set), set))
                .filter(|((_, told), _)| *told <= limits.told as usize)
                .collect();
            sets.sort_by(|a, b| a.0.cmp(&b.0));
            sets.chunk_by(|a, b| a.0 == b.0).find_map(|alike| {
                let placed = alike.iter().filter_map(|(_, set)| in_time(set));
                placed.min_by(|a, b| a.candidate.score().cmp(b.candidate.score()))
            })
        })
    }

    /// The visits of somebody's day that may make room for an emergency.
    fn movable<'s>(&self, case: &Case, member: &'s Member, limits: &Displacement) -> Vec<&'s str> {
        let may_go = |id: &&str| {
            self.state.case(id).is_some_and(|other| {
                let is_decided = other.holder.as_ref().is_some_and(|holder| holder.against_rules);
                other.phase == Phase::Assigned
                    && other.ticket.priority < case.ticket.priority.min(limits.unless_priority)
                    && other.ticket.lock.is_none()
                    && !is_decided
                    && other.number != case.number
            })
        };
        member.tickets().filter(may_go).collect()
    }

    /// An emergency in somebody's day in time, as is asked: without some visits and with all others.
    fn in_time<'s>(
        &self,
        case: &Case,
        member: &'s Member,
        ask: impl FnOnce(&dyn Fn(&[&'s str]) -> Option<Placement>) -> Option<Placement>,
    ) -> Option<Placement>
    where
        'd: 's,
    {
        let urgent = case.no_later_than_promised(self.now)?;
        let asked = self.day(member).place_without(&urgent, |place| {
            ask(&|without| {
                let mut placement = place(without).filter(|it| it.day.displaced.is_empty())?;
                placement.displaces = without.iter().map(|&id| id.to_owned()).collect();
                Some(placement)
            })
        });
        asked.ok().flatten()
    }

    fn weight(&self, tickets: &[impl AsRef<str>]) -> Weight {
        let cases = tickets.iter().filter_map(|id| self.state.case(id.as_ref()));
        let mut priorities: Vec<u32> = cases.clone().map(|case| case.ticket.priority).collect();
        priorities.sort_by_key(|&priority| Reverse(priority));
        (priorities, cases.filter(|case| case.told.is_some()).count())
    }
}

/// Every choice of at most so many, the empty one first.
fn subsets<'s>(of: &[&'s str], most: usize) -> Vec<Vec<&'s str>> {
    let mut sets = vec![Vec::new()];
    for &one in of {
        let wider = sets.iter().filter(|set| set.len() < most);
        let wider: Vec<Vec<&str>> = wider.map(|set| [set.as_slice(), &[one]].concat()).collect();
        sets.extend(wider);
    }
    sets
}
