//! Stories of pictures: what goes in, what comes out, and what is refused.

#![expect(clippy::unwrap_used, reason = "tests")]

mod automatic;
mod bombs;
mod carried;
mod colors;
mod compare;
mod damage;
#[cfg(target_os = "linux")]
mod memory;
mod metadata;
mod moving;
mod orientation;
mod pictures;
mod processing;
mod sniffing;
mod thumbnails;
