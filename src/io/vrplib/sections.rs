//! The keywords and sections of a VRPLIB file. Knows no world.

use crate::io::Source;
use crate::io::text::{Fault, Faults, count, quoted};
use crate::model::Code;
use std::collections::BTreeMap;

/// A line with its number, from 1.
pub(super) type Line<'a> = (usize, &'a str);

/// The text in its parts.
#[derive(Default)]
pub(super) struct Sections<'a> {
    /// `KEYWORD : value`.
    pub words: BTreeMap<&'a str, Line<'a>>,
    /// The lines below `.._SECTION`.
    pub bodies: BTreeMap<&'a str, Vec<Line<'a>>>,
}

impl<'a> Sections<'a> {
    /// Takes the text apart. What is named in neither list is refused.
    pub fn of(source: &'a Source, words: &[&str], bodies: &[&str], faults: &mut Faults) -> Self {
        let mut sections = Self::default();
        let mut body: Option<&mut Vec<Line>> = None;
        for (index, line) in source.text.lines().enumerate() {
            let (number, line) = (index + 1, line.trim());
            let numeric =
                line.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
            if line.is_empty() {
                continue;
            }
            if line == "EOF" {
                break;
            }
            if numeric {
                match &mut body {
                    Some(body) => body.push((number, line)),
                    None => faults.line(number, Code::SYNTAX, "a number outside of any section"),
                }
                continue;
            }
            let (word, value) = line.split_once(':').unwrap_or((line, ""));
            let (word, value) = (word.trim(), value.trim());
            let known = if word.ends_with("_SECTION") { bodies } else { words };
            if !known.contains(&word) {
                let cause = format!("{} is not known here", quoted(word));
                faults.line(number, Code::UNSUPPORTED, cause);
            }
            let twice = if word.ends_with("_SECTION") {
                let twice = sections.bodies.contains_key(word);
                body = Some(sections.bodies.entry(word).or_default());
                twice
            } else {
                body = None;
                sections.words.insert(word, (number, value)).is_some()
            };
            if twice {
                faults.line(number, Code::SYNTAX, format!("{} comes twice", quoted(word)));
            }
        }
        sections
    }

    /// The value of a keyword, read by `read`, if there is one.
    pub fn word<T>(
        &self,
        word: &str,
        faults: &mut Faults,
        read: impl FnOnce(&'a str) -> Result<T, Fault>,
    ) -> Option<T> {
        let &(line, value) = self.words.get(word)?;
        faults.keep(line, read(value))
    }

    /// The rows `id v1 .. vN` of a section, ordered by id: exactly one for each of `1..=size`.
    /// `None` when the section is absent or has faults.
    pub fn rows<const N: usize>(
        &self,
        section: &str,
        size: usize,
        faults: &mut Faults,
    ) -> Option<Vec<Row<'a, N>>> {
        let lines = self.bodies.get(section)?;
        if lines.len() != size {
            let cause = format!("{section} has {} rows instead of {size}", lines.len());
            faults.whole(Code::SYNTAX, cause);
            return None;
        }
        let mut rows = vec![None; size];
        for &(line, text) in lines {
            let (id, values) = faults.keep(line, numbered(text))?;
            let place = id.checked_sub(1).and_then(|index| rows.get_mut(index));
            match place {
                Some(row @ None) => *row = Some(Row { line, values }),
                Some(_) => faults.line(line, Code::DUPLICATE_ID, format!("a second row {id}")),
                None => faults.line(line, Code::SYNTAX, format!("row {id} is not in 1..={size}")),
            }
        }
        rows.into_iter().collect()
    }
}

/// A row of a section without its id.
#[derive(Clone, Copy)]
pub(super) struct Row<'a, const N: usize> {
    /// Its line.
    pub line: usize,
    /// Its words.
    pub values: [&'a str; N],
}

/// A row of one value.
impl<'a> Row<'a, 1> {
    /// The value, or a fault noted and nothing.
    pub fn value<T>(
        &self,
        faults: &mut Faults,
        read: impl FnOnce(&'a str) -> Result<T, Fault>,
    ) -> Option<T> {
        faults.keep(self.line, read(self.values[0]))
    }
}

fn numbered<const N: usize>(text: &str) -> Result<(usize, [&str; N]), Fault> {
    let mut words = text.split_whitespace();
    let id: u32 = count(words.next().unwrap_or_default())?;
    let values: Vec<&str> = words.collect();
    let found = values.len();
    match values.try_into() {
        Ok(values) => Ok((id as usize, values)),
        Err(_) => Err((Code::SYNTAX, format!("{found} values instead of {N} behind the number"))),
    }
}
