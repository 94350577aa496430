//! `picferry profile`: the places pictures go to.

mod add;
mod show;

use super::open_engine;
use crate::arguments::{ProfileArguments, ProfileCommand};
use crate::exit::{Exit, Outcome};
use crate::{format, output};
use picferry_core::provider::{TestOutcome, TestReport, TestStepName};
use picferry_engine::{Engine, ProfileDraft, Role};
use serde_json::json;
use std::sync::Arc;

/// Does one of the profile commands.
pub async fn run(command: ProfileCommand) -> Outcome {
    let engine = open_engine(Role::Cli).await?;
    let outcome = match command {
        ProfileCommand::Add(arguments) => add::run(&engine, arguments).await,
        ProfileCommand::List(arguments) => show::list(&engine, arguments.json),
        ProfileCommand::Show(arguments) => show::one(&engine, &arguments),
        ProfileCommand::Test(arguments) => test(&engine, &arguments).await,
        ProfileCommand::Remove(arguments) => remove(&engine, &arguments).await,
        ProfileCommand::Default(arguments) => set_default(&engine, &arguments).await,
    };
    engine.close().await;
    outcome
}

async fn test(engine: &Arc<Engine>, arguments: &ProfileArguments) -> Outcome {
    let profile = engine.profile(&arguments.name)?;
    let report = engine.test_profile(ProfileDraft::of(&profile)).await;
    if arguments.json {
        output::json(&report);
    } else {
        print_report(&report);
    }
    Ok(if report.ok { Exit::Success } else { Exit::Failed })
}

fn print_report(report: &TestReport) {
    let rows: Vec<Vec<String>> = report
        .steps
        .iter()
        .map(|step| {
            let millis = if step.outcome == TestOutcome::Skipped {
                String::new()
            } else {
                format!("{} ms", step.millis)
            };
            vec![outcome_word(step.outcome).to_owned(), step_words(step.step).to_owned(), millis]
        })
        .collect();
    format::table(&rows).iter().for_each(|line| output::line(line));
    for step in &report.steps {
        match &step.error {
            Some(error) if step.outcome == TestOutcome::Failed => output::error(None, error),
            // Uploads work all the same.
            Some(note) => output::notice(note),
            None => {}
        }
    }
    for (field, value) in &report.corrections {
        output::note(&format!("The host says that {field} should be {value}."));
    }
}

fn outcome_word(outcome: TestOutcome) -> &'static str {
    match outcome {
        TestOutcome::Passed => "ok",
        TestOutcome::Warning => "warning",
        TestOutcome::Failed => "failed",
        TestOutcome::Skipped => "skipped",
    }
}

fn step_words(step: TestStepName) -> &'static str {
    match step {
        TestStepName::Connect => "Reach the host",
        TestStepName::Write => "Write a small object",
        TestStepName::Read => "Read it back",
        TestStepName::NoOverwrite => "Refuse to overwrite it",
        TestStepName::PublicRead => "Open its link",
        TestStepName::Delete => "Delete it",
    }
}

async fn remove(engine: &Arc<Engine>, arguments: &ProfileArguments) -> Outcome {
    let profile = engine.profile(&arguments.name)?;
    let pictures = engine.profile_usage(&profile.id).await?.count;
    engine.remove_profile(&profile.id).await?;
    if arguments.json {
        output::json(&json!({ "removed": profile.name, "pictures": pictures }));
        return Ok(Exit::Success);
    }
    output::line(&format!("Removed the profile {}.", output::visible(&profile.name)));
    match pictures {
        0 => {}
        1 => output::note(
            "Its picture stays on the host and in the history; Picferry can no longer delete it there.",
        ),
        _ => output::note(&format!(
            "Its {pictures} pictures stay on the host and in the history; Picferry can no longer delete them there."
        )),
    }
    Ok(Exit::Success)
}

async fn set_default(engine: &Arc<Engine>, arguments: &ProfileArguments) -> Outcome {
    let profile = engine.profile(&arguments.name)?;
    engine.set_default_profile(&profile.id).await?;
    if arguments.json {
        output::json(&show::as_json(&profile, true));
    } else {
        output::line(&format!("Uploads go to {} now.", output::visible(&profile.name)));
    }
    Ok(Exit::Success)
}

/// The definition of a profile's host, if this version still knows it.
fn definition_of(
    engine: &Engine,
    host: &str,
) -> Option<&'static picferry_core::provider::ProviderDefinition> {
    engine.providers().iter().copied().find(|provider| provider.id == host)
}
