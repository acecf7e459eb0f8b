//! An engineer does not answer: after thirty minutes the next one is asked, and the rest of the day
//! stays as it is. `cargo run --example redispatch_after_30_minutes`

#![allow(clippy::print_stdout, reason = "an example answers on the terminal")]

use fieldwright::dispatch::desk::{Act, Actor, Command, Desk, Event, Fact, OfferPolicy};
use fieldwright::model::{Engineer, OwnedSkill, Place, SkillNeed, Ticket, TravelMode, World};
use fieldwright::units::{Instant, Seconds};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let eight: Instant = "2026-03-02T08:00:00Z".parse()?;
    let mut world = World::new(TravelMode::car(36_000));
    for (id, lat) in [("ada", 52.52), ("bob", 52.50), ("cem", 52.40)] {
        let mut engineer =
            Engineer::new(id, Place::at(lat, 13.40), eight, eight + Seconds(10 * 3_600));
        engineer.skills.push(OwnedSkill::new("boiler", 2));
        world.engineers.push(engineer);
    }
    let (mut desk, _) = Desk::open(eight, &world, OfferPolicy::default())?;

    let mut leak = Ticket::new("leak", Place::at(52.53, 13.42), Seconds(3_600));
    leak.skills.all.push(SkillNeed::new("boiler", 1));
    leak.due = Some(eight + Seconds(4 * 3_600));
    let sue = Actor::support("sue");
    tell(&desk.apply(eight, &sue, "call 4711", &Command::open(leak))?);

    // Nobody has to poll: the desk says when it wants to be woken up.
    let due = desk.next_deadline().ok_or("somebody was asked")?;
    tell(&desk.advance(due));

    let case = desk.state().case("leak").ok_or("it was opened")?;
    let (offer, epoch) = (case.offers[0].id, case.epoch);
    let yes = Command::on("leak", Act::Accept { offer, epoch });
    tell(&desk.apply(due + Seconds(120), &Actor::engineer("bob"), "bob's phone 1", &yes)?);

    // Ada finds the question on her phone at last.
    let late = Command::on("leak", Act::Accept { offer: 0, epoch: 1 });
    let refusal = desk.apply(due + Seconds(300), &Actor::engineer("ada"), "ada's phone 1", &late);
    if let Err(refusal) = refusal {
        println!("{}  ada is told {refusal}", due + Seconds(300));
    }
    Ok(())
}

fn tell(events: &[Event]) {
    for Event { at, fact, .. } in events {
        match fact {
            Fact::Opened { ticket, .. } => println!("{at}  {} is opened", ticket.id),
            Fact::Offered { offers, choice, .. } => {
                for offer in offers {
                    println!("{at}  {} is asked until {}", offer.engineer, offer.expires);
                }
                print!("{choice}");
            }
            Fact::Expired { engineer, .. } => println!("{at}  {engineer} did not answer"),
            Fact::Accepted { holder, change, .. } => {
                println!("{at}  {} takes it; to be called: {:?}", holder.engineer, change.calls);
            }
            other => println!("{at}  {}", other.event_type()),
        }
    }
}
