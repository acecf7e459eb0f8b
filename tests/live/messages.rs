//! Messages that get lost, come late, come twice and in another order; a clock that leaps, and one that is behind.

use super::traffic::{HOUR, MINUTE, check_state};
use super::{Breaking, Faulty, Named, STEPS, check_journal, insist, morning, revived, seeds, step};
use fieldwright::dispatch::desk::{Actor, Cause, Command, Event, OfferPolicy, Refusal};
use fieldwright::journal::Memory;
use fieldwright::live::Live;
use fieldwright::rng::Rng;
use fieldwright::units::{Instant, Seconds};
use std::collections::BTreeMap;

/// A command on its way.
#[derive(Clone)]
struct Message {
    key: String,
    actor: Actor,
    command: Command,
    arrives: Instant,
}

/// A desk, what is on its way to it, and what it has answered.
struct Day {
    live: Live<Faulty<Breaking>>,
    wire: Vec<Message>,
    answers: BTreeMap<String, Vec<Event>>,
    /// By the clock that is right.
    now: Instant,
    opened: usize,
    luck: Rng,
    /// How often each fault has happened: a simulation without faults shows nothing.
    lost: usize,
    repeated: usize,
    behind: usize,
}

impl Day {
    /// Somebody sends a command, perhaps twice.
    fn send(&mut self, now: Instant, key: String, actor: Actor, command: Command) {
        for _ in 0..=self.luck.below(2) {
            let arrives = now + Seconds(self.luck.between(0, 20 * MINUTE));
            let (key, actor, command) = (key.clone(), actor.clone(), command.clone());
            self.wire.push(Message { key, actor, command, arrives });
        }
    }

    /// Hands over what has arrived by now, in any order.
    fn deliver(mut self, now: Instant) -> Self {
        self.now = now;
        loop {
            let here = (0..self.wire.len()).filter(|&at| self.wire[at].arrives <= now);
            let here: Vec<usize> = here.collect();
            if here.is_empty() {
                return self;
            }
            let mut message = self.wire.swap_remove(here[self.luck.below(here.len())]);
            if self.luck.one_in(8) {
                // Who gets no answer sends it again.
                self.lost += 1;
                message.arrives = now + Seconds(self.luck.between(MINUTE, 10 * MINUTE));
                self.wire.push(message);
                continue;
            }
            insist(|| self.live.advance(now)).expect("nothing to refuse");
            if self.luck.one_in(10) {
                let early = Instant(now.0 - self.luck.between(1, HOUR));
                self.hand_over(early, &message);
            }
            self.hand_over(now, &message);
            check_state(self.live.desk().state(), self.opened, now);
            if self.luck.one_in(6) {
                let journal = self.live.into_store().inner;
                self.live = revived(&journal, &mut self.luck, 6);
            }
        }
    }

    /// The desk gets a message at a moment by the clock of whoever brings it.
    fn hand_over(&mut self, now: Instant, message: &Message) {
        let Message { key, actor, command, .. } = message;
        let answer = insist(|| self.live.apply(now, actor, key, command));
        match (answer, self.answers.get(key)) {
            (Ok(events), Some(first)) => {
                self.repeated += 1;
                assert_eq!(events, *first, "another answer under key {key}");
            }
            (Ok(events), None) => {
                self.opened += usize::from(matches!(command, Command::Open { .. }));
                self.answers.insert(key.clone(), events);
            }
            (Err(refusal), Some(first)) => {
                let since = self.now - first[0].at;
                let is_forgotten = since > OfferPolicy::default().remember_keys;
                assert!(is_forgotten, "{refusal} for what was done {since:?} before");
            }
            (Err(Refusal::TimeRunsBack { .. }), None) => self.behind += 1,
            (Err(_), None) => {}
        }
    }
}

/// A day of one seed: all messages have arrived at its end.
fn day(seed: u64) -> Day {
    let (mut people, mut luck) = (Rng::new(seed, 0), Rng::new(seed, 1));
    let live = revived(&morning(Memory::new()).into_store(), &mut luck, 6);
    let (wire, answers) = (Vec::new(), BTreeMap::new());
    let mut now = Instant(0);
    let mut day =
        Day { live, wire, answers, now, opened: 0, luck, lost: 0, repeated: 0, behind: 0 };
    for number in 0..STEPS {
        let step = step(&mut people);
        now = now + Seconds(step.wait);
        if day.luck.one_in(60) {
            now = now + Seconds(day.luck.between(HOUR, 30 * HOUR));
        }
        // He goes by what he sees, which is another thing when his message arrives.
        let (actor, command) = step.command(day.live.desk().state(), now);
        day.send(now, number.to_string(), actor, command);
        day = day.deliver(now);
    }
    while let Some(last) = day.wire.iter().map(|message| message.arrives).max() {
        now = now.max(last);
        day = day.deliver(now);
    }
    day
}

#[test]
fn lost_late_doubled_and_overtaken_messages_are_done_once_or_refused() {
    let (seeds, mut faults) = (seeds(), [0; 3]);
    for seed in 0..seeds {
        let _named = Named(seed);
        let Day { live, answers, lost, repeated, behind, .. } = day(seed);
        let mut live = Live::resume(live.into_store().inner, Rng::new(seed, 7)).expect("readable");
        check_journal(&mut live);
        let mut done: BTreeMap<String, Vec<Event>> = BTreeMap::new();
        for event in live.events(0).expect("readable") {
            if let Cause::Command { key, .. } = &event.cause {
                done.entry(key.clone()).or_default().push(event);
            }
        }
        assert_eq!(done, answers, "what was answered is what is written down, once");
        faults = [faults[0] + lost, faults[1] + repeated, faults[2] + behind];
    }
    assert!(faults.iter().all(|&count| count > seeds as usize), "{faults:?} faults");
}
