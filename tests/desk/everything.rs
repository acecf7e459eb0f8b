//! A day on which everything happens that is ever written down: what the fixtures of `tests/golden/desk` are made of.

use super::town::{job, km, town};
use fieldwright::dispatch::desk::{Act, Actor, Command, Duty, Mode, OfferPolicy, QuietHours, Role};
use fieldwright::journal::{Envelope, Memory, Store};
use fieldwright::live::Live;
use fieldwright::model::{Agreement, Engineer, OwnedSkill, Ticket, TimeOfDay, Window};
use fieldwright::rng::Rng;
use fieldwright::units::Instant;

const MINUTE: i64 = 60;

/// With a gold contract somebody is there within four hours, and who is asked answers within 20 minutes.
const GOLD: &str = r#"{"commitments": [
    {"id": "arrival", "for": {"contract": "gold"},
        "promise": {"clock": "arrival", "within": 14400, "warn": [{"percent": 75}]}},
    {"id": "answer", "for": {"contract": "gold"},
        "promise": {"clock": "acceptance", "within": 1200, "warn": [{"before": 300}]}}]}"#;

/// A desk on a journal, with a watch in minutes.
struct Diary {
    live: Live<Memory>,
    now: Instant,
    keys: u32,
}

impl Diary {
    /// Time goes on, and the desk wakes up at each deadline.
    fn at(&mut self, minutes: i64) {
        self.now = Instant(minutes * MINUTE);
        while let Some(due) = self.live.next_deadline().filter(|due| *due <= self.now) {
            self.live.advance(due).expect("recorded");
        }
    }

    #[track_caller]
    fn give(&mut self, actor: &Actor, command: &Command) {
        self.keys += 1;
        let key = format!("k{}", self.keys);
        self.live.apply(self.now, actor, &key, command).expect("not refused");
    }

    #[track_caller]
    fn act(&mut self, actor: &Actor, ticket: &str, act: Act) {
        self.give(actor, &Command::on(ticket, act));
    }

    #[track_caller]
    fn duty(&mut self, engineer: &str, duty: Duty) {
        self.give(&Actor::engineer(engineer), &Command::of(engineer, duty));
    }

    /// The number of the offer that waits for his answer, and of its round.
    #[track_caller]
    fn offer(&self, engineer: &str, ticket: &str) -> (u64, u32) {
        let case = self.live.desk().state().case(ticket).expect("opened");
        let offer = case.offers.iter().find(|offer| offer.engineer == engineer);
        (offer.unwrap_or_else(|| panic!("{engineer} is not asked: {case:?}")).id, case.epoch)
    }

    #[track_caller]
    fn accept(&mut self, engineer: &str, ticket: &str) {
        let (offer, epoch) = self.offer(engineer, ticket);
        self.act(&Actor::engineer(engineer), ticket, Act::Accept { offer, epoch });
    }
}

fn gold(id: &str, at: f64) -> Ticket {
    Ticket { contract: Some("gold".into()), customer: Some("acme".into()), ..job(id, at) }
}

/// The journal of that day. What becomes of each ticket stands beside its last event.
fn written() -> Vec<Envelope> {
    let world = town(&[("ada", 0.0), ("bob", 5.0), ("cem", 20.0)]);
    let (store, ids) = (Memory::new(), Rng::new(2, 0));
    let live = Live::open(Instant(0), &world, OfferPolicy::default(), store, ids);
    let mut diary = Diary { live: live.expect("sound"), now: Instant(0), keys: 0 };
    let day = &mut diary;
    let (sue, max) = (Actor::support("sue"), Actor::manager("max"));
    let (ada, bob, cem) = (Actor::engineer("ada"), Actor::engineer("bob"), Actor::engineer("cem"));
    let acme = Actor::new(Role::Customer, "acme");
    let reason = |text: &str| text.to_owned();

    let agreement: Agreement = serde_json::from_str(GOLD).expect("an agreement");
    day.give(&max, &Command::SetAgreement { agreement: Box::new(agreement) });
    let (from, to, zone) = (TimeOfDay(0), TimeOfDay::at(0, 10), Some("UTC".into()));
    let quiet = Some(QuietHours { from, to, unless_priority: 1, zone });
    let policy = OfferPolicy { quiet, ..OfferPolicy::default() };
    day.give(&max, &Command::SetPolicy { policy: Box::new(policy.clone()) });

    // T1 comes in at night. Ada is asked at 0:10, reminded at 0:25 and out at 0:30; bob takes it.
    day.give(&sue, &Command::open(gold("T1", 2.4)));
    day.at(31);
    day.accept("bob", "T1");

    // T2: ada says no, bob would come later, which does not suit; a manager gives it to ada all the same.
    day.give(&sue, &Command::open(gold("T2", 1.0)));
    let (offer, _) = day.offer("ada", "T2");
    day.act(&ada, "T2", Act::Decline { offer, reason: reason("too far") });
    let (offer, _) = day.offer("bob", "T2");
    let window = Window::new(Instant(180 * MINUTE), Instant(240 * MINUTE));
    day.act(&bob, "T2", Act::CounterOffer { offer, window });
    day.act(&acme, "T2", Act::Consent { agreed: false });
    let version = day.live.desk().state().case("T2").expect("opened").version;
    let assign = Act::Assign { engineer: "ada".into(), reason: reason("she knows the house") };
    day.give(&max, &Command::on_version("T2", version, assign));

    // T3 is recommended, offered, held, resumed and triaged, and takes in T4, for which ada would have come later; ada
    // takes it.
    day.at(32);
    let ticket = Box::new(job("T3", 1.2));
    day.give(&sue, &Command::Open { ticket, mode: Mode::Recommend, requested: None });
    day.act(&max, "T3", Act::Offer);
    let review = Instant(400 * MINUTE);
    day.act(&sue, "T3", Act::Hold { reason: reason("abroad"), review });
    day.at(34);
    day.act(&sue, "T3", Act::Resume);
    let ticket = Box::new(job("T3", 1.5));
    day.act(&sue, "T3", Act::Triage { ticket });
    day.give(&sue, &Command::open(job("T4", 1.5)));
    let (offer, _) = day.offer("ada", "T4");
    day.act(&ada, "T4", Act::CounterOffer { offer, window });
    day.act(&sue, "T4", Act::Offer);
    day.act(&sue, "T4", Act::Merge { into: "T3".into() });
    day.accept("ada", "T3");

    // T5 needs what nobody can do: a manager is called, makes it an emergency, sees it cancelled and opened again.
    let mut roof = gold("T5", 19.0);
    roof.skills.all[0].skill = "roof".into();
    day.give(&acme, &Command::open(roof));
    let due = Instant(40 * MINUTE);
    day.act(&max, "T5", Act::Emergency { due });
    day.at(41);
    day.act(&sue, "T5", Act::Cancel { reason: reason("the rain is over") });
    day.act(&sue, "T5", Act::Reopen { reason: reason("it rains"), due: None });

    // Bob does T1 and stops once; ada drives to T2, where nobody opens.
    day.duty("bob", Duty::OffDuty { reason: reason("this one and home") });
    day.duty("bob", Duty::ReportPosition { place: km(4.0) });
    day.act(&bob, "T1", Act::Depart);
    day.act(&ada, "T2", Act::Depart);
    day.at(43);
    day.act(&bob, "T1", Act::Arrive);
    day.act(&bob, "T1", Act::Start);
    day.act(&ada, "T2", Act::Arrive);
    day.act(&ada, "T2", Act::CustomerAbsent);
    day.at(60);
    day.act(&bob, "T1", Act::Pause { reason: reason("power cut") });
    day.at(70);
    day.act(&bob, "T1", Act::Start);
    day.act(&bob, "T1", Act::Overrun { until: Instant(150 * MINUTE) });
    day.at(140);
    day.act(&bob, "T1", Act::Finish);
    day.duty("bob", Duty::OnDuty);

    // Ada falls ill, and T3 is bob's. Cem learns about roofs, cannot do T5 without a part, and T5 waits again.
    day.duty("ada", Duty::Ill { from: Instant(141 * MINUTE), reason: reason("fever") });
    day.accept("bob", "T3");
    let mut roofer = Engineer::new("cem", km(20.0), Instant(0), Instant(600 * MINUTE));
    roofer.skills.push(OwnedSkill::new("roof", 1));
    day.give(&max, &Command::Enrol { engineer: Box::new(roofer) });
    day.accept("cem", "T5");
    day.act(&cem, "T5", Act::Depart);
    day.at(145);
    day.act(&cem, "T5", Act::CannotComplete { reason: reason("no tiles") });

    // The four hours of T5, from 0:41 on, run out at 4:41; of that it is warned an hour before.
    day.at(290);

    // Bob, the only one who is left for boilers, gets one question at a time: T7 waits until he has said no to T6.
    let policy = Box::new(OfferPolicy { offers_at_once: 1, ..policy });
    day.give(&max, &Command::SetPolicy { policy });
    day.give(&sue, &Command::open(job("T6", 5.0)));
    day.give(&sue, &Command::open(job("T7", 6.0)));
    let (offer, _) = day.offer("bob", "T6");
    day.act(&bob, "T6", Act::Decline { offer, reason: reason("not today") });
    day.offer("bob", "T7");
    let head = day.live.verify().expect("sound").position;
    let count = usize::try_from(head).expect("few");
    diary.live.into_store().page(0, count).expect("readable")
}

#[test]
#[ignore = "writes a fixture: name it for the version that comes next"]
fn write_a_day_on_which_everything_happens() {
    let lines: String = written().iter().map(|event| event.to_line() + "\n").collect();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/desk/");
    let name = std::env::var("FIELDWRIGHT_LOG").expect("FIELDWRIGHT_LOG=v3.jsonl, say");
    let mut file = std::fs::File::create_new(folder.to_owned() + &name).expect("never again");
    std::io::Write::write_all(&mut file, lines.as_bytes()).expect("written");
}
