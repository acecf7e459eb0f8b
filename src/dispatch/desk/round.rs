//! A round of offers: who is asked next, or why nobody is.

use super::case::{Case, Phase};
use super::choice::{Choice, Order, Ranked, Step, by_score};
use super::command::Mode;
use super::excerpt::Excerpt;
use super::fact::Fact;
use super::look::Look;
use super::member::Member;
use super::near::may_be_asked;
use super::outcome::{Escalation, Offer};
use super::placement::Placement;
use super::timer::TimerKind;
use super::work::Work;
use crate::units::Instant;
use rustc_hash::FxHashSet;

/// Where nobody of those who are looked at can take a ticket, so many times as many are.
pub(super) const WIDER: usize = 4;

/// How one engineer, by his number, is asked about a ticket.
type Ask<'a> = &'a dyn Fn(&Case, u32) -> Option<(Ranked, Placement)>;

/// Who can take a ticket, and where it would go in the day of the one with the best score.
pub(super) struct Survey {
    pub(super) choice: Choice,
    pub(super) best: Option<Placement>,
}

impl Work<'_> {
    /// What comes next for a ticket that waits for an engineer: somebody is asked, or a manager is called.
    pub(super) fn next_round(&mut self, ticket: &str) {
        if let Err(why) = self.try_round(ticket) {
            self.escalate(ticket, why);
        }
    }

    /// Asks somebody about a ticket that waits for an engineer, or says why nobody is asked.
    pub(super) fn try_round(&mut self, ticket: &str) -> Result<(), Escalation> {
        if let Some((fact, best)) = self.round(ticket)? {
            self.emit(ticket, fact);
            best.into_iter().for_each(|placement| self.keep(ticket, placement));
        }
        Ok(())
    }

    /// Keeps the place that a ticket was offered with. One that pushes others out is looked for again, and one that
    /// others may borrow for meanwhile, too.
    fn keep(&mut self, ticket: &str, placement: Placement) {
        let Some(case) = self.state.case(ticket) else { return };
        let engineer = &placement.candidate.engineer;
        let offer = case.offers.iter().find(|offer| offer.engineer == *engineer);
        let offer =
            offer.filter(|offer| offer.displaces.is_empty() && !self.state.lent.is_capped(case));
        if let (Some(offer), Some(member)) = (offer, self.state.member(engineer)) {
            let day = Excerpt::of(self.state, member, self.now);
            self.kept.keep(offer.id, case, &day, placement);
        }
    }

    /// What comes next for a ticket that waits for an engineer, or why nobody is asked; nothing for one that does
    /// not wait.
    pub(super) fn round(
        &self,
        ticket: &str,
    ) -> Result<Option<(Fact, Option<Placement>)>, Escalation> {
        let Some(case) = self.state.case(ticket) else { return Ok(None) };
        if case.phase != Phase::Awaiting || case.proposal.is_some() {
            return Ok(None);
        }
        let look = self.look();
        let answer_by = look.answer_by(case, self.now);
        let Survey { choice, best } = look.survey(case, answer_by);
        if case.mode == Mode::Recommend {
            let choice = choice.short(self.state.policy.alternatives);
            let by = self.now + self.state.policy.attention;
            return Ok(Some((Fact::Recommended { choice, by }, None)));
        }
        match choice.step(&self.state.policy, self.now, answer_by) {
            Step::Nobody => Err(Escalation::Nobody),
            Step::TooLate => Err(Escalation::TooLate),
            Step::ShortOfTime => Err(Escalation::ShortOfTime),
            Step::Ask(count, until) => Ok(Some(match self.quiet_until(case, &choice) {
                Some(until) => (self.deferred(case, until), None),
                None => (self.asked(case, choice, count, until), best),
            })),
        }
    }

    /// When the quiet hours end, if they are kept for this ticket: it is not urgent, and somebody can
    /// still be there in time when asked afterwards.
    fn quiet_until(&self, case: &Case, choice: &Choice) -> Option<Instant> {
        let quiet = self.state.policy.quiet.as_ref()?;
        let until = quiet.end_after(&self.state.world, self.now)?;
        let latest = choice.ranked.iter().map(|ranked| ranked.latest_accept).max().flatten();
        let can_wait = latest.is_none_or(|latest| self.look().answer_by(case, until) <= latest);
        (case.ticket.priority < quiet.unless_priority && can_wait).then_some(until)
    }

    /// The dispatch timer goes on when somebody may be asked again. What a commitment promised stands.
    fn deferred(&self, case: &Case, until: Instant) -> Fact {
        let dispatch = case.promised_dispatch().unwrap_or(until + self.state.policy.dispatch);
        Fact::Deferred { until, dispatch }
    }

    /// The best who can still be there in time are asked.
    fn asked(&self, case: &Case, mut choice: Choice, count: usize, until: Instant) -> Fact {
        let now = self.now;
        choice.ranked.sort_by_key(|ranked| ranked.is_too_late(now));
        let expiry = |ranked: &Ranked| ranked.latest_accept.map_or(until, |last| last.min(until));
        let expiries = choice.ranked.iter().map(expiry).filter(|&expires| expires > now);
        let expiries = expiries.take(count).collect();
        self.offered(case, choice, expiries)
    }

    /// Offers to the first of those ranked, as many as there are expiries.
    fn offered(&self, case: &Case, choice: Choice, expiries: Vec<Instant>) -> Fact {
        let epoch = case.epoch + 1;
        // Who named somebody has acted.
        let still_called = case.escalated.is_some() && choice.order != Order::Named;
        let (_, reminders) = self.look().acceptance(case, self.now);
        let warn = |expires: Instant| {
            let ahead =
                reminders.iter().filter(|moment| (self.now < **moment) && **moment < expires);
            ahead.copied().collect()
        };
        let asked = (self.state.offers..).zip(choice.ranked.iter().zip(expiries));
        let offers = asked.map(|(id, (ranked, expires))| Offer {
            id,
            engineer: ranked.engineer.clone(),
            shift: ranked.shift.clone(),
            start: ranked.start,
            sent: self.now,
            expires,
            warn: warn(expires),
            displaces: ranked.displaces.clone(),
        });
        let offers = offers.collect();
        let choice = choice.short(self.state.policy.alternatives);
        Fact::Offered { epoch, offers, choice, still_called }
    }

    /// The one whom somebody of the house named is asked.
    pub(super) fn named(&self, case: &Case, member: &Member, placement: &Placement) -> Fact {
        let ranked = Ranked::new(&self.state.policy, self.now, case, member, placement);
        let until = self.look().answer_by(case, self.now);
        let choice = Choice { order: Order::Named, asked: 1, rounds: None, ranked: vec![ranked] };
        self.offered(case, choice, vec![until])
    }

    pub(super) fn escalate(&mut self, ticket: &str, why: Escalation) {
        let Some(case) = self.state.case(ticket) else { return };
        let fact = self.escalated(case, why);
        self.emit(ticket, fact);
    }

    /// A manager is called, or was before.
    pub(super) fn escalated(&self, case: &Case, why: Escalation) -> Fact {
        // Who was called before has no more time because it was tried again meanwhile.
        let called = case.timers.get(TimerKind::Attention);
        let called = called.filter(|_| case.escalated.is_some()).map(|timer| timer.due);
        let by = called.unwrap_or(self.now + self.state.policy.attention);
        let again = self.cooled_at(case).filter(|_| why == Escalation::Nobody);
        Fact::Escalated { why, by, again }
    }

    /// When the first of those who refused a ticket may be asked again, if the desk tries by itself.
    fn cooled_at(&self, case: &Case) -> Option<Instant> {
        let policy = &self.state.policy;
        let cooled = case.refusals.values().map(|&refused| refused + policy.cool_down);
        cooled.filter(|&at| at > self.now).min().filter(|_| policy.retry_escalated)
    }
}

impl Look<'_> {
    /// Everybody who can take a ticket as asked, in order. Who has refused it is left out, unless nobody
    /// else is left and he has had time to think.
    pub(super) fn survey_by(&self, case: &Case, answer_by: Instant, ask: Ask<'_>) -> Survey {
        let refused = |engineer: &str| case.refusals.contains_key(engineer);
        let fresh = self.rank(case, answer_by, ask, &|engineer| !refused(engineer));
        if !fresh.choice.ranked.is_empty() || case.refusals.is_empty() {
            return fresh;
        }
        self.rank(case, answer_by, ask, &|engineer| self.has_thought(case, engineer))
    }

    /// Whether somebody has refused a ticket and had time to think since.
    pub(super) fn has_thought(&self, case: &Case, engineer: &str) -> bool {
        let has_cooled = |&refused: &Instant| self.now - refused >= self.state.policy.cool_down;
        case.refusals.get(engineer).is_some_and(has_cooled)
    }

    fn rank(
        &self,
        case: &Case,
        answer_by: Instant,
        ask: Ask<'_>,
        is_open: &dyn Fn(&str) -> bool,
    ) -> Survey {
        let policy = &self.state.policy;
        let mut count = policy.shortlist as usize;
        let mut asked = FxHashSet::default();
        loop {
            let near = self.shortlist(case, count, is_open);
            let fresh = near.iter().copied().filter(|&number| asked.insert(number));
            let mut ranked: Vec<Ranked> = Vec::new();
            // To hold the days of all of them until the end takes longer than to make that of one again.
            let mut best: Option<(usize, Placement)> = None;
            for (one, placement) in fresh.filter_map(|number| ask(case, number)) {
                if best.as_ref().is_none_or(|(at, _)| by_score(&one, &ranked[*at]).is_lt()) {
                    best = Some((ranked.len(), placement));
                }
                ranked.push(one);
            }
            if !ranked.is_empty() || near.len() < count {
                let choice = Choice::of(policy, self.now, answer_by, near.len(), ranked);
                return Survey { choice, best: best.map(|(_, placement)| placement) };
            }
            // On a full day the nearest have no room, and somebody not much further away has.
            count *= WIDER;
        }
    }

    /// The numbers of those nearest to a ticket who may be asked about it, and are open to it.
    pub(super) fn shortlist(
        &self,
        case: &Case,
        count: usize,
        is_open: &dyn Fn(&str) -> bool,
    ) -> Vec<u32> {
        let mut may = |member: &Member| {
            is_open(&member.engineer.id)
                && (!member.is_asked_enough(&self.state.policy)
                    || member.offers.contains(&case.ticket.id))
                && may_be_asked(member, &case.ticket, self.now)
        };
        self.near.shortlist(self.state, case, count, &mut may)
    }

    /// How one engineer would take a ticket, if he can.
    pub(super) fn ranked(&self, case: &Case, number: u32) -> Option<(Ranked, Placement)> {
        self.ranked_calling(case, number, self.state.policy.calls)
    }

    /// The same where at most so many customers may be called.
    pub(super) fn ranked_calling(
        &self,
        case: &Case,
        number: u32,
        calls: Option<u32>,
    ) -> Option<(Ranked, Placement)> {
        let member = self.state.members.get(number as usize)?;
        let placement = self.day(member).calling(calls).place(case, false)?;
        let ranked = self.ranked_at(case, member, &placement)?;
        Some((ranked, placement))
    }

    /// How he would take it in this place. Who cannot keep what he has is not asked for more.
    pub(super) fn ranked_at(
        &self,
        case: &Case,
        member: &Member,
        placement: &Placement,
    ) -> Option<Ranked> {
        let keeps_all =
            placement.day.displaced.is_empty() && !self.delays_emergency(case, placement);
        keeps_all.then(|| Ranked::new(&self.state.policy, self.now, case, member, placement))
    }
}

#[cfg(test)]
mod tests {
    use crate::dispatch::desk::{Actor, Command, Desk, Escalation, Fact, OfferPolicy};
    use crate::model::{Engineer, Place, Ticket, TravelMode, World};
    use crate::units::{Instant, Seconds};

    const HOUR: i64 = 3_600;

    /// What comes of a ticket for so many hours at the end of a row of a hundred engineers, of whom every tenth from the
    /// fifth on works for ten hours and the others for half an hour, when two are looked at first.
    fn outcome(hours: i64) -> Fact {
        let mut world = World::new(TravelMode::car(36_000));
        for number in 0..100 {
            let home = Place::at(52.0 + f64::from(number) * 0.01, 13.4);
            let end = Instant(if number % 10 == 5 { 10 * HOUR } else { HOUR / 2 });
            world.engineers.push(Engineer::new(number.to_string(), home, Instant(0), end));
        }
        let policy = OfferPolicy { shortlist: 2, ..OfferPolicy::default() };
        let (mut desk, _) = Desk::open(Instant(0), &world, policy).expect("sound");
        let ticket = Ticket::new("T1", Place::at(52.0, 13.4), Seconds(hours * HOUR));
        let sue = Actor::support("sue");
        let events = desk.apply(Instant(0), &sue, "k", &Command::open(ticket));
        events.expect("not refused").pop().expect("something comes of it").fact
    }

    #[test]
    fn where_the_nearest_have_no_room_no_more_are_looked_at_than_are_needed() {
        let Fact::Offered { offers, choice, .. } = outcome(1) else { panic!("nobody is asked") };
        assert_eq!((offers[0].engineer.as_str(), choice.asked), ("5", 8));
    }

    #[test]
    fn a_manager_is_called_where_nobody_at_all_has_room() {
        assert!(matches!(outcome(11), Fact::Escalated { why: Escalation::Nobody, .. }));
    }
}
