//! The command line: reads files, calls the library, prints answers. It decides nothing itself.
#![allow(clippy::print_stdout)] // printing is what a command line is for

mod args;
mod assign;
mod bench;
mod bound;
mod check;
mod convert;
mod explain;
mod files;
mod plan;
mod recommend;
mod replay;
mod report;
mod schema;

use args::{Args, Command};
use clap::Parser;
use report::Failure;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match &args.command {
        Command::Plan(options) => plan::run(options, args.json),
        Command::Check(options) => check::run(options, args.json),
        Command::Assign(options) => assign::run(options, args.json),
        Command::Recommend(options) => recommend::run(options, args.json),
        Command::Explain(options) => explain::run(options, args.json),
        Command::Replay(options) => replay::run(options, args.json),
        Command::Convert(options) => convert::run(options),
        Command::Schema(options) => schema::run(options),
        Command::Bench(options) => bench::run(options),
    };
    match done {
        Ok(code) => code,
        Err(failure) => report::fail(&failure, args.json),
    }
}

/// What every command returns: an exit code, or why there is no answer.
type Done = Result<ExitCode, Failure>;
