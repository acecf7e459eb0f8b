//! `fieldwright explain`: why this engineer, why not that one, why nobody.

use crate::args::Explain;
use crate::{Done, files};
use fieldwright::dispatch::{Dispatcher, Reach};
use std::process::ExitCode;

/// How many engineers stand beside the one who has the ticket.
const BESIDE: usize = 3;

pub fn run(words: &Explain, json: bool) -> Done {
    let problem = files::problem(&words.input)?;
    let (plan, _) = files::plan(&words.plan, words.plan_from.as_deref(), &problem)?;
    let dispatcher = Dispatcher::new(&problem, Some(&plan))?;
    if let Some(engineer) = &words.engineer {
        for why in dispatcher.why_not(&words.ticket, engineer)? {
            files::answer(json, &why)?;
        }
    } else if plan.visit_of(&words.ticket).is_some() {
        files::answer(json, &dispatcher.recommend(&words.ticket, BESIDE, Reach::Near)?)?;
    } else {
        files::answer(json, &dispatcher.nobody(&words.ticket)?)?;
    }
    Ok(ExitCode::SUCCESS)
}
