//! The table of technicians and requests that both kinds of TRSP file share.

use crate::io::text::{Fault, Faults, count, quoted, real, scaled};
use crate::io::trsp::strings;
use crate::io::{Rounding, Source};
use crate::model::{
    Code, Criterion, Depot, Engineer, Kit, Objective, OwnedSkill, Place, SkillNeed, Ticket,
    TravelMode, Window, World,
};
use crate::units::{Instant, Seconds};

/// A file taken apart.
pub(super) struct Parts<'a> {
    /// Its first line.
    pub name: &'a str,
    /// How many technicians there are.
    pub crew: usize,
    /// The rows of nodes: depot, technicians, requests.
    pub nodes: Vec<Node>,
    /// The lines below the table, with their numbers.
    pub rest: Vec<(usize, &'a str)>,
}

/// A row `ID X Y TWS TWE Serv [skills] [tools] [spare parts]`.
#[derive(Clone)]
pub(super) struct Node {
    /// Where it is on the plane.
    pub place: Place,
    open: Window,
    service: Seconds,
    skills: Vec<u32>,
    tools: Vec<u32>,
    parts: Vec<u32>,
}

/// Takes a file apart; `None` when it is no such file at all.
pub(super) fn parts<'a>(
    source: &'a Source,
    rounding: Rounding,
    faults: &mut Faults,
) -> Option<Parts<'a>> {
    let mut lines = source.text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    let name = lines.next().map_or("", |(_, name)| name);
    let crew = lines.find(|(_, line)| line.starts_with("CREW")).and_then(|_| lines.next());
    let Some((line, counts)) = crew else {
        faults.whole(Code::SYNTAX, "there is no line `CREW COUNT SKILLS TOOLS SPARE PARTS`");
        return None;
    };
    let crew = counts.split_whitespace().next().unwrap_or_default();
    let crew: u32 = faults.keep(line, count(crew))?;
    lines.find(|(_, line)| line.starts_with("ID"));
    let mut parts = Parts { name, crew: crew as usize, nodes: Vec::new(), rest: Vec::new() };
    for (line, text) in lines.filter(|(_, text)| !text.is_empty()) {
        if !parts.rest.is_empty() || text.starts_with(|first: char| first.is_alphabetic()) {
            parts.rest.push((line, text));
            continue;
        }
        let expected = parts.nodes.len();
        parts.nodes.push(faults.keep(line, node(text, expected, rounding))?);
    }
    if parts.nodes.len() <= parts.crew {
        let cause =
            format!("a depot and {crew} technicians were expected, not {}", parts.nodes.len());
        faults.whole(Code::SYNTAX, cause);
        return None;
    }
    Some(parts)
}

fn node(text: &str, expected: usize, rounding: Rounding) -> Result<Node, Fault> {
    let (words, lists) = text.split_at(text.find('[').unwrap_or(text.len()));
    let words: Vec<&str> = words.split_whitespace().collect();
    let &[id, x, y, start, end, service] = words.as_slice() else {
        let cause = format!("6 numbers and 3 lists were expected, not {}", quoted(text));
        return Err((Code::SYNTAX, cause));
    };
    if count::<u32>(id)? as usize != expected {
        return Err((Code::SYNTAX, format!("node {expected} was expected, not {}", quoted(id))));
    }
    let [skills, tools, parts] = self::lists(lists)?;
    Ok(Node {
        place: Place::xy(real(x)?, real(y)?),
        open: Window::new(Instant(scaled(start, rounding)?), Instant(scaled(end, rounding)?)),
        service: Seconds(scaled(service, rounding)?),
        skills,
        tools,
        parts,
    })
}

/// Three lists such as `[] [0,3] [1,0,2]`.
fn lists(text: &str) -> Result<[Vec<u32>; 3], Fault> {
    let wrong = || (Code::SYNTAX, format!("{} is not three lists in brackets", quoted(text)));
    let mut lists = Vec::new();
    let mut rest = text.trim();
    while let Some(inner) = rest.strip_prefix('[') {
        let (list, after) = inner.split_once(']').ok_or_else(wrong)?;
        let items = list.split(',').map(str::trim).filter(|item| !item.is_empty());
        lists.push(items.map(count).collect::<Result<Vec<u32>, Fault>>()?);
        rest = after.trim_start();
    }
    if !rest.is_empty() {
        return Err(wrong());
    }
    lists.try_into().map_err(|_| wrong())
}

/// The world of these nodes; `place` tells where a node is.
pub(super) fn world(
    parts: &Parts,
    travel: TravelMode,
    resolution: u32,
    place: impl Fn(usize, &Node) -> Place,
    faults: &mut Faults,
) -> World {
    let mut world = World::new(travel);
    world.name = parts.name.into();
    world.resolution = resolution;
    world.objective = Objective::of(&[&[(Criterion::Unserved, 1)], &[(Criterion::Work, 1)]]);
    let (base, requests) = parts.nodes.split_at(1 + parts.crew);
    let (depot, technicians) = (&base[0], &base[1..]);
    for (index, node) in technicians.iter().enumerate() {
        let id = index + 1;
        if node.service != Seconds::ZERO {
            let cause = format!("service at the home of technician {id} cannot be planned here");
            faults.whole(Code::UNSUPPORTED, cause);
        }
        if node.open.earliest < depot.open.earliest || node.open.latest > depot.open.latest {
            let cause = format!("a depot that is closed while technician {id} works");
            faults.whole(Code::UNSUPPORTED, cause);
        }
        let (start, end) = node.open.into();
        let mut engineer = Engineer::new(id.to_string(), place(id, node), start, end);
        engineer.skills = node.skills.iter().map(|s| OwnedSkill::new(skill(s), 1)).collect();
        engineer.van = node.kit();
        world.engineers.push(engineer);
    }
    for (index, node) in requests.iter().enumerate() {
        let id = 1 + parts.crew + index;
        let mut ticket = Ticket::new(id.to_string(), place(id, node), node.service);
        ticket.windows = vec![node.open];
        ticket.skills.all = node.skills.iter().map(|s| SkillNeed::new(skill(s), 1)).collect();
        ticket.needs = node.kit();
        world.tickets.push(ticket);
    }
    // Where nobody needs anything, a depot would only be one more place to try.
    if world.tickets.iter().any(|ticket| !ticket.needs.is_empty()) {
        let (id, place) = (strings::DEPOT.into(), place(0, depot));
        world.depots.push(Depot { id, place, service: depot.service });
    }
    world
}

impl Node {
    fn kit(&self) -> Kit {
        let parts = self.parts.iter().enumerate().filter(|(_, count)| **count > 0);
        Kit {
            tools: self.tools.iter().map(|tool| format!("tool {tool}")).collect(),
            parts: parts.map(|(part, &count)| (format!("part {part}"), count)).collect(),
        }
    }
}

fn skill(number: &u32) -> String {
    format!("skill {number}")
}
