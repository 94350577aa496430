//! Watched folders: what comes into them is sent, once and whole.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

mod afterwards;
mod again;
mod complete;
mod desk;
mod gone;
mod many;
mod rules;
