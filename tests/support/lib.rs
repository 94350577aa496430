//! What the tests of all rooms share.

pub mod binaries;
