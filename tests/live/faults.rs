//! A store that breaks before it has written, or after; processes that die; commands that come twice.

use super::traffic::check_state;
use super::{Named, STEPS, check_journal, insist, morning, revived, seeds, step};
use fieldwright::dispatch::desk::{Command, Desk, Event, Phase, Refusal};
use fieldwright::journal::Memory;
use fieldwright::live::Live;
use fieldwright::rng::Rng;
use fieldwright::units::{Instant, Seconds};

/// A day of one seed on a store that breaks once in so many calls; 0 is never. The desk at its end, its
/// journal, and every answer.
fn day(seed: u64, one_in: usize) -> (Desk, Memory, Vec<Result<Vec<Event>, Refusal>>) {
    let (mut people, mut luck) = (Rng::new(seed, 0), Rng::new(seed, 1));
    let mut live = revived(&morning(Memory::new()).into_store(), &mut luck, one_in);
    let (mut now, mut opened, mut answers) = (Instant(0), 0, Vec::new());
    for number in 0..STEPS {
        let step = step(&mut people);
        now = now + Seconds(step.wait);
        insist(|| live.advance(now)).expect("nothing to refuse");
        let (actor, command) = step.command(live.desk().state(), now);
        let key = number.to_string();
        let answer = insist(|| live.apply(now, &actor, &key, &command));
        opened += usize::from(answer.is_ok() && matches!(command, Command::Open { .. }));
        if one_in > 0 {
            if luck.one_in(4) {
                // The answer was lost on its way, so it is asked for again.
                let again = insist(|| live.apply(now, &actor, &key, &command));
                assert_eq!(again, answer);
            }
            if luck.one_in(5) {
                insist(|| live.keep_snapshot()).expect("nothing to refuse");
            }
            if luck.one_in(4) {
                let journal = live.into_store().inner;
                live = revived(&journal, &mut luck, one_in);
            }
            check_state(live.desk().state(), opened, now);
        }
        answers.push(answer);
    }
    (live.desk().clone(), live.into_store().inner, answers)
}

#[test]
fn faults_crashes_and_repeats_change_nothing() {
    let (seeds, mut taken) = (seeds(), 0);
    for seed in 0..seeds {
        let _named = Named(seed);
        let (calm, _, expected) = day(seed, 0);
        let (desk, store, answers) = day(seed, 4);
        assert_eq!(answers, expected);
        assert!(desk.state() == calm.state());
        let mut resumed = Live::resume(store, Rng::new(seed, 7)).expect("readable");
        assert!(resumed.desk().state() == calm.state());
        check_journal(&mut resumed);
        taken += calm.state().cases().iter().filter(|case| case.phase > Phase::Offered).count();
    }
    assert!(taken > seeds as usize, "only {taken} tickets were taken");
}
