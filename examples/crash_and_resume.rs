//! A process dies in the middle of the day. What does the next one know? Everything that was answered.
//! `cargo run --example crash_and_resume`

#![allow(clippy::print_stdout, reason = "an example answers on the terminal")]

use fieldwright::dispatch::desk::{Act, Actor, Command, OfferPolicy};
use fieldwright::journal::Sqlite;
use fieldwright::live::Live;
use fieldwright::model::{Engineer, Place, Ticket, TravelMode, World};
use fieldwright::rng::Rng;
use fieldwright::units::{Instant, Seconds};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut world = World::new(TravelMode::car(36_000));
    for (id, lat) in [("ada", 52.52), ("bob", 52.40)] {
        let home = Place::at(lat, 13.40);
        world.engineers.push(Engineer::new(id, home, Instant(0), Instant(36_000)));
    }
    let file = std::env::temp_dir().join(format!("fieldwright-{}.db", std::process::id()));

    let store = Sqlite::create(&file)?;
    let mut live = Live::open(Instant(0), &world, OfferPolicy::default(), store, Rng::new(1, 0))?;
    let leak = Ticket::new("leak", Place::at(52.53, 13.42), Seconds(3_600));
    live.apply(Instant(0), &Actor::support("sue"), "sue 1", &Command::open(leak))?;
    let asked = live.desk().state().case("leak").ok_or("opened")?.offers[0].clone();
    println!("{} is asked until {}", asked.engineer, asked.expires);

    // No goodbye: the process is gone. What was answered is in the file.
    std::mem::forget(live);

    let mut live = Live::resume(Sqlite::open(&file)?, Rng::new(1, 1))?;
    let due = live.next_deadline().ok_or("an offer is open")?;
    println!("the next process knows that it has to act at {due}");
    for event in live.advance(due)? {
        println!("  {} {}", event.fact.event_type(), event.subject);
    }
    let case = live.desk().state().case("leak").ok_or("opened")?;
    let (offer, epoch) = (case.offers[0].clone(), case.epoch);
    let yes = Command::on("leak", Act::Accept { offer: offer.id, epoch });
    let bob = Actor::engineer(&offer.engineer);
    let first = live.apply(Instant(due.0 + 60), &bob, "bob 1", &yes)?;
    // The answer did not reach his phone; it sends the same again.
    let again = live.apply(Instant(due.0 + 90), &bob, "bob 1", &yes)?;
    println!("{} has it; said twice, done once: {}", offer.engineer, first == again);
    drop(live);
    std::fs::remove_file(&file)?;
    Ok(())
}
