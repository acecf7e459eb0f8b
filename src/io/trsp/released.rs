//! When the requests of a TRSP are revealed: the files `NAME_rd_PP.txt` of the dynamic set.
//!
//! Below a header `ID RD` each line has a request and its moment, -1 for what is known from the start.

use crate::io::text::{Faults, count, scaled};
use crate::io::{Rounding, Source};
use crate::model::{Code, Issues};
use crate::units::Instant;

/// Reads the requests with the moments at which they are revealed, `None` for those known from the start.
///
/// ```
/// use fieldwright::io::{Source, trsp::released};
/// let text = "# Instance W - 1 dynamic request\nDyn Stat\n1 1\nID RD\n3 -1\n4 12.5\n";
/// let known = released::read(&Source::text(text)).unwrap();
/// assert_eq!(known[0], ("3".to_owned(), None));
/// assert_eq!(known[1].1.map(|moment| moment.0), Some(125_000));
/// ```
///
/// # Errors
/// `E001` for lines that are not as the format says.
pub fn read(source: &Source) -> Result<Vec<(String, Option<Instant>)>, Issues> {
    let rounding = source.options.rounding.unwrap_or(Rounding::EXACT);
    let mut faults = Faults::of(source);
    let lines = source.text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    let mut lines = lines.skip_while(|(_, line)| !line.starts_with("ID"));
    if lines.next().is_none() {
        faults.whole(Code::SYNTAX, "there is no line `ID RD`");
    }
    let mut known = Vec::new();
    for (line, text) in lines.filter(|(_, text)| !text.is_empty()) {
        let words: Vec<&str> = text.split_whitespace().collect();
        let &[id, moment] = words.as_slice() else {
            faults.line(line, Code::SYNTAX, "a request and a moment were expected");
            continue;
        };
        let id = faults.keep(line, count::<u32>(id));
        let moment = faults.keep(line, scaled(moment, rounding));
        if let (Some(id), Some(moment)) = (id, moment) {
            known.push((id.to_string(), (moment >= 0).then_some(Instant(moment))));
        }
    }
    faults.or(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_name_their_lines() {
        for (text, at) in
            [("3 -1\n", "input"), ("ID RD\n3\n", "input:2"), ("ID RD\n3 x\n", "input:2")]
        {
            assert_eq!(read(&Source::text(text)).expect_err(text).0[0].at, at, "{text}");
        }
    }
}
