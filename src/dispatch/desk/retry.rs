//! Tickets that nobody could take are offered again when somebody can.
//!
//! A manager has been called for them, and stays called until somebody accepts: trying again is no excuse.

use super::case::{Case, Phase};
use super::choice::urgency;
use super::command::Mode;
use super::fact::Fact;
use super::member::Member;
use super::near::may_be_asked;
use super::timer::TimerKind;
use super::work::Work;

/// So many tickets are looked at for somebody who has one question less to answer: whoever has answered waits for it.
const RELIEVED: usize = 2;

impl Work<'_> {
    /// Whoever was asked as much as he may be, and has answered or need not any more, can be asked about what waits. That
    /// is tried by a deadline which is due at once.
    pub(super) fn retry_relieved(&mut self) {
        for engineer in std::mem::take(&mut self.relieved) {
            let mut waiting = self.waiting_for(&engineer, RELIEVED).into_iter();
            if let Some(ticket) = waiting.find(|ticket| self.could_take(ticket, &engineer)) {
                self.emit(&ticket, Fact::Retried { engineer });
            }
        }
    }

    /// Somebody can take tickets who could not before: he came on duty, or has got free. What he could take is
    /// offered again, the most urgent first; no more tickets are tried than the shortlist has engineers.
    pub(super) fn retry(&mut self, engineer: &str) {
        for ticket in self.waiting_for(engineer, self.state.policy.shortlist as usize) {
            let member = self.state.member(engineer);
            if member.is_some_and(|member| member.is_asked_enough(&self.state.policy)) {
                break;
            }
            // What was offered a moment ago may have changed who can take this one.
            if self.could_take(&ticket, engineer) {
                // Where it still cannot be offered, the manager knows already.
                let _ = self.try_round(&ticket);
            }
        }
    }

    /// So many of the tickets for which a manager was called and this engineer may be asked, the most urgent first.
    fn waiting_for(&self, engineer: &str, most: usize) -> Vec<String> {
        let Some(member) = self.state.member(engineer) else { return Vec::new() };
        if !self.state.policy.retry_escalated {
            return Vec::new();
        }
        let escalated = self.near.escalated(member, self.now);
        let escalated = escalated.filter_map(|number| self.state.cases.get(number));
        let mut waiting: Vec<&Case> =
            escalated.filter(|case| self.may_be_tried(case, member)).collect();
        if most < waiting.len() {
            waiting.select_nth_unstable_by_key(most, |case| urgency(case));
            waiting.truncate(most);
        }
        waiting.sort_by_key(|case| urgency(case));
        waiting.into_iter().map(|case| case.ticket.id.clone()).collect()
    }

    fn could_take(&self, ticket: &str, engineer: &str) -> bool {
        let (case, member) = (self.state.case(ticket), self.state.member(engineer));
        let both = case.zip(member);
        both.is_some_and(|(case, member)| self.look().ranked(case, member.number).is_some())
    }

    fn may_be_tried(&self, case: &Case, member: &Member) -> bool {
        let is_waiting = case.phase == Phase::Awaiting && case.proposal.is_none();
        is_waiting
            && case.mode == Mode::Auto
            && !case.timers.runs(TimerKind::Quiet)
            && self.is_open(case, &member.engineer.id)
            && may_be_asked(member, &case.ticket, self.now)
    }

    /// Whether he has not refused it, or had time to think since.
    fn is_open(&self, case: &Case, engineer: &str) -> bool {
        !case.refusals.contains_key(engineer) || self.look().has_thought(case, engineer)
    }
}
