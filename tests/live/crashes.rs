//! The process dies at each point at which it writes, just before or just after.

use super::support::{Faults, Faulty};
use super::{Named, check_journal, morning, seeds, step};
use fieldwright::dispatch::desk::{Event, Refusal, State};
use fieldwright::journal::{Appended, Batch, Error, Memory, Store};
use fieldwright::live::{Fault, Live};
use fieldwright::rng::Rng;
use fieldwright::units::{Instant, Seconds};

const STEPS: usize = 60;

/// Counts what is appended, and breaks once.
#[derive(Default)]
struct Once {
    appended: usize,
    /// At which append, and whether it has written by then.
    breaks: Option<(usize, bool)>,
}

impl Faults for Once {
    fn append(
        &mut self,
        inner: &mut Memory,
        batch: &Batch,
        rng: &mut Rng,
    ) -> Result<Appended, Error> {
        let at = self.appended;
        self.appended += 1;
        match self.breaks {
            Some((point, has_written)) if point == at => {
                if has_written {
                    inner.append(batch, rng)?;
                }
                Err(Error::Busy)
            }
            _ => inner.append(batch, rng),
        }
    }
}

/// What a day comes to: the desk at its end, every answer, and how often it wrote.
type Outcome = (State, Vec<Result<Vec<Event>, Refusal>>, usize);

/// A day of one seed. The process dies where its store breaks, and another one goes on with the same command.
fn day(seed: u64, breaks: Option<(usize, bool)>) -> Outcome {
    let mut people = Rng::new(seed, 0);
    let ids = || Rng::new(seed, 1);
    let inner = morning(Memory::new()).into_store();
    let store = Faulty { inner, faults: Once { breaks, ..Once::default() } };
    let mut live = Live::resume(store, ids()).expect("readable");
    let (mut now, mut answers) = (Instant(0), Vec::new());
    for number in 0..STEPS {
        let step = step(&mut people);
        now = now + Seconds(step.wait);
        let answer = loop {
            let (key, mut asked) = (number.to_string(), None);
            let answer = live.advance(now).and_then(|_| {
                let (actor, command) = step.command(live.desk().state(), now);
                let answer = live.apply(now, &actor, &key, &command);
                asked = Some((actor, command));
                answer
            });
            match answer {
                Ok(events) => break Ok(events),
                Err(Fault::Refused(refusal)) => break Err(refusal),
                Err(Fault::Store(_)) => {
                    live = Live::resume(live.into_store(), ids()).expect("readable");
                    let Some((actor, command)) = asked else { continue };
                    // Who got no answer asks again for the same, whatever has become of it.
                    match live.apply(now, &actor, &key, &command) {
                        Ok(events) => break Ok(events),
                        Err(Fault::Refused(refusal)) => break Err(refusal),
                        Err(fault) => panic!("{fault}"),
                    }
                }
                Err(fault) => panic!("{fault}"),
            }
        };
        answers.push(answer);
    }
    check_journal(&mut live);
    let state = live.desk().state().clone();
    (state, answers, live.into_store().faults.appended)
}

#[test]
fn a_crash_at_any_append_changes_nothing() {
    // Each day is lived again twice for each of its appends.
    for seed in 0..seeds().div_ceil(50) {
        let _named = Named(seed);
        let (calm, expected, appends) = day(seed, None);
        assert!(appends > STEPS / 4, "only {appends} appends");
        for breaks in (0..appends).flat_map(|point| [(point, false), (point, true)]) {
            let (state, answers, _) = day(seed, Some(breaks));
            assert_eq!(answers, expected, "{breaks:?}");
            assert!(state == calm, "{breaks:?}");
        }
    }
}
