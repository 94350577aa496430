//! The words of Picferry: what a picture, a profile, a job, an upload and a link are.
//!
//! Nothing here does I/O. Time, randomness, the network, the disk and the keychain come in
//! through the traits of this crate, so that every rule can be tested by itself.

pub mod clock;
pub mod compress;
pub mod crossing;
pub mod digest;
pub mod encode;
pub mod error;
pub mod event;
pub mod field;
pub mod images;
pub mod job;
pub mod key;
pub mod link;
pub mod migrate;
pub mod offer;
pub mod picture;
pub mod profile;
pub mod provider;
pub mod secret;
pub mod settings;
mod template;
pub mod upload;
pub mod watched;

pub use clock::{Clock, Random};
pub use error::{Error, ErrorCode, Result};
