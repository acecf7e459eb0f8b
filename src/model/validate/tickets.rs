//! Tickets: times, loads, engineers, locks and the order between them.

use super::names::Names;
use super::numbers::{check_e105_instant, check_e105_range, check_e503_length};
use super::places::{Ground, check_place};
use super::{At, listed, regions, side_by_side, skills};
use crate::model::graph::circles;
use crate::model::{Code, Issues, Lock, Ticket, Window, World};
use crate::units::Instant;
use rustc_hash::{FxHashMap, FxHashSet};

pub(super) fn check(world: &World, names: &Names, ground: Ground, issues: &mut Issues) {
    side_by_side(&world.tickets, issues, |t, ticket, issues| {
        let at = || format!("tickets[{t}]");
        check_place(&ticket.place, ground, &|| format!("{}.place", at()), issues);
        check_times(ticket, &at, issues);
        check_loads(ticket, &at, issues);
        skills::check_demand(&ticket.skills, names, &|| format!("{}.skills", at()), issues);
        if let Some(region) = &ticket.region {
            regions::check_e301_unknown_region(
                region,
                names,
                &|| format!("{}.region", at()),
                issues,
            );
        }
        check_engineers(ticket, names, &at, issues);
        if let Some(shift) = ticket.told.as_ref().filter(|id| !names.shifts.contains_key(*id)) {
            check_e507_unknown_shift(shift, names, &|| format!("{}.told", at()), issues);
        }
        if let Some(lock) = &ticket.lock {
            check_lock(ticket, lock, world, names, &|| format!("{}.lock", at()), issues);
        }
    });
    check_e511_lock_ranks(world, issues);
    check_order(world, names, issues);
}

fn check_times(ticket: &Ticket, at: At, issues: &mut Issues) {
    check_e503_length(ticket.service.0, "the service", &|| format!("{}.service", at()), issues);
    check_e503_length(ticket.setup.0, "the set-up", &|| format!("{}.setup", at()), issues);
    let lists = [("windows", &ticket.windows), ("preferred_windows", &ticket.preferred_windows)];
    for (list, windows) in lists {
        for (w, window) in windows.iter().enumerate() {
            check_window(window, &|| format!("{}.{list}[{w}]", at()), issues);
        }
    }
    check_e514_preferred_windows(ticket, at, issues);
    for (name, instant) in [("release", ticket.release), ("due", ticket.due)] {
        if let Some(instant) = instant {
            check_e105_instant(instant, name, &|| format!("{}.{name}", at()), issues);
        }
    }
    check_late_steps(ticket, at, issues);
    check_e502_windows_before_release(ticket, at, issues);
    check_e504_due_before_release(ticket, at, issues);
}

fn check_window(window: &Window, at: At, issues: &mut Issues) {
    check_e105_instant(window.earliest, "its start", at, issues);
    check_e105_instant(window.latest, "its end", at, issues);
    if window.latest < window.earliest {
        let cause = format!("it starts at {} and ends at {}", window.earliest, window.latest);
        issues.add(Code::WINDOW_TIMES, at(), cause);
    }
}

/// A preferred window has to let work start. Where the windows themselves are at fault, that is said instead.
fn check_e514_preferred_windows(ticket: &Ticket, at: At, issues: &mut Issues) {
    let meet = |a: &Window, b: &Window| {
        let earliest = a.earliest.max(b.earliest).max(ticket.release.unwrap_or(Instant(i64::MIN)));
        earliest <= a.latest.min(b.latest)
    };
    let is_sound = |window: &Window| window.earliest <= window.latest;
    let can_start = ticket.release.is_none_or(|release| {
        ticket.windows.is_empty() || ticket.windows.iter().any(|window| release <= window.latest)
    });
    if !can_start || !ticket.windows.iter().all(is_sound) {
        return;
    }
    for (w, window) in ticket.preferred_windows.iter().enumerate().filter(|(_, w)| is_sound(w)) {
        let any_time = ticket.windows.is_empty() && meet(window, window);
        if !any_time && !ticket.windows.iter().any(|hard| meet(hard, window)) {
            let Window { earliest, latest } = window;
            let cause = format!("no window of `{}` is open from {earliest} to {latest}", ticket.id);
            issues.add(Code::PREFERRED_WINDOW, format!("{}.preferred_windows[{w}]", at()), cause);
        }
    }
}

fn check_late_steps(ticket: &Ticket, at: At, issues: &mut Issues) {
    for (n, step) in ticket.late_steps.iter().enumerate() {
        let here = |field: &'static str| move || format!("{}.late_steps[{n}].{field}", at());
        check_e503_length(step.after.0, "the step", &here("after"), issues);
        check_e503_length(step.cost.0, "the cost", &here("cost"), issues);
    }
    if ticket.due.is_none() && !ticket.late_steps.is_empty() {
        let cause = format!("`{}` has {} steps", ticket.id, ticket.late_steps.len());
        issues.add(Code::LATE_STEPS, format!("{}.late_steps", at()), cause);
    }
}

fn check_e502_windows_before_release(ticket: &Ticket, at: At, issues: &mut Issues) {
    let last = ticket.windows.iter().map(|window| window.earliest.max(window.latest)).max();
    if let (Some(release), Some(last)) = (ticket.release, last)
        && last < release
    {
        let cause =
            format!("`{}` is released at {release}, its last window ends at {last}", ticket.id);
        issues.add(Code::WINDOW_RELEASE, format!("{}.windows", at()), cause);
    }
}

fn check_e504_due_before_release(ticket: &Ticket, at: At, issues: &mut Issues) {
    if let (Some(release), Some(due)) = (ticket.release, ticket.due)
        && due < release
    {
        let cause = format!("`{}` is released at {release} and due at {due}", ticket.id);
        issues.add(Code::DUE_RELEASE, format!("{}.due", at()), cause);
    }
}

fn check_loads(ticket: &Ticket, at: At, issues: &mut Issues) {
    if let Some(value) = ticket.value {
        check_e503_length(value, "the value", &|| format!("{}.value", at()), issues);
    }
    for (d, &load) in ticket.demand.iter().enumerate() {
        check_e503_length(load, "the load", &|| format!("{}.demand[{d}]", at()), issues);
    }
}

fn check_engineers(ticket: &Ticket, names: &Names, at: At, issues: &mut Issues) {
    let lists = [
        ("preferred", &ticket.preferred),
        ("required", &ticket.required),
        ("excluded", &ticket.excluded),
    ];
    for (list, ids) in lists {
        for (n, id) in ids.iter().enumerate() {
            check_e505_unknown_engineer(id, names, &|| format!("{}.{list}[{n}]", at()), issues);
        }
    }
    check_e506_contradicting_engineers(ticket, at, issues);
}

fn check_e505_unknown_engineer(id: &str, names: &Names, at: At, issues: &mut Issues) {
    if !names.engineers.contains_key(id) {
        let cause = format!("`{id}` is none of the {} engineers", names.engineers.len());
        issues.add(Code::UNKNOWN_ENGINEER, at(), cause);
    }
}

fn check_e506_contradicting_engineers(ticket: &Ticket, at: At, issues: &mut Issues) {
    if ticket.excluded.is_empty() {
        return;
    }
    let excluded: FxHashSet<&str> = ticket.excluded.iter().map(String::as_str).collect();
    for (list, ids) in [("preferred", &ticket.preferred), ("required", &ticket.required)] {
        for (n, id) in ids.iter().enumerate().filter(|(_, id)| excluded.contains(id.as_str())) {
            let cause = format!("`{id}` is {list} by ticket `{}` and excluded from it", ticket.id);
            issues.add(Code::CONTRADICTING_ENGINEERS, format!("{}.{list}[{n}]", at()), cause);
        }
    }
}

fn check_lock(
    ticket: &Ticket,
    lock: &Lock,
    world: &World,
    names: &Names,
    at: At,
    issues: &mut Issues,
) {
    if let Some(rank) = lock.rank {
        let range = 1..=i64::from(u32::MAX);
        check_e105_range(i64::from(rank), range, "the rank", &|| format!("{}.rank", at()), issues);
    }
    if let Some(start) = lock.start {
        check_e105_instant(start, "the start", &|| format!("{}.start", at()), issues);
    }
    match names.shifts.get(&lock.shift) {
        None => check_e507_unknown_shift(&lock.shift, names, &|| format!("{}.shift", at()), issues),
        Some(&(e, _)) => check_e512_lock_engineer(ticket, lock, &world.engineers[e].id, at, issues),
    }
}

fn check_e507_unknown_shift(shift: &str, names: &Names, at: At, issues: &mut Issues) {
    let cause = format!("`{shift}` is none of the {} shifts", names.shifts.len());
    issues.add(Code::UNKNOWN_SHIFT, at(), cause);
}

fn check_e512_lock_engineer(
    ticket: &Ticket,
    lock: &Lock,
    engineer: &str,
    at: At,
    issues: &mut Issues,
) {
    let named = |list: &[String]| list.iter().any(|id| id == engineer);
    let reason = if named(&ticket.excluded) {
        "is excluded"
    } else if !ticket.required.is_empty() && !named(&ticket.required) {
        "is not one of the required engineers"
    } else {
        return;
    };
    let cause = format!("shift `{}` is that of `{engineer}`, who {reason}", lock.shift);
    issues.add(Code::LOCK_ENGINEER, format!("{}.shift", at()), cause);
}

fn check_e511_lock_ranks(world: &World, issues: &mut Issues) {
    let mut taken: FxHashMap<(&str, u32), usize> = FxHashMap::default();
    for (t, ticket) in world.tickets.iter().enumerate() {
        let Some(lock) = &ticket.lock else { continue };
        let Some(rank) = lock.rank else { continue };
        let first = *taken.entry((&lock.shift, rank)).or_insert(t);
        if first != t {
            let holder = &world.tickets[first].id;
            let cause = format!("rank {rank} on shift `{}` is that of `{holder}`", lock.shift);
            issues.add(Code::LOCK_RANK, format!("tickets[{t}].lock.rank"), cause);
        }
    }
}

/// Unknown predecessors, circles, and, where neither is the fault, order at all.
fn check_order(world: &World, names: &Names, issues: &mut Issues) {
    let mut links = Vec::new();
    for (t, ticket) in world.tickets.iter().enumerate() {
        for (n, id) in ticket.after.iter().enumerate() {
            match names.tickets.get(id.as_str()) {
                Some(&before) => links.push((t, before)),
                None => check_e508_unknown_ticket(id, t, n, issues),
            }
        }
    }
    if links.is_empty() {
        return;
    }
    let circles = circles(world.tickets.len(), &links);
    check_e509_precedence_circles(world, &circles, issues);
    check_e510_precedence(world, &links, &circles, issues);
}

fn check_e508_unknown_ticket(id: &str, t: usize, n: usize, issues: &mut Issues) {
    let cause = format!("there is no ticket `{id}`");
    issues.add(Code::UNKNOWN_TICKET, format!("tickets[{t}].after[{n}]"), cause);
}

fn check_e509_precedence_circles(world: &World, circles: &[Vec<usize>], issues: &mut Issues) {
    for circle in circles {
        let members = listed(circle.iter().map(|&t| world.tickets[t].id.as_str()));
        let cause = format!("{members}: each waits for another of them");
        issues.add(Code::PRECEDENCE_CYCLE, format!("tickets[{}].after", circle[0]), cause);
    }
}

fn check_e510_precedence(
    world: &World,
    links: &[(usize, usize)],
    circles: &[Vec<usize>],
    issues: &mut Issues,
) {
    let in_circle: FxHashSet<usize> = circles.iter().flatten().copied().collect();
    let mut waiting: Vec<usize> = links.iter().map(|&(t, _)| t).collect();
    waiting.dedup();
    for t in waiting.into_iter().filter(|t| !in_circle.contains(t)) {
        let ticket = &world.tickets[t];
        let waits_for = listed(ticket.after.iter().map(String::as_str));
        let cause = format!("`{}` waits for {waits_for}", ticket.id);
        issues.add(Code::PRECEDENCE, format!("tickets[{t}].after"), cause);
    }
}
