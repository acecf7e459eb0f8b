//! `fieldwright assign`: all tickets to all engineers at once, without an order.

use crate::args::Assign;
use crate::{Done, files};
use fieldwright::model::{Code, Issue};
use fieldwright::solve::assign::{AssignOptions, Method, Sides, assign};
use std::collections::BTreeMap;
use std::process::ExitCode;

pub fn run(words: &Assign, json: bool) -> Done {
    let parts = parts(&words.stock)?;
    let problem = files::problem(&words.input)?;
    let options = AssignOptions {
        method: match words.method.as_str() {
            "greedy" => Method::Greedy,
            "lp" => Method::Lp,
            _ => Method::Exact,
        },
        candidates: words.candidates,
        per_shift: words.per_shift,
        sides: Sides { hours: words.hours, balance: words.balance, parts, ..Sides::default() },
        seconds: words.seconds,
    };
    let mut answer = assign(&problem, &options)?;
    if !words.worth {
        answer.prices = None;
    }
    files::answer(json, &answer)?;
    Ok(ExitCode::SUCCESS)
}

/// The shared stock; a part that is named twice leaves open which quantity is meant.
fn parts(stock: &[(String, u32)]) -> Result<BTreeMap<String, u32>, Issue> {
    let mut parts = BTreeMap::new();
    for (part, count) in stock {
        if let Some(before) = parts.insert(part.clone(), *count) {
            let what = format!("`{part}` is given twice, as {before} and as {count}");
            return Err(Issue::new(Code::DUPLICATE_ID, "--stock", what));
        }
    }
    Ok(parts)
}
