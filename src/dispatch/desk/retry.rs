//! Tickets that nobody could take are offered again when somebody can.
//!
//! A manager has been called for them, and stays called until somebody accepts: trying again is no excuse.

use super::case::{Case, Phase};
use super::choice::urgency;
use super::command::Mode;
use super::member::Member;
use super::near::may_be_asked;
use super::timer::TimerKind;
use super::work::Work;

impl Work<'_> {
    /// Whoever was asked as much as he may be, and has answered or need not any more, can be asked about what waits.
    pub(super) fn retry_relieved(&mut self) {
        for engineer in std::mem::take(&mut self.relieved) {
            self.retry(&engineer);
        }
    }

    /// Somebody can take tickets who could not before: he came on duty, or has got free. What he could take is
    /// offered again, the most urgent first; no more tickets are tried than the shortlist has engineers.
    pub(super) fn retry(&mut self, engineer: &str) {
        if !self.state.policy.retry_escalated {
            return;
        }
        let Some(member) = self.state.member(engineer) else { return };
        let escalated = self.near.escalated().filter_map(|number| self.state.cases.get(number));
        let mut waiting: Vec<&Case> =
            escalated.filter(|case| self.may_be_tried(case, member)).collect();
        waiting.sort_by_key(|case| urgency(case));
        waiting.truncate(self.state.policy.shortlist as usize);
        let number = member.number;
        let tickets: Vec<String> = waiting.iter().map(|case| case.ticket.id.clone()).collect();
        for ticket in tickets {
            if self.state.members[number as usize].is_asked_enough(&self.state.policy) {
                break;
            }
            // What was offered a moment ago may have changed who can take this one.
            let case = self.state.case(&ticket);
            if case.is_some_and(|case| self.look().ranked(case, number).is_some()) {
                // Where it still cannot be offered, the manager knows already.
                let _ = self.try_round(&ticket);
            }
        }
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
