//! Journeys of a profile to its store: the built-in one, a strict fake, moto.
#![expect(clippy::unwrap_used, reason = "tests")]

#[expect(dead_code, reason = "the journeys of the engine use the rest of it")]
#[path = "../../../../tests/support/fake_s3/mod.rs"]
mod fake_s3;
#[expect(dead_code, reason = "the journeys of the engine use the rest of it")]
#[path = "../../../../tests/support/moto.rs"]
mod moto;

mod contract;
mod crowd;
mod deleting;
mod gateway;
mod learning;
mod local_store;
mod multipart;
mod profile_test;
mod refusals;
mod stage;
mod strangers;
mod trouble;
mod wire;
