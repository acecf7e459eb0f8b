//! Quiet hours: whose night it is, and the two nights of the year in which clocks change.

use super::town::{HOUR, job, town};
use fieldwright::dispatch::desk::{Actor, Command, Desk, Fact, OfferPolicy, QuietHours, Refusal};
use fieldwright::model::{Code, TimeOfDay};
use fieldwright::units::{Instant, Seconds};

fn quiet(from: TimeOfDay, to: TimeOfDay, zone: Option<&str>) -> QuietHours {
    QuietHours { from, to, unless_priority: 50, zone: zone.map(str::to_owned) }
}

/// From ten in the evening until six.
fn night(zone: Option<&str>) -> QuietHours {
    quiet(TimeOfDay::at(22, 0), TimeOfDay::at(6, 0), zone)
}

/// Until when a ticket waits that comes in at this moment; nothing when somebody is asked at once.
#[track_caller]
fn waits(quiet: QuietHours, utc_offset: i64, now: &str) -> Option<Instant> {
    let now: Instant = now.parse().expect("a moment");
    let mut world = town(&[("ada", 1.0)]);
    world.utc_offset = Seconds(utc_offset);
    let shift = &mut world.engineers[0].shifts[0];
    (shift.start, shift.end) = (now, now + Seconds(48 * HOUR));
    let policy = OfferPolicy { quiet: Some(quiet), ..OfferPolicy::default() };
    let (mut desk, mut log) = Desk::open(now, &world, policy).expect("sound");
    let open = Command::open(job("T1", 0.0));
    log.extend(desk.apply(now, &Actor::support("sue"), "1", &open).expect("sound"));
    assert!(Desk::decisions(&log).all(|decision| decision.is_same()));
    match &log.last().expect("something comes of it").fact {
        Fact::Deferred { until, .. } => Some(*until),
        Fact::Offered { .. } => None,
        other => panic!("{other:?}"),
    }
}

fn at(moment: &str) -> Option<Instant> {
    Some(moment.parse().expect("a moment"))
}

#[test]
fn a_night_goes_past_midnight_and_ends_to_the_second() {
    for zone in [None, Some("UTC")] {
        let six = at("2026-01-11T06:00:00Z");
        for now in ["2026-01-10T22:00:00Z", "2026-01-11T00:00:00Z", "2026-01-11T05:59:59Z"] {
            assert_eq!(waits(night(zone), 0, now), six, "{now}");
        }
        for now in ["2026-01-10T21:59:59Z", "2026-01-11T06:00:00Z"] {
            assert_eq!(waits(night(zone), 0, now), None, "{now}");
        }
    }
}

#[test]
fn without_a_zone_the_offset_of_the_world_says_when_it_is_night() {
    // An hour ahead of UTC, it is 22:30 there, and six when it is five here.
    let (now, until) = ("2026-01-10T21:30:00Z", at("2026-01-11T05:00:00Z"));
    assert_eq!(waits(night(None), HOUR, now), until);
    assert_eq!(waits(night(None), 0, now), None);
    // A zone of its own comes before the offset.
    assert_eq!(waits(night(Some("UTC")), HOUR, now), None);
}

#[test]
fn a_night_in_which_clocks_change_ends_when_the_wall_shows_six() {
    let berlin = || night(Some("Europe/Berlin"));
    // In the night to 29 March 2026 it is three after two: +1 before, +2 after.
    let spring = waits(berlin(), 0, "2026-03-28T23:00:00+01:00");
    assert_eq!(spring, at("2026-03-29T06:00:00+02:00"));
    // In the night to 25 October 2026 it is two after three.
    let autumn = waits(berlin(), 0, "2026-10-24T23:00:00+02:00");
    assert_eq!(autumn, at("2026-10-25T06:00:00+01:00"));
    // And they begin when it shows ten.
    assert_eq!(waits(berlin(), 0, "2026-03-29T21:30:00+02:00"), None);
    assert_eq!(waits(berlin(), 0, "2026-03-29T22:00:00+02:00"), at("2026-03-30T06:00:00+02:00"));
}

#[test]
fn an_end_that_the_wall_skips_is_the_end_of_the_gap_and_one_shown_twice_the_first() {
    let short = || quiet(TimeOfDay::at(22, 0), TimeOfDay::at(2, 30), Some("Europe/Berlin"));
    let skipped = waits(short(), 0, "2026-03-29T01:15:00+01:00");
    assert_eq!(skipped, at("2026-03-29T03:00:00+02:00"));
    let twice = waits(short(), 0, "2026-10-25T02:15:00+02:00");
    assert_eq!(twice, at("2026-10-25T02:30:00+02:00"));
    // A quarter past two comes again, and by then they are over.
    assert_eq!(waits(short(), 0, "2026-10-25T02:15:00+01:00"), None);
}

#[test]
fn quiet_hours_that_end_when_they_begin_are_none() {
    let never = || quiet(TimeOfDay(0), TimeOfDay(0), Some("Europe/Berlin"));
    assert_eq!(waits(never(), 0, "2026-01-10T00:00:00+01:00"), None);
}

#[test]
fn a_zone_that_there_is_not_is_a_fault_of_the_policy() {
    let atlantis = quiet(TimeOfDay(0), TimeOfDay(0), Some("Europe/Atlantis"));
    let policy = OfferPolicy { quiet: Some(atlantis), ..OfferPolicy::default() };
    let world = town(&[("ada", 1.0)]);
    let faults = Desk::open(Instant(0), &world, policy.clone()).expect_err("no such zone");
    let found: Vec<(Code, &str)> =
        faults.0.iter().map(|fault| (fault.code, fault.at.as_str())).collect();
    assert_eq!(found, [(Code::UNKNOWN_ZONE, "policy.quiet.zone")]);

    let (mut desk, _) = Desk::open(Instant(0), &world, OfferPolicy::default()).expect("sound");
    let set = Command::SetPolicy { policy: Box::new(policy) };
    let refusal = desk.apply(Instant(0), &Actor::manager("max"), "1", &set);
    assert_eq!(refusal, Err(Refusal::Input(faults)));
}

#[test]
fn quiet_hours_from_before_they_had_a_zone_are_read_and_written_as_ever() {
    let text = r#"{"from":"22:00","to":"06:00","unless_priority":50}"#;
    let read: QuietHours = serde_json::from_str(text).expect("reads");
    assert_eq!(read, night(None));
    assert_eq!(serde_json::to_string(&read).expect("serializes"), text);
}
