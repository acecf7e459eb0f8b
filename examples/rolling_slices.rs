//! Tickets were taken as they came. Can the plan get better while the day goes on? Another thread improves it
//! slice by slice, calling few customers. `cargo run --example rolling_slices`

#![allow(clippy::print_stdout, reason = "an example answers on the terminal")]

use fieldwright::dispatch::desk::{
    Act, Actor, Command, Cut, Desk, OfferPolicy, Refusal, Role, Slice,
};
use fieldwright::model::{Engineer, Place, Ticket, TravelMode, World};
use fieldwright::rng::Rng;
use fieldwright::units::{Instant, Seconds};
use std::sync::mpsc::channel;

const EIGHT: Instant = Instant(1_772_438_400);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut desk = morning()?;
    let (slices, work) = channel::<Slice>();
    let (answer, answers) = channel();
    // It has no desk and no clock: a slice is all it needs.
    std::thread::spawn(move || {
        for slice in work {
            if answer.send(slice.improve()).is_err() {
                break;
            }
        }
    });
    println!("{} min of driving as the tickets came", driving(&desk));
    let (rolling, mut has_set_out) = (Actor::new(Role::System, "rolling"), false);
    for seed in 1..=40 {
        let cut = Cut { seed, calls: 6, ..Cut::default() };
        let Some(slice) = desk.slice(EIGHT, &cut)? else { continue };
        slices.send(slice)?;
        let Some(proposal) = answers.recv()?? else { continue };
        if !has_set_out {
            // The desk goes on meanwhile: somebody sets out whose day was to change.
            let route = proposal.before.first().ok_or("a change has a route")?;
            let ticket = route.tickets().next().ok_or("and that has a visit")?;
            println!("{} sets out for {ticket}", route.engineer);
            let depart = Command::on(ticket, Act::Depart);
            desk.apply(EIGHT, &Actor::engineer(&route.engineer), "depart", &depart)?;
            has_set_out = true;
        }
        let calls = proposal.change.calls.join(", ");
        let commit = Command::CommitPlan { proposal: Box::new(proposal) };
        match desk.apply(EIGHT, &rolling, &format!("slice {seed}"), &commit) {
            Ok(_) => println!("slice {seed}: {} min, to be called: {calls}", driving(&desk)),
            Err(stale @ Refusal::PlanMoved { .. }) => println!("slice {seed}: {stale}"),
            Err(other) => return Err(other.into()),
        }
    }
    Ok(())
}

/// Four engineers have said yes to what they were asked, or left it to the next one.
fn morning() -> Result<Desk, Box<dyn std::error::Error>> {
    let mut world = World::new(TravelMode::car(36_000));
    for (id, lat, lon) in
        [("ada", 52.52, 13.30), ("bob", 52.56, 13.42), ("cem", 52.47, 13.50), ("dee", 52.45, 13.35)]
    {
        let evening = EIGHT + Seconds(10 * 3_600);
        world.engineers.push(Engineer::new(id, Place::at(lat, lon), EIGHT, evening));
    }
    let (mut desk, _) = Desk::open(EIGHT, &world, OfferPolicy::default())?;
    let mut rng = Rng::new(7, 0);
    for number in 0..16 {
        let id = format!("T{number}");
        let place = Place::at(52.43 + rng.unit() * 0.15, 13.25 + rng.unit() * 0.3);
        let ticket = Ticket::new(id.clone(), place, Seconds(2_400));
        desk.apply(EIGHT, &Actor::support("sue"), &id, &Command::open(ticket))?;
        if number % 2 == 0 {
            // Who is nearest is at lunch.
            let case = desk.state().case(&id).ok_or("it was opened")?;
            let asked = Actor::engineer(&case.offers.first().ok_or("somebody is asked")?.engineer);
            let act = Act::Decline { offer: case.offers[0].id, reason: "lunch".into() };
            desk.apply(EIGHT, &asked, &format!("no to {id}"), &Command::on(&*id, act))?;
            desk.advance(EIGHT);
        }
        let case = desk.state().case(&id).ok_or("it was opened")?;
        let offer = case.offers.first().ok_or("somebody is asked")?;
        let asked = Actor::engineer(&offer.engineer);
        let yes = Command::on(&*id, Act::Accept { offer: offer.id, epoch: case.epoch });
        desk.apply(EIGHT, &asked, &format!("yes to {id}"), &yes)?;
    }
    Ok(desk)
}

/// Minutes on the road on all routes that are still ahead.
fn driving(desk: &Desk) -> i64 {
    let routes = desk.state().members().iter().flat_map(|member| member.routes.values());
    routes.map(|route| route.travel().0).sum::<i64>() / 60
}
