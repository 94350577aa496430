//! Journeys of pictures through the whole engine, against real stores.

mod bad_input;
mod conflicts;
mod crossing;
mod deletion;
mod disks;
mod failures;
mod homes;
mod restart;
