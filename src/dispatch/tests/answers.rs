//! Small cases with one reason each: what the answers say in words.

use crate::Problem;
use crate::dispatch::{Dispatcher, Reach};
use crate::model::{Engineer, OwnedSkill, Place, SkillNeed, Ticket, TravelMode, World};
use crate::plan::Rule;
use crate::units::{Instant, Seconds};

/// Three engineers with boiler levels 1, 2 and 3, ever farther from a ticket that asks for `level`.
fn problem(level: u32) -> Problem {
    let mut world = World::new(TravelMode::car(36_000));
    for (id, lat, owned) in [("ada", 52.52, 1), ("bob", 52.50, 2), ("cem", 52.40, 3)] {
        let mut engineer = Engineer::new(id, Place::at(lat, 13.40), Instant(0), Instant(28_800));
        engineer.skills.push(OwnedSkill::new("boiler", owned));
        world.engineers.push(engineer);
    }
    let mut ticket = Ticket::new("T1", Place::at(52.53, 13.42), Seconds(1_800));
    ticket.skills.all.push(SkillNeed::new("boiler", level));
    world.tickets.push(ticket);
    Problem::build(world).expect("a sound world")
}

#[test]
fn a_missing_level_is_named_with_what_is_there() {
    let problem = problem(2);
    let dispatcher = Dispatcher::new(&problem, None).expect("scores fit");
    let why = &dispatcher.why_not("T1", "ada").expect("known")[0];
    assert_eq!(why.rule, Rule::Skill);
    let text = why.to_string();
    assert!(text.contains("boiler") && text.contains("level 2"), "{text}");
}

#[test]
fn the_nearest_who_can_comes_first_and_his_points_sum_to_his_score() {
    let problem = problem(2);
    let dispatcher = Dispatcher::new(&problem, None).expect("scores fit");
    let best = dispatcher.recommend("T1", 5, Reach::Near).expect("known");
    let names: Vec<&str> = best.candidates.iter().map(|c| c.engineer.as_str()).collect();
    assert_eq!(names, ["bob", "cem"]);
    for candidate in &best.candidates {
        for (level, &score) in candidate.score().iter().enumerate() {
            let parts = candidate.explanation.contributions.iter();
            let points = parts.filter(|part| part.level == level).map(|part| part.points);
            assert_eq!(points.sum::<i64>(), score);
        }
    }
}

#[test]
fn a_ticket_for_nobody_comes_with_the_tally() {
    let problem = problem(4);
    let dispatcher = Dispatcher::new(&problem, None).expect("scores fit");
    assert!(dispatcher.recommend("T1", 3, Reach::Everybody).expect("known").candidates.is_empty());
    let text = dispatcher.nobody("T1").expect("known").to_string();
    assert!(text.contains('3') && text.contains("boiler"), "{text}");
}

#[test]
fn unknown_names_are_told_by_code() {
    let problem = problem(1);
    let dispatcher = Dispatcher::new(&problem, None).expect("scores fit");
    let code = |issues: crate::model::Issues| issues.0[0].code.number;
    assert_eq!(dispatcher.recommend("T9", 1, Reach::Near).map_err(code).err(), Some(508));
    assert_eq!(dispatcher.why_not("T1", "eve").map_err(code).err(), Some(505));
}
