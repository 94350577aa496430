//! Journeys of pictures through the whole engine, against real stores.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

mod bad_input;
mod compress;
mod conflicts;
mod crossing;
mod deletion;
mod disks;
mod failures;
mod homes;
mod images;
mod migrate;
mod moto;
mod restart;
