//! One file for each command.

pub mod bridge;
pub mod completions;
pub mod compress;
pub mod config;
pub mod doctor;
pub mod history;
pub mod migrate;
pub mod profile;
pub mod serve;
pub mod upload;
pub mod watch;

use crate::exit::{Failure, Outcome};
use crate::output;
use picferry_core::images::PictureNote;
use picferry_core::{Error, ErrorCode};
use picferry_engine::{Engine, EngineOptions, Role};
use serde::{Serialize, Serializer};
use std::borrow::Borrow;
use std::path::Path;
use std::sync::Arc;

/// Opens the home that the environment names, and passes on what it has to say.
///
/// # Errors
/// Whatever is wrong with a home, Picferry cannot work there.
async fn open_engine(role: Role) -> Outcome<Arc<Engine>> {
    let options = EngineOptions::from_environment(role).map_err(Failure::setup)?;
    let engine = Engine::open(options).await.map_err(Failure::setup)?;
    for notice in engine.notices() {
        output::notice(&notice.error);
    }
    Ok(engine)
}

/// A path from the top of the disk, as settings and journals keep it.
///
/// # Errors
/// The path is none, or not Unicode: the command line is wrong then.
fn absolute(path: &Path) -> Outcome<String> {
    let absolute = std::path::absolute(path)
        .map_err(|error| Failure::usage(Error::from_io("This is no path", &error)))?;
    absolute.into_os_string().into_string().map_err(|_| {
        Failure::usage(
            Error::new(ErrorCode::FileUnreadable, "The path is not valid Unicode.").hint("Rename the file."),
        )
    })
}

/// Why something failed, as `--json` says it. Unknown values are `null`, never left out.
#[derive(Serialize)]
struct ShownError<'a> {
    /// What scripts act on.
    code: ErrorCode,
    /// What happened.
    message: &'a str,
    /// What to do about it.
    hint: Option<&'a str>,
}

/// Writes an error into JSON with the three fields that scripts rely on.
fn write_error<S: Serializer>(
    error: &Option<impl Borrow<Error>>,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    let error: Option<&Error> = error.as_ref().map(Borrow::borrow);
    let shown = error.map(|error| ShownError {
        code: error.code,
        message: &error.message,
        hint: error.hint.as_deref(),
    });
    shown.serialize(serializer)
}

/// Says which picture is as it came, because it could not be processed.
pub fn tell_unprocessed(name: &str, notes: &[PictureNote]) {
    let code = notes.iter().find_map(|note| match note {
        PictureNote::NotProcessed { code } => Some(*code),
        _ => None,
    });
    let Some(code) = code.filter(|_| !output::is_quiet()) else { return };
    let why = match code {
        ErrorCode::DamagedPicture => "it is damaged",
        ErrorCode::TooManyPixels => "it has too many pixels",
        _ => "this kind of picture cannot be changed here",
    };
    output::warning(
        &format!("{name} is as it came: {why}."),
        "The option image_when_impossible=refuse refuses such pictures.",
    );
}
