//! Several processes on one journal: each knows what the others have written before it answers.

use super::traffic::{HOUR, MINUTE, job, km};
use super::{check_journal, morning};
use fieldwright::dispatch::desk::{
    Act, Actor, Command, Desk, Duty, Fact, OfferPolicy, Phase, Refusal,
};
use fieldwright::journal::{Error, Sqlite, Store};
use fieldwright::live::{Fault, Live};
use fieldwright::rng::Rng;
use fieldwright::units::{Instant, Seconds};

/// Two processes on one journal, and the folder that its file is in.
fn two_processes() -> (tempfile::TempDir, Live<Sqlite>, Live<Sqlite>) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("desk.db");
    let one = morning(Sqlite::create(&file).expect("a new file"));
    let again = Sqlite::open(&file).expect("the same file");
    let two = Live::resume(again, Rng::new(1, 1)).expect("readable");
    (folder, one, two)
}

fn sue() -> Actor {
    Actor::support("sue")
}

fn open(id: &str) -> Command {
    Command::open(job(id, 1.0))
}

/// The yes of whoever is asked first about a ticket.
fn yes<S: Store>(live: &Live<S>, id: &str) -> (Actor, Command) {
    let case = live.desk().state().case(id).expect("opened");
    let offer = &case.offers[0];
    let act = Act::Accept { offer: offer.id, epoch: case.epoch };
    (Actor::engineer(&offer.engineer), Command::on(id, act))
}

#[test]
fn who_comes_second_decides_on_what_the_first_has_written() {
    let (_folder, mut one, mut two) = two_processes();
    one.apply(Instant(0), &sue(), "1", &open("leak")).expect("taken");
    two.apply(Instant(0), &sue(), "2", &open("noise")).expect("taken");
    assert!(two.desk().state().case("leak").is_some());

    // Who only reads asks for what is new.
    assert!(one.desk().state().case("noise").is_none());
    one.catch_up().expect("readable");
    assert!(one.desk().state() == two.desk().state());
    let all = one.events(0).expect("readable");
    assert!(Desk::replay(&all).state() == one.desk().state());
    assert_eq!(one.events(5).expect("readable"), all[5..]);
    assert_eq!(one.verify().expect("sound").position, all.len() as u64);
}

#[test]
fn a_yes_that_reaches_another_process_than_the_question_is_a_yes() {
    let (_folder, mut one, mut two) = two_processes();
    one.apply(Instant(0), &sue(), "1", &open("leak")).expect("taken");
    let (ada, accept) = yes(&one, "leak");
    two.apply(Instant(60), &ada, "2", &accept).expect("no unknown ticket");
    assert_eq!(two.desk().state().case("leak").expect("opened").phase, Phase::Assigned);
}

#[test]
fn a_repeat_that_reaches_another_process_gets_the_first_answer() {
    let (_folder, mut one, mut two) = two_processes();
    let first = one.apply(Instant(0), &sue(), "1", &open("leak")).expect("taken");
    assert_eq!(two.apply(Instant(1), &sue(), "1", &open("leak")).expect("the same"), first);
    let other = two.apply(Instant(1), &sue(), "1", &open("noise"));
    assert!(matches!(other, Err(Fault::Refused(Refusal::KeyReused { .. }))), "{other:?}");
}

#[test]
fn what_another_process_has_dealt_with_is_not_due_any_more() {
    let (_folder, mut one, mut two) = two_processes();
    one.apply(Instant(0), &sue(), "1", &open("leak")).expect("taken");
    two.catch_up().expect("readable");
    let due = one.next_deadline().expect("an offer");
    one.advance(due).expect("recorded");
    // The other one wakes up a second later.
    assert_eq!(two.advance(due + Seconds(1)).expect("nothing to do"), []);
    let log = two.events(0).expect("readable");
    let lapsed = log.iter().filter(|event| matches!(event.fact, Fact::Expired { .. })).count();
    assert_eq!(lapsed, 1);
    check_journal(&mut two);
}

#[test]
fn a_command_for_a_version_that_another_process_has_left_behind_is_a_conflict() {
    let (_folder, mut one, mut two) = two_processes();
    one.apply(Instant(0), &sue(), "1", &open("leak")).expect("taken");
    let version = one.desk().state().case("leak").expect("opened").version;
    let give = |engineer: &str| {
        let (engineer, reason) = (engineer.to_owned(), "knows the house".to_owned());
        Command::on_version("leak", version, Act::Assign { engineer, reason })
    };
    one.apply(Instant(60), &Actor::manager("max"), "2", &give("ada")).expect("taken");
    let lost = two.apply(Instant(60), &Actor::manager("mia"), "3", &give("bob"));
    let Err(Fault::Refused(Refusal::Conflict { holder, .. })) = lost else { panic!("{lost:?}") };
    assert_eq!(holder.as_deref(), Some("ada"));
}

#[test]
fn a_forecast_knows_what_another_process_has_written() {
    let (_folder, mut one, mut two) = two_processes();
    let mut leak = job("leak", 1.0);
    leak.due = Some(Instant(2 * HOUR));
    one.apply(Instant(0), &sue(), "1", &Command::open(leak)).expect("taken");
    let forecast = two.forecast(Instant(0)).expect("readable");
    assert_eq!(forecast.iter().map(|it| it.due).collect::<Vec<_>>(), [Instant(2 * HOUR)]);
    assert_eq!(forecast, one.desk().forecast(Instant(0)));
}

/// Each opens tickets as fast as it can. Nobody has to ask twice but where the file is locked.
#[test]
fn two_processes_that_write_at_once_lose_no_command_of_each_other() {
    let (_folder, one, two) = two_processes();
    let work = |mut live: Live<Sqlite>, name: &'static str| {
        std::thread::spawn(move || {
            for number in 0..40 {
                let id = format!("{name} {number}");
                loop {
                    match live.apply(Instant(0), &sue(), &id, &open(&id)) {
                        Ok(_) => break,
                        Err(Fault::Store(Error::Busy)) => {}
                        Err(fault) => panic!("{fault}"),
                    }
                }
            }
            live
        })
    };
    let both = [work(one, "one"), work(two, "two")];
    let [mut one, mut two] = both.map(|thread| thread.join().expect("ends well"));
    one.catch_up().expect("readable");
    two.catch_up().expect("readable");
    assert!(one.desk().state() == two.desk().state());
    assert_eq!(one.desk().state().cases().len(), 80);
    check_journal(&mut one);
}

#[test]
fn a_clock_in_milliseconds_lets_no_deadline_pass() {
    let (_folder, mut live, _) = two_processes();
    live.apply(Instant(0), &sue(), "1", &open("leak")).expect("taken");
    let before = live.desk().state().clone();
    let now = Instant(1_770_000_000_000);
    let refused = live.apply(now, &sue(), "2", &open("noise"));
    assert!(matches!(refused, Err(Fault::Refused(Refusal::BadMoment { .. }))), "{refused:?}");
    assert_eq!(live.advance(now).expect("nothing to do"), []);
    assert!(*live.desk().state() == before);
    live.apply(Instant(60), &sue(), "2", &open("noise")).expect("the right clock goes on");
}

#[test]
fn a_repeat_after_the_desk_has_forgotten_its_key_is_still_not_done_twice() {
    let (_folder, mut live, _) = two_processes();
    let here = Command::of("ada", Duty::ReportPosition { place: km(3.0) });
    let ada = Actor::engineer("ada");
    let first = live.apply(Instant(0), &ada, "1", &here).expect("taken");
    let forgotten = Instant(0) + OfferPolicy::default().remember_keys + Seconds(MINUTE);
    let there = Command::of("ada", Duty::ReportPosition { place: km(4.0) });
    live.apply(forgotten, &ada, "2", &there).expect("taken");
    let before = live.desk().state().clone();
    assert_eq!(live.apply(forgotten, &ada, "1", &here).expect("as it was"), first);
    assert!(*live.desk().state() == before, "ada is back where she was a day ago");
    let other = live.apply(forgotten, &ada, "1", &there);
    assert!(matches!(other, Err(Fault::Store(Error::KeyReused { .. }))), "{other:?}");
}
