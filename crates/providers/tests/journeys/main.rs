//! Journeys of a profile to its store: the built-in one, a strict fake, moto.

#[path = "../../../../tests/support/fake_s3/mod.rs"]
mod fake_s3;
#[path = "../../../../tests/support/moto.rs"]
mod moto;

mod contract;
mod deleting;
mod gateway;
mod learning;
mod local_store;
mod multipart;
mod profile_test;
mod refusals;
mod stage;
mod trouble;
mod wire;
