//! `fieldwright schema`: the JSON Schema of the native format.

use crate::args::Schema;
use crate::{Done, files};
use fieldwright::{model::World, plan::Plan};
use std::process::ExitCode;

pub fn run(words: &Schema) -> Done {
    let schema = match words.of.as_str() {
        "plan" => schemars::schema_for!(Plan),
        _ => schemars::schema_for!(World),
    };
    files::write(None, &format!("{:#}", schema.as_value()))?;
    Ok(ExitCode::SUCCESS)
}
