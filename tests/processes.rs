//! Two processes on one desk: whatever they do at the same moment, one of them wins and the other is told.
#![cfg(feature = "sqlite")]

#[cfg(all(unix, feature = "postgres"))]
#[path = "journal/server.rs"]
mod server;

use fieldwright::dispatch::desk::{
    Act, Actor, Command, Desk, Event, Fact, Mode, OfferPolicy, Phase, Refusal,
};
use fieldwright::journal::{Error, Sqlite, Store};
use fieldwright::live::{Fault, Live};
use fieldwright::model::{Engineer, Place, Ticket, TravelMode, World};
use fieldwright::rng::Rng;
use fieldwright::units::{Instant, Seconds};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};

/// What a process is told through its environment.
const PLACE: &str = "DESK_PLACE";
const MANAGER: &str = "DESK_MANAGER";
const FAVOURITE: &str = "DESK_FAVOURITE";

const TICKETS: usize = 12;
/// When the managers decide, and when the offer of the leak lapses.
const NOW: Instant = Instant(60);
const LAPSED: Instant = Instant(1_800);

/// The journal at a place: `file:` and a path, or the address of a server.
fn open(place: &str) -> Box<dyn Store + Send> {
    if let Some(path) = place.strip_prefix("file:") {
        return Box::new(Sqlite::open(Path::new(path)).expect("opens"));
    }
    #[cfg(feature = "postgres")]
    return Box::new(fieldwright::journal::Postgres::connect(place).expect("connects"));
    #[cfg(not(feature = "postgres"))]
    panic!("there is no server {place}");
}

/// Does it until the store has taken it: after each lost race the same, under the same key.
fn insist<T>(mut attempt: impl FnMut() -> Result<T, Fault>) -> Result<T, Refusal> {
    loop {
        match attempt() {
            Ok(done) => return Ok(done),
            Err(Fault::Refused(refusal)) => return Err(refusal),
            Err(Fault::Store(Error::Conflict { .. } | Error::Busy)) => {}
            Err(fault) => panic!("{fault}"),
        }
    }
}

/// A morning with an offer that waits for an answer, and tickets for which somebody of the house picks.
fn morning(mut store: Box<dyn Store + Send>) {
    let mut world = World::new(TravelMode::car(36_000));
    for (id, lat) in [("ada", 52.52), ("bob", 52.50)] {
        let home = Place::at(lat, 13.40);
        world.engineers.push(Engineer::new(id, home, Instant(0), Instant(36_000)));
    }
    assert_eq!(store.head().expect("readable").position, 0);
    let (policy, rng) = (OfferPolicy::default(), Rng::new(1, 0));
    let mut live = Live::open(Instant(0), &world, policy, store, rng).expect("sound");
    let sue = Actor::support("sue");
    let mut request = |id: &str, mode| {
        let ticket = Box::new(Ticket::new(id, Place::at(52.51, 13.42), Seconds(600)));
        let open = Command::Open { ticket, mode, requested: None };
        live.apply(Instant(0), &sue, id, &open).expect("taken");
    };
    request("leak", Mode::Auto);
    (0..TICKETS).for_each(|n| request(&format!("T{n}"), Mode::Recommend));
}

#[test]
#[ignore = "the process that the tests below start"]
fn the_process_of_a_manager() {
    let told = |name| std::env::var(name).expect("only the tests below start this");
    let (name, favourite) = (told(MANAGER), told(FAVOURITE));
    let ids = Rng::new(7, u64::from(std::process::id()));
    let mut live = Live::resume(open(&told(PLACE)), ids).expect("readable");
    // What both have on their screens.
    let version = |n: usize| live.desk().state().case(&format!("T{n}")).expect("opened").version;
    let seen: Vec<u64> = (0..TICKETS).map(version).collect();
    let wait = |word: &str| {
        writeln!(std::io::stdout(), "\n{word}").expect("the parent listens");
        std::io::stdin().read_line(&mut String::new()).expect("the parent speaks");
    };
    wait("ready");
    for (n, version) in seen.into_iter().enumerate() {
        let act = Act::Assign { engineer: favourite.clone(), reason: "knows the house".into() };
        let give = Command::on_version(format!("T{n}"), version, act);
        let key = format!("{name} {n}");
        let done = insist(|| live.apply(NOW, &Actor::manager(&name), &key, &give));
        let outcome = match done {
            Ok(_) => format!("won T{n}"),
            Err(Refusal::Conflict { holder: Some(holder), .. }) => format!("lost T{n} {holder}"),
            Err(refusal) => panic!("{refusal}"),
        };
        writeln!(std::io::stdout(), "{outcome}").expect("the parent listens");
    }
    wait("decided");
    // Both wake up at the same deadline.
    insist(|| live.advance(LAPSED)).expect("nothing to refuse");
}

/// A manager at work: his process, and what it says.
type Manager = (Child, Lines<BufReader<ChildStdout>>);

/// Starts this very test binary as the process of a manager, who waits for a word.
fn manager(place: &str, name: &str, favourite: &str) -> Manager {
    let own = std::env::current_exe().expect("the test binary");
    let mut child = std::process::Command::new(own)
        .args(["--ignored", "--exact", "the_process_of_a_manager", "--nocapture"])
        .env(PLACE, place)
        .env(MANAGER, name)
        .env(FAVOURITE, favourite)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the test binary starts");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let mut manager = (child, lines);
    hear(&mut manager, "ready");
    manager
}

/// What a process says before it says this and waits.
fn hear((_, lines): &mut Manager, last: &str) -> Vec<String> {
    let mut said = Vec::new();
    for line in lines {
        let line = line.expect("text");
        if line == last {
            return said;
        }
        said.push(line);
    }
    panic!("it ended before it was {last}: {said:?}");
}

/// Lets both go on.
fn go(managers: &mut [Manager]) {
    for (child, _) in managers {
        child.stdin.as_mut().expect("piped").write_all(b"go\n").expect("it listens");
    }
}

/// Two managers give the same tickets to different engineers, each in a process of his own.
fn one_of_two_managers_wins(place: &str) {
    morning(open(place));
    let favourites = [("max", "ada"), ("mia", "bob")];
    let mut managers = favourites.map(|(name, favourite)| manager(place, name, favourite));
    go(&mut managers);
    let (mut won, mut lost) = (BTreeMap::new(), BTreeMap::new());
    for (manager, (_, favourite)) in managers.iter_mut().zip(favourites) {
        for line in hear(manager, "decided") {
            let words: Vec<&str> = line.split(' ').collect();
            match words[..] {
                ["won", ticket] => {
                    let other = won.insert(ticket.to_owned(), favourite.to_owned());
                    assert_eq!(other, None, "{ticket} is won twice");
                }
                ["lost", ticket, holder] => {
                    lost.insert(ticket.to_owned(), holder.to_owned());
                }
                _ => {}
            }
        }
    }
    go(&mut managers);
    for (child, _) in &mut managers {
        assert!(child.wait().expect("ends").success());
    }
    assert_eq!(won.len(), TICKETS, "each ticket has a winner");
    assert_eq!(won, lost, "who has lost is told who has the ticket");

    let mut live = Live::resume(open(place), Rng::new(1, 1)).expect("readable");
    live.verify().expect("the chain holds");
    for (ticket, engineer) in &won {
        let case = live.desk().state().case(ticket).expect("opened");
        assert_eq!((case.phase, case.held_by_engineer()), (Phase::Assigned, Some(&**engineer)));
    }
    let log = live.events(0).expect("readable");
    let count = |is: fn(&Fact) -> bool| log.iter().filter(|event| is(&event.fact)).count();
    assert_eq!(count(|fact| matches!(fact, Fact::Assigned { .. })), TICKETS);
    assert_eq!(count(|fact| matches!(fact, Fact::Expired { .. })), 1, "two were awake");
    assert!(Desk::replay(&log).state() == live.desk().state());
    let forged = Desk::decisions(&log).find(|decision| !decision.is_same());
    assert!(forged.is_none(), "{}", forged.expect("one"));
    assert!(log.windows(2).all(|pair: &[Event]| pair[0].at <= pair[1].at));
}

#[test]
fn of_two_managers_on_one_file_one_wins_and_the_other_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("desk.db");
    drop(Sqlite::create(&file).expect("a new file"));
    one_of_two_managers_wins(&format!("file:{}", file.display()));
}

#[cfg(all(unix, feature = "postgres"))]
#[test]
fn of_two_managers_on_one_server_one_wins_and_the_other_is_told() {
    let Some(server) = server::Server::start() else {
        eprintln!("skipped: no PostgreSQL binaries");
        return;
    };
    server.make("desk");
    one_of_two_managers_wins(&server.address("desk"));
}
