//! Stories of pictures: what goes in, what comes out, and what is refused.

#![expect(clippy::unwrap_used, reason = "tests")]

mod damage;
mod metadata;
mod orientation;
mod pictures;
mod sniffing;
mod thumbnails;
