//! Where a desk comes from: opened in a world, or made anew from what was written down.

use super::Desk;
use super::cause::Cause;
use super::event::Event;
use super::fact::Fact;
use super::kept::Kept;
use super::near::Near;
use super::policy::OfferPolicy;
use super::state::State;
use crate::clock::Terms;
use crate::model::{Agreement, Code, Issues, World};
use crate::problem::Problem;
use crate::units::{Instant, LIMIT};

impl Desk {
    /// Opens a desk in a world: its engineers are enrolled, its tickets left out. Returns the first
    /// events with it.
    ///
    /// # Errors
    /// Every fault of the world and of the policy at once.
    pub fn open(
        now: Instant,
        world: &World,
        policy: OfferPolicy,
    ) -> Result<(Self, Vec<Event>), Issues> {
        Self::open_under(now, world, policy, Agreement::default())
    }

    /// Opens a desk that promises what an agreement says; where it says nothing, what the policy says.
    ///
    /// # Errors
    /// Every fault of the world, of the policy and of the agreement at once.
    pub fn open_under(
        now: Instant,
        world: &World,
        policy: OfferPolicy,
        agreement: Agreement,
    ) -> Result<(Self, Vec<Event>), Issues> {
        let mut issues = policy.validate().err().unwrap_or_default();
        let terms = Terms::compile(&agreement);
        issues.0.extend(terms.as_ref().err().into_iter().flat_map(|faults| faults.0.clone()));
        if !(-LIMIT..=LIMIT).contains(&now.0) {
            issues.add(Code::OUT_OF_RANGE, "now", format!("{now} is no moment to open at"));
        }
        let world = World { tickets: Vec::new(), ..world.clone() };
        let mut bare = world.clone();
        let engineers = std::mem::take(&mut bare.engineers);
        if let Err(faults) = Problem::build(world) {
            issues.0.extend(faults.0);
        }
        issues.or(())?;
        let terms = terms?;
        let (state, kept) = Default::default();
        let mut desk = Self { near: Near::of(&state), state, terms, kept };
        let mut work = desk.work(now, Cause::Clock);
        let (policy, agreement) = (Box::new(policy), Box::new(agreement));
        work.emit("", Fact::DeskOpened { world: Box::new(bare), policy, agreement });
        for engineer in engineers {
            let id = engineer.id.clone();
            work.emit(&id, Fact::EngineerEnrolled { engineer: Box::new(engineer) });
        }
        let events = work.events;
        desk.near = Near::of(&desk.state);
        Ok((desk, events))
    }

    /// The desk after these events: the same, to the last bit, as the one that wrote them.
    #[must_use]
    pub fn replay<'e>(events: impl IntoIterator<Item = &'e Event>) -> Self {
        let mut state = State::default();
        events.into_iter().for_each(|event| state.on(event));
        Self::resume(state)
    }

    /// A desk that goes on from a state (a snapshot).
    #[must_use]
    pub fn resume(state: State) -> Self {
        // Every agreement was checked before it was written down.
        let terms = Terms::compile(&state.agreement).unwrap_or_default();
        Self { near: Near::of(&state), state, terms, kept: Kept::default() }
    }
}
