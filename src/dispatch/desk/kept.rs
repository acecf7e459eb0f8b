//! The placements that offers were made with, so that who accepts soon need not be placed again.
//!
//! Derived and never part of the state: a desk that is replayed has none, and places anew, with the same result.

use super::case::Case;
use super::excerpt::Excerpt;
use super::fact::Fact;
use super::member::Member;
use super::placement::Placement;
use crate::units::Instant;
use rustc_hash::FxHashMap;

/// Placements by the numbers of the offers that wait for an answer.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    placements: FxHashMap<u64, Standing>,
    /// How often something has happened to the day of each engineer, by his number.
    revisions: Vec<u32>,
}

/// A placement, and all that could have changed since it was found.
#[derive(Clone, Debug)]
struct Standing {
    placement: Placement,
    /// That of the ticket.
    version: u64,
    /// That of the engineer's day.
    revision: u32,
    /// When he was free to go on.
    at: Instant,
}

impl Kept {
    /// Keeps the place of a ticket in this day until the offer is answered.
    pub(super) fn keep(
        &mut self,
        offer: u64,
        case: &Case,
        day: &Excerpt<'_>,
        placement: Placement,
    ) {
        let revision = self.revision(day.member);
        let standing = Standing { placement, version: case.version, revision, at: day.at };
        self.placements.insert(offer, standing);
    }

    /// The place of a ticket in this day as it was offered, if it is still the best.
    pub(super) fn placement(
        &self,
        offer: u64,
        case: &Case,
        day: &Excerpt<'_>,
    ) -> Option<&Placement> {
        let kept = self.placements.get(&offer)?;
        let is_as_it_was = kept.version == case.version
            && kept.revision == self.revision(day.member)
            && day.is_as_from(kept.at);
        is_as_it_was.then_some(&kept.placement)
    }

    /// Something has happened to somebody's day: to him, to his routes, or to a ticket that he has.
    pub(super) fn touch(&mut self, member: &Member) {
        let number = member.number as usize;
        if self.revisions.len() <= number {
            self.revisions.resize(number + 1, 0);
        }
        self.revisions[number] += 1;
    }

    /// An offer that was answered, or need not be any more, is forgotten; under other rules all are.
    pub(super) fn note(&mut self, fact: &Fact) {
        if let Fact::Accepted { offer, .. }
        | Fact::Declined { offer, .. }
        | Fact::Expired { offer, .. }
        | Fact::Withdrawn { offer, .. }
        | Fact::CounterOffered { offer, .. } = fact
        {
            self.placements.remove(offer);
        }
        // Other rules allow other places.
        if let Fact::PolicySet { .. } = fact {
            self.placements.clear();
        }
    }

    fn revision(&self, member: &Member) -> u32 {
        self.revisions.get(member.number as usize).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use crate::dispatch::desk::{Act, Actor, Command, Desk, Duty, OfferPolicy, Phase, TimerKind};
    use crate::model::{Engineer, Place, Ticket, TravelMode, World};
    use crate::units::{Instant, Seconds};

    /// Ada has been on a visit since 1:00 and is asked about another one.
    fn asked() -> Desk {
        let mut world = World::new(TravelMode::car(36_000));
        let home = Place::at(52.5, 13.4);
        world.engineers.push(Engineer::new("ada", home, Instant(0), Instant(36_000)));
        let (mut desk, _) = Desk::open(Instant(0), &world, OfferPolicy::default()).expect("sound");
        let ticket = |id: &str| Command::open(Ticket::new(id, home, Seconds(7_200)));
        give(&mut desk, 0, &Actor::support("sue"), &ticket("first"));
        accept(&mut desk, 0, "first");
        for act in [Act::Depart, Act::Arrive, Act::Start] {
            give(&mut desk, 3_600, &Actor::engineer("ada"), &Command::on("first", act));
        }
        give(&mut desk, 3_600, &Actor::support("sue"), &ticket("second"));
        desk
    }

    fn give(desk: &mut Desk, now: i64, actor: &Actor, command: &Command) {
        desk.advance(Instant(now));
        let key = desk.state().next_seq().to_string();
        desk.apply(Instant(now), actor, &key, command).expect("not refused");
    }

    fn accept(desk: &mut Desk, now: i64, id: &str) {
        let case = desk.state().case(id).expect("opened");
        let command = Act::Accept { offer: case.offers[0].id, epoch: case.epoch };
        give(desk, now, &Actor::engineer("ada"), &Command::on(id, command));
    }

    /// Whether the placement of the offer stands at this moment.
    fn stands(desk: &Desk, now: i64) -> bool {
        let look = desk.look(Instant(now));
        let case = look.state.case("second").expect("opened");
        let day = look.day(look.state.member("ada").expect("enrolled"));
        look.kept.placement(case.offers[0].id, case, &day).is_some()
    }

    #[test]
    fn a_placement_stands_as_long_as_the_engineer_is_where_he_should_be() {
        let mut desk = asked();
        assert!(stands(&desk, 3_600) && stands(&desk, 4_800));
        // The visit takes longer than it should, so the next one begins later.
        assert!(!stands(&desk, 3_600 + 7_201));
        let report = Duty::ReportPosition { place: Place::at(52.6, 13.4) };
        give(&mut desk, 4_800, &Actor::engineer("ada"), &Command::of("ada", report));
        assert!(!stands(&desk, 4_800));
    }

    #[test]
    fn a_placement_is_forgotten_with_its_offer() {
        let mut desk = asked();
        accept(&mut desk, 4_800, "second");
        assert_eq!(desk.state().case("second").map(|case| case.phase), Some(Phase::Assigned));
        assert!(desk.kept.placements.is_empty());
    }

    #[test]
    fn a_desk_that_was_resumed_accepts_alike() {
        let mut desk = asked();
        let mut resumed = Desk::resume(desk.state().clone());
        assert!(stands(&desk, 4_800) && !stands(&resumed, 4_800));
        for desk in [&mut desk, &mut resumed] {
            accept(desk, 4_800, "second");
        }
        assert!(desk.state() == resumed.state());
    }

    #[test]
    fn a_promise_that_changes_lets_no_placement_stand() {
        let mut desk = asked();
        let mut late = Ticket::new("late", Place::at(52.5, 13.4), Seconds(7_200));
        // There is time for it, so the offer stands.
        late.due = Some(Instant(20_000));
        give(&mut desk, 4_000, &Actor::support("sue"), &Command::open(late));
        give(
            &mut desk,
            4_000,
            &Actor::manager("max"),
            &Command::on("late", Act::Merge { into: "second".into() }),
        );
        let case = desk.state().case("second").expect("opened");
        assert!(case.timers.runs(TimerKind::Arrival), "it has the promise of the other one");
        assert!(!stands(&desk, 4_000));
    }
}
