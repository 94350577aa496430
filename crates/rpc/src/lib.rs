//! The command table of the window: what it may ask, with which words, and who answers.
//!
//! A shell implements [`DesktopHost`], carries `{command, payload}` to [`dispatch`] and the
//! engine's events back. The TypeScript in `ui/src/generated` is made from this table.

mod commands;
mod deliver;
mod handlers;
mod host;
mod table;
pub mod types;
pub mod typescript;

pub use commands::{COMMANDS, dispatch};
pub use deliver::{Delivered, copy_links, deliver};
pub use handlers::{dropped, link_formats, patched_settings};
pub use host::{Context, DesktopHost, FolderPurpose};
