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
use crate::exit::{Exit, Outcome};
use clap::Parser as _;
use clap::error::ErrorKind;
use picferry_core::{Error, ErrorCode};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = Arguments::try_parse().unwrap_or_else(|error| refuse(&error));
    commands::upload::prepare(&mut arguments);
    let exit = run(arguments).unwrap_or_else(|failure| {
        output::error(None, &failure.error);
        failure.exit
    });
    exit.into()
}

/// Says what is wrong with the command line, or shows the help, and ends the program.
fn refuse(error: &clap::Error) -> ! {
    if error.use_stderr() && commands::upload::is_meant_as_picgo() {
        output::picgo_error(&what_is_wrong(error));
    }
    error.exit()
}

/// In one line, without the help that may follow.
fn what_is_wrong(error: &clap::Error) -> String {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return "a command is missing".to_owned();
    }
    let text = error.to_string();
    let first: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
    first.join(" ").trim_start_matches("error: ").to_owned()
}

fn run(arguments: Arguments) -> Outcome {
    // These have to work when nothing else does: no engine, no runtime.
    match &arguments.command {
        Command::Doctor(doctor) => return commands::doctor::run(doctor),
        Command::Completions(completions) => return commands::completions::run(completions),
        Command::Man(arguments) => return commands::completions::manual(arguments),
        _ => {}
    }
    // Two threads are enough to talk to a host while a picture is prepared, and start at once.
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(
            |error| {
                Error::new(ErrorCode::Internal, "The system gives Picferry no threads to work with.")
                    .detail(error)
            },
        )?;
    let outcome = runtime.block_on(async {
        match arguments.command {
            Command::Upload(upload) => Box::pin(commands::upload::run(upload)).await,
            Command::Compress(compress) => commands::compress::run(compress).await,
            Command::Migrate(migrate) => commands::migrate::run(migrate).await,
            Command::Profile(profile) => commands::profile::run(profile).await,
            Command::History(history) => commands::history::run(history).await,
            Command::Watch(watch) => commands::watch::run(watch).await,
            Command::Serve(serve) => commands::serve::run(serve).await,
            Command::Bridge(bridge) => commands::bridge::run(bridge).await,
            Command::Config(config) => commands::config::run(config).await,
            Command::Doctor(_) | Command::Completions(_) | Command::Man(_) => Ok(Exit::Success),
        }
    });
    // Somebody may still hold standard input open; nothing waits for it.
    runtime.shutdown_background();
    outcome
}
