//! `picferry upload`: pictures in, links out, in the same order.

mod report;

use super::open_engine;
use crate::arguments::UploadArguments;
use crate::exit::{Exit, Failure, Outcome};
use crate::output;
use crate::progress::Progress;
use crate::signals::Interrupts;
use crate::values::image_fields;
use picferry_core::event::Event;
use picferry_core::job::{ConflictAnswer, JobSnapshot, JobState, Origin, Source, UploadRequest};
use picferry_core::link::LinkFormat;
use picferry_core::settings::Settings;
use picferry_core::{Error, ErrorCode, Result};
use picferry_engine::{Accepted, Engine, Role};
use report::Entry;
use std::collections::HashSet;
use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// Uploads and prints the links.
pub async fn run(arguments: UploadArguments) -> Outcome {
    let engine = open_engine(Role::Cli).await?;
    let outcome = upload(&engine, &arguments).await;
    engine.close().await;
    outcome
}

async fn upload(engine: &Arc<Engine>, arguments: &UploadArguments) -> Outcome {
    let settings = engine.settings();
    let format = link_format(arguments.format.as_deref(), &settings)?;
    let profile = engine.profile(arguments.profile.as_deref().unwrap_or(&settings.default_profile))?;

    let overrides = image_fields(&arguments.set)?;

    let inputs: Vec<Result<Source>> = arguments.files.iter().map(source).collect();
    let sources: Vec<Source> = inputs.iter().filter_map(|input| input.as_ref().ok().cloned()).collect();
    let (jobs, interrupted) = if sources.is_empty() {
        (Vec::new(), false)
    } else {
        // Before anything is taken in: what Ctrl+C stops must not go on later by itself.
        let mut interrupts = Interrupts::new();
        let events = engine.subscribe();
        let request =
            UploadRequest { sources, profile_id: Some(profile.id.clone()), origin: Origin::Cli, overrides };
        let accepted = match engine.upload(request).await {
            Ok(accepted) => accepted,
            Err(refusal) => {
                let refused = inputs.into_iter().map(|input| input.and(Err(refusal.clone()))).collect();
                if arguments.json {
                    output::json(&report::entries(&arguments.files, refused, Vec::new(), &profile.name));
                }
                return Err(refusal.into());
            }
        };
        follow(engine, accepted, events, &mut interrupts).await?
    };

    if !arguments.json {
        print_links(engine, &jobs, &format).await?;
    }
    let entries = report::entries(&arguments.files, inputs, jobs, &profile.name);
    if arguments.json {
        output::json(&entries);
    }
    entries.iter().for_each(Entry::tell_failure);
    Ok(match (interrupted, entries.iter().all(|entry| entry.ok)) {
        (true, false) => Exit::Interrupted,
        (_, true) => Exit::Success,
        (false, false) => Exit::Failed,
    })
}

/// The format asked for, or that of the settings; checked before anything is sent.
fn link_format(wanted: Option<&str>, settings: &Settings) -> Outcome<LinkFormat> {
    let name = wanted.unwrap_or(&settings.links.format);
    LinkFormat::resolve(name, &settings.links.custom).map_err(Failure::usage)
}

/// What an argument means: an address of the web, or a file. Paths are made absolute, because a job
/// that outlives this process goes on in another folder.
fn source(argument: &OsString) -> Result<Source> {
    let Some(text) = argument.to_str() else {
        return Err(Error::new(ErrorCode::FileUnreadable, "The file name is not valid Unicode.")
            .hint("Rename the file."));
    };
    if text.trim().is_empty() {
        return Err(Error::new(ErrorCode::FileNotFound, "A file name is empty.")
            .hint("Look at the variable or the command that should have given it."));
    }
    let lowercase = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    if lowercase.starts_with("http://") || lowercase.starts_with("https://") {
        return Ok(Source::Url { url: text.to_owned() });
    }
    let path =
        std::path::absolute(Path::new(text)).map_err(|error| Error::from_io("This is no path", &error))?;
    Ok(Source::Path { path: path.to_string_lossy().into_owned() })
}

/// Waits for the batch and shows how far it is. Ctrl+C cancels what is left; a second one ends the
/// program at once and leaves the queue to the next Picferry.
async fn follow(
    engine: &Arc<Engine>,
    accepted: Accepted,
    mut events: Receiver<Event>,
    interrupts: &mut Interrupts,
) -> Result<(Vec<JobSnapshot>, bool)> {
    let ids: Vec<String> = accepted.jobs.iter().map(|job| job.id.clone()).collect();
    let mut progress = Progress::new(ids.len());
    let mut asked = HashSet::new();
    let mut notices = Vec::new();
    let mut interrupted = false;
    let ended = engine.wait_for_batch(&accepted.batch);
    tokio::pin!(ended);
    let mut jobs = loop {
        tokio::select! {
            jobs = &mut ended => break jobs,
            event = events.recv() => match event {
                Ok(Event::JobChanged { job }) if job.batch == accepted.batch => {
                    progress.job_changed(&job);
                    refuse_question(engine, &job, &mut asked).await?;
                }
                Ok(Event::Notice { notice }) => notices.push(notice),
                Err(RecvError::Lagged(_)) => {
                    for job in engine.jobs().iter().filter(|job| job.batch == accepted.batch) {
                        refuse_question(engine, job, &mut asked).await?;
                    }
                }
                _ => {}
            },
            () = interrupts.next() => {
                if interrupted {
                    std::process::exit(i32::from(Exit::Interrupted.code()));
                }
                interrupted = true;
                progress.finish();
                output::remark("Cancelling what is not sent yet. Press Ctrl+C again to stop at once.");
                engine.cancel(Some(ids.clone())).await?;
            }
        }
    };
    progress.finish();
    notices.iter().for_each(|notice| output::notice(&notice.error));
    jobs.iter_mut().filter(|job| asked.contains(&job.id)).for_each(say_why_nobody_was_asked);
    Ok((jobs, interrupted))
}

/// A profile may want to ask about a taken key; a script has nobody to ask.
async fn refuse_question(engine: &Arc<Engine>, job: &JobSnapshot, asked: &mut HashSet<String>) -> Result<()> {
    if job.state == JobState::Asking && asked.insert(job.id.clone()) {
        engine.answer_conflict(&job.id, ConflictAnswer::Cancel, false).await?;
    }
    Ok(())
}

fn say_why_nobody_was_asked(job: &mut JobSnapshot) {
    if job.state == JobState::Cancelled {
        let key = job.key.clone().unwrap_or_default();
        let error = Error::new(ErrorCode::KeyExists, format!("The name {key} is taken on the host."))
            .hint("This profile asks what to do then, which only the window can. Choose another rule for taken names in the profile.")
            .param("key", key);
        job.error = Some(*error);
    }
}

async fn print_links(engine: &Engine, jobs: &[JobSnapshot], format: &LinkFormat) -> Result<()> {
    engine.job_links(jobs, format).await?.iter().for_each(|link| output::line(link));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_web_are_told_from_files() {
        for address in ["https://img.example.com/a.png", "HTTP://img.example.com/b.png"] {
            assert_eq!(source(&address.into()).unwrap(), Source::Url { url: address.to_owned() });
        }
        for file in ["https.png", "./http:/x", "截图.png", "ht"] {
            let Source::Path { path } = source(&file.into()).unwrap() else {
                unreachable!("{file} is a file")
            };
            assert!(Path::new(&path).is_absolute(), "{path}");
        }
    }

    #[test]
    fn an_empty_name_is_no_folder() {
        for empty in ["", " "] {
            assert_eq!(source(&empty.into()).unwrap_err().code, ErrorCode::FileNotFound);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_no_text_is_refused_by_itself() {
        use std::os::unix::ffi::OsStringExt as _;
        let name = OsString::from_vec(vec![b'a', 0xff, b'.', b'p', b'n', b'g']);
        assert_eq!(source(&name).unwrap_err().code, ErrorCode::FileUnreadable);
    }
}
