//! What a row of each table says.

use crate::io::tables::item::{counted, late_step, needed, owned, pause, text, window, yes};
use crate::io::tables::table::Row;
use crate::io::text::{Faults, count, quoted, whole};
use crate::model::{
    Code, Criterion, Demand, Depot, Engineer, Kit, Lock, Place, Profile, Region, Shift, Ticket,
    TimeOfDay, Window,
};
use crate::units::{Cost, Meters, Seconds};
use std::collections::BTreeMap;

pub(super) fn engineer(row: &Row, faults: &mut Faults) -> Option<Engineer> {
    let id = row.need("id", faults, text);
    let (start, end) = (row.needed_instant("start", faults), row.needed_instant("end", faults));
    let from = site(row, faults);
    let open = row.get("open", faults, yes).unwrap_or(false);
    let to = row.place(["end_lat", "end_lon", "end_row"], faults);
    if open && to.is_some() {
        row.fault("open", faults, (Code::SYNTAX, "an open shift has no place to end".into()));
    }
    let shift = Shift {
        id: row.get("shift", faults, text),
        breaks: row.list("breaks", faults, |item| pause(item, &row.clock("breaks"))),
        max_tickets: row.count("max_tickets", faults),
        capacity: row.list("capacity", faults, whole),
        max_duration: row.whole("max_duration", faults).map(Seconds),
        max_distance: row.whole("max_distance", faults).map(Meters),
        fixed_cost: Cost(row.whole("fixed_cost", faults).unwrap_or(0)),
        overtime: row.whole("overtime", faults).map(Seconds),
        ..Shift::new(from.unwrap_or_default(), start.unwrap_or_default(), end.unwrap_or_default())
    };
    let to = if open { None } else { to.or(shift.to) };
    let mut engineer = Engineer::new(id?, from?, start?, end?);
    engineer.name = row.text("name").into_owned();
    engineer.skills = row.list("skills", faults, |item| owned(item, &row.clock("skills")));
    engineer.region = row.get("region", faults, text);
    engineer.secondary = row.list("secondary", faults, text);
    engineer.lendable = row.get("lendable", faults, yes).unwrap_or(true);
    engineer.profile = row.get("profile", faults, text);
    engineer.service_percent = row.count("service_percent", faults).unwrap_or(100);
    engineer.worked = Seconds(row.whole("worked", faults).unwrap_or(0));
    engineer.max_tickets_per_day = row.count("max_tickets_per_day", faults);
    engineer.capacity_per_day = row.list("capacity_per_day", faults, whole);
    engineer.van = kit(row, faults);
    engineer.shifts = vec![Shift { to, ..shift }];
    Some(engineer)
}

pub(super) fn ticket(row: &Row, faults: &mut Faults) -> Option<Ticket> {
    let id = row.need("id", faults, text);
    let place = site(row, faults);
    let group = |item: &str| item.split('|').map(|need| needed(need.trim())).collect();
    let ticket = Ticket {
        service: Seconds(row.whole("service", faults).unwrap_or(0)),
        setup: Seconds(row.whole("setup", faults).unwrap_or(0)),
        windows: windows(row, faults),
        preferred_windows: windows_in("preferred_windows", row, faults),
        release: row.instant("release", faults),
        due: row.instant("due", faults),
        late_steps: row.list("late_steps", faults, late_step),
        priority: row.count("priority", faults).unwrap_or(0),
        value: row.whole("value", faults),
        skills: Demand {
            all: row.list("skills", faults, needed),
            any: row.list("any", faults, group),
            none: row.list("none", faults, needed),
        },
        demand: row.list("demand", faults, whole),
        region: row.get("region", faults, text),
        customer: row.get("customer", faults, text),
        contract: row.get("contract", faults, text),
        job: row.get("job", faults, text),
        preferred: row.list("preferred", faults, text),
        required: row.list("required", faults, text),
        excluded: row.list("excluded", faults, text),
        told: row.get("told", faults, text),
        needs: kit(row, faults),
        after: row.list("after", faults, text),
        lock: lock(row, faults),
        ..Ticket::new(id?, place?, Seconds(0))
    };
    Some(ticket)
}

/// Where something is, which has to be said.
fn site(row: &Row, faults: &mut Faults) -> Option<Place> {
    let columns = ["lat", "lon", "row"];
    let place = row.place(columns, faults);
    if place.is_none() && columns.iter().all(|column| row.text(column).is_empty()) {
        row.fault("lat", faults, (Code::NO_COORDINATES, "the cell is empty".into()));
    }
    place
}

/// Any number of windows in one cell, and one more in a pair of cells.
fn windows(row: &Row, faults: &mut Faults) -> Vec<Window> {
    let mut windows = windows_in("windows", row, faults);
    if !row.text("earliest").is_empty() || !row.text("latest").is_empty() {
        let earliest = row.needed_instant("earliest", faults);
        let latest = row.needed_instant("latest", faults);
        windows.extend(earliest.zip(latest).map(Window::from));
    }
    windows
}

fn windows_in(column: &str, row: &Row, faults: &mut Faults) -> Vec<Window> {
    row.list(column, faults, |item| window(item, &row.clock(column)))
}

fn lock(row: &Row, faults: &mut Faults) -> Option<Lock> {
    let rank = row.count("lock_rank", faults);
    let start = row.instant("lock_start", faults);
    if rank.is_none() && start.is_none() && row.text("lock_shift").is_empty() {
        return None;
    }
    Some(Lock { shift: row.need("lock_shift", faults, text)?, rank, start })
}

pub(super) fn region(row: &Row, faults: &mut Faults) -> Option<Region> {
    let id = row.need("id", faults, text);
    let mut cost = |column| Cost(row.whole(column, faults).unwrap_or(0));
    let (secondary_cost, borrow_cost) = (cost("secondary_cost"), cost("borrow_cost"));
    let parent = row.get("parent", faults, text);
    let borrow_cap = row.count("borrow_cap", faults);
    Some(Region { id: id?, parent, outline: Vec::new(), secondary_cost, borrow_cost, borrow_cap })
}

pub(super) fn depot(row: &Row, faults: &mut Faults) -> Option<Depot> {
    let (id, place) = (row.need("id", faults, text), site(row, faults));
    let service = Seconds(row.whole("service", faults).unwrap_or(0));
    Some(Depot { id: id?, place: place?, service })
}

pub(super) fn profile(row: &Row, faults: &mut Faults) -> Option<Profile> {
    let name = row.need("name", faults, text);
    let meters_per_hour = row.need("meters_per_hour", faults, count);
    let detour_percent = row.count("detour_percent", faults).unwrap_or(130);
    let fixed = Seconds(row.whole("fixed", faults).unwrap_or(0));
    Some(Profile { name: name?, meters_per_hour: meters_per_hour?, detour_percent, fixed })
}

pub(super) fn speed(row: &Row, faults: &mut Faults) -> Option<(Option<String>, (TimeOfDay, u32))> {
    let time = row.need("time", faults, |text| text.parse().map_err(|fault| (Code::SYNTAX, fault)));
    let percent = row.need("percent", faults, count);
    Some((row.get("profile", faults, text), (time?, percent?)))
}

pub(super) fn weight(row: &Row, faults: &mut Faults) -> Option<(u32, Criterion, i64)> {
    let level = row.need("level", faults, count);
    let criterion = row.need("criterion", faults, |name| {
        let known = Criterion::ALL.into_iter().find(|criterion| criterion.name() == name);
        known.ok_or_else(|| (Code::SYNTAX, format!("{} is no criterion", quoted(name))))
    });
    let weight = row.need("weight", faults, whole);
    Some((level?, criterion?, weight?))
}

fn kit(row: &Row, faults: &mut Faults) -> Kit {
    Kit { tools: row.list("tools", faults, text).into_iter().collect(), parts: parts(row, faults) }
}

/// Parts by name; one that is named twice has two numbers, of which neither may win.
fn parts(row: &Row, faults: &mut Faults) -> BTreeMap<String, u32> {
    let mut parts = BTreeMap::new();
    for (name, number) in row.list("parts", faults, counted) {
        if parts.insert(name.clone(), number).is_some() {
            let cause = format!("the part {} comes twice", quoted(&name));
            row.fault("parts", faults, (Code::DUPLICATE_ID, cause));
        }
    }
    parts
}
