//! The world that lies ahead: engineers from where they are free next, and what nobody has left for.

use super::trail::Trail;
use crate::model::{Code, Engineer, Issue, Issues, Kit, Ticket, World};
use crate::units::Instant;

/// The world ahead, in which giving up any waiting ticket costs more than all the new ones are worth.
/// Whose shift is over is not in it.
pub(super) fn world(
    world: &World,
    trails: &[Trail],
    now: Instant,
    waiting: &[Ticket],
    new: &[Ticket],
) -> World {
    let kept = 1 + new.iter().map(Ticket::worth).sum::<i64>();
    let keep = |ticket: &Ticket| Ticket { value: Some(kept), ..ticket.clone() };
    let tickets: Vec<Ticket> = waiting.iter().map(keep).chain(new.iter().cloned()).collect();
    let everything = everything(&tickets);
    let engineers = world.engineers.iter().zip(trails);
    let engineers = engineers.filter_map(|(engineer, trail)| {
        let mut engineer = engineer.clone();
        let shift = &mut engineer.shifts[0];
        (shift.start, shift.from) = (trail.free.max(now), trail.place);
        let is_over = shift.start > shift.end;
        engineer.van = if trail.has_everything { everything.clone() } else { trail.van.clone() };
        (!is_over).then_some(engineer)
    });
    World {
        engineers: engineers.collect(),
        tickets,
        name: world.name.clone(),
        skills: world.skills.clone(),
        regions: world.regions.clone(),
        depots: world.depots.clone(),
        travel: world.travel.clone(),
        traffic: Vec::new(),
        objective: world.objective.clone(),
        ..*world
    }
}

/// The tools of these tickets, and the parts of all of them together.
fn everything(tickets: &[Ticket]) -> Kit {
    let mut kit = Kit::default();
    for ticket in tickets {
        kit.tools.extend(ticket.needs.tools.iter().cloned());
        for (part, count) in &ticket.needs.parts {
            let stock = kit.parts.entry(part.clone()).or_default();
            *stock = stock.saturating_add(*count);
        }
    }
    kit
}

/// True when no window is open any more.
pub(super) fn is_too_late(ticket: &Ticket, now: Instant) -> bool {
    !ticket.windows.is_empty() && ticket.windows.iter().all(|window| window.latest < now)
}

/// Refuses worlds whose limits count what is past: the world ahead does not remember it.
pub(super) fn supports(world: &World) -> Result<(), Issues> {
    let mut issues = Issues::default();
    for (index, engineer) in world.engineers.iter().enumerate() {
        if let Some(what) = counts_the_past(engineer) {
            let cause = format!("a day that is played as it comes cannot have {what}");
            issues.add(Code::UNSUPPORTED, format!("engineers[{index}]"), cause);
        }
    }
    let caps = world.regions.iter().any(|region| region.borrow_cap.is_some());
    if caps || world.max_changes.is_some() || !world.traffic.is_empty() {
        let cause =
            "a day that is played as it comes cannot have traffic, caps on borrowing or changes";
        issues.0.push(Issue::new(Code::UNSUPPORTED, "world", cause));
    }
    issues.or(())
}

fn counts_the_past(engineer: &Engineer) -> Option<&'static str> {
    let [shift] = engineer.shifts.as_slice() else {
        return Some("engineers without one single shift");
    };
    let limits = [
        (!shift.breaks.is_empty(), "breaks"),
        (shift.max_tickets.is_some(), "`max_tickets`"),
        (!shift.capacity.is_empty(), "`capacity`"),
        (shift.max_duration.is_some(), "`max_duration`"),
        (shift.max_distance.is_some(), "`max_distance`"),
        (engineer.max_tickets_per_day.is_some(), "`max_tickets_per_day`"),
        (!engineer.capacity_per_day.is_empty(), "`capacity_per_day`"),
    ];
    limits.into_iter().find_map(|(is_there, what)| is_there.then_some(what))
}
