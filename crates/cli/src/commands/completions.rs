//! `picferry completions` and `picferry man`: what shells and manuals need to know of the grammar.

use crate::arguments::{Arguments, CompletionsArguments, ManArguments};
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

/// Prints the manual page of the program, or writes that and one for each command into a folder.
pub fn manual(arguments: &ManArguments) -> Outcome {
    if let Some(folder) = &arguments.into {
        let failed = format!("The manual cannot be written into {}", folder.display());
        clap_mangen::generate_to(Arguments::command(), folder)
            .map_err(|error| Error::from_io(&failed, &error))?;
    } else {
        let page =
            manual_page().map_err(|error| Error::from_io("The manual page cannot be written", &error))?;
        output::text(&String::from_utf8_lossy(&page));
    }
    Ok(Exit::Success)
}

fn manual_page() -> std::io::Result<Vec<u8>> {
    // There is no page for `help`.
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    Ok(page)
}
