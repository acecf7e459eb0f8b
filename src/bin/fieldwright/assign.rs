//! `fieldwright assign`: all tickets to all engineers at once, without an order.

use crate::args::Assign;
use crate::{Done, files};
use fieldwright::solve::assign::{AssignOptions, Method, Sides, assign};
use std::process::ExitCode;

pub fn run(words: &Assign, json: bool) -> Done {
    let problem = files::problem(&words.input)?;
    let options = AssignOptions {
        method: match words.method.as_str() {
            "greedy" => Method::Greedy,
            "lp" => Method::Lp,
            _ => Method::Exact,
        },
        candidates: words.candidates,
        per_shift: words.per_shift,
        sides: Sides { hours: words.hours, balance: words.balance, ..Sides::default() },
        seconds: words.seconds,
    };
    let mut answer = assign(&problem, &options)?;
    if !words.worth {
        answer.prices = None;
    }
    files::answer(json, &answer)?;
    Ok(ExitCode::SUCCESS)
}
