//! `picferry completions` and `picferry man`: what shells and manuals need to know of the grammar.

use crate::arguments::{Arguments, CompletionsArguments};
use crate::exit::{Exit, Outcome};
use crate::output;
use clap::CommandFactory as _;
use picferry_core::Error;

/// Prints the completions for a shell.
pub fn run(arguments: &CompletionsArguments) -> Outcome {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "picferry", &mut text);
    output::text(&String::from_utf8_lossy(&text));
    Ok(Exit::Success)
}

/// Prints the manual page: the program, then each of its commands.
pub fn manual() -> Outcome {
    let mut command = Arguments::command();
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone())
        .render(&mut page)
        .map_err(|error| Error::from_io("The manual page cannot be written", &error))?;
    output::text(&String::from_utf8_lossy(&page));
    Ok(Exit::Success)
}
