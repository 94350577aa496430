//! The rules of the house: who may know whom, what may be shipped, and what must not be in the tree.
//!
//! Each failure names the rule and the place, so that whoever breaks one learns it there.

mod licences;
mod rooms;
mod sources;
mod spdx;
mod texts;
mod tree;
