//! From one moment of a route to the next: travel, arrival, start, end, and the limits on the whole.

use super::drive::{Drive, Target};
use super::{Law, Report};
use crate::model::{Engineer, Place, Ticket};
use crate::plan::{Rule, Stop};
use crate::travel::{Leg, Travel};
use crate::units::{Instant, Meters, Seconds};

pub(super) fn check(drive: &Drive, places: &[Place], travel: &Travel, report: &mut Report) {
    let route = drive.route;
    if route.depart < drive.shift.start {
        let cause = format!("he leaves at {}, it starts at {}", route.depart, drive.shift.start);
        report.add(Law::Times, drive.at(), cause);
    }
    let profile = travel.profile(drive.engineer.profile.as_deref()).unwrap_or_default();
    let leg = |n: usize, depart: Instant| {
        let from = drive.site + n as u32;
        travel.leg_at(profile, from, from + 1, depart.0)
    };
    let site = drive.site as usize;
    let mut free = route.depart;
    let mut lost = false;
    for (n, (stop, target)) in route.stops.iter().zip(&drive.targets).enumerate() {
        lost |= matches!(target, Target::Unknown);
        let way = match target {
            // A break is taken where he stands.
            Target::Break => Leg::default(),
            // Where an unknown stop is, and how far it is from there, nobody can tell.
            _ if lost => Leg { seconds: stop.travel.0, meters: stop.distance.0 },
            Target::Visit(_) | Target::Depot(_) | Target::Unknown => leg(n, free),
        };
        let at = || drive.at_stop(n);
        check_way(way, stop.travel, stop.distance, &at, report);
        check_moments(stop, free + Seconds(way.seconds), &at, report);
        let setup = match target {
            // Whoever comes from nobody knows where may or may not have had to set up.
            Target::Visit(ticket) if lost => {
                let bare = service(ticket, drive.engineer);
                if stop.end - stop.start == bare { Seconds::ZERO } else { ticket.setup }
            }
            Target::Visit(ticket) if places[site + n] != places[site + n + 1] => ticket.setup,
            _ => Seconds::ZERO,
        };
        check_length(stop, target, drive.engineer, setup, &at, report);
        lost &= matches!(target, Target::Unknown | Target::Break);
        if let Target::Visit(ticket) = target {
            check_window(stop, ticket, &at, report);
        }
        free = stop.end;
    }
    let home = match drive.shift.to {
        Some(_) if lost => Leg { seconds: route.travel_home.0, meters: route.distance_home.0 },
        Some(_) => leg(route.stops.len(), free),
        None => Leg::default(),
    };
    let at = || format!("{}, way home", drive.at());
    check_way(home, route.travel_home, route.distance_home, &at, report);
    check_end(drive, free + Seconds(home.seconds), report);
    check_limits(drive, report);
}

fn check_way(
    way: Leg,
    seconds: Seconds,
    meters: Meters,
    at: &dyn Fn() -> String,
    report: &mut Report,
) {
    if way.seconds != seconds.0 {
        let cause = format!("the travel time is {seconds}, the way takes {} s", way.seconds);
        report.add(Law::Travel, at(), cause);
    }
    if way.meters != meters.0 {
        let cause = format!("the distance is {meters}, the way is {} m", way.meters);
        report.add(Law::Travel, at(), cause);
    }
}

fn check_moments(stop: &Stop, there: Instant, at: &dyn Fn() -> String, report: &mut Report) {
    if stop.arrive != there {
        let cause = format!("arrival at {}, but he gets there at {there}", stop.arrive);
        report.add(Law::Times, at(), cause);
    }
    if stop.start < stop.arrive {
        let cause = format!("start at {}, before the arrival at {}", stop.start, stop.arrive);
        report.add(Law::Times, at(), cause);
    }
}

fn check_length(
    stop: &Stop,
    target: &Target,
    engineer: &Engineer,
    setup: Seconds,
    at: &dyn Fn() -> String,
    report: &mut Report,
) {
    let length = match target {
        Target::Visit(ticket) => setup + service(ticket, engineer),
        Target::Depot(depot) => depot.service,
        // The length of a break is compared with the shift's breaks; here it only may not be negative.
        Target::Break | Target::Unknown => (stop.end - stop.start).max(Seconds::ZERO),
    };
    if stop.end != stop.start + length {
        let cause = format!("from {} to {}, but it takes {length}", stop.start, stop.end);
        report.add(Law::Times, at(), cause);
    }
}

/// The ticket's time on site at this engineer's pace, rounded up to whole seconds.
fn service(ticket: &Ticket, engineer: &Engineer) -> Seconds {
    let hundredths = ticket.service.0 * i64::from(engineer.service_percent);
    Seconds((hundredths + 99) / 100)
}

fn check_window(stop: &Stop, ticket: &Ticket, at: &dyn Fn() -> String, report: &mut Report) {
    let open = |window: &crate::model::Window| {
        window.earliest <= stop.start && stop.start <= window.latest
    };
    if !ticket.windows.is_empty() && !ticket.windows.iter().any(open) {
        let windows: Vec<String> =
            ticket.windows.iter().map(|w| format!("{} to {}", w.earliest, w.latest)).collect();
        let cause = format!("start at {}, not within {}", stop.start, windows.join(", "));
        report.broken(Rule::Window, at(), cause);
    }
    if let Some(release) = ticket.release.filter(|&release| stop.start < release) {
        let cause = format!("start at {}, released at {release}", stop.start);
        report.broken(Rule::Window, at(), cause);
    }
}

fn check_end(drive: &Drive, back: Instant, report: &mut Report) {
    let end = drive.route.end;
    if end != back {
        let cause = format!("the route ends at {end}, but he is done at {back}");
        report.add(Law::Times, drive.at(), cause);
    }
    let latest = drive.shift.latest_end();
    if end > latest {
        let cause = format!("the route ends at {end}, the shift at {latest}");
        report.broken(Rule::ShiftEnd, drive.at(), cause);
    }
}

fn check_limits(drive: &Drive, report: &mut Report) {
    let duration = drive.route.duration();
    if let Some(most) = drive.shift.max_duration.filter(|&most| duration > most) {
        let cause = format!("{duration} from departure to return, at most {most}");
        report.broken(Rule::MaxDuration, drive.at(), cause);
    }
    let distance = drive.route.distance();
    if let Some(most) = drive.shift.max_distance.filter(|&most| distance > most) {
        let cause = format!("{distance} of travel, at most {most}");
        report.broken(Rule::MaxDistance, drive.at(), cause);
    }
}
