//! The rules of the house: who may know whom, what may be shipped, and what must not be in the tree.
//!
//! Each failure names the rule and the place, so that whoever breaks one learns it there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

mod licences;
mod rooms;
mod sources;
mod spdx;
mod texts;
mod tree;
