//! Hosts: one folder for each, the shared HTTP client and the built-in store.
//!
//! A host knows the words of `picferry-core` and nothing of jobs, settings or windows. One host's
//! quirks never leave its folder.

pub mod crowd;
pub mod http;
pub mod local_store;
pub mod redact;
pub mod repair;
pub mod services;

pub use services::{build, definition, definitions};
