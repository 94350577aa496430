//! What the tests of all rooms share.

pub mod binaries;
pub mod fake_s3;
pub mod home;
pub mod moto;
pub mod pictures;
