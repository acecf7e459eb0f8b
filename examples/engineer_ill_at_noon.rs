//! Ada falls ill at noon: the work she has begun stays hers, the rest of her day is offered to others in
//! the order of urgency, and the desk says whom to call. Tried on a branch first.
//! `cargo run --example engineer_ill_at_noon`

#![allow(clippy::print_stdout, reason = "an example answers on the terminal")]

use fieldwright::dispatch::desk::{Act, Actor, Command, Desk, Duty, Event, Fact, OfferPolicy};
use fieldwright::model::{Engineer, Place, Ticket, TravelMode, World};
use fieldwright::units::{Instant, Seconds};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let eight: Instant = "2026-03-02T08:00:00Z".parse()?;
    let hour = |hours: i64| eight + Seconds(hours * 3_600);
    let mut world = World::new(TravelMode::car(36_000));
    for (id, lat) in [("ada", 52.52), ("bob", 52.45), ("cem", 52.40)] {
        world.engineers.push(Engineer::new(id, Place::at(lat, 13.40), eight, hour(10)));
    }
    let (mut desk, _) = Desk::open(eight, &world, OfferPolicy::default())?;
    let mut keys = 0;
    let mut give = |desk: &mut Desk, now: Instant, actor: &Actor, command: Command| {
        keys += 1;
        desk.advance(now);
        desk.apply(now, actor, &format!("key {keys}"), &command)
    };

    let (sue, ada) = (Actor::support("sue"), Actor::engineer("ada"));
    for (number, due) in [(1, 5), (2, 9), (3, 7)] {
        let id = format!("T{number}");
        let place = Place::at(52.52 + f64::from(number) * 0.01, 13.42);
        let mut ticket = Ticket::new(id.clone(), place, Seconds(2 * 3_600));
        ticket.due = Some(hour(due));
        give(&mut desk, eight, &sue, Command::open(ticket))?;
        let case = desk.state().case(&id).ok_or("it was opened")?;
        let act = Act::Accept { offer: case.offers[0].id, epoch: case.epoch };
        give(&mut desk, eight, &ada, Command::on(id, act))?;
    }
    println!("at eight ada has {:?}", tickets(&desk, "ada"));
    let first = tickets(&desk, "ada")[0].clone();
    for (hours, act) in [(2, Act::Depart), (3, Act::Arrive), (3, Act::Start)] {
        give(&mut desk, hour(hours), &ada, Command::on(first.as_str(), act))?;
    }

    let ill = Command::of("ada", Duty::Ill { from: hour(4), reason: "fever".into() });
    let mut branch = desk.branch();
    branch.advance(hour(4));
    let what_if = branch.apply(hour(4), &ada, "what if", &ill)?;
    println!(
        "what if she falls ill at noon? {} events, to be called: {:?}",
        what_if.len(),
        calls(&what_if)
    );

    let events = give(&mut desk, hour(4), &ada, ill)?;
    for Event { subject, fact, .. } in &events {
        if let Fact::Offered { offers, .. } = fact {
            println!("{subject} is offered to {}", offers[0].engineer);
        }
    }
    println!("to be called: {:?}", calls(&events));
    give(&mut desk, hour(5), &ada, Command::on(first.as_str(), Act::Finish))?;
    println!("at one she finishes {first}, which she had begun, and goes home");
    Ok(())
}

fn tickets(desk: &Desk, engineer: &str) -> Vec<String> {
    let member = desk.state().member(engineer);
    member.into_iter().flat_map(|member| member.tickets()).map(str::to_owned).collect()
}

fn calls(events: &[Event]) -> Vec<&str> {
    let changes = events.iter().filter_map(|event| event.fact.change());
    changes.flat_map(|change| &change.calls).map(String::as_str).collect()
}
