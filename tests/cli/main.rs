//! The command line as scripts and people use it: the real program, each test with a home of its own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

mod bad_input;
mod broken_home;
mod compress;
mod config;
mod doctor;
mod help;
mod history;
mod home;
mod host;
mod interrupt;
mod migrate;
mod neighbours;
mod picgo;
mod profile;
mod program;
mod serve;
mod upload;
mod watch;
