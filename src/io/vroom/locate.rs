//! Where the things of a problem of VROOM's API stand, under the names that it gives them.

use crate::io::lines::Lines;
use crate::io::{Place, Source};

/// Where the vehicles and jobs of a problem stand, those too that became engineers and tickets.
pub(super) fn locate(source: &Source) -> Box<Place> {
    const LISTS: [(&str, &str); 2] = [("tickets[", "jobs["), ("engineers[", "vehicles[")];
    let lines = Lines::of(&source.text);
    let name = source.name();
    Box::new(move |at| {
        if let Some(path) = at.strip_prefix(&name).and_then(|rest| rest.strip_prefix(": ")) {
            return Some(format!("{name}:{}: {path}", lines.line(path)?));
        }
        let (rest, list) =
            LISTS.iter().find_map(|(ours, list)| Some((at.strip_prefix(ours)?, list)))?;
        let (index, _) = rest.split_once(']')?;
        let theirs = format!("{list}{index}]");
        Some(format!("{name}:{}: {theirs}, that is {at}", lines.line(&theirs)?))
    })
}
