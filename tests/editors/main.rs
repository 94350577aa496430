//! The server for editors: what they send, byte for byte, and what nobody else may.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

mod answers;
mod attacks;
mod bodies;
mod clients;
mod desk;
mod hostile_page;
mod many;
mod places;
mod unchanged;
