//! Object keys: templates, and the one function that makes a key safe.
//!
//! A key always goes template → [`KeyTemplate::render`] → [`safe_key`]; nothing else in Picferry
//! makes or repairs keys.

mod placeholder;
mod safe;
mod slug;
mod template;
#[cfg(test)]
mod tests;

pub use placeholder::PLACEHOLDERS;
pub use safe::{MAX_KEY_BYTES, MAX_SEGMENT_BYTES, numbered_key, safe_key};
pub use template::{KeyTemplate, NameContext};
