//! A round of offers: who is asked next, or why nobody is.

use super::case::{Case, Phase};
use super::choice::{Choice, Order, Ranked, Step};
use super::command::Mode;
use super::event::Fact;
use super::excerpt::Placement;
use super::member::Member;
use super::near::may_be_asked;
use super::outcome::{Escalation, Offer};
use super::timer::TimerKind;
use super::work::Work;
use crate::units::Instant;

/// How one engineer, by his number, is asked about a ticket.
type Ask<'a> = &'a dyn Fn(&Case, u32) -> Option<Ranked>;

impl Work<'_> {
    /// What comes next for a ticket that waits for an engineer: somebody is asked, or a manager is called.
    pub(super) fn next_round(&mut self, ticket: &str) {
        if let Err(why) = self.try_round(ticket) {
            self.escalate(ticket, why);
        }
    }

    /// Asks somebody about a ticket that waits for an engineer, or says why nobody is asked.
    pub(super) fn try_round(&mut self, ticket: &str) -> Result<(), Escalation> {
        let Some(case) = self.state.case(ticket) else { return Ok(()) };
        if case.phase != Phase::Awaiting || case.proposal.is_some() {
            return Ok(());
        }
        let answer_by = self.answer_by(case, self.now);
        let choice = self.survey(case, answer_by);
        if case.mode == Mode::Recommend {
            let choice = choice.short(self.state.policy.alternatives);
            let by = self.now + self.state.policy.attention;
            self.emit(ticket, Fact::Recommended { choice, by });
            return Ok(());
        }
        match choice.step(&self.state.policy, self.now, answer_by) {
            Step::Nobody => return Err(Escalation::Nobody),
            Step::TooLate => return Err(Escalation::TooLate),
            Step::ShortOfTime => return Err(Escalation::ShortOfTime),
            Step::Ask(count, until) => match self.quiet_until(case, &choice) {
                Some(until) => self.defer(ticket, until),
                None => self.ask(ticket, choice, count, until),
            },
        }
        Ok(())
    }

    /// Everybody who can take a ticket as asked, in order. Who has refused it is left out, unless nobody
    /// else is left and he has had time to think.
    pub(super) fn survey_by(&self, case: &Case, answer_by: Instant, ask: Ask<'_>) -> Choice {
        let refused = |engineer: &str| case.refusals.contains_key(engineer);
        let fresh = self.rank(case, answer_by, ask, &|engineer| !refused(engineer));
        if !fresh.ranked.is_empty() || case.refusals.is_empty() {
            return fresh;
        }
        let has_thought =
            |engineer: &str| case.refusals.get(engineer).is_some_and(|&at| self.is_cool(at));
        self.rank(case, answer_by, ask, &has_thought)
    }

    /// Whether somebody who refused at this moment has had time to think.
    pub(super) fn is_cool(&self, refused: Instant) -> bool {
        self.now - refused >= self.state.policy.cool_down
    }

    fn rank(
        &self,
        case: &Case,
        answer_by: Instant,
        ask: Ask<'_>,
        is_open: &dyn Fn(&str) -> bool,
    ) -> Choice {
        let policy = &self.state.policy;
        let most = policy.offers_at_once as usize;
        let mut may = |member: &Member| {
            is_open(&member.engineer.id)
                && (member.offers.len() < most || member.offers.contains(&case.ticket.id))
                && may_be_asked(member, &case.ticket, self.now)
        };
        let mut count = policy.shortlist as usize;
        loop {
            let near = self.near.shortlist(self.state, case, count, &mut may);
            let ranked: Vec<Ranked> = near.iter().filter_map(|&number| ask(case, number)).collect();
            if !ranked.is_empty() || near.len() < count {
                return Choice::of(policy, self.now, answer_by, near.len(), ranked);
            }
            count = self.state.members.len().max(count + 1);
        }
    }

    pub(super) fn ranked(&self, case: &Case, number: u32) -> Option<Ranked> {
        let member = self.state.members.get(number as usize)?;
        let placement = self.day(member).place(case, false)?;
        // Who cannot keep what he has is not asked for more.
        let keeps_all =
            placement.day.displaced.is_empty() && !self.delays_emergency(case, &placement);
        keeps_all.then_some(())?;
        Some(Ranked::new(&self.state.policy, case, member, &placement))
    }

    /// When the quiet hours end, if they are kept for this ticket: it is not urgent, and somebody can
    /// still be there in time when asked afterwards.
    fn quiet_until(&self, case: &Case, choice: &Choice) -> Option<Instant> {
        let quiet = self.state.policy.quiet.as_ref()?;
        let until = quiet.end_after(&self.state.world, self.now)?;
        let latest = choice.ranked.iter().map(|ranked| ranked.latest_accept).max().flatten();
        let can_wait = latest.is_none_or(|latest| self.answer_by(case, until) <= latest);
        (case.ticket.priority < quiet.unless_priority && can_wait).then_some(until)
    }

    /// The dispatch timer goes on when somebody may be asked again. What a commitment promised stands.
    fn defer(&mut self, ticket: &str, until: Instant) {
        let standing = self.state.case(ticket).and_then(Case::promised_dispatch);
        let dispatch = standing.unwrap_or(until + self.state.policy.dispatch);
        self.emit(ticket, Fact::Deferred { until, dispatch });
    }

    /// Asks the best who can still be there in time.
    fn ask(&mut self, ticket: &str, mut choice: Choice, count: usize, until: Instant) {
        let now = self.now;
        choice.ranked.sort_by_key(|ranked| ranked.latest_accept.is_some_and(|last| last <= now));
        let expiry = |ranked: &Ranked| ranked.latest_accept.map_or(until, |last| last.min(until));
        let expiries = choice.ranked.iter().map(expiry).filter(|&expires| expires > now);
        let expiries = expiries.take(count).collect();
        self.offer(ticket, choice, expiries);
    }

    /// Offers to the first of those ranked, as many as there are expiries.
    fn offer(&mut self, ticket: &str, choice: Choice, expiries: Vec<Instant>) {
        let Some(case) = self.state.case(ticket) else { return };
        let epoch = case.epoch + 1;
        // Who named somebody has acted.
        let still_called = case.escalated.is_some() && choice.order != Order::Named;
        let asked = (self.state.offers..).zip(choice.ranked.iter().zip(expiries));
        let offers = asked.map(|(id, (ranked, expires))| Offer {
            id,
            engineer: ranked.engineer.clone(),
            shift: ranked.shift.clone(),
            start: ranked.start,
            sent: self.now,
            expires,
            displaces: ranked.displaces.clone(),
        });
        let offers = offers.collect();
        let choice = choice.short(self.state.policy.alternatives);
        self.emit(ticket, Fact::Offered { epoch, offers, choice, still_called });
    }

    /// Asks the one whom somebody of the house named.
    pub(super) fn ask_named(&mut self, ticket: &str, placement: &Placement) {
        let Some(case) = self.state.case(ticket) else { return };
        let Some(member) = self.state.member(&placement.candidate.engineer) else { return };
        let policy = &self.state.policy;
        let ranked = Ranked::new(policy, case, member, placement);
        let until = self.answer_by(case, self.now);
        let choice = Choice { order: Order::Named, asked: 1, rounds: None, ranked: vec![ranked] };
        self.offer(ticket, choice, vec![until]);
    }

    pub(super) fn escalate(&mut self, ticket: &str, why: Escalation) {
        let Some(case) = self.state.case(ticket) else { return };
        // Who was called before has no more time because it was tried again meanwhile.
        let called = case.timers.get(TimerKind::Attention);
        let called = called.filter(|_| case.escalated.is_some()).map(|timer| timer.due);
        let by = called.unwrap_or(self.now + self.state.policy.attention);
        self.emit(ticket, Fact::Escalated { why, by });
    }
}
