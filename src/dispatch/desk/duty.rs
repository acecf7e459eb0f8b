//! Commands about engineers: who joins, who is on duty, who is ill, who is where.

use super::case::{Case, Phase};
use super::command::Duty;
use super::excerpt::is_reachable;
use super::fact::Fact;
use super::member::Member;
use super::outcome::{PlanChange, Return, Withdrawal};
use super::placement::Day;
use super::refusal::Refusal;
use super::visit::work_time;
use super::work::Work;
use crate::model::{Code, Engineer, Issue, Place, TravelMode};
use crate::problem::Problem;
use crate::units::Instant;

impl Work<'_> {
    pub(super) fn enrol(&mut self, engineer: &Engineer) -> Result<(), Refusal> {
        let mut world = self.state.frame();
        world.skills.clone_from(&self.state.world.skills);
        world.engineers.push(engineer.clone());
        Problem::build(world)?;
        let id = engineer.id.clone();
        self.emit(&id, Fact::EngineerEnrolled { engineer: Box::new(engineer.clone()) });
        self.settle(&id, &Return::NoLongerFits);
        self.retry(&id);
        Ok(())
    }

    pub(super) fn duty(&mut self, id: &str, act: &Duty) -> Result<(), Refusal> {
        self.member(id)?;
        self.speaks_for(id)?;
        match act {
            Duty::OnDuty => {
                self.emit(id, Fact::DutyBegun);
                self.settle(id, &Return::NoLongerFits);
                self.retry(id);
            }
            Duty::OffDuty { reason } => {
                self.emit(id, Fact::DutyEnded { reason: reason.clone() });
                self.stop_asking(id);
            }
            Duty::Ill { from, reason } => {
                self.emit(id, Fact::EngineerFellIll { from: *from, reason: reason.clone() });
                self.settle(id, &Return::Ill);
                self.stop_asking(id);
            }
            Duty::ReportPosition { place } => {
                self.check_place(place)?;
                self.emit(id, Fact::PositionReported { place: *place });
            }
        }
        Ok(())
    }

    fn check_place(&self, place: &Place) -> Result<(), Refusal> {
        let is_on_map = place.point().is_none_or(|[lon, lat]| match &self.state.world.travel {
            TravelMode::Euclid { .. } => lon.is_finite() && lat.is_finite(),
            _ => lon.abs() <= 180.0 && lat.abs() <= 90.0,
        });
        let has_row = match &self.state.world.travel {
            TravelMode::Matrix { tables } => place.row.is_none_or(|row| {
                tables.first().is_some_and(|table| (row as usize) < table.seconds.len())
            }),
            _ => true,
        };
        if is_on_map && has_row && is_reachable(&self.state.world, place) {
            return Ok(());
        }
        let cause = "nobody can travel from there in this world";
        Err(Refusal::Input(Issue::new(Code::COORDINATES, "place", cause).into()))
    }

    /// Times his day anew; what he can no longer keep comes back.
    pub(super) fn settle(&mut self, engineer: &str, why: &Return) {
        let Some(member) = self.state.member(engineer) else { return };
        let unreached = self.unreached(member).filter(|_| *why == Return::Ill);
        let (change, displaced) = match unreached {
            Some(case) => {
                let (change, mut displaced) = self.without(case);
                displaced.push(case.ticket.id.clone());
                (change, displaced)
            }
            None => {
                let Day { routes, displaced } = self.day(member).time();
                (self.change(routes, None), displaced)
            }
        };
        if change != PlanChange::default() {
            self.emit("", Fact::PlanChanged { change, found: None });
        }
        self.bring_back(displaced, why);
    }

    /// What he is on the way to and would not have begun before he is ill.
    fn unreached(&self, member: &Member) -> Option<&Case> {
        let (from, current) = (member.ill_from?, member.current.as_ref()?);
        let case = self.state.case(&current.ticket)?;
        let begins = Instant(current.until.0 - work_time(case, member).0).max(self.now);
        (case.phase == Phase::EnRoute && from <= begins).then_some(case)
    }

    /// Takes all questions to him back.
    fn stop_asking(&mut self, engineer: &str) {
        let asked = self.state.member(engineer).map(|member| member.offers.clone());
        for ticket in asked.unwrap_or_default() {
            let Some(case) = self.state.case(&ticket) else { continue };
            let his = case.offers.iter().find(|offer| offer.engineer == engineer).cloned();
            if let Some(offer) = his {
                self.withdraw(&ticket, &offer, Withdrawal::OffDuty);
            }
        }
    }
}
