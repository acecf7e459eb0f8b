//! `fieldwright check`: is this plan valid for this world?

use crate::args::Check;
use crate::report::VIOLATED;
use crate::{Done, files};
use fieldwright::plan;
use std::process::ExitCode;

pub fn run(words: &Check, json: bool) -> Done {
    let problem = files::problem(&words.input)?;
    let (plan, displaced) = files::plan(&words.plan, words.plan_from.as_deref(), &problem)?;
    let violations = plan::check(problem.world(), &plan);
    let is_valid = violations.is_empty() && displaced.is_empty();
    if json {
        let answer = serde_json::json!({
            "valid": is_valid, "violations": violations, "displaced": displaced, "score": plan.score,
        });
        files::write(None, &answer.to_string())?;
    } else {
        let mut lines: Vec<String> = violations.iter().map(ToString::to_string).collect();
        if !displaced.is_empty() {
            lines.push(format!(
                "cannot be visited where the plan has them: {}",
                displaced.join(", ")
            ));
        }
        if is_valid {
            let (served, left) = (plan.visits().count(), plan.unassigned.len());
            lines
                .push(format!("valid: {served} visits, {left} unassigned, score {:?}", plan.score));
        }
        files::write(None, &lines.join("\n"))?;
    }
    Ok(if is_valid { ExitCode::SUCCESS } else { ExitCode::from(VIOLATED) })
}
