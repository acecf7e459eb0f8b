//! `fieldwright convert`: a world from one format to another, checked on the way.

use crate::args::Convert;
use crate::report::Failure;
use crate::{Done, files};
use fieldwright::io;
use fieldwright::model::{Code, Issue};
use std::process::ExitCode;

pub fn run(words: &Convert) -> Done {
    let (source, from) = (files::source(&words.input)?, words.input.from.as_deref());
    let world = io::read(&source, from).and_then(|world| world.validate().map(|()| world));
    let world = world.map_err(|issues| io::located(&source, from, issues))?;
    let format = io::named(&words.to)?;
    match (format.write_world, format.write_files, words.out.as_deref()) {
        (Some(write), _, out) => files::write(out, &write(&world)?)?,
        (None, Some(write), Some(directory)) => {
            let failed = |error| Failure::Output(error, directory.display().to_string());
            std::fs::create_dir_all(directory).map_err(failed)?;
            for file in write(&world)? {
                files::write(Some(&directory.join(&file.name)), &file.text)?;
            }
        }
        (None, Some(_), None) => {
            let cause = format!("`{}` is several files; name a directory", format.name);
            return Err(Issue::new(Code::UNREADABLE, "--out", cause).into());
        }
        (None, None, _) => {
            let cause = format!("`{}` cannot hold a world", format.name);
            return Err(Issue::new(Code::UNSUPPORTED, "--to", cause).into());
        }
    }
    Ok(ExitCode::SUCCESS)
}
