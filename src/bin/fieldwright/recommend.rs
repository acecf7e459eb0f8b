//! `fieldwright recommend`: who should take this ticket, and what each would cost.

use crate::args::Recommend;
use crate::{Done, files};
use fieldwright::dispatch::{Dispatcher, Reach};
use std::process::ExitCode;

pub fn run(words: &Recommend, json: bool) -> Done {
    let problem = files::problem(&words.input)?;
    let plan = match &words.plan {
        Some(path) => Some(files::plan(path, None, &problem)?.0),
        None => None,
    };
    let dispatcher = Dispatcher::new(&problem, plan.as_ref())?;
    let reach = if words.everybody { Reach::Everybody } else { Reach::Near };
    let answer = dispatcher.recommend(&words.ticket, words.top, reach)?;
    if answer.candidates.is_empty() {
        let nobody = dispatcher.nobody(&words.ticket)?;
        files::answer(json, &nobody)?;
    } else {
        files::answer(json, &answer)?;
    }
    Ok(ExitCode::SUCCESS)
}
