//! What the commands do: thin, because the engine does the work.

pub(crate) mod app;
pub(crate) mod compress;
pub(crate) mod history;
pub(crate) mod links;
pub(crate) mod migrate;
pub(crate) mod profiles;
mod server_settings;
mod settings_patch;
pub(crate) mod uploads;
pub(crate) mod watched;

pub use links::link_formats;
pub use settings_patch::apply as patched_settings;
pub use uploads::dropped;

use picferry_core::{Error, ErrorCode, Result};
use std::path::PathBuf;

/// A path that was chosen, as settings and requests have it.
fn path_text(path: PathBuf) -> Result<String> {
    path.into_os_string().into_string().map_err(|path| {
        let shown = path.to_string_lossy().into_owned();
        Error::new(ErrorCode::FileUnreadable, format!("The name of {shown} is not valid Unicode."))
            .hint("Rename it.")
            .param("file", shown)
    })
}
