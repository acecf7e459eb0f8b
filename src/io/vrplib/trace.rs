//! Traces of the EURO meets NeurIPS 2022 competition: when which request of a static instance becomes known.
//!
//! Two lines of comment, the first with `start_epoch A end_epoch B`; then a request in each line:
//! `id epoch customer opens closes service demand last_epoch`.

use crate::io::Source;
use crate::io::text::{Fault, Faults, count, quoted, whole};
use crate::model::{Code, Issues, Ticket, Window, World};
use crate::units::{Instant, Seconds};

/// One request of a trace.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What is to be delivered; its id is that of the request.
    pub ticket: Ticket,
    /// The epoch in which it becomes known.
    pub revealed: u32,
    /// The last epoch in which it can be dispatched.
    pub last: u32,
}

/// A trace.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// The first epoch.
    pub start: u32,
    /// The last epoch.
    pub end: u32,
    /// The requests.
    pub lines: Vec<Line>,
}

/// Reads a trace of this static instance.
///
/// # Errors
/// `E001` for lines that are not as the format says, `E508` for customers that the instance has not.
pub fn read(source: &Source, site: &World) -> Result<Trace, Issues> {
    let mut faults = Faults::of(source);
    let (mut start, mut end) = (None, None);
    let mut lines = Vec::new();
    for (index, text) in source.text.lines().enumerate() {
        if let Some(comment) = text.strip_prefix('#') {
            let words: Vec<&str> = comment.split_whitespace().collect();
            let after = |name: &str| {
                let at = words.iter().position(|word| *word == name)?;
                words.get(at + 1)?.parse::<u32>().ok()
            };
            (start, end) = (start.or(after("start_epoch")), end.or(after("end_epoch")));
        } else if !text.trim().is_empty() {
            lines.extend(faults.keep(index + 1, line(text, site)));
        }
    }
    match (start, end) {
        (Some(start), Some(end)) => faults.or(Trace { start, end, lines }),
        _ => {
            faults.whole(Code::SYNTAX, "there is no comment with `start_epoch` and `end_epoch`");
            Err(faults.into_issues())
        }
    }
}

fn line(text: &str, site: &World) -> Result<Line, Fault> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let &[id, revealed, customer, opens, closes, service, demand, last] = words.as_slice() else {
        return Err((Code::SYNTAX, format!("8 numbers were expected, not {}", quoted(text))));
    };
    let place = site.tickets.iter().find(|ticket| ticket.id == customer);
    let place = place.ok_or_else(|| {
        (Code::UNKNOWN_TICKET, format!("the instance has no customer {}", quoted(customer)))
    })?;
    let mut ticket = Ticket::new(id, place.place, Seconds(whole(service)?));
    ticket.windows = vec![Window::new(Instant(whole(opens)?), Instant(whole(closes)?))];
    ticket.demand = vec![whole(demand)?];
    Ok(Line { ticket, revealed: count(revealed)?, last: count(last)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Place, TravelMode};

    fn site() -> World {
        let mut site = World::new(TravelMode::Matrix { tables: Vec::new() });
        site.tickets.push(Ticket::new("7", Place::row(7), Seconds(0)));
        site
    }

    #[test]
    fn a_line_is_a_delivery_to_a_customer_of_the_instance() {
        let text = "# x seed 4 start_epoch 1 end_epoch 6\n# head\n1 2 7 100 900 30 5 4\n";
        let trace = read(&Source::text(text), &site()).expect("reads");
        assert_eq!((trace.start, trace.end), (1, 6));
        let Line { ticket, revealed, last } = &trace.lines[0];
        assert_eq!((ticket.place, ticket.demand.as_slice()), (Place::row(7), &[5][..]));
        assert_eq!((*revealed, *last), (2, 4));
    }

    #[test]
    fn faults_name_their_lines() {
        let head = "# start_epoch 1 end_epoch 6\n";
        for (text, code) in [("1 2 7\n", Code::SYNTAX), ("1 2 8 1 9 3 5 4\n", Code::UNKNOWN_TICKET)]
        {
            let issues = read(&Source::text(format!("{head}{text}")), &site()).expect_err(text);
            assert_eq!((issues.0[0].code, issues.0[0].at.as_str()), (code, "input:2"));
        }
        assert_eq!(read(&Source::text(""), &site()).expect_err("empty").0[0].code, Code::SYNTAX);
    }
}
