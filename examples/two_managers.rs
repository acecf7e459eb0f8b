//! Two managers look at the same ticket and give it to different engineers: the first wins, the second
//! is told who has it. `cargo run --example two_managers`

#![allow(clippy::print_stdout, reason = "an example answers on the terminal")]

use fieldwright::dispatch::desk::{Act, Actor, Command, Desk, OfferPolicy, Refusal};
use fieldwright::model::{Engineer, Place, Ticket, TravelMode, World};
use fieldwright::units::{Instant, Seconds};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let eight: Instant = "2026-03-02T08:00:00Z".parse()?;
    let mut world = World::new(TravelMode::car(36_000));
    for (id, lat) in [("ada", 52.52), ("bob", 52.50)] {
        let evening = eight + Seconds(10 * 3_600);
        world.engineers.push(Engineer::new(id, Place::at(lat, 13.40), eight, evening));
    }
    let (mut desk, _) = Desk::open(eight, &world, OfferPolicy::default())?;
    let leak = Ticket::new("leak", Place::at(52.53, 13.42), Seconds(3_600));
    desk.apply(eight, &Actor::support("sue"), "call 4711", &Command::open(leak))?;

    // Both see the same version on their screens.
    let seen = desk.state().case("leak").ok_or("it was opened")?.version;
    let give = |engineer: &str, reason: &str| {
        let act = Act::Assign { engineer: engineer.into(), reason: reason.into() };
        Command::on_version("leak", seen, act)
    };
    let now = eight + Seconds(60);
    desk.apply(now, &Actor::manager("max"), "max 1", &give("bob", "knows the house"))?;
    println!("max gives the leak to bob");
    let second = desk.apply(now, &Actor::manager("mia"), "mia 1", &give("ada", "is nearer"));
    match second {
        Err(refusal @ Refusal::Conflict { .. }) => println!("mia is told {refusal}"),
        other => return Err(format!("there can be only one: {other:?}").into()),
    }

    // Max's network repeats his command: same key, same answer, no second visit.
    let again =
        desk.apply(now, &Actor::manager("max"), "max 1", &give("bob", "knows the house"))?;
    println!("max's repeat gets the first answer again, {} events", again.len());
    let bob = desk.state().member("bob").ok_or("he is enrolled")?;
    println!("bob has {:?}", bob.tickets().collect::<Vec<_>>());
    Ok(())
}
