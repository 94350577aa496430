//! What the commands do: thin, because the engine does the work.

pub(crate) mod app;
pub(crate) mod compress;
pub(crate) mod history;
pub(crate) mod links;
pub(crate) mod profiles;
mod server_settings;
mod settings_patch;
pub(crate) mod uploads;
pub(crate) mod watched;

pub use settings_patch::apply as patched_settings;
