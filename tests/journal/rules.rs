//! What every store must hold to; each rule is given a fresh, empty log.

use super::{batch, batch_by, opened, whole};
use fieldwright::journal::{
    Actor, Batch, Cause, Corrupt, Digest, Error, Expect, Head, Header, Snapshot, Store, Visibility,
    replay, verify,
};
use fieldwright::rng::Rng;
use fieldwright::units::Instant;
use serde_json::json;

type Rule = fn(&mut dyn Store);

const RULES: &[(&str, Rule)] = &[
    ("events come out numbered, linked and as they went in", numbered),
    ("every field comes back as it went in", fields),
    ("a stale version records nothing and tells the current one", stale),
    ("a repeated request gets the first result, whatever happened since", repeated),
    ("a key is good for one request of one actor", reused),
    ("time does not run backwards", backwards),
    ("a faulty batch leaves no trace", faulty),
    ("pages, subjects and keys tell the same events", views),
    ("snapshot and tail are the whole log", snapshots),
    ("a snapshot of another log is refused", foreign_snapshot),
];

/// Runs every rule on a log from `fresh`.
pub fn hold(fresh: &mut dyn FnMut() -> Box<dyn Store>) {
    for (name, rule) in RULES {
        eprintln!("rule: {name}");
        rule(&mut *fresh());
    }
}

fn rng() -> Rng {
    Rng::new(1, 0)
}

fn numbered(store: &mut dyn Store) {
    let mut rng = rng();
    assert_eq!(store.head().expect("readable"), Head::EMPTY);
    assert!(whole(store).is_empty());
    let first = store.append(&batch("k1", &["T1", "T2", "T1"]), &mut rng).expect("recorded");
    let second = store.append(&batch("k2", &["T2"]), &mut rng).expect("recorded");
    assert!(!first.repeated && !second.repeated);
    let events = [first.events, second.events].concat();
    let numbers: Vec<(u64, &str, u64)> =
        events.iter().map(|event| (event.position, event.subject.as_str(), event.seq)).collect();
    assert_eq!(numbers, [(1, "T1", 1), (2, "T2", 1), (3, "T1", 2), (4, "T2", 2)]);
    let head = verify(Head::EMPTY, &events).expect("linked");
    assert_eq!(store.head().expect("readable"), head);
    assert_eq!(whole(store), events);
}

fn fields(store: &mut dyn Store) {
    let odd = "Zoë's \"T\" \\ 工单 \u{1f527}";
    let actor = Actor { on_behalf_of: Some(odd.into()), ..Actor::new(odd, odd) };
    let mut header = Header::new(actor, odd, Instant(-7));
    header.request = Some(Digest::of(b"what was asked for"));
    header.correlation = Some(odd.into());
    let mut draft = opened(odd, &json!({"text": format!("{odd}\u{0}\n"), "n": [-1, null, true]}));
    draft.occurred_at = Some(Instant(-20));
    draft.device_seq = Some(0);
    draft.visibility = Visibility::Customer;
    let first = store.append(&Batch::new(header.clone(), vec![draft.clone()]), &mut rng());
    let first = first.expect("recorded").events.remove(0);

    header.causation = Some(first.id);
    header.key = "next".into();
    let second = store.append(&Batch::new(header.clone(), vec![draft.clone()]), &mut rng());
    let second = second.expect("recorded").events.remove(0);
    for (event, causation, key) in [(&first, None, odd), (&second, Some(first.id), "next")] {
        assert_eq!(event.actor, header.actor);
        assert_eq!((event.key.as_str(), event.causation), (key, causation));
        assert_eq!(Some(event.request), header.request);
        assert_eq!(event.correlation, header.correlation);
        assert_eq!((event.recorded_at, event.occurred_at), (Instant(-7), Instant(-20)));
        assert_eq!((event.device_seq, event.visibility), (Some(0), Visibility::Customer));
        assert_eq!(
            (&event.kind, &event.subject, &event.data),
            (&draft.kind, &draft.subject, &draft.data)
        );
    }
    assert_eq!(whole(store), [first, second]);
}

fn stale(store: &mut dyn Store) {
    let mut rng = rng();
    let on = |key, versions: &[(&str, u64)]| {
        let versions = versions.iter().map(|(subject, seq)| ((*subject).into(), *seq)).collect();
        batch(key, &["T1"]).expecting(Expect::Versions(versions))
    };
    store.append(&on("k1", &[("T1", 0), ("T2", 0)]), &mut rng).expect("nothing was there");
    let late = store.append(&on("k2", &[("T2", 0), ("T1", 0)]), &mut rng);
    let Err(Error::Conflict { subject, expected: 0, current: 1 }) = late else {
        panic!("{late:?}")
    };
    assert_eq!(subject.as_deref(), Some("T1"));
    let ahead = store.append(&batch("k3", &["T1"]).expecting(Expect::Head(2)), &mut rng);
    let Err(Error::Conflict { subject: None, expected: 2, current: 1 }) = ahead else {
        panic!("{ahead:?}")
    };
    assert_eq!(whole(store).len(), 1);
    store.append(&batch("k2", &["T1"]).expecting(Expect::Head(1)), &mut rng).expect("up to date");
    assert_eq!(whole(store).len(), 2);
}

fn repeated(store: &mut dyn Store) {
    let mut rng = rng();
    let request = batch("k1", &["T1", "T2"]).expecting(Expect::Head(0));
    let first = store.append(&request, &mut rng).expect("recorded");
    store.append(&batch_by("bob", "k2", 200, &["T1"]), &mut rng).expect("recorded");
    // By now the version is stale and the time has passed: neither counts for what is recorded.
    let again = store.append(&request, &mut rng).expect("known");
    assert!(again.repeated);
    assert_eq!(again.events, first.events);
    assert_eq!(whole(store).len(), 3);
}

fn reused(store: &mut dyn Store) {
    let mut rng = rng();
    let mut asked = batch("k1", &["T1"]);
    asked.header.request = Some(Digest::of(b"assign"));
    store.append(&asked, &mut rng).expect("recorded");

    let mut other = asked.clone();
    other.header.request = Some(Digest::of(b"cancel"));
    let mut somebody = asked.clone();
    somebody.header.actor.id = "bob".into();
    for batch in [other, somebody] {
        let reused = store.append(&batch, &mut rng);
        assert!(matches!(reused, Err(Error::KeyReused { position: 1, .. })), "{reused:?}");
    }
    // The same request, decided otherwise the second time, is the same request.
    asked.drafts = vec![opened("T9", &json!(9))];
    assert!(store.append(&asked, &mut rng).expect("known").repeated);

    // Without a request of its own, a batch is asked for by its events.
    store.append(&batch("k2", &["T1"]), &mut rng).expect("recorded");
    let reused = store.append(&batch("k2", &["T2"]), &mut rng);
    assert!(matches!(reused, Err(Error::KeyReused { position: 2, .. })), "{reused:?}");
    assert_eq!(whole(store).len(), 2);
}

fn backwards(store: &mut dyn Store) {
    let mut rng = rng();
    store.append(&batch_by("ada", "k1", 100, &["T1"]), &mut rng).expect("recorded");
    store.append(&batch_by("ada", "k2", 100, &["T1"]), &mut rng).expect("the same second");
    let early = store.append(&batch_by("ada", "k3", 99, &["T1"]), &mut rng);
    let Err(Error::Clock { now: Instant(99), last: Instant(100) }) = early else {
        panic!("{early:?}")
    };
    assert_eq!(whole(store).len(), 2);
}

fn faulty(store: &mut dyn Store) {
    let mut faulty = batch("k1", &["T1", "T2"]);
    faulty.drafts[1].kind = "opened".into();
    for batch in [faulty, batch("k1", &[])] {
        let refused = store.append(&batch, &mut rng());
        assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    }
    assert_eq!(store.head().expect("readable"), Head::EMPTY);
    assert!(store.of_key("k1").expect("readable").is_empty());
    store.append(&batch("k1", &["T1"]), &mut rng()).expect("the key is still free");
}

fn views(store: &mut dyn Store) {
    let mut rng = rng();
    for number in 0..40 {
        let subjects = [["T1", "T2", "T3"], ["T2", "T2", "T1"]][number % 2];
        store.append(&batch(&format!("k{number}"), &subjects), &mut rng).expect("recorded");
    }
    let all = whole(store);
    assert_eq!(all.len(), 120);
    for (after, limit) in [(0, 7), (113, 7), (114, 7), (120, 7), (500, 7), (3, 0)] {
        let expected: Vec<_> =
            all.iter().filter(|event| event.position > after).take(limit).cloned().collect();
        assert_eq!(store.page(after, limit).expect("readable"), expected, "after {after}");
    }
    for (subject, after, limit) in [("T1", 0, 500), ("T2", 5, 3), ("T3", 19, 9), ("T4", 0, 9)] {
        let of_it = all.iter().filter(|event| event.subject == subject && event.seq > after);
        let expected: Vec<_> = of_it.take(limit).cloned().collect();
        assert_eq!(store.of_subject(subject, after, limit).expect("readable"), expected);
    }
    for key in ["k0", "k39", "k40"] {
        let expected: Vec<_> = all.iter().filter(|event| event.key == key).cloned().collect();
        assert_eq!(store.of_key(key).expect("readable"), expected, "{key}");
    }
}

fn snapshots(store: &mut dyn Store) {
    let mut rng = rng();
    assert_eq!(store.snapshot(1).expect("readable"), None);
    for number in 0..5 {
        store.append(&batch(&format!("k{number}"), &["T1"]), &mut rng).expect("recorded");
    }
    let all = whole(store);
    let after = |event, bytes: &[u8]| Snapshot {
        head: Head::after(event),
        schema: 1,
        bytes: bytes.to_vec(),
    };
    store.keep(&after(&all[1], b"old")).expect("kept");
    store.keep(&after(&all[2], b"new")).expect("kept");
    store.keep(&Snapshot { head: Head::EMPTY, schema: 2, bytes: vec![] }).expect("kept");
    let kept = store.snapshot(1).expect("readable").expect("there");
    assert_eq!(kept, after(&all[2], b"new"));
    let tail: Result<Vec<_>, _> = replay(store, kept.head).collect();
    assert_eq!(tail.expect("it follows the snapshot"), all[3..]);
    assert_eq!(store.snapshot(2).expect("readable").map(|kept| kept.head), Some(Head::EMPTY));
}

fn foreign_snapshot(store: &mut dyn Store) {
    store.append(&batch("k1", &["T1"]), &mut rng()).expect("recorded");
    let sound = store.head().expect("readable");
    let beyond = Head { position: 2, ..sound };
    let other = Head { hash: Digest::of(b"another log"), ..sound };
    for head in [beyond, other] {
        let refused = store.keep(&Snapshot { head, schema: 1, bytes: vec![] });
        let Err(Error::Corrupt(Corrupt { cause: Cause::Snapshot, .. })) = refused else {
            panic!("{refused:?}")
        };
    }
    // And a tail is not replayed from a place of another log.
    let first = replay(store, Head { position: 0, ..other }).next();
    let Some(Err(Error::Corrupt(Corrupt { position: 1, cause: Cause::Link }))) = first else {
        panic!("{first:?}")
    };
}
