//! `picferry`: ferries pictures to your own host from a terminal or a script.

mod arguments;
mod commands;
mod exit;
mod format;
mod output;
mod progress;
mod signals;
mod values;

use crate::arguments::{Arguments, Command};
use crate::exit::Outcome;
use clap::Parser as _;
use picferry_core::{Error, ErrorCode};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let exit = run(arguments).unwrap_or_else(|failure| {
        output::error(None, &failure.error);
        failure.exit
    });
    exit.into()
}

fn run(arguments: Arguments) -> Outcome {
    if let Command::Doctor(doctor) = &arguments.command {
        // Has to work when nothing else does: no engine, no runtime.
        return commands::doctor::run(doctor);
    }
    // Two threads are enough to talk to a host while a picture is prepared, and start at once.
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(
            |error| {
                Error::new(ErrorCode::Internal, "The system gives Picferry no threads to work with.")
                    .detail(error)
            },
        )?;
    runtime.block_on(async {
        match arguments.command {
            Command::Upload(upload) => commands::upload::run(upload).await,
            Command::Compress(compress) => commands::compress::run(compress).await,
            Command::Migrate(migrate) => commands::migrate::run(migrate).await,
            Command::Profile(profile) => commands::profile::run(profile).await,
            Command::History(history) => commands::history::run(history).await,
            Command::Serve => commands::serve::run().await,
            Command::Bridge(bridge) => commands::bridge::run(bridge).await,
            Command::Doctor(doctor) => commands::doctor::run(&doctor),
        }
    })
}
