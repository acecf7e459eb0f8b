//! The desk as tables: what stands, what was asked, what happened.

use crate::table::{Build, Table};
use fieldwright::dispatch::desk::{
    Case, Cause, Event, Fact, Forecast, Manner, Member, Owner, State,
};
use fieldwright::plan::{Route, Stop, StopKind};
use fieldwright::units::Instant;
use pyo3::prelude::*;
use serde::Serialize;
use std::collections::HashMap;

/// A row for each ticket.
pub fn tickets(mut build: Build, state: &State) -> PyResult<Table> {
    let cases = state.cases();
    build.text("ticket", cases.iter().map(|case| Some(case.ticket.id.as_str())));
    build.owned("phase", cases.iter().map(|case| word(&case.phase)));
    build.text("owner", cases.iter().map(|case| Some(owner(&case.owner()?))));
    build.text("engineer", cases.iter().map(Case::held_by_engineer));
    build.text("shift", cases.iter().map(|case| Some(case.holder.as_ref()?.shift.as_str())));
    build.moment("told", cases.iter().map(|case| Some(case.told.as_ref()?.start)));
    build.moment("requested", cases.iter().map(|case| Some(case.requested)));
    build.moment("due", cases.iter().map(Case::arrival_due));
    build.int("priority", cases.iter().map(|case| Some(i64::from(case.ticket.priority))));
    build.int("round", cases.iter().map(|case| Some(i64::from(case.epoch))));
    build.int("refusals", cases.iter().map(|case| Some(case.refusals.len() as i64)));
    let escalated: Vec<Option<String>> =
        cases.iter().map(|case| case.escalated.as_ref().map(word)).collect();
    build.text("escalated", escalated.iter().map(Option::as_deref));
    build.int("version", cases.iter().map(|case| Some(case.version as i64)));
    build.real("lat", cases.iter().map(|case| case.ticket.place.lat));
    build.real("lon", cases.iter().map(|case| case.ticket.place.lon));
    build.table()
}

/// A row for each engineer.
pub fn engineers(mut build: Build, state: &State) -> PyResult<Table> {
    let members = state.members();
    let current = |member: &Member| member.current.clone();
    build.text("engineer", members.iter().map(|member| Some(member.engineer.id.as_str())));
    build.flag("on_duty", members.iter().map(|member| member.on_duty));
    build.moment("ill_from", members.iter().map(|member| member.ill_from));
    build.text("on", members.iter().map(|member| Some(member.current.as_ref()?.ticket.as_str())));
    build.moment("until", members.iter().map(|member| Some(current(member)?.until)));
    build.int("visits", members.iter().map(|member| Some(member.tickets().count() as i64)));
    build.int("offers", members.iter().map(|member| Some(member.offers.len() as i64)));
    build.int("asked", members.iter().map(|member| Some(i64::from(member.asked))));
    build.int("accepted", members.iter().map(|member| Some(i64::from(member.accepted))));
    build.real("lat", members.iter().map(|member| member.whereabouts()?.lat));
    build.real("lon", members.iter().map(|member| member.whereabouts()?.lon));
    build.table()
}

/// A row for each visit that is still ahead, route by route.
pub fn visits(mut build: Build, state: &State) -> PyResult<Table> {
    let routes = state.members().iter().flat_map(|member| member.routes.values());
    let rows: Vec<(&Route, &Stop, i64)> = routes
        .flat_map(|route| {
            let visits = route.stops.iter().filter(|stop| stop.kind == StopKind::Visit);
            visits.zip(1..).map(move |(stop, rank)| (route, stop, rank))
        })
        .collect();
    build.text("ticket", rows.iter().map(|(_, stop, _)| Some(stop.id.as_str())));
    build.text("engineer", rows.iter().map(|(route, ..)| Some(route.engineer.as_str())));
    build.text("shift", rows.iter().map(|(route, ..)| Some(route.shift.as_str())));
    build.int("position", rows.iter().map(|&(.., rank)| Some(rank)));
    build.moment("arrive", rows.iter().map(|(_, stop, _)| Some(stop.arrive)));
    build.moment("start", rows.iter().map(|(_, stop, _)| Some(stop.start)));
    build.moment("end", rows.iter().map(|(_, stop, _)| Some(stop.end)));
    build.int("travel", rows.iter().map(|(_, stop, _)| Some(stop.travel.0)));
    build.int("distance", rows.iter().map(|(_, stop, _)| Some(stop.distance.0)));
    build.table()
}

/// A row for each promise that runs, the worst first.
pub fn forecast(mut build: Build, forecasts: &[Forecast]) -> PyResult<Table> {
    build.text("ticket", forecasts.iter().map(|it| Some(it.ticket.as_str())));
    build.owned("promise", forecasts.iter().map(|it| word(&it.promise)));
    build.owned("risk", forecasts.iter().map(|it| word(&it.risk)));
    build.moment("due", forecasts.iter().map(|it| Some(it.due)));
    build.text("engineer", forecasts.iter().map(|it| it.engineer.as_deref()));
    build.moment("planned", forecasts.iter().map(|it| it.planned));
    build.int("slack", forecasts.iter().map(|it| Some(it.slack?.0)));
    build.moment("latest_accept", forecasts.iter().map(|it| it.latest_accept));
    build.table()
}

/// A question and what became of it.
struct Question<'e> {
    ticket: &'e str,
    round: u32,
    offer: &'e fieldwright::dispatch::desk::Offer,
    answer: &'static str,
    answered: Option<Instant>,
}

/// A row for each offer that was ever made.
pub fn offers(mut build: Build, events: &[Event]) -> PyResult<Table> {
    let mut rows: Vec<Question<'_>> = Vec::new();
    let mut known: HashMap<u64, usize> = HashMap::new();
    for event in events {
        if let Fact::Offered { epoch, offers, .. } = &event.fact {
            for offer in offers {
                known.insert(offer.id, rows.len());
                let (ticket, round) = (event.subject.as_str(), *epoch);
                rows.push(Question { ticket, round, offer, answer: "open", answered: None });
            }
        }
        let Some((offer, answer)) = answer(&event.fact) else { continue };
        if let Some(&row) = known.get(&offer) {
            (rows[row].answer, rows[row].answered) = (answer, Some(event.at));
        }
    }
    build.text("ticket", rows.iter().map(|row| Some(row.ticket)));
    build.int("round", rows.iter().map(|row| Some(i64::from(row.round))));
    build.int("offer", rows.iter().map(|row| Some(row.offer.id as i64)));
    build.text("engineer", rows.iter().map(|row| Some(row.offer.engineer.as_str())));
    build.text("shift", rows.iter().map(|row| Some(row.offer.shift.as_str())));
    build.moment("start", rows.iter().map(|row| Some(row.offer.start)));
    build.moment("sent", rows.iter().map(|row| Some(row.offer.sent)));
    build.moment("expires", rows.iter().map(|row| Some(row.offer.expires)));
    build.text("answer", rows.iter().map(|row| Some(row.answer)));
    build.moment("answered", rows.iter().map(|row| row.answered));
    build.table()
}

/// Which offer an event ends, and how.
fn answer(fact: &Fact) -> Option<(u64, &'static str)> {
    Some(match fact {
        Fact::Accepted { offer, manner: Manner::InTime, .. } => (*offer, "accepted"),
        Fact::Accepted { offer, manner: Manner::Late, .. } => (*offer, "accepted late"),
        Fact::Accepted { offer, manner: Manner::Silent, .. } => (*offer, "accepted silently"),
        Fact::Declined { offer, .. } => (*offer, "declined"),
        Fact::Expired { offer, .. } => (*offer, "expired"),
        Fact::Withdrawn { offer, .. } => (*offer, "withdrawn"),
        Fact::CounterOffered { offer, .. } => (*offer, "counter-offered"),
        _ => return None,
    })
}

/// A row for each event.
pub fn log(mut build: Build, events: &[Event]) -> PyResult<Table> {
    let command = |event: &Event| match &event.cause {
        Cause::Command { actor, key, .. } => Some((actor.clone(), key.clone())),
        Cause::Clock => None,
    };
    let commands: Vec<_> = events.iter().map(command).collect();
    let roles: Vec<Option<String>> =
        commands.iter().map(|command| Some(command.as_ref()?.0.role.to_string())).collect();
    build.int("seq", events.iter().map(|event| Some(event.seq as i64)));
    build.moment("at", events.iter().map(|event| Some(event.at)));
    build.text("event", events.iter().map(|event| Some(verb(&event.fact))));
    build.text("subject", events.iter().map(|event| Some(event.subject.as_str())));
    build.text("role", roles.iter().map(Option::as_deref));
    build.text("by", commands.iter().map(|command| Some(command.as_ref()?.0.id.as_str())));
    build.text("key", commands.iter().map(|command| Some(command.as_ref()?.1.as_str())));
    build.owned("data", events.iter().map(|event| data(&event.fact)));
    build.table()
}

/// `offered`, of `aftersales.dispatch.offered.v1`.
fn verb(fact: &Fact) -> &'static str {
    let name = fact.event_type();
    let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
    name.rsplit_once('.').map_or(name, |(_, verb)| verb)
}

fn data(fact: &Fact) -> String {
    serde_json::json!(fact).get("data").map_or_else(|| "{}".into(), ToString::to_string)
}

fn owner(owner: &Owner) -> &'static str {
    match owner {
        Owner::System => "system",
        Owner::Manager => "manager",
        Owner::Support => "support",
        Owner::Engineers(_) => "engineer",
        Owner::Holding(_) => "holding",
    }
}

fn word(value: &impl Serialize) -> String {
    serde_json::json!(value).as_str().unwrap_or_default().to_owned()
}
