//! How failures are told, to people and to programs.

use fieldwright::live::Fault;
use fieldwright::model::{Issue, Issues};
use std::process::ExitCode;

/// Why there is no answer.
#[derive(Debug)]
pub enum Failure {
    /// The input is wrong.
    Input(Issues),
    /// Something could not be written.
    Output(std::io::Error, String),
    /// The journal of a desk cannot be used, or is not what was once written.
    Journal(Fault),
    /// A plan that the library made does not pass the checker.
    Invalid(Vec<String>),
}

impl From<Issues> for Failure {
    fn from(issues: Issues) -> Self {
        Self::Input(issues)
    }
}

impl From<Issue> for Failure {
    fn from(issue: Issue) -> Self {
        Self::Input(issue.into())
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Journal(fault)
    }
}

/// Exit code where the plan that was to be checked is not valid.
pub const VIOLATED: u8 = 1;
/// Exit code where a decision comes out otherwise than it was written down.
pub const DIFFERENT: u8 = 1;
const BAD_INPUT: u8 = 2;
const FAILED: u8 = 3;

/// Says on standard error what went wrong.
pub fn fail(failure: &Failure, json: bool) -> ExitCode {
    let (code, text, value) = match failure {
        Failure::Input(issues) => {
            (BAD_INPUT, issues.to_string(), serde_json::json!({ "issues": issues }))
        }
        Failure::Journal(fault) => {
            let text = fault.to_string();
            (BAD_INPUT, text.clone(), serde_json::json!({ "error": text }))
        }
        Failure::Output(error, what) => {
            let text = format!("cannot write {what}: {error}");
            (FAILED, text.clone(), serde_json::json!({ "error": text }))
        }
        Failure::Invalid(violations) => {
            let text = format!(
                "the solver's plan does not pass the independent check; please report this:\n{}",
                violations.join("\n")
            );
            (FAILED, text, serde_json::json!({ "violations": violations }))
        }
    };
    if json {
        eprintln!("{value}");
    } else {
        eprintln!("{}", text.trim_end());
    }
    ExitCode::from(code)
}
