//! Any order of requests, stale, repeated, early or faulty, against a model that is a plain list.

use super::{batch_by, whole};
use fieldwright::journal::{Batch, Error, Expect, Head, Memory, Store, verify};
use fieldwright::rng::Rng;
use proptest::prelude::*;

/// One request: everything in it may be out of date.
#[derive(Clone, Debug)]
struct Request {
    actor: &'static str,
    key: u8,
    step: i64,
    subjects: Vec<&'static str>,
    /// How far behind the truth the caller is, about the whole log or about one subject.
    behind: Option<(Option<&'static str>, u64)>,
}

fn requests() -> impl Strategy<Value = Vec<Request>> {
    let subject = || prop::sample::select(vec!["T1", "T2", "T3"]);
    let behind = (prop::option::of(subject()), prop_oneof![3 => Just(0), 1 => 1..3_u64]);
    let request = (
        prop::sample::select(vec!["ada", "bob"]),
        0..12_u8,
        prop_oneof![1 => Just(-1), 6 => 0..3_i64],
        prop::collection::vec(subject(), 0..4),
        prop::option::of(behind),
    );
    let request = request.prop_map(|(actor, key, step, subjects, behind)| Request {
        actor,
        key,
        step,
        subjects,
        behind,
    });
    prop::collection::vec(request, 1..40)
}

/// What is recorded, as plainly as can be: actor, key, time, subject of each event, in order.
#[derive(Default)]
struct Model(Vec<(&'static str, String, i64, &'static str)>);

impl Model {
    fn version(&self, subject: &str) -> u64 {
        self.0.iter().filter(|event| event.3 == subject).count() as u64
    }

    /// What must come of a request, in one word.
    fn append(&mut self, request: &Request, batch: &Batch, now: i64) -> &'static str {
        if request.subjects.is_empty() {
            return "refused";
        }
        let key = &batch.header.key;
        let before: Vec<_> = self.0.iter().filter(|event| event.1 == *key).cloned().collect();
        if !before.is_empty() {
            let subjects: Vec<&str> = before.iter().map(|event| event.3).collect();
            let same = before[0].0 == request.actor && subjects == request.subjects;
            return if same { "repeated" } else { "key reused" };
        }
        let stale = match &batch.expect {
            Expect::Anything => false,
            Expect::Head(position) => *position != self.0.len() as u64,
            Expect::Versions(list) => list.iter().any(|(name, seq)| *seq != self.version(name)),
        };
        if stale {
            return "conflict";
        }
        if self.0.last().is_some_and(|last| now < last.2) {
            return "clock";
        }
        for subject in &request.subjects {
            self.0.push((request.actor, key.clone(), now, subject));
        }
        "recorded"
    }
}

fn outcome(result: &Result<fieldwright::journal::Appended, Error>) -> &'static str {
    match result {
        Ok(appended) if appended.repeated => "repeated",
        Ok(_) => "recorded",
        Err(Error::Refused(_)) => "refused",
        Err(Error::KeyReused { .. }) => "key reused",
        Err(Error::Conflict { .. }) => "conflict",
        Err(Error::Clock { .. }) => "clock",
        Err(_) => "failed",
    }
}

/// Runs the requests against the store and the model side by side.
fn agree(store: &mut dyn Store, requests: &[Request]) -> Result<(), TestCaseError> {
    let (mut model, mut rng, mut now) = (Model::default(), Rng::new(1, 0), 1_000);
    for request in requests {
        let expect = match request.behind {
            None => Expect::Anything,
            Some((None, by)) => Expect::Head((model.0.len() as u64).saturating_sub(by)),
            Some((Some(subject), by)) => {
                let version = model.version(subject).saturating_sub(by);
                Expect::Versions(vec![(subject.into(), version)])
            }
        };
        let key = format!("k{}", request.key);
        let batch = batch_by(request.actor, &key, now + request.step, &request.subjects);
        let batch = batch.expecting(expect);
        let expected = model.append(request, &batch, now + request.step);
        let result = store.append(&batch, &mut rng);
        prop_assert_eq!(outcome(&result), expected, "{:?}", result);
        if expected == "recorded" {
            now += request.step;
        }
    }
    let events = whole(store);
    prop_assert!(verify(Head::EMPTY, &events).is_ok());
    let recorded: Vec<_> = events
        .iter()
        .map(|event| (&*event.actor.id, event.key.clone(), event.recorded_at.0, &*event.subject))
        .collect();
    prop_assert_eq!(recorded, model.0);
    let mut ids: Vec<_> = events.iter().map(|event| event.id).collect();
    ids.sort_unstable();
    ids.dedup();
    prop_assert_eq!(ids.len(), events.len());
    Ok(())
}

proptest! {
    #[test]
    fn a_log_in_memory_is_a_plain_list_with_rules(requests in requests()) {
        agree(&mut Memory::new(), &requests)?;
    }
}

#[cfg(feature = "sqlite")]
proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn a_log_in_a_file_is_a_plain_list_with_rules(requests in requests()) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut store =
            fieldwright::journal::Sqlite::create(&folder.path().join("log")).expect("new");
        agree(&mut store, &requests)?;
    }
}
