//! Commands of the engineer at work: depart, arrive, start, pause, overrun, finish, and what goes wrong.

use super::case::Case;
use super::command::Act;
use super::fact::Fact;
use super::member::Member;
use super::outcome::{PlanChange, Return};
use super::refusal::Refusal;
use super::timer::{Timer, TimerKind, TimerState};
use super::work::Work;
use crate::units::{Instant, Seconds};

/// Why a ticket rests when nobody opened the door: the cause that promises name in `stops_for`.
pub const CUSTOMER_ABSENT: &str = "customer_absent";

impl Work<'_> {
    pub(super) fn visit(&mut self, id: &str, act: &Act) -> Result<(), Refusal> {
        let case = self.case(id)?;
        let Some(member) = self.holder(case) else {
            return Err(Refusal::UnknownEngineer { engineer: String::new() });
        };
        self.speaks_for(&member.engineer.id)?;
        match act {
            Act::Depart => return self.depart(id),
            Act::Arrive => {
                let until = self.now + work_time(case, member);
                let (change, displaced) = self.rest(case, member, until);
                self.emit(id, Fact::Arrived { until, change });
                self.bring_back(displaced, &Return::NoLongerFits);
            }
            Act::Start => {
                let until = self.work_until(case, member);
                let (change, displaced) = self.rest(case, member, until);
                let [due, warn] = self.resumed(case);
                self.emit(id, Fact::WorkStarted { until, due, warn, change });
                self.bring_back(displaced, &Return::NoLongerFits);
            }
            Act::Pause { reason } => {
                let until = Some(self.now + self.state.policy.pause);
                self.emit(id, Fact::WorkPaused { reason: reason.clone(), until });
            }
            Act::Overrun { until } => {
                let until = *until;
                if until <= self.now {
                    return Err(Refusal::BadMoment { moment: until, now: self.now });
                }
                let (change, displaced) = self.rest(case, member, until);
                self.emit(id, Fact::Overran { until, change });
                self.bring_back(displaced, &Return::NoLongerFits);
            }
            Act::Finish => return self.take_off(id, |change| Fact::Finished { change }),
            Act::CannotComplete { reason } => {
                let engineer = member.engineer.id.clone();
                self.give_back(id, Return::CouldNotComplete(reason.clone()));
                self.retry(&engineer);
            }
            _ => {
                let review = self.now + self.state.policy.absent_review;
                let reason = CUSTOMER_ABSENT.to_owned();
                return self.take_off(id, |change| Fact::Held { reason, review, change });
            }
        }
        Ok(())
    }

    /// He sets out; what comes after this visit is timed from its end.
    fn depart(&mut self, id: &str) -> Result<(), Refusal> {
        let case = self.case(id)?;
        let Some(member) = self.holder(case) else { return Ok(()) };
        if let Some(current) = &member.current {
            let (engineer, ticket) = (member.engineer.id.clone(), current.ticket.clone());
            return Err(Refusal::Busy { engineer, ticket });
        }
        let alone = |against_rules| self.day(member).alone().place(case, against_rules);
        let placement = alone(false).or_else(|| alone(true));
        let (arrive, until) = match placement {
            Some(placement) => (placement.candidate.arrive, placement.end),
            None => (self.now, self.now + work_time(case, member)),
        };
        let day = self.day(member).without(id).from(case.ticket.place, until).time();
        let change = self.change(day.routes, Some(id));
        self.emit(id, Fact::Departed { arrive, until, change });
        self.bring_back(day.displaced, &Return::NoLongerFits);
        Ok(())
    }

    /// The rest of his day when this visit is over at `until`.
    fn rest(&self, case: &Case, member: &Member, until: Instant) -> (PlanChange, Vec<String>) {
        let day = self.day(member).from(case.ticket.place, until).time();
        (self.change(day.routes, Some(&case.ticket.id)), day.displaced)
    }

    /// When work should be over that starts now, or goes on.
    fn work_until(&self, case: &Case, member: &Member) -> Instant {
        match case.timers.get(TimerKind::Visit) {
            Some(&Timer { due, state: TimerState::Paused { since, .. }, .. }) => {
                (due + (self.now - since)).max(self.now + Seconds(1))
            }
            _ => self.now + work_time(case, member),
        }
    }
}

/// How long he works on it, his pace and the set-up included; a second at least, so that it can run
/// out.
pub(super) fn work_time(case: &Case, member: &Member) -> Seconds {
    let percent = i64::from(member.engineer.service_percent);
    let service = (case.ticket.service.0.saturating_mul(percent) + 99) / 100;
    Seconds((service + case.ticket.setup.0).max(1))
}
